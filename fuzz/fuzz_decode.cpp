// Fuzzes the decoders: any bytes, nested as they come. What must hold whatever the bytes: no
// crash, an end, the same bytes for any sizes of reads (but of damaged blocks), problems that
// say something; and for a first gzip member the same content as zlib gives, as far as zlib
// goes; and of the outermost form the same in parts as in order. Seeds: fuzz/corpus/decode.

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "io/bytes.h"
#include "io/parallel.h"

namespace {

constexpr std::size_t kMost = 4 << 20;

std::string decoded(const std::string& bytes, std::size_t in_step, std::size_t out_step,
                    std::vector<spoor::Skip>& problems) {
  spoor::StreamOptions options;
  options.expansion_floor = kMost;
  options.expansion_limit = 1;
  const spoor::Decoded file = spoor::decode(spoor::memory_source(bytes, in_step),
                                            std::make_shared<spoor::Budget>(options));
  std::string text, buffer(out_step, '\0');
  while (text.size() < kMost) {
    const std::size_t count = file.source->read(buffer.data(), buffer.size());
    SPOOR_CHECK(count <= buffer.size());
    if (count == 0) break;
    text.append(buffer, 0, count);
  }
  SPOOR_CHECK(text.size() >= kMost || file.source->read(buffer.data(), 1) == 0);
  file.source->problems(problems);
  for (const spoor::Skip& problem : problems) SPOOR_CHECK(!problem.reason.empty());
  return text;
}

bool says(const std::vector<spoor::Skip>& problems, const char* word) {
  return std::any_of(problems.begin(), problems.end(), [&](const spoor::Skip& problem) {
    return problem.reason.find(word) != std::string::npos;
  });
}

/// The first member by zlib alone; `whole` where it ends there and its checksum is right.
std::string by_zlib(const std::string& bytes, bool& whole) {
  z_stream stream{};
  SPOOR_CHECK(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string in = bytes, text, buffer(1 << 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  int code = Z_OK;
  while (code == Z_OK && text.size() < kMost) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    code = inflate(&stream, Z_NO_FLUSH);
    text.append(buffer, 0, buffer.size() - stream.avail_out);
  }
  whole = code == Z_STREAM_END;
  inflateEnd(&stream);
  return text;
}

std::string all_of(spoor::ByteSource& source) {
  std::string text, buffer(1 << 16, '\0');
  while (text.size() < kMost) {
    const std::size_t count = source.read(buffer.data(), buffer.size());
    if (count == 0) break;
    text.append(buffer, 0, count);
  }
  return text;
}

/// The outermost form in parts and in order: the same bytes, as far as neither is damaged.
void check_parts(const std::string& bytes) {
  for (const spoor::DecoderRow& row : spoor::decoders()) {
    if (!row.begins(std::string_view(bytes).substr(0, 16))) continue;
    std::vector<spoor::Skip> problems, parts_problems;
    const auto in_order = row.make(spoor::memory_source(bytes), {});
    const std::string text = all_of(*in_order);
    in_order->problems(problems);
    const auto in_parts = spoor::parallel_source(spoor::memory_source(bytes), row, nullptr);
    const std::string other = all_of(*in_parts);
    in_parts->problems(parts_problems);
    const std::size_t both = std::min(text.size(), other.size());
    SPOOR_CHECK(text.compare(0, both, other, 0, both) == 0);
    if (both >= kMost || says(problems, "damaged")) return;
    SPOOR_CHECK(text.size() == other.size());
    SPOOR_CHECK(problems.size() == parts_problems.size());
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::vector<spoor::Skip> problems, again;
  const std::string text = decoded(bytes, SIZE_MAX, 1 << 16, problems);
  const std::string small = decoded(bytes, 7, 61, again);
  // A bomb ends at a place that depends on the sizes of reads. Of a damaged block a library may
  // give more or less.
  if (text.size() < kMost / 2 && small.size() < kMost / 2) {
    const bool damaged = says(problems, "damaged") || says(again, "damaged");
    const std::size_t both = std::min(text.size(), small.size());
    SPOOR_CHECK(damaged || text.size() == small.size());
    SPOOR_CHECK(damaged || problems.size() == again.size());
    SPOOR_CHECK(text.compare(0, both, small, 0, both) == 0);
  }
  check_parts(bytes);
  if (size > 4 && data[0] == 0x1f && data[1] == 0x8b && data[2] == 8 && (data[3] & 0xe0) == 0) {
    const spoor::Decoded outer = spoor::decode(spoor::memory_source(bytes), nullptr);
    bool whole = false;
    const std::string other = by_zlib(bytes, whole);
    if (outer.decoders.size() == 1 && text.size() < kMost / 2) {
      const std::size_t both = std::min(text.size(), other.size());
      SPOOR_CHECK(text.compare(0, both, other, 0, both) == 0);
      SPOOR_CHECK(!whole || text.size() >= other.size());
    }
  }
  return 0;
}
