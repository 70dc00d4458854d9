// Parts of a zstd file: its frames, as pzstd, the seekable format and `cat` make them. Their
// ends are found by the headers of their blocks (RFC 8878, 3.1.1), three bytes each, without
// decoding. What `zstd` writes is one frame, and is read in order.
//
// A frame: magic 4, descriptor 1, [window 1], [dictionary 0 to 4], [content size 0 to 8],
// blocks, [checksum 4]. A block: 3 bytes (last 1 bit, type 2 bits, size 21 bits), content.
// A skippable frame: 5x 2a 4d 18, size 4, content.
// Tested by parallel_test.cpp; fuzz/fuzz_decode.

#include <zstd.h>

#include <algorithm>

#include "io/parallel.h"

namespace spoor {
namespace {

constexpr std::size_t kMostBlock = 128 << 10;
constexpr std::uint64_t kMostWindow = std::uint64_t{1} << 27;  // as decode_zstd.cpp

class ZstdUnit final : public Unit {
 private:
  bool decode() override {
    ZSTD_DCtx* const context = ZSTD_createDCtx();
    if (context == nullptr) return false;
    const std::size_t got =
        ZSTD_decompressDCtx(context, out.bytes.get(), most, in.data(), in.size());
    ZSTD_freeDCtx(context);
    if (ZSTD_isError(got) != 0) return false;
    size = got;
    return true;
  }
};

class ZstdSplitter final : public Splitter {
 public:
  explicit ZstdSplitter(std::unique_ptr<ByteSource> source)
      : file_bytes_(source->size().value_or(0)), input_(std::move(source)) {}

  std::unique_ptr<Unit> next() override {
    auto unit = std::make_unique<ZstdUnit>();
    unit->place = place_;
    while (!ended_ && unit->most < Unit::kTarget && unit->in.size() < Unit::kTarget) {
      const std::size_t old = unit->in.size();
      ended_ = !take_frame(*unit);
      if (ended_) {
        unit->in.resize(old);
        break;
      }
      ++place_.members;
      place_.position += unit->in.size() - old;
    }
    if (unit->in.empty()) return nullptr;
    unit->end = place_.position;
    return unit;
  }
  ResumePlace place() const override { return place_; }

 private:
  /// Appends one frame to unit.in and what may come out of it to unit.most.
  bool take_frame(Unit& unit) {
    const std::string_view magic = input_.peek(4);
    if (!begins_zstd(magic)) return false;
    if (magic[0] != '\x28') return take_skippable(unit);
    const std::string_view head = input_.peek(18);
    const std::size_t old = unit.in.size();
    Header header;
    if (!read_header(head, header) || !append(input_, header.bytes, unit.in)) return false;
    std::size_t most = 0;
    for (bool last = false; !last;) {
      const std::string_view three = input_.peek(3);
      if (three.size() < 3) return false;
      const auto value = static_cast<std::size_t>(little_endian(three, 0, 3));
      last = (value & 1) != 0;
      const std::size_t type = value >> 1 & 3, told = value >> 3;
      constexpr std::size_t kRun = 1, kReserved = 3;
      if (type == kReserved || told > kMostBlock) return false;
      if (!append(input_, 3 + (type == kRun ? 1 : told), unit.in)) return false;
      most += kMostBlock;
      const std::uint64_t out = header.content ? *header.content : most;
      if (unit.most + out > Unit::kMostBytes || unit.in.size() > Unit::kMostBytes) return false;
    }
    if (header.checksum && !append(input_, 4, unit.in)) return false;
    // A file of one frame is read while it is scanned, not before.
    if (place_.members == 0 && (unit.in.size() - old) * 2 > file_bytes_) return false;
    if (header.content) most = static_cast<std::size_t>(*header.content);
    unit.most += most;
    return true;
  }

  bool take_skippable(Unit& unit) {
    const std::string_view head = input_.peek(8);
    if (head.size() < 8) return false;
    const std::uint64_t size = little_endian(head, 4, 4);
    return size <= Unit::kTarget && append(input_, 8 + static_cast<std::size_t>(size), unit.in);
  }

  struct Header {
    std::size_t bytes = 0;
    std::optional<std::uint64_t> content;
    bool checksum = false;
  };

  static bool read_header(std::string_view head, Header& header) {
    if (head.size() < 6) return false;
    const auto descriptor = static_cast<unsigned char>(head[4]);
    const bool single_segment = (descriptor & 0x20) != 0;
    const std::size_t content_code = descriptor >> 6;
    header.checksum = (descriptor & 0x04) != 0;
    if ((descriptor & 0x03) != 0) return false;  // a dictionary, which nobody has
    header.bytes = 5;
    if (!single_segment) {
      const auto window = static_cast<unsigned char>(head[5]);
      const std::uint64_t base = std::uint64_t{1} << (10 + (window >> 3));
      if (base + base / 8 * (window & 7) > kMostWindow) return false;
      ++header.bytes;
    }
    const std::size_t content_bytes =
        content_code == 0 ? (single_segment ? 1 : 0) : std::size_t{1} << content_code;
    if (content_bytes == 0) return true;
    if (head.size() < header.bytes + content_bytes) return false;
    std::uint64_t content = little_endian(head, header.bytes, content_bytes);
    if (content_bytes == 2) content += 256;
    header.content = content;
    header.bytes += content_bytes;
    return true;
  }

  std::uint64_t file_bytes_;
  Input input_;
  ResumePlace place_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Splitter> zstd_splitter(std::unique_ptr<ByteSource> source) {
  return std::make_unique<ZstdSplitter>(std::move(source));
}

}  // namespace spoor
