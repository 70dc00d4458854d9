#include "export/rpz_name.h"

#include <cstdio>

#include "base/ascii.h"
#include "ioc/ip.h"

namespace spoor {
namespace {

// A zone's name of up to 55 bytes fits behind it (a name has 255 in all).
constexpr std::size_t kMostName = 200;

std::string turned_v6(const Ipv6& address, int prefix) {
  unsigned groups[8];
  for (std::size_t i = 0; i < 8; ++i)
    groups[i] = static_cast<unsigned>(address[2 * i] << 8 | address[2 * i + 1]);
  // The longest run of zeros, two at least, becomes zz; of equal ones the first.
  int best = 0, best_size = 1;
  for (int i = 0; i < 8; ++i) {
    int size = 0;
    while (i + size < 8 && groups[i + size] == 0) ++size;
    if (size > best_size) best = i, best_size = size;
    if (size > 0) i += size - 1;
  }
  std::string text = std::to_string(prefix);
  for (int i = 7; i >= 0; --i) {
    if (best_size > 1 && i == best + best_size - 1) {
      text += ".zz";
      i = best;
      continue;
    }
    char digits[8];
    std::snprintf(digits, sizeof digits, ".%x", groups[i]);
    text += digits;
  }
  return text + ".rpz-ip";
}

}  // namespace

std::string rpz_address_name(const Observable& observable) {
  Network network;
  if (observable.type == IndicatorType::kCidr) {
    const auto parsed = parse_network(observable.value, nullptr);
    if (!parsed) return {};
    network = *parsed;
  } else if (const auto v4 = parse_ipv4(observable.value);
             v4 && observable.type == IndicatorType::kIpv4) {
    network.prefix = 32;
    for (int i = 0; i < 4; ++i)
      network.base[static_cast<std::size_t>(i)] =
          static_cast<std::uint8_t>(*v4 >> (24 - 8 * i));
  } else if (const auto v6 = parse_ipv6(observable.value);
             v6 && observable.type == IndicatorType::kIpv6) {
    network.is_v6 = true;
    network.prefix = 128;
    network.base = *v6;
  } else {
    return {};
  }
  if (network.is_v6) return turned_v6(network.base, network.prefix);
  std::string text = std::to_string(network.prefix);
  for (int i = 3; i >= 0; --i)
    text += "." + std::to_string(network.base[static_cast<std::size_t>(i)]);
  return text + ".rpz-ip";
}

bool is_rpz_name(std::string_view name) {
  if (name.empty() || name.size() > kMostName) return false;
  for (const char c : name) {
    if (!is_alnum(c) && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

}  // namespace spoor
