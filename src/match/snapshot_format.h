// What the snapshot's writer and reader share: header, sections, digests of pieces,
// descriptors. The format is told in snapshot.h. Private to the snapshot.

#pragma once

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/ascii.h"
#include "base/hash.h"
#include "match/flat_index.h"
#include "match/snapshot.h"

namespace spoor::snapshot {

inline constexpr std::size_t kAlignment = 64;
inline constexpr std::size_t kPieceBytes = std::size_t{4} << 20;

enum Section : std::size_t {
  kTraits,
  kTypes,
  kLengths,
  kBases,
  kValues,
  kIds,
  kBuckets,
  kKeys,
  kSieve
};
inline constexpr const char* kSectionNames[kSnapshotSections] = {
    "traits", "types", "lengths", "bases", "values", "ids", "buckets", "keys", "sieve"};

inline std::uint64_t padded(std::uint64_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

inline std::string_view as_text(const std::byte* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline std::string reason_of(int error) {
  return lower(std::generic_category().message(error));
}

/// The header's numbers, in words of the host.
struct Header {
  SnapshotOrigin origin;
  std::uint64_t file_size = 0;
  std::uint64_t count = 0;
  std::uint64_t key_count = 0;
  std::uint32_t bucket_bits = flat::kMinBucketBits;
  std::uint32_t longest_run = 0;
  std::uint32_t id_bytes = 4;
  struct Row {
    std::uint64_t offset = 0, size = 0;
    Digest128 digest;
  };
  std::array<Row, kSnapshotSections> rows;

  /// What the numbers say about the size of a section; nothing where it may have any.
  std::optional<std::uint64_t> size_of(std::size_t section) const;

  /// Sections lie one after another in the order of their ids.
  void place();

  /// 512 bytes.
  void write(std::byte* at) const;

  /// Everything that can be known from the first 512 bytes and the file's size.
  static Result<Header> read(const std::byte* at, std::uint64_t size);
};

/// The digest of a section from those of its pieces.
class PieceDigests {
 public:
  void add(const Digest128& piece) { pieces_ += piece.view(); }
  Digest128 sum() const { return xxh3_128(pieces_); }

 private:
  std::string pieces_;
};

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileDescriptor(FileDescriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  FileDescriptor& operator=(FileDescriptor&&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  /// Closes; the error that closing reports, or 0.
  int close() { return ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno; }

 private:
  int descriptor_;
};

/// Puts the bytes under `path`, where until then stays what was there; takes away what writers
/// that were killed left beside it. Any number of processes may do so at once.
Status write_snapshot_file(const std::string& path, std::unique_ptr<std::byte[]> bytes,
                           std::size_t size);

}  // namespace spoor::snapshot
