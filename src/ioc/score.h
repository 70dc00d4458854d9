// How much an indicator deserves belief now: 0 to 100. Two steps, both visible:
//
//   base   of what its sources say. A source's confidence in a claim is its own (0..100) times
//          its weight, or the weight alone where it says none. Sources that agree add up as
//          independent evidence does: 1 - (1 - c1)(1 - c2)..., so that a second source raises
//          the base and none exceeds 100. Of a feed the surest claim counts, once.
//   decay  with the time t since a source last said it: base * (1 - (t / lifetime)^(1 /
//   shape)),
//          MISP's polynomial model (Mokaddem and others, "Taxonomy driven indicator scoring in
//          MISP threat intelligence platforms", 2018). 0 at the end of its type's lifetime. A
//          shape under 1 keeps most of the score until late, one over 1 loses most of it early.
//
// A claim that has ended, that its source calls inactive, or whose expiration has passed counts
// nothing any more; where all have, the score is 0. A claim without any date does not decay:
// nothing says how old it is. The score is for ranking and filtering; whether an indicator was
// live at an event's time is another question (`live`). Tested by score_test.cpp.

#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "ioc/type.h"

namespace spoor {

struct Decay {
  double lifetime_days = 365;
  double shape = 1.0;
};

struct ScoreSettings {
  double default_weight = 50;  ///< of a feed that no row names, 0..100
  std::map<std::string, double, std::less<>> feeds;
  std::array<Decay, kIndicatorTypeCount> decay;
  ScoreSettings();  ///< the table of default_decay()
};
Decay default_decay(IndicatorType type);

/// What a score needs of a claim.
struct ScoredClaim {
  std::string_view feed;
  std::optional<std::uint8_t> confidence;
  std::optional<Time> created, last_said, expiration, ended;
  bool active = true;
};

/// One source's part of it.
struct SourceScore {
  std::string feed;
  double base = 0;      ///< 0..100, before decay
  double score = 0;     ///< after
  bool counts = false;  ///< false: ended, inactive or expired
};
struct Score {
  double base = 0, score = 0;
  std::vector<SourceScore> sources;  ///< a feed each, by name
};

/// 1 - (t/lifetime)^(1/shape), at least 0; 1 for t <= 0. A lifetime of 0 never decays.
double decayed_part(const Decay& decay, std::chrono::duration<double> age);

Score score_of(IndicatorType type, std::span<const ScoredClaim> claims, Time now,
               const ScoreSettings& settings);

}  // namespace spoor
