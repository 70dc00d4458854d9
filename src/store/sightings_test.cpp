// Hunts and sightings: what comes back, what is new, filters and order.

#include <functional>
#include <utility>

#include "store/store.h"
#include "store/store_test_support.h"

namespace spoor {
namespace {

class SightingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    add_claims(*store_, "x", {domain("a.example"), claim(IndicatorType::kUrl, "http://b/")});
  }
  static Sighting sighting(std::uint64_t offset = 100) {
    Sighting s;
    s.observable = {IndicatorType::kDomain, "a.example"};
    s.file = "logs/a\xFF.log!m%21";
    s.absolute_path = "/var/logs/a\xFF.log!m%21";
    s.line = 3;
    s.event_offset = offset;
    s.event_digest = xxh3_128("event");
    s.offset = offset + 7;
    s.length = 9;
    s.match = std::string("A.ex\0mple", 9);
    s.encoding = TextEncoding::kUtf16be;
    s.grade = Grade::kDerived;
    s.rule = "D3";
    s.views = {ViewKind::kJson, ViewKind::kDefang};
    s.verdict = Verdict::kSuppressed;
    s.reason = "S9";
    s.time = time_from_micros(77);
    s.time_has_clock = false;
    s.live = false;
    s.event_text = std::string("query: A.ex\0mple\xFE", 17);
    s.match_begin = 7;
    s.match_end = 16;
    return s;
  }
  HuntId hunt() {
    HuntInfo info;
    info.paths = {"logs", "x\xFF"};
    const auto id = store_->begin_hunt(info);
    EXPECT_TRUE(id);
    return *id;
  }
  /// Records one; whether it is new.
  bool record(HuntId id, Sighting s) {
    const Status status = store_->record_sightings(id, {&s, 1});
    EXPECT_TRUE(status) << status.error().message;
    return s.is_new;
  }
  std::vector<StoredSighting> all(const SightingFilter& filter = {}) {
    std::vector<StoredSighting> found;
    const Status status =
        store_->for_each_sighting(filter, [&](const StoredSighting& s) { found.push_back(s); });
    EXPECT_TRUE(status) << status.error().message;
    return found;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_store(folder_ / "spoor.db");
};

TEST_F(SightingTest, comes_back_as_it_was_stored) {
  const HuntId id = hunt();
  const Sighting put = sighting();
  EXPECT_TRUE(record(id, put));
  const auto found = all();
  ASSERT_EQ(found.size(), 1u);
  const Sighting& got = found[0].sighting;
  EXPECT_EQ(got.observable, put.observable);
  EXPECT_GT(static_cast<std::int64_t>(got.observable_id), 0);
  EXPECT_EQ(got.file, put.file);
  EXPECT_EQ(got.absolute_path, put.absolute_path);
  EXPECT_EQ(got.line, put.line);
  EXPECT_EQ(got.event_offset, put.event_offset);
  EXPECT_EQ(got.event_digest, put.event_digest);
  EXPECT_EQ(got.offset, put.offset);
  EXPECT_EQ(got.length, put.length);
  EXPECT_EQ(got.match, put.match);
  EXPECT_EQ(got.encoding, put.encoding);
  EXPECT_EQ(got.grade, put.grade);
  EXPECT_EQ(got.rule, put.rule);
  EXPECT_EQ(got.views, put.views);
  EXPECT_EQ(got.verdict, put.verdict);
  EXPECT_EQ(got.reason, put.reason);
  EXPECT_EQ(got.time, put.time);
  EXPECT_EQ(got.time_has_clock, put.time_has_clock);
  EXPECT_EQ(got.live, put.live);
  EXPECT_EQ(got.event_text, put.event_text);
  EXPECT_EQ(got.match_begin, put.match_begin);
  EXPECT_EQ(got.match_end, put.match_end);
  EXPECT_EQ(found[0].first_hunt, id);
  EXPECT_EQ(found[0].last_hunt, id);
}

TEST_F(SightingTest, identity_makes_it_new_and_nothing_else) {
  const struct {
    const char* name;
    bool is_new;
    std::function<void(Sighting&)> change;
  } cases[] = {
      {"nothing", false, [](Sighting&) {}},
      {"match offset", false, [](Sighting& s) { s.offset = 1; }},
      {"grade, rule, views", false,
       [](Sighting& s) {
         s.grade = Grade::kExact;
         s.rule = "D1";
         s.views.clear();
       }},
      {"time and live", false,
       [](Sighting& s) {
         s.time.reset();
         s.live.reset();
       }},
      {"path as typed", false, [](Sighting& s) { s.file = "./other"; }},
      {"line", false, [](Sighting& s) { s.line = 9; }},
      {"absolute path", true, [](Sighting& s) { s.absolute_path += "2"; }},
      {"event offset", true, [](Sighting& s) { s.event_offset = 101; }},
      {"event digest", true, [](Sighting& s) { s.event_digest = xxh3_128("other"); }},
      {"observable", true,
       [](Sighting& s) {
         s.observable = {IndicatorType::kUrl, "http://b/"};
       }},
  };
  EXPECT_TRUE(record(hunt(), sighting()));
  for (const auto& c : cases) {
    Sighting s = sighting();
    c.change(s);
    EXPECT_EQ(record(hunt(), s), c.is_new) << c.name;
    EXPECT_FALSE(record(hunt(), s)) << c.name;
  }
  EXPECT_EQ(store_->counts()->sightings, 5u);
  EXPECT_EQ(store_->counts()->hunts, 21u);
}

TEST_F(SightingTest, a_known_one_takes_the_new_attributes_and_keeps_its_first_hunt) {
  const HuntId first = hunt(), second = hunt(), third = hunt();
  record(first, sighting());
  Sighting better = sighting();
  better.grade = Grade::kExact;
  better.live.reset();
  better.reason = "";
  record(second, better);
  const auto found = all();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sighting.grade, Grade::kExact);
  EXPECT_EQ(found[0].sighting.live, std::nullopt);
  EXPECT_EQ(found[0].sighting.reason, "");
  EXPECT_EQ(found[0].first_hunt, first);
  EXPECT_EQ(found[0].last_hunt, second);
  SightingFilter filter;
  for (const auto& [id, expected] :
       {std::pair{first, 1u}, std::pair{second, 1u}, std::pair{third, 0u}}) {
    filter.hunt = id;
    EXPECT_EQ(all(filter).size(), expected);
  }
}

