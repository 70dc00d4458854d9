// The decoders of views.h, one section each: what each believes to be an escape, and why not
// more.

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "match/views.h"

namespace spoor {
namespace {

/// Reads `parent` from left to right and writes a child view; positions are those of the
/// parent. What stays as it is is copied in stretches, and not at all while nothing changes:
/// most decoders find nothing in most lines.
class Rewriter {
 public:
  explicit Rewriter(const View& parent)
      : parent_(parent), placed_(parent.begin.size() == parent.text.size()) {}

  /// The parent's byte `at` stays.
  void copy(std::size_t at) {
    if (at != kept_end_) {
      keep();
      kept_begin_ = at;
    }
    kept_end_ = at + 1;
  }
  /// So do its bytes [at, to).
  void copy(std::size_t at, std::size_t to) {
    if (at == to) return;
    copy(at);
    kept_end_ = to;
  }
  /// Copies up to the next `c` from `at` on and returns its place, or the end's.
  std::size_t copy_to(char c, std::size_t at) {
    const std::size_t to = std::min(parent_.text.find(c, at), parent_.text.size());
    copy(at, to);
    return to;
  }
  /// `bytes` stand for the parent's [from, to).
  void replace(std::string_view bytes, std::size_t from, std::size_t to) {
    keep();
    if (placed_) {
      for (const char c : bytes) child_.push(c, parent_.begin[from], parent_.end[to - 1]);
    } else {
      child_.text += bytes;
    }
    changed_ = true;
  }
  void drop() { changed_ = true; }

  std::optional<View> finish(ViewKind kind) {
    if (!changed_) return std::nullopt;
    keep();
    child_.chain = parent_.chain;
    child_.chain.push_back(kind);
    return std::move(child_);
  }

 private:
  void keep() {
    child_.text.append(parent_.text, kept_begin_, kept_end_ - kept_begin_);
    if (placed_) {
      const auto begin = static_cast<std::ptrdiff_t>(kept_begin_);
      const auto end = static_cast<std::ptrdiff_t>(kept_end_);
      child_.begin.insert(child_.begin.end(), parent_.begin.begin() + begin,
                          parent_.begin.begin() + end);
      child_.end.insert(child_.end.end(), parent_.end.begin() + begin,
                        parent_.end.begin() + end);
    }
    kept_begin_ = kept_end_;
  }

