// Judging stored sightings anew. One pass over the table that holds all that a verdict depends
// on, in the order of the observables: sightings that are judged alike are asked about once,
// and rows are touched only where the answer is another. The event's text, which is most of a
// sighting, is never read nor written: it lies in another table, and a row here is a tenth of
// one there. Tried before: verdicts in the sighting's own row with an index over them. Of a
// million sightings 200,000 that changed lay on nearly every page of the file, and all of it
// went through the write-ahead log. Figures: bench/bench_judge. Tested by noise_store_test.cpp.

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "store/codes.h"
#include "store/noise_store.h"
#include "store/went_on.h"

namespace spoor {
namespace {

constexpr std::string_view kWhat = "judging sightings";

/// What all sightings of a group have in common.
struct GroupKey {
  std::int64_t observable = 0, grade = 0, flow = 0, verdict = 0;
  bool has_flow = false;
  std::string rule, reason;
  std::uint64_t sightings = 0;
};

/// The groups of one observable, as its rows come.
class Groups {
 public:
  /// Adds a row: observable, grade, rule, flow, verdict, reason, host.
  void add(const Statement& at) {
    if (all_.empty() || !is_same(all_[last_], at)) find(at);
    ++all_[last_].sightings;
    ++volume_.events;
    if (!at.is_null(6) && hosts_.size() < kMostHosts) hosts_.insert(at.text(6));
  }
  void clear() {
    all_.clear();
    by_key_.clear();
    hosts_.clear();
    volume_ = {};
  }
  const std::vector<GroupKey>& all() const { return all_; }
  Volume volume() const { return {volume_.events, hosts_.size()}; }

 private:
  static constexpr std::size_t kMostHosts = 100'000;  // more are as telling

  /// Neighbours are mostly alike; where they are not, reasons may differ from row to row.
  void find(const Statement& at) {
    key_.clear();
    for (const int column : {1, 3, 4}) {
      key_ += at.is_null(column) ? "-" : std::to_string(at.integer(column));
      key_ += ' ';
    }
    key_ += at.bytes(2);
    key_ += '\0';
    key_ += at.bytes(5);
    const auto [known, is_new] = by_key_.try_emplace(key_, all_.size());
    last_ = known->second;
    if (!is_new) return;
    GroupKey& group = all_.emplace_back();
    group.observable = at.integer(0);
    group.grade = at.integer(1);
    group.rule = at.text(2);
    group.has_flow = !at.is_null(3);
    group.flow = at.integer(3);
    group.verdict = at.integer(4);
    group.reason = at.text(5);
  }
  static bool is_same(const GroupKey& key, const Statement& at) {
    return key.grade == at.integer(1) && key.has_flow == !at.is_null(3) &&
           key.flow == at.integer(3) && key.verdict == at.integer(4) &&
           key.rule == at.bytes(2) && key.reason == at.bytes(5);
  }

  std::vector<GroupKey> all_;
  std::unordered_map<std::string, std::size_t> by_key_;  // places in all_
  std::size_t last_ = 0;
  std::string key_;
  std::unordered_set<std::string> hosts_;
  Volume volume_;
};

/// Runs over the table, an observable at a time.
Status walk(const Database& database, const std::function<Status(const Groups&)>& visit) {
  auto query = database.prepare(
      "SELECT observable, grade, rule, flow, verdict, reason, host FROM judged ORDER BY "
      "observable",
      kWhat);
  if (!query) return fail(query.error());
  Groups groups;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    const bool is_other = !groups.all().empty() &&
                          (!*row || groups.all().front().observable != query->integer(0));
    if (is_other) {
      if (auto status = visit(groups); !status) return status;
      groups.clear();
    }
    if (!*row) return {};
    groups.add(*query);
  }
}

/// The verdict of all sightings of an observable that differ in verdict and reason alone.
struct Rewrite {
  std::int64_t observable, grade, flow;
  bool has_flow;
  std::string rule;
  std::int64_t verdict;
  std::string reason;

