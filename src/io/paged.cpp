#include "io/paged.h"

#include <algorithm>

#include "base/check.h"

namespace spoor {

PagedSource::PagedSource(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {
  SPOOR_CHECK(source_->size().has_value());
  size_ = *source_->size();
}

const PagedSource::Block& PagedSource::block(std::uint64_t number) {
  Block& block = blocks_[number % kBlocks];
  if (block.number == number) return block;
  block.number = number;
  const std::uint64_t begin = number * kBlock;
  block.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, size_ - begin)));
  std::size_t size = 0;
  if (position_ == begin || source_->seek(begin)) {
    while (size < block.bytes.size()) {
      const std::size_t got =
          source_->read(block.bytes.data() + size, block.bytes.size() - size);
      if (got == 0) break;  // the file has shrunk
      size += got;
    }
  }
  position_ = begin + size;
  block.bytes.resize(size);
  loaded_ += size;
  return block;
}

bool PagedSource::read(std::uint64_t at, std::size_t count, std::string& out) {
  out.clear();
  if (at > size_ || count > size_ - at) return false;
  while (out.size() < count) {
    const std::uint64_t from = at + out.size();
    const Block& part = block(from / kBlock);
    const auto begin = static_cast<std::size_t>(from % kBlock);
    if (begin >= part.bytes.size()) return false;
    out.append(part.bytes, begin, std::min(part.bytes.size() - begin, count - out.size()));
  }
  return true;
}

std::string_view PagedSource::view(std::uint64_t at, std::size_t count) {
  if (at > size_ || count > size_ - at) return {};
  const auto begin = static_cast<std::size_t>(at % kBlock);
  if (begin + count <= kBlock) {
    const std::string_view bytes = block(at / kBlock).bytes;
    return begin + count <= bytes.size() ? bytes.substr(begin, count) : std::string_view();
  }
  return read(at, count, copy_) ? std::string_view(copy_) : std::string_view();
}

}  // namespace spoor
