// Lists of MISP's form, good and damaged.

#include "noise/misp_list.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

std::string error_of(std::string_view text) {
  const auto list = parse_misp_list(text, nullptr);
  return list ? std::string("none") : list.error().message;
}

TEST(MispList, reads_what_the_repository_has) {
  std::uint64_t left_out = 9;
  const auto list = parse_misp_list(
      R"({"name":"Resolvers","description":"d","version":20261101,"type":"cidr",
          "matching_attributes":["ip-src","ip-dst",7],"category":"False positive",
          "list":["192.0.2.1", " 192.0.2.0/24 ", 5, "", "a\nb"]})",
      &left_out);
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_EQ(list->name, "Resolvers");
  EXPECT_EQ(list->version, "20261101");
  EXPECT_EQ(list->kind, ListKind::kCidr);
  EXPECT_EQ(list->verdict, Verdict::kSuppressed);
  EXPECT_EQ(list->attributes, (std::vector<std::string>{"ip-src", "ip-dst"}));
  EXPECT_EQ(list->entries, (std::vector<std::string>{"192.0.2.1", "192.0.2.0/24"}));
  EXPECT_EQ(left_out, 3u);
}

TEST(MispList, says_what_was_found_and_expected) {
  EXPECT_EQ(error_of(""), "found no JSON object, expected one MISP warninglist");
  EXPECT_EQ(error_of("[1]"), "found no JSON object, expected one MISP warninglist");
  EXPECT_EQ(error_of(R"({"name":"x"})"), "found no member 'list', expected an array of values");
  EXPECT_EQ(error_of(R"({"list":[]})"), "found no member 'name', expected the list's name");
  EXPECT_EQ(error_of(R"({"name":"x","type":"fuzzy","list":[]})"),
            "type: found 'fuzzy', expected string, substring, hostname, cidr or regex");
  EXPECT_NE(error_of(R"({"name":"x","type":"string","list":["a")"), "none");
}

TEST(MispList, deep_nesting_is_an_error_or_nothing) {
  std::string text(200'000, '[');
  EXPECT_NE(error_of(text), "none");
  text = R"({"name":"x","type":"string","list":[)" + text;
  EXPECT_NE(error_of(text), "none");
}

TEST(MispList, what_is_known_is_not_harmless) {
  struct Case {
    const char *name, *category;
    Verdict verdict;
  };
  for (const Case& each :
       {Case{"Top 1000", "", Verdict::kSuppressed},
        {"List of known sinkholes", "", Verdict::kShown},
        {"X", "Known identifier", Verdict::kShown},
        {"Second level TLDs as known by Mozilla Foundation", "", Verdict::kWeak},
        {"TLDs as known by IANA", "", Verdict::kWeak},
        {"List of Tor exit nodes", "False positive", Verdict::kShown}})
    EXPECT_EQ(list_verdict(each.name, each.category).verdict, each.verdict) << each.name;
}

}  // namespace
}  // namespace spoor
