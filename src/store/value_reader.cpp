#include "store/value_reader.h"

#include <memory>
#include <unordered_map>
#include <utility>

#include "store/codes.h"
#include "store/sqlite_store.h"

namespace spoor {
namespace {

constexpr std::string_view kWhat = "looking values up";
constexpr std::size_t kMostKeptPulses = 1024;

class SqliteValueReader final : public ValueReader {
 public:
  SqliteValueReader(const Database& database, const SqliteStore& store)
      : database_(database), store_(store), pulses_(make_pulse_cache(database)) {}
  ~SqliteValueReader() override {
    // Statements first: an open one would keep the transaction.
    for (Statement* statement : {&find_, &range_, &claims_, &counts_, &places_, &samples_,
                                 &pulse_size_, &pulse_first_}) {
      *statement = Statement();
    }
    if (begun_) (void)database_.execute("COMMIT", kWhat);
  }

  Status prepare() {
    const std::pair<Statement*, const char*> all[] = {
        {&find_, "SELECT id FROM observable WHERE type = ?1 AND canonical = ?2"},
        {&range_,
         "SELECT id, canonical, quarantine IS NOT NULL FROM observable WHERE type = ?1 AND "
         "canonical >= ?2 AND canonical < ?3 ORDER BY canonical LIMIT ?4"},
        {&counts_,
         "SELECT count(*), count(DISTINCT source), min(time), max(time), (SELECT count(*) FROM "
         "judged WHERE observable = ?1 AND verdict = ?2), (SELECT count(*) FROM judged WHERE "
         "observable = ?1 AND verdict = ?3) FROM sighting WHERE observable = ?1"},
        {&places_,
         "SELECT file, count(*) AS n FROM sighting WHERE observable = ?1 GROUP BY source ORDER "
         "BY n DESC, file LIMIT ?2"},
        {&samples_,
         "SELECT event_text FROM sighting WHERE observable = ?1 ORDER BY time DESC, id DESC "
         "LIMIT ?2"},
        {&pulse_size_,
         "SELECT count(DISTINCT observable) FROM claim INDEXED BY claim_pulse WHERE pulse <> 0 "
         "AND pulse = "
         "(SELECT pk FROM pulse WHERE id = ?1)"},
        {&pulse_first_,
         "SELECT DISTINCT o.type, o.canonical FROM claim c INDEXED BY claim_pulse CROSS JOIN "
         "observable o ON o.id = c.observable WHERE c.pulse <> 0 AND c.pulse = (SELECT pk FROM "
         "pulse WHERE id = ?1) AND o.quarantine IS NULL LIMIT ?2"},
    };
    for (const auto& [statement, sql] : all) {
      auto prepared = database_.prepare(sql, kWhat);
      if (!prepared) return fail(prepared.error());
      *statement = std::move(*prepared);
    }
    auto claims = store_.prepare_claims_of();
    if (!claims) return fail(claims.error());
    claims_ = std::move(*claims);
    // Within a transaction of the caller's there is one moment already.
    if (database_.in_transaction()) return {};
    if (auto status = database_.execute("BEGIN DEFERRED", kWhat); !status) return status;
    begun_ = true;
    return {};
  }

  Result<std::optional<ObservableId>> find(IndicatorType type,
                                           std::string_view value) override {
    const auto row = find_.bind(1, code_of(type)).bind(2, value).step();
    if (!row) return fail(row.error());
    if (!*row) return std::nullopt;
    const ObservableId id{find_.integer(0)};
    find_.reset();
    return id;
  }

  Status in_range(IndicatorType type, std::string_view from, std::string_view to,
                  std::size_t most, const std::function<void(Found&&)>& visit) override {
    range_.bind(1, code_of(type))
        .bind(2, from)
        .bind(3, to)
        .bind(4, static_cast<std::int64_t>(most));
    for (;;) {
      const auto row = range_.step();
      if (!row) return fail(row.error());
      if (!*row) return {};
      visit({ObservableId{range_.integer(0)}, range_.text(1), range_.integer(2) != 0});
    }
  }

