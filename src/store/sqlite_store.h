// The store as one class over a Database; its parts stand in store.cpp (opening, feeds,
// counts), ingest.cpp, query.cpp and sightings.cpp. Tested by store_test.cpp.

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"

namespace spoor {

/// The session lives no longer than `database`.
std::unique_ptr<Ingest> make_ingest(const Database& database, std::string_view feed,
                                    std::string_view kind, Quarantine quarantine);

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
  Status for_each_observable(
      const IndicatorFilter& filter,
      const std::function<void(ObservableId, Observable&&)>& visit) override;
  Status for_each_claim(const IndicatorFilter& filter,
                        const std::function<void(const ClaimView&)>& visit) override;
  Result<std::vector<ClaimView>> claims_of(ObservableId id) override;
  Result<StoreCounts> counts() override;
  Result<HuntId> begin_hunt(const HuntInfo& info) override;
  Status record_sightings(HuntId hunt, std::span<Sighting> sightings) override;
  Status finish_hunt(HuntId hunt, const HuntSummary& summary) override;
  Status for_each_sighting(const SightingFilter& filter,
                           const std::function<void(const StoredSighting&)>& visit) override;
  Status check() override;

 private:
  Status writable() const;
  /// Statement::step() for each row of a claim query (kClaimColumns), in its order.
  Status visit_claims(Statement& statement,
                      const std::function<void(const ClaimView&)>& visit) const;

  Database database_;
  Mode mode_;
  StoreIdentity identity_;
};

}  // namespace spoor
