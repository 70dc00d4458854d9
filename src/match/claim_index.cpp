#include "match/claim_index.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "base/hash.h"
#include "ioc/ip.h"
#include "ioc/path.h"

namespace spoor {

void IndexTraits::add(const Observable& observable) {
  if (row_of(observable.type).matching == Matching::kRule) return;
  present[static_cast<std::size_t>(observable.type)] = true;
  switch (observable.type) {
    case IndicatorType::kCidr:
      if (const auto network = parse_network(observable.value, nullptr)) add_network(*network);
      break;
    case IndicatorType::kFileName:
    case IndicatorType::kMutex:
    case IndicatorType::kNamedPipe:
      if (observable.value.size() < bare_lengths.size())
        bare_lengths[observable.value.size()] = true;
      break;
    case IndicatorType::kUserAgent:
      agent_lengths.set(std::min(observable.value.size(), kBareLengths - 1));
      break;
    case IndicatorType::kFilePath:
      if (!path_style(observable.value)) has_relative_path = true;
      break;
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
      if (observable.value.find('.') == std::string::npos) has_single_label = true;
      break;
    default:
      break;
  }
  if (!is_seldom(KeyKind::kValue, ValueKey(observable.type, {}).text())) return;
  ClaimIndex::for_each_key(observable, [&](KeyKind kind, std::string_view each) {
    const std::uint64_t hash = ClaimIndex::hash_of(kind, each);
    seldom[hash >> 52] |= std::uint64_t{1} << (hash >> 46 & 63);
  });
}

void IndexTraits::add_network(const Network& network) {
  auto& prefixes = network.is_v6 ? v6_prefixes : v4_prefixes;
  if (std::find(prefixes.begin(), prefixes.end(), network.prefix) == prefixes.end())
    prefixes.push_back(network.prefix);
  if (network.is_v6) return;
  const unsigned first = static_cast<unsigned>(network.base[0]) << 8 | network.base[1];
  const unsigned count = network.prefix >= 16 ? 1 : 1U << (16 - network.prefix);
  for (unsigned n = first; n < first + count && n <= 0xFFFF; ++n)
    v4_networks[n / 64] |= std::uint64_t{1} << (n % 64);
}

bool IndexTraits::is_seldom(KeyKind kind, std::string_view key) {
  // All keys of a type or none: add() asks for the type alone.
  if (kind == KeyKind::kFileName || kind == KeyKind::kDrivelessPath ||
      kind == KeyKind::kNetwork || kind == KeyKind::kAddressOfPort)
    return true;
  if (kind != KeyKind::kValue || key.empty()) return false;
  switch (static_cast<IndicatorType>(key.front())) {
    case IndicatorType::kFilePath:
    case IndicatorType::kFileName:
    case IndicatorType::kRegistryKey:
    case IndicatorType::kMutex:
    case IndicatorType::kNamedPipe:
    case IndicatorType::kCidr:
    case IndicatorType::kIpv4Port:
    case IndicatorType::kIpv6Port:
    case IndicatorType::kUserAgent:
    case IndicatorType::kUri:
    case IndicatorType::kBitcoinAddress:
    case IndicatorType::kSslCertFingerprint:
    case IndicatorType::kImphash:
    case IndicatorType::kPehash:
    case IndicatorType::kJa3:
    case IndicatorType::kSha384:
    case IndicatorType::kSha512:
      return true;
    default:
      return false;
  }
}

void IndexTraits::finish() {
  std::sort(v4_prefixes.rbegin(), v4_prefixes.rend());
  std::sort(v6_prefixes.rbegin(), v6_prefixes.rend());
}

std::uint64_t ClaimIndex::hash_of(KeyKind kind, std::string_view key) {
  // The kind is mixed in by a multiplicative constant (Fibonacci hashing), so that equal texts
  // of two kinds part.
  return xxh3_64(key) ^ (static_cast<std::uint64_t>(kind) + 1) * 0x9E3779B97F4A7C15ull;
}

std::string ClaimIndex::network_key(std::span<const std::uint8_t> address, int prefix) {
  std::string key(address.size() + 2, '\0');
  int bits = prefix;
  for (std::size_t i = 0; i < address.size() && bits > 0; ++i, bits -= 8) {
    const int mask = bits >= 8 ? 0xFF : (0xFF << (8 - bits)) & 0xFF;
    key[i] = static_cast<char>(address[i] & mask);
  }
  key[address.size()] = static_cast<char>(prefix);
  key[address.size() + 1] = static_cast<char>(address.size());
  return key;
}

ValueKey::ValueKey(IndicatorType type, std::string_view value) {
  char* at = room_.data();
  const std::size_t size = value.size() + 1;
  if (size > room_.size()) {
    long_.resize(size);
    at = long_.data();
  }
  at[0] = static_cast<char>(type);
  if (!value.empty()) std::memcpy(at + 1, value.data(), value.size());
  text_ = {at, size};
}

std::uint64_t ClaimIndex::hash_of_value(IndicatorType type, std::string_view value) {
  return hash_of(KeyKind::kValue, ValueKey(type, value).text());
}

std::string ClaimIndex::url_key(std::string_view host, std::string_view place) {
  std::string key;
  key.reserve(host.size() + 1 + place.size());
  key += host;
  key += '\n';
  key += place;
  for (std::size_t i = host.size() + 1; i < key.size(); ++i) key[i] = to_lower(key[i]);
  return key;
}

void ClaimIndex::for_each_key(const Observable& observable,
                              FunctionRef<void(KeyKind, std::string_view)> visit) {
  if (row_of(observable.type).matching == Matching::kRule) return;
  const std::string& value = observable.value;
  visit(KeyKind::kValue, ValueKey(observable.type, value).text());
  switch (observable.type) {
    case IndicatorType::kCidr:
      if (const auto network = parse_network(value, nullptr)) {
        const std::span<const std::uint8_t> base(network->base.data(), network->is_v6 ? 16 : 4);
        visit(KeyKind::kNetwork, network_key(base, network->prefix));
      }
      break;
    case IndicatorType::kIpv4Port:
      visit(KeyKind::kAddressOfPort, std::string_view(value).substr(0, value.rfind(':')));
      break;
    case IndicatorType::kIpv6Port: {
      const std::size_t close = value.rfind(']');
      if (close != std::string::npos && close > 0)
        visit(KeyKind::kAddressOfPort, std::string_view(value).substr(1, close - 1));
      break;
    }
    case IndicatorType::kUrl:
      if (const auto url = parse_url(value, Scheme::kRequired))
        visit(KeyKind::kUrlPlace, url_key(url->host, url_place(url->path)));
      break;
    case IndicatorType::kFileName:
      visit(KeyKind::kFileName, fold_case(value));
      break;
    case IndicatorType::kFilePath:
      if (value.size() > 2 && value[1] == ':')
        visit(KeyKind::kDrivelessPath, std::string_view(value).substr(2));
      break;
    default:
      break;
  }
}

}  // namespace spoor
