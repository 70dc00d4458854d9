// Indicators out of the store. A filter becomes a WHERE clause of fixed text with numbered
// parameters; user text is only ever bound. Without a filter on claims, observables are one
// scan of their table; with one, each observable asks for a claim by the claims' own key,
// EXISTS, so that memory stays constant. Case-blind means ASCII (SQLite's LIKE and NOCASE).
// Costs: bench/store_bench. Tested by query_test.cpp.

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>

#include "store/codes.h"
#include "store/lists.h"
#include "store/sqlite_store.h"

namespace spoor {
namespace {

constexpr std::string_view kWhat = "reading indicators";
// 1 M claims mostly come from a few thousand pulses; each is parsed once or a little more.
constexpr std::size_t kMostCachedPulses = 1024;

class Conditions {
 public:
  explicit Conditions(const IndicatorFilter& filter) {
    if (filter.only_quarantined) {
      observable_ += " AND o.quarantine IS NOT NULL";
    } else if (!filter.with_quarantined) {
      observable_ += " AND o.quarantine IS NULL";
    }
    if (!filter.with_context) observable_ += " AND o.context = 0";
    if (!filter.types.empty()) {
      observable_ += " AND o.type IN (";
      for (const IndicatorType type : filter.types) {
        observable_ += parameter(code_of(type));
        observable_ += ',';
      }
      observable_.back() = ')';
    }
    if (!filter.value_like.empty()) {
      observable_ += " AND o.canonical LIKE " + parameter(like_pattern(filter.value_like)) +
                     " ESCAPE '\\'";
    }
    any_of(filter.feeds, "c.feed IN (SELECT id FROM feed WHERE ", [&](const std::string& feed) {
      return "name = " + parameter(feed) + " COLLATE NOCASE";
    });
    any_of(filter.pulses, "c.pulse IN (SELECT pk FROM pulse WHERE ",
           [&](const std::string& pulse) {
             return "id = " + parameter(pulse) + " COLLATE NOCASE OR name LIKE " +
                    parameter(like_pattern(pulse)) + " ESCAPE '\\'";
           });
    any_of(filter.tags, "c.pulse IN (SELECT pulse FROM pulse_tag WHERE ",
           [&](const std::string& tag) { return "tag = " + parameter(tag); });
    if (filter.created_since) {
      claim_ += " AND c.created >= " + parameter(to_micros(*filter.created_since));
    }
    if (filter.only_active) claim_ += " AND c.active = 1";
    if (filter.limit > 0) {
      const auto most = static_cast<std::uint64_t>(INT64_MAX);
      limit_ = " LIMIT " + parameter(static_cast<std::int64_t>(std::min(filter.limit, most)));
    }
  }

  const std::string& observable() const { return observable_; }
  const std::string& claim() const { return claim_; }
  const std::string& limit() const { return limit_; }

  Result<Statement> prepare(const Database& database, const std::string& sql) const {
    auto statement = database.prepare(sql, kWhat);
    if (!statement) return statement;
    int number = 0;
    for (const auto& value : values_) {
      ++number;
      if (const auto* text = std::get_if<std::string>(&value)) {
        statement->bind(number, *text);
      } else {
        statement->bind(number, std::get<std::int64_t>(value));
      }
    }
    return statement;
  }

 private:
  std::string parameter(std::variant<std::int64_t, std::string> value) {
    values_.push_back(std::move(value));
    return "?" + std::to_string(values_.size());
  }
  template <typename Make>
  void any_of(const std::vector<std::string>& words, const char* before, const Make& make) {
    if (words.empty()) return;
    claim_ += std::string(" AND ") + before;
    bool first = true;
    for (const std::string& word : words) {
      if (!first) claim_ += " OR ";
      first = false;
      claim_ += make(word);
    }
    claim_ += ')';
  }

