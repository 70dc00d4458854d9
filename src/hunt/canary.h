// A hunt that finds nothing must show that it would have found something. The compiled set ends
// with indicators that no one claims, made from the store's id and generation; each hunt scans
// files in memory that hold them in several disguises, ahead of all others and through the same
// reader, decoders, workers, rules and collector, and compares what comes out place by place.
//
// What is found of them is never a sighting: not stored, printed or counted. The lines carry a
// random number, whose digest the found event must have, so that nothing but this run can have
// found them. They take microseconds. Tested by canary_test.cpp and hunt_test.cpp.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "ioc/observable.h"
#include "ioc/sighting.h"
#include "logs/finding.h"
#include "match/matcher.h"
#include "match/snapshot.h"

namespace spoor {

/// The id of every canary in a snapshot; observables of the store are positive.
inline constexpr std::int64_t kCanaryId = 0;

struct Canary {
  IndicatorIndex indicator{};
  Observable observable;
};

/// Where the set has such things: a domain below the reserved .invalid (RFC 6761), a digest, an
/// IPv6 address of 2001:db8::/32 (RFC 3849), a URL. None makes the matcher look at what it
/// would not look at anyway, but that a set with nothing of the kind (paths, mail addresses)
/// gets the domain: something must be found. Canonical.
std::vector<Observable> canary_observables(
    const SnapshotOrigin& origin, const std::array<bool, kIndicatorTypeCount>& present);

/// The indicators at the end of the snapshot that are canaries, in its order.
std::vector<Canary> canaries_of(const Snapshot& snapshot);

/// A file that exists in memory only.
struct PlantedFile {
  std::string name;
  std::string bytes;
};

/// One run's plant and what was found of it. One thread at a time.
class CanaryCheck {
 public:
  /// `canaries` by indicator, behind all others of the set; empty: nothing is planted.
  explicit CanaryCheck(const std::vector<Canary>& canaries);
  CanaryCheck(const std::vector<Canary>& canaries, std::uint64_t nonce);

  /// What is to be hunted first. Once.
  std::vector<PlantedFile> take_files() { return std::move(files_); }

  /// True where the hit is not to be told: one of a canary, or anything in a planted file.
  bool take(const Sighting& sighting, IndicatorIndex indicator, bool in_planted_file);

  CanaryResult result() const { return result_; }

 private:
  /// File, offset and length of the match, indicator.
  using Place = std::tuple<std::string, std::uint64_t, std::uint64_t, std::uint32_t>;
  struct Expected {
    std::uint64_t line;
    Digest128 digest;
    bool found = false;
  };
  struct Line;

  void plant(const std::string& name, const std::vector<Line>& lines, bool wide, bool packed);

  std::uint32_t first_ = UINT32_MAX;
  std::vector<PlantedFile> files_;
  std::map<Place, Expected> expected_;
  CanaryResult result_;
};

}  // namespace spoor
