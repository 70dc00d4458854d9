// A hunt tells the same for any chunks and any number of threads: the same as a scan of the
// whole line by line, in the same order, of whatever kinds and sizes the files are.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "hunt/hunt_test_support.h"

namespace spoor::hunt_tests {
namespace {

/// What a hunt must tell of `text`, computed line by line over the whole.
Lines expected_of(const std::string& text, const std::string& file, Grade min_grade) {
  const FakeMatcher matcher(kWords);
  const auto scratch = matcher.make_scratch();
  std::vector<Hit> hits;
  matcher.scan(text, TextEncoding::kBytes, {}, *scratch, hits);
  std::map<std::tuple<std::uint64_t, std::uint32_t>, std::pair<Hit, int>> best;
  for (const Hit& hit : hits) {
    const std::size_t line_end = text.rfind('\n', hit.offset);
    const std::uint64_t event =
        hit.offset == 0 || line_end == std::string::npos ? 0 : line_end + 1;
    auto [at, fresh] =
        best.try_emplace({event, static_cast<std::uint32_t>(hit.indicator)}, hit, 0);
    ++at->second.second;
    if (hit.grade > at->second.first.grade) at->second.first = hit;
  }
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>, std::string> ordered;
  for (const auto& [key, value] : best) {
    const auto& [hit, count] = value;
    const std::uint64_t event = std::get<0>(key);
    if (hit.grade < min_grade) continue;
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(event), '\n') + 1;
    ordered[{event, hit.offset, ~hit.length}] =
        file + ":" + std::to_string(line) + ":" + std::to_string(hit.offset) + "+" +
        std::to_string(hit.length) + " " + kWords[std::get<1>(key)] + " g" +
        std::to_string(static_cast<int>(hit.grade)) + " e" + std::to_string(event) + " x" +
        std::to_string(count);
  }
  Lines lines;
  for (const auto& [key, line] : ordered) lines.push_back(line);
  return lines;
}

Lines without_tail(Lines lines) {
  for (std::string& line : lines) {
    // "... xN digest [text]": up to the count.
    line.resize(line.find(' ', line.find(" x") + 1));
  }
  return lines;
}

TEST(Hunt, tells_the_same_as_a_scan_of_the_whole_for_any_chunks_and_threads) {
  const TemporaryFolder folder;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::string text = random_text(seed, 1500);
    // Some with lines beyond the limit, so that events reach over several chunks.
    if (seed % 3 == 0) {
      for (std::size_t at = 0, line = 0; (at = text.find('\n', at)) != std::string::npos;
           ++at) {
        if (++line % 40 != 0 && text[at == 0 ? 0 : at - 1] != '=') text[at] = ' ';
      }
    }
    folder.write("log", text);
    for (const Grade min_grade : {Grade::kWeak, Grade::kExact}) {
      for (const unsigned threads : {1u, 4u}) {
        HuntOptions options = tiny({folder / "log"}, threads);
        options.min_grade = min_grade;
        const Outcome outcome = hunted(options);
        ASSERT_EQ(outcome.error, "");
        const Lines told = without_tail(outcome.sink.lines);
        const Lines expected = expected_of(text, folder / "log", min_grade);
        for (std::size_t i = 0; i < std::min(told.size(), expected.size()); ++i) {
          ASSERT_EQ(told[i], expected[i]) << "seed " << seed << ", threads " << threads;
        }
        ASSERT_EQ(told.size(), expected.size()) << "seed " << seed;
        EXPECT_EQ(outcome.totals.bytes_scanned, text.size());
      }
    }
  }
}

TEST(Hunt, output_is_the_same_for_any_number_of_threads) {
  const TemporaryFolder folder;
  write_tree(folder);
  for (const std::size_t context : {0u, 3u}) {
    HuntOptions options = tiny({folder / "t"}, 1);
    options.context_lines = context;
    const Outcome one = hunted(options);
    ASSERT_GT(one.sink.lines.size(), 1000u);
    for (const unsigned threads : {2u, 4u, 9u}) {
      options.threads = threads;
      const Outcome many = hunted(options);
      ASSERT_EQ(many.sink.lines, one.sink.lines) << threads << " threads";
      EXPECT_EQ(many.totals.bytes_scanned, one.totals.bytes_scanned);
      EXPECT_EQ(many.totals.lines, one.totals.lines);
      EXPECT_EQ(many.totals.by_grade, one.totals.by_grade);
      EXPECT_EQ(many.totals.skips.size(), one.totals.skips.size());
    }
  }
}

