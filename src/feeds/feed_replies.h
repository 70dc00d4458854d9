// Replies of services of feeds that are no list of indicators themselves: the manifest of a
// MISP feed, a page of a MISP server, TAXII's envelope, the status of abuse.ch's APIs. What a
// reply holds in indicators is left as it is, for the readers of formats.cpp. A reason begins
// with the status, as messages want it. Tested by feed_replies_test.cpp;
// fuzz/fuzz_feed_replies.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tally.h"
#include "base/time.h"

namespace spoor {

/// 8-4-4-4-12 hex digits: what may become a part of an address.
bool is_event_uuid(std::string_view text);

/// Events of a manifest: uuid in lower case -> timestamp as written. What is no event is
/// tallied; an error: it is no manifest, or holds entries of which none is an event.
/// https://www.misp-standard.org/rfc/misp-standard-core.html#name-manifest
Result<std::map<std::string, std::string>> read_misp_manifest(std::string_view body,
                                                              Tally& damaged);

/// What a page of /events/restSearch holds.
struct MispPageFacts {
  std::int64_t events = 0;
  std::optional<Time> newest;  ///< highest time-stamp of an event
};
/// "" where `body` is a page, else what is wrong with it.
std::string read_misp_page(std::string_view body, MispPageFacts& facts);

/// An event as /events/index tells of it, in its minimal form too.
struct MispIndexEvent {
  std::string id;    ///< the server's own: digits
  std::string uuid;  ///< in lower case
  std::optional<Time> timestamp;
  bool published = false;
};
/// "" where `body` is a whole index, else what is wrong with it: one entry that is no event
/// spoils it, since what an index lacks has been deleted.
std::string read_misp_index(std::string_view body, std::vector<MispIndexEvent>& events);

/// TAXII 2.1, 3.7: a page of objects.
struct TaxiiEnvelope {
  std::string_view objects;  ///< a JSON array, in the body; "" where there is none
  std::size_t count = 0;
  bool more = false;
  std::string next;  ///< a token of at most 8 KiB, not an address
};
/// "" where `body` is a whole envelope, else what is wrong with it.
std::string read_taxii_envelope(std::string_view body, TaxiiEnvelope& envelope);

/// `query_status` of a reply of abuse.ch's APIs that is neither ok nor an empty answer; "" for
/// all others. At most 80 bytes.
std::string abuse_ch_refusal(std::string_view body);

}  // namespace spoor
