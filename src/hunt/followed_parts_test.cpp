// A file that grows, pass by pass: its account must be that of one pass over all of it.

#include "hunt/followed_parts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "hunt/accounts.h"
#include "io/opened_file.h"
#include "io/test_support.h"

namespace spoor {
namespace {

class Listener final : public FindingSink {
 public:
  Status take(std::span<Sighting>, std::span<const FindingDetail>) override { return {}; }
  Status account(const FileAccount& account) override {
    last = account;
    return {};
  }
  FileAccount last;
};

StreamOptions small_chunks() {
  StreamOptions stream;
  stream.chunk_bytes = 64;
  stream.line_limit = 512;
  stream.overlap = stream.token_limit = 128;
  stream.digest = true;
  return stream;
}

/// Accounts of one file over passes.
class Passes {
 public:
  explicit Passes(std::string path) : path_(std::move(path)) { totals_.has_news = true; }

  /// From the file's byte `from` to its end, as another file of `content`; 0: no account is
  /// kept.
  FileAccount pass(std::uint64_t from, std::uint64_t line, std::uint64_t content,
                   NewsKind kind) {
    accounts_.begin_pass();
    const auto opened = OpenedFile::open(path_);
    EXPECT_TRUE(opened.has_value());
    auto members = (*opened)->part({from, (*opened)->state().size, line, TextEncoding::kBytes},
                                   small_chunks());
    EXPECT_TRUE(members.has_value());
    auto file = std::make_shared<HuntedFile>();
    file->shown = file->absolute = path_;
    file->content = content;
    file->is_plain = content != 0;
    Member member;
    EXPECT_TRUE((*members)->next(member));
    for (std::uint64_t index = 0;; ++index) {
      Job job;
      job.file = file;
      job.index = index;
      if (const auto more = member.stream->next(job.chunk); !more || !*more) break;
      accounts_.add_chunk(job.chunk);
      accounts_.note_bytes(job);
    }
    Job end;
    end.kind = Job::Kind::kEnd;
    end.file = file;
    end.counters = member.stream->counters();
    end.skips = member.stream->skips();
    EXPECT_TRUE(accounts_.end_of_member(end));
    EXPECT_FALSE((*members)->next(member));
    Job whole;
    whole.kind = Job::Kind::kFile;
    whole.file = file;
    whole.news = kind;
    whole.identity = (*members)->identity();
    EXPECT_TRUE(accounts_.end_of_file(whole));
    EXPECT_TRUE(totals_.closes);
    return listener_.last;
  }

