// Members that the NDJSON of a hunt and its receipt share: one spelling for both. Tested by
// json_printer_test.cpp and receipt_writer_test.cpp.

#pragma once

#include <array>
#include <string_view>

#include "base/json_writer.h"
#include "logs/finding.h"

namespace spoor {

/// Where and what a match is: "offset" to "views".
void write_match(JsonWriter& json, const Sighting& sighting);
/// How many of each grade, the strongest first, those that occur.
void write_grades(JsonWriter& json, std::string_view name,
                  const std::array<std::uint64_t, kGradeCount>& counts);
void write_canary(JsonWriter& json, const CanaryResult& canary);
/// "feeds" and "newest_pulse".
void write_freshness(JsonWriter& json, const Freshness& freshness);

}  // namespace spoor
