// Decode views: what they read, what they leave alone, and that positions lead back to the
// source.

#include "match/views.h"

#include <gtest/gtest.h>

#include <random>

namespace spoor {
namespace {

std::string read(ViewKind kind, std::string_view text) {
  const auto view = decode(plain_view(text, 0, text.size()), kind);
  return view ? view->text : "none";
}

TEST(Views, decode_what_they_know) {
  using enum ViewKind;
  const struct {
    ViewKind kind;
    std::string_view text, expect;
  } kCases[] = {
      {kJson, R"({"a":"x\ny"})", "{\"a\":\"x\ny\"}"},
      {kJson, R"({"a":"\u00fc\ud83d\ude00"})", "{\"a\":\"\xC3\xBC\xF0\x9F\x98\x80\"}"},
      {kJson, R"({"p":"C:\\new"})", "{\"p\":\"C:\\new\"}"},
      {kJson, R"("C:\new")", "none"},
      {kJson, R"(x\ny)", "none"},
      {kJson, R"({"a":"cut\nshort)", "{\"a\":\"cut\nshort"},
      {kJson, R"({"a":"\q"})", "none"},
      {kPercent, "a%2Fb%zz%4", "a/b%zz%4"},
      {kPercent, "100%", "none"},
      {kQp, "a=3Db=20c", "a=b c"},
      {kQp, "a=\nb", "ab"},
      {kQp, "a=\r\nb", "ab"},
      {kQp, "id=20 name=x", "none"},
      {kQp, "?q=24h", "none"},
      {kHtml, "a&#46;b&#x2f;&amp;&period;", "a.b/&."},
      {kHtml, "a & b &nosuch; &#xFFFFFFFF;", "none"},
      {kEscape, R"(\x41\u0042)", "AB"},
      {kEscape, R"(\\x41)", "none"},
      {kDns, "q (3)www(2)ab(0) A", "q  www.ab  A"},
      {kDns, "f(x) (0)", "none"},
      {kDns, "(3)ww(0)", "none"},
      {kDefang, "hXXps://a[.]b(dot)c{.}d[dot]e", "https://a.b.c.d.e"},
      {kDefang, "[http]://a", "http://a"},
      {kDefang, "meow://a and meow", "http://a and meow"},
      {kDefang, "2001[:]db8[:][:]5 x[@]y z[at]w", "2001:db8::5 x@y z@w"},
      {kDefang, R"(a\.b)", "a.b"},
      {kDefang, R"(C:\a\.b)", "none"},
      {kDefang, "a [ . ] b", "none"},
  };
  for (const auto& c : kCases) EXPECT_EQ(read(c.kind, c.text), c.expect) << c.text;
}

TEST(Views, keep_their_way_back_on_random_bytes) {
  std::mt19937 random(7);
  constexpr std::string_view kAlphabet = "a\\\"ux0041%2F=3D\n&#46;()[.]h:/ \xC3\xBC";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (unsigned n = random() % 24; n > 0; --n) text += kAlphabet[random() % kAlphabet.size()];
    for (int kind = 0; kind <= static_cast<int>(ViewKind::kDefang); ++kind) {
      const auto view = decode(plain_view(text, 0, text.size()), static_cast<ViewKind>(kind));
      if (!view) continue;
      ASSERT_EQ(view->text.size(), view->begin.size());
      ASSERT_EQ(view->text.size(), view->end.size());
      for (std::size_t i = 0; i < view->text.size(); ++i) {
        ASSERT_LT(view->begin[i], view->end[i]);
        ASSERT_LE(view->end[i], text.size());
        if (i > 0) {
          ASSERT_GE(view->begin[i], view->begin[i - 1]);
        }
      }
    }
  }
}

TEST(Views, without_colours_leaves_the_lines_that_have_some) {
  EXPECT_FALSE(without_colours("plain [31m text\n").has_value());
  EXPECT_FALSE(without_colours("\x1B[ \x1B]0;title\x07 \x1B[31").has_value());
  const std::string text =
      "one\n\x1B[01;31m\x1B[Kevil\x1B[m.example\x1B[0m x\nthree\n\x1B[1mfour";
  const auto view = without_colours(text);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->text, "evil.example x\nfour");
  EXPECT_TRUE(view->chain.empty());
  ASSERT_EQ(view->begin.size(), view->text.size());
  for (std::size_t i = 0; i < view->text.size(); ++i) {
    EXPECT_EQ(text[view->begin[i]], view->text[i]);
    EXPECT_EQ(view->end[i], view->begin[i] + 1);
  }
}

TEST(Views, find_utf16_runs_of_either_order) {
  using namespace std::string_view_literals;
  // Zeros on both sides: how many tells the order.
  struct Row {
    std::string_view text;
    ViewKind kind;
    std::size_t begin;
  };
  const Row rows[] = {
      {"\1\2\0\0a\0b\0c\0d\0\0\0"sv, ViewKind::kUtf16le, 4},
      {"\1\2\0a\0b\0c\0d\0"sv, ViewKind::kUtf16le, 3},  // behind a text's end
      {"\0a\0b\0c\0d\0\0\0"sv, ViewKind::kUtf16le, 1},
      {"\1\2\0a\0b\0c\0d\0\0"sv, ViewKind::kUtf16be, 2},
      {"\1\2\0\0\0a\0b\0c\0d\0\0\3"sv, ViewKind::kUtf16be, 4},
      {"\0\0\0\0\0\0\0\0\0\0a\0b\0c\0d\0\7"sv, ViewKind::kUtf16le, 10},
  };
  for (const Row& row : rows) {
    const auto runs = find_utf16_runs(row.text);
    ASSERT_EQ(runs.size(), 1u) << row.begin;
    EXPECT_EQ(runs[0].kind, row.kind) << row.begin;
    EXPECT_EQ(runs[0].begin, row.begin);
    EXPECT_EQ(runs[0].end, row.begin + 8);
  }
  const auto le = find_utf16_runs("\1a\0b\0c\0d\0\1"sv);
  ASSERT_EQ(le.size(), 1u);
  EXPECT_EQ(le[0].kind, ViewKind::kUtf16le);
  EXPECT_EQ(le[0].begin, 1u);
  EXPECT_EQ(le[0].end, 9u);
  const auto be = find_utf16_runs("\1\0a\0b\0c\0d\1"sv);
  ASSERT_EQ(be.size(), 1u);
  EXPECT_EQ(be[0].kind, ViewKind::kUtf16be);
  EXPECT_TRUE(find_utf16_runs(std::string(1000, '\0')).empty());
  EXPECT_TRUE(find_utf16_runs("a\0b\0c\0"sv).empty());
}

}  // namespace
}  // namespace spoor