 private:
  std::string path_;
  Listener listener_;
  std::vector<FindingSink*> sinks_{&listener_};
  HuntTotals totals_;
  Accounts accounts_{sinks_, totals_};
};

std::string some_text(std::mt19937& random, bool long_tokens) {
  std::string text;
  const auto below = [&](unsigned most) { return random() % most; };
  for (unsigned i = below(6); i > 0; --i) {
    switch (below(long_tokens ? 7 : 6)) {
      case 0:
        text += "=\n";
        break;
      case 1:
        text += "\r\n";
        break;
      case 2:
        for (unsigned n = below(200); n > 0; --n) text += "word ";
        break;
      case 6:
        text += std::string(below(900), 'x');
        break;
      default:
        text += std::string(below(30), 'a') + "\n";
    }
  }
  return text;
}

void append(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

std::uint64_t line_at(const std::string& text, std::uint64_t offset) {
  return 1 + static_cast<std::uint64_t>(std::count(
                 text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

void expect_same(const FileAccount& all, const FileAccount& once) {
  EXPECT_EQ(all.counters.bytes_read, once.counters.bytes_read);
  EXPECT_EQ(all.counters.bytes_decoded, once.counters.bytes_decoded);
  EXPECT_EQ(all.counters.bytes_skipped, once.counters.bytes_skipped);
  EXPECT_EQ(all.counters.lines, once.counters.lines);
  EXPECT_EQ(all.bytes_scanned, once.bytes_scanned);
  EXPECT_EQ(all.identity.digest_bytes, once.identity.digest_bytes);
  EXPECT_EQ(all.identity.digest, once.identity.digest);
  EXPECT_EQ(all.identity.size, once.identity.size);
  EXPECT_EQ(all.bytes_unread, 0u);
}

TEST(FollowedParts, of_a_file_that_grows_are_as_one_pass_over_it) {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const TemporaryFolder folder;
    const std::string path = folder / "a.log";
    std::string text = "begin\n";
    append(path, text);
    Passes passes(path);
    FileAccount last = passes.pass(0, 1, 7, NewsKind::kWhole);
    for (int step = 0; step < 30; ++step) {
      const std::string more = some_text(random, false);
      append(path, more);
      text += more;
      const std::uint64_t from = last.followed->settled;
      if (from == text.size()) continue;
      last = passes.pass(from, line_at(text, from), 7, NewsKind::kContinued);
      ASSERT_TRUE(last.followed.has_value());
      EXPECT_EQ(last.followed->content, 7u);
      EXPECT_EQ(last.followed->number, 1u);
      EXPECT_EQ(last.followed->began, from);
      EXPECT_EQ(last.news, NewsKind::kWhole);
      expect_same(last, Passes(path).pass(0, 1, 0, NewsKind::kNone));
      if (testing::Test::HasFailure()) FAIL() << round << " " << step << "\n" << text;
    }
  }
}

TEST(FollowedParts, that_do_not_join_are_parts_of_their_own_and_true) {
  std::mt19937 random(6);
  int parts = 0;
  for (int round = 0; round < 60; ++round) {
    const TemporaryFolder folder;
    const std::string path = folder / "a.log";
    std::string text = "begin\n";
    append(path, text);
    Passes passes(path);
    FileAccount last = passes.pass(0, 1, 7, NewsKind::kWhole);
    for (int step = 0; step < 20; ++step) {
      const std::string more = some_text(random, true);
      append(path, more);
      text += more;
      const std::uint64_t from = last.followed->settled;
      if (from == text.size()) continue;
      last = passes.pass(from, line_at(text, from), 7, NewsKind::kContinued);
      if (last.followed->number > 1) ++parts;
      const FileIdentity& identity = last.identity;
      EXPECT_EQ(identity.size, text.size());
      EXPECT_EQ(identity.size, identity.from + last.counters.bytes_read);
      EXPECT_EQ(last.counters.bytes_decoded, last.bytes_scanned + last.counters.bytes_skipped);
      EXPECT_EQ(identity.digest,
                identify(path, {identity.from, identity.digest_bytes})->digest);
      EXPECT_EQ(identity.from, last.bytes_before);
      if (testing::Test::HasFailure()) FAIL() << round << " " << step << "\n" << text;
    }
  }
  EXPECT_GT(parts, 20);
}

TEST(FollowedParts, begin_anew_and_behind_an_earlier_hunt) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.log";
  append(path, "one\ntwo\n");
  Passes passes(path);
  FileAccount last = passes.pass(4, 2, 1, NewsKind::kContinued);  // the first line was hunted
  EXPECT_EQ(last.bytes_before, 4u);
  EXPECT_EQ(last.counters.lines, 1u);
  append(path, "three");
  last = passes.pass(8, 3, 1, NewsKind::kContinued);
  EXPECT_EQ(last.bytes_before, 4u);
  EXPECT_EQ(last.counters.bytes_read, 9u);
  EXPECT_EQ(last.counters.lines, 2u);
  EXPECT_EQ(last.identity.digest, identify(path, {4, 9})->digest);
  EXPECT_FALSE(last.followed->is_anew);
  EXPECT_EQ(last.followed->settled, 8u);
  last = passes.pass(0, 1, 1, NewsKind::kWhole);
  EXPECT_TRUE(last.followed->is_anew);
  EXPECT_EQ(last.followed->number, 3u);
  EXPECT_EQ(last.bytes_before, 0u);
  last = passes.pass(0, 1, 2, NewsKind::kWhole);
  EXPECT_FALSE(last.followed->is_anew);
}

}  // namespace
}  // namespace spoor
