// The fast matcher gives the hits of the reference on all texts of a kind: every border byte on
// either side of a value, every place of a block and every cut at the text's end, all short
// strings over small alphabets.
//
// SPOOR_LENGTH  of the strings over small alphabets, default 4 (6 or 7 once)

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "match/fast_test_support.h"

namespace spoor {
namespace {

using std::string_literals::operator""s;
using std::string_view_literals::operator""sv;
using T = IndicatorType;

// --- borders and places -------------------------------------------------------------------

TEST_F(FastMatcher, keeps_every_border_byte_on_either_side) {
  const std::vector<Observable> samples = sample_indicators();
  Pair pair(samples);
  Differences differences;
  const auto check = [&](const std::string& text) {
    if (!differences.enough() && !pair.agree(text, TextEncoding::kBytes, {}))
      differences.add(report(samples, text));
  };
  for (const Observable& sample : samples) {
    const std::string value = plain_text(sample);
    for (int byte = 0; byte < 256; ++byte) {
      const std::string border(1, static_cast<char>(byte));
      check(border + value);
      check(value + border);
      check("k" + border + value + border + "k");
      check("1 " + border + value + border + " 1");
    }
    // Letters, dots and blanks of more than one byte.
    for (const std::string_view border : {"\u00E9"sv, "\u65E5"sv, "\u3002"sv, "\uFF0E"sv,
                                          "\u00A0"sv, "\U0001F600"sv, "\u0301"sv, "\uFEFF"sv}) {
      check(std::string(border) + value);
      check(value + std::string(border));
    }
  }
}

/// The ways in which a value at some place of a block can be written.
std::vector<std::string> written(const std::string& value) {
  std::string percent, json, html, hex, soft;
  char piece[16];
  for (std::size_t i = 0; i < value.size(); ++i) {
    const unsigned byte = static_cast<unsigned char>(value[i]);
    const bool dot = !is_alnum(value[i]);
    std::snprintf(piece, sizeof piece, dot ? "%%%02x" : "%c", byte);
    percent += piece;
    std::snprintf(piece, sizeof piece, dot && byte < 0x80 ? "\\u%04x" : "%c", byte);
    json += piece;
    std::snprintf(piece, sizeof piece, dot && byte < 0x80 ? "&#%u;" : "%c", byte);
    html += piece;
    std::snprintf(piece, sizeof piece, dot ? "\\x%02x" : "%c", byte);
    hex += piece;
    soft += value[i];
    if (i == value.size() / 2) soft += "=\n";
  }
  std::string wide;
  for (const char c : value) (wide += c) += '\0';
  std::string defanged;
  for (const char c : value) defanged += c == '.' ? "[.]" : std::string(1, c);
  return {value, percent, "\"" + json + "\"", html, hex, soft, wide, defanged};
}

TEST_F(FastMatcher, keeps_every_place_of_a_block_and_every_cut_at_the_end) {
  const std::vector<Observable> samples = sample_indicators();
  Pair pair(samples);
  Differences differences;
  const auto check = [&](const std::string& line) {
    if (!differences.enough() && !pair.agree(line, TextEncoding::kBytes, {}))
      differences.add(report(samples, line));
  };
  for (const Observable& sample : samples) {
    const std::vector<std::string> forms = written(plain_text(sample));
    for (std::size_t form = 0; form < forms.size(); ++form) {
      // The value itself at each place of a block of 64 and more; the other forms, whose
      // decoders know no blocks, at some.
      for (std::size_t at = form; at <= 130; at += form > 0 ? 13 : at < 66 ? 1 : 7) {
        std::string line(at, 'a');
        if (at > 0) line.back() = ' ';
        line += forms[form];
        check(line);
        if (at % 3 == 0) check(std::string(at, ' ') + forms[form]);
        line.pop_back();
        if (at % 3 == 1) check(line);
      }
    }
  }
}

// --- small alphabets ----------------------------------------------------------------------

struct Alphabet {
  const char* name;
  std::vector<std::string> pieces;  ///< most are one byte
  std::vector<Observable> indicators;
  bool own_text = false;  ///< a string is a whole text and no line of one
};

std::vector<Alphabet> alphabets() {
  const std::vector<Observable> names = {
      {T::kDomain, "a.a"},       {T::kHostname, "a.1"}, {T::kDomain, "1-a.a"},
      {T::kIpv4, "1.1.1.1"},     {T::kEmail, "a@a.a"},  {T::kUrl, "http://a.a/"},
      {T::kUrl, "http://a.a/a"}, {T::kFileName, "a.a"}, {T::kFileName, "a"},
      {T::kDomain, "a"},         {T::kFilePath, "/a"},  {T::kUri, "/a"}};
  const std::vector<Observable> addresses = {
      {T::kIpv4, "1.1.1.1"},      {T::kIpv6, "1::1"},   {T::kIpv6, "::1"},
      {T::kCidr, "1.1.1.0/24"},   {T::kCidr, "1::/16"}, {T::kIpv4Port, "1.1.1.1:1"},
      {T::kIpv6Port, "[1::1]:1"}, {T::kIpv6, "::"},     {T::kCidr, "1.0.0.0/11"},
      {T::kIpv6, "::101:101"}};
  const std::vector<Observable> words = {{T::kMutex, "a"},       {T::kNamedPipe, "n"},
                                         {T::kFileName, "n.a"},  {T::kFileName, "a\"n"},
                                         {T::kDomain, "n.a"},    {T::kUserAgent, "a"},
                                         {T::kUserAgent, "\\n"}, {T::kFilePath, "\\a"},
                                         {T::kFilePath, "a\\n"}, {T::kMutex, "\\n"}};
  return {
      {"names", {"a", ".", "-", "1", "@", ":", "/"}, names},
      {"addresses", {"1", ".", ":", "/", "v", "[", "1.1.1."}, addresses},
      {"strings", {"\\", "\"", "n", "a", "."}, words},
      {"percent",
       {"%", "2", "e", "a", ".", "%2e", "%25"},
       {{T::kDomain, "a.a"}, {T::kFileName, "a.a"}, {T::kDomain, "e.a"}, {T::kFileName, "2"}}},
      {"percent in strings",
       {"%2e", "%20", "%22", "%61", "a", " ", "\"", "'", "b"},
       {{T::kDomain, "a.a"},
        {T::kUserAgent, "a b"},
        {T::kUserAgent, "b a a"},
        {T::kFileName, "a b"},
        {T::kMutex, "b"},
        {T::kFilePath, "a a"}}},
      {"percent before others",
       {"%3D", "%28", "(0)", "%5C", "%26", "%2561", " ", "a", "(1)", "=2E", "%2E"},
       {{T::kDomain, "a.a"}, {T::kDomain, "a"}, {T::kFileName, "a.a"}, {T::kFileName, "(1)"}}},
      {"quoted printable",
       {"=", "3", "D", "\n", "a", ".", "=2E"},
       {{T::kDomain, "a.a"}, {T::kFileName, "a=a"}, {T::kFileName, "a"}, {T::kDomain, "a.d"}},
       true},
      {"references",
       {"&", "#", ";", "4", "6", "a", "."},
       {{T::kDomain, "a.a"}, {T::kFileName, "a.a"}, {T::kDomain, "4.a"}, {T::kFileName, "&"}}},
      {"brackets",
       {"(", ")", "0", "1", "a", "[.]", "(0)", "(1)"},
       {{T::kDomain, "a.a"}, {T::kDomain, "a"}, {T::kFileName, "a"}, {T::kFileName, "(1)"}}},
      {"escapes",
       {"\\", "x", "u", "61", "002e", "2e", "a", "."},
       {{T::kDomain, "a.a"}, {T::kFileName, "a"}, {T::kFilePath, "\\x"}, {T::kMutex, "a.a"}}},
      {"schemes",
       {"h", "://", "/", "[:]", "hxxp", "a.a", "?", "@"},
       {{T::kUrl, "h://a.a/"},
        {T::kUrl, "http://a.a/"},
        {T::kUrl, "http://a.a/h"},
        {T::kUri, "/h"},
        {T::kDomain, "a.a"},
        {T::kUrl, "h://h/"}}},
      {"wide",
       {std::string(1, '\0'), "a", ".", "a\0"s, "\0a"s, ".\0"s, "\0."s},
       {{T::kDomain, "a.a"}, {T::kFileName, "a.a"}, {T::kMutex, "a"}},
       true},
      {"places",
       {"c", ":", "\\", "/", "a", " ", "\"", "%", "."},
       {{T::kFilePath, "c:\\a"},
        {T::kFilePath, "/a"},
        {T::kFileName, "a"},
        {T::kFileName, "a a"},
        {T::kFilePath, "\\\\a\\a"},
        {T::kFilePath, "%a%\\c"},
        {T::kFilePath, "?:\\c"},
        {T::kNamedPipe, "c"}}},
  };
}

TEST_F(FastMatcher, keeps_every_short_string_over_small_alphabets) {
  const std::size_t longest = setting("SPOOR_LENGTH", 4);
  constexpr std::size_t kBatch = 512;
  for (const Alphabet& alphabet : alphabets()) {
    Pair pair(alphabet.indicators);
    Differences differences(3);
    std::vector<std::string> batch;
    const auto check = [&](const std::string& text) {
      if (!pair.agree(text, TextEncoding::kBytes, {}))
        differences.add(std::string(alphabet.name) + report(alphabet.indicators, text));
    };
    const auto flush = [&] {
      std::string text;
      for (const std::string& line : batch) text += line + "\n";
      if (!pair.agree(text, TextEncoding::kBytes, {})) check(text);
      batch.clear();
    };
    std::vector<std::size_t> digits;
    while (digits.size() <= longest && !differences.enough()) {
      std::string text;
      for (const std::size_t digit : digits) text += alphabet.pieces[digit];
      // As a line, and to length 3 as a whole text too, at its guard page.
      if (alphabet.own_text || digits.size() <= 3) check(text);
      if (!alphabet.own_text) {
        batch.push_back(std::move(text));
        if (batch.size() == kBatch) flush();
      }
      std::size_t i = 0;
      while (i < digits.size() && ++digits[i] == alphabet.pieces.size()) digits[i++] = 0;
      if (i == digits.size()) digits.push_back(0);
    }
    flush();
  }
}

}  // namespace
}  // namespace spoor
