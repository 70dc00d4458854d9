// The import guards of S5: values that parse but would drown a hunt are kept apart with a
// reason. Tested by guard_test.cpp.

#pragma once

#include <optional>
#include <string>

#include "ioc/canonical.h"

namespace spoor {

/// Whether `observable` must be quarantined, and why: digests of nothing and of "test", public
/// suffixes, single labels, values under 4 characters, prefixes shorter than /8 (v4) or /19
/// (v6), reserved ranges (this-host, private, loopback, link-local, multicast, broadcast,
/// shared address space; documentation ranges and names pass), all-zero values, paths of one
/// component and root keys. Rule id is "S5". O(1); any thread.
std::optional<Refusal> quarantine_reason(const Observable& observable);

}  // namespace spoor
