// [noise] and [score] of the configuration.

#include "app/noise_config.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "base/temporary_folder.h"

namespace spoor {
namespace {

class NoiseConfigTest : public ::testing::Test {
 protected:
  Result<Config> read(const std::string& text) {
    folder_.write("spoor.toml", text);
    return read_config(folder_ / "spoor.toml");
  }
  std::string error_of(const std::string& text) {
    const auto config = read(text);
    if (!config) return config.error().message;
    const auto noise = noise_settings(*config);
    if (!noise) return noise.error().message;
    const auto score = score_settings(*config);
    return score ? std::string("none") : score.error().message;
  }
  TemporaryFolder folder_;
};

TEST_F(NoiseConfigTest, reads_every_key) {
  const auto config = read(
      "[noise]\nbuiltin = false\npopular_percent = 2.5\npopular_events = 10\n"
      "popular_hosts = 0\n[score]\ndefault = 40\n[score.feeds]\notx = 60\n\"file:x\" = 12.5\n"
      "[score.decay.IPv4]\nlifetime_days = 30\nshape = 0.5\n[score.decay.domain]\n"
      "lifetime_days = 0\n");
  ASSERT_TRUE(config.has_value()) << config.error().message;
  const auto noise = noise_settings(*config);
  ASSERT_TRUE(noise.has_value()) << noise.error().message;
  EXPECT_FALSE(noise->builtin);
  EXPECT_DOUBLE_EQ(noise->volume.percent, 2.5);
  EXPECT_EQ(noise->volume.events, 10u);
  EXPECT_EQ(noise->volume.hosts, 0u);
  const auto score = score_settings(*config);
  ASSERT_TRUE(score.has_value()) << score.error().message;
  EXPECT_DOUBLE_EQ(score->default_weight, 40);
  EXPECT_DOUBLE_EQ(score->feeds.at("otx"), 60);
  EXPECT_DOUBLE_EQ(score->feeds.at("file:x"), 12.5);
  const auto decay = [&](IndicatorType type) {
    return score->decay[static_cast<std::size_t>(type)];
  };
  EXPECT_DOUBLE_EQ(decay(IndicatorType::kIpv4).lifetime_days, 30);
  EXPECT_DOUBLE_EQ(decay(IndicatorType::kIpv4).shape, 0.5);
  EXPECT_DOUBLE_EQ(decay(IndicatorType::kDomain).lifetime_days, 0);
  EXPECT_DOUBLE_EQ(decay(IndicatorType::kUrl).lifetime_days,
                   default_decay(IndicatorType::kUrl).lifetime_days);
}

TEST_F(NoiseConfigTest, refuses_what_it_does_not_know_and_says_where) {
  const std::string at = (folder_ / "spoor.toml");
  EXPECT_EQ(error_of("[noise]\nbuiltn = true\n"), at + ":2:10: unknown key 'noise.builtn'");
  EXPECT_EQ(error_of("[noise]\nbuiltin = 1\n"),
            at + ":2:11: noise.builtin: expected true or false");
  EXPECT_EQ(error_of("[noise]\npopular_percent = 101\n"),
            at + ":2:19: noise.popular_percent: expected a number from 0 to 100");
  EXPECT_EQ(error_of("[noise]\npopular_hosts = -1\n"),
            at + ":2:17: noise.popular_hosts: expected a whole number from 0 (never)");
  EXPECT_EQ(error_of("[score]\nx = 1\n"), at + ":2:5: unknown key 'score.x'");
  EXPECT_NE(error_of("[score.feeds]\notx = 101\n").find("expected a number from 0 to 100"),
            std::string::npos);
  EXPECT_NE(error_of("[score.decay.nonsense]\nshape = 1\n").find("expected a type"),
            std::string::npos);
  EXPECT_NE(error_of("[score.decay.IPv4]\nshape = 0\n").find("expected a number above 0"),
            std::string::npos);
  EXPECT_NE(error_of("[score.decay.IPv4]\nlife = 1\n").find("expected lifetime_days or shape"),
            std::string::npos);
}

TEST_F(NoiseConfigTest, a_hunt_that_goes_on_gets_another_judge_when_the_lists_change) {
  const std::string path = folder_ / "spoor.db";
  ASSERT_TRUE(Store::open(path, Store::Mode::kReadWrite));
  const auto lists = *NoiseStore::open(path, Database::Access::kReadWrite);
  const Time start = parse_iso8601("2026-11-24T10:00:00")->time;
  auto judge = HuntJudge::open(path, Config());
  ASSERT_TRUE(judge) << judge.error().message;
  const auto noise = judge->load(start);
  ASSERT_TRUE(noise) << noise.error().message;
  const Observable observable{IndicatorType::kDomain, "partner.example"};
  EXPECT_EQ(noise->judge->of_observable(observable).verdict, Verdict::kShown);
  EXPECT_EQ(*judge->reload(start), nullptr);

  AllowEntry entry;
  entry.observable = observable;
  entry.reason = "ours";
  entry.expires = start + std::chrono::hours(2);
  ASSERT_TRUE(lists->put_allowed(entry));
  const auto renewed = *judge->reload(start);
  ASSERT_NE(renewed, nullptr);
  EXPECT_EQ(renewed->of_observable(observable).verdict, Verdict::kSuppressed);
  EXPECT_EQ(*judge->reload(start + std::chrono::hours(1)), nullptr);

  // Nothing is written when an entry expires.
  const auto expired = *judge->reload(start + std::chrono::hours(2));
  ASSERT_NE(expired, nullptr);
  EXPECT_EQ(expired->of_observable(observable).verdict, Verdict::kShown);
  EXPECT_EQ(*judge->reload(start + std::chrono::hours(3)), nullptr);
}

}  // namespace
}  // namespace spoor
