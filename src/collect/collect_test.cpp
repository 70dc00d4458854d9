// The walk against a service in memory: a list of pulses, sorted newest first, that is cut into
// pages as OTX does it, with faults put in between.

#include "collect/collect.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/json_writer.h"
#include "base/temporary_folder.h"
#include "collect/otx_fake_test.h"
#include "net/fake_transport.h"

namespace spoor {
namespace {

constexpr const char* kKey = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

class TemporaryStore {
 public:
  TemporaryStore() { reopen(); }
  void reopen() {
    store_.reset();
    auto store = Store::open(folder_ / "spoor.db", Store::Mode::kReadWrite);
    if (!store) {
      ADD_FAILURE() << store.error().message;
      std::abort();
    }
    store_ = std::move(*store);
  }
  Store& operator*() { return *store_; }
  Store* operator->() { return store_.get(); }

  /// "pulse id: value value", sorted: what the store holds, whatever the way there.
  std::map<std::string, std::set<std::string>> content() {
    std::map<std::string, std::set<std::string>> pulses;
    const auto status = store_->for_each_claim({}, [&](const ClaimView& claim) {
      pulses[claim.pulse_id].insert(claim.observable.value);
    });
    EXPECT_TRUE(status) << status.error().message;
    return pulses;
  }
  FeedState feed(const std::string& name = "otx") {
    const auto state = store_->feed(name);
    EXPECT_TRUE(state && *state);
    return state && *state ? **state : FeedState{};
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

struct FakePulse {
  std::string id;
  Time modified;
  std::vector<std::string> values;
  std::size_t shown = SIZE_MAX;  ///< rows in the feed; the rest only at pulses/{id}/indicators
};

Time at(int minutes) {
  return parse_iso8601("2026-11-01T00:00:00")->time + std::chrono::minutes(minutes);
}

/// OTX in memory.
class FakeOtx {
 public:
  std::vector<FakePulse> pulses;  ///< newest first
  /// Called before a request is answered; a reply of its own stands in for the service's.
  std::function<std::optional<Result<HttpResponse>>(const HttpRequest&, int number)> fault;
  int requests = 0;
  std::size_t counts_too_many = 0;

  explicit FakeOtx(int count) {
    for (int i = count; i > 0; --i) pulses.push_back(pulse(i));
  }
  static FakePulse pulse(int i) {
    char id[32];
    std::snprintf(id, sizeof id, "%024x", static_cast<unsigned>(i));
    return {id,
            at(i),
            {"host" + std::to_string(i) + ".evil-example.com",
             "203.0.113." + std::to_string(i % 256)}};
  }
  std::map<std::string, std::set<std::string>> content() const {
    std::map<std::string, std::set<std::string>> all;
    for (const FakePulse& p : pulses) all[p.id].insert(p.values.begin(), p.values.end());
    return all;
  }

  Result<HttpResponse> operator()(const HttpRequest& request) {
    ++requests;
    if (fault) {
      if (auto reply = fault(request, requests)) return *reply;
    }
    return plain(request);
  }
  Result<HttpResponse> plain(const HttpRequest& request) {
    const auto number = [&](const char* name) {
      return std::stoul(FakeTransport::parameter(request.url, name));
    };
    const std::size_t limit = number("limit"), page = number("page");
    const std::size_t begin = (page - 1) * limit;
    JsonWriter out;
    out.begin_object();
    if (request.url.find("/indicators?") != std::string::npos) {
      const std::size_t from = request.url.find("/pulses/") + 8;
      const std::string id = request.url.substr(from, request.url.find("/indicators") - from);
      const auto it = std::find_if(pulses.begin(), pulses.end(),
                                   [&](const FakePulse& p) { return p.id == id; });
      if (it == pulses.end()) return FakeTransport::json("{\"detail\":\"not found\"}", 404);
      out.member("count", static_cast<std::uint64_t>(it->values.size()))
          .key("results")
          .begin_array();
      for (std::size_t i = begin; i < std::min(begin + limit, it->values.size()); ++i)
        row(out, it->values[i]);
      out.end_array().member("next", "https://elsewhere.example/next").end_object();
      return FakeTransport::json(out.take());
    }
    std::vector<const FakePulse*> chosen;
    const std::string since = FakeTransport::parameter(request.url, "modified_since");
    for (const FakePulse& p : pulses) {
      if (since.empty() || format_iso8601(p.modified) >= otx_fake::percent_decode(since))
        chosen.push_back(&p);
    }
    out.member("count", static_cast<std::uint64_t>(chosen.size() + counts_too_many));
    out.key("results").begin_array();
    for (std::size_t i = begin; i < std::min(begin + limit, chosen.size()); ++i) {
      const FakePulse& p = *chosen[i];
      std::string modified = format_iso8601(p.modified);
      modified.pop_back();  // OTX writes no zone
      out.begin_object()
          .member("id", p.id)
          .member("name", "pulse " + p.id)
          .member("author_name", "someone");
      out.member("modified", modified)
          .member("created", "2026-10-01T00:00:00")
          .member("tlp", "white");
      out.member("more_indicators", p.shown < p.values.size()).key("indicators").begin_array();
      for (std::size_t r = 0; r < std::min(p.shown, p.values.size()); ++r)
        row(out, p.values[r]);
      out.end_array().end_object();
    }
    out.end_array();
    // As recorded: an absolute address, of another host here, even where nothing follows.
    out.member("next", "https://elsewhere.example/api/v1/pulses/subscribed?page=" +
                           std::to_string(page + 1));
    out.end_object();
    return FakeTransport::json(out.take());
  }

 private:
  static void row(JsonWriter& out, const std::string& value) {
    out.begin_object().member("indicator", value);
    out.member("type", value.substr(0, 4) == "host" ? "hostname" : "IPv4").end_object();
  }
};

/// One collect with everything around it.
struct CollectRun {
  OtxCollectOptions options;
  FixedClock clock{parse_iso8601("2026-11-24T10:00:00")->time};
  std::chrono::milliseconds slept{0};
  std::vector<std::string> messages;
  std::vector<HttpRequest> requests;

  CollectRun() {
    options.base_url = "https://otx.example";
    options.key = kKey;
    options.page_size = 8;
    options.sleep = [this](std::chrono::milliseconds time) { slept += time; };
    options.jitter = [] { return 0.0; };
  }
  Result<CollectReport> operator()(Store& store, FakeOtx& service) {
    FakeTransport transport([&](const HttpRequest& request) { return service(request); });
    slept = std::chrono::milliseconds(0);
    messages.clear();
    auto report =
        collect_otx(store, transport, clock, options, [&](const CollectProgress& progress) {
          if (!progress.message.empty()) messages.push_back(progress.message);
        });
    requests = transport.requests();
    for (const HttpRequest& request : requests) {
      // Whatever happens: one host, and the key in one header only.
      EXPECT_EQ(request.url.find("https://otx.example/api/v1/pulses/"), 0u) << request.url;
      EXPECT_EQ(request.url.find(kKey), std::string::npos);
      int keys = 0;
      for (const auto& [name, value] : request.headers) {
        if (value.find(kKey) == std::string::npos) continue;
        ++keys;
        EXPECT_EQ(name, "X-OTX-API-KEY");
      }
      EXPECT_EQ(keys, 1);
    }
    for (const std::string& message : messages)
      EXPECT_EQ(message.find(kKey), std::string::npos);
    if (!report) {
      EXPECT_EQ(report.error().message.find(kKey), std::string::npos);
    }
    return report;
  }
  std::vector<std::string> pages() const {
    std::vector<std::string> list;
    for (const HttpRequest& request : requests) {
      list.push_back(FakeTransport::parameter(request.url, "limit") + "/" +
                     FakeTransport::parameter(request.url, "page"));
    }
    return list;
  }
};

using Pages = std::vector<std::string>;

TEST(Collect, walks_to_the_end_and_moves_the_watermark) {
  TemporaryStore store;
  FakeOtx service(20);
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->whole);
  EXPECT_EQ(report->pages, 3);
  EXPECT_EQ(report->pulses, 20u);
  EXPECT_EQ(report->accepted, 40u);
  EXPECT_EQ(report->watermark, at(20));
  EXPECT_EQ(report->nothing_new, "");
  EXPECT_EQ(run.pages(), (Pages{"8/1", "8/2", "8/3", "8/4"}));
  EXPECT_EQ(store.content(), service.content());
  EXPECT_EQ(store.feed().watermark, at(20));
  EXPECT_EQ(store.feed().walk, "");
  EXPECT_EQ(store.feed().kind, "otx");
}

TEST(Collect, asks_from_an_hour_before_the_watermark_and_finds_nothing_new) {
  TemporaryStore store;
  FakeOtx service(100);
  CollectRun run;
  ASSERT_TRUE(run(*store, service));
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->since, at(40));
  EXPECT_EQ(FakeTransport::parameter(run.requests[0].url, "modified_since"),
            "2026-11-01T00%3A40%3A00Z");
  EXPECT_FALSE(report->counts.changed());
  EXPECT_EQ(report->nothing_new, "61 pulses were read, and all of them are stored already");
  EXPECT_EQ(report->watermark, at(100));

