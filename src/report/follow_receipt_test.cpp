// Accounts and sightings as a following hunt tells them, pass by pass; then what the receipt
// says.

#include "report/follow_receipt.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/opened_file.h"
#include "io/test_support.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;

class FollowReceiptTest : public testing::Test {
 protected:
  void SetUp() override {
    ReceiptInfo info;
    info.generation = 3;
    auto made = FollowReceipt::create(folder_ / "r.json", info, std::nullopt);
    ASSERT_TRUE(made.has_value());
    receipt_ = *std::move(made);
    ASSERT_TRUE(receipt_->begin({}));
  }

  std::string path(const std::string& name) const { return folder_ / name; }

  /// An account over [0, end) of `name`, which is there, after a pass from `began` on.
  FileAccount account(const std::string& name, std::uint64_t content, std::uint64_t began,
                      std::uint64_t end) {
    FileAccount account;
    account.file = name;
    account.absolute = path(name);
    account.news = NewsKind::kWhole;
    account.counters = {end, end, 0, 1};
    account.bytes_scanned = end;
    account.identity.regular = true;
    account.identity.size = account.identity.bytes_read = account.identity.digest_bytes = end;
    account.identity.digest = xxh3_128(name);
    stand(account);
    account.followed = FollowedPart{content, 1, began, end, false};
    return account;
  }
  /// Nothing was read: the content of `number` was met as `name`.
  FileAccount met(const std::string& name, std::uint64_t content) {
    FileAccount account;
    account.file = name;
    account.absolute = path(name);
    account.news = NewsKind::kUnchanged;
    stand(account);
    account.identity.size = account.identity.from = account.bytes_before =
        fs::file_size(path(name));
    account.followed = FollowedPart{content, 9, account.identity.size, 0, false};
    return account;
  }
  void stand(FileAccount& account) const {
    const auto state = file_state(account.absolute);
    ASSERT_TRUE(state.has_value());
    account.identity.device = state->device;
    account.identity.inode = state->inode;
  }

  void tell(const FileAccount& account, std::uint64_t pass_bytes) {
    ASSERT_TRUE(receipt_->account(account));
    totals_.bytes_read += pass_bytes;
    totals_.bytes_decoded += pass_bytes;
    totals_.bytes_scanned += pass_bytes;
  }
  void sight(const std::string& name, std::uint64_t content, std::uint64_t offset,
             const std::string& match) {
    Sighting sighting;
    sighting.file = name;
    sighting.absolute_path = path(name);
    sighting.event_offset = offset;
    sighting.match = match;
    sighting.grade = Grade::kExact;
    FindingDetail detail;
    detail.content = content;
    ASSERT_TRUE(receipt_->take({&sighting, 1}, {&detail, 1}));
  }
  void end_pass() {
    ASSERT_TRUE(receipt_->pass_ended());
    ++totals_.passes;
  }

  std::string written() {
    EXPECT_TRUE(receipt_->finish(totals_));
    return content();
  }
  std::string content() const {
    std::ifstream file(path("r.json"), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos;
         at = text.find(part, at + 1))
      ++count;
    return count;
  }

  TemporaryFolder folder_;
  std::unique_ptr<FollowReceipt> receipt_;
  HuntTotals totals_;
};

TEST_F(FollowReceiptTest, an_account_takes_the_place_of_the_one_before_and_the_sums_close) {
  folder_.write("a.log", std::string(30, 'x'));
  tell(account("a.log", 1, 0, 20), 20);
  end_pass();
  tell(account("a.log", 1, 15, 30), 15);
  end_pass();
  const std::string text = written();
  EXPECT_EQ(count(text, "\"kind\":\"file\""), 1u);
  EXPECT_NE(text.find("\"follows\":true"), std::string::npos);
  EXPECT_NE(text.find("\"passes\":2,\"bytes_read_again\":5,"), std::string::npos) << text;
  EXPECT_NE(text.find("\"closes\":true"), std::string::npos);
  EXPECT_NE(text.find("\"generations\":{\"first\":3,\"last\":3}"), std::string::npos);
}

TEST_F(FollowReceiptTest, says_where_passes_and_entries_differ) {
  folder_.write("a.log", std::string(20, 'x'));
  tell(account("a.log", 1, 0, 20), 19);
  const std::string text = written();
  EXPECT_NE(text.find("\"closes\":false"), std::string::npos);
  EXPECT_NE(text.find("the account does not close"), std::string::npos);
}

