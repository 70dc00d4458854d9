// Which pulses an account has lost and gained, from its events and its list of ids; and the
// feeds that name pulses without their rows.

#include "collect/otx_reconcile.h"

#include "collect/collect.h"
#include "collect/otx_fake_test.h"

namespace spoor {
namespace {

using namespace otx_fake;

Time hour(int hours) {
  return parse_iso8601("2026-03-01T00:00:00")->time + std::chrono::hours(hours);
}

FakePulse pulse(int i) {
  char id[32];
  std::snprintf(id, sizeof id, "%024x", static_cast<unsigned>(i));
  FakePulse made;
  made.id = id;
  made.name = "pulse " + std::to_string(i);
  made.modified = hour(i);
  made.author = i % 2 == 0 ? "even" : "odd";
  made.rows = {{"h" + std::to_string(i) + ".evil-example.com", true},
               {"h-old" + std::to_string(i) + ".evil-example.com", false}};
  return made;
}

class ReconcileTest : public ::testing::Test {
 protected:
  ReconcileTest() {
    options.base_url = "https://otx.example";
    options.key = kKey;
    options.page_size = 50;
    options.tries = 2;
    options.reconcile = OtxReconcile::kDaily;
    options.sleep = [](std::chrono::milliseconds) {};
  }
  void make(int count) {
    for (int i = 1; i <= count; ++i) service.pulses.push_back(pulse(i));
  }
  CollectReport collect() {
    urls.clear();
    FakeTransport transport([&](const HttpRequest& request) -> Result<HttpResponse> {
      urls.push_back(request.url);
      if (fault) {
        if (auto reply = fault(request.url)) return *reply;
      }
      return service.answer(request.url);
    });
    auto report = collect_otx(*store, transport, clock, options, {});
    EXPECT_TRUE(report) << report.error().message;
    return report ? std::move(*report) : CollectReport{};
  }
  int asked(const std::string& part) const {
    return static_cast<int>(std::count_if(urls.begin(), urls.end(), [&](const auto& url) {
      return url.find(part) != std::string::npos;
    }));
  }
  /// "active", "ended 2026-...", "inactive" of the claim on a value.
  std::string claim(const std::string& value) {
    std::string text = "none";
    IndicatorFilter filter;
    filter.value_like = value;
    EXPECT_TRUE(store->for_each_claim(filter, [&](const ClaimView& view) {
      text = view.active  ? "active"
             : view.ended ? "ended " + format_iso8601(*view.ended)
                          : "inactive";
    }));
    return text;
  }
  void later(std::chrono::hours hours) { clock.set(clock.now() + hours); }

