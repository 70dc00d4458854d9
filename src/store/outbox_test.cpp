// The outbox: recording twice, locks between two owners, what survives, and the store's single
// rows.

#include "store/outbox.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store_test_support.h"

namespace spoor {
namespace {

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() { open_store(folder_ / "spoor.db"); }

  std::unique_ptr<Outbox> open() {
    auto outbox = Outbox::open(folder_ / "spoor.db");
    EXPECT_TRUE(outbox) << outbox.error().message;
    return std::move(*outbox);
  }
  static OutboxDraft draft(const std::string& key, const std::string& text = "{}") {
    return {"soc", key, "title of " + key, Tlp::kGreen, text};
  }
  OutboxCounts record(Outbox& outbox, const std::vector<OutboxDraft>& drafts) {
    const auto counts = outbox.record(drafts, time_from_micros(1'000'000));
    EXPECT_TRUE(counts) << counts.error().message;
    return *counts;
  }
  std::optional<OutboxClaim> claim(Outbox& outbox, std::int64_t after = 0) {
    auto got = outbox.claim("soc", after, busy_);
    EXPECT_TRUE(got) << got.error().message;
    return std::move(*got);
  }
  std::vector<OutboxEntry> entries(Outbox& outbox) {
    std::vector<OutboxEntry> all;
    EXPECT_TRUE(outbox.for_each("", Outbox::Drafts::kRead,
                                [&](const OutboxEntry& entry) { all.push_back(entry); }));
    return all;
  }

  TemporaryFolder folder_;
  std::uint64_t busy_ = 0;
};

TEST_F(OutboxTest, recording_again_changes_nothing) {
  const auto outbox = open();
  OutboxCounts counts = record(*outbox, {draft("a"), draft("b")});
  EXPECT_EQ(counts.added, 2u);
  counts = record(*outbox, {draft("a"), draft("b"), draft("c")});
  EXPECT_EQ(counts.added, 1u);
  EXPECT_EQ(counts.same, 2u);
  counts = record(*outbox, {draft("a", "[1]")});
  EXPECT_EQ(counts.changed, 1u);
  ASSERT_EQ(entries(*outbox).size(), 3u);
  EXPECT_EQ(entries(*outbox)[0].draft, "[1]");
}

TEST_F(OutboxTest, a_filed_entry_waits_again_when_its_draft_changes) {
  const auto outbox = open();
  record(*outbox, {draft("a")});
  {
    const auto held = claim(*outbox);
    ASSERT_TRUE(held);
    EXPECT_TRUE(outbox->filed(*held, "{\"alert\":\"~1\"}", {}, time_from_micros(2)));
  }
  EXPECT_FALSE(claim(*outbox));
  record(*outbox, {draft("a")});
  EXPECT_FALSE(claim(*outbox)) << "the same draft is filed already";
  record(*outbox, {draft("a", "[2]")});
  const auto again = claim(*outbox);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->entry.remote, "{\"alert\":\"~1\"}");
  EXPECT_EQ(again->entry.draft, "[2]");
}

TEST_F(OutboxTest, a_draft_that_changes_while_it_is_filed_waits_again) {
  const auto outbox = open();
  record(*outbox, {draft("a")});
  auto held = claim(*outbox);
  ASSERT_TRUE(held);
  const auto other = open();
  record(*other, {draft("a", "[2]")});
  EXPECT_TRUE(outbox->filed(*held, "{}", {}, time_from_micros(2)));
  held.reset();
  const auto again = claim(*outbox);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->entry.draft, "[2]");
}

TEST_F(OutboxTest, two_owners_never_hold_one_entry) {
  const auto one = open(), two = open();
  record(*one, {draft("a"), draft("b")});
  auto first = claim(*one);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->entry.key, "a");
  auto second = claim(*two);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->entry.key, "b");
  EXPECT_EQ(busy_, 1u);
  EXPECT_FALSE(claim(*two, second->entry.id));
  first.reset();
  first = claim(*two);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->entry.key, "a");
  EXPECT_EQ(first->entry.tries, 1);
}

