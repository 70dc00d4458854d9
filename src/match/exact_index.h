// The compiled indicators of the reference matcher: for each kind of key a table from a 64-bit
// hash of the key to the indicators that have it. Whoever finds a candidate compares the values
// themselves, so a hash collision costs time and never an answer. Memory: 16 bytes a key and
// the indicators' own strings. Built once, then const.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/ip.h"
#include "ioc/observable.h"
#include "ioc/url.h"
#include "match/matcher.h"

namespace spoor {

/// What a key is. Several kinds may stand for one indicator (a path by itself and without its
/// drive).
enum class KeyKind : std::uint8_t {
  kValue,          ///< type and canonical value
  kAddressOfPort,  ///< address of an address:port indicator, canonical text (P2)
  kNetwork,        ///< base and prefix length, 17 bytes and a family byte
  kUrlPlace,       ///< host and lower-case path without trailing '/' (U)
  kFileName,       ///< case-folded file name (F3)
  kDrivelessPath,  ///< Windows path after its drive letter (F1)
};

class ExactIndex {
 public:
  explicit ExactIndex(const std::vector<Observable>& indicators);

  const Observable& at(std::uint32_t indicator) const { return indicators_[indicator]; }
  std::size_t size() const { return indicators_.size(); }
  bool has(IndicatorType type) const { return present_[static_cast<std::size_t>(type)]; }

  /// Calls `visit(indicator)` for each indicator that has a key with this hash; the caller
  /// compares.
  template <typename Visit>
  void candidates(KeyKind kind, std::string_view key, Visit&& visit) const {
    const std::uint64_t hash = hash_of(kind, key);
    for (std::size_t i = bucket_[hash >> shift_]; i < keys_.size() && keys_[i].hash <= hash;
         ++i) {
      if (keys_[i].hash == hash) visit(keys_[i].indicator);
    }
  }

  /// Indicators of `type` whose canonical value is `value`.
  template <typename Visit>
  void of_value(IndicatorType type, std::string_view value, Visit&& visit) const {
    if (!has(type)) return;
    std::string key;
    append_value_key(key, type, value);
    candidates(KeyKind::kValue, key, [&](std::uint32_t indicator) {
      if (at(indicator).type == type && at(indicator).value == value) visit(indicator);
    });
  }

  /// Networks that hold an address, longest prefix first (C1). `address` is 4 or 16 bytes in
  /// network order.
  template <typename Visit>
  void networks_of(std::span<const std::uint8_t> address, Visit&& visit) const {
    const bool v6 = address.size() == 16;
    for (const int prefix : v6 ? v6_prefixes_ : v4_prefixes_) {
      candidates(KeyKind::kNetwork, network_key(address, prefix),
                 [&](std::uint32_t indicator) { visit(indicator, prefix); });
    }
  }

  const Url& url(std::uint32_t indicator) const { return urls_[url_of_[indicator]]; }
  /// Where single labels may be names (only if an indicator is one).
  bool has_single_label() const { return has_single_label_; }
  /// Whether some indicator of the kinds that stand as bare words (file name, mutex, pipe) has
  /// this many bytes.
  bool has_bare_length(std::size_t length) const {
    return length < bare_lengths_.size() && bare_lengths_[length];
  }

  static std::string network_key(std::span<const std::uint8_t> address, int prefix);
  static void append_value_key(std::string& key, IndicatorType type, std::string_view value);
  static std::string url_key(std::string_view host, std::string_view path);

 private:
  struct Key {
    std::uint64_t hash;
    std::uint32_t indicator;
  };
  static std::uint64_t hash_of(KeyKind kind, std::string_view key);
  void add(KeyKind kind, std::string_view key, std::uint32_t indicator);
  void add_derived_keys(std::uint32_t indicator);

  std::vector<Observable> indicators_;
  std::vector<Key> keys_;  // sorted by hash
  std::vector<std::uint32_t>
      bucket_;  // first key at or after each value of the hash's top bits
  int shift_ = 63;
  std::vector<Url> urls_;
  std::vector<std::uint32_t> url_of_;           // indicator -> row of urls_
  std::vector<int> v4_prefixes_, v6_prefixes_;  // that occur, longest first
  std::array<bool, kIndicatorTypeCount> present_{};
  std::vector<bool> bare_lengths_;
  bool has_single_label_ = false;
};

}  // namespace spoor
