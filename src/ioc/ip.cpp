// Addresses and networks between text and numbers.
//
// Each parser reads its text once from left to right, takes all of it or refuses, and allocates
// nothing; the worst case is the longest address (45 bytes), after which a parser stops. The
// loose and the URL forms are functions of their own, so that no caller takes an ambiguous
// spelling by accident. RFC 4291, RFC 5952, RFC 6052, RFC 6943 3.1.1, RFC 1035 3.5, RFC
// 3596 2.5, and the IPv4 parser of https://url.spec.whatwg.org/#concept-ipv4-parser. Tested by
// ip_test.cpp.

#include "ioc/ip.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace spoor {
namespace {

/// Appends a number of at most three digits.
void append_octet(std::string& out, unsigned value) {
  if (value >= 100) out += static_cast<char>('0' + value / 100);
  if (value >= 10) out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
}

/// A decimal number without sign or leading zeros, at most `most`; the whole of `text`.
std::optional<int> parse_small(std::string_view text, int most) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return {};
  int value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return {};
    value = value * 10 + (c - '0');
  }
  if (value > most) return {};
  return value;
}

/// One part of a WHATWG host: decimal, 0x hexadecimal or 0 octal. Values past 32 bits are
/// refused, as no part may reach that far.
std::optional<std::uint64_t> parse_url_part(std::string_view part) {
  if (part.empty()) return {};
  unsigned radix = 10;
  if (part.size() >= 2 && part[0] == '0' && (part[1] == 'x' || part[1] == 'X')) {
    radix = 16;
    part.remove_prefix(2);  // "0x" alone is zero, as in browsers
  } else if (part.size() >= 2 && part[0] == '0') {
    radix = 8;
    part.remove_prefix(1);
  }
  std::uint64_t value = 0;
  for (const char c : part) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= radix) return {};
    value = value * radix + static_cast<unsigned>(digit);
    if (value > 0xFFFFFFFFu) return {};
  }
  return value;
}

/// `name` without `suffix`, letter case and one trailing dot aside.
std::optional<std::string_view> before_suffix(std::string_view name, std::string_view suffix) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.size() <= suffix.size()) return {};
  const std::size_t head = name.size() - suffix.size();
  if (!equals_ignore_case(name.substr(head), suffix)) return {};
  return name.substr(0, head);
}

}  // namespace

std::optional<LooseIpv4> parse_ipv4_loose(std::string_view text) {
  if (text.size() < 7 || text.size() > 15) return {};
  LooseIpv4 out;
  out.all_three_digits = true;
  std::size_t at = 0;
  for (int group = 0; group < 4; ++group) {
    if (group > 0) {
      if (at == text.size() || text[at] != '.') return {};
      ++at;
    }
    const std::size_t begin = at;
    unsigned value = 0;
    while (at < text.size() && at - begin < 3 && is_digit(text[at])) {
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
      ++at;
    }
    const std::size_t digits = at - begin;
    if (digits == 0 || value > 255) return {};
    if (digits > 1 && text[begin] == '0') out.leading_zeros = true;
    if (digits != 3) out.all_three_digits = false;
    out.value = out.value << 8 | value;
  }
  if (at != text.size()) return {};
  return out;
}

std::optional<std::uint32_t> parse_ipv4(std::string_view text) {
  const auto loose = parse_ipv4_loose(text);
  if (!loose || loose->leading_zeros) return {};
  return loose->value;
}

std::optional<std::uint32_t> parse_ipv4_url_host(std::string_view text) {
  if (text.size() > 1 && text.back() == '.') text.remove_suffix(1);
  std::array<std::uint64_t, 4> parts{};
  std::size_t count = 0;
  while (true) {
    if (count == parts.size()) return {};
    const std::size_t dot = text.find('.');
    const auto part = parse_url_part(text.substr(0, dot));
    if (!part) return {};
    parts[count++] = *part;
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  // a.b.c fills as  a:8 b:8 c:16 ; a lone number fills all 32 bits.
  std::uint64_t value = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (parts[i] > 255) return {};
    value = value << 8 | parts[i];
  }
  const unsigned rest_bits = 8 * static_cast<unsigned>(5 - count);
  if (parts[count - 1] >> rest_bits != 0) return {};
  return static_cast<std::uint32_t>(value << rest_bits | parts[count - 1]);
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
  // Longest: six full groups and a dotted tail.
  if (text.size() < 2 || text.size() > 45) return {};
  Ipv6 out{};
  std::size_t filled = 0;  // bytes written
  std::size_t gap = 17;    // where "::" stands, in bytes; 17: nowhere
  std::size_t at = 0;
  if (text[0] == ':') {
    if (text[1] != ':') return {};
    gap = 0;
    at = 2;
  }
  while (at < text.size()) {
    if (filled == 16) return {};
    const std::size_t begin = at;
    unsigned value = 0;
    while (at < text.size() && at - begin < 4 && is_hex(text[at])) {
      value = value << 4 | static_cast<unsigned>(hex_value(text[at]));
      ++at;
    }
    if (at < text.size() && text[at] == '.') {
      const auto tail = parse_ipv4(text.substr(begin));
      if (!tail || filled > 12) return {};
      for (unsigned shift = 32; shift > 0; shift -= 8) {
        out[filled++] = static_cast<std::uint8_t>(*tail >> (shift - 8));
      }
      at = text.size();
      break;
    }
    if (at == begin) return {};
    out[filled++] = static_cast<std::uint8_t>(value >> 8);
    out[filled++] = static_cast<std::uint8_t>(value & 0xFF);
    if (at == text.size()) break;
    if (text[at] != ':') return {};
    ++at;
    if (at == text.size()) return {};  // a single ':' at the end
    if (text[at] == ':') {
      if (gap != 17) return {};
      gap = filled;
      ++at;
    }
  }
  if (gap == 17) {
    if (filled != 16) return {};
    return out;
  }
  if (filled == 16) return {};  // "::" stands for at least one group
  // Move what follows the gap to the end.
  const std::size_t tail = filled - gap;
  for (std::size_t i = 1; i <= tail; ++i) {
    out[16 - i] = out[filled - i];
    out[filled - i] = 0;
  }
  return out;
}

