// spoor collect: the feeds of the configuration into the store, incrementally.

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "app/collect_report.h"
#include "app/command.h"
#include "app/feed_runner.h"
#include "base/clock.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"otx", '\0', "URL", "where OTX is (default https://otx.alienvault.com)"},
    {"key-file", '\0', "FILE", "the API key's file (default: the variable OTX_API_KEY)"},
    {"endpoint", '\0', "NAME", "subscribed (default), activity, user:NAME or group:ID"},
    {"fallback", '\0', "NAME",
     "what stands in where subscribed fails: activity (default) or none"},
    {"reconcile", '\0', "WHEN",
     "end what OTX's account or a MISP server has lost: daily (default), now or never"},
    {"inactive", '\0', "", "ask each new or changed pulse for its inactive indicators too"},
    {"full", '\0', "", "everything, not only what changed"},
    {"since", '\0', "WHEN", "what changed since a date or an age such as 30d"},
    {"page-size", '\0', "N", "pulses a page at first (default 50)"},
    {"rate", '\0', "N", "requests a second (default 10; 0 is no limit)"},
    {"timeout", '\0', "SECONDS", "of one request (default 120)"},
    {"tries", '\0', "N", "for one page before the walk stops (default 6)"},
    {"max-pages", '\0', "N", "stop after N pages; the next run goes on"},
    {"deadline", '\0', "SECONDS", "stop after this time; the next run goes on"},
    {"feed", '\0', "NAME", "name in the store of what OTX gives (default otx)"},
    {"no-quarantine", '\0', "", "take over-broad values too"},
    {"accept-shrink", '\0', "", "believe a list that has lost more than nine tenths"},
    {"dry-run", '\0', "", "ask and read, write nothing (not of OTX)"},
    {"json", '\0', "", "the report as JSON, a line a feed"},
    SPOOR_COMMON_OPTIONS,
};

/// Options that mean OTX and nothing else: without a name of a feed they choose it.
constexpr std::string_view kOtxOnly[] = {"otx",       "key-file",  "endpoint",
                                         "fallback",  "inactive",  "since",
                                         "page-size", "max-pages", "feed"};

const FeedConfig* feed_named(const std::vector<FeedConfig>& feeds, const std::string& name) {
  for (const FeedConfig& feed : feeds) {
    if (feed.source.name == name) return &feed;
  }
  return nullptr;
}

/// The feeds that the command line means, in the order of the configuration.
Result<std::vector<FeedConfig>> chosen_feeds(const Invocation& invocation) {
  auto all = known_feeds(invocation);
  if (!all) return all;
  const Options& options = invocation.options;
  for (const std::string& name : options.operands()) {
    if (feed_named(*all, name) != nullptr) continue;
    std::string names;
    for (const FeedConfig& feed : *all) names += (names.empty() ? "" : ", ") + feed.source.name;
    return fail("collect: found '" + name + "', expected options or feeds among " + names);
  }
  std::string_view otx_only;
  for (const std::string_view name : kOtxOnly) {
    if (options.has(name)) otx_only = name;
  }
  std::vector<FeedConfig> chosen;
  for (const FeedConfig& feed : *all) {
    const auto& names = options.operands();
    const bool named = std::find(names.begin(), names.end(), feed.source.name) != names.end();
    if (names.empty() ? (otx_only.empty() ? feed.enabled : feed.is_otx()) : named)
      chosen.push_back(feed);
  }
  const bool has_otx = std::any_of(chosen.begin(), chosen.end(),
                                   [](const FeedConfig& feed) { return feed.is_otx(); });
  if (!otx_only.empty() && !has_otx)
    return fail("collect: --" + std::string(otx_only) +
                " is for OTX, which is not among the feeds");
  if (chosen.empty()) return fail("collect: no feed is enabled");
  return chosen;
}

/// What is said while a feed is collected: on a terminal in one line, else what went wrong.
std::function<void(const CollectProgress&)> progress_of(const std::string& feed, bool several,
                                                        bool show) {
  const std::string prefix = several ? terminal_safe(feed) + ": " : "";
  return [prefix, show](const CollectProgress& progress) {
    if (show) {
      write_error("\r\x1b[K" + prefix + "page " + std::to_string(progress.page) + ", " +
                  std::to_string(progress.pulses) + " pulses, " +
                  std::to_string(progress.rows) + " indicators" +
                  (progress.message.empty() ? "" : "; " + terminal_safe(progress.message)));
    } else if (!progress.message.empty()) {
      write_error("spoor: collect: " + prefix + terminal_safe(progress.message) + "\n");
    }
  };
}

/// One call: the feeds one after the other.
class Collects {
 public:
  Collects(const Invocation& invocation, std::vector<FeedConfig> feeds)
      : invocation_(invocation), feeds_(std::move(feeds)) {}

