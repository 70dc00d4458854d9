#include "store/value_reader.h"

#include "store/store_test_support.h"

namespace spoor {
namespace {

struct Scene {
  TemporaryFolder folder;
  std::unique_ptr<Store> store = open_store(folder / "s.db");
};

std::vector<std::string> in_range(ValueReader& reader, IndicatorType type,
                                  std::string_view from, std::string_view to,
                                  std::size_t most = 100) {
  std::vector<std::string> values;
  const Status status = reader.in_range(type, from, to, most, [&](ValueReader::Found&& found) {
    values.push_back(found.value + (found.quarantined ? "*" : ""));
  });
  EXPECT_TRUE(status) << status.error().message;
  return values;
}

TEST(ValueReader, finds_by_type_and_value) {
  Scene scene;
  add_claims(*scene.store, "a", {domain("evil.example"), claim(IndicatorType::kMd5, "00")});
  auto reader = scene.store->value_reader();
  ASSERT_TRUE(reader);
  EXPECT_TRUE((*reader)->find(IndicatorType::kDomain, "evil.example")->has_value());
  EXPECT_FALSE((*reader)->find(IndicatorType::kHostname, "evil.example")->has_value());
  EXPECT_FALSE((*reader)->find(IndicatorType::kDomain, "EVIL.example")->has_value());
  const auto types = (*reader)->types();
  ASSERT_TRUE(types);
  EXPECT_TRUE((*types)[static_cast<std::size_t>(IndicatorType::kMd5)]);
  EXPECT_FALSE((*types)[static_cast<std::size_t>(IndicatorType::kUrl)]);
}

TEST(ValueReader, ranges_are_of_bytes_half_open_and_capped) {
  Scene scene;
  add_claims(*scene.store, "a",
             {domain("a.example"), domain("b.example", "S5: x"), domain("c.example"),
              claim(IndicatorType::kHostname, "b.example")});
  auto reader = scene.store->value_reader();
  ASSERT_TRUE(reader);
  EXPECT_EQ(in_range(**reader, IndicatorType::kDomain, "b", "c.example"),
            (std::vector<std::string>{"b.example*"}));
  EXPECT_EQ(in_range(**reader, IndicatorType::kDomain, "", "\xFF\xFF", 2),
            (std::vector<std::string>{"a.example", "b.example*"}));
}

TEST(ValueReader, tells_neighbours_and_claims_of_pulses) {
  Scene scene;
  Pulse heron = pulse("p1", 5);
  heron.tags = {"loader"};
  add_pulse(*scene.store, heron, {domain("a.example"), domain("b.example")});
  add_pulse(*scene.store, heron, {domain("a.example"), domain("b.example")}, "mirror");
  auto reader = scene.store->value_reader();
  ASSERT_TRUE(reader);
  const auto id = (*reader)->find(IndicatorType::kDomain, "a.example");
  const auto claims = (*reader)->claims(**id);
  ASSERT_TRUE(claims);
  ASSERT_EQ(claims->size(), 2U);
  EXPECT_EQ(claims->front().tags, std::vector<std::string>{"loader"});
  // Asked a second time: the statement and the pulses are used again.
  EXPECT_EQ((*reader)->claims(**id)->size(), 2U);
  const auto neighbours = (*reader)->neighbours("p1");
  ASSERT_TRUE(neighbours);
  EXPECT_EQ((*neighbours)->first.size(), 2U) << "each once, though two feeds show the pulse";
  EXPECT_EQ((*neighbours)->total, 2U);
  EXPECT_EQ((*(*reader)->neighbours("nothing"))->total, 0U);
}

TEST(ValueReader, sums_up_sightings) {
  Scene scene;
  add_claims(*scene.store, "a", {domain("evil.example"), domain("other.example")});
  const auto hunt = scene.store->begin_hunt({});
  ASSERT_TRUE(hunt);
  std::vector<Sighting> sightings;
  for (int i = 0; i < 3; ++i) {
    Sighting sighting;
    sighting.observable = {IndicatorType::kDomain, "evil.example"};
    sighting.file = i == 2 ? "b.log" : "a.log";
    sighting.absolute_path = "/" + sighting.file;
    sighting.event_offset = static_cast<std::uint64_t>(i);
    sighting.grade = Grade::kExact;
    sighting.verdict = i == 1 ? Verdict::kSuppressed : Verdict::kShown;
    if (i > 0) sighting.time = time_from_micros(i);
    sighting.event_text = "line";
    sightings.push_back(sighting);
  }
  ASSERT_TRUE(scene.store->record_sightings(*hunt, sightings));
  auto reader = scene.store->value_reader();
  ASSERT_TRUE(reader);
  const auto id = (*reader)->find(IndicatorType::kDomain, "evil.example");
  const auto summary = (*reader)->sightings(**id);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->count, 3U);
  EXPECT_EQ(summary->suppressed, 1U);
  EXPECT_EQ(summary->files, 2U);
  EXPECT_EQ(summary->first, time_from_micros(1));
  EXPECT_EQ(summary->last, time_from_micros(2));
  ASSERT_EQ(summary->places.size(), 2U);
  EXPECT_EQ(summary->places[0].file, "a.log");
  EXPECT_EQ(summary->places[0].count, 2U);
  EXPECT_EQ(summary->samples.size(), 3U);
  const auto other = (*reader)->find(IndicatorType::kDomain, "other.example");
  EXPECT_EQ((*reader)->sightings(**other)->count, 0U);
}

TEST(ValueReader, the_newest_date_is_not_after_now) {
  Scene scene;
  Claim first = domain("a.example"), second = domain("b.example");
  first.created = time_from_micros(10);
  first.expiration = time_from_micros(70);
  second.created = time_from_micros(90);
  add_claims(*scene.store, "a", {first, second});
  auto reader = scene.store->value_reader();
  ASSERT_TRUE(reader);
  EXPECT_EQ(*(*reader)->newest(time_from_micros(50)), time_from_micros(10));
  EXPECT_EQ(*(*reader)->newest(time_from_micros(80)), time_from_micros(70));
  EXPECT_EQ(*(*reader)->newest(time_from_micros(100)), time_from_micros(90));
  EXPECT_EQ(*(*reader)->newest(time_from_micros(5)), std::nullopt);
}

TEST(ValueReader, answers_are_of_one_moment) {
  Scene scene;
  add_claims(*scene.store, "a", {domain("a.example")});
  auto reading = open_store(scene.folder / "s.db", Store::Mode::kReadOnly);
  {
    auto reader = reading->value_reader();
    ASSERT_TRUE(reader);
    EXPECT_TRUE((*reader)->find(IndicatorType::kDomain, "a.example")->has_value());
    add_claims(*scene.store, "a", {domain("later.example")});
    EXPECT_FALSE((*reader)->find(IndicatorType::kDomain, "later.example")->has_value());
  }
  auto reader = reading->value_reader();
  ASSERT_TRUE(reader);
  EXPECT_TRUE((*reader)->find(IndicatorType::kDomain, "later.example")->has_value());
}

}  // namespace
}  // namespace spoor
