// What of a file is still to be hunted: the parts of --new that decide, without files or store.
//
// Missing after a hunt is (bytes not hunted) x (all indicators) and (bytes hunted) x
// (indicators that came since). SetAges answers the second: an observable is new to a hunt if
// its id is higher than the highest that the hunt knew, or if it was released from quarantine
// since. Where a filter asks for claims (feed, pulse, tag, dates, active) a claim can come or
// change without a new observable: then a set with any other member is wholly new. Private to
// `hunt` and its commands. Tested by progress_test.cpp.

#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "io/source.h"
#include "match/matcher.h"
#include "store/store.h"

namespace spoor {

/// How old the indicators of a compiled set are. Const: any thread.
class SetAges {
 public:
  enum class Missing : std::uint8_t { kNone, kSome, kAll };
  /// Whether a claim's coming or going changes the set without a new observable.
  enum class Kind : std::uint8_t { kObservables, kClaims };

  SetAges() = default;
  /// `mark` was read from the store before the set was loaded. `id_of(i)`: the observable of
  /// indicator i < count; kept. O(count) once.
  SetAges(const IndicatorMark& mark, Kind kind, std::uint32_t count,
          std::function<std::int64_t(std::uint32_t)> id_of,
          const std::vector<Released>& released);

  const IndicatorMark& mark() const { return mark_; }
  /// What a hunt with the set of `then` did not look for.
  Missing since(const IndicatorMark& then) const;
  bool is_missing(IndicatorIndex indicator, const IndicatorMark& then) const;

 private:
  IndicatorMark mark_;
  std::int64_t highest_ = 0;  // of the set
  std::function<std::int64_t(std::uint32_t)> id_of_;
  std::unordered_map<std::int64_t, std::int64_t> released_;  // of the set: id, generation
  std::int64_t last_release_ = 0;
};

/// The first part of a content that is read again: hits that begin there count only if their
/// indicator was missing.
struct OldPart {
  std::uint64_t upto = 0;
  IndicatorMark mark;
  std::shared_ptr<const SetAges> ages;
};

/// Only an open line is known of it (Progress::size).
inline bool is_noted(const Progress& row) {
  return row.size == 0;
}

/// How much of its content was hunted and told.
inline std::uint64_t told_bytes(const Progress& row) {
  return is_noted(row) ? row.upto : row.seen;
}

/// Makes a hunt of the content of `row` go on where one that knows `from` would: of the same
/// content, or of its begin.
void go_on_from(Progress& row, const Progress& from);

/// All contents that were hunted under one scope. Reading it from several threads is fine as
/// long as none calls put().
class ProgressTable {
 public:
  /// Replaces the row of the same id; any other row of the same file loses the file. At most
  /// 100,000 rows without a file are kept, the youngest.
  void put(Progress row);
  /// Gives a row another id; a row that had it is replaced.
  void renumber(std::int64_t from, std::int64_t to);
  /// Null: none. Good until put().
  const Progress* by_id(std::int64_t id) const;
  const Progress* by_file(std::uint64_t device, std::uint64_t inode) const;
  /// Those that begin with the same 4 KiB, the longest first, at most eight.
  std::vector<const Progress*> by_head(const Digest128& head) const;
  /// Of rows of less than 4 KiB whose last line had not ended: the longest that `head`, a
  /// content's first 4 KiB, goes on from. Too little to say that it is the same content, but
  /// enough to know its last line again. Null: none.
  const Progress* grown_short(std::string_view head) const;
  std::size_t size() const { return rows_.size(); }

 private:
  struct KeyHash {
    std::size_t operator()(const std::pair<std::uint64_t, std::uint64_t>& key) const {
      return static_cast<std::size_t>((key.second ^ (key.first << 40)) * 0x9E3779B97F4A7C15u);
    }
  };
  void drop(std::int64_t id);
  void unlink_head(const Progress& row);

  std::unordered_map<std::int64_t, Progress> rows_;  // by id
  std::unordered_map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t, KeyHash> by_file_;
  std::unordered_multimap<std::uint64_t, std::int64_t> by_head_;
  std::vector<std::int64_t> lost_;         // without a file, oldest first
  std::set<std::uint64_t> short_lengths_;  // of rows for grown_short(), and some that were
};

/// Follows the chunks of one content and knows where a later hunt may go on: at the begin of
/// the last line that had not ended, and before a quoted-printable soft break.
class LineTracker {
 public:
  explicit LineTracker(std::uint64_t offset = 0, std::uint64_t line = 1)
      : upto_(offset), line_(line) {}
  void add(const Chunk& chunk);
  std::uint64_t upto() const { return upto_; }
  std::uint64_t line() const { return line_; }
  TextEncoding encoding() const { return encoding_; }
  /// The last line where it has not ended: its offset and digest. Once the last chunk was
  /// added.
  const std::optional<std::pair<std::uint64_t, Digest128>>& open() const { return open_; }

 private:
  std::uint64_t upto_, line_;
  TextEncoding encoding_ = TextEncoding::kBytes;
  std::optional<std::pair<std::uint64_t, Digest128>> open_;
};

}  // namespace spoor
