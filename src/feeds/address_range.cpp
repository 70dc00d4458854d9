// See address_range.h. The largest aligned network that begins at the first address and ends
// within the range, over and over: at most 31 going up and 31 going down. Tested by
// formats_test.cpp.

#include "feeds/address_range.h"

#include <algorithm>
#include <cstdint>

#include "base/ascii.h"
#include "ioc/ip.h"

namespace spoor {
namespace {

/// The address that `text` begins with, taken off it.
std::optional<std::uint32_t> take_address(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && end < 16 && (is_digit(text[end]) || text[end] == '.')) ++end;
  const auto address = parse_ipv4_loose(text.substr(0, end));
  if (!address) return std::nullopt;
  text.remove_prefix(end);
  return address->value;
}

}  // namespace

std::optional<AddressRange> range_of(std::string_view line) {
  const auto first = take_address(line);
  if (!first) return std::nullopt;
  const std::size_t gap = std::min(line.find_first_not_of(" \t"), line.size());
  std::string_view rest = line.substr(gap);
  const bool dash = !rest.empty() && rest.front() == '-';
  if (!dash && gap == 0) return std::nullopt;
  if (dash) {
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  }
  const auto last = take_address(rest);
  if (!last || *last < *first) return std::nullopt;
  // "192.0.2.7 192.0.2.8/30" and "192.0.2.7 192.0.2.8:80" are two values, not a range.
  if (!rest.empty() && !is_blank(rest.front()) && rest.front() != ',' && rest.front() != ';')
    return std::nullopt;
  // Two columns of addresses are mostly something else (an address and who reported it): they
  // are a range where they begin and end a network of some size.
  const std::uint32_t span = *last - *first;
  const bool whole_network = (span & (span + 1)) == 0 && (*first & span) == 0 && span >= 0xFF;
  if (!dash && !whole_network) return std::nullopt;

  AddressRange range;
  range.rest = trim(rest);
  std::uint64_t at = *first;
  const std::uint64_t end = std::uint64_t{*last} + 1;
  while (at < end) {
    int bits = 0;
    while (bits < 32 && (at & (std::uint64_t{1} << bits)) == 0 &&
           at + (std::uint64_t{2} << bits) <= end) {
      ++bits;
    }
    std::string value = format_ipv4(static_cast<std::uint32_t>(at));
    if (bits > 0) value += "/" + std::to_string(32 - bits);
    range.values.push_back(std::move(value));
    at += std::uint64_t{1} << bits;
  }
  return range;
}

}  // namespace spoor
