// The verdict of each sighting of a hunt: what `noise` says of it, with the counts that the
// hunt has so far. Runs in the thread that puts results together, event by event in their
// order, so that a verdict depends on the bytes and the store alone and on no thread. Private
// to `hunt`. Tested by verdicts_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "logs/record.h"
#include "match/matcher.h"
#include "noise/noise.h"

namespace spoor {

/// What a hunt judges sightings by. Without a judge only the grade decides.
struct HuntNoise {
  std::shared_ptr<const Noise> judge;
  /// What earlier hunts have seen often: by observable, and out of how many events.
  std::unordered_map<std::int64_t, Volume> earlier;
  std::uint64_t earlier_events = 0;
  std::uint64_t context_only = 0;  ///< indicators that every source calls context
};

class Verdicts {
 public:
  explicit Verdicts(const HuntNoise& noise) : noise_(noise) {}

  /// Sets verdict, reason, flow and host; its observable and id are known. `record` may be
  /// null; `events`: how many the hunt has read.
  void judge(Sighting& sighting, const EventRecord* record, std::uint64_t events);
  /// The noise has another judge: what the old one said of an observable alone no longer
  /// holds. The counts go on.
  void judge_changed() { ++judge_number_; }

 private:
  struct Seen {
    Judgement alone;
    std::uint32_t judge_number = 0;  ///< whose word `alone` is
    std::uint64_t events = 0;
    std::unordered_set<std::uint64_t> hosts;  // as hashes
  };
  static constexpr std::size_t kMostSeen = 200'000;
  static constexpr std::size_t kMostHosts = 10'000;

  Seen& seen_of(const Sighting& sighting);

  const HuntNoise& noise_;
  std::uint32_t judge_number_ = 1;
  std::unordered_map<std::int64_t, Seen> seen_;
};

}  // namespace spoor
