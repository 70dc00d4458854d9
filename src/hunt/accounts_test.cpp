// The sums of a hunt, job by job: what closes, and what must be noticed where it does not.

#include "hunt/accounts.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

/// Writes down what reaches a sink.
class Listener final : public FindingSink {
 public:
  Status take(std::span<Sighting>, std::span<const FindingDetail>) override { return {}; }
  Status account(const FileAccount& account) override {
    accounts.push_back(account);
    return {};
  }
  Status skipped(const Skip& skip) override {
    skips.push_back(skip);
    return {};
  }
  std::vector<FileAccount> accounts;
  std::vector<Skip> skips;
};

TEST(Accounts, what_was_hunted_before_is_neither_read_nor_unread) {
  struct Row {
    NewsKind news;
    std::uint64_t size, from, read, before, unread;
  };
  const Row rows[] = {
      {NewsKind::kUnchanged, 100, 100, 0, 100, 0},
      {NewsKind::kContinued, 100, 60, 40, 60, 0},
      {NewsKind::kContinued, 100, 60, 30, 60, 10},
      {NewsKind::kForIndicators, 100, 0, 100, 0, 0},
  };
  for (const Row& row : rows) {
    HuntTotals totals;
    totals.has_news = true;
    Listener listener;
    FindingSink* const sinks[] = {&listener};
    Accounts accounts(sinks, totals);
    auto file = std::make_shared<HuntedFile>();
    file->shown = file->absolute = "/a.log";
    if (row.news != NewsKind::kUnchanged) {
      Chunk chunk;
      chunk.text.assign(row.read, 'x');
      accounts.add_chunk(chunk);
      Job end;
      end.kind = Job::Kind::kEnd;
      end.file = file;
      end.counters = {row.read, row.read, 0, 1};
      if (row.unread > 0) end.skips.push_back({"/a.log", "some reason", 0, false, true});
      EXPECT_TRUE(accounts.end_of_member(end));
    }
    Job whole;
    whole.kind = Job::Kind::kFile;
    whole.file = file;
    whole.news = row.news;
    whole.earlier = EarlierHunt{60, 7};
    whole.identity.size = row.size;
    whole.identity.from = row.from;
    whole.identity.bytes_read = row.read;
    EXPECT_TRUE(accounts.end_of_file(whole));
    accounts.finish();
    EXPECT_TRUE(totals.closes);
    EXPECT_EQ(totals.bytes_on_disk, 100u);
    EXPECT_EQ(totals.bytes_read, row.read);
    EXPECT_EQ(totals.bytes_before, row.before);
    EXPECT_EQ(totals.bytes_unread, row.unread);
    EXPECT_EQ(totals.files, row.news == NewsKind::kUnchanged ? 0u : 1u);
    ASSERT_EQ(listener.accounts.size(), 1u);
    EXPECT_EQ(listener.accounts[0].bytes_before, row.before);
    EXPECT_EQ(listener.accounts[0].earlier->generation, 7);
  }
}

struct Numbers {
  const char* name;
  std::uint64_t size, read_by_file;               // what the file says
  std::uint64_t read, decoded, skipped, scanned;  // what its only stream says
  bool has_reason;                                // a skip tells why
  bool stopped;
  const char* complaint;  // part of it; "" where all closes
};

class AccountsOf {
 public:
  explicit AccountsOf(const Numbers& numbers) {
    FindingSink* const sinks[] = {&listener};
    Accounts accounts(sinks, totals);
    auto file = std::make_shared<HuntedFile>();
    file->shown = "a.log";
    Chunk chunk;
    chunk.text.assign(numbers.scanned + 5, 'x');
    chunk.overlap = 5;  // shown before
    accounts.add_chunk(chunk);
    Job end;
    end.kind = Job::Kind::kEnd;
    end.file = file;
    end.stopped = numbers.stopped;
    end.counters = {numbers.read, numbers.decoded, numbers.skipped, 1};
    if (numbers.has_reason) end.skips.push_back({"a.log", "some reason", 0, false, true});
    EXPECT_TRUE(accounts.end_of_member(end));
    Job whole;
    whole.kind = Job::Kind::kFile;
    whole.file = file;
    whole.identity.size = numbers.size;
    whole.identity.bytes_read = numbers.read_by_file;
    EXPECT_TRUE(accounts.end_of_file(whole));
    accounts.finish();
  }
  HuntTotals totals;
  Listener listener;
};

