// The whole way out: claims of the store in order of type and value, those of one observable
// together, what may leave (policy.h), the exporter, the target. One read transaction. Memory:
// the claims of one observable, and what a format says it keeps. Tested by export_test.cpp.

#pragma once

#include <cstdint>
#include <functional>

#include "base/result.h"
#include "export/format.h"
#include "export/policy.h"
#include "export/target.h"
#include "store/store.h"

namespace spoor {

struct ExportOrder {
  IndicatorFilter
      filter;  ///< its limit counts indicators here, and its quarantine is not asked
  ExportPolicy policy;
  std::string title, producer, filter_text;
  bool with_sightings = false;
  std::function<bool()> cancelled;  ///< empty: never
};

/// Commits the target, unless it fails. An order that is cancelled fails.
Result<ExportSummary> run_export(Store& store, const ExportFormatRow& format,
                                 const ExportOrder& order, ExportTarget& target);

}  // namespace spoor
