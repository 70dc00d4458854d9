// Lists, the allow-list and notes as they are kept; sightings judged anew; what a source says
// of a claim beyond its value, and what is nothing to search for.

#include "store/noise_store.h"

#include "store/store_test_support.h"

namespace spoor {
namespace {

using T = IndicatorType;
using Change = NoiseStore::Change;

class NoiseStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<NoiseStore> noise() {
    auto opened = NoiseStore::open(path_, Database::Access::kReadWrite);
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    return std::move(*opened);
  }
  ClaimView only_claim() {
    IndicatorFilter filter;
    filter.with_context = filter.with_quarantined = true;
    std::vector<ClaimView> all;
    EXPECT_TRUE(store_->for_each_claim(filter, [&](const ClaimView& c) { all.push_back(c); }));
    EXPECT_EQ(all.size(), 1u);
    return all.at(0);
  }
  std::int64_t generation() { return store_->identity().generation; }

  TemporaryFolder folder_;
  const std::string path_ = folder_ / "spoor.db";
  std::unique_ptr<Store> store_ = open_store(path_);
};

Claim context(Claim made) {
  made.facts.detect = false;
  return made;
}

TEST_F(NoiseStoreTest, keeps_what_a_source_says_of_a_claim) {
  Claim made = domain("a.example");
  made.facts.confidence = 0;
  made.facts.tlp = Tlp::kRed;
  made.facts.pap = Pap::kAmber;
  made.facts.last_said = time_from_micros(5);
  made.facts.malware = "Family";
  made.facts.adversary = "Group";
  made.facts.attack_ids = {"T1001", "T1002"};
  EXPECT_EQ(add_claims(*store_, "file:x", {made}).claims_new, 1u);
  EXPECT_FALSE(add_claims(*store_, "file:x", {made}).changed()) << "the same again";
  EXPECT_EQ(only_claim().facts, made.facts);
  EXPECT_EQ(only_claim().tlp, Tlp::kRed);
  EXPECT_EQ(only_claim().pap, Pap::kAmber);
  made.facts.confidence = 70;
  EXPECT_EQ(add_claims(*store_, "file:x", {made}).claims_changed, 1u);
  made.facts = {};
  EXPECT_EQ(add_claims(*store_, "file:x", {made}).claims_changed, 1u);
  EXPECT_EQ(only_claim().facts, ClaimFacts{});
  EXPECT_FALSE(only_claim().tlp.has_value());
}

TEST_F(NoiseStoreTest, a_pulse_has_a_pap_and_its_claims_take_its_marks) {
  Pulse made = pulse("p", 1);
  made.pap = Pap::kGreen;
  made.tlp = Tlp::kGreen;
  Claim own = domain("a.example");
  own.facts.tlp = Tlp::kRed;
  add_pulse(*store_, made, {own});
  EXPECT_EQ(only_claim().pap, Pap::kGreen);
  EXPECT_EQ(only_claim().tlp, Tlp::kRed) << "the stricter of both";
  EXPECT_EQ(store_->pulse("p")->value().pap, Pap::kGreen);
  EXPECT_FALSE(add_pulse(*store_, made, {own}).changed());
}

TEST_F(NoiseStoreTest, what_is_told_with_a_red_pulse_is_red_whatever_its_claim_says) {
  Pulse made = pulse("p", 1);
  made.pap = Pap::kRed;
  made.tlp = Tlp::kRed;
  Claim own = domain("a.example");
  own.facts.tlp = Tlp::kGreen;
  own.facts.pap = Pap::kGreen;
  add_pulse(*store_, made, {own});
  EXPECT_EQ(only_claim().tlp, Tlp::kRed);
  EXPECT_EQ(only_claim().pap, Pap::kRed);
  EXPECT_EQ(only_claim().facts.tlp, Tlp::kGreen);
}

TEST_F(NoiseStoreTest, what_all_call_context_is_kept_and_not_hunted) {
  const IngestCounts counts = add_claims(*store_, "file:x", {context(domain("a.example"))});
  EXPECT_EQ(counts.context, 1u);
  EXPECT_EQ(generation(), 0) << "nothing that hunts look for";
  EXPECT_TRUE(values(*store_).empty());
  IndicatorFilter all;
  all.with_context = true;
  EXPECT_EQ(values(*store_, all).size(), 1u);
  EXPECT_EQ(store_->counts()->context, 1u);
  EXPECT_EQ(*noise()->context_only(), 1u);
  EXPECT_TRUE(store_->counts()->by_type.empty());
  EXPECT_FALSE(add_claims(*store_, "file:x", {context(domain("a.example"))}).changed());
}

TEST_F(NoiseStoreTest, a_claim_that_detects_brings_it_into_hunts_and_into_old_bytes) {
  add_claims(*store_, "file:x", {context(domain("a.example")), domain("b.example")});
  const std::int64_t before = generation();
  EXPECT_TRUE(store_->released()->empty());
  add_claims(*store_, "file:y", {domain("a.example")});
  EXPECT_EQ(values(*store_), (std::vector<std::string>{"a.example", "b.example"}));
  EXPECT_GT(generation(), before);
  ASSERT_EQ(store_->released()->size(), 1u);
  EXPECT_EQ((*store_->released())[0].generation, generation());
  EXPECT_EQ(store_->counts()->context, 0u);
}

TEST_F(NoiseStoreTest, a_source_that_takes_its_word_back_takes_it_out_again) {
  add_claims(*store_, "file:x", {domain("a.example")});
  const std::int64_t before = generation();
  add_claims(*store_, "file:x", {context(domain("a.example"))});
  EXPECT_TRUE(values(*store_).empty());
  EXPECT_GT(generation(), before);
  add_claims(*store_, "file:x", {domain("a.example")});
  EXPECT_EQ(values(*store_).size(), 1u);
  EXPECT_EQ(store_->released()->size(), 1u);
  // One of two sources does not.
  add_claims(*store_, "file:y", {domain("a.example")});
  add_claims(*store_, "file:x", {context(domain("a.example"))});
  EXPECT_EQ(values(*store_).size(), 1u);
}

TEST_F(NoiseStoreTest, of_claims_that_come_together_the_one_that_detects_counts) {
  for (const bool first : {true, false}) {
    const std::string value = first ? "a.example" : "b.example";
    Claim one = domain(value), other = context(domain(value));
    if (!first) std::swap(one, other);
    const std::string id = "p" + value;
    add_pulse(*store_, pulse(id, 1), {one, other});
    EXPECT_FALSE(add_pulse(*store_, pulse(id, 1), {one, other}).changed());
  }
  EXPECT_EQ(values(*store_), (std::vector<std::string>{"a.example", "b.example"}));
}

TEST_F(NoiseStoreTest, quarantine_and_context_are_two_gates) {
  add_claims(*store_, "file:x", {context(domain("a.example", "S5: wide"))});
  add_claims(*store_, "file:x", {domain("a.example")}, Quarantine::kApply);
  EXPECT_TRUE(values(*store_).empty()) << "still quarantined";
  EXPECT_TRUE(store_->released()->empty());
  add_claims(*store_, "file:x", {domain("a.example")}, Quarantine::kRelease);
  EXPECT_EQ(values(*store_).size(), 1u);
  EXPECT_EQ(store_->released()->size(), 1u);
}

TEST_F(NoiseStoreTest, keeps_lists_whole_and_a_chosen_verdict) {
  WarningList list;
  list.name = "L";
  list.description = "d";
  list.version = "1";
  list.kind = ListKind::kRegex;
  list.attributes = {"domain"};
  list.origin = "/x";
  list.entries = {"/a/", "/b/"};
  EXPECT_EQ(*noise()->put_list(list, false), Change::kNew);
  EXPECT_EQ(*noise()->put_list(list, false), Change::kSame);
  list.verdict = Verdict::kWeak;
  EXPECT_EQ(*noise()->put_list(list, true), Change::kChanged);
  list.verdict = Verdict::kSuppressed;
  list.entries.push_back("/c/");
  EXPECT_EQ(*noise()->put_list(list, false), Change::kChanged);
  const auto whole = noise()->whole_lists();
  ASSERT_EQ(whole->size(), 1u);
  EXPECT_EQ((*whole)[0].entries, list.entries);
  EXPECT_EQ((*whole)[0].attributes, list.attributes);
  EXPECT_EQ((*whole)[0].kind, ListKind::kRegex);
  EXPECT_EQ((*whole)[0].verdict, Verdict::kWeak) << "a person chose it";
  EXPECT_EQ((*noise()->lists())[0].entries, 3u);
  EXPECT_TRUE(*noise()->remove_list("L"));
  EXPECT_FALSE(*noise()->remove_list("L"));
}

TEST_F(NoiseStoreTest, keeps_the_allow_list) {
  AllowEntry entry;
  entry.kind = AllowEntry::Kind::kNetwork;
  entry.observable.value = "198.51.100.0/24";
  entry.reason = "audit";
  entry.added = time_from_micros(7);
  EXPECT_EQ(*noise()->put_allowed(entry), Change::kNew);
  EXPECT_EQ(*noise()->put_allowed(entry), Change::kSame);
  entry.expires = time_from_micros(9);
  EXPECT_EQ(*noise()->put_allowed(entry), Change::kChanged);
  AllowEntry value;
  value.observable = {T::kDomain, "a.example"};
  EXPECT_EQ(*noise()->put_allowed(value), Change::kNew);
  const auto all = noise()->allowed();
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].observable, value.observable);
  EXPECT_EQ((*all)[1].kind, AllowEntry::Kind::kNetwork);
  EXPECT_EQ((*all)[1].expires, entry.expires);
  EXPECT_TRUE(*noise()->remove_allowed(entry));
  EXPECT_FALSE(*noise()->remove_allowed(entry));
}

