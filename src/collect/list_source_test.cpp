// Lists by URL: asked for only if they have changed, taken whole or not at all.

#include "collect/list_source.h"

#include <random>

#include "base/time.h"
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

constexpr const char* kMonday = "Mon, 23 Nov 2026 08:00:00 GMT";
constexpr const char* kTuesday = "Tue, 24 Nov 2026 08:00:00 GMT";

/// "h0.example\nh1.example\n..."
std::string hosts(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "h" + std::to_string(i) + ".example\n";
  return text;
}

/// A list that knows its version.
struct List {
  std::string body, modified = kMonday, etag = "\"1\"";
  bool conditional = true;
  Result<HttpResponse> operator()(const HttpRequest& request) const {
    std::vector<std::pair<std::string, std::string>> headers;
    if (!etag.empty()) headers.emplace_back("etag", etag);
    if (!modified.empty()) headers.emplace_back("last-modified", modified);
    if (conditional && !etag.empty() && header(request, "If-None-Match") == etag)
      return reply(304, "", headers);
    return reply(200, body, headers);
  }
};

TEST(ListSource, takes_what_is_new_and_ends_what_is_not_there_any_more) {
  Sources sources("url");
  sources.service = List{hosts(0, 3)};
  CollectReport report = sources.good();
  EXPECT_TRUE(report.whole);
  EXPECT_EQ(report.counts.claims_new, 3u);
  EXPECT_EQ(sources.claims(), "h0.example h1.example h2.example");
  EXPECT_TRUE(sources.state().last_run.has_value());
  sources.service = List{hosts(1, 4), kTuesday, "\"2\""};
  report = sources.good();
  EXPECT_EQ(report.counts.claims_new, 1u);
  EXPECT_EQ(report.counts.claims_ended, 1u);
  EXPECT_EQ(sources.claims(),
            "h0.example(ended 2026-11-24T08:00:00Z) h1.example h2.example h3.example");
}

TEST(ListSource, a_list_that_has_not_changed_costs_nothing_and_is_a_good_run) {
  Sources sources("url");
  sources.service = List{hosts(0, 3)};
  sources.good();
  const std::string before = sources.store.dump();
  CollectReport report = sources.good();
  EXPECT_TRUE(report.whole && report.unchanged);
  EXPECT_EQ(report.rows, 0u);
  EXPECT_EQ(header(sources.requests[0], "If-None-Match"), "\"1\"");
  EXPECT_EQ(header(sources.requests[0], "If-Modified-Since"), kMonday);
  EXPECT_EQ(sources.store.dump(), before);
  // A service that knows no versions: the bytes tell.
  sources.service = List{hosts(0, 3), "", "", false};
  report = sources.good();
  EXPECT_TRUE(report.unchanged);
  EXPECT_EQ(report.nothing_new, "the list is byte for byte the one of last time");
  report = sources.good();
  EXPECT_EQ(header(sources.requests[0], "If-None-Match"), "");
}

TEST(ListSource, other_terms_and_full_ask_for_everything) {
  Sources sources("url");
  sources.service = List{hosts(0, 3)};
  sources.good();
  sources.options.tlp = Tlp::kRed;
  EXPECT_FALSE(sources.good().unchanged);
  EXPECT_EQ(header(sources.requests[0], "If-None-Match"), "");
  EXPECT_TRUE(sources.good().unchanged);
  sources.options.full = true;
  EXPECT_FALSE(sources.good().unchanged);
  sources.options.full = false;
  sources.options.quarantine = Quarantine::kRelease;
  EXPECT_FALSE(sources.good().unchanged);
}

TEST(ListSource, a_date_in_the_future_is_no_date) {
  Sources sources("url");
  sources.service = List{hosts(0, 2)};
  sources.good();
  sources.service = List{hosts(1, 2), "Wed, 25 Nov 2099 08:00:00 GMT", "\"2\""};
  sources.good();
  EXPECT_EQ(sources.claims(), "h0.example(ended) h1.example");
}

