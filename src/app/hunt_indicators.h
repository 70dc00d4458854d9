// The indicators that `spoor hunt` looks for: the compiled set, whether it is sound, and the
// slow matcher where it is asked for.

#pragma once

#include <future>
#include <memory>
#include <string>
#include <thread>

#include "base/result.h"
#include "hunt/indicator_set.h"
#include "match/matcher.h"
#include "store/store.h"

namespace spoor {

/// Compares a mapped snapshot's checksums while the hunt goes on.
class SnapshotVerification {
 public:
  /// Borrows the set.
  explicit SnapshotVerification(const IndicatorSet& set);
  /// Waits for the answer.
  Status status() const { return future_.get(); }

 private:
  std::promise<Status> promise_;
  std::shared_future<Status> future_{promise_.get_future()};
  std::jthread thread_;
};

/// The indicators of a hunt, ready to be looked for.
struct LoadedIndicators {
  LoadedIndicators(IndicatorSet loaded, const IndicatorMark& from, bool exact);

  const Snapshot& snapshot() const { return *set.snapshot; }
  const Matcher& matcher() const {
    return reference != nullptr ? *reference : set.snapshot->matcher();
  }

  IndicatorSet set;
  IndicatorMark mark;  ///< of a state of the store that the set holds, or an older one
  std::unique_ptr<const Matcher> reference;
  SnapshotVerification verification;
};

/// `snapshot_file`: "" compiles in memory. `exact`: with the matcher that defines what matches.
/// Says on stderr what a person should know of the snapshot.
Result<std::unique_ptr<LoadedIndicators>> load_hunted(Store& store,
                                                      const IndicatorFilter& filter,
                                                      const std::string& snapshot_file,
                                                      bool exact);

}  // namespace spoor
