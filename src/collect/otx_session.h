// What the parts of a collect share: the client, the store's session, the judge, the report,
// and the one way in which a pulse is completed and written. Tested by collect_test.cpp.

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "collect/collect.h"
#include "collect/judge.h"
#include "collect/otx_walk.h"
#include "feeds/otx.h"
#include "feeds/otx_client.h"

namespace spoor {

/// What one page came to.
struct OtxPage {
  OtxClient::Answer answer = OtxClient::Answer::kGood;
  OtxPager pager;  ///< that was asked; its limit may have been halved on the way
  OtxSummary summary;
  std::vector<Pulse> pulses;
  std::vector<RawIndicator> rows;
  Tally damaged, notes;
  /// Claims of each pulse, in its place, where judge_page() has made them of its rows.
  std::vector<std::optional<std::vector<Claim>>> claims;
  std::optional<Judge> judge;  ///< that made them

  std::int64_t elements() const { return static_cast<std::int64_t>(summary.elements); }
};

class OtxSession {
 public:
  OtxSession(Store& store, Transport& transport, const Clock& clock,
             const OtxCollectOptions& options,
             const std::function<void(const CollectProgress&)>& progress);

  /// Checks the options, reads where the feed stands, begins to write.
  Status open();

  /// One page at `pager`, with `prefix` before "page N" in messages. Any thread, one at a time.
  Result<OtxPage> page(OtxPager pager,
                       const std::function<std::string(int, std::int64_t)>& path,
                       const std::string& prefix);
  /// Judges the rows of the pulses that `whole` says need no request of their own: by the
  /// thread that fetched the page, so that SQLite does not wait for it.
  void judge_page(OtxPage& page, const std::function<bool(const Pulse&)>& whole) const;
  /// pulses/{id}: nothing if it is not there, or if the client was stopped.
  Result<std::optional<Pulse>> pulse(const std::string& id);

  /// The rest of a pulse's rows, from pulses/{id}/indicators, with options.inactive the
  /// inactive ones too: what is stored does not depend on the way by which a pulse came. False:
  /// stopped.
  Result<bool> complete(Pulse& pulse);
  /// Judges, unless `claims` are there already, and writes.
  Status store_pulse(Pulse& pulse, const std::vector<Claim>* claims = nullptr);
  Status store_rows(std::vector<RawIndicator>& rows);
  Status end_pulse(const std::string& id, std::optional<Time> when);

  /// The place and the memory with what was written since, as one transaction.
  Status commit();
  /// The last commit() of a walk that has ended whole.
  Status finish();
  void take_notes(const OtxPage& page);
  void say(std::string message);
  /// Set while a page is fetched in advance, for messages.
  void set_page(std::int64_t page);

  Store& store;
  const Clock& clock;
  const OtxCollectOptions& options;
  std::unique_ptr<OtxClient> client;
  std::unique_ptr<Ingest> ingest;
  Judge judge;
  CollectReport report;
  std::optional<FeedState> state;  ///< before the call
  std::optional<Time> watermark;
  std::string walk;  ///< as stored
  OtxMemory memory;
  const Time start;
  std::atomic<bool> abandoned{false};  ///< the call has failed: a request under way may end

 private:
  Status keep_place();
  RateGate gate_;
  Transport& transport_;
  const std::function<void(const CollectProgress&)>& progress_;
  std::mutex progress_mutex_;
  std::int64_t page_ = 0;
  std::uint64_t pulses_said_ = 0, rows_said_ = 0;
  std::vector<Claim> claims_;
};

}  // namespace spoor
