// On which host an event happened: what its own record says, else --host, else what the root
// says of itself (--root), else the path. Private to `hunt`. Tested by hunt_test.cpp and
// tests/roots.scenario.

#pragma once

#include <string_view>

#include "hunt/hunt.h"
#include "logs/record.h"

namespace spoor {

/// Fills in a host that the record does not name. `path`: as in Sighting::absolute_path.
void name_host(const HuntOptions& options, std::string_view path, EventRecord& record);

}  // namespace spoor
