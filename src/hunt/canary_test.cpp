#include "hunt/canary.h"

#include <gtest/gtest.h>

#include "ioc/canonical.h"

namespace spoor {
namespace {

SnapshotOrigin origin(unsigned char id, std::int64_t generation) {
  SnapshotOrigin made;
  made.store_id.fill(id);
  made.generation = generation;
  return made;
}

std::array<bool, kIndicatorTypeCount> all_types() {
  std::array<bool, kIndicatorTypeCount> present{};
  present.fill(true);
  return present;
}

std::vector<Canary> canaries(std::uint32_t first) {
  std::vector<Canary> all;
  for (const Observable& observable : canary_observables(origin(7, 3), all_types()))
    all.push_back({IndicatorIndex{first++}, observable});
  return all;
}

TEST(Canary, values_are_canonical_and_belong_to_one_state_of_one_store) {
  const auto here = canary_observables(origin(7, 3), all_types());
  ASSERT_EQ(here.size(), 4u);
  for (const Observable& observable : here) {
    const auto canonical = canonicalize(observable.type, observable.value);
    ASSERT_TRUE(canonical.has_value()) << observable.value;
    EXPECT_EQ(canonical->observable, observable);
  }
  EXPECT_EQ(here, canary_observables(origin(7, 3), all_types()));
  for (const auto& other : {canary_observables(origin(8, 3), all_types()),
                            canary_observables(origin(7, 4), all_types())}) {
    for (std::size_t i = 0; i < here.size(); ++i) EXPECT_NE(here[i].value, other[i].value);
  }
}

TEST(Canary, a_set_of_other_things_gets_a_domain_alone) {
  std::array<bool, kIndicatorTypeCount> present{};
  present[static_cast<std::size_t>(IndicatorType::kIpv4)] = true;
  const auto all = canary_observables(origin(7, 3), present);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].type, IndicatorType::kDomain);
}

TEST(Canary, a_set_of_digests_gets_a_digest_that_is_looked_at_anyway) {
  using Types = std::pair<IndicatorType, IndicatorType>;
  for (const auto& [present_type, canary] :
       {Types{IndicatorType::kSha1, IndicatorType::kSha1},
        Types{IndicatorType::kMd5, IndicatorType::kMd5},
        Types{IndicatorType::kSha512, IndicatorType::kSha512},
        Types{IndicatorType::kImphash, IndicatorType::kMd5}}) {
    std::array<bool, kIndicatorTypeCount> present{};
    present[static_cast<std::size_t>(present_type)] = true;
    const auto all = canary_observables(origin(7, 3), present);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].type, canary);
    const auto canonical = canonicalize(all[0].type, all[0].value);
    ASSERT_TRUE(canonical.has_value()) << all[0].value;
    EXPECT_EQ(canonical->observable, all[0]);
  }
  std::array<bool, kIndicatorTypeCount> present{};
  present[static_cast<std::size_t>(IndicatorType::kFilePath)] = true;
  EXPECT_EQ(canary_observables(origin(7, 3), present).at(0).type, IndicatorType::kDomain);
}

TEST(Canary, is_found_at_the_end_of_a_snapshot_only) {
  SnapshotBuilder builder;
  builder.add(5, {IndicatorType::kDomain, "evil.example"});
  for (const Canary& canary : canaries(1)) builder.add(kCanaryId, canary.observable);
  const auto snapshot = Snapshot::from_bytes(*builder.finish(origin(7, 3), 1));
  ASSERT_TRUE(snapshot.has_value());
  const auto found = canaries_of(**snapshot);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0].indicator, IndicatorIndex{1});
  EXPECT_EQ(found[3].observable, canaries(1)[3].observable);

  SnapshotBuilder old;
  old.add(5, {IndicatorType::kDomain, "evil.example"});
  EXPECT_TRUE(canaries_of(**Snapshot::from_bytes(*old.finish(origin(7, 3), 1))).empty());
}

/// A sighting where the first line of the plain file has it.
Sighting first_place(CanaryCheck& check, const std::vector<Canary>& all) {
  const auto files = check.take_files();
  const PlantedFile& file = files.at(0);
  Sighting sighting;
  sighting.file = file.name;
  sighting.line = 1;
  sighting.offset = file.bytes.find(all[0].observable.value);
  sighting.length = all[0].observable.value.size();
  sighting.event_digest = xxh3_128(file.bytes.substr(0, file.bytes.find('\n')));
  sighting.grade = Grade::kExact;
  return sighting;
}

TEST(Canary, counts_each_place_once_and_only_just_there) {
  const auto all = canaries(10);
  CanaryCheck check(all, 42);
  const Sighting right = first_place(check, all);
  EXPECT_EQ(check.result().found, 0u);
  EXPECT_FALSE(check.result().is_sound());
  EXPECT_TRUE(check.take(right, all[0].indicator, true));
  EXPECT_EQ(check.result().found, 1u);
  EXPECT_EQ(check.result().unexpected, 0u);
  EXPECT_TRUE(check.take(right, all[0].indicator, true));  // twice
  EXPECT_EQ(check.result().found, 1u);
  EXPECT_EQ(check.result().unexpected, 1u);
}

TEST(Canary, notices_each_kind_of_difference) {
  const auto all = canaries(10);
  using Change = void (*)(Sighting&);
  const std::pair<const char*, Change> changes[] = {
      {"line", [](Sighting& s) { ++s.line; }},
      {"offset", [](Sighting& s) { ++s.offset; }},
      {"length", [](Sighting& s) { --s.length; }},
      {"file", [](Sighting& s) { s.file += "x"; }},
      {"digest of another run", [](Sighting& s) { s.event_digest = xxh3_128("run 41"); }},
      {"grade", [](Sighting& s) { s.grade = Grade::kContains; }},
  };
  for (const auto& [name, change] : changes) {
    CanaryCheck check(all, 42);
    Sighting wrong = first_place(check, all);
    change(wrong);
    EXPECT_TRUE(check.take(wrong, all[0].indicator, true)) << name;
    EXPECT_EQ(check.result().found, 0u) << name;
    EXPECT_EQ(check.result().unexpected, 1u) << name;
  }
}

TEST(Canary, hides_itself_elsewhere_and_others_in_its_files) {
  const auto all = canaries(10);
  CanaryCheck check(all, 42);
  EXPECT_FALSE(check.take({}, IndicatorIndex{9}, false));  // a sighting like any other
  EXPECT_TRUE(check.take({}, IndicatorIndex{9}, true));
  EXPECT_TRUE(check.take({}, IndicatorIndex{10}, false));
  EXPECT_EQ(check.result().elsewhere, 1u);
  EXPECT_EQ(check.result().unexpected, 0u);
}

TEST(Canary, without_canaries_nothing_is_planted_and_all_is_told) {
  CanaryCheck check({}, 42);
  EXPECT_TRUE(check.take_files().empty());
  EXPECT_FALSE(check.take({}, IndicatorIndex{UINT32_MAX - 1}, false));
  EXPECT_TRUE(check.result().is_sound());
}

}  // namespace
}  // namespace spoor
