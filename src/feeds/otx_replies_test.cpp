#include "feeds/otx_replies.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace spoor {
namespace {

TEST(OtxReplies, reads_events) {
  const auto events = read_otx_events(
      R"({"count":4,"next":null,"results":[
        {"id":17,"action":"Delete","object_type":"pulse","object_id":"6A17C0E4B2D95F3381D0AA01","created":"2026-05-28T09:12:44.100"},
        {"id":"6a17","action":"subscribe","object_type":"user","object_id":"bob","created":null},
        {"action":"","object_id":"x"}, 12]})",
      "page 1");
  ASSERT_TRUE(events) << events.error().message;
  ASSERT_EQ(events->events.size(), 2u);
  EXPECT_EQ(events->elements, 4u);
  EXPECT_EQ(events->damaged.total(), 2u);
  EXPECT_TRUE(events->events[0].takes());
  EXPECT_FALSE(events->events[0].brings());
  EXPECT_EQ(format_iso8601(*events->events[0].created), "2026-05-28T09:12:44.100000Z");
  EXPECT_TRUE(events->events[1].brings());
  EXPECT_FALSE(events->events[1].created);
}

TEST(OtxReplies, reads_ids) {
  const auto ids = read_otx_ids(
      R"({"count":3,"results":["6A17C0E4B2D95F3381D0AA01",{"id":"6a17c0e4b2d95f3381d0aa02"},"short",null],"next":"x"})",
      "page 1");
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->ids,
            (std::vector<std::string>{"6a17c0e4b2d95f3381d0aa01", "6a17c0e4b2d95f3381d0aa02"}));
  EXPECT_EQ(ids->damaged.total(), 2u);
  EXPECT_TRUE(ids->has_next);
  EXPECT_EQ(ids->count, 3);
}

TEST(OtxReplies, reads_users) {
  const auto user = read_otx_user(
      R"({"username":"bob","user_id":17,"member_since":"1343 days ago ","pulse_count":"3","follower_count":2.0})",
      "me");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->name, "bob");
  EXPECT_EQ(user->id, 17);
  EXPECT_EQ(user->pulses, 3);
  EXPECT_EQ(user->followers, 2);
  EXPECT_EQ(user->member_since, "1343 days ago");
  const auto nobody = read_otx_user(R"({"detail":"x"})", "me");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().message, "me: found the members detail, expected a username");
}

TEST(OtxReplies, reads_what_is_known_of_an_indicator) {
  const auto general = read_otx_general(
      R"({"indicator":"8.8.8.8","type":"IPv4","sections":["general","geo"],"base_indicator":{"id":1},
        "pulse_info":{"count":14,"pulses":[{"id":"p","name":"a\tb","TLP":"GREEN","author":{"username":"ann","id":"3"},"tags":["x"],"indicator_count":5},17]},
        "validation":[{"source":"whitelist","message":"Whitelisted","name":"Google"},{"source":"majestic","name":"Top"}],
        "false_positive":[{"assessment":"accepted","report_date":"2020"}],"country_name":"Peru","asn":"AS15169 Google "})",
      "x");
  ASSERT_TRUE(general);
  EXPECT_TRUE(general->known());
  EXPECT_EQ(general->pulse_count, 14);
  ASSERT_EQ(general->pulses.size(), 1u);
  EXPECT_EQ(general->pulses[0].author, "ann");
  EXPECT_EQ(general->pulses[0].tlp, "green");
  ASSERT_EQ(general->validation.size(), 2u);
  EXPECT_EQ(general->validation[1].message, "Top");
  EXPECT_TRUE(general->false_positive);
  EXPECT_EQ(general->asn, "AS15169 Google");
  const auto unknown = read_otx_general(
      R"({"indicator":"x","base_indicator":{},"pulse_info":{"count":0}})", "x");
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->known());
  EXPECT_TRUE(unknown->validation.empty());
}

TEST(OtxReplies, does_not_look_for_indicators_in_general) {
  // Should such a list ever come, it says nothing about the indicator that was asked for.
  const auto general = read_otx_general(
      R"({"indicator":"x","base_indicator":{},"pulse_info":{"count":0,"pulses":[]},"indicators":[{"indicator":"y"}]})",
      "x");
  ASSERT_TRUE(general);
  EXPECT_FALSE(general->known());
}

