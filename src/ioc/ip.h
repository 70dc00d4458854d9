// IP addresses and networks as numbers. Text forms: RFC 4291 and RFC 5952 (IPv6), RFC 6943
// section 3.1.1 (why leading zeros are ambiguous), WHATWG URL "IPv4 parser" (integer, hex and
// octal hosts). Nothing here allocates but the format_ functions. Tested by ip_test.cpp.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spoor {

using Ipv6 = std::array<std::uint8_t, 16>;  ///< network order

/// Four decimal groups 0..255, no leading zeros; the whole of `text`. Host-order value.
std::optional<std::uint32_t> parse_ipv4(std::string_view text);

struct LooseIpv4 {
  std::uint32_t value = 0;
  bool leading_zeros = false;     ///< some group has one (I3)
  bool all_three_digits = false;  ///< every group is three digits (I3)
};
/// As parse_ipv4, but groups of one to three digits may have leading zeros; read as decimal.
std::optional<LooseIpv4> parse_ipv4_loose(std::string_view text);

/// WHATWG IPv4 parser: 1 to 4 parts, decimal, 0x hex or 0 octal, the last fills the rest
/// ("0xC0000205").
std::optional<std::uint32_t> parse_ipv4_url_host(std::string_view text);

/// RFC 4291 text, dotted tail allowed; no brackets, no zone, no prefix length; the whole of
/// `text`.
std::optional<Ipv6> parse_ipv6(std::string_view text);

std::string format_ipv4(std::uint32_t address);
/// RFC 5952; IPv4-mapped addresses as ::ffff:192.0.2.5.
std::string format_ipv6(const Ipv6& address);

/// ::ffff:a.b.c.d (RFC 4291 2.5.5.2)
std::optional<std::uint32_t> ipv4_mapped(const Ipv6& address);
/// 64:ff9b::/96 (RFC 6052)
std::optional<std::uint32_t> ipv4_nat64(const Ipv6& address);

struct Network {
  bool is_v6 = false;
  Ipv6 base{};  ///< v4: in the first four bytes, the rest zero
  int prefix = 0;
};
/// "192.0.2.0/24", "2001:db8::/32". `had_host_bits` (may be null) tells whether bits past the
/// prefix were masked.
std::optional<Network> parse_network(std::string_view text, bool* had_host_bits);
std::string format_network(const Network& network);

/// Address of an in-addr.arpa name of four labels (I7) or an ip6.arpa name of 32 nibbles (V6);
/// case-blind, trailing dot allowed.
std::optional<std::uint32_t> parse_in_addr_arpa(std::string_view name);
std::optional<Ipv6> parse_ip6_arpa(std::string_view name);

}  // namespace spoor