  Result<int> run() {
    const Options& options = invocation_.options;
    if (options.has("deadline")) {
      const auto value = parse_number(options.value("deadline"), 1, 1'000'000);
      if (!value) return fail(value.error().at("collect: --deadline"));
      deadline_ = std::chrono::seconds(*value);
    }
    std::vector<Result<FeedRun>> runs;
    for (const FeedConfig& feed : feeds_) runs.push_back(FeedRun::prepare(invocation_, feed));
    // Where there is nothing else to do, the store stays as it is.
    if (runs.size() == 1 && !runs[0] && feeds_[0].where.empty()) return fail(runs[0].error());
    catch_interrupts();
    auto store = open_store(invocation_, Store::Mode::kReadWrite);
    if (!store) return fail(store.error());
    for (std::size_t i = 0; i < runs.size() && !interrupted(); ++i) {
      if (auto status = one(**store, runs[i], feeds_[i]); !status) return fail(status.error());
    }
    return said();
  }

 private:
  /// An error: no other feed can do better (the store, the output).
  Status one(Store& store, Result<FeedRun>& run, const FeedConfig& feed) {
    FeedOutcome outcome;
    outcome.feed = run ? run->name() : feed.source.name;
    outcome.source = feed.source.kind;
    Result<CollectReport> report = fail("");
    const bool show = invocation_.environment.stderr_is_terminal;
    if (!run) {
      Error error = run.error();
      if (error.message.rfind("collect: ", 0) == 0) error.message.erase(0, 9);
      if (!invocation_.options.has("dry-run")) {
        std::string said = error.message;
        if (said.rfind(outcome.feed + ": ", 0) == 0) said.erase(0, outcome.feed.size() + 2);
        if (auto status =
                store.record_attempt(outcome.feed, outcome.source, clock_.now(), said);
            !status)
          return status;
      }
      report = fail(error);
    } else if (deadline_ && clock_.now() - start_ >= *deadline_) {
      report = fail(outcome.feed + ": not asked: the deadline of " +
                    std::to_string(deadline_->count()) + " s is over");
    } else {
      report = run->collect(store, clock_, left(), progress_of(outcome.feed, several(), show));
      if (show) write_error("\r\x1b[K");
    }
    if (report) {
      outcome.report = std::move(*report);
    } else {
      outcome.error = report.error().message;
      failed_ = true;
      if (several() || invocation_.options.has("json"))
        write_error("spoor: collect: " + terminal_safe(outcome.error) + "\n");
    }
    if (invocation_.options.has("json")) {
      SPOOR_TRY(
          write_out(outcome.report
                        ? collect_report_json(outcome.feed, outcome.source, *outcome.report)
                        : collect_error_json(outcome.feed, outcome.source, outcome.error)),
          "collect");
    }
    outcomes_.push_back(std::move(outcome));
    return {};
  }

  std::optional<std::chrono::seconds> left() const {
    if (!deadline_) return std::nullopt;
    const auto rest =
        std::chrono::ceil<std::chrono::seconds>(start_ + *deadline_ - clock_.now());
    return std::max(rest, std::chrono::seconds(1));
  }

  bool several() const { return feeds_.size() > 1; }

  Result<int> said() {
    const bool json = invocation_.options.has("json");
    if (!several() && !outcomes_.empty() && !json) {
      if (!outcomes_[0].report) return fail("collect: " + outcomes_[0].error);
      SPOOR_TRY(write_out(collect_report_text(*outcomes_[0].report)), "collect");
    } else if (!json) {
      SPOOR_TRY(write_out(collect_table(outcomes_)), "collect");
    }
    const bool cut_off =
        interrupted() && (outcomes_.size() < feeds_.size() ||
                          (outcomes_.back().report && !outcomes_.back().report->whole));
    return failed_ || cut_off ? 2 : 0;
  }

  const Invocation& invocation_;
  const std::vector<FeedConfig> feeds_;
  const SystemClock clock_;
  const Time start_ = clock_.now();
  std::optional<std::chrono::seconds> deadline_;
  std::vector<FeedOutcome> outcomes_;
  bool failed_ = false;
};

Result<int> run(const Invocation& invocation) {
  auto feeds = chosen_feeds(invocation);
  if (!feeds) return fail(feeds.error());
  // Of all feeds those that have a dry run, unless another one was asked for by name.
  if (invocation.options.has("dry-run") && invocation.options.operands().empty() &&
      feeds->size() > 1) {
    feeds->erase(std::remove_if(feeds->begin(), feeds->end(),
                                [](const FeedConfig& feed) { return feed.is_otx(); }),
                 feeds->end());
  }
  return Collects(invocation, std::move(*feeds)).run();
}

}  // namespace

extern const CommandRow kCollectCommand = {
    "collect",
    "what your feeds say into the store: OTX, lists, MISP, TAXII, abuse.ch",
    "collect [OPTION]... [FEED]...",
    "Asks every enabled feed of the configuration, or those named, and stores what is new. A\n"
    "feed that fails keeps no other from being asked. A run that is stopped or fails goes on\n"
    "where it stood. A key is sent to its own host only, over verified TLS, and is never\n"
    "printed. What a source does not hold any more ends; nothing is deleted.\n",
    "  OTX_API_KEY=... spoor collect\n"
    "  spoor collect --config /etc/spoor/spoor.toml urlhaus partners\n"
    "  spoor collect --config /etc/spoor/spoor.toml --dry-run partners\n"
    "  spoor collect --key-file ~/.otx-key --since 30d\n"
    "  spoor collect --endpoint activity --max-pages 10\n"
    "  spoor collect --endpoint user:AlienVault\n"
    "  spoor collect --reconcile now\n",
    kOptions,
    run,
};

}  // namespace spoor