TEST(Accounts, close_or_say_that_they_do_not) {
  const Numbers table[] = {
      {"plain", 100, 100, 100, 100, 0, 100, false, false, ""},
      {"compressed", 40, 40, 40, 100, 0, 100, false, false, ""},
      {"pipe", 0, 70, 70, 70, 0, 70, false, false, ""},
      {"empty", 0, 0, 0, 0, 0, 0, false, false, ""},
      {"over_long_token", 100, 100, 100, 100, 30, 70, true, false, ""},
      {"shrank", 100, 60, 60, 60, 0, 60, true, false, ""},
      {"stopped_with_bytes_read_ahead", 100, 90, 90, 90, 0, 50, true, true, ""},
      {"unread_without_reason", 100, 60, 60, 60, 0, 60, false, false, "40 bytes were not read"},
      {"a_chunk_was_lost", 100, 100, 100, 100, 0, 99, false, false,
       "bytes decoded and bytes scanned or skipped: 100 and 99"},
      {"a_chunk_came_twice", 100, 100, 100, 100, 0, 101, false, false, "100 and 101"},
      {"the_stream_says_less_than_the_file", 100, 100, 90, 90, 0, 90, false, false,
       "bytes of the file and of its members: 100 and 90"},
  };
  for (const Numbers& numbers : table) {
    const AccountsOf made(numbers);
    const bool closes = std::string(numbers.complaint).empty();
    EXPECT_EQ(made.totals.closes, closes) << numbers.name;
    EXPECT_EQ(made.totals.complete, closes && !numbers.has_reason) << numbers.name;
    EXPECT_EQ(made.totals.bytes_on_disk, made.totals.bytes_read + made.totals.bytes_unread +
                                             (numbers.read_by_file - numbers.read))
        << numbers.name;
    if (closes) {
      EXPECT_EQ(made.totals.bytes_decoded,
                made.totals.bytes_scanned + made.totals.bytes_skipped)
          << numbers.name;
    }
    ASSERT_EQ(made.listener.accounts.size(), 1u) << numbers.name;
    std::string said;
    for (const Skip& skip : made.listener.skips) said += skip.reason;
    EXPECT_NE(said.find(numbers.complaint), std::string::npos) << numbers.name << ": " << said;
  }
}

TEST(Accounts, a_file_that_was_not_opened_is_on_the_disk_and_unread) {
  Listener listener;
  FindingSink* const sinks[] = {&listener};
  HuntTotals totals;
  Accounts accounts(sinks, totals);
  Job job;
  job.kind = Job::Kind::kSkip;
  job.skips.push_back({"shut.log", "permission denied", 20, false, true, true});
  job.skips.push_back({"pipe", "is a fifo", 0, false, false});
  ASSERT_TRUE(accounts.skips_of(job));
  EXPECT_EQ(totals.bytes_on_disk, 20u);
  EXPECT_EQ(totals.bytes_unread, 20u);
  EXPECT_FALSE(totals.complete);
  EXPECT_EQ(listener.skips.size(), 2u);
}

TEST(Accounts, members_are_told_before_their_file_and_add_up) {
  Listener listener;
  FindingSink* const sinks[] = {&listener};
  HuntTotals totals;
  Accounts accounts(sinks, totals);
  for (const std::uint64_t size : {10u, 20u}) {
    auto member = std::make_shared<HuntedFile>();
    member->shown = "a.zip!" + std::to_string(size);
    member->is_member = true;
    Chunk chunk;
    chunk.text.assign(size, 'x');
    chunk.encoding = TextEncoding::kUtf16le;
    accounts.add_chunk(chunk);
    Job end;
    end.kind = Job::Kind::kEnd;
    end.file = member;
    end.counters = {5, size, 0, 2};
    ASSERT_TRUE(accounts.end_of_member(end));
  }
  Job whole;
  whole.kind = Job::Kind::kFile;
  auto file = std::make_shared<HuntedFile>();
  file->shown = "a.zip";
  whole.file = file;
  whole.identity.size = whole.identity.bytes_read = 10;
  ASSERT_TRUE(accounts.end_of_file(whole));
  ASSERT_EQ(listener.accounts.size(), 3u);
  EXPECT_EQ(listener.accounts[0].file, "a.zip!10");
  EXPECT_EQ(listener.accounts[0].encoding, TextEncoding::kUtf16le);
  EXPECT_EQ(listener.accounts[2].file, "a.zip");
  EXPECT_EQ(listener.accounts[2].members, 2u);
  EXPECT_EQ(listener.accounts[2].bytes_scanned, 30u);
  EXPECT_EQ(listener.accounts[2].counters.lines, 4u);
  EXPECT_TRUE(totals.closes);
  EXPECT_EQ(totals.files, 2u);
}

TEST(Accounts, what_the_hunt_planted_is_in_no_sum) {
  Listener listener;
  FindingSink* const sinks[] = {&listener};
  HuntTotals totals;
  Accounts accounts(sinks, totals);
  auto file = std::make_shared<HuntedFile>();
  file->planted = true;
  Chunk chunk;
  chunk.text = "planted";
  accounts.add_chunk(chunk);
  Job job;
  job.file = file;
  job.counters = {7, 7, 0, 1};
  ASSERT_TRUE(accounts.end_of_member(job));
  ASSERT_TRUE(accounts.end_of_file(job));
  EXPECT_EQ(totals.files + totals.bytes_read + totals.bytes_scanned + totals.bytes_on_disk, 0u);
  EXPECT_TRUE(listener.accounts.empty());
  // Nor is it left over for the next file.
  auto next = std::make_shared<HuntedFile>();
  Job empty;
  empty.file = next;
  ASSERT_TRUE(accounts.end_of_member(empty));
  EXPECT_EQ(totals.bytes_scanned, 0u);
  EXPECT_TRUE(totals.closes);
}

}  // namespace
}  // namespace spoor
