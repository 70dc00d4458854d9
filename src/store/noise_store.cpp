#include "store/noise_store.h"

#include <algorithm>

#include "store/codes.h"
#include "store/lists.h"
#include "store/schema.h"

namespace spoor {
namespace {

constexpr std::string_view kWhat = "reading what is harmless";

std::string body_of(const WarningList& list) {
  std::string body;
  for (const std::string& entry : list.entries) {
    body += entry;
    body += '\n';
  }
  return body;
}

void read_body(std::string_view body, std::vector<std::string>& entries) {
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    entries.emplace_back(body.substr(0, end));
    body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
  }
}

}  // namespace

Result<std::unique_ptr<NoiseStore>> NoiseStore::open(const std::string& store,
                                                     Database::Access access) {
  auto database = open_current(store, access);
  if (!database) return fail(database.error());
  return std::unique_ptr<NoiseStore>(new NoiseStore(std::move(*database)));
}

Result<NoiseStore::Change> NoiseStore::put_list(const WarningList& list, bool force_verdict) {
  const std::string body = body_of(list), attributes = list_text(list.attributes);
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  auto find =
      database_.prepare("SELECT verdict FROM warninglist WHERE name = ?1", "keeping a list");
  if (!find) return fail(find.error());
  const auto row = find->bind(1, list.name).step();
  if (!row) return fail(row.error());
  const bool known = *row;
  const std::int64_t verdict =
      known && !force_verdict ? find->integer(0) : code_of(list.verdict);
  find->reset();
  auto put = database_.prepare(
      "INSERT INTO warninglist(name, description, version, kind, verdict, attributes, origin, "
      "entries, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (name) DO UPDATE "
      "SET (description, version, kind, verdict, attributes, origin, entries, body) = (?2, ?3, "
      "?4, ?5, ?6, ?7, ?8, ?9) WHERE (description, version, kind, verdict, attributes, origin, "
      "entries, body) IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      "keeping a list");
  if (!put) return fail(put.error());
  put->bind(1, list.name)
      .bind(2, list.description)
      .bind(3, list.version)
      .bind(4, code_of(list.kind))
      .bind(5, verdict)
      .bind(6, attributes)
      .bind(7, list.origin)
      .bind(8, static_cast<std::int64_t>(list.entries.size()))
      .bind_blob(9, body);
  if (auto status = put->run(); !status) return fail(status.error());
  const bool changed = database_.changes() > 0;
  if (auto status = transaction->commit(); !status) return fail(status.error());
  return !changed ? Change::kSame : known ? Change::kChanged : Change::kNew;
}

Status NoiseStore::put_list_version(std::string_view name, std::string_view etag,
                                    std::string_view changed) {
  auto put = database_.prepare(
      "UPDATE warninglist SET etag = ?2, changed = ?3 WHERE name = ?1 AND (etag, changed) IS "
      "NOT (?2, ?3)",
      "keeping a list");
  if (!put) return fail(put.error());
  return put->bind(1, name).bind(2, etag).bind(3, changed).run();
}

Result<std::vector<WarningListInfo>> NoiseStore::read_lists(bool with_entries) const {
  auto query = database_.prepare(
      std::string("SELECT name, description, version, kind, verdict, attributes, origin, "
                  "entries, etag, changed, ") +
          (with_entries ? "body" : "NULL") + " FROM warninglist ORDER BY name",
      kWhat);
  if (!query) return fail(query.error());
  std::vector<WarningListInfo> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    WarningList list;
    list.name = query->text(0);
    list.description = query->text(1);
    list.version = query->text(2);
    const auto kind = list_kind_of_code(query->integer(3));
    const auto verdict = verdict_of_code(query->integer(4));
    auto attributes = list_of_text(query->bytes(5));
    if (!kind || !verdict || !attributes)
      return fail(database_.path() + ": the list '" + list.name +
                  "' cannot be read, the store is damaged");
    list.kind = *kind;
    list.verdict = *verdict;
    list.attributes = std::move(*attributes);
    list.origin = query->text(6);
    read_body(query->bytes(10), list.entries);
    all.push_back({std::move(list), static_cast<std::uint64_t>(query->integer(7)),
                   query->text(8), query->text(9)});
  }
}

