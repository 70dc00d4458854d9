// What OTX answered about single indicators, with the time of the answer, so that a second
// look costs no request. Nothing here decides how old is too old. A reply of more than
// kMostBytes is not kept. The oldest rows beyond kMostRows go. Costs a durable transaction a
// put(). One thread at a time; any number of processes. Tested by otx_cache_test.cpp.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "store/sqlite.h"

namespace spoor {

/// One section of one indicator, as the service's path names it.
struct OtxSectionKey {
  std::string_view type, value, section;
};

struct CachedOtxSection {
  Time fetched{};
  std::string body;  ///< as it came
};

class OtxCache {
 public:
  static constexpr std::size_t kMostBytes = 4 << 20;
  static constexpr std::int64_t kMostRows = 20'000;

  /// `store` must be a store of the newest schema (Store::open with kReadWrite sees to it).
  static Result<std::unique_ptr<OtxCache>> open(const std::string& store);

  Result<std::optional<CachedOtxSection>> find(const OtxSectionKey& key);
  /// Replaces what was kept. False: the reply is too large to keep.
  Result<bool> put(const OtxSectionKey& key, const CachedOtxSection& reply);

 private:
  explicit OtxCache(Database database) : database_(std::move(database)) {}
  Database database_;
};

}  // namespace spoor
