// TAXII 2.1: discovery, and the walk over a collection.

#include <random>

#include "collect/source_fake_test.h"

namespace spoor {
namespace {

using source_fake::breaks_off;
using source_fake::for_each_seed;
using source_fake::header;
using source_fake::kKey;
using source_fake::reply;
using source_fake::shows_a_page;
using source_fake::Sources;
using source_fake::times_out;

constexpr const char* kId = "91a7b528-80eb-42ed-a74d-c6fbd5a26116";

struct FakeObject {
  std::string json;
  std::string added;  ///< as the server writes times
};

/// A server with one collection, in the order in which objects were added.
struct FakeTaxii {
  std::vector<FakeObject> objects;
  bool dates = true, tokens = true;
  std::string next_prefix = "t";  ///< of tokens; another one forgets those given out
  std::size_t most = 3;           ///< objects a page

  void add(const std::string& host, int minute, bool revoked = false) {
    char added[64];
    std::snprintf(added, sizeof(added), "2026-11-01T%02d:%02d:00.123456Z", minute / 60,
                  minute % 60);
    objects.push_back({"{\"type\":\"indicator\",\"host\":\"" + host +
                           "\",\"revoked\":" + (revoked ? "true" : "false") + "}",
                       added});
  }

  Result<HttpResponse> operator()(const HttpRequest& request) const {
    if (header(request, "Accept") != "application/taxii+json;version=2.1") return reply(406);
    if (header(request, "Authorization") != std::string("Bearer ") + kKey) return reply(401);
    const std::string path = request.url.substr(0, request.url.find('?'))
                                 .substr(std::string("https://service.example").size());
    if (path == "/taxii2/")
      return reply(
          200,
          "{\"title\":\"t\",\"api_roots\":[\"https://service.example/api1/\",\"/api2/\","
          "\"https://other.example/api3/\"]}");
    if (path == "/api1/")
      return reply(200, "{\"title\":\"r\",\"versions\":[],\"max_content_length\":1}");
    if (path == "/api2/collections/") return reply(404);
    if (path == "/api1/collections/")
      return reply(
          200, std::string("{\"collections\":[{\"id\":\"") + kId +
                   "\",\"title\":\"High\",\"alias\":\"high\",\"can_read\":true},{\"id\":\"x\","
                   "\"title\":\"Closed\",\"can_read\":false}]}");
    if (path == std::string("/api1/collections/") + kId + "/objects/") return page(request.url);
    return reply(404);
  }

