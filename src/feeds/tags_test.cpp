#include "feeds/tags.h"

#include <gtest/gtest.h>

#include "feeds/json_rows.h"

namespace spoor {
namespace {

TagFacts facts_of(std::initializer_list<const char*> tags) {
  TagFacts facts;
  for (const char* tag : tags) facts.add(tag);
  return facts;
}

using Words = std::vector<std::string>;

TEST(Tags, colours_keep_the_strictest) {
  EXPECT_EQ(facts_of({"tlp:white"}).tlp, Tlp::kClear);
  EXPECT_EQ(facts_of({"TLP:GREEN", "tlp:amber+strict", "tlp:clear"}).tlp, Tlp::kAmberStrict);
  EXPECT_EQ(facts_of({"tlp:red", "tlp:green"}).tlp, Tlp::kRed);
  EXPECT_EQ(facts_of({"tlp:unclear"}).tlp, Tlp::kAmber) << "what is not known is amber";
  EXPECT_FALSE(facts_of({"type:OSINT"}).tlp);
  EXPECT_EQ(facts_of({"PAP:GREEN"}).pap, Pap::kGreen);
  EXPECT_EQ(facts_of({"PAP:RED", "PAP:WHITE"}).pap, Pap::kRed);
}

TEST(Tags, confidence_is_the_lowest_of_all_scales) {
  EXPECT_EQ(facts_of({"misp:confidence-level=\"usually-confident\""}).confidence, 75);
  EXPECT_EQ(facts_of({"admiralty-scale:source-reliability=\"a\"",
                      "admiralty-scale:information-credibility=\"3\""})
                .confidence,
            50);
  EXPECT_EQ(
      facts_of({"estimative-language:likelihood-probability=\"almost-certain\""}).confidence,
      97);
  EXPECT_EQ(facts_of({"misp:confidence-level=\"unconfident\""}).confidence, 0);
  EXPECT_FALSE(
      facts_of({"misp:confidence-level=\"confidence-cannot-be-evaluated\""}).confidence);
  EXPECT_FALSE(facts_of({"admiralty-scale:source-reliability=\"f\""}).confidence);
}

TEST(Tags, galaxies_name_malware_actors_techniques) {
  const TagFacts facts = facts_of({
      "misp-galaxy:mitre-attack-pattern=\"Obfuscated Files or Information - T1027\"",
      "misp-galaxy:mitre-enterprise-attack-attack-pattern=\"PowerShell - T1059.001\"",
      "misp-galaxy:mitre-malware=\"Cobalt Strike - S0154\"",
      "misp-galaxy:ransomware=\"Akira\"",
      "misp-galaxy:threat-actor=\"APT - 29\"",
      "misp-galaxy:mitre-intrusion-set=\"APT29 - G0016\"",
      "misp-galaxy:country=\"estonia\"",
      "misp-galaxy:sector=\"Defense\"",
      "misp-galaxy:mitre-course-of-action=\"Audit - M1047\"",
      "misp-galaxy:mitre-attack-pattern=\"Without an id\"",
  });
  EXPECT_EQ(facts.attack_ids, (Words{"T1027", "T1059.001"}));
  EXPECT_EQ(facts.malware, (Words{"Cobalt Strike", "Akira"}));
  EXPECT_EQ(facts.adversaries, (Words{"APT - 29", "APT29"}));
  EXPECT_EQ(facts.countries, Words{"estonia"});
  EXPECT_EQ(facts.industries, Words{"Defense"});
  EXPECT_EQ(facts.plain, (Words{"misp-galaxy:mitre-course-of-action=\"Audit - M1047\"",
                                "misp-galaxy:mitre-attack-pattern=\"Without an id\""}));
}

TEST(Tags, others_stay_as_they_are_and_once) {
  EXPECT_EQ(facts_of({"phishing", "phishing", " ", "type:OSINT", "a=b"}).plain,
            (Words{"phishing", "type:OSINT", "a=b"}));
}

TEST(Tags, attack_ids_have_one_shape) {
  for (const char* good : {"T1027", "T1059.001", "TA0001"})
    EXPECT_TRUE(is_attack_id(good)) << good;
  for (const char* bad : {"T102", "t1027", "T10270", "T1059.01", "T1059,001", "TA00001",
                          "T1O27", "T1059.0011", ""}) {
    EXPECT_FALSE(is_attack_id(bad)) << bad;
  }
}

TEST(Tags, a_claim_keeps_what_it_says_itself) {
  ClaimFacts facts;
  facts.confidence = 10;
  facts.malware = "own";
  tell_claim(
      facts_of({"misp:confidence-level=\"completely-confident\"", "tlp:red",
                "misp-galaxy:rat=\"Other\"", "misp-galaxy:mitre-attack-pattern=\"x - T1027\""}),
      facts);
  EXPECT_EQ(facts.confidence, 10);
  EXPECT_EQ(facts.malware, "own");
  EXPECT_EQ(facts.tlp, Tlp::kRed);
  EXPECT_EQ(facts.attack_ids, Words{"T1027"});
}

TEST(JsonHead, members_are_told_from_words) {
  EXPECT_TRUE(shows_member("{\"type\" : \"bundle\"}", "type", "bundle"));
  EXPECT_TRUE(shows_member("{\"a\":{\"type\":1},\"type\":\"bundle\"}", "type", "bundle"));
  EXPECT_FALSE(shows_member("{\"type\":\"bundles\"}", "type", "bundle"));
  EXPECT_FALSE(shows_member("{\"x\":\"type\"}", "type"));
  EXPECT_TRUE(begins_json(" [ {"));
  EXPECT_FALSE(begins_json("[evil.example]"));
  EXPECT_FALSE(begins_json("{evil}"));
}

TEST(ReasonWords, foreign_words_are_few_and_plain) {
  ReasonWords words;
  EXPECT_EQ(words("text"), "text");
  EXPECT_EQ(words("a\nb"), "other");
  EXPECT_EQ(words(std::string(500, 'x')), "other");
  for (int i = 0; i < 300; ++i) words("w" + std::to_string(i));
  EXPECT_EQ(words("one more"), "other");
  EXPECT_EQ(words("text"), "text") << "known ones stay";
}

TEST(CutUtf8, never_inside_a_character) {
  std::string text = "a\xC3\xA9\xC3\xA9";
  cut_utf8(text, 4);
  EXPECT_EQ(text, "a\xC3\xA9");
  cut_utf8(text, 10);
  EXPECT_EQ(text, "a\xC3\xA9");
}

}  // namespace
}  // namespace spoor
