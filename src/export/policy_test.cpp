#include "export/policy.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

ClaimView claim(std::optional<Tlp> pulse_tlp, const std::string& feed = "feed") {
  ClaimView made;
  made.observable = {IndicatorType::kDomain, "evil.example"};
  made.feed = feed;
  made.tlp = pulse_tlp;
  if (pulse_tlp) {
    made.pulse_id = "p-" + feed;
    made.pulse_name = "pulse of " + feed;
    made.tags = {"tag of " + feed};
    made.malware_families = {"malware of " + feed};
    made.attack_ids = {"T1059"};
    made.adversary = "adversary of " + feed;
  }
  return made;
}

struct Verdict {
  std::optional<ExportItem> item;
  std::string reason;
  ExportSummary summary;
};
Verdict judge(std::vector<ClaimView> claims, ExportPolicy policy = {}) {
  policy.now = time_from_micros(1000);
  Verdict verdict;
  verdict.item = admit(std::move(claims), policy, verdict.summary, verdict.reason);
  return verdict;
}

TEST(Policy, a_claim_without_a_tlp_counts_as_amber) {
  EXPECT_TRUE(judge({claim(std::nullopt)}).item);
  ExportPolicy green;
  green.max_tlp = Tlp::kGreen;
  EXPECT_EQ(judge({claim(std::nullopt)}, green).reason, "TLP:AMBER");
}

TEST(Policy, every_level_above_the_ceiling_stays) {
  for (const Tlp ceiling :
       {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed}) {
    for (const Tlp tlp :
         {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed}) {
      ExportPolicy policy;
      policy.max_tlp = ceiling;
      EXPECT_EQ(judge({claim(tlp)}, policy).item.has_value(), tlp <= ceiling);
    }
  }
  EXPECT_EQ(ExportPolicy{}.max_tlp, Tlp::kAmber) << "red must be said";
}

TEST(Policy, what_a_stricter_source_says_leaves_in_nothing) {
  const auto verdict = judge({claim(Tlp::kGreen, "open"), claim(Tlp::kRed, "secret")});
  ASSERT_TRUE(verdict.item);
  EXPECT_EQ(verdict.item->tlp, Tlp::kGreen);
  EXPECT_EQ(verdict.item->claims.size(), 1U);
  EXPECT_EQ(verdict.item->feeds, std::vector<std::string>{"open"});
  EXPECT_EQ(verdict.item->pulses, std::vector<std::string>{"pulse of open"});
  EXPECT_EQ(verdict.item->tags, std::vector<std::string>{"tag of open"});
  EXPECT_EQ(verdict.item->malware, std::vector<std::string>{"malware of open"});
  EXPECT_EQ(verdict.item->adversaries, std::vector<std::string>{"adversary of open"});
  EXPECT_EQ(verdict.summary.claims_left_out.at("TLP:RED"), 1U);
}

TEST(Policy, a_claim_of_its_own_level_leaves_without_its_stricter_pulse) {
  ClaimView own = claim(Tlp::kRed, "secret");
  own.facts.tlp = Tlp::kGreen;
  const auto verdict = judge({own});
  ASSERT_TRUE(verdict.item);
  EXPECT_EQ(verdict.item->tlp, Tlp::kGreen);
  EXPECT_TRUE(verdict.item->pulses.empty() && verdict.item->tags.empty() &&
              verdict.item->malware.empty() && verdict.item->attack_ids.empty() &&
              verdict.item->adversaries.empty());
  EXPECT_TRUE(verdict.item->claims[0].pulse_id.empty());
  ClaimView strict = claim(Tlp::kGreen);
  strict.facts.tlp = Tlp::kRed;
  EXPECT_EQ(judge({strict}).reason, "TLP:RED");
}

TEST(Policy, an_item_is_as_strict_as_its_strictest_claim) {
  EXPECT_EQ(judge({claim(Tlp::kClear), claim(Tlp::kAmber)}).item->tlp, Tlp::kAmber);
  ClaimView own = claim(Tlp::kAmber);
  own.facts.tlp = Tlp::kClear;
  EXPECT_EQ(judge({own}).item->tlp, Tlp::kAmber) << "the pulse's words are in it";
}

TEST(Policy, pap_is_a_ceiling_too) {
  ClaimView red = claim(Tlp::kClear), amber = red;
  red.facts.pap = Pap::kRed;
  amber.facts.pap = Pap::kAmber;
  EXPECT_EQ(judge({red}).reason, "PAP:RED");
  EXPECT_EQ(judge({amber}).item->pap, Pap::kAmber);
  ExportPolicy blocks;
  blocks.max_pap = Pap::kGreen;
  EXPECT_EQ(judge({amber}, blocks).reason, "PAP:AMBER");
}

