// Writing pulses and claims. The writer's lock is taken at the first write after a commit and
// held until the next: a feed that waits for the network between pages keeps nobody out. Every
// row is an insert that yields to what is there, then, if something is there, an update that
// only touches a row that differs; so the second import writes nothing and the counts come from
// SQLite itself. Whether the last observable was new decides what is tried first for the next:
// inserting, or looking up. Lists are mostly all new or all known.
// "The first claim on an observable counts" in add_claims: one bit per observable id of the
// store (125 KB for a million); a second import of a list with contradicting rows still changes
// nothing. Tested by store_ingest_test.cpp and store_kill_test.cpp; figures: bench/store_bench.

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "store/codes.h"
#include "store/lists.h"
#include "store/sqlite_store.h"

namespace spoor {
namespace {

constexpr std::string_view kWhat = "importing";

// All that a newer version may change, in the order bind_pulse() binds from ?2 on.
constexpr std::string_view kPulseColumns =
    "name, description, author, adversary, created, modified, revision, tlp, is_public, tags, "
    "refs, targeted_countries, industries, malware_families, attack_ids, extract_source, "
    "more_indicators, extra";
constexpr std::string_view kPulseParameters =
    "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19";
// The same for claims, from ?4 on. A claim that comes is not ended.
constexpr std::string_view kClaimColumns =
    "raw, role, title, description, content, created, expiration, active, source_id, ended";
constexpr std::string_view kClaimParameters = "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, NULL";

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

class SqliteIngest final : public Ingest {
 public:
  SqliteIngest(const Database& database, std::string_view feed, std::string_view kind,
               Quarantine quarantine)
      : database_(database), feed_(feed), kind_(kind), quarantine_(quarantine) {}

  Status add_pulse(const Pulse& pulse, std::span<const Claim> claims) override {
    return guarded([&] { return write_pulse(pulse, claims); });
  }
  Status add_claims(std::span<const Claim> claims) override {
    return guarded([&]() -> Status {
      for (const Claim& claim : claims) {
        const auto observable = observable_of(claim);
        if (!observable) return fail(observable.error());
        const auto at = static_cast<std::size_t>(observable->id);
        if (at >= seen_.size()) seen_.resize(std::max(at + 1, seen_.size() * 2));
        if (seen_[at]) {
          ++counts_.claims_same;
          continue;
        }
        seen_[at] = true;
        if (auto status = write_claim(claim, *observable, 0); !status) return status;
      }
      return {};
    });
  }
  Status set_cursor(std::optional<Time> watermark, std::string_view walk) override {
    return guarded(
        [&] { return set_cursor_.bind(1, feed_id_).bind(2, watermark).bind(3, walk).run(); });
  }
  Status commit() override {
    if (failed_)
      return fail(database_.path() + ": the import failed before, nothing to commit");
    if (!transaction_) return {};
    Status status;
    if (matchable_changed_) {
      status = database_.execute("UPDATE meta SET generation = generation + 1", "committing");
    }
    if (status) status = transaction_->commit();
    if (!status) failed_ = true;
    matchable_changed_ = false;
    transaction_.reset();
    return status;
  }
  const IngestCounts& counts() const override { return counts_; }

 private:
  struct Known {
    std::int64_t id = 0;
    bool is_new = false;
  };

  /// Runs `write` in the session's transaction. A failure ends the session: what came since the
  /// last commit is rolled back at once.
  template <typename Write>
  Status guarded(const Write& write) {
    if (failed_) return fail(database_.path() + ": the import failed before, begin another");
    Status status = begin();
    if (status) status = write();
    if (!status) {
      failed_ = true;
      transaction_.reset();
    }
    return status;
  }

  Status begin() {
    if (transaction_) return {};
    if (!prepared_) {
      if (auto status = prepare(); !status) return status;
    }
    auto transaction = Transaction::begin(database_);
    if (!transaction) return fail(transaction.error());
    transaction_.emplace(std::move(*transaction));
    if (feed_id_ == 0) {
      if (auto status = put_feed_.bind(1, feed_).bind(2, kind_).run(); !status) return status;
      const auto row = find_feed_.bind(1, feed_).step();
      if (!row) return fail(row.error());
      feed_id_ = find_feed_.integer(0);
      find_feed_.reset();
    }
    return {};
  }

