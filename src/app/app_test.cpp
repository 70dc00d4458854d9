// Options, ages, tables and CSV cells.

#include <gtest/gtest.h>

#include "app/options.h"
#include "app/table.h"

namespace spoor {
namespace {

constexpr OptionRow kTable[] = {{"json", '\0', "", "flag"},
                                {"threads", 'j', "N", "number"},
                                {"min-grade", '\0', "GRADE", "word"}};

Result<Options> parse(std::vector<std::string> words) {
  return parse_options(words, kTable);
}

TEST(Options, take_values_in_every_habitual_form) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"--threads", "3", "x"},
                                                                 {"--threads=3", "x"},
                                                                 {"-j", "3", "x"},
                                                                 {"-j3", "x"},
                                                                 {"x", "-j3"}}) {
    const auto options = parse(words);
    ASSERT_TRUE(options);
    EXPECT_EQ(options->value("threads"), "3");
    EXPECT_EQ(options->operands(), std::vector<std::string>{"x"});
  }
  const auto ended = parse({"--json", "--", "--threads", "-"});
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->operands(), (std::vector<std::string>{"--threads", "-"}));
  EXPECT_TRUE(ended->has("json"));
}

TEST(Options, say_what_is_wrong) {
  EXPECT_EQ(parse({"--thread", "3"}).error().message,
            "unknown option '--thread', did you mean '--threads'?");
  EXPECT_EQ(parse({"--zzzzzzz"}).error().message, "unknown option '--zzzzzzz', see --help");
  EXPECT_EQ(parse({"--threads"}).error().message, "option '--threads' needs a value: N");
  EXPECT_EQ(parse({"--json=1"}).error().message, "option '--json' takes no value, found '1'");
  EXPECT_FALSE(parse({"-x"}));
}

TEST(Numbers, are_whole_and_in_range) {
  EXPECT_EQ(*parse_number("12", 1, 20), 12u);
  for (const char* bad : {"", "0", "21", "0x2", "1.5", "-1", "many", "99999999999999999999"})
    EXPECT_FALSE(parse_number(bad, 1, 20)) << bad;
}

TEST(Since, reads_ages_and_dates) {
  const Time now = parse_iso8601("2026-11-24T12:00:00")->time;
  EXPECT_EQ(format_iso8601(*parse_since("90d", now)), "2026-08-26T12:00:00Z");
  EXPECT_EQ(format_iso8601(*parse_since("12h", now)), "2026-11-24T00:00:00Z");
  EXPECT_EQ(format_iso8601(*parse_since("2026-01-31", now)), "2026-01-31T00:00:00Z");
  for (const char* bad : {"", "d", "90", "90x", "soon"})
    EXPECT_FALSE(parse_since(bad, now)) << bad;
}

TEST(Csv, is_safe_in_a_spreadsheet) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b\"c"), "\"a,b\"\"c\"");
  EXPECT_EQ(csv_cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
  EXPECT_EQ(csv_cell("@x"), "'@x");
  EXPECT_EQ(csv_cell(std::string("a\x1b"
                                 "b")),
            "a?b");
  EXPECT_EQ(csv_row({"a", "b;c"}), "a,\"b;c\"\r\n");
}

TEST(Table, aligns_and_escapes) {
  TextTable table(8);
  table.row({"a", "\x1b[31m"});
  table.row({"long value here", "b"});
  EXPECT_EQ(table.text(), "a         \\x1b[31m\nlong va\xE2\x80\xA6  b\n");
}

}  // namespace
}  // namespace spoor
