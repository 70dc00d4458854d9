// --new with a real store under hunts that are killed: what the store holds afterwards is what
// one hunt of the same lines would have left.

#include "hunt/news_store.h"

#include <algorithm>

#include "hunt/news_test_support.h"
#include "hunt/store_sink.h"

namespace spoor {
namespace {

/// Stands for a kill in a hunt: nothing is done from the first batch on that holds an event at
/// `from` or behind it.
class Killed final : public FindingSink {
 public:
  explicit Killed(std::uint64_t from) : from_(from) {}
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail>) override {
    const bool is_time =
        std::any_of(sightings.begin(), sightings.end(),
                    [&](const Sighting& each) { return each.event_offset >= from_; });
    return is_time ? Status(fail("killed")) : Status();
  }

 private:
  std::uint64_t from_;
};

class NewsStoreTest : public NewsTest {
 protected:
  /// Where a hunt is killed.
  enum class Kill { kNever, kBeforeStored, kBeforeTold };

  void SetUp() override {
    auto opened = Store::open(store_folder_ / "s.db", Store::Mode::kReadWrite);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = *std::move(opened);
    auto ingest = store_->begin_ingest("feed", "file", Quarantine::kApply);
    ASSERT_TRUE(ingest);
    std::vector<Claim> claims(kWords.size());
    for (std::size_t i = 0; i < kWords.size(); ++i)
      claims[i].observable = {IndicatorType::kDomain, kWords[i]};
    ASSERT_TRUE((*ingest)->add_claims(claims));
    ASSERT_TRUE((*ingest)->commit());
  }

  /// What is told. `from`: see Killed.
  Found hunt(Kill kill = Kill::kNever, std::uint64_t from = 0) {
    auto table = open_news(
        *store_, "scope", ages(), Keep::kStored, [] { return Status(); }, clock_);
    EXPECT_TRUE(table);
    News& news = **table;
    news.set_checkpoint(checkpoint_);
    const FakeMatcher words = matcher();
    StoreSink stored(*store_, NewRule::kEvent, [&] { return news.save_noted(); });
    Killed killed(from);
    Notes notes;
    std::vector<FindingSink*> sinks = {&stored, &notes};
    if (kill == Kill::kBeforeStored) sinks.insert(sinks.begin(), &killed);
    if (kill == Kill::kBeforeTold) sinks.insert(sinks.begin() + 1, &killed);
    const auto totals = Hunt(words, look_up, clock_, options(news)).run(sinks);
    EXPECT_EQ(totals.has_value(), kill == Kill::kNever);
    if (totals) totals_ = *totals;
    return std::move(notes.all);
  }

  /// "word in LINE", and its verdict where it is not shown. The line: of `lines`, that which
  /// has the event's digest.
  Found stored(const std::vector<std::string>& lines) const {
    Found all;
    EXPECT_TRUE(store_->for_each_sighting({}, [&](const StoredSighting& each) {
      std::string line = "another";
      for (const std::string& known : lines) {
        if (xxh3_128(known) == each.sighting.event_digest) line = known;
      }
      const bool is_shown = each.sighting.verdict == Verdict::kShown;
      all.push_back(each.sighting.observable.value + " in " + line +
                    (is_shown ? "" : ", not shown"));
    }));
    return all;
  }

