// The store: one SQLite file (WAL, STRICT tables, synchronous=FULL) that holds pulses,
// observables once, the claims that link them to pulses and feeds, where each feed's walk
// stands, hunts and sightings. Everything is idempotent: writing twice changes nothing; a kill
// at any point loses nothing that was reported as stored. Schema and migrations: schema.cpp.
// Tested by store_test.cpp; bench/store.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ioc/pulse.h"
#include "ioc/sighting.h"

namespace spoor {

/// The store's random id and how often its set of indicators has changed: a compiled snapshot
/// carries both.
struct StoreIdentity {
  std::array<unsigned char, 16> id{};
  std::int64_t generation = 0;
};

struct FeedState {
  std::string name;
  std::string kind;               ///< "otx", "file"
  std::optional<Time> watermark;  ///< moves only when a walk has ended whole
  std::string
      walk;  ///< JSON of the walk under way (start, query, next page, row within it); "" none
};

struct IngestCounts {
  std::uint64_t pulses_new = 0, pulses_changed = 0, pulses_same = 0;
  std::uint64_t claims_new = 0, claims_changed = 0, claims_same = 0, claims_ended = 0;
  std::uint64_t observables_new = 0, quarantined = 0;
  bool changed() const {
    return pulses_new + pulses_changed + claims_new + claims_changed + claims_ended +
               observables_new >
           0;
  }
};

/// One import or one walk of a feed. Nothing is visible to readers before commit(); each
/// commit() is one durable transaction and the session goes on after it. Dropping the session
/// without commit() rolls back what came since the last one.
class Ingest {
 public:
  virtual ~Ingest() = default;
  /// Writes a pulse and all its claims. Rows of the pulse that the store has and `claims` lacks
  /// are ended (inactive, `ended` = pulse.modified), never deleted, unless
  /// pulse.more_indicators. A pulse whose `modified` is older than the stored one changes
  /// nothing. Of two claims on one observable the first counts.
  virtual Status add_pulse(const Pulse& pulse, std::span<const Claim> claims) = 0;
  /// Claims without a pulse. On a second claim for the same observable within one session the
  /// first counts.
  virtual Status add_claims(std::span<const Claim> claims) = 0;
  virtual Status set_cursor(std::optional<Time> watermark, std::string_view walk) = 0;
  virtual Status commit() = 0;
  virtual const IngestCounts& counts() const = 0;
};

enum class Quarantine : std::uint8_t { kApply, kRelease };

/// Which indicators. Empty members do not restrict. Times are the claims' own.
struct IndicatorFilter {
  std::vector<IndicatorType> types;
  std::vector<std::string> feeds, pulses /* id, or part of the name */, tags;
  std::optional<Time> created_since;  ///< age: claims created at or after
  bool only_active = false;
  bool only_quarantined = false;
  bool with_quarantined = false;
  std::string value_like;   ///< part of the value, case-blind
  std::uint64_t limit = 0;  ///< 0: all
};

/// One claim with its pulse and feed, as lists and hits show it.
struct ClaimView {
  ObservableId observable_id{};
  Observable observable;
  std::string quarantine;  ///< reason, or ""
  std::string raw, feed, pulse_id, pulse_name, pulse_author, adversary;
  std::vector<std::string> tags, malware_families, attack_ids;
  std::optional<Tlp> tlp;  ///< nothing where no pulse says so
  std::string role, title, description;
  std::optional<Time> created, expiration, ended;
  bool active = true;
};

struct StoredSighting {
  std::int64_t id = 0;
  Sighting sighting;  ///< match, grade, rule, views, time, place
  HuntId first_hunt{}, last_hunt{};
};

struct HuntInfo {
  Time started;
  std::vector<std::string> paths;
  std::string filter;  ///< as typed
  std::uint64_t indicators = 0;
};
struct HuntSummary {
  Time ended;
  std::uint64_t files = 0, bytes_read = 0, bytes_decoded = 0, lines = 0, sightings = 0,
                sightings_new = 0;
  bool complete = true;
};

struct SightingFilter {
  std::vector<IndicatorType> types;
  std::string value, file;
  Grade min_grade = Grade::kNone;
  std::optional<HuntId> hunt;
  std::uint64_t limit = 0;
};

struct StoreCounts {
  std::uint64_t pulses = 0, observables = 0, quarantined = 0, claims = 0, feeds = 0,
                sightings = 0, hunts = 0;
  std::vector<std::pair<IndicatorType, std::uint64_t>>
      by_type;  ///< not quarantined, types of the enum's order
};

/// One connection. Use from one thread at a time; open another Store for another thread.
class Store {
 public:
  enum class Mode : std::uint8_t { kReadWrite, kReadOnly };

  /// Opens or (kReadWrite) creates, and migrates older schemas in one transaction. A newer
  /// schema, a file that is no store, or a damaged one is an error that says which. Waits up to
  /// 10 s for another writer. The folder is created with 0700, the file with 0600.
  static Result<std::unique_ptr<Store>> open(const std::string& path, Mode mode);
  virtual ~Store() = default;

  virtual StoreIdentity identity() = 0;
  virtual Result<std::unique_ptr<Ingest>> begin_ingest(std::string_view feed,
                                                       std::string_view kind,
                                                       Quarantine quarantine) = 0;
  virtual Result<std::optional<FeedState>> feed(std::string_view name) = 0;
  virtual Result<std::vector<FeedState>> feeds() = 0;

  /// Observables that are not quarantined (see filter) and have a claim that passes, once each,
  /// by id. Constant memory.
  virtual Status for_each_observable(
      const IndicatorFilter& filter,
      const std::function<void(ObservableId, Observable&&)>& visit) = 0;
  /// Claims that pass, ordered by type, value, feed, pulse. Constant memory.
  virtual Status for_each_claim(const IndicatorFilter& filter,
                                const std::function<void(const ClaimView&)>& visit) = 0;
  virtual Result<std::vector<ClaimView>> claims_of(ObservableId id) = 0;
  virtual Result<StoreCounts> counts() = 0;

  virtual Result<HuntId> begin_hunt(const HuntInfo& info) = 0;
  /// One durable transaction. Sets is_new of each. A known identity updates its attributes and
  /// last hunt in place.
  virtual Status record_sightings(HuntId hunt, std::span<Sighting> sightings) = 0;
  virtual Status finish_hunt(HuntId hunt, const HuntSummary& summary) = 0;
  virtual Status for_each_sighting(const SightingFilter& filter,
                                   const std::function<void(const StoredSighting&)>& visit) = 0;

  /// PRAGMA integrity_check and foreign keys; the first finding as an error.
  virtual Status check() = 0;
};

}  // namespace spoor
