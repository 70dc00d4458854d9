// Ways to write names: DNS with lengths (D9) and defanged (X1). Tested by views_test.cpp.

#include "match/decoder_parts.h"

namespace spoor {
namespace {

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

}  // namespace

bool decode_dns(const View& parent, View& child) {
  const std::string& text = parent.text;
  if (text.find("(0)") == std::string::npos) return false;
  Rewriter out(parent, child);
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

bool decode_defang(const View& parent, View& child) {
  const std::string& text = parent.text;
  if (!may_be_defanged(text)) return false;
  Rewriter out(parent, child);
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

bool may_be_defanged_scheme(std::string_view text, std::size_t colon) {
  std::size_t end = colon;
  if (end > 0 && to_lower(text[end - 1]) == 's') --end;
  if (end < 4) return false;
  const char last = to_lower(text[end - 1]);
  return last == 'w' || (last == 'p' && to_lower(text[end - 2]) == 'x');
}

}  // namespace spoor
