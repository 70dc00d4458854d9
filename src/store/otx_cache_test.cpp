#include "store/otx_cache.h"

#include "store/store_test_support.h"

namespace spoor {
namespace {

TEST(OtxCache, keeps_what_was_answered_and_replaces_it) {
  TemporaryFolder folder;
  { auto store = open_store(folder / "s.db"); }
  auto cache = OtxCache::open(folder / "s.db");
  ASSERT_TRUE(cache) << cache.error().message;
  const OtxSectionKey key{"domain", "evil.example", "general"};
  EXPECT_FALSE((*cache)->find(key)->has_value());
  EXPECT_TRUE(*(*cache)->put(key, {time_from_micros(7), "{\"a\":1}"}));
  EXPECT_TRUE(*(*cache)->put(key, {time_from_micros(8), std::string("{\"b\":\"\0\"}", 9)}));
  auto again = OtxCache::open(folder / "s.db");
  ASSERT_TRUE(again);
  const auto kept = (*again)->find(key);
  ASSERT_TRUE(kept && kept->has_value());
  EXPECT_EQ((*kept)->fetched, time_from_micros(8));
  EXPECT_EQ((*kept)->body, std::string("{\"b\":\"\0\"}", 9));
  EXPECT_FALSE((*again)->find({"domain", "evil.example", "geo"})->has_value());
  EXPECT_FALSE((*again)->find({"hostname", "evil.example", "general"})->has_value());
}

TEST(OtxCache, a_reply_that_is_too_large_is_not_kept) {
  TemporaryFolder folder;
  { auto store = open_store(folder / "s.db"); }
  auto cache = OtxCache::open(folder / "s.db");
  ASSERT_TRUE(cache);
  const OtxSectionKey key{"file", "00", "analysis"};
  const auto put = (*cache)->put(key, {Time{}, std::string(OtxCache::kMostBytes + 1, 'x')});
  ASSERT_TRUE(put);
  EXPECT_FALSE(*put);
  EXPECT_FALSE((*cache)->find(key)->has_value());
}

TEST(OtxCache, is_in_a_store_of_the_newest_schema_only) {
  TemporaryFolder folder;
  EXPECT_FALSE(OtxCache::open(folder / "none.db"));
}

}  // namespace
}  // namespace spoor