TEST_F(NoiseStoreTest, a_sources_notes_replace_its_own_only) {
  const Observable observable{T::kIpv4, "203.0.113.8"};
  const std::vector<BenignNote> two = {{observable, "", "whitelist", "m", time_from_micros(3)},
                                       {observable, "", "majestic", "", std::nullopt}};
  ASSERT_TRUE(noise()->put_notes(observable, "otx", two));
  ASSERT_TRUE(noise()->put_notes(observable, "other", std::span(two).subspan(1)));
  ASSERT_TRUE(noise()->put_notes(observable, "otx", std::span(two).first(1)));
  const auto notes = noise()->notes_of(observable);
  ASSERT_EQ(notes->size(), 2u);
  EXPECT_EQ((*notes)[0].source, "other");
  EXPECT_EQ((*notes)[1].name, "whitelist");
  EXPECT_EQ((*notes)[1].noted, time_from_micros(3));
  EXPECT_EQ(noise()->notes()->size(), 2u);
  EXPECT_TRUE(noise()->notes_of({T::kIpv4, "203.0.113.9"})->empty());
}

TEST_F(NoiseStoreTest, the_mark_moves_with_what_is_judged_by_and_with_nothing_else) {
  std::int64_t last = *noise()->mark();
  const auto moved = [&] {
    const std::int64_t now = *noise()->mark();
    return std::exchange(last, now) != now;
  };
  WarningList list;
  list.name = "n";
  list.entries = {"a.example"};
  ASSERT_TRUE(noise()->put_list(list, false));
  EXPECT_TRUE(moved());
  ASSERT_TRUE(noise()->put_list(list, false));
  EXPECT_FALSE(moved()) << "the same list";
  ASSERT_TRUE(noise()->put_list_version("n", "\"1\"", "Mon"));
  EXPECT_FALSE(moved()) << "what the server calls it";
  EXPECT_EQ(noise()->lists()->at(0).etag, "\"1\"");
  EXPECT_EQ(noise()->lists()->at(0).changed, "Mon");
  list.entries = {"b.example"};
  ASSERT_TRUE(noise()->put_list(list, false));
  EXPECT_TRUE(moved());
  AllowEntry entry;
  entry.observable = {T::kDomain, "a.example"};
  ASSERT_TRUE(noise()->put_allowed(entry));
  EXPECT_TRUE(moved());
  ASSERT_TRUE(noise()->put_allowed(entry));
  EXPECT_FALSE(moved()) << "the same entry";
  entry.reason = "other";
  ASSERT_TRUE(noise()->put_allowed(entry));
  EXPECT_TRUE(moved());
  const std::vector<BenignNote> note = {{entry.observable, "", "whitelist", "m", {}}};
  ASSERT_TRUE(noise()->put_notes(entry.observable, "otx", note));
  EXPECT_TRUE(moved());
  ASSERT_TRUE(noise()->put_notes(entry.observable, "otx", note));
  EXPECT_FALSE(moved()) << "the same note";
  ASSERT_TRUE(noise()->put_notes(entry.observable, "otx", {}));
  EXPECT_TRUE(moved());
  ASSERT_TRUE(noise()->remove_allowed(entry));
  EXPECT_TRUE(moved());
  ASSERT_TRUE(noise()->remove_list("n"));
  EXPECT_TRUE(moved());
  ASSERT_TRUE(noise()->remove_list("n"));
  add_claims(*store_, "file:x", {domain("a.example")});
  EXPECT_FALSE(moved());
}

