// When the event of a line happened, as far as the line says so with a year: ISO 8601 and its
// relatives within the first 256 bytes (RFC 5424, nginx errors, IIS, Fortinet), the brackets of
// the Common Log Format, seconds since 1970 at the line's begin (Zeek, Squid) or in audit(...),
// and the usual keys of a JSON line. RFC 3164 has no year and gives nothing. A time without a
// zone counts as UTC. Called for hits only; O(length of the line), at most 64 KiB of it. Tested
// by timestamp_test.cpp.

#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace spoor {

struct EventTime {
  Time time;
  bool has_clock = true;  ///< false: only the day is known, `time` is its begin
  friend bool operator==(const EventTime&, const EventTime&) = default;
};

/// `line`: one event, bytes or UTF-8. Where several times stand in it: in JSON the best key,
/// else the first with a clock, else the first day. Years outside 1990..2100 are not believed.
/// Any thread.
std::optional<EventTime> find_event_time(std::string_view line);

}  // namespace spoor