  std::string observable_ = "1", claim_, limit_;
  std::vector<std::variant<std::int64_t, std::string>> values_;
};

constexpr std::string_view kClaimQuery =
    "SELECT o.id, o.type, o.canonical, o.quarantine, c.raw, f.name, c.pulse, c.role, c.title, "
    "c.description, c.created, c.expiration, c.ended, c.active, c.confidence, c.tlp, "
    "c.pap, c.last_said, c.malware, c.adversary, c.attack_ids, c.context, o.context, "
    "c.content FROM observable o CROSS JOIN "
    "claim c ON c.observable = o.id CROSS JOIN feed f ON f.id = c.feed LEFT JOIN pulse p ON "
    "p.pk "
    "= c.pulse WHERE ";
constexpr std::string_view kClaimOrder = " ORDER BY o.type, o.canonical, f.name, p.id";

Error unknown_type(const Database& database, std::int64_t code) {
  return Error{database.path() + ": indicator type " + std::to_string(code) +
               " is unknown, the store is damaged"};
}

struct PulseInfo {
  std::string id, name, author, adversary;
  std::vector<std::string> tags, malware_families, attack_ids;
  std::optional<Tlp> tlp;
  std::optional<Pap> pap;
};

/// What a claim itself says beyond its value, from column 14 on; false: not readable.
bool read_facts(const Statement& at, ClaimFacts& facts) {
  bool good = true;
  if (!at.is_null(14)) facts.confidence = static_cast<std::uint8_t>(at.integer(14));
  if (!at.is_null(15)) good = (facts.tlp = tlp_of_code(at.integer(15))).has_value();
  if (!at.is_null(16)) good = (facts.pap = pap_of_code(at.integer(16))).has_value() && good;
  facts.last_said = at.time(17);
  facts.malware = at.text(18);
  facts.adversary = at.text(19);
  if (!at.is_null(20)) {
    auto ids = list_of_text(at.bytes(20));
    good = ids.has_value() && good;
    if (ids) facts.attack_ids = std::move(*ids);
  }
  facts.detect = at.is_null(21);
  return good;
}

}  // namespace

class PulseCache {
 public:
  explicit PulseCache(const Database& database) : database_(database) {}

  /// Good until the next call.
  Result<const PulseInfo*> get(std::int64_t key) {
    if (const auto known = known_.find(key); known != known_.end()) return &known->second;
    if (!query_) {
      auto query = database_.prepare(
          "SELECT id, name, author, adversary, tags, malware_families, attack_ids, tlp, "
          "pap FROM pulse WHERE pk = ?1",
          kWhat);
      if (!query) return fail(query.error());
      query_ = std::move(*query);
    }
    const auto row = query_->bind(1, key).step();
    if (!row) return fail(row.error());
    if (!*row) return fail(damaged(key, "is missing"));
    auto tags = list_of_text(query_->bytes(4));
    auto families = list_of_text(query_->bytes(5));
    auto attack = list_of_text(query_->bytes(6));
    const auto tlp = tlp_of_code(query_->integer(7));
    if (!tags || !families || !attack || !tlp) return fail(damaged(key, "cannot be read"));
    PulseInfo info{query_->text(0),
                   query_->text(1),
                   query_->text(2),
                   query_->text(3),
                   std::move(*tags),
                   std::move(*families),
                   std::move(*attack),
                   tlp,
                   query_->is_null(8) ? std::nullopt : pap_of_code(query_->integer(8))};
    query_->reset();
    if (known_.size() >= kMostCachedPulses) known_.clear();
    return &known_.emplace(key, std::move(info)).first->second;
  }

 private:
  Error damaged(std::int64_t key, const char* why) const {
    return Error{database_.path() + ": pulse row " + std::to_string(key) + " " + why +
                 ", the store is damaged"};
  }

