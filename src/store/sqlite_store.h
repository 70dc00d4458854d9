// The store as one class over a Database; its parts stand in store.cpp (opening, feeds,
// counts), ingest.cpp, query.cpp, single.cpp, sightings.cpp and progress.cpp. Tested by
// store_test.cpp (opening) and by a test of each part.

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"
#include "store/value_reader.h"

namespace spoor {

/// The session lives no longer than `database`.
std::unique_ptr<Ingest> make_ingest(const Database& database, std::string_view feed,
                                    std::string_view kind, Quarantine quarantine);

/// Pulses that claims have named, kept between queries (query.cpp).
class PulseCache;
struct PulseCacheDeleter {
  void operator()(PulseCache* cache) const;
};
using PulseCachePtr = std::unique_ptr<PulseCache, PulseCacheDeleter>;
PulseCachePtr make_pulse_cache(const Database& database);

class SqliteStore final : public Store {
 public:
  SqliteStore(Database database, Mode mode) : database_(std::move(database)), mode_(mode) {}
  /// Reads the id; the schema is the newest.
  Status load();

  StoreIdentity identity() override;
  Result<std::unique_ptr<Ingest>> begin_ingest(std::string_view feed, std::string_view kind,
                                               Quarantine quarantine) override;
  Result<std::optional<FeedState>> feed(std::string_view name) override;
  Result<std::vector<FeedState>> feeds() override;
  Result<std::vector<FeedCounts>> feed_counts() override;
  Status record_attempt(std::string_view feed, std::string_view kind, Time when,
                        std::string_view error) override;
  Status for_each_feed_pulse(std::string_view feed,
                             const std::function<void(const FeedPulse&)>& visit) override;
  Status for_each_observable(
      const IndicatorFilter& filter,
      const std::function<void(ObservableId, Observable&&)>& visit) override;
  Status for_each_claim(const IndicatorFilter& filter,
                        const std::function<void(const ClaimView&)>& visit) override;
  Result<std::vector<ClaimView>> claims_of(ObservableId id) override;
  Result<std::unique_ptr<ValueReader>> value_reader() override;
  Result<std::optional<ObservableId>> find(const Observable& observable) override;
  Result<std::optional<Pulse>> pulse(std::string_view id) override;
  Result<std::vector<std::string>> pulse_ids(const IndicatorFilter& filter) override;
  Status for_each_claim_of_pulse(std::string_view id,
                                 const std::function<void(const ClaimView&)>& visit) override;
  Result<std::optional<HuntId>> last_hunt() override;
  Result<StoreCounts> counts() override;
  Result<std::optional<Time>> newest_pulse() override;
  Result<std::vector<ClaimSpan>> claim_spans() override;
  Result<HuntId> begin_hunt(const HuntInfo& info) override;
  Status record_sightings(HuntId hunt, std::span<Sighting> sightings, NewRule rule) override;
  Status grow_event(std::string_view absolute_path, std::uint64_t event_offset,
                    const Digest128& before, const Digest128& after) override;
  Result<IndicatorMark> indicator_mark() override;
  Result<std::vector<Released>> released() override;
  Status for_each_progress(const Digest128& scope,
                           const std::function<void(Progress&&)>& visit) override;
  Status put_progress(const Digest128& scope, std::span<Progress> rows,
                      Time forget_before) override;
  Status as_one(const std::function<Status()>& write) override;
  Status finish_hunt(HuntId hunt, const HuntSummary& summary) override;
  Status for_each_sighting(const SightingFilter& filter,
                           const std::function<void(const StoredSighting&)>& visit) override;
  Status check() override;

  /// The claims of the observable ?1, for visit_claims().
  Result<Statement> prepare_claims_of() const;
  /// Statement::step() for each row of a claim query (kClaimColumns), in its order. `cache`:
  /// null, or pulses to be kept beyond this call.
  Status visit_claims(Statement& statement, const std::function<void(const ClaimView&)>& visit,
                      PulseCache* cache = nullptr) const;

 private:
  Status writable() const;
  /// A transaction, or within as_one() a part of its.
  Result<Transaction> transaction() const;

  Database database_;
  Mode mode_;
  bool as_one_ = false;  // is under way
  StoreIdentity identity_;
};

}  // namespace spoor
