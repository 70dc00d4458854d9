// lz4 frames (all of them, skippable ones between them too) through liblz4. The library forgets
// what a call has put out when it then meets damage; so each call gets one piece of the frame
// (the header, a block's size, a block, a checksum), and nothing while output waits. Memory: at
// most 8.5 MB (blocks of 4 MB and their window). Tested by decode_test.cpp; fuzz/fuzz_decode.
//
// A frame: magic, FLG, BD, [content size 8], [dictionary 4], checksum 1, then blocks: size 4
// (high bit: stored), bytes, [checksum 4]; a size of 0 ends it, then [checksum 4].
// (github.com/lz4/lz4, doc/lz4_Frame_format.md)

#include <lz4frame.h>

#include <algorithm>

#include "base/check.h"
#include "io/decoder.h"

namespace spoor {
namespace {

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

bool is_skippable(std::string_view head) {
  return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50 &&
         head.substr(1, 3) == "\x2a\x4d\x18";
}

class Lz4Source final : public Decoder {
 public:
  Lz4Source(std::unique_ptr<ByteSource> source, const DecoderStart& start)
      : Decoder(std::move(source), start), frames_(start.members) {
    SPOOR_CHECK(LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) == 0);
  }
  ~Lz4Source() override { LZ4F_freeDecompressionContext(context_); }
  Lz4Source(const Lz4Source&) = delete;
  Lz4Source& operator=(const Lz4Source&) = delete;

  std::size_t read(char* out, std::size_t size) override {
    while (size > 0 && !ended_) {
      if (piece_ == 0 && !output_waits_ && !next_piece()) break;
      std::string_view in;
      if (piece_ > 0 && !output_waits_) {
        // A checksum comes whole, so that a call that fails took all of it.
        in = input_.peek(next_ == Piece::kFrame ? 4 : 1);
        in = in.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), piece_)));
        if (in.empty()) {
          truncated();
          break;
        }
      }
      std::size_t got = size, taken = in.size();
      const std::size_t code = LZ4F_decompress(context_, out, &got, in.data(), &taken, nullptr);
      if (LZ4F_isError(code) != 0) {
        failed(code);
        continue;
      }
      input_.take(taken);
      piece_ -= taken;
      decoded_ += got;
      output_waits_ = got == size;
      if (got > 0) return got;
      if (taken == 0 && !in.empty()) {
        report_damage("lz4: frame " + std::to_string(frames_), "no progress");
        ended_ = true;
      }
    }
    return 0;
  }

 private:
  /// What the next piece is.
  enum class Piece : std::uint8_t { kFrame, kSize, kBlock, kChecksum };

  bool end() {
    ended_ = true;
    return false;
  }
  bool truncated() {
    report_truncated("lz4");
    return end();
  }

  /// Finds out how long the next piece is. False at the end.
  bool next_piece() {
    switch (next_) {
      case Piece::kFrame:
        return begin_frame();
      case Piece::kSize:
        return begin_block();
      case Piece::kBlock:
        piece_ = block_bytes_;
        next_ = Piece::kSize;
        return true;
      case Piece::kChecksum:
        piece_ = 4;
        next_ = Piece::kFrame;
        return true;
    }
    return end();
  }

  bool begin_frame() {
    while (frames_ > 0 && is_skippable(input_.peek(4))) {
      const std::string_view head = input_.peek(8);
      if (head.size() < 8) return truncated();
      std::uint64_t rest = 8 + std::uint64_t{little_endian(head.substr(4))};
      while (rest > 0) {
        const std::string_view part = input_.peek(1);
        if (part.empty()) return truncated();
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(rest, part.size()));
        input_.take(count);
        rest -= count;
      }
    }
    if (frames_ > 0 && !begins_lz4(input_.peek(4))) {
      report_tail("lz4 frame");
      return end();
    }
    const std::string_view head = input_.peek(7);
    ++frames_;
    if (head.size() < 7) {
      input_.drain();
      return truncated();
    }
    const auto flags = static_cast<unsigned char>(head[4]);
    block_checksum_ = (flags & 0x10) != 0;
    content_checksum_ = (flags & 0x04) != 0;
    piece_ = 7;
    if ((flags & 0x08) != 0) piece_ += 8;
    if ((flags & 0x01) != 0) piece_ += 4;
    next_ = Piece::kSize;
    return true;
  }

  bool begin_block() {
    const std::string_view head = input_.peek(4);
    if (head.size() < 4) {
      input_.drain();
      return truncated();
    }
    const std::uint32_t value = little_endian(head);
    piece_ = 4;
    if (value == 0) {
      next_ = content_checksum_ ? Piece::kChecksum : Piece::kFrame;
    } else {
      block_bytes_ = (value & 0x7FFFFFFF) + (block_checksum_ ? 4u : 0u);
      next_ = Piece::kBlock;
    }
    return true;
  }

  void failed(std::size_t code) {
    const std::string frame = "lz4: frame " + std::to_string(frames_);
    const std::string why = LZ4F_getErrorName(code);
    if (why == "ERROR_contentChecksum_invalid") {
      add_problem(frame + ": checksum differs, its content was scanned as it is", 0, true);
      input_.take(static_cast<std::size_t>(piece_));
      piece_ = 0;
      LZ4F_resetDecompressionContext(context_);
      return;
    }
    report_damage(frame, why);
    ended_ = true;
  }

  LZ4F_dctx* context_ = nullptr;
  Piece next_ = Piece::kFrame;
  std::uint64_t piece_ = 0;        // bytes of the piece at hand that are still to come
  std::uint64_t block_bytes_ = 0;  // of the block whose size was read last
  bool block_checksum_ = false, content_checksum_ = false;
  bool output_waits_ = false;
  bool ended_ = false;
  std::uint64_t frames_;  // begun
};

}  // namespace

bool begins_lz4(std::string_view head) {
  return head.substr(0, 4) == "\x04\x22\x4d\x18";
}

std::unique_ptr<ByteSource> lz4_decoder(std::unique_ptr<ByteSource> source,
                                        const DecoderStart& start) {
  return std::make_unique<Lz4Source>(std::move(source), start);
}

}  // namespace spoor
