// A time zone with its rules: which offset holds at a point in time, and which point in time a
// local clock means. Read from TZif data (RFC 8536, what /usr/share/zoneinfo and /etc/localtime
// hold) or from a POSIX TZ text ("CET-1CEST,M3.5.0,M10.5.0/3"), which is also the footer of a
// TZif file and holds behind its last transition.
//
// The data may come out of a seized machine: counts are checked against the bytes before
// anything is allocated, at most 4,096 transitions are believed, offsets lie within RFC 8536's
// -25..+26 hours. Leap seconds ("right/" zones) are refused: no log that spoor reads counts
// them. Lookup: O(log transitions). Immutable, any number of threads. Why not <chrono>: GCC 12
// has no time zones in it. Tested by time_zone_test.cpp; fuzz/fuzz_time_zone.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor {

/// Seconds east of UTC.
using OffsetSeconds = std::int32_t;

/// The rule of a POSIX TZ text (POSIX.1-2017, 8.3, with RFC 8536's hours of -167 to 167).
struct PosixZone {
  /// When one half of the year begins, in local time.
  struct Change {
    enum class Kind : std::uint8_t {
      kMonthWeekDay,  ///< M3.5.0
      kJulian,        ///< J60: 1..365, 29 February is never counted
      kDayOfYear,     ///< 59: 0..365
    };
    Kind kind = Kind::kMonthWeekDay;
    int month = 1, week = 1, day = 0;
    std::int32_t second = 7200;  ///< of that day, may lie outside of it
  };
  OffsetSeconds standard = 0;
  std::optional<OffsetSeconds> summer;  ///< absent: the same all year, and no changes
  Change begins, ends;                  ///< of summer time

  OffsetSeconds offset_at(std::int64_t utc_seconds) const;
};

/// The whole of `text` must be one. A summer time without its rule is refused: which rule was
/// meant is not known.
Result<PosixZone> parse_posix_zone(std::string_view text);

class TimeZone {
 public:
  /// What a local clock means.
  struct Meaning {
    OffsetSeconds offset = 0;
    /// The clock was set back and shows this twice: the first time is taken.
    bool twice = false;
    /// The clock was set forward over it: read with the offset from before.
    bool never = false;
  };

  /// `bytes`: a whole TZif file, versions 1 to 4. Errors say where.
  static Result<TimeZone> from_tzif(std::string_view bytes);
  static TimeZone from_rule(const PosixZone& rule);
  static TimeZone fixed(OffsetSeconds offset);

  OffsetSeconds offset_at(std::int64_t utc_seconds) const;
  /// `local_seconds`: what the clock showed, as if it had been UTC.
  Meaning meaning_of(std::int64_t local_seconds) const;

 private:
  struct Transition {
    std::int64_t at;  ///< UTC seconds, ascending
    OffsetSeconds offset;
  };
  OffsetSeconds first_ = 0;  ///< before the first transition
  std::vector<Transition> transitions_;
  std::optional<PosixZone> rule_;  ///< behind the last transition
};

}  // namespace spoor
