#include "report/excerpt.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace spoor {
namespace {

/// Marks instead of colours.
Palette marks() {
  Palette palette{};
  palette.match = "<";
  palette.reset = ">";
  return palette;
}

struct ExcerptCase {
  const char* name;
  std::string line;
  std::vector<Range> matches;
  std::size_t columns;
  std::string expected;
};

TEST(Excerpt, cuts_and_highlights) {
  const ExcerptCase cases[] = {
      {"whole", "query: evil.example A", {{7, 19}}, 80, "query: <evil.example> A"},
      {"nothing", "", {}, 80, ""},
      {"no match", "some words", {}, 6, "some w..."},
      {"at the begin", "evil and words behind", {{0, 4}}, 12, "<evil> and wor..."},
      {"at the end", "words before the evil", {{17, 21}}, 12, "...ore the <evil>"},
      {"in the middle, a third before",
       "aaaaaaaaaaaaaaevilbbbbbbbbbbbbbbb",
       {{14, 18}},
       13,
       "...aaa<evil>bbbbbb..."},
      {"a match wider than the columns",
       "x=abcdefghijklmnop!",
       {{2, 18}},
       8,
       "...<abcdefgh>..."},
      {"several matches", "a b c", {{0, 1}, {4, 5}}, 80, "<a> b <c>"},
      {"nested matches",
       "http://evil.example/x",
       {{0, 21}, {7, 19}},
       80,
       "<http://evil.example/x>"},
      {"overlapping matches", "abcdef", {{0, 3}, {2, 5}}, 80, "<abcde>f"},
      {"a match outside of what is shown",
       "evil and a long way to worse",
       {{0, 4}, {23, 28}},
       10,
       "<evil> and a..."},
      {"escapes count as they are printed",
       "\x1b\x1b\x1b\x1b evil",
       {{5, 9}},
       14,
       "...\\x1b\\x1b <evil>"},
      {"characters are never cut",
       "\xc3\xa9\xc3\xa9\xc3\xa9 evil",
       {{7, 11}},
       6,
       "...\xc3\xa9 <evil>"},
      {"bad bytes",
       "a\xff"
       "evil\xc3",
       {{2, 6}},
       80,
       "a\\xff<evil>\\xc3"},
  };
  for (const ExcerptCase& each : cases) {
    EXPECT_EQ(excerpt(each.line, each.matches, each.columns, marks()).text, each.expected)
        << each.name;
  }
}

TEST(Excerpt, says_which_bytes_are_shown) {
  const Excerpt cut = excerpt("aaaaaaaaaaaaaaevilbbbbbbbbbbbbbbb", {{14, 18}}, 13, marks());
  EXPECT_EQ(cut.shown.begin, 11u);
  EXPECT_EQ(cut.shown.end, 24u);
}

TEST(Excerpt, lets_no_control_through) {
  // Every byte, every kind of deception, in any place: what comes out is printable UTF-8.
  std::string hostile;
  for (int c = 0; c < 256; ++c) hostile += static_cast<char>(c);
  hostile +=
      "\x1b]0;owned\x07\x1b[2J\xe2\x80\xae"
      "gpj.exe\xe2\x81\xa6\xef\xbb\xbf\xc2\x9b"
      "31m\xf0\x9f\x98\x80\r\n";
  for (const std::size_t columns : {1u, 5u, 20u, 100u, 5000u}) {
    for (std::size_t begin = 0; begin < hostile.size(); begin += 7) {
      const std::string text =
          excerpt(hostile, {{begin, begin + 3}}, columns, palette(false)).text;
      ASSERT_TRUE(is_valid_utf8(text));
      for (char c : text) {
        ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\t') << static_cast<int>(c);
        ASSERT_NE(c, '\x7f');
      }
      ASSERT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << "right-to-left override";
      ASSERT_EQ(text.find("\xc2\x9b"), std::string::npos) << "one-byte CSI";
    }
  }
}

TEST(Excerpt, shortens_names) {
  EXPECT_EQ(short_text("short", 10), "short");
  EXPECT_EQ(short_text("exactly", 7), "exactly");
  EXPECT_EQ(short_text("rather long", 6), "rather...");
  EXPECT_EQ(short_text("a\nb", 10), "a\\nb");
}

TEST(Excerpt, makes_utf16_readable) {
  Sighting sighting;
  sighting.encoding = TextEncoding::kUtf16le;
  const auto coded = [](std::string_view text) {
    std::string out;
    for (char c : text) out += {c, '\0'};
    return out;
  };
  sighting.event_text = "\xff\xfe" + coded("x evil y");
  sighting.match_begin = 2 + 4;
  sighting.match_end = 2 + 12;
  const ReadableEvent event = readable_event(sighting);
  EXPECT_EQ(event.text, "x evil y") << "without the mark";
  EXPECT_EQ(event.text.substr(event.match.begin, event.match.end - event.match.begin), "evil");
}

TEST(Excerpt, takes_a_match_that_reaches_past_the_line) {
  Sighting sighting;
  sighting.event_text = "b=";
  sighting.match_begin = 0;
  sighting.match_end = 5;  // joined with the next line
  EXPECT_EQ(readable_event(sighting).match.end, 2u);
  sighting.match_begin = 9;
  sighting.match_end = 3;
  EXPECT_EQ(readable_event(sighting).match.begin, 2u);
}

}  // namespace
}  // namespace spoor