// Sightings of a.example on hosts h0, h1, ..., and one of b.example.
class JudgedTest : public NoiseStoreTest {
 protected:
  void SetUp() override {
    add_claims(*store_, "file:x", {domain("a.example"), domain("b.example")});
    hunt_ = *store_->begin_hunt({});
    std::vector<Sighting> found;
    for (int i = 0; i < 10; ++i) found.push_back(sighting("a.example", i));
    found.push_back(sighting("b.example", 100));
    ASSERT_TRUE(store_->record_sightings(hunt_, found));
    HuntSummary summary;
    summary.lines = 50;
    ASSERT_TRUE(store_->finish_hunt(hunt_, summary));
  }
  static Sighting sighting(const std::string& value, int place) {
    Sighting made;
    made.observable = {T::kDomain, value};
    made.file = made.absolute_path = "/log";
    made.event_offset = static_cast<std::uint64_t>(place);
    made.event_digest.bytes[0] = static_cast<unsigned char>(place);
    made.grade = Grade::kExact;
    made.rule = "D1";
    made.host = "h" + std::to_string(place % 3);
    made.flow = place == 0 ? Flow::kInboundBlocked : Flow::kUnknown;
    return made;
  }
  std::vector<std::string> verdicts() {
    std::vector<std::string> all;
    EXPECT_TRUE(store_->for_each_sighting({}, [&](const StoredSighting& each) {
      all.push_back(each.sighting.observable.value + " " +
                    std::string(name_of(each.sighting.verdict)) + " " + each.sighting.reason);
    }));
    return all;
  }
  HuntId hunt_{};
};

