// --follow with a watch and a clock that the test moves: one step of the loop is one call of
// wait(), in which the script does to the files what it likes. No step depends on real time.

#include "hunt/follow.h"

#include <algorithm>
#include <deque>

#include "hunt/news_test_support.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;

/// Tells what the script says, then asks to stop.
class ScriptedWatch final : public Watch {
 public:
  explicit ScriptedWatch(std::stop_source& stop) : stop_(stop) {}
  void arm(const std::vector<std::string>&) override {}
  Hints wait(milliseconds patience, const std::stop_token&) override {
    if (patience.count() == 0) return {};
    if (script.empty()) {
      stop_.request_stop();
      return {};
    }
    const auto step = std::move(script.front());
    script.pop_front();
    return step();
  }
  std::vector<std::string> take_notes() override { return {}; }
  bool is_whole() const override { return true; }

  std::deque<std::function<Hints()>> script;

 private:
  std::stop_source& stop_;
};

class FollowTest : public NewsTest {
 protected:
  /// A step: `act`, then the loop hears of `names`.
  void step(std::function<void()> act, std::vector<std::string> names) {
    watch_.script.push_back([this, act = std::move(act), names = std::move(names)] {
      act();
      Watch::Hints hints;
      for (const std::string& name : names)
        hints.files.push_back({path(name), path(name), path(name)});
      return hints;
    });
  }
  /// A step without news: time goes by.
  void pass(milliseconds time) {
    watch_.script.push_back([this, time] {
      now_ += time;
      wall_.set(wall_.now() + time);
      return Watch::Hints();
    });
  }
  /// Notes how many sightings there are by then.
  void count() {
    watch_.script.push_back([this] {
      counts_.push_back(notes_.all.size());
      return Watch::Hints();
    });
  }

  Found run(News& table, HuntOptions with) {
    const FakeMatcher words = matcher();
    FindingSink* sinks[] = {&notes_, &accounts_};
    Hunt hunt(words, look_up, wall_, std::move(with));
    EXPECT_TRUE(hunt.begin(sinks));
    FollowHooks hooks;
    hooks.now = [this] { return now_; };
    EXPECT_TRUE(follow(hunt, table, watch_, hooks, stop_.get_token()));
    const auto totals = hunt.finish();
    EXPECT_TRUE(totals);
    if (totals) totals_ = *totals;
    return notes_.all;
  }
  Found run() {
    const auto table = news(wall_);
    return run(*table, options(*table));
  }

  /// With accounts over passes.
  Found run_for_receipt() {
    const auto table = news(wall_);
    HuntOptions with = options(*table);
    with.stream.digest = true;
    return run(*table, with);
  }

  /// The last account of each content and part, and where each content was met.
  class Accounts final : public FindingSink {
   public:
    Status take(std::span<Sighting> sightings,
                std::span<const FindingDetail> details) override {
      for (std::size_t i = 0; i < sightings.size(); ++i) contents.push_back(details[i].content);
      return {};
    }
    Status account(const FileAccount& account) override {
      if (!account.followed) return {};
      const std::string name = fs::path(account.absolute).filename();
      names[account.followed->content].push_back(name);
      if (account.news != NewsKind::kUnchanged)
        parts[{account.followed->content, account.followed->number}] = account;
      return {};
    }
    Status pass_ended() override {
      ++passes;
      return {};
    }
    std::map<std::pair<std::uint64_t, std::uint64_t>, FileAccount> parts;
    std::map<std::uint64_t, std::vector<std::string>> names;
    std::vector<std::uint64_t> contents;  // of sightings
    std::uint64_t passes = 0;
  };

  std::stop_source stop_;
  ScriptedWatch watch_{stop_};
  Accounts accounts_;
  FollowHooks::SteadyTime now_{std::chrono::hours(1)};
  FixedClock wall_{SystemClock().now()};
  Notes notes_;
  std::vector<std::size_t> counts_;
};

