// Escapes of programs: JSON strings, percent-encoding, \x and \u: what is believed to be one,
// and why not more. Tested by views_test.cpp.

#include <cstring>

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

/// Whether every backslash of [from, to) begins a JSON escape, and there is one. A drive letter
/// with a single backslash ("C:\new") is a path that nobody escaped, whatever follows it.
bool is_escaped_json(std::string_view text, std::size_t from, std::size_t to) {
  bool any = false;
  for (std::size_t i = from; i < to; ++i) {
    if (text[i] != '\\') continue;
    if (i + 1 >= to) return false;
    if (i >= from + 2 && text[i - 1] == ':' && is_alpha(text[i - 2]) &&
        (i == from + 2 || !is_alnum(text[i - 3])) && text[i + 1] != '\\' &&
        text[i + 1] != '/') {
      return false;
    }
    if (text[i + 1] == 'u') {
      if (i + 6 > to || hex_unit(text, i + 2) < 0) return false;
      i += 5;
    } else if (short_escape(text[i + 1]) != '\0') {
      i += 1;
    } else {
      return false;
    }
    any = true;
  }
  return any;
}

}  // namespace

bool decode_json(const View& parent, View& child) {
  const std::string& text = parent.text;
  if (text.find('\\') == std::string::npos) return false;
  Rewriter out(parent, child);
  bool after_quote = false;  // a segment counts only after a quote: both parities are tried,
                             // since a stray one shifts them
  std::size_t at = 0;
  std::size_t quote = std::min(text.find('"'), text.size());
  std::size_t backslash = text.find('\\');
  while (at < text.size()) {
    // What lies before the last quote before the next backslash stays as it is.
    if (backslash < at) backslash = std::min(text.find('\\', at), text.size());
    if (const void* const last = ::memrchr(text.data() + at, '"', backslash - at)) {
      const std::size_t begin =
          static_cast<std::size_t>(static_cast<const char*>(last) - text.data()) + 1;
      out.copy(at, begin);
      at = begin;
      after_quote = true;
    }
    if (backslash == text.size()) {
      out.copy(at, text.size());
      break;
    }
    // The segment up to the next quote that is not escaped.
    std::size_t end = at;
    while (end < text.size()) {
      // Both places are looked for once: no byte is walked over twice.
      if (quote < end) quote = std::min(text.find('"', end), text.size());
      if (backslash < end) backslash = std::min(text.find('\\', end), text.size());
      end = std::min(quote, backslash);
      if (quote <= backslash) break;
      end += end + 1 < text.size() ? 2 : 1;
    }
    end = std::min(end, text.size());
    if (after_quote && is_escaped_json(text, at, end)) {
      for (std::size_t i = at; i < end;) {
        if (text[i] != '\\') {
          const std::size_t next =
              i + std::min(std::string_view(text).substr(i, end - i).find('\\'), end - i);
          out.copy(i, next);
          i = next;
        } else if (const auto unicode = unicode_escape(text, i)) {
          out.replace(utf8_of(unicode->value), i, i + unicode->length);
          i += unicode->length;
        } else {
          const char c = short_escape(text[i + 1]);
          out.replace(std::string_view(&c, 1), i, i + 2);
          i += 2;
        }
      }
    } else {
      out.copy(at, end);
    }
    if (end < text.size()) out.copy(end);
    after_quote = true;
    at = end + 1;
  }
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