TEST_F(FollowReceiptTest, sightings_of_a_last_line_are_replaced_when_it_goes_on) {
  folder_.write("a.log", std::string(40, 'x'));
  sight("a.log", 1, 0, "first");
  sight("a.log", 1, 10, "half");
  sight("a.log", 1, 10, "half too");
  tell(account("a.log", 1, 0, 20), 20);
  end_pass();
  // In the next pass its sightings may come before or behind the account.
  sight("a.log", 1, 10, "whole");
  tell(account("a.log", 1, 10, 30), 20);
  end_pass();
  tell(account("a.log", 1, 30, 40), 10);
  const std::string text = written();
  EXPECT_EQ(count(text, "\"match\":\"half"), 0u) << text;
  EXPECT_EQ(count(text, "\"match\":\"first\""), 1u);
  EXPECT_EQ(count(text, "\"match\":\"whole\""), 1u);
  EXPECT_NE(text.find("\"sightings\":2,\"by_grade\":{\"exact\":2}"), std::string::npos) << text;
}

TEST_F(FollowReceiptTest, a_content_that_is_hunted_anew_has_the_last_sightings_only) {
  folder_.write("a.journal", std::string(40, 'x'));
  for (int pass = 0; pass < 3; ++pass) {
    sight("a.journal", 1, 10, "record");
    FileAccount anew = account("a.journal", 1, 0, 40);
    anew.followed->number = static_cast<std::uint64_t>(pass + 1);
    anew.followed->is_anew = pass > 0;
    tell(anew, 40);
    end_pass();
  }
  const std::string text = written();
  EXPECT_EQ(count(text, "\"match\":\"record\""), 1u);
  EXPECT_EQ(count(text, "\"kind\":\"file\""), 1u);
  EXPECT_NE(text.find("\"bytes_read_again\":80,"), std::string::npos) << text;
  EXPECT_NE(text.find("\"closes\":true"), std::string::npos);
}

TEST_F(FollowReceiptTest, a_content_is_where_it_was_met_last) {
  const std::string log(20, 'x');
  for (const char* name : {"renamed", "copied", "packed", "cut", "deleted"})
    folder_.write(name, log);
  std::uint64_t content = 0;
  for (const char* name : {"renamed", "copied", "packed", "cut", "deleted"}) {
    ++content;
    sight(name, content, 0, name);
    tell(account(name, content, 0, 20), 20);
  }
  end_pass();
  fs::rename(path("renamed"), path("renamed.1"));
  folder_.write("renamed", "new");
  tell(met("renamed.1", 1), 0);
  fs::copy(path("copied"), path("copied.1"));
  fs::resize_file(path("copied"), 0);
  tell(met("copied.1", 2), 0);
  folder_.write("packed.gz", "packed");
  fs::remove(path("packed"));
  tell(met("packed.gz", 3), 0);
  fs::resize_file(path("cut"), 3);
  FileAccount other = account("cut", 6, 0, 3);
  tell(other, 3);
  fs::remove(path("deleted"));
  end_pass();
  const std::string text = written();
  for (const auto& [name, now] :
       {std::pair("renamed", "renamed.1"), std::pair("copied", "copied.1"),
        std::pair("packed", "packed.gz")}) {
    EXPECT_EQ(count(text, "\"now\":\"" + path(now) + "\""), 2u) << name << "\n" << text;
  }
  EXPECT_EQ(count(text, "\"gone\":true"), 4u) << text;  // cut and deleted, with a sighting each
  EXPECT_EQ(count(text, "\"kind\":\"file\""), 6u);
  EXPECT_NE(text.find("\"closes\":true"), std::string::npos);
}

TEST_F(FollowReceiptTest, what_an_earlier_hunt_has_hunted_has_the_size_of_its_file) {
  folder_.write("a.log.1", std::string(20, 'x'));
  tell(met("a.log.1", 1), 0);
  fs::remove(path("a.log.1"));
  folder_.write("a.log.1.gz", "packed");
  tell(met("a.log.1.gz", 1), 0);
  std::string text = written();
  EXPECT_EQ(count(text, "\"kind\":\"file\""), 1u);
  EXPECT_NE(text.find("\"size\":6,"), std::string::npos) << text;
  EXPECT_EQ(count(text, "\"now\":") + count(text, "\"gone\":"), 0u);
  // What was read of it then takes its place.
  FileAccount more = account("a.log.1.gz", 1, 6, 6);
  more.identity.from = more.bytes_before = 6;
  more.counters = {0, 0, 0, 0};
  more.bytes_scanned = more.identity.bytes_read = more.identity.digest_bytes = 0;
  tell(more, 0);
  text = written();
  EXPECT_EQ(count(text, "\"kind\":\"file\""), 1u);
  EXPECT_EQ(count(text, "\"news\":\"unchanged\""), 0u);
}