TEST_F(OutboxTest, a_killed_owner_lets_go) {
  const auto outbox = open();
  record(*outbox, {draft("a")});
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto own = Outbox::open(folder_ / "spoor.db");
    std::uint64_t busy = 0;
    const auto held = (*own)->claim("soc", 0, busy);
    const char done = held && *held ? 'y' : 'n';
    if (::write(pipe_ends[1], &done, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char answer = '\0';
  ASSERT_EQ(::read(pipe_ends[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_FALSE(claim(*outbox));
  EXPECT_EQ(busy_, 1u);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(claim(*outbox));
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

TEST_F(OutboxTest, refusals_are_kept_with_their_words_and_tried_again_on_demand) {
  const auto outbox = open();
  record(*outbox, {draft("a"), draft("b"), draft("c")});
  {
    const auto held = claim(*outbox);
    EXPECT_TRUE(outbox->refused(*held, "http 400: CreateError: \xFF"));
  }
  {
    const auto held = claim(*outbox);
    const OutboxRefusal refusal[] = {{"ip 192.0.2.1", "BadRequest: no"}};
    EXPECT_TRUE(outbox->filed(*held, "{}", refusal, time_from_micros(3)));
    const auto kept = outbox->refusals_of(held->entry.id);
    ASSERT_TRUE(kept);
    ASSERT_EQ(kept->size(), 1u);
    EXPECT_EQ((*kept)[0].words, "BadRequest: no");
  }
  {
    const auto held = claim(*outbox);
    EXPECT_TRUE(outbox->later(*held, "timed out"));
  }
  const auto all = entries(*outbox);
  EXPECT_EQ(all[0].state, OutboxState::kRefused);
  EXPECT_EQ(all[0].message, "http 400: CreateError: \xEF\xBF\xBD");
  EXPECT_EQ(all[1].state, OutboxState::kFiled);
  EXPECT_EQ(all[2].state, OutboxState::kWaiting);
  const auto again = outbox->retry("soc");
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, 2u);
  for (const OutboxEntry& entry : entries(*outbox))
    EXPECT_EQ(entry.state, OutboxState::kWaiting);
}

TEST_F(OutboxTest, proposals_are_kept_once) {
  const auto outbox = open();
  const AllowProposal proposal{{IndicatorType::kDomain, "fine.example"}, "case 1", Time{}};
  EXPECT_TRUE(*outbox->propose(proposal));
  EXPECT_FALSE(*outbox->propose(proposal));
  ASSERT_EQ(outbox->proposals()->size(), 1u);
  EXPECT_EQ((*outbox->proposals())[0].observable.value, "fine.example");
}

TEST_F(OutboxTest, needs_a_store) {
  EXPECT_FALSE(Outbox::open(folder_ / "nothing.db"));
}

TEST(SingleRows, are_found_by_their_names) {
  const TemporaryFolder folder;
  const auto store = open_store(folder / "spoor.db");
  Pulse made = pulse("5f0000000000000000000001", 100);
  made.tags = {"apt"};
  made.malware_families = {"x"};
  made.references = {"https://r.example/"};
  made.description = "text";
  add_pulse(*store, made, {domain("a.example"), domain("b.example")});
  add_pulse(*store, pulse("5f0000000000000000000002", 900), {domain("b.example")});
  add_claims(*store, "list", {domain("a.example"), domain("c.example")});

  EXPECT_TRUE(*store->find({IndicatorType::kDomain, "a.example"}));
  EXPECT_FALSE(*store->find({IndicatorType::kDomain, "nothing.example"}));
  const auto read = store->pulse(made.id);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->name, made.name);
  EXPECT_EQ((*read)->references, made.references);
  EXPECT_EQ((*read)->malware_families, made.malware_families);
  EXPECT_FALSE(*store->pulse("nothing"));

  std::vector<std::string> seen;
  EXPECT_TRUE(store->for_each_claim_of_pulse(made.id, [&](const ClaimView& claim) {
    seen.push_back(claim.observable.value + " " + claim.pulse_id);
  }));
  EXPECT_EQ(seen, (std::vector<std::string>{"a.example " + made.id, "b.example " + made.id}));

  EXPECT_EQ(store->pulse_ids({})->size(), 2u);
  IndicatorFilter filter;
  filter.tags = {"APT"};
  EXPECT_EQ(*store->pulse_ids(filter), std::vector<std::string>{made.id});
  filter = {};
  filter.created_since = time_from_micros(500);
  EXPECT_EQ(store->pulse_ids(filter)->size(), 1u);
  filter = {};
  filter.pulses = {"no such"};
  EXPECT_TRUE(store->pulse_ids(filter)->empty());
  filter.pulses = {made.id};
  filter.feeds = {"otx"};
  EXPECT_EQ(store->pulse_ids(filter)->size(), 1u);

  EXPECT_FALSE(*store->last_hunt());
  EXPECT_TRUE(store->begin_hunt({}));
  const auto second = store->begin_hunt({});
  EXPECT_EQ(**store->last_hunt(), *second);
}

}  // namespace
}  // namespace spoor