TEST(Policy, ended_set_aside_and_weak_stay_unless_told) {
  ClaimView inactive = claim(Tlp::kClear), expired = inactive, quarantined = inactive,
            context = inactive, shared = inactive;
  inactive.active = false;
  expired.expiration = time_from_micros(1000);
  quarantined.quarantine = "S5: why";
  context.facts.detect = false;
  shared.observable.value = "github.com";
  EXPECT_EQ(judge({inactive}).reason, "ended");
  EXPECT_EQ(judge({expired}).reason, "ended");
  EXPECT_EQ(judge({quarantined}).reason, "quarantined");
  EXPECT_EQ(judge({context}).reason, "weak: its source calls it context");
  EXPECT_EQ(judge({shared}).reason, "weak: many share this host");
  ExportPolicy all;
  all.with_ended = all.with_weak = true;
  EXPECT_TRUE(judge({inactive}, all).item->ended);
  EXPECT_TRUE(judge({expired}, all).item);
  EXPECT_TRUE(judge({context}, all).item);
  EXPECT_TRUE(judge({shared}, all).item);
  EXPECT_FALSE(judge({quarantined}, all).item);
  ClaimView later = claim(Tlp::kClear);
  later.expiration = time_from_micros(1001);
  EXPECT_TRUE(judge({later}).item);
  EXPECT_EQ(judge({inactive, later}).item->claims.size(), 1U);
}

TEST(Policy, the_refusal_is_said_what_is_confidential_first) {
  ExportSummary summary;
  summary.considered = 340;
  summary.written = 328;
  summary.left_out = {{"ended", 9}, {"TLP:RED", 3}};
  EXPECT_EQ(summary_text(summary), "12 of 340 left out: TLP:RED 3, ended 9");
  summary.claims_left_out = {{"TLP:RED", 2}};
  EXPECT_EQ(summary_text(summary),
            "12 of 340 left out: TLP:RED 3, ended 9; what others said of those that left: "
            "TLP:RED 2");
  EXPECT_EQ(summary_text({}), "");
  ExportSummary types;
  types.considered = 9;
  types.left_out = {{"no Intel type for CVE", 3}, {"no Intel type for JA3", 2}, {"ended", 1}};
  EXPECT_EQ(summary_text(types), "6 of 9 left out: ended 1, no Intel type 5 (CVE 3, JA3 2)");
}

TEST(Policy, an_item_says_what_its_claims_say_together) {
  ClaimView first = claim(Tlp::kClear, "a"), second = claim(Tlp::kGreen, "b");
  first.created = time_from_micros(100);
  first.facts.last_said = time_from_micros(900);
  first.facts.confidence = 40;
  first.expiration = time_from_micros(5000);
  second.created = time_from_micros(50);
  second.facts.confidence = 90;
  second.expiration = time_from_micros(7000);
  second.role = "phishing";
  auto item = judge({first, second}).item;
  ASSERT_TRUE(item);
  EXPECT_EQ(item->first, time_from_micros(50));
  EXPECT_EQ(item->last, time_from_micros(900));
  EXPECT_EQ(item->confidence, 90);
  EXPECT_EQ(item->valid_until, time_from_micros(7000));
  EXPECT_EQ(item->attack_ids, std::vector<std::string>{"T1059"}) << "each once";
  second.expiration.reset();
  EXPECT_EQ(judge({first, second}).item->valid_until, std::nullopt) << "one source says no end";
}

TEST(Policy, what_hunts_would_suppress_stays_unless_weak_ones_leave) {
  ExportPolicy policy;
  policy.max_tlp = Tlp::kRed;
  policy.noise = [](const Observable& observable) -> std::string {
    return observable.value == "8.8.8.8" ? "harmless: a list" : "";
  };
  const auto admitted = [&](const char* value) {
    ClaimView claim;
    claim.observable.type = IndicatorType::kIpv4;
    claim.observable.value = value;
    claim.feed = "f";
    ExportSummary summary;
    std::string reason;
    const auto item = admit({claim}, policy, summary, reason);
    return (item ? "leaves" : "stays") + (": " + reason);
  };
  EXPECT_EQ(admitted("8.8.8.8"), "stays: harmless: a list");
  EXPECT_EQ(admitted("203.0.113.7"), "leaves: ");
  policy.with_weak = true;
  EXPECT_EQ(admitted("8.8.8.8"), "leaves: ");
}

}  // namespace
}  // namespace spoor
