// Scores worked out by hand.

#include "ioc/score.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

using Days = std::chrono::duration<double, std::ratio<86'400>>;

const Time kNow = time_from_micros(1'800'000'000'000'000);
Time days_ago(int days) {
  return kNow - std::chrono::hours(24 * days);
}

TEST(Score, decays_by_the_polynomial_model) {
  const Decay linear{100, 1};
  EXPECT_DOUBLE_EQ(decayed_part(linear, Days(0)), 1);
  EXPECT_DOUBLE_EQ(decayed_part(linear, Days(-5)), 1) << "said in the future";
  EXPECT_DOUBLE_EQ(decayed_part(linear, Days(25)), 0.75);
  EXPECT_DOUBLE_EQ(decayed_part(linear, Days(100)), 0);
  EXPECT_DOUBLE_EQ(decayed_part(linear, Days(1000)), 0);
  EXPECT_DOUBLE_EQ(decayed_part({100, 0.5}, Days(50)), 0.75) << "1 - (1/2)^2: late";
  EXPECT_DOUBLE_EQ(decayed_part({100, 2}, Days(25)), 0.5) << "1 - (1/4)^(1/2): early";
  EXPECT_DOUBLE_EQ(decayed_part({0, 1}, Days(1000)), 1) << "never";
}

TEST(Score, combines_sources_as_independent_evidence) {
  ScoreSettings settings;
  settings.default_weight = 50;
  settings.feeds["sure"] = 80;
  settings.decay[static_cast<std::size_t>(IndicatorType::kIpv4)] = {100, 1};
  const std::vector<ScoredClaim> claims = {
      {"sure", 50, days_ago(90), days_ago(25), std::nullopt, std::nullopt, true},
      {"other", std::nullopt, days_ago(50), std::nullopt, std::nullopt, std::nullopt, true},
      {"other", std::nullopt, days_ago(60), std::nullopt, std::nullopt, std::nullopt, true},
  };
  const Score score = score_of(IndicatorType::kIpv4, claims, kNow, settings);
  ASSERT_EQ(score.sources.size(), 2u);
  EXPECT_EQ(score.sources[0].feed, "other");
  EXPECT_DOUBLE_EQ(score.sources[0].base, 50);
  EXPECT_DOUBLE_EQ(score.sources[0].score, 25) << "the later of its two claims";
  EXPECT_DOUBLE_EQ(score.sources[1].base, 40) << "80 at a confidence of 50";
  EXPECT_DOUBLE_EQ(score.sources[1].score, 30) << "last said 25 days ago";
  EXPECT_DOUBLE_EQ(score.base, 70) << "1 - 0.5 * 0.6";
  EXPECT_DOUBLE_EQ(score.score, 47.5) << "1 - 0.75 * 0.7";
}

TEST(Score, what_has_ended_counts_nothing) {
  const ScoreSettings settings;
  const ScoredClaim live{"f",          std::nullopt, days_ago(0), std::nullopt,
                         std::nullopt, std::nullopt, true};
  for (const int way : {0, 1, 2}) {
    ScoredClaim over = live;
    if (way == 0) over.active = false;
    if (way == 1) over.ended = days_ago(1);
    if (way == 2) over.expiration = kNow;
    const Score score = score_of(IndicatorType::kDomain, std::span(&over, 1), kNow, settings);
    EXPECT_EQ(score.score, 0) << way;
    ASSERT_EQ(score.sources.size(), 1u);
    EXPECT_FALSE(score.sources[0].counts);
  }
  EXPECT_EQ(score_of(IndicatorType::kDomain, std::span(&live, 1), kNow, settings).score, 50);
  EXPECT_EQ(score_of(IndicatorType::kDomain, {}, kNow, settings).score, 0);
}

TEST(Score, without_a_date_nothing_says_how_old_it_is) {
  const ScoredClaim claim{"f",          100,          std::nullopt, std::nullopt,
                          std::nullopt, std::nullopt, true};
  EXPECT_EQ(score_of(IndicatorType::kIpv4, std::span(&claim, 1), kNow, {}).score, 50);
}

TEST(Score, stays_within_its_bounds) {
  ScoreSettings settings;
  settings.default_weight = 100;
  std::vector<ScoredClaim> claims;
  const std::string feeds[] = {"a", "b", "c"};
  for (const std::string& feed : feeds)
    claims.push_back({feed, 100, std::nullopt, std::nullopt, std::nullopt, std::nullopt, true});
  EXPECT_EQ(score_of(IndicatorType::kMd5, claims, kNow, settings).score, 100);
}

}  // namespace
}  // namespace spoor
