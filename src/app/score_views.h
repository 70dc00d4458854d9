// Scores of what the store says, and an indicator's sources side by side. Tested by
// tests/score.scenario.

#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "app/command.h"
#include "ioc/score.h"

namespace spoor {

/// Scores by observable, each worked out once: from all claims on it, whatever a filter shows.
class Scores {
 public:
  Scores(Store& store, ScoreSettings settings, Time now)
      : store_(store), settings_(std::move(settings)), now_(now) {}
  /// 0 to 100.
  Result<double> of(ObservableId id);
  const ScoreSettings& settings() const { return settings_; }
  Time now() const { return now_; }

 private:
  static constexpr std::size_t kMost = 200'000;
  Store& store_;
  ScoreSettings settings_;
  Time now_;
  std::unordered_map<std::int64_t, double> known_;
};

/// The score that the claims on one observable make.
Score score_of_claims(std::span<const ClaimView> claims, Time now,
                      const ScoreSettings& settings);

/// --min-score: 0 to 100.
Result<double> min_score(const Options& options);

/// "71", "0.4": as short as is true.
std::string score_text(double score);

/// One indicator: its score, and a row a claim.
std::string sources_text(std::span<const ClaimView> claims, Time now,
                         const ScoreSettings& settings);
std::string sources_json(std::span<const ClaimView> claims, Time now,
                         const ScoreSettings& settings);

/// Weights of feeds, and lifetime and shape of each type.
std::string model_text(const ScoreSettings& settings);
std::string model_json(const ScoreSettings& settings);

}  // namespace spoor
