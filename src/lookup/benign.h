// What OTX itself says against an indicator, as notes in words: whitelists and popularity
// (`validation`) and accepted reports of a false positive, out of a reply of `general`. Nothing
// is judged here. Tested by benign_test.cpp.

#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "feeds/otx_replies.h"
#include "ioc/noise.h"

namespace spoor {

/// Of source "otx"; the name is the list that OTX names ("whitelist", "majestic", ...) or
/// "false_positive". `noted`: when OTX was asked.
std::vector<BenignNote> benign_notes(const OtxGeneral& general, const Observable& observable,
                                     std::optional<Time> noted);
/// `body`: the reply as it came.
Result<std::vector<BenignNote>> benign_notes_of(std::string_view body, std::string_view where,
                                                const Observable& observable,
                                                std::optional<Time> noted);

}  // namespace spoor
