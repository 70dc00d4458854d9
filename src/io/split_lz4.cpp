// Parts of an lz4 file: the blocks of frames whose blocks do not look back over their begin,
// which is what `lz4` writes. Each says its size. A frame's checksum runs over all its blocks:
// it is computed when they come to their turn. Frames with linked blocks, with a dictionary or
// with skippable ones between them are read in order. The format: decode_lz4.cpp. Tested by
// parallel_test.cpp; fuzz/fuzz_decode.

#include <lz4.h>
#include <xxhash.h>

#include <optional>

#include "io/parallel.h"

namespace spoor {
namespace {

constexpr std::uint32_t kStored = 0x80000000;

class Lz4Unit final : public Unit {
 public:
  std::size_t block_bytes = 0;  // out, at most
  bool block_checksums = false;
  // Where the frame ends with this unit: what is to be held against all its bytes.
  bool ends_frame = false;
  std::optional<std::uint32_t> frame_checksum;
  std::optional<std::uint64_t> frame_bytes;

 private:
  bool decode() override {
    for (std::string_view rest = in; !rest.empty();) {
      const auto told = static_cast<std::uint32_t>(little_endian(rest, 0, 4));
      const std::size_t bytes = told & ~kStored;
      const std::string_view block = rest.substr(4, bytes);
      rest.remove_prefix(4 + bytes);
      if (block_checksums) {
        if (XXH32(block.data(), block.size(), 0) != little_endian(rest, 0, 4)) return false;
        rest.remove_prefix(4);
      }
      if ((told & kStored) != 0) {
        block.copy(out.bytes.get() + size, bytes);
        size += bytes;
        continue;
      }
      const int got =
          LZ4_decompress_safe(block.data(), out.bytes.get() + size, static_cast<int>(bytes),
                              static_cast<int>(block_bytes));
      if (got < 0) return false;
      size += static_cast<std::size_t>(got);
    }
    return true;
  }
};

class Lz4Splitter final : public Splitter {
 public:
  explicit Lz4Splitter(std::unique_ptr<ByteSource> source)
      : input_(std::move(source)), hash_(XXH32_createState()) {}
  ~Lz4Splitter() override { XXH32_freeState(hash_); }
  Lz4Splitter(const Lz4Splitter&) = delete;
  Lz4Splitter& operator=(const Lz4Splitter&) = delete;

  std::unique_ptr<Unit> next() override {
    if (!ended_ && !in_frame_) ended_ = hash_ == nullptr || !begin_frame();
    if (ended_) return nullptr;
    auto unit = std::make_unique<Lz4Unit>();
    unit->place = place_;
    unit->block_bytes = block_bytes_;
    unit->block_checksums = block_checksums_;
    while (in_frame_ && unit->most < Unit::kTarget) {
      if (take_block(*unit)) continue;
      // What was taken of this unit is good; where the frame ends with it, though, nothing
      // tells so, and the frame is read again from its begin.
      ended_ = true;
      break;
    }
    if (unit->in.empty() && !unit->ends_frame) return nullptr;
    unit->end = input_.position();
    return unit;
  }
  ResumePlace place() const override { return place_; }

  bool accepts(const Unit& any) override {
    const auto& unit = static_cast<const Lz4Unit&>(any);
    if (!unit.place.inside) {
      XXH32_reset(hash_, 0);
      hashed_ = 0;
    }
    XXH32_update(hash_, unit.out.bytes.get(), unit.size);
    hashed_ += unit.size;
    if (!unit.ends_frame) return true;
    return (!unit.frame_checksum || *unit.frame_checksum == XXH32_digest(hash_)) &&
           (!unit.frame_bytes || *unit.frame_bytes == hashed_);
  }

 private:
  bool begin_frame() {
    const std::string_view head = input_.peek(19);
    if (head.size() < 7 || !begins_lz4(head)) return false;
    const auto flags = static_cast<unsigned char>(head[4]);
    const auto sizes = static_cast<unsigned char>(head[5]);
    // Version 1, blocks independent, no reserved bit, no dictionary.
    if ((flags & 0xE3) != 0x60 || (sizes & 0x8F) != 0 || sizes >> 4 < 4) return false;
    block_checksums_ = (flags & 0x10) != 0;
    const bool has_size = (flags & 0x08) != 0;
    content_checksum_ = (flags & 0x04) != 0;
    block_bytes_ = std::size_t{1} << (8 + 2 * (sizes >> 4));  // 4: 64 KiB to 7: 4 MiB
    const std::size_t descriptor = has_size ? 10 : 2;
    if (head.size() < 4 + descriptor + 1) return false;
    const std::uint32_t sum = XXH32(head.data() + 4, descriptor, 0) >> 8 & 0xFF;
    if (sum != static_cast<unsigned char>(head[4 + descriptor])) return false;
    frame_bytes_.reset();
    if (has_size) frame_bytes_ = little_endian(head, 6, 8);
    input_.take(4 + descriptor + 1);
    in_frame_ = true;
    return true;
  }

  /// Appends one block to `unit`, or the frame's end.
  bool take_block(Lz4Unit& unit) {
    const std::string_view head = input_.peek(4);
    if (head.size() < 4) return false;
    const auto told = static_cast<std::uint32_t>(little_endian(head, 0, 4));
    if (told == 0) return end_frame(unit);
    const std::size_t bytes = told & ~kStored;
    if (bytes > block_bytes_) return false;
    const std::size_t old = unit.in.size();
    if (!append(input_, 4 + bytes + (block_checksums_ ? 4 : 0), unit.in)) {
      unit.in.resize(old);
      return false;
    }
    unit.most += block_bytes_;
    place_.inside = true;
    return true;
  }

  bool end_frame(Lz4Unit& unit) {
    const std::string_view end = input_.peek(8);
    const std::size_t bytes = content_checksum_ ? 8 : 4;
    if (end.size() < bytes) return false;
    if (content_checksum_)
      unit.frame_checksum = static_cast<std::uint32_t>(little_endian(end, 4, 4));
    unit.frame_bytes = frame_bytes_;
    unit.ends_frame = true;
    input_.take(bytes);
    place_ = {input_.position(), place_.members + 1, false};
    in_frame_ = false;
    return true;
  }

  Input input_;
  ResumePlace place_;
  XXH32_state_t* hash_;  // of the frame at its turn
  std::uint64_t hashed_ = 0;
  std::size_t block_bytes_ = 0;
  std::optional<std::uint64_t> frame_bytes_;
  bool block_checksums_ = false, content_checksum_ = false;
  bool in_frame_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Splitter> lz4_splitter(std::unique_ptr<ByteSource> source) {
  return std::make_unique<Lz4Splitter>(std::move(source));
}

}  // namespace spoor
