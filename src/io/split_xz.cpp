// Parts of an xz file: the blocks that `xz -T` and pixz write say in their header how long they
// are (xz file format 1.1.0, 3.1). The index behind the blocks is held against them, so that a
// stream counts as whole only where the sequential decoder would say so. What `xz` writes with
// one thread has one block of unknown length, and is read in order. Memory: that of a block
// decoder for each unit in flight, at most 16 MiB. Tested by parallel_test.cpp;
// fuzz/fuzz_decode.

#include <lzma.h>

#include "io/parallel.h"

namespace spoor {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// A block's header with what it points to.
struct Block {
  lzma_filter filters[LZMA_FILTERS_MAX + 1] = {};
  lzma_block block = {};
  bool decoded = false;

  Block() {
    for (lzma_filter& filter : filters) filter.id = LZMA_VLI_UNKNOWN;
  }
  ~Block() {
    if (decoded) lzma_filters_free(filters, nullptr);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  bool decode(std::string_view head, lzma_check check) {
    block.version = 1;
    block.check = check;
    block.filters = filters;
    block.header_size = lzma_block_header_size_decode(bytes_of(head)[0]);
    if (head.size() < block.header_size) return false;
    decoded = lzma_block_header_decode(&block, nullptr, bytes_of(head)) == LZMA_OK;
    return decoded;
  }
};

class XzUnit final : public Unit {
 public:
  explicit XzUnit(lzma_check check) : check_(check) {}

 private:
  bool decode() override {
    Block block;
    if (!block.decode(in, check_)) return false;
    std::size_t taken = block.block.header_size;
    return lzma_block_buffer_decode(&block.block, nullptr, bytes_of(in), &taken, in.size(),
                                    reinterpret_cast<std::uint8_t*>(out.bytes.get()), &size,
                                    most) == LZMA_OK &&
           taken == in.size() && size == most;
  }

  lzma_check check_;
};

class XzSplitter final : public Splitter {
 public:
  explicit XzSplitter(std::unique_ptr<ByteSource> source)
      : file_bytes_(source->size().value_or(0)), input_(std::move(source)) {}
  ~XzSplitter() override { lzma_index_hash_end(index_, nullptr); }
  XzSplitter(const XzSplitter&) = delete;
  XzSplitter& operator=(const XzSplitter&) = delete;

  std::unique_ptr<Unit> next() override {
    while (!ended_) {
      if (!in_stream_) {
        ended_ = !begin_stream();
        continue;
      }
      const std::string_view first = input_.peek(1);
      if (first.empty()) break;
      if (first[0] == '\0') {
        ended_ = !end_stream();
        continue;
      }
      if (auto unit = take_block()) return unit;
      break;
    }
    ended_ = true;
    return nullptr;
  }
  ResumePlace place() const override { return place_; }

 private:
  bool begin_stream() {
    const std::string_view head = input_.peek(LZMA_STREAM_HEADER_SIZE);
    if (head.size() < LZMA_STREAM_HEADER_SIZE ||
        lzma_stream_header_decode(&flags_, bytes_of(head)) != LZMA_OK ||
        lzma_check_is_supported(flags_.check) == 0)
      return false;
    index_ = lzma_index_hash_init(index_, nullptr);
    if (index_ == nullptr) return false;
    input_.take(LZMA_STREAM_HEADER_SIZE);
    in_stream_ = true;
    return true;
  }

  std::unique_ptr<Unit> take_block() {
    constexpr std::uint64_t kMostDecoder = 16 << 20;
    Block block;
    if (!block.decode(input_.peek(LZMA_BLOCK_HEADER_SIZE_MAX), flags_.check)) return nullptr;
    const lzma_vli bytes = lzma_block_total_size(&block.block);
    const lzma_vli out = block.block.uncompressed_size;
    if (bytes == LZMA_VLI_UNKNOWN || bytes == 0 || out == LZMA_VLI_UNKNOWN ||
        bytes > Unit::kMostBytes || out > Unit::kMostBytes ||
        lzma_raw_decoder_memusage(block.filters) > kMostDecoder)
      return nullptr;
    // A file of one block is read while it is scanned, not before.
    if (place_.members == 0 && !place_.inside && bytes * 2 > file_bytes_) return nullptr;
    auto unit = std::make_unique<XzUnit>(flags_.check);
    unit->place = place_;
    if (!append(input_, static_cast<std::size_t>(bytes), unit->in)) return nullptr;
    if (lzma_index_hash_append(index_, lzma_block_unpadded_size(&block.block), out) != LZMA_OK)
      return nullptr;
    unit->most = static_cast<std::size_t>(out);
    unit->end = input_.position();
    place_.inside = true;
    return unit;
  }

  /// The index and the footer.
  bool end_stream() {
    for (lzma_ret code = LZMA_OK; code != LZMA_STREAM_END;) {
      const std::string_view part = input_.peek(1);
      if (part.empty()) return false;
      std::size_t taken = 0;
      code = lzma_index_hash_decode(index_, bytes_of(part), &taken, part.size());
      input_.take(taken);
      if (code != LZMA_OK && code != LZMA_STREAM_END) return false;
    }
    const std::string_view footer = input_.peek(LZMA_STREAM_HEADER_SIZE);
    lzma_stream_flags flags{};
    if (footer.size() < LZMA_STREAM_HEADER_SIZE ||
        lzma_stream_footer_decode(&flags, bytes_of(footer)) != LZMA_OK ||
        lzma_stream_flags_compare(&flags_, &flags) != LZMA_OK ||
        flags.backward_size != lzma_index_hash_size(index_))
      return false;
    input_.take(LZMA_STREAM_HEADER_SIZE);
    place_ = {input_.position(), place_.members + 1, false};
    in_stream_ = false;
    return true;
  }

  std::uint64_t file_bytes_;
  Input input_;
  ResumePlace place_;
  lzma_stream_flags flags_{};
  lzma_index_hash* index_ = nullptr;
  bool in_stream_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Splitter> xz_splitter(std::unique_ptr<ByteSource> source) {
  return std::make_unique<XzSplitter>(std::move(source));
}

}  // namespace spoor
