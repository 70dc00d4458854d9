// A hunt as NDJSON: an object a sighting, then one summary. The keys are a promise to other
// programs (docs/design.md): they grow and do not change. Bytes that are not UTF-8 stand beside
// in *_hex, so that nothing is lost; JSON escapes all controls. Tested by
// json_printer_test.cpp.

#pragma once

#include "base/json_writer.h"
#include "logs/finding.h"
#include "report/output.h"

namespace spoor {

class JsonPrinter final : public FindingSink {
 public:
  explicit JsonPrinter(Output output) : output_(std::move(output)) {}
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override;
  Status finish(const HuntTotals& totals) override;

 private:
  Output output_;
};

/// One sighting as a JSON object, without a line end.
std::string sighting_json(const Sighting& sighting, const FindingDetail& detail);
std::string summary_json(const HuntTotals& totals);

}  // namespace spoor
