#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "io/archive.h"
#include "io/source.h"
#include "io/test_support.h"

namespace spoor {
namespace {

using namespace std::string_literals;

/// What a file holds, in words: "name=text" a member, "~name: reason" a skip (with '!' where it
/// makes the answer partial).
struct Held {
  std::vector<std::string> lines;
  std::uint64_t bytes_read = 0;

  std::string text() const {
    std::string all;
    for (const std::string& line : lines) all += line + "|";
    return all;
  }
};

void note(const std::vector<Skip>& skips, const std::string& inner, Held& held) {
  for (const Skip& skip : skips) {
    held.lines.push_back("~" + (skip.file.empty() ? inner : skip.file) + ": " + skip.reason +
                         (skip.incomplete ? "!" : ""));
  }
}

Held held_in(MemberStream& members) {
  Held held;
  Member member;
  bool more = true;
  while (more) {
    more = members.next(member);
    note(members.take_skips(), "", held);
    if (!more) break;
    std::string text;
    Chunk chunk;
    for (;;) {
      const Result<bool> got = member.stream->next(chunk);
      if (!got || !*got) break;
      text += chunk.text.substr(chunk.overlap);
    }
    held.bytes_read += member.stream->counters().bytes_read;
    EXPECT_EQ(member.stream->counters().bytes_decoded, text.size());
    held.lines.push_back(member.inner + "=" + text);
    note(member.stream->skips(), member.inner, held);
  }
  held.bytes_read += members.bytes_behind();
  EXPECT_FALSE(members.next(member)) << "the end is for ever";
  return held;
}

Held held_in(const std::string& bytes, const StreamOptions& options = {}) {
  const auto members = open_memory_members(bytes, options);
  return held_in(*members);
}

std::string with(std::string bytes, std::string_view what, std::string_view instead) {
  const std::size_t at = bytes.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return bytes.replace(at, what.size(), instead);
}

struct MembersCase {
  const char* name;
  std::string bytes, expected;
};

std::vector<MembersCase> cases() {
  const std::vector<Packed> two = {{"var/log/a.log", "evil.example\n"},
                                   {"b!c%.log", "second\n"}};
  const std::string two_told = "var/log/a.log=evil.example\n|b%21c%25.log=second\n|";
  const std::vector<Packed> things = {
      {"folder", "", "", true}, {"link", "", "../../etc/passwd"}, {"/abs/../up", "content\n"}};
  const std::vector<Packed> squeezed = {{"x.gz", gzip("one\n")},
                                        {"y.zst", zstd("two\n") + "tail"}};
  const std::string inner = packed(Pack::kZip, two);
  const std::string nested = packed(Pack::kTar, {{"in.zip", inner}, {"after", "after\n"}});
  return {
      {"a plain file is its own member", "text\n", "=text\n|"},
      {"an empty file too", "", "=|"},
      {"a compressed file too", gzip("text\n"), "=text\n|"},
      {"zip", packed(Pack::kZip, two), two_told},
      {"zip, stored", packed(Pack::kZipStored, two), two_told},
      {"tar", packed(Pack::kTar, two), two_told},
      {"7z", packed(Pack::k7z, two), two_told},
      {"tar.gz", gzip(packed(Pack::kTar, two)), two_told},
      {"tar.zst", zstd(packed(Pack::kTar, two)), two_told},
      {"tar.xz", xz(packed(Pack::kTar, two)), two_told},
      {"tar.bz2", bzip2(packed(Pack::kTar, two)), two_told},
      {"tar.lz4", lz4(packed(Pack::kTar, two)), two_told},
      {"zip in gzip", gzip(packed(Pack::kZip, two)), two_told},
      {"7z in xz", xz(packed(Pack::k7z, two)), two_told},
      {"two tars in one file", packed(Pack::kTar, two) + packed(Pack::kTar, {{"c", "third\n"}}),
       two_told + "c=third\n|"},
      {"links are passed over, folders are no files, names are only names",
       packed(Pack::kTar, things),
       "~link: is a link to ../../etc/passwd|/abs/../up=content\n|"},
      {"links in a zip", packed(Pack::kZip, things),
       "~link: is a link to ../../etc/passwd|/abs/../up=content\n|"},
      {"compressed members are decoded", packed(Pack::kZip, squeezed),
       "x.gz=one\n|y.zst=two\n|~y.zst: 4 bytes after the last zstd frame!|"},
      {"archives in archives", nested,
       "in.zip!var/log/a.log=evil.example\n|in.zip!b%21c%25.log=second\n|after=after\n|"},
      {"an archive in a tar.gz", gzip(nested),
       "in.zip!var/log/a.log=evil.example\n|in.zip!b%21c%25.log=second\n|after=after\n|"},
      {"an encrypted member", packed(Pack::kZip, {{"secret", "text\n"}}, "word"),
       "~secret: is encrypted!|"},
      {"a zip of nothing is a file", packed(Pack::kZip, {}), "=PK"},
      {"a damaged member keeps its content",
       with(packed(Pack::kZipStored, two), "evil.example", "evil.exbmple"),
       "var/log/a.log=evil.exbmple\n|~var/log/a.log: ZIP bad CRC: 0x"},
      {"a text that begins like a zip is scanned as it is", "PK\x03\x04 is how a zip begins\n",
       "~: zip: "},
      {"a tar cut in its second member", packed(Pack::kTar, two).substr(0, 1540),
       "var/log/a.log=evil.example\n|"},
      {"a gzip cut in the middle of a tar",
       gzip(packed(Pack::kTar, {{"a", std::string(200'000, 'x')}})).substr(0, 150), "a=x"},
  };
}

TEST(Members, tells_what_a_file_holds) {
  for (const MembersCase& each : cases()) {
    const std::string got = held_in(each.bytes).text();
    EXPECT_EQ(got.substr(0, each.expected.size()), each.expected) << each.name << ": " << got;
    // Cases that end in the middle of what is told are those whose words are libarchive's.
    if (each.expected.empty() || each.expected.back() == '|') {
      if (std::string(each.name).find(" cut ") == std::string::npos) {
        EXPECT_EQ(got, each.expected) << each.name;
      } else {
        EXPECT_NE(got.find("!|"), std::string::npos) << each.name << ": " << got;
      }
    }
  }
}

TEST(Members, a_text_that_begins_like_an_archive_hides_nothing) {
  for (const std::string& magic : {"PK\x03\x04"s, "7z\xbc\xaf\x27\x1c"s}) {
    const std::string text = magic + " in the first line\nquery: evil.example\n";
    for (const std::string& bytes : {text, gzip(text), packed(Pack::kTar, {{"m", text}})}) {
      const std::string got = held_in(bytes).text();
      EXPECT_NE(got.find("=" + text), std::string::npos) << got;
      EXPECT_NE(got.find("no member was found, its bytes were scanned!"), std::string::npos)
          << got;
    }
  }
}

TEST(Members, every_byte_of_the_file_is_counted_once) {
  const std::string text(300'000, 'x');
  const TemporaryFolder folder;
  for (const Pack pack : {Pack::kZip, Pack::kZipStored, Pack::kTar, Pack::k7z}) {
    const std::string bytes = packed(pack, {{"a", text}, {"link", "", "a"}, {"b", text}});
    EXPECT_EQ(held_in(bytes).bytes_read, bytes.size()) << static_cast<int>(pack);
    EXPECT_EQ(held_in(gzip(bytes)).bytes_read, gzip(bytes).size()) << static_cast<int>(pack);
    folder.write("file", bytes);
    InputFile file;
    file.path = folder / "file";
    auto members = open_members(file, {});
    ASSERT_TRUE(members);
    EXPECT_EQ(held_in(**members).bytes_read, bytes.size()) << static_cast<int>(pack);
  }
  const std::string nothing = packed(Pack::kZip, {});
  EXPECT_EQ(held_in(nothing).bytes_read, nothing.size());
}

TEST(Members, knows_when_a_member_was_changed) {
  const auto members = open_memory_members(packed(Pack::kTar, {{"a", "x"}}), {});
  Member member;
  ASSERT_TRUE(members->next(member));
  ASSERT_TRUE(member.modified);
  EXPECT_EQ(*member.modified, Time(Micros(1'700'000'000'000'000)));
}

TEST(Members, a_member_of_a_zip_may_be_up_to_26_hours_younger) {
  // Its time may be a clock of nobody knows which zone.
  for (const Pack pack : {Pack::kZip, Pack::k7z}) {
    const auto members = open_memory_members(packed(pack, {{"a", "x"}}), {});
    Member member;
    ASSERT_TRUE(members->next(member));
    ASSERT_TRUE(member.modified);
    const auto late = std::chrono::hours(pack == Pack::kZip ? 26 : 0);
    EXPECT_EQ(*member.modified, Time(Micros(1'700'000'000'000'000)) + late);
  }
}

TEST(Members, a_gzip_in_an_archive_says_when_its_content_was_changed) {
  const auto members = open_memory_members(
      packed(Pack::kTar, {{"a.gz", stamped(gzip("x\n"), 1'600'000'000)}, {"b", "y\n"}}), {});
  Member member;
  Chunk chunk;
  ASSERT_TRUE(members->next(member));
  ASSERT_TRUE(*member.stream->next(chunk));
  EXPECT_EQ(chunk.modified, Time(Micros(1'600'000'000'000'000)));
  ASSERT_TRUE(members->next(member));
  ASSERT_TRUE(*member.stream->next(chunk));
  EXPECT_EQ(chunk.modified, std::nullopt);
}

TEST(Members, a_member_that_was_not_read_is_passed_over) {
  for (const Pack pack : {Pack::kZip, Pack::kZipStored, Pack::kTar, Pack::k7z}) {
    const auto members =
        open_memory_members(packed(pack, {{"a", std::string(1 << 20, 'x')}, {"b", "y"}}), {});
    Member member;
    ASSERT_TRUE(members->next(member));
    ASSERT_TRUE(members->next(member)) << static_cast<int>(pack);
    EXPECT_EQ(member.inner, "b");
    EXPECT_TRUE(members->take_skips().empty());
  }
}

TEST(Members, bombs_are_stopped_and_said) {
  const std::string zeros(32 << 20, '\0');
  std::string nested = packed(Pack::kZip, {{"z", zeros}});
  for (int level = 0; level < 3; ++level)
    nested = packed(Pack::kZip, {{"1", nested}, {"2", nested}, {"3", nested}});
  std::vector<Packed> many;
  for (int i = 0; i < 50; ++i) many.push_back({"m" + std::to_string(i), "x"});

  StreamOptions ratio;
  ratio.expansion_floor = 1 << 20;
  ratio.expansion_limit = 100;
  StreamOptions total;
  total.decoded_limit = 4 << 20;
  StreamOptions depth;
  depth.archive_depth = 2;
  StreamOptions members;
  members.member_limit = 20;
  StreamOptions memory;
  memory.archive_memory = 1000;
  StreamOptions none;
  none.archive_depth = 0;
  const std::string deep = packed(
      Pack::kTar, {{"a", packed(Pack::kTar, {{"b", packed(Pack::kTar, {{"c", "deep\n"}})}})}});
  const std::string noise = [] {
    std::string text;
    std::uint32_t state = 1;
    for (int i = 0; i < 5000; ++i) text += static_cast<char>((state = state * 69069 + 1) >> 24);
    return text;
  }();
  const struct {
    const char* name;
    std::string bytes;
    StreamOptions options;
    const char* said;
  } bombs[] = {
      {"a zip of zeros", packed(Pack::kZip, {{"z", zeros}}), ratio,
       "decompresses to more than 100 times its size: stopped after "},
      {"zips of zips", nested, ratio, "decompresses to more than 100 times its size"},
      {"the members behind are told", packed(Pack::kZip, {{"z", zeros}, {"y", "text"}}), ratio,
       "; the members behind were not read!"},
      {"a tar.gz of zeros", gzip(packed(Pack::kTar, {{"z", zeros}})), ratio,
       "decompresses to more than 100 times its size"},
      {"a total", gzip(gzip(packed(Pack::kTar, {{"z", zeros}}))), total,
       "decompresses to more than 4194304 bytes: stopped after "},
      {"depth", deep, depth,
       "~a!b: is a tar archive at a depth of more than 2, not unpacked: only its raw bytes "
       "were "
       "scanned!"},
      {"no archive at all", deep, none, "~: is a tar archive at a depth of more than 0"},
      {"members", packed(Pack::kTar, many), members,
       "holds more than 20 members: those behind were not read!"},
      {"a 7z that is larger than the memory for it",
       packed(Pack::kTar, {{"x.7z", packed(Pack::k7z, {{"n", noise}})}}), memory,
       "is a 7z archive of more than 1000 bytes inside another file"},
  };
  for (const auto& bomb : bombs) {
    const auto stream = open_memory_members(bomb.bytes, bomb.options);
    const Held held = held_in(*stream);
    EXPECT_NE(held.text().find(bomb.said), std::string::npos) << bomb.name;
    EXPECT_LT(held.text().size(), 8u << 20) << bomb.name;
  }
}

TEST(Members, a_large_zip_inside_another_file_is_read_by_its_local_headers) {
  StreamOptions options;
  options.archive_memory = 100;
  EXPECT_EQ(held_in(gzip(packed(Pack::kZip, {{"a", "one\n"}, {"b", "two\n"}})), options).text(),
            "a=one\n|b=two\n|");
}

TEST(Members, every_cut_of_every_archive_ends_and_is_said) {
  const std::vector<Packed> things = {{"a", "evil.example\n"}, {"b", std::string(900, 'b')}};
  for (const Pack pack : {Pack::kZip, Pack::kTar, Pack::k7z}) {
    const std::string whole = packed(pack, things);
    for (std::size_t cut = 1; cut < std::min<std::size_t>(whole.size(), 2048); cut += 7) {
      const std::string got = held_in(whole.substr(0, cut)).text();
      EXPECT_NE(got.find("="), std::string::npos) << static_cast<int>(pack) << ' ' << cut;
    }
  }
}

/// The real logs: every file opens, and none has a gap but those that are made to have one.
TEST(Members, every_file_of_the_corpus_opens) {
  const char* shared = std::getenv("SPOOR_SHARED");
  const std::string root =
      (shared != nullptr ? std::string(shared) : "../shared") + "/corpus/logs";
  if (!std::filesystem::is_directory(root))
    GTEST_SKIP() << "no corpus at " << root << "; set SPOOR_SHARED to the folder that holds it";
  std::vector<std::string> gaps;
  std::size_t files = 0, members = 0, unfolded = 0;
  walk(
      {root},
      [&](const InputFile& file) {
        ++files;
        auto held = open_members(file, {});
        ASSERT_TRUE(held) << file.shown;
        Member member;
        std::uint64_t read = 0;
        const auto gap = [&](const std::vector<Skip>& skips) {
          for (const Skip& skip : skips) {
            if (skip.incomplete)
              gaps.push_back(file.shown.substr(root.size() + 1) + ": " + skip.reason);
          }
        };
        bool more = true;
        while (more) {
          more = (*held)->next(member);
          gap((*held)->take_skips());
          if (!more) break;
          ++members;
          if (!member.inner.empty()) ++unfolded;
          Chunk chunk;
          while (member.stream->next(chunk).value_or(false)) continue;
          gap(member.stream->skips());
          read += member.stream->counters().bytes_read;
        }
        EXPECT_EQ(read + (*held)->bytes_behind(), file.size) << file.shown;
      },
      [&](const Skip& skip) { ADD_FAILURE() << skip.file << ": " << skip.reason; });
  EXPECT_GT(files, 700u);
  EXPECT_GE(members, files);
  EXPECT_GE(unfolded, 16u) << "archives among them";
  for (const std::string& each : gaps) {
    // Event logs that are damaged: evtx_corpus_test.cpp counts what is left of each.
    const bool event_log = each.substr(0, 5) == "evtx/" && each.find(": evtx: ") < each.size();
    EXPECT_TRUE(event_log || each.substr(0, 24) == "odd/http.log.corrupt.gz:") << each;
  }
  EXPECT_FALSE(gaps.empty()) << "odd/http.log.corrupt.gz is damaged";
}

}  // namespace
}  // namespace spoor