  service.pulses.insert(service.pulses.begin(), FakeOtx::pulse(500));
  const auto more = run(*store, service);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->counts.pulses_new, 1u);
  EXPECT_EQ(more->watermark, at(500));
  EXPECT_EQ(store.content(), service.content());
}

TEST(Collect, says_why_nothing_is_new) {
  {
    TemporaryStore store;
    FakeOtx service(0);
    CollectRun run;
    const auto report = run(*store, service);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->whole);
    EXPECT_EQ(report->watermark, std::nullopt);
    EXPECT_NE(report->nothing_new.find("subscribed to nothing"), std::string::npos)
        << report->nothing_new;
  }
  {
    TemporaryStore store;
    FakeOtx service(3);
    CollectRun run;
    ASSERT_TRUE(run(*store, service));
    service.pulses.clear();
    service.fault = [](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
      auto reply = FakeTransport::json(R"({"count":0,"results":[],"next":null})");
      reply.headers.push_back({"x-remote-user-name", "Anonymous"});
      return reply;
    };
    const auto report = run(*store, service);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->nothing_new,
              "nothing in this account's feed was modified since 2026-10-31T23:03:00Z; the "
              "service answered as to an "
              "anonymous user: the key was not recognised");
    EXPECT_EQ(report->watermark, at(3));
  }
  {
    TemporaryStore store;
    FakeOtx service(0);
    service.fault = [](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
      return FakeTransport::json(R"({"count":7,"results":[],"next":"x"})");
    };
    CollectRun run;
    const auto report = run(*store, service);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->nothing_new, "the service counts 7 pulses and sent none");
    EXPECT_EQ(service.requests, 3);  // asked again before it is believed
  }
}