  Status prepare() {
    const std::pair<Statement*, std::string> all[] = {
        {&put_feed_,
         "INSERT INTO feed(name, kind) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE "
         "SET kind = excluded.kind WHERE kind <> excluded.kind"},
        {&find_feed_, "SELECT id FROM feed WHERE name = ?1"},
        {&set_cursor_,
         "UPDATE feed SET watermark = ?2, walk = ?3 WHERE id = ?1 AND (watermark, walk) IS NOT "
         "(?2, ?3)"},
        {&find_pulse_, "SELECT pk, modified FROM pulse WHERE id = ?1"},
        {&insert_pulse_, join({"INSERT INTO pulse(id, ", kPulseColumns, ") VALUES (?1, ",
                               kPulseParameters, ")"})},
        {&update_pulse_,
         join({"UPDATE pulse SET (", kPulseColumns, ") = (", kPulseParameters,
               ") WHERE id = ?1 AND (", kPulseColumns, ") IS NOT (", kPulseParameters, ")"})},
        {&drop_tags_, "DELETE FROM pulse_tag WHERE pulse = ?1"},
        {&put_tag_, "INSERT OR IGNORE INTO pulse_tag(tag, pulse) VALUES (?1, ?2)"},
        {&insert_observable_,
         "INSERT INTO observable(type, canonical, quarantine, released) VALUES (?1, ?2, ?3, "
         "?4) "
         "ON CONFLICT DO NOTHING"},
        {&find_observable_,
         "SELECT id, quarantine IS NOT NULL, released FROM observable WHERE type = ?1 AND "
         "canonical = ?2"},
        {&set_quarantine_,
         "UPDATE observable SET quarantine = ?2, released = ?3 WHERE id = ?1"},
        {&insert_claim_,
         join({"INSERT INTO claim(observable, feed, pulse, ", kClaimColumns,
               ") VALUES (?1, ?2, ?3, ", kClaimParameters, ") ON CONFLICT DO NOTHING"})},
        {&update_claim_, join({"UPDATE claim SET (", kClaimColumns, ") = (", kClaimParameters,
                               ") WHERE observable = ?1 AND feed = ?2 AND pulse = ?3 AND (",
                               kClaimColumns, ") IS NOT (", kClaimParameters, ")"})},
        {&claims_of_pulse_,
         "SELECT observable FROM claim WHERE pulse = ?1 AND pulse <> 0 AND feed = ?2 AND ended "
         "IS NULL"},
        {&end_claim_,
         "UPDATE claim SET active = 0, ended = ?4 WHERE observable = ?1 AND feed = ?2 AND "
         "pulse "
         "= ?3 AND (active, ended) IS NOT (0, ?4)"},
    };
    for (const auto& [statement, sql] : all) {
      auto prepared = database_.prepare(sql, kWhat);
      if (!prepared) return fail(prepared.error());
      *statement = std::move(*prepared);
    }
    prepared_ = true;
    return {};
  }

  Status write_pulse(const Pulse& pulse, std::span<const Claim> claims) {
    const auto row = find_pulse_.bind(1, pulse.id).step();
    if (!row) return fail(row.error());
    std::optional<Time> modified = pulse.modified;
    std::int64_t key = 0;
    if (*row) {
      key = find_pulse_.integer(0);
      const auto stored = find_pulse_.time(1);
      find_pulse_.reset();
      if (modified && stored && *modified < *stored) {
        ++counts_.pulses_same;
        counts_.claims_same += claims.size();
        return {};
      }
      // A version that does not say when does not unsay it.
      if (!modified) modified = stored;
    }
    const std::string lists[] = {list_text(pulse.tags),
                                 list_text(pulse.references),
                                 list_text(pulse.targeted_countries),
                                 list_text(pulse.industries),
                                 list_text(pulse.malware_families),
                                 list_text(pulse.attack_ids),
                                 list_text(pulse.extract_source)};
    Statement& write = *row ? update_pulse_ : insert_pulse_;
    write.bind(1, pulse.id)
        .bind(2, pulse.name)
        .bind(3, pulse.description)
        .bind(4, pulse.author)
        .bind(5, pulse.adversary)
        .bind(6, pulse.created)
        .bind(7, modified)
        .bind(8, pulse.revision)
        .bind(9, code_of(pulse.tlp))
        .bind(10, std::int64_t{pulse.is_public});
    int parameter = 11;
    for (const std::string& list : lists) write.bind(parameter++, list);
    write.bind(18, std::int64_t{pulse.more_indicators})
        .bind(19, pulse.extra == "{}" ? std::string_view{} : std::string_view(pulse.extra));
    if (auto status = write.run(); !status) return status;
    const bool changed = database_.changes() > 0;
    if (key == 0) key = database_.last_rowid();
    ++(!changed ? counts_.pulses_same : *row ? counts_.pulses_changed : counts_.pulses_new);
    if (changed) {
      if (auto status = drop_tags_.bind(1, key).run(); !status) return status;
      for (const std::string& tag : pulse.tags) {
        if (auto status = put_tag_.bind(1, tag).bind(2, key).run(); !status) return status;
      }
    }

    std::unordered_set<std::int64_t> present;
    for (const Claim& claim : claims) {
      const auto observable = observable_of(claim);
      if (!observable) return fail(observable.error());
      if (!present.insert(observable->id).second) {
        ++counts_.claims_same;
        continue;
      }
      if (auto status = write_claim(claim, *observable, key); !status) return status;
    }
    return pulse.more_indicators
               ? Status{}
               : end_others(key, present, modified ? modified : pulse.created);
  }