TEST_F(SightingTest, twice_in_one_batch_is_new_once) {
  std::vector<Sighting> batch = {sighting(), sighting(), sighting(200)};
  ASSERT_TRUE(store_->record_sightings(hunt(), batch));
  EXPECT_TRUE(batch[0].is_new);
  EXPECT_FALSE(batch[1].is_new);
  EXPECT_TRUE(batch[2].is_new);
}

TEST_F(SightingTest, a_batch_is_stored_whole_or_not_at_all) {
  std::vector<Sighting> batch = {sighting(), sighting(200)};
  batch[1].observable.value = "unknown.example";
  const Status status = store_->record_sightings(hunt(), batch);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("\"unknown.example\" is not stored"),
            std::string::npos);
  EXPECT_TRUE(all().empty());
  EXPECT_FALSE(store_->record_sightings(HuntId{999}, {batch.data(), 1}));
  EXPECT_TRUE(all().empty());
}

TEST_F(SightingTest, filters_and_orders) {
  const HuntId id = hunt();
  Sighting other = sighting(50);
  other.observable = {IndicatorType::kUrl, "http://b/"};
  other.grade = Grade::kExact;
  record(id, sighting());
  record(id, other);
  const auto offsets = [&](const std::function<void(SightingFilter&)>& set) {
    SightingFilter filter;
    set(filter);
    std::vector<std::uint64_t> found;
    for (const auto& s : all(filter)) found.push_back(s.sighting.event_offset);
    return found;
  };
  using Offsets = std::vector<std::uint64_t>;
  EXPECT_EQ(offsets([](auto&) {}), (Offsets{50, 100}));
  EXPECT_EQ(offsets([](auto& f) { f.types = {IndicatorType::kDomain}; }), Offsets{100});
  EXPECT_EQ(offsets([](auto& f) { f.value = "A.EX"; }), Offsets{100});
  EXPECT_EQ(offsets([](auto& f) { f.value = "%"; }), Offsets{});
  EXPECT_EQ(offsets([](auto& f) { f.file = "a\xFF.log"; }), (Offsets{50, 100}));
  EXPECT_EQ(offsets([](auto& f) { f.file = "b.log"; }), Offsets{});
  EXPECT_EQ(offsets([](auto& f) { f.min_grade = Grade::kContains; }), Offsets{50});
  EXPECT_EQ(offsets([](auto& f) { f.limit = 1; }), Offsets{50});
}

TEST_F(SightingTest, a_hunt_ends_with_its_sums) {
  const HuntId id = hunt();
  HuntSummary summary;
  summary.ended = time_from_micros(5);
  EXPECT_TRUE(store_->finish_hunt(id, summary));
  EXPECT_FALSE(store_->finish_hunt(HuntId{999}, summary));
}

}  // namespace
}  // namespace spoor
