#include "hunt/fingerprint.h"

#include <algorithm>

namespace spoor {
namespace {

constexpr std::size_t kBlock = 4096;

std::uint64_t behind(std::uint64_t block) {
  constexpr std::uint64_t kLeast = 64 << 10;
  return block + std::max(kLeast, block / 8 & ~std::uint64_t{kBlock - 1});
}

void append(std::string& text, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) text += static_cast<char>(number >> shift & 0xFF);
}

}  // namespace

void Fingerprint::add_sample(std::uint64_t begin, std::string_view bytes) {
  const std::uint64_t end = begin + bytes.size();
  while (block_begin_ < end) {
    const std::uint64_t from = block_begin_ + block_.size();
    if (from < begin) return;
    const std::size_t count = static_cast<std::size_t>(
        std::min<std::uint64_t>(end - std::min(from, end), kBlock - block_.size()));
    block_ += bytes.substr(static_cast<std::size_t>(from - begin), count);
    if (block_.size() < kBlock) return;
    std::string link(ladder_.view());
    link += block_;
    ladder_ = xxh3_128(link);
    block_.clear();
    block_begin_ = behind(block_begin_);
  }
}

void Fingerprint::add(std::uint64_t offset, std::string_view bytes) {
  if (offset > size_ || offset + bytes.size() <= size_) return;
  bytes.remove_prefix(static_cast<std::size_t>(size_ - offset));
  const std::uint64_t begin = size_;
  size_ += bytes.size();
  if (head_.size() < kWholeBytes)
    head_ += bytes.substr(0, static_cast<std::size_t>(kWholeBytes) - head_.size());
  add_sample(begin, bytes);
  if (bytes.size() >= kBlock) {
    tail_ = bytes.substr(bytes.size() - kBlock);
    return;
  }
  tail_ += bytes;
  if (tail_.size() > kBlock) tail_.erase(0, tail_.size() - kBlock);
}

Digest128 Fingerprint::digest() const {
  std::string all;
  append(all, size_);
  all += xxh3_128(head_).view();
  all += ladder_.view();
  all += xxh3_128(tail_).view();
  return xxh3_128(all);
}

Digest128 Fingerprint::head_key() const {
  return xxh3_128(std::string_view(head_).substr(0, kBlock));
}

std::optional<Fingerprint> Fingerprint::of(const OpenedFile& file, std::uint64_t size) {
  const auto part = [&](std::uint64_t begin, std::uint64_t most) {
    return file.read_at(begin, static_cast<std::size_t>(std::min(most, size - begin)));
  };
  Fingerprint print;
  print.head_ = part(0, kWholeBytes);
  if (print.head_.size() != std::min(kWholeBytes, size)) return std::nullopt;
  while (print.block_begin_ < size) {
    const std::uint64_t block = print.block_begin_;
    const std::string bytes = part(block, kBlock);
    if (bytes.size() != std::min<std::uint64_t>(kBlock, size - block)) return std::nullopt;
    print.add_sample(block, bytes);
    if (print.block_begin_ == block) break;
  }
  const std::uint64_t tail = size - std::min<std::uint64_t>(kBlock, size);
  print.tail_ = part(tail, kBlock);
  if (print.tail_.size() != size - tail) return std::nullopt;
  print.size_ = size;
  return print;
}

Digest128 disk_digest(const OpenedFile& file) {
  constexpr std::size_t kEnd = 64 << 10;
  const std::uint64_t size = file.state().size;
  std::string all;
  append(all, size);
  all += file.read_at(0, kEnd);
  all += file.read_at(size - std::min<std::uint64_t>(kEnd, size), kEnd);
  return xxh3_128(all);
}

}  // namespace spoor
