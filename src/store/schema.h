// The schema and its migrations: a table of (version, SQL) in schema.cpp. PRAGMA user_version
// holds the version, PRAGMA application_id says that the file is ours. Tested by
// store_test.cpp.

#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "store/sqlite.h"

namespace spoor {

inline constexpr std::int64_t kApplicationId = 0x73706F72;  // "spor"

/// The newest version this program knows.
std::int64_t schema_version();

/// Looks at what an open file is, without changing it: the version of its schema, 0 for an
/// empty database, an error for one that is no store, or newer than this program.
Result<std::int64_t> version_of(const Database& database);

/// Opens a store that Store::open() has brought up to date: a connection of its own for a part
/// of it. An error for any other version.
Result<Database> open_current(const std::string& path, Database::Access access);

/// Brings the store from whatever version it has to the newest, in one transaction.
Status migrate(const Database& database);

}  // namespace spoor
