// The variations in which OTX has sent pulses and indicators, one test each: a reader that is
// right about all of them but one loses pulses of some year or some endpoint.

#include <functional>

#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

/// A pulse that is usual in all but `members` (each one replaces the usual one).
Pulse read_pulse(const std::string& members) {
  const ReadResult result = read_as("otx", R"({"count":1,"next":null,"results":[{)" + members +
                                               R"(,"author_name":"ann","indicators":[]}]})");
  EXPECT_TRUE(result.status) << members;
  EXPECT_TRUE(result.damaged.empty()) << members;
  EXPECT_EQ(result.pulses.size(), 1u) << members;
  return result.pulses.empty() ? Pulse{} : result.pulses[0];
}

RawIndicator read_row(const std::string& members) {
  const ReadResult result =
      read_as("otx", R"({"results":[{"id":"1","name":"n","author_name":"ann","indicators":[{)" +
                         members + "}]}]}");
  EXPECT_TRUE(result.status) << members;
  EXPECT_TRUE(result.damaged.empty()) << members;
  if (result.pulses.size() != 1 || result.pulses[0].indicators.size() != 1) {
    ADD_FAILURE() << members;
    return {};
  }
  return result.pulses[0].indicators[0];
}
RawIndicator usual_row(const std::string& more) {
  return read_row(R"("indicator":"evil.example","type":"domain")" +
                  (more.empty() ? "" : "," + more));
}

using Words = std::vector<std::string>;

