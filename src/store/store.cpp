// Opening a store, and the small questions: identity, feeds, counts, check.
// A file is looked at before anything is written to it, so that what is no store stays as it
// is. Tested by store_test.cpp.

#include "store/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <system_error>

#include "store/codes.h"
#include "store/schema.h"
#include "store/sqlite_store.h"

namespace spoor {
namespace {

// 96 MiB hold the index of observables of some million indicators; more buys nothing below
// that.
constexpr const char* kTuneBoth =
    "PRAGMA cache_size = -98304; PRAGMA foreign_keys = ON; PRAGMA temp_store = FILE;";
// A WAL that a long import has grown is cut back at the next checkpoint.
constexpr const char* kTuneWriter =
    "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 67108864;";

std::string system_words(int code) {
  std::string words = std::generic_category().message(code);
  if (!words.empty() && words[0] >= 'A' && words[0] <= 'Z') words[0] += 'a' - 'A';
  return words;
}

/// Creates what is missing of the folder (0700) and the file (0600).
Status create_file(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::string made;
  for (const auto& part : folder) {
    if (!made.empty() && made.back() != '/') made += '/';
    made += part.string();
    if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST) {
      const int code = errno;
      struct stat info {};
      if (::stat(made.c_str(), &info) == 0)
        continue;  // "/" and mount points say EROFS and such
      return fail(path + ": creating the folder " + made + ": " + system_words(code));
    }
  }
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    if (errno == EEXIST) return {};
    return fail(path + ": creating the store: " + system_words(errno));
  }
  ::close(file);
  return {};
}

Status looks_openable(const std::string& path, Store::Mode mode) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT && mode == Store::Mode::kReadWrite) return create_file(path);
    return fail(path + ": opening the store: " + system_words(errno));
  }
  if (S_ISDIR(info.st_mode)) return fail(path + ": is a folder, expected a store file");
  if (!S_ISREG(info.st_mode)) return fail(path + ": is no regular file, expected a store file");
  if (::access(path.c_str(), mode == Store::Mode::kReadWrite ? R_OK | W_OK : R_OK) != 0) {
    return fail(path + ": opening the store: " + system_words(errno));
  }
  return {};
}

FeedState feed_of(const Statement& row) {
  FeedState state;
  state.name = row.text(0);
  state.kind = row.text(1);
  state.watermark = row.time(2);
  state.walk = row.text(3);
  return state;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& path, Mode mode) {
  if (path.empty()) return fail("the store's path is empty");
  if (auto status = looks_openable(path, mode); !status) return fail(status.error());
  auto database = Database::open(path, mode == Mode::kReadOnly ? Database::Access::kReadOnly
                                                               : Database::Access::kReadWrite);
  if (!database) return fail(database.error());
  const auto version = version_of(*database);
  if (!version) return fail(version.error());
  if (auto status = database->execute(kTuneBoth, "setting up"); !status) {
    return fail(status.error());
  }
  if (mode == Mode::kReadWrite) {
    if (auto status = database->execute("PRAGMA journal_mode = WAL", "setting up"); !status) {
      return fail(status.error());
    }
    if (auto status = database->execute(kTuneWriter, "setting up"); !status) {
      return fail(status.error());
    }
    if (*version < schema_version()) {
      if (auto status = migrate(*database); !status) return fail(status.error());
    }
  } else if (*version < schema_version()) {
    return fail(path + ": schema version " + std::to_string(*version) + ", expected " +
                std::to_string(schema_version()) + "; opening it to write brings it there");
  }
  auto store = std::make_unique<SqliteStore>(std::move(*database), mode);
  if (auto status = store->load(); !status) return fail(status.error());
  return std::unique_ptr<Store>(std::move(store));
}

Status SqliteStore::load() {
  auto meta = database_.prepare("SELECT store_id, generation FROM meta", "reading the id");
  if (!meta) return fail(meta.error());
  const auto row = meta->step();
  if (!row) return fail(row.error());
  if (!*row || meta->bytes(0).size() != identity_.id.size()) {
    return fail(database_.path() + ": has no store id, the store is damaged");
  }
  std::memcpy(identity_.id.data(), meta->bytes(0).data(), identity_.id.size());
  identity_.generation = meta->integer(1);
  return {};
}

StoreIdentity SqliteStore::identity() {
  // Where the file cannot be read any more, the last known generation; the next call that can
  // fail says so.
  const auto generation =
      database_.integer("SELECT generation FROM meta", "reading the generation");
  if (generation) identity_.generation = *generation;
  return identity_;
}

