// What `spoor case` shows of the outbox: its entries, and the verdicts of what was filed.

#pragma once

#include <vector>

#include "app/case_config.h"
#include "app/command.h"
#include "store/outbox.h"

namespace spoor {

/// --list: the entries, of the systems that --system names or of all.
Result<int> list_outbox(const Invocation& invocation, Outbox& outbox);

/// --verdicts: asks each system, keeps what it says, and proposes the values of false
/// positives.
Result<int> read_verdicts(const Invocation& invocation, Outbox& outbox,
                          const std::vector<SystemConfig>& systems);

}  // namespace spoor
