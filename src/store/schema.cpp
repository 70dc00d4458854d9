// What the tables are.
//   observable  a value once. quarantine: why it stays out of hunts, NULL if it does not.
//               released: someone imported it with quarantine off; it is never quarantined
//               again.
//   claim       one source about one observable. pulse 0: a list without a pulse. Keyed by its
//               three parts without a rowid: one tree to write instead of two, in the order
//               observables come in. raw is NULL where it equals the canonical value.
//   source      paths of sightings, kept once.
//   sighting    unique on its identity; the key's order makes its first two parts the second
//   key
//               (indicator, event digest), which knows an event again in rotated files.
// Types, grades and so on are the codes of codes.h. Times are microseconds since 1970, UTC.
// Lists are JSON arrays. Paths and log text are BLOBs, since they may be no UTF-8.
// claim.pulse has no REFERENCES because of the 0; Store::check() looks after it.
// Tested by store_test.cpp.

#include "store/schema.h"

#include <string>

namespace spoor {
namespace {

struct Migration {
  std::int64_t version;
  const char* sql;
};

// Never edit a row that a release has carried: add one.
constexpr Migration kMigrations[] = {
    {1, R"sql(
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  store_id BLOB NOT NULL,
  generation INTEGER NOT NULL
) STRICT;
INSERT INTO meta VALUES (1, randomblob(16), 0);

CREATE TABLE feed (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  watermark INTEGER,
  walk TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE pulse (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  author TEXT NOT NULL,
  adversary TEXT NOT NULL,
  created INTEGER,
  modified INTEGER,
  revision INTEGER NOT NULL,
  tlp INTEGER NOT NULL,
  is_public INTEGER NOT NULL,
  tags TEXT NOT NULL,
  refs TEXT NOT NULL,
  targeted_countries TEXT NOT NULL,
  industries TEXT NOT NULL,
  malware_families TEXT NOT NULL,
  attack_ids TEXT NOT NULL,
  extract_source TEXT NOT NULL,
  more_indicators INTEGER NOT NULL,
  extra TEXT NOT NULL
) STRICT;

CREATE TABLE pulse_tag (
  tag TEXT NOT NULL COLLATE NOCASE,
  pulse INTEGER NOT NULL REFERENCES pulse(pk),
  PRIMARY KEY (tag, pulse)
) STRICT, WITHOUT ROWID;
CREATE INDEX pulse_tag_of ON pulse_tag(pulse);

CREATE TABLE observable (
  id INTEGER PRIMARY KEY,
  type INTEGER NOT NULL,
  canonical TEXT NOT NULL,
  quarantine TEXT,
  released INTEGER NOT NULL DEFAULT 0,
  UNIQUE (type, canonical)
) STRICT;
CREATE INDEX observable_quarantined ON observable(type) WHERE quarantine IS NOT NULL;

CREATE TABLE claim (
  observable INTEGER NOT NULL REFERENCES observable(id),
  feed INTEGER NOT NULL REFERENCES feed(id),
  pulse INTEGER NOT NULL,
  raw TEXT,
  role TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  content TEXT NOT NULL,
  created INTEGER,
  expiration INTEGER,
  active INTEGER NOT NULL,
  ended INTEGER,
  source_id INTEGER NOT NULL,
  PRIMARY KEY (observable, feed, pulse)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_pulse ON claim(pulse, feed) WHERE pulse <> 0;

CREATE TABLE hunt (
  id INTEGER PRIMARY KEY,
  started INTEGER NOT NULL,
  paths BLOB NOT NULL,  -- as typed, each ended by a NUL byte
  filter TEXT NOT NULL,
  indicators INTEGER NOT NULL,
  ended INTEGER,
  files INTEGER,
  bytes_read INTEGER,
  bytes_decoded INTEGER,
  lines INTEGER,
  sightings INTEGER,
  sightings_new INTEGER,
  complete INTEGER
) STRICT;

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  absolute_path BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE sighting (
  id INTEGER PRIMARY KEY,
  observable INTEGER NOT NULL REFERENCES observable(id),
  source INTEGER NOT NULL REFERENCES source(id),
  event_offset INTEGER NOT NULL,
  event_digest BLOB NOT NULL,
  file BLOB NOT NULL,
  line INTEGER NOT NULL,
  match_offset INTEGER NOT NULL,
  match_length INTEGER NOT NULL,
  match BLOB NOT NULL,
  encoding INTEGER NOT NULL,
  grade INTEGER NOT NULL,
  rule TEXT NOT NULL,
  views TEXT NOT NULL,
  verdict INTEGER NOT NULL,
  reason TEXT NOT NULL,
  time INTEGER,
  time_has_clock INTEGER NOT NULL,
  live INTEGER,
  event_text BLOB NOT NULL,
  match_begin INTEGER NOT NULL,
  match_end INTEGER NOT NULL,
  first_hunt INTEGER NOT NULL REFERENCES hunt(id),
  last_hunt INTEGER NOT NULL REFERENCES hunt(id),
  UNIQUE (observable, event_digest, source, event_offset)
) STRICT;
)sql"},
};

}  // namespace

std::int64_t schema_version() {
  return std::end(kMigrations)[-1].version;
}

Result<std::int64_t> version_of(const Database& database) {
  const auto application = database.integer("PRAGMA application_id", "reading the header");
  if (!application) return fail(application.error());
  const auto version = database.integer("PRAGMA user_version", "reading the header");
  if (!version) return fail(version.error());
  if (*application != kApplicationId) {
    const auto tables =
        database.integer("SELECT count(*) FROM sqlite_schema", "reading the schema");
    if (!tables) return fail(tables.error());
    if (*application == 0 && *version == 0 && *tables == 0) return 0;
    return fail(database.path() + ": is an SQLite database with application id " +
                std::to_string(*application) + ", expected a spoor store (" +
                std::to_string(kApplicationId) + ")");
  }
  if (*version > schema_version()) {
    return fail(database.path() + ": schema version " + std::to_string(*version) +
                ", this program knows up to " + std::to_string(schema_version()));
  }
  return *version;
}

Status migrate(const Database& database) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return fail(transaction.error());
  // Asked again under the lock: another process may have migrated meanwhile.
  const auto version = version_of(database);
  if (!version) return fail(version.error());
  for (const Migration& migration : kMigrations) {
    if (migration.version <= *version) continue;
    SPOOR_TRY(database.execute(migration.sql, "migrating"),
              "schema version " + std::to_string(migration.version));
    SPOOR_TRY(database.execute("PRAGMA user_version = " + std::to_string(migration.version),
                               "migrating"),
              "schema version " + std::to_string(migration.version));
  }
  if (auto status = database.execute(
          "PRAGMA application_id = " + std::to_string(kApplicationId), "migrating");
      !status) {
    return status;
  }
  return transaction->commit();
}

}  // namespace spoor
