#include "lookup/lookup.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/temporary_folder.h"
#include "match/case_generator.h"
#include "match/exact.h"

namespace spoor {
namespace {

using T = IndicatorType;

class Scene {
 public:
  Scene() {
    auto opened = Store::open(folder_ / "s.db", Store::Mode::kReadWrite);
    if (!opened) std::abort();
    store_ = std::move(*opened);
  }

  Claim claim(T type, const std::string& value) {
    Claim made;
    made.observable = {type, value};
    made.raw = value;
    return made;
  }
  void add(const std::vector<Claim>& claims, const std::string& feed = "list") {
    auto session = store_->begin_ingest(feed, "file", Quarantine::kApply);
    ASSERT_TRUE(session);
    ASSERT_TRUE((*session)->add_claims(claims));
    ASSERT_TRUE((*session)->commit());
  }
  void add(const Pulse& pulse, const std::vector<Claim>& claims) {
    auto session = store_->begin_ingest("otx", "otx", Quarantine::kApply);
    ASSERT_TRUE(session);
    ASSERT_TRUE((*session)->add_pulse(pulse, claims));
    ASSERT_TRUE((*session)->commit());
  }
  LookupAnswer ask(std::string_view value, std::optional<T> type = std::nullopt) {
    LookupOptions options;
    options.now = time_from_micros(1'000'000);
    auto lookup = Lookup::open(*store_, options);
    EXPECT_TRUE(lookup);
    auto answer = (*lookup)->look_up(value, type);
    EXPECT_TRUE(answer) << answer.error().message;
    return std::move(*answer);
  }
  Store& store() { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

/// "itself exact D3 domain evil.example" a known indicator, in order.
std::vector<std::string> known_of(const LookupAnswer& answer) {
  std::vector<std::string> lines;
  for (const KnownIndicator& known : answer.known) {
    lines.push_back(std::string(name_of(known.relation)) + " " +
                    std::string(name_of(known.grade)) + " " + known.rule + " " +
                    std::string(name_of(known.observable.type)) + " " + known.observable.value);
  }
  return lines;
}
using Lines = std::vector<std::string>;

TEST(Lookup, names_are_covered_by_domains_above_them_only) {
  Scene scene;
  scene.add({scene.claim(T::kDomain, "evil.example"),
             scene.claim(T::kHostname, "b.evil.example"),
             scene.claim(T::kDomain, "a.b.evil.example")});
  EXPECT_EQ(known_of(scene.ask("A.b.evil[.]example.")),
            (Lines{"itself exact D3 domain a.b.evil.example",
                   "covers contains D3 domain evil.example"}));
  EXPECT_EQ(known_of(scene.ask("x.b.evil.example")),
            (Lines{"covers contains D3 domain evil.example"}))
      << "a hostname covers nothing below it";
  EXPECT_EQ(scene.ask("example").verdict, LookupVerdict::kRefused);
  EXPECT_EQ(scene.ask("not-evil.example").verdict, LookupVerdict::kUnknown);
  EXPECT_EQ(scene.ask("evil.example.org").verdict, LookupVerdict::kUnknown);
}

TEST(Lookup, names_that_look_like_files_are_names_here) {
  Scene scene;
  scene.add({scene.claim(T::kDomain, "evil.zip")});
  const auto answer = scene.ask("evil.zip", T::kDomain);
  EXPECT_EQ(known_of(answer), (Lines{"itself exact D3 domain evil.zip"}));
  EXPECT_EQ(answer.verdict, LookupVerdict::kLive);
}

TEST(Lookup, addresses_lie_in_networks_longest_first) {
  Scene scene;
  scene.add({scene.claim(T::kCidr, "203.0.113.0/24"), scene.claim(T::kCidr, "203.0.0.0/16"),
             scene.claim(T::kCidr, "203.0.114.0/24"), scene.claim(T::kIpv4, "203.0.113.7"),
             scene.claim(T::kIpv4Port, "203.0.113.7:8443"),
             scene.claim(T::kCidr, "2001:db8::/32")});
  EXPECT_EQ(known_of(scene.ask("203.0.113.7")),
            (Lines{"itself exact I1 IPv4 203.0.113.7", "covers contains C1 CIDR 203.0.113.0/24",
                   "covers contains C1 CIDR 203.0.0.0/16",
                   "covers weak P2 IPv4-port 203.0.113.7:8443"}));
  EXPECT_EQ(known_of(scene.ask("2001:0db8::0001")),
            (Lines{"covers contains C1 CIDR 2001:db8::/32"}));
  EXPECT_EQ(known_of(scene.ask("203.0.113.7:8443")).front(),
            "itself exact P1 IPv4-port 203.0.113.7:8443");
  EXPECT_EQ(scene.ask("203.1.0.1").verdict, LookupVerdict::kUnknown);
}

TEST(Lookup, many_addresses_ask_only_for_prefixes_that_occur) {
  Scene scene;
  scene.add({scene.claim(T::kCidr, "203.0.112.0/20")});
  auto lookup = Lookup::open(scene.store(), {});
  ASSERT_TRUE(lookup);
  for (int i = 0; i < 200; ++i) {
    const auto answer = (*lookup)->look_up("203.0.113." + std::to_string(i), std::nullopt);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->known.size(), 1U) << i;
  }
}

TEST(Lookup, urls_show_their_host_and_the_claims_above_them) {
  Scene scene;
  scene.add({scene.claim(T::kUrl, "http://evil.example/a/"),
             scene.claim(T::kUrl, "https://evil.example/A/gate.php"),
             scene.claim(T::kUrl, "http://evil.example/b"),
             scene.claim(T::kUrl, "http://evil.example:8080/a/gate.php"),
             scene.claim(T::kDomain, "evil.example"),
             scene.claim(T::kUrl, "http://other.example/a/gate.php")});
  const auto lines = known_of(scene.ask("hxxp://evil.example/a/gate.php?id=1"));
  EXPECT_EQ(lines, (Lines{"covers exact D3 domain evil.example",
                          "covers contains U4 URL https://evil.example/A/gate.php",
                          "covers contains U5 URL http://evil.example/a/"}));
  EXPECT_EQ(known_of(scene.ask("http://evil.example/b")).front(),
            "itself exact U2 URL http://evil.example/b");
  EXPECT_EQ(known_of(scene.ask("evil.example")).size(), 1U)
      << "a host alone never satisfies a URL with a path";
}

TEST(Lookup, digests_without_a_kind_are_any_kind) {
  Scene scene;
  const std::string digits(32, 'a');
  scene.add({scene.claim(T::kMd5, digits), scene.claim(T::kJa3, digits),
             scene.claim(T::kImphash, digits)});
  EXPECT_EQ(scene.ask(std::string(32, 'A')).known.size(), 3U);
  EXPECT_EQ(known_of(scene.ask(digits, T::kJa3)).size(), 1U);
}

TEST(Lookup, paths_meet_file_names_and_case_does_not_matter_on_windows) {
  Scene scene;
  scene.add({scene.claim(T::kFileName, "Drop.EXE"),
             scene.claim(T::kFilePath, "c:\\users\\public\\drop.exe")});
  EXPECT_EQ(scene.ask("C:\\Users\\Public\\DROP.exe").known.size(), 2U);
  EXPECT_EQ(scene.ask("drop.exe", T::kFileName).known.size(), 1U);
  EXPECT_EQ(scene.ask("/tmp/drop.exe").known.size(), 0U) << "Unix paths are case-sensitive";
}

TEST(Lookup, rules_and_odd_values_are_found_by_themselves) {
  Scene scene;
  scene.add({scene.claim(T::kYara, std::string(40, 'b')),
             scene.claim(T::kMutex, "Global one, \"two\"")});
  EXPECT_EQ(known_of(scene.ask(std::string(40, 'b'), T::kYara)),
            (Lines{"itself exact  YARA " + std::string(40, 'b')}));
  EXPECT_EQ(scene.ask("Global one, \"two\"", T::kMutex).known.size(), 1U);
}

TEST(Lookup, a_value_without_a_shape_is_tried_as_what_is_stored) {
  Scene scene;
  scene.add({scene.claim(T::kMutex, "svc one"), scene.claim(T::kYara, std::string(40, 'c'))});
  EXPECT_EQ(scene.ask("Global\\svc one").value->type, T::kMutex);
  EXPECT_EQ(scene.ask(std::string(40, 'c')).value->type, T::kYara);
  EXPECT_EQ(scene.ask(std::string(40, 'd')).value->type, T::kSha1) << "nothing has it";
  EXPECT_EQ(scene.ask("svc two").verdict, LookupVerdict::kRefused);
}

TEST(Lookup, the_verdict_follows_the_claims) {
  Scene scene;
  Claim ended = scene.claim(T::kDomain, "old.example"), expired = ended, set_aside = ended;
  ended.active = false;
  expired.observable.value = "expired.example";
  expired.expiration = time_from_micros(500'000);
  set_aside.observable.value = "odd.example";
  set_aside.quarantine = "S5: for the test";
  scene.add({ended, expired, set_aside, scene.claim(T::kIpv4Port, "203.0.113.9:22")});
  EXPECT_EQ(scene.ask("old.example").verdict, LookupVerdict::kEnded);
  EXPECT_EQ(scene.ask("expired.example").verdict, LookupVerdict::kEnded);
  EXPECT_EQ(scene.ask("odd.example").verdict, LookupVerdict::kQuarantined);
  EXPECT_EQ(scene.ask("203.0.113.9").verdict, LookupVerdict::kWeak);
  EXPECT_EQ(scene.ask("unknown.example").verdict, LookupVerdict::kUnknown);
  const auto refused = scene.ask("1.2.3.4.5.6:99999");
  EXPECT_EQ(refused.verdict, LookupVerdict::kRefused);
  EXPECT_FALSE(refused.reason.empty());
}

TEST(Lookup, pulses_tell_what_else_they_hold) {
  Scene scene;
  Pulse pulse;
  pulse.id = "5f0000000000000000000001";
  pulse.name = "Heron";
  pulse.modified = time_from_micros(5);
  pulse.tags = {"loader"};
  std::vector<Claim> claims;
  for (int i = 0; i < 40; ++i)
    claims.push_back(scene.claim(T::kDomain, "d" + std::to_string(i) + ".example"));
  scene.add(pulse, claims);
  const auto answer = scene.ask("d3.example");
  ASSERT_EQ(answer.pulses.size(), 1U);
  EXPECT_EQ(answer.pulses[0].others, 39U);
  EXPECT_EQ(answer.pulses[0].related.size(), LookupOptions{}.related);
  for (const Observable& other : answer.pulses[0].related) EXPECT_NE(other.value, "d3.example");
}

/// What the matcher that hunts says of the subject's text, with only indicators of types that
/// the subject meets.
std::map<Observable, std::pair<Grade, std::string>> by_matcher(
    const std::vector<Observable>& all, const LookupSubject& subject) {
  std::vector<Observable> some;
  for (const Observable& each : all) {
    if (subject.meets[static_cast<std::size_t>(each.type)]) some.push_back(each);
  }
  const auto matcher = make_exact_matcher(some);
  const auto scratch = matcher->make_scratch();
  std::vector<Hit> hits;
  matcher->scan(subject.text, TextEncoding::kBytes, subject.fields, *scratch, hits);
  std::map<Observable, std::pair<Grade, std::string>> best;
  for (const Hit& hit : hits) {
    auto& row = best[some[static_cast<std::uint32_t>(hit.indicator)]];
    if (hit.grade > row.first) row = {hit.grade, hit.rule};
  }
  return best;
}

TEST(Lookup, answers_as_the_matcher_does) {
  std::size_t covered = 0, compared = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const GeneratedCase first = generate_case(seed), second = generate_case(seed + 1000);
    std::vector<Observable> all = first.indicators;
    for (const Observable& each : second.indicators) {
      if (std::find(all.begin(), all.end(), each) == all.end()) all.push_back(each);
    }
    Scene scene;
    std::vector<Claim> claims;
    for (const Observable& each : all) claims.push_back(scene.claim(each.type, each.value));
    scene.add(claims);
    std::vector<std::pair<std::string, T>> asked;
    for (const Observable& each : all) {
      asked.emplace_back(each.value, each.type);
      if (each.type == T::kDomain) asked.emplace_back("www." + each.value, T::kHostname);
      if (each.type == T::kDomain || each.type == T::kHostname) {
        asked.emplace_back("https://" + each.value + "/A/b?c=http://x.example/", T::kUrl);
        asked.emplace_back("someone@" + each.value, T::kEmail);
      }
      if (each.type == T::kUrl) asked.emplace_back(each.value + "/below?x=1", T::kUrl);
      if (each.type == T::kIpv4) asked.emplace_back(each.value + ":8443", T::kIpv4Port);
      if (each.type == T::kCidr)
        asked.emplace_back(each.value.substr(0, each.value.find('/')),
                           each.value.find(':') == std::string::npos ? T::kIpv4 : T::kIpv6);
    }
    auto lookup = Lookup::open(scene.store(), {});
    ASSERT_TRUE(lookup);
    for (const auto& [value, type] : asked) {
      const auto canonical = canonicalize(type, value);
      if (!canonical) continue;
      const auto answer = (*lookup)->look_up(value, type);
      ASSERT_TRUE(answer);
      const LookupSubject subject = make_subject(canonical->observable, TypeSource::kGiven);
      const auto expected = by_matcher(all, subject);
      std::map<Observable, std::pair<Grade, std::string>> got;
      for (const KnownIndicator& known : answer->known) {
        // What no text can hold whole is found by itself, beyond the matcher.
        if (known.relation == Relation::kItself && expected.count(known.observable) == 0)
          continue;
        got[known.observable] = {known.grade, known.rule};
        covered += known.relation == Relation::kCovers ? 1 : 0;
      }
      ++compared;
      ASSERT_EQ(got, expected) << "seed " << seed << ": " << name_of(type) << " " << value;
    }
  }
  EXPECT_GT(compared, 500U);
  EXPECT_GT(covered, 100U);
}

}  // namespace
}  // namespace spoor
