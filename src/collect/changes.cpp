#include "collect/changes.h"

#include <utility>

namespace spoor {

void note_change(CollectReport& report, const IngestCounts& before, const IngestCounts& after,
                 const std::string& id, const std::string& name) {
  PulseChange change;
  change.claims_new = after.claims_new - before.claims_new;
  change.claims_changed = after.claims_changed - before.claims_changed;
  change.claims_ended = after.claims_ended - before.claims_ended;
  if (after.pulses_gone > before.pulses_gone) {
    change.kind = PulseChange::Kind::kGone;
  } else if (after.pulses_new > before.pulses_new) {
    change.kind = PulseChange::Kind::kNew;
  } else if (after.pulses_changed > before.pulses_changed || change.claims_new > 0 ||
             change.claims_changed > 0 || change.claims_ended > 0) {
    change.kind = PulseChange::Kind::kChanged;
  } else {
    return;
  }
  if (report.changes.size() >= CollectReport::kMostChanges) return;
  change.id = id;
  change.name = name;
  report.changes.push_back(std::move(change));
}

void take_tallies(CollectReport& report, const Judge& judge, const IngestCounts& counts) {
  report.rows = judge.rows;
  report.accepted = judge.accepted;
  report.refused = judge.refused.tally();
  report.quarantined = judge.quarantined.tally();
  report.notes = judge.notes.tally();
  report.counts = counts;
}

}  // namespace spoor