TEST(Collect, halves_the_page_where_it_stands_and_loses_no_row) {
  TemporaryStore store;
  FakeOtx service(40);
  service.fault = [](const HttpRequest& request,
                     int number) -> std::optional<Result<HttpResponse>> {
    if (number == 3) {
      EXPECT_EQ(FakeTransport::parameter(request.url, "page"), "3");
      HttpResponse reply;
      reply.status = 504;
      reply.body = "<html><title>504 Gateway Time-out</title></html>";
      return reply;
    }
    return std::nullopt;
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(run.pages(),
            (Pages{"8/1", "8/2", "8/3", "4/5", "4/6", "4/7", "4/8", "4/9", "4/10", "4/11"}));
  EXPECT_EQ(report->pulses, 40u);
  EXPECT_EQ(report->counts.pulses_new, 40u);
  EXPECT_EQ(store.content(), service.content());
  EXPECT_EQ(
      run.messages,
      (std::vector<std::string>{"page 3: http 504, page size now 4, trying again in 1 s"}));
}

TEST(Collect, halves_down_to_one_and_grows_back) {
  TemporaryStore store;
  FakeOtx service(150);
  service.fault = [](const HttpRequest& request, int) -> std::optional<Result<HttpResponse>> {
    const int limit = std::stoi(FakeTransport::parameter(request.url, "limit"));
    const int page = std::stoi(FakeTransport::parameter(request.url, "page"));
    // Row 9 cannot be had together with any other.
    if ((page - 1) * limit <= 9 && 9 < page * limit && limit > 1)
      return fail("https://otx.example: timed out after 120 s");
    return std::nullopt;
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(store.content(), service.content());
  std::set<std::string> limits;
  for (const std::string& page : run.pages()) limits.insert(page.substr(0, page.find('/')));
  EXPECT_EQ(limits, (std::set<std::string>{"1", "2", "4", "8"}));
  EXPECT_EQ(run.pages().back().substr(0, 2), "8/");  // and back
}

TEST(Collect, sizes_that_do_not_divide_lose_nothing_either) {
  for (const int size : {3, 5, 7, 25, 50}) {
    TemporaryStore store;
    FakeOtx service(60);
    service.fault = [](const HttpRequest&, int number) -> std::optional<Result<HttpResponse>> {
      if (number % 3 == 0) return FakeTransport::json("", 503);
      return std::nullopt;
    };
    CollectRun run;
    run.options.page_size = size;
    const auto report = run(*store, service);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(store.content(), service.content()) << size;
    EXPECT_EQ(report->counts.pulses_new, 60u) << size;
  }
}

TEST(Collect, tries_again_what_may_pass) {
  HttpResponse throttled;
  throttled.status = 429;
  HttpResponse throttled_with_time = throttled;
  throttled_with_time.headers = {{"retry-after", "17"}};
  HttpResponse html;
  html.status = 200;
  html.headers = {{"content-type", "text/html"}};
  html.body = "<html>maintenance</html>";
  HttpResponse server_error;
  server_error.status = 500;
  const std::string whole =
      R"({"count":1,"results":[{"id":"x1","name":"n","indicators":[{"indicator":"a.evil-example.com","type":"hostname"}]}],"next":null})";
  const struct {
    const char* name;
    Result<HttpResponse> reply;
    long least_seconds;
    const char* message;
  } kCases[] = {
      {"throttled", throttled, 1, "page 1: http 429, trying again in 1 s"},
      {"throttled, with a time", throttled_with_time, 17,
       "page 1: http 429, trying again in 17 s"},
      {"server error", server_error, 1, "page 1: http 500, trying again in 1 s"},
      {"html with 200", html, 1,
       "page 1: http 200 with a body that is no json object, trying again in 1 s"},
      {"empty with 200", FakeTransport::json("  \n"), 1,
       "page 1: http 200 with an empty body, trying again in 1 s"},
      {"cut in a row", FakeTransport::json(whole.substr(0, whole.size() - 40)), 1,
       "page 1: http 200 with a body that was cut short, trying again in 1 s"},
      {"cut behind the rows", FakeTransport::json(whole.substr(0, whole.size() - 2)), 1,
       "page 1: http 200 with a body that was cut short, trying again in 1 s"},
      {"an error message with 200", FakeTransport::json(R"({"detail":"busy"})"), 1,
       "page 1: http 200, but an error or status message of the service, expected pulses or "
       "indicators "
       "(pulses/subscribed, pulses/{id}, indicators/export), trying again in 1 s"},
      {"network", fail("https://otx.example: could not connect to server"), 1,
       "page 1: https://otx.example: could not connect to server, trying again in 1 s"},
  };
  for (const auto& c : kCases) {
    TemporaryStore store;
    FakeOtx service(0);
    service.fault = [&](const HttpRequest&, int number) -> std::optional<Result<HttpResponse>> {
      if (number == 1) return c.reply;
      return FakeTransport::json(whole);
    };
    CollectRun run;
    const auto report = run(*store, service);
    ASSERT_TRUE(report) << c.name << ": " << report.error().message;
    EXPECT_TRUE(report->whole) << c.name;
    EXPECT_EQ(report->retries, 1) << c.name;
    EXPECT_EQ(run.messages, std::vector<std::string>{c.message}) << c.name;
    EXPECT_GE(run.slept, std::chrono::seconds(c.least_seconds)) << c.name;
    EXPECT_EQ(store.content().size(), 1u) << c.name;
  }
}

TEST(Collect, stops_at_once_where_trying_again_is_no_use) {
  const auto status = [](int code) {
    HttpResponse reply =
        FakeTransport::json(std::string("{\"detail\":\"your key ") + kKey + " is bad\"}", code);
    reply.headers.push_back(
        {"location", std::string("https://elsewhere.example/?key=") + kKey});
    return reply;
  };
  const struct {
    int code;
    const char* expect;
  } kCases[] = {
      {401, "otx: page 1: http 401: the key was not accepted"},
      {403, "otx: page 1: http 403: the key was not accepted"},
      {404, "otx: page 1: http 404: nothing there"},
      {400, "otx: page 1: http 400, expected 200"},
      {407, "otx: page 1: http 407: the proxy wants"},
      {302, "otx: page 1: http 302: a redirect, which is not followed"},
      {418, "otx: page 1: http 418, expected 200"},
  };
  for (const auto& c : kCases) {
    TemporaryStore store;
    FakeOtx service(5);
    service.fault = [&](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
      return status(c.code);
    };
    CollectRun run;
    const auto report = run(*store, service);
    ASSERT_FALSE(report) << c.code;
    EXPECT_EQ(report.error().message.find(c.expect), 0u) << report.error().message;
    EXPECT_EQ(service.requests, 1) << c.code;
  }
}

TEST(Collect, the_key_is_taken_out_of_foreign_messages) {
  TemporaryStore store;
  FakeOtx service(1);
  service.fault = [](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
    return fail(std::string("proxy says: bad header ") + kKey);
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().message, "otx: page 1: proxy says: bad header [key] (try 6 of 6)");
  EXPECT_EQ(run.messages.size(), 5u);
}

TEST(Collect, refuses_options_that_cannot_be) {
  TemporaryStore store;
  FakeOtx service(1);
  const struct {
    const char* name;
    std::function<void(OtxCollectOptions&)> change;
    const char* expect;
  } kCases[] = {
      {"no key", [](OtxCollectOptions& o) { o.key = " \n"; }, "otx: no key"},
      {"a key with a line break", [](OtxCollectOptions& o) { o.key = "abc\r\nX: y"; },
       "otx: the key holds"},
      {"a query in the base", [](OtxCollectOptions& o) { o.base_url += "/?a"; },
       "otx: the base url holds a query"},
      {"page size", [](OtxCollectOptions& o) { o.page_size = 0; }, "otx: page size 0"},
      {"full and since",
       [](OtxCollectOptions& o) {
         o.full = true;
         o.since = at(0);
       },
       "otx: both"},
  };
  for (const auto& c : kCases) {
    CollectRun run;
    c.change(run.options);
    const auto report = run(*store, service);
    ASSERT_FALSE(report) << c.name;
    EXPECT_EQ(report.error().message.find(c.expect), 0u) << report.error().message;
    EXPECT_EQ(report.error().message.find("abc"), std::string::npos);
  }
  EXPECT_EQ(service.requests, 0);
}

TEST(Collect, a_walk_that_failed_goes_on_where_it_stood) {
  for (int failing = 1; failing <= 6; ++failing) {
    TemporaryStore store;
    FakeOtx service(40);
    service.fault = [&](const HttpRequest&, int number) -> std::optional<Result<HttpResponse>> {
      if (number >= failing) return fail("https://otx.example: connection reset");
      return std::nullopt;
    };
    CollectRun run;
    run.options.tries = 2;
    const auto broken = run(*store, service);
    ASSERT_FALSE(broken) << failing;
    if (failing > 1) {
      // The watermark has not moved, the place is kept.
      EXPECT_EQ(store.feed().watermark, std::nullopt) << failing;
      EXPECT_NE(store.feed().walk, "") << failing;
      EXPECT_NE(broken.error().message.find(std::to_string(failing - 1) + " pages are stored"),
                std::string::npos)
          << broken.error().message;
    }
    store.reopen();
    service.fault = nullptr;
    service.pulses.insert(service.pulses.begin(), FakeOtx::pulse(1000));  // modified since
    const auto report = run(*store, service);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->resumed, failing > 1) << failing;
    if (failing > 1) {
      EXPECT_EQ(run.pages().front(), "8/" + std::to_string(failing)) << failing;
      EXPECT_EQ(store.feed().watermark, at(40))
          << failing;  // of the walk's start, not of its end
    }
    ASSERT_TRUE(run(*store, service));  // and the next one brings what came in between
    EXPECT_EQ(store.content(), service.content()) << failing;
    EXPECT_EQ(store.feed().watermark, at(1000)) << failing;
  }
}

TEST(Collect, stops_when_told_and_goes_on_later) {
  TemporaryStore store;
  FakeOtx service(40);
  CollectRun run;
  run.options.max_pages = 2;
  auto report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->whole);
  EXPECT_EQ(report->stopped, "limit of 2 pages");
  EXPECT_EQ(report->watermark, std::nullopt);
  run.options.max_pages = 100;

  int asked = 0;
  run.options.cancelled = [&] { return ++asked > 1; };
  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stopped, "cancelled");
  EXPECT_EQ(run.pages(), Pages{"8/3"});
  run.options.cancelled = nullptr;

  run.options.deadline = std::chrono::seconds(60);
  service.fault = [&](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
    run.clock.set(run.clock.now() + std::chrono::seconds(61));
    return std::nullopt;
  };
  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->stopped, "deadline of 60 s");
  EXPECT_EQ(run.pages(), Pages{"8/4"});
  service.fault = nullptr;

  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->whole);
  EXPECT_EQ(run.pages(), (Pages{"8/5", "8/6"}));
  EXPECT_EQ(store.content(), service.content());
}

