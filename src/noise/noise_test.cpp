// Which rule decides, in which order, and what none of them may touch.

#include "noise/noise.h"

#include <gtest/gtest.h>

#include "ioc/canonical.h"
#include "noise/builtin.h"

namespace spoor {
namespace {

using T = IndicatorType;

std::unique_ptr<const Noise> judge_of(NoiseInputs inputs) {
  Tally refused;
  auto made = Noise::build(std::move(inputs), refused);
  EXPECT_EQ(refused.total(), 0u);
  return made;
}

std::string said(const Judgement& judged) {
  return std::string(name_of(judged.verdict)) + " " + std::string(judged.rule) + " " +
         judged.reason;
}

AllowEntry allow(AllowEntry::Kind kind, T type, const char* value, const char* reason) {
  AllowEntry entry;
  entry.kind = kind;
  entry.observable = {type, value};
  entry.reason = reason;
  return entry;
}

TEST(Noise, the_allow_list_covers_values_networks_and_names_until_it_expires) {
  NoiseInputs inputs;
  inputs.builtin = false;
  inputs.now = time_from_micros(1'000'000);
  inputs.allowed = {allow(AllowEntry::Kind::kValue, T::kDomain, "a.example", "ours"),
                    allow(AllowEntry::Kind::kNetwork, T::kCidr, "198.51.100.0/24", "audit"),
                    allow(AllowEntry::Kind::kNames, T::kDomain, "corp.example", "corp")};
  AllowEntry past = allow(AllowEntry::Kind::kValue, T::kDomain, "b.example", "was");
  past.expires = time_from_micros(1'000'000);
  AllowEntry future = allow(AllowEntry::Kind::kValue, T::kDomain, "c.example", "still");
  future.expires = time_from_micros(2'000'000);
  inputs.allowed.push_back(past);
  inputs.allowed.push_back(future);
  const auto noise = judge_of(std::move(inputs));
  const std::pair<Observable, const char*> cases[] = {
      {{T::kDomain, "a.example"}, "suppressed N1 allowed: ours"},
      {{T::kHostname, "a.example"}, "suppressed N1 allowed: ours"},
      {{T::kDomain, "www.a.example"}, "shown  "},
      {{T::kIpv4, "198.51.100.9"}, "suppressed N1 allowed: audit"},
      {{T::kCidr, "198.51.100.128/25"}, "suppressed N1 allowed: audit"},
      {{T::kCidr, "198.51.0.0/16"}, "shown  "},
      {{T::kIpv4Port, "198.51.100.9:80"}, "suppressed N1 allowed: audit"},
      {{T::kDomain, "corp.example"}, "suppressed N1 allowed: corp"},
      {{T::kHostname, "x.corp.example"}, "suppressed N1 allowed: corp"},
      {{T::kUrl, "http://x.corp.example/a?b"}, "suppressed N1 allowed: corp"},
      {{T::kDomain, "notcorp.example"}, "shown  "},
      {{T::kDomain, "b.example"}, "shown  "},
      {{T::kDomain, "c.example"}, "suppressed N1 allowed: still (until 1970-01-01T00:00:02Z)"},
  };
  for (const auto& [observable, expected] : cases)
    EXPECT_EQ(said(noise->of_observable(observable)), expected) << observable.value;
}

TEST(Noise, lists_notes_and_the_built_in_set_say_why) {
  NoiseInputs inputs;
  WarningList list;
  list.name = "Public resolvers";
  list.kind = ListKind::kCidr;
  list.entries = {"203.0.113.53"};
  inputs.lists = {list};
  inputs.notes = {{{T::kDomain, "n.example"}, "otx", "majestic", "Whitelisted", std::nullopt},
                  {{T::kDomain, "n.example"}, "otx", "whitelist", "good", std::nullopt},
                  {{T::kDomain, "m.example"}, "otx", "akamai", "", std::nullopt}};
  const auto noise = judge_of(std::move(inputs));
  const std::pair<Observable, const char*> cases[] = {
      {{T::kIpv4, "203.0.113.53"},
       "suppressed N2 warninglist 'Public resolvers': 203.0.113.53"},
      {{T::kIpv4, "8.8.8.8"},
       "suppressed N3 built-in 'public resolvers': 8.8.8.8, Google Public DNS"},
      {{T::kIpv4, "127.0.0.9"},
       "suppressed N3 built-in 'reserved addresses': 127.0.0.0/8, loopback (RFC 1122): every "
       "machine is its own"},
      {{T::kIpv4, "10.1.2.3"},
       "weak N3 built-in 'private addresses': 10.0.0.0/8, private (RFC 1918): another machine "
       "in every network"},
      {{T::kDomain, "n.example"}, "suppressed N4 note of 'otx': whitelist, good"},
      {{T::kDomain, "m.example"}, "weak N4 note of 'otx': akamai"},
      {{T::kIpv4, "203.0.113.7"}, "shown  "},
      {{T::kMd5, "d41d8cd98f00b204e9800998ecf8427e"},
       "suppressed N3 built-in 'trivial files': d41d8cd98f00b204e9800998ecf8427e, MD5 of no "
       "bytes at all"},
      {{T::kUrl, "https://github.com/evil/tool"}, "shown  "},
  };
  for (const auto& [observable, expected] : cases)
    EXPECT_EQ(said(noise->of_observable(observable)), expected) << observable.value;
}

TEST(Noise, the_stronger_rule_wins) {
  NoiseInputs inputs;
  inputs.builtin = false;
  WarningList noted;
  noted.name = "List of known sinkholes";
  noted.kind = ListKind::kCidr;
  noted.verdict = Verdict::kShown;
  noted.entries = {"203.0.113.1"};
  inputs.lists = {noted};
  const auto noise = judge_of(std::move(inputs));
  const Observable sinkhole{T::kIpv4, "203.0.113.1"};
  const Judgement alone = noise->of_observable(sinkhole);
  EXPECT_EQ(said(alone), "shown N2 warninglist 'List of known sinkholes': 203.0.113.1");
  Noise::Event event;
  EXPECT_EQ(said(noise->judge(sinkhole, alone, event)), said(alone)) << "noted, and shown";
  event.flow = Flow::kInboundBlocked;
  EXPECT_EQ(said(noise->judge(sinkhole, alone, event)),
            "weak N6 blocked: an attempt from outside that was kept out");
  event.grade = Grade::kWeak;
  event.match_rule = "P2";
  EXPECT_EQ(said(noise->judge(sinkhole, alone, event)), "weak N7 the address without its port");
}

TEST(Noise, volume_speaks_against_names_and_never_against_what_is_certain) {
  const VolumeLimits limits;  // 1 % and 1000 events, or 100 hosts
  const Observable name{T::kDomain, "a.example"};
  const auto why = [&](const Observable& observable, Volume volume, std::uint64_t all) {
    return volume_reason(observable, volume, all, limits);
  };
  EXPECT_EQ(why(name, {1000, 1}, 100'000), "popular: in 1,000 of 100,000 events (1.0 %)");
  EXPECT_EQ(why(name, {999, 1}, 1000), "") << "few events are no volume";
  EXPECT_EQ(why(name, {1000, 1}, 100'001), "") << "under a hundredth";
  EXPECT_EQ(why(name, {1000, 1}, 0), "") << "of how many is not known";
  EXPECT_EQ(why(name, {100, 100}, 1'000'000), "popular: on 100 hosts");
  EXPECT_EQ(why(name, {100, 99}, 1'000'000), "");
  const Volume much{1'000'000, 10'000};
  for (const Observable& certain : {Observable{T::kMd5, "0123456789abcdef0123456789abcdef"},
                                    {T::kSha256, std::string(64, 'a')},
                                    {T::kUrl, "http://a.example/gate.php"},
                                    {T::kMutex, "m"},
                                    {T::kJa3, std::string(32, 'b')},
                                    {T::kRegistryKey, "hklm\\a"}})
    EXPECT_EQ(why(certain, much, much.events), "") << certain.value;
  EXPECT_NE(why({T::kUrl, "http://a.example/"}, much, much.events), "");
  EXPECT_NE(why({T::kIpv4, "203.0.113.1"}, much, much.events), "");
}

TEST(Noise, which_way_an_event_went) {
  struct Case {
    const char* name;
    Observable observable;
    FlowFacts facts;
    Flow expected;
  };
  const Observable bad{T::kIpv4, "203.0.113.9"};
  const Case cases[] = {
      {"scan_kept_out",
       bad,
       {"203.0.113.9", "10.0.0.1", "", true, false},
       Flow::kInboundBlocked},
      {"scan_that_came_in", bad, {"203.0.113.9", "10.0.0.1", "", false, false}, Flow::kInbound},
      {"ours_went_there", bad, {"10.0.0.1", "203.0.113.9", "", false, false}, Flow::kOutbound},
      {"ours_was_stopped",
       bad,
       {"10.0.0.1", "203.0.113.9", "", true, false},
       Flow::kOutboundBlocked},
      {"the_line_says_inbound",
       bad,
       {"203.0.113.9", "198.51.100.1", "Inbound", true, false},
       Flow::kInboundBlocked},
      {"both_ends_are_foreign",
       bad,
       {"203.0.113.9", "198.51.100.1", "", true, false},
       Flow::kUnknown},
      {"the_line_contradicts",
       bad,
       {"203.0.113.9", "10.0.0.1", "outbound", true, false},
       Flow::kUnknown},
      {"neither_end", bad, {"203.0.113.8", "10.0.0.1", "", true, false}, Flow::kUnknown},
      {"both_ends", bad, {"203.0.113.9", "203.0.113.9", "", true, false}, Flow::kUnknown},
      {"a_network",
       {T::kCidr, "203.0.113.0/24"},
       {"203.0.113.9", "10.0.0.1", "", true, false},
       Flow::kInboundBlocked},
      {"ipv6_spelled_out",
       {T::kIpv6, "2001:db8::9"},
       {"2001:db8:0:0:0:0:0:9", "fd00::1", "", true, false},
       Flow::kInboundBlocked},
      {"endpoint",
       {T::kIpv4Port, "203.0.113.9:443"},
       {"10.0.0.1", "203.0.113.9", "", true, false},
       Flow::kOutboundBlocked},
      {"answered_query",
       {T::kDomain, "a.example"},
       {"10.0.0.1", "", "", false, true},
       Flow::kAnswered},
      {"name_that_a_proxy_stopped",
       {T::kDomain, "a.example"},
       {"10.0.0.1", "", "", true, false},
       Flow::kOutboundBlocked},
      {"name_and_nothing_known", {T::kDomain, "a.example"}, {}, Flow::kUnknown},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(flow_of(each.observable, each.facts), each.expected) << each.name;
    const bool hidden = each.expected == Flow::kInboundBlocked;
    EXPECT_EQ(flow_reason(each.expected).empty(), !hidden) << each.name;
  }
}

TEST(Noise, every_rule_is_told_once) {
  std::vector<std::string_view> ids;
  for (const NoiseRule& rule : noise_rules()) {
    EXPECT_FALSE(rule.words.empty());
    for (const std::string_view id : ids) EXPECT_NE(id, rule.id);
    ids.push_back(rule.id);
  }
  EXPECT_EQ(ids.size(), 7u);
}

TEST(Noise, reasons_are_grouped_without_their_details) {
  EXPECT_EQ(reason_group("warninglist 'a: b': 8.8.8.8"), "warninglist 'a: b'");
  EXPECT_EQ(reason_group("popular: on 100 hosts"), "popular");
  EXPECT_EQ(reason_group("looks like a software version"), "looks like a software version");
  EXPECT_EQ(reason_group(""), "");
}

TEST(Builtin, every_row_is_usable_canonical_and_has_a_reason) {
  const auto noise = judge_of({});  // refuses no row
  for (const BuiltinGroup& group : builtin_groups()) {
    for (const BuiltinRow& row : group.rows) {
      EXPECT_FALSE(row.reason.empty()) << row.value;
      const auto canonical = infer(row.value);
      ASSERT_TRUE(canonical.has_value()) << row.value;
      EXPECT_EQ(canonical->observable.value, row.value);
      const Judgement judged = noise->of_observable(canonical->observable);
      EXPECT_EQ(judged.rule, "N3") << row.value;
      EXPECT_NE(judged.reason.find(std::string(row.reason)), std::string::npos)
          << row.value << ": " << judged.reason;
    }
  }
}

}  // namespace
}  // namespace spoor
