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
#include <set>
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
    "more_indicators, extra, pap";
constexpr std::string_view kPulseParameters =
    "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20";
// The same for claims, from ?4 on. A claim that comes is not ended.
constexpr std::string_view kClaimColumns =
    "raw, role, title, description, content, created, expiration, active, source_id, "
    "confidence, tlp, pap, last_said, malware, adversary, attack_ids, context, ended";
constexpr std::string_view kClaimParameters =
    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, NULL";

/// What a claim says beyond its value; NULL where it says nothing. `lists` holds the text of
/// lists until the statement has run.
void bind_facts(Statement& write, const ClaimFacts& facts, bool detect, std::string& lists) {
  const auto number = [&](int parameter, bool said, std::int64_t value) {
    said ? write.bind(parameter, value) : write.bind_null(parameter);
  };
  const auto text = [&](int parameter, std::string_view value) {
    value.empty() ? write.bind_null(parameter) : write.bind(parameter, value);
  };
  number(13, facts.confidence.has_value(), facts.confidence.value_or(0));
  number(14, facts.tlp.has_value(), facts.tlp ? code_of(*facts.tlp) : 0);
  number(15, facts.pap.has_value(), facts.pap ? code_of(*facts.pap) : 0);
  write.bind(16, facts.last_said);
  text(17, facts.malware);
  text(18, facts.adversary);
  if (!facts.attack_ids.empty()) lists = list_text(facts.attack_ids);
  text(19, lists);
  number(20, !detect, 1);
}

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

/// Of claims that come together, those on values that some of them call context and others do
/// not: what one of them detects is looked for, whichever comes first.
class DetectedAnyway {
 public:
  explicit DetectedAnyway(std::span<const Claim> claims) {
    const bool any = std::any_of(claims.begin(), claims.end(),
                                 [](const Claim& claim) { return !claim.facts.detect; });
    if (!any) return;
    for (const Claim& claim : claims) {
      if (claim.facts.detect) detected_.insert(claim.observable);
    }
  }
  bool detects(const Claim& claim) const {
    return claim.facts.detect || detected_.count(claim.observable) > 0;
  }