std::string format_ipv4(std::uint32_t address) {
  std::string out;
  out.reserve(15);
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    if (shift != 32) out += '.';
    append_octet(out, address >> (shift - 8) & 0xFFu);
  }
  return out;
}

std::string format_ipv6(const Ipv6& address) {
  if (const auto mapped = ipv4_mapped(address)) return "::ffff:" + format_ipv4(*mapped);
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<unsigned>(address[2 * i] << 8 | address[2 * i + 1]);
  }
  // RFC 5952 4.2: the longest run of at least two zero groups, the first of equals.
  std::size_t gap = 8;
  std::size_t gap_length = 1;
  for (std::size_t i = 0; i < 8;) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > gap_length) {
      gap = i;
      gap_length = end - i;
    }
    i = end + 1;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(39);
  for (std::size_t i = 0; i < 8;) {
    if (i == gap) {
      out += "::";
      i += gap_length;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    bool begun = false;
    for (unsigned shift = 16; shift > 0; shift -= 4) {
      const unsigned digit = groups[i] >> (shift - 4) & 0xFu;
      if (digit != 0 || begun || shift == 4) {
        out += kDigits[digit];
        begun = true;
      }
    }
    ++i;
  }
  return out;
}

namespace {

std::uint32_t last_four(const Ipv6& address) {
  return static_cast<std::uint32_t>(address[12]) << 24 |
         static_cast<std::uint32_t>(address[13]) << 16 |
         static_cast<std::uint32_t>(address[14]) << 8 | address[15];
}

}  // namespace

std::optional<std::uint32_t> ipv4_mapped(const Ipv6& address) {
  for (std::size_t i = 0; i < 10; ++i) {
    if (address[i] != 0) return {};
  }
  if (address[10] != 0xFF || address[11] != 0xFF) return {};
  return last_four(address);
}

std::optional<std::uint32_t> ipv4_nat64(const Ipv6& address) {
  constexpr std::array<std::uint8_t, 12> kPrefix{0x00, 0x64, 0xFF, 0x9B};
  if (!std::equal(kPrefix.begin(), kPrefix.end(), address.begin())) return {};
  return last_four(address);
}

std::optional<Network> parse_network(std::string_view text, bool* had_host_bits) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  Network out;
  if (const auto v4 = parse_ipv4(text.substr(0, slash))) {
    for (unsigned i = 0; i < 4; ++i) {
      out.base[i] = static_cast<std::uint8_t>(*v4 >> (24 - 8 * i) & 0xFFu);
    }
  } else if (const auto v6 = parse_ipv6(text.substr(0, slash))) {
    out.is_v6 = true;
    out.base = *v6;
  } else {
    return {};
  }
  const auto prefix = parse_small(text.substr(slash + 1), out.is_v6 ? 128 : 32);
  if (!prefix) return {};
  out.prefix = *prefix;
  bool masked = false;
  for (int byte = 0; byte < 16; ++byte) {
    // Bits of this byte that belong to the network: prefix 20 leaves 8, 8, 4, 0, ...
    const int bits = std::clamp(out.prefix - 8 * byte, 0, 8);
    const auto mask = static_cast<std::uint8_t>(0xFF00u >> bits & 0xFFu);
    std::uint8_t& value = out.base[static_cast<std::size_t>(byte)];
    masked = masked || (value & static_cast<std::uint8_t>(~mask)) != 0;
    value &= mask;
  }
  if (had_host_bits != nullptr) *had_host_bits = masked;
  return out;
}

std::string format_network(const Network& network) {
  std::string out;
  if (network.is_v6) {
    out = format_ipv6(network.base);
  } else {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | network.base[i];
    out = format_ipv4(value);
  }
  out += '/';
  append_octet(out, static_cast<unsigned>(network.prefix));
  return out;
}

std::optional<std::uint32_t> parse_in_addr_arpa(std::string_view name) {
  const auto head = before_suffix(name, ".in-addr.arpa");
  if (!head) return {};
  const auto backwards = parse_ipv4(*head);
  if (!backwards) return {};
  const std::uint32_t v = *backwards;
  return v >> 24 | (v >> 8 & 0xFF00u) | (v << 8 & 0xFF0000u) | v << 24;
}

std::optional<Ipv6> parse_ip6_arpa(std::string_view name) {
  const auto head = before_suffix(name, ".ip6.arpa");
  if (!head || head->size() != 63) return {};
  Ipv6 out{};
  for (std::size_t nibble = 0; nibble < 32; ++nibble) {
    // The last label is the first nibble of the address.
    const std::size_t at = 62 - 2 * nibble;
    const int value = hex_value((*head)[at]);
    if (value < 0 || (at > 0 && (*head)[at - 1] != '.')) return {};
    out[nibble / 2] =
        static_cast<std::uint8_t>(out[nibble / 2] << 4 | static_cast<unsigned>(value));
  }
  return out;
}

}  // namespace spoor
