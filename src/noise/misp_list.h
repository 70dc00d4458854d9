// A warninglist as MISP's repository has it (misp-warninglists, lists/NAME/list.json): one JSON
// object with `name`, `type`, `list`, and mostly `matching_attributes`, `version`,
// `description`, `category`. Read leniently: a bad entry costs itself. What a match means is
// decided by a visible table (list_verdict). Tested by misp_list_test.cpp;
// fuzz/fuzz_warninglist.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ioc/noise.h"

namespace spoor {

inline constexpr std::size_t kMostListBytes = 256u << 20;
inline constexpr std::size_t kMostEntryBytes = 4096;

/// The whole of `text` is one list. Entries that are no text, hold a line break or are longer
/// than kMostEntryBytes are left out and counted in `left_out` (may be null). Memory: a few
/// times the text. An error says what was found and expected.
Result<WarningList> parse_misp_list(std::string_view text, std::uint64_t* left_out);

/// What a match on a list of this name and category makes of a sighting, and why: suppressed,
/// but for the rows of a table (sinkholes are no good sign, what is known is not harmless).
struct ListVerdict {
  Verdict verdict = Verdict::kSuppressed;
  std::string_view why;
};
ListVerdict list_verdict(std::string_view name, std::string_view category);

}  // namespace spoor
