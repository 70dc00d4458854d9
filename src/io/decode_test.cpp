#include <gtest/gtest.h>

#include "io/bytes.h"
#include "io/test_support.h"

namespace spoor {
namespace {

using namespace std::string_literals;

struct Decoded {
  std::string text, decoders, undecoded;
  std::vector<Skip> problems;
  std::string reasons() const {
    std::string all;
    for (const Skip& problem : problems) {
      all += problem.reason + (problem.incomplete ? "!" : "") + "|";
    }
    return all;
  }
};

Decoded decode_all(const std::string& bytes, std::size_t in_step = SIZE_MAX,
                   std::size_t out_step = 4096) {
  Decoded result;
  std::vector<std::string> names;
  const auto source = decode(memory_source(bytes, in_step), names, result.undecoded);
  std::string buffer(out_step, '\0');
  while (const std::size_t count = source->read(buffer.data(), buffer.size())) {
    result.text.append(buffer, 0, count);
  }
  EXPECT_EQ(source->read(buffer.data(), buffer.size()), 0u) << "the end is for ever";
  source->problems(result.problems);
  for (const std::string& name : names) result.decoders += name + ",";
  return result;
}

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "line " + std::to_string(i * 7919) + " evil.example\n";
  return text;
}

struct DecodeCase {
  const char* name;
  std::string bytes, text, decoders, reasons;
};

std::vector<DecodeCase> cases() {
  const std::string text = lines(3000);
  std::string bad_crc = gzip(text);
  bad_crc[bad_crc.size() - 8] = static_cast<char>(bad_crc[bad_crc.size() - 8] ^ 1);
  std::string bad_length = gzip("abc");
  bad_length[bad_length.size() - 4] = 9;
  std::string bad_sum = zstd(text);
  bad_sum.back() = static_cast<char>(bad_sum.back() ^ 1);
  const std::string skippable = "\x50\x2a\x4d\x18\x04\x00\x00\x00skip"s;
  // Name, comment, extra field and header checksum announced and present.
  std::string rich = gzip("rich\n");
  rich[3] = 0x1E;
  rich.insert(10, "\x03\x00xyz"s + "name\0"s + "comment\0"s + "\x00\x00"s);
  std::string four = gzip(gzip(gzip(gzip("deep"))));
  return {
      {"plain text", text, text, "", ""},
      {"nothing", "", "", "", ""},
      {"half a magic", "\x1f\x8b", "\x1f\x8b", "", ""},
      {"reserved flags are no gzip", "\x1f\x8b\x08\xe0 text", "\x1f\x8b\x08\xe0 text", "", ""},
      {"one member", gzip(text), text, "gzip,", ""},
      {"an empty member", gzip(""), "", "gzip,", ""},
      {"a word split over two members", gzip("query: ev") + gzip("il.example\n"),
       "query: evil.example\n", "gzip,", ""},
      {"empty members between", gzip("a") + gzip("") + gzip("b"), "ab", "gzip,", ""},
      {"all optional header fields", rich, "rich\n", "gzip,", ""},
      {"garbage behind", gzip("a\n") + "garbage", "a\n", "gzip,",
       "7 bytes after the last gzip member!|"},
      {"one byte behind", gzip("a\n") + "\x1f", "a\n", "gzip,",
       "1 bytes after the last gzip member!|"},
      {"zero padding behind", gzip("a\n") + std::string(512, '\0'), "a\n", "gzip,",
       "512 zero bytes after the last gzip member|"},
      {"wrong checksum keeps all, and the members behind", bad_crc + gzip("next\n"),
       text + "next\n", "gzip,",
       "gzip: member 1: checksum differs, its " + std::to_string(text.size()) +
           " bytes were scanned as they are!|"},
      {"wrong length", bad_length, "abc", "gzip,",
       "gzip: member 1: says a length of 9, holds 3!|"},
      {"cut in the header", gzip("abc").substr(0, 7), "", "gzip,",
       "gzip: unexpected end after 0 bytes!|"},
      {"cut in the trailer", gzip("abc").substr(0, gzip("abc").size() - 3), "abc", "gzip,",
       "gzip: unexpected end after 3 bytes!|"},
      {"one frame", zstd(text), text, "zstd,", ""},
      {"several frames and skippable ones",
       skippable + zstd("query: ev") + skippable + zstd("il.example\n") + skippable,
       "query: evil.example\n", "zstd,", ""},
      {"garbage behind a frame", zstd("a\n") + "xyz", "a\n", "zstd,",
       "3 bytes after the last zstd frame!|"},
      {"wrong zstd checksum keeps the content and the frames behind", bad_sum + zstd("next\n"),
       text + "next\n", "zstd,",
       "zstd: frame 1: checksum differs, its content was scanned as it is!|"},
      {"wrong checksum of a tiny frame",
       [] {
         std::string frame = zstd("evil.example\n");
         frame.back() = static_cast<char>(frame.back() ^ 1);
         return frame;
       }(),
       "evil.example\n", "zstd,",
       "zstd: frame 1: checksum differs, its content was scanned as it is!|"},
      {"gzip in zstd in gzip", gzip(zstd(gzip("deep\n"))), "deep\n", "gzip,zstd,gzip,", ""},
      {"four levels", four, "deep", "gzip,gzip,gzip,gzip,", ""},
      {"truncated inside an outer garbage tail", gzip(gzip("abc").substr(0, 12)) + "tail",
       decode_all(gzip("abc").substr(0, 12)).text, "gzip,gzip,",
       "4 bytes after the last gzip member!|gzip: unexpected end after " +
           std::to_string(decode_all(gzip("abc").substr(0, 12)).text.size()) + " bytes!|"},
  };
}

TEST(Decode, keeps_every_good_byte_and_says_what_is_wrong) {
  for (const DecodeCase& each : cases()) {
    for (const std::size_t in_step : {SIZE_MAX, std::size_t{1}, std::size_t{3}}) {
      for (const std::size_t out_step :
           {std::size_t{1}, std::size_t{4096}, std::size_t{1} << 20}) {
        const Decoded got = decode_all(each.bytes, in_step, out_step);
        EXPECT_EQ(got.text, each.text) << each.name << ' ' << in_step << ' ' << out_step;
        EXPECT_EQ(got.decoders, each.decoders) << each.name;
        EXPECT_EQ(got.reasons(), each.reasons)
            << each.name << ' ' << in_step << ' ' << out_step;
        EXPECT_EQ(got.undecoded, "") << each.name;
      }
    }
  }
}

TEST(Decode, a_cut_gzip_gives_what_was_there) {
  const std::string text = lines(3000);
  const std::string bytes = gzip(text);
  for (const std::size_t cut : {bytes.size() / 4, bytes.size() / 2, bytes.size() - 9}) {
    const Decoded got = decode_all(bytes.substr(0, cut));
    EXPECT_EQ(got.text, text.substr(0, got.text.size()));
    EXPECT_GT(got.text.size(), text.size() * cut / bytes.size() / 2) << "most of it came";
    EXPECT_EQ(got.reasons(),
              "gzip: unexpected end after " + std::to_string(got.text.size()) + " bytes!|");
  }
}

TEST(Decode, damage_in_the_middle_keeps_what_came_before) {
  const std::string text = lines(20'000);
  for (const bool use_zstd : {false, true}) {
    std::string bytes = use_zstd ? zstd(text) : gzip(text);
    for (std::size_t i = 0; i < 64; ++i) bytes[bytes.size() * 3 / 4 + i] = '\xff';
    const Decoded got = decode_all(bytes);
    ASSERT_EQ(got.problems.size(), 1u);
    EXPECT_TRUE(got.problems[0].incomplete) << got.problems[0].reason;
    EXPECT_GT(got.text.size(), text.size() / 3);
    EXPECT_EQ(got.text.substr(0, text.size() / 3), text.substr(0, text.size() / 3));
  }
}

TEST(Decode, refuses_a_zstd_window_over_128_mib) {
  // Magic; no single segment, no content size; window exponent 28 - 10: 256 MiB.
  const std::string frame = "\x28\xb5\x2f\xfd\x00\x90\x01\x00\x00"s;
  const Decoded got = decode_all(frame);
  EXPECT_EQ(got.text, "");
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_NE(got.problems[0].reason.find("needs a window of more than 128 MiB"),
            std::string::npos)
      << got.problems[0].reason;
}

TEST(Decode, a_thousand_wrong_checksums_stay_a_few_lines) {
  std::string bad = gzip("abc");
  bad[bad.size() - 8] = static_cast<char>(bad[bad.size() - 8] ^ 1);
  std::string bytes, text;
  for (int i = 0; i < 1000; ++i) bytes += bad, text += "abc";
  const Decoded got = decode_all(bytes);
  EXPECT_EQ(got.text, text);
  EXPECT_EQ(got.problems.size(), 9u);
  EXPECT_EQ(got.problems.back().reason, "further damage in the same file");
}

TEST(Decode, names_forms_that_it_does_not_decode) {
  const std::pair<std::string, const char*> forms[] = {
      {"\xfd"
       "7zXZ\0rest"s,
       "xz"},
      {"BZh91AY&SYrest", "bzip2"},
      {"BZhello this is a line of text", ""},
      {"PK\x03\x04rest", "zip"},
      {"PKI certificate issued", ""},
      {"\xff\xfe" + utf16("text"), ""},
      {gzip("PK\x03\x04rest"), "zip"},
      {gzip(gzip(gzip(gzip(gzip("five"))))), "gzip (a fifth level)"},
  };
  for (const auto& [bytes, name] : forms) EXPECT_EQ(decode_all(bytes).undecoded, name);
}

}  // namespace
}  // namespace spoor
