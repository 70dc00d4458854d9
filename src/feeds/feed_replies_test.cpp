// Replies of services: what is read, and what is said of those that are something else.

#include "feeds/feed_replies.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

constexpr const char* kUuid = "5A1F0b2d-0e2f-4b2e-8d0c-5a1f0b2d3c4e";

TEST(FeedReplies, a_manifest_names_events_and_nothing_else) {
  Tally damaged;
  const std::string body = std::string("{\"") + kUuid +
                           "\":{\"timestamp\":\"1751371140\",\"info\":\"x\"},"
                           "\"../../etc/passwd\":{\"timestamp\":\"1\"},"
                           "\"00000000-0000-4000-8000-000000000000\":7}";
  const auto events = read_misp_manifest(body, damaged);
  ASSERT_TRUE(events) << events.error().message;
  ASSERT_EQ(events->size(), 1u);
  EXPECT_EQ(events->begin()->first, "5a1f0b2d-0e2f-4b2e-8d0c-5a1f0b2d3c4e");
  EXPECT_EQ(events->begin()->second, "1751371140");
  EXPECT_EQ(damaged.total(), 2u);
  EXPECT_TRUE(read_misp_manifest("{}", damaged)->empty());
  for (const char* bad : {"", "[]", "<html>", "{\"a\":{}}", "{\"a\":"})
    EXPECT_FALSE(read_misp_manifest(bad, damaged)) << bad;
}

TEST(FeedReplies, uuids) {
  EXPECT_TRUE(is_event_uuid(kUuid));
  for (const char* bad :
       {"", "5a1f0b2d-0e2f-4b2e-8d0c-5a1f0b2d3c4", "5a1f0b2d-0e2f-4b2e-8d0c-5a1f0b2d3c4/",
        "5a1f0b2d.0e2f-4b2e-8d0c-5a1f0b2d3c4e", "..%2F0b2d-0e2f-4b2e-8d0c-5a1f0b2d3c4e"})
    EXPECT_FALSE(is_event_uuid(bad)) << bad;
}

TEST(FeedReplies, a_page_of_misp_counts_its_events) {
  MispPageFacts facts;
  EXPECT_EQ(read_misp_page(
                "{\"response\":[{\"Event\":{\"timestamp\":\"7\"}},{\"Event\":{\"timestamp\":"
                "9}},{\"Event\":{}},{\"Event\":{\"timestamp\":-5}}]}",
                facts),
            "");
  EXPECT_EQ(facts.events, 4);
  EXPECT_EQ(facts.newest, time_from_micros(9'000'000));
  EXPECT_EQ(read_misp_page("[]", facts), "");
  EXPECT_EQ(facts.events, 0);
  EXPECT_FALSE(facts.newest.has_value());
  EXPECT_EQ(read_misp_page("{\"message\":\"no such key\"}", facts),
            "http 200 without a list of events: no such key");
  for (const char* bad : {"", "{\"response\":[", "{\"response\":{}}", "{]"})
    EXPECT_NE(read_misp_page(bad, facts), "") << bad;
}

TEST(FeedReplies, an_index_of_misp_is_taken_whole_or_not) {
  std::vector<MispIndexEvent> events;
  const std::string body =
      "[{\"id\":\"12\",\"timestamp\":\"7\",\"sighting_timestamp\":\"0\",\"published\":true,"
      "\"uuid\":\"5A3D0B1C-0000-4000-8000-00000000000F\",\"orgc_uuid\":\"x\"},"
      "{\"id\":13,\"published\":\"0\",\"uuid\":\"5a3d0b1c-0000-4000-8000-000000000010\"},"
      "{\"Event\":{\"id\":\"14\",\"published\":\"1\",\"timestamp\":\"x\","
      "\"uuid\":\"5a3d0b1c-0000-4000-8000-000000000011\"}}]";
  EXPECT_EQ(read_misp_index(body, events), "");
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].id, "12");
  EXPECT_EQ(events[0].uuid, "5a3d0b1c-0000-4000-8000-00000000000f");
  EXPECT_EQ(events[0].timestamp, time_from_micros(7'000'000));
  EXPECT_TRUE(events[0].published);
  EXPECT_EQ(events[1].id, "13");
  EXPECT_FALSE(events[1].published);
  EXPECT_TRUE(events[2].published);
  EXPECT_FALSE(events[2].timestamp.has_value());
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_NE(read_misp_index(std::string_view(body).substr(0, size), events), "") << size;
  EXPECT_EQ(read_misp_index("[]", events), "");
  EXPECT_TRUE(events.empty());
  for (const char* bad : {"{}", "[1]", "[{\"id\":\"1\"}]",
                          "[{\"id\":\"1 or 1\",\"uuid\":"
                          "\"5a3d0b1c-0000-4000-8000-000000000010\"}]"})
    EXPECT_NE(read_misp_index(bad, events), "") << bad;
}

TEST(FeedReplies, an_envelope_is_taken_whole_or_not) {
  TaxiiEnvelope envelope;
  const std::string body =
      "{\"next\":\"a\\/b\",\"more\":true,\"objects\":[{\"id\":\"x\"}, {}]}";
  EXPECT_EQ(read_taxii_envelope(body, envelope), "");
  EXPECT_EQ(envelope.count, 2u);
  EXPECT_EQ(envelope.objects, "[{\"id\":\"x\"}, {}]");
  EXPECT_EQ(envelope.next, "a/b");
  EXPECT_TRUE(envelope.more);
  EXPECT_EQ(read_taxii_envelope("{}", envelope), "");
  EXPECT_FALSE(envelope.more);
  EXPECT_EQ(envelope.objects, "");
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_NE(read_taxii_envelope(std::string_view(body).substr(0, size), envelope), "")
        << size;
  EXPECT_NE(read_taxii_envelope("{\"objects\":{}}", envelope), "");
  EXPECT_NE(read_taxii_envelope("{\"next\":\"" + std::string(9000, 'x') + "\"}", envelope), "");
}

TEST(FeedReplies, a_status_of_abuse_ch) {
  EXPECT_EQ(abuse_ch_refusal("{\"query_status\": \"no_result\", \"data\": []}"), "");
  EXPECT_EQ(abuse_ch_refusal("{\"query_status\":\"ok\",\"data\":[]}"), "");
  EXPECT_EQ(abuse_ch_refusal("{\"query_status\":\"unknown_auth_key\"}"), "unknown_auth_key");
  EXPECT_EQ(abuse_ch_refusal("{\"query_status\":\"\"}"), "an empty status");
  EXPECT_EQ(abuse_ch_refusal("{\"query_status\":\"" + std::string(500, 'x') + "\"}").size(),
            80u);
  EXPECT_EQ(abuse_ch_refusal("[1]"), "");
  EXPECT_EQ(abuse_ch_refusal(""), "");
}

}  // namespace
}  // namespace spoor