TEST(Collect, a_long_pause_is_cut_by_the_deadline_and_by_cancelling) {
  HttpResponse busy;
  busy.status = 429;
  busy.headers = {{"retry-after", "300"}};
  {
    TemporaryStore store;
    FakeOtx service(1);
    service.fault = [&](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
      return busy;
    };
    CollectRun run;
    run.options.deadline = std::chrono::seconds(100);
    const auto report = run(*store, service);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->stopped, "deadline of 100 s");
    EXPECT_EQ(run.slept.count(), 0);
    run.options.deadline.reset();
    run.options.cancelled = [&] { return run.slept > std::chrono::seconds(10); };
    const auto cancelled = run(*store, service);
    ASSERT_TRUE(cancelled);
    EXPECT_EQ(cancelled->stopped, "cancelled");
    EXPECT_LT(run.slept, std::chrono::seconds(12));
  }
  {
    TemporaryStore store;
    FakeOtx service(1);
    busy.headers = {{"retry-after", "86400"}};
    service.fault = [&](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
      return busy;
    };
    CollectRun run;
    const auto report = run(*store, service);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().message, "otx: page 1: http 429: asks to come back in 86400 s");
  }
}

TEST(Collect, a_feed_that_moves_while_it_is_walked_loses_nothing) {
  TemporaryStore store;
  FakeOtx service(64);
  service.fault = [&](const HttpRequest&, int number) -> std::optional<Result<HttpResponse>> {
    // Between pages: two new ones on top push rows down; then three vanish from what was read
    // already and pull rows up, out of the next page.
    if (number == 3) {
      service.pulses.insert(service.pulses.begin(), FakeOtx::pulse(901));
      service.pulses.insert(service.pulses.begin(), FakeOtx::pulse(902));
    }
    if (number == 5)
      service.pulses.erase(service.pulses.begin() + 4, service.pulses.begin() + 7);
    return std::nullopt;
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  auto content = store.content();
  for (const auto& [id, values] : service.content()) {
    if (id == FakeOtx::pulse(901).id || id == FakeOtx::pulse(902).id)
      continue;  // the next walk's
    EXPECT_EQ(content[id], values) << id;
  }
  service.fault = nullptr;
  ASSERT_TRUE(run(*store, service));
  content = store.content();
  for (const auto& [id, values] : service.content()) EXPECT_EQ(content[id], values) << id;
}

TEST(Collect, completes_a_pulse_that_has_more) {
  TemporaryStore store;
  FakeOtx service(3);
  service.pulses[1].values.clear();
  for (int i = 0; i < 1203; ++i)
    service.pulses[1].values.push_back("host" + std::to_string(i) + ".big-example.com");
  service.pulses[1].shown = 10;
  service.fault = [](const HttpRequest& request, int) -> std::optional<Result<HttpResponse>> {
    // The list of rows has bad days too.
    if (request.url.find("/indicators?limit=500&page=2") != std::string::npos)
      return FakeTransport::json("", 504);
    return std::nullopt;
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(store.content(), service.content());
  EXPECT_EQ(report->retries, 1);
}

TEST(Collect, a_pulse_that_took_requests_is_not_asked_for_again) {
  TemporaryStore store;
  FakeOtx service(8);
  for (FakePulse& pulse : service.pulses) pulse.shown = 1;
  // Two requests a list: this service always names a next page.
  const auto lists = [](const CollectRun& run) {
    int count = 0;
    for (const HttpRequest& request : run.requests)
      count += request.url.find("/indicators?") != std::string::npos ? 1 : 0;
    return count;
  };
  CollectRun run;
  run.options.tries = 1;
  service.fault = [&](const HttpRequest&, int number) -> std::optional<Result<HttpResponse>> {
    if (number == 10) return fail("https://otx.example: connection reset");
    return std::nullopt;
  };
  ASSERT_FALSE(run(*store, service));
  EXPECT_EQ(store.content().size(), 4u);  // inside the first page
  service.fault = nullptr;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(lists(run), 8);
  EXPECT_EQ(store.content(), service.content());
  // Nor by the next walk, unless everything is to be read again.
  ASSERT_TRUE(run(*store, service));
  EXPECT_EQ(lists(run), 0);
  run.options.full = true;
  ASSERT_TRUE(run(*store, service));
  EXPECT_EQ(lists(run), 16);
}

TEST(Collect, a_page_that_was_sent_twice_is_noticed_by_the_count) {
  TemporaryStore store;
  FakeOtx service(40);
  for (FakePulse& pulse : service.pulses)
    pulse.modified = at(0) + (pulse.modified - at(0)) * 200;
  service.fault = [&](const HttpRequest& request,
                      int number) -> std::optional<Result<HttpResponse>> {
    if (number != 3) return std::nullopt;
    std::string url = request.url;
    url.replace(url.find("page=3"), 6, "page=2");
    HttpRequest other = request;
    other.url = url;
    return service.plain(other);
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->whole);
  EXPECT_EQ(store.content(), service.content());
  ASSERT_EQ(run.messages.size(), 2u);
  EXPECT_EQ(run.messages[0],
            "8 pulses of 40 did not come: asking for what was modified meanwhile");
  EXPECT_EQ(run.messages[1], "8 pulses of 40 did not come: walking once more");
}

TEST(Collect, an_edit_during_the_walk_costs_one_question) {
  TemporaryStore store;
  FakeOtx service(400);
  service.fault = [&](const HttpRequest&, int number) -> std::optional<Result<HttpResponse>> {
    if (number == 5) {  // the oldest pulse, not read yet, goes to the top
      FakePulse edited = service.pulses.back();
      service.pulses.pop_back();
      edited.modified = at(401);
      service.pulses.insert(service.pulses.begin(), edited);
    }
    return std::nullopt;
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(store.content(), service.content());
  EXPECT_LT(report->requests, 51 + 12);
  EXPECT_EQ(report->watermark, at(400));
}

TEST(Collect, a_count_that_is_wrong_for_good_is_believed_once) {
  TemporaryStore store;
  FakeOtx service(6);
  service.counts_too_many = 2;
  CollectRun run;
  auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->whole);
  EXPECT_EQ(report->watermark, at(6));
  EXPECT_EQ(report->notes.entries().back().reason,
            "the service counts pulses that it does not send");
  const int asked = report->requests;
  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_LT(report->requests, asked);
}

TEST(Collect, activity_stands_in_and_the_place_of_subscribed_stays) {
  TemporaryStore store;
  FakeOtx service(20);
  bool down = true;
  service.fault = [&](const HttpRequest& request, int) -> std::optional<Result<HttpResponse>> {
    if (down && request.url.find("/subscribed") != std::string::npos)
      return FakeTransport::json("<html><title>504</title></html>", 504);
    return std::nullopt;
  };
  CollectRun run;
  run.options.tries = 2;
  ASSERT_FALSE(run(*store, service));  // not unless it is allowed to
  run.options.fallback = true;
  auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->whole);
  EXPECT_EQ(report->endpoint, "activity");
  EXPECT_NE(report->fallback.find("subscribed does not answer (page 1: http 504"),
            std::string::npos)
      << report->fallback;
  EXPECT_EQ(store.content(), service.content());
  EXPECT_EQ(store.feed().watermark, std::nullopt);
  // The next call asks activity only for what is new.
  service.pulses.insert(service.pulses.begin(), FakeOtx::pulse(200));
  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->counts.pulses_new, 1u);
  EXPECT_EQ(FakeTransport::parameter(run.requests.back().url, "modified_since"),
            "2026-10-31T23%3A20%3A00Z");
  // And when subscribed answers, it is read from where it stood.
  down = false;
  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->endpoint, "subscribed");
  EXPECT_EQ(report->fallback, "");
  EXPECT_EQ(report->pulses, 21u);
  EXPECT_EQ(store.feed().watermark, at(200));
  EXPECT_EQ(store.feed().memory.find("fallback"), std::string::npos);
  // A key that is not accepted is no reason to ask elsewhere.
  service.fault = [](const HttpRequest&, int) -> std::optional<Result<HttpResponse>> {
    return FakeTransport::json("{}", 403);
  };
  EXPECT_FALSE(run(*store, service));
  EXPECT_EQ(run.requests.size(), 1u);
}