Result<std::vector<WarningListInfo>> NoiseStore::lists() const {
  return read_lists(false);
}

Result<std::vector<WarningList>> NoiseStore::whole_lists() const {
  auto read = read_lists(true);
  if (!read) return fail(read.error());
  std::vector<WarningList> all;
  for (WarningListInfo& each : *read) all.push_back(std::move(each.list));
  return all;
}

Result<bool> NoiseStore::remove_list(std::string_view name) {
  auto drop = database_.prepare("DELETE FROM warninglist WHERE name = ?1", "removing a list");
  if (!drop) return fail(drop.error());
  if (auto status = drop->bind(1, name).run(); !status) return fail(status.error());
  return database_.changes() > 0;
}

namespace {

std::int64_t kind_code(AllowEntry::Kind kind) {
  return kind == AllowEntry::Kind::kValue ? 1 : kind == AllowEntry::Kind::kNetwork ? 2 : 3;
}
std::int64_t type_code(const AllowEntry& entry) {
  return entry.kind == AllowEntry::Kind::kValue ? code_of(entry.observable.type) : 0;
}

}  // namespace

Result<NoiseStore::Change> NoiseStore::put_allowed(const AllowEntry& entry) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  Statement insert, update;
  const std::pair<Statement*, const char*> both[] = {
      {&insert,
       "INSERT INTO allow(kind, type, value, reason, expires, added) VALUES (?1, ?2, ?3, ?4, "
       "?5, ?6) ON CONFLICT DO NOTHING"},
      {&update,
       "UPDATE allow SET reason = ?4, expires = ?5, added = ?6 WHERE kind = ?1 AND type = ?2 "
       "AND value = ?3 AND (reason, expires) IS NOT (?4, ?5)"}};
  for (const auto& [statement, sql] : both) {
    auto prepared = database_.prepare(sql, "keeping the allow-list");
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  const auto run = [&](Statement& write) {
    return write.bind(1, kind_code(entry.kind))
        .bind(2, type_code(entry))
        .bind(3, entry.observable.value)
        .bind(4, entry.reason)
        .bind(5, entry.expires)
        .bind(6, to_micros(entry.added))
        .run();
  };
  if (auto status = run(insert); !status) return fail(status.error());
  Change change = database_.changes() > 0 ? Change::kNew : Change::kSame;
  if (change == Change::kSame) {
    if (auto status = run(update); !status) return fail(status.error());
    if (database_.changes() > 0) change = Change::kChanged;
  }
  if (auto status = transaction->commit(); !status) return fail(status.error());
  return change;
}

Result<std::vector<AllowEntry>> NoiseStore::allowed() const {
  auto query = database_.prepare(
      "SELECT kind, type, value, reason, expires, added FROM allow ORDER BY kind, type, value",
      kWhat);
  if (!query) return fail(query.error());
  std::vector<AllowEntry> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    AllowEntry entry;
    const std::int64_t kind = query->integer(0);
    entry.observable.value = query->text(2);
    entry.reason = query->text(3);
    entry.expires = query->time(4);
    entry.added = query->time(5).value_or(Time{});
    const auto type = type_of_code(query->integer(1));
    if (kind < 1 || kind > 3 || (kind == 1 && !type))
      return fail(database_.path() +
                  ": a row of the allow-list cannot be read, the store is "
                  "damaged");
    entry.kind = static_cast<AllowEntry::Kind>(kind - 1);
    if (type) entry.observable.type = *type;
    all.push_back(std::move(entry));
  }
}

