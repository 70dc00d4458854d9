// Drains the outbox into one system: entries in order, each under its lock, none above what
// the system is cleared for. Where the system is away, the rest waits. Tested by
// sender_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "cases/case_system.h"
#include "store/outbox.h"

namespace spoor {

/// What a system may be told.
struct Clearance {
  Tlp tlp = Tlp::kAmberStrict;
  int pap = 2;
};
/// Why `draft` may not go there, or "".
std::string over_clearance(const CaseDraft& draft, const Clearance& clearance);

struct SendReport {
  std::uint64_t filed = 0, created = 0, updated = 0, waiting = 0, refused = 0, busy = 0;
  std::uint64_t observables_added = 0, requests = 0, retries = 0;
  std::vector<std::string> lines;  ///< what people should know; foreign text: escape
};

/// `said` is told each entry's end as it comes.
struct SendProgress {
  std::string title, outcome;
};
Result<SendReport> send_outbox(Outbox& outbox, std::string_view name, CaseSystem& system,
                               const Clearance& clearance, const Clock& clock,
                               const std::function<bool()>& cancelled,
                               const std::function<void(const SendProgress&)>& said);

}  // namespace spoor
