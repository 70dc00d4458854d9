#include "match/exact_index.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/check.h"
#include "base/hash.h"
#include "ioc/path.h"

namespace spoor {

std::uint64_t ExactIndex::hash_of(KeyKind kind, std::string_view key) {
  // The kind is mixed in by a multiplicative constant (Fibonacci hashing), so that equal texts
  // of two kinds part.
  return xxh3_64(key) ^ (static_cast<std::uint64_t>(kind) + 1) * 0x9E3779B97F4A7C15ull;
}

std::string ExactIndex::network_key(std::span<const std::uint8_t> address, int prefix) {
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

void ExactIndex::append_value_key(std::string& key, IndicatorType type,
                                  std::string_view value) {
  key += static_cast<char>(type);
  key += value;
}

std::string ExactIndex::url_key(std::string_view host, std::string_view path) {
  std::string key(host);
  key += '\n';
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  for (const char c : path) key += to_lower(c);
  return key;
}

void ExactIndex::add(KeyKind kind, std::string_view key, std::uint32_t indicator) {
  keys_.push_back({hash_of(kind, key), indicator});
}

void ExactIndex::add_derived_keys(std::uint32_t indicator) {
  const Observable& observable = indicators_[indicator];
  const std::string& value = observable.value;
  switch (observable.type) {
    case IndicatorType::kCidr: {
      const auto network = parse_network(value, nullptr);
      if (!network) break;
      const std::span<const std::uint8_t> base(network->base.data(), network->is_v6 ? 16 : 4);
      add(KeyKind::kNetwork, network_key(base, network->prefix), indicator);
      auto& prefixes = network->is_v6 ? v6_prefixes_ : v4_prefixes_;
      if (std::find(prefixes.begin(), prefixes.end(), network->prefix) == prefixes.end()) {
        prefixes.push_back(network->prefix);
      }
      break;
    }
    case IndicatorType::kIpv4Port:
      add(KeyKind::kAddressOfPort, value.substr(0, value.rfind(':')), indicator);
      break;
    case IndicatorType::kIpv6Port: {
      const std::size_t close = value.rfind(']');
      if (close != std::string::npos && close > 0)
        add(KeyKind::kAddressOfPort, value.substr(1, close - 1), indicator);
      break;
    }
    case IndicatorType::kUrl: {
      auto url = parse_url(value, Scheme::kRequired);
      if (!url) break;
      add(KeyKind::kUrlPlace, url_key(url->host, url->path), indicator);
      url_of_[indicator] = static_cast<std::uint32_t>(urls_.size());
      urls_.push_back(std::move(*url));
      break;
    }
    case IndicatorType::kFileName:
      add(KeyKind::kFileName, fold_case(value), indicator);
      break;
    case IndicatorType::kFilePath:
      if (value.size() > 2 && value[1] == ':')
        add(KeyKind::kDrivelessPath, value.substr(2), indicator);
      break;
    case IndicatorType::kDomain:
    case IndicatorType::kHostname:
      if (value.find('.') == std::string::npos) has_single_label_ = true;
      break;
    default:
      break;
  }
}

ExactIndex::ExactIndex(const std::vector<Observable>& indicators) : indicators_(indicators) {
  SPOOR_CHECK(indicators.size() < UINT32_MAX);
  url_of_.assign(indicators_.size(), 0);
  keys_.reserve(indicators_.size() + indicators_.size() / 4);
  bare_lengths_.assign(1025, false);
  std::string key;
  for (std::uint32_t i = 0; i < indicators_.size(); ++i) {
    const Observable& observable = indicators_[i];
    if (row_of(observable.type).matching == Matching::kRule) continue;
    present_[static_cast<std::size_t>(observable.type)] = true;
    key.clear();
    append_value_key(key, observable.type, observable.value);
    add(KeyKind::kValue, key, i);
    add_derived_keys(i);
    const bool bare = observable.type == IndicatorType::kFileName ||
                      observable.type == IndicatorType::kMutex ||
                      observable.type == IndicatorType::kNamedPipe;
    if (bare && observable.value.size() < bare_lengths_.size())
      bare_lengths_[observable.value.size()] = true;
  }
  std::sort(v4_prefixes_.rbegin(), v4_prefixes_.rend());
  std::sort(v6_prefixes_.rbegin(), v6_prefixes_.rend());
  std::sort(keys_.begin(), keys_.end(), [](const Key& a, const Key& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.indicator < b.indicator;
  });
  keys_.shrink_to_fit();

  // One bucket for about one key, found by the top bits: a lookup touches one bucket and one or
  // two keys.
  int bits = 1;
  while (bits < 26 && (std::size_t{1} << bits) < keys_.size()) ++bits;
  shift_ = 64 - bits;
  bucket_.assign((std::size_t{1} << bits) + 1, static_cast<std::uint32_t>(keys_.size()));
  for (std::size_t i = keys_.size(); i-- > 0;)
    bucket_[keys_[i].hash >> shift_] = static_cast<std::uint32_t>(i);
  for (std::size_t b = bucket_.size() - 1; b-- > 0;) {
    // An empty bucket begins where the next one does.
    if (bucket_[b] == keys_.size()) bucket_[b] = bucket_[b + 1];
  }
}

}  // namespace spoor
