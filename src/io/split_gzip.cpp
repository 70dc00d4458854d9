// Parts of a gzip file: the members that bgzip writes say in their header how long they are
// (SAM/BAM specification, 4.1), so that they can be found without inflating. Of other gzip
// files nothing can be found so, and they are read in order.
//
// A member: 1f 8b 08 04, time 4 (0; one that tells a time is read in order, for it), flags 1,
// system 1, length of the extra field 2 (= 6), then "BC", 2 (= 2), length of the whole member
// less one 2; deflate; CRC-32 4, length 4. Tested by parallel_test.cpp; fuzz/fuzz_decode.

#include <isa-l.h>

#include <memory>

#include "io/parallel.h"

namespace spoor {
namespace {

constexpr std::size_t kHeader = 18, kTrailer = 8;
constexpr std::size_t kMostOut = 64 << 10;  // of one member, by the specification

bool begins_block(std::string_view head) {
  return head.size() >= kHeader && head.substr(0, 4) == "\x1f\x8b\x08\x04" &&
         little_endian(head, 4, 4) == 0 && little_endian(head, 10, 2) == 6 &&
         head.substr(12, 2) == "BC" && little_endian(head, 14, 2) == 2;
}
std::size_t block_bytes(std::string_view head) {
  return static_cast<std::size_t>(little_endian(head, 16, 2)) + 1;
}

class BgzipUnit final : public Unit {
 private:
  bool decode() override {
    const auto state = std::make_unique<inflate_state>();
    for (std::string_view rest = in; !rest.empty(); rest.remove_prefix(block_bytes(rest)))
      if (!decode_block(*state, rest.substr(0, block_bytes(rest)))) return false;
    return true;
  }

  bool decode_block(inflate_state& state, std::string_view block) {
    const auto length = static_cast<std::size_t>(little_endian(block, block.size() - 4, 4));
    const std::string_view body = block.substr(kHeader, block.size() - kHeader - kTrailer);
    auto* const to = reinterpret_cast<std::uint8_t*>(out.bytes.get() + size);
    isal_inflate_init(&state);
    state.crc_flag = ISAL_DEFLATE;
    // The library takes input by a pointer to non-const and never writes to it.
    state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(body.data()));
    state.avail_in = static_cast<std::uint32_t>(body.size());
    state.next_out = to;
    state.avail_out = static_cast<std::uint32_t>(length);
    // Whatever it says of an error cannot be used (decode_gzip.cpp); that all is well can.
    if (isal_inflate_stateless(&state) != ISAL_DECOMP_OK) return false;
    const bool whole = state.block_state == ISAL_BLOCK_FINISH && state.avail_in == 0 &&
                       state.read_in_length < 8 && state.avail_out == 0;
    if (!whole || crc32_gzip_refl(0, to, length) != little_endian(block, block.size() - 8, 4))
      return false;
    size += length;
    return true;
  }
};

class GzipSplitter final : public Splitter {
 public:
  explicit GzipSplitter(std::unique_ptr<ByteSource> source) : input_(std::move(source)) {}

  std::unique_ptr<Unit> next() override {
    auto unit = std::make_unique<BgzipUnit>();
    unit->place = place_;
    while (!ended_ && unit->most < Unit::kTarget) {
      const std::string_view head = input_.peek(kHeader);
      const std::size_t bytes = begins_block(head) ? block_bytes(head) : 0;
      const std::size_t old = unit->in.size();
      ended_ = bytes <= kHeader + kTrailer || !append(input_, bytes, unit->in);
      const std::uint64_t length = ended_ ? 0 : little_endian(unit->in, old + bytes - 4, 4);
      ended_ = ended_ || length > kMostOut;
      if (ended_) {
        unit->in.resize(old);
        break;
      }
      unit->most += static_cast<std::size_t>(length);
      ++place_.members;
      place_.position += bytes;
    }
    if (unit->in.empty()) return nullptr;
    unit->end = place_.position;
    return unit;
  }
  ResumePlace place() const override { return place_; }

 private:
  Input input_;
  ResumePlace place_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Splitter> gzip_splitter(std::unique_ptr<ByteSource> source) {
  return std::make_unique<GzipSplitter>(std::move(source));
}

}  // namespace spoor
