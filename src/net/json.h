// JSON in: a thin view over simdjson's DOM that gives lenient access (a number where a string
// was due, a bool as 0 or 1), and a scanner of our own that cuts a document into its rows, so
// that one damaged row or a body cut short costs that row and no more. simdjson checks UTF-8
// and structure of the whole text it is given before it yields anything; therefore rows are cut
// first and each is parsed alone. Costs: the scanner is one pass, about a byte a cycle, no
// recursion; the DOM is simdjson's. Tested by json_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.h"

namespace spoor {

/// A document nested deeper than this is refused.
inline constexpr std::size_t kJsonDepth = 64;

/// A value inside the document that a JsonParser parsed last. Two words; valid until the parser
/// parses again. A missing member is a view of kind kMissing, and every access to it gives the
/// empty answer.
class JsonView {
 public:
  enum class Kind : std::uint8_t {
    kMissing,
    kNull,
    kBool,
    kInteger,
    kReal,
    kString,
    kArray,
    kObject
  };

  JsonView() = default;
  Kind kind() const;
  bool is_object() const { return kind() == Kind::kObject; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_string() const { return kind() == Kind::kString; }
  /// Missing or null.
  bool is_nothing() const {
    const Kind k = kind();
    return k == Kind::kMissing || k == Kind::kNull;
  }

  /// Member of an object; the first where a name repeats. O(members).
  JsonView operator[](std::string_view name) const;
  /// Elements of an array or members of an object; 0 otherwise.
  std::size_t size() const;

  /// A string without its escapes; "" for anything else.
  std::string_view string() const;
  /// Any scalar as text: strings as they are, numbers and bools as JSON writes them; "" for
  /// null, missing, arrays and objects.
  std::string text() const;
  /// An integer, a real without a fraction, or a string of digits.
  std::optional<std::int64_t> integer() const;
  /// A bool, a number (0 is false), or one of "true", "false", "1", "0".
  std::optional<bool> truth() const;
  /// This value as compact JSON.
  std::string json() const;

  /// Calls f(JsonView) for each element of an array.
  template <class F>
  void each_element(F&& f) const {
    using Call = std::remove_reference_t<F>;
    visit_elements([](void* context, JsonView value) { (*static_cast<Call*>(context))(value); },
                   const_cast<void*>(static_cast<const void*>(std::addressof(f))));
  }
  /// Calls f(std::string_view name, JsonView) for each member of an object.
  template <class F>
  void each_member(F&& f) const {
    using Call = std::remove_reference_t<F>;
    visit_members([](void* context, std::string_view name,
                     JsonView value) { (*static_cast<Call*>(context))(name, value); },
                  const_cast<void*>(static_cast<const void*>(std::addressof(f))));
  }

 private:
  friend class JsonParser;
  friend struct JsonAccess;
  void visit_elements(void (*call)(void*, JsonView), void* context) const;
  void visit_members(void (*call)(void*, std::string_view, JsonView), void* context) const;

  // simdjson's dom::element: document and index into its tape. json.cpp asserts the layout.
  const void* document_ = nullptr;
  std::size_t index_ = 0;
};

/// Owns the buffers; reuse it. Not for two threads at once.
class JsonParser {
 public:
  JsonParser();
  ~JsonParser();
  JsonParser(const JsonParser&) = delete;
  JsonParser& operator=(const JsonParser&) = delete;

  /// Parses exactly one value. Strict: invalid UTF-8, lone surrogates, raw control characters
  /// in strings, a number over 64 bits, nesting over kJsonDepth are errors. The view lives
  /// until the next call.
  Result<JsonView> parse(std::string_view text);
  /// The same; where that fails, of the text as repair_json() makes it. The error is the first
  /// one.
  Result<JsonView> parse_repaired(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `text` with what a strict parser refuses inside strings made harmless: bytes that are not
/// UTF-8 and lone surrogate escapes become U+FFFD, raw control characters become \u00XX, quotes
/// that end nothing are escaped. Structure is left as it is. O(text.size()).
std::string repair_json(std::string_view text);

/// Pieces of a JSON text, cut without judging what is inside them.
struct JsonCut {
  struct Piece {
    std::string_view name;  ///< of a member, as written between the quotes; empty for elements
                            ///< and for what has no name
    std::string_view value;
  };
  std::vector<Piece> pieces;
  std::string_view
      tail;    ///< what stands behind the last whole piece where the text was cut short
  Piece open;  ///< the member or element that the end cut, as far as it goes; in `tail`
  bool closed = false;  ///< the closing bracket was there
  std::size_t end = 0;  ///< offset just behind the value, or text.size()
};

/// The elements of the array, or the members of the object, that begins at the first non-blank
/// of `text`; `closed` false and no pieces where no bracket begins it. Aware of strings and
/// depth. A quote ends a string only where `,` `:` `}` `]` or the end follows, so that a stray
/// quote inside a value costs one row; a bracket of the wrong kind closes what stands open
/// inside it. O(text.size()), no recursion.
JsonCut cut_json(std::string_view text);

/// The values of `text` that stand behind each other at the top level (NDJSON, concatenated
/// documents). If `text` is one value a line, lines are cut, so that a damaged line costs
/// itself only.
JsonCut cut_json_sequence(std::string_view text);

}  // namespace spoor