TEST_F(FollowTest, goes_on_through_rename_to_elsewhere_and_ends_with_the_open_line) {
  const TemporaryFolder elsewhere;
  append("a.log", "one evil\n");
  step([&] { append("a.log", "two bad\n"); }, {"a.log"});
  step(
      [&] {
        append("a.log", "three evil\n");
        fs::rename(path("a.log"), elsewhere / "a.log");  // the open file has its last line
        append("a.log", "four\nbad\n");
      },
      {"a.log"});
  pass(milliseconds(400));
  pass(milliseconds(1));
  step([&] { append("a.log", "no end evil"); }, {});
  EXPECT_EQ(run(), (Found{"1:evil@0", "2:bad@9", "2:bad@5", "3:evil@17", "3:evil@9"}));
  EXPECT_TRUE(totals_.complete);
}

TEST_F(FollowTest, keeps_a_file_open_under_its_new_name) {
  const TemporaryFolder elsewhere;
  append("a.log", "one evil\n");
  step([&] { append("a.log", "two\n"); }, {"a.log"});
  step([&] { fs::rename(path("a.log"), path("a.log.1")); }, {"a.log", "a.log.1"});
  step(
      [&] {
        append("a.log.1", "three bad\n");
        fs::rename(path("a.log.1"), elsewhere / "away");
      },
      {"a.log.1"});
  pass(milliseconds(400));
  pass(milliseconds(1));
  EXPECT_EQ(run(), (Found{"1:evil@0", "3:bad@13"}));
}

TEST_F(FollowTest, takes_a_line_without_an_end_after_a_second) {
  step([&] { append("a.log", "no end evil"); }, {"a.log"});
  pass(milliseconds(900));
  count();
  pass(milliseconds(200));
  count();
  EXPECT_EQ(run(), (Found{"1:evil@0"}));
  EXPECT_EQ(counts_, (std::vector<std::size_t>{0, 1}));
}

TEST_F(FollowTest, takes_a_line_that_drips_after_a_second) {
  step([&] { append("a.log", "evil"); }, {"a.log"});
  for (int i = 0; i < 3; ++i) {
    pass(milliseconds(400));
    step([&] { append("a.log", " and"); }, {"a.log"});
    count();
  }
  run();
  EXPECT_EQ(counts_, (std::vector<std::size_t>{0, 0, 1}));
}

TEST_F(FollowTest, reads_an_endless_line_in_proportion_to_its_length) {
  const std::string piece = "and on and on and on and on and on and on and on and on ";
  for (int i = 0; i < 500; ++i) step([&] { append("a.log", piece); }, {"a.log"});
  const auto table = news(wall_);
  HuntOptions with = options(*table);
  with.stream.line_limit = 512;
  with.stream.overlap = 64;
  run(*table, with);
  EXPECT_GE(totals_.bytes_read, 500 * piece.size());
  EXPECT_LE(totals_.bytes_read, 4 * 500 * piece.size());
}

TEST_F(FollowTest, waits_longer_for_the_end_of_a_longer_line) {
  const std::string piece = std::string(1 << 20, '\t');
  step(
      [&] {
        for (int i = 0; i < 9; ++i) append("a.log", piece);
        append("a.log", "evil");
      },
      {"a.log"});
  count();  // longer than the longest that is kept whole: hunted as it is
  step([&] { append("a.log", " bad"); }, {"a.log"});
  pass(milliseconds(1900));
  count();
  pass(milliseconds(200));
  count();
  const auto table = news(wall_);
  HuntOptions with = options(*table);
  with.stream.chunk_bytes = 1 << 20;
  run(*table, with);
  EXPECT_EQ(counts_, (std::vector<std::size_t>{1, 1, 3}));  // the whole line again
}

TEST_F(FollowTest, saves_once_a_second_and_at_the_end) {
  append("a.log", "one\n");
  append("b.log", "one\n");
  for (int i = 0; i < 50; ++i) {
    step([&] { append("a.log", "more evil\n"); }, {"a.log"});
    pass(milliseconds(100));
  }
  step([&] { append("a.log", "bad\n"); }, {"a.log"});
  EXPECT_EQ(run().size(), 51u);
  EXPECT_GE(saves_, 5);
  EXPECT_LE(saves_, 8);
  ASSERT_EQ(rows_.size(), 2u);
  const auto a = std::max_element(
      rows_.begin(), rows_.end(),
      [](const auto& one, const auto& other) { return one.second.seen < other.second.seen; });
  EXPECT_EQ(a->second.seen, fs::file_size(path("a.log")));
  EXPECT_EQ(hunt(), Found{});  // all of it was written down
}

