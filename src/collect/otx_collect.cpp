// One collect: the walk, what stands in for it, the reconciliation, the report. Tested by
// collect_test.cpp.

#include <utility>

#include "collect/changes.h"
#include "collect/collect.h"
#include "collect/otx_reconcile.h"
#include "collect/otx_session.h"
#include "collect/otx_walker.h"

namespace spoor {
namespace {

class Collector {
 public:
  Collector(Store& store, Transport& transport, const Clock& clock,
            const OtxCollectOptions& options,
            const std::function<void(const CollectProgress&)>& progress)
      : session_(store, transport, clock, options, progress) {}

  Result<CollectReport> run() {
    if (auto status = session_.open(); !status) return fail(status.error());
    const OtxCollectOptions& options = session_.options;
    OtxWalker walker(session_, {session_.watermark, session_.walk, std::nullopt});
    walker.begin(options.walk);
    take(walker);
    const Status walked = walker.run();
    if (!walked) {
      const bool stands_in = options.fallback && !session_.abandoned &&
                             options.walk.endpoint == OtxEndpoint::kSubscribed &&
                             session_.client->failure() == OtxClient::Failure::kUnavailable;
      if (!stands_in) return failed(walked.error());
      if (auto status = walk_fallback(walked.error()); !status) return failed(status.error());
    } else if (session_.report.whole) {
      session_.memory.fallback_watermark.reset();
      session_.memory.fallback_walk.clear();
    }
    first_count_ = walker.first_count();
    if (session_.report.whole && options.walk.row().subscriptions) {
      const Status done = reconcile_otx(session_, [&]() -> Status {
        OtxWalker all(session_, {session_.watermark, session_.walk, std::nullopt});
        all.begin_full(options.walk);
        return all.run();
      });
      if (!done) return failed(done.error());
    }
    if (session_.report.whole) {
      if (auto status = session_.finish(); !status) return failed(status.error());
    }
    finish_report();
    return std::move(session_.report);
  }

 private:
  void take(const OtxWalker& walker) {
    session_.report.endpoint = walker.walk().feed.text();
    session_.report.since = walker.walk().since;
    session_.report.resumed = walker.resumed();
    since_ = walker.walk().since;
  }

  /// The place of `subscribed` stays as it is; the next call asks there first.
  Status walk_fallback(const Error& why) {
    session_.report.fallback = "subscribed does not answer (" + why.message + ")";
    session_.say(session_.report.fallback + ": activity stands in for it");
    OtxMemory& memory = session_.memory;
    OtxWalker walker(session_,
                     {memory.fallback_watermark, memory.fallback_walk, session_.watermark});
    walker.begin({OtxEndpoint::kActivity, ""});
    take(walker);
    return walker.run();
  }

  tl::unexpected<Error> failed(const Error& error) const {
    std::string message =
        session_.options.feed + ": " + session_.client->without_key(error.message);
    if (session_.report.pages > 0) {
      message += "; " + std::to_string(session_.report.pages) +
                 " pages are stored, the next call goes on there";
    }
    return fail(std::move(message));
  }

  void finish_report() {
    CollectReport& report = session_.report;
    report.requests = session_.client->requests();
    report.retries = session_.client->retries();
    report.watermark = session_.watermark;
    take_tallies(report, session_.judge, session_.ingest->counts());
    if (report.counts.changed()) return;
    std::string& why = report.nothing_new;
    if (report.pulses > 0) {
      why = std::to_string(report.pulses) +
            " pulses were read, and all of them are stored already";
    } else if (!report.whole) {
      why = "no page was read before the walk was stopped (" + report.stopped + ")";
    } else if (first_count_ && *first_count_ > 0) {
      why = "the service counts " + std::to_string(*first_count_) + " pulses and sent none";
    } else if (report.resumed) {
      why = "the walk had only its end left to find";
    } else if (since_) {
      why = "nothing in this account's feed was modified since " + format_iso8601(*since_);
    } else {
      why =
          "this account's feed is empty: it is subscribed to nothing (a new account follows "
          "the user AlienVault)";
    }
    if (session_.client->anonymous())
      why += "; the service answered as to an anonymous user: the key was not recognised";
  }

  OtxSession session_;
  std::optional<Time> since_;
  std::optional<std::int64_t> first_count_;
};

}  // namespace

Result<CollectReport> collect_otx(Store& store, Transport& transport, const Clock& clock,
                                  const OtxCollectOptions& options,
                                  const std::function<void(const CollectProgress&)>& progress) {
  return Collector(store, transport, clock, options, progress).run();
}

}  // namespace spoor