TEST(Hunt, files_decoded_in_parts_tell_the_same_for_any_number_of_threads) {
  const TemporaryFolder folder;
  const std::string text = random_text(11, 50'000);
  std::string damaged = bzip2(text);
  damaged[damaged.size() / 2] ^= 1;
  folder.write("t/a.bz2", bzip2(text));
  folder.write("t/b.bz2", damaged);
  folder.write("t/c.zst",
               zstd(text.substr(0, text.size() / 2)) + zstd(text.substr(text.size() / 2)));
  folder.write("t/d.bz2", bzip2(text + text));
  HuntOptions options = tiny({folder / "t"}, 1);
  options.stream = StreamOptions{};
  options.stream.chunk_bytes = 64 << 10;
  const Outcome one = hunted(options);
  ASSERT_GT(one.sink.lines.size(), 1000u);
  ASSERT_FALSE(one.totals.skips.empty());
  for (const unsigned threads : {2u, 5u}) {
    options.threads = threads;
    const Outcome many = hunted(options);
    ASSERT_EQ(many.sink.lines, one.sink.lines) << threads << " threads";
    EXPECT_EQ(many.totals.bytes_read, one.totals.bytes_read);
    EXPECT_EQ(many.totals.bytes_scanned, one.totals.bytes_scanned);
    ASSERT_EQ(many.totals.skips.size(), one.totals.skips.size());
    for (std::size_t i = 0; i < many.totals.skips.size(); ++i)
      EXPECT_EQ(many.totals.skips[i].reason, one.totals.skips[i].reason);
  }
}

TEST(Hunt, context_is_the_same_for_any_chunks) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 1; i <= 60; ++i)
    text += i % 7 == 0 ? "bad\n" : "line" + std::to_string(i) + "\n";
  folder.write("log", text);
  HuntOptions options = tiny({folder / "log"});
  options.context_lines = 2;
  const Outcome small = hunted(options);
  options.stream = StreamOptions{};
  const Outcome large = hunted(options);
  ASSERT_EQ(small.sink.lines.size(), 8u);
  EXPECT_EQ(small.sink.lines, large.sink.lines);
  EXPECT_NE(small.sink.lines[0].find("[bad] <5line5 <6line6 >8line8 >9line9"),
            std::string::npos)
      << small.sink.lines[0];
}

TEST(Hunt, many_files_of_all_sizes_come_in_order_for_any_number_of_threads) {
  const TemporaryFolder folder;
  for (unsigned i = 0; i < 400; ++i) {
    const std::string name = "f" + std::to_string(1000 + i);
    const std::string text = random_text(i, i % 50 == 0 ? 6'000 : i % 9);
    folder.write(name, i % 3 == 0 ? gzip(text) : text);
    if (i % 40 == 0)
      folder.write(name + ".tar", packed(Pack::kTar, {{"m", text}, {"n", text}}));
  }
  Lines first;
  HuntTotals totals;
  for (const unsigned threads : {1u, 2u, 5u}) {
    HuntOptions options = tiny({folder.path()}, threads);
    options.stream.chunk_bytes = 4096;
    options.stream.line_limit = 1 << 16;
    const Outcome outcome = hunted(options);
    EXPECT_EQ(outcome.totals.files, 420u) << threads;
    if (threads == 1) {
      first = outcome.sink.lines;
      totals = outcome.totals;
    }
    EXPECT_GT(first.size(), 2000u);
    EXPECT_TRUE(outcome.sink.lines == first) << threads;
    EXPECT_EQ(outcome.totals.bytes_read, totals.bytes_read) << threads;
    EXPECT_EQ(outcome.totals.lines, totals.lines) << threads;
  }
}

TEST(Hunt, reads_columns_the_same_for_any_number_of_threads) {
  const TemporaryFolder folder;
  std::string text = "#Fields: date time c-ip x\n";
  for (int i = 0; i < 200; ++i) {
    // The columns change now and then, in the middle of chunks.
    if (i % 37 == 36)
      text += i % 2 == 0 ? "#Fields: date time c-ip x\n" : "#Fields: date time x c-ip\n";
    text += "2026-11-24 10:54:14 192.0.2." + std::to_string(i) + " bad\n";
  }
  folder.write("log", text);
  const auto addresses = [&](unsigned threads) {
    const Outcome outcome = hunted(tiny({folder / "log"}, threads));
    Lines lines;
    for (const FindingDetail& each : outcome.sink.told)
      lines.push_back(each.record->source_address + " in " + each.field);
    return lines;
  };
  const Lines one = addresses(1);
  ASSERT_EQ(one.size(), 200u);
  EXPECT_EQ(one[0], "192.0.2.0 in x");
  EXPECT_EQ(std::count(one.begin(), one.end(), "bad in c-ip"), 74);
  for (unsigned threads : {2u, 5u, 9u}) EXPECT_EQ(addresses(threads), one) << threads;
}

}  // namespace
}  // namespace spoor::hunt_tests
