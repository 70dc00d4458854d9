#include <gtest/gtest.h>

#include "base/base64.h"
#include "base/json_writer.h"
#include "base/tally.h"
#include "base/time.h"
#include "base/utf8.h"

namespace spoor {
namespace {

std::string round_trip(std::string_view text) {
  const auto parsed = parse_iso8601(text);
  return parsed ? format_iso8601(parsed->time) : "none";
}

TEST(Time, reads_the_forms_that_feeds_send) {
  const struct {
    const char* text;
    const char* expect;
  } kCases[] = {
      {"2026-11-24T10:54:14.123456", "2026-11-24T10:54:14.123456Z"},
      {"2026-11-24T10:54:14", "2026-11-24T10:54:14Z"},
      {"2026-11-24 10:54:14Z", "2026-11-24T10:54:14Z"},
      {"2026-11-24T10:54", "2026-11-24T10:54:00Z"},
      {"2026-11-24", "2026-11-24T00:00:00Z"},
      {"2026-11-24T10:54:14+02:00", "2026-11-24T08:54:14Z"},
      {"2026-11-24T10:54:14-0130", "2026-11-24T12:24:14Z"},
      {"2024-02-29", "2024-02-29T00:00:00Z"},
      {"2026-12-31T24:00:00", "2027-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59.5", "1969-12-31T23:59:59.500000Z"},
      {"2026-11-24T10:54:14.1234567", "2026-11-24T10:54:14.123456Z"},
      {"2026-02-29", "none"},
      {"2026-13-01", "none"},
      {"2026-11-24T10:54:14 x", "none"},
      {"2026-11-24T25:00:00", "none"},
      {"", "none"},
      {"20261124", "none"},
  };
  for (const auto& c : kCases) EXPECT_EQ(round_trip(c.text), c.expect) << c.text;
}

TEST(Time, says_when_only_a_day_was_given) {
  EXPECT_EQ(parse_iso8601("2026-11-24")->precision, TimePrecision::kDay);
  EXPECT_EQ(parse_iso8601("2026-11-24T00:00:00")->precision, TimePrecision::kSecond);
}

TEST(TerminalSafe, shows_what_would_act) {
  EXPECT_EQ(terminal_safe("plain \xC3\xBC\ttab"), "plain \xC3\xBC\ttab");
  EXPECT_EQ(terminal_safe("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(terminal_safe(std::string_view("a\0b\r\n", 5)), "a\\x00b\\r\\n");
  EXPECT_EQ(terminal_safe("\xE2\x80\xAEtxt"), "\\u{202e}txt");
  EXPECT_EQ(terminal_safe("\xC2\x9B"), "\\u{9b}");
  EXPECT_EQ(terminal_safe("\xFF\xC3"), "\\xff\\xc3");
  EXPECT_EQ(terminal_safe("\xED\xA0\x80"), "\\xed\\xa0\\x80");
}

TEST(Utf8, knows_the_borders_of_validity) {
  EXPECT_TRUE(is_valid_utf8("\xF4\x8F\xBF\xBF"));
  EXPECT_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
  EXPECT_FALSE(is_valid_utf8("\xC0\x80"));
  EXPECT_EQ(replace_invalid_utf8("a\xFF"), "a\xEF\xBF\xBD");
}

TEST(Base64, pads_to_four) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xFB\xFF\xFE"), "+//+");
}

TEST(JsonWriter, leaves_out_what_is_not_there) {
  JsonWriter json;
  json.begin_object().member_if("a", "").member_if("b", "x").member_if("t", std::nullopt);
  json.member_if("u", time_from_micros(0)).strings_if("c", {}).strings_if("d", {"y"});
  json.end_object();
  EXPECT_EQ(json.text(), R"({"b":"x","u":"1970-01-01T00:00:00Z","d":["y"]})");
}

TEST(JsonWriter, writes_nested_values) {
  JsonWriter json;
  json.begin_object().member("a", std::int64_t{-1}).key("b").begin_array();
  json.string("x\n\"\\\x1b\xFF").null().boolean(true).number(0.5).end_array();
  json.key("c").begin_object().end_object().end_object();
  EXPECT_EQ(json.text(),
            "{\"a\":-1,\"b\":[\"x\\n\\\"\\\\\\u001b\xEF\xBF\xBD\",null,true,0.5],\"c\":{}}");
}

TEST(Tally, keeps_counts_and_few_examples) {
  Tally tally;
  for (int i = 0; i < 5; ++i) tally.add("I1", "not an octet", "f:" + std::to_string(i), "x");
  tally.add("S5", "empty", "f:9", "");
  EXPECT_EQ(tally.total(), 6u);
  const auto entries = tally.entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].count, 5u);
  EXPECT_EQ(entries[0].examples.size(), Tally::kExamples);
}

}  // namespace
}  // namespace spoor