TEST(OtxReplies, reads_sections_with_and_without_a_list) {
  const struct {
    const char* section;
    const char* body;
    std::size_t rows;
    const char* first;
  } cases[] = {
      {"malware",
       R"({"data":[{"hash":"ab","datetime_int":5,"detections":{"avast":null}}],"size":null,"count":1,"next":"x"})",
       1, "5"},
      {"malware", R"({"data":[],"count":9,"next":"https://otx.example/x"})", 0, ""},
      {"url_list",
       R"({"url_list":[{"date":"2026-01-01T00:00:00","url":"http://e.example/","httpcode":200,"result":{"x":1}}],"has_next":true})",
       1, "2026-01-01T00:00:00"},
      {"passive_dns",
       R"({"passive_dns":[{"first":"2017-01-01 00:00:00","last":"x","hostname":"h","address":"a","asn":"ASNone "}],"count":1})",
       1, "2017-01-01 00:00:00"},
      {"http_scans", R"({"Error":"no data"})", 0, ""},
      {"whois",
       R"({"data":[{"key":"k","name":"Name","value":["a","b"]}],"related":[],"count":1})", 1,
       "Name"},
      {"nids_list", R"({"results":["ET TROJAN x"],"count":1,"next":null})", 1, "ET TROJAN x"},
      {"geo", R"({"country_name":"Peru","city":null,"latitude":-1.5,"city_data":false})", 3,
       "country_name"},
      {"reputation", R"({"reputation":{"threat_score":2,"activities":[{"name":"x"}]}})", 2,
       "reputation.threat_score"},
      {"analysis", R"({"analysis":{"info":{"results":{"md5":"ab"}}},"malware":{}})", 1,
       "analysis.info.results"},
  };
  for (const auto& c : cases) {
    const auto section = read_otx_section(*otx_section(c.section), c.body, c.section);
    ASSERT_TRUE(section) << c.section << ": " << section.error().message;
    ASSERT_EQ(section->rows.size(), c.rows) << c.section;
    if (c.rows > 0) {
      EXPECT_EQ(section->rows[0][0], c.first) << c.section;
    }
    for (const auto& row : section->rows) EXPECT_EQ(row.size(), section->columns.size());
  }
}

TEST(OtxReplies, refuses_what_is_no_such_reply) {
  for (const char* text :
       {"", "<html>", "[]", "17", "{", R"({"results":17})", "{\"a\":\"\xFF"}) {
    EXPECT_FALSE(read_otx_events(text, "x")) << text;
    EXPECT_FALSE(read_otx_ids(text, "x")) << text;
    EXPECT_FALSE(read_otx_users(text, "x")) << text;
    EXPECT_FALSE(read_otx_pulse_refs(text, "x")) << text;
    EXPECT_FALSE(read_otx_general(text, "x")) << text;
    EXPECT_FALSE(read_otx_types(text, "x")) << text;
    EXPECT_FALSE(read_otx_section(*otx_section("malware"), text, "x")) << text;
  }
  // A damaged text inside costs itself only.
  const auto repaired = read_otx_user("{\"username\":\"b\xFF\"}", "x");
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->name, "b\xEF\xBF\xBD");
}

// Recorded replies, where they are.
std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(OtxReplies, every_recorded_reply_is_read) {
  const char* set = std::getenv("SPOOR_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(set != nullptr ? set : "../shared") / "fixtures/otx";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded replies at " << folder;
  int generals = 0, sections = 0, others = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.rfind("schema_", 0) == 0) continue;
    const std::string text = slurp(entry.path());
    if (name.find("_general") != std::string::npos) {
      const auto general = read_otx_general(text, name);
      ASSERT_TRUE(general) << name << ": " << general.error().message;
      EXPECT_FALSE(general->indicator.empty()) << name;
      const bool unknown = name.find("unknown") != std::string::npos;
      EXPECT_EQ(general->known() || !general->validation.empty() || unknown ||
                    name.find("correlation") != std::string::npos ||
                    name.find("whitelisted") != std::string::npos ||
                    name.find("url_general") != std::string::npos,
                true)
          << name;
      if (name.find("8.8.8.8") != std::string::npos) {
        EXPECT_EQ(general->validation.size(), 2u);
      }
      EXPECT_EQ(text.find("\n\"indicators\""), std::string::npos);
      ++generals;
      continue;
    }
    const OtxSectionRow* section = nullptr;
    for (const OtxSectionRow& row : otx_sections()) {
      if (name.find("_" + std::string(row.name)) != std::string::npos) section = &row;
    }
    if (section != nullptr && name.rfind("pulses_", 0) != 0) {
      const auto read = read_otx_section(*section, text, name);
      ASSERT_TRUE(read) << name << ": " << read.error().message;
      EXPECT_TRUE(read->damaged.empty()) << name;
      ++sections;
    } else if (name == "pulses_events.json") {
      const auto events = read_otx_events(text, name);
      ASSERT_TRUE(events) << events.error().message;
      EXPECT_GE(events->events.size(), 1u);
      for (const OtxEvent& event : events->events) EXPECT_TRUE(event.created) << name;
      ++others;
    } else if (name == "pulses_subscribed_pulse_ids.json") {
      const auto ids = read_otx_ids(text, name);
      ASSERT_TRUE(ids) << ids.error().message;
      ++others;
    } else if (name == "users_me.json") {
      ASSERT_TRUE(read_otx_user(text, name)) << name;
      ++others;
    } else if (name == "pulses_indicators_types.json") {
      const auto types = read_otx_types(text, name);
      ASSERT_TRUE(types) << types.error().message;
      EXPECT_EQ(types->types.size(), 17u);
      ++others;
    }
  }
  std::printf("  %d general, %d sections, %d others\n", generals, sections, others);
  EXPECT_GE(generals, 8);
  EXPECT_GE(sections, 14);
  EXPECT_GE(others, 4);
}

}  // namespace
}  // namespace spoor
