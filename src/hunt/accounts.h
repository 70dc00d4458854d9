// The accounts of a hunt: what was read, decoded, scanned and passed over, file by file and in
// all. What lies on the disk is what was read and what was not, what was decoded is what was
// scanned and what was passed over. Two sides that are counted apart must meet: the bytes that
// the file's own reader counted and those that its members say; the bytes that a stream decoded
// and the chunks that were scanned. Where they do not, the hunt is incomplete and says so: that
// is a bug of ours. Memory: 10,000 skips and formats; all of them go to the sinks. Private to
// `hunt`. Tested by accounts_test.cpp and hunt_test.cpp.

#pragma once

#include <map>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "hunt/exchange.h"
#include "hunt/followed_parts.h"
#include "logs/finding.h"

namespace spoor {

class Accounts {
 public:
  /// Borrows both.
  Accounts(std::span<FindingSink* const> sinks, HuntTotals& totals)
      : sinks_(sinks), totals_(totals) {}

  /// Files come again from now on (--follow): each counts once, and what was left out of it
  /// before is no longer so. Bytes count whenever they are read.
  void expect_again() { again_ = true; }
  /// Jobs in order: chunks of a member, its end, skips, the end of the file.
  void add_chunk(const Chunk& chunk);
  /// The same, of a file whose account is kept over passes (--follow with a receipt).
  void note_bytes(const Job& job) { parts_.add_chunk(job); }
  void begin_pass() { parts_.begin_pass(); }
  Status end_of_member(const Job& job);
  Status end_of_file(const Job& job);
  Status skips_of(const Job& job);
  /// Puts what was too much to list into the totals.
  void finish() { finish(totals_); }
  /// The same for a copy of the totals, between passes.
  void finish(HuntTotals& totals) const;

 private:
  struct MoreSkips {
    std::uint64_t count = 0, bytes = 0;
    bool incomplete = false;
  };

  struct DigestHash {
    std::size_t operator()(const Digest128& digest) const;
  };

  bool is_first_sight(const HuntedFile& file);
  void forget_skips(const std::string& file);
  void count_gaps(HuntTotals& totals) const;
  Status add_skips(const std::vector<Skip>& skips);
  void add_format(const HuntedFile& file);
  Status tell(const FileAccount& account);
  Status does_not_close(const std::string& file, std::string how);

  std::span<FindingSink* const> sinks_;
  HuntTotals& totals_;
  std::uint64_t scanned_ = 0;  // of the member at hand
  bool is_rendered_ = false;   // it is of records
  TextEncoding encoding_ = TextEncoding::kBytes;
  FileAccount file_;              // the file at hand
  std::uint64_t file_skips_ = 0;  // told of it
  std::map<std::string, MoreSkips> more_skips_;
  std::unordered_set<Digest128, DigestHash> met_;  // names of files, where they may come again
  FollowedParts parts_;
  bool again_ = false;
};

}  // namespace spoor
