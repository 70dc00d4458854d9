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
//   - A pulse that says it has more indicators is completed.
// Tested by collect_test.cpp against a transport and a clock in memory.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/tally.h"
#include "net/transport.h"
#include "store/store.h"

namespace spoor {

enum class OtxEndpoint : std::uint8_t {
  kSubscribed,  ///< pulses/subscribed: the documented feed
  kActivity,    ///< pulses/activity: answers where the other does not; may hold users one only
                ///< follows
};

struct OtxCollectOptions {
  std::string base_url = "https://otx.alienvault.com";
  std::string key;
  std::string feed = "otx";
  OtxEndpoint endpoint = OtxEndpoint::kSubscribed;
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

struct CollectReport {
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
  std::string nothing_new;  ///< why, where counts.changed() is false; "" otherwise
};

/// Collects until the walk ends, is stopped, or fails. An error (key not accepted, the service
/// does not answer, the store) leaves what was stored and the walk's place; the next call goes
/// on. One request at a time.
Result<CollectReport> collect_otx(Store& store, Transport& transport, const Clock& clock,
                                  const OtxCollectOptions& options,
                                  const std::function<void(const CollectProgress&)>& progress);

}  // namespace spoor
