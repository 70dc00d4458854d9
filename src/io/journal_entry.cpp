#include "io/journal_entry.h"

#include <algorithm>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::size_t kNameBytes = 64;  // systemd refuses longer names

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kShort = "\"\"\\\\\nn\tt\rr\bb\ff";
  for (std::size_t i = 0; i < kShort.size(); i += 2) {
    if (kShort[i] != c) continue;
    out += '\\';
    out += kShort[i + 1];
    return;
  }
  out += "\\u00";
  out += to_hex(std::string_view(&c, 1));
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

}  // namespace

void JournalEntry::put(std::string_view name, std::string_view value) {
  if (!empty()) text_ += ',';
  text_ += '"';
  text_ += name;
  text_ += "\":\"";
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t size = text_.size() - begin_;
    if (size >= kBytes) {
      cut_ += value.size() - at;
      break;
    }
    const std::size_t most = std::min(value.size(), at + (kBytes - size));
    std::size_t end = at;
    while (end < most && !needs_escape(value[end])) ++end;
    text_ += value.substr(at, end - at);
    at = end;
    if (at < most) append_escaped(text_, value[at++]);
  }
  text_ += '"';
}

void JournalEntry::put_field(std::string_view field) {
  const std::size_t equals = field.substr(0, kNameBytes + 1).find('=');
  if (equals == std::string_view::npos || !is_name(field.substr(0, equals)))
    return put("DATA", field);
  put(field.substr(0, equals), field.substr(equals + 1));
}

}  // namespace spoor