  const Database& database_;
  std::optional<Statement> query_;
  std::unordered_map<std::int64_t, PulseInfo> known_;
};

void PulseCacheDeleter::operator()(PulseCache* cache) const {
  delete cache;
}
PulseCachePtr make_pulse_cache(const Database& database) {
  return PulseCachePtr(new PulseCache(database));
}

Status SqliteStore::for_each_observable(
    const IndicatorFilter& filter,
    const std::function<void(ObservableId, Observable&&)>& visit) {
  const Conditions conditions(filter);
  std::string sql = "SELECT o.id, o.type, o.canonical FROM observable o WHERE ";
  sql += conditions.observable();
  if (!conditions.claim().empty()) {
    sql += " AND EXISTS (SELECT 1 FROM claim c WHERE c.observable = o.id" + conditions.claim() +
           ")";
  }
  sql += " ORDER BY o.id" + conditions.limit();
  auto query = conditions.prepare(database_, sql);
  if (!query) return fail(query.error());
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const auto type = type_of_code(query->integer(1));
    if (!type) return fail(unknown_type(database_, query->integer(1)));
    visit(ObservableId{query->integer(0)}, Observable{*type, query->text(2)});
  }
}

Status SqliteStore::visit_claims(Statement& query,
                                 const std::function<void(const ClaimView&)>& visit,
                                 PulseCache* cache) const {
  PulseCache own(database_);
  PulseCache& pulses = cache != nullptr ? *cache : own;
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const auto type = type_of_code(query.integer(1));
    if (!type) return fail(unknown_type(database_, query.integer(1)));
    ClaimView claim;
    claim.observable_id = ObservableId{query.integer(0)};
    claim.observable = {*type, query.text(2)};
    claim.quarantine = query.text(3);
    claim.raw = query.text(query.is_null(4) ? 2 : 4);
    claim.feed = query.text(5);
    if (const std::int64_t key = query.integer(6); key != 0) {
      const auto found = pulses.get(key);
      if (!found) return fail(found.error());
      const PulseInfo& pulse = **found;
      claim.pulse_id = pulse.id;
      claim.pulse_name = pulse.name;
      claim.pulse_author = pulse.author;
      claim.adversary = pulse.adversary;
      claim.tags = pulse.tags;
      claim.malware_families = pulse.malware_families;
      claim.attack_ids = pulse.attack_ids;
      claim.tlp = pulse.tlp;
      claim.pap = pulse.pap;
    }
    if (!read_facts(query, claim.facts)) {
      return fail(database_.path() + ": a claim on \"" + claim.observable.value +
                  "\" cannot be read, the store is damaged");
    }
    // std::optional orders nothing before everything.
    claim.tlp = std::max(claim.tlp, claim.facts.tlp);
    claim.pap = std::max(claim.pap, claim.facts.pap);
    claim.context = query.integer(22) != 0;
    claim.role = query.text(7);
    claim.title = query.text(8);
    claim.description = query.text(9);
    claim.created = query.time(10);
    claim.expiration = query.time(11);
    claim.ended = query.time(12);
    claim.active = query.integer(13) != 0;
    claim.content = query.text(23);
    visit(claim);
  }
}

Status SqliteStore::for_each_claim(const IndicatorFilter& filter,
                                   const std::function<void(const ClaimView&)>& visit) {
  const Conditions conditions(filter);
  std::string sql(kClaimQuery);
  sql += conditions.observable();
  sql += conditions.claim();
  sql += kClaimOrder;
  sql += conditions.limit();
  auto query = conditions.prepare(database_, sql);
  if (!query) return fail(query.error());
  return visit_claims(*query, visit);
}

Result<Statement> SqliteStore::prepare_claims_of() const {
  std::string sql(kClaimQuery);
  sql += "o.id = ?1";
  sql += kClaimOrder;
  return database_.prepare(sql, kWhat);
}

Result<std::vector<ClaimView>> SqliteStore::claims_of(ObservableId id) {
  auto query = prepare_claims_of();
  if (!query) return fail(query.error());
  query->bind(1, static_cast<std::int64_t>(id));
  std::vector<ClaimView> claims;
  const auto status =
      visit_claims(*query, [&](const ClaimView& claim) { claims.push_back(claim); });
  if (!status) return fail(status.error());
  return claims;
}

}  // namespace spoor
