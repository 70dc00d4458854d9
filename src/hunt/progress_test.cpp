#include "hunt/progress.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "hunt/fingerprint.h"
#include "hunt/scan.h"

namespace spoor {
namespace {

SetAges ages(IndicatorMark mark, std::vector<std::int64_t> ids,
             const std::vector<Released>& released = {},
             SetAges::Kind kind = SetAges::Kind::kObservables) {
  const auto count = static_cast<std::uint32_t>(ids.size());
  return SetAges(
      mark, kind, count, [ids](std::uint32_t at) { return ids.at(at); }, released);
}

TEST(set_ages, tell_what_came_since) {
  using Missing = SetAges::Missing;
  const IndicatorMark then{7, 20, {}};
  struct Row {
    const char* name;
    SetAges now;
    Missing expected;
  };
  const Row rows[] = {
      {"same_generation", ages({7, 20, {}}, {3, 20}), Missing::kNone},
      {"a_younger_observable", ages({8, 21, {}}, {3, 20, 21}), Missing::kSome},
      {"a_younger_one_that_the_filter_leaves_out", ages({8, 21, {}}, {3, 20}), Missing::kNone},
      {"released_since", ages({8, 20, {}}, {3, 20}, {{ObservableId{3}, 8}}), Missing::kSome},
      {"released_before", ages({8, 20, {}}, {3, 20}, {{ObservableId{3}, 7}}), Missing::kNone},
      {"released_but_not_in_the_set", ages({8, 20, {}}, {20}, {{ObservableId{3}, 8}}),
       Missing::kNone},
      {"a_store_put_back", ages({6, 20, {}}, {3}), Missing::kAll},
  };
  for (const Row& row : rows) EXPECT_EQ(row.now.since(then), row.expected) << row.name;
}

TEST(set_ages, name_the_indicators_that_are_missing) {
  const SetAges now = ages({8, 30, {}}, {3, 30, 20, 5}, {{ObservableId{3}, 8}});
  const IndicatorMark then{7, 20, {}};
  EXPECT_TRUE(now.is_missing(IndicatorIndex{0}, then));  // released
  EXPECT_TRUE(now.is_missing(IndicatorIndex{1}, then));  // younger
  EXPECT_FALSE(now.is_missing(IndicatorIndex{2}, then));
  EXPECT_FALSE(now.is_missing(IndicatorIndex{3}, then));
}

TEST(set_ages, of_a_filter_on_claims_are_all_or_nothing) {
  const auto kind = SetAges::Kind::kClaims;
  const SetAges before = ages({7, 20, {}}, {3, 20}, {}, kind);
  EXPECT_EQ(ages({9, 40, {}}, {3, 20}, {}, kind).since(before.mark()), SetAges::Missing::kNone);
  EXPECT_EQ(ages({7, 20, {}}, {3, 19}, {}, kind).since(before.mark()), SetAges::Missing::kAll);
  EXPECT_EQ(ages({7, 20, {}}, {3, 20}).since(before.mark()), SetAges::Missing::kAll);
}

Progress row(std::int64_t id, std::uint64_t inode, std::uint64_t seen, const char* head) {
  Progress made;
  made.id = id;
  made.device = 1;
  made.inode = inode;
  made.seen = seen;
  made.head = xxh3_128(head);
  return made;
}

TEST(progress_table, keeps_a_content_whose_file_has_another_now) {
  ProgressTable table;
  table.put(row(1, 5, 100, "old"));
  table.put(row(2, 5, 10, "new"));  // truncated, or the inode serves again
  ASSERT_NE(table.by_file(1, 5), nullptr);
  EXPECT_EQ(table.by_file(1, 5)->id, 2);
  const auto old = table.by_head(xxh3_128("old"));
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(old[0]->inode, 0u);
  EXPECT_EQ(old[0]->seen, 100u);
}

TEST(progress_table, replaces_a_row_and_its_keys) {
  ProgressTable table;
  table.put(row(1, 5, 100, "short"));
  table.put(row(1, 6, 5000, "longer"));
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.by_file(1, 5), nullptr);
  EXPECT_TRUE(table.by_head(xxh3_128("short")).empty());
  ASSERT_EQ(table.by_head(xxh3_128("longer")).size(), 1u);
  EXPECT_EQ(table.by_file(1, 6)->seen, 5000u);
}

TEST(progress_table, offers_the_longest_content_first_and_at_most_eight) {
  ProgressTable table;
  for (int i = 1; i <= 20; ++i)
    table.put(
        row(i, static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(i * 10), "same"));
  const auto found = table.by_head(xxh3_128("same"));
  ASSERT_EQ(found.size(), 8u);
  EXPECT_EQ(found[0]->seen, 200u);
}

TEST(fingerprint, is_the_same_however_the_bytes_come_and_from_the_file) {
  std::mt19937 random(7);
  const std::string path =
      (std::filesystem::temp_directory_path() / ("spoor-print-" + std::to_string(::getpid())))
          .string();
  for (const std::size_t size : {1u, 4095u, 4096u, 65535u, 65536u, 65537u, 70000u, 131072u,
                                 135168u, 700000u, 2000003u}) {
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>(random());
    std::ofstream(path, std::ios::binary) << text << "more that was written later";
    Fingerprint parts;
    for (std::size_t at = 0; at < size;) {
      const std::size_t count = std::min<std::size_t>(1 + random() % 9000, size - at);
      const std::size_t again = std::min<std::size_t>(at, random() % 50);  // shown twice
      parts.add(at - again, std::string_view(text).substr(at - again, again + count));
      at += count;
    }
    Fingerprint once;
    once.add(0, text);
    EXPECT_EQ(parts.digest(), once.digest()) << size;
    EXPECT_EQ(parts.head_key(), xxh3_128(std::string_view(text).substr(0, 4096))) << size;
    const auto file = OpenedFile::open(path);
    ASSERT_TRUE(file);
    const auto read = Fingerprint::of(**file, size);
    ASSERT_TRUE(read) << size;
    EXPECT_EQ(read->digest(), once.digest()) << size;
    // It goes on where it stood.
    Fingerprint longer = *read, whole;
    longer.add(size, "more that");
    whole.add(0, text + "more that");
    EXPECT_EQ(longer.digest(), whole.digest()) << size;
    EXPECT_FALSE(Fingerprint::of(**file, size + 1000)) << size;
  }
  std::filesystem::remove(path);
}

TEST(fingerprint, sees_every_byte_of_64_kib_and_both_ends_of_more) {
  const std::string text(300'000, 'a');
  const auto print = [](const std::string& bytes) {
    Fingerprint made;
    made.add(0, bytes);
    return made.digest();
  };
  for (const std::size_t at : {0u, 30'000u, 65'535u, 65'536u, 69'631u, 295'904u, 299'999u}) {
    std::string changed = text;
    changed[at] = 'b';
    EXPECT_NE(print(changed), print(text)) << at;
  }
  EXPECT_NE(print(text + "a"), print(text));
  Fingerprint gap;
  gap.add(0, "ab");
  gap.add(3, "d");
  EXPECT_EQ(gap.size(), 2u);
}

struct Tail {
  std::uint64_t upto, line;
  std::optional<std::uint64_t> open;
  friend bool operator==(const Tail&, const Tail&) = default;
};

Tail tail_of(const std::string& text, std::size_t chunk_bytes = 64) {
  StreamOptions options;
  options.chunk_bytes = chunk_bytes;
  options.line_limit = 256;
  options.overlap = 64;
  const auto stream = open_memory(text, options);
  LineTracker tracker;
  Chunk chunk;
  while (*stream->next(chunk)) tracker.add(chunk);
  Tail tail{tracker.upto(), tracker.line(), std::nullopt};
  if (tracker.open()) tail.open = tracker.open()->first;
  return tail;
}

TEST(line_tracker, goes_on_at_the_begin_of_a_line_that_has_not_ended) {
  EXPECT_EQ(tail_of("one\ntwo\n"), (Tail{8, 3, std::nullopt}));
  EXPECT_EQ(tail_of("one\ntwo"), (Tail{4, 2, 4}));
  EXPECT_EQ(tail_of("one"), (Tail{0, 1, 0}));
  EXPECT_EQ(tail_of("one\nsoft=\n"), (Tail{4, 2, std::nullopt}));
  EXPECT_EQ(tail_of("one\nsoft=\r\nbreak"), (Tail{4, 2, 11}));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "line " + std::to_string(i) + "\n";
  const auto size = static_cast<std::uint64_t>(many.size());
  EXPECT_EQ(tail_of(many), (Tail{size, 101, std::nullopt}));
  EXPECT_EQ(tail_of(many + "rest"), (Tail{size, 101, size}));
}

TEST(line_tracker, knows_the_begin_of_an_endless_line) {
  std::string text = "one\n";
  for (int i = 0; i < 300; ++i) text += "word ";
  EXPECT_EQ(tail_of(text), (Tail{4, 2, 4}));
  const auto end = static_cast<std::uint64_t>(text.size());
  EXPECT_EQ(tail_of(text + "\nnext"), (Tail{end + 1, 3, end + 1}));
}

}  // namespace
}  // namespace spoor
