// The NDJSON of `spoor hunt --json`, read back: sightings with what their pulses say. Lines of
// other kinds are passed over; a line that is no JSON is counted and costs itself. Hostile
// input: lines are bounded, nothing is trusted but its form. O(text). Tested by
// hunt_stream_test.cpp; fuzz/fuzz_hunt_stream.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tally.h"
#include "ioc/sighting.h"
#include "store/store.h"

namespace spoor {

struct StreamSighting {
  Sighting sighting;
  std::vector<ClaimView> claims;  ///< as far as the line tells them
};

/// One line. Nothing for an object of another kind; an error says what is wrong with it.
Result<std::optional<StreamSighting>> read_hunt_line(std::string_view line);

/// Whether a summary line says that the hunt was whole; nothing for other lines.
std::optional<bool> hunt_was_complete(std::string_view line);

}  // namespace spoor
