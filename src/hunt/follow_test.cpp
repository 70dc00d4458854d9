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
    FindingSink* sinks[] = {&notes_};
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

  std::stop_source stop_;
  ScriptedWatch watch_{stop_};
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