TEST_F(FollowTest, files_that_come_are_saved_once_each) {
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i) + ".log";
    step([this, name] { append(name, "evil in " + name + "\n"); }, {name});
    pass(milliseconds(300));
    step([this, name] { append(name, "bad in " + name + "\n"); }, {name});
  }
  EXPECT_EQ(run().size(), 40u);
  EXPECT_EQ(rows_.size(), 20u);
  for (const auto& [id, row] : rows_) EXPECT_GT(id, 0);
  EXPECT_EQ(hunt(), Found{});
}

/// Saves what is noted, as the store's sink does, and from its call `last` on fails, as a kill
/// behind it would end all.
class NotingSink final : public FindingSink {
 public:
  NotingSink(News& news, int last) : news_(news), left_(last) {}
  Status take(std::span<Sighting>, std::span<const FindingDetail>) override {
    if (Status saved = news_.save_noted(); !saved) return saved;
    return --left_ == 0 ? Status(fail("killed")) : Status();
  }

 private:
  News& news_;
  int left_;
};

TEST_F(FollowTest, notes_an_open_line_beside_its_sightings) {
  for (int kind = 0; kind < 4; ++kind) {
    const bool is_killed = kind % 2 == 1, was_saved = kind / 2 == 1;
    SCOPED_TRACE(kind);
    rows_.clear();
    grown_.clear();
    notes_.all.clear();
    fs::remove(path("a.log"));
    fs::remove(path("b.log"));
    stop_ = std::stop_source();
    const auto table = news(wall_);
    NotingSink noting(*table, is_killed ? 2 : 0);
    // When its open line is noted, its row was not saved yet, or an older one was.
    step([&] { append("b.log", "one\n"); }, {"b.log"});
    step([&] { append("a.log", "one bad\n"); }, {"a.log"});
    if (was_saved) pass(milliseconds(1100));
    step([&] { append("a.log", "two\n"); }, {"a.log"});
    step([&] { append("a.log", "three evil an"); }, {"a.log"});
    pass(milliseconds(1100));
    const FakeMatcher words = matcher();
    FindingSink* sinks[] = {&noting, &notes_};
    Hunt following(words, look_up, wall_, options(*table));
    ASSERT_TRUE(following.begin(sinks));
    FollowHooks hooks;
    hooks.now = [this] { return now_; };
    EXPECT_EQ(follow(following, *table, watch_, hooks, stop_.get_token()).has_value(),
              !is_killed);
    if (!is_killed) {
      ASSERT_TRUE(following.finish());
    }
    ASSERT_EQ(rows_.size(), 2u);
    EXPECT_EQ(is_noted(rows_.rbegin()->second), is_killed);
    append("a.log", "d more\n");
    EXPECT_EQ(hunt(), (Found{"3:evil@12"}));
    ASSERT_EQ(grown_.size(), 1u);
    EXPECT_EQ(grown_[0].before, xxh3_128("three evil an"));
    EXPECT_EQ(grown_[0].after, xxh3_128("three evil and more"));
  }
}

