// OTX API v1 documents: a page of `pulses/subscribed` or `pulses/activity`, one pulse, an array
// or an NDJSON of pulses, a page of `pulses/{id}/indicators` or `indicators/export` (rows
// without a pulse). Read leniently, because the field set is not stable: tlp and TLP, bools as
// 0 and 1, 4.0 for 4, null for "", objects where strings were. Unknown members of a pulse are
// kept. A damaged row is tallied with its place and costs neither its pulse nor its page; a
// document cut short loses its tail only. Costs: a scan to cut the rows, then simdjson on each.
// Tested by otx_test.cpp and recorded_test.cpp; fuzz_otx.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "feeds/feed.h"

namespace spoor {

/// What the document as a whole said.
struct OtxSummary {
  std::uint64_t elements = 0;  ///< of `results`, of the array, or lines: good and damaged alike
  std::uint64_t pulses = 0;    ///< read
  std::uint64_t rows = 0;      ///< read: of pulses and without one
  std::optional<std::int64_t> count;  ///< of the envelope: total over all pages
  bool has_next = false;    ///< the envelope names a next page (it may be wrong about that)
  bool incomplete = false;  ///< the document was cut
};

/// Reads `text` (UTF-8; bytes that are not are survived). `where` begins messages: "feed.json",
/// "page 3". Pages hold about 10,000 rows; a pulse is never split. A pulse of which some rows
/// could not be read, or that comes without a list, has more_indicators set, since its list is
/// not all there is. An error: not
/// a document with pulses or indicators (what was found is said), or on_page's own.
Result<OtxSummary> read_otx(std::string_view text, std::string_view where,
                            const std::function<Status(Page&&)>& on_page);

}  // namespace spoor