 private:
  Result<HttpResponse> page(const std::string& url) const {
    const std::string after =
        otx_fake::percent_decode(FakeTransport::parameter(url, "added_after"));
    const std::string next = otx_fake::percent_decode(FakeTransport::parameter(url, "next"));
    std::size_t begin = 0;
    if (!next.empty()) {
      if (next.rfind(next_prefix + "/?", 0) != 0) return reply(400, "{\"title\":\"bad next\"}");
      begin = std::stoul(next.substr(next_prefix.size() + 2));
    }
    std::vector<const FakeObject*> chosen;
    for (const FakeObject& object : objects) {
      if (after.empty() || object.added > after) chosen.push_back(&object);
    }
    const std::size_t end =
        std::min({chosen.size(), begin + most,
                  begin + std::stoul(FakeTransport::parameter(url, "limit"))});
    std::string body = "{";
    const bool more = end < chosen.size();
    if (more && tokens)
      body += "\"next\":\"" + next_prefix + "/?" + std::to_string(end) + "\",";
    body += std::string("\"more\":") + (more ? "true" : "false");
    for (std::size_t i = begin; i < end; ++i)
      body += (i == begin ? ",\"objects\":[" : ",") + chosen[i]->json;
    HttpResponse response = reply(200, body + (end > begin ? "]}" : "}"));
    if (dates && end > begin) {
      response.headers.emplace_back("x-taxii-date-added-first", chosen[begin]->added);
      response.headers.emplace_back("x-taxii-date-added-last", chosen[end - 1]->added);
    }
    return response;
  }
};

FakeTaxii some_objects(int count) {
  FakeTaxii taxii;
  for (int i = 0; i < count; ++i) taxii.add("h" + std::to_string(10 + i) + ".example.org", i);
  return taxii;
}

Sources of(FakeTaxii& taxii) {
  Sources sources("taxii");
  sources.options.url = "https://service.example/taxii2/";
  sources.options.collection = "High";
  sources.options.key = kKey;
  sources.service = [&taxii](const HttpRequest& request) { return taxii(request); };
  return sources;
}

TEST(Taxii, walks_pages_and_then_asks_for_what_was_added_after) {
  FakeTaxii taxii = some_objects(7);
  Sources sources = of(taxii);
  CollectReport report = sources.good();
  EXPECT_EQ(report.accepted, 7u);
  EXPECT_EQ(report.pages, 3);
  EXPECT_EQ(format_iso8601(*sources.state().watermark), "2026-11-01T00:06:00.123456Z");
  EXPECT_EQ(sources.state().walk, "");
  taxii.add("late.example.org", 30);
  taxii.add("h11.example.org", 31, true);
  report = sources.good();
  EXPECT_EQ(report.accepted, 2u);
  EXPECT_EQ(FakeTransport::parameter(sources.requests.back().url, "added_after"),
            "2026-11-01T00%3A06%3A00.123456Z");
  EXPECT_NE(sources.claims().find("h11.example.org(ended)"), std::string::npos);
  EXPECT_NE(sources.claims().find("h12.example.org "), std::string::npos);
  EXPECT_EQ(sources.good().accepted, 0u);
  EXPECT_EQ(format_iso8601(*sources.state().watermark), "2026-11-01T00:31:00.123456Z");
}

TEST(Taxii, an_api_root_is_an_address_as_well_and_names_are_ids_or_titles) {
  FakeTaxii taxii = some_objects(2);
  for (const char* name : {kId, "High", "high"}) {
    Sources sources = of(taxii);
    sources.options.url = "https://service.example/api1";
    sources.options.collection = name;
    EXPECT_EQ(sources.good().accepted, 2u) << name;
  }
  Sources sources = of(taxii);
  sources.options.collection = "Low";
  EXPECT_EQ(sources.error(),
            "feed: collection 'Low' is not there, expected one of High, Closed, those of "
            "https://other.example/api3");
  sources.options.collection = "Closed";
  EXPECT_EQ(sources.error(), "feed: collection 'Closed' may not be read with this key");
}

TEST(Taxii, no_other_host_is_asked) {
  FakeTaxii taxii = some_objects(5);
  taxii.next_prefix = "https://elsewhere.example/steal?x=";
  Sources sources = of(taxii);
  EXPECT_EQ(sources.good().accepted, 5u);
  for (const HttpRequest& request : sources.requests)
    EXPECT_EQ(request.url.rfind("https://service.example/", 0), 0u) << request.url;
}

TEST(Taxii, a_walk_goes_on_where_it_was_killed) {
  FakeTaxii taxii = some_objects(9);
  Sources sources = of(taxii);
  sources.options.tries = 1;
  int pages = 0;
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.url.find("/objects/") != std::string::npos && ++pages == 3) return reply(502);
    return taxii(request);
  };
  EXPECT_NE(sources.error(), "none");
  EXPECT_FALSE(sources.state().watermark.has_value());
  sources.service = [&](const HttpRequest& request) { return taxii(request); };
  CollectReport report = sources.good();
  EXPECT_TRUE(report.resumed);
  EXPECT_EQ(report.accepted, 3u);
  EXPECT_EQ(sources.requests.size(), 1u);
  EXPECT_TRUE(sources.state().watermark.has_value());
}

TEST(Taxii, a_token_that_the_server_has_forgotten_costs_a_new_walk) {
  FakeTaxii taxii = some_objects(9);
  Sources sources = of(taxii);
  sources.options.tries = 1;
  int pages = 0;
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.url.find("/objects/") != std::string::npos && ++pages == 2) return reply(502);
    return taxii(request);
  };
  EXPECT_NE(sources.error(), "none");
  taxii.next_prefix = "u";
  sources.service = [&](const HttpRequest& request) { return taxii(request); };
  EXPECT_EQ(sources.good().accepted, 9u);
}

