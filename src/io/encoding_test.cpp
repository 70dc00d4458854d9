#include "io/encoding.h"

#include <gtest/gtest.h>

#include "io/test_support.h"

namespace spoor {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

struct DetectCase {
  const char* name;
  std::string head;
  TextEncoding expected;
};

TEST(Encoding, detects) {
  std::string random;
  unsigned state = 1;
  for (int i = 0; i < 70'000; ++i) {
    state = state * 1664525 + 1013904223;
    random += static_cast<char>(state >> 24);
  }
  std::string counters;  // little-endian 32-bit numbers: high bytes zero, low bytes anything
  for (int i = 0; i < 2000; ++i) {
    counters += static_cast<char>(i);
    counters += static_cast<char>(i >> 8);
    counters += "\0\0"s;
  }
  std::string samples;  // quiet 16-bit samples: high bytes zero, low bytes not printable
  for (int i = 0; i < 2000; ++i) {
    samples += static_cast<char>(i % 31 + 1);
    samples += '\0';
  }
  std::string cyrillic;
  for (int i = 0; i < 40; ++i) cyrillic += utf16("user=") + "\x18\x04\x32\x04\x30\x04\x3d\x04"s;
  const DetectCase cases[] = {
      {"nothing", "", TextEncoding::kBytes},
      {"plain ascii", "Nov 24 host sshd: hello\n", TextEncoding::kBytes},
      {"little-endian mark", "\xFF\xFE" + utf16("a"), TextEncoding::kUtf16le},
      {"big-endian mark", "\xFE\xFF" + utf16("a", true), TextEncoding::kUtf16be},
      {"the mark alone", "\xFF\xFE", TextEncoding::kUtf16le},
      {"mark of utf-32", "\xFF\xFE\0\0a\0\0\0"s, TextEncoding::kBytes},
      {"mark of utf-8", "\xEF\xBB\xBFtext", TextEncoding::kBytes},
      {"24 bytes without mark", utf16("evil.example"), TextEncoding::kUtf16le},
      {"24 bytes, big-endian", utf16("evil.example", true), TextEncoding::kUtf16be},
      {"ascii round a little utf-16", "blob: " + utf16("lure.test", true) + "\0 end"s,
       TextEncoding::kBytes},
      {"odd count", utf16("evil.example") + "x", TextEncoding::kUtf16le},
      {"half cyrillic", cyrillic, TextEncoding::kUtf16le},
      {"three units are too few", utf16("abc"), TextEncoding::kBytes},
      {"zeros", std::string(4096, '\0'), TextEncoding::kBytes},
      {"zeros after text", "hello world\n" + std::string(4096, '\0'), TextEncoding::kBytes},
      {"random bytes", random, TextEncoding::kBytes},
      {"32-bit numbers", counters, TextEncoding::kBytes},
      {"16-bit samples", samples, TextEncoding::kBytes},
      {"a binary that holds utf-16", random.substr(0, 64) + utf16("evil.example"),
       TextEncoding::kBytes},
      {"zero-separated words", "PATH=/bin\0HOME=/root\0USER=root\0"s, TextEncoding::kBytes},
  };
  for (const DetectCase& each : cases) {
    EXPECT_EQ(detect_encoding(each.head), each.expected) << each.name;
  }
}

TEST(Encoding, finds_line_ends_of_whole_units_only) {
  const std::string le = "\x0a\x0a"s + utf16("a\nb");  // U+0A0A is no line end
  EXPECT_EQ(next_line_end(le, 0, le.size(), TextEncoding::kUtf16le), 6u);
  EXPECT_EQ(last_line_end(le, 0, le.size(), TextEncoding::kUtf16le), 6u);
  EXPECT_EQ(next_line_end(le, 0, 5, TextEncoding::kUtf16le), std::string::npos);
  EXPECT_EQ(count_line_ends(le, TextEncoding::kUtf16le), 1u);
  // Bytes 0A 00 that stand across two units: U+0A61 U+6200.
  const std::string crossed = "\x61\x0a\x00\x62"s;
  EXPECT_EQ(next_line_end(crossed, 0, 4, TextEncoding::kUtf16le), std::string::npos);
  const std::string be = utf16("a\nb\n", true);
  EXPECT_EQ(next_line_end(be, 0, be.size(), TextEncoding::kUtf16be), 4u);
  EXPECT_EQ(last_line_end(be, 0, be.size(), TextEncoding::kUtf16be), 8u);
  EXPECT_EQ(last_line_end(be, 0, 7, TextEncoding::kUtf16be), 4u);
  EXPECT_EQ(next_line_end("a\nb", 2, 3, TextEncoding::kBytes), std::string::npos);
  EXPECT_EQ(last_line_end("a\nb", 0, 3, TextEncoding::kBytes), 2u);
  EXPECT_EQ(last_line_end("a\nb", 2, 3, TextEncoding::kBytes), std::string::npos);
}

TEST(Encoding, counts_line_ends_as_a_plain_loop_does) {
  std::string text;
  unsigned state = 1;
  for (int i = 0; i < 4000; ++i) {
    state = state * 1664525 + 1013904223;
    // Neighbours of the line end in value, and bytes with the high bit, are what a trick gets
    // wrong.
    text += "\n\x0b\x09\x8a\x0a\x00\xff\x8b"[state >> 29];
  }
  for (std::size_t begin = 0; begin < 20; ++begin) {
    for (std::size_t size = 0; size < 60; ++size) {
      const std::string part = text.substr(begin * 97, size);
      std::size_t expected = 0;
      for (char c : part) expected += c == '\n' ? 1 : 0;
      ASSERT_EQ(count_line_ends(part, TextEncoding::kBytes), expected);
    }
  }
}

TEST(Encoding, removes_line_ends) {
  EXPECT_EQ(without_line_end("a\r\n", TextEncoding::kBytes), "a");
  EXPECT_EQ(without_line_end("a\n", TextEncoding::kBytes), "a");
  EXPECT_EQ(without_line_end("a\r", TextEncoding::kBytes), "a\r");
  EXPECT_EQ(without_line_end("a\n\n", TextEncoding::kBytes), "a\n");
  EXPECT_EQ(without_line_end(utf16("a\r\n"), TextEncoding::kUtf16le), utf16("a"));
}

TEST(Encoding, turns_utf16_into_utf8) {
  EXPECT_EQ(to_utf8(utf16("evil"), TextEncoding::kUtf16le), "evil");
  EXPECT_EQ(to_utf8("\x3d\xd8\x00\xde"sv, TextEncoding::kUtf16le), "\xF0\x9F\x98\x80");
  EXPECT_EQ(to_utf8("\xd8\x3d\x00\x61"sv, TextEncoding::kUtf16be),
            "\xEF\xBF\xBD"
            "a");
  EXPECT_EQ(to_utf8("\x61\x00\x62"sv, TextEncoding::kUtf16le), "a\xEF\xBF\xBD");
  EXPECT_EQ(to_utf8("a\xFF", TextEncoding::kBytes), "a\xFF");
}

}  // namespace
}  // namespace spoor
