// What the tables are.
//   observable  a value once. quarantine: why it stays out of hunts, NULL if it does not.
//               released: someone imported it with quarantine off; it is never quarantined
//               again.
//   claim       one source about one observable. pulse 0: a list without a pulse. Keyed by its
//               three parts without a rowid: one tree to write instead of two, in the order
//               observables come in. raw is NULL where it equals the canonical value.
//   source      paths of sightings, kept once.
//   sighting    unique on its identity; the key's order makes its first two parts the second
//               key (indicator, event digest), which knows an event again in rotated files.
//   judged      what a sighting's verdict depends on, and the verdict: a row for each sighting,
//               by its observable. Apart from it because a row there is ten times as long, and
//               lies where its file was read: judging anew, what is judged alike lies together.
//   feed_pulse  which pulses a feed has shown, whether it still holds them, and the pass that
//   has
//               seen them last.
//   progress    how far a content has been hunted, and for what (store/progress.cpp). inode 0:
//   no
//               file is known that has this content now.
//   released    observables that hunts look for only since a generation, although their id is
//               older: they were quarantined. Kept by a trigger, whoever releases.
//   outbox      what is to be filed in another system, once a system and key; digest: of draft.
//   otx_section  OTX's own replies about one indicator (store/otx_cache.cpp).
//   allow_proposal  values that a verdict elsewhere called false positives.
//   warninglist  lists of what is harmless and common, values a line each; allow: one's own;
//               benign_note: what a source of claims says in an observable's favour
//               (noise_store.h).
// observable.context: every claim says that the value is nothing to search for (MISP's to_ids).
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
    {2, R"sql(
CREATE TABLE progress (
  id INTEGER PRIMARY KEY,
  scope BLOB NOT NULL,
  path BLOB NOT NULL,
  device INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  size INTEGER NOT NULL,
  modified_ns INTEGER NOT NULL,
  changed_ns INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  form INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  upto INTEGER NOT NULL,
  line INTEGER NOT NULL,
  encoding INTEGER NOT NULL,
  format TEXT NOT NULL,
  headers BLOB,
  open_path BLOB,
  open_offset INTEGER NOT NULL,
  open_digest BLOB NOT NULL,
  head BLOB NOT NULL,
  content BLOB NOT NULL,
  disk BLOB NOT NULL,
  generation INTEGER NOT NULL,
  last_observable INTEGER NOT NULL,
  indicators BLOB NOT NULL,
  met INTEGER NOT NULL
) STRICT;
CREATE INDEX progress_file ON progress(scope, device, inode);
CREATE INDEX progress_met ON progress(met);

CREATE TABLE released (
  observable INTEGER PRIMARY KEY,
  generation INTEGER NOT NULL
) STRICT;
CREATE TRIGGER observable_released AFTER UPDATE OF quarantine ON observable
WHEN old.quarantine IS NOT NULL AND new.quarantine IS NULL BEGIN
  INSERT OR REPLACE INTO released SELECT new.id, generation + 1 FROM meta;
END;
)sql"},
    {3, R"sql(
ALTER TABLE feed ADD COLUMN memory TEXT NOT NULL DEFAULT '';

CREATE TABLE feed_pulse (
  feed INTEGER NOT NULL REFERENCES feed(id),
  pulse INTEGER NOT NULL REFERENCES pulse(pk),
  gone INTEGER NOT NULL DEFAULT 0,
  seen INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (feed, pulse)
) STRICT, WITHOUT ROWID;
INSERT INTO feed_pulse(feed, pulse) SELECT DISTINCT feed, pulse FROM claim WHERE pulse <> 0;
)sql"},
    // What waits to be filed elsewhere, and what became of it (outbox.h).
    {4, R"sql(
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  system TEXT NOT NULL,
  key TEXT NOT NULL,
  title TEXT NOT NULL,
  tlp INTEGER NOT NULL,
  draft TEXT NOT NULL,
  digest BLOB NOT NULL,
  state INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  remote TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT '',
  verdict TEXT NOT NULL DEFAULT '',
  recorded INTEGER NOT NULL,
  filed INTEGER,
  UNIQUE (system, key)
) STRICT;
CREATE INDEX outbox_waiting ON outbox(system) WHERE state = 1;