TEST_F(JudgedTest, reads_host_and_flow_back) {
  int blocked = 0;
  EXPECT_TRUE(store_->for_each_sighting({}, [&](const StoredSighting& each) {
    EXPECT_EQ(each.sighting.host, "h" + std::to_string(each.sighting.event_offset % 3));
    blocked += each.sighting.flow == Flow::kInboundBlocked;
  }));
  EXPECT_EQ(blocked, 1);
}

TEST_F(JudgedTest, asks_once_for_what_is_alike_and_writes_what_changed) {
  std::vector<std::string> asked;
  const auto judge = [&](SightingGroup& group) {
    asked.push_back(group.observable.value + " " + std::to_string(group.sightings) + " " +
                    std::string(name_of(group.flow)));
    if (group.observable.value != "a.example") return;
    EXPECT_EQ(group.volume.events, 10u);
    EXPECT_EQ(group.volume.hosts, 3u);
    group.verdict = Verdict::kSuppressed;
    group.reason = "because";
  };
  auto counts = noise()->judge(judge);
  ASSERT_TRUE(counts.has_value()) << counts.error().message;
  EXPECT_EQ(counts->sightings, 11u);
  EXPECT_EQ(counts->changed, 10u);
  EXPECT_EQ(asked, (std::vector<std::string>{"a.example 1 inbound blocked", "a.example 9 ",
                                             "b.example 1 "}));
  const auto after = verdicts();
  EXPECT_EQ(std::count(after.begin(), after.end(), "a.example suppressed because"), 10);
  EXPECT_EQ(std::count(after.begin(), after.end(), "b.example shown "), 1);
  counts = noise()->judge(judge);
  EXPECT_EQ(counts->changed, 0u) << "judged again, nothing changes";
  EXPECT_EQ(verdicts(), after);
}

