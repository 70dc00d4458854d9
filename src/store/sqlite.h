// SQLite behind two classes: a connection and a prepared statement that close themselves,
// errors that carry the path and the operation, and text that is always bound, never pasted.
// Costs what SQLite costs. Binding keeps views: what is bound must live until the next reset().
// Source: sqlite.org/c3ref. Tested by store_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace spoor {

class Database;

/// A prepared statement. Lives no longer than its Database.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept { swap(other); }
  Statement& operator=(Statement&& other) noexcept {
    swap(other);
    return *this;
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Parameters count from 1. A binding that fails is reported by the next step().
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, const char* text) {
    return bind(parameter, std::string_view(text));
  }
  Statement& bind(int parameter, std::optional<Time> time);
  Statement& bind_blob(int parameter, std::string_view bytes);
  Statement& bind_null(int parameter);

  /// True: a row is there. False: done, and reset.
  Result<bool> step();
  /// Runs a statement that yields no rows of interest, then resets it.
  Status run();
  void reset();

  // Columns count from 0; views are good until the next step() or reset().
  std::int64_t integer(int column) const;
  std::string_view bytes(int column) const;  ///< TEXT or BLOB; "" for NULL
  std::string text(int column) const { return std::string(bytes(column)); }
  std::optional<Time> time(int column) const;
  bool is_null(int column) const;

 private:
  friend class Database;
  void swap(Statement& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(statement_, other.statement_);
    std::swap(what_, other.what_);
    std::swap(bind_code_, other.bind_code_);
  }

  const Database* database_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
  std::string_view what_;
  int bind_code_ = 0;
};

/// A connection. One thread at a time.
class Database {
 public:
  enum class Access : std::uint8_t { kReadWrite, kReadOnly };

  Database() = default;
  Database(Database&& other) noexcept { swap(other); }
  Database& operator=(Database&& other) noexcept {
    swap(other);
    return *this;
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// The file must exist.
  static Result<Database> open(const std::string& path, Access access);

  /// `what` names the operation in messages and must outlive the statement: a literal.
  Result<Statement> prepare(std::string_view sql, std::string_view what) const;
  Status execute(const std::string& sql, std::string_view what) const;
  Result<std::int64_t> integer(std::string_view sql, std::string_view what) const;
  std::int64_t last_rowid() const;
  std::int64_t changes() const;
  bool in_transaction() const;
  const std::string& path() const { return path_; }
  /// The error of SQLite code `code`: path, operation, SQLite's own words.
  Error error(int code, std::string_view what) const;

 private:
  void swap(Database& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(path_, other.path_);
  }

  sqlite3* handle_ = nullptr;
  std::string path_;
};

/// BEGIN IMMEDIATE ... COMMIT; rolls back when dropped before commit().
class Transaction {
 public:
  static Result<Transaction> begin(const Database& database);
  /// A part of the transaction that is under way (a savepoint): rolls back alone, and is
  /// durable with the whole.
  static Result<Transaction> begin_part(const Database& database);
  Transaction(Transaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)), is_part_(other.is_part_) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  ~Transaction();
  Status commit();

 private:
  enum class Extent : std::uint8_t { kWhole, kPart };
  Transaction(const Database& database, Extent extent)
      : database_(&database), is_part_(extent == Extent::kPart) {}
  const Database* database_;
  bool is_part_;
};

/// `part` as a LIKE pattern (ESCAPE '\') that finds it anywhere.
std::string like_pattern(std::string_view part);

}  // namespace spoor
