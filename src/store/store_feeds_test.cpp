// Feeds as wholes: what a list does not hold any more ends, attempts and their errors are kept,
// and what each feed holds is counted.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "store/store_test_support.h"

namespace spoor {
namespace {

using Claims = std::vector<Claim>;

std::optional<Time> at(std::int64_t micros) {
  return time_from_micros(micros);
}

class FeedsTest : public ::testing::Test {
 protected:
  IngestCounts whole(const Claims& claims, std::optional<Time> when,
                     const std::string& feed = "list") {
    return ingest(*store_, feed, Quarantine::kApply, [&](Ingest& to) -> Status {
      if (auto status = to.add_claims(claims); !status) return status;
      return to.end_unseen(when);
    });
  }
  /// "a.example:active b.example:ended@7", by value; "?" for no date.
  std::string states(const std::string& feed) {
    std::string text;
    EXPECT_TRUE(store_->for_each_claim({}, [&](const ClaimView& c) {
      if (c.feed != feed) return;
      text += (text.empty() ? "" : " ") + c.observable.value +
              (c.active ? ":active"
                        : ":ended@" + (c.ended ? std::to_string(to_micros(*c.ended)) : "?"));
    }));
    return text;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_store(folder_ / "spoor.db");
};

TEST_F(FeedsTest, what_a_whole_list_lacks_ends_once_and_comes_back) {
  whole({domain("a.example"), domain("b.example")}, at(5));
  IngestCounts counts = whole({domain("b.example"), domain("c.example")}, at(7));
  EXPECT_EQ(counts.claims_ended, 1u);
  EXPECT_EQ(counts.claims_new, 1u);
  EXPECT_EQ(states("list"), "a.example:ended@7 b.example:active c.example:active");
  // The same list again, with a later date: what has ended keeps its date.
  counts = whole({domain("b.example"), domain("c.example")}, at(9));
  EXPECT_FALSE(counts.changed());
  EXPECT_EQ(states("list"), "a.example:ended@7 b.example:active c.example:active");
  whole({domain("a.example")}, std::nullopt);
  EXPECT_EQ(states("list"), "a.example:active b.example:ended@? c.example:ended@?");
  EXPECT_FALSE(whole({domain("a.example")}, at(11)).changed());
}

TEST_F(FeedsTest, an_end_is_of_one_feed_and_not_of_claims_in_pulses) {
  add_pulse(*store_, pulse("p", 10), {domain("a.example")}, "list");
  add_claims(*store_, "list", {domain("a.example"), domain("b.example")});
  whole({domain("a.example"), domain("b.example")}, at(5), "other");
  const IngestCounts counts =
      ingest(*store_, "list", Quarantine::kApply, [&](Ingest& to) -> Status {
        if (auto status = to.mark_seen("p"); !status) return status;
        return to.end_unseen(at(8));
      });
  EXPECT_EQ(counts.claims_ended, 2u);
  EXPECT_EQ(states("other"), "a.example:active b.example:active");
  std::string in_pulse;
  EXPECT_TRUE(store_->for_each_claim_of_pulse(
      "p", [&](const ClaimView& c) { in_pulse += c.active ? "active" : "ended"; }));
  EXPECT_EQ(in_pulse, "active");
}

TEST_F(FeedsTest, pulses_that_were_neither_added_nor_marked_are_gone) {
  for (const char* id : {"p", "q", "r"})
    add_pulse(*store_, pulse(id, 10), {domain(std::string(id) + ".example")}, "list");
  const auto look = [&] {
    std::string text;
    EXPECT_TRUE(store_->for_each_feed_pulse(
        "list", [&](const FeedPulse& p) { text += p.id + (p.gone ? "- " : "+ "); }));
    return text;
  };
  const auto session = [&](Ingest& to) -> Status {
    if (auto status = to.add_pulse(pulse("p", 10), Claims{domain("p.example")}); !status)
      return status;
    if (auto status = to.mark_seen("q"); !status) return status;
    return to.end_unseen(at(12));
  };
  const IngestCounts counts = ingest(*store_, "list", Quarantine::kApply, session);
  EXPECT_EQ(counts.pulses_gone, 1u);
  EXPECT_EQ(counts.claims_ended, 1u);
  EXPECT_EQ(look(), "p+ q+ r- ");
  EXPECT_EQ(states("list"), "p.example:active q.example:active r.example:ended@12");
  EXPECT_FALSE(ingest(*store_, "list", Quarantine::kApply, session).changed());
}

TEST_F(FeedsTest, different_observables_of_a_session_are_counted) {
  auto session = store_->begin_ingest("list", "url", Quarantine::kApply);
  ASSERT_TRUE(session.has_value());
  ASSERT_TRUE((*session)->add_claims(
      Claims{domain("a.example"), domain("b.example"), domain("a.example")}));
  ASSERT_TRUE((*session)->commit());
  ASSERT_TRUE((*session)->add_claims(Claims{domain("b.example"), domain("c.example")}));
  EXPECT_EQ((*session)->claims_listed(), 3u);
}

TEST_F(FeedsTest, attempts_keep_their_error_until_the_next_one) {
  ASSERT_TRUE(store_->record_attempt("list", "url", time_from_micros(3), "http 503"));
  auto feed = store_->feed("list");
  ASSERT_TRUE(feed && *feed);
  EXPECT_EQ((*feed)->kind, "url");
  EXPECT_EQ((*feed)->last_attempt, at(3));
  EXPECT_EQ((*feed)->last_error, "http 503");
  EXPECT_FALSE((*feed)->last_run.has_value());
  ASSERT_TRUE(store_->record_attempt("list", "misp", time_from_micros(4), ""));
  feed = store_->feed("list");
  EXPECT_EQ((*feed)->kind, "misp");
  EXPECT_EQ((*feed)->last_attempt, at(4));
  EXPECT_EQ((*feed)->last_error, "");
  EXPECT_EQ(store_->feeds()->at(0).last_attempt, at(4));
  auto reader = open_store(folder_ / "spoor.db", Store::Mode::kReadOnly);
  EXPECT_FALSE(reader->record_attempt("list", "url", time_from_micros(5), ""));
}

TEST_F(FeedsTest, what_each_feed_holds_is_counted) {
  whole({domain("a.example"), domain("b.example")}, at(5));
  whole({domain("b.example")}, at(6));
  add_pulse(*store_, pulse("p", 10), {domain("a.example")}, "otx");
  add_pulse(*store_, pulse("q", 10), {domain("a.example"), domain("c.example")}, "otx");
  ingest(*store_, "otx", Quarantine::kApply,
         [&](Ingest& to) { return to.end_pulse("p", at(9)); });
  ASSERT_TRUE(store_->record_attempt("never", "url", time_from_micros(1), "no route"));
  std::string text;
  const auto all = store_->feed_counts();
  ASSERT_TRUE(all.has_value());
  for (const FeedCounts& each : *all) {
    text += each.feed + " " + std::to_string(each.claims) + "/" + std::to_string(each.active) +
            " " + std::to_string(each.pulses) + "-" + std::to_string(each.gone) + "; ";
  }
  EXPECT_EQ(text, "list 2/1 0-0; never 0/0 0-0; otx 3/2 2-1; ");
}

/// Two versions of a list, in transactions of a few rows: killed anywhere, then run again.
bool write_list(Store& store, int version, int rows) {
  auto session = store.begin_ingest("list", "url", Quarantine::kApply);
  if (!session) return false;
  for (int row = version * rows / 2; row < rows + version * rows / 2; row += 10) {
    Claims claims;
    for (int i = row; i < row + 10; ++i)
      claims.push_back(domain("h" + std::to_string(i) + ".example"));
    if (!(*session)->add_claims(claims) || !(*session)->commit()) return false;
  }
  return (*session)->end_unseen(time_from_micros(version)) && (*session)->finish();
}

TEST_F(FeedsTest, a_list_killed_at_any_point_and_read_again_is_whole) {
  constexpr int kRows = 200;
  ASSERT_TRUE(write_list(*store_, 0, kRows) && write_list(*store_, 1, kRows));
  const auto expected = dump(*store_);
  ASSERT_EQ(expected.size(), std::size_t{kRows + kRows / 2});
  std::mt19937 random(20261126);
  int killed = 0;
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(round);
    const std::string path = folder_ / ("round" + std::to_string(round) + ".db").c_str();
    ASSERT_TRUE(write_list(*open_store(path), 0, kRows));
    const auto pause = static_cast<useconds_t>(random() % 30'000);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = Store::open(path, Store::Mode::kReadWrite);
      ::_exit(store && write_list(**store, 1, kRows) ? 0 : 1);
    }
    ::usleep(pause);
    ::kill(child, SIGKILL);
    int state = 0;
    ASSERT_EQ(::waitpid(child, &state, 0), child);
    killed += WIFSIGNALED(state);
    auto store = open_store(path);
    ASSERT_TRUE(write_list(*store, 1, kRows));
    EXPECT_EQ(dump(*store), expected);
    EXPECT_TRUE(store->check());
  }
  EXPECT_GT(killed, 0);
}

}  // namespace
}  // namespace spoor