TEST_F(FollowTest, a_content_keeps_its_number_and_its_account_through_rotation) {
  append("a.log", "one evil\n");
  step([&] { append("a.log", "two bad\nno end"); }, {"a.log"});
  pass(milliseconds(1100));
  step([&] { append("a.log", " evil\n"); }, {"a.log"});
  step([&] { fs::rename(path("a.log"), path("a.log.1")); }, {"a.log", "a.log.1"});
  step([&] { append("a.log.1", "later bad\n"); }, {"a.log.1"});
  step([&] { append("a.log", "of another evil\n"); }, {"a.log"});
  step(
      [&] {
        fs::copy(path("a.log"), path("a.log.2"));
        fs::resize_file(path("a.log"), 0);
      },
      {"a.log", "a.log.2"});
  step([&] { append("a.log", "new bad\n"); }, {"a.log"});
  EXPECT_EQ(run_for_receipt().size(), 6u);
  ASSERT_EQ(accounts_.parts.size(), 3u);  // one part each
  const auto names = [&](std::size_t at) {
    return accounts_.names.at(std::next(accounts_.parts.begin(), at)->first.first);
  };
  EXPECT_EQ(names(0).front(), "a.log");
  EXPECT_EQ(names(0).back(), "a.log.1");
  EXPECT_EQ(names(1).front(), "a.log");
  EXPECT_EQ(names(1).back(), "a.log.2");
  EXPECT_EQ(names(2).back(), "a.log");
  std::uint64_t read = 0;
  for (const auto& [key, account] : accounts_.parts) {
    read += account.counters.bytes_read;
    const auto now = identify(path(accounts_.names.at(key.first).back()),
                              {account.identity.from, account.identity.digest_bytes});
    EXPECT_EQ(now->digest, account.identity.digest) << account.absolute;
    EXPECT_EQ(now->size, account.identity.digest_bytes) << account.absolute;
  }
  EXPECT_EQ(read + std::string("no end").size(), totals_.bytes_read);
  const std::vector<std::uint64_t> contents = accounts_.contents;
  ASSERT_EQ(contents.size(), 6u);
  EXPECT_EQ(contents[0], contents[3]);
  EXPECT_NE(contents[0], contents[4]);
  EXPECT_NE(contents[4], contents[5]);
  EXPECT_EQ(accounts_.passes, totals_.passes);
}

TEST_F(FollowTest, no_account_is_kept_where_no_receipt_is_wanted) {
  append("a.log", "one evil\n");
  EXPECT_EQ(run().size(), 1u);
  EXPECT_TRUE(accounts_.names.empty());
  EXPECT_EQ(accounts_.contents, std::vector<std::uint64_t>{0});
}

TEST_F(FollowTest, is_told_after_each_step_what_there_is_so_far) {
  append("a.log", "one evil\n");
  step([&] { append("a.log", "two bad\n"); }, {"a.log"});
  const auto table = news(wall_);
  const FakeMatcher words = matcher();
  FindingSink* sinks[] = {&notes_};
  Hunt hunt(words, look_up, wall_, options(*table));
  ASSERT_TRUE(hunt.begin(sinks));
  std::vector<std::uint64_t> found;
  FollowHooks hooks;
  hooks.now = [this] { return now_; };
  hooks.stepped = [&]() -> Status {
    const HuntTotals totals = hunt.so_far();
    EXPECT_TRUE(totals.complete);
    EXPECT_EQ(totals.bytes_read, found.empty() ? 9u : 17u);
    found.push_back(totals.sightings);
    return found.size() == 2 ? Status(fail("enough")) : Status();
  };
  EXPECT_FALSE(follow(hunt, *table, watch_, hooks, stop_.get_token()));
  EXPECT_EQ(found, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(FollowTest, hears_of_real_writes) {
  append("a.log", "one evil\n");
  // Each sighting brings the next line.
  class Writer final : public FindingSink {
   public:
    explicit Writer(std::function<void(std::size_t)> act) : act_(std::move(act)) {}
    Status take(std::span<Sighting> sightings, std::span<const FindingDetail>) override {
      seen += sightings.size();
      act_(seen);
      return {};
    }
    std::size_t seen = 0;

   private:
    std::function<void(std::size_t)> act_;
  } writer([this](std::size_t seen) {
    if (seen < 3) append("a.log", "more evil\n");
    if (seen == 3) stop_.request_stop();
  });
  const auto table = news(wall_);
  const FakeMatcher words = matcher();
  FindingSink* sinks[] = {&writer};
  Hunt hunt(words, look_up, wall_, options(*table));
  ASSERT_TRUE(hunt.begin(sinks));
  const auto watch = make_watch();
  ASSERT_TRUE(follow(hunt, *table, *watch, {}, stop_.get_token()));
  ASSERT_TRUE(hunt.finish());
  EXPECT_EQ(writer.seen, 3u);
}

}  // namespace
}  // namespace spoor
