// Lines of `spoor hunt --json`, read back.

#include "cases/hunt_stream.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

const std::string kLine =
    R"({"kind":"sighting","file":"a.log","line":3,"offset":10,"length":12,"type":"domain",)"
    R"("indicator":"evil.example","match":"evil.example","grade":"exact","rule":"D1","views":[],)"
    R"("sources":["otx","list"],"pulses":[{"id":"5f","name":"P","author":"a","tlp":"green",)"
    R"("tags":["apt"],"source":"otx"}],"new":true,"verdict":"weak","reason":"why",)"
    R"("time":"2026-11-24","live":false,"occurrences":1,"event_offset":8,)"
    R"("event_digest":"000102030405060708090a0b0c0d0e0f","text":"x evil.example"})";

TEST(HuntLine, gives_the_sighting_and_its_claims) {
  const auto read = read_hunt_line(kLine);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_TRUE(*read);
  const Sighting& sighting = (*read)->sighting;
  EXPECT_EQ(sighting.observable, (Observable{IndicatorType::kDomain, "evil.example"}));
  EXPECT_EQ(sighting.line, 3u);
  EXPECT_EQ(sighting.event_offset, 8u);
  EXPECT_EQ(sighting.event_digest.bytes[15], 15);
  EXPECT_EQ(sighting.verdict, Verdict::kWeak);
  EXPECT_FALSE(sighting.time_has_clock);
  EXPECT_EQ(sighting.live, false);
  EXPECT_EQ(sighting.match_begin, 2u);
  ASSERT_EQ((*read)->claims.size(), 2u);
  EXPECT_EQ((*read)->claims[0].pulse_id, "5f");
  EXPECT_EQ((*read)->claims[0].tlp, Tlp::kGreen);
  EXPECT_EQ((*read)->claims[1].feed, "list");
}

TEST(HuntLine, gives_the_host_of_the_event) {
  EXPECT_EQ((*read_hunt_line(kLine))->sighting.host, "");
  std::string line = kLine;
  line.insert(1, R"("host":"ws7","host_from":"record",)");
  EXPECT_EQ((*read_hunt_line(line))->sighting.host, "ws7");
  line.replace(line.find("ws7"), 3, R"(a\ufffd","host_hex":"61ff)");
  EXPECT_EQ((*read_hunt_line(line))->sighting.host, "a\xFF");
}

TEST(HuntLine, takes_exact_bytes_where_they_are_told) {
  std::string line = kLine;
  const std::string text = R"("text":"x evil.example")";
  line.replace(line.find(text), text.size(), R"("text":"x\ufffd","text_hex":"78ff")");
  EXPECT_EQ((*read_hunt_line(line))->sighting.event_text, "x\xFF");
  // UTF-16: the decoded text counts.
  const std::string match = R"("match":"evil.example")";
  line.replace(line.find(match), match.size(), R"("match":"evil.example","match_hex":"6500")");
  EXPECT_EQ((*read_hunt_line(line))->sighting.event_text, "x\xEF\xBF\xBD");
}

TEST(HuntLine, passes_over_other_kinds_and_refuses_damage) {
  EXPECT_FALSE(*read_hunt_line(R"({"kind":"summary","complete":true})"));
  for (const char* bad :
       {"", "{", "[]", "7", R"({"kind":"sighting"})",
        R"({"kind":"sighting","type":"domain","grade":"exact","indicator":"x"})",
        R"({"kind":"sighting","type":"no","grade":"exact","indicator":"x"})"})
    EXPECT_FALSE(read_hunt_line(bad)) << bad;
}

TEST(HuntLine, a_summary_says_whether_it_was_whole) {
  EXPECT_EQ(hunt_was_complete(R"({"kind":"summary","complete":false})"), false);
  EXPECT_EQ(hunt_was_complete(R"({"kind":"summary","complete":true})"), true);
  EXPECT_EQ(hunt_was_complete(kLine), std::nullopt);
}

}  // namespace
}  // namespace spoor
