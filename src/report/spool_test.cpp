#include "report/spool.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "io/test_support.h"

namespace spoor {
namespace {

TEST(Spool, gives_back_what_was_appended_in_order_and_in_parts) {
  const TemporaryFolder folder;
  auto spool = Spool::create(folder / "r");
  ASSERT_TRUE(spool.has_value());
  std::vector<std::uint64_t> positions;
  const auto text_of = [](std::uint64_t i) {
    return i == 50 ? std::string(1 << 20, 'x') : std::string(i * 37 % 3000, 'a');
  };
  for (std::uint64_t i = 0; i < 300; ++i) {
    positions.push_back((*spool)->size());
    ASSERT_TRUE((*spool)->append({i, i + 1, i + 2, i + 3}, text_of(i)));
  }
  positions.push_back((*spool)->size());
  for (const auto& [from, to] : {std::pair(0, 300), std::pair(49, 52), std::pair(7, 7)}) {
    auto next = static_cast<std::size_t>(from);
    ASSERT_TRUE((*spool)->for_each(positions[next], positions[static_cast<std::size_t>(to)],
                                   [&](const Spool::Record& record) -> Status {
                                     EXPECT_EQ(record.position, positions[next]);
                                     EXPECT_EQ(record.next, positions[next + 1]);
                                     EXPECT_EQ(record.key.content, next);
                                     EXPECT_EQ(record.key.kind, next + 3);
                                     EXPECT_EQ(record.text, text_of(next));
                                     ++next;
                                     return {};
                                   }));
    EXPECT_EQ(next, static_cast<std::size_t>(to));
  }
  EXPECT_FALSE((*spool)->for_each(
      0, positions.back(), [](const Spool::Record&) -> Status { return fail("enough"); }));
}

TEST(Spool, has_no_name_and_says_where_it_cannot_be) {
  const TemporaryFolder folder;
  const auto spool = Spool::create(folder / "r");
  ASSERT_TRUE(spool.has_value());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  const auto nowhere = Spool::create(folder / "absent/r");
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_NE(nowhere.error().message.find("absent/r.tmp-"), std::string::npos);
}

}  // namespace
}  // namespace spoor
