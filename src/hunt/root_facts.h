// What a foreign root (io/foreign_root.h) says of itself, and where its logs usually lie.
// Tested by root_facts_test.cpp and tests/roots.scenario.

#pragma once

#include <string>
#include <vector>

#include "io/foreign_root.h"
#include "io/zone_file.h"
#include "logs/format_track.h"

namespace spoor {

/// The name in /etc/hostname (else /etc/HOSTNAME of SUSE); "" where there is none that could be
/// a host's. Never more than 253 bytes.
std::string host_of(const ForeignRoot& root);

/// The folders of the table that exist there, as paths in the root; where there is none of
/// them, "/": the whole root. Windows' names are found in any letter case.
std::vector<std::string> usual_log_places(const ForeignRoot& root);

/// Takes as the zone of times that say none: "+01:00", the name of a zone (of `root` where that
/// has it; null: of this machine), or a POSIX TZ text with its rules.
Status set_zone(const std::string& text, const ForeignRoot* root, FormatSettings& formats);

}  // namespace spoor
