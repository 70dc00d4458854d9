// What is over the cap of a case, as a STIX bundle: `cases` and `export` do not see each other
// (tools/check_layers), so the program joins them. Tested by case_config_test.cpp and
// tests/case_flows.

#pragma once

#include <span>

#include "cases/draft_options.h"

namespace spoor {

/// A StixWriter. Nothing in it is of the clock: the same observables are the same bytes. The
/// case's own reader is cleared for all of it, so no ceiling applies; each object is marked
/// with the strictest TLP of its claims. Pulses are named, and are no reports: their texts
/// stand in the case.
StixBundle stix_of_left_out(std::span<const LeftOut> all);

}  // namespace spoor
