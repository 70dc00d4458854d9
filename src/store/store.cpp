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
#include <utility>

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
  state.memory = row.text(4);
  state.last_run = row.time(5);
  state.last_attempt = row.time(6);
  state.last_error = row.text(7);
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

Result<Transaction> SqliteStore::transaction() const {
  return as_one_ ? Transaction::begin_part(database_) : Transaction::begin(database_);
}

Status SqliteStore::as_one(const std::function<Status()>& write) {
  if (auto status = writable(); !status) return status;
  auto all = Transaction::begin(database_);
  if (!all) return fail(all.error());
  as_one_ = true;
  const Status written = write();
  as_one_ = false;
  return written ? all->commit() : written;
}

Result<std::unique_ptr<Ingest>> SqliteStore::begin_ingest(std::string_view feed,
                                                          std::string_view kind,
                                                          Quarantine quarantine) {
  if (auto status = writable(); !status) return fail(status.error());
  return make_ingest(database_, feed, kind, quarantine);
}

Result<std::optional<FeedState>> SqliteStore::feed(std::string_view name) {
  auto query = database_.prepare(
      "SELECT name, kind, watermark, walk, memory, last_run, last_attempt, last_error FROM "
      "feed "
      "WHERE name = ?1",
      "reading a feed");
  if (!query) return fail(query.error());
  const auto row = query->bind(1, name).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return feed_of(*query);
}

Result<std::vector<FeedState>> SqliteStore::feeds() {
  auto query = database_.prepare(
      "SELECT name, kind, watermark, walk, memory, last_run, last_attempt, last_error FROM "
      "feed "
      "ORDER BY name",
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

Result<std::vector<FeedCounts>> SqliteStore::feed_counts() {
  auto query = database_.prepare(
      "SELECT f.name, coalesce(c.claims, 0), coalesce(c.active, 0), coalesce(p.pulses, 0), "
      "coalesce(p.gone, 0) FROM feed f LEFT JOIN (SELECT feed, count(*) AS claims, "
      "sum(active) AS active FROM claim GROUP BY feed) c ON c.feed = f.id LEFT JOIN (SELECT "
      "feed, count(*) AS pulses, sum(gone) AS gone FROM feed_pulse GROUP BY feed) p ON p.feed "
      "= f.id ORDER BY f.name",
      "counting the feeds' claims");
  if (!query) return fail(query.error());
  std::vector<FeedCounts> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    const auto count = [&](int column) {
      return static_cast<std::uint64_t>(query->integer(column));
    };
    all.push_back({query->text(0), count(1), count(2), count(3), count(4)});
  }
}

Status SqliteStore::record_attempt(std::string_view feed, std::string_view kind, Time when,
                                   std::string_view error) {
  if (auto status = writable(); !status) return status;
  auto write = database_.prepare(
      "INSERT INTO feed(name, kind, last_attempt, last_error) VALUES (?1, ?2, ?3, ?4) ON "
      "CONFLICT (name) DO UPDATE SET kind = ?2, last_attempt = ?3, last_error = ?4",
      "recording an attempt");
  if (!write) return fail(write.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  write->bind(1, feed).bind(2, kind).bind(3, when).bind(4, error);
  if (auto status = write->run(); !status) return status;
  return transaction->commit();
}

Result<std::optional<Time>> SqliteStore::newest_pulse() {
  auto query = database_.prepare("SELECT max(coalesce(modified, created)) FROM pulse",
                                 "reading the pulses' dates");
  if (!query) return fail(query.error());
  const auto row = query->step();
  if (!row) return fail(row.error());
  return *row ? query->time(0) : std::nullopt;
}

Result<std::vector<ClaimSpan>> SqliteStore::claim_spans() {
  auto query = database_.prepare(
      "SELECT f.name, c.claims, c.oldest, c.newest FROM feed f JOIN (SELECT feed, count(*) AS "
      "claims, min(created) AS oldest, max(created) AS newest FROM claim GROUP BY feed) c ON "
      "c.feed = f.id ORDER BY f.name",
      "reading the claims' dates");
  if (!query) return fail(query.error());
  std::vector<ClaimSpan> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    all.push_back({query->text(0), static_cast<std::uint64_t>(query->integer(1)),
                   query->time(2), query->time(3)});
  }
}

Status SqliteStore::for_each_feed_pulse(std::string_view feed,
                                        const std::function<void(const FeedPulse&)>& visit) {
  auto query = database_.prepare(
      "SELECT p.id, p.author, s.gone, p.modified FROM feed_pulse s JOIN pulse p ON p.pk = "
      "s.pulse WHERE "
      "s.feed = (SELECT id FROM feed WHERE name = ?1) ORDER BY p.id",
      "reading the pulses of a feed");
  if (!query) return fail(query.error());
  query->bind(1, feed);
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    visit({query->text(0), query->text(1), query->integer(2) != 0, query->time(3)});
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
  // The first two run over an index alone; a test of `quarantine` per row would fetch every
  // row.
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
  std::uint64_t quarantined = counts.quarantined;
  if (auto status = add("SELECT type, count(*) FROM observable INDEXED BY observable_context "
                        "WHERE context <> 0 AND quarantine IS NULL GROUP BY type",
                        -1);
      !status) {
    return fail(status.error());
  }
  counts.context = std::exchange(counts.quarantined, quarantined) - quarantined;
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
  const auto unjudged = database_.integer(
      "SELECT (SELECT count(*) FROM sighting) - (SELECT count(*) FROM judged j JOIN sighting s "
      "ON s.id = j.sighting AND s.observable = j.observable)",
      "checking");
  if (!unjudged) return fail(unjudged.error());
  if (*unjudged != 0) {
    return fail(database_.path() + ": " + std::to_string(*unjudged) +
                " sightings have no verdict");
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
