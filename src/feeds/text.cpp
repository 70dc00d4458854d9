// See text.h. Shapes are told without regular expressions and without allocating, but for
// defanged tokens. Tested by formats_test.cpp.

#include "feeds/text.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/ascii.h"
#include "ioc/ip.h"

namespace spoor {
namespace {

constexpr std::size_t kLongestToken = 4096;
constexpr int kSampleLines = 400;

/// `token` with the common ways of writing a harmless dot, colon or scheme undone; for the look
/// only.
std::string plain_spelling(std::string_view token) {
  std::string out;
  out.reserve(token.size());
  for (std::size_t at = 0; at < token.size();) {
    const char c = token[at];
    if ((c == '[' || c == '(' || c == '{') && at + 2 < token.size()) {
      const std::size_t close = token.find_first_of("])}", at + 1);
      if (close != std::string_view::npos && close - at <= 4) {
        const std::string_view inside = token.substr(at + 1, close - at - 1);
        if (inside == "." || inside == ":" || inside == "@" || inside == "://" ||
            inside == "/") {
          out += inside;
          at = close + 1;
          continue;
        }
        if (equals_ignore_case(inside, "dot") || equals_ignore_case(inside, "at")) {
          out += inside.size() == 3 ? '.' : '@';
          at = close + 1;
          continue;
        }
      }
    }
    if (c == '\\' && at + 1 < token.size() && token[at + 1] == '.' && at > 0 &&
        is_alnum(token[at - 1])) {
      ++at;
      continue;
    }
    out += c;
    ++at;
  }
  return out;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_host_name(std::string_view host) {
  if (host.substr(0, 2) == "*.") host.remove_prefix(2);
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  if (host.size() < 3 || host.size() > 253) return false;
  std::size_t labels = 0;
  std::size_t begin = 0;
  std::string_view last;
  while (true) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    last = host.substr(begin, end - begin);
    if (last.empty() || last.size() > 63) return false;
    for (char c : last) {
      if (!is_alnum(c) && c != '-' && c != '_' && !is_non_ascii(c)) return false;
    }
    ++labels;
    if (end == host.size()) break;
    begin = end + 1;
  }
  if (labels < 2) return false;
  if (starts_with_ignore_case(last, "xn--")) return true;
  return last.size() >= 2 && std::all_of(last.begin(), last.end(),
                                         [](char c) { return is_alpha(c) || is_non_ascii(c); });
}

Look look_of_plain(std::string_view token) {
  const std::size_t size = token.size();
  if ((size == 32 || size == 40 || size == 64 || size == 96 || size == 128) &&
      std::all_of(token.begin(), token.end(), is_hex)) {
    return Look::kHash;
  }
  const char first = token.front();
  if (first == '\\' || (first == '%' && token.find("%\\", 1) != std::string_view::npos)) {
    return Look::kPath;
  }
  if (size > 3 && is_alpha(first) && token[1] == ':' && (token[2] == '\\' || token[2] == '/')) {
    return Look::kPath;
  }
  if (first == '/' && size > 1) return Look::kPath;
  if (starts_with_ignore_case(token, "HKEY_") ||
      (starts_with_ignore_case(token, "HK") &&
       token.substr(0, 6).find('\\') != std::string_view::npos)) {
    return Look::kRegistry;
  }
  if (starts_with_ignore_case(token, "CVE-") && size >= 13 && all_digits(token.substr(4, 4))) {
    return Look::kCve;
  }
  const std::size_t scheme = token.find("://");
  if (scheme != std::string_view::npos && scheme >= 2 && scheme + 3 < size) {
    const bool word =
        std::all_of(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(scheme),
                    [](char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; });
    if (word) return Look::kUrl;
  }
  if (first == '[') {
    const std::size_t close = token.find(']');
    if (close != std::string_view::npos && parse_ipv6(token.substr(1, close - 1))) {
      if (close + 1 == size) return Look::kAddress;
      return token[close + 1] == ':' && all_digits(token.substr(close + 2)) ? Look::kEndpoint
                                                                            : Look::kHostPath;
    }
    return Look::kNone;
  }
  if (std::count(token.begin(), token.end(), ':') >= 2) {
    const std::size_t slash = token.find('/');
    if (parse_ipv6(token.substr(0, slash))) {
      if (slash == std::string_view::npos) return Look::kAddress;
      return all_digits(token.substr(slash + 1)) ? Look::kNetwork : Look::kNone;
    }
  }
  const std::size_t at_sign = token.substr(0, token.find('/')).find('@');
  if (at_sign != std::string_view::npos) {
    return at_sign > 0 && is_host_name(token.substr(at_sign + 1)) ? Look::kEmail : Look::kNone;
  }
  const std::size_t host_end = std::min(token.find_first_of("/:?"), size);
  const std::string_view host = token.substr(0, host_end);
  const std::string_view rest = token.substr(host_end);
  if (parse_ipv4_loose(host)) {
    if (rest.empty()) return Look::kAddress;
    if (rest[0] == '/' && rest.size() <= 3 && all_digits(rest.substr(1))) return Look::kNetwork;
    if (rest[0] == ':' && all_digits(rest.substr(1))) return Look::kEndpoint;
    return Look::kHostPath;
  }
  if (!is_host_name(host)) return Look::kNone;
  if (rest.empty()) return Look::kName;
  if (rest[0] == ':' && (rest.size() < 2 || !is_digit(rest[1]))) return Look::kNone;
  return Look::kHostPath;
}

}  // namespace

char line_end_of(std::string_view text) {
  const std::string_view head = text.substr(0, 64 << 10);
  std::size_t feeds = 0, lone_returns = 0;
  for (std::size_t at = head.find_first_of("\r\n"); at != std::string_view::npos;
       at = head.find_first_of("\r\n", at + 1)) {
    if (head[at] == '\n') {
      ++feeds;
    } else if (at + 1 >= head.size() || head[at + 1] != '\n') {
      ++lone_returns;
    }
  }
  return lone_returns > feeds ? '\r' : '\n';
}

Lines::Lines(std::string_view text) : rest_(text), end_(line_end_of(text)) {}

bool Lines::next(std::string_view& line) {
  if (rest_.empty()) return false;
  const std::size_t end = rest_.find(end_);
  line = rest_.substr(0, end);
  rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  ++number_;
  return true;
}

std::string_view trim_wide(std::string_view text) {
  constexpr std::string_view kWide[] = {"\xC2\xA0", "\xEF\xBB\xBF", "\xE2\x80\x8B"};
  bool again = true;
  while (again) {
    again = false;
    text = trim(text);
    for (const std::string_view wide : kWide) {
      if (text.size() >= wide.size() && text.substr(0, wide.size()) == wide) {
        text.remove_prefix(wide.size());
        again = true;
      }
      if (text.size() >= wide.size() && text.substr(text.size() - wide.size()) == wide) {
        text.remove_suffix(wide.size());
        again = true;
      }
    }
  }
  return text;
}

Look look_of(std::string_view token) {
  if (token.empty() || token.size() > kLongestToken) return Look::kNone;
  if (token.find_first_of("[({\\") != std::string_view::npos) {
    const std::string plain = plain_spelling(token);
    return plain.empty() ? Look::kNone : look_of_plain(plain);
  }
  return look_of_plain(token);
}

bool is_plain(Look look) {
  return look == Look::kHash || look == Look::kAddress || look == Look::kNetwork ||
         look == Look::kEndpoint || look == Look::kUrl;
}

bool may_be_lines(std::string_view head) {
  if (head.find('\0') != std::string_view::npos) return false;
  const std::string_view text = trim_wide(head.substr(0, 4096));
  if (text.empty()) return false;
  if (text.front() == '{') return false;
  // "[Adblock Plus 2.0]" and "[2001:db8::1]:80" begin lists; "[{", "[\"", "[[" begin JSON.
  if (text.front() == '[') {
    const std::string_view inside = trim(text.substr(1));
    if (inside.empty() || inside.front() == '{' || inside.front() == '[' ||
        inside.front() == '"' || inside.front() == ']') {
      return false;
    }
  }
  return !(text.front() == '<' && text.size() > 1 &&
           (is_alpha(text[1]) || text[1] == '?' || text[1] == '!'));
}

void sample_lines(std::string_view head, std::string_view comments,
                  const std::function<void(std::string_view)>& visit) {
  Lines lines(head);
  std::string_view line;
  int seen = 0;
  const bool ends_whole = !head.empty() && (head.back() == '\n' || head.back() == '\r');
  std::string_view held;  // one line late, so that a cut last line can be left out
  while (seen < kSampleLines && lines.next(line)) {
    line = trim_wide(line);
    if (line.empty() || comments.find(line.front()) != std::string_view::npos) continue;
    if (!held.empty()) visit(held);
    held = line;
    ++seen;
  }
  if (!held.empty() && (ends_whole || seen <= 1 || head.size() < 60'000)) visit(held);
}

std::optional<Time> parse_list_date(std::string_view text, DayEdge edge) {
  text = trim_wide(text);
  for (const std::string_view zone : {" UTC", " GMT"}) {
    if (text.size() > zone.size() && text.substr(text.size() - zone.size()) == zone) {
      text.remove_suffix(zone.size());
    }
  }
  if ((text.size() == 10 || text.size() == 13) && all_digits(text)) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return time_from_micros(number * (text.size() == 10 ? 1'000'000 : 1'000));
  }
  const auto parsed = parse_iso8601(text);
  if (!parsed) return std::nullopt;
  if (edge == DayEdge::kEnd && parsed->precision == TimePrecision::kDay) {
    return parsed->time + std::chrono::hours(24);
  }
  return parsed->time;
}

std::string PageWriter::at_line(std::uint64_t line) const {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, line);
  const auto count = static_cast<std::size_t>(end.ptr - digits);
  std::string text;
  text.reserve(where_.size() + 1 + count);
  text += where_;
  text += ':';
  text.append(digits, count);
  return text;
}

Status PageWriter::flush() {
  Page full = std::move(page_);
  page_ = Page{};
  page_.rows.reserve(kRowsPerPage);
  return on_page_(std::move(full));
}

Status PageWriter::finish() {
  if (page_.rows.empty() && page_.pulses.empty() && page_.damaged.empty() &&
      page_.notes.empty()) {
    return {};
  }
  return flush();
}

}  // namespace spoor
