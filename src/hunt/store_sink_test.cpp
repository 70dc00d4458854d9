#include "hunt/store_sink.h"

#include <gtest/gtest.h>

#include "store/value_reader.h"

namespace spoor {
namespace {

/// A store that remembers what a hunt does to it; everything else is not there.
class FakeStore final : public Store {
 public:
  StoreIdentity identity() override { return {}; }
  Result<std::unique_ptr<Ingest>> begin_ingest(std::string_view, std::string_view,
                                               Quarantine) override {
    return fail("not there");
  }
  Result<std::optional<FeedState>> feed(std::string_view) override { return fail("not there"); }
  Result<std::vector<FeedState>> feeds() override { return fail("not there"); }
  Result<std::vector<FeedCounts>> feed_counts() override { return fail("not there"); }
  Status record_attempt(std::string_view, std::string_view, Time, std::string_view) override {
    return fail("not there");
  }
  Status for_each_feed_pulse(std::string_view,
                             const std::function<void(const FeedPulse&)>&) override {
    return fail("not there");
  }
  Status for_each_observable(const IndicatorFilter&,
                             const std::function<void(ObservableId, Observable&&)>&) override {
    return fail("not there");
  }
  Status for_each_claim(const IndicatorFilter&,
                        const std::function<void(const ClaimView&)>&) override {
    return fail("not there");
  }
  Result<std::vector<ClaimView>> claims_of(ObservableId id) override {
    if (broken) return fail("disk i/o error");
    ClaimView claim;
    claim.observable_id = id;
    claim.feed = "otx";
    claim.pulse_id = "5f";
    claim.pulse_name = "Pulse";
    claim.pulse_author = "someone";
    claim.tags = {"apt"};
    claim.tlp = Tlp::kGreen;
    claim.created = time_from_micros(1);
    claim.expiration = time_from_micros(2);
    claim.ended = time_from_micros(3);
    claim.active = false;
    return std::vector<ClaimView>{claim, ClaimView{}};
  }
  Result<std::unique_ptr<ValueReader>> value_reader() override { return fail("not there"); }
  Result<std::optional<Time>> newest_pulse() override { return fail("not here"); }
  Result<std::vector<ClaimSpan>> claim_spans() override { return fail("not here"); }
  Result<std::optional<ObservableId>> find(const Observable&) override {
    return fail("not there");
  }
  Result<std::optional<Pulse>> pulse(std::string_view) override { return fail("not there"); }
  Result<std::vector<std::string>> pulse_ids(const IndicatorFilter&) override {
    return fail("not there");
  }
  Status for_each_claim_of_pulse(std::string_view,
                                 const std::function<void(const ClaimView&)>&) override {
    return fail("not there");
  }
  Result<std::optional<HuntId>> last_hunt() override { return fail("not there"); }
  Result<StoreCounts> counts() override { return fail("not there"); }
  Result<HuntId> begin_hunt(const HuntInfo& info) override {
    if (broken) return fail("disk i/o error");
    begun = info;
    return HuntId{17};
  }
  Status grow_event(std::string_view, std::uint64_t, const Digest128&,
                    const Digest128&) override {
    return {};
  }
  Result<IndicatorMark> indicator_mark() override { return IndicatorMark{}; }
  Result<std::vector<Released>> released() override { return std::vector<Released>(); }
  Status for_each_progress(const Digest128&, const std::function<void(Progress&&)>&) override {
    return {};
  }
  Status put_progress(const Digest128&, std::span<Progress>, Time) override { return {}; }
  Status record_sightings(HuntId hunt, std::span<Sighting> sightings, NewRule) override {
    if (broken) return fail("database or disk is full");
    EXPECT_EQ(hunt, HuntId{17});
    for (Sighting& sighting : sightings) sighting.is_new = true;
    recorded += sightings.size();
    return {};
  }
  Status as_one(const std::function<Status()>& write) override {
    ++transactions;
    return write();
  }
  Status finish_hunt(HuntId hunt, const HuntSummary& summary) override {
    if (broken) return fail("disk i/o error");
    EXPECT_EQ(hunt, HuntId{17});
    finished = summary;
    return {};
  }
  Status for_each_sighting(const SightingFilter&,
                           const std::function<void(const StoredSighting&)>&) override {
    return fail("not there");
  }
  Status check() override { return {}; }

