#include <gtest/gtest.h>
#include <sys/stat.h>

#include "io/source.h"
#include "io/test_support.h"

namespace spoor {
namespace {

std::string error_of(const Result<std::string>& result) {
  return result ? "none" : result.error().message;
}

TEST(Whole, reads_plain_and_compressed_files) {
  const TemporaryFolder folder;
  folder.write("plain", "a\nb\n");
  folder.write("gz", gzip("a\nb\n"));
  folder.write("zst", zstd("a\nb\n"));
  folder.write("padded", gzip("a\nb\n") + std::string(10, '\0'));
  folder.write("empty", "");
  for (const char* name : {"plain", "gz", "zst", "padded"}) {
    const auto text = read_whole(folder / name, 4);
    ASSERT_TRUE(text) << error_of(text);
    EXPECT_EQ(*text, "a\nb\n") << name;
  }
  EXPECT_EQ(read_whole(folder / "empty", 0).value(), "");
}

TEST(Whole, says_what_is_wrong_with_a_file) {
  const TemporaryFolder folder;
  folder.write("large", std::string(1000, 'x'));
  folder.write("bomb", gzip(std::string(1 << 20, '\0')));
  folder.write("cut", gzip("abc").substr(0, 15));
  folder.write("zip", "PK\x03\x04....");
  EXPECT_EQ(error_of(read_whole(folder / "large", 999)),
            folder / "large: holds more than 999 bytes");
  EXPECT_EQ(error_of(read_whole(folder / "bomb", 999)),
            folder / "bomb: holds more than 999 bytes");
  EXPECT_EQ(error_of(read_whole(folder / "none", 9)),
            folder / "none: no such file or directory");
  EXPECT_EQ(error_of(read_whole(folder.path(), 9)), folder.path() + ": is a folder");
  EXPECT_NE(error_of(read_whole(folder / "cut", 9)).find("gzip: unexpected end"),
            std::string::npos);
  EXPECT_EQ(
      error_of(read_whole(folder / "zip", 99)),
      folder / "zip: is a zip archive, expected plain text, gzip, zstd, xz, bzip2 or lz4");
}

TEST(Whole, unpacks_bytes_and_the_one_file_of_an_archive) {
  // python3: zipfile, one stored member "a.csv" with "x,y\n"; then the same and "b".
  const auto zip = [](const std::vector<std::string>& names) {
    std::string local, central;
    const auto number = [](std::string& out, std::uint32_t value, int bytes) {
      for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    };
    for (const std::string& name : names) {
      std::string head;
      number(head, 20, 2);
      number(head, 0, 2);
      number(head, 0, 2);
      number(head, 0, 4);
      number(head, 0xA0B0C34A, 4);  // CRC-32 of "x,y\n"
      number(head, 4, 4);
      number(head, 4, 4);
      number(head, static_cast<std::uint32_t>(name.size()), 2);
      number(head, 0, 2);
      central += "PK\1\2";
      number(central, 20, 2);
      central += head;
      number(central, 0, 2);
      number(central, 0, 2);
      number(central, 0, 2);
      number(central, 0, 4);
      number(central, static_cast<std::uint32_t>(local.size()), 4);
      central += name;
      local += "PK\3\4" + head + name + "x,y\n";
    }
    std::string end = "PK\5\6";
    number(end, 0, 4);
    number(end, static_cast<std::uint32_t>(names.size()), 2);
    number(end, static_cast<std::uint32_t>(names.size()), 2);
    number(end, static_cast<std::uint32_t>(central.size()), 4);
    number(end, static_cast<std::uint32_t>(local.size()), 4);
    number(end, 0, 2);
    return local + central + end;
  };
  EXPECT_EQ(unpack_whole("a\n", "list", 9).value(), "a\n");
  EXPECT_EQ(unpack_whole("", "list", 0).value(), "");
  EXPECT_EQ(unpack_whole(gzip(zstd("a\n")), "list", 2).value(), "a\n");
  EXPECT_EQ(error_of(unpack_whole(zip({"a.csv"}), "list", 4)), "none");
  EXPECT_EQ(unpack_whole(zip({"a.csv"}), "list", 4).value_or(""), "x,y\n");
  EXPECT_EQ(error_of(unpack_whole(zip({"a.csv", "b"}), "list", 99)),
            "list: zip archive: holds more than one file, expected one");
  EXPECT_EQ(error_of(unpack_whole(zip({"a.csv"}), "list", 3)), "list: holds more than 3 bytes");
  EXPECT_NE(error_of(unpack_whole(zip({"a.csv"}).substr(0, 37), "list", 99)), "none");
  EXPECT_NE(error_of(unpack_whole(gzip("abc").substr(0, 15), "list", 9)), "none");
  EXPECT_EQ(error_of(unpack_whole(gzip(std::string(1 << 20, 'x')), "list", 999)),
            "list: holds more than 999 bytes");
}

TEST(Whole, replaces_a_file_and_leaves_nothing_beside_it) {
  const TemporaryFolder folder;
  ASSERT_TRUE(write_whole(folder / "out", "one"));
  EXPECT_EQ(read_whole(folder / "out", 99).value(), "one");
  ASSERT_EQ(::chmod((folder / "out").c_str(), 0600), 0);
  ASSERT_TRUE(write_whole(folder / "out", "two"));
  EXPECT_EQ(read_whole(folder / "out", 99).value(), "two");
  struct stat info {};
  ASSERT_EQ(::stat((folder / "out").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u) << "the mode stays";

  std::filesystem::create_symlink(folder / "out", folder / "link");
  ASSERT_TRUE(write_whole(folder / "link", "three"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(read_whole(folder / "out", 99).value(), "three");

  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(folder.path())) {
    ++entries;
  }
  EXPECT_EQ(entries, 2u);
}

TEST(Whole, does_not_write_where_it_cannot) {
  const TemporaryFolder folder;
  EXPECT_FALSE(write_whole(folder / "no/such/folder", "x"));
  EXPECT_FALSE(write_whole(folder.path(), "x"));
}

}  // namespace
}  // namespace spoor
