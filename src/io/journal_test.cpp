// The journal, as files and as exports: what an entry becomes, compressed fields, and damage.

#include <gtest/gtest.h>
#include <lz4.h>

#include <algorithm>
#include <string>
#include <vector>

#include "io/journal_builder.h"
#include "io/paged.h"
#include "io/records_test_support.h"
#include "io/test_support.h"

namespace spoor {
namespace {

using namespace std::string_literals;

constexpr std::uint64_t kTime = 1'795'517'654'123'456;  // 2026-11-24T10:54:14.123456Z

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// One entry that holds `payload`, compressed as `flag` says.
std::string entry_of(std::string_view payload, std::uint8_t flag) {
  JournalFile file;
  file.add_entry(kTime, {file.add_field(payload, flag)});
  const Read read = read_all(file.bytes());
  return read.texts.empty() ? "" : read.texts[0];
}

TEST(Journal, renders_an_entry_as_json) {
  for (const JournalForm form : {JournalForm::kRegular, JournalForm::kCompact}) {
    JournalFile file(form);
    file.add_object(5, 64);
    file.add(kTime, {"_HOSTNAME=gate", "MESSAGE=say \"hi\"\\\n\x01 \xC3\xA4 \xFF"});
    file.add_object(6, 32);
    file.add(kTime + 1, {"MESSAGE=second", "MESSAGE=again", "=odd", "no name at all"});
    const Read read = read_all(file.bytes());
    ASSERT_EQ(read.texts.size(), 2u) << read.reasons();
    EXPECT_EQ(
        read.texts[0],
        "{\"__CURSOR\":\"s=53455155454e43452d4e554d42455253;i=1;b="
        "424f4f542d424f4f542d424f4f542d42;m=1389;t=6610387f643c0;x=feed\","
        "\"__REALTIME_TIMESTAMP\":\"1795517654123456\",\"__MONOTONIC_TIMESTAMP\":\"5001\","
        "\"_HOSTNAME\":\"gate\",\"MESSAGE\":\"say \\\"hi\\\"\\\\\\n\\u0001 \xC3\xA4 \xFF\"}");
    EXPECT_TRUE(holds(read.texts[1], R"("MESSAGE":"second","MESSAGE":"again")"));
    EXPECT_TRUE(holds(read.texts[1], R"("DATA":"=odd","DATA":"no name at all")"));
    EXPECT_EQ(read.records[0].number, 1u);
    EXPECT_EQ(read.records[1].number, 2u);
    EXPECT_TRUE(read.skips.empty()) << read.reasons();
  }
}

TEST(Journal, reads_compressed_fields) {
  const std::string plain = "MESSAGE=" + std::string(5000, 'x') + " evil.example";
  const std::string wanted = std::string(5000, 'x') + " evil.example\"";
  EXPECT_TRUE(holds(entry_of(xz(plain), 1), wanted));
  EXPECT_TRUE(holds(entry_of(zstd(plain), 4), wanted));
  std::string lz4(
      8 + static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(plain.size()))), '\0');
  put_le<std::uint64_t>(lz4, 0, plain.size());
  const int size =
      LZ4_compress_default(plain.data(), lz4.data() + 8, static_cast<int>(plain.size()),
                           static_cast<int>(lz4.size()) - 8);
  lz4.resize(8 + static_cast<std::size_t>(size));
  EXPECT_TRUE(holds(entry_of(lz4, 2), wanted));
}

TEST(Journal, bounds_what_a_field_decompresses_to) {
  JournalFile file;
  file.add_entry(kTime, {file.add_field(zstd("MESSAGE=" + std::string(64 << 20, 'a')), 4)});
  const Read read = read_all(file.bytes());
  ASSERT_EQ(read.texts.size(), 1u);
  EXPECT_LT(read.texts[0].size(), std::size_t{9} << 20);
}