  bool is_of(const GroupKey& key) const {
    return observable == key.observable && grade == key.grade && has_flow == key.has_flow &&
           flow == key.flow && rule == key.rule;
  }
};

/// Writes what has changed: the rows of an observable lie together. One statement for all that
/// is judged alike, since reasons with counts in them may differ from row to row.
Status rewrite(const Database& database, const std::vector<Rewrite>& changes) {
  auto update = database.prepare(
      "UPDATE judged SET verdict = ?5, reason = ?6 WHERE observable = ?1 AND grade = ?2 AND "
      "rule = ?3 AND flow IS ?4 AND (verdict, reason) IS NOT (?5, ?6) AND (verdict, reason) IS "
      "NOT (?7, ?8)",
      kWhat);
  if (!update) return fail(update.error());
  for (const Rewrite& change : changes) {
    update->bind(1, change.observable).bind(2, change.grade).bind(3, change.rule);
    change.has_flow ? update->bind(4, change.flow) : update->bind_null(4);
    update->bind(5, change.verdict).bind(6, change.reason);
    update->bind(7, code_of(Verdict::kSuppressed)).bind(8, kWentOn);
    if (auto status = update->run(); !status) return status;
  }
  return {};
}

Error damaged(const Database& database) {
  return Error{database.path() + ": " + std::string(kWhat) +
               ": a sighting cannot be read, the store is damaged"};
}

}  // namespace

Result<std::unordered_map<std::int64_t, Volume>> NoiseStore::volumes(
    std::uint64_t events, std::uint64_t hosts) const {
  std::unordered_map<std::int64_t, Volume> all;
  // Nothing is on more hosts than it has sightings.
  const std::uint64_t least = events == 0  ? hosts
                              : hosts == 0 ? events
                                           : std::min(events, hosts);
  if (least == 0) return all;
  auto often = database_.prepare(
      "SELECT observable, count(*) FROM judged GROUP BY observable HAVING count(*) >= ?1",
      kWhat);
  if (!often) return fail(often.error());
  auto count_hosts =
      database_.prepare("SELECT count(DISTINCT host) FROM judged WHERE observable = ?1", kWhat);
  if (!count_hosts) return fail(count_hosts.error());
  const auto most = static_cast<std::uint64_t>(INT64_MAX);
  often->bind(1, static_cast<std::int64_t>(std::min(least, most)));
  for (;;) {
    const auto row = often->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    Volume volume;
    volume.events = static_cast<std::uint64_t>(often->integer(1));
    if (hosts > 0) {
      const auto counted = count_hosts->bind(1, often->integer(0)).step();
      if (!counted) return fail(counted.error());
      volume.hosts = static_cast<std::uint64_t>(count_hosts->integer(0));
      count_hosts->reset();
    }
    if ((events > 0 && volume.events >= events) || (hosts > 0 && volume.hosts >= hosts))
      all.emplace(often->integer(0), volume);
  }
}

Result<JudgeCounts> NoiseStore::judge(const std::function<void(SightingGroup&)>& judge) {
  // What is read once stays until it is written.
  if (auto status = database_.execute("PRAGMA cache_size = -131072", kWhat); !status)
    return fail(status.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  auto find = database_.prepare("SELECT type, canonical FROM observable WHERE id = ?1", kWhat);
  if (!find) return fail(find.error());
  JudgeCounts counts;
  std::vector<Rewrite> changes;
  const auto ask = [&](const Groups& groups) -> Status {
    const auto row = find->bind(1, groups.all().front().observable).step();
    if (!row) return fail(row.error());
    const auto type = *row ? type_of_code(find->integer(0)) : std::nullopt;
    if (!type) return fail(damaged(database_));
    SightingGroup group;
    group.observable = {*type, find->text(1)};
    group.volume = groups.volume();
    find->reset();
    for (const GroupKey& key : groups.all()) {
      counts.sightings += key.sightings;
      const auto grade = grade_of_code(key.grade);
      const auto verdict = verdict_of_code(key.verdict);
      const auto flow = flow_of_code(key.flow);
      if (!grade || !verdict || !flow) return fail(damaged(database_));
      if (*verdict == Verdict::kSuppressed && key.reason == kWentOn) continue;
      group.grade = *grade;
      group.rule = key.rule;
      group.flow = *flow;
      group.sightings = key.sightings;
      group.verdict = *verdict;
      group.reason = key.reason;
      judge(group);
      if (group.verdict == *verdict && group.reason == key.reason) continue;
      counts.changed += key.sightings;
      bool is_known = false;
      for (auto at = changes.rbegin();
           !is_known && at != changes.rend() && at->observable == key.observable; ++at)
        is_known = at->is_of(key);
      if (is_known) continue;
      changes.push_back({key.observable, key.grade, key.flow, key.has_flow, key.rule,
                         code_of(group.verdict), group.reason});
    }
    return {};
  };
  if (auto status = walk(database_, ask); !status) return fail(status.error());
  if (auto status = rewrite(database_, changes); !status) return fail(status.error());
  if (auto status = transaction->commit(); !status) return fail(status.error());
  return counts;
}

}  // namespace spoor
