// A source that is read from any place: blocks of it are kept, so that neighbours cost no call.
// Private to `io`. Tested by journal_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/bytes.h"

namespace spoor {

class PagedSource {
 public:
  /// `source` must know its size (ByteSource::size).
  explicit PagedSource(std::unique_ptr<ByteSource> source);

  std::uint64_t size() const { return size_; }
  /// Bytes [at, at + count) into `out`; false where they do not all exist.
  bool read(std::uint64_t at, std::size_t count, std::string& out);
  /// A view of bytes that must lie in one block or be copied; valid until the next call.
  std::string_view view(std::uint64_t at, std::size_t count);
  /// Bytes copied from the source so far, whatever how often.
  std::uint64_t loaded() const { return loaded_; }
  const ByteSource& source() const { return *source_; }

 private:
  static constexpr std::size_t kBlock = 16 << 10;
  static constexpr std::size_t kBlocks = 1024;
  struct Block {
    std::uint64_t number = UINT64_MAX;
    std::string bytes;
  };
  const Block& block(std::uint64_t number);

  std::unique_ptr<ByteSource> source_;
  std::uint64_t size_;
  std::uint64_t position_ = UINT64_MAX;  // of the source
  std::uint64_t loaded_ = 0;
  std::vector<Block> blocks_{kBlocks};  // block n stands at n modulo their number
  std::string copy_;
};

}  // namespace spoor
