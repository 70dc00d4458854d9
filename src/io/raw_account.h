// What was taken from one file: its size and last change, how many of its bytes, and their
// digest, computed while they pass. Decoders and archives read mostly in order; where they jump
// (the list of members at the end of a zip), what was passed over is read at the end for the
// digest alone, up to a limit. Private to `io`. Tested by raw_account_test.cpp.

#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/hash.h"
#include "io/bytes.h"
#include "io/source.h"

namespace spoor {

class RawAccount {
 public:
  explicit RawAccount(bool digest);

  /// `fd` is duplicated where it is needed beyond its owner's life.
  /// `from`: where reading begins.
  void open(int fd, const struct stat& info, std::uint64_t size, std::uint64_t from = 0);
  /// `bytes` stand at `offset`; `covered`: different bytes that were taken so far.
  void add(std::uint64_t offset, std::string_view bytes, std::uint64_t covered);
  FileIdentity identity();

 private:
  void hash_the_rest();

  FileIdentity identity_;
  std::unique_ptr<Hasher128> hasher_;  // null: no digest is wanted
  FileDescriptor again_{-1};
};

}  // namespace spoor
