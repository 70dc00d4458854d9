// Points in time as log lines write them.
//
// read_time() reads one at the begin of a text: ISO 8601 and its relatives, the Common Log
// Format, RFC 3164, asctime, RFC 2822, day/month/year in words and numbers, seconds to
// nanoseconds since 1970. What a text leaves out is taken from the TimeContext and marked: a
// year or a date is inferred from the file's last change, a zone that is not said is UTC unless
// one was given.
//
// find_event_time() looks for one in a line of no known format, within its first 256 bytes or
// by the usual keys of a JSON line. Called for hits only; O(length of the line), at most 64 KiB
// of it. Tested by timestamp_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "base/time_zone.h"

namespace spoor {

struct EventTime {
  Time time;
  bool has_clock = true;  ///< false: only the day is known, `time` is its begin
  friend bool operator==(const EventTime&, const EventTime&) = default;
};

/// What times are read with.
struct TimeContext {
  /// The file's last change: a time without a year (or without a date) is the last one that is
  /// not in the future of it. Absent: such a time stays unknown.
  std::optional<Time> modified;
  int zone_minutes = 0;     ///< east of UTC, for times that say no zone
  bool zone_given = false;  ///< by the user: not marked as inferred, and the future is strict
  /// With rules instead of one offset; null: zone_minutes holds. A clock that it shows twice,
  /// or never, is marked as inferred even where the zone was given.
  std::shared_ptr<const TimeZone> zone;
};

/// A time that was read, and how much of it was inferred.
struct TimeText {
  EventTime event;
  bool year_inferred = false;  ///< the year, or the whole date
  bool zone_inferred = false;
  std::size_t length = 0;  ///< bytes of the text
};

/// The time that `text` begins with. A number of seconds since 1970 must end at a border.
/// Where only the day is known, the zone is left aside. Years outside 1990..2100 are not
/// believed. No allocation; O(1). A time without a year, in a file whose zone is not given, may
/// be up to 14 hours ahead of the last change (clocks run so far ahead of UTC); else it is of
/// the year before.
std::optional<TimeText> read_time(std::string_view text, const TimeContext& context = {});

/// A clock without a date ("11:29:42.550475") on the last day that is not in the future.
std::optional<TimeText> read_clock(std::string_view text, const TimeContext& context);

/// `date` and `clock` of two columns; the zone may stand in `clock`.
std::optional<TimeText> join_date_and_clock(std::string_view date, std::string_view clock,
                                            const TimeContext& context);

/// `line`: one event, bytes or UTF-8. Where several times stand in it: in JSON the best key,
/// else the first with a clock, else the first day. A time without a year counts only at the
/// line's begin. Any thread.
std::optional<TimeText> find_time(std::string_view line, const TimeContext& context = {});
std::optional<EventTime> find_event_time(std::string_view line);

}  // namespace spoor