 private:
  std::set<Observable> detected_;
};

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
      const DetectedAnyway together(claims);
      for (const Claim& claim : claims) {
        detect_ = together.detects(claim);
        const auto observable = observable_of(claim);
        if (!observable) return fail(observable.error());
        const auto at = static_cast<std::size_t>(observable->id);
        if (at >= seen_.size()) seen_.resize(std::max(at + 1, seen_.size() * 2));
        if (seen_[at]) {
          ++counts_.claims_same;
          continue;
        }
        seen_[at] = true;
        ++listed_;
        if (auto status = write_claim(claim, *observable, 0); !status) return status;
      }
      return {};
    });
  }
  Status end_pulse(std::string_view id, std::optional<Time> when) override {
    return guarded([&]() -> Status {
      const auto row = find_feed_pulse_.bind(1, id).bind(2, feed_id_).step();
      if (!row) return fail(row.error());
      if (!*row) return {};
      const std::int64_t key = find_feed_pulse_.integer(0);
      const bool gone = find_feed_pulse_.integer(1) != 0;
      find_feed_pulse_.reset();
      return gone ? Status{} : lost(key, when);
    });
  }
  Status end_unseen(std::optional<Time> when) override {
    return guarded([&]() -> Status {
      if (auto status = end_unlisted(when); !status) return status;
      return end_unshown(when);
    });
  }
  std::uint64_t claims_listed() const override { return listed_; }
  Result<bool> is_current(std::string_view id, std::optional<Time> modified) override {
    const auto feed = feed_to_read();
    if (!feed) return fail(feed.error());
    const auto row = find_feed_pulse_.bind(1, id).bind(2, *feed).step();
    if (!row) return fail(row.error());
    if (!*row) return false;
    const bool gone = find_feed_pulse_.integer(1) != 0;
    const bool cut = find_feed_pulse_.integer(2) != 0;
    const bool same = modified && find_feed_pulse_.time(3) == modified;
    find_feed_pulse_.reset();
    return !gone && !cut && same;
  }
  void begin_pass(std::int64_t pass) override { pass_ = pass; }
  Status mark_seen(std::string_view id) override {
    return guarded([&]() -> Status {
      const auto row = find_feed_pulse_.bind(1, id).bind(2, feed_id_).step();
      if (!row) return fail(row.error());
      if (!*row) return {};
      const std::int64_t key = find_feed_pulse_.integer(0);
      find_feed_pulse_.reset();
      return shown(key);
    });
  }
  Result<std::int64_t> pulses_seen(std::optional<Time> until, PulseDate date) override {
    const auto feed = feed_to_read();
    if (!feed) return fail(feed.error());
    Statement& counted = date == PulseDate::kCreated ? count_pulses_ : count_unmodified_;
    const auto row = counted.bind(1, *feed).bind(2, pass_).bind(3, until).step();
    if (!row) return fail(row.error());
    const std::int64_t count = counted.integer(0);
    counted.reset();
    return count;
  }
  Status set_cursor(std::optional<Time> watermark, std::string_view walk) override {
    return guarded(
        [&] { return set_cursor_.bind(1, feed_id_).bind(2, watermark).bind(3, walk).run(); });
  }
  Status set_memory(std::string_view memory) override {
    return guarded([&] { return set_memory_.bind(1, feed_id_).bind(2, memory).run(); });
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
  Status finish() override {
    if (!failed_ && feed_id_ != 0) {
      if (auto status = guarded([&] { return put_run_.bind(1, feed_id_).run(); }); !status)
        return status;
    }
    return commit();
  }
  const IngestCounts& counts() const override { return counts_; }

 private:
  struct Known {
    std::int64_t id = 0;
    bool is_new = false;
    bool context = false;  // every claim so far says that it is nothing to search for
    bool free = true;      // not quarantined
    bool is_matchable() const { return free && !context; }
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

  /// The feed's row, 0 if there is none yet: for reading, which takes no lock.
  Result<std::int64_t> feed_to_read() {
    if (failed_) return fail(database_.path() + ": the import failed before, begin another");
    if (!prepared_) {
      if (auto status = prepare(); !status) return fail(status.error());
    }
    if (feed_id_ != 0) return feed_id_;
    const auto row = find_feed_.bind(1, feed_).step();
    if (!row) return fail(row.error());
    const std::int64_t id = *row ? find_feed_.integer(0) : 0;
    find_feed_.reset();
    return id;
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
        {&put_run_, "UPDATE feed SET last_run = unixepoch() * 1000000 WHERE id = ?1"},
        {&put_feed_,
         "INSERT INTO feed(name, kind) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE "
         "SET kind = excluded.kind WHERE kind <> excluded.kind"},
        {&find_feed_, "SELECT id FROM feed WHERE name = ?1"},
        {&set_cursor_,
         "UPDATE feed SET watermark = ?2, walk = ?3 WHERE id = ?1 AND (watermark, walk) IS NOT "
         "(?2, ?3)"},
        {&set_memory_, "UPDATE feed SET memory = ?2 WHERE id = ?1 AND memory <> ?2"},
        {&find_pulse_, "SELECT pk, modified FROM pulse WHERE id = ?1"},
        {&put_feed_pulse_,
         "INSERT INTO feed_pulse(feed, pulse, gone, seen) VALUES (?1, ?2, ?3, ?4) ON CONFLICT "
         "(feed, pulse) DO UPDATE SET gone = ?3, seen = iif(?4 = 0, seen, ?4) WHERE gone <> ?3 "
         "OR (?4 <> 0 AND seen <> ?4)"},
        {&find_feed_pulse_,
         "SELECT p.pk, s.gone, p.more_indicators, p.modified FROM pulse p JOIN feed_pulse s ON "
         "s.pulse = p.pk WHERE p.id = ?1 AND s.feed = ?2"},
        {&listed_claims_,
         "SELECT observable FROM claim WHERE feed = ?1 AND pulse = 0 AND active = 1"},
        {&pulses_held_, "SELECT pulse FROM feed_pulse WHERE feed = ?1 AND gone = 0"},
        {&count_pulses_,
         "SELECT count(*) FROM feed_pulse s JOIN pulse p ON p.pk = s.pulse WHERE s.feed = ?1 "
         "AND s.seen = ?2 AND (?3 IS NULL OR p.created IS NULL OR p.created <= ?3)"},
        {&count_unmodified_,
         "SELECT count(*) FROM feed_pulse s JOIN pulse p ON p.pk = s.pulse WHERE s.feed = ?1 "
         "AND s.seen = ?2 AND (?3 IS NULL OR p.modified IS NULL OR p.modified <= ?3)"},
        {&insert_pulse_, join({"INSERT INTO pulse(id, ", kPulseColumns, ") VALUES (?1, ",
                               kPulseParameters, ")"})},
        {&update_pulse_,
         join({"UPDATE pulse SET (", kPulseColumns, ") = (", kPulseParameters,
               ") WHERE id = ?1 AND (", kPulseColumns, ") IS NOT (", kPulseParameters, ")"})},
        {&drop_tags_, "DELETE FROM pulse_tag WHERE pulse = ?1"},
        {&put_tag_, "INSERT OR IGNORE INTO pulse_tag(tag, pulse) VALUES (?1, ?2)"},
        {&insert_observable_,
         "INSERT INTO observable(type, canonical, quarantine, released, context) VALUES (?1, "
         "?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"},
        {&find_observable_,
         "SELECT id, quarantine IS NOT NULL, released, context FROM observable WHERE type = ?1 "
         "AND canonical = ?2"},
        {&set_quarantine_,
         "UPDATE observable SET quarantine = ?2, released = ?3 WHERE id = ?1"},
        {&set_context_, "UPDATE observable SET context = ?2 WHERE id = ?1"},
        {&find_detecting_,
         "SELECT 1 FROM claim WHERE observable = ?1 AND context IS NULL LIMIT 1"},
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
        return shown(key);
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
    pulse.pap ? write.bind(20, code_of(*pulse.pap)) : write.bind_null(20);
    if (auto status = write.run(); !status) return status;
    const bool changed = database_.changes() > 0;
    if (key == 0) key = database_.last_rowid();
    ++(!changed ? counts_.pulses_same : *row ? counts_.pulses_changed : counts_.pulses_new);
    if (auto status = shown(key); !status) return status;
    if (changed) {
      if (auto status = drop_tags_.bind(1, key).run(); !status) return status;
      for (const std::string& tag : pulse.tags) {
        if (auto status = put_tag_.bind(1, tag).bind(2, key).run(); !status) return status;
      }
    }

    std::unordered_set<std::int64_t> present;
    const DetectedAnyway together(claims);
    for (const Claim& claim : claims) {
      detect_ = together.detects(claim);
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

  /// Rows of one number each; finished before anything is written, which the statement may
  /// not see.
  static Result<std::vector<std::int64_t>> numbers(Statement& query) {
    std::vector<std::int64_t> all;
    for (;;) {
      const auto row = query.step();
      if (!row) return fail(row.error());
      if (!*row) return all;
      all.push_back(query.integer(0));
    }
  }

  /// Ends claims without a pulse that add_claims was not given.
  Status end_unlisted(std::optional<Time> when) {
    const auto listed = numbers(listed_claims_.bind(1, feed_id_));
    if (!listed) return fail(listed.error());
    for (const std::int64_t observable : *listed) {
      const auto at = static_cast<std::size_t>(observable);
      if (at < seen_.size() && seen_[at]) continue;
      end_claim_.bind(1, observable).bind(2, feed_id_).bind(3, std::int64_t{0}).bind(4, when);
      if (auto status = end_claim_.run(); !status) return status;
      counts_.claims_ended += static_cast<std::uint64_t>(database_.changes());
    }
    return {};
  }

  /// Ends pulses that this session has not met.
  Status end_unshown(std::optional<Time> when) {
    const auto held = numbers(pulses_held_.bind(1, feed_id_));
    if (!held) return fail(held.error());
    for (const std::int64_t pulse : *held) {
      if (shown_.count(pulse) != 0) continue;
      if (auto status = lost(pulse, when); !status) return status;
    }
    return {};
  }

  /// This feed does not hold the pulse any more.
  Status lost(std::int64_t pulse, std::optional<Time> when) {
    put_feed_pulse_.bind(1, feed_id_)
        .bind(2, pulse)
        .bind(3, std::int64_t{1})
        .bind(4, std::int64_t{0});
    if (auto status = put_feed_pulse_.run(); !status) return status;
    shown_.erase(pulse);
    ++counts_.pulses_gone;
    return end_others(pulse, {}, when);
  }

  /// This feed holds the pulse.
  Status shown(std::int64_t pulse) {
    shown_.insert(pulse);
    return put_feed_pulse_.bind(1, feed_id_)
        .bind(2, pulse)
        .bind(3, std::int64_t{0})
        .bind(4, pass_)
        .run();
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
        .bind(4, std::int64_t{release})
        .bind(5, std::int64_t{!detect_});
    if (quarantined) {
      insert_observable_.bind(3, claim.quarantine);
    } else {
      insert_observable_.bind_null(3);
    }
    if (auto status = insert_observable_.run(); !status) return fail(status.error());
    if (database_.changes() == 0) return false;
    known = {database_.last_rowid(), true, !detect_, !quarantined};
    ++counts_.observables_new;
    if (quarantined) ++counts_.quarantined;
    if (known.context) ++counts_.context;
    if (known.is_matchable()) matchable_changed_ = true;
    return true;
  }

  Result<bool> find_observable(const Claim& claim, Known& known) {
    const auto row = find_observable_.bind(1, code_of(claim.observable.type))
                         .bind(2, claim.observable.value)
                         .step();
    if (!row || !*row) return row;
    const bool quarantined = find_observable_.integer(1) != 0;
    known = {find_observable_.integer(0), false, find_observable_.integer(3) != 0,
             !quarantined};
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
      known.free = release;
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

  /// The claim is written. Hunts look for an observable as soon as one claim says so (the
  /// trigger of `released` then makes them look in old bytes too), and no longer once none
  /// does.
  Status weigh_context(const Known& observable) {
    if (detect_ != observable.context) return {};
    if (observable.context) {
      if (auto status = set_context_.bind(1, observable.id).bind(2, std::int64_t{0}).run();
          !status)
        return status;
    } else {
      const auto row = find_detecting_.bind(1, observable.id).step();
      if (!row) return fail(row.error());
      find_detecting_.reset();
      if (*row) return {};
      if (auto status = set_context_.bind(1, observable.id).bind(2, std::int64_t{1}).run();
          !status)
        return status;
      ++counts_.context;
    }
    matchable_changed_ = matchable_changed_ || observable.free;
    return {};
  }

  Status write_claim(const Claim& claim, const Known& observable, std::int64_t pulse) {
    std::string attack_ids;
    const auto run = [&](Statement& write) {
      write.bind(1, observable.id).bind(2, feed_id_).bind(3, pulse);
      if (claim.raw == claim.observable.value) {
        write.bind_null(4);
      } else {
        write.bind(4, claim.raw);
      }
      bind_facts(write, claim.facts, detect_, attack_ids);
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
      return weigh_context(observable);
    }
    if (auto status = run(update_claim_); !status) return status;
    if (database_.changes() == 0) {
      ++counts_.claims_same;
      return {};
    }
    ++counts_.claims_changed;
    return weigh_context(observable);
  }

  const Database& database_;
  const std::string feed_, kind_;
  const Quarantine quarantine_;
  IngestCounts counts_;
  std::optional<Transaction> transaction_;
  std::vector<bool> seen_;                  // by observable id: add_claims had a claim on it
  std::uint64_t listed_ = 0;                // bits of seen_
  std::unordered_set<std::int64_t> shown_;  // pulses that were added or marked
  std::int64_t feed_id_ = 0;
  std::int64_t pass_ = 0;
  bool prepared_ = false, failed_ = false, last_was_new_ = true, matchable_changed_ = false;
  bool detect_ = true;  // the claim at hand is looked for
  Statement put_run_, put_feed_, find_feed_, set_cursor_, set_memory_, put_feed_pulse_,
      find_feed_pulse_, listed_claims_, pulses_held_, count_pulses_, count_unmodified_,
      find_pulse_, insert_pulse_, update_pulse_, drop_tags_, put_tag_, insert_observable_,
      find_observable_, set_quarantine_, set_context_, find_detecting_, insert_claim_,
      update_claim_, claims_of_pulse_, end_claim_;
};

}  // namespace

std::unique_ptr<Ingest> make_ingest(const Database& database, std::string_view feed,
                                    std::string_view kind, Quarantine quarantine) {
  return std::make_unique<SqliteIngest>(database, feed, kind, quarantine);
}

}  // namespace spoor
