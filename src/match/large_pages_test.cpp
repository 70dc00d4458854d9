#include "match/large_pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace spoor {
namespace {

std::vector<std::byte> made(std::size_t bytes) {
  std::vector<std::byte> table(bytes);
  for (std::size_t i = 0; i < bytes; ++i)
    table[i] = static_cast<std::byte>(i * 2654435761u >> 13);
  return table;
}

TEST(LargePages, keeps_the_table_until_enough_text_was_scanned) {
  const auto table = made(LargePages::kLeastTableBytes + 12345);
  LargePages pages(table);
  pages.count(LargePages::kWorthwhileBytes - 1);
  EXPECT_EQ(pages.data(), table.data());
  pages.count(1);
  EXPECT_TRUE(pages.is_copied());
  EXPECT_TRUE(std::equal(table.begin(), table.end(), pages.data()));
  const std::byte* const copy = pages.data();
  pages.count(LargePages::kWorthwhileBytes);  // once
  EXPECT_EQ(pages.data(), copy);
}

TEST(LargePages, leaves_small_tables_where_they_are) {
  const auto table = made(LargePages::kLeastTableBytes - 1);
  LargePages pages(table);
  pages.count(2 * LargePages::kWorthwhileBytes);
  EXPECT_FALSE(pages.is_copied());
}

TEST(LargePages, several_threads_make_one_copy) {
  const auto table = made(LargePages::kLeastTableBytes);
  LargePages pages(table);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 64; ++i) {
        pages.count(1 << 20);
        const std::byte* const now = pages.data();
        EXPECT_EQ(now[0], table[0]);
        EXPECT_EQ(now[table.size() - 1], table.back());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(pages.is_copied());
}

}  // namespace
}  // namespace spoor
