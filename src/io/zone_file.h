// Time zones by name ("Europe/Berlin"), from the files of the zone database that every system
// has. A zone's name comes from a user or out of an image, so it is checked before it becomes a
// path. Tested by zone_file_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time_zone.h"
#include "io/foreign_root.h"

namespace spoor {

/// Whether `name` may be one: letters, digits, '_', '+', '-' in names joined by '/'.
bool is_zone_name(std::string_view name);

/// The zone `name` out of the database of `root` where that has it (null: none), else of this
/// machine. One file of at most 64 KiB is read.
Result<TimeZone> read_zone(std::string_view name, const ForeignRoot* root);

/// What a machine says of itself. Never fails: what is missing stays empty.
struct MachineZone {
  std::optional<TimeZone> zone;
  std::string name;  ///< "Europe/Berlin", or the file that the rules were read from
  std::string note;  ///< why there is none, or what was wrong on the way
};
/// /etc/localtime (a link into the database, or a copy of one of its files), else
/// /etc/timezone (Debian), else /etc/TZ (a POSIX TZ text; musl and small systems).
MachineZone zone_of(const ForeignRoot& root);

}  // namespace spoor