  TemporaryFolder store_folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(NewsStoreTest, a_line_that_a_killed_hunt_stored_before_its_end_stays_one) {
  append("a.log", "one bad\ntwo evil an");
  hunt(Kill::kBeforeTold);
  append("a.log", "d more\n");
  EXPECT_EQ(hunt(), (Found{"1:bad@0", "2:evil@8"})) << "nobody was told of them";
  EXPECT_EQ(stored({"one bad", "two evil and more"}),
            (Found{"bad in one bad", "evil in two evil and more"}));
  EXPECT_EQ(hunt(), Found{});
  EXPECT_EQ(totals_.bytes_read, 0u);
}

TEST_F(NewsStoreTest, is_told_by_the_next_hunt_also_where_it_did_not_go_on) {
  append("a.log", "one\n");
  hunt();
  append("a.log", "two bad\nthree evil");
  hunt(Kill::kBeforeTold);
  EXPECT_EQ(hunt(), (Found{"2:bad@4", "3:evil@12"}));
  EXPECT_EQ(totals_.bytes_read, 18u) << "goes on where the one before the kill stood";
  append("a.log", " and bad\n");
  EXPECT_EQ(hunt(), (Found{"3:evil@12", "3:bad@12"}));
  const std::string whole = "three evil and bad";
  EXPECT_EQ(stored({"two bad", whole}),
            (Found{"bad in two bad", "evil in " + whole, "bad in " + whole}));
}

TEST_F(NewsStoreTest, grows_under_one_kill_after_the_other) {
  append("a.log", "one\ntwo evil");
  std::string line = "two evil";
  for (const char* more : {" and", " on", " and bad", " on"}) {
    hunt(Kill::kBeforeTold);
    append("a.log", more);
    hunt(Kill::kBeforeStored);
    append("a.log", more);
    line = line + more + more;
  }
  append("a.log", "\n");
  EXPECT_EQ(hunt(), (Found{"2:evil@4", "2:bad@4"}));
  EXPECT_EQ(stored({line}), (Found{"evil in " + line, "bad in " + line}));
}

TEST_F(NewsStoreTest, grew_in_a_hunt_that_was_killed_before_it_stored_the_whole) {
  append("a.log", "one\ntwo evil");
  hunt();
  append("a.log", " and");
  hunt(Kill::kBeforeStored);
  EXPECT_EQ(stored({"two evil and"}), (Found{"evil in two evil and, not shown"}));
  append("a.log", " on\n");
  EXPECT_EQ(hunt(), (Found{"2:evil@4"}));
  EXPECT_EQ(stored({"two evil and on"}), (Found{"evil in two evil and on"}));
}

TEST_F(NewsStoreTest, is_known_under_another_name) {
  append("a.log", "one\ntwo evil an");
  hunt(Kill::kBeforeTold);
  append("a.log", "d more\n");
  fs::rename(path("a.log"), path("a.log.1"));
  EXPECT_EQ(hunt(), (Found{"2:evil@4"}));
  EXPECT_EQ(stored({"two evil and more"}),
            (Found{"evil in two evil and more", "evil in two evil and more"}))
      << "two places, one line";
}

TEST_F(NewsStoreTest, is_not_taken_for_the_begin_of_another_content) {
  append("a.log", "evil");
  hunt(Kill::kBeforeTold);
  write("a.log", "bad and evil\n");
  EXPECT_EQ(hunt(), (Found{"1:bad@0", "1:evil@0"}));
  EXPECT_EQ(stored({"evil", "bad and evil"}),
            (Found{"bad in bad and evil", "evil in evil", "evil in bad and evil"}));
}

TEST_F(NewsStoreTest, grows_in_a_compressed_file) {
  for (const std::string& begin : {std::string("one bad\n"), std::string(5000, '\n')}) {
    const std::string name = std::to_string(begin.size()) + ".gz";
    write(name, gzip(begin + "two evil an"));
    hunt(Kill::kBeforeTold);
    write(name, gzip(begin + "two evil and more\n"));
    hunt();
  }
  EXPECT_EQ(
      stored({"one bad", "two evil and more"}),
      (Found{"evil in two evil and more", "bad in one bad", "evil in two evil and more"}));
}

TEST_F(NewsStoreTest, grows_before_it_is_compressed) {
  append("a.log", "one bad\ntwo evil an");
  hunt();
  fs::remove(path("a.log"));
  write("a.log.1.gz", gzip("one bad\ntwo evil and more\n"));
  hunt();
  EXPECT_EQ(stored({"one bad", "two evil and more"}),
            (Found{"bad in one bad", "evil in two evil and more", "bad in one bad",
                   "evil in two evil and more"}));
}

TEST_F(NewsStoreTest, is_read_again_in_a_compressed_file_that_is_as_it_was) {
  write("a.gz", gzip("one bad\ntwo evil an"));
  hunt(Kill::kBeforeTold);
  EXPECT_EQ(hunt(), (Found{"1:bad@0", "2:evil@8"}));
  EXPECT_EQ(hunt(), Found{});
}

TEST_F(NewsStoreTest, leaves_what_was_written_down_on_the_way) {
  checkpoint_ = 5000;
  std::string text;
  while (text.size() < 60'000) text += "a clean line of some length\n";
  const std::uint64_t tail = text.size();
  append("a.log", text + "evil an");
  hunt(Kill::kBeforeTold, tail);
  append("a.log", "d more\n");
  EXPECT_EQ(hunt().size(), 1u);
  EXPECT_LT(totals_.bytes_read, 2 * checkpoint_);
  EXPECT_EQ(stored({"evil and more"}), (Found{"evil in evil and more"}));
}

TEST_F(NewsStoreTest, a_hunt_for_new_indicators_that_was_killed_is_done_again) {
  append("a.log", "later\nevil");
  hunt();
  indicators_ = 3;
  append("a.log", " on");
  hunt(Kill::kBeforeTold);
  append("a.log", "ce more\n");
  EXPECT_EQ(hunt(), (Found{"1:later@0", "2:evil@6"}));
  EXPECT_EQ(stored({"later", "evil once more"}),
            (Found{"later in later", "evil in evil once more"}));
}

}  // namespace
}  // namespace spoor
