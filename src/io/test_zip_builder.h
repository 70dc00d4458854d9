// Zips for tests, byte by byte: right ones in all shapes, and those that lie.

#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

/// A member, and where it differs from an ordinary one.
struct ZipThing {
  std::string name, content;
  bool deflate = true;
  bool descriptor = false;  ///< sizes behind the content, zeros before it
  bool zip64 = false;       ///< sizes and offset in extra fields, here and in the list
  bool in_list = true;
  std::string local_name = {};  ///< in the local header, if another one
  std::string extra = {};       ///< in the local header
  std::string gap = {};         ///< bytes before the next member
  std::optional<std::uint32_t> crc = {};
  std::optional<std::uint32_t> size = {}, compressed = {};  ///< in the list
  std::optional<std::uint32_t> begin = {};                  ///< in the list
  std::optional<std::uint32_t> local_size = {};
  std::uint16_t flags = 0, method = 0;  ///< method: 0 as `deflate` says
  std::uint32_t mode = 0;               ///< of Unix, 0: a DOS file
};

struct ZipEnds {
  bool zip64 = false;
  std::string front = {}, comment = {}, behind = {};
  int more_members = 0;  ///< than there are
};

class ZipBuilder {
 public:
  static std::string build(const std::vector<ZipThing>& things, const ZipEnds& ends = {}) {
    ZipBuilder builder;
    builder.out_ = ends.front;
    for (const ZipThing& thing : things) builder.add(thing);
    builder.finish(ends);
    return std::move(builder.out_);
  }

  static std::string deflated(std::string_view text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0'), in(text);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }

  static void put(std::string& to, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> (8 * i) & 0xFF);
  }

 private:
  static constexpr std::uint32_t kIn64 = 0xFFFFFFFF;
  static constexpr std::uint32_t kTime = 0x574E'B1A0;  // 2023-10-14T22:13

  void add(const ZipThing& thing) {
    const std::string packed = thing.deflate ? deflated(thing.content) : thing.content;
    const auto sum = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(thing.content.data()),
              static_cast<uInt>(thing.content.size())));
    const std::uint32_t crc = thing.crc.value_or(sum);
    const auto size = static_cast<std::uint32_t>(thing.content.size());
    const auto compressed = static_cast<std::uint32_t>(packed.size());
    const auto flags = static_cast<std::uint16_t>(thing.flags | (thing.descriptor ? 8 : 0));
    const unsigned method = thing.method != 0 ? thing.method : thing.deflate ? 8 : 0;
    const std::uint64_t begin = out_.size();
    const bool later = thing.descriptor;
    std::string extra = thing.extra;
    if (thing.zip64 && !later) put_64(extra, {size, compressed});
    const std::string& name = thing.local_name.empty() ? thing.name : thing.local_name;
    put(out_, 0x04034b50, 4);
    put(out_, 20, 2);
    put(out_, flags, 2);
    put(out_, method, 2);
    put(out_, kTime, 4);
    put(out_, later ? 0 : crc, 4);
    put(out_, later ? 0 : thing.zip64 ? kIn64 : compressed, 4);
    put(out_, later ? 0 : thing.zip64 ? kIn64 : thing.local_size.value_or(size), 4);
    put(out_, name.size(), 2);
    put(out_, extra.size(), 2);
    out_ += name + extra + packed;
    if (later) {
      put(out_, 0x08074b50, 4);
      put(out_, crc, 4);
      put(out_, compressed, thing.zip64 ? 8 : 4);
      put(out_, size, thing.zip64 ? 8 : 4);
    }
    out_ += thing.gap;
    if (!thing.in_list) return;
    ++count_;
    extra.clear();
    if (thing.zip64) put_64(extra, {size, compressed, begin});
    put(list_, 0x02014b50, 4);
    put(list_, 20 | (thing.mode != 0 ? 3u << 8 : 0), 2);
    put(list_, 20, 2);
    put(list_, flags, 2);
    put(list_, method, 2);
    put(list_, kTime, 4);
    put(list_, crc, 4);
    put(list_, thing.zip64 ? kIn64 : thing.compressed.value_or(compressed), 4);
    put(list_, thing.zip64 ? kIn64 : thing.size.value_or(size), 4);
    put(list_, thing.name.size(), 2);
    put(list_, extra.size(), 2);
    put(list_, 0, 6);
    put(list_, std::uint64_t{thing.mode} << 16, 4);
    put(list_, thing.zip64 ? kIn64 : thing.begin.value_or(static_cast<std::uint32_t>(begin)),
        4);
    list_ += thing.name + extra;
  }

  static void put_64(std::string& extra, const std::vector<std::uint64_t>& values) {
    put(extra, 1, 2);
    put(extra, 8 * values.size(), 2);
    for (const std::uint64_t value : values) put(extra, value, 8);
  }

  void finish(const ZipEnds& ends) {
    const std::uint64_t begin = out_.size(), bytes = list_.size();
    const std::uint64_t count = count_ + static_cast<std::uint64_t>(ends.more_members);
    out_ += list_;
    if (ends.zip64) {
      const std::uint64_t at = out_.size();
      put(out_, 0x06064b50, 4);
      put(out_, 44, 8);
      put(out_, 45 | 45 << 16, 4);
      put(out_, 0, 8);
      put(out_, count, 8);
      put(out_, count, 8);
      put(out_, bytes, 8);
      put(out_, begin, 8);
      put(out_, 0x07064b50, 4);
      put(out_, 0, 4);
      put(out_, at, 8);
      put(out_, 1, 4);
    }
    put(out_, 0x06054b50, 4);
    put(out_, 0, 4);
    put(out_, ends.zip64 ? 0xFFFF : count, 2);
    put(out_, ends.zip64 ? 0xFFFF : count, 2);
    put(out_, ends.zip64 ? kIn64 : bytes, 4);
    put(out_, ends.zip64 ? kIn64 : begin, 4);
    put(out_, ends.comment.size(), 2);
    out_ += ends.comment + ends.behind;
  }

  std::string out_, list_;
  std::uint64_t count_ = 0;
};

}  // namespace spoor
