// How far contents have been hunted, and which indicators are younger than that. Rows go in
// batches, one durable transaction each. The table is bounded: a content that no hunt has met
// for long is forgotten, at worst it is hunted again. Tested by progress_test.cpp.

#include <algorithm>

#include "store/codes.h"
#include "store/sqlite_store.h"

namespace spoor {
namespace {

constexpr std::string_view kWhat = "keeping how far was hunted";
constexpr std::int64_t kMostRows = 1'000'000;

// All but id and scope, in the order of bind_row() from ?3 on and of row_of().
constexpr std::string_view kColumns =
    "path, device, inode, size, modified_ns, changed_ns, settled, form, seen, upto, line, "
    "encoding, format, headers, open_path, open_offset, open_digest, head, content, disk, "
    "generation, last_observable, indicators, met";
constexpr std::string_view kParameters =
    "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, "
    "?22, ?23, ?24, ?25, ?26";

std::int64_t as_integer(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

void bind_row(Statement& write, const Digest128& scope, const Progress& row) {
  const auto bytes_or_null = [&](int parameter, const std::optional<std::string>& bytes) {
    bytes ? write.bind_blob(parameter, *bytes) : write.bind_null(parameter);
  };
  write.bind_blob(2, scope.view())
      .bind_blob(3, row.path)
      .bind(4, as_integer(row.device))
      .bind(5, as_integer(row.inode))
      .bind(6, as_integer(row.size))
      .bind(7, row.modified_ns)
      .bind(8, row.changed_ns)
      .bind(9, std::int64_t{row.settled})
      .bind(10, std::int64_t{row.form})
      .bind(11, as_integer(row.seen))
      .bind(12, as_integer(row.upto))
      .bind(13, as_integer(row.line))
      .bind(14, code_of(row.encoding))
      .bind(15, row.format);
  bytes_or_null(16, row.headers);
  bytes_or_null(17, row.open_path);
  write.bind(18, as_integer(row.open_offset))
      .bind_blob(19, row.open_digest.view())
      .bind_blob(20, row.head.view())
      .bind_blob(21, row.content.view())
      .bind_blob(22, row.disk.view())
      .bind(23, row.mark.generation)
      .bind(24, row.mark.last)
      .bind_blob(25, row.mark.set.view())
      .bind(26, to_micros(row.met));
}

bool read_digest(std::string_view bytes, Digest128& digest) {
  if (bytes.size() != digest.bytes.size()) return false;
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return true;
}

/// False: not readable.
bool read_row(const Statement& at, Progress& row) {
  const auto number = [&](int column) {
    return static_cast<std::uint64_t>(at.integer(column));
  };
  row.id = at.integer(0);
  row.path = at.text(1);
  row.device = number(2);
  row.inode = number(3);
  row.size = number(4);
  row.modified_ns = at.integer(5);
  row.changed_ns = at.integer(6);
  row.settled = at.integer(7) != 0;
  row.form = static_cast<std::uint8_t>(at.integer(8));
  row.seen = number(9);
  row.upto = number(10);
  row.line = number(11);
  row.format = at.text(13);
  if (!at.is_null(14)) row.headers = at.text(14);
  if (!at.is_null(15)) row.open_path = at.text(15);
  row.open_offset = number(16);
  row.mark.generation = at.integer(21);
  row.mark.last = at.integer(22);
  const auto encoding = encoding_of_code(at.integer(12));
  const auto met = at.time(24);
  if (!encoding || !met || row.upto > row.seen) return false;
  row.encoding = *encoding;
  row.met = *met;
  return read_digest(at.bytes(17), row.open_digest) && read_digest(at.bytes(18), row.head) &&
         read_digest(at.bytes(19), row.content) && read_digest(at.bytes(20), row.disk) &&
         read_digest(at.bytes(23), row.mark.set);
}

}  // namespace

Result<IndicatorMark> SqliteStore::indicator_mark() {
  auto query = database_.prepare(
      "SELECT generation, (SELECT coalesce(max(id), 0) FROM observable) FROM meta",
      "reading the state of the indicators");
  if (!query) return fail(query.error());
  const auto row = query->step();
  if (!row) return fail(row.error());
  IndicatorMark mark;
  if (*row) {
    mark.generation = query->integer(0);
    mark.last = query->integer(1);
  }
  return mark;
}

Result<std::vector<Released>> SqliteStore::released() {
  auto query = database_.prepare("SELECT observable, generation FROM released",
                                 "reading the state of the indicators");
  if (!query) return fail(query.error());
  std::vector<Released> all;
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return all;
    all.push_back({ObservableId{query->integer(0)}, query->integer(1)});
  }
}

Status SqliteStore::for_each_progress(const Digest128& scope,
                                      const std::function<void(Progress&&)>& visit) {
  std::string sql = "SELECT id, ";
  sql += kColumns;
  sql += " FROM progress WHERE scope = ?1 ORDER BY id";
  auto query = database_.prepare(sql, kWhat);
  if (!query) return fail(query.error());
  query->bind_blob(1, scope.view());
  for (;;) {
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    Progress progress;
    // A row that cannot be read is as good as none: its file is hunted again.
    if (read_row(*query, progress)) visit(std::move(progress));
  }
}

Status SqliteStore::put_progress(const Digest128& scope, std::span<Progress> rows,
                                 Time forget_before) {
  if (auto status = writable(); !status) return status;
  std::string insert_sql = "INSERT INTO progress(scope, ", update_sql = "UPDATE progress SET (";
  insert_sql.append(kColumns).append(") VALUES (?2, ").append(kParameters).append(")");
  update_sql.append(kColumns).append(") = (").append(kParameters);
  update_sql += ") WHERE id = ?1 AND scope = ?2";
  Statement insert, update, detach, forget, bound;
  const std::pair<Statement*, std::string> all[] = {
      {&insert, insert_sql},
      {&update, update_sql},
      {&detach,
       "UPDATE progress SET device = 0, inode = 0 WHERE scope = ?1 AND device = ?2 AND inode = "
       "?3 AND id <> ?4 AND inode <> 0"},
      {&forget, "DELETE FROM progress WHERE met < ?1"},
      {&bound,
       "DELETE FROM progress WHERE id IN (SELECT id FROM progress ORDER BY met LIMIT max(0, "
       "(SELECT count(*) FROM progress) - ?1))"},
  };
  for (const auto& [statement, sql] : all) {
    auto prepared = database_.prepare(sql, kWhat);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  auto transaction = this->transaction();
  if (!transaction) return fail(transaction.error());
  bool inserted = false;
  for (Progress& row : rows) {
    detach.bind_blob(1, scope.view())
        .bind(2, as_integer(row.device))
        .bind(3, as_integer(row.inode))
        .bind(4, row.id);
    if (auto status = detach.run(); !status) return status;
    if (row.id != 0) {
      bind_row(update.bind(1, row.id), scope, row);
      if (auto status = update.run(); !status) return status;
      if (database_.changes() > 0) continue;  // else it was forgotten meanwhile
    }
    bind_row(insert, scope, row);
    if (auto status = insert.run(); !status) return status;
    row.id = database_.last_rowid();
    inserted = true;
  }
  if (auto status = forget.bind(1, to_micros(forget_before)).run(); !status) return status;
  if (inserted) {
    if (auto status = bound.bind(1, kMostRows).run(); !status) return status;
  }
  return transaction->commit();
}

}  // namespace spoor
