// The outbox into a system: clearance, what waits, what is refused.

#include "cases/sender.h"

#include <gtest/gtest.h>

#include <map>

#include "store/store_test_support.h"

namespace spoor {
namespace {

class FakeSystem final : public CaseSystem {
 public:
  std::vector<std::string> filed;
  std::map<std::string, Filing> answers;  // by title
  Result<SystemReport> test() override { return SystemReport{}; }
  Filing file(const CaseDraft& draft, std::string_view remote,
              const KeepRemote& keep) override {
    filed.push_back(draft.title + (remote.empty() ? "" : " again"));
    EXPECT_TRUE(keep("{\"alert\":\"~9\"}"));
    if (const auto found = answers.find(draft.title); found != answers.end())
      return found->second;
    Filing filing;
    filing.remote = "{\"alert\":\"~9\"}";
    filing.created = true;
    return filing;
  }
  Result<std::string> verdict(std::string_view) override { return std::string(); }
};

class SenderTest : public testing::Test {
 protected:
  SenderTest() {
    open_store(folder_ / "spoor.db");
    outbox_ = std::move(*Outbox::open(folder_ / "spoor.db"));
  }
  void record(const std::string& title, Tlp tlp = Tlp::kGreen, int pap = 2) {
    CaseDraft draft;
    draft.type = "t";
    draft.source = "s";
    draft.source_ref = draft.title = title;
    draft.tlp = tlp;
    draft.pap = pap;
    const OutboxDraft drafts[] = {{"soc", key_of(draft), title, tlp, draft_text(draft)}};
    EXPECT_TRUE(outbox_->record(drafts, Time{}));
  }
  SendReport send(Clearance clearance = {}) {
    const auto report = send_outbox(
        *outbox_, "soc", system_, clearance, clock_, [] { return false; },
        [](const SendProgress&) {});
    EXPECT_TRUE(report);
    return *report;
  }
  std::vector<OutboxState> states() {
    std::vector<OutboxState> all;
    EXPECT_TRUE(outbox_->for_each("soc", Outbox::Drafts::kLeaveOut,
                                  [&](const OutboxEntry& e) { all.push_back(e.state); }));
    return all;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Outbox> outbox_;
  FakeSystem system_;
  FixedClock clock_{time_from_micros(5)};
};

TEST_F(SenderTest, files_each_once) {
  record("a");
  record("b");
  EXPECT_EQ(send().filed, 2u);
  EXPECT_EQ(send().filed, 0u);
  EXPECT_EQ(system_.filed, (std::vector<std::string>{"a", "b"}));
}

TEST_F(SenderTest, red_never_leaves_for_a_system_that_is_not_cleared) {
  record("red", Tlp::kRed);
  record("pap", Tlp::kClear, 3);
  record("fine", Tlp::kAmberStrict);
  const SendReport report = send();
  EXPECT_EQ(report.filed, 1u);
  EXPECT_EQ(report.refused, 2u);
  EXPECT_EQ(system_.filed, std::vector<std::string>{"fine"});
  ASSERT_EQ(report.lines.size(), 2u);
  EXPECT_EQ(report.lines[0],
            "red: refused: TLP red is above what this system is cleared for, amber+strict");
  // Cleared later, and asked again.
  EXPECT_TRUE(outbox_->retry("soc"));
  EXPECT_EQ(send({Tlp::kRed, 3}).filed, 2u);
}

TEST_F(SenderTest, stops_where_the_system_is_away) {
  record("a");
  record("b");
  Filing away;
  away.kind = Filing::Kind::kLater;
  away.stop = true;
  away.message = "connection refused";
  system_.answers["a"] = away;
  EXPECT_EQ(send().waiting, 1u);
  EXPECT_EQ(system_.filed.size(), 1u);
  system_.answers.clear();
  EXPECT_EQ(send().filed, 2u);
  EXPECT_EQ(system_.filed[1], "a again") << "what was kept is given back";
}

TEST_F(SenderTest, one_draft_in_trouble_holds_nobody_up) {
  Filing late;
  late.kind = Filing::Kind::kLater;
  late.message = "http 500";
  for (const char* title : {"a", "b", "c", "d", "e"}) record(title);
  system_.answers["a"] = late;
  SendReport report = send();
  EXPECT_EQ(report.waiting, 1u);
  EXPECT_EQ(report.filed, 4u);
  for (const char* title : {"f", "g", "h"}) record(title);
  for (const char* title : {"f", "g", "h"}) system_.answers[title] = late;
  record("i");
  report = send();  // "a" and two more are enough
  EXPECT_EQ(report.waiting, 3u);
  EXPECT_EQ(report.filed, 0u);
}

TEST_F(SenderTest, a_refusal_stays_with_its_words_until_it_is_asked_for) {
  record("a");
  record("b");
  Filing refused;
  refused.kind = Filing::Kind::kRefused;
  refused.message = "http 400: BadRequest: no";
  system_.answers["a"] = refused;
  EXPECT_EQ(send().refused, 1u);
  EXPECT_EQ(states(), (std::vector<OutboxState>{OutboxState::kRefused, OutboxState::kFiled}));
  EXPECT_EQ(send().refused, 0u);
  system_.answers.clear();
  EXPECT_EQ(*outbox_->retry("soc"), 1u);
  EXPECT_EQ(send().filed, 1u);
}

TEST_F(SenderTest, a_damaged_draft_is_refused_and_stops_nobody) {
  const OutboxDraft drafts[] = {{"soc", "k", "bad", Tlp::kClear, "{"}};
  EXPECT_TRUE(outbox_->record(drafts, Time{}));
  record("b");
  const SendReport report = send();
  EXPECT_EQ(report.refused, 1u);
  EXPECT_EQ(report.filed, 1u);
}

}  // namespace
}  // namespace spoor
