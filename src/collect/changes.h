// What a report says of one pulse, told by the store's counts before and after it was written.

#pragma once

#include <string>

#include "collect/collect.h"
#include "collect/judge.h"

namespace spoor {

/// Adds a line for pulse `id` where it is new, changed or gone.
void note_change(CollectReport& report, const IngestCounts& before, const IngestCounts& after,
                 const std::string& id, const std::string& name);

/// The judge's tallies and the store's counts.
void take_tallies(CollectReport& report, const Judge& judge, const IngestCounts& counts);

}  // namespace spoor
