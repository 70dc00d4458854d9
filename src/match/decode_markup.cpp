// Escapes of mail and pages: quoted-printable and HTML's references. Tested by views_test.cpp.

#include <cstring>

#include "match/decoder_parts.h"

namespace spoor {
namespace {

bool is_qp_hex(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F');
}

/// Length of the soft break at `at`, the '=': "=LF" 2, "=CRLF" 3, else 0.
std::size_t soft_break(std::string_view text, std::size_t at) {
  if (at + 1 < text.size() && text[at + 1] == '\n') return 2;
  if (at + 2 < text.size() && text[at + 1] == '\r' && text[at + 2] == '\n') return 3;
  return 0;
}

struct NamedReference {
  std::string_view name;
  std::string_view bytes;
};
// The references that can stand inside or beside an indicator (HTML 5, 13.5).
constexpr NamedReference kReferences[] = {
    {"amp", "&"},
    {"lt", "<"},
    {"gt", ">"},
    {"quot", "\""},
    {"apos", "'"},
    {"nbsp", "\xC2\xA0"},
    {"period", "."},
    {"colon", ":"},
    {"sol", "/"},
    {"bsol", "\\"},
    {"commat", "@"},
    {"num", "#"},
    {"quest", "?"},
    {"equals", "="},
    {"percnt", "%"},
    {"lowbar", "_"},
    {"hyphen", "\xE2\x80\x90"},
    {"lpar", "("},
    {"rpar", ")"},
    {"lsqb", "["},
    {"rsqb", "]"},
    {"lbrack", "["},
    {"rbrack", "]"},
    {"lcub", "{"},
    {"rcub", "}"},
    {"semi", ";"},
    {"comma", ","},
    {"plus", "+"},
    {"Tab", "\t"},
    {"NewLine", "\n"},
    {"excl", "!"},
    {"dollar", "$"},
    {"ast", "*"},
    {"grave", "`"},
    {"verbar", "|"},
    {"shy", "\xC2\xAD"},
};

/// The reference at `at` (an '&'): what it stands for and its length; nothing if there is none.
struct Reference {
  std::string bytes;
  std::size_t length;
};
std::optional<Reference> reference_at(std::string_view text, std::size_t at) {
  std::size_t i = at + 1;
  if (i < text.size() && text[i] == '#') {
    ++i;
    const bool hex = i < text.size() && (text[i] == 'x' || text[i] == 'X');
    if (hex) ++i;
    const std::size_t first = i;
    char32_t value = 0;
    while (i < text.size() && i - first < 8 && (hex ? is_hex(text[i]) : is_digit(text[i]))) {
      value = value * (hex ? 16 : 10) + static_cast<char32_t>(hex_value(text[i]));
      ++i;
    }
    if (i == first || value > 0x10FFFF) return std::nullopt;
    if (i < text.size() && text[i] == ';') ++i;
    return Reference{utf8_of(value), i - at};
  }
  std::size_t stop = i;
  while (stop < text.size() && stop - i < 10 && is_alpha(text[stop])) ++stop;
  if (stop == i || stop >= text.size() || text[stop] != ';') return std::nullopt;
  const std::string_view name = text.substr(i, stop - i);
  for (const NamedReference& reference : kReferences) {
    if (reference.name == name) return Reference{std::string(reference.bytes), stop + 1 - at};
  }
  return std::nullopt;
}

}  // namespace

bool decode_qp(const View& parent, View& child) {
  const std::string& text = parent.text;
  if (text.find('=') == std::string::npos || !is_quoted_printable(text)) return false;
  Rewriter out(parent, child);
  for (std::size_t i = 0; (i = out.copy_to('=', i)) < text.size();) {
    if (text[i] == '=') {
      if (const std::size_t length = soft_break(text, i); length > 0) {
        out.drop();
        i += length;
        continue;
      }
      if (i + 2 < text.size() && is_qp_hex(text[i + 1]) && is_qp_hex(text[i + 2])) {
        const char c = static_cast<char>(hex_byte(text, i + 1));
        out.replace(std::string_view(&c, 1), i, i + 3);
        i += 3;
        continue;
      }
    }
    out.copy(i++);
  }
  return out.finish(ViewKind::kQp);
}

bool decode_html(const View& parent, View& child) {
  const std::string& text = parent.text;
  if (text.find('&') == std::string::npos) return false;
  Rewriter out(parent, child);
  for (std::size_t i = 0; (i = out.copy_to('&', i)) < text.size();) {
    if (text[i] == '&') {
      if (const auto reference = reference_at(text, i)) {
        out.replace(reference->bytes, i, i + reference->length);
        i += reference->length;
        continue;
      }
    }
    out.copy(i++);
  }
  return out.finish(ViewKind::kHtml);
}

/// `key=20...` is common in logs that know nothing of quoted-printable. Escapes are believed if
/// a `=3D` or a soft break shows that '=' itself was escaped, or if no '=' of the line could be
/// anything else.
bool is_quoted_printable(std::string_view text) {
  bool strong = false;
  bool every = true;
  bool any = false;
  for (std::size_t i = text.find('='); i < text.size(); i = text.find('=', i + 1)) {
    if (soft_break(text, i) > 0) {
      strong = true;
    } else if (i + 2 < text.size() && text[i + 1] == '3' && text[i + 2] == 'D') {
      strong = any = true;
    } else if (i + 2 < text.size() && is_qp_hex(text[i + 1]) && is_qp_hex(text[i + 2]) &&
               !is_query_key(text, i)) {
      any = true;
    } else {
      every = false;
    }
  }
  return strong || (any && every);
}

bool is_query_key(std::string_view text, std::size_t at) {
  std::size_t i = at;
  while (i > 0 && (is_alnum(text[i - 1]) || text[i - 1] == '_')) --i;
  return i > 0 && i < at && (text[i - 1] == '?' || text[i - 1] == '&');
}

}  // namespace spoor