// The pulse.
TEST(OtxPulseShape, id_is_a_string) {
  EXPECT_EQ(read_pulse(R"("id":"6a17c0e4b2d95f3381d0aa01")").id, "6a17c0e4b2d95f3381d0aa01");
}
TEST(OtxPulseShape, id_of_old_exports) {
  EXPECT_EQ(read_pulse(R"("_id":"6a17c0e4b2d95f3381d0aa01")").id, "6a17c0e4b2d95f3381d0aa01");
  EXPECT_EQ(read_pulse(R"("_id":{"$oid":"6a17c0e4b2d95f3381d0aa01"})").id,
            "6a17c0e4b2d95f3381d0aa01");
}
TEST(OtxPulseShape, name_with_a_tab) {
  EXPECT_EQ(read_pulse(R"("id":"1","name":"a\tb")").name, "a\tb");
}
TEST(OtxPulseShape, name_with_a_nul) {
  EXPECT_EQ(read_pulse(R"("id":"1","name":"a\u0000b")").name, std::string("a\0b", 3));
}
TEST(OtxPulseShape, name_with_a_raw_control_character) {
  const ReadResult result =
      read_as("otx",
              "{\"results\":[{\"id\":\"1\",\"name\":\"a\x01"
              "b\",\"author_name\":\"x\","
              "\"indicators\":[{\"indicator\":\"evil.example\",\"type\":\"domain\"}]}]}");
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_EQ(result.pulses[0].name,
            "a\x01"
            "b");
  EXPECT_EQ(result.pulses[0].indicators.size(), 1u);
}
TEST(OtxPulseShape, name_with_an_emoji_and_html) {
  EXPECT_EQ(read_pulse(R"("id":"1","name":"\ud83d\ude00 <b>&amp;</b>")").name,
            "\xF0\x9F\x98\x80 <b>&amp;</b>");
}
TEST(OtxPulseShape, description_is_empty) {
  EXPECT_EQ(read_pulse(R"("id":"1","description":"")").description, "");
}
TEST(OtxPulseShape, description_is_long_markdown) {
  const std::string text = std::string(100'000, '#');
  EXPECT_EQ(read_pulse(R"("id":"1","description":")" + text + "\"").description, text);
}
TEST(OtxPulseShape, author_is_an_object) {
  const ReadResult result = read_as(
      "otx",
      R"([{"id":"1","name":"n","TLP":"white","author":{"username":"bob","id":"17"},"indicators":[]}])");
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_EQ(result.pulses[0].author, "bob");
}
TEST(OtxPulseShape, times_have_no_zone_and_are_utc) {
  const Pulse pulse = read_pulse(R"("id":"1","modified":"2026-05-30T16:20:11.402000")");
  EXPECT_EQ(format_iso8601(*pulse.modified), "2026-05-30T16:20:11.402000Z");
}
TEST(OtxPulseShape, times_without_a_fraction) {
  EXPECT_EQ(format_iso8601(*read_pulse(R"("id":"1","created":"2026-05-30T16:20:11")").created),
            "2026-05-30T16:20:11Z");
}
TEST(OtxPulseShape, revision_is_an_integer) {
  EXPECT_EQ(read_pulse(R"("id":"1","revision":3)").revision, 3);
}
TEST(OtxPulseShape, revision_is_a_real) {
  EXPECT_EQ(read_pulse(R"("id":"1","revision":4.0)").revision, 4);
}
TEST(OtxPulseShape, tlp_in_small_letters) {
  EXPECT_EQ(read_pulse(R"("id":"1","tlp":"green")").tlp, Tlp::kGreen);
}
TEST(OtxPulseShape, tlp_in_capitals) {
  EXPECT_EQ(read_pulse(R"("id":"1","TLP":"GREEN")").tlp, Tlp::kGreen);
}
TEST(OtxPulseShape, tlp_clear_is_white) {
  EXPECT_EQ(read_pulse(R"("id":"1","tlp":"clear")").tlp, Tlp::kClear);
  EXPECT_EQ(read_pulse(R"("id":"1","tlp":"white")").tlp, Tlp::kClear);
}
TEST(OtxPulseShape, tlp_missing_or_unknown_is_amber) {
  EXPECT_EQ(read_pulse(R"("id":"1")").tlp, Tlp::kAmber);
  EXPECT_EQ(read_pulse(R"("id":"1","tlp":"mauve")").tlp, Tlp::kAmber);
  EXPECT_EQ(read_pulse(R"("id":"1","tlp":null)").tlp, Tlp::kAmber);
}
TEST(OtxPulseShape, public_is_a_number) {
  EXPECT_TRUE(read_pulse(R"("id":"1","public":1)").is_public);
  EXPECT_FALSE(read_pulse(R"("id":"1","public":0)").is_public);
}
TEST(OtxPulseShape, public_is_a_bool) {
  EXPECT_TRUE(read_pulse(R"("id":"1","public":true)").is_public);
}
TEST(OtxPulseShape, adversary_is_empty_or_null) {
  EXPECT_EQ(read_pulse(R"("id":"1","adversary":"")").adversary, "");
  EXPECT_EQ(read_pulse(R"("id":"1","adversary":null)").adversary, "");
}
TEST(OtxPulseShape, references_hold_nothing_a_bare_host_or_prose) {
  EXPECT_EQ(
      read_pulse(R"("id":"1","references":["","evil.example","see the mail"])").references,
      (Words{"evil.example", "see the mail"}));
}
TEST(OtxPulseShape, malware_families_are_strings) {
  EXPECT_EQ(read_pulse(R"("id":"1","malware_families":["Zeus"])").malware_families,
            Words{"Zeus"});
}
TEST(OtxPulseShape, malware_families_are_objects) {
  const Pulse pulse = read_pulse(
      R"("id":"1","malware_families":[{"id":"Zeus","display_name":"Zeus - S1","target":null}])");
  EXPECT_EQ(pulse.malware_families, Words{"Zeus - S1"});
  EXPECT_NE(pulse.extra.find("target"), std::string::npos);
}
TEST(OtxPulseShape, malware_families_are_absent) {
  EXPECT_TRUE(read_pulse(R"("id":"1")").malware_families.empty());
}
TEST(OtxPulseShape, attack_ids_are_strings) {
  EXPECT_EQ(read_pulse(R"("id":"1","attack_ids":["T1059"])").attack_ids, Words{"T1059"});
}
TEST(OtxPulseShape, attack_ids_are_objects) {
  EXPECT_EQ(
      read_pulse(
          R"("id":"1","attack_ids":[{"id":"T1059","name":"Shell","display_name":"T1059 - Shell"}])")
          .attack_ids,
      Words{"T1059"});
}
TEST(OtxPulseShape, attack_ids_are_absent) {
  EXPECT_TRUE(read_pulse(R"("id":"1")").attack_ids.empty());
}
TEST(OtxPulseShape, extract_source_is_a_list) {
  EXPECT_EQ(read_pulse(R"("id":"1","extract_source":["report.pdf"])").extract_source,
            Words{"report.pdf"});
}
TEST(OtxPulseShape, more_indicators_is_true) {
  EXPECT_TRUE(read_pulse(R"("id":"1","more_indicators":true)").more_indicators);
  EXPECT_FALSE(read_pulse(R"("id":"1","more_indicators":false)").more_indicators);
}
TEST(OtxPulseShape, in_group_is_kept_among_the_rest) {
  EXPECT_EQ(read_pulse(R"("id":"1","in_group":true)").extra, R"({"in_group":true})");
}
TEST(OtxPulseShape, metadata_without_a_list_of_indicators) {
  const ReadResult result = read_as(
      "otx",
      R"({"count":1,"results":[{"id":"1","name":"n","TLP":"white","author":{"username":"b"},
        "indicator_count":7,"indicator_type_counts":{"IPv4":7},"upvotes_count":2.0,"locked":0,
        "is_subscribing":null,"modified_text":"3 days ago ","observation":{"id":"1"}}],"next":null})");
  ASSERT_TRUE(result.status);
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_TRUE(result.pulses[0].indicators.empty());
  EXPECT_TRUE(result.pulses[0].more_indicators) << "or its stored indicators would end";
}
TEST(OtxPulseShape, nothing_new) {
  const ReadResult result =
      read_as("otx", R"({"count":0,"next":null,"previous":null,"results":[],"t":0,"t2":0.1})");
  EXPECT_TRUE(result.status);
  EXPECT_TRUE(result.pulses.empty());
}