  FakeStore store;
  FakeService service;
  OtxCollectOptions options;
  FixedClock clock{parse_iso8601("2026-11-24T10:00:00")->time};
  std::vector<std::string> urls;
  std::function<std::optional<Result<HttpResponse>>(const std::string&)> fault;
};

TEST_F(ReconcileTest, is_done_daily_or_when_an_event_calls_for_it) {
  make(4);
  EXPECT_EQ(collect().reconciled, "4 listed: 0 gone, 0 brought");
  EXPECT_EQ(collect().reconciled, "");
  EXPECT_EQ(asked("subscribed_pulse_ids"), 0);
  later(std::chrono::hours(25));
  EXPECT_EQ(collect().reconciled, "4 listed: 0 gone, 0 brought");
  service.events.push_back({"delete", "pulse", service.pulses[0].id, hour(50)});
  service.pulses.erase(service.pulses.begin());
  EXPECT_EQ(collect().reconciled, "3 listed: 1 gone, 0 brought");
  EXPECT_EQ(collect().reconciled, "");
  options.reconcile = OtxReconcile::kNever;
  later(std::chrono::hours(25));
  EXPECT_EQ(collect().reconciled, "");
  EXPECT_EQ(asked("events"), 0);
}

TEST_F(ReconcileTest, an_end_has_the_date_of_its_event_or_none) {
  make(20);
  collect();
  const auto drop = [&](int i) {
    const std::string id = pulse(i).id;
    service.pulses.erase(service.pulses.begin() + (service.find(id) - service.pulses.data()));
  };
  service.events.push_back({"private", "pulse", pulse(3).id, hour(70)});
  drop(3);
  drop(5);  // without a word
  options.reconcile = OtxReconcile::kNow;
  const CollectReport report = collect();
  EXPECT_EQ(report.counts.pulses_gone, 2u);
  EXPECT_EQ(report.counts.claims_ended, 2u);
  EXPECT_EQ(claim("h3.evil"), "ended 2026-03-03T22:00:00Z");
  EXPECT_EQ(claim("h5.evil"), "inactive");
  EXPECT_EQ(claim("h4.evil"), "active");
  ASSERT_EQ(report.changes.size(), 2u);
  EXPECT_EQ(report.changes[0].kind, PulseChange::Kind::kGone);
  EXPECT_FALSE(collect().counts.changed());
}

TEST_F(ReconcileTest, an_author_who_is_left_takes_all_of_theirs_along) {
  make(40);
  collect();
  for (FakePulse& each : service.pulses) each.subscribed = each.author == "odd";
  service.events.push_back({"unsubscribe", "user", "even", hour(90)});
  const CollectReport report = collect();
  EXPECT_EQ(report.reconciled, "20 listed: 20 gone, 0 brought");
  EXPECT_EQ(claim("h8.evil"), "ended 2026-03-04T18:00:00Z");
  EXPECT_EQ(claim("h9.evil"), "active");
}

TEST_F(ReconcileTest, a_new_subscription_brings_what_is_older_than_the_watermark) {
  make(30);
  for (int i = 0; i < 10; ++i) service.pulses[static_cast<std::size_t>(i)].subscribed = false;
  service.pulses[2].shown = 0;
  collect();
  EXPECT_EQ(claim("h3.evil"), "none");
  for (FakePulse& each : service.pulses) each.subscribed = true;
  service.events.push_back({"subscribe", "user", "odd", hour(90)});
  EXPECT_EQ(collect().reconciled, "30 listed: 0 gone, 10 brought");
  EXPECT_EQ(claim("h3.evil"), "active");
  // Gone and back again, unchanged.
  service.pulses[7].subscribed = false;
  service.events.push_back({"unsubscribe", "pulse", service.pulses[7].id, hour(91)});
  EXPECT_EQ(collect().reconciled, "29 listed: 1 gone, 0 brought");
  service.pulses[7].subscribed = true;
  service.events.push_back({"subscribe", "pulse", service.pulses[7].id, hour(92)});
  EXPECT_EQ(collect().reconciled, "30 listed: 0 gone, 1 brought");
  EXPECT_EQ(claim("h8.evil"), "active");
}

TEST_F(ReconcileTest, very_many_at_once_are_walked_and_not_asked_for_one_by_one) {
  make(1);
  collect();
  for (int i = 2; i <= 700; ++i) {
    FakePulse old = pulse(i);
    old.modified = hour(-i);
    service.pulses.push_back(old);
  }
  service.events.push_back({"subscribe", "user", "odd", hour(90)});
  const CollectReport report = collect();
  EXPECT_EQ(report.reconciled, "700 listed: 0 gone, 699 missing: the feed is walked whole");
  EXPECT_EQ(report.counts.pulses_new, 699u);
  EXPECT_LT(report.requests, 30);
}

TEST_F(ReconcileTest, a_list_that_cannot_be_trusted_ends_nothing) {
  make(40);
  collect();
  const std::string ids = "subscribed_pulse_ids";
  const struct {
    const char* name;
    std::string body;
    const char* said;
  } cases[] = {
      {"empty", R"({"count":0,"results":[],"next":null})",
       "40 seem gone and are kept, since that is most of the 40"},
      {"less than it counts", R"({"count":40,"results":["000000000000000000000001"]})",
       "39 seem gone and are kept, since the list holds 1 of the 40 that it counts"},
      {"damaged ids", R"({"count":40,"results":["x","y",null,17]})",
       "40 seem gone and are kept, since the list holds 0 of the 40 that it counts"},
      {"html", "<html>",
       "not done: the list of subscribed pulses: subscribed ids: page 1: http 200, but"},
      {"another document", R"({"detail":"busy"})",
       "not done: the list of subscribed pulses: subscribed ids: page 1: http 200, but"},
  };
  for (const auto& c : cases) {
    later(std::chrono::hours(25));
    fault = [&](const std::string& url) -> std::optional<Result<HttpResponse>> {
      if (url.find(ids) == std::string::npos) return std::nullopt;
      return FakeTransport::json(c.body);
    };
    const CollectReport report = collect();
    EXPECT_TRUE(report.whole) << c.name;
    EXPECT_NE(report.reconciled.find(c.said), std::string::npos)
        << c.name << ": " << report.reconciled;
    EXPECT_EQ(report.counts.pulses_gone, 0u) << c.name;
    EXPECT_EQ(claim("h8.evil"), "active") << c.name;
  }
  // Whoever asks for it by name is believed.
  fault = [&](const std::string& url) -> std::optional<Result<HttpResponse>> {
    if (url.find(ids) == std::string::npos) return std::nullopt;
    return FakeTransport::json(R"({"count":0,"results":[],"next":null})");
  };
  options.reconcile = OtxReconcile::kNow;
  EXPECT_EQ(collect().counts.pulses_gone, 40u);
  EXPECT_EQ(store->counts()->claims, 40u);
}

TEST_F(ReconcileTest, a_feed_that_is_no_list_of_subscriptions_is_not_held_against_one) {
  make(4);
  service.pulses[0].subscribed = false;
  options.walk.endpoint = OtxEndpoint::kActivity;
  collect();
  EXPECT_EQ(asked("subscribed_pulse_ids"), 0);
  EXPECT_EQ(claim("h1.evil"), "active");
}

TEST_F(ReconcileTest, an_authors_feed_is_completed_pulse_by_pulse) {
  make(9);
  service.pulses[4].shown = 0;
  options.walk = {OtxEndpoint::kUser, "odd"};
  options.feed = "otx:odd";
  CollectReport report = collect();
  EXPECT_EQ(report.pulses, 5u);
  EXPECT_EQ(report.counts.claims_new, 5u);
  EXPECT_EQ(urls[0], "https://otx.example/api/v1/pulses/user/odd?limit=50&page=1");
  EXPECT_EQ(asked("/pulses/0000"), 5);
  report = collect();
  EXPECT_EQ(asked("/pulses/0000"), 0);  // known as they are
  EXPECT_FALSE(report.counts.changed());
  // One that is too big to be had whole comes by pages.
  service.pulses[8].rows.push_back({"h-new.evil-example.com", true});
  service.pulses[8].modified = hour(60);
  fault = [&](const std::string& url) -> std::optional<Result<HttpResponse>> {
    if (url.substr(url.size() - 24) != pulse(9).id) return std::nullopt;
    return FakeTransport::json("", 504);
  };
  report = collect();
  EXPECT_EQ(report.counts.claims_new, 1u);
  EXPECT_EQ(claim("h-new.evil"), "active");
}

TEST_F(ReconcileTest, inactive_indicators_come_when_asked_for) {
  make(3);
  collect();
  EXPECT_EQ(claim("h-old2.evil"), "none");
  options.full = options.inactive = true;
  collect();
  EXPECT_EQ(claim("h-old2.evil"), "inactive");
  EXPECT_EQ(claim("h2.evil"), "active");
}

}  // namespace
}  // namespace spoor
