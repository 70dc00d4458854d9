// A hunt's two ties to the store: the sink that records sightings before anything is printed,
// and the lookup of what is known of an indicator. Kept apart so that the hunt itself needs no
// SQLite. Tested by store_sink_test.cpp.

#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "hunt/hunt.h"
#include "match/snapshot.h"
#include "store/store.h"

namespace spoor {

/// Records each batch in one durable transaction and sets is_new. Stands first among the sinks.
/// A kill leaves a hunt row without an end and whole batches; a rerun adds what is missing.
class StoreSink final : public FindingSink {
 public:
  /// `beside` writes what is to be kept with each batch or not at all, in its transaction.
  explicit StoreSink(Store& store, NewRule rule = NewRule::kPlace,
                     std::function<Status()> beside = {})
      : store_(store), rule_(rule), beside_(std::move(beside)) {}
  Status begin(const HuntStart& start) override;
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override;
  Status finish(const HuntTotals& totals) override;
  HuntId hunt() const { return hunt_; }

 private:
  Store& store_;
  NewRule rule_;
  std::function<Status()> beside_;
  HuntId hunt_{};
};

/// Stories out of `store` for the indicators of a snapshot, which must outlive the lookup. Use
/// from the store's thread.
StoryLookup lookup_in(Store& store, const Snapshot& snapshot);

/// What a hit shows of a claim.
ClaimSummary summary_of(const ClaimView& claim);

}  // namespace spoor