  bool broken = false;
  std::optional<HuntInfo> begun;
  std::optional<HuntSummary> finished;
  std::size_t recorded = 0, transactions = 0;
};

TEST(StoreSink, writes_the_hunt_and_its_sightings) {
  FakeStore store;
  StoreSink sink(store);
  ASSERT_TRUE(sink.begin({time_from_micros(5), {"a", "b"}, "--type domain", 9}));
  EXPECT_EQ(sink.hunt(), HuntId{17});
  ASSERT_TRUE(store.begun);
  EXPECT_EQ(store.begun->paths, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(store.begun->filter, "--type domain");
  EXPECT_EQ(store.begun->indicators, 9u);
  std::vector<Sighting> sightings(3);
  const std::vector<FindingDetail> details(3);
  ASSERT_TRUE(sink.take(sightings, details));
  EXPECT_TRUE(sightings[2].is_new) << "for the sinks behind it";
  HuntTotals totals;
  totals.ended = time_from_micros(6);
  totals.files = 2;
  totals.bytes_read = 10;
  totals.bytes_decoded = 20;
  totals.lines = 4;
  totals.sightings = 3;
  totals.sightings_new = 1;
  totals.complete = false;
  ASSERT_TRUE(sink.finish(totals));
  ASSERT_TRUE(store.finished);
  EXPECT_EQ(store.finished->ended, time_from_micros(6));
  EXPECT_EQ(store.finished->files, 2u);
  EXPECT_EQ(store.finished->bytes_read, 10u);
  EXPECT_EQ(store.finished->bytes_decoded, 20u);
  EXPECT_EQ(store.finished->lines, 4u);
  EXPECT_EQ(store.finished->sightings, 3u);
  EXPECT_EQ(store.finished->sightings_new, 1u);
  EXPECT_FALSE(store.finished->complete);
}

TEST(StoreSink, writes_what_belongs_to_a_batch_in_its_transaction) {
  FakeStore store;
  std::vector<std::size_t> at;
  bool is_broken = false;
  StoreSink sink(store, NewRule::kEvent, [&]() -> Status {
    at.push_back(store.recorded);
    return is_broken ? Status(fail("disk i/o error")) : Status();
  });
  ASSERT_TRUE(sink.begin({}));
  std::vector<Sighting> sightings(3);
  const std::vector<FindingDetail> details(3);
  ASSERT_TRUE(sink.take(sightings, details));
  EXPECT_EQ(at, std::vector<std::size_t>{3});
  EXPECT_EQ(store.transactions, 1u);
  is_broken = true;
  EXPECT_EQ(sink.take(sightings, details).error().message,
            "recording sightings: disk i/o error");
  EXPECT_EQ(store.transactions, 2u);
}

TEST(StoreSink, says_where_the_store_failed) {
  FakeStore store;
  StoreSink sink(store);
  store.broken = true;
  EXPECT_EQ(sink.begin({}).error().message, "begin of the hunt: disk i/o error");
  EXPECT_EQ(sink.take({}, {}).error().message, "recording sightings: database or disk is full");
  EXPECT_EQ(sink.finish({}).error().message, "end of the hunt: disk i/o error");
}

TEST(StoreSink, looks_up_stories) {
  FakeStore store;
  SnapshotBuilder builder;
  builder.add(4, {IndicatorType::kDomain, "a.example"});
  builder.add(7, {IndicatorType::kIpv4, "192.0.2.1"});
  auto bytes = builder.finish({});
  ASSERT_TRUE(bytes);
  const auto snapshot = Snapshot::from_bytes(*std::move(bytes));
  ASSERT_TRUE(snapshot);
  const StoryLookup lookup = lookup_in(store, **snapshot);
  const auto story = lookup(IndicatorIndex{1});
  ASSERT_TRUE(story);
  EXPECT_EQ((*story)->id, ObservableId{7});
  EXPECT_EQ((*story)->observable.value, "192.0.2.1");
  ASSERT_EQ((*story)->claims.size(), 2u);
  const ClaimSummary& claim = (*story)->claims[0];
  EXPECT_EQ(claim.feed, "otx");
  EXPECT_EQ(claim.pulse_id, "5f");
  EXPECT_EQ(claim.pulse_name, "Pulse");
  EXPECT_EQ(claim.pulse_author, "someone");
  EXPECT_EQ(claim.tags, std::vector<std::string>{"apt"});
  EXPECT_EQ(claim.tlp, Tlp::kGreen);
  EXPECT_EQ(claim.created, time_from_micros(1));
  EXPECT_EQ(claim.expiration, time_from_micros(2));
  EXPECT_EQ(claim.ended, time_from_micros(3));
  EXPECT_FALSE(claim.active);
  store.broken = true;
  EXPECT_EQ(lookup(IndicatorIndex{0}).error().message, "claims of a.example: disk i/o error");
}

}  // namespace
}  // namespace spoor
