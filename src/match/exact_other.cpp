// Rules O2 to O5, and bare request paths (OTX's URI): CVE, AS numbers, wallets, user agents.

#include <algorithm>

#include "base/ascii.h"
#include "match/byte_classes.h"
#include "match/exact_scan.h"

namespace spoor {

void ExactScan::match_cve() {
  if (!index_.has(IndicatorType::kCve)) return;
  for (const Range& run : number_runs_) {
    const std::size_t i = run.begin;
    if (run.end - i != 3 || !equals_ignore_case(text_.substr(i, 4), "cve-") ||
        is_word(before(i)))
      continue;
    std::size_t end = i + 4;
    while (is_digit(at(end))) ++end;
    if (end != i + 8 || at(end) != '-') continue;
    const std::size_t serial = ++end;
    while (is_digit(at(end))) ++end;  // O2: all digits, so none is left after
    if (end - serial < 4 || end - serial > 19) continue;
    const std::string value = upper(text_.substr(i, end - i));
    index_.of_value(IndicatorType::kCve, value, [&](std::uint32_t indicator) {
      found(i, end, indicator, Grade::kExact, "O2");
    });
    if (tracing()) refuse(i, end, "O2", "'" + value + "' is one whole CVE number");
  }
}

void ExactScan::match_asn() {
  if (!index_.has(IndicatorType::kAsn)) return;
  for (const Range& run : number_runs_) {
    const std::size_t i = run.begin;
    if (run.end - i < 2 || to_lower(text_[i]) != 'a' || to_lower(text_[i + 1]) != 's' ||
        is_word(before(i)))
      continue;
    std::size_t digits = i + 2;
    const bool asn = to_lower(at(digits)) == 'n';
    if (asn) ++digits;
    const bool joined = at(digits) == ' ' || at(digits) == ':';  // O3: at most one
    if (joined) ++digits;
    std::size_t end = digits;
    while (is_digit(at(end))) ++end;
    if (end == digits || is_word(at(end))) continue;
    std::string_view number = text_.substr(digits, end - digits);
    bool zeros = false;
    while (number.size() > 1 && number.front() == '0') number.remove_prefix(1), zeros = true;
    if (number.size() > 10) continue;
    const Grade grade = asn || joined || zeros ? Grade::kEquivalent : Grade::kExact;
    index_.of_value(IndicatorType::kAsn, "AS" + std::string(number),
                    [&](std::uint32_t indicator) { found(i, end, indicator, grade, "O3"); });
    if (tracing())
      refuse(i, end, "O3", "'AS" + std::string(number) + "' is one whole AS number");
  }
}

void ExactScan::match_wallets() {
  if (!index_.has(IndicatorType::kBitcoinAddress)) return;
  static_assert(kLongRun == 14);  // the shortest
  for (const Range& run : long_runs_) {
    const std::size_t begin = run.begin, end = run.end;
    if (end - begin > 110) continue;
    std::string value(text_.substr(begin, end - begin));
    if (starts_with_ignore_case(value, "bc1") || starts_with_ignore_case(value, "tb1"))
      value = lower(value);  // O4
    index_.of_value(IndicatorType::kBitcoinAddress, value, [&](std::uint32_t indicator) {
      found(begin, end, indicator, Grade::kExact, "O4");
    });
    if (tracing())
      refuse(begin, end, "O4", "base58 addresses are compared letter case and all");
  }
}

/// O5: a whole quoted string, or a whole field that a record format calls a user agent.
void ExactScan::match_user_agents() {
  if (!index_.has(IndicatorType::kUserAgent)) return;
  const auto look_up = [&](std::size_t begin, std::size_t end) {
    if (end <= begin || end - begin > 4096) return;
    if (!tracing() && !index_.has_agent_length(end - begin)) return;
    index_.of_value(
        IndicatorType::kUserAgent, text_.substr(begin, end - begin),
        [&](std::uint32_t indicator) { found(begin, end, indicator, Grade::kExact, "O5"); });
    if (tracing())
      refuse(begin, end, "O5", "only a whole quoted string or a whole user-agent field counts");
  };
  for (const char quote : {'"', '\''}) {
    // Between any two neighbours of one kind: a stray quote shifts the pairs, so both parities
    // are read.
    for (std::size_t open = text_.find(quote); open != std::string_view::npos;) {
      const std::size_t close = text_.find(quote, open + 1);
      if (close == std::string_view::npos) break;
      look_up(open + 1, close);
      open = close;
    }
  }
  for (const FieldMark& field : fields_) {
    if (field.role == FieldRole::kUserAgent && field.end <= text_.size())
      look_up(field.begin, field.end);
  }
}

/// A claim of OTX's type URI that is a bare path: a whole request target, from a blank or quote
/// to the next.
void ExactScan::match_uris() {
  if (!index_.has(IndicatorType::kUri)) return;
  const auto is_border = [](char c) {
    return is_space(c) || c == '"' || c == '\'' || c == '\0';
  };
  std::size_t end = 0;
  for (std::size_t i = text_.find('/'); i != std::string_view::npos;
       i = text_.find('/', std::max(end, i + 1))) {
    if (i > 0 && !is_border(text_[i - 1]) && text_[i - 1] != '=') continue;
    end = i;
    while (end < text_.size() && !is_border(text_[end])) ++end;
    // The path is made canonical as a URL's is (U1), below a host that says nothing.
    if (end - i <= 8192) {
      if (const auto url = parse_url("http://h.invalid" + std::string(text_.substr(i, end - i)),
                                     Scheme::kRequired)) {
        std::string value = url->path;
        if (url->query) value += "?" + *url->query;
        index_.of_value(IndicatorType::kUri, value, [&](std::uint32_t indicator) {
          found(i, end, indicator, Grade::kExact, "U2");
        });
      }
    }
  }
}

}  // namespace spoor
