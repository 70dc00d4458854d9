#include "app/feed_runner.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "app/otx_account.h"
#include "base/utf8.h"

namespace spoor {
namespace {

/// --reconcile, or the configuration's.
Result<OtxReconcile> reconcile_of(const Options& options, const std::string& configured) {
  const std::string found = options.value("reconcile", configured);
  for (const auto& [name, value] :
       {std::pair("never", OtxReconcile::kNever), std::pair("daily", OtxReconcile::kDaily),
        std::pair("now", OtxReconcile::kNow)}) {
    if (found == name) return value;
  }
  return fail("collect: --reconcile: found '" + found + "', expected never, daily or now");
}

/// --fallback and --reconcile, or the configuration's.
Status choose(const Invocation& invocation, OtxCollectOptions& collect) {
  const Config& config = invocation.config;
  const std::string fallback =
      invocation.options.value("fallback", config.otx_fallback.value_or("activity"));
  if (fallback != "activity" && fallback != "none")
    return fail("collect: --fallback: found '" + fallback + "', expected activity or none");
  collect.fallback = fallback == "activity";
  const auto reconcile =
      reconcile_of(invocation.options, config.otx_reconcile.value_or("daily"));
  if (!reconcile) return fail(reconcile.error());
  collect.reconcile = *reconcile;
  return {};
}

/// A whole number that an option gives, within [1, most].
Status take_number(const Options& options, const char* name, std::uint64_t most, int& into) {
  if (!options.has(name)) return {};
  const auto value = parse_number(options.value(name), 1, most);
  if (!value) return fail(value.error().at("collect: --" + std::string(name)));
  into = static_cast<int>(*value);
  return {};
}

/// What the [otx] table would say if it were the feed's own.
Invocation as_otx_table(const Invocation& invocation, const FeedConfig& feed) {
  Invocation own = invocation;
  Config& config = own.config;
  const SourceOptions& source = feed.source;
  if (!source.url.empty()) config.otx_url = source.url;
  if (!source.collection.empty()) config.otx_endpoint = source.collection;
  if (source.page_size > 0) config.otx_page_size = source.page_size;
  if (source.rate >= 1) config.otx_rate = static_cast<int>(source.rate);
  if (source.timeout != SourceOptions().timeout)
    config.otx_timeout = static_cast<int>(source.timeout.count());
  if (!feed.proxy.empty()) config.proxy = feed.proxy;
  if (!feed.ca_file.empty()) config.ca_file = feed.ca_file;
  return own;
}

constexpr const char* kUnderWay = "the attempt has not ended: it is under way, or was killed";

}  // namespace

Result<std::vector<FeedConfig>> known_feeds(const Invocation& invocation) {
  auto all = feed_configs(invocation.config);
  if (!all) return all;
  const bool has_otx = std::any_of(all->begin(), all->end(),
                                   [](const FeedConfig& feed) { return feed.is_otx(); });
  if (has_otx) return all;
  const Config& config = invocation.config;
  const char* key = std::getenv("OTX_API_KEY");
  const bool spoken_for = config.otx_url || config.otx_key_file || config.otx_endpoint ||
                          (key != nullptr && *key != '\0') || all->empty();
  FeedConfig otx;
  otx.source.kind = "otx";
  otx.source.name = "otx";
  otx.enabled = spoken_for;
  all->insert(all->begin(), std::move(otx));
  return all;
}

Result<FeedRun> FeedRun::prepare(const Invocation& invocation, const FeedConfig& feed) {
  FeedRun run;
  run.kind_ = feed.source.kind;
  run.otx_ = feed.is_otx();
  const Status done =
      run.otx_ ? run.prepare_otx(invocation, feed) : run.prepare_source(invocation, feed);
  if (!done) return fail(done.error());
  return run;
}

Status FeedRun::prepare_otx(const Invocation& invocation, const FeedConfig& feed) {
  const Options& options = invocation.options;
  const Invocation own = as_otx_table(invocation, feed);
  OtxCollectOptions& collect = otx_options_;
  // A feed of its own name keeps it; else an author's claims are not the account's: what one
  // list lacks must not end the other's.
  collect.base_url = otx_base_url(own);
  const auto walk =
      parse_otx_feed(options.value("endpoint", own.config.otx_endpoint.value_or("subscribed")));
  if (!walk) return fail(walk.error().at("collect: --endpoint"));
  collect.walk = *walk;
  collect.feed = feed.source.name;
  if (collect.feed == "otx" && !walk->of.empty()) collect.feed = "otx:" + walk->text();
  collect.feed = options.value("feed", collect.feed);
  if (auto status = choose(own, collect); !status) return status;
  const auto rate = otx_rate(own, "collect");
  if (!rate) return fail(rate.error());
  collect.rate = *rate;
  const auto timeout = otx_timeout(own, "collect");
  if (!timeout) return fail(timeout.error());
  collect.timeout = *timeout;
  collect.tlp = feed.source.tlp;
  collect.inactive = options.has("inactive");
  collect.page_size = own.config.otx_page_size.value_or(collect.page_size);
  collect.tries = feed.source.tries;
  for (const auto& [name, most, into] : {std::tuple("page-size", 1000, &collect.page_size),
                                         std::tuple("max-pages", 1'000'000, &collect.max_pages),
                                         std::tuple("tries", 1000, &collect.tries)}) {
    if (auto status = take_number(options, name, most, *into); !status) return status;
  }
  const SystemClock clock;
  if (options.has("since")) {
    const auto since = parse_since(options.value("since"), clock.now());
    if (!since) return fail(since.error().at("collect: --since"));
    collect.since = *since;
  }
  collect.full = options.has("full");
  if (options.has("no-quarantine")) collect.quarantine = Quarantine::kRelease;
  if (options.has("dry-run")) return fail("collect: --dry-run: a walk over OTX has none");
  auto key = feed.key.empty() || options.has("key-file") ? otx_key(own, "collect")
                                                         : read_secret(feed.key);
  if (!key)
    return fail(feed.key.empty() ? key.error()
                                 : key.error().at("collect: " + feed.source.name));
  collect.key = std::move(*key);
  collect.cancelled = [] { return interrupted(); };
  transport_ = otx_transport_options(own.config);
  return {};
}

Result<SourceOptions> source_options(const FeedConfig& feed) {
  SourceOptions source = feed.source;
  if (!feed.key.empty()) {
    auto key = read_secret(feed.key);
    if (!key) return fail(key.error());
    source.key = std::move(*key);
  }
  if (!feed.url.empty()) {
    auto url = read_secret(feed.url);
    if (!url) return fail(url.error());
    source.url = std::move(*url);
    source.url_is_secret = true;
  }
  return source;
}

TransportOptions feed_transport_options(const FeedConfig& feed) {
  TransportOptions options = otx_transport_options(Config());
  options.proxy = feed.proxy;
  options.ca_file = feed.ca_file;
  return options;
}

Status FeedRun::prepare_source(const Invocation& invocation, const FeedConfig& feed) {
  const Options& options = invocation.options;
  auto source = source_options(feed);
  if (!source) return fail(source.error().at("collect: " + feed.source.name));
  source_ = std::move(*source);
  if (auto status = take_number(options, "tries", 1000, source_.tries); !status) return status;
  if (options.has("timeout")) {
    const auto timeout = parse_number(options.value("timeout"), 1, 3600);
    if (!timeout) return fail(timeout.error().at("collect: --timeout"));
    source_.timeout = std::chrono::seconds(*timeout);
  }
  if (options.has("rate")) {
    const auto rate = parse_number(options.value("rate"), 0, 100'000);
    if (!rate) return fail(rate.error().at("collect: --rate"));
    source_.rate = static_cast<double>(*rate);
  }
  const auto reconcile = reconcile_of(options, "daily");
  if (!reconcile) return fail(reconcile.error());
  source_.reconcile = *reconcile;
  source_.full = options.has("full");
  source_.accept_shrink = options.has("accept-shrink");
  source_.dry_run = options.has("dry-run");
  if (options.has("no-quarantine")) source_.quarantine = Quarantine::kRelease;
  source_.cancelled = [] { return interrupted(); };
  transport_ = feed_transport_options(feed);
  return {};
}

Result<CollectReport> FeedRun::collect(
    Store& store, const Clock& clock, std::optional<std::chrono::seconds> left,
    const std::function<void(const CollectProgress&)>& progress) {
  const bool keep = otx_ || !source_.dry_run;
  if (keep) {
    if (auto status = store.record_attempt(name(), kind_, clock.now(), kUnderWay); !status)
      return fail(status.error());
  }
  const auto transport = make_curl_transport(transport_);
  otx_options_.deadline = source_.deadline = left;
  auto report = otx_ ? collect_otx(store, *transport, clock, otx_options_, progress)
                     : collect_source(store, *transport, clock, source_, progress);
  std::string error;
  if (!report) {
    error = report.error().message;
  } else if (!report->whole) {
    error = "not whole: " + report->stopped;
  }
  if (error.rfind(name() + ": ", 0) == 0) error.erase(0, name().size() + 2);
  if (keep) {
    if (auto status = store.record_attempt(name(), kind_, clock.now(), error); !status)
      return fail(status.error());
  }
  return report;
}

}  // namespace spoor
