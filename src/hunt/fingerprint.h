// What tells whether the first bytes of a content are still those that were hunted, without
// reading all of them again: the first 64 KiB, 4 KiB at each step of a ladder whose steps grow
// with the offset (64 KiB, later an eighth of it), and the last 4 KiB before the end. Up to
// 64 KiB that is every byte; at 10 GiB some 450 KB.
//
//     |######|..#....#....#....#....#......#.......#.........#..........##|
//      64 KiB  ladder: 4 KiB each, at places that do not depend on the end  last 4 KiB
//
// The places are fixed, so it is computed from the bytes as they are hunted (never from a
// second look at a file that may have changed since), and goes on where it stood. Alternative
// that lost: a digest of all bytes; it would read a log of 10 GiB for each new line. Private to
// `hunt`. Tested by progress_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "io/opened_file.h"

namespace spoor {

class Fingerprint {
 public:
  /// Every byte of a content up to here takes part.
  static constexpr std::uint64_t kWholeBytes = 64 << 10;

  /// Takes the content's bytes at `offset`; what was taken already is passed over. A gap makes
  /// it useless: size() stays where it was.
  void add(std::uint64_t offset, std::string_view bytes);
  std::uint64_t size() const { return size_; }
  /// Of the first size() bytes.
  Digest128 digest() const;
  /// Of the first 4 KiB: where to look for the same content in another file.
  Digest128 head_key() const;

  /// Of the first `size` bytes of a plain file; nothing where it is shorter.
  static std::optional<Fingerprint> of(const OpenedFile& file, std::uint64_t size);

 private:
  void add_sample(std::uint64_t begin, std::string_view bytes);

  std::string head_, tail_, block_;  // block_: of the ladder's step under way
  std::uint64_t block_begin_ = kWholeBytes;
  Digest128 ladder_;
  std::uint64_t size_ = 0;
};

/// Of both ends of a packed file, 64 KiB each, and its size.
Digest128 disk_digest(const OpenedFile& file);

}  // namespace spoor
