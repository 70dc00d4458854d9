// Rules I, V, C and P: addresses, networks, address:port.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "ioc/ip.h"
#include "match/byte_classes.h"
#include "match/exact_scan.h"

namespace spoor {
namespace {

std::array<std::uint8_t, 4> bytes_of(std::uint32_t address) {
  return {static_cast<std::uint8_t>(address >> 24), static_cast<std::uint8_t>(address >> 16),
          static_cast<std::uint8_t>(address >> 8), static_cast<std::uint8_t>(address)};
}

/// Digits from `from` on; at most `limit` of them are read, more make it none.
std::string_view digits_at(std::string_view text, std::size_t from, std::size_t limit) {
  std::size_t end = from;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - from > limit ? std::string_view() : text.substr(from, end - from);
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool host_bits_zero(std::span<const std::uint8_t> address, int prefix) {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const int kept = prefix - static_cast<int>(i) * 8;
    const int mask = kept >= 8 ? 0 : kept <= 0 ? 0xFF : 0xFF >> kept;
    if ((address[i] & mask) != 0) return false;
  }
  return true;
}

/// Of four groups with their dots.
bool has_ipv4_length(std::size_t bytes) {
  return bytes >= 7 && bytes <= 15;
}

/// "8443" without leading zeros, or "" where it is no port.
std::string port_text(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits.size() > 5 || digits.empty() || number(digits) > 65535 ? std::string()
                                                                       : std::string(digits);
}

}  // namespace

const FieldMark* ExactScan::field_at(std::size_t at) const {
  for (const FieldMark& field : fields_) {
    if (at >= field.begin && at < field.end) return &field;
  }
  return nullptr;
}

/// I9: a software version rather than an address.
bool ExactScan::is_version_context(std::size_t begin) const {
  if (const FieldMark* field = field_at(begin)) {
    if (field->role == FieldRole::kUserAgent || field->role == FieldRole::kVersion) return true;
  }
  const auto preceded_by = [&](std::string_view word) {
    return begin >= word.size() &&
           equals_ignore_case(text_.substr(begin - word.size(), word.size()), word) &&
           (begin == word.size() || !is_word(text_[begin - word.size() - 1]));
  };
  return preceded_by("v") || preceded_by("ver=") || preceded_by("version ") ||
         preceded_by("version\t");
}

/// An address that was seen: the indicator of its own type and the networks around it (C1).
void ExactScan::match_address(std::span<const std::uint8_t> address,
                              const std::string& canonical, std::size_t begin, std::size_t end,
                              Grade grade, const char* rule) {
  const auto type = address.size() == 4 ? IndicatorType::kIpv4 : IndicatorType::kIpv6;
  index_.of_value(type, canonical,
                  [&](std::uint32_t indicator) { found(begin, end, indicator, grade, rule); });
  index_.networks_of(address, [&](std::uint32_t indicator, int prefix) {
    const auto network = parse_network(index_.at(indicator).value, nullptr);
    const auto key = ClaimIndex::network_key(address, prefix);
    if (index_.at(indicator).type != IndicatorType::kCidr || !network ||
        network->prefix != prefix || network->is_v6 != (address.size() == 16) ||
        key != ClaimIndex::network_key({network->base.data(), address.size()}, prefix)) {
      return;
    }
    findings_.push_back({begin, end, indicator, weaker(grade, Grade::kContains), "C1",
                         static_cast<std::uint8_t>(prefix)});
  });
}

/// C3: the network itself, written in a log.
void ExactScan::match_network(std::span<const std::uint8_t> address, int prefix,
                              std::size_t begin, std::size_t end) {
  Network network;
  network.is_v6 = address.size() == 16;
  network.prefix = prefix;
  for (std::size_t i = 0; i < address.size(); ++i) network.base[i] = address[i];
  index_.of_value(IndicatorType::kCidr, format_network(network), [&](std::uint32_t indicator) {
    found(begin, end, indicator, Grade::kMention, "C3");
  });
}

/// P1, P2. `port` is what stands after the address; empty and port_end == end: no port at all.
void ExactScan::match_port(IndicatorType type, const std::string& canonical, std::size_t begin,
                           std::size_t end, const std::string& port, std::size_t port_end,
                           Grade grade) {
  if (!index_.has(type)) return;
  if (port_end > end) {
    const std::string value = type == IndicatorType::kIpv6Port ? "[" + canonical + "]:" + port
                                                               : canonical + ":" + port;
    if (!port.empty()) {
      index_.of_value(type, value, [&](std::uint32_t indicator) {
        found(begin, port_end, indicator, grade, "P1");
      });
    }
    if (tracing())
      refuse(begin, port_end, "P2",
             "the address is seen with the port '" + port + "'; only an equal port counts");
    return;
  }
  index_.candidates(KeyKind::kAddressOfPort, canonical, [&](std::uint32_t indicator) {
    const ClaimRef claim = index_.at(indicator);
    if (claim.type != type) return;
    const bool v6 = type == IndicatorType::kIpv6Port;
    const std::string head = v6 ? "[" + canonical + "]:" : canonical + ":";
    if (claim.value.compare(0, head.size(), head) == 0)
      found(begin, end, indicator, weaker(grade, Grade::kWeak), "P2");
  });
}

/// Where the next run of digits and dots begins, from a byte on that continues none. Without a
/// dot it is no address, and only explain() wants to hear of it.
std::size_t ExactScan::next_ipv4(std::size_t from) const {
  if (tracing()) {
    while (from < text_.size() && !is_digit(text_[from])) ++from;
    return from;
  }
  for (std::size_t dot = text_.find('.', from); dot != std::string_view::npos;
       dot = text_.find('.', dot + 1)) {
    std::size_t begin = dot;
    while (begin > from && is_digit(text_[begin - 1])) --begin;
    if (begin < dot) return begin;
  }
  return text_.size();
}

void ExactScan::cut_ipv4() {
  std::size_t run = 0;
  for (std::size_t begin = next_ipv4(0); begin < text_.size(); begin = next_ipv4(run)) {
    run = begin;
    while (run < text_.size() && (is_digit(text_[run]) || text_[run] == '.')) ++run;
    std::size_t end = run;
    while (end > begin && text_[end - 1] == '.') --end;  // I1: a trailing dot is punctuation
    Ipv4Token token;
    token.whole = {begin, end};
    if (has_ipv4_length(end - begin)) {
      token.address = parse_ipv4_loose(text_.substr(begin, end - begin));
    } else if (!tracing()) {
      continue;
    }
    if (token.address) {
      token.canonical = format_ipv4(token.address->value);
      expect_value(IndicatorType::kIpv4, token.canonical);
      expect_url(ClaimIndex::url_key(token.canonical, ""));
    }
    ipv4_.push_back(std::move(token));
  }
}

void ExactScan::match_ipv4() {
  std::size_t ipv6 = 0;  // the first V1 token that may hold what comes next
  for (const Ipv4Token& cut : ipv4_) {
    const std::size_t begin = cut.whole.begin, end = cut.whole.end;
    const std::string_view token = text_.substr(begin, end - begin);
    if (!has_ipv4_length(token.size())) {
      if (tracing() && token.find('.') != std::string_view::npos) {
        refuse(begin, end, "I2",
               "'" + std::string(token) + "' is not four groups of a dotted address");
      }
      continue;
    }
    // I1: borders. `v` before it is I9's exception.
    const char left = before(begin);
    const bool version_v =
        (left == 'v' || left == 'V') && (begin < 2 || !is_word(text_[begin - 2]));
    if ((is_word(left) && !version_v) || left == '.') {
      if (tracing()) {
        refuse(
            begin, end, "I1",
            "a letter, digit, '_' or '.' stands directly before '" + std::string(token) + "'");
      }
      continue;
    }
    const char right = at(end);
    if (is_word(right) ||
        (right == '.' && end + 1 < text_.size() && is_alnum(text_[end + 1]))) {
      if (tracing()) {
        refuse(begin, end, right == '.' ? "I8" : "I1",
               "'" + std::string(token) +
                   "' goes on after its four groups: part of a name or a longer word");
      }
      continue;
    }
    while (ipv6 < ipv6_ranges_.size() && ipv6_ranges_[ipv6].end <= begin) ++ipv6;
    const bool in_ipv6 = ipv6 < ipv6_ranges_.size() && ipv6_ranges_[ipv6].holds(begin);
    if (in_ipv6) continue;  // I1: the tail of a V1 token

    if (!cut.address) {
      if (tracing()) {
        const bool four = std::count(token.begin(), token.end(), '.') == 3;
        refuse(begin, end, four ? "I1" : "I2",
               "'" + std::string(token) + "' is not four decimal groups from 0 to 255");
      }
      continue;
    }
    Grade grade = Grade::kExact;
    const char* rule = "I1";
    if (cut.address->leading_zeros) {  // I3
      grade = cut.address->all_three_digits ? Grade::kEquivalent : Grade::kWeak;
      rule = "I3";
    }
    if (is_version_context(begin)) {
      grade = weaker(grade, Grade::kWeak);
      rule = "I9";
    }
    const auto address = bytes_of(cut.address->value);
    const std::string& canonical = cut.canonical;

    // What follows: a port (I4), or a slash (I5).
    std::string port;
    std::size_t port_end = end;
    const UrlToken* as_host = url_with_host_at(begin);
    if (right == ':' && is_digit(at(end + 1))) {
      port_end = end + 1;
      while (is_digit(at(port_end))) ++port_end;
      port = port_text(text_.substr(end + 1, port_end - end - 1));
    } else if (right == '/' && is_digit(at(end + 1)) && as_host == nullptr) {
      const std::string_view digits = digits_at(text_, end + 1, 5);
      const std::size_t after = end + 1 + digits.size();
      const bool whole = !digits.empty() && !is_word(at(after)) && at(after) != '/';
      if (whole && number(digits) < 32 && host_bits_zero(address, number(digits))) {
        grade = weaker(grade, Grade::kMention);
        rule = "I5";
        match_network(address, number(digits), begin, after);
      } else if (whole && number(digits) > 32) {
        port = port_text(digits);
        port_end = after;
        if (grade == Grade::kExact) rule = "I5";
      } else if (whole && grade == Grade::kExact) {
        rule = "I5";
      }
    }
    match_address(address, canonical, begin, end, grade, rule);
    match_port(IndicatorType::kIpv4Port, canonical, begin, end, port, port_end, grade);
    match_root_urls(canonical, begin, end, port, grade);
  }
}

void ExactScan::match_ipv6() {
  static constexpr ByteSet kToken =
      bytes_that([](char c) { return is_hex(c) || c == ':' || c == '.'; });
  for (std::size_t colon = text_.find(':'); colon != std::string_view::npos;) {
    std::size_t begin = colon;
    while (begin > 0 && holds(kToken, text_[begin - 1])) --begin;
    std::size_t end = colon;
    std::size_t colons = 0;
    while (end < text_.size() && holds(kToken, text_[end])) colons += text_[end++] == ':';
    colon = text_.find(':', end);
    // Eight groups, the last two perhaps dotted, or some left out: times and MACs are none.
    constexpr std::string_view kLeftOut = "::";
    if (colons < 2 ||
        (!tracing() && colons < 6 &&
         text_.substr(begin, end - begin).find(kLeftOut) == std::string_view::npos))
      continue;
    while (end > begin && text_[end - 1] == '.') --end;
    // A single colon before a blank or the end is punctuation: "64 bytes from 2001:db8::5:
    // seq=1".
    if (end - begin > 2 && text_[end - 1] == ':' && text_[end - 2] != ':' &&
        (end == text_.size() || is_space(text_[end]))) {
      --end;
    }
    const std::string_view token = text_.substr(begin, end - begin);
    const auto parsed = parse_ipv6(token);
    if (!parsed) {
      if (tracing()) {
        refuse(begin, end, "V1",
               "'" + std::string(token) + "' does not parse as one IPv6 address");
      }
      continue;
    }
    if (is_alnum(before(begin)) || is_alnum(at(end)) ||
        (at(end) == '.' && is_digit(at(end + 1)))) {
      if (tracing()) {
        refuse(begin, end, "V1",
               "a letter or digit stands directly beside '" + std::string(token) + "'");
      }
      continue;
    }
    ipv6_ranges_.push_back({begin, end});

    const std::string canonical = format_ipv6(*parsed);
    Grade grade = equals_ignore_case(token, canonical) ? Grade::kExact : Grade::kEquivalent;
    const char* rule = "V1";
    if (is_version_context(begin)) {
      grade = weaker(grade, Grade::kWeak);
      rule = "I9";
    }
    std::size_t tail = end;
    if (at(tail) == '%') {  // V2: a zone id
      ++tail;
      while (is_alnum(at(tail)) || at(tail) == '_' || at(tail) == '-' || at(tail) == '.')
        ++tail;
    }
    std::string port;
    std::size_t port_end = end;
    if (before(begin) == '[' && at(tail) == ']') {
      if (at(tail + 1) == ':' && is_digit(at(tail + 2))) {
        port_end = tail + 2;
        while (is_digit(at(port_end))) ++port_end;
        port = port_text(text_.substr(tail + 2, port_end - tail - 2));
      }
      rule = rule == std::string_view("V1") ? "V2" : rule;
    } else if (at(tail) == '/' && is_digit(at(tail + 1))) {  // V5
      const std::string_view digits = digits_at(text_, tail + 1, 5);
      const std::size_t after = tail + 1 + digits.size();
      const bool whole = !digits.empty() && !is_word(at(after)) && at(after) != '/';
      if (whole && number(digits) < 128 && host_bits_zero(*parsed, number(digits))) {
        grade = weaker(grade, Grade::kMention);
        rule = "V5";
        match_network(*parsed, number(digits), begin, after);
      } else if (whole && number(digits) > 128) {
        port = port_text(digits);
        port_end = after;
      }
    }
    match_address(*parsed, canonical, begin, end, grade, rule);
    match_port(IndicatorType::kIpv6Port, canonical, begin, end, port, port_end, grade);
    match_root_urls(canonical, begin, end, port, grade);
    // I7: the IPv4 address inside.
    const auto inner = [&](std::uint32_t v4, Grade cap) {
      const auto bytes = bytes_of(v4);
      match_address(bytes, format_ipv4(v4), begin, end,
                    weaker(grade == Grade::kExact ? Grade::kExact : grade, cap), "I7");
      match_port(IndicatorType::kIpv4Port, format_ipv4(v4), begin, end, port, port_end,
                 weaker(grade, cap));
    };
    if (const auto mapped = ipv4_mapped(*parsed)) inner(*mapped, Grade::kEquivalent);
    if (const auto nat64 = ipv4_nat64(*parsed)) inner(*nat64, Grade::kDerived);
  }
}

}  // namespace spoor
