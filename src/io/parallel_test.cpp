// Reading in parts beside reading in order: the same bytes, the same problems, for whole files
// and for damage at random places, with any number of helpers.

#include "io/parallel.h"

#include <gtest/gtest.h>

#include <random>

#include "base/ascii.h"
#include "io/bytes.h"
#include "io/helpers_test_support.h"
#include "io/test_support.h"

namespace spoor {
namespace {

struct Outcome {
  std::string text, problems;
  std::uint64_t bytes_read = 0;
};

/// How many bytes of a damaged block the decoder had taken before it saw the damage depends on
/// where its input was read from, within a block or 64 KiB.
std::string without_lost(std::string reason) {
  const std::size_t lost = reason.find(" compressed bytes not read");
  if (lost == std::string::npos) return reason;
  std::size_t begin = lost;
  while (begin > 0 && is_digit(reason[begin - 1])) --begin;
  return reason.replace(begin, lost - begin, "some");
}

Outcome read_all(ByteSource& source) {
  Outcome outcome;
  std::string buffer(256 << 10, '\0');
  while (const std::size_t count = source.read(buffer.data(), buffer.size()))
    outcome.text.append(buffer, 0, count);
  EXPECT_EQ(source.read(buffer.data(), 1), 0u) << "the end is for ever";
  std::vector<Skip> problems;
  source.problems(problems);
  for (const Skip& each : problems)
    outcome.problems += without_lost(each.reason) + (each.incomplete ? "!" : "") + "|";
  outcome.bytes_read = source.bytes_read();
  return outcome;
}

const DecoderRow& row_of(std::string_view bytes) {
  for (const DecoderRow& row : decoders()) {
    if (row.begins(bytes.substr(0, 16))) return row;
  }
  ADD_FAILURE() << "no decoder";
  return decoders()[0];
}

Outcome in_order(const std::string& bytes) {
  return read_all(*row_of(bytes).make(memory_source(bytes), {}));
}

Outcome in_parts(const std::string& bytes, Helpers* helpers) {
  return read_all(*parallel_source(memory_source(bytes), row_of(bytes), helpers));
}

/// Units that a file has, and whether they reach to its end.
std::pair<std::size_t, bool> units_of(const std::string& bytes) {
  const auto splitter = row_of(bytes).split(memory_source(bytes));
  std::size_t count = 0;
  while (const auto unit = splitter->next()) ++count;
  EXPECT_EQ(splitter->next(), nullptr) << "the end is for ever";
  return {count, splitter->place().position == bytes.size() && !splitter->place().inside};
}

/// Lines that compress like a log; never the same for two seeds.
std::string log_text(std::size_t bytes, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) {
    text += "2026-01-02T03:04:05Z host" + std::to_string(random() % 9) + " sshd[" +
            std::to_string(random() % 65536) + "]: from 198.51.100." +
            std::to_string(random() % 256) + " port " + std::to_string(random()) + "\n";
  }
  text.resize(bytes);
  return text;
}

void put(std::string& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// A member as bgzip writes it.
std::string bgzip_block(std::string_view text) {
  const std::string plain = gzip(text);
  std::string block("\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0", 16);
  put(block, plain.size() - 10 + 18 - 1, 2);
  return block + plain.substr(10);
}

std::string bgzip(std::string_view text, bool with_end = true) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 0xFF00)
    out += bgzip_block(text.substr(at, 0xFF00));
  return with_end ? out + bgzip_block("") : out;
}

std::string zstd_frames(std::string_view text, std::size_t each) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += each) {
    out += zstd(text.substr(at, each), at % 2 == 0 ? 0 : 17);
    out += std::string("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);  // a skippable one, as pzstd's
  }
  return out;
}