TEST(Collect, a_future_date_does_not_become_the_watermark) {
  TemporaryStore store;
  FakeOtx service(5);
  service.pulses[0].modified = parse_iso8601("2099-01-01")->time;
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->watermark, run.clock.now());
}

TEST(Collect, a_question_that_leaves_a_gap_does_not_close_it) {
  TemporaryStore store;
  FakeOtx service(300);
  CollectRun run;
  run.options.page_size = 50;
  service.pulses.erase(service.pulses.begin(), service.pulses.begin() + 200);  // 1 to 100 exist
  ASSERT_TRUE(run(*store, service));
  EXPECT_EQ(store.feed().watermark, at(100));
  service = FakeOtx(300);
  run.options.since = at(250);
  auto report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->pulses, 51u);
  EXPECT_EQ(report->watermark, at(100));
  run.options.since.reset();
  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->since, at(40));
  EXPECT_EQ(report->watermark, at(300));
  EXPECT_EQ(store.content(), service.content());

  run.options.full = true;
  report = run(*store, service);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->pulses, 300u);
  EXPECT_FALSE(report->counts.changed());
}

TEST(Collect, asks_the_other_endpoint) {
  TemporaryStore store;
  FakeOtx service(2);
  CollectRun run;
  run.options.walk.endpoint = OtxEndpoint::kActivity;
  run.options.base_url += "/";
  ASSERT_TRUE(run(*store, service));
  EXPECT_EQ(run.requests[0].url, "https://otx.example/api/v1/pulses/activity?limit=8&page=1");
}

