// The compiled indicators as a view of flat sections, mapped from a snapshot file: nothing is
// built when it opens, and whatever the sections hold, nothing outside of them is read. What
// bytes they are and how damage is noticed stands in snapshot.h.
//
// A key is looked up in one bucket, picked by the top bits of its hash. A bucket holds two to
// four entries of six bytes, sorted by the next 16 bits of the hash (the fingerprint), then by
// indicator: one line of memory for the bucket's bounds, one for its entries. Where many
// indicators share a key (ten thousand ports of one address) the bucket is long, and the
// binary search finds the run of equal fingerprints. A lookup visits no more entries than the
// longest run that the writer counted; the count stands in the checksummed header, so that
// damaged entries cannot make a lookup long. Two keys in one bucket share a fingerprint once in
// 65,536 times; the caller compares values, so that this costs time and no answer.
//
// Costs: 6 bytes a key, 1 to 2 bytes of bucket bounds a key, 3.3 bytes an indicator and its
// value. Tested by snapshot_test.cpp.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "match/claim_index.h"

namespace spoor {

/// The layout that reader and writer agree on. Numbers are in the byte order of the machine.
namespace flat {

/// Lengths are added up from the last base: 32 lengths of two bytes are one cache line.
inline constexpr std::size_t kLengthsPerBase = 32;
inline constexpr std::size_t kMaxValueBytes = 65535;
inline constexpr std::size_t kKeyBytes = 6;  // u16 fingerprint, u32 indicator
inline constexpr int kMinBucketBits = 1;
inline constexpr int kMaxBucketBits = 26;  // with 2^26 buckets and more keys, buckets grow
inline constexpr std::size_t kTraitsWords = 40 + 4096 + 1024;

using TraitsWords = std::array<std::uint64_t, kTraitsWords>;

inline std::uint64_t bucket_of(std::uint64_t hash, int bits) {
  return hash >> (64 - bits);
}
inline std::uint16_t fingerprint_of(std::uint64_t hash, int bits) {
  return static_cast<std::uint16_t>(hash >> (48 - bits));
}

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
template <typename T>
void store(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

/// Traits as sets of bits; those of two lists together are the words or-ed.
TraitsWords pack_traits(const IndexTraits& traits);
/// Any words give traits that are safe to use; bits that stand for nothing are passed over.
IndexTraits unpack_traits(const TraitsWords& words);

}  // namespace flat

/// What a FlatIndex reads. The sizes must agree with the numbers; the contents may be anything.
struct FlatSections {
  std::uint32_t count = 0;      ///< indicators
  std::uint64_t key_count = 0;  ///< below 2^32
  int bucket_bits = flat::kMinBucketBits;
  std::uint32_t longest_run = 0;       ///< most entries with one bucket and fingerprint
  std::span<const std::byte> traits;   ///< kTraitsWords u64
  std::span<const std::byte> types;    ///< count u8
  std::span<const std::byte> lengths;  ///< count u16
  std::span<const std::byte> bases;    ///< u64 for each kLengthsPerBase indicators, or part
  std::span<const std::byte> values;   ///< any number of bytes
  std::span<const std::byte> buckets;  ///< 2^bucket_bits + 1 u32, first entry of each bucket
  std::span<const std::byte> keys;     ///< key_count entries of kKeyBytes
};

class FlatIndex final : public ClaimIndex {
 public:
  /// Borrows what the spans hold. O(1).
  explicit FlatIndex(const FlatSections& sections);

  std::size_t size() const override { return sections_.count; }
  /// An indicator that is out of range, whose type is none, or whose value does not lie in the
  /// values is a rule-like type with an empty value, which no rule meets.
  ClaimRef at(std::uint32_t indicator) const override;
  void candidates(KeyKind kind, std::string_view key,
                  FunctionRef<void(std::uint32_t)> visit) const override;
  void announce(std::span<const std::uint64_t> hashes) const override;
  /// Parses the value into `room`; an empty Url where it is none.
  const Url& url(std::uint32_t indicator, Url& room) const override;

 private:
  FlatSections sections_;
};

}  // namespace spoor
