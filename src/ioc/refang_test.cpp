#include "ioc/refang.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

using T = IndicatorType;

TEST(Refang, undoes_every_form) {
  const struct {
    const char *name, *text, *plain;
  } cases[] = {
      {"plain_stays", "http://evil.example/a(1).php", "http://evil.example/a(1).php"},
      {"square_dot", "evil[.]example", "evil.example"},
      {"round_and_curly_dot", "a(.)evil{.}example", "a.evil.example"},
      {"spelled_dot", "evil[DOT]example", "evil.example"},
      {"backslash_dot", "evil\\.example", "evil.example"},
      {"hxxp", "hXXps://evil[.]example/x", "https://evil.example/x"},
      {"meow", "meow://evil.example/x", "http://evil.example/x"},
      {"at_signs", "bob[at]evil[.]example", "bob@evil.example"},
      {"bracketed_scheme", "[https]://evil[.]example/x", "https://evil.example/x"},
      {"bracketed_separator", "http[://]evil.example/x", "http://evil.example/x"},
      {"bracketed_colon", "http[:]//evil.example/x", "http://evil.example/x"},
      {"ipv6", "2001[:]db8[:][:]5", "2001:db8::5"},
      {"ipv6_host_brackets_stay", "[2001[:]db8[:][:]5]:80", "[2001:db8::5]:80"},
      {"ipv6_url", "http://[2001:db8::5]:80/x", "http://[2001:db8::5]:80/x"},
      {"path_brackets_stay", "http://evil.example/?a[0]=b[.]c",
       "http://evil.example/?a[0]=b[.]c"},
      {"path_dot_of_a_person", "hxxp://evil[.]example/g[.]php", "http://evil.example/g.php"},
      {"path_behind_draft_form_stays", "[http]://evil[.]example/g[.]x",
       "http://evil.example/g[.]x"},
  };
  for (const auto& c : cases) {
    const auto out = refang(c.text);
    ASSERT_TRUE(out) << c.name << ": " << out.error().reason;
    EXPECT_EQ(out->text, c.plain) << c.name;
    EXPECT_EQ(out->changed, std::string(c.text) != c.plain) << c.name;
  }
}

TEST(Refang, refuses_what_needs_guessing) {
  for (const char* text :
       {"evil dot example", "evil[.example", "evil.]example", "evil[x]example", "[2001:db8::5",
        "http://[evil.example]/", "evil(.]example"}) {
    const auto out = refang(text);
    ASSERT_FALSE(out) << text;
    EXPECT_EQ(out.error().rule, "X3") << text;
  }
}

TEST(Defang, writes_the_draft_form_and_comes_back) {
  const struct {
    T type;
    const char *value, *defanged;
  } cases[] = {
      {T::kIpv4, "192.0.2.5", "192[.]0[.]2[.]5"},
      {T::kIpv6, "2001:db8::5", "2001[:]db8[:][:]5"},
      {T::kIpv6Port, "[2001:db8::5]:80", "[2001[:]db8[:][:]5]:80"},
      {T::kCidr, "2001:db8::/32", "2001[:]db8[:][:]/32"},
      {T::kDomain, "evil.example", "evil[.]example"},
      {T::kEmail, "bob@evil.example", "bob[@]evil[.]example"},
      {T::kUrl, "http://evil.example/a.php?x=[.]", "[http]://evil[.]example/a.php?x=[.]"},
      {T::kUrl, "https://[2001:db8::5]/", "[https]://[2001[:]db8[:][:]5]/"},
      {T::kMutex, "a.b[c]", "a.b[c]"},
  };
  for (const auto& c : cases) {
    const std::string text = defang({c.type, c.value});
    EXPECT_EQ(text, c.defanged);
    if (c.type == T::kMutex) continue;
    const auto back = refang(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(back->text, c.value);
  }
}

}  // namespace
}  // namespace spoor
