// Points in time: microseconds since 1970 in UTC, as the store keeps them, and their ISO 8601
// text. OTX sends times without a zone; they are UTC (OTX API v1; fractions may be missing).
// Tested by base_test.cpp.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spoor {

using Micros = std::chrono::microseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Micros>;

inline Time time_from_micros(std::int64_t micros) {
  return Time(Micros(micros));
}
inline std::int64_t to_micros(Time time) {
  return time.time_since_epoch().count();
}

/// How much of a clock the text gave.
enum class TimePrecision : std::uint8_t { kDay, kSecond };

struct ParsedTime {
  Time time;
  TimePrecision precision = TimePrecision::kSecond;
};

/// Reads "2026-11-24", "2026-11-24T10:54", "2026-11-24T10:54:14[.123456][Z|+01:00|+0100]"; a
/// blank may stand for the T. Without a zone it is UTC. The whole of `text` must be a time. No
/// allocation.
std::optional<ParsedTime> parse_iso8601(std::string_view text);

/// "2026-11-24T10:54:14Z"; with ".123456" before the Z where the microseconds are not zero.
std::string format_iso8601(Time time);

}  // namespace spoor
