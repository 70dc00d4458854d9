// Where and when the events of a hunt happened, as its options say: --root, --zone, --host.
// Tested by tests/roots.scenario.

#pragma once

#include <string>

#include "app/options.h"
#include "base/result.h"
#include "hunt/hunt.h"

namespace spoor {

/// Takes the three options into `hunt`, whose paths are known already: with --root and no path
/// they become the usual places of logs there. Returns what the user is to know of it, a line
/// without its end, or "".
Result<std::string> take_where(const Options& options, HuntOptions& hunt);

}  // namespace spoor
