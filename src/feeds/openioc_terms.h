// The search terms of OpenIOC that hold something to hunt, in one table. Tested by
// openioc_test.cpp.

#pragma once

#include <string_view>

#include "feeds/claim_parts.h"

namespace spoor {

/// What an item that searches for `value` under the term `search` ("FileItem/Md5sum") comes to:
/// kind, type and value of `fact`. False: nothing to hunt, or `condition` is not "is" and the
/// value is only a part of what would be found.
bool openioc_fact(std::string_view search, std::string_view condition, std::string_view value,
                  PatternFact& fact);

}  // namespace spoor
