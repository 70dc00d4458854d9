#include "app/hunt_indicators.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "app/command.h"
#include "base/utf8.h"
#include "match/exact.h"

namespace spoor {
namespace {

std::unique_ptr<const Matcher> reference_of(const Snapshot& snapshot) {
  std::vector<Observable> observables;
  observables.reserve(snapshot.size());
  for (std::uint32_t i = 0; i < snapshot.size(); ++i) {
    const ClaimRef claim = snapshot.index().at(i);
    observables.push_back({claim.type, std::string(claim.value)});
  }
  return make_exact_matcher(observables);
}

}  // namespace

SnapshotVerification::SnapshotVerification(const IndicatorSet& set) {
  if (set.mapped) {
    thread_ = std::jthread([this, &set] { promise_.set_value(set.snapshot->verify()); });
  } else {
    promise_.set_value({});
  }
}

LoadedIndicators::LoadedIndicators(IndicatorSet loaded, const IndicatorMark& from, bool exact)
    : set(std::move(loaded)),
      mark(from),
      reference(exact ? reference_of(*set.snapshot) : nullptr),
      verification(set) {}

Result<std::unique_ptr<LoadedIndicators>> load_hunted(Store& store,
                                                      const IndicatorFilter& filter,
                                                      const std::string& snapshot_file,
                                                      bool exact) {
  const auto mark = store.indicator_mark();
  if (!mark) return fail(mark.error());
  auto set = load_indicators(store, filter, snapshot_file);
  if (!set) return fail(set.error());
  if (!set->note.empty()) write_error("spoor: hunt: " + terminal_safe(set->note) + "\n");
  return std::make_unique<LoadedIndicators>(*std::move(set), *mark, exact);
}

}  // namespace spoor
