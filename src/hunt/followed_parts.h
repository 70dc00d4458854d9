// The account of a content over the passes of a hunt that follows its files (--follow with a
// receipt): as if what was hunted of it had been hunted at once.
//
//     pass 1   |=========|--|            settled, and a last line that had not ended
//     pass 2             |=====|---|     reads that line again, as a whole
//     account  |===============|---|     each byte once, one digest of all
//
// The next pass begins where lines have ended, so of each content what was true there is kept:
// how many lines and skipped bytes lie before it, and the state of the digest, which goes on
// from there; no byte is read twice for it.
//
// Where a pass does not join (something was not read; over-long tokens in a last line that had
// not ended) it begins a part of its own. What is packed is read as a whole each time: the
// account is that of the last pass. Alternative that lost: an entry a pass, which for one busy
// log would be 80,000 a day.
//
// Memory: some 900 bytes for each content that was read, of at most 200,000; of one that goes
// on after that, the rest is a part of its own. One thread. Private to `hunt`. Tested by
// followed_parts_test.cpp.

#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/hash.h"
#include "hunt/exchange.h"
#include "hunt/progress.h"
#include "logs/finding.h"

namespace spoor {

class FollowedParts {
 public:
  void begin_pass();
  /// A chunk of any file; looks at those of plain files with a number (HuntedFile::content).
  void add_chunk(const Job& job);
  /// `account` is of this pass, and becomes that of all passes over its part.
  void end_of_file(const Job& job, FileAccount& account);

 private:
  /// Where bytes have come to: how many of them, of lines, and their digest.
  struct Mark {
    std::uint64_t offset = 0, line = 1;
    Hasher128 digest;
  };
  /// A content between passes.
  struct State {
    std::uint64_t number = 0, from = 0, from_line = 1;
    std::optional<Mark> settled;  // where a next pass joins; none: it does not
    std::uint64_t skipped = 0;    // before that
    NewsKind news = NewsKind::kNone;
    std::optional<EarlierHunt> earlier;
    std::uint64_t pass = 0;
  };
  /// The plain file at hand.
  struct Reading {
    const HuntedFile* file;
    std::uint64_t begin, end;  // of the bytes that have come
    std::uint64_t begin_line;
    bool joins, is_whole = true;
    Hasher128 digest;
    Mark settled;
    LineTracker lines;
  };

  static bool is_whole(const Reading& reading, const FileAccount& account);
  static void join(FileAccount& account, const State& state, const Reading& reading);
  void begin(const FileAccount& account, State& state, std::optional<Reading>& reading) const;
  static void keep(const FileAccount& account, State& state, std::optional<Reading> reading,
                   std::uint64_t skipped);
  void forget_some();

  std::map<std::uint64_t, State> states_;  // by content
  std::optional<Reading> reading_;
  std::uint64_t pass_ = 0;
};

}  // namespace spoor
