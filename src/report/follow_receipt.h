// The receipt of a hunt that follows its files: it is of all passes so far, is written again as
// they go on, and says of each content where it is now.
//
// An account that comes takes the place of the one before (FollowedPart). Where a content
// stands is what the passes met last: a file is known by device and inode, and at the moment
// that a receipt is written its path must still lead there. So a log that was renamed, copied
// or compressed carries beside the name it was hunted under the one that it has `now`; one that
// was truncated, written over or deleted is `gone`. Sightings say the same of their file, so
// that each line of a receipt can be checked on its own.
//
// Sightings wait in a spool; those of a last line that went on are replaced by those of the
// whole line. Memory: some 1 KB for each content that a file holds, and for 10,000 that none
// does; more of these are written down for good. A receipt costs a stat() for each content and
// the copying of all sightings, so it is written at most once in ten seconds, and never for
// more than a twentieth of the time. Tested by follow_receipt_test.cpp and
// tests/follow_receipt.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/follow_writing.h"
#include "report/receipt_form.h"

namespace spoor {

class FollowReceipt final : public FindingSink {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// An error where no receipt could be written to `path`; nothing is, yet.
  static Result<std::unique_ptr<FollowReceipt>> create(const std::string& path,
                                                       ReceiptInfo info,
                                                       std::optional<Time> newest_pulse);

  Status begin(const HuntStart& start) override;
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override;
  Status account(const FileAccount& account) override;
  Status pass_ended() override;
  /// Writes it for the last time.
  Status finish(const HuntTotals& totals) override { return write(totals); }

  // Between passes.
  /// Other indicators are looked for from the next pass on.
  void renewed(IndicatorsInUse set);
  /// Writes it, if something has changed and it is time. `so_far` is asked for only then.
  Status write_if_due(const std::function<HuntTotals()>& so_far,
                      const std::function<SteadyTime()>& now = std::chrono::steady_clock::now);

 private:
  using Inode = std::pair<std::uint64_t, std::uint64_t>;

  FollowReceipt(std::string path, ReceiptInfo info, FollowSpools spools);

  void put_part(FollowedContent& content, FollowedContent::Part part);
  void put_place(const FileAccount& account);
  void leave(std::uint64_t number, const Inode& inode);
  void stand_in(std::uint64_t number, FollowedContent::Place place);
  void put_loose(FollowedContent::Part part);
  void count_replaced(const FileAccount& account);
  void replace_last_event(FollowedContent& content, const FollowedPart& part);

  bool is_due(SteadyTime now) const;
  Status write(const HuntTotals& so_far);
  void stand();
  // follow_tidy.cpp
  Status tidy(std::uint64_t dead_bytes);
  Status rewrite_sightings();
  Status rewrite_members();
  Status settle_gone();

  std::string path_;
  ReceiptInfo info_;
  HuntStart start_;
  FollowSpools spools_;
  HuntTotals gone_sums_;
  FollowedContents contents_;
  std::map<std::string, FollowedContent::Part> loose_;  // what has no number, by absolute path
  /// What stands in a file: a content, and those that the begin of a copy is of.
  std::map<Inode, std::vector<std::uint64_t>> by_inode_;
  DroppedRanges dropped_;
  std::uint64_t member_begin_ = 0;  // of the file at hand, in the spool of members
  std::uint64_t pass_ = 1, receipts_ = 0;
  // Of accounts that others took the place of, and of bytes that were read again.
  StreamCounters replaced_;
  std::uint64_t replaced_scanned_ = 0;
  FollowSummary follow_;
  bool changed_ = false;
  std::optional<SteadyTime> written_;
  std::chrono::nanoseconds cost_{0};
};

}  // namespace spoor