/// One stream of several blocks with their sizes in their headers.
std::string xz_blocks(std::string_view text, std::size_t block_bytes) {
  lzma_mt how{};
  how.threads = 2;
  how.block_size = block_bytes;
  how.preset = 1;
  how.check = LZMA_CHECK_CRC64;
  lzma_stream stream = LZMA_STREAM_INIT;
  EXPECT_EQ(lzma_stream_encoder_mt(&stream, &how), LZMA_OK);
  std::string out(text.size() + (1 << 16), '\0');
  stream.next_in = reinterpret_cast<const std::uint8_t*>(text.data());
  stream.avail_in = text.size();
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = out.size();
  lzma_ret code = LZMA_OK;
  while (code == LZMA_OK) code = lzma_code(&stream, LZMA_FINISH);
  EXPECT_EQ(code, LZMA_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  lzma_end(&stream);
  return out;
}

std::string lz4_blocks(std::string_view text, bool checksums, bool content_size = false) {
  LZ4F_preferences_t how{};
  how.frameInfo.blockSizeID = LZ4F_max64KB;
  how.frameInfo.blockMode = LZ4F_blockIndependent;
  how.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  if (checksums) how.frameInfo.blockChecksumFlag = LZ4F_blockChecksumEnabled;
  if (content_size) how.frameInfo.contentSize = text.size();
  std::string out(LZ4F_compressFrameBound(text.size(), &how), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &how));
  return out;
}

struct File {
  std::string name, bytes;
  std::size_t least_units;  // 0: nothing can be found without decoding
  bool reaches_end;         // the units are all of it
};

