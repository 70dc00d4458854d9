// The account of the bytes of a file, whatever the order they were read in.

#include "io/raw_account.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "io/opened_file.h"
#include "io/pack.h"
#include "io/test_support.h"

namespace spoor {
namespace {

/// Reads all members of `path` and returns what was noted of the file.
FileIdentity read_through(const std::string& path, std::string* text = nullptr) {
  InputFile file;
  file.shown = file.path = file.absolute = path;
  file.named = true;
  StreamOptions options;
  options.digest = true;
  auto members = open_members(file, options);
  EXPECT_TRUE(members.has_value());
  Member member;
  while ((*members)->next(member)) {
    Chunk chunk;
    for (auto more = member.stream->next(chunk); more && *more;
         more = member.stream->next(chunk)) {
      if (text != nullptr) *text += chunk.text;
    }
  }
  return (*members)->identity();
}

struct Form {
  const char* name;
  std::string bytes;
};

TEST(RawAccount, digest_is_that_of_the_whole_file_in_every_form) {
  const TemporaryFolder folder;
  const std::string text = "one\ntwo evil.example\n";
  const Form forms[] = {
      {"plain", text},
      {"empty", ""},
      {"gzip", gzip_member(text)},
      {"two_members", gzip_member("one\n") + gzip_member("two\n")},
      {"truncated", gzip_member(std::string(5000, 'a') + text).substr(0, 20)},
      {"garbage_behind", gzip_member(text) + "garbage"},
      {"zip", packed(Pack::kZip, {{"a.log", text}, {"b.log", std::string(300'000, 'x')}})},
      {"tar", packed(Pack::kTar, {{"a.log", text}, {"b.log", text}})},
      {"7z", packed(Pack::k7z, {{"a.log", text}})},
  };
  for (const Form& form : forms) {
    folder.write(form.name, form.bytes);
    const std::string path = folder / form.name;
    const FileIdentity identity = read_through(path);
    EXPECT_EQ(identity.size, form.bytes.size()) << form.name;
    EXPECT_EQ(identity.digest_bytes, form.bytes.size()) << form.name;
    EXPECT_LE(identity.bytes_read, form.bytes.size()) << form.name;
    ASSERT_TRUE(identity.digest.has_value()) << form.name;
    EXPECT_EQ(*identity.digest, xxh3_128(form.bytes)) << form.name;
    const auto again = identify(path, {0, form.bytes.size()});
    ASSERT_TRUE(again.has_value()) << form.name;
    EXPECT_EQ(again->digest, identity.digest) << form.name;
    EXPECT_EQ(again->modified, identity.modified) << form.name;
  }
}

TEST(RawAccount, jumps_and_repeated_reads_count_each_byte_once) {
  RawAccount account(true);
  const std::string text = "abcdefghij";
  const auto add = [&](std::size_t at, std::size_t count, std::uint64_t covered) {
    account.add(at, std::string_view(text).substr(at, count), covered);
  };
  add(8, 2, 2);  // the list at the end first
  add(0, 4, 6);
  add(2, 4, 8);  // half of it again
  add(6, 2, 10);
  FileIdentity identity = account.identity();
  EXPECT_EQ(identity.bytes_read, 10u);
  EXPECT_EQ(identity.digest_bytes, 8u);  // no file to read the rest from
  EXPECT_EQ(*identity.digest, xxh3_128("abcdefgh"));
}

TEST(RawAccount, no_digest_unless_asked_for) {
  RawAccount account(false);
  account.add(0, "abc", 3);
  EXPECT_FALSE(account.identity().digest.has_value());
  EXPECT_EQ(account.identity().bytes_read, 3u);
}

TEST(Identify, digests_a_prefix_and_refuses_what_is_no_file) {
  const TemporaryFolder folder;
  folder.write("log", "abcdef");
  const std::string path = folder / "log";
  const auto prefix = identify(path, {0, 3});
  ASSERT_TRUE(prefix.has_value());
  EXPECT_EQ(prefix->size, 6u);
  EXPECT_EQ(*prefix->digest, xxh3_128("abc"));
  const auto shorter = identify(path, {0, 100});
  ASSERT_TRUE(shorter.has_value());
  EXPECT_EQ(shorter->digest_bytes, 6u);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(identify(folder / "pipe", {0, 1}).error().message, "is no regular file");
  EXPECT_EQ(identify(folder / "absent", {0, 1}).error().message, "no such file or directory");
}

TEST(Pack, what_is_packed_is_read_again) {
  const TemporaryFolder folder;
  std::string text;
  folder.write("a.gz", gzip_member("one\ntwo\n"));
  read_through(folder / "a.gz", &text);
  EXPECT_EQ(text, "one\ntwo\n");
  EXPECT_EQ(utf16_text("ab"), std::string("\xff\xfe"
                                          "a\0b\0",
                                          6));
}

TEST(RawAccount, of_a_part_says_where_it_began_and_what_its_bytes_are) {
  const TemporaryFolder folder;
  const std::string text = "one\ntwo\nthree\n";
  const std::string path = folder / "a.log";
  folder.write("a.log", text);
  auto file = OpenedFile::open(path);
  ASSERT_TRUE(file.has_value());
  StreamOptions options;
  options.digest = true;
  StreamStart start;
  start.offset = 4;
  start.end = 8;
  start.line = 2;
  auto part = (*file)->part(start, options);
  ASSERT_TRUE(part.has_value()) << part.error().message;
  Member member;
  ASSERT_TRUE((*part)->next(member));
  EXPECT_EQ(member.inner, "");
  Chunk chunk;
  std::string read;
  for (auto more = member.stream->next(chunk); more && *more; more = member.stream->next(chunk))
    read += chunk.text;
  EXPECT_EQ(read, "two\n");
  EXPECT_FALSE((*part)->next(member));
  const FileIdentity identity = (*part)->identity();
  EXPECT_EQ(identity.from, 4u);
  EXPECT_EQ(identity.size, 8u);
  EXPECT_EQ(identity.bytes_read, 4u);
  EXPECT_EQ(identity.digest_bytes, 4u);
  EXPECT_EQ(identity.digest, xxh3_128("two\n"));
  EXPECT_EQ(identify(path, {4, 4})->digest, identity.digest);
  EXPECT_EQ(identify(path, {100, 4})->digest_bytes, 0u);

  const auto whole = (*file)->members(options);
  ASSERT_TRUE(whole.has_value());
  ASSERT_TRUE((*whole)->next(member));
  while (const auto more = member.stream->next(chunk)) {
    if (!*more) break;
  }
  EXPECT_FALSE((*whole)->next(member));
  EXPECT_EQ((*whole)->identity().digest, xxh3_128(text));

  std::filesystem::create_symlink(path, folder / "link");
  EXPECT_TRUE(identify(folder / "link", {0, 4}).has_value());
  EXPECT_FALSE(identify(folder / "link", {0, 4, true}).has_value());
}

}  // namespace
}  // namespace spoor
