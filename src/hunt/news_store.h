// What --new keeps in the store: rows of progress under a scope, and the ages of the
// indicators. Kept apart so that News itself needs no SQLite. Tested by news_store_test.cpp.

#pragma once

#include <memory>
#include <string_view>

#include "hunt/news.h"
#include "match/snapshot.h"

namespace spoor {

/// Where progress is kept.
enum class Keep : std::uint8_t { kStored, kInMemory };

/// Ages of the indicators of `snapshot`, which must outlive them. `mark` was read from the
/// store before the snapshot was loaded.
Result<SetAges> ages_of(Store& store, const Snapshot& snapshot, const IndicatorMark& mark,
                        SetAges::Kind kind);

/// `scope`: all that changes the answer beside files and indicators, in words. Rows are written
/// only after `verified` has said that the snapshot is sound. Borrows all.
Result<std::unique_ptr<News>> open_news(Store& store, std::string_view scope, SetAges ages,
                                        Keep keep, std::function<Status()> verified,
                                        const Clock& clock);

}  // namespace spoor
