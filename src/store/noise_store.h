// What sightings are judged by, as the store keeps it: warninglists, the own allow-list, notes
// of sources in an observable's favour; and the judging of all stored sightings anew.
//
// A list's entries lie in one blob, a line each: a list is loaded whole or not at all. Every
// call that writes is one durable transaction. One thread at a time; any number of processes.
// Tested by noise_store_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "ioc/noise.h"
#include "store/sqlite.h"

namespace spoor {

/// A list as it is told, without its entries.
struct WarningListInfo {
  WarningList list;  ///< `entries` is empty
  std::uint64_t entries = 0;
  std::string etag, changed;  ///< of what came from `origin`; "" where its server names none
};

/// Sightings that are judged alike: all that a verdict depends on is the same.
struct SightingGroup {
  Observable observable;
  Grade grade = Grade::kNone;
  std::string rule;
  Flow flow = Flow::kUnknown;
  Volume volume;  ///< of the observable, over all its sightings
  std::uint64_t sightings = 0;
  Verdict verdict = Verdict::kShown;
  std::string reason;
};

struct JudgeCounts {
  std::uint64_t sightings = 0, changed = 0;
};

class NoiseStore {
 public:
  /// `store`: the path of a store that Store::open() has brought up to date.
  static Result<std::unique_ptr<NoiseStore>> open(const std::string& store,
                                                  Database::Access access);

  enum class Change : std::uint8_t { kNew, kChanged, kSame };
  /// A list of the same name is replaced; the verdict that a person chose for it stays, unless
  /// `force_verdict`.
  Result<Change> put_list(const WarningList& list, bool force_verdict);
  /// What the server of its origin calls the version that is kept.
  Status put_list_version(std::string_view name, std::string_view etag,
                          std::string_view changed);
  Result<std::vector<WarningListInfo>> lists() const;  ///< by name
  Result<std::vector<WarningList>> whole_lists() const;
  Result<bool> remove_list(std::string_view name);  ///< whether it was there

  /// One of the same kind and value is replaced.
  Result<Change> put_allowed(const AllowEntry& entry);
  Result<std::vector<AllowEntry>> allowed() const;  ///< by kind, type and value
  Result<bool> remove_allowed(const AllowEntry& entry);

  /// All that `source` says of the observable: what it said before and does not say now goes.
  /// The same again writes nothing.
  Status put_notes(const Observable& observable, std::string_view source,
                   std::span<const BenignNote> notes);
  Result<std::vector<BenignNote>> notes() const;
  Result<std::vector<BenignNote>> notes_of(const Observable& observable) const;

  /// Moves with every change of lists, allow-list and notes, whoever makes it, but for an entry
  /// that expires. One row.
  Result<std::int64_t> mark() const;
  /// Observables that every claim calls context.
  Result<std::uint64_t> context_only() const;
  /// Lines that hunts have read.
  Result<std::uint64_t> all_events() const;
  /// Of observables with at least so many sightings, or on at least so many hosts; 0: never
  /// by that. One pass over a narrow table.
  Result<std::unordered_map<std::int64_t, Volume>> volumes(std::uint64_t events,
                                                           std::uint64_t hosts) const;
  /// Asks `judge` about every group of stored sightings and writes what has changed, in one
  /// transaction. It sets verdict and reason, and answers alike where all but these two is the
  /// same. What stands suppressed because its line went on
  /// is left alone. Memory: the groups that change.
  Result<JudgeCounts> judge(const std::function<void(SightingGroup&)>& judge);

 private:
  explicit NoiseStore(Database database) : database_(std::move(database)) {}
  Result<std::vector<WarningListInfo>> read_lists(bool with_entries) const;
  Result<std::vector<BenignNote>> read_notes(Statement& query) const;

  Database database_;
};

}  // namespace spoor