  Result<std::array<bool, kIndicatorTypeCount>> types() override {
    std::array<bool, kIndicatorTypeCount> present{};
    auto probe = database_.prepare("SELECT 1 FROM observable WHERE type = ?1 LIMIT 1", kWhat);
    if (!probe) return fail(probe.error());
    for (const TypeRow& row : indicator_types()) {
      const auto found = probe->bind(1, code_of(row.type)).step();
      if (!found) return fail(found.error());
      present[static_cast<std::size_t>(row.type)] = *found;
      if (*found) probe->reset();
    }
    return present;
  }

  Result<std::vector<ClaimView>> claims(ObservableId id) override {
    claims_.bind(1, static_cast<std::int64_t>(id));
    std::vector<ClaimView> found;
    const auto status = store_.visit_claims(
        claims_, [&](const ClaimView& claim) { found.push_back(claim); }, pulses_.get());
    if (!status) return fail(status.error());
    return found;
  }

  Result<SightingSummary> sightings(ObservableId id) override {
    SightingSummary summary;
    const auto key = static_cast<std::int64_t>(id);
    const auto row = counts_.bind(1, key)
                         .bind(2, code_of(Verdict::kSuppressed))
                         .bind(3, code_of(Verdict::kWeak))
                         .step();
    if (!row) return fail(row.error());
    summary.count = static_cast<std::uint64_t>(counts_.integer(0));
    summary.files = static_cast<std::uint64_t>(counts_.integer(1));
    summary.first = counts_.time(2);
    summary.last = counts_.time(3);
    summary.suppressed = static_cast<std::uint64_t>(counts_.integer(4));
    summary.weak = static_cast<std::uint64_t>(counts_.integer(5));
    counts_.reset();
    if (summary.count == 0) return summary;
    places_.bind(1, key).bind(2, std::int64_t{kMostPlaces});
    for (;;) {
      const auto place = places_.step();
      if (!place) return fail(place.error());
      if (!*place) break;
      summary.places.push_back(
          {places_.text(0), static_cast<std::uint64_t>(places_.integer(1))});
    }
    samples_.bind(1, key).bind(2, std::int64_t{kMostSamples});
    for (;;) {
      const auto sample = samples_.step();
      if (!sample) return fail(sample.error());
      if (!*sample) return summary;
      summary.samples.push_back(samples_.text(0));
    }
  }

  Result<const Neighbours*> neighbours(std::string_view pulse) override {
    std::string key(pulse);
    if (const auto known = neighbours_.find(key); known != neighbours_.end())
      return &known->second;
    Neighbours found;
    auto row = pulse_size_.bind(1, pulse).step();
    if (!row) return fail(row.error());
    found.total = static_cast<std::uint64_t>(pulse_size_.integer(0));
    pulse_size_.reset();
    pulse_first_.bind(1, pulse).bind(2, std::int64_t{kMostNeighbours});
    for (;;) {
      row = pulse_first_.step();
      if (!row) return fail(row.error());
      if (!*row) break;
      const auto type = type_of_code(pulse_first_.integer(0));
      if (type) found.first.push_back({*type, pulse_first_.text(1)});
    }
    if (neighbours_.size() >= kMostKeptPulses) neighbours_.clear();
    return &neighbours_.emplace(std::move(key), std::move(found)).first->second;
  }

  Result<std::optional<Time>> newest(Time now) override {
    auto query = database_.prepare(
        "SELECT max(CASE WHEN created <= ?1 THEN created END), max(CASE WHEN ended <= ?1 THEN "
        "ended END), max(CASE WHEN expiration <= ?1 THEN expiration END) FROM claim",
        kWhat);
    if (!query) return fail(query.error());
    const auto row = query->bind(1, to_micros(now)).step();
    if (!row) return fail(row.error());
    std::optional<Time> newest;
    for (int column = 0; column < 3; ++column) {
      const auto date = query->time(column);
      if (date && (!newest || *date > *newest)) newest = date;
    }
    return newest;
  }

 private:
  const Database& database_;
  const SqliteStore& store_;
  PulseCachePtr pulses_;
  Statement find_, range_, claims_, counts_, places_, samples_, pulse_size_, pulse_first_;
  std::unordered_map<std::string, Neighbours> neighbours_;
  bool begun_ = false;
};

}  // namespace

Result<std::unique_ptr<ValueReader>> SqliteStore::value_reader() {
  auto reader = std::make_unique<SqliteValueReader>(database_, *this);
  if (auto status = reader->prepare(); !status) return fail(status.error());
  return reader;
}

}  // namespace spoor
