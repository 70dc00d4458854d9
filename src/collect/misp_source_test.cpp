// MISP feeds (a folder with a manifest) and servers (/events/restSearch).

#include <map>
#include <random>

#include "base/json_writer.h"
#include "collect/source_fake_test.h"

namespace spoor {
namespace {

using source_fake::breaks_off;
using source_fake::for_each_seed;
using source_fake::header;
using source_fake::kKey;
using source_fake::reply;
using source_fake::Sources;
using source_fake::times_out;

std::string uuid_of(int number) {
  char text[64];
  std::snprintf(text, sizeof(text), "%08x-0000-4000-8000-000000000000",
                static_cast<unsigned>(number));
  return text;
}

struct FakeEvent {
  std::int64_t timestamp = 0;
  std::vector<std::string> hosts;
  bool published = true;
};

std::string event_json(int number, const FakeEvent& event) {
  JsonWriter json;
  json.begin_object().key("Event").begin_object();
  json.member("uuid", uuid_of(number)).member("timestamp", std::to_string(event.timestamp));
  json.member("info", "event " + std::to_string(number)).key("Attribute").begin_array();
  for (const std::string& host : event.hosts)
    json.begin_object().member("value", host).end_object();
  json.end_array().end_object().end_object();
  return json.take();
}

std::string parameter_of(const std::string& body, const char* name) {
  JsonParser parser;
  const auto root = parser.parse(body);
  return root ? (*root)[name].text() : "not json";
}

/// Both ways to the same events.
struct FakeMisp {
  std::map<int, FakeEvent> events;  ///< by number, which is the order of the server
  bool counts = true;               ///< X-Result-Count
  std::function<void()> before_page;
  int views = 0;

  Result<HttpResponse> folder(const HttpRequest& request) const {
    const std::string name = request.url.substr(request.url.rfind('/') + 1);
    if (name == "manifest.json") {
      JsonWriter json;
      json.begin_object();
      for (const auto& [number, event] : events) {
        json.key(uuid_of(number)).begin_object();
        json.member("timestamp", std::to_string(event.timestamp))
            .member("info", "i")
            .end_object();
      }
      json.end_object();
      const std::string body = json.take();
      const std::string etag = "\"" + std::to_string(std::hash<std::string>()(body)) + "\"";
      if (header(request, "If-None-Match") == etag) return reply(304);
      return reply(200, body,
                   {{"etag", etag}, {"last-modified", "Mon, 23 Nov 2026 08:00:00 GMT"}});
    }
    for (const auto& [number, event] : events) {
      if (name == uuid_of(number) + ".json") return reply(200, event_json(number, event));
    }
    return reply(404);
  }

  Result<HttpResponse> server(const HttpRequest& request) {
    if (header(request, "Authorization") != kKey) return reply(403, "{\"message\":\"no\"}");
    const std::string path =
        request.url.substr(std::string("https://service.example/misp").size());
    if (path == "/events/index") return index();
    if (path.rfind("/events/view/", 0) == 0) return view(path.substr(13));
    if (path != "/events/restSearch") return reply(404);
    if (before_page) before_page();
    const std::string since = parameter_of(request.body, "timestamp");
    const std::vector<int> ids = ids_of(request.body);
    std::vector<std::string> chosen;
    for (const auto& [number, event] : events) {
      const bool meant = ids.empty() ? since.empty() || event.timestamp >= std::stoll(since)
                                     : std::count(ids.begin(), ids.end(), number + 1) > 0;
      if (event.published && meant) chosen.push_back(event_json(number, event));
    }
    const std::size_t limit = std::stoul(parameter_of(request.body, "limit"));
    const std::size_t begin = (std::stoul(parameter_of(request.body, "page")) - 1) * limit;
    std::string body = "{\"response\":[";
    for (std::size_t i = begin; i < std::min(begin + limit, chosen.size()); ++i)
      body += (i > begin ? "," : "") + chosen[i];
    HttpResponse response = reply(200, body + "]}");
    if (counts) response.headers.emplace_back("x-result-count", std::to_string(chosen.size()));
    return response;
  }