  /// Ends this feed's claims of the pulse that its newest version lacks.
  Status end_others(std::int64_t pulse, const std::unordered_set<std::int64_t>& present,
                    std::optional<Time> when) {
    std::vector<std::int64_t> gone;
    claims_of_pulse_.bind(1, pulse).bind(2, feed_id_);
    for (;;) {
      const auto row = claims_of_pulse_.step();
      if (!row) return fail(row.error());
      if (!*row) break;
      const std::int64_t observable = claims_of_pulse_.integer(0);
      if (present.count(observable) == 0) gone.push_back(observable);
    }
    for (const std::int64_t observable : gone) {
      end_claim_.bind(1, observable).bind(2, feed_id_).bind(3, pulse).bind(4, when);
      if (auto status = end_claim_.run(); !status) return status;
      counts_.claims_ended += static_cast<std::uint64_t>(database_.changes());
    }
    return {};
  }

  Result<bool> insert_observable(const Claim& claim, Known& known) {
    const bool release = quarantine_ == Quarantine::kRelease;
    const bool quarantined = !release && !claim.quarantine.empty();
    insert_observable_.bind(1, code_of(claim.observable.type))
        .bind(2, claim.observable.value)
        .bind(4, std::int64_t{release});
    if (quarantined) {
      insert_observable_.bind(3, claim.quarantine);
    } else {
      insert_observable_.bind_null(3);
    }
    if (auto status = insert_observable_.run(); !status) return fail(status.error());
    if (database_.changes() == 0) return false;
    known = {database_.last_rowid(), true};
    ++counts_.observables_new;
    if (quarantined) {
      ++counts_.quarantined;
    } else {
      matchable_changed_ = true;
    }
    return true;
  }

  Result<bool> find_observable(const Claim& claim, Known& known) {
    const auto row = find_observable_.bind(1, code_of(claim.observable.type))
                         .bind(2, claim.observable.value)
                         .step();
    if (!row || !*row) return row;
    known = {find_observable_.integer(0), false};
    const bool quarantined = find_observable_.integer(1) != 0;
    const bool released = find_observable_.integer(2) != 0;
    find_observable_.reset();
    const bool release = quarantine_ == Quarantine::kRelease;
    if (release ? (quarantined || !released)
                : (!claim.quarantine.empty() && !quarantined && !released)) {
      set_quarantine_.bind(1, known.id).bind(3, std::int64_t{release});
      if (release) {
        set_quarantine_.bind_null(2);
      } else {
        set_quarantine_.bind(2, claim.quarantine);
        ++counts_.quarantined;
      }
      if (auto status = set_quarantine_.run(); !status) return fail(status.error());
      // Released: back among what hunts look for, if it was out. Quarantined: out of it.
      matchable_changed_ = matchable_changed_ || quarantined || !release;
    }
    return true;
  }

  Result<Known> observable_of(const Claim& claim) {
    Known known;
    auto found =
        last_was_new_ ? insert_observable(claim, known) : find_observable(claim, known);
    if (found && !*found) {
      found = last_was_new_ ? find_observable(claim, known) : insert_observable(claim, known);
    }
    if (!found) return fail(found.error());
    last_was_new_ = known.is_new;
    return known;
  }

  Status write_claim(const Claim& claim, const Known& observable, std::int64_t pulse) {
    const auto run = [&](Statement& write) {
      write.bind(1, observable.id).bind(2, feed_id_).bind(3, pulse);
      if (claim.raw == claim.observable.value) {
        write.bind_null(4);
      } else {
        write.bind(4, claim.raw);
      }
      return write.bind(5, claim.role)
          .bind(6, claim.title)
          .bind(7, claim.description)
          .bind(8, claim.content)
          .bind(9, claim.created)
          .bind(10, claim.expiration)
          .bind(11, std::int64_t{claim.active})
          .bind(12, claim.source_id)
          .run();
    };
    if (auto status = run(insert_claim_); !status) return status;
    if (database_.changes() > 0) {
      ++counts_.claims_new;
      return {};
    }
    if (auto status = run(update_claim_); !status) return status;
    ++(database_.changes() > 0 ? counts_.claims_changed : counts_.claims_same);
    return {};
  }

  const Database& database_;
  const std::string feed_, kind_;
  const Quarantine quarantine_;
  IngestCounts counts_;
  std::optional<Transaction> transaction_;
  std::vector<bool> seen_;  // by observable id: add_claims had a claim on it
  std::int64_t feed_id_ = 0;
  bool prepared_ = false, failed_ = false, last_was_new_ = true, matchable_changed_ = false;
  Statement put_feed_, find_feed_, set_cursor_, find_pulse_, insert_pulse_, update_pulse_,
      drop_tags_, put_tag_, insert_observable_, find_observable_, set_quarantine_,
      insert_claim_, update_claim_, claims_of_pulse_, end_claim_;
};

}  // namespace

std::unique_ptr<Ingest> make_ingest(const Database& database, std::string_view feed,
                                    std::string_view kind, Quarantine quarantine) {
  return std::make_unique<SqliteIngest>(database, feed, kind, quarantine);
}

}  // namespace spoor