TEST(Journal, counts_fields_that_cannot_be_read) {
  JournalFile file;
  const std::uint64_t good = file.add_field("MESSAGE=good");
  const std::uint64_t bad = file.add_field("broken zstd", 4);
  file.add_entry(kTime, {good, bad, 1 << 30, good + 3, 256 + 7});
  file.add_entry(kTime, {good});
  const Read read = read_all(file.bytes());
  ASSERT_GE(read.texts.size(), 2u);
  EXPECT_TRUE(holds(read.texts[0], "good"));
  EXPECT_TRUE(holds(read.reasons(), "fields of entries that could not be read: 4"))
      << read.reasons();
  EXPECT_FALSE(read.complete());
}

TEST(Journal, shows_fields_of_lost_entries) {
  JournalFile file;
  file.add(kTime, {"MESSAGE=first"});
  const std::uint64_t lost = file.add(kTime, {"MESSAGE=evil.example"});
  file.add(kTime, {"MESSAGE=third"});
  std::string bytes = file.bytes();
  bytes[static_cast<std::size_t>(lost)] = 0x33;
  const Read read = read_all(bytes);
  ASSERT_EQ(read.texts.size(), 3u) << read.reasons();
  EXPECT_TRUE(holds(read.texts[1], "third"));
  EXPECT_EQ(read.texts[2], R"({"MESSAGE":"evil.example"})");
  EXPECT_FALSE(read.complete());
}

std::string long_journal(std::vector<std::uint64_t>* entries = nullptr) {
  JournalFile file;
  for (int i = 0; i < 60; ++i) {
    const std::uint64_t at =
        file.add(kTime + static_cast<std::uint64_t>(i),
                 {"MESSAGE=host-" + std::to_string(i) + ".evil.example", "_HOSTNAME=gate"});
    if (entries != nullptr) entries->push_back(at);
  }
  return file.bytes();
}

std::size_t count_hosts(const Read& read) {
  std::size_t count = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string host = "host-" + std::to_string(i) + ".evil.example";
    count += std::any_of(read.texts.begin(), read.texts.end(),
                         [&](const std::string& text) { return holds(text, host); })
                 ? 1
                 : 0;
  }
  return count;
}

TEST(Journal, keeps_what_stands_before_a_cut_at_any_place) {
  std::vector<std::uint64_t> entries;
  const std::string file = long_journal(&entries);
  for (std::size_t size = 8; size < file.size(); size += 100) {
    const Read read = read_all(file.substr(0, size));
    const auto whole = static_cast<std::size_t>(
        std::count_if(entries.begin(), entries.end(),
                      [&](std::uint64_t at) { return at + 64 + 2 * 16 <= size; }));
    ASSERT_GE(count_hosts(read), whole) << size;
  }
}

TEST(Journal, survives_any_flipped_byte) {
  const std::string file = long_journal().substr(0, 3000);
  const std::size_t sound = count_hosts(read_all(file));
  for (std::size_t at = 8; at < file.size(); ++at) {  // without its magic it is text
    std::string broken = file;
    broken[at] = static_cast<char>(broken[at] ^ 0xFF);
    const Read read = read_all(broken);
    // A flag of the header, or its size, may hide a field from its entry; a name is one byte of
    // a host. No more than one entry may be lost by one byte of an object.
    if (at >= 256) {
      ASSERT_GE(count_hosts(read) + 1, sound) << at;
    }
  }
}

TEST(Journal, says_nothing_of_allotted_space) {
  const Read read = read_all(long_journal() + std::string(1 << 16, '\0'));
  EXPECT_EQ(read.texts.size(), 60u);
  EXPECT_TRUE(read.skips.empty()) << read.reasons();
}

TEST(Journal, is_kept_in_memory_inside_other_files) {
  EXPECT_EQ(count_hosts(read_all(gzip(long_journal()))), 60u);
  StreamOptions options;
  options.archive_memory = 1000;
  const auto stream = open_memory(gzip(long_journal()), options);
  Chunk chunk;
  std::string text;
  for (;;) {
    const auto more = stream->next(chunk);
    if (!more || !*more) break;
    EXPECT_TRUE(chunk.records.empty());
    text += chunk.text;
  }
  EXPECT_EQ(text, long_journal());
  ASSERT_EQ(stream->skips().size(), 1u);
  EXPECT_TRUE(holds(stream->skips()[0].reason, "only its raw bytes were scanned"));
  EXPECT_TRUE(stream->skips()[0].incomplete);
}

