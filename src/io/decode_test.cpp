#include <gtest/gtest.h>

#include "io/bytes.h"
#include "io/test_support.h"

namespace spoor {
namespace {

using namespace std::string_literals;

struct Outcome {
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

Outcome decode_all(const std::string& bytes, std::size_t in_step = SIZE_MAX,
                   std::size_t out_step = 4096, bool streamed = false) {
  Outcome result;
  auto raw = memory_source(bytes, in_step);
  if (streamed) {  // cannot be read twice
    raw = limited(std::move(raw), std::make_shared<Budget>(StreamOptions{}),
                  std::make_shared<std::uint64_t>(0));
  }
  const Decoded decoded = decode(std::move(raw), nullptr);
  std::string buffer(out_step, '\0');
  while (const std::size_t count = decoded.source->read(buffer.data(), buffer.size())) {
    result.text.append(buffer, 0, count);
  }
  EXPECT_EQ(decoded.source->read(buffer.data(), buffer.size()), 0u) << "the end is for ever";
  decoded.source->problems(result.problems);
  result.undecoded = decoded.undecoded;
  for (const std::string& name : decoded.decoders) result.decoders += name + ",";
  return result;
}

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "line " + std::to_string(i * 7919) + " evil.example\n";
  return text;
}

std::string broken(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
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
      {"one xz stream", xz(text), text, "xz,", ""},
      {"xz streams with padding between and behind",
       xz("query: ev") + std::string(8, '\0') + xz("il.example\n") + std::string(4, '\0'),
       "query: evil.example\n", "xz,", ""},
      {"garbage behind an xz stream", xz("a\n") + "garbage", "a\n", "xz,",
       "7 bytes after the last xz stream!|"},
      {"xz padding that is no multiple of four", xz("a\n") + std::string(6, '\0'), "a\n", "xz,",
       "2 zero bytes after the last xz stream|"},
      {"cut in the header of an xz", xz("abc").substr(0, 8), "", "xz,",
       "xz: unexpected end after 0 bytes!|"},
      {"cut in the index of an xz", xz("abc").substr(0, xz("abc").size() - 14), "abc", "xz,",
       "xz: unexpected end after 3 bytes!|"},
      {"wrong checksum of an xz block keeps its content", broken(xz("abc"), 28 + 4), "abc",
       "xz,",
       "xz: stream 1: damaged after 3 bytes (invalid data or wrong checksum), " +
           std::to_string(xz("abc").size() - 40) + " compressed bytes not read!|"},
      {"one bzip2 stream", bzip2(text), text, "bzip2,", ""},
      {"an empty bzip2 stream", bzip2(""), "", "bzip2,", ""},
      {"bzip2 streams", bzip2("query: ev") + bzip2("") + bzip2("il.example\n"),
       "query: evil.example\n", "bzip2,", ""},
      {"garbage behind a bzip2 stream", bzip2("a\n") + "BZh9 garbage", "a\n", "bzip2,",
       "12 bytes after the last bzip2 stream!|"},
      {"zero padding behind a bzip2 stream", bzip2("a\n") + std::string(512, '\0'), "a\n",
       "bzip2,", "512 zero bytes after the last bzip2 stream|"},
      {"cut in a bzip2 stream", bzip2("abc").substr(0, 20), "", "bzip2,",
       "bzip2: unexpected end after 0 bytes!|"},
      {"one lz4 frame", lz4(text), text, "lz4,", ""},
      {"checksums of lz4 blocks", lz4(text, true), text, "lz4,", ""},
      {"an empty lz4 frame", lz4(""), "", "lz4,", ""},
      {"lz4 frames and skippable ones", lz4("query: ev") + skippable + lz4("il.example\n"),
       "query: evil.example\n", "lz4,", ""},
      {"garbage behind an lz4 frame", lz4("a\n") + "xyz", "a\n", "lz4,",
       "3 bytes after the last lz4 frame!|"},
      {"cut in the header of an lz4 frame", lz4("abc").substr(0, 6), "", "lz4,",
       "lz4: unexpected end after 0 bytes!|"},
      {"cut before the end mark of an lz4 frame", lz4("abc").substr(0, lz4("abc").size() - 8),
       "abc", "lz4,", "lz4: unexpected end after 3 bytes!|"},
      {"cut in the checksum of an lz4 frame", lz4("abc").substr(0, lz4("abc").size() - 1),
       "abc", "lz4,", "lz4: unexpected end after 3 bytes!|"},
      {"wrong lz4 checksum keeps the content and the frames behind",
       broken(lz4(text), lz4(text).size() - 1) + lz4("next\n"), text + "next\n", "lz4,",
       "lz4: frame 1: checksum differs, its content was scanned as it is!|"},
      {"five kinds", gzip(zstd(xz(bzip2("deep\n")))), "deep\n", "gzip,zstd,xz,bzip2,", ""},
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
        const Outcome got = decode_all(each.bytes, in_step, out_step, false);
        const Outcome streamed = decode_all(each.bytes, in_step, out_step, true);
        EXPECT_EQ(streamed.text, got.text) << each.name << ' ' << in_step << ' ' << out_step;
        EXPECT_EQ(streamed.reasons(), got.reasons()) << each.name;
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
    const Outcome got = decode_all(bytes.substr(0, cut));
    EXPECT_EQ(got.text, text.substr(0, got.text.size()));
    EXPECT_GT(got.text.size(), text.size() * cut / bytes.size() / 2) << "most of it came";
    EXPECT_EQ(got.reasons(),
              "gzip: unexpected end after " + std::to_string(got.text.size()) + " bytes!|");
  }
}

TEST(Decode, damage_in_the_middle_keeps_what_came_before) {
  const std::string text = lines(20'000);
  const std::pair<const char*, std::string> forms[] = {{"gzip", gzip(text)},
                                                       {"zstd", zstd(text)},
                                                       {"bzip2", bzip2(text)},
                                                       {"lz4", lz4(text)},
                                                       {"xz", xz(text)}};
  for (const auto& [name, whole] : forms) {
    std::string bytes = whole;
    for (std::size_t i = 0; i < 64; ++i) bytes[bytes.size() * 3 / 4 + i] = '\xff';
    const Outcome got = decode_all(bytes);
    ASSERT_EQ(got.problems.size(), 1u) << name;
    EXPECT_TRUE(got.problems[0].incomplete) << got.problems[0].reason;
    EXPECT_GT(got.text.size(), text.size() / 3) << name;
    EXPECT_EQ(got.text.substr(0, text.size() / 3), text.substr(0, text.size() / 3)) << name;
  }
}

TEST(Decode, damage_at_any_place_of_a_gzip_gives_the_same_in_a_file_and_in_a_stream) {
  const std::string text = lines(2000);
  const std::string whole = gzip(text) + gzip("behind\n");
  for (std::size_t at = 10; at < whole.size(); at += whole.size() / 300) {
    for (const char wrong : {'\xff', '\0', '\x55'}) {
      std::string bytes = whole;
      bytes[at] = wrong;
      const Outcome file = decode_all(bytes, SIZE_MAX, 1 << 16, false);
      const Outcome stream = decode_all(bytes, SIZE_MAX, 1 << 16, true);
      EXPECT_EQ(file.text, stream.text) << at;
      EXPECT_EQ(file.reasons(), stream.reasons()) << at;
    }
  }
}

TEST(Decode, every_cut_of_every_form_gives_a_true_beginning_and_is_said) {
  const std::string text = lines(40);
  const std::pair<const char*, std::string> forms[] = {{"gzip", gzip(text)},
                                                       {"zstd", zstd(text)},
                                                       {"bzip2", bzip2(text)},
                                                       {"lz4", lz4(text)},
                                                       {"xz", xz(text)}};
  for (const auto& [name, whole] : forms) {
    for (std::size_t cut = 16; cut < whole.size(); ++cut) {
      const Outcome got = decode_all(whole.substr(0, cut));
      EXPECT_EQ(got.text, text.substr(0, got.text.size())) << name << ' ' << cut;
      EXPECT_EQ(got.reasons(), std::string(name) + ": unexpected end after " +
                                   std::to_string(got.text.size()) + " bytes!|")
          << name << ' ' << cut;
    }
  }
}

TEST(Decode, a_member_of_more_than_4_gib_is_whole) {
  if (std::getenv("SPOOR_SLOW_TESTS") == nullptr)
    GTEST_SKIP() << "decodes 5 GiB; set SPOOR_SLOW_TESTS to run it";
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in(64 << 20, 'a'), bytes, out(1 << 20, '\0');
  for (int part = 0; part < 80; ++part) {
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(out.size());
      deflate(&stream, part == 79 ? Z_FINISH : Z_NO_FLUSH);
      bytes.append(out, 0, out.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  const Decoded decoded = decode(memory_source(bytes), nullptr);
  std::uint64_t total = 0;
  while (const std::size_t count = decoded.source->read(out.data(), out.size())) total += count;
  EXPECT_EQ(total, std::uint64_t{80} << 26);
  std::vector<Skip> problems;
  decoded.source->problems(problems);
  EXPECT_TRUE(problems.empty()) << problems[0].reason;
}

TEST(Decode, refuses_a_zstd_window_over_128_mib) {
  // Magic; no single segment, no content size; window exponent 28 - 10: 256 MiB.
  const std::string frame = "\x28\xb5\x2f\xfd\x00\x90\x01\x00\x00"s;
  const Outcome got = decode_all(frame);
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
  const Outcome got = decode_all(bytes);
  EXPECT_EQ(got.text, text);
  EXPECT_EQ(got.problems.size(), 9u);
  EXPECT_EQ(got.problems.back().reason, "further damage in the same file");
}

TEST(Decode, a_gzip_says_when_its_content_was_changed) {
  const std::string text = lines(3000);
  const std::string early = stamped(gzip(text), 1'600'000'000);
  const std::string late = stamped(gzip(text), 1'700'000'000);
  const auto at = [](std::int64_t seconds) {
    return std::optional<Time>(Time(Micros(seconds * 1'000'000)));
  };
  struct Case {
    const char* name;
    std::string bytes;
    std::optional<Time> first, last;  ///< at the begin and at the end
  };
  const Case cases[] = {
      {"one member", early, at(1'600'000'000), at(1'600'000'000)},
      {"it grows from member to member", early + late, at(1'600'000'000), at(1'700'000'000)},
      {"and never shrinks", late + early, at(1'700'000'000), at(1'700'000'000)},
      {"a member that does not say", gzip(text) + late, std::nullopt, at(1'700'000'000)},
      {"nobody says", gzip(text), std::nullopt, std::nullopt},
      {"inside of another form", zstd(early), at(1'600'000'000), at(1'600'000'000)},
      {"the innermost knows best", stamped(gzip(early), 1'700'000'000), at(1'600'000'000),
       at(1'600'000'000)},
      {"around another form", stamped(gzip(zstd(text)), 1'600'000'000), at(1'600'000'000),
       at(1'600'000'000)},
  };
  for (const Case& each : cases) {
    const Decoded decoded = decode(memory_source(each.bytes), nullptr);
    std::string buffer(100, '\0');
    ASSERT_GT(decoded.source->read(buffer.data(), buffer.size()), 0u) << each.name;
    EXPECT_EQ(decoded.source->modified(), each.first) << each.name;
    while (decoded.source->read(buffer.data(), buffer.size()) > 0) {
    }
    EXPECT_EQ(decoded.source->modified(), each.last) << each.name;
  }
}

TEST(Decode, names_forms_that_it_does_not_decode) {
  const std::pair<std::string, const char*> forms[] = {
      {"Rar!\x1a\x07\x01\x00rest"s, "rar"},
      {"\x1f\x9d\x90rest"s, "compress"},
      {"LZIP\x01rest"s, "lzip"},
      {"BZhello this is a line of text", ""},
      {"BZh91AY is a line of text too", ""},
      {"\xff\xfe" + utf16("text"), ""},
      {gzip("Rar!\x1a\x07\x01"), "rar"},
      {gzip(gzip(gzip(gzip(gzip("five"))))), "gzip (a fifth level)"},
  };
  for (const auto& [bytes, name] : forms) EXPECT_EQ(decode_all(bytes).undecoded, name);
}

}  // namespace
}  // namespace spoor
