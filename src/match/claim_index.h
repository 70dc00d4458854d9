// What the rules ask of a compiled set of indicators: for each kind of key the indicators that
// have it. Two implementations: ExactIndex (plain containers in memory, the reference's own)
// and FlatIndex (sections of a snapshot file, mapped). Whoever finds a candidate compares the
// values themselves, so a collision of hashes costs time and never an answer.

#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ioc/ip.h"
#include "ioc/observable.h"
#include "ioc/url.h"

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

/// A borrowed callable: two pointers, no allocation. Lives no longer than the call it is passed
/// to.
template <typename Signature>
class FunctionRef;
template <typename... Arguments>
class FunctionRef<void(Arguments...)> {
 public:
  template <typename F,
            typename = std::enable_if_t<!std::is_same_v<std::decay_t<F>, FunctionRef>>>
  FunctionRef(F&& callable)  // NOLINT: implicit, as a parameter
      : object_(const_cast<void*>(static_cast<const void*>(&callable))),
        call_([](void* object, Arguments... arguments) {
          (*static_cast<std::remove_reference_t<F>*>(object))(
              std::forward<Arguments>(arguments)...);
        }) {}
  void operator()(Arguments... arguments) const {
    call_(object_, std::forward<Arguments>(arguments)...);
  }

 private:
  void* object_;
  void (*call_)(void*, Arguments...);
};

/// What the rules know of the whole set, to pass over what no indicator can be.
struct IndexTraits {
  static constexpr std::size_t kBareLengths = 1025;
  std::array<bool, kIndicatorTypeCount> present{};
  std::vector<int> v4_prefixes, v6_prefixes;  ///< that occur, longest first
  /// bare_lengths[n]: some file name, mutex or pipe has n bytes.
  std::vector<bool> bare_lengths = std::vector<bool>(kBareLengths, false);
  /// Bit n: some user agent has n bytes; the last one: that many or more.
  std::bitset<kBareLengths> agent_lengths;
  bool has_single_label = false;   ///< some name has no dot
  bool has_relative_path = false;  ///< some path has no root (path_style())
  /// Bit map over the upper 18 bits of hash_of() for the keys of types that lines ask for often
  /// and sets hold seldom. A line has hundreds of words that could be names of files and dozens
  /// of strings that could be user agents; a look here spares most of them the wait for the
  /// table.
  std::array<std::uint64_t, 4096> seldom{};
  /// Bit n: a network holds addresses whose upper 16 bits are n. Most addresses need not be
  /// asked for with each length of prefix.
  std::array<std::uint64_t, 1024> v4_networks{};

  /// Whether a key of this kind (of kValue: with this type) is one that `seldom` knows.
  static bool is_seldom(KeyKind kind, std::string_view key);
  bool has_seldom(std::uint64_t hash) const {
    return (seldom[hash >> 52] >> (hash >> 46 & 63) & 1) != 0;
  }
  /// `address`: in network order, of four bytes.
  bool has_v4_network_at(std::span<const std::uint8_t> address) const {
    const unsigned upper = static_cast<unsigned>(address[0]) << 8 | address[1];
    return (v4_networks[upper / 64] >> (upper % 64) & 1) != 0;
  }

  void add(const Observable& observable);
  void add_network(const Network& network);
  void finish();  ///< sorts the prefixes
};

struct ClaimRef {
  IndicatorType type;
  std::string_view value;  ///< lives as long as the index
};

/// The key of kind kValue. Those of common lengths cost no allocation.
class ValueKey {
 public:
  ValueKey(IndicatorType type, std::string_view value);
  ValueKey(const ValueKey&) = delete;
  ValueKey& operator=(const ValueKey&) = delete;
  std::string_view text() const { return text_; }

 private:
  std::array<char, 256> room_;  // not initialised: only what text_ shows is written
  std::string long_;
  std::string_view text_;
};

class ClaimIndex {
 public:
  virtual ~ClaimIndex() = default;

  virtual std::size_t size() const = 0;
  /// `indicator` < size().
  virtual ClaimRef at(std::uint32_t indicator) const = 0;
  /// Calls `visit(indicator)` for each indicator that may have this key; the caller compares.
  virtual void candidates(KeyKind kind, std::string_view key,
                          FunctionRef<void(std::uint32_t)> visit) const = 0;
  /// candidates() will be called soon for keys with these hashes (hash_of()). An index whose
  /// table is far away has them fetched together, so that one wait does for all.
  virtual void announce(std::span<const std::uint64_t> hashes) const { (void)hashes; }
  /// The parts of a URL indicator; `room` is where an index that keeps no parts puts them.
  virtual const Url& url(std::uint32_t indicator, Url& room) const = 0;

  bool has(IndicatorType type) const { return traits_.present[static_cast<std::size_t>(type)]; }
  bool has_single_label() const { return traits_.has_single_label; }
  bool has_relative_path() const { return traits_.has_relative_path; }
  /// Whether some indicator of the kinds that stand as bare words (file name, mutex, pipe) has
  /// this many bytes.
  bool has_bare_length(std::size_t length) const {
    return length < traits_.bare_lengths.size() && traits_.bare_lengths[length];
  }
  /// Whether some user agent may have this many bytes.
  bool has_agent_length(std::size_t length) const {
    return traits_.agent_lengths[std::min(length, IndexTraits::kBareLengths - 1)];
  }
  const IndexTraits& traits() const { return traits_; }

  /// Indicators of `type` whose canonical value is `value`.
  template <typename Visit>
  void of_value(IndicatorType type, std::string_view value, Visit&& visit) const {
    if (!has(type)) return;
    const ValueKey key(type, value);
    candidates(KeyKind::kValue, key.text(), [&](std::uint32_t indicator) {
      const ClaimRef claim = at(indicator);
      if (claim.type == type && claim.value == value) visit(indicator);
    });
  }

  /// Networks that may hold an address, longest prefix first (C1). `address` is 4 or 16 bytes
  /// in network order.
  template <typename Visit>
  void networks_of(std::span<const std::uint8_t> address, Visit&& visit) const {
    const bool v6 = address.size() == 16;
    if (!v6 && !traits_.has_v4_network_at(address)) return;
    for (const int prefix : v6 ? traits_.v6_prefixes : traits_.v4_prefixes) {
      candidates(KeyKind::kNetwork, network_key(address, prefix),
                 [&](std::uint32_t indicator) { visit(indicator, prefix); });
    }
  }

  static std::string network_key(std::span<const std::uint8_t> address, int prefix);
  static std::uint64_t hash_of_value(IndicatorType type, std::string_view value);
  /// A URL's path as a place: without its last '/', which U3 does not count.
  static std::string_view url_place(std::string_view path) {
    if (!path.empty() && path.back() == '/') path.remove_suffix(1);
    return path;
  }
  /// `place` and every place above it have keys of their own.
  static std::string url_key(std::string_view host, std::string_view place);
  /// XXH3-64 of the key, the kind mixed in.
  static std::uint64_t hash_of(KeyKind kind, std::string_view key);
  /// Every key by which `observable` is found. Nothing for rule-like types.
  static void for_each_key(const Observable& observable,
                           FunctionRef<void(KeyKind, std::string_view)> visit);

 protected:
  IndexTraits traits_;
};

}  // namespace spoor
