// The entries of one receipt of a hunt that follows its files, and their sums. Private to
// `report`. Tested by follow_receipt_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "report/receipt_form.h"
#include "report/spool.h"

namespace spoor {

/// A content and where it is (FollowedPart tells what that is).
struct FollowedContent {
  struct Range {
    std::uint64_t begin = 0, end = 0;  ///< positions in a spool
  };
  struct Place {
    std::string absolute;
    std::uint64_t device = 0, inode = 0;
    std::uint64_t least = 0;  ///< a shorter file no longer holds the content
    std::uint64_t holds = 0;  ///< how far the content had been hunted when it was met there
  };
  struct Part {
    FileAccount account;
    Range members;
    Generations generations;
  };
  /// The sightings of one event, the last one of the content in some pass.
  struct LastEvent {
    std::uint64_t pass = 0, offset = 0;
    Range records;
  };
  std::vector<Part> parts;
  std::vector<Place> places;           ///< the last one was met last
  std::uint64_t anew = 0;              ///< sightings of earlier passes do not count
  std::uint64_t settled = UINT64_MAX;  ///< FollowedPart::settled
  LastEvent last, last_before;         ///< of the last pass that has any, of those before it
  std::ptrdiff_t standing = -1;        ///< which of the places holds it; -1: it is gone
  std::uint64_t gone_since = 0;        ///< number of the receipt; 0: it is not
};
using FollowedContents = std::map<std::uint64_t, FollowedContent>;

/// Begin to end, in the spool of sightings.
using DroppedRanges = std::map<std::uint64_t, std::uint64_t>;

struct FollowSpools {
  std::unique_ptr<Spool> sightings;  ///< JSON, NUL, absolute name of the file they lie in;
                                     ///< the key's kind is the grade
  std::unique_ptr<Spool> members;    ///< JSON
  std::unique_ptr<Spool> gone;       ///< entries as they are written, of what is gone for good
};

/// Whether a record of the spool of sightings counts no more.
bool is_dropped(const Spool::Record& record, const FollowedContents& contents,
                const DroppedRanges& dropped);

/// Adds what entries are summed up by.
void add_sums(HuntTotals& sum, const HuntTotals& more);

class FollowWriting {
 public:
  using Emit = std::function<Status(std::string_view json)>;

  /// Borrows all but the function. `so_far`: what the hunt has counted itself.
  FollowWriting(const FollowSpools& spools, const FollowedContents& contents,
                const DroppedRanges& dropped, const HuntTotals& so_far, Emit emit);

  /// What was written down for good, with its sums.
  Status put_gone(const HuntTotals& sums);
  Status put(const FollowedContent& content);
  Status put_loose(const FollowedContent::Part& part);
  /// Skips and sightings, last; then compares what the entries say with what the hunt counted:
  /// `replaced` is what it read and no entry speaks of.
  Status put_rest(const StreamCounters& replaced, std::uint64_t replaced_scanned);

  /// For the summary: those of the hunt, with the sums of the entries.
  const HuntTotals& totals() const { return totals_; }
  std::uint64_t skips() const { return skips_; }
  std::uint64_t dead_bytes() const { return dead_bytes_; }  ///< of the spool of sightings

 private:
  Status put_part(const FollowedContent::Part& part, const std::string& now, bool gone,
                  bool generations);
  Status put_skip(const Skip& skip);
  Status put_sightings();
  std::string sighting_text(const Spool::Record& record) const;

  const FollowSpools& spools_;
  const FollowedContents& contents_;
  const DroppedRanges& dropped_;
  const HuntTotals& so_far_;
  Emit emit_;
  HuntTotals totals_;
  std::uint64_t skips_ = 0, dead_bytes_ = 0;
};

}  // namespace spoor
