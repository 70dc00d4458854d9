// What a MISP server does not say: which events it has deleted, and which it shows only now
// although they are old (those of other servers keep their time-stamps, those of a new group
// theirs). Its index tells: once a day all events in one request, each with uuid and
// time-stamp. Two must agree before anything ends: the index, and the event's own address,
// which answers 404. An event that is only unpublished, as while it is edited, stays. Nothing
// ends on the word of an index that did not come whole, or that would end most of what is
// stored. Attributes need none of this: deleting one moves the event's time-stamp, and the
// next version of the event lacks it. API: events/index as MISP's own servers ask it when they
// pull (https://github.com/MISP/MISP, EventsController). Tested by misp_source_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "collect/source_session.h"

namespace spoor {

/// What is remembered of a MISP server's last whole walk: one JSON object in the feed's row.
struct MispMemory {
  std::string question;            ///< SourceSession::question()
  std::optional<Time> reconciled;  ///< when the index was last held against the store

  std::string text() const;
  static MispMemory parse(std::string_view text);
};

/// The body of /events/restSearch that `options` call for, but for page and limit.
class JsonWriter;
void add_misp_terms(JsonWriter& body, const SourceOptions& options);

/// Holds the store against the server's index, if it is due (options.reconcile): at most 500
/// events end in one call. A server that does not answer is no error: report.reconciled says
/// so. An error: the store failed. Commits what it writes; sets memory.reconciled where all was
/// done.
Status reconcile_misp(SourceSession& session, const std::string& folder, MispMemory& memory);

}  // namespace spoor
