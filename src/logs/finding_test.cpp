#include "logs/finding.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

Time at(const char* text) {
  return parse_iso8601(text)->time;
}

struct Span {
  const char* created;
  const char* expiration;
  const char* ended;
  bool active;
};
struct LiveCase {
  const char* name;
  std::vector<Span> claims;
  const char* event;  ///< "": unknown; a bare date: no clock
  const char* expected;
};

TEST(Finding, knows_whether_a_claim_was_live) {
  const LiveCase cases[] = {
      {"expired before",
       {{"2026-01-01", "2026-01-31", "", true}},
       "2026-02-10T00:00:00Z",
       "false"},
      {"within", {{"2026-01-01", "2026-01-31", "", true}}, "2026-01-10T00:00:00Z", "true"},
      {"at the very end",
       {{"2026-01-01", "2026-01-31", "", true}},
       "2026-01-31T00:00:00Z",
       "true"},
      {"before it was made",
       {{"2026-01-01", "2026-01-31", "", true}},
       "2025-12-01T00:00:00Z",
       "true"},
      {"open end", {{"2026-01-01", "", "", true}}, "2030-01-01T00:00:00Z", "true"},
      {"open end, no dates", {{"", "", "", true}}, "2030-01-01T00:00:00Z", "null"},
      {"inactive since unknown",
       {{"2026-01-01", "", "", false}},
       "2026-02-01T00:00:00Z",
       "null"},
      {"ended", {{"2026-01-01", "", "2026-01-20", false}}, "2026-02-01T00:00:00Z", "false"},
      {"the earlier end counts",
       {{"2026-01-01", "2026-03-01", "2026-01-20", false}},
       "2026-02-01T00:00:00Z",
       "false"},
      {"one of two ended",
       {{"2026-01-01", "2026-01-31", "", true}, {"2026-01-01", "", "", true}},
       "2026-02-10T00:00:00Z",
       "true"},
      {"one ended, one unknown",
       {{"2026-01-01", "2026-01-31", "", true}, {"", "", "", true}},
       "2026-02-10T00:00:00Z",
       "null"},
      {"time unknown", {{"2026-01-01", "2026-01-31", "", true}}, "", "null"},
      {"no claims", {}, "2026-02-10T00:00:00Z", "null"},
      {"only the day, ended within it",
       {{"2026-01-01", "2026-02-10T12:00:00Z", "", true}},
       "2026-02-10",
       "true"},
      {"only the day, ended before",
       {{"2026-01-01", "2026-02-09T12:00:00Z", "", true}},
       "2026-02-10",
       "false"},
  };
  for (const LiveCase& each : cases) {
    IndicatorStory story;
    for (const Span& span : each.claims) {
      ClaimSummary claim;
      if (*span.created != 0) claim.created = at(span.created);
      if (*span.expiration != 0) claim.expiration = at(span.expiration);
      if (*span.ended != 0) claim.ended = at(span.ended);
      claim.active = span.active;
      story.claims.push_back(claim);
    }
    std::optional<EventTime> event;
    if (*each.event != 0)
      event = EventTime{at(each.event), std::string(each.event).size() > 10};
    const auto live = was_live(story, event);
    EXPECT_STREQ(!live ? "null" : *live ? "true" : "false", each.expected) << each.name;
  }
}

TEST(Finding, exit_status_follows_the_design) {
  HuntTotals totals;
  EXPECT_EQ(totals.exit_status(), 1);
  totals.found = 1;
  EXPECT_EQ(totals.exit_status(), 0);
  totals.complete = false;
  EXPECT_EQ(totals.exit_status(), 0) << "damage met on the way leaves the status";
  totals.named_failures = 1;
  EXPECT_EQ(totals.exit_status(), 2);
}

TEST(StaleWords, name_what_is_older_than_thirty_days_and_nothing_else) {
  const Time now = parse_iso8601("2026-11-24")->time;
  Freshness freshness;
  freshness.feeds = {{"otx", parse_iso8601("2026-10-10")->time, {}},
                     {"file:new", parse_iso8601("2026-11-20")->time, {}},
                     {"file:unknown", {}, {}}};
  freshness.newest_pulse = parse_iso8601("2026-11-01")->time;
  EXPECT_EQ(stale_words(freshness, now),
            std::vector<std::string>{"feed 'otx' ran last 45 days ago"});
  freshness.newest_pulse = parse_iso8601("2026-09-25")->time;
  freshness.feeds.clear();
  EXPECT_EQ(stale_words(freshness, now),
            std::vector<std::string>{"the newest pulse is of 60 days ago"});
  EXPECT_TRUE(stale_words({}, now).empty());
}

}  // namespace
}  // namespace spoor
