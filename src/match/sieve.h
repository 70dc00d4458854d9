// The sieve: rules out lines. See sieve_scan.inl for the idea and README.md for its figures.
// One flat block of bytes, position-independent, so that it can lie in a snapshot file.

#pragma once

#include <algorithm>
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
#include "match/large_pages.h"
#include "match/views.h"

namespace spoor {

namespace sieve {

/// What a scan asks: the parts of an opened block, its numbers checked.
struct Parts {
  std::uint32_t lanes = 0, least_agent = 0, least_run = 0, least_word = 1;
  bool words_without_letters = false, every_quote = false, bare_hosts = false;
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

/// Readings that are scanned together: what is looked at of each, one behind the other.
struct Batch {
  struct Part {
    std::size_t end;  ///< in `text`
    std::size_t line, view;
    unsigned kinds;   ///< of escapes that were seen in it: a bit for each ViewKind
    bool found;       ///< the rules could find something in it
    bool names_host;  ///< as ReadLine's
  };
  Part& part_at(std::size_t at) {
    return *std::upper_bound(
        parts.begin(), parts.end(), at,
        [](std::size_t place, const Part& part) { return place < part.end; });
  }
  std::string text;
  std::vector<Part> parts;   ///< in order
  bool wants_hosts = false;  ///< as SieveScratch's
};

/// A line whose readings are asked for.
struct ReadLine {
  std::size_t begin = 0;
  /// Itself and its readings: the first `count`, behind them views whose room is used again.
  std::vector<View> views;
  std::size_t count = 0;
  std::vector<unsigned> kinds;  ///< of escapes of each view, a bit for each ViewKind
  bool found = false;           ///< the rules could find something in one of its readings
  bool names_host = false;      ///< a host of URLs that are claims stands in one of them
};

}  // namespace sieve

/// What a scan finds; reusable.
struct SieveScratch {
  std::vector<std::uint32_t> flagged;  ///< offsets, a line may come twice
  /// Offsets in those of the lines in which paths, names of files and the like could be found
  /// before any escape is undone.
  std::vector<std::uint32_t> things;
  std::vector<std::uint32_t> soft_breaks;  ///< offsets of '=' before a line end, ascending
  /// Where `wants_hosts`: offsets in lines in which the host of a URL that is a claim stands,
  /// in whatever spelling. Together with the flagged lines all of these, where
  /// Sieve::knows_hosts().
  std::vector<std::uint32_t> hosts;
  bool wants_hosts = false;                 ///< set by the caller
  std::vector<sieve::ReadLine> read_lines;  ///< room of the scan's own
  sieve::Batch batch, regions;              ///< the same
  std::vector<std::uint32_t> places;        ///< the same
  bool has_nul = false;                     ///< UTF-16 may lie in the text
  bool has_escape = false;                  ///< control sequences (ESC) may lie in the text
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
  /// As many bytes are scanned at once. For tests, which put what matters over their borders.
  static constexpr std::size_t kWindowBytes = 3072;

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

  /// Whether scan() tells of every line with the host of a URL that is a claim; not where one
  /// of the hosts is a single label.
  bool knows_hosts() const { return !parts_.bare_hosts; }

  /// The same for one reading `text`, which `chain` led to, and all readings of it: whether the
  /// rules could find something.
  bool could_match(std::string_view text, std::span<const ViewKind> chain) const;

 private:
  sieve::Parts parts_;
  std::shared_ptr<LargePages> filter_;
};

}  // namespace spoor
