// The scanner of json.h. State: are we in a string, and the kinds of the brackets that stand
// open.
//
// What differs from strict JSON, and why:
//   - A quote closes a string only if the next non-blank is one of , : } ] or the end. In valid
//   JSON that
//     is always so; in a row with a stray quote it brings the scanner back into step inside
//     that row.
//   - A closing bracket of the wrong kind closes everything up to the bracket it fits. A row
//   that lost its
//     '}' therefore ends with its array.
//   - Brackets deeper than kJsonDepth are only counted: the parser refuses that row later.

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "net/json.h"

namespace spoor {
namespace {

bool is_json_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_json_blank(text[at])) ++at;
  return at;
}

/// Whether the unescaped quote at `quote`, inside a string, ends it (see above).
bool quote_closes(std::string_view text, std::size_t quote) {
  const std::size_t next = skip_blanks(text, quote + 1);
  if (next >= text.size()) return true;
  const char c = text[next];
  if (c == ',' || c == ':' || c == '}' || c == ']') return true;
  // A line end behind it: the next line of an NDJSON, or a document without commas.
  return text.substr(quote + 1, next - quote - 1).find('\n') != std::string_view::npos;
}

/// `at` is just behind an opening quote. Offset of the closing quote, or npos.
std::size_t string_end(std::string_view text, std::size_t at) {
  // Strings of pages are short: a call a string for a vector search costs more than it saves.
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\\') {
      at += 2;
    } else if (c == '"' && quote_closes(text, at)) {
      return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

/// Walks one value. `at` is its first byte; on return `at` is just behind it. False: cut short.
/// `outer_closer` closes the container around the value: met with no fitting opener inside, it
/// ends the value.
bool skip_value(std::string_view text, std::size_t& at, char outer_closer) {
  char open[kJsonDepth];
  std::size_t depth = 0;
  std::size_t beyond = 0;  // brackets open below kJsonDepth: counted, their kinds are not kept
  while (at < text.size()) {
    const char c = text[at];
    switch (c) {
      case '"': {
        const std::size_t end = string_end(text, at + 1);
        if (end == std::string_view::npos) {
          at = text.size();
          return false;
        }
        at = end + 1;
        if (depth == 0) return true;
        continue;
      }
      case '{':
      case '[':
        if (depth == kJsonDepth) {
          ++beyond;
        } else {
          open[depth++] = c == '{' ? '}' : ']';
        }
        ++at;
        continue;
      case '}':
      case ']': {
        if (beyond > 0) {
          --beyond;
          ++at;
          continue;
        }
        std::size_t fits = depth;
        while (fits > 0 && open[fits - 1] != c) --fits;
        if (fits > 0) {
          depth = fits - 1;
          ++at;
          if (depth == 0) return true;
          continue;
        }
        if (c == outer_closer)
          return true;  // what stood open was never closed: the container ends here
        ++at;           // closes nothing: noise
        continue;
      }
      case ',':
        if (depth == 0) return true;
        ++at;
        continue;
      default:
        ++at;
        continue;
    }
  }
  return depth == 0;
}

std::string_view trim_json(std::string_view text) {
  while (!text.empty() && is_json_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_json_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

JsonCut cut_json(std::string_view text) {
  JsonCut cut;
  std::size_t at = skip_blanks(text, 0);
  cut.end = text.size();
  if (at >= text.size() || (text[at] != '[' && text[at] != '{')) {
    cut.tail = text;
    return cut;
  }
  const bool object = text[at] == '{';
  const char closer = object ? '}' : ']';
  ++at;
  while (true) {
    at = skip_blanks(text, at);
    while (at < text.size() && text[at] == ',') at = skip_blanks(text, at + 1);
    if (at >= text.size()) {
      return cut;  // no closing bracket; nothing half-read is left
    }
    if (text[at] == closer) {
      cut.closed = true;
      cut.end = at + 1;
      return cut;
    }
    const std::size_t begin = at;
    JsonCut::Piece piece;
    if (object) {
      if (text[at] != '"') {
        // No name: what stands here is kept as a nameless piece (a row that lost its '}' holds
        // the next ones so).
        if (!skip_value(text, at, closer)) {
          cut.tail = text.substr(begin);
          return cut;
        }
        piece.value = trim_json(text.substr(begin, at - begin));
        if (!piece.value.empty()) cut.pieces.push_back(piece);
        if (at == begin) ++at;
        continue;
      }
      const std::size_t end = string_end(text, at + 1);
      if (end == std::string_view::npos) {
        cut.tail = text.substr(begin);
        return cut;
      }
      piece.name = text.substr(at + 1, end - at - 1);
      at = skip_blanks(text, end + 1);
      if (at < text.size() && text[at] == ':') at = skip_blanks(text, at + 1);
      if (at >= text.size()) {
        cut.tail = text.substr(begin);
        return cut;
      }
    }
    const std::size_t value = at;
    if (!skip_value(text, at, closer) || at >= text.size()) {
      // A number or word that runs into the end may have been cut in the middle; a string or a
      // container that was closed is whole, but then its comma or bracket is missing.
      const std::string_view rest = trim_json(text.substr(value));
      const bool whole = at >= text.size() && !rest.empty() &&
                         (rest.back() == '}' || rest.back() == ']' || rest.back() == '"') &&
                         [&] {
                           std::size_t check = 0;
                           return skip_value(rest, check, '\0') && check == rest.size();
                         }();
      if (whole) {
        piece.value = rest;
        cut.pieces.push_back(piece);
      } else {
        cut.tail = text.substr(begin);
        piece.value = text.substr(value);
        cut.open = piece;
      }
      return cut;
    }
    piece.value = trim_json(text.substr(value, at - value));
    cut.pieces.push_back(piece);
    if (at == value) ++at;  // a bracket that fits nothing
  }
}

JsonCut cut_json_sequence(std::string_view text) {
  JsonCut cut;
  cut.end = text.size();
  cut.closed = true;
  // A first line that is a whole value and is followed by another one: one value a line.
  std::size_t at = skip_blanks(text, 0);
  const std::size_t line_end = std::min(text.find('\n', at), text.size());
  const auto is_whole = [](std::string_view piece) {
    if (piece.empty() || (piece.front() != '{' && piece.front() != '[')) return false;
    const JsonCut inner = cut_json(piece);
    return inner.closed && inner.end == piece.size();
  };
  bool lines = is_whole(trim_json(text.substr(at, line_end - at)));
  if (!lines && line_end < text.size()) {
    // Or the first line is the damaged one: then the second is a whole object, and the text is
    // not.
    const std::size_t second = line_end + 1;
    const std::size_t second_end = std::min(text.find('\n', second), text.size());
    lines = text[at] == '{' && text.compare(second, 2, "{\"") == 0 &&
            is_whole(trim_json(text.substr(second, second_end - second))) &&
            !is_whole(trim_json(text));
  }
  if (lines) {
    while (at < text.size()) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line = trim_json(text.substr(at, end - at));
      const bool last = end == text.size();
      if (!line.empty()) {
        if (last && !is_whole(line)) {
          cut.tail = line;
          cut.closed = false;
        } else {
          cut.pieces.push_back({{}, line});
        }
      }
      at = end + 1;
    }
    return cut;
  }
  while (true) {
    at = skip_blanks(text, at);
    while (at < text.size() && text[at] == ',') at = skip_blanks(text, at + 1);
    if (at >= text.size()) return cut;
    const std::size_t begin = at;
    if (!skip_value(text, at, '\0')) {
      cut.tail = text.substr(begin);
      cut.closed = false;
      return cut;
    }
    if (at == begin) {
      ++at;
      continue;
    }
    cut.pieces.push_back({{}, trim_json(text.substr(begin, at - begin))});
  }
}

std::string repair_json(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  bool in_string = false;
  const auto unit = [&](std::size_t at) -> int {
    // The value of \uXXXX at `at` (the backslash), or -1.
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int value = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      const int digit = hex_value(text[i]);
      if (digit < 0) return -1;
      value = value * 16 + digit;
    }
    return value;
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (in_string && c == '\\') {
      const int value = unit(at);
      if (value >= 0xD800 && value <= 0xDFFF) {
        const int next = unit(at + 6);
        if (value <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF) {
          out.append(text.substr(at, 12));
          at += 12;
        } else {
          out += "\\ufffd";
          at += 6;
        }
        continue;
      }
      if (at + 1 < text.size() && !is_non_ascii(text[at + 1]) &&
          static_cast<unsigned char>(text[at + 1]) >= 0x20) {
        out.append(text.substr(at, 2));
        at += 2;
        continue;
      }
      out += "\\\\";  // a backslash before nothing that may follow one
      ++at;
      continue;
    }
    if (c == '"') {
      const bool stray = in_string && !quote_closes(text, at);
      if (stray) out += '\\';
      if (!stray) in_string = !in_string;
      out += c;
      ++at;
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      if (!in_string) {
        out += c;
      } else {
        constexpr char kDigits[] = "0123456789abcdef";
        out += "\\u00";
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[static_cast<unsigned char>(c) & 15];
      }
      ++at;
      continue;
    }
    const CodePoint point = decode_utf8(text, at);
    if (point.valid) {
      out.append(text.substr(at, point.length));
    } else {
      append_utf8(out, 0xFFFD);
    }
    at += point.length;
  }
  return out;
}

}  // namespace spoor
