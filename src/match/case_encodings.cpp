// Generated cases: encodings, the inverse of the readings (S3).

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "match/case_parts.h"

namespace spoor::cases {
namespace {

using std::string_view_literals::operator""sv;
using T = IndicatorType;

/// How much of a text an encoder writes as escapes that need not be.
struct Share {
  unsigned percent;
  bool operator()(Dice& dice) const { return percent == 100 || dice.percent(percent); }
};
Share pick_share(Dice& dice) {
  static constexpr unsigned kShares[] = {0, 10, 30, 100};
  return {dice.pick(kShares)};
}

std::string unit_text(std::uint32_t unit, bool upper_case) {
  char text[8];
  std::snprintf(text, sizeof text, upper_case ? "\\u%04X" : "\\u%04x", unit);
  return text;
}

/// \uHHHH of a code point, a pair where it needs one.
std::string unicode_escaped(char32_t value, bool upper_case) {
  if (value < 0x10000) return unit_text(value, upper_case);
  const std::uint32_t rest = value - 0x10000;
  return unit_text(0xD800 + (rest >> 10), upper_case) +
         unit_text(0xDC00 + (rest & 0x3FF), upper_case);
}

std::string to_json(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const bool slashes = dice.percent(30);
  const bool upper_case = dice.percent(50);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const char c = text[at];
    if (c == '"' || c == '\\') {
      out += dice.percent(85) ? "\\" + std::string(1, c)
                              : unicode_escaped(static_cast<unsigned char>(c), upper_case);
    } else if (c == '/' && slashes) {
      out += "\\/";
    } else if (c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\f') {
      out += c == '\n'   ? "\\n"
             : c == '\t' ? "\\t"
             : c == '\r' ? "\\r"
             : c == '\b' ? "\\b"
                         : "\\f";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += unicode_escaped(static_cast<unsigned char>(c), upper_case);
    } else if (share.percent > 0 && share(dice)) {
      out += unicode_escaped(point.valid ? point.value : static_cast<unsigned char>(c),
                             upper_case);
    } else {
      out += text.substr(at, point.length);
    }
    at += point.length;
  }
  if (dice.percent(85)) out = "\"" + out + (dice.percent(95) ? "\"" : "");
  return dice.percent(20) ? "{\"k\":" + out + ",\"t\":1}" : out;
}

std::string to_percent(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const bool upper_case = dice.percent(50);
  std::string out;
  for (const char c : text) {
    const bool reserved =
        !is_alnum(c) && std::string_view("-_.~").find(c) == std::string_view::npos;
    const bool must = c == '%' || (reserved && share.percent >= 30);
    if ((must && dice.percent(95)) || (share.percent > 0 && share(dice))) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, upper_case ? "%%%02X" : "%%%02x",
                    static_cast<unsigned char>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out;
}

std::string to_qp(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const unsigned breaks = dice.percent(50) ? 0 : dice.percent(50) ? 3 : 15;
  const bool crlf = dice.percent(40);
  std::string out;
  for (const char c : text) {
    if (breaks > 0 && dice.percent(breaks)) out += crlf ? "=\r\n" : "=\n";
    if ((c == '=' && dice.percent(97)) || is_non_ascii(c) ||
        (share.percent > 0 && share(dice))) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "=%02X", static_cast<unsigned char>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  if (dice.percent(20)) out += "=3D";
  return out;
}

std::string to_html(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  static constexpr std::string_view kNamed[][2] = {
      {"&", "&amp;"},    {"<", "&lt;"},     {">", "&gt;"},    {"\"", "&quot;"},
      {"'", "&apos;"},   {".", "&period;"}, {":", "&colon;"}, {"/", "&sol;"},
      {"\\", "&bsol;"},  {"@", "&commat;"}, {"?", "&quest;"}, {"=", "&equals;"},
      {"%", "&percnt;"}, {"_", "&lowbar;"}, {"+", "&plus;"}};
  static constexpr const char* kForms[] = {"&#%u;", "&#x%x;",  "&#X%X;", "&#%u",
                                           "&#x%x", "&#%07u;", "&#%03u;"};
  const char* form = dice.pick(kForms);
  const bool named = dice.percent(50);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::string_view character = text.substr(at, point.length);
    at += point.length;
    bool written = false;
    if (named && (character == "&" || (share.percent > 0 && share(dice)))) {
      for (const auto& pair : kNamed) {
        if (pair[0] == character) {
          out += pair[1];
          written = true;
          break;
        }
      }
    }
    if (!written && point.valid && share.percent > 0 && share(dice)) {
      char escaped[24];
      std::snprintf(escaped, sizeof escaped, form, static_cast<unsigned>(point.value));
      out += escaped;
      written = true;
    }
    if (!written) out += character;
  }
  return out;
}

std::string to_escape(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const bool unicode = dice.percent(40);
  const bool upper_case = dice.percent(50);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::string_view character = text.substr(at, point.length);
    at += point.length;
    const bool must = static_cast<unsigned char>(character[0]) < 0x20;
    if (!must && !(share.percent > 0 && share(dice))) {
      out += character;
    } else if (unicode && point.valid) {
      out += unicode_escaped(point.value, upper_case);
    } else {
      for (const char c : character) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, upper_case ? "\\x%02X" : "\\x%02x",
                      static_cast<unsigned char>(c));
        out += escaped;
      }
    }
  }
  return out;
}

}  // namespace

std::string to_utf16(std::string_view text, bool big_endian) {
  std::string out;
  const auto unit = [&](std::uint32_t value) {
    const char high = static_cast<char>(value >> 8 & 0xFF);
    const char low = static_cast<char>(value & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    at += point.length;
    const char32_t value = point.valid ? point.value : U'?';
    if (value >= 0x10000) {
      unit(0xD800 + ((value - 0x10000) >> 10));
      unit(0xDC00 + ((value - 0x10000) & 0x3FF));
    } else {
      unit(value);
    }
  }
  return out;
}

std::string encode(Dice& dice, std::string text) {
  // Most often none: the raw reading is where most rules live.
  const std::size_t layers = dice.percent(45) ? 0 : dice.percent(60) ? 1 : dice.between(2, 4);
  for (std::size_t n = layers; n > 0; --n) {
    if (text.size() > 1500) break;  // escapes of escapes: time in views, not in rules
    switch (dice.below(11)) {
      case 0:
      case 1:
        text = to_json(dice, text);
        break;
      case 2:
      case 3:
        text = to_percent(dice, text);
        break;
      case 4:
      case 5:
        text = to_qp(dice, text);
        break;
      case 6:
      case 7:
        text = to_html(dice, text);
        break;
      case 8:
      case 9:
        text = to_escape(dice, text);
        break;
      default:
        text = to_utf16(text, dice.percent(50));
        break;
    }
  }
  return text;
}

}  // namespace spoor::cases