CREATE TABLE outbox_refused (
  entry INTEGER NOT NULL REFERENCES outbox(id),
  what TEXT NOT NULL,
  words TEXT NOT NULL,
  PRIMARY KEY (entry, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE allow_proposal (
  type INTEGER NOT NULL,
  canonical TEXT NOT NULL,
  reason TEXT NOT NULL,
  proposed INTEGER NOT NULL,
  PRIMARY KEY (type, canonical)
) STRICT, WITHOUT ROWID;
)sql"},
    // When a feed last wrote whole, by the wall clock; NULL for what an older program wrote.
    {5, "ALTER TABLE feed ADD COLUMN last_run INTEGER;"},
    // What a source says of a claim beyond the value: NULL where it says nothing. What judges
    // sightings. The trigger is made again: what was context only is released like what was
    // quarantined.
    {6, R"sql(
ALTER TABLE claim ADD COLUMN confidence INTEGER;
ALTER TABLE claim ADD COLUMN tlp INTEGER;
ALTER TABLE claim ADD COLUMN pap INTEGER;
ALTER TABLE claim ADD COLUMN last_said INTEGER;
ALTER TABLE claim ADD COLUMN malware TEXT;
ALTER TABLE claim ADD COLUMN adversary TEXT;
ALTER TABLE claim ADD COLUMN attack_ids TEXT;
ALTER TABLE claim ADD COLUMN context INTEGER;
ALTER TABLE pulse ADD COLUMN pap INTEGER;

ALTER TABLE observable ADD COLUMN context INTEGER NOT NULL DEFAULT 0;
CREATE INDEX observable_context ON observable(type) WHERE context <> 0;
DROP TRIGGER observable_released;
CREATE TRIGGER observable_released AFTER UPDATE OF quarantine, context ON observable
WHEN (old.quarantine IS NOT NULL OR old.context <> 0) AND new.quarantine IS NULL
  AND new.context = 0 BEGIN
  INSERT OR REPLACE INTO released SELECT new.id, generation + 1 FROM meta;
END;

ALTER TABLE sighting ADD COLUMN host TEXT;
ALTER TABLE sighting ADD COLUMN flow INTEGER;
CREATE INDEX sighting_judged ON sighting(observable, grade, rule, flow, verdict, reason, host);

CREATE TABLE warninglist (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  version TEXT NOT NULL,
  kind INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  origin TEXT NOT NULL,
  entries INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE allow (
  kind INTEGER NOT NULL,
  type INTEGER NOT NULL,
  value TEXT NOT NULL,
  reason TEXT NOT NULL,
  expires INTEGER,
  added INTEGER NOT NULL,
  PRIMARY KEY (kind, type, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE benign_note (
  type INTEGER NOT NULL,
  canonical TEXT NOT NULL,
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  message TEXT NOT NULL,
  noted INTEGER,
  PRIMARY KEY (type, canonical, source, name)
) STRICT, WITHOUT ROWID;
)sql"},
    // When a feed was last asked, and what went wrong then; '' where nothing did.
    {7, R"sql(
ALTER TABLE feed ADD COLUMN last_attempt INTEGER;
ALTER TABLE feed ADD COLUMN last_error TEXT NOT NULL DEFAULT '';
)sql"},
    // What OTX answered about single indicators, and when (otx_cache.h).
    {8, R"sql(
CREATE TABLE otx_section (
  type TEXT NOT NULL,
  value TEXT NOT NULL,
  section TEXT NOT NULL,
  fetched INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (type, value, section)
) STRICT;
)sql"},
    // The version of a list that came from a URL, as its server calls it. A number that moves
    // with whatever sightings are judged by, for those that wait for a change: by triggers, so
    // that no writer forgets.
    {9, R"sql(
ALTER TABLE warninglist ADD COLUMN etag TEXT NOT NULL DEFAULT '';
ALTER TABLE warninglist ADD COLUMN changed TEXT NOT NULL DEFAULT '';
ALTER TABLE meta ADD COLUMN noise INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER warninglist_came AFTER INSERT ON warninglist BEGIN
  UPDATE meta SET noise = noise + 1; END;
CREATE TRIGGER warninglist_changed AFTER UPDATE OF name, kind, verdict, attributes, body
ON warninglist BEGIN
  UPDATE meta SET noise = noise + 1; END;
CREATE TRIGGER warninglist_went AFTER DELETE ON warninglist BEGIN
  UPDATE meta SET noise = noise + 1; END;
CREATE TRIGGER allow_came AFTER INSERT ON allow BEGIN
  UPDATE meta SET noise = noise + 1; END;
CREATE TRIGGER allow_changed AFTER UPDATE ON allow BEGIN
  UPDATE meta SET noise = noise + 1; END;
CREATE TRIGGER allow_went AFTER DELETE ON allow BEGIN
  UPDATE meta SET noise = noise + 1; END;
CREATE TRIGGER benign_note_came AFTER INSERT ON benign_note BEGIN
  UPDATE meta SET noise = noise + 1; END;
CREATE TRIGGER benign_note_went AFTER DELETE ON benign_note BEGIN
  UPDATE meta SET noise = noise + 1; END;
)sql"},
    // Verdicts move out of the long rows (judge.cpp). The table is made again, since to drop
    // its columns one by one would write it six times.
    {10, R"sql(
CREATE TABLE judged (
  observable INTEGER NOT NULL,
  sighting INTEGER NOT NULL,
  grade INTEGER NOT NULL,
  rule TEXT NOT NULL,
  flow INTEGER,
  host TEXT,
  verdict INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (observable, sighting)
) STRICT, WITHOUT ROWID;
INSERT INTO judged SELECT observable, id, grade, rule, flow, host, verdict, reason FROM sighting
  ORDER BY observable, id;

CREATE TABLE seen (
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
  views TEXT NOT NULL,
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
INSERT INTO seen SELECT id, observable, source, event_offset, event_digest, file, line,
  match_offset, match_length, match, encoding, views, time, time_has_clock, live, event_text,
  match_begin, match_end, first_hunt, last_hunt FROM sighting;
DROP TABLE sighting;
ALTER TABLE seen RENAME TO sighting;
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

Result<Database> open_current(const std::string& path, Database::Access access) {
  auto database = Database::open(path, access);
  if (!database) return database;
  const auto version = version_of(*database);
  if (!version) return fail(version.error());
  if (*version != schema_version())
    return fail(path + ": schema version " + std::to_string(*version) + ", expected " +
                std::to_string(schema_version()));
  return database;
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