// The indicator in it.
TEST(OtxRowShape, id_needs_64_bits) {
  EXPECT_EQ(usual_row(R"("id":4081308221)").source_id, 4081308221);
}
TEST(OtxRowShape, id_is_absent) {
  EXPECT_EQ(usual_row("").source_id, 0);
}
TEST(OtxRowShape, value_is_kept_as_written) {
  EXPECT_EQ(read_row(R"("indicator":" EVIL[.]Example. ","type":"domain")").value,
            " EVIL[.]Example. ");
}
TEST(OtxRowShape, type_in_another_case) {
  EXPECT_EQ(read_row(R"("indicator":"http://x.example/","type":"Url")").type, "Url");
}
TEST(OtxRowShape, type_that_nobody_knows) {
  EXPECT_EQ(read_row(R"("indicator":"x","type":"Teapot")").type, "Teapot");
}
TEST(OtxRowShape, created_to_the_second) {
  EXPECT_EQ(format_iso8601(*usual_row(R"("created":"2026-05-28T09:12:44")").created),
            "2026-05-28T09:12:44Z");
}
TEST(OtxRowShape, created_is_absent) {
  EXPECT_FALSE(usual_row("").created);
}
TEST(OtxRowShape, content_holds_a_rule) {
  EXPECT_EQ(read_row(R"("indicator":"da39a3ee5e6b4b0d3255bfef95601890afd80709","type":"YARA",)"
                     R"("content":"rule x { condition: true }")")
                .content,
            "rule x { condition: true }");
}
TEST(OtxRowShape, title_and_description_are_null) {
  const RawIndicator row = usual_row(R"("title":null,"description":null,"content":null)");
  EXPECT_EQ(row.title + row.description + row.content, "");
}
TEST(OtxRowShape, expiration_is_a_time) {
  EXPECT_EQ(format_iso8601(*usual_row(R"("expiration":"2026-06-27T00:00:00")").expiration),
            "2026-06-27T00:00:00Z");
}
TEST(OtxRowShape, expiration_is_null) {
  EXPECT_FALSE(usual_row(R"("expiration":null)").expiration);
}
TEST(OtxRowShape, is_active_is_a_number) {
  EXPECT_FALSE(usual_row(R"("is_active":0)").active);
  EXPECT_TRUE(usual_row(R"("is_active":1)").active);
}
TEST(OtxRowShape, is_active_is_a_bool) {
  EXPECT_FALSE(usual_row(R"("is_active":false)").active);
}
TEST(OtxRowShape, is_active_is_absent) {
  EXPECT_TRUE(usual_row("").active);
}
TEST(OtxRowShape, role_is_a_word) {
  EXPECT_EQ(usual_row(R"("role":"command_and_control")").role, "command_and_control");
}
TEST(OtxRowShape, role_is_null_empty_or_absent) {
  EXPECT_EQ(usual_row(R"("role":null)").role, "");
  EXPECT_EQ(usual_row(R"("role":"")").role, "");
  EXPECT_EQ(usual_row("").role, "");
}
TEST(OtxRowShape, access_and_observations_of_older_replies) {
  EXPECT_EQ(
      usual_row(
          R"("access_type":"public","access_reason":"","access_groups":[],"observations":9)")
          .value,
      "evil.example");
}
TEST(OtxRowShape, a_row_of_a_pulses_own_list) {
  const ReadResult result = read_as(
      "otx",
      R"({"count":1,"next":null,"previous":null,"results":[{"id":7,"indicator":"evil.example",
        "type":"domain","pulse_key":"6a17c0e4b2d95f3381d0aa01","slug":"domain"}]})");
  ASSERT_TRUE(result.status);
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(result.rows[0].value, "evil.example");
}
TEST(OtxRowShape, a_row_of_the_export) {
  const ReadResult result = read_as(
      "otx",
      R"({"count":1,"next":"https://otx.example/x?modified_since=2026-01-01T00:00:00+00:00",
        "results":[{"id":7,"indicator":"evil.example","type":"domain","title":null,"description":null,"content":""}]})");
  ASSERT_TRUE(result.status);
  ASSERT_EQ(result.rows.size(), 1u);
}

}  // namespace
}  // namespace spoor