TEST(Taxii, servers_without_tokens_or_dates_are_read_all_the_same) {
  FakeTaxii taxii = some_objects(7);
  taxii.tokens = false;
  Sources sources = of(taxii);
  EXPECT_EQ(sources.good().accepted, 7u);
  FakeTaxii undated = some_objects(7);
  undated.dates = false;
  Sources whole = of(undated);
  EXPECT_EQ(whole.good().accepted, 7u);
  EXPECT_FALSE(whole.state().watermark.has_value());
  const CollectReport again = whole.good();
  EXPECT_EQ(again.accepted, 7u);
  EXPECT_EQ(again.notes.total(), 1u);
  undated.tokens = false;
  EXPECT_EQ(whole.error(), "feed: the server says that there is more, and not where");
}

TEST(Taxii, a_walk_that_would_not_end_is_an_error) {
  FakeTaxii taxii = some_objects(1);
  Sources sources = of(taxii);
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    if (request.url.find("/objects/") == std::string::npos) return taxii(request);
    return reply(200, "{\"more\":true,\"next\":\"same\",\"objects\":[]}");
  };
  EXPECT_EQ(sources.error(),
            "feed: the server sends the same `next` again: the walk would not end");
}

TEST(Taxii, what_a_report_lacks_on_a_page_does_not_end) {
  FakeTaxii taxii;
  taxii.objects = {
      {"{\"type\":\"report\",\"id\":\"r\",\"modified\":5,\"hosts\":[\"a.x.example\",\"b.x."
       "example\"]}",
       "2026-11-01T00:00:00Z"}};
  Sources sources = of(taxii);
  sources.good();
  taxii.objects.push_back(
      {"{\"type\":\"report\",\"id\":\"r\",\"modified\":6,\"hosts\":[\"b.x.example\"]}",
       "2026-11-02T00:00:00Z"});
  EXPECT_EQ(sources.good().counts.claims_ended, 0u);
  EXPECT_EQ(sources.claims(), "a.x.example b.x.example");
}

TEST(Taxii, bodies_that_are_cut_are_asked_for_again) {
  FakeTaxii taxii = some_objects(4);
  Sources sources = of(taxii);
  int bad = 0;
  sources.service = [&](const HttpRequest& request) -> Result<HttpResponse> {
    auto good = taxii(request);
    if (request.url.find("/objects/") != std::string::npos && ++bad % 2 == 1)
      good->body.resize(good->body.size() - 2);
    return good;
  };
  const CollectReport report = sources.good();
  EXPECT_EQ(report.accepted, 4u);
  EXPECT_EQ(report.retries, 2);
}

TEST(Taxii, discovery_lists_collections_and_asks_no_other_host) {
  FakeTaxii taxii = some_objects(1);
  Sources sources = of(taxii);
  FakeTransport transport(sources.service);
  const auto all = discover_taxii(transport, sources.clock, sources.options);
  ASSERT_TRUE(all) << all.error().message;
  std::string text;
  for (const TaxiiCollection& each : *all)
    text += each.api_root + " " + each.id + " " + each.title +
            (each.can_read ? "" : " closed") + (each.elsewhere ? " elsewhere" : "") + "\n";
  EXPECT_EQ(text, std::string("https://service.example/api1 ") + kId +
                      " High\nhttps://service.example/api1 x Closed closed\n"
                      "https://other.example/api3   elsewhere\n");
  for (const HttpRequest& request : transport.requests())
    EXPECT_EQ(request.url.rfind("https://service.example/", 0), 0u);
}

TEST(Taxii, after_any_trouble_the_store_is_that_of_a_calm_run) {
  for_each_seed([](std::mt19937& random, int seed) {
    FakeTaxii taxii = some_objects(14);
    taxii.tokens = seed % 3 != 0;
    Sources calm = of(taxii), rough = of(taxii);
    rough.options.tries = 2;
    // The server forgets where it was: its tokens are worth nothing any more.
    const auto forgets = [&](const HttpRequest& request) -> Result<HttpResponse> {
      taxii.next_prefix = taxii.next_prefix == "t" ? "u" : "t";
      return taxii(request);
    };
    for (int version = 0; version < 3; ++version) {
      calm.good();
      rough.collect_through(random, calm.service,
                            {times_out, breaks_off, shows_a_page, forgets}, 8, 20);
      ASSERT_EQ(rough.store.dump(), calm.store.dump()) << "version " << version;
      ASSERT_EQ(rough.state().watermark, calm.state().watermark);
      taxii.add("v" + std::to_string(version) + ".example.org", 100 + version);
      taxii.add("h10.example.org", 110 + version, version % 2 == 0);
    }
  });
}

}  // namespace
}  // namespace spoor
