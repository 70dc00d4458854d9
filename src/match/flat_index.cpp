#include "match/flat_index.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/check.h"
#include "ioc/url.h"

namespace spoor {

namespace flat {

namespace {

// Words of the packed traits.
constexpr std::size_t kPresent = 0;      // bit t: type t occurs
constexpr std::size_t kFlags = 1;        // bit 0: has_single_label, 1: has_relative_path
constexpr std::size_t kV4Prefixes = 2;   // bit n: prefix length n occurs, 0..32
constexpr std::size_t kV6Prefixes = 3;   // 0..128
constexpr std::size_t kBareLengths = 6;  // bit n: 0..1024
constexpr std::size_t kAgentLengths = kBareLengths + (IndexTraits::kBareLengths + 63) / 64;
constexpr std::size_t kSeldom = kAgentLengths + (IndexTraits::kBareLengths + 63) / 64;
constexpr std::size_t kV4Networks = kSeldom + std::tuple_size_v<decltype(IndexTraits::seldom)>;
static_assert(kV4Networks + std::tuple_size_v<decltype(IndexTraits::v4_networks)> ==
              kTraitsWords);
static_assert(kIndicatorTypeCount <= 64);

void set_bit(TraitsWords& words, std::size_t word, std::size_t bit) {
  words[word + bit / 64] |= std::uint64_t{1} << (bit % 64);
}
bool get_bit(const TraitsWords& words, std::size_t word, std::size_t bit) {
  return (words[word + bit / 64] >> (bit % 64) & 1) != 0;
}

}  // namespace

TraitsWords pack_traits(const IndexTraits& traits) {
  TraitsWords words{};
  for (std::size_t t = 0; t < traits.present.size(); ++t) {
    if (traits.present[t]) set_bit(words, kPresent, t);
  }
  if (traits.has_single_label) set_bit(words, kFlags, 0);
  if (traits.has_relative_path) set_bit(words, kFlags, 1);
  for (const int n : traits.v4_prefixes) {
    if (n >= 0 && n <= 32) set_bit(words, kV4Prefixes, static_cast<std::size_t>(n));
  }
  for (const int n : traits.v6_prefixes) {
    if (n >= 0 && n <= 128) set_bit(words, kV6Prefixes, static_cast<std::size_t>(n));
  }
  for (std::size_t n = 0; n < IndexTraits::kBareLengths; ++n) {
    if (traits.bare_lengths[n]) set_bit(words, kBareLengths, n);
    if (traits.agent_lengths[n]) set_bit(words, kAgentLengths, n);
  }
  std::copy(traits.seldom.begin(), traits.seldom.end(), words.begin() + kSeldom);
  std::copy(traits.v4_networks.begin(), traits.v4_networks.end(), words.begin() + kV4Networks);
  return words;
}

IndexTraits unpack_traits(const TraitsWords& words) {
  IndexTraits traits;
  for (std::size_t t = 0; t < traits.present.size(); ++t) {
    traits.present[t] = get_bit(words, kPresent, t);
  }
  traits.has_single_label = get_bit(words, kFlags, 0);
  traits.has_relative_path = get_bit(words, kFlags, 1);
  for (int n = 0; n <= 32; ++n) {
    if (get_bit(words, kV4Prefixes, static_cast<std::size_t>(n)))
      traits.v4_prefixes.push_back(n);
  }
  for (int n = 0; n <= 128; ++n) {
    if (get_bit(words, kV6Prefixes, static_cast<std::size_t>(n)))
      traits.v6_prefixes.push_back(n);
  }
  for (std::size_t n = 0; n < IndexTraits::kBareLengths; ++n) {
    traits.bare_lengths[n] = get_bit(words, kBareLengths, n);
    traits.agent_lengths[n] = get_bit(words, kAgentLengths, n);
  }
  std::copy_n(words.begin() + kSeldom, traits.seldom.size(), traits.seldom.begin());
  std::copy_n(words.begin() + kV4Networks, traits.v4_networks.size(),
              traits.v4_networks.begin());
  traits.finish();
  return traits;
}

}  // namespace flat

FlatIndex::FlatIndex(const FlatSections& sections) : sections_(sections) {
  const std::size_t count = sections.count;
  SPOOR_CHECK(sections.bucket_bits >= flat::kMinBucketBits &&
              sections.bucket_bits <= flat::kMaxBucketBits);
  SPOOR_CHECK(sections.traits.size() == sizeof(flat::TraitsWords));
  SPOOR_CHECK(sections.types.size() == count);
  SPOOR_CHECK(sections.lengths.size() == count * 2);
  SPOOR_CHECK(sections.bases.size() ==
              (count + flat::kLengthsPerBase - 1) / flat::kLengthsPerBase * 8);
  SPOOR_CHECK(sections.buckets.size() ==
              ((std::size_t{1} << sections.bucket_bits) + 1) * sizeof(std::uint32_t));
  SPOOR_CHECK(sections.key_count <= UINT32_MAX &&
              sections.keys.size() == sections.key_count * flat::kKeyBytes);
  traits_ = flat::unpack_traits(flat::load<flat::TraitsWords>(sections.traits.data()));
}

ClaimRef FlatIndex::at(std::uint32_t indicator) const {
  const ClaimRef nothing{IndicatorType::kYara, {}};
  if (indicator >= sections_.count) return nothing;
  const auto type = flat::load<std::uint8_t>(sections_.types.data() + indicator);
  if (type >= kIndicatorTypeCount) return nothing;

  const std::size_t first = indicator / flat::kLengthsPerBase * flat::kLengthsPerBase;
  const auto base =
      flat::load<std::uint64_t>(sections_.bases.data() + indicator / flat::kLengthsPerBase * 8);
  const std::byte* lengths = sections_.lengths.data();
  std::uint64_t skipped = 0;  // at most 31 * 65535
  for (std::size_t i = first; i < indicator; ++i)
    skipped += flat::load<std::uint16_t>(lengths + i * 2);
  const std::uint64_t length = flat::load<std::uint16_t>(lengths + std::size_t{indicator} * 2);
  const std::uint64_t size = sections_.values.size();
  // In this order nothing wraps round, whatever the base is.
  if (base > size || skipped + length > size - base) return nothing;
  return {static_cast<IndicatorType>(type),
          {reinterpret_cast<const char*>(sections_.values.data()) + base + skipped, length}};
}

void FlatIndex::candidates(KeyKind kind, std::string_view key,
                           FunctionRef<void(std::uint32_t)> visit) const {
  const std::uint64_t hash = hash_of(kind, key);
  if (IndexTraits::is_seldom(kind, key) && !traits_.has_seldom(hash)) return;
  const std::uint64_t bucket = flat::bucket_of(hash, sections_.bucket_bits);
  const std::uint16_t wanted = flat::fingerprint_of(hash, sections_.bucket_bits);
  const std::byte* bounds = sections_.buckets.data() + bucket * 4;
  std::uint64_t begin = flat::load<std::uint32_t>(bounds);
  const std::uint64_t end = flat::load<std::uint32_t>(bounds + 4);
  if (end > sections_.key_count || begin >= end) return;

  const std::byte* keys = sections_.keys.data();
  const auto fingerprint = [keys](std::uint64_t i) {
    return flat::load<std::uint16_t>(keys + i * flat::kKeyBytes);
  };
  // Below eight entries a walk is faster than a search. Neither takes many steps where damaged
  // entries are in no order.
  std::uint64_t length = end - begin;
  while (length > 8) {
    const std::uint64_t half = length / 2;
    if (fingerprint(begin + half - 1) < wanted) {
      begin += half;
      length -= half;
    } else {
      length = half;
    }
  }
  const std::uint64_t searched = begin + length;
  while (begin < searched && fingerprint(begin) < wanted) ++begin;
  for (std::uint64_t run = 0; begin < end && run < sections_.longest_run; ++begin, ++run) {
    if (fingerprint(begin) != wanted) return;
    const auto indicator = flat::load<std::uint32_t>(keys + begin * flat::kKeyBytes + 2);
    if (indicator < sections_.count) visit(indicator);
  }
}

void FlatIndex::announce(std::span<const std::uint64_t> hashes) const {
  const auto bounds = [this](std::uint64_t hash) {
    return sections_.buckets.data() + flat::bucket_of(hash, sections_.bucket_bits) * 4;
  };
  for (const std::uint64_t hash : hashes) __builtin_prefetch(bounds(hash));
  for (const std::uint64_t hash : hashes) {
    const std::uint64_t begin = flat::load<std::uint32_t>(bounds(hash));
    if (begin < sections_.key_count)
      __builtin_prefetch(sections_.keys.data() + begin * flat::kKeyBytes);
  }
}

const Url& FlatIndex::url(std::uint32_t indicator, Url& room) const {
  auto parsed = parse_url(at(indicator).value, Scheme::kRequired);
  room = parsed ? std::move(*parsed) : Url{};
  return room;
}

}  // namespace spoor
