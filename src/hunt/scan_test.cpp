#include "hunt/scan.h"

#include <gtest/gtest.h>

#include "hunt/fake_matcher.h"

namespace spoor {
namespace {

Chunk chunk_of(std::string text) {
  Chunk chunk;
  chunk.text = std::move(text);
  return chunk;
}

ScanResult scanned(const Chunk& chunk, Grade min_grade = Grade::kWeak) {
  const FakeMatcher matcher({"evil", "evil.example", "bad"});
  const auto scratch = matcher.make_scratch();
  ScanBuffers buffers;
  return scan_chunk(chunk, ChunkFormats{}, matcher, *scratch, min_grade, buffers);
}

/// "line:offset+length=indicator(grade)xoccurrences" of every candidate.
std::vector<std::string> told(const ScanResult& result) {
  std::vector<std::string> lines;
  for (const Candidate& each : result.candidates) {
    lines.push_back(std::to_string(result.events[each.event].line) + ":" +
                    std::to_string(each.hit.offset) + "+" + std::to_string(each.hit.length) +
                    "=" + std::to_string(static_cast<unsigned>(each.hit.indicator)) + "(" +
                    std::to_string(static_cast<int>(each.hit.grade)) + ")x" +
                    std::to_string(each.occurrences));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Scan, takes_records_by_their_table) {
  Chunk chunk = chunk_of("bad\nbad evil\nbad\n");
  chunk.records = {{0, 700, 5000, 90}, {13, 701, 5090, 40}};
  const ScanResult result = scanned(chunk);
  EXPECT_EQ(told(result), (Lines{"700:0+3=2(6)x2", "700:8+4=0(6)x1", "701:13+3=2(6)x1"}));
  ASSERT_EQ(result.events.size(), 2u);
  EXPECT_EQ(result.events[0].event_offset, 5000u);
  EXPECT_EQ(result.events[0].record_length, 90u);
  EXPECT_EQ(result.events[0].end, 12u);
  EXPECT_EQ(result.events[0].digest, xxh3_128("bad\nbad evil"));
}

TEST(Scan, tells_the_strongest_then_first_then_longest_of_an_event) {
  EXPECT_EQ(told(scanned(chunk_of("bad? bad~ bad bad\nbad^\n"))),
            (Lines{"1:10+3=2(6)x4", "2:18+3=2(4)x1"}));
  EXPECT_EQ(told(scanned(chunk_of("evil.example evil\n"))),
            (Lines{"1:0+12=1(6)x1", "1:0+4=0(6)x2"}))
      << "different indicators, each once; the longer one first";
}

TEST(Scan, leaves_out_what_is_below_the_least_grade_and_counts_it) {
  const ScanResult result = scanned(chunk_of("bad?\nbad? evil\nbad? bad\n"), Grade::kMention);
  EXPECT_EQ(told(result), (Lines{"2:10+4=0(6)x1", "3:20+3=2(6)x2"}));
  EXPECT_EQ(result.below[static_cast<std::size_t>(Grade::kWeak)], 2u);
  EXPECT_EQ(result.events.size(), 2u) << "no event without a candidate";
}

TEST(Scan, a_joined_hit_belongs_to_the_line_it_starts_on) {
  EXPECT_EQ(told(scanned(chunk_of("x\nb=\nad bad\n"))),
            (Lines{"2:2+5=2(6)x1", "3:8+3=2(6)x1"}));
}

TEST(Scan, knows_the_bounds_of_lines) {
  Chunk chunk = chunk_of("one\r\nbad\r\n\r\nbad");
  chunk.offset = 1000;
  chunk.line = 7;
  const ScanResult result = scanned(chunk);
  ASSERT_EQ(result.events.size(), 2u);
  EXPECT_EQ(result.events[0].line, 8u);
  EXPECT_EQ(result.events[0].event_offset, 1005u);
  EXPECT_EQ(result.events[0].begin, 5u);
  EXPECT_EQ(result.events[0].end, 8u);
  EXPECT_EQ(result.events[1].line, 10u);
  EXPECT_EQ(result.events[0].digest, result.events[1].digest) << "line ends do not count";
  EXPECT_EQ(result.events[0].digest, xxh3_128("bad"));
}

TEST(Scan, a_half_of_an_overlap_each) {
  // Overlap of 20 bytes: the earlier chunk tells what begins in its first half, the later the
  // rest.
  const std::string shared = "bad 6789 bad 456 890";
  Chunk earlier = chunk_of("start " + shared);
  earlier.shared_tail = 20;
  earlier.cut_head = "start " + shared + " end";
  EXPECT_EQ(told(scanned(earlier)), (Lines{"1:6+3=2(6)x2"}));
  EXPECT_TRUE(scanned(earlier).events[0].open);
  Chunk later = chunk_of(shared + " end\nbad\n");
  later.offset = 6;
  later.overlap = 20;
  later.continues_event = true;
  later.event_offset = 0;
  later.event_head = "start " + shared + " end\nbad";
  const ScanResult result = scanned(later);
  // The later "bad" stands at 9 of 20: before the middle.
  EXPECT_EQ(told(result), (Lines{"2:25+3=2(6)x1"}));
  earlier.text = "start 012345678 bad " + std::string("678901");
  EXPECT_EQ(told(scanned(earlier)), Lines{}) << "begins in the second half: the later chunk's";
}

TEST(Scan, an_event_over_two_chunks_has_one_identity) {
  const std::string line = "2026-11-24T10:54:14Z bad " + std::string(100, 'x') + " bad end";
  Chunk first = chunk_of(line.substr(0, 60));
  first.cut_head = line + "\nnext";
  Chunk second = chunk_of(line.substr(60) + "\nnext\n");
  second.offset = 60;
  second.continues_event = true;
  second.event_offset = 0;
  second.event_head = line + "\nnext";
  const ScanResult a = scanned(first), b = scanned(second),
                   whole = scanned(chunk_of(line + "\n"));
  ASSERT_EQ(a.events.size(), 1u);
  ASSERT_EQ(b.events.size(), 1u);
  EXPECT_EQ(a.events[0].digest, whole.events[0].digest);
  EXPECT_EQ(b.events[0].digest, whole.events[0].digest);
  EXPECT_EQ(a.events[0].event_offset, b.events[0].event_offset);
  EXPECT_TRUE(a.events[0].open);
  EXPECT_FALSE(b.events[0].open);
}

}  // namespace
}  // namespace spoor