Result<bool> NoiseStore::remove_allowed(const AllowEntry& entry) {
  auto drop =
      database_.prepare("DELETE FROM allow WHERE kind = ?1 AND type = ?2 AND value = ?3",
                        "removing from the allow-list");
  if (!drop) return fail(drop.error());
  drop->bind(1, kind_code(entry.kind))
      .bind(2, type_code(entry))
      .bind(3, entry.observable.value);
  if (auto status = drop->run(); !status) return fail(status.error());
  return database_.changes() > 0;
}

namespace {

bool is_same(const BenignNote& a, const BenignNote& b) {
  return a.name == b.name && a.message == b.message && a.noted == b.noted;
}

}  // namespace

Status NoiseStore::put_notes(const Observable& observable, std::string_view source,
                             std::span<const BenignNote> notes) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  // Who looks something up again must not make a following hunt read its lists again.
  auto known = notes_of(observable);
  if (!known) return fail(known.error());
  known->erase(std::remove_if(known->begin(), known->end(),
                              [&](const BenignNote& note) { return note.source != source; }),
               known->end());
  if (std::is_permutation(known->begin(), known->end(), notes.begin(), notes.end(), is_same))
    return {};
  auto drop = database_.prepare(
      "DELETE FROM benign_note WHERE type = ?1 AND canonical = ?2 AND source = ?3",
      "keeping notes");
  if (!drop) return fail(drop.error());
  drop->bind(1, code_of(observable.type)).bind(2, observable.value).bind(3, source);
  if (auto status = drop->run(); !status) return status;
  auto put = database_.prepare(
      "INSERT OR REPLACE INTO benign_note(type, canonical, source, name, message, noted) "
      "VALUES "
      "(?1, ?2, ?3, ?4, ?5, ?6)",
      "keeping notes");
  if (!put) return fail(put.error());
  for (const BenignNote& note : notes) {
    put->bind(1, code_of(observable.type))
        .bind(2, observable.value)
        .bind(3, source)
        .bind(4, note.name)
        .bind(5, note.message)
        .bind(6, note.noted);
    if (auto status = put->run(); !status) return status;
  }
  return transaction->commit();
}

Result<std::vector<BenignNote>> NoiseStore::read_notes(Statement& query) const {
  std::vector<BenignNote> all;
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    const auto type = type_of_code(query.integer(0));
    if (!type) return fail(database_.path() + ": a note cannot be read, the store is damaged");
    all.push_back(
        {{*type, query.text(1)}, query.text(2), query.text(3), query.text(4), query.time(5)});
  }
}

Result<std::vector<BenignNote>> NoiseStore::notes() const {
  auto query = database_.prepare(
      "SELECT type, canonical, source, name, message, noted FROM benign_note ORDER BY type, "
      "canonical, source, name",
      kWhat);
  if (!query) return fail(query.error());
  return read_notes(*query);
}

Result<std::vector<BenignNote>> NoiseStore::notes_of(const Observable& observable) const {
  auto query = database_.prepare(
      "SELECT type, canonical, source, name, message, noted FROM benign_note WHERE type = ?1 "
      "AND canonical = ?2 ORDER BY source, name",
      kWhat);
  if (!query) return fail(query.error());
  query->bind(1, code_of(observable.type)).bind(2, observable.value);
  return read_notes(*query);
}

Result<std::int64_t> NoiseStore::mark() const {
  return database_.integer("SELECT noise FROM meta", kWhat);
}

Result<std::uint64_t> NoiseStore::context_only() const {
  const auto count = database_.integer(
      "SELECT count(*) FROM observable INDEXED BY observable_context WHERE context <> 0",
      kWhat);
  if (!count) return fail(count.error());
  return static_cast<std::uint64_t>(*count);
}

Result<std::uint64_t> NoiseStore::all_events() const {
  const auto lines =
      database_.integer("SELECT coalesce(sum(lines), 0) FROM hunt", "counting events");
  if (!lines) return fail(lines.error());
  return static_cast<std::uint64_t>(*lines);
}

}  // namespace spoor
