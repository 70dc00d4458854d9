// Zips in parts beside zips in order, read by libarchive alone: the same members, bytes, gaps,
// counts and identity, whatever is wrong with the archive and whoever helps.

#include "io/zip_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "io/helpers_test_support.h"
#include "io/parallel.h"
#include "io/test_support.h"
#include "io/test_zip_builder.h"

namespace spoor {
namespace {

/// One thread: every part is decoded when its turn comes. Counts what is offered.
class NobodyHelps final : public Helpers {
 public:
  explicit NobodyHelps(unsigned threads = 1) : threads_(threads) {}
  unsigned threads() const override { return threads_; }
  void offer(std::shared_ptr<SharedWork>) override { ++offered; }
  std::atomic<int> offered{0};

 private:
  unsigned threads_;
};

/// All that can be known of a file from its stream, a line a thing.
std::vector<std::string> told_by(MemberStream& members, bool with_numbers = true) {
  std::vector<std::string> told;
  const auto tell = [&](const std::vector<Skip>& skips) {
    for (const Skip& skip : skips)
      told.push_back("~" + skip.file + ": " + skip.reason + " " + std::to_string(skip.bytes) +
                     (skip.incomplete ? "!" : ""));
  };
  Member member;
  for (;;) {
    const bool more = members.next(member);
    tell(members.take_skips());
    if (!more) break;
    std::string text;
    Chunk chunk;
    while (member.stream->next(chunk).value_or(false)) text += chunk.text.substr(chunk.overlap);
    const StreamCounters& count = member.stream->counters();
    told.push_back(member.inner + " of " +
                   (member.modified
                        ? std::to_string(member.modified->time_since_epoch().count())
                        : "no time"));
    told.push_back(text);
    if (with_numbers)
      told.push_back(std::to_string(count.bytes_read) + " " +
                     std::to_string(count.bytes_decoded) + " " + std::to_string(count.lines) +
                     " " + member.stream->decoders());
    tell(member.stream->skips());
  }
  if (with_numbers) told.push_back("behind " + std::to_string(members.bytes_behind()));
  return told;
}

std::vector<std::string> told_of(const std::string& bytes, Helpers* helpers,
                                 StreamOptions options = {}) {
  options.helpers = helpers;
  const auto members = open_memory_members(bytes, options);
  return told_by(*members);
}

/// The place of the first difference, in words; "" where there is none.
std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& got) {
  for (std::size_t i = 0; i < std::max(expected.size(), got.size()); ++i) {
    const std::string left = i < expected.size() ? expected[i] : "(nothing)";
    const std::string right = i < got.size() ? got[i] : "(nothing)";
    if (left != right)
      return std::to_string(i) + ": expected " + left.substr(0, 300) + " (" +
             std::to_string(left.size()) + " bytes), got " + right.substr(0, 300) + " (" +
             std::to_string(right.size()) + " bytes)";
  }
  return {};
}

/// Text like a log's, never the same for two seeds; compressible or not.
std::string content(std::size_t bytes, unsigned seed, bool noise = false) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) {
    if (noise) {
      text += static_cast<char>(random() % 8 == 0 ? '\n' : random());
    } else {
      text += "host" + std::to_string(random() % 99) + " from 198.51.100." +
              std::to_string(random() % 256) + " port " + std::to_string(random()) + "\n";
    }
  }
  text.resize(bytes);
  return text;
}

struct Zip {
  std::string name, bytes;
};

