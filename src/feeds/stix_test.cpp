#include "feeds/feed_test_support.h"
#include "feeds/stix_marks.h"

namespace spoor {
namespace {

std::string indicator(const std::string& id, const std::string& pattern,
                      const std::string& more = "") {
  return R"({"type":"indicator","spec_version":"2.1","id":"indicator--)" + id +
         R"(","created":"2026-01-01T00:00:00Z","modified":"2026-01-02T00:00:00Z",)" +
         R"("pattern_type":"stix","pattern":")" + pattern + "\"" + more + "}";
}

std::string bundle(const std::string& objects) {
  return R"({"type":"bundle","id":"bundle--1","objects":[)" + objects + "]}";
}

const std::string kAddress = "[ipv4-addr:value = '192.0.2.7']";

TEST(Stix, an_indicator_says_since_when_until_when_how_sure) {
  const ReadResult result = read_as(
      "stix",
      bundle(indicator(
          "1", kAddress,
          R"(,"name":"C2","description":"of Emotet","valid_from":"2026-01-03T00:00:00.123Z",
             "valid_until":"2026-06-01T00:00:00Z","confidence":85,
             "indicator_types":["malicious-activity"],"labels":["botnet"],
             "kill_chain_phases":[{"kill_chain_name":"mitre-attack","phase_name":"command-and-control"}],
             "external_references":[{"source_name":"mitre-attack","external_id":"T1071.001"}],
             "object_marking_refs":["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"])")));
  ASSERT_TRUE(result.status) << result.status.error().message;
  ASSERT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7"});
  const RawIndicator& row = result.rows[0];
  EXPECT_EQ(row.title, "C2");
  EXPECT_EQ(row.description, "of Emotet; labels: botnet");
  EXPECT_EQ(row.role, "malicious-activity, command-and-control");
  EXPECT_EQ(format_iso8601(*row.created), "2026-01-03T00:00:00.123000Z");
  EXPECT_EQ(format_iso8601(*row.expiration), "2026-06-01T00:00:00Z");
  EXPECT_EQ(format_iso8601(*row.facts.last_said), "2026-01-02T00:00:00Z");
  EXPECT_EQ(row.facts.confidence, 85);
  EXPECT_EQ(row.facts.tlp, Tlp::kGreen);
  EXPECT_EQ(row.facts.attack_ids, std::vector<std::string>{"T1071.001"});
  EXPECT_NE(row.where.find("indicator--1"), std::string::npos);
}

TEST(Stix, revoked_is_ended) {
  const ReadResult result =
      read_as("stix", bundle(indicator("1", kAddress, R"(,"revoked":true)")));
  EXPECT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7|ended"});
}

TEST(Stix, all_ids_of_tlp_are_known) {
  const std::pair<const char*, Tlp> kIds[] = {
      {"613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::kClear},
      {"34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::kGreen},
      {"f88d31f6-486f-44da-b317-01333bde0b82", Tlp::kAmber},
      {"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::kRed},
      {"94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::kClear},
      {"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::kGreen},
      {"55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::kAmber},
      {"939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::kAmberStrict},
      {"e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::kRed},
  };
  for (const auto& [id, tlp] : kIds)
    EXPECT_EQ(stix_tlp(std::string("marking-definition--") + id), tlp) << id;
  EXPECT_FALSE(stix_tlp("marking-definition--00000000-0000-4000-8000-000000000000"));
}

TEST(Stix, markings_of_the_bundle_and_granular_ones_count_the_strictest) {
  const std::string marks =
      R"({"type":"marking-definition","id":"marking-definition--a","definition_type":"tlp","definition":{"tlp":"amber"}},
         {"type":"marking-definition","id":"marking-definition--b","name":"PAP:RED"},
         {"type":"marking-definition","id":"marking-definition--c",
          "extensions":{"extension-definition--x":{"tlp_2_0":"amber+strict"}}},)";
  const ReadResult result = read_as(
      "stix",
      bundle(
          marks +
          indicator("1", kAddress,
                    R"(,"object_marking_refs":["marking-definition--a","marking-definition--b"],
                                 "granular_markings":[{"marking_ref":"marking-definition--c","selectors":["pattern"]}])")));
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(result.rows[0].facts.tlp, Tlp::kAmberStrict);
  EXPECT_EQ(result.rows[0].facts.pap, Pap::kRed);
}

TEST(Stix, relations_name_malware_actor_and_technique_in_any_order) {
  const std::string others =
      R"({"type":"relationship","id":"relationship--1","relationship_type":"indicates",
          "source_ref":"indicator--1","target_ref":"malware--1"},
         {"type":"relationship","id":"relationship--2","relationship_type":"indicates",
          "source_ref":"indicator--1","target_ref":"intrusion-set--1"},
         {"type":"relationship","id":"relationship--3","relationship_type":"indicates",
          "source_ref":"indicator--1","target_ref":"attack-pattern--1"},
         {"type":"relationship","id":"relationship--4","relationship_type":"derived-from",
          "source_ref":"indicator--1","target_ref":"malware--2"},
         {"type":"sighting","id":"sighting--1","sighting_of_ref":"indicator--1","last_seen":"2026-03-01T00:00:00Z"},
         )";
  const std::string behind =
      R"(,{"type":"malware","id":"malware--1","name":"Emotet"},
          {"type":"malware","id":"malware--2","name":"Unrelated"},
          {"type":"intrusion-set","id":"intrusion-set--1","name":"TA542"},
          {"type":"attack-pattern","id":"attack-pattern--1","name":"x",
           "external_references":[{"source_name":"mitre-attack","external_id":"T1566"}]})";
  const ReadResult result = read_as("stix", bundle(others + indicator("1", kAddress) + behind));
  ASSERT_EQ(result.rows.size(), 1u);
  const ClaimFacts& facts = result.rows[0].facts;
  EXPECT_EQ(facts.malware, "Emotet");
  EXPECT_EQ(facts.adversary, "TA542");
  EXPECT_EQ(facts.attack_ids, std::vector<std::string>{"T1566"});
  EXPECT_EQ(format_iso8601(*facts.last_said), "2026-03-01T00:00:00Z");
}

TEST(Stix, a_report_is_a_pulse_with_what_it_holds) {
  const std::string report =
      R"({"type":"report","id":"report--ABC","name":"A campaign","description":"long",
          "created":"2026-01-01T00:00:00Z","modified":"2026-01-05T00:00:00Z","published":"2026-01-04T00:00:00Z",
          "created_by_ref":"identity--1","labels":["campaign","tlp:red"],
          "external_references":[{"source_name":"blog","url":"https://blog.example/x"}],
          "object_refs":["indicator--1","malware--1","threat-actor--1","attack-pattern--1"]},
         {"type":"identity","id":"identity--1","name":"CERT"},
         {"type":"malware","id":"malware--1","name":"Emotet"},
         {"type":"threat-actor","id":"threat-actor--1","name":"TA542"},
         {"type":"attack-pattern","id":"attack-pattern--1","name":"x",
          "external_references":[{"source_name":"mitre-attack","external_id":"T1566"}]},)";
  const ReadResult result =
      read_as("stix", bundle(report + indicator("1", kAddress) + "," +
                             indicator("2", "[domain-name:value = 'evil.example']")));
  ASSERT_TRUE(result.status);
  ASSERT_EQ(result.pulses.size(), 1u);
  const Pulse& pulse = result.pulses[0];
  EXPECT_EQ(pulse.id, "stix:abc");
  EXPECT_EQ(pulse.name, "A campaign");
  EXPECT_EQ(pulse.author, "CERT");
  EXPECT_EQ(pulse.tlp, Tlp::kRed);
  EXPECT_EQ(pulse.tags, std::vector<std::string>{"campaign"});
  EXPECT_EQ(pulse.references, std::vector<std::string>{"https://blog.example/x"});
  EXPECT_EQ(pulse.malware_families, std::vector<std::string>{"Emotet"});
  EXPECT_EQ(pulse.adversary, "TA542");
  EXPECT_EQ(pulse.attack_ids, std::vector<std::string>{"T1566"});
  EXPECT_EQ(format_iso8601(*pulse.created), "2026-01-04T00:00:00Z");
  EXPECT_EQ(format_iso8601(*pulse.modified), "2026-01-05T00:00:00Z");
  EXPECT_FALSE(pulse.more_indicators);
  EXPECT_EQ(claims_of_rows(pulse.indicators), RowLines{"ip|192.0.2.7"});
  EXPECT_EQ(claims_of_rows(result.rows), RowLines{"host|evil.example"});
}

TEST(Stix, a_report_whose_objects_are_elsewhere_ends_nothing) {
  const ReadResult result = read_as(
      "stix",
      R"({"more":true,"objects":[{"type":"report","id":"report--a","name":"x","object_refs":["indicator--far"]}]})");
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_TRUE(result.pulses[0].more_indicators);
}

TEST(Stix, observables_are_context_unless_an_indicator_names_them) {
  const std::string objects =
      R"({"type":"observed-data","id":"observed-data--1","first_observed":"2026-01-01T00:00:00Z",
          "last_observed":"2026-01-02T00:00:00Z","number_observed":1,
          "objects":{"0":{"type":"ipv4-addr","value":"192.0.2.7"},
                     "1":{"type":"domain-name","value":"seen.example"},
                     "2":{"type":"file","name":"a.exe","hashes":{"MD5":"0123456789abcdef0123456789abcdef"}}}},
         {"type":"url","id":"url--1","value":"http://seen.example/x"},
         {"type":"identity","id":"identity--1","name":"not.a.file.exe"},)";
  const ReadResult result = read_as("stix", bundle(objects + indicator("1", kAddress)));
  EXPECT_EQ(claims_of_rows(result.rows),
            (RowLines{"ip|192.0.2.7", "host|seen.example|context", "FileName|a.exe|context",
                      "FileHash-MD5|0123456789abcdef0123456789abcdef|context",
                      "URL|http://seen.example/x|context"}));
}

TEST(Stix, the_newest_version_of_an_object_counts) {
  std::string old = indicator("1", "[ipv4-addr:value = '192.0.2.1']");
  old.replace(old.find("2026-01-02"), 10, "2025-01-02");
  for (const std::string& text : {bundle(old + "," + indicator("1", kAddress)),
                                  bundle(indicator("1", kAddress) + "," + old)}) {
    const ReadResult result = read_as("stix", text);
    EXPECT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7"}) << text;
    EXPECT_EQ(result.notes.total(), 1u);
  }
}

TEST(Stix, every_wrapping_is_understood) {
  const std::string one = indicator("1", kAddress);
  for (const std::string& text :
       {bundle(one), one, "[" + one + "]", R"({"objects":[)" + one + "]}",
        R"({"more":false,"next":"x","objects":[)" + one + "]}", "[" + bundle(one) + "]",
        one + "\n" + one}) {
    const ReadResult result = read_as("stix", text);
    ASSERT_TRUE(result.status) << text << ": " << result.status.error().message;
    ASSERT_FALSE(result.rows.empty()) << text;
    EXPECT_EQ(result.rows[0].value, "192.0.2.7") << text;
    EXPECT_EQ(detected(text), "stix") << text;
  }
  for (const char* empty : {"{}", R"({"more":false})", R"({"objects":[]})", "[]",
                            R"({"type":"bundle","id":"bundle--1"})"}) {
    EXPECT_TRUE(read_as("stix", empty).status) << empty;
  }
  const ReadResult other = read_as("stix", R"({"results":[{"indicator":"x"}]})");
  ASSERT_FALSE(other.status);
  EXPECT_NE(other.status.error().message.find("results"), std::string::npos);
}

TEST(Stix, version_2_0_has_no_pattern_type) {
  const ReadResult result =
      read_as("stix",
              R"({"type":"bundle","id":"bundle--1","spec_version":"2.0","objects":[
          {"type":"indicator","id":"indicator--1","labels":["malicious-activity"],
           "pattern":"[file:hashes.'MD5' = '0123456789abcdef0123456789abcdef']","valid_from":"2026-01-01T00:00:00Z"}]})");
  ASSERT_EQ(claims_of_rows(result.rows),
            RowLines{"FileHash-MD5|0123456789abcdef0123456789abcdef"});
  EXPECT_EQ(result.rows[0].role, "malicious-activity");
}

TEST(Stix, other_patterns_are_kept_or_told) {
  const std::string yara =
      R"({"type":"indicator","id":"indicator--1","pattern_type":"yara","pattern":"rule Evil { condition: true }"})";
  const std::string snort =
      R"({"type":"indicator","id":"indicator--2","pattern_type":"snort","pattern":"alert tcp"})";
  const ReadResult result = read_as("stix", bundle(yara + "," + snort));
  ASSERT_EQ(claims_of_rows(result.rows), RowLines{"YARA|Evil"});
  EXPECT_EQ(result.rows[0].content, "rule Evil { condition: true }");
  EXPECT_EQ(reasons_of(result.notes), RowLines{"patterns of type 'snort': not read (1)"});
}

TEST(Stix, a_bad_pattern_or_object_costs_itself) {
  const ReadResult result =
      read_as("stix", bundle(indicator("1", "[ipv4-addr:value = ]") +
                             R"(,{"type":"indicator",},7,)" + indicator("2", kAddress)));
  ASSERT_TRUE(result.status);
  EXPECT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7"});
  EXPECT_EQ(result.damaged.total(), 3u);
}

TEST(Stix, a_cut_document_keeps_what_is_whole) {
  const std::string text = bundle(indicator("1", kAddress) + "," + indicator("2", kAddress));
  const ReadResult result = read_as("stix", text.substr(0, text.size() - 60));
  ASSERT_TRUE(result.status);
  EXPECT_TRUE(result.incomplete);
  EXPECT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7"});
}

TEST(Stix, many_values_of_one_pattern_do_not_repeat_a_long_text) {
  std::string pattern = "[ipv4-addr:value IN ('192.0.2.0'";
  for (int i = 1; i < 200; ++i) pattern += ",'192.0.2." + std::to_string(i) + "'";
  const ReadResult result = read_as(
      "stix", bundle(indicator("1", pattern + ")]",
                               R"(,"description":")" + std::string(100'000, 'x') + "\"")));
  ASSERT_EQ(result.rows.size(), 200u);
  EXPECT_LE(result.rows[199].description.size(), 256u);
}

}  // namespace
}  // namespace spoor
