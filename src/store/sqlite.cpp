// The thin layer over SQLite's C interface. Tested by store_test.cpp.

#include "store/sqlite.h"

#include <sqlite3.h>

namespace spoor {
namespace {

// Another import holds the writer's lock for one commit at a time: seconds at most.
constexpr int kBusyMilliseconds = 10'000;

// Text and blobs may be long, but no single value reaches this.
bool fits(std::string_view value) {
  return value.size() <= 1'000'000'000;
}

}  // namespace

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_, parameter, value)) bind_code_ = code;
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  const int code = fits(text) ? sqlite3_bind_text(statement_, parameter, data,
                                                  static_cast<int>(text.size()), nullptr)
                              : SQLITE_TOOBIG;
  if (code != SQLITE_OK) bind_code_ = code;
  return *this;
}

Statement& Statement::bind(int parameter, std::optional<Time> time) {
  return time ? bind(parameter, to_micros(*time)) : bind_null(parameter);
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  const int code = fits(bytes) ? sqlite3_bind_blob(statement_, parameter, data,
                                                   static_cast<int>(bytes.size()), nullptr)
                               : SQLITE_TOOBIG;
  if (code != SQLITE_OK) bind_code_ = code;
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  if (const int code = sqlite3_bind_null(statement_, parameter)) bind_code_ = code;
  return *this;
}

Result<bool> Statement::step() {
  int code = std::exchange(bind_code_, SQLITE_OK);
  if (code == SQLITE_OK) code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = database_->error(code, what_);
  reset();
  return fail(std::move(error));
}

Status Statement::run() {
  auto row = step();
  if (!row) return fail(row.error());
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (data == nullptr || size <= 0) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::optional<Time> Statement::time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time_from_micros(integer(column));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

Result<Database> Database::open(const std::string& path, Access access) {
  Database database;
  database.path_ = path;
  const int flags = access == Access::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  // An absolute or ./ path cannot be taken for a URI or for ":memory:".
  const std::string name = path.rfind('/', 0) == 0 ? path : "./" + path;
  const int code =
      sqlite3_open_v2(name.c_str(), &database.handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return fail(database.error(code, "opening"));
  sqlite3_extended_result_codes(database.handle_, 1);
  sqlite3_busy_timeout(database.handle_, kBusyMilliseconds);
  // A store may come from elsewhere: its schema must not run functions of its choice.
  sqlite3_db_config(database.handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database.handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database;
}

Result<Statement> Database::prepare(std::string_view sql, std::string_view what) const {
  Statement statement;
  statement.database_ = this;
  statement.what_ = what;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), 0,
                                      &statement.statement_, nullptr);
  if (code != SQLITE_OK) return fail(error(code, what));
  return statement;
}

Status Database::execute(const std::string& sql, std::string_view what) const {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error(code, what));
  return {};
}

Result<std::int64_t> Database::integer(std::string_view sql, std::string_view what) const {
  auto statement = prepare(sql, what);
  if (!statement) return fail(statement.error());
  auto row = statement->step();
  if (!row) return fail(row.error());
  return *row ? statement->integer(0) : 0;
}

std::int64_t Database::last_rowid() const {
  return sqlite3_last_insert_rowid(handle_);
}
std::int64_t Database::changes() const {
  return sqlite3_changes64(handle_);
}
bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

Error Database::error(int code, std::string_view what) const {
  const bool own = handle_ != nullptr && (sqlite3_errcode(handle_) & 0xFF) == (code & 0xFF);
  std::string message = path_;
  message += ": ";
  message += what;
  message += ": ";
  message += own ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  switch (code & 0xFF) {
    case SQLITE_BUSY:
      message += ", another process has been writing for " +
                 std::to_string(kBusyMilliseconds / 1000) + " s";
      break;
    case SQLITE_NOTADB:
      message += ", expected a spoor store";
      break;
    case SQLITE_CORRUPT:
      message += ": the store is damaged";
      break;
    default:
      break;
  }
  return Error{std::move(message)};
}

Result<Transaction> Transaction::begin(const Database& database) {
  if (database.in_transaction()) {
    return fail(database.path() + ": an import is under way on this connection");
  }
  if (auto status = database.execute("BEGIN IMMEDIATE", "beginning to write"); !status) {
    return fail(status.error());
  }
  return Transaction(database, Extent::kWhole);
}

Result<Transaction> Transaction::begin_part(const Database& database) {
  if (auto status = database.execute("SAVEPOINT part", "beginning to write"); !status) {
    return fail(status.error());
  }
  return Transaction(database, Extent::kPart);
}

Transaction::~Transaction() {
  // Nothing to be done where the rollback fails too: the journal does it at the next opening.
  if (database_ != nullptr && database_->in_transaction()) {
    static_cast<void>(database_->execute(
        is_part_ ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK", "rolling back"));
  }
}

Status Transaction::commit() {
  auto status = database_->execute(is_part_ ? "RELEASE part" : "COMMIT", "committing");
  if (status) database_ = nullptr;
  return status;
}

std::string like_pattern(std::string_view part) {
  std::string pattern = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  pattern += '%';
  return pattern;
}

}  // namespace spoor
