// The indicators of a hunt, compiled: the snapshot beside the store if it was compiled from
// just this state of it, else compiled anew and left there for the next hunt. A hunt with a
// filter compiles what passes, in memory. Tested by indicator_set_test.cpp.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "hunt/canary.h"
#include "logs/finding.h"
#include "match/snapshot.h"
#include "store/store.h"

namespace spoor {

struct IndicatorSet {
  std::unique_ptr<const Snapshot> snapshot;
  std::vector<Canary> canaries;  ///< the last ones of the snapshot
  bool mapped = false;  ///< from a file that an earlier run wrote: verify() is still due
  /// What a person should know: why a snapshot was refused, that it could not be written.
  std::string note;

  /// Without the canaries.
  std::size_t size() const { return snapshot->size() - canaries.size(); }
};

/// `path`: of the snapshot; empty: in memory. `whole`: no filter restricts. Ordered by id, the
/// networks behind all others and the longest first, since hits at one place come in this order
/// (C1), and the canaries behind them. Milliseconds for a snapshot that fits, else about a
/// microsecond an indicator.
Result<IndicatorSet> load_indicators(Store& store, const IndicatorFilter& filter,
                                     const std::string& path);

/// The place of the snapshot of a store.
inline std::string snapshot_path(const std::string& store_path) {
  return store_path + ".snapshot";
}

/// Holds back everything for `inner` until `verified` has said that the snapshot is sound. The
/// call may wait; its error ends the hunt, and `inner` has then seen nothing.
class VerifiedSink final : public FindingSink {
 public:
  VerifiedSink(FindingSink& inner, std::function<Status()> verified)
      : inner_(inner), verified_(std::move(verified)) {}

  Status begin(const HuntStart& start) override {
    start_ = start;
    return {};
  }
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override {
    SPOOR_TRY(open(), "");
    return inner_.take(sightings, details);
  }
  Status finish(const HuntTotals& totals) override {
    SPOOR_TRY(open(), "");
    return inner_.finish(totals);
  }

 private:
  Status open() {
    if (open_) return {};
    if (Status sound = verified_(); !sound) return sound;
    if (Status begun = inner_.begin(start_); !begun) return begun;
    open_ = true;
    return {};
  }

  FindingSink& inner_;
  std::function<Status()> verified_;
  HuntStart start_;
  bool open_ = false;
};

}  // namespace spoor
