// Escapes of programs: JSON strings, percent-encoding, \x and \u: what is believed to be one,
// and why not more. Tested by views_test.cpp.

#include <cstring>

#include "match/byte_classes.h"
#include "match/decoder_parts.h"

namespace spoor {
namespace {

/// The byte a short JSON escape stands for, or NUL.
char short_escape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '/':
      return '/';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

/// What ends a stretch of a JSON string that stands for itself.
constexpr ByteSet kJsonMarks = bytes_that([](char c) { return c == '"' || c == '\\'; });

std::size_t next_mark(std::string_view text, std::size_t from) {
  while (from < text.size() && !holds(kJsonMarks, text[from])) ++from;
  return from;
}

/// Whether the backslash at i, one byte behind it at least, begins an escape in a string that
/// begins at `from`. A drive letter with a single backslash ("C:\new") is a path that nobody
/// escaped, whatever follows it.
bool is_json_escape(std::string_view text, std::size_t from, std::size_t i) {
  const char c = text[i + 1];
  if (i >= from + 2 && text[i - 1] == ':' && is_alpha(text[i - 2]) &&
      (i == from + 2 || !is_alnum(text[i - 3])) && c != '\\' && c != '/')
    return false;
  return c == 'u' ? hex_unit(text, i + 2) >= 0 : short_escape(c) != '\0';
}

/// A string that is read: raw(from, to) for what stands for itself, escape(code point, from,
/// to) for each escape.
template <typename Raw, typename Escape>
void walk_json_string(std::string_view text, const JsonString& string, Raw&& raw,
                      Escape&& escape) {
  for (std::size_t i = string.begin; i < string.end;) {
    const std::size_t from = i;
    if (text[i] != '\\') {
      i = next_mark(text, i);
      raw(from, i);
    } else if (text[i + 1] == 'u') {
      const auto unicode = unicode_escape(text, i);
      i += unicode->length;
      escape(unicode->value, from, i);
    } else {
      i += 2;
      escape(static_cast<unsigned char>(short_escape(text[i - 1])), from, i);
    }
  }
}

}  // namespace

JsonString json_string_at(std::string_view text, std::size_t from, std::size_t at) {
  JsonString string{from, from, from > 0};
  for (std::size_t to = at; to > from;) {
    const void* const found = ::memrchr(text.data() + from, '"', to - from);
    if (found == nullptr) break;
    to = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    std::size_t run = to;
    while (run > from && text[run - 1] == '\\') --run;
    if ((to - run) % 2 == 0) {
      string = {to + 1, to + 1,
                true};  // both parities are tried, since a stray one shifts them
      break;
    }
    to = run;
  }
  bool any = false;
  while ((string.end = next_mark(text, string.end)) < text.size() && text[string.end] == '\\') {
    const bool is_last = string.end + 1 == text.size();
    string.is_read =
        string.is_read && !is_last && is_json_escape(text, string.begin, string.end);
    string.end += is_last ? 1 : 2;
    any = true;
  }
  string.is_read = string.is_read && any;
  return string;
}

void append_json_string(std::string_view text, const JsonString& string, std::string& out) {
  walk_json_string(
      text, string,
      [&](std::size_t from, std::size_t to) { out.append(text, from, to - from); },
      [&](char32_t value, std::size_t, std::size_t) { append_utf8(out, value); });
}

bool decode_json(const View& parent, View& child) {
  const std::string_view text = parent.text;
  std::size_t backslash = text.find('\\');
  if (backslash == std::string_view::npos) return false;
  Rewriter out(parent, child);
  std::size_t done = 0;
  for (std::size_t from = 0; backslash < text.size(); backslash = text.find('\\', from)) {
    const JsonString string = json_string_at(text, from, backslash);
    from = std::min(string.end + 1, text.size());
    if (!string.is_read) continue;
    out.copy(done, string.begin);
    done = string.end;
    walk_json_string(
        text, string, [&](std::size_t i, std::size_t to) { out.copy(i, to); },
        [&](char32_t value, std::size_t i, std::size_t to) {
          out.replace(utf8_of(value), i, to);
        });
  }
  out.copy(done, text.size());
  return out.finish(ViewKind::kJson);
}

bool decode_percent(const View& parent, View& child) {
  const std::string& text = parent.text;
  if (text.find('%') == std::string::npos) return false;
  Rewriter out(parent, child);
  for (std::size_t i = 0; (i = out.copy_to('%', i)) < text.size();) {
    const int byte = hex_byte(text, i + 1);
    if (byte < 0) {
      out.copy(i++);
      continue;
    }
    const char c = static_cast<char>(byte);
    out.replace(std::string_view(&c, 1), i, i + 3);
    i += 3;
  }
  return out.finish(ViewKind::kPercent);
}

bool decode_escape(const View& parent, View& child) {
  const std::string& text = parent.text;
  if (text.find("\\x") == std::string::npos && text.find("\\u") == std::string::npos)
    return false;
  Rewriter out(parent, child);
  for (std::size_t i = 0; (i = out.copy_to('\\', i)) < text.size();) {
    if (text[i] == '\\') {
      if (i + 1 < text.size() && text[i + 1] == '\\') {  // an escaped backslash begins nothing
        out.copy(i);
        out.copy(i + 1);
        i += 2;
        continue;
      }
      const int byte = i + 1 < text.size() && text[i + 1] == 'x' ? hex_byte(text, i + 2) : -1;
      if (byte >= 0) {
        const char c = static_cast<char>(byte);
        out.replace(std::string_view(&c, 1), i, i + 4);
        i += 4;
        continue;
      }
      if (const auto unicode = unicode_escape(text, i)) {
        out.replace(utf8_of(unicode->value), i, i + unicode->length);
        i += unicode->length;
        continue;
      }
    }
    out.copy(i++);
  }
  return out.finish(ViewKind::kEscape);
}

}  // namespace spoor
