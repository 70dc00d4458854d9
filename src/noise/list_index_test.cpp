// The index against a slow twin, entry by entry; what each kind of list covers; what is
// refused.

#include "noise/list_index.h"

#include <gtest/gtest.h>

#include <random>

#include "base/ascii.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "noise/substrings.h"
#include "noise/value_table.h"

namespace spoor {
namespace {

using T = IndicatorType;

WarningList list(ListKind kind, std::vector<std::string> entries,
                 std::vector<std::string> attributes = {},
                 Verdict verdict = Verdict::kSuppressed) {
  WarningList made;
  made.name = "list";
  made.kind = kind;
  made.entries = std::move(entries);
  made.attributes = std::move(attributes);
  made.verdict = verdict;
  return made;
}

/// "suppressed entry", or "" for no match.
std::string asked(const std::vector<WarningList>& lists, T type, const std::string& value) {
  Tally refused;
  const auto index = ListIndex::build(lists, refused);
  const auto match = index->find({type, value});
  return match ? std::string(name_of(match->verdict)) + " " + match->entry : std::string();
}

TEST(ListIndex, kinds_cover_what_they_say) {
  struct Case {
    const char* name;
    ListKind kind;
    const char* entry;
    T type;
    const char* value;
    const char* expected;
  };
  const Case cases[] = {
      {"string_is_whole", ListKind::kString, "Evil.Example", T::kDomain, "evil.example",
       "suppressed evil.example"},
      {"string_is_not_below", ListKind::kString, "evil.example", T::kHostname,
       "www.evil.example", ""},
      {"dotted_string_is_below", ListKind::kString, ".corp.example", T::kHostname,
       "a.b.corp.example", "suppressed corp.example"},
      {"dotted_string_is_itself", ListKind::kString, ".corp.example", T::kDomain,
       "corp.example", "suppressed corp.example"},
      {"string_knows_spellings_of_ipv6", ListKind::kString, "2001:DB8:0:0:0:0:0:1", T::kIpv6,
       "2001:db8::1", "suppressed 2001:db8::1"},
      {"hostname_is_below", ListKind::kHostname, "corp.example", T::kHostname,
       "www.corp.example", "suppressed corp.example"},
      {"hostname_ends_at_labels", ListKind::kHostname, "corp.example", T::kDomain,
       "notcorp.example", ""},
      {"hostname_stops_at_a_shared_host", ListKind::kHostname, "google.com", T::kHostname,
       "docs.google.com", ""},
      {"hostname_stops_at_a_private_suffix", ListKind::kHostname, "blogspot.com", T::kDomain,
       "evil.blogspot.com", ""},
      {"a_shared_host_named_itself_is_meant", ListKind::kHostname, "docs.google.com",
       T::kHostname, "docs.google.com", "suppressed docs.google.com"},
      {"a_suffix_does_not_cover_its_names", ListKind::kHostname, "com", T::kDomain, "evil.com",
       ""},
      {"storage_is_not_its_providers_name", ListKind::kHostname, "amazonaws.com", T::kDomain,
       "s3.us-east-1.amazonaws.com", ""},
      {"cidr_holds_an_address", ListKind::kCidr, "198.51.100.0/24", T::kIpv4, "198.51.100.7",
       "suppressed 198.51.100.0/24"},
      {"cidr_ends", ListKind::kCidr, "198.51.100.0/24", T::kIpv4, "198.51.101.0", ""},
      {"cidr_of_one", ListKind::kCidr, "198.51.100.7", T::kIpv4, "198.51.100.7",
       "suppressed 198.51.100.7"},
      {"cidr_masks_host_bits", ListKind::kCidr, "198.51.100.9/24", T::kIpv4, "198.51.100.7",
       "suppressed 198.51.100.0/24"},
      {"cidr_holds_a_network", ListKind::kCidr, "198.51.0.0/16", T::kCidr, "198.51.100.0/24",
       "suppressed 198.51.0.0/16"},
      {"cidr_does_not_hold_a_wider_network", ListKind::kCidr, "198.51.100.0/24", T::kCidr,
       "198.51.0.0/16", ""},
      {"cidr_of_ipv6", ListKind::kCidr, "FE80::/10", T::kIpv6, "fe80::1",
       "suppressed fe80::/10"},
      {"cidr_of_an_endpoint", ListKind::kCidr, "198.51.100.0/24", T::kIpv4Port,
       "198.51.100.7:443", "suppressed 198.51.100.0/24"},
      {"substring_anywhere", ListKind::kSubstring, "sandbox", T::kHostname,
       "my-Sandbox.example", "suppressed sandbox"},
      {"regex_with_delimiters", ListKind::kRegex, "/^[a-z]+\\.test\\.example$/i", T::kDomain,
       "abc.test.example", "suppressed /^[a-z]+\\.test\\.example$/i"},
      {"regex_without", ListKind::kRegex, "^x[0-9]{3}\\.example$", T::kDomain, "x123.example",
       "suppressed ^x[0-9]{3}\\.example$"},
      {"regex_that_does_not_match", ListKind::kRegex, "/^y/", T::kDomain, "x.example", ""},
      {"url_root_is_its_host", ListKind::kHostname, "corp.example", T::kUrl,
       "http://www.corp.example/", "suppressed corp.example"},
      {"url_with_path_is_noted", ListKind::kHostname, "corp.example", T::kUrl,
       "http://www.corp.example/gate.php", "shown corp.example"},
      {"url_with_query_is_noted", ListKind::kString, "corp.example", T::kUrl,
       "http://corp.example/?q=1", "shown corp.example"},
      {"url_on_a_shared_host_says_more", ListKind::kHostname, "docs.google.com", T::kUrl,
       "https://docs.google.com/forms/d/x", ""},
      {"regex_of_a_whole_url", ListKind::kRegex, "/^https?:..corp.example.news.$/", T::kUrl,
       "http://corp.example/news/", "suppressed /^https?:..corp.example.news.$/"},
      {"url_itself_is_listed", ListKind::kString, "http://corp.example/a", T::kUrl,
       "http://corp.example/a", "suppressed http://corp.example/a"},
      {"substring_of_a_url_is_of_its_host", ListKind::kSubstring, "sandbox", T::kUrl,
       "http://evil.example/?x=sandbox", ""},
      {"digest", ListKind::kString, "D41D8CD98F00B204E9800998ECF8427E", T::kMd5,
       "d41d8cd98f00b204e9800998ecf8427e", "suppressed d41d8cd98f00b204e9800998ecf8427e"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(asked({list(each.kind, {each.entry})}, each.type, each.value), each.expected)
        << each.name;
}

TEST(ListIndex, honours_matching_attributes) {
  const std::string value = "198.51.100.7";
  EXPECT_NE(asked({list(ListKind::kCidr, {value}, {"ip-dst"})}, T::kIpv4, value), "");
  EXPECT_EQ(asked({list(ListKind::kCidr, {value}, {"domain"})}, T::kIpv4, value), "");
  EXPECT_EQ(asked({list(ListKind::kCidr, {value}, {"no such word"})}, T::kIpv4, value), "");
  EXPECT_EQ(asked({list(ListKind::kHostname, {"corp.example"}, {"domain"})}, T::kUrl,
                  "http://corp.example/"),
            "")
      << "a list that does not say url";
  EXPECT_NE(asked({list(ListKind::kString, {"corp.example"}, {"domain"})}, T::kHostname,
                  "corp.example"),
            "")
      << "domain and hostname are one";
}

TEST(ListIndex, the_verdict_that_hides_most_wins_and_then_the_first_list) {
  const auto weak = list(ListKind::kString, {"a.example"}, {}, Verdict::kWeak);
  const auto noted = list(ListKind::kHostname, {"a.example"}, {}, Verdict::kShown);
  const auto hidden = list(ListKind::kSubstring, {"a.example"});
  Tally refused;
  const auto index = ListIndex::build({noted, weak, hidden, hidden}, refused);
  const auto match = index->find({T::kDomain, "a.example"});
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->list, 2u);
  EXPECT_EQ(match->verdict, Verdict::kSuppressed);
  EXPECT_EQ(asked({noted}, T::kDomain, "a.example"), "shown a.example");
}

TEST(ListIndex, refuses_what_would_cover_nearly_everything) {
  Tally refused;
  const auto index = ListIndex::build(
      {list(ListKind::kCidr, {"0.0.0.0/0", "::/0", "128.0.0.0/1", "no address"}),
       list(ListKind::kSubstring, {"com", "."}),
       list(ListKind::kRegex,
            {"/.*/", "/(a/", "/a*/", "(?P<n", "/a{1000}{1000}{1000}/", "/x", "/ok-[0-9]+/"}),
       list(ListKind::kHostname, {"...", "a b"})},
      refused);
  EXPECT_EQ(refused.total(), 14u);
  EXPECT_FALSE(index->find({T::kIpv4, "198.51.100.7"}));
  EXPECT_FALSE(index->find({T::kDomain, "a.com"}));
  EXPECT_TRUE(index->find({T::kDomain, "ok-1.example"}));
}

TEST(ListIndex, expressions_that_are_too_much_together_are_asked_one_by_one) {
  std::vector<std::string> many;
  for (int i = 0; i < 40; ++i)
    many.push_back("/^[a-z0-9.-]{1," + std::to_string(100 + i) + "}q" + std::to_string(i) +
                   "[^.]{3,90}\\.example$/");
  EXPECT_EQ(asked({list(ListKind::kRegex, many)}, T::kDomain, "zzq7abcdef.example"),
            "suppressed " + many[7]);
}

// The slow twin: entries one after the other, by definition.
bool naive(const WarningList& each, const Observable& observable) {
  for (const std::string& entry : each.entries) {
    const std::string text = lower(entry);
    if (each.kind == ListKind::kString && text == observable.value) return true;
    if (each.kind == ListKind::kSubstring && text.size() >= 4 &&
        observable.value.find(text) != std::string::npos)
      return true;
    if (each.kind == ListKind::kHostname) {
      for (std::string_view rest = observable.value;;) {
        const bool strangers = is_public_suffix(rest) || is_shared_host(rest);
        if (strangers && rest != observable.value) break;
        if (rest == text) return true;
        const std::size_t dot = rest.find('.');
        if (strangers || dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
      }
    }
    if (each.kind == ListKind::kCidr) {
      const auto outer = parse_network(text, nullptr);
      const auto address = parse_ipv4(observable.value);
      if (!outer || !address) continue;
      std::uint32_t base = 0;
      for (std::size_t i = 0; i < 4; ++i) base = base << 8 | outer->base[i];
      if (outer->prefix >= 4 && (base ^ *address) >> (32 - outer->prefix) == 0) return true;
    }
  }
  return false;
}

TEST(ListIndex, agrees_with_the_slow_twin) {
  std::mt19937 random(20261126);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const char* const labels[] = {"a", "b", "www", "docs", "google", "blogspot", "s3", "corp"};
  const char* const ends[] = {"com", "example", "co.uk", "github.com", "github.io"};
  const auto name = [&] {
    std::string text;
    for (unsigned n = 1 + below(3); n > 0; --n) text += std::string(labels[below(8)]) + ".";
    return text + ends[below(5)];
  };
  const auto address = [&] {
    return "198." + std::to_string(48 + below(8)) + "." + std::to_string(below(4)) + "." +
           std::to_string(below(8));
  };
  std::size_t matched = 0;
  for (int round = 0; round < 400; ++round) {
    WarningList made;
    made.kind = static_cast<ListKind>(below(4));
    for (unsigned n = 1 + below(12); n > 0; --n) {
      if (made.kind == ListKind::kCidr) {
        made.entries.push_back(address() + "/" + std::to_string(4 + below(29)));
      } else if (made.kind == ListKind::kSubstring) {
        const std::string text = name();
        made.entries.push_back(text.substr(below(static_cast<unsigned>(text.size()))));
      } else {
        made.entries.push_back(name());
      }
    }
    Tally refused;
    const auto index = ListIndex::build({made}, refused);
    for (int i = 0; i < 50; ++i) {
      const Observable observable = made.kind == ListKind::kCidr
                                        ? Observable{T::kIpv4, address()}
                                        : Observable{T::kDomain, name()};
      const bool expected = naive(made, observable);
      matched += expected;
      ASSERT_EQ(index->find(observable).has_value(), expected)
          << observable.value << " on a list of kind " << name_of(made.kind) << " with "
          << made.entries[0];
    }
  }
  EXPECT_GT(matched, 500u) << "the cases must say something";
}

TEST(Substrings, agree_with_find) {
  std::mt19937 random(7);
  const auto word = [&](unsigned most) {
    std::string text;
    for (unsigned n = 1 + random() % most; n > 0; --n)
      text += static_cast<char>('a' + random() % 2);
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    Substrings all;
    std::vector<std::string> words;
    for (unsigned n = random() % 12; n > 0; --n) words.push_back(word(5));
    for (std::uint32_t i = 0; i < words.size(); ++i) all.add(words[i], i);
    all.freeze();
    const std::string text = word(20);
    std::vector<std::uint32_t> ids;
    all.find(text, ids);
    for (std::uint32_t i = 0; i < words.size(); ++i) {
      EXPECT_EQ(std::find(ids.begin(), ids.end(), i) != ids.end(),
                text.find(words[i]) != std::string::npos)
          << words[i] << " in " << text;
    }
  }
}

TEST(ValueTable, finds_all_owners_in_order_and_nothing_else) {
  ValueTable table;
  for (std::uint32_t i = 0; i < 5000; ++i) table.add("value " + std::to_string(i % 1000), i);
  table.freeze();
  for (std::uint32_t i = 0; i < 1000; ++i) {
    std::vector<std::uint32_t> owners;
    table.for_each("value " + std::to_string(i),
                   [&](std::uint32_t owner) { owners.push_back(owner); });
    EXPECT_EQ(owners, (std::vector<std::uint32_t>{i, i + 1000, i + 2000, i + 3000, i + 4000}));
  }
  table.for_each("value 1000", [](std::uint32_t) { FAIL(); });
  ValueTable none;
  none.freeze();
  none.for_each("", [](std::uint32_t) { FAIL(); });
}

}  // namespace
}  // namespace spoor
