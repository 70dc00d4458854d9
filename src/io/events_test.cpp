// The events of a chunk: lines, and records whose text holds line ends.

#include "io/events.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(Events, of_lines_end_at_line_ends) {
  Chunk chunk;
  chunk.text = "ab\r\nc\n\nd";
  EXPECT_EQ(event_from(chunk, 0).end, 2u);
  EXPECT_EQ(event_from(chunk, 0).next, 4u);
  EXPECT_EQ(event_from(chunk, 6).end, 6u);
  EXPECT_EQ(event_from(chunk, 7).next, 8u);
  EXPECT_EQ(event_begin(chunk, 0, 1), 0u);
  EXPECT_EQ(event_begin(chunk, 0, 5), 4u);
  EXPECT_EQ(event_begin(chunk, 4, 7), 7u);
  EXPECT_EQ(record_holding(chunk, 0), nullptr);
}

TEST(Events, of_records_end_where_the_table_says) {
  Chunk chunk;
  chunk.text = "a\nb\nc\r\n";
  chunk.records = {{0, 5, 100, 40}, {4, 9, 140, 20}};
  EXPECT_EQ(event_from(chunk, 0).end, 3u);
  EXPECT_EQ(event_from(chunk, 0).next, 4u);
  EXPECT_EQ(event_from(chunk, 4).end, 6u);  // a CR belongs to the value
  EXPECT_EQ(event_from(chunk, 4).next, 7u);
  EXPECT_EQ(event_begin(chunk, 0, 2), 0u);
  EXPECT_EQ(event_begin(chunk, 0, 4), 4u);
  ASSERT_NE(record_holding(chunk, 6), nullptr);
  EXPECT_EQ(record_holding(chunk, 6)->number, 9u);
}

}  // namespace
}  // namespace spoor
