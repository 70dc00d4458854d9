// A pulse as an alert, for those who want the intelligence itself (sourceRef = the pulse's
// id), and one value with all that is known about it. Tested by finding_drafts_test.cpp.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "cases/case_draft.h"
#include "cases/draft_options.h"
#include "ioc/pulse.h"
#include "store/store.h"

namespace spoor {

/// When observables were seen first, for those that were seen.
using SightedTimes = std::map<Observable, std::optional<Time>>;

/// `claims`: the pulse's own, once an observable. Sighted ones come first, then the newest.
CaseDraft pulse_draft(const Pulse& pulse, const std::vector<ClaimView>& claims,
                      const SightedTimes& sighted, const DraftOptions& options);

/// A case on one value. `claims` may be empty: then it says that nothing is known.
CaseDraft lookup_draft(const Observable& observable, const std::vector<ClaimView>& claims,
                       const SightedTimes& sighted, const DraftOptions& options);

}  // namespace spoor