TEST(ListSource, nothing_ends_because_of_a_reply_that_is_no_list) {
  const struct {
    const char* name;
    Result<HttpResponse> got;
    const char* said;
  } cases[] = {
      {"html", reply(200, "<!DOCTYPE html><html><title>Log in</title>"),
       "feed: http 200 with a page for people in place of data: 'Log in' (try 3 of 3)"},
      {"empty", reply(200), "feed: http 200 with an empty body (try 3 of 3)"},
      {"cut", fail("https://service.example: transferred a partial file"),
       "feed: https://service.example: transferred a partial file (try 3 of 3)"},
      {"nothing usable", reply(200, "$$$\n???\n%%%\n"),
       "feed: none of its 3 rows is an indicator"},
      {"shrunk", reply(200, hosts(0, 1)),
       "feed: it has shrunk from 20 claims to 1, which would end nearly all: nothing was "
       "taken; --accept-shrink believes it"},
      {"forbidden", reply(403), "feed: http 403: refused, and no key is configured"},
      {"gzip cut",
       reply(200, std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x02", 12)), ""},
  };
  for (const auto& c : cases) {
    Sources sources("url");
    sources.options.format = "list";
    sources.service = List{hosts(0, 20)};
    sources.good();
    const std::string before = sources.store.dump(), memory = sources.state().memory;
    sources.service = [&](const HttpRequest&) { return c.got; };
    const std::string said = sources.error();
    EXPECT_EQ(*c.said == '\0' ? "" : said, c.said) << c.name;
    EXPECT_NE(said, "none") << c.name;
    EXPECT_EQ(sources.store.dump(), before) << c.name;
    EXPECT_EQ(sources.state().memory, memory) << c.name;
    sources.service = List{hosts(0, 20)};
    EXPECT_TRUE(sources.good().unchanged) << c.name;
  }
}

TEST(ListSource, a_list_that_shrinks_is_believed_when_told) {
  Sources sources("url");
  sources.options.format = "list";
  sources.service = List{hosts(0, 20)};
  sources.good();
  // Exactly a tenth is no more than nine tenths less.
  sources.service = List{hosts(0, 2), kTuesday, "\"2\""};
  EXPECT_EQ(sources.good().counts.claims_ended, 18u);
  sources.service = List{"", kTuesday, "\"3\""};
  EXPECT_NE(sources.error(), "none");
  sources.options.accept_shrink = true;
  EXPECT_EQ(sources.good().counts.claims_ended, 2u);
  EXPECT_EQ(has_shrunk(20, 2), false);
  EXPECT_EQ(has_shrunk(21, 2), true);
  EXPECT_EQ(has_shrunk(0, 0), false);
  EXPECT_EQ(has_shrunk(1, 0), true);
  EXPECT_EQ(has_shrunk(5, 5), false);
}

TEST(ListSource, what_shrinks_is_not_stored_even_in_part) {
  Sources sources("url");
  sources.options.format = "list";
  sources.service = List{hosts(0, 500)};
  sources.good();
  const std::string before = sources.store.dump();
  sources.options.commit_rows = 5;
  sources.service = List{hosts(1000, 1040), kTuesday, "\"2\""};
  EXPECT_NE(sources.error(), "none");
  EXPECT_EQ(sources.store.dump(), before);
}

TEST(ListSource, half_a_line_at_an_end_that_nobody_told_is_no_value) {
  Sources sources("url");
  std::string body = hosts(0, 4);
  std::size_t cut = 0;
  sources.service = [&](const HttpRequest&) {
    HttpResponse response = reply(200, body.substr(0, cut));
    response.end_known = false;
    return response;
  };
  // Down from the whole list, so that what a cut one says would be new.
  for (cut = body.size() - 1; cut > body.find('\n'); --cut) {
    Sources fresh("url");
    fresh.service = sources.service;
    fresh.good();
    const std::string claims = fresh.claims();
    EXPECT_EQ(std::string("h0.example h1.example h2.example h3.example").rfind(claims, 0), 0u)
        << claims;
    EXPECT_EQ(claims.substr(claims.size() - 8), ".example") << cut;
  }
  sources.service = [&](const HttpRequest&) {
    HttpResponse response = reply(200, "h0.exampl");
    response.end_known = false;
    return response;
  };
  EXPECT_NE(sources.error().find("no whole line"), std::string::npos) << sources.error();
}

TEST(ListSource, a_reply_without_a_known_end_ends_nothing) {
  Sources sources("url");
  sources.service = List{hosts(0, 3)};
  sources.good();
  sources.service = [](const HttpRequest&) {
    HttpResponse response = reply(200, hosts(1, 4));
    response.end_known = false;
    return response;
  };
  const CollectReport report = sources.good();
  EXPECT_EQ(report.counts.claims_ended, 0u);
  EXPECT_EQ(report.notes.total(), 1u);
  EXPECT_EQ(sources.claims(), "h0.example h1.example h2.example h3.example");
  // It may have been a part: the version that came with it is not taken for known.
  sources.service = List{hosts(1, 4)};
  EXPECT_EQ(sources.good().counts.claims_ended, 1u);
  EXPECT_EQ(header(sources.requests[0], "If-None-Match"), "");
}

TEST(ListSource, a_window_ends_nothing) {
  Sources sources("url");
  sources.options.window = true;
  sources.service = List{hosts(0, 30)};
  sources.good();
  sources.service = List{hosts(30, 31), kTuesday, "\"2\""};
  const CollectReport report = sources.good();
  EXPECT_EQ(report.counts.claims_ended, 0u);
  EXPECT_EQ(report.counts.claims_new, 1u);
}

TEST(ListSource, a_dry_run_says_what_would_be_and_writes_nothing) {
  Sources sources("url");
  sources.service = List{hosts(0, 3)};
  sources.good();
  const std::string before = sources.store.dump(), memory = sources.state().memory;
  sources.options.dry_run = true;
  sources.options.commit_rows = 1;
  sources.service = List{hosts(1, 5), kTuesday, "\"2\""};
  const CollectReport report = sources.good();
  EXPECT_EQ(report.counts.claims_new, 2u);
  EXPECT_EQ(report.counts.claims_ended, 1u);
  EXPECT_EQ(sources.store.dump(), before);
  EXPECT_EQ(sources.state().memory, memory);
}

TEST(ListSource, the_key_goes_where_the_kind_wants_it) {
  const struct {
    const char* kind;
    const char* user;
    const char* header_name;
    const char* url;
    const char* sent_in;
    const char* value;
  } cases[] = {
      {"url", "", "", "https://service.example/l", "Authorization",
       "Bearer k3y-of-the-service"},
      {"url", "", "X-Key", "https://service.example/l", "X-Key", kKey},
      {"url", "me", "", "https://service.example/l", "Authorization",
       "Basic bWU6azN5LW9mLXRoZS1zZXJ2aWNl"},
      {"urlhaus", "", "", "", "Auth-Key", kKey},
      {"feodo", "", "", "", "Auth-Key", kKey},
  };
  for (const auto& c : cases) {
    Sources sources(c.kind);
    sources.options.key = kKey;
    sources.options.user = c.user;
    sources.options.header = c.header_name;
    sources.options.url = c.url;
    sources.service = List{hosts(0, 3)};
    sources.good();
    EXPECT_EQ(header(sources.requests[0], c.sent_in), c.value) << c.kind;
    EXPECT_EQ(sources.state().memory.find(kKey), std::string::npos);
  }
  Sources sources("url");
  sources.options.key = "a/b&c";
  sources.options.url = "https://service.example/l?auth-key={key}";
  sources.service = List{hosts(0, 3)};
  sources.good();
  EXPECT_EQ(sources.requests[0].url, "https://service.example/l?auth-key=a%2Fb%26c");
  EXPECT_EQ(header(sources.requests[0], "Authorization"), "");
  sources.service = [](const HttpRequest& request) -> Result<HttpResponse> {
    return fail("cannot reach " + request.url);
  };
  EXPECT_EQ(sources.error(),
            "feed: cannot reach https://service.example/l?auth-key=[key] (try 3 of 3)");
}

TEST(ListSource, services_of_abuse_ch_are_asked_as_they_document) {
  Sources sources("threatfox");
  sources.options.url.clear();
  EXPECT_EQ(sources.error(), "feed: found no key, expected key_file or key_env");
  sources.options.key = kKey;
  sources.options.days = 3;
  sources.service = [](const HttpRequest&) { return reply(200, hosts(0, 3)); };
  sources.good();
  EXPECT_EQ(sources.requests[0].url, "https://threatfox-api.abuse.ch/api/v1/");
  EXPECT_EQ(sources.requests[0].method, "POST");
  EXPECT_EQ(sources.requests[0].body, "{\"query\":\"get_iocs\",\"days\":3}");
  EXPECT_EQ(header(sources.requests[0], "Auth-Key"), kKey);
  // A window: what has left it has not ended.
  sources.service = [](const HttpRequest&) { return reply(200, hosts(3, 4)); };
  EXPECT_EQ(sources.good().counts.claims_ended, 0u);
  sources.service = [](const HttpRequest&) {
    return reply(200, "{\"query_status\":\"unknown_auth_key\",\"data\":\"\"}");
  };
  EXPECT_EQ(sources.error(), "feed: the service answers unknown_auth_key");

  Sources bazaar("malwarebazaar");
  bazaar.options.url.clear();
  bazaar.options.key = kKey;
  bazaar.service = [](const HttpRequest&) { return reply(200, hosts(0, 3)); };
  bazaar.good();
  EXPECT_EQ(bazaar.requests[0].url, "https://mb-api.abuse.ch/api/v1/");
  EXPECT_EQ(bazaar.requests[0].body, "query=get_recent&selector=time");
}

TEST(ListSource, packed_lists_are_unpacked_and_free_text_is_not_guessed) {
  Sources sources("url");
  sources.options.url = "https://service.example/hosts.txt.gz?x=1";
  // printf 'evil.example\n' | gzip -n
  constexpr unsigned char kGzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                     0x03, 0x4b, 0x2d, 0xcb, 0xcc, 0xd1, 0x4b, 0xad, 0x48,
                                     0xcc, 0x2d, 0xc8, 0x49, 0xe5, 0x02, 0x00, 0x1d, 0xa5,
                                     0x85, 0x4a, 0x0d, 0x00, 0x00, 0x00};
  const std::string packed(reinterpret_cast<const char*>(kGzip), sizeof(kGzip));
  sources.service = [&](const HttpRequest&) { return reply(200, packed); };
  const CollectReport report = sources.good();
  EXPECT_EQ(report.accepted, 1u);
  EXPECT_EQ(sources.claims(), "evil.example");
}

TEST(ListSource, a_floor_of_tlp_is_under_every_pulse) {
  Sources sources("url");
  sources.options.format = "misp";
  sources.options.tlp = Tlp::kAmberStrict;
  sources.service = [](const HttpRequest&) {
    return reply(200,
                 "{\"Event\":{\"uuid\":\"u\",\"timestamp\":\"5\",\"info\":\"i\",\"Attribute\":["
                 "{\"value\":\"a.b.example\"}]}}");
  };
  sources.good();
  EXPECT_EQ((*sources.store->pulse("misp:u"))->tlp, Tlp::kAmberStrict);
}

TEST(ListSource, a_stop_is_no_error_and_leaves_nothing_behind) {
  Sources sources("url");
  sources.service = List{hosts(0, 3)};
  sources.options.cancelled = [] { return true; };
  const CollectReport report = sources.good();
  EXPECT_FALSE(report.whole);
  EXPECT_EQ(report.stopped, "cancelled");
  EXPECT_EQ(sources.claims(), "");
}

TEST(ListSource, memory_that_is_damaged_is_forgotten) {
  EXPECT_EQ(ListMemory::parse("{\"held\":-4,\"etag\":7}").held, 0u);
  EXPECT_EQ(ListMemory::parse("[]").etag, "");
  EXPECT_EQ(ListMemory::parse("").etag, "");
  ListMemory memory;
  memory.question = "q";
  memory.etag = "W/\"a\\\"b\"";
  memory.changed = kMonday;
  memory.digest = "00ff";
  memory.held = 7;
  EXPECT_EQ(ListMemory::parse(memory.text()).text(), memory.text());
}

/// Two lists edited in the same way: one is collected without trouble, the other with faults
/// and kills (a request that fails with one try drops the session as a kill does).
TEST(ListSource, after_any_trouble_the_store_is_that_of_a_calm_run) {
  const auto empty = [](const HttpRequest&) -> Result<HttpResponse> { return reply(200, ""); };
  for_each_seed([&](std::mt19937& random, int) {
    Sources calm("url"), rough("url");
    calm.options.format = rough.options.format = "list";
    rough.options.commit_rows = 7;
    rough.options.tries = 2;
    for (int version = 1; version <= 4; ++version) {
      const int from = static_cast<int>(random() % 30);
      calm.service = List{hosts(from, from + 40), version % 2 ? kMonday : kTuesday,
                          "\"" + std::to_string(version) + "\""};
      calm.good();
      rough.collect_through(random, calm.service, {times_out, breaks_off, shows_a_page, empty},
                            6, 12);
      ASSERT_EQ(rough.store.dump(), calm.store.dump());
    }
  });
}

}  // namespace
}  // namespace spoor
