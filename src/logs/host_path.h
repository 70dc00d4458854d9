// A host's name out of the path of its log: syslog servers keep a folder a host, and tools that
// collect evidence name their folders and archives after the machine. The patterns are rows of
// one visible table (host_path.cpp), each of a form that is documented by who writes it. A
// wrong host is worse than none, so a folder that merely stands before var/log is no host, nor
// is the base name of a file. O(length of the path). Tested by host_path_test.cpp.

#pragma once

#include <string>
#include <string_view>

namespace spoor {

/// The host that `path` names, or "". Members of archives are joined by '!', with %21 and %25
/// in their names (Sighting::absolute_path). Where several patterns fit, the innermost one.
std::string host_in_path(std::string_view path);

/// Whether `text` can be the name or address of a machine other than "localhost": what may be
/// shown as a host although no log line says it.
bool looks_like_host(std::string_view text);

}  // namespace spoor