TEST(Collect, a_damaged_row_costs_itself) {
  TemporaryStore store;
  FakeOtx service(0);
  service.fault = [](const HttpRequest&, int number) -> std::optional<Result<HttpResponse>> {
    if (number > 1) return std::nullopt;
    return FakeTransport::json(
        "{\"count\":2,\"results\":[{\"id\":\"p1\",\"name\":\"a\",\"modified\":\"2026-11-01T00:"
        "05:00\",\"indicators\":["
        "{\"indicator\":\"one.evil-example.com\",\"type\":\"hostname\"},"
        "{\"indicator\":\"b\xFF\x64.evil-example.com\",\"type\":\"hostname\"},"
        "{\"indicator\":12,\"type\":\"IPv4\"},"
        "{\"indicator\":\"two.evil-example.com\",\"type\":\"hostname\"}]},"
        "\"not a pulse\"],\"next\":null}");
  };
  CollectRun run;
  const auto report = run(*store, service);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->whole);
  EXPECT_EQ(report->pulses, 1u);
  EXPECT_EQ(report->accepted, 2u);
  EXPECT_EQ(report->refused.total(), 3u);  // bad UTF-8, no address, not an object
  EXPECT_EQ(store.content().at("p1").size(), 2u);
}

TEST(Collect, an_unreadable_place_begins_a_new_walk) {
  TemporaryStore store;
  FakeOtx service(4);
  for (const char* walk :
       {"{", "[]",
        R"({"endpoint":"subscribed","limit":0,"page":1,"row":0,"started":"2026-11-01"})",
        R"({"endpoint":"subscribed","limit":5,"page":-1,"row":0,"started":"2026-11-01"})"}) {
    auto ingest = store->begin_ingest("otx", "otx", Quarantine::kApply);
    ASSERT_TRUE(ingest);
    ASSERT_TRUE((*ingest)->set_cursor(std::nullopt, walk));
    ASSERT_TRUE((*ingest)->commit());
    ingest->reset();
    CollectRun run;
    const auto report = run(*store, service);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_FALSE(report->resumed);
    EXPECT_EQ(report->notes.total(), 1u);
    EXPECT_EQ(store.content(), service.content());
  }
}

}  // namespace
}  // namespace spoor