 private:
  /// As the server tells of events in few words; an event without attributes is left out.
  Result<HttpResponse> index() const {
    JsonWriter json;
    json.begin_array();
    for (const auto& [number, event] : events) {
      if (event.hosts.empty()) continue;
      json.begin_object()
          .member("id", std::to_string(number + 1))
          .member("timestamp", std::to_string(event.timestamp))
          .member("published", event.published)
          .member("uuid", uuid_of(number))
          .end_object();
    }
    json.end_array();
    return reply(200, json.take());
  }
  Result<HttpResponse> view(const std::string& uuid) {
    ++views;
    for (const auto& [number, event] : events) {
      if (uuid_of(number) == uuid) return reply(200, event_json(number, event));
    }
    return reply(404, "{\"name\":\"Invalid event\",\"message\":\"Invalid event\"}");
  }
  static std::vector<int> ids_of(const std::string& body) {
    JsonParser parser;
    std::vector<int> ids;
    if (const auto root = parser.parse(body))
      (*root)["eventid"].each_element(
          [&](JsonView id) { ids.push_back(std::stoi(std::string(id.string()))); });
    return ids;
  }
};

Sources feed_of(FakeMisp& misp) {
  Sources sources("misp-feed");
  sources.options.url = "https://service.example/feed/";
  sources.service = [&misp](const HttpRequest& request) { return misp.folder(request); };
  return sources;
}

Sources server_of(FakeMisp& misp) {
  Sources sources("misp");
  sources.options.key = kKey;
  sources.options.page_size = 2;
  sources.options.url = "https://service.example/misp";
  sources.service = [&misp](const HttpRequest& request) { return misp.server(request); };
  return sources;
}

FakeMisp some_events(int count) {
  FakeMisp misp;
  for (int i = 0; i < count; ++i) {
    misp.events[i] = {
        1'790'000'000 + i * 10,
        {"a" + std::to_string(i) + ".example.org", "b" + std::to_string(i) + ".example.org"}};
  }
  return misp;
}

TEST(MispFeed, fetches_what_is_new_or_changed_and_ends_what_the_manifest_lacks) {
  FakeMisp misp = some_events(3);
  Sources sources = feed_of(misp);
  EXPECT_EQ(sources.good().pulses, 3u);
  EXPECT_EQ(sources.requests.size(), 4u);
  EXPECT_EQ(sources.requests[1].url, "https://service.example/feed/" + uuid_of(0) + ".json");
  misp.events.erase(0);
  misp.events[1] = {1'790'000'100, {"a1.example.org", "new.example.org"}};
  misp.events[7] = {1'790'000'200, {"seven.example.org"}};
  const CollectReport report = sources.good();
  EXPECT_EQ(sources.requests.size(), 3u);
  EXPECT_EQ(report.counts.pulses_gone, 1u);
  EXPECT_EQ(sources.claims(),
            "a0.example.org(ended 2026-11-23T08:00:00Z) a1.example.org a2.example.org "
            "b0.example.org(ended 2026-11-23T08:00:00Z) b1.example.org(ended "
            "2026-09-21T14:15:00Z) b2.example.org new.example.org seven.example.org");
  EXPECT_TRUE(sources.good().unchanged);
  EXPECT_EQ(sources.requests.size(), 1u);
  misp.events[0] = {1'790'000'300, {"a0.example.org"}};
  sources.good();
  EXPECT_EQ(sources.claims().find("a0.example.org b"), std::string::npos);
  EXPECT_EQ(sources.claims().rfind("a0.example.org a1", 0), 0u);
}

TEST(MispFeed, an_event_that_cannot_be_read_is_asked_for_again) {
  FakeMisp misp = some_events(3);
  Sources sources = feed_of(misp);
  bool broken = true;
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (broken && request.url.find(uuid_of(1)) != std::string::npos) return reply(404);
    return misp.folder(request);
  };
  CollectReport report = sources.good();
  EXPECT_TRUE(report.whole);
  EXPECT_EQ(report.pulses, 2u);
  EXPECT_EQ(report.refused.total(), 1u);
  broken = false;
  report = sources.good();
  EXPECT_EQ(report.pulses, 1u);
  EXPECT_EQ(sources.requests.size(), 2u);
}

TEST(MispFeed, a_manifest_that_is_none_ends_nothing) {
  FakeMisp misp = some_events(12);
  Sources sources = feed_of(misp);
  sources.good();
  const std::string before = sources.store.dump();
  for (const char* body :
       {"<html>", "{\"1\":", "[]", "{\"../../etc/passwd\":{\"timestamp\":\"1\"}}", "{}"}) {
    sources.service = [&](const HttpRequest&) { return reply(200, body); };
    EXPECT_NE(sources.error(), "none") << body;
    EXPECT_EQ(sources.store.dump(), before) << body;
    for (const HttpRequest& request : sources.requests)
      EXPECT_EQ(request.url, "https://service.example/feed/manifest.json");
  }
}

TEST(MispFeed, other_terms_read_every_event_again) {
  FakeMisp misp = some_events(3);
  Sources sources = feed_of(misp);
  sources.good();
  sources.options.tlp = Tlp::kRed;
  sources.good();
  EXPECT_EQ(sources.requests.size(), 4u);
  EXPECT_EQ((*sources.store->pulse("misp:" + uuid_of(2)))->tlp, Tlp::kRed);
  sources.good();
  EXPECT_EQ(sources.requests.size(), 1u);
}

TEST(MispServer, walks_pages_and_then_asks_since_a_day_before_the_newest) {
  FakeMisp misp = some_events(5);
  misp.events[9] = {1'790'000'500, {"draft.example.org"}, false};
  Sources sources = server_of(misp);
  sources.options.enforce_warninglist = true;
  CollectReport report = sources.good();
  EXPECT_EQ(report.pulses, 5u);
  EXPECT_EQ(sources.requests.size(), 4u);  // 2, 2, 1 and the empty one
  EXPECT_EQ(sources.requests[0].url, "https://service.example/misp/events/restSearch");
  EXPECT_EQ(sources.requests[0].body,
            "{\"returnFormat\":\"json\",\"published\":true,\"includeWarninglistHits\":true,"
            "\"enforceWarninglist\":true,\"page\":1,\"limit\":2}");
  EXPECT_EQ(sources.state().watermark, time_from_micros(1'790'000'040'000'000));
  EXPECT_EQ(sources.state().walk, "");
  misp.events[3] = {1'790'100'000, {"later.example.org"}};
  report = sources.good();
  EXPECT_EQ(parameter_of(sources.requests[0].body, "timestamp"),
            std::to_string(1'790'000'040 - 86'400));
  EXPECT_EQ(report.counts.pulses_changed, 1u);
  EXPECT_EQ(report.counts.claims_ended, 2u);
}

TEST(MispServer, pages_that_the_server_cannot_make_are_halved) {
  FakeMisp misp = some_events(9);
  Sources sources = server_of(misp);
  sources.options.page_size = 8;
  sources.options.tries = 6;
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (std::stoul(parameter_of(request.body, "limit")) > 2) return reply(504);
    return misp.server(request);
  };
  EXPECT_EQ(sources.good().pulses, 9u);
}

TEST(MispServer, an_event_that_vanishes_during_the_walk_hides_no_other) {
  FakeMisp misp = some_events(7);
  Sources sources = server_of(misp);
  int pages = 0;
  misp.before_page = [&] {
    if (++pages == 2) misp.events.erase(0);
  };
  sources.good();
  for (int i = 1; i < 7; ++i)
    EXPECT_NE(sources.claims().find("a" + std::to_string(i) + "."), std::string::npos) << i;
}

TEST(MispServer, a_full_walk_ends_what_the_server_does_not_hold) {
  FakeMisp misp = some_events(5);
  Sources sources = server_of(misp);
  sources.good();
  misp.events.erase(2);
  EXPECT_EQ(sources.good().counts.pulses_gone, 0u);
  sources.options.full = true;
  EXPECT_EQ(sources.good().counts.pulses_gone, 1u);
  // A key that sees nothing is no proof that nothing is there.
  misp.events.clear();
  EXPECT_NE(sources.error().find("it has shrunk from 4 events to 0"), std::string::npos);
  sources.options.accept_shrink = true;
  EXPECT_EQ(sources.good().counts.pulses_gone, 4u);
}

/// A server whose index is held against the store in every call.
Sources reconciled(FakeMisp& misp) {
  Sources sources = server_of(misp);
  sources.options.reconcile = OtxReconcile::kNow;
  return sources;
}

TEST(MispReconcile, what_the_server_has_deleted_ends_and_is_kept) {
  FakeMisp misp = some_events(5);
  Sources sources = reconciled(misp);
  EXPECT_EQ(sources.good().reconciled, "5 listed: 0 gone, 0 brought");
  misp.events.erase(2);
  const CollectReport report = sources.good();
  EXPECT_EQ(report.reconciled, "4 listed: 1 gone, 0 brought");
  EXPECT_EQ(report.counts.pulses_gone, 1u);
  EXPECT_EQ(misp.views, 1);
  EXPECT_NE(sources.claims().find("a2.example.org(ended)"), std::string::npos);
  EXPECT_EQ(sources.good().counts.pulses_gone, 0u);
  EXPECT_EQ(sources.requests.back().url, "https://service.example/misp/events/index");
  EXPECT_EQ(sources.requests.back().body, "{\"minimal\":true}");
}

TEST(MispReconcile, is_done_once_a_day) {
  FakeMisp misp = some_events(3);
  Sources sources = server_of(misp);
  sources.options.reconcile = OtxReconcile::kDaily;
  EXPECT_NE(sources.good().reconciled, "");
  EXPECT_EQ(sources.good().reconciled, "");
  misp.events.erase(0);
  EXPECT_EQ(sources.good().counts.pulses_gone, 0u);
  sources.clock.set(sources.clock.now() + std::chrono::hours(24));
  EXPECT_EQ(sources.good().counts.pulses_gone, 1u);
  sources.options.reconcile = OtxReconcile::kNever;
  sources.clock.set(sources.clock.now() + std::chrono::hours(48));
  EXPECT_EQ(sources.good().reconciled, "");
}

TEST(MispReconcile, what_an_older_program_remembered_is_understood) {
  FakeMisp misp = some_events(3);
  Sources sources = server_of(misp);
  sources.good();
  JsonParser parser;
  const std::string question((*parser.parse(sources.state().memory))["question"].string());
  {
    auto ingest = *sources.store->begin_ingest("feed", "misp", Quarantine::kApply);
    ASSERT_TRUE(ingest->set_memory("\"" + question + "\""));
    ASSERT_TRUE(ingest->finish());
  }
  EXPECT_TRUE(sources.good().since.has_value()) << "the walk goes on from its watermark";
}

TEST(MispReconcile, what_is_only_unpublished_or_empty_stays) {
  FakeMisp misp = some_events(4);
  Sources sources = reconciled(misp);
  sources.good();
  misp.events[0].published = false;
  misp.events[1].hosts.clear();
  const CollectReport report = sources.good();
  EXPECT_EQ(report.reconciled,
            "3 listed: 0 gone, 1 not in the index and still there, 0 brought");
  EXPECT_EQ(report.counts.pulses_gone, 0u);
}

TEST(MispReconcile, old_events_that_are_new_here_or_came_late_are_brought) {
  FakeMisp misp = some_events(3);
  misp.events[2].timestamp = 1'790'900'000;
  Sources sources = reconciled(misp);
  sources.good();
  // Long before the watermark: of a group that the key has joined, and a version that another
  // server had a week ago.
  misp.events[7] = {1'780'000'000, {"old.example.org"}};
  misp.events[1] = {1'790'000'020, {"edited.example.org"}};
  const CollectReport report = sources.good();
  EXPECT_EQ(report.reconciled, "4 listed: 0 gone, 2 brought");
  EXPECT_EQ(sources.claims(),
            "a0.example.org a1.example.org(ended 2026-09-21T14:13:40Z) a2.example.org "
            "b0.example.org b1.example.org(ended 2026-09-21T14:13:40Z) b2.example.org "
            "edited.example.org old.example.org");
  EXPECT_EQ(sources.good().reconciled, "4 listed: 0 gone, 0 brought");
  // What had gone and is there again.
  const FakeEvent old = misp.events[7];
  misp.events.erase(7);
  EXPECT_EQ(sources.good().counts.pulses_gone, 1u);
  misp.events[7] = old;
  EXPECT_EQ(sources.good().reconciled, "4 listed: 0 gone, 1 brought");
  EXPECT_EQ(sources.claims().find("old.example.org("), std::string::npos);
}

TEST(MispReconcile, an_index_that_is_none_or_lacks_most_ends_nothing) {
  FakeMisp misp = some_events(30);
  Sources sources = reconciled(misp);
  sources.options.tries = 1;
  sources.good();
  const std::string before = sources.store.dump();
  const std::pair<const char*, const char*> cases[] = {
      {"<html>", "not done: the index of events: http 200 with a page for people"},
      {"[{\"id\":\"1\",\"uuid\":\"00000000-0000-4000-8000-000000000000\"}",
       "not done: the index of events: http 200 with a body that is no whole json list"},
      {"[{\"id\":\"1\",\"uuid\":\"../../x\"}]",
       "not done: the index of events: http 200 with an index of which 1 entries are no "
       "events"},
      {"{\"message\":\"You do not have permission\"}",
       "not done: the index of events: http 200 without a list of events: You do not have "
       "permission"},
      {"[]",
       "not done: 0 listed: 30 seem gone and are kept, since that is all of the 30 that are "
       "stored (--accept-shrink believes it)"},
      {"[{\"id\":\"1\",\"uuid\":\"00000000-0000-4000-8000-000000000000\"}]",
       "not done: 1 listed: 29 seem gone and are kept, since that is most of the 30"},
  };
  for (const auto& [body, said] : cases) {
    sources.service = [&, body = body](const HttpRequest& request) -> Result<HttpResponse> {
      if (request.url.find("/events/index") != std::string::npos) return reply(200, body);
      if (request.url.find("/events/view/") != std::string::npos) return reply(404);
      return misp.server(request);
    };
    const CollectReport report = sources.good();
    EXPECT_EQ(report.reconciled.rfind(said, 0), 0u) << report.reconciled;
    EXPECT_TRUE(report.whole) << body;
    EXPECT_EQ(sources.store.dump(), before) << body;
  }
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.url.find("/events/index") != std::string::npos) return reply(403);
    return misp.server(request);
  };
  EXPECT_EQ(sources.good().reconciled.rfind("not done: the index of events: http 403", 0), 0u);
  // What was not done is tried again, and may be believed.
  sources.options.reconcile = OtxReconcile::kDaily;
  sources.clock.set(sources.clock.now() + std::chrono::hours(24));
  sources.options.accept_shrink = true;
  misp.events.erase(misp.events.begin(), std::prev(misp.events.end()));
  sources.service = [&](const HttpRequest& request) { return misp.server(request); };
  EXPECT_EQ(sources.good().reconciled, "1 listed: 29 gone, 0 brought");
}

TEST(MispReconcile, an_event_whose_address_does_not_answer_stays) {
  FakeMisp misp = some_events(6);
  Sources sources = reconciled(misp);
  sources.options.tries = 2;
  sources.good();
  misp.events.erase(1);
  misp.events.erase(3);
  int views = 0;
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.url.find("/events/view/") != std::string::npos && ++views > 1)
      return reply(504);
    return misp.server(request);
  };
  CollectReport report = sources.good();
  EXPECT_EQ(report.counts.pulses_gone, 1u);
  EXPECT_NE(report.reconciled.find("4 listed: 1 gone, 0 brought, then stopped: "),
            std::string::npos)
      << report.reconciled;
  sources.service = [&](const HttpRequest& request) { return misp.server(request); };
  sources.options.reconcile = OtxReconcile::kDaily;
  report = sources.good();
  EXPECT_EQ(report.reconciled, "") << "the day has not passed since it was done whole";
  sources.options.reconcile = OtxReconcile::kNow;
  EXPECT_EQ(sources.good().counts.pulses_gone, 1u);
}

TEST(MispReconcile, a_dry_run_counts_and_ends_nothing) {
  FakeMisp misp = some_events(5);
  Sources sources = reconciled(misp);
  sources.good();
  misp.events.erase(2);
  const std::string before = sources.store.dump(), memory = sources.state().memory;
  sources.options.dry_run = true;
  EXPECT_EQ(sources.good().counts.pulses_gone, 1u);
  EXPECT_EQ(sources.store.dump(), before);
  EXPECT_EQ(sources.state().memory, memory);
}

TEST(MispServer, what_is_wrong_is_said) {
  FakeMisp misp = some_events(3);
  Sources sources = server_of(misp);
  sources.options.key = "wrong";
  EXPECT_EQ(sources.error(), "feed: page 1: http 403: the key was not accepted: no");
  sources.options.key = kKey;
  sources.service = [](const HttpRequest&) {
    return reply(200, "{\"message\":\"come later\"}");
  };
  EXPECT_EQ(sources.error(),
            "feed: page 1: http 200 without a list of events: come later (try 3 of 3)");
  sources.options.find_format = [](std::string_view) -> const ImportFormat* { return nullptr; };
  EXPECT_EQ(sources.error(),
            "feed: format 'misp' is not known here, see `spoor import --help`");
}

/// Faults and kills at any request: the store must end as that of a calm run.
template <typename Make, typename Serve>
void calm_and_rough(const Make& make, const Serve& serve) {
  for_each_seed([&](std::mt19937& random, int) {
    FakeMisp misp = some_events(12);
    Sources calm = make(misp), rough = make(misp);
    rough.options.tries = 2;
    const auto cuts = [&](const HttpRequest& request) -> Result<HttpResponse> {
      auto cut = serve(misp, request);
      if (cut && cut->body.size() > 3) cut->body.resize(cut->body.size() / 2);
      return cut;
    };
    for (int version = 0; version < 3; ++version) {
      calm.good();
      rough.collect_through(random, calm.service, {times_out, breaks_off, cuts}, 8, 25);
      rough.good();  // what failed on the way is asked for once more
      ASSERT_EQ(rough.store.dump(), calm.store.dump()) << "version " << version;
      const int number = static_cast<int>(random() % 12);
      misp.events[number] = {1'790'001'000 + version * 100,
                             {"v" + std::to_string(version) + ".example.org"}};
      misp.events.erase((number + 5) % 12);
    }
  });
}

TEST(MispFeed, after_any_trouble_the_store_is_that_of_a_calm_run) {
  calm_and_rough(
      feed_of, [](FakeMisp& misp, const HttpRequest& request) { return misp.folder(request); });
}

TEST(MispServer, after_any_trouble_the_store_is_that_of_a_calm_run) {
  calm_and_rough(reconciled, [](FakeMisp& misp, const HttpRequest& request) {
    return misp.server(request);
  });
}

}  // namespace
}  // namespace spoor
