// Which zips have a list that is taken, and which are left to libarchive.

#include "io/zip_directory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "io/test_support.h"
#include "io/test_zip_builder.h"

namespace spoor {
namespace {

std::optional<ZipDirectory> directory_of(const std::string& bytes) {
  const auto source = memory_source(bytes);
  return read_zip_directory(*source);
}

std::string text(std::size_t lines) {
  std::string all;
  for (std::size_t i = 0; i < lines; ++i) all += "line " + std::to_string(i * 7919) + "\n";
  return all;
}

std::vector<ZipThing> three() {
  return {{"a.log", text(50)}, {"d/", "", false}, {"d/b.log", text(9), false}};
}

/// `things` with the last one changed.
template <typename Change>
std::vector<ZipThing> with_last(Change change) {
  auto things = three();
  change(things.back());
  return things;
}

TEST(ZipDirectory, lists_members_in_the_order_of_the_file) {
  const std::string bytes = ZipBuilder::build(three());
  const auto found = directory_of(bytes);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->members.size(), 3u);
  for (const ZipRecord& record : found->members) {
    const auto header = std::string_view(bytes).substr(record.begin);
    ASSERT_GT(zip_local_bytes(header.substr(0, kZipLocalBytes)), 0u);
    EXPECT_TRUE(zip_local_agrees(
        header.substr(0, zip_local_bytes(header.substr(0, kZipLocalBytes))), record));
  }
  EXPECT_EQ(found->members[0].size, text(50).size());
  EXPECT_TRUE(found->members[0].deflated);
  EXPECT_FALSE(found->members[2].deflated);
  EXPECT_EQ(bytes.substr(found->begin, 4), "PK\x01\x02");
}

struct Case {
  const char* name;
  std::string bytes;
  bool taken;
};

std::vector<Case> ordinary() {
  std::vector<ZipThing> many(70'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = {"m" + std::to_string(i), "x", false};
  ZipEnds end64;
  end64.zip64 = true;
  ZipEnds comment;
  comment.comment = "made by hand";
  return {
      {"three members", ZipBuilder::build(three()), true},
      {"written by libarchive", packed(Pack::kZip, {{"a", "one\n"}, {"b", "two\n"}}), true},
      {"zip64 fields", ZipBuilder::build(with_last([](auto& t) { t.zip64 = true; })), true},
      {"zip64 end", ZipBuilder::build(three(), end64), true},
      {"descriptors", ZipBuilder::build(with_last([](auto& t) { t.descriptor = true; })), true},
      {"a comment", ZipBuilder::build(three(), comment), true},
      {"more than 65,535 members", ZipBuilder::build(many, end64), true},
      {"more than 65,535 members, counted in 16 bits", ZipBuilder::build(many), false},
      {"a name of odd bytes",
       ZipBuilder::build(with_last([](auto& t) { t.name = "\xff\xfe\n!%"; })), true},
      {"the same name twice", ZipBuilder::build({{"a", "1"}, {"a", "2"}}), true},
      {"a small gap",
       ZipBuilder::build({{"a", text(3), true, false, false, true, "", "", "gap"}, {"b", "2"}}),
       true},
  };
}

std::vector<Case> unusual() {
  ZipEnds front, behind, more;
  front.front = "PK\x03\x04 garbage";
  behind.behind = "garbage";
  more.more_members = 1;
  const auto last = [](auto change) { return ZipBuilder::build(with_last(change)); };
  return {
      {"no member", ZipBuilder::build({}), false},
      {"cut", ZipBuilder::build(three()).substr(0, 200), false},
      {"bytes in front", ZipBuilder::build(three(), front), false},
      {"bytes behind", ZipBuilder::build(three(), behind), false},
      {"a wrong number", ZipBuilder::build(three(), more), false},
      {"encrypted", last([](auto& t) { t.flags = 1; }), false},
      {"another method", last([](auto& t) { t.method = 12; }), false},
      {"a link", last([](auto& t) { t.mode = 0120777; }), false},
      {"a folder with content", last([](auto& t) { t.name = "d/b/"; }), false},
      {"a stored size that is two", last([](auto& t) { t.size = 5; }), false},
      {"beyond the list", last([](auto& t) { t.begin = 1 << 20; }), false},
      {"one content twice", last([](auto& t) { t.begin = 0; }), false},
      {"a content over the next",
       ZipBuilder::build(
           {{"a", "12", false, false, false, true, "", "", "", {}, 20, 20}, {"b", "2", false}}),
       false},
      {"a wide gap",
       ZipBuilder::build(
           {{"a", "1", false, false, false, true, "", "", std::string(kMostZipGap + 1, ' ')},
            {"b", "2"}}),
       false},
      {"a size that deflate cannot reach",
       ZipBuilder::build({{"a", "1", true, false, false, true, "", "", "", {}, 50'000}}),
       false},
  };
}

TEST(ZipDirectory, is_taken_where_everything_is_ordinary) {
  for (const Case& each : ordinary())
    EXPECT_EQ(directory_of(each.bytes).has_value(), each.taken) << each.name;
  for (const Case& each : unusual())
    EXPECT_EQ(directory_of(each.bytes).has_value(), each.taken) << each.name;
}

TEST(ZipDirectory, local_headers_agree_or_do_not) {
  const std::string bytes = ZipBuilder::build({{"a.log", text(5)}});
  const auto found = directory_of(bytes);
  ASSERT_TRUE(found);
  const ZipRecord& record = found->members.at(0);
  const std::string header = bytes.substr(0, kZipLocalBytes + 5);
  EXPECT_TRUE(zip_local_agrees(header, record));
  // Flags, method, CRC-32, compressed, size: a bit more in each.
  for (const std::size_t at : {6, 8, 14, 18, 22}) {
    std::string other = header;
    other[at] ^= 1;
    EXPECT_FALSE(zip_local_agrees(other, record)) << at;
  }
  std::string zeros = header;
  zeros.replace(14, 12, 12, '\0');
  EXPECT_TRUE(zip_local_agrees(zeros, record));
  EXPECT_EQ(zip_local_bytes("PK\x01\x02" + header.substr(4)), 0u);
  EXPECT_EQ(zip_local_bytes(header.substr(0, 29)), 0u);
}

TEST(ZipDirectory, survives_any_damage) {
  std::mt19937 random(3);
  for (const Case& each : ordinary()) {
    if (each.bytes.size() > 100'000) continue;
    for (int i = 0; i < 2000; ++i) {
      std::string bytes = each.bytes;
      // Mostly near the end, where the list stands.
      const std::size_t span = std::min<std::size_t>(bytes.size(), 300);
      const std::size_t at = bytes.size() - 1 - random() % span;
      if (i % 3 == 0) {
        bytes[at] = static_cast<char>(random());
      } else if (i % 3 == 1) {
        bytes.resize(at);
      } else {
        const std::uint32_t value = random() % 2 == 0 ? 0xFFFFFFFF : random();
        std::memcpy(bytes.data() + std::min(at, bytes.size() - 4), &value, 4);
      }
      const auto found = directory_of(bytes);
      if (!found) continue;
      std::uint64_t end = 0;
      for (const ZipRecord& record : found->members) {
        ASSERT_GE(record.begin, end) << each.name << ' ' << i;
        end = record.begin + kZipLocalBytes + record.compressed;
        ASSERT_LE(end, found->begin) << each.name << ' ' << i;
      }
    }
  }
}

}  // namespace
}  // namespace spoor
