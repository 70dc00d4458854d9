#include "store/otx_cache.h"

#include "store/schema.h"

namespace spoor {
namespace {

constexpr std::string_view kReading = "reading what OTX answered";
constexpr std::string_view kWriting = "keeping what OTX answered";

}  // namespace

Result<std::unique_ptr<OtxCache>> OtxCache::open(const std::string& store) {
  auto database = open_current(store, Database::Access::kReadWrite);
  if (!database) return fail(database.error());
  return std::unique_ptr<OtxCache>(new OtxCache(std::move(*database)));
}

Result<std::optional<CachedOtxSection>> OtxCache::find(const OtxSectionKey& key) {
  auto query = database_.prepare(
      "SELECT fetched, body FROM otx_section WHERE type = ?1 AND value = ?2 AND section "
      "= ?3",
      kReading);
  if (!query) return fail(query.error());
  const auto row = query->bind(1, key.type).bind(2, key.value).bind(3, key.section).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  return CachedOtxSection{query->time(0).value_or(Time{}), query->text(1)};
}

Result<bool> OtxCache::put(const OtxSectionKey& key, const CachedOtxSection& reply) {
  if (reply.body.size() > kMostBytes) return false;
  auto write = database_.prepare(
      "INSERT OR REPLACE INTO otx_section(type, value, section, fetched, body) VALUES "
      "(?1, ?2, ?3, ?4, ?5)",
      kWriting);
  auto forget = database_.prepare(
      "DELETE FROM otx_section WHERE rowid IN (SELECT rowid FROM otx_section ORDER BY fetched "
      "DESC LIMIT -1 OFFSET ?1)",
      kWriting);
  if (!write) return fail(write.error());
  if (!forget) return fail(forget.error());
  auto transaction = Transaction::begin(database_);
  if (!transaction) return fail(transaction.error());
  write->bind(1, key.type)
      .bind(2, key.value)
      .bind(3, key.section)
      .bind(4, to_micros(reply.fetched))
      .bind_blob(5, reply.body);
  if (auto status = write->run(); !status) return fail(status.error());
  const auto rows = database_.integer("SELECT count(*) FROM otx_section", kWriting);
  if (!rows) return fail(rows.error());
  if (*rows > kMostRows) {
    forget->bind(1, kMostRows);
    if (auto status = forget->run(); !status) return fail(status.error());
  }
  if (auto status = transaction->commit(); !status) return fail(status.error());
  return true;
}

}  // namespace spoor
