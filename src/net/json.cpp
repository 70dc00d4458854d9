// JsonParser and JsonView over simdjson's DOM (https://simdjson.org, Apache-2.0). A view is the
// two words of simdjson's own element, so that simdjson.h stays in this file. Tested by
// json_test.cpp.

#include "net/json.h"

#include <simdjson.h>

#include <cmath>
#include <cstring>
#include <type_traits>

#include "base/ascii.h"
#include "base/utf8.h"

namespace spoor {

using simdjson::dom::element;
using simdjson::dom::element_type;

static_assert(sizeof(element) == sizeof(const void*) + sizeof(std::size_t));
static_assert(std::is_trivially_copyable_v<element>);

/// Between a view and simdjson's element: the same two words.
struct JsonAccess {
  static element out(const JsonView& view) {
    element value;
    std::memcpy(static_cast<void*>(&value), &view, sizeof value);
    return value;
  }
  static JsonView in(const element& value) {
    JsonView view;
    std::memcpy(static_cast<void*>(&view), &value, sizeof value);
    return view;
  }
};
static_assert(sizeof(JsonView) == sizeof(element));

struct JsonParser::State {
  simdjson::dom::parser parser;
  std::string repaired;
};

JsonParser::JsonParser() : state_(std::make_unique<State>()) {}
JsonParser::~JsonParser() = default;

Result<JsonView> JsonParser::parse(std::string_view text) {
  if (state_->parser.max_depth() != kJsonDepth) {
    const auto error =
        state_->parser.allocate(std::max<std::size_t>(text.size(), 4096), kJsonDepth);
    if (error) return fail(std::string("json: ") + simdjson::error_message(error));
  }
  element root;
  const auto error = state_->parser.parse(text.data(), text.size(), true).get(root);
  if (error) {
    std::string why = simdjson::error_message(error);
    for (char& c : why) c = to_lower(c);
    while (!why.empty() && (why.back() == '.' || why.back() == ' ')) why.pop_back();
    return fail("json: " + why);
  }
  return JsonAccess::in(root);
}

Result<JsonView> JsonParser::parse_repaired(std::string_view text) {
  auto root = parse(text);
  if (root) return root;
  state_->repaired = repair_json(text);
  auto again = parse(state_->repaired);
  return again ? again : root;
}

JsonView::Kind JsonView::kind() const {
  if (document_ == nullptr) return Kind::kMissing;
  switch (JsonAccess::out(*this).type()) {
    case element_type::ARRAY:
      return Kind::kArray;
    case element_type::OBJECT:
      return Kind::kObject;
    case element_type::INT64:
    case element_type::UINT64:
      return Kind::kInteger;
    case element_type::DOUBLE:
      return Kind::kReal;
    case element_type::STRING:
      return Kind::kString;
    case element_type::BOOL:
      return Kind::kBool;
    case element_type::NULL_VALUE:
      return Kind::kNull;
  }
  return Kind::kMissing;
}

JsonView JsonView::operator[](std::string_view name) const {
  if (!is_object()) return {};
  element value;
  if (JsonAccess::out(*this).at_key(name).get(value)) return {};
  return JsonAccess::in(value);
}

std::size_t JsonView::size() const {
  // Counted: the tape's own count saturates at 2^24 - 1.
  std::size_t count = 0;
  if (is_array()) each_element([&](JsonView) { ++count; });
  if (is_object()) each_member([&](std::string_view, JsonView) { ++count; });
  return count;
}

std::string_view JsonView::string() const {
  std::string_view value;
  if (!is_string() || JsonAccess::out(*this).get_string().get(value)) return {};
  return value;
}

std::string JsonView::text() const {
  switch (kind()) {
    case Kind::kString:
      return std::string(string());
    case Kind::kBool:
    case Kind::kInteger:
    case Kind::kReal:
      return json();
    default:
      return {};
  }
}

std::optional<std::int64_t> JsonView::integer() const {
  const Kind k = kind();
  if (k == Kind::kInteger) {
    std::int64_t value = 0;
    if (JsonAccess::out(*this).get_int64().get(value)) return std::nullopt;  // over 2^63
    return value;
  }
  if (k == Kind::kReal) {
    double value = 0;
    if (JsonAccess::out(*this).get_double().get(value)) return std::nullopt;
    // 2^53: beyond it a real does not tell one integer from the next.
    if (value != std::floor(value) || std::abs(value) > 9007199254740992.0) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
  if (k == Kind::kString) {
    std::string_view digits = trim(string());
    const bool negative = !digits.empty() && digits.front() == '-';
    if (negative) digits.remove_prefix(1);
    if (digits.empty() || digits.size() > 18) return std::nullopt;
    std::int64_t value = 0;
    for (char c : digits) {
      if (!is_digit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
  }
  return std::nullopt;
}

std::optional<bool> JsonView::truth() const {
  switch (kind()) {
    case Kind::kBool: {
      bool value = false;
      if (JsonAccess::out(*this).get_bool().get(value)) return std::nullopt;
      return value;
    }
    case Kind::kInteger:
    case Kind::kReal: {
      double value = 0;
      if (JsonAccess::out(*this).get_double().get(value)) return std::nullopt;
      return value != 0;
    }
    case Kind::kString: {
      const std::string_view word = trim(string());
      if (word == "1" || equals_ignore_case(word, "true")) return true;
      if (word == "0" || equals_ignore_case(word, "false")) return false;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::string JsonView::json() const {
  if (document_ == nullptr) return "null";
  return simdjson::minify(JsonAccess::out(*this));
}

void JsonView::visit_elements(void (*call)(void*, JsonView), void* context) const {
  simdjson::dom::array list;
  if (!is_array() || JsonAccess::out(*this).get_array().get(list)) return;
  for (const element value : list) call(context, JsonAccess::in(value));
}

void JsonView::visit_members(void (*call)(void*, std::string_view, JsonView),
                             void* context) const {
  simdjson::dom::object object;
  if (!is_object() || JsonAccess::out(*this).get_object().get(object)) return;
  for (const auto& [name, value] : object) call(context, name, JsonAccess::in(value));
}

}  // namespace spoor
