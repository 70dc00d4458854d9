// The verdicts of a hunt: what the counts of this hunt and of earlier ones make of them.

#include "hunt/verdicts.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

Sighting sighting(const std::string& value = "a.example") {
  Sighting made;
  made.observable_id = ObservableId{1};
  made.observable = {IndicatorType::kDomain, value};
  made.grade = Grade::kExact;
  return made;
}

HuntNoise noise_with(VolumeLimits limits) {
  NoiseInputs inputs;
  inputs.volume = limits;
  Tally refused;
  HuntNoise noise;
  noise.judge = std::shared_ptr<const Noise>(Noise::build(std::move(inputs), refused));
  return noise;
}

TEST(Verdicts, without_a_judge_only_the_grade_decides) {
  const HuntNoise none;
  Verdicts verdicts(none);
  Sighting made = sighting("google.com");
  verdicts.judge(made, nullptr, 1);
  EXPECT_EQ(made.verdict, Verdict::kShown);
  made.grade = Grade::kWeak;
  made.rule = "P2";
  verdicts.judge(made, nullptr, 1);
  EXPECT_EQ(made.verdict, Verdict::kWeak);
  EXPECT_EQ(made.reason, "the address without its port");
}

TEST(Verdicts, take_host_and_flow_from_the_record) {
  const HuntNoise noise = noise_with({});
  Verdicts verdicts(noise);
  EventRecord record;
  record.host = "web1";
  record.source_address = "203.0.113.9";
  record.destination_address = "10.0.0.1";
  record.outcome = Outcome::kBlocked;
  Sighting made = sighting();
  made.observable = {IndicatorType::kIpv4, "203.0.113.9"};
  verdicts.judge(made, &record, 1);
  EXPECT_EQ(made.host, "web1");
  EXPECT_EQ(made.flow, Flow::kInboundBlocked);
  EXPECT_EQ(made.verdict, Verdict::kWeak);
  EXPECT_EQ(made.reason, "blocked: an attempt from outside that was kept out");
}

TEST(Verdicts, what_floods_this_hunt_is_weak_from_there_on) {
  const HuntNoise noise = noise_with({10.0, 5, 0});
  Verdicts verdicts(noise);
  for (std::uint64_t event = 1; event <= 8; ++event) {
    Sighting made = sighting();
    verdicts.judge(made, nullptr, 20);
    EXPECT_EQ(made.verdict, event < 5 ? Verdict::kShown : Verdict::kWeak) << event;
  }
  Sighting digest = sighting("d41d8cd98f00b204e9800998ecf84270");
  digest.observable_id = ObservableId{2};
  digest.observable.type = IndicatorType::kMd5;
  for (int event = 0; event < 20; ++event) {
    verdicts.judge(digest, nullptr, 20);
    EXPECT_EQ(digest.verdict, Verdict::kShown) << "what is certain is not hidden";
  }
}

TEST(Verdicts, what_is_on_many_hosts_is_weak) {
  const HuntNoise noise = noise_with({100.0, 0, 3});
  Verdicts verdicts(noise);
  EventRecord record;
  std::vector<Verdict> all;
  for (const char* host : {"a", "b", "b", "a", "c", "a"}) {
    record.host = host;
    Sighting made = sighting();
    verdicts.judge(made, &record, 1000);
    all.push_back(made.verdict);
  }
  EXPECT_EQ(all, (std::vector<Verdict>{Verdict::kShown, Verdict::kShown, Verdict::kShown,
                                       Verdict::kShown, Verdict::kWeak, Verdict::kWeak}));
}

TEST(Verdicts, what_earlier_hunts_saw_often_is_weak_at_once) {
  HuntNoise noise = noise_with({10.0, 5, 0});
  noise.earlier[1] = {50, 1};
  noise.earlier_events = 100;
  Verdicts verdicts(noise);
  Sighting made = sighting();
  verdicts.judge(made, nullptr, 1'000'000);
  EXPECT_EQ(made.verdict, Verdict::kWeak);
  EXPECT_EQ(made.reason, "popular: in 50 of 100 events (50.0 %)");
}

TEST(Verdicts, another_judge_has_the_word_at_once_and_the_counts_go_on) {
  HuntNoise noise = noise_with({10.0, 3, 0});
  Verdicts verdicts(noise);
  Sighting made = sighting();
  verdicts.judge(made, nullptr, 1);
  EXPECT_EQ(made.verdict, Verdict::kShown);
  NoiseInputs inputs;
  inputs.volume = {10.0, 3, 0};
  AllowEntry entry;
  entry.observable = made.observable;
  entry.reason = "ours";
  inputs.allowed = {entry};
  Tally refused;
  noise.judge = std::shared_ptr<const Noise>(Noise::build(std::move(inputs), refused));
  verdicts.judge_changed();
  made = sighting();
  verdicts.judge(made, nullptr, 2);
  EXPECT_EQ(made.verdict, Verdict::kSuppressed);
  EXPECT_EQ(made.reason, "allowed: ours");
  noise.judge = noise_with({10.0, 3, 0}).judge;
  verdicts.judge_changed();
  made = sighting();
  verdicts.judge(made, nullptr, 3);
  EXPECT_EQ(made.verdict, Verdict::kWeak) << "the third of three";
}

}  // namespace
}  // namespace spoor
