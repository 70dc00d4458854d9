// What a hunt tells of a finding and of what it did not scan, when it stops, and its canaries.
// The same for any number of threads: hunt_threads_test.cpp.

#include "hunt/hunt.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "hunt/hunt_test_support.h"

namespace spoor::hunt_tests {
namespace {

TEST(Hunt, an_endless_line_reports_an_indicator_once_with_its_strongest_grade) {
  const TemporaryFolder folder;
  std::string text = "first\n";
  for (int i = 0; i < 400; ++i)
    text += i == 350 ? "bad word " : i % 3 == 0 ? "bad? word " : "plain words ";
  text += "\nbad\n";
  folder.write("log", text);
  const Outcome outcome = hunted(tiny({folder / "log"}));
  ASSERT_EQ(outcome.sink.lines.size(), 2u);
  EXPECT_NE(outcome.sink.lines[0].find(":2:" + std::to_string(text.find("bad word")) +
                                       "+3 bad g6 e6 x135 "),
            std::string::npos)
      << outcome.sink.lines[0];
  EXPECT_EQ(outcome.sink.all[1].line, 3u);

  HuntOptions strict = tiny({folder / "log"});
  strict.min_grade = Grade::kMention;
  EXPECT_EQ(hunted(strict).sink.lines, outcome.sink.lines);
  EXPECT_EQ(hunted(strict).totals.below[1], 0u)
      << "the weak ones belong to an event that has a stronger one";
}

TEST(Hunt, judges_and_dates_what_it_finds) {
  const TemporaryFolder folder;
  folder.write("log", "2026-02-10T08:00:00Z bad\n2026-01-10 worse?\nno time evil\n");
  const Outcome outcome = hunted(tiny({folder / "log"}));
  ASSERT_EQ(outcome.sink.all.size(), 3u);
  const Sighting& expired = outcome.sink.all[0];
  EXPECT_EQ(format_iso8601(*expired.time), "2026-02-10T08:00:00Z");
  EXPECT_EQ(expired.live, std::optional<bool>(false));
  EXPECT_EQ(expired.verdict, Verdict::kShown);
  EXPECT_EQ(expired.observable_id, ObservableId{3});
  EXPECT_EQ(expired.rule, "D3");
  EXPECT_EQ(expired.match, "bad");
  EXPECT_EQ(expired.event_text, "2026-02-10T08:00:00Z bad");
  EXPECT_EQ(expired.absolute_path, folder / "log");
  const Sighting& weak = outcome.sink.all[1];
  EXPECT_EQ(weak.verdict, Verdict::kWeak);
  EXPECT_EQ(weak.reason, "could be the name of a file");
  EXPECT_FALSE(weak.time_has_clock);
  EXPECT_EQ(weak.live, std::optional<bool>(true));
  EXPECT_EQ(outcome.sink.all[2].live, std::nullopt);
  EXPECT_FALSE(outcome.sink.all[2].time);

  EXPECT_EQ(outcome.totals.sightings, 3u);
  EXPECT_EQ(outcome.totals.sightings_new, 3u);
  EXPECT_EQ(outcome.totals.found, 3u);
  EXPECT_EQ(outcome.totals.indicators_seen, 3u);
  EXPECT_EQ(outcome.totals.by_grade[static_cast<std::size_t>(Grade::kExact)], 2u);
  EXPECT_EQ(outcome.totals.by_type.at(IndicatorType::kDomain), 3u);
  EXPECT_EQ(outcome.totals.exit_status(), 0);
  ASSERT_TRUE(outcome.sink.finished);
  EXPECT_EQ(outcome.sink.finished->sightings, 3u);
}

TEST(Hunt, the_least_grade_decides_what_counts) {
  const TemporaryFolder folder;
  folder.write("log", "bad?\nworse?\n");
  HuntOptions options = tiny({folder / "log"});
  options.min_grade = Grade::kMention;
  const Outcome outcome = hunted(options);
  EXPECT_TRUE(outcome.sink.lines.empty());
  EXPECT_EQ(outcome.totals.below[static_cast<std::size_t>(Grade::kWeak)], 2u);
  EXPECT_EQ(outcome.totals.exit_status(), 1);
  EXPECT_TRUE(outcome.totals.complete);
}

TEST(Hunt, keeps_4_kib_of_a_long_line_with_the_match_in_it) {
  const TemporaryFolder folder;
  const std::string filler(10'000, '.');
  folder.write("log", filler + "bad" + filler + "\nbad" + filler + "\n" + filler + "bad");
  HuntOptions options;
  options.paths = {folder / "log"};
  const Outcome outcome = hunted(options);
  ASSERT_EQ(outcome.sink.all.size(), 3u);
  for (const Sighting& sighting : outcome.sink.all) {
    EXPECT_EQ(sighting.event_text.size(), 4096u);
    EXPECT_EQ(sighting.event_text.substr(sighting.match_begin, 3), "bad");
  }
  EXPECT_EQ(outcome.sink.all[1].match_begin, 0u);
  EXPECT_EQ(outcome.sink.all[2].match_end, 4096u);
}

TEST(Hunt, knows_the_same_event_in_compressed_and_rotated_files) {
  const TemporaryFolder folder;
  folder.write("a", "first\nthe bad line\nlast\n");
  folder.write("b.gz", gzip("the bad line\n"));
  folder.write("c", "the bad line");
  const Outcome outcome = hunted(tiny({folder / "a", folder / "b.gz", folder / "c"}));
  ASSERT_EQ(outcome.sink.all.size(), 3u);
  EXPECT_EQ(outcome.sink.all[0].event_digest, outcome.sink.all[1].event_digest);
  EXPECT_EQ(outcome.sink.all[0].event_digest, outcome.sink.all[2].event_digest);
}

TEST(Hunt, quotes_names_so_that_members_can_be_joined) {
  const TemporaryFolder folder;
  folder.write("t/100%!.log", "bad\n");
  const Outcome outcome = hunted(tiny({folder / "t"}));
  ASSERT_EQ(outcome.sink.all.size(), 1u);
  EXPECT_EQ(outcome.sink.all[0].file, folder / "t/100%25%21.log");
  EXPECT_EQ(outcome.sink.all[0].absolute_path, folder / "t/100%25%21.log");
}

TEST(Hunt, unfolds_archives_and_names_members) {
  const TemporaryFolder folder;
  const std::string inner =
      packed(Pack::kZip, {{"x!y%.log", "evil\n"}, {"z.gz", gzip("bad\nworse\n")}});
  folder.write("t/a!b.tar.gz", gzip(packed(Pack::kTar, {{"in.zip", inner},
                                                        {"link", "", "elsewhere"},
                                                        {"var/log/m", "one\nevil\n"}})));
  folder.write("t/b.zip", packed(Pack::kZip, {{"secret", "evil"}}, "password"));
  HuntOptions options;
  options.paths = {folder / "t"};
  options.threads = 2;
  const Outcome outcome = hunted(options);
  Lines places;
  for (const Sighting& each : outcome.sink.all) {
    EXPECT_EQ(each.file, each.absolute_path);
    places.push_back(each.file.substr(folder.path().size()) + ":" + std::to_string(each.line) +
                     " " + each.observable.value);
  }
  EXPECT_EQ(
      places,
      (Lines{"/t/a%21b.tar.gz!in.zip!x%21y%25.log:1 evil", "/t/a%21b.tar.gz!in.zip!z.gz:1 bad",
             "/t/a%21b.tar.gz!in.zip!z.gz:2 worse", "/t/a%21b.tar.gz!var/log/m:2 evil"}));
  EXPECT_EQ(outcome.totals.files, 4u) << "three members, and an archive without any";
  EXPECT_EQ(outcome.totals.bytes_read, std::filesystem::file_size(folder / "t/a!b.tar.gz") +
                                           std::filesystem::file_size(folder / "t/b.zip"));
  Lines skips;
  for (const Skip& skip : outcome.totals.skips)
    skips.push_back(skip.file.substr(folder.path().size()) + ": " + skip.reason);
  EXPECT_EQ(skips, (Lines{"/t/a%21b.tar.gz!link: is a link to elsewhere",
                          "/t/b.zip!secret: is encrypted"}));
  EXPECT_FALSE(outcome.totals.complete);
}

TEST(Hunt, says_what_it_did_not_scan) {
  const TemporaryFolder folder;
  folder.write("t/cut.gz", gzip("a bad line\n" + random_text(5, 1000)).substr(0, 400));
  folder.write("t/ok", "bad\n");
  ASSERT_EQ(::mkfifo((folder / "t/fifo").c_str(), 0600), 0);
  const Outcome damaged = hunted(tiny({folder / "t"}));
  EXPECT_EQ(damaged.totals.exit_status(), 0);
  EXPECT_FALSE(damaged.totals.complete);
  ASSERT_EQ(damaged.totals.skips.size(), 2u);
  EXPECT_EQ(damaged.totals.skips[0].file, folder / "t/cut.gz");
  EXPECT_NE(damaged.totals.skips[0].reason.find("gzip: unexpected end"), std::string::npos);
  EXPECT_EQ(damaged.totals.skips[1].reason, "is a fifo");

  const Outcome missing = hunted(tiny({folder / "t/ok", folder / "none"}));
  EXPECT_EQ(missing.totals.exit_status(), 2) << "over a finding";
  EXPECT_EQ(missing.sink.lines.size(), 1u);
  EXPECT_FALSE(missing.totals.complete);

  const Outcome harmless = hunted(tiny({folder / "t/ok", folder / "t/ok"}));
  EXPECT_TRUE(harmless.totals.complete) << "a second sight of a file is no gap";
  EXPECT_EQ(harmless.totals.skips.size(), 1u);

  const Outcome empty = hunted(tiny({}));
  EXPECT_EQ(empty.totals.exit_status(), 1);
}

TEST(Hunt, passes_over_its_own_files) {
  const TemporaryFolder folder;
  folder.write("t/spoor.db", "bad\n");
  folder.write("t/log", "bad\n");
  HuntOptions options = tiny({folder / "t"});
  options.own_files = {folder / "t/spoor.db"};
  const Outcome outcome = hunted(options);
  EXPECT_EQ(outcome.sink.lines.size(), 1u);
  ASSERT_EQ(outcome.totals.skips.size(), 1u);
  EXPECT_EQ(outcome.totals.skips[0].reason, "belongs to this hunt");
  EXPECT_TRUE(outcome.totals.complete);
}

TEST(Hunt, lists_many_skips_and_sums_up_the_rest) {
  const TemporaryFolder folder;
  folder.write("log", "bad\n");
  std::vector<std::string> paths(10'050, folder / "log");
  const Outcome outcome = hunted(tiny(paths));
  ASSERT_EQ(outcome.totals.skips.size(), 10'001u);
  EXPECT_EQ(outcome.totals.skips.back().reason, "49 more: same file as one already seen");
  EXPECT_EQ(outcome.sink.lines.size(), 1u);
}

/// Fails at its n-th call.
class FailingSink final : public FindingSink {
 public:
  explicit FailingSink(int calls) : calls_(calls) {}
  Status begin(const HuntStart&) override { return step("begin"); }
  Status take(std::span<Sighting>, std::span<const FindingDetail>) override {
    return step("take");
  }
  Status finish(const HuntTotals&) override { return step("finish"); }
  std::string last;

 private:
  Status step(const char* name) {
    last = name;
    if (--calls_ == 0) return fail("disk full");
    return {};
  }
  int calls_;
};

TEST(Hunt, a_failing_sink_stops_it) {
  const TemporaryFolder folder;
  write_tree(folder);
  const FakeMatcher matcher(kWords);
  const FixedClock clock(Time{});
  for (const int calls : {1, 2, 3}) {
    FailingSink failing(calls);
    Recorder behind;
    FindingSink* sinks[] = {&failing, &behind};
    const auto totals = Hunt(matcher, look_up, clock, tiny({folder / "t"}, 4)).run(sinks);
    ASSERT_FALSE(totals);
    EXPECT_EQ(totals.error().message, "disk full");
    EXPECT_FALSE(behind.finished) << failing.last;
    if (calls == 2) {
      EXPECT_TRUE(behind.lines.empty()) << "not printed before it is stored";
    }
  }
}

TEST(Hunt, a_failing_lookup_stops_it) {
  const TemporaryFolder folder;
  write_tree(folder);
  const FakeMatcher matcher(kWords);
  const FixedClock clock(Time{});
  const StoryLookup failing =
      [](IndicatorIndex) -> Result<std::shared_ptr<const IndicatorStory>> {
    return fail("store: damaged");
  };
  const auto totals = Hunt(matcher, failing, clock, tiny({folder / "t"}, 4)).run({});
  ASSERT_FALSE(totals);
  EXPECT_EQ(totals.error().message, "store: damaged");
}

TEST(Hunt, a_failing_sink_does_not_wait_for_a_pipe) {
  const TemporaryFolder folder;
  folder.write("log", "bad\n");
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  const int writer = ::open((folder / "fifo").c_str(), O_RDWR);
  ASSERT_GE(writer, 0);
  const FakeMatcher matcher(kWords);
  const FixedClock clock(Time{});
  FailingSink failing(2);
  FindingSink* sinks[] = {&failing};
  const auto totals =
      Hunt(matcher, look_up, clock, tiny({folder / "log", folder / "fifo"})).run(sinks);
  EXPECT_FALSE(totals) << "returns at all: nobody writes into the fifo";
  ::close(writer);
}

/// Asks for the end when it gets the first batch.
class StoppingSink final : public FindingSink {
 public:
  explicit StoppingSink(std::stop_source& stop) : stop_(stop) {}
  Status take(std::span<Sighting>, std::span<const FindingDetail>) override {
    stop_.request_stop();
    return {};
  }

 private:
  std::stop_source& stop_;
};

TEST(Hunt, ends_whole_when_asked_to_stop) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "bad line\n";
  folder.write("log", text);
  const FakeMatcher matcher(kWords);
  const FixedClock clock(Time{});
  std::stop_source stop;
  StoppingSink stopping(stop);
  Recorder recorder;
  FindingSink* sinks[] = {&stopping, &recorder};
  const auto totals =
      Hunt(matcher, look_up, clock, tiny({folder / "log"})).run(sinks, stop.get_token());
  ASSERT_TRUE(totals);
  EXPECT_TRUE(totals->interrupted);
  EXPECT_FALSE(totals->complete);
  EXPECT_LT(totals->bytes_scanned, text.size());
  EXPECT_EQ(recorder.lines.size(), totals->sightings);
  ASSERT_TRUE(recorder.finished) << "the receipt is given all the same";
  ASSERT_FALSE(totals->skips.empty());
  EXPECT_EQ(totals->skips.back().reason, "stopped before its end");
}

TEST(Hunt, reads_standard_input) {
  const TemporaryFolder folder;
  folder.write("in", gzip("one\nbad\n"));
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open((folder / "in").c_str(), O_RDONLY);
  ASSERT_EQ(::dup2(file, STDIN_FILENO), STDIN_FILENO);
  const Outcome outcome = hunted(tiny({"-"}));
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
  ASSERT_EQ(outcome.sink.all.size(), 1u);
  EXPECT_EQ(outcome.sink.all[0].file, "-");
  EXPECT_EQ(outcome.sink.all[0].absolute_path, "<stdin>");
  EXPECT_EQ(outcome.sink.all[0].line, 2u);
}

TEST(Hunt, an_event_with_very_many_indicators_goes_in_parts) {
  const TemporaryFolder folder;
  std::vector<std::string> words;
  std::string text;
  for (int i = 0; i < 9000; ++i) {
    words.push_back("w" + std::to_string(100'000 + i));
    text += words.back() + " ";
  }
  folder.write("log", text + "\n");
  // A word in the line is found by cutting it at blanks: FakeMatcher would look for each word
  // in turn.
  class Splitter final : public Matcher {
   public:
    std::unique_ptr<Scratch> make_scratch() const override {
      return std::make_unique<Scratch>();
    }
    void scan(std::string_view line, TextEncoding, std::span<const FieldMark>, Scratch&,
              std::vector<Hit>& hits) const override {
      for (std::size_t at = line.find('w'); at != std::string_view::npos;
           at = line.find('w', at + 1)) {
        if (at + 7 > line.size()) break;
        Hit hit;
        hit.offset = at;
        hit.length = 7;
        hit.grade = Grade::kExact;
        hit.indicator = IndicatorIndex{static_cast<std::uint32_t>(
            std::stoul(std::string(line.substr(at + 1, 6))) - 100'000)};
        hits.push_back(hit);
      }
    }
  };
  const Splitter matcher;
  const FixedClock clock(Time{});
  const StoryLookup lookup =
      [&](IndicatorIndex i) -> Result<std::shared_ptr<const IndicatorStory>> {
    auto story = std::make_shared<IndicatorStory>();
    story->id = ObservableId{static_cast<std::int64_t>(i) + 1};
    story->observable = {IndicatorType::kDomain, words.at(static_cast<std::size_t>(i))};
    return std::shared_ptr<const IndicatorStory>(std::move(story));
  };
  class Counter final : public FindingSink {
   public:
    Status take(std::span<Sighting> sightings, std::span<const FindingDetail>) override {
      sizes.push_back(sightings.size());
      return {};
    }
    std::vector<std::size_t> sizes;
  };
  // Whole in one chunk, and over many chunks (held until its end).
  for (const bool cut : {false, true}) {
    Counter counter;
    FindingSink* sinks[] = {&counter};
    HuntOptions options = tiny({folder / "log"});
    if (!cut) options.stream = StreamOptions{};
    const auto totals = Hunt(matcher, lookup, clock, options).run(sinks);
    ASSERT_TRUE(totals);
    EXPECT_EQ(totals->sightings, 9000u);
    EXPECT_EQ(totals->indicators_seen, 9000u);
    EXPECT_EQ(counter.sizes, (std::vector<std::size_t>{4096, 4096, 808}));
  }
}

TEST(Hunt, tells_what_the_line_of_a_finding_says) {
  const TemporaryFolder folder;
  folder.write(
      "log",
      "Nov 24 08:00:00 web1 sshd[1]: Failed password for bob from 192.0.2.5 port 7 bad\n"
      "[{\"host\":\"a\",\"q\":\"x\"},{\"host\":\"b\",\"query\":\"evil\"}]\n");
  HuntOptions options = tiny({folder / "log"});
  options.stream.chunk_bytes = 4096;
  const Outcome outcome = hunted(options);
  ASSERT_EQ(outcome.sink.told.size(), 2u);
  const EventRecord& first = *outcome.sink.told[0].record;
  EXPECT_EQ(first.format + "/" + first.inner, "syslog/sshd");
  EXPECT_EQ(first.host, "web1");
  EXPECT_EQ(first.user, "bob");
  EXPECT_TRUE(first.time->year_inferred);
  EXPECT_EQ(outcome.sink.told[0].field, "message");
  const EventRecord& second = *outcome.sink.told[1].record;
  EXPECT_EQ(second.format, "json");
  EXPECT_EQ(second.host, "b") << "of an array the element that holds the match";
  EXPECT_EQ(outcome.sink.told[1].field, "query");
  EXPECT_EQ(outcome.totals.by_format.at("syslog"), 1u);
  ASSERT_EQ(outcome.totals.formats.size(), 1u);
  EXPECT_EQ(outcome.totals.formats[0].file, folder / "log");
}

TEST(Hunt, reads_utf16_lines_and_forced_formats_and_a_default_host) {
  const TemporaryFolder folder;
  std::string wide = "\xFF\xFE";
  for (char c : std::string("x y z\n2026-11-24T10:54:14Z bad\r\n")) wide += {c, '\0'};
  folder.write("wide", wide);
  HuntOptions options = tiny({folder / "wide"});
  options.host = "seized";
  options.formats.choice.forced = &text_format();
  const Outcome outcome = hunted(options);
  ASSERT_EQ(outcome.sink.all.size(), 1u);
  EXPECT_EQ(outcome.sink.all[0].line, 2u);
  EXPECT_EQ(format_iso8601(outcome.sink.all[0].time.value()), "2026-11-24T10:54:14Z");
  EXPECT_EQ(outcome.sink.told[0].record->host, "seized");
}

TEST(Hunt, keeps_to_the_window_of_time) {
  const TemporaryFolder folder;
  folder.write("log",
               "2026-11-20T10:00:00Z bad\n2026-11-21T10:00:00Z bad\n2026-11-22T10:00:00Z bad\n"
               "2026-11-21 bad\nno time: bad\n");
  HuntOptions options = tiny({folder / "log"});
  options.since = parse_iso8601("2026-11-21T10:00:00Z")->time;
  options.until = parse_iso8601("2026-11-22T10:00:00Z")->time;
  const Outcome outcome = hunted(options);
  std::vector<std::uint64_t> lines;
  for (const Sighting& each : outcome.sink.all) lines.push_back(each.line);
  EXPECT_EQ(lines, (std::vector<std::uint64_t>{2, 4, 5}));
  EXPECT_EQ(outcome.totals.outside_window, 2u);
  EXPECT_EQ(outcome.totals.without_time, 1u);
}

/// Options with the last of kWords as a canary.
HuntOptions with_canary(const std::string& path) {
  HuntOptions options;
  options.paths = {path};
  options.canaries = {{IndicatorIndex{3}, {IndicatorType::kUrl, kWords[3]}}};
  return options;
}

TEST(HuntCanary, is_found_and_told_apart_from_sightings) {
  const TemporaryFolder folder;
  folder.write("a.log", "bad\nan old receipt says worse\n");
  for (const unsigned threads : {1u, 3u}) {
    for (const std::size_t chunk_bytes : {64u, 1u << 20}) {
      HuntOptions options = with_canary(folder / "a.log");
      options.threads = threads;
      options.stream.chunk_bytes = chunk_bytes;
      const Outcome outcome = hunted(options);
      // The matcher of this test knows no JSON: of four places three are found.
      EXPECT_EQ(outcome.totals.canary.planted, 4u);
      EXPECT_EQ(outcome.totals.canary.found, 3u);
      EXPECT_EQ(outcome.totals.canary.unexpected, 0u);
      EXPECT_EQ(outcome.totals.canary.elsewhere, 1u);
      EXPECT_FALSE(outcome.totals.complete);
      EXPECT_EQ(outcome.totals.exit_status(), 2);
      EXPECT_EQ(outcome.sink.lines.size(), 1u);
      EXPECT_EQ(outcome.totals.sightings, 1u);
      EXPECT_EQ(outcome.totals.files, 1u);
      EXPECT_EQ(outcome.totals.lines, 2u);
      EXPECT_EQ(outcome.totals.bytes_read, 30u);
      EXPECT_TRUE(outcome.totals.closes);
    }
  }
}

TEST(HuntCanary, is_no_matter_of_time_or_grade) {
  const TemporaryFolder folder;
  folder.write("a.log", "nothing\n");
  HuntOptions options = with_canary(folder / "a.log");
  options.min_grade = Grade::kExact;
  options.since = parse_iso8601("2030-01-01")->time;
  const Outcome outcome = hunted(options);
  EXPECT_EQ(outcome.totals.canary.found, 3u);
  EXPECT_EQ(outcome.totals.outside_window, 0u);
  EXPECT_EQ(outcome.totals.below, (std::array<std::uint64_t, kGradeCount>{}));
}

}  // namespace
}  // namespace spoor::hunt_tests