Status SqliteStore::writable() const {
  if (mode_ == Mode::kReadOnly) return fail(database_.path() + ": is open for reading only");
  return {};
}

Result<std::unique_ptr<Ingest>> SqliteStore::begin_ingest(std::string_view feed,
                                                          std::string_view kind,
                                                          Quarantine quarantine) {
  if (auto status = writable(); !status) return fail(status.error());
  return make_ingest(database_, feed, kind, quarantine);
}

Result<std::optional<FeedState>> SqliteStore::feed(std::string_view name) {
  auto query = database_.prepare("SELECT name, kind, watermark, walk FROM feed WHERE name = ?1",
                                 "reading a feed");
  if (!query) return fail(query.error());
  const auto row = query->bind(1, name).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return feed_of(*query);
}

Result<std::vector<FeedState>> SqliteStore::feeds() {
  auto query = database_.prepare("SELECT name, kind, watermark, walk FROM feed ORDER BY name",
                                 "reading the feeds");
  if (!query) return fail(query.error());
  std::vector<FeedState> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    all.push_back(feed_of(*query));
  }
}

Result<StoreCounts> SqliteStore::counts() {
  StoreCounts counts;
  const std::pair<const char*, std::uint64_t*> totals[] = {
      {"SELECT count(*) FROM pulse", &counts.pulses},
      {"SELECT count(*) FROM claim", &counts.claims},
      {"SELECT count(*) FROM feed", &counts.feeds},
      {"SELECT count(*) FROM sighting", &counts.sightings},
      {"SELECT count(*) FROM hunt", &counts.hunts},
  };
  for (const auto& [sql, total] : totals) {
    const auto value = database_.integer(sql, "counting");
    if (!value) return fail(value.error());
    *total = static_cast<std::uint64_t>(*value);
  }
  // Both run over an index alone; a test of `quarantine` per row would fetch every row.
  std::map<IndicatorType, std::int64_t> by_type;
  const auto add = [&](const char* sql, std::int64_t sign) -> Status {
    auto query = database_.prepare(sql, "counting");
    if (!query) return fail(query.error());
    for (;;) {
      const auto row = query->step();
      if (!row) return fail(row.error());
      if (!*row) return {};
      const auto type = type_of_code(query->integer(0));
      if (!type) {
        return fail(database_.path() + ": indicator type " + query->text(0) +
                    " is unknown, the store is damaged");
      }
      by_type[*type] += sign * query->integer(1);
      (sign > 0 ? counts.observables : counts.quarantined) +=
          static_cast<std::uint64_t>(query->integer(1));
    }
  };
  if (auto status = add("SELECT type, count(*) FROM observable GROUP BY type", 1); !status) {
    return fail(status.error());
  }
  if (auto status = add("SELECT type, count(*) FROM observable INDEXED BY "
                        "observable_quarantined WHERE quarantine IS NOT NULL GROUP BY type",
                        -1);
      !status) {
    return fail(status.error());
  }
  for (const auto& [type, count] : by_type) {
    if (count > 0) counts.by_type.emplace_back(type, static_cast<std::uint64_t>(count));
  }
  return counts;
}

Status SqliteStore::check() {
  auto integrity = database_.prepare("PRAGMA integrity_check(1)", "checking");
  if (!integrity) return fail(integrity.error());
  auto row = integrity->step();
  if (!row) return fail(row.error());
  if (!*row || integrity->bytes(0) != "ok") {
    return fail(database_.path() + ": integrity check: " +
                (*row ? integrity->text(0) : std::string("says nothing, expected ok")));
  }
  auto keys = database_.prepare("PRAGMA foreign_key_check", "checking");
  if (!keys) return fail(keys.error());
  row = keys->step();
  if (!row) return fail(row.error());
  if (*row) {
    return fail(database_.path() + ": a row of " + keys->text(0) +
                " points to a missing row of " + keys->text(2));
  }
  const auto orphans = database_.integer(
      "SELECT count(*) FROM claim WHERE pulse <> 0 AND pulse NOT IN (SELECT pk FROM pulse)",
      "checking");
  if (!orphans) return fail(orphans.error());
  if (*orphans > 0) {
    return fail(database_.path() + ": " + std::to_string(*orphans) +
                " claims point to a missing pulse");
  }
  return {};
}

}  // namespace spoor
