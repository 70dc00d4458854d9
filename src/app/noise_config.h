// What the configuration says of noise and scores, and the judge that a store and it make
// together. Tested by noise_config_test.cpp.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/command.h"
#include "base/clock.h"
#include "base/result.h"
#include "hunt/verdicts.h"
#include "ioc/score.h"
#include "noise/noise.h"
#include "store/noise_store.h"

namespace spoor {

struct NoiseSettings {
  bool builtin = true;
  VolumeLimits volume;
};
Result<NoiseSettings> noise_settings(const Config& config);
Result<ScoreSettings> score_settings(const Config& config);

/// The judge of the store's lists. What of the lists cannot be used is tallied.
/// Entries of the allow-list that have expired by `now` do not count.
Result<std::shared_ptr<const Noise>> load_judge(NoiseStore& store,
                                                const NoiseSettings& settings, Tally& refused,
                                                Time now = SystemClock().now());

/// Judges all stored sightings by `judge` and writes what changes; `told` sees every group as
/// it is afterwards.
Result<JudgeCounts> judge_stored(NoiseStore& store, const Noise& judge,
                                 std::uint64_t all_events,
                                 const std::function<void(const SightingGroup&)>& told);

/// The store's part that noise needs. The store is there, or an error says so; it is brought up
/// to date where it may be written.
Result<std::unique_ptr<NoiseStore>> open_noise_store(const Invocation& invocation,
                                                     Store::Mode mode);

/// The judge of the store as it is, which the caller has opened before. What of the lists
/// cannot be used is not told: that was said where they were taken in.
Result<std::shared_ptr<const Noise>> judge_of_store(const Invocation& invocation);

/// What a hunt judges by, for as long as it goes on. Holds a connection of its own.
class HuntJudge {
 public:
  /// `store`: its path.
  static Result<HuntJudge> open(const std::string& store, const Config& config);

  /// The judge, and what earlier hunts saw often.
  Result<HuntNoise> load(Time now);
  /// Another judge, if lists, allow-list or notes have changed since the last one, or an entry
  /// of the allow-list has expired; null if not. Costs one row where nothing has changed.
  Result<std::shared_ptr<const Noise>> reload(Time now);

 private:
  HuntJudge(std::unique_ptr<NoiseStore> store, const NoiseSettings& settings)
      : store_(std::move(store)), settings_(settings) {}
  Result<std::shared_ptr<const Noise>> judge(Time now);

  std::unique_ptr<NoiseStore> store_;
  NoiseSettings settings_;
  std::int64_t mark_ = 0;            // of a state that the judge holds, or an older one
  std::optional<Time> next_expiry_;  // of the entries that it holds
};

}  // namespace spoor
