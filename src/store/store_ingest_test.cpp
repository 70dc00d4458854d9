// Writing pulses and claims: idempotence, versions of a pulse, quarantine, generation,
// sessions.

#include <thread>

#include "store/store_test_support.h"

namespace spoor {
namespace {

using Strings = std::vector<std::string>;

class IngestTest : public ::testing::Test {
 protected:
  std::int64_t generation() { return store_->identity().generation; }
  bool active(const std::string& value, std::optional<Time>* ended = nullptr) {
    bool found = false, is_active = false;
    EXPECT_TRUE(store_->for_each_claim({}, [&](const ClaimView& c) {
      if (c.observable.value != value) return;
      found = true;
      is_active = c.active;
      if (ended != nullptr) *ended = c.ended;
    }));
    EXPECT_TRUE(found) << value;
    return is_active;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_store(folder_ / "spoor.db");
};

TEST_F(IngestTest, the_same_list_twice_changes_nothing) {
  const std::vector<Claim> list = {domain("a.example"), domain("b.example", "S5"),
                                   claim(IndicatorType::kIpv4, "203.0.113.7")};
  const IngestCounts first = add_claims(*store_, "file:x", list);
  EXPECT_EQ(first.claims_new, 3u);
  EXPECT_EQ(first.observables_new, 3u);
  EXPECT_EQ(first.quarantined, 1u);
  EXPECT_TRUE(first.changed());
  EXPECT_EQ(generation(), 1);
  const auto before = dump(*store_);
  const IngestCounts second = add_claims(*store_, "file:x", list);
  EXPECT_FALSE(second.changed());
  EXPECT_EQ(second.claims_same, 3u);
  EXPECT_EQ(second.quarantined, 0u);
  EXPECT_EQ(generation(), 1);
  EXPECT_EQ(dump(*store_), before);
}

TEST_F(IngestTest, a_run_is_over_when_it_has_ended_whole) {
  auto session = store_->begin_ingest("otx", "otx", Quarantine::kApply);
  ASSERT_TRUE(session.has_value());
  ASSERT_TRUE((*session)->set_cursor(std::nullopt, "{}"));
  ASSERT_TRUE((*session)->commit());
  EXPECT_FALSE((*store_->feed("otx"))->last_run.has_value());
  ASSERT_TRUE((*session)->set_cursor(time_from_micros(1), ""));
  ASSERT_TRUE((*session)->commit());  // an import of several transactions has no walk
  EXPECT_FALSE((*store_->feed("otx"))->last_run.has_value());
  ASSERT_TRUE((*session)->finish());
  EXPECT_TRUE((*store_->feed("otx"))->last_run.has_value());
}

TEST_F(IngestTest, says_how_old_claims_and_pulses_are) {
  EXPECT_FALSE(store_->newest_pulse()->has_value());
  EXPECT_TRUE(store_->claim_spans()->empty());
  Claim older = domain("a.example"), newer = domain("b.example");
  older.created = time_from_micros(5);
  newer.created = time_from_micros(7);
  add_claims(*store_, "file:x", {older, newer, domain("c.example")});
  const auto spans = store_->claim_spans();
  ASSERT_EQ(spans->size(), 1u);
  EXPECT_EQ((*spans)[0].feed, "file:x");
  EXPECT_EQ((*spans)[0].claims, 3u);
  EXPECT_EQ((*spans)[0].oldest, time_from_micros(5));
  EXPECT_EQ((*spans)[0].newest, time_from_micros(7));
}

TEST_F(IngestTest, the_same_value_of_two_feeds_or_types_is_told_apart) {
  add_claims(*store_, "file:x", {domain("a.example")});
  const IngestCounts other = add_claims(*store_, "file:y", {domain("a.example")});
  EXPECT_EQ(other.claims_new, 1u);
  EXPECT_EQ(other.observables_new, 0u);
  EXPECT_EQ(generation(), 1);
  add_claims(*store_, "file:x", {claim(IndicatorType::kHostname, "a.example")});
  EXPECT_EQ(store_->counts()->observables, 2u);
  EXPECT_EQ(store_->counts()->claims, 3u);
}

TEST_F(IngestTest, the_first_claim_of_a_session_counts_and_the_next_session_may_change_it) {
  Claim first = domain("a.example"), second = domain("a.example");
  first.title = "one";
  second.title = "two";
  const IngestCounts counts = add_claims(*store_, "x", {first, second});
  EXPECT_EQ(counts.claims_new, 1u);
  EXPECT_EQ(counts.claims_same, 1u);
  // The contradicting list again, in two calls with a commit between: still nothing changes.
  const IngestCounts again = ingest(*store_, "x", Quarantine::kApply, [&](Ingest& to) {
    EXPECT_TRUE(to.add_claims({&first, 1}));
    EXPECT_TRUE(to.commit());
    return to.add_claims({&second, 1});
  });
  EXPECT_FALSE(again.changed());
  EXPECT_EQ(again.claims_same, 2u);
  EXPECT_EQ(add_claims(*store_, "x", {second}).claims_changed, 1u);
  EXPECT_NE(dump(*store_)[0].find("|two|"), std::string::npos);
}

TEST_F(IngestTest, every_field_of_a_claim_that_differs_is_a_change) {
  add_claims(*store_, "x", {domain("a.example")});
  const std::pair<const char*, std::function<void(Claim&)>> cases[] = {
      {"raw", [](Claim& c) { c.raw = "a[.]example"; }},
      {"role", [](Claim& c) { c.role = "c2"; }},
      {"title", [](Claim& c) { c.title = "t"; }},
      {"description", [](Claim& c) { c.description = "d"; }},
      {"content", [](Claim& c) { c.content = "c"; }},
      {"created", [](Claim& c) { c.created = time_from_micros(1); }},
      {"expiration", [](Claim& c) { c.expiration = time_from_micros(2); }},
      {"active", [](Claim& c) { c.active = false; }},
      {"source_id", [](Claim& c) { c.source_id = 9; }},
  };
  Claim changing = domain("a.example");
  for (const auto& [name, change] : cases) {
    change(changing);
    EXPECT_EQ(add_claims(*store_, "x", {changing}).claims_changed, 1u) << name;
    EXPECT_EQ(add_claims(*store_, "x", {changing}).claims_same, 1u) << name;
  }
  EXPECT_EQ(generation(), 1);
}

TEST_F(IngestTest, an_older_pulse_changes_nothing) {
  add_pulse(*store_, pulse("p", 20), {domain("a.example")});
  const auto before = dump(*store_);
  Pulse older = pulse("p", 10);
  older.name = "old name";
  const IngestCounts counts = add_pulse(*store_, older, {domain("b.example")});
  EXPECT_FALSE(counts.changed());
  EXPECT_EQ(counts.pulses_same, 1u);
  EXPECT_EQ(dump(*store_), before);
}

TEST_F(IngestTest, a_claim_that_a_newer_version_lacks_ends_and_comes_back) {
  add_pulse(*store_, pulse("p", 10), {domain("a.example"), domain("b.example")});
  IngestCounts counts = add_pulse(*store_, pulse("p", 20), {domain("a.example")});
  EXPECT_EQ(counts.claims_ended, 1u);
  EXPECT_EQ(counts.claims_same, 1u);
  EXPECT_EQ(counts.pulses_changed, 1u);
  std::optional<Time> ended;
  EXPECT_FALSE(active("b.example", &ended));
  EXPECT_EQ(ended, time_from_micros(20));
  EXPECT_TRUE(active("a.example"));
  // Still missing later: it ended when it first was.
  counts = add_pulse(*store_, pulse("p", 30), {domain("a.example")});
  EXPECT_EQ(counts.claims_ended, 0u);
  EXPECT_FALSE(active("b.example", &ended));
  EXPECT_EQ(ended, time_from_micros(20));
  counts = add_pulse(*store_, pulse("p", 40), {domain("a.example"), domain("b.example")});
  EXPECT_EQ(counts.claims_changed, 1u);
  EXPECT_TRUE(active("b.example", &ended));
  EXPECT_EQ(ended, std::nullopt);
  EXPECT_EQ(generation(), 1);
}

TEST_F(IngestTest, a_pulse_that_is_gone_keeps_its_claims_and_comes_back) {
  add_pulse(*store_, pulse("p", 10), {domain("a.example"), domain("b.example")});
  add_pulse(*store_, pulse("q", 10), {domain("a.example")});
  const auto end = [&](const char* id, std::optional<Time> when) {
    return ingest(*store_, "otx", Quarantine::kApply,
                  [&](Ingest& to) { return to.end_pulse(id, when); });
  };
  const auto gone = [&] {
    std::string ids;
    const Status status = store_->for_each_feed_pulse(
        "otx", [&](const FeedPulse& shown) { ids += shown.id + (shown.gone ? "-" : "+"); });
    EXPECT_TRUE(status);
    return ids;
  };
  EXPECT_EQ(gone(), "p+q+");
  IngestCounts counts = end("p", time_from_micros(15));
  EXPECT_EQ(counts.pulses_gone, 1u);
  EXPECT_EQ(counts.claims_ended, 2u);
  EXPECT_EQ(gone(), "p-q+");
  std::optional<Time> ended;
  EXPECT_FALSE(active("b.example", &ended));
  EXPECT_EQ(ended, time_from_micros(15));
  EXPECT_FALSE(end("p", time_from_micros(99)).changed());  // the first date stays
  EXPECT_FALSE(end("nobody", std::nullopt).changed());
  // Without a date the claims are inactive, and nothing claims to know since when.
  EXPECT_EQ(end("q", std::nullopt).claims_ended, 1u);
  EXPECT_EQ(store_->counts()->claims, 3u);
  // Shown again, unchanged: it is back, and so are its claims.
  counts = add_pulse(*store_, pulse("p", 10), {domain("a.example"), domain("b.example")});
  EXPECT_EQ(counts.claims_changed, 2u);
  EXPECT_EQ(gone(), "p+q-");
  EXPECT_TRUE(active("b.example", &ended));
  EXPECT_EQ(ended, std::nullopt);
}

TEST_F(IngestTest, tells_which_pulses_a_feed_holds_whole) {
  add_pulse(*store_, pulse("p", 10), {});
  Pulse cut = pulse("c", 20);
  cut.more_indicators = true;
  add_pulse(*store_, cut, {domain("a.example")});
  ingest(*store_, "otx", Quarantine::kApply, [&](Ingest& to) -> Status {
    EXPECT_TRUE(*to.is_current("p", time_from_micros(10)));
    EXPECT_FALSE(*to.is_current("p", time_from_micros(11)));
    EXPECT_FALSE(*to.is_current("p", std::nullopt));
    EXPECT_FALSE(*to.is_current("c", time_from_micros(20)));
    EXPECT_FALSE(*to.is_current("x", time_from_micros(10)));
    return to.set_memory(R"({"a":1})");
  });
  ingest(*store_, "other", Quarantine::kApply, [&](Ingest& to) -> Status {
    EXPECT_FALSE(*to.is_current("p", time_from_micros(10)));
    return {};
  });
  EXPECT_EQ((*store_->feed("otx"))->memory, R"({"a":1})");
}

TEST_F(IngestTest, tells_what_a_pass_has_seen) {
  add_pulse(*store_, pulse("a", 10), {});
  ingest(*store_, "otx", Quarantine::kApply, [&](Ingest& to) -> Status {
    to.begin_pass(7);
    EXPECT_EQ(*to.pulses_seen(std::nullopt), 0);
    EXPECT_TRUE(to.mark_seen("a"));
    EXPECT_TRUE(to.mark_seen("nobody"));
    Pulse late = pulse("b", 20);
    late.created = time_from_micros(15);
    EXPECT_TRUE(to.add_pulse(late, {}));
    EXPECT_TRUE(to.add_pulse(late, {}));
    EXPECT_EQ(*to.pulses_seen(std::nullopt), 2);
    EXPECT_EQ(*to.pulses_seen(time_from_micros(14)), 1);  // "a" does not say when
    EXPECT_EQ(*to.pulses_seen(time_from_micros(19), Ingest::PulseDate::kModified), 1);
    EXPECT_EQ(*to.pulses_seen(time_from_micros(20), Ingest::PulseDate::kModified), 2);
    EXPECT_TRUE(to.end_pulse("a", std::nullopt));
    EXPECT_EQ(*to.pulses_seen(std::nullopt), 2);
    to.begin_pass(8);
    EXPECT_TRUE(to.add_pulse(pulse("b", 5), {}));  // an old version is seen as well
    EXPECT_EQ(*to.pulses_seen(std::nullopt), 1);
    return {};
  });
}

TEST_F(IngestTest, a_cut_pulse_ends_nothing) {
  add_pulse(*store_, pulse("p", 10), {domain("a.example"), domain("b.example")});
  Pulse cut = pulse("p", 20);
  cut.more_indicators = true;
  EXPECT_EQ(add_pulse(*store_, cut, {domain("a.example")}).claims_ended, 0u);
  EXPECT_TRUE(active("b.example"));
}

TEST_F(IngestTest, a_pulse_without_dates_ends_claims_once) {
  Pulse undated = pulse("p", 0);
  undated.modified.reset();
  add_pulse(*store_, undated, {domain("a.example"), domain("b.example")});
  EXPECT_EQ(add_pulse(*store_, undated, {domain("a.example")}).claims_ended, 1u);
  EXPECT_FALSE(add_pulse(*store_, undated, {domain("a.example")}).changed());
  EXPECT_FALSE(active("b.example"));
}

TEST_F(IngestTest, ending_keeps_to_the_feed_and_the_pulse) {
  add_pulse(*store_, pulse("p", 10), {domain("a.example")}, "otx");
  add_pulse(*store_, pulse("q", 10), {domain("a.example")}, "otx");
  add_pulse(*store_, pulse("p", 10), {domain("a.example")}, "file:p.json");
  add_claims(*store_, "otx", {domain("a.example")});
  EXPECT_EQ(add_pulse(*store_, pulse("p", 20), {}, "otx").claims_ended, 1u);
  int still = 0;
  ASSERT_TRUE(store_->for_each_claim({}, [&](const ClaimView& c) { still += c.active; }));
  EXPECT_EQ(still, 3);
}

TEST_F(IngestTest, quarantine_holds_until_released_and_then_no_more) {
  add_claims(*store_, "x", {domain("a.example", "S5: why"), domain("b.example")});
  EXPECT_EQ(values(*store_), Strings{"b.example"});
  EXPECT_EQ(generation(), 1);
  // A second reason or none leaves the first.
  add_claims(*store_, "x", {domain("a.example", "other")});
  add_claims(*store_, "x", {domain("a.example")});
  EXPECT_EQ(store_->counts()->quarantined, 1u);
  EXPECT_EQ(generation(), 1);
  // Known, and now with a reason.
  EXPECT_EQ(add_claims(*store_, "x", {domain("b.example", "S5")}).quarantined, 1u);
  EXPECT_TRUE(values(*store_).empty());
  EXPECT_EQ(generation(), 2);
  add_claims(*store_, "y", {domain("a.example")}, Quarantine::kRelease);
  EXPECT_EQ(values(*store_), Strings{"a.example"});
  EXPECT_EQ(generation(), 3);
  EXPECT_EQ(add_claims(*store_, "x", {domain("a.example", "S5")}).quarantined, 0u);
  EXPECT_EQ(values(*store_), Strings{"a.example"});
  EXPECT_EQ(generation(), 3);
}

TEST_F(IngestTest, what_was_first_imported_without_quarantine_stays_out_of_it) {
  add_claims(*store_, "x", {domain("a.example", "S5")}, Quarantine::kRelease);
  EXPECT_EQ(values(*store_), Strings{"a.example"});
  add_claims(*store_, "x", {domain("a.example", "S5")});
  EXPECT_EQ(values(*store_), Strings{"a.example"});
  EXPECT_EQ(generation(), 1);
}

TEST_F(IngestTest, a_quarantined_newcomer_does_not_move_the_generation) {
  add_claims(*store_, "x", {domain("a.example", "S5")});
  EXPECT_EQ(generation(), 0);
}

TEST_F(IngestTest, what_is_not_committed_is_not_there) {
  auto reader = open_store(folder_ / "spoor.db", Store::Mode::kReadOnly);
  {
    auto session = store_->begin_ingest("x", "file", Quarantine::kApply);
    ASSERT_TRUE(session);
    const std::vector<Claim> one = {domain("a.example")}, two = {domain("b.example")};
    ASSERT_TRUE((*session)->add_claims(one));
    EXPECT_TRUE(values(*reader).empty());
    ASSERT_TRUE((*session)->commit());
    EXPECT_EQ(values(*reader), Strings{"a.example"});
    ASSERT_TRUE((*session)->add_claims(two));
    ASSERT_TRUE((*session)->set_cursor(time_from_micros(5), "page 2"));
  }
  EXPECT_EQ(values(*reader), Strings{"a.example"});
  EXPECT_EQ((*reader->feed("x"))->watermark, std::nullopt);
  EXPECT_EQ(reader->identity().generation, 1);
  EXPECT_FALSE(reader->begin_ingest("x", "file", Quarantine::kApply));
  EXPECT_FALSE(reader->begin_hunt({}));
}

TEST_F(IngestTest, the_cursor_is_kept_with_its_feed) {
  ingest(*store_, "otx", Quarantine::kApply,
         [](Ingest& to) { return to.set_cursor(time_from_micros(7), "{\"page\":3}"); });
  const auto state = store_->feed("otx");
  ASSERT_TRUE(state && *state);
  EXPECT_EQ((*state)->watermark, time_from_micros(7));
  EXPECT_EQ((*state)->walk, "{\"page\":3}");
  EXPECT_EQ((*state)->kind, "file");
  ingest(*store_, "otx", Quarantine::kApply,
         [](Ingest& to) { return to.set_cursor(std::nullopt, ""); });
  EXPECT_EQ((*store_->feed("otx"))->watermark, std::nullopt);
  EXPECT_EQ(*store_->feed("none"), std::nullopt);
  EXPECT_EQ(store_->feeds()->size(), 1u);
}

TEST_F(IngestTest, one_connection_writes_one_thing_at_a_time) {
  auto one = store_->begin_ingest("x", "file", Quarantine::kApply);
  auto two = store_->begin_ingest("y", "file", Quarantine::kApply);
  const std::vector<Claim> list = {domain("a.example")};
  ASSERT_TRUE((*one)->add_claims(list));
  EXPECT_FALSE((*two)->add_claims(list));
  EXPECT_FALSE((*two)->commit());
  EXPECT_TRUE((*one)->commit());
}

TEST_F(IngestTest, hostile_text_is_only_text) {
  const std::string odd[] = {"'; DROP TABLE claim; --",      "%",        "_",  "\\", "\"",
                             std::string("nul\0inside", 10), "\xFF\xFE", "?1", ""};
  std::vector<Claim> claims;
  for (const std::string& value : odd) {
    claims.push_back(domain(value));
    claims.back().title = claims.back().raw = value + value;
  }
  Pulse strange = pulse(odd[0], 1);
  strange.tags = {odd[1], odd[4], "tag'"};
  add_pulse(*store_, strange, claims, odd[4]);
  EXPECT_FALSE(add_pulse(*store_, strange, claims, odd[4]).changed());
  std::size_t seen = 0;
  ASSERT_TRUE(store_->for_each_claim({}, [&](const ClaimView& c) {
    ++seen;
    EXPECT_EQ(c.raw, c.observable.value + c.observable.value);
    EXPECT_EQ(c.title, c.raw);
    EXPECT_EQ(c.tags, strange.tags);
  }));
  EXPECT_EQ(seen, std::size(odd));
  EXPECT_TRUE(store_->check());
}

TEST_F(IngestTest, two_writers_take_turns) {
  const auto work = [&](const std::string& feed) {
    auto store = open_store(folder_ / "spoor.db");
    for (int round = 0; round < 20; ++round) {
      std::vector<Claim> claims;
      for (int i = 0; i < 50; ++i)
        claims.push_back(domain("h" + std::to_string(round * 50 + i) + ".example"));
      add_claims(*store, feed, claims);
    }
  };
  std::thread one(work, "one"), two(work, "two");
  one.join();
  two.join();
  EXPECT_EQ(store_->counts()->observables, 1000u);
  EXPECT_EQ(store_->counts()->claims, 2000u);
  EXPECT_TRUE(store_->check());
}

}  // namespace
}  // namespace spoor
