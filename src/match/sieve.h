// The sieve: rules out lines. See sieve_scan.inl for the idea and README.md for its figures.
// One flat block of bytes, position-independent, so that it can lie in a snapshot file.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/observable.h"
#include "ioc/sighting.h"

namespace spoor {

namespace sieve {

/// What a scan asks: the parts of an opened block, its numbers checked.
struct Parts {
  std::uint32_t lanes = 0, least_agent = 0, least_run = 0, least_word = 1;
  bool words_without_letters = false, every_quote = false;
  unsigned bucket_shift = 0, word_shift = 0;
  std::uint64_t filter_blocks = 0, entry_count = 0, range_count = 0;
  std::uint64_t run_lengths[4] = {}, v6_prefixes[3] = {};
  const std::uint64_t* filter = nullptr;
  const std::uint32_t* buckets = nullptr;
  const std::uint32_t* entries = nullptr;
  const std::uint64_t* words = nullptr;
  const std::uint32_t* ranges = nullptr;
  const std::uint64_t* tlds = nullptr;
  const std::uint64_t* nets = nullptr;
  const std::uint64_t* uppers = nullptr;
};

}  // namespace sieve

/// What a scan finds; reusable.
struct SieveScratch {
  std::vector<std::uint32_t> flagged;      ///< offsets, a line may come twice
  std::vector<std::uint32_t> soft_breaks;  ///< offsets of '=' before a line end, ascending
  bool has_nul = false;                    ///< UTF-16 may lie in the text
};

/// Collects the keys of a list and builds the block.
class SieveBuilder {
 public:
  SieveBuilder();
  ~SieveBuilder();
  /// Any order; about 0.5 us. Not thread-safe.
  void add(const Observable& indicator);
  /// Takes over what another builder collected.
  void merge(SieveBuilder&& other);
  /// The block: 8-byte aligned when put at a 64-byte border. About 7 bytes an indicator.
  std::vector<std::byte> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Sieve {
 public:
  /// A view of `block` (64-byte aligned, borrowed). Nothing where it is no block of this
  /// version or its parts do not lie within it. Whatever its bytes are, scanning reads nothing
  /// outside of it.
  static std::optional<Sieve> open(std::span<const std::byte> block);

  using Scratch = SieveScratch;

  /// Fills `scratch`: for every line of `text` (bytes between LFs, under 4 GiB) in which the
  /// rules of the raw pass and its readings (S3; soft breaks and UTF-16 apart) could find an
  /// indicator, an offset within that line. Never leaves such a line out.
  /// Without readings (for measuring what they cost) escapes and soft breaks are not looked
  /// for.
  void scan(std::string_view text, Scratch& scratch, bool with_readings = true) const;

  /// The same for one reading `text`, which `chain` led to, and all readings of it: whether the
  /// rules could find something.
  bool could_match(std::string_view text, std::span<const ViewKind> chain) const;

 private:
  sieve::Parts parts_;
};

}  // namespace spoor
