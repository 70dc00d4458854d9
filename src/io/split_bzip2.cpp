// Parts of a bzip2 file: its blocks, of any bzip2 file. A block begins at any bit, with a mark
// of 48 bits that is looked for; whether a mark was one is seen when what lies between two of
// them decodes with the right checksum (by chance none is, once in 2^48 bits; on purpose, the
// file is read in order). The way of bzip2recover: a block with a header before it and an end
// behind it is a stream of its own, since a stream of one block has that block's checksum.
// Memory: 4 MB for each unit in flight beside its bytes.
//
// A stream: "BZh", '1' to '9'; blocks: 31 41 59 26 53 59, CRC 4, bits; the end: 17 72 45 38 50
// 90, CRC of the CRCs 4, bits to fill the byte. (github.com/dsnet/compress,
// doc/bzip2-format.pdf) Tested by parallel_test.cpp; fuzz/fuzz_decode.

#include <bzlib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "io/parallel.h"

namespace spoor {
namespace {

constexpr std::uint64_t kBlockMark = 0x314159265359, kEndMark = 0x177245385090;
constexpr std::uint64_t kMarkMask = 0xFFFFFFFFFFFF;
constexpr std::uint64_t kMarkBits = 48, kCrcBits = 32;
/// A block of 900,000 bytes that nothing could be made of takes a few percent more.
constexpr std::size_t kMostBlockIn = 2 << 20;

/// Whether a mark may end in the byte behind this one: one of 16 of the 256.
constexpr auto kMayHoldMark = [] {
  std::array<bool, 256> may{};
  for (const std::uint64_t mark : {kBlockMark, kEndMark})
    for (unsigned behind = 0; behind < 8; ++behind) may[mark >> (8 - behind) & 0xFF] = true;
  return may;
}();

/// `count` <= 56 bits of `bytes` from bit `at` on, the first one highest.
std::uint64_t bits_at(std::string_view bytes, std::uint64_t at, unsigned count) {
  std::uint64_t value = 0;
  const auto first = static_cast<std::size_t>(at / 8);
  const auto skipped = static_cast<unsigned>(at % 8);
  const std::size_t last = first + (skipped + count + 7) / 8;
  // Up to 8 bytes: of the first, `skipped` bits fall out at the top.
  for (std::size_t i = first; i < last; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  const auto behind = static_cast<unsigned>((last - first) * 8 - skipped - count);
  return value >> behind & ((std::uint64_t{1} << count) - 1);
}

class Bzip2Unit final : public Unit {
 public:
  char level = '9';
  unsigned first_bit = 0;  // of in[0], where the block's mark begins
  std::uint64_t bits = 0;  // of the block, mark and CRC among them
  std::uint32_t crc = 0;

 private:
  bool decode() override {
    const std::string stream = own_stream();
    bz_stream state{};
    if (BZ2_bzDecompressInit(&state, 0, 0) != BZ_OK) return false;
    state.next_in = const_cast<char*>(stream.data());  // never written to
    state.avail_in = static_cast<unsigned>(stream.size());
    int code = BZ_OK;
    while (code == BZ_OK) {
      if (size == out.capacity && !grow()) break;
      const std::size_t room = out.capacity - size;
      state.next_out = out.bytes.get() + size;
      state.avail_out = static_cast<unsigned>(room);
      code = BZ2_bzDecompress(&state);
      size += room - state.avail_out;
      if (code == BZ_OK && state.avail_in == 0 && state.avail_out > 0) break;
    }
    const bool whole = code == BZ_STREAM_END && state.avail_in == 0;
    BZ2_bzDecompressEnd(&state);
    return whole;
  }

  /// Runs of one byte make more of a block than its level says.
  bool grow() {
    if (out.capacity >= kMostBytes) return false;
    RawBuffer larger;
    larger.make_room(std::min(out.capacity * 2, kMostBytes));
    std::memcpy(larger.bytes.get(), out.bytes.get(), size);
    out = std::move(larger);
    return true;
  }

  std::string own_stream() const {
    std::string stream = std::string("BZh") + level;
    stream.reserve(in.size() + 16);
    std::uint64_t held = 0;  // bits that are not written yet, the first one highest
    unsigned count = 0;
    const auto put = [&](std::uint64_t value, unsigned width) {
      held = held << width | value;
      count += width;
      while (count >= 8) {
        count -= 8;
        stream += static_cast<char>(held >> count & 0xFF);
      }
    };
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (first_bit == 0) {
      stream.append(in, 0, whole);
    } else {
      for (std::size_t i = 0; i < whole; ++i) {
        const unsigned two =
            static_cast<unsigned char>(in[i]) << 8 | static_cast<unsigned char>(in[i + 1]);
        stream += static_cast<char>(two >> (8 - first_bit) & 0xFF);
      }
    }
    if (const auto rest = static_cast<unsigned>(bits % 8); rest > 0)
      put(bits_at(in, first_bit + whole * 8, rest), rest);
    put(kEndMark >> 24, 24);
    put(kEndMark & 0xFFFFFF, 24);
    put(crc, 32);
    if (count > 0) put(0, 8 - count);
    return stream;
  }
};

class Bzip2Splitter final : public Splitter {
 public:
  explicit Bzip2Splitter(std::unique_ptr<ByteSource> source) : input_(std::move(source)) {}

  std::unique_ptr<Unit> next() override {
    while (!ended_) {
      if (!in_stream_) {
        ended_ = !begin_stream();
      } else if (!fill_bits(kMarkBits + kCrcBits)) {
        ended_ = true;
      } else if (bits_at(held_, first_bit_, kMarkBits) == kBlockMark) {
        if (auto unit = take_block()) return unit;
        ended_ = true;
      } else {
        ended_ = !end_stream();
      }
    }
    return nullptr;
  }
  ResumePlace place() const override { return place_; }

 private:
  bool begin_stream() {
    const std::string_view head = input_.peek(10);
    if (!begins_bzip2(head)) return false;
    level_ = head[3];
    input_.take(4);
    held_.clear();
    first_bit_ = 0;
    crc_ = 0;
    in_stream_ = true;
    return true;
  }

  /// The bit that held_ begins with is the first of a mark: reads until `bits` from there are
  /// held.
  bool fill_bits(std::uint64_t bits) {
    const auto bytes = static_cast<std::size_t>((first_bit_ + bits + 7) / 8);
    return held_.size() >= bytes || append(input_, bytes - held_.size(), held_);
  }

  /// From the mark that held_ begins with to the next one, which it then begins with.
  std::unique_ptr<Unit> take_block() {
    auto unit = std::make_unique<Bzip2Unit>();
    unit->place = place_;
    unit->level = level_;
    unit->first_bit = static_cast<unsigned>(first_bit_);
    unit->crc = static_cast<std::uint32_t>(bits_at(held_, first_bit_ + kMarkBits, kCrcBits));
    const std::uint64_t next = find_mark(first_bit_ + kMarkBits + kCrcBits);
    if (next == 0) return nullptr;
    unit->bits = next - first_bit_;
    crc_ = (crc_ << 1 | crc_ >> 31) ^ unit->crc;
    const auto whole = static_cast<std::size_t>(next / 8);
    const std::string rest = held_.substr(whole);
    // Up to the byte that the next mark begins in, and it, for its first bits.
    held_.resize(std::min(held_.size(), whole + 1));
    unit->in = std::move(held_);
    held_ = rest;
    first_bit_ = next % 8;
    unit->most = static_cast<std::size_t>(level_ - '0') * 100'000;
    unit->end = input_.position() - held_.size();
    place_.inside = true;
    return unit;
  }

  /// The bit of held_ at which the next mark begins, `from` or later; takes up to the byte that
  /// it ends in. 0 where there is none.
  std::uint64_t find_mark(std::uint64_t from) {
    auto at = static_cast<std::size_t>(from / 8);
    std::uint64_t seen = 0;  // the last 64 bits
    for (; at < held_.size(); ++at) {
      seen = seen << 8 | static_cast<unsigned char>(held_[at]);
      if (const std::uint64_t mark = mark_before(seen, at + 1, from)) return mark;
    }
    while (at < kMostBlockIn) {
      const std::string_view part = input_.peek(1);
      if (part.empty()) return 0;
      for (std::size_t i = 0; i < part.size(); ++i) {
        seen = seen << 8 | static_cast<unsigned char>(part[i]);
        const std::uint64_t mark = mark_before(seen, at + i + 1, from);
        if (mark == 0) continue;
        held_.append(part, 0, i + 1);
        input_.take(i + 1);
        return mark;
      }
      at += part.size();
      held_.append(part);
      input_.take(part.size());
    }
    return 0;
  }

  /// Where a mark begins that ends in the last of `bytes` bytes, whose last 64 bits are `seen`.
  static std::uint64_t mark_before(std::uint64_t seen, std::size_t bytes, std::uint64_t from) {
    if (!kMayHoldMark[seen >> 8 & 0xFF]) return 0;
    for (unsigned behind = 8; behind-- > 0;) {
      const std::uint64_t mark = seen >> behind & kMarkMask;
      if (mark != kBlockMark && mark != kEndMark) continue;
      const std::uint64_t end = bytes * 8 - behind;
      if (end >= from + kMarkBits) return end - kMarkBits;
    }
    return 0;
  }

  bool end_stream() {
    if (bits_at(held_, first_bit_, kMarkBits) != kEndMark ||
        bits_at(held_, first_bit_ + kMarkBits, kCrcBits) != crc_)
      return false;
    // All of held_ is the end's: no byte is taken before it is looked at.
    place_ = {input_.position(), place_.members + 1, false};
    in_stream_ = false;
    return true;
  }

  Input input_;
  ResumePlace place_;
  char level_ = '9';
  std::string held_;  // taken and not in a unit yet
  std::uint64_t first_bit_ = 0;
  std::uint32_t crc_ = 0;
  bool in_stream_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Splitter> bzip2_splitter(std::unique_ptr<ByteSource> source) {
  return std::make_unique<Bzip2Splitter>(std::move(source));
}

}  // namespace spoor