  const View& parent_;
  View child_;
  std::size_t kept_begin_ = 0, kept_end_ = 0;  // a stretch of the parent that is not yet copied
  const bool placed_;  // a view without places is only read, as the sieve does
  bool changed_ = false;
};

int hex_byte(std::string_view text, std::size_t at) {
  if (at + 2 > text.size()) return -1;
  const int high = hex_value(text[at]);
  const int low = hex_value(text[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

int hex_unit(std::string_view text, std::size_t at) {
  const int high = hex_byte(text, at);
  const int low = hex_byte(text, at + 2);
  return high < 0 || low < 0 ? -1 : high * 256 + low;
}

/// The code point of \uHHHH at `at` (which is the backslash), surrogate pairs joined; its
/// length in bytes.
struct UnicodeEscape {
  char32_t value;
  std::size_t length;
};
std::optional<UnicodeEscape> unicode_escape(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  const int unit = hex_unit(text, at + 2);
  if (unit < 0) return std::nullopt;
  if (unit >= 0xD800 && unit <= 0xDBFF && at + 12 <= text.size() && text[at + 6] == '\\' &&
      text[at + 7] == 'u') {
    const int low = hex_unit(text, at + 8);
    if (low >= 0xDC00 && low <= 0xDFFF) {
      return UnicodeEscape{0x10000u + (static_cast<char32_t>(unit - 0xD800) << 10) +
                               static_cast<char32_t>(low - 0xDC00),
                           12};
    }
  }
  return UnicodeEscape{static_cast<char32_t>(unit), 6};
}

std::string utf8_of(char32_t value) {
  std::string bytes;
  append_utf8(bytes, value);
  return bytes;
}

// --- json -----------------------------------------------------------------------------------

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

std::optional<View> decode_json(const View& parent) {
  const std::string& text = parent.text;
  if (text.find('\\') == std::string::npos) return std::nullopt;
  Rewriter out(parent);
  bool after_quote = false;  // a segment counts only after a quote: both parities are tried,
                             // since a stray one shifts them
  std::size_t at = 0;
  std::size_t quote = std::min(text.find('"'), text.size());
  std::size_t backslash = text.find('\\');
  while (at < text.size()) {
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

// --- percent
// ----------------------------------------------------------------------------------

std::optional<View> decode_percent(const View& parent) {
  const std::string& text = parent.text;
  if (text.find('%') == std::string::npos) return std::nullopt;
  Rewriter out(parent);
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

// --- quoted-printable -----------------------------------------------------------------------

bool is_qp_hex(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'F');
}

/// Length of the soft break at `at`, the '=': "=LF" 2, "=CRLF" 3, else 0.
std::size_t soft_break(std::string_view text, std::size_t at) {
  if (at + 1 < text.size() && text[at + 1] == '\n') return 2;
  if (at + 2 < text.size() && text[at + 1] == '\r' && text[at + 2] == '\n') return 3;
  return 0;
}

/// Whether the '=' at `at` joins the name and value of a URL query ("?q=24h"): there a `=24` is
/// no escape.
bool is_query_key(std::string_view text, std::size_t at) {
  std::size_t i = at;
  while (i > 0 && (is_alnum(text[i - 1]) || text[i - 1] == '_')) --i;
  return i > 0 && i < at && (text[i - 1] == '?' || text[i - 1] == '&');
}

std::optional<View> decode_qp(const View& parent) {
  const std::string& text = parent.text;
  if (text.find('=') == std::string::npos || !is_quoted_printable(text)) return std::nullopt;
  Rewriter out(parent);
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

// --- html
// -------------------------------------------------------------------------------------

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

std::optional<View> decode_html(const View& parent) {
  const std::string& text = parent.text;
  if (text.find('&') == std::string::npos) return std::nullopt;
  Rewriter out(parent);
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

// --- escape
// -----------------------------------------------------------------------------------

std::optional<View> decode_escape(const View& parent) {
  const std::string& text = parent.text;
  if (text.find("\\x") == std::string::npos && text.find("\\u") == std::string::npos)
    return std::nullopt;
  Rewriter out(parent);
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

// --- dns (D9)
// ---------------------------------------------------------------------------------

/// End of the length-prefixed name that begins at `at` (a '('), or `at`: (n) and n bytes, again
/// and again, then (0).
std::size_t prefixed_name_end(std::string_view text, std::size_t at) {
  std::size_t i = at;
  bool any = false;
  // 253 bytes of labels, each with up to four of its length: a longer run is no name.
  while (i < text.size() && text[i] == '(' && i - at <= 1024) {
    std::size_t length = 0;
    std::size_t digits = i + 1;
    while (digits < text.size() && digits - i <= 2 && is_digit(text[digits])) {
      length = length * 10 + static_cast<std::size_t>(text[digits] - '0');
      ++digits;
    }
    if (digits == i + 1 || digits >= text.size() || text[digits] != ')') return at;
    if (length == 0) return any ? digits + 1 : at;
    if (length > 63 || digits + 1 + length > text.size()) return at;
    i = digits + 1 + length;
    any = true;
  }
  return at;
}

std::optional<View> decode_dns(const View& parent) {
  const std::string& text = parent.text;
  if (text.find("(0)") == std::string::npos) return std::nullopt;
  Rewriter out(parent);
  for (std::size_t i = 0; (i = out.copy_to('(', i)) < text.size();) {
    const std::size_t end = text[i] == '(' ? prefixed_name_end(text, i) : i;
    if (end == i) {
      out.copy(i++);
      continue;
    }
    out.replace(" ", i, i + 1);  // a border on both sides: the name is a token of its own
    bool first = true;
    while (i < end) {
      const std::size_t close = text.find(')', i);
      std::size_t length = 0;
      for (std::size_t d = i + 1; d < close; ++d)
        length = length * 10 + static_cast<std::size_t>(text[d] - '0');
      if (length == 0) {
        out.replace(" ", i, close + 1);
      } else {
        if (!first) out.replace(".", i, close + 1);
        for (std::size_t k = close + 1; k <= close + length; ++k) out.copy(k);
      }
      first = false;
      i = close + 1 + length;
    }
  }
  return out.finish(ViewKind::kDns);
}

// --- defang (X1)
// ------------------------------------------------------------------------------

struct DefangMark {
  std::string_view written;  ///< lower-case
  std::string_view meant;
};
// Longest first where one begins another.
constexpr DefangMark kBracketMarks[] = {
    {"[://]", "://"}, {"[dot]", "."}, {"(dot)", "."}, {"[at]", "@"}, {"[.]", "."},
    {"(.)", "."},     {"{.}", "."},   {"[@]", "@"},   {"[:]", ":"},
};
constexpr DefangMark kSchemes[] = {
    {"[https]://", "https://"}, {"[http]://", "http://"}, {"[https]", "https"},
    {"[http]", "http"},         {"hxxps", "https"},       {"hxxp", "http"},
    {"meows", "https"},         {"meow", "http"},
};

bool matches_at(std::string_view text, std::size_t at, std::string_view lower_word) {
  return text.size() - at >= lower_word.size() &&
         equals_ignore_case(text.substr(at, lower_word.size()), lower_word);
}

/// `\.` between two letters or digits, in a run that holds no other backslash: a regular
/// expression's dot and no Windows path.
bool is_escaped_dot(std::string_view text, std::size_t at) {
  if (at == 0 || at + 2 >= text.size() || text[at + 1] != '.') return false;
  if (!is_alnum(text[at - 1]) || !is_alnum(text[at + 2])) return false;
  const auto in_run = [](char c) {
    return !is_space(c) && c != '"' && c != '\'' && c != ',' && c != ';';
  };
  constexpr std::size_t kReach = 256;  // bounds the look to both sides: no quadratic path
  for (std::size_t i = at, n = 0; i-- > 0 && n < kReach && in_run(text[i]); ++n) {
    if (text[i] == '\\' && text[i + 1] != '.') return false;
  }
  for (std::size_t i = at + 1, n = 0; i < text.size() && n < kReach && in_run(text[i]);
       ++i, ++n) {
    if (text[i] == '\\' && (i + 1 >= text.size() || text[i + 1] != '.')) return false;
  }
  return true;
}

/// Whether the text could hold anything that is undone: most lines do not, and cost a few
/// searches for single bytes.
bool may_be_defanged(std::string_view text) {
  constexpr std::string_view kBehind = ".:@dahDAH";
  for (const char open : {'[', '(', '{'}) {
    for (std::size_t i = text.find(open); i < text.size(); i = text.find(open, i + 1)) {
      if (i + 1 < text.size() && kBehind.find(text[i + 1]) != std::string_view::npos)
        return true;
    }
  }
  if (text.find("\\.") != std::string_view::npos) return true;
  for (std::size_t i = text.find("://"); i < text.size(); i = text.find("://", i + 3)) {
    if (may_be_defanged_scheme(text, i)) return true;
  }
  return false;
}

/// Whether something that is undone could begin here, at a glance.
bool may_begin_mark(std::string_view text, std::size_t at) {
  switch (text[at]) {
    case '[':
    case '(':
    case '{':
    case '\\':
      return true;
    case 'h':
    case 'H':
      return at + 1 < text.size() && to_lower(text[at + 1]) == 'x';
    case 'm':
    case 'M':
      return at + 1 < text.size() && to_lower(text[at + 1]) == 'e';
    default:
      return false;
  }
}

std::optional<View> decode_defang(const View& parent) {
  const std::string& text = parent.text;
  if (!may_be_defanged(text)) return std::nullopt;
  Rewriter out(parent);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t stretch = i;
    while (i < text.size() && !may_begin_mark(text, i)) ++i;
    out.copy(stretch, i);
    if (i == text.size()) break;
    const char c = text[i];
    const DefangMark* found = nullptr;
    if (c == '[' || c == '(' || c == '{') {
      for (const DefangMark& mark : kBracketMarks) {
        if (matches_at(text, i, mark.written)) {
          found = &mark;
          break;
        }
      }
    }
    // A scheme begins a token, and what follows is "://", in whatever dress.
    if (found == nullptr && (c == '[' || c == 'h' || c == 'H' || c == 'm' || c == 'M') &&
        (i == 0 || !is_alnum(text[i - 1]))) {
      for (const DefangMark& mark : kSchemes) {
        if (!matches_at(text, i, mark.written)) continue;
        const std::size_t after = i + mark.written.size();
        if (mark.meant.back() == '/' || matches_at(text, after, "://") ||
            matches_at(text, after, "[://]") || matches_at(text, after, "[:]//")) {
          found = &mark;
          break;
        }
      }
    }
    if (found != nullptr) {
      out.replace(found->meant, i, i + found->written.size());
      i += found->written.size();
    } else if (c == '\\' && is_escaped_dot(text, i)) {
      out.replace(".", i, i + 2);
      i += 2;
    } else {
      out.copy(i++);
    }
  }
  return out.finish(ViewKind::kDefang);
}

}  // namespace

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

bool may_be_defanged_scheme(std::string_view text, std::size_t colon) {
  std::size_t end = colon;
  if (end > 0 && to_lower(text[end - 1]) == 's') --end;
  if (end < 4) return false;
  const char last = to_lower(text[end - 1]);
  return last == 'w' || (last == 'p' && to_lower(text[end - 2]) == 'x');
}

std::optional<View> decode(const View& parent, ViewKind kind) {
  switch (kind) {
    case ViewKind::kJson:
      return decode_json(parent);
    case ViewKind::kPercent:
      return decode_percent(parent);
    case ViewKind::kQp:
      return decode_qp(parent);
    case ViewKind::kHtml:
      return decode_html(parent);
    case ViewKind::kEscape:
      return decode_escape(parent);
    case ViewKind::kDns:
      return decode_dns(parent);
    case ViewKind::kDefang:
      return decode_defang(parent);
    case ViewKind::kUtf16le:
    case ViewKind::kUtf16be:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace spoor