std::vector<File> files() {
  const std::string text = log_text(3'300'000, 1);
  const std::string less = log_text(650'000, 3);  // for what decodes slowly
  const std::string other = log_text(150'000, 2);
  return {
      {"bgzip", bgzip(text), 3, true},
      {"bgzip without its end", bgzip(text, false), 3, true},
      {"bgzip, then plain gzip", bgzip(text) + gzip(other), 3, false},
      {"bgzip, then zeros", bgzip(text) + std::string(100, '\0'), 3, false},
      {"gzip", gzip(text), 0, false},
      {"zstd frames", zstd_frames(text, 300'000), 3, true},
      {"zstd frames, then a word", zstd_frames(text, 300'000) + "word", 3, false},
      {"zstd, one frame", zstd(text), 0, false},
      {"xz blocks", xz_blocks(less, 100'000), 7, true},
      {"xz streams", xz_blocks(less, 100'000) + xz_blocks(other, 40'000), 11, true},
      {"xz streams and padding",
       xz_blocks(less, 100'000) + std::string(8, '\0') + xz_blocks(other, 40'000), 7, false},
      {"xz, one block", xz(less), 0, false},
      {"bzip2", bzip2(less), 6, true},
      {"bzip2 streams", bzip2(less) + bzip2("") + bzip2(other), 8, true},
      {"bzip2, then a word", bzip2(less) + "word", 6, false},
      {"bzip2 of runs", bzip2(std::string(5'000'000, 'a') + less), 6, true},
      {"lz4 blocks", lz4_blocks(text, false), 3, true},
      {"lz4 blocks with checksums", lz4_blocks(text, true, true), 3, true},
      {"lz4 frames", lz4_blocks(text, true) + lz4_blocks(other, false, true), 4, true},
      {"lz4, linked", lz4(text), 0, false},
  };
}

void expect_same(const Outcome& expected, const Outcome& got, const std::string& what) {
  EXPECT_EQ(expected.problems, got.problems) << what;
  EXPECT_EQ(expected.text.size(), got.text.size()) << what;
  EXPECT_TRUE(expected.text == got.text) << what;
  EXPECT_EQ(expected.bytes_read, got.bytes_read) << what;
}

TEST(Parallel, finds_the_parts_of_each_form) {
  for (const File& file : files()) {
    const auto [count, to_the_end] = units_of(file.bytes);
    EXPECT_GE(count, file.least_units) << file.name;
    if (file.least_units == 0) {
      EXPECT_EQ(count, 0u) << file.name;
    }
    EXPECT_EQ(to_the_end, file.reaches_end) << file.name;
  }
}

TEST(Parallel, gives_what_reading_in_order_gives) {
  TestHelpers helpers(3);
  for (const File& file : files()) {
    const Outcome expected = in_order(file.bytes);
    EXPECT_FALSE(expected.text.empty());
    expect_same(expected, in_parts(file.bytes, nullptr), file.name + ", alone");
    expect_same(expected, in_parts(file.bytes, &helpers), file.name + ", with helpers");
  }
}

/// Damage of a random kind at a random place.
std::string damaged(std::string bytes, std::mt19937& random) {
  const std::size_t at = random() % bytes.size();
  switch (random() % 5) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
      break;
    case 1:
      bytes.resize(std::max<std::size_t>(at, 16));
      break;
    case 2:
      bytes.erase(at, 1 + random() % 100);
      break;
    case 3:
      bytes.insert(at, bytes.substr(random() % bytes.size(), 1 + random() % 100));
      break;
    default:  // near the end, where sums and sizes stand
      bytes[bytes.size() - 1 - random() % std::min<std::size_t>(bytes.size(), 40)] ^= 4;
      break;
  }
  return bytes;
}

TEST(Parallel, says_of_damage_what_reading_in_order_says) {
  TestHelpers helpers(3);
  std::mt19937 random(7);
  for (const File& file : files()) {
    for (int i = 0; i < 10; ++i) {
      const std::string bytes = damaged(file.bytes, random);
      const std::string head = bytes.substr(0, 16);
      if (!row_of(file.bytes).begins(head)) continue;  // is no such file any more
      const std::string what = file.name + ", damage " + std::to_string(i);
      const Outcome expected = in_order(bytes);
      expect_same(expected, in_parts(bytes, nullptr), what + ", alone");
      expect_same(expected, in_parts(bytes, &helpers), what + ", with helpers");
    }
  }
}

TEST(Parallel, ends_early_without_waiting_for_its_parts) {
  TestHelpers helpers(3);
  for (const File& file : files()) {
    const auto source =
        parallel_source(memory_source(file.bytes), row_of(file.bytes), &helpers);
    char some[1000];
    EXPECT_GT(source->read(some, sizeof some), 0u) << file.name;
  }
}

TEST(Parallel, gives_back_the_memory_it_was_charged) {
  TestHelpers helpers(2);
  {
    const std::string bytes = xz_blocks(log_text(3'000'000, 3), 500'000);
    const auto source = parallel_source(memory_source(bytes), row_of(bytes), &helpers);
    char some[1000];
    EXPECT_GT(source->read(some, sizeof some), 0u);
    EXPECT_GT(helpers.charged(), 500'000u);
    read_all(*source);
    EXPECT_LT(helpers.charged(), 4'000'000u);
  }
}

TEST(Parallel, a_part_that_is_too_large_is_read_in_order) {
  const std::string text = log_text(36 << 20, 4);
  const std::string bytes =
      xz_blocks(text.substr(0, 1 << 20), 1 << 20) + xz_blocks(text, 34 << 20);
  EXPECT_EQ(units_of(bytes).second, false);
  const Outcome got = in_parts(bytes, nullptr);
  EXPECT_EQ(got.text.size(), text.size() + (1 << 20));
  EXPECT_EQ(got.problems, "");
}

TEST(Parallel, a_false_mark_of_bzip2_costs_only_time) {
  // Marks in what is stored of a text that cannot be compressed are none.
  std::mt19937 random(5);
  std::string text(300'000, '\0');
  for (char& c : text) c = static_cast<char>(random());
  std::string bytes = bzip2(text);
  const std::string mark = "1AY&SY";
  bytes.replace(bytes.size() / 3, mark.size(), mark);
  expect_same(in_order(bytes), in_parts(bytes, nullptr), "false mark");
}

}  // namespace
}  // namespace spoor
