#include "io/opened_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/test_support.h"

namespace spoor {
namespace {

/// All that a stream says, as text.
std::string text_of(ChunkStream& stream) {
  std::string all;
  for (Chunk chunk; stream.next(chunk).value_or(false);)
    all += chunk.text.substr(chunk.overlap);
  return all;
}

std::unique_ptr<OpenedFile> opened(const std::string& path) {
  auto file = OpenedFile::open(path);
  EXPECT_TRUE(file) << path;
  return file ? *std::move(file) : nullptr;
}

TEST(OpenedFile, is_read_through_rename_and_deletion) {
  const TemporaryFolder folder;
  folder.write("a.log", "one\ntwo\n");
  const auto file = opened(folder / "a.log");
  std::filesystem::rename(folder / "a.log", folder / "a.log.1");
  folder.write("a.log", "another\n");
  EXPECT_EQ(file->read_at(0, 100), "one\ntwo\n");
  EXPECT_EQ(file->read_at(4, 3), "two");
  EXPECT_EQ(file->read_at(8, 3), "");
  const auto there = file_state(folder / "a.log.1");
  ASSERT_TRUE(there);
  EXPECT_EQ(there->inode, file->state().inode);
  std::filesystem::remove(folder / "a.log.1");
  file->look_again();
  EXPECT_EQ(file->state().links, 0u);
  EXPECT_EQ(file->state().size, 8u);
  EXPECT_EQ(file->read_at(0, 3), "one");
}

TEST(OpenedFile, knows_its_state_when_it_looked_last) {
  const TemporaryFolder folder;
  folder.write("a.log", "one\n");
  const auto file = opened(folder / "a.log");
  const FileState before = file->state();
  EXPECT_TRUE(before.same_as(*file_state(folder / "a.log")));
  std::ofstream(folder / "a.log", std::ios::app) << "two\n";
  EXPECT_EQ(file->state().size, 4u);
  file->look_again();
  EXPECT_EQ(file->state().size, 8u);
  EXPECT_FALSE(file->state().same_as(before));
}

TEST(OpenedFile, follows_no_link_where_none_may_be) {
  const TemporaryFolder folder;
  std::ofstream(folder / "a.log") << "one\n";
  std::filesystem::create_symlink(folder / "a.log", folder / "link.log");
  const std::string real = std::filesystem::canonical(folder.path()).string();
  EXPECT_TRUE(OpenedFile::open(real + "/link.log"));
  EXPECT_FALSE(OpenedFile::open(real + "/link.log", true));
  EXPECT_TRUE(OpenedFile::open(real + "/a.log", true));
}

TEST(OpenedFile, is_a_regular_file_and_no_other) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  const auto fifo = OpenedFile::open(folder / "fifo");  // and does not wait for a writer
  ASSERT_FALSE(fifo);
  EXPECT_EQ(fifo.error().message, "is no regular file");
  const auto absent = OpenedFile::open(folder / "absent");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message, "no such file or directory");
  EXPECT_FALSE(file_state(folder / "fifo"));
  EXPECT_FALSE(file_state(folder / "absent"));
  EXPECT_FALSE(file_state(folder.path()));
}

TEST(OpenedFile, tells_how_its_content_is_packed) {
  const TemporaryFolder folder;
  const std::pair<std::string, FileForm> cases[] = {
      {"plain text\n", FileForm::kPlain},
      {"", FileForm::kPlain},
      {gzip("text\n"), FileForm::kCompressed},
      {zstd("text\n"), FileForm::kCompressed},
      {packed(Pack::kZip, {{"a", "text\n"}}), FileForm::kArchive},
      {gzip(packed(Pack::kTar, {{"a", "text\n"}})), FileForm::kArchive},
  };
  int number = 0;
  for (const auto& [bytes, form] : cases) {
    const std::string name = "file" + std::to_string(number++);
    folder.write(name, bytes);
    EXPECT_EQ(opened(folder / name)->form({}), form) << name;
  }
}

TEST(OpenedFile, gives_its_content_from_the_begin_each_time) {
  const TemporaryFolder folder;
  folder.write("a.gz", gzip("one\ntwo\n"));
  const auto file = opened(folder / "a.gz");
  for (int turn = 0; turn < 2; ++turn) {
    std::string all(100, '\0');
    std::size_t size = 0;
    const auto reader = file->content({});
    while (const std::size_t count = reader->read(all.data() + size, 3)) size += count;
    EXPECT_EQ(all.substr(0, size), "one\ntwo\n");
  }
  Member member;
  const auto members = file->members({});
  ASSERT_TRUE(members);
  ASSERT_TRUE((*members)->next(member));
  EXPECT_EQ(text_of(*member.stream), "one\ntwo\n");
}

TEST(OpenedFile, gives_a_part_with_its_places) {
  const TemporaryFolder folder;
  folder.write("a.log", "one\ntwo\nthree\nfo");
  const auto file = opened(folder / "a.log");
  const auto part = file->part({4, 14, 2, std::nullopt}, {});
  ASSERT_TRUE(part);
  Member member;
  ASSERT_TRUE((*part)->next(member));
  ChunkStream& stream = *member.stream;
  Chunk chunk;
  ASSERT_TRUE(stream.next(chunk).value_or(false));
  EXPECT_EQ(chunk.text, "two\nthree\n");
  EXPECT_EQ(chunk.offset, 4u);
  EXPECT_EQ(chunk.line, 2u);
  EXPECT_FALSE(stream.next(chunk).value_or(true));
  EXPECT_EQ(stream.counters().bytes_read, 10u);
  EXPECT_EQ(stream.counters().lines, 2u);
}

TEST(OpenedFile, a_part_of_what_was_cut_short_ends_early) {
  const TemporaryFolder folder;
  folder.write("a.log", "one\ntwo\nthree\n");
  const auto file = opened(folder / "a.log");
  std::filesystem::resize_file(folder / "a.log", 8);
  const auto part = file->part({4, 14, 2, std::nullopt}, {});
  ASSERT_TRUE(part);
  Member member;
  ASSERT_TRUE((*part)->next(member));
  EXPECT_EQ(text_of(*member.stream), "two\n");
}

}  // namespace
}  // namespace spoor
