#include "hunt/news.h"

#include <algorithm>

#include "base/time.h"
#include "hunt/news_test_support.h"

namespace spoor {
namespace {

TEST_F(NewsTest, hunts_what_was_appended_with_its_line_numbers) {
  append("a.log", "one evil\ntwo\n");
  EXPECT_EQ(hunt(), (Found{"1:evil@0"}));
  EXPECT_EQ(hunt(), Found{});
  EXPECT_EQ(files(NewsKind::kUnchanged), 1u);
  EXPECT_EQ(totals_.bytes_read, 0u);
  append("a.log", "three bad\n");
  EXPECT_EQ(hunt(), (Found{"3:bad@13"}));
  EXPECT_EQ(files(NewsKind::kContinued), 1u);
  EXPECT_EQ(totals_.bytes_read, 10u);
}

TEST_F(NewsTest, hunts_a_line_that_went_on_as_a_whole) {
  append("a.log", "one\ntwo evil an");
  EXPECT_EQ(hunt(), (Found{"2:evil@4"}));
  append("a.log", "d bad\nthree\n");
  EXPECT_EQ(hunt(), (Found{"2:evil@4", "2:bad@4"}));
  ASSERT_EQ(grown_.size(), 1u);
  EXPECT_EQ(grown_[0].offset, 4u);
  EXPECT_EQ(grown_[0].before, xxh3_128("two evil an"));
  EXPECT_EQ(grown_[0].after, xxh3_128("two evil and bad"));
}

TEST_F(NewsTest, knows_a_renamed_and_a_copied_file_again) {
  append("a.log", "one evil, and more so that it is longer\n");
  hunt();
  fs::rename(path("a.log"), path("a.log.1"));
  EXPECT_EQ(hunt(), Found{});
  append("a.log.1", "two bad\n");
  fs::copy(path("a.log.1"), path("copy"));
  EXPECT_EQ(hunt(), (Found{"2:bad@40", "1:evil@0", "2:bad@40"}));  // under 4 KiB: not looked up
  std::string large;
  for (int i = 0; i < 500; ++i) large += "a clean line of some length\n";
  write("large", large + "evil\n");
  hunt();
  append("large", "bad\n");
  fs::copy(path("large"), path("large.1"));
  fs::resize_file(path("large"), 0);
  EXPECT_EQ(hunt(), (Found{"502:bad@14005"}));
}

TEST_F(NewsTest, hunts_what_was_truncated_or_written_over) {
  write("a.log", "one evil\n");
  hunt();
  write("a.log", "bad\n");
  EXPECT_EQ(hunt(), (Found{"1:bad@0"}));
  write("a.log", "bad evil\nlonger than before\n");
  EXPECT_EQ(hunt(), (Found{"1:bad@0", "1:evil@0"}));
  write("a.log", "evil bad\nlonger than before\n");  // the same size
  EXPECT_EQ(hunt(), (Found{"1:evil@0", "1:bad@0"}));
  std::string large(200'000, '\n');
  write("large", large);
  hunt();
  large.replace(100'001, 4, "evil");  // where the fingerprint does not look
  write("large", large);
  EXPECT_EQ(hunt(), (Found{"100002:evil@100001"}));
}

TEST_F(NewsTest, hunts_old_bytes_only_for_indicators_that_came_since) {
  append("a.log", "one evil later\ntwo\n");
  EXPECT_EQ(hunt(), (Found{"1:evil@0"}));
  append("b.log", "later bad\n");
  indicators_ = 3;
  append("a.log", "three evil\n");
  EXPECT_EQ(hunt(), (Found{"1:later@0", "3:evil@19", "1:later@0", "1:bad@0"}));
  EXPECT_EQ(files(NewsKind::kForIndicators), 1u);
  EXPECT_EQ(files(NewsKind::kWhole), 1u);
  EXPECT_EQ(hunt(), Found{});
}

TEST_F(NewsTest, knows_a_line_again_that_grew_before_its_short_file_was_copied) {
  append("a.log", "one\ntwo evil an");
  hunt();
  append("a.log", "d bad\n");
  fs::copy(path("a.log"), path("a.log.1"));
  fs::resize_file(path("a.log"), 0);
  EXPECT_EQ(hunt(), (Found{"2:evil@4", "2:bad@4"}));
  ASSERT_EQ(grown_.size(), 1u);
  EXPECT_EQ(grown_[0].path, path("a.log"));
  EXPECT_EQ(grown_[0].after, xxh3_128("two evil and bad"));
}

TEST_F(NewsTest, goes_back_before_a_soft_break) {
  append("a.log", "one\ntwo e=\n");
  EXPECT_EQ(hunt(), Found{});
  append("a.log", "vil\n");
  EXPECT_EQ(hunt(), (Found{"2:evil@4"}));
}

TEST_F(NewsTest, goes_on_in_utf_16) {
  const auto wide = [](const std::string& text) {
    std::string out;
    for (const char c : text) out.append(1, c).append(1, '\0');
    return out;
  };
  append("a.log", "\xFF\xFE" + wide("one line of text\n"));
  EXPECT_EQ(hunt(), Found{});
  append("a.log", wide("two evil\n"));
  EXPECT_EQ(hunt(), (Found{"2:evil@36"}));
}

TEST_F(NewsTest, knows_nothing_of_what_was_read_in_part) {
  write("a.gz", std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + "no deflate");
  hunt();
  EXPECT_FALSE(totals_.complete);
  hunt();
  EXPECT_FALSE(totals_.complete);  // it says so again
  EXPECT_TRUE(rows_.empty());
}

std::string many_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += i % 10 == 9 ? "a line with evil in it\n" : "a line like all the others\n";
  return text;
}

TEST_F(NewsTest, saves_once_a_second_and_at_the_end) {
  FixedClock clock(parse_iso8601("2026-11-24T12:00:00Z")->time);
  const auto table = news(clock);
  const auto row = [](std::uint64_t inode) {
    Progress made;
    made.device = 1;
    made.inode = inode;
    made.size = made.seen = 10;
    return made;
  };
  ASSERT_TRUE(table->commit({row(1)}));
  EXPECT_EQ(saves_, 1);
  for (std::uint64_t i = 0; i < 9; ++i) {
    clock.set(clock.now() + std::chrono::milliseconds(100));
    ASSERT_TRUE(table->commit({row(2 + i)}));
  }
  EXPECT_EQ(saves_, 1);
  clock.set(clock.now() + std::chrono::milliseconds(100));
  ASSERT_TRUE(table->commit({row(20)}));
  EXPECT_EQ(saves_, 2);
  EXPECT_EQ(rows_.size(), 11u);
  ASSERT_TRUE(table->commit({row(21)}));
  ASSERT_TRUE(table->flush());
  ASSERT_TRUE(table->flush());  // nothing is left
  EXPECT_EQ(saves_, 3);
  EXPECT_EQ(rows_.size(), 12u);
}

TEST_F(NewsTest, a_line_that_is_noted_and_the_end_of_its_file_go_into_one_row) {
  const FixedClock clock(parse_iso8601("2026-11-24T12:00:00Z")->time);
  const auto table = news(clock);
  ASSERT_TRUE(table->commit({}));
  Progress row;
  row.device = row.inode = 7;
  row.seen = 100;
  row.upto = 30;
  row.open_path = "/a.log";
  Progress on_the_way = row;
  on_the_way.size = 100;
  on_the_way.seen = on_the_way.upto = 60;
  on_the_way.open_path.reset();
  ASSERT_TRUE(table->commit({on_the_way}));
  saves_ = 0;
  table->note(row);
  ASSERT_TRUE(table->save_noted());
  ASSERT_TRUE(table->save_noted());  // nothing is left
  EXPECT_EQ(saves_, 1);
  ASSERT_EQ(rows_.size(), 1u);
  EXPECT_TRUE(is_noted(rows_.begin()->second));
  EXPECT_EQ(rows_.begin()->second.upto, 60u) << "that much was told";
  EXPECT_EQ(rows_.begin()->second.open_path, "/a.log");
  row.size = 100;
  ASSERT_TRUE(table->commit({row}));
  EXPECT_EQ(saves_, 1) << "once a second is enough";
  ASSERT_TRUE(table->flush());
  ASSERT_EQ(rows_.size(), 1u);
  EXPECT_FALSE(is_noted(rows_.begin()->second));
}

TEST_F(NewsTest, a_clock_that_was_put_back_delays_no_save) {
  FixedClock clock(parse_iso8601("2026-11-24T12:00:00Z")->time);
  const auto table = news(clock);
  ASSERT_TRUE(table->commit({Progress{}}));
  clock.set(parse_iso8601("2026-11-24T11:00:00Z")->time);
  ASSERT_TRUE(table->commit({Progress{}}));
  EXPECT_EQ(saves_, 2);
}

TEST_F(NewsTest, goes_on_where_a_huge_file_was_written_down_last) {
  const std::string text = many_lines(200);
  write("a.log", text);
  const Found all = hunt();
  ASSERT_EQ(all.size(), 20u);
  const std::string format = rows_.begin()->second.format;
  rows_.clear();

  // As a worker reads it, up to a kill.
  const auto table = news();
  table->set_checkpoint(1000);
  WalkItem item;
  item.file = InputFile{path("a.log"), path("a.log"), path("a.log"), text.size()};
  const HuntOptions with = options(*table);
  FilePlan plan = table->plan(item, with);
  ASSERT_EQ(plan.how, FilePlan::How::kWhole);
  const auto part = plan.opened->part({0, text.size(), 1, std::nullopt}, with.stream);
  ASSERT_TRUE(part);
  Member member;
  ASSERT_TRUE((*part)->next(member));
  std::vector<Progress> rows;
  for (Chunk chunk; member.stream->next(chunk).value_or(false);) {
    if (auto row = plan.checkpoint(chunk)) rows.push_back(*row);
    plan.add(chunk);
  }
  ASSERT_GE(rows.size(), 4u);
  ASSERT_LE(rows.size(), text.size() / 1000);
  Progress& last = rows[2];
  EXPECT_GE(last.seen, 3000u);
  EXPECT_EQ(last.upto, last.seen);
  EXPECT_EQ(text[last.upto - 1], '\n');
  EXPECT_EQ(last.line, 1u + static_cast<std::uint64_t>(std::count(
                                text.begin(),
                                text.begin() + static_cast<std::ptrdiff_t>(last.upto), '\n')));
  last.format = format;
  last.headers = "";
  last.id = 1;
  last_id_ = 1;
  rows_[1] = last;
  const Found rest = hunt();
  EXPECT_EQ(totals_.bytes_read, text.size() - last.upto);
  ASSERT_LT(rest.size(), all.size());
  EXPECT_EQ(rest, Found(all.end() - static_cast<std::ptrdiff_t>(rest.size()), all.end()));
  EXPECT_EQ(rows_.size(), 1u);
}

TEST_F(NewsTest, a_file_that_was_written_down_on_the_way_has_one_row) {
  checkpoint_ = 5000;
  write("a.log", many_lines(2000));
  hunt();
  ASSERT_EQ(rows_.size(), 1u);
  EXPECT_EQ(rows_.begin()->second.seen, fs::file_size(path("a.log")));
  EXPECT_EQ(hunt(), Found{});
  EXPECT_EQ(totals_.bytes_read, 0u);
}

TEST_F(NewsTest, rows_on_the_way_go_into_one_even_if_saved_apart) {
  FixedClock clock(parse_iso8601("2026-11-24T12:00:00Z")->time);
  const auto table = news(clock);
  Progress row;
  row.device = row.inode = 7;
  row.size = 100;
  for (const std::uint64_t seen : {30u, 60u, 100u}) {
    row.seen = seen;
    clock.set(clock.now() + std::chrono::seconds(2));
    ASSERT_TRUE(table->commit({row}));
  }
  EXPECT_EQ(saves_, 3);
  ASSERT_EQ(rows_.size(), 1u);
  EXPECT_EQ(rows_.begin()->second.seen, 100u);
  row.head.bytes[0] ^= 1;  // another content in the same file
  clock.set(clock.now() + std::chrono::seconds(2));
  ASSERT_TRUE(table->commit({row}));
  EXPECT_EQ(rows_.size(), 2u);
}

}  // namespace
}  // namespace spoor
