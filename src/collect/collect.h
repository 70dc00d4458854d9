// `spoor collect`: walks an OTX account's feed into the store, incrementally. What a walk
// promises (reasons in README.md):
//   - The watermark moves only when a walk has ended whole, to the highest `modified` that its
//   first page showed; the next
//     walk asks from one hour before it. A walk that was stopped or killed goes on where it
//     stood: its place is written in the same transaction as the page.
//   - Page addresses are built here; `next` is never followed, redirects neither. The key
//   travels in one header, to one host,
//     and stands in no message.
//   - Throttling, server errors, time-outs, empty and foreign bodies are tried again with
//   growing pauses; where big pages are
//     the trouble, the page is halved at the same place. A page that was cut is fetched again.
//   - A pulse that says it has more indicators is completed, and is not asked for again when
//   the page is.
//   - A walk that ends with fewer pulses than the service counts is walked once more.
//   - Pulses that the account does not hold any more end, with their claims; none is deleted.
//   - Where `subscribed` does not answer, `activity` stands in, and the report says so; the
//   watermark of `subscribed` stays where it is.
// Tested by collect_test.cpp against a transport and a clock in memory.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/tally.h"
#include "feeds/otx_api.h"
#include "net/transport.h"
#include "store/store.h"

namespace spoor {

/// When the ids of all subscribed pulses are held against the store.
enum class OtxReconcile : std::uint8_t {
  kNever,
  kDaily,  ///< a day after the last time, or when an event of the account calls for it
  kNow,    ///< in this call, and believed even where it ends most of what is stored
};

struct OtxCollectOptions {
  std::string base_url = "https://otx.alienvault.com";
  std::string key;
  std::string feed = "otx";
  OtxFeedChoice walk;
  bool fallback = false;  ///< let `activity` stand in where `subscribed` does not answer
  OtxReconcile reconcile = OtxReconcile::kNever;  ///< of `subscribed` only
  std::optional<Tlp> tlp;                         ///< what all claims carry at least
  bool inactive = false;  ///< ask each new or changed pulse for its inactive indicators too
  double rate = 0;        ///< requests a second; 0: no limit
  int page_size = 50;
  std::optional<Time> since;          ///< instead of the watermark; starts a new walk
  bool full = false;                  ///< everything; starts a new walk
  int max_pages = 20'000;             ///< of one call; the walk goes on with the next one
  int tries = 6;                      ///< for one page before the walk stops
  std::chrono::seconds timeout{120};  ///< of one request
  std::optional<std::chrono::seconds>
      deadline;  ///< of the call; checked between requests and pauses
  Quarantine quarantine = Quarantine::kApply;

  /// Whether to stop (Ctrl-C): asked between requests and during pauses.
  std::function<bool()> cancelled;
  /// Waits; tests give one that does not. Called with at most half a second at a time.
  std::function<void(std::chrono::milliseconds)> sleep;
  /// In [0, 1): spreads the pauses of many clients. Empty: random.
  std::function<double()> jitter;
};

struct CollectProgress {
  int page = 0;              ///< of the feed, at the page size of the moment
  std::uint64_t pulses = 0;  ///< so far
  std::uint64_t rows = 0;
  std::string message;  ///< "http 504: page size 25, trying again in 3 s"; "" after a good page
};

/// What became of one pulse.
struct PulseChange {
  enum class Kind : std::uint8_t { kNew, kChanged, kGone };
  Kind kind = Kind::kNew;
  std::string id, name;  ///< name: "" where it is gone
  std::uint64_t claims_new = 0, claims_changed = 0, claims_ended = 0;
};

struct CollectReport {
  static constexpr std::size_t kMostChanges = 10'000;
  bool whole = false;    ///< the walk has reached its end; the watermark has moved
  bool resumed = false;  ///< it went on where an earlier one had stopped
  std::string
      stopped;  ///< why it is not whole: "cancelled", "deadline of 300 s", "limit of 5 pages"
  std::optional<Time> since;      ///< the question: modified_since
  std::optional<Time> watermark;  ///< after the call
  std::optional<Time> newest;     ///< highest `modified` that was seen
  int pages = 0, requests = 0, retries = 0;
  std::uint64_t pulses = 0, rows = 0, accepted = 0;
  Tally refused, quarantined, notes;
  IngestCounts counts;
  std::vector<PulseChange> changes;  ///< the first kMostChanges, as they came
  bool unchanged = false;   ///< the source holds what it held last time (http 304, same bytes)
  std::string endpoint;     ///< that was walked: "subscribed"
  std::string fallback;     ///< why another one than was asked for; "" if it was not
  std::string reconciled;   ///< what came of it: "5 gone, 2 brought"; "" if it was not due
  std::string nothing_new;  ///< why, where counts.changed() is false; "" otherwise
};

/// Collects until the walk ends, is stopped, or fails. An error (key not accepted, the service
/// does not answer, the store) leaves what was stored and the walk's place; the next call goes
/// on. One request at a time.
Result<CollectReport> collect_otx(Store& store, Transport& transport, const Clock& clock,
                                  const OtxCollectOptions& options,
                                  const std::function<void(const CollectProgress&)>& progress);

}  // namespace spoor