TEST_F(JudgedTest, reasons_that_differ_from_row_to_row_become_one) {
  std::vector<Sighting> found;
  for (int i = 0; i < 10; ++i) {
    found.push_back(sighting("a.example", i));
    found.back().verdict = Verdict::kWeak;
    found.back().reason = "in " + std::to_string(i) + " of 50 lines";
  }
  ASSERT_TRUE(store_->record_sightings(hunt_, found));
  Digest128 before, after;
  before.bytes[0] = 9;
  after.bytes[0] = 109;
  ASSERT_TRUE(store_->grow_event("/log", 9, before, after));
  int asked = 0;
  const auto counts = noise()->judge([&](SightingGroup& group) {
    if (group.observable.value != "a.example") return;
    ++asked;
    group.verdict = group.flow == Flow::kInboundBlocked ? Verdict::kShown : Verdict::kWeak;
    group.reason = group.flow == Flow::kInboundBlocked ? "" : "in 3 of 50 lines";
  });
  ASSERT_TRUE(counts.has_value()) << counts.error().message;
  EXPECT_EQ(asked, 9) << "a group for each reason, and none for the line that went on";
  EXPECT_EQ(counts->changed, 8u) << "one had that reason";
  const auto now = verdicts();
  EXPECT_EQ(std::count(now.begin(), now.end(), "a.example weak in 3 of 50 lines"), 8);
  EXPECT_EQ(std::count(now.begin(), now.end(), "a.example shown "), 1);
  EXPECT_EQ(std::count(now.begin(), now.end(),
                       "a.example suppressed the line went on, and no longer holds it"),
            1);
}

TEST_F(JudgedTest, leaves_alone_what_a_line_that_went_on_does_not_hold) {
  Digest128 before, after;
  before.bytes[0] = 100;
  after.bytes[0] = 101;
  ASSERT_TRUE(store_->grow_event("/log", 100, before, after));
  ASSERT_TRUE(noise()->judge([](SightingGroup& group) {
    EXPECT_NE(group.observable.value, "b.example");
    group.verdict = Verdict::kShown;
  }));
  EXPECT_EQ(verdicts().back(), "b.example suppressed the line went on, and no longer holds it");
}

TEST_F(JudgedTest, tells_what_is_seen_often) {
  EXPECT_EQ(*noise()->all_events(), 50u);
  EXPECT_EQ(noise()->volumes(10, 0)->size(), 1u);
  EXPECT_EQ(noise()->volumes(11, 0)->size(), 0u);
  EXPECT_EQ(noise()->volumes(0, 3)->size(), 1u);
  EXPECT_EQ(noise()->volumes(0, 1)->size(), 2u);
  EXPECT_EQ(noise()->volumes(0, 0)->size(), 0u) << "0: never";
}

}  // namespace
}  // namespace spoor
