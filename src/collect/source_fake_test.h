// What the tests of sources over the network share: a store of their own, a service in memory,
// small readers of MISP and STIX (the sources only hand documents on), and a look at the
// claims.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "collect/otx_fake_test.h"
#include "collect/source.h"
#include "net/fake_transport.h"
#include "net/json.h"

namespace spoor::source_fake {

inline constexpr const char* kKey = "k3y-of-the-service";

inline HttpResponse reply(int status, std::string body = "",
                          std::vector<std::pair<std::string, std::string>> headers = {}) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

inline std::string header(const HttpRequest& request, const std::string& name) {
  for (const auto& [each, value] : request.headers) {
    if (each == name) return value;
  }
  return {};
}

/// Events with `uuid`, `timestamp`, `info` and attributes that are all hosts: {"Event": ...},
/// or a reply that holds a list of them.
inline Status read_small_misp(std::string_view text, std::string_view where,
                              const std::function<Status(Page&&)>& on_page) {
  JsonParser parser;
  const auto root = parser.parse(text);
  if (!root) return fail(root.error());
  Page page;
  const auto event = [&](JsonView view) {
    Pulse pulse;
    pulse.id = "misp:" + std::string(view["uuid"].string());
    pulse.name = view["info"].string();
    pulse.tlp = Tlp::kGreen;
    if (const auto seconds = view["timestamp"].integer())
      pulse.modified = time_from_micros(*seconds * 1'000'000);
    view["Attribute"].each_element([&](JsonView attribute) {
      RawIndicator row;
      row.type = "hostname";
      row.value = attribute["value"].string();
      row.where = std::string(where);
      pulse.indicators.push_back(std::move(row));
    });
    page.pulses.push_back(std::move(pulse));
  };
  if ((*root)["Event"].is_object()) event((*root)["Event"]);
  (*root)["response"].each_element([&](JsonView each) { event(each["Event"]); });
  return on_page(std::move(page));
}

/// A bundle of objects with `id`, and a host in `host`; one of type `report` lists hosts.
inline Status read_small_stix(std::string_view text, std::string_view where,
                              const std::function<Status(Page&&)>& on_page) {
  JsonParser parser;
  const auto root = parser.parse(text);
  if (!root) return fail(root.error());
  if ((*root)["type"].string() != "bundle") return fail("expected a bundle");
  Page page;
  (*root)["objects"].each_element([&](JsonView object) {
    RawIndicator row;
    row.type = "hostname";
    row.where = std::string(where);
    if (object["type"].string() != "report") {
      row.value = object["host"].string();
      row.active = !object["revoked"].truth().value_or(false);
      page.rows.push_back(std::move(row));
      return;
    }
    Pulse pulse;
    pulse.id = object["id"].string();
    pulse.modified = time_from_micros(object["modified"].integer().value_or(0));
    object["hosts"].each_element([&](JsonView host) {
      row.value = host.string();
      pulse.indicators.push_back(row);
    });
    page.pulses.push_back(std::move(pulse));
  });
  return on_page(std::move(page));
}

inline const ImportFormat* find_small_format(std::string_view name) {
  static const ImportFormat misp = {"misp", "", nullptr, read_small_misp};
  static const ImportFormat stix = {"stix", "", nullptr, read_small_stix};
  // ThreatFox and the like come as lines here.
  static const ImportFormat* const list = import_format("list");
  if (name == "misp") return &misp;
  if (name == "stix") return &stix;
  if (name == "threatfox" || name == "malwarebazaar" || name == "urlhaus" || name == "feodo")
    return list;
  return import_format(name);
}

/// Calls test(random, seed) for seeds from 1 on: SPOOR_SEEDS of them, or 20.
template <typename Test>
void for_each_seed(const Test& test) {
  const char* wanted = std::getenv("SPOOR_SEEDS");
  const int seeds = wanted != nullptr ? std::max(1, std::atoi(wanted)) : 20;
  for (int seed = 1; seed <= seeds && !::testing::Test::HasFatalFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(static_cast<unsigned>(seed));
    test(random, seed);
  }
}

/// What goes wrong with any service.
inline Result<HttpResponse> times_out(const HttpRequest&) {
  return reply(504);
}
inline Result<HttpResponse> breaks_off(const HttpRequest&) {
  return fail("https://service.example: transferred a partial file");
}
inline Result<HttpResponse> shows_a_page(const HttpRequest&) {
  return reply(200, "<html></html>");
}

/// The service as the test wants it, and calls against it.
class Sources {
 public:
  using Service = std::function<Result<HttpResponse>(const HttpRequest&)>;

  explicit Sources(const std::string& kind) {
    options.name = "feed";
    options.kind = kind;
    options.url = "https://service.example/data";
    options.find_format = find_small_format;
    options.sleep = [](std::chrono::milliseconds) {};
    options.tries = 3;
    options.rate = 0;
  }

  Result<CollectReport> collect() {
    FakeTransport transport([this](const HttpRequest& request) -> Result<HttpResponse> {
      return service(request);
    });
    auto report = collect_source(*store, transport, clock, options,
                                 [this](const CollectProgress& progress) {
                                   if (!progress.message.empty())
                                     said.push_back(progress.message);
                                 });
    requests = transport.requests();
    return report;
  }
  CollectReport good() {
    auto report = collect();
    EXPECT_TRUE(report) << report.error().message;
    return report ? std::move(*report) : CollectReport();
  }
  std::string error() {
    const auto report = collect();
    return report ? "none" : report.error().message;
  }

  /// Collects until a run was whole. A request meets each of `troubles` with one chance in
  /// `among`, else `calm`; each run is stopped after fewer than `most_steps` looks at
  /// `cancelled`: between pages of a document as well.
  void collect_through(std::mt19937& random, const Service& calm,
                       const std::vector<Service>& troubles, unsigned among,
                       unsigned most_steps) {
    service = [&](const HttpRequest& request) -> Result<HttpResponse> {
      const std::size_t pick = random() % among;
      return pick < troubles.size() ? troubles[pick](request) : calm(request);
    };
    for (bool whole = false; !whole;) {
      int steps = static_cast<int>(random() % most_steps);
      options.cancelled = [&steps] { return --steps < 0; };
      const auto report = collect();
      whole = report && report->whole;
    }
    options.cancelled = nullptr;
    service = calm;
  }

  /// "a.example b.example(ended 1970-01-01T00:00:05Z)", by value.
  std::string claims() {
    std::string text;
    EXPECT_TRUE(store->for_each_claim({}, [&](const ClaimView& claim) {
      text += (text.empty() ? "" : " ") + claim.observable.value;
      if (!claim.active)
        text += "(ended" + (claim.ended ? " " + format_iso8601(*claim.ended) : "") + ")";
    }));
    return text;
  }
  FeedState state() {
    const auto feed = store->feed("feed");
    return feed && *feed ? **feed : FeedState();
  }

  Service service;
  SourceOptions options;
  std::unique_ptr<otx_fake::FakeStore> owned = std::make_unique<otx_fake::FakeStore>();
  otx_fake::FakeStore& store = *owned;
  FixedClock clock{parse_iso8601("2026-11-24T10:00:00")->time};
  std::vector<HttpRequest> requests;  ///< of the last call
  std::vector<std::string> said;
};

}  // namespace spoor::source_fake