TEST(Journal, paged_source_reads_any_place) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
  PagedSource pages(memory_source(bytes, 1000));
  std::string out;
  for (const std::size_t at : {std::size_t{0}, std::size_t{16'380}, std::size_t{50'000},
                               std::size_t{16'384}, std::size_t{99'000}}) {
    ASSERT_TRUE(pages.read(at, 1000, out)) << at;
    EXPECT_EQ(out, bytes.substr(at, 1000)) << at;
    EXPECT_EQ(pages.view(at, 8), std::string_view(bytes).substr(at, 8)) << at;
  }
  EXPECT_FALSE(pages.read(99'001, 1000, out));
  EXPECT_TRUE(pages.view(UINT64_MAX, 8).empty());
}

TEST(JournalExport, reads_text_and_sized_fields) {
  const std::string first =
      "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795517654123456\n_HOSTNAME=gate\nMESSAGE\n" +
      "\x0C\0\0\0\0\0\0\0"s + "two\nlines\n\n\n" + "\n_UID=0\n\n";
  const std::string second = "__CURSOR=s=2\nMESSAGE=plain\n";
  const Read read = read_all(first + "\n" + second);
  ASSERT_EQ(read.texts.size(), 2u);
  EXPECT_EQ(read.texts[0],
            "{\"__CURSOR\":\"s=1\",\"__REALTIME_TIMESTAMP\":\"1795517654123456\","
            "\"_HOSTNAME\":\"gate\",\"MESSAGE\":\"two\\nlines\\n\\n\\n\",\"_UID\":\"0\"}");
  EXPECT_EQ(read.texts[1], R"({"__CURSOR":"s=2","MESSAGE":"plain"})");
  EXPECT_EQ(read.records[0].offset, 0u);
  EXPECT_EQ(read.records[0].length, first.size() - 1);
  EXPECT_EQ(read.records[1].offset, first.size() + 1);
  EXPECT_EQ(read.records[1].number, 2u);
  EXPECT_TRUE(read.skips.empty()) << read.reasons();
}

TEST(JournalExport, goes_on_behind_a_size_that_does_not_fit) {
  const Read read = read_all("__CURSOR=s=1\nMESSAGE\n" + std::string(8, '\xEE') +
                             "evil.example\n_UID=0\n\n__CURSOR=s=2\n\n");
  ASSERT_EQ(read.texts.size(), 2u);
  EXPECT_TRUE(holds(read.texts[0], "evil.example"));
  EXPECT_TRUE(holds(read.texts[0], R"("_UID":"0")"));
  EXPECT_FALSE(read.complete());
}

TEST(JournalExport, shows_every_byte_up_to_a_cut) {
  std::string whole;
  for (int i = 0; i < 60; ++i) {
    whole += "__CURSOR=s=" + std::to_string(i) + "\nMESSAGE=host-" + std::to_string(i) +
             ".evil.example\nBINARY\n" + "\3\0\0\0\0\0\0\0a\nb\n\n"s;
  }
  EXPECT_EQ(count_hosts(read_all(whole)), 60u);
  for (std::size_t size = 16; size < whole.size(); size += 37) {
    const Read read = read_all(whole.substr(0, size));
    EXPECT_EQ(read.counters.bytes_decoded, size);
    std::size_t wanted = 0;
    for (int i = 0; i < 60; ++i) {
      const std::size_t at = whole.find("host-" + std::to_string(i) + ".evil.example\n");
      if (at + 21 <= size) ++wanted;
    }
    ASSERT_GE(count_hosts(read), wanted) << size;
  }
}

TEST(JournalExport, cuts_what_is_too_long_and_says_so) {
  const std::string line(9 << 20, 'a');
  const Read read = read_all("__CURSOR=s=1\nMESSAGE=" + line + "\n_UID=0\n\n__CURSOR=s=2\n\n");
  ASSERT_EQ(read.texts.size(), 2u);
  EXPECT_LT(read.texts[0].size(), std::size_t{9} << 20);
  EXPECT_FALSE(read.complete());
  EXPECT_GT(read.counters.bytes_skipped, 900'000u);
}

}  // namespace
}  // namespace spoor
