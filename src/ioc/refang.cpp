// Refanging in one pass with an output string, and the draft's form for exports. See refang.h.
// Idea: up to the end of the authority (scheme, host, port) every bracket must be a known form
// or hold an IPv6 host; behind it brackets are ordinary bytes, and forms are undone there only
// where a person defanged the authority too ("hxxp://evil[.]example/gate[.]php"). Behind a
// bracketed scheme, which programs write, the rest is left alone, so that defang() is undone
// byte for byte. Source: draft-grimminck-safe-ioc-sharing-11. Cost: O(n). Tested by
// refang_test.cpp.

#include "ioc/refang.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "ioc/ip.h"

namespace spoor {
namespace {

tl::unexpected<Refusal> irreversible(std::string reason) {
  return tl::make_unexpected(Refusal{"X3", std::move(reason)});
}

char closing(char open) {
  return open == '[' ? ']' : open == '(' ? ')' : '}';
}

struct Form {
  std::string_view inside;
  std::string_view plain;
};
constexpr Form kForms[] = {{".", "."},  {"dot", "."}, {"@", "@"},
                           {"at", "@"}, {":", ":"},   {"://", "://"}};
constexpr std::size_t kLongestInside = 3;

/// The plain text of the bracketed form that begins at `at`, and its length; empty: none.
Form form_at(std::string_view text, std::size_t at) {
  const char close = closing(text[at]);
  for (std::size_t size = 1; size <= kLongestInside && at + size + 1 < text.size(); ++size) {
    if (text[at + size + 1] != close) continue;
    const std::string_view inside = text.substr(at + 1, size);
    for (const Form& form : kForms) {
      if (equals_ignore_case(inside, form.inside))
        return {text.substr(at, size + 2), form.plain};
    }
    break;
  }
  return {};
}

/// "hxxps" -> "https"; nothing for words that are no disguised scheme.
std::string_view plain_scheme(std::string_view word) {
  if (equals_ignore_case(word, "hxxp") || equals_ignore_case(word, "meow")) return "http";
  if (equals_ignore_case(word, "hxxps") || equals_ignore_case(word, "meows")) return "https";
  return {};
}

bool is_scheme_word(std::string_view word) {
  if (word.empty() || !is_alpha(word.front())) return false;
  for (char c : word) {
    if (!is_alnum(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

bool begins_scheme_end(std::string_view rest) {
  for (const std::string_view end : {"://", "[:]//", "[://]"}) {
    if (rest.substr(0, end.size()) == end) return true;
  }
  return false;
}

bool needs_work(std::string_view value) {
  if (value.find_first_of("[({])}\\ ") != std::string_view::npos) return true;
  return starts_with_ignore_case(value, "hxxp") || starts_with_ignore_case(value, "meow");
}

bool holds_spoken_dot(std::string_view text) {
  for (std::size_t at = text.find(' '); at != std::string_view::npos;
       at = text.find(' ', at + 1)) {
    if (starts_with_ignore_case(text.substr(at), " dot ")) return true;
  }
  return false;
}

}  // namespace

OrRefusal<Refanged> refang(std::string_view value) {
  Refanged out;
  if (!needs_work(value)) {
    out.text = value;
    return out;
  }
  out.text.reserve(value.size());
  std::string& text = out.text;
  std::size_t at = 0;
  bool by_program = false;  // a bracketed scheme
  bool scheme_seen = false;

  if (value.front() == '[') {
    const std::size_t close = value.find(']');
    if (close != std::string_view::npos && is_scheme_word(value.substr(1, close - 1)) &&
        begins_scheme_end(value.substr(close + 1))) {
      const std::string_view word = value.substr(1, close - 1);
      const std::string_view plain = plain_scheme(word);
      text += plain.empty() ? word : plain;
      at = close + 1;
      out.changed = by_program = true;
    }
  } else {
    std::size_t end = 0;
    while (end < value.size() && end < 6 && is_alpha(value[end])) ++end;
    const std::string_view plain = plain_scheme(value.substr(0, end));
    if (!plain.empty() && begins_scheme_end(value.substr(end))) {
      text += plain;
      at = end;
      out.changed = true;
    }
  }

  // The authority.
  constexpr auto kNone = std::string::npos;
  std::size_t open = kNone;  // where in `text` an IPv6 host's '[' stands
  for (; at < value.size();) {
    const char c = value[at];
    if (c == '/' || c == '?' || c == '#') {
      const bool ends_scheme = c == '/' && !scheme_seen && !text.empty() &&
                               text.back() == ':' && value.substr(at, 2) == "//";
      if (!ends_scheme) break;
      text += "//";
      at += 2;
      scheme_seen = true;
      continue;
    }
    if (c == '[' || c == '(' || c == '{') {
      const Form form = form_at(value, at);
      if (!form.plain.empty()) {
        text += form.plain;
        at += form.inside.size();
        out.changed = true;
        if (form.plain.size() == 3) scheme_seen = true;
        continue;
      }
      const bool host_begins = text.empty() || text.back() == '/' || text.back() == '@';
      if (c != '[' || !host_begins || open != kNone)
        return irreversible("a bracket that is no known way of defanging");
      open = text.size();
      text += c;
      ++at;
      continue;
    }
    if (c == ']' || c == ')' || c == '}') {
      if (c != ']' || open == kNone)
        return irreversible("a closing bracket without an opening one");
      const std::string_view all = text;
      const std::string_view host = all.substr(open + 1);
      if (!parse_ipv6(host.substr(0, host.find('%'))))
        return irreversible("brackets round something that is no IPv6 address");
      open = kNone;
      text += c;
      ++at;
      continue;
    }
    if (c == '\\' && at + 1 < value.size() && value[at + 1] == '.') {
      text += '.';
      at += 2;
      out.changed = true;
      continue;
    }
    text += c;
    ++at;
  }
  if (open != kNone) return irreversible("an unclosed bracket");
  if (holds_spoken_dot(text)) return irreversible("a spoken \"dot\" between blanks");

  // Path, query and fragment.
  if (!out.changed || by_program) {
    text += value.substr(at);
    return out;
  }
  for (; at < value.size();) {
    const char c = value[at];
    if (c == '[' || c == '(' || c == '{') {
      const Form form = form_at(value, at);
      if (!form.plain.empty()) {
        text += form.plain;
        at += form.inside.size();
        continue;
      }
    }
    text += c;
    ++at;
  }
  return out;
}

std::string defang(const Observable& observable) {
  const std::string_view value = observable.value;
  std::string out;
  const auto bracket = [&out](std::string_view text, std::string_view which) {
    for (char c : text) {
      if (which.find(c) == std::string_view::npos) {
        out += c;
      } else {
        out += '[';
        out += c;
        out += ']';
      }
    }
  };
  switch (observable.type) {
    case IndicatorType::kIpv4:
    case IndicatorType::kIpv4Port:
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
      bracket(value, ".");
      return out;
    case IndicatorType::kEmail:
      bracket(value, ".@");
      return out;
    case IndicatorType::kIpv6:
    case IndicatorType::kCidr:
      bracket(value, ".:");
      return out;
    case IndicatorType::kIpv6Port: {
      const std::size_t close = value.find(']');
      if (close == std::string_view::npos) return std::string(value);
      bracket(value.substr(0, close), ":.");
      out += value.substr(close);
      return out;
    }
    case IndicatorType::kUrl: {
      const std::size_t colon = value.find("://");
      if (colon == std::string_view::npos) return std::string(value);
      out += '[';
      out += value.substr(0, colon);
      out += "]://";
      const std::string_view rest = value.substr(colon + 3);
      const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
      const std::string_view authority = rest.substr(0, end);
      const std::size_t close =
          authority.substr(0, 1) == "[" ? authority.find(']') : std::string_view::npos;
      if (close == std::string_view::npos) {
        bracket(authority, ".");
      } else {
        bracket(authority.substr(0, close), ":.");
        out += authority.substr(close);
      }
      out += rest.substr(end);
      return out;
    }
    default:
      return std::string(value);
  }
}

}  // namespace spoor