TEST_F(FollowReceiptTest, is_written_at_once_then_when_something_changed_and_it_is_time) {
  folder_.write("a.log", std::string(40, 'x'));
  auto now = FollowReceipt::SteadyTime(std::chrono::hours(1));
  int asked = 0;
  const auto offer = [&] {
    ASSERT_TRUE(receipt_->write_if_due(
        [&] {
          ++asked;
          return totals_;
        },
        [&] { return now; }));
  };
  offer();
  EXPECT_EQ(asked, 1);
  now += std::chrono::seconds(60);
  offer();
  EXPECT_EQ(asked, 1);  // nothing has changed
  tell(account("a.log", 1, 0, 20), 20);
  offer();
  EXPECT_EQ(asked, 2);
  tell(account("a.log", 1, 20, 40), 20);
  now += std::chrono::seconds(9);
  offer();
  EXPECT_EQ(asked, 2);
  now += std::chrono::seconds(1);
  offer();
  EXPECT_EQ(asked, 3);
  EXPECT_NE(content().find("\"digest_bytes\":40"), std::string::npos);
}

TEST_F(FollowReceiptTest, says_which_indicators_were_looked_for_when) {
  folder_.write("a.log", std::string(40, 'x'));
  tell(account("a.log", 1, 0, 20), 20);
  for (int i = 0; i < 150; ++i) receipt_->renewed({Time(), 4 + i, 7, std::nullopt});
  tell(account("a.log", 1, 20, 40), 20);
  const std::string text = written();
  EXPECT_NE(text.find("\"reloads\":150,"), std::string::npos);
  EXPECT_EQ(count(text, "\"since\":"), 100u);
  EXPECT_NE(text.find("\"generations\":{\"first\":3,\"last\":153}"), std::string::npos) << text;
}

TEST_F(FollowReceiptTest, what_no_longer_counts_is_cleared_away_and_the_rest_is_as_it_was) {
  folder_.write("a.log", std::string(40, 'x'));
  sight("a.log", 1, 0, "kept");
  tell(account("a.log", 1, 0, 40), 40);
  end_pass();
  folder_.write("b.journal", "records");
  const std::string large(10'000, 'y');
  for (int pass = 0; pass < 300; ++pass) {
    sight("b.journal", 2, 0, large);
    FileAccount anew = account("b.journal", 2, 0, 7);
    anew.followed->number = static_cast<std::uint64_t>(pass + 1);
    anew.followed->is_anew = pass > 0;
    tell(anew, 7);
    end_pass();
    if (pass % 100 == 50) written();
  }
  for (std::uint64_t i = 0; i < 10'050; ++i) {
    const FileAccount gone = account("a.log", 10 + i, 0, 1);
    tell(gone, 1);
  }
  end_pass();
  written();
  folder_.write("c.log", "one more");
  tell(account("c.log", 3, 0, 8), 8);
  written();  // most are written down for good
  const std::string text = written();
  EXPECT_EQ(count(text, "\"match\":\"kept\""), 1u);
  EXPECT_EQ(count(text, "\"match\":\"" + large), 1u);
  EXPECT_EQ(count(text, "\"kind\":\"file\""), 10'053u);
  EXPECT_NE(text.find("\"closes\":true"), std::string::npos);
  EXPECT_NE(text.find("\"files\":10053,"), std::string::npos);
}

TEST_F(FollowReceiptTest, members_stand_before_their_file) {
  folder_.write("two.zip", "packed");
  FileAccount member = account("two.zip", 0, 0, 6);
  member.is_member = true;
  member.followed.reset();
  for (const char* name : {"two.zip!a", "two.zip!b"}) {
    member.file = name;
    ASSERT_TRUE(receipt_->account(member));
  }
  FileAccount file = account("two.zip", 1, 0, 12);
  file.members = 2;
  tell(file, 12);
  fs::rename(path("two.zip"), path("moved.zip"));
  tell(met("moved.zip", 1), 0);
  const std::string text = written();
  EXPECT_LT(text.find("two.zip!a"), text.find("two.zip!b"));
  EXPECT_LT(text.find("two.zip!b"), text.find("\"kind\":\"file\""));
  EXPECT_EQ(count(text, "\"now\":\"" + path("moved.zip") + "\""), 3u) << text;
  EXPECT_NE(text.find("\"files\":2,"), std::string::npos);
}

}  // namespace
}  // namespace spoor