/// As customers send them, and as nobody would.
std::vector<Zip> shapes() {
  std::vector<ZipThing> logs, tiny;
  for (unsigned i = 0; i < 40; ++i) {
    ZipThing thing{"var/log/" + std::to_string(i) + ".log", content(20'000 + i * 9'000, i)};
    thing.deflate = i % 5 != 0;
    thing.descriptor = i % 7 == 3;
    thing.zip64 = i % 6 == 1;
    logs.push_back(thing);
  }
  for (unsigned i = 0; i < 2'000; ++i)
    tiny.push_back({"t" + std::to_string(i), content(i % 40, i), i % 2 == 0});
  const std::string inner = packed(Pack::kZip, {{"in.log", content(50'000, 1)}});
  const std::vector<ZipThing> nested = {
      {"a.gz", gzip(content(400'000, 2))},
      {"b.zip", inner, false},
      {"c.tar", packed(Pack::kTar, {{"x", "x\n"}, {"y.zip", inner}})},
      {"d.gz", gzip("one\n") + gzip("two\n"), false},
      {"e.7z", packed(Pack::k7z, {{"z", "z\n"}})}};
  const std::vector<ZipThing> odd = {
      {"empty", ""},
      {"empty, stored", "", false},
      {"folder/", "", false},
      {"", "no name\n"},
      {"\xff\xfe!%\n", "odd\n"},
      {"same", "1\n"},
      {"same", "2\n"},
      {"../../etc/passwd", "root\n"},
      {"back\\slash", "b\n"},
      {"\xc3\xa4.log", "u\n", true, false, false, true, "", "", "", {}, {}, {}, {}, {}, 0x800}};
  ZipEnds end64;
  end64.zip64 = true;
  return {
      {"logs", ZipBuilder::build(logs)},
      {"tiny members", ZipBuilder::build(tiny, end64)},
      {"noise", ZipBuilder::build({{"n", content(700'000, 3, true)},
                                   {"s", content(300'000, 4, true), false},
                                   {"z", "z\n"}})},
      {"nested", ZipBuilder::build(nested)},
      {"odd names", ZipBuilder::build(odd)},
      {"by libarchive", packed(Pack::kZip, {{"d", "", "", true},
                                            {"a", content(300'000, 5)},
                                            {"l", "", "a"},
                                            {"b", content(9, 6)}})},
  };
}

/// Archives with something wrong in them.
std::vector<Zip> lies() {
  const std::string a = content(300'000, 7), b = content(90'000, 8), c = content(500, 9);
  ZipEnds front, behind, comment;
  front.front = std::string("PK\x03\x04", 4) + std::string(300, 'f');
  behind.behind = std::string(500, 'b');
  comment.comment = std::string(20'000, 'c');
  const auto with_middle = [&](auto change) {
    std::vector<ZipThing> things = {{"a", a}, {"b", b}, {"c", c}};
    change(things[1]);
    return ZipBuilder::build(things);
  };
  return {
      {"a wrong sum", with_middle([](auto& t) { t.crc = 5; })},
      {"a wrong sum, stored", with_middle([](auto& t) { t.crc = 5, t.deflate = false; })},
      {"a wrong size", with_middle([](auto& t) { t.size = 89'999; })},
      {"a wrong size in the local header", with_middle([](auto& t) { t.local_size = 7; })},
      {"less compressed", with_middle([](auto& t) { t.compressed = 1000; })},
      {"another name in the local header", with_middle([](auto& t) { t.local_name = "q"; })},
      {"a longer name there", with_middle([](auto& t) { t.local_name = "queue"; })},
      {"a folder's name there", with_middle([](auto& t) { t.local_name = "/"; })},
      {"an extra field there",
       with_middle([](auto& t) { t.extra = std::string("\1\2\2\0xy", 6); })},
      {"a broken extra field",
       with_middle([](auto& t) { t.extra = std::string("\1\2\xff\0xy", 6); })},
      {"encrypted, it says", with_middle([](auto& t) { t.flags = 1; })},
      {"an unknown method", with_middle([](auto& t) { t.method = 77; })},
      {"a link", with_middle([](auto& t) { t.mode = 0120777; })},
      {"not in the list", with_middle([](auto& t) { t.in_list = false; })},
      {"one content twice", with_middle([](auto& t) { t.begin = 0; })},
      {"begins nowhere", with_middle([](auto& t) { t.begin = 17; })},
      {"bytes between", with_middle([](auto& t) { t.gap = std::string(3'000, 'g'); })},
      {"many bytes between", with_middle([](auto& t) { t.gap = std::string(300'000, 'g'); })},
      {"bytes in front", ZipBuilder::build({{"a", a}, {"b", b}}, front)},
      {"bytes behind", ZipBuilder::build({{"a", a}, {"b", b}}, behind)},
      {"a long comment", ZipBuilder::build({{"a", a}, {"b", b}}, comment)},
  };
}

void expect_same(const Zip& zip, TestHelpers& helpers, const std::string& what) {
  const auto expected = told_of(zip.bytes, nullptr);
  NobodyHelps alone;
  EXPECT_EQ(difference(expected, told_of(zip.bytes, &alone)), "") << what << ", alone";
  EXPECT_EQ(difference(expected, told_of(zip.bytes, &helpers)), "") << what << ", helped";
}

TEST(ZipReader, gives_what_libarchive_gives) {
  TestHelpers helpers(3);
  for (const Zip& zip : shapes()) expect_same(zip, helpers, zip.name);
  for (const Zip& zip : lies()) expect_same(zip, helpers, zip.name);
}

TEST(ZipReader, offers_members_to_others) {
  NobodyHelps helpers(4);
  told_of(shapes()[0].bytes, &helpers);
  EXPECT_GE(helpers.offered, 5);
  EXPECT_EQ(helpers.charged(), 0u) << "what was charged is given back";
}

TEST(ZipReader, says_of_damage_what_libarchive_says) {
  TestHelpers helpers(3);
  std::mt19937 random(11);
  for (const Zip& zip : shapes()) {
    const int times = zip.bytes.size() > 500'000 ? 6 : 24;
    for (int i = 0; i < times; ++i) {
      std::string bytes = zip.bytes;
      // Anywhere, or among the list.
      const std::size_t span =
          i % 2 == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 900);
      const std::size_t at = bytes.size() - 1 - random() % span;
      switch (random() % 4) {
        case 0:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
          break;
        case 1:
          bytes.resize(at);
          break;
        case 2:
          bytes.erase(at, 1 + random() % 100);
          break;
        default:
          bytes.insert(at, bytes.substr(random() % bytes.size(), 1 + random() % 100));
          break;
      }
      expect_same({zip.name, bytes}, helpers, zip.name + ", damage " + std::to_string(i));
    }
  }
}

/// A large member between small ones: stored, deflated, and damaged at three quarters.
std::vector<Zip> large_ones() {
  std::vector<Zip> zips;
  const std::string large = content(Unit::kMostBytes + 4'000'000, 12);
  for (const bool deflate : {true, false}) {
    const std::vector<ZipThing> things = {{"a", content(900, 13)},
                                          {"large", large, deflate},
                                          {"b", content(90'000, 14)},
                                          {"c", content(9'000, 15)}};
    Zip zip{deflate ? "deflated" : "stored", ZipBuilder::build(things)};
    Zip damaged{zip.name + ", damaged", zip.bytes};
    damaged.bytes[zip.bytes.size() / 4 * 3] ^= 0x10;
    zips.push_back(std::move(zip));
    zips.push_back(std::move(damaged));
  }
  return zips;
}

TEST(ZipReader, streams_a_large_member) {
  TestHelpers helpers(3);
  for (const Zip& zip : large_ones()) expect_same(zip, helpers, zip.name);
}

TEST(ZipReader, knows_the_file_as_libarchive_does) {
  const TemporaryFolder folder;
  TestHelpers helpers(3);
  std::vector<Zip> all = shapes();
  for (Zip& each : lies()) all.push_back(std::move(each));
  for (const Zip& zip : all) {
    folder.write("file", zip.bytes);
    InputFile file;
    file.path = folder / "file";
    const auto identity = [&](Helpers* who) {
      StreamOptions options;
      options.helpers = who;
      options.digest = true;
      auto members = open_members(file, options);
      EXPECT_TRUE(members);
      told_by(**members);
      return (*members)->identity();
    };
    const FileIdentity expected = identity(nullptr), got = identity(&helpers);
    EXPECT_EQ(expected.bytes_read, got.bytes_read) << zip.name;
    EXPECT_EQ(expected.digest_bytes, got.digest_bytes) << zip.name;
    EXPECT_TRUE(expected.digest == got.digest) << zip.name;
  }
}

/// Zips of public logs, by whatever program.
TEST(ZipReader, gives_the_logs_of_the_corpus) {
  const char* shared = std::getenv("SPOOR_SHARED");
  const std::string root =
      (shared != nullptr ? std::string(shared) : "../shared") + "/corpus/logs";
  if (!std::filesystem::is_directory(root))
    GTEST_SKIP() << "no corpus at " << root << "; set SPOOR_SHARED to the folder that holds it";
  TestHelpers helpers(3);
  int zips = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".zip") continue;
    ++zips;
    InputFile file;
    file.path = entry.path().string();
    const auto told = [&](Helpers* who) {
      StreamOptions options;
      options.helpers = who;
      auto members = open_members(file, options);
      EXPECT_TRUE(members) << file.path;
      return told_by(**members);
    };
    EXPECT_EQ(difference(told(nullptr), told(&helpers)), "") << file.path;
  }
  EXPECT_GE(zips, 10);
}

/// What a bomb gives and says; `numbers` that depend on how much one read gives are left out.
std::vector<std::string> without_stops(std::vector<std::string> told) {
  for (std::string& line : told) {
    const std::size_t stop = line.find("stopped after ");
    if (stop != std::string::npos) line.resize(stop);
  }
  return told;
}

TEST(ZipReader, limits_do_not_depend_on_who_helps) {
  TestHelpers helpers(3);
  const std::string zeros(1'000'000, '\0');
  const std::string bomb = gzip(gzip(std::string(12 << 20, '\0')));
  std::vector<ZipThing> many, shared;
  for (unsigned i = 0; i < 12; ++i) many.push_back({"m" + std::to_string(i), zeros});
  std::vector<ZipThing> bombs = {{"a", content(90'000, 16)}, {"b.gz", bomb}, {"c", "behind\n"}};
  // Members that share one content, as in Fifield's.
  for (unsigned i = 0; i < 200; ++i) {
    shared.push_back({"s" + std::to_string(i), i == 0 ? zeros : ""});
    shared.back().begin = 0;
  }
  StreamOptions ratio, total, members;
  ratio.expansion_floor = 1 << 20;
  ratio.expansion_limit = 50;
  total.decoded_limit = 7 << 20;
  members.member_limit = 7;
  const std::string many_zip = ZipBuilder::build(many), bomb_zip = ZipBuilder::build(bombs);
  for (const StreamOptions& options : {ratio, total, members}) {
    NobodyHelps alone;
    for (const std::string& zip : {many_zip, bomb_zip, ZipBuilder::build(shared)}) {
      const auto in_order = told_of(zip, nullptr, options);
      const auto by_one = told_of(zip, &alone, options);
      for (int i = 0; i < 3; ++i)
        EXPECT_EQ(difference(by_one, told_of(zip, &helpers, options)), "");
      if (zip == bomb_zip) {  // stops at the same member, within a block
        ASSERT_EQ(in_order.size(), by_one.size());
        EXPECT_EQ(without_stops({in_order.back()}), without_stops({by_one.back()}));
      } else {
        EXPECT_EQ(difference(in_order, by_one), "");
      }
    }
  }
}

TEST(ZipReader, closes_its_account_wherever_it_stops) {
  const TemporaryFolder folder;
  TestHelpers helpers(3);
  NobodyHelps alone;
  std::vector<ZipThing> things = {{"a", content(900'000, 16)}, {"b", content(400'000, 17)}};
  for (unsigned i = 0; i < 30; ++i)
    things.push_back({"c" + std::to_string(i), gzip(std::string(1 << 20, '\0')), i % 2 == 0});
  folder.write("file", ZipBuilder::build(things));
  InputFile file;
  file.path = folder / "file";
  // How many chunks are read before somebody stops; the last: all.
  for (const int chunks : {1, 3, 5, 1000}) {
    for (const std::uint64_t limit : {std::uint64_t{2} << 20, std::uint64_t{1} << 40}) {
      std::vector<std::uint64_t> read;
      for (Helpers* who : {static_cast<Helpers*>(nullptr), static_cast<Helpers*>(&alone),
                           static_cast<Helpers*>(&helpers)}) {
        StreamOptions options;
        options.helpers = who;
        options.decoded_limit = limit;
        options.chunk_bytes = 200'000;
        auto members = open_members(file, options);
        ASSERT_TRUE(members);
        std::uint64_t sum = 0;
        int left = chunks;
        Member member;
        Chunk chunk;
        while (left > 0 && (*members)->next(member)) {
          while (left > 0 && member.stream->next(chunk).value_or(false)) --left;
          sum += member.stream->counters().bytes_read;
        }
        sum += (*members)->bytes_behind();
        EXPECT_EQ((*members)->identity().bytes_read, sum) << chunks << ' ' << limit;
        read.push_back(sum);
      }
      for (const std::uint64_t each : read) EXPECT_EQ(each, read.front()) << chunks;
    }
  }
}

TEST(ZipReader, ends_early_without_waiting_for_its_parts) {
  TestHelpers helpers(3);
  StreamOptions options;
  options.helpers = &helpers;
  const std::string zip = shapes()[0].bytes;
  for (int i = 0; i < 20; ++i) {
    const auto members = open_memory_members(zip, options);
    Member member;
    ASSERT_TRUE(members->next(member));
    Chunk chunk;
    ASSERT_TRUE(member.stream->next(chunk));
  }
}

}  // namespace
}  // namespace spoor
