// The snapshot's reader. Tested by snapshot_test.cpp and snapshot_damage_test.cpp.

#include "match/snapshot.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "match/fast.h"
#include "match/flat_index.h"
#include "match/sieve.h"
#include "match/snapshot_format.h"

namespace spoor {

using namespace snapshot;

namespace {

using flat::load;

std::string name_of(const SnapshotOrigin& origin) {
  return "generation " + std::to_string(origin.generation) + " of store " +
         to_hex(
             {reinterpret_cast<const char*>(origin.store_id.data()), origin.store_id.size()});
}

/// The bytes of a snapshot: a mapped file or memory, at a 64-byte border.
class Bytes {
 public:
  /// A copy.
  explicit Bytes(std::span<const std::byte> from)
      : data_(static_cast<std::byte*>(
            ::operator new (from.size(), std::align_val_t{kAlignment}))),
        size_(from.size()) {
    if (!from.empty()) std::memcpy(data_, from.data(), from.size());
  }
  /// A mapping of `size` bytes, and the file behind it.
  Bytes(void* mapped, std::size_t size, FileDescriptor file)
      : data_(static_cast<std::byte*>(mapped)), size_(size), file_(std::move(file)) {}
  ~Bytes() {
    if (data_ == nullptr) return;
    if (file_) {
      ::munmap(data_, size_);
    } else {
      ::operator delete (data_, std::align_val_t{kAlignment});
    }
  }
  Bytes(Bytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(other.size_),
        file_(std::move(other.file_)) {}
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  Bytes& operator=(Bytes&&) = delete;

  const std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::span<const std::byte> part(std::uint64_t offset, std::uint64_t size) const {
    return {data_ + offset, size};
  }

  /// [offset, offset + size), through `room` where the file is read beside its map.
  Result<std::string_view> piece(std::uint64_t offset, std::size_t size,
                                 std::vector<std::byte>& room) const {
    if (!file_) return as_text(data_ + offset, size);
    room.resize(size);
    for (std::size_t done = 0; done < size;) {
      const ssize_t count = ::pread(file_->get(), room.data() + done, size - done,
                                    static_cast<off_t>(offset + done));
      if (count < 0) {
        if (errno == EINTR) continue;
        return fail("read: " + reason_of(errno));
      }
      if (count == 0) {
        return fail("was cut to " + std::to_string(offset + done) + " bytes, expected " +
                    std::to_string(size_));
      }
      done += static_cast<std::size_t>(count);
    }
    return as_text(room.data(), size);
  }

 private:
  std::byte* data_;
  std::size_t size_;
  std::optional<FileDescriptor> file_;
};

FlatSections sections_of(const Header& header, const Bytes& bytes) {
  const auto part = [&](Section section) {
    return bytes.part(header.rows[section].offset, header.rows[section].size);
  };
  FlatSections sections;
  sections.count = static_cast<std::uint32_t>(header.count);
  sections.key_count = header.key_count;
  sections.bucket_bits = static_cast<int>(header.bucket_bits);
  sections.longest_run = header.longest_run;
  sections.traits = part(kTraits);
  sections.types = part(kTypes);
  sections.lengths = part(kLengths);
  sections.bases = part(kBases);
  sections.values = part(kValues);
  sections.buckets = part(kBuckets);
  sections.keys = part(kKeys);
  return sections;
}

class OpenSnapshot final : public Snapshot {
 public:
  /// `sieve` is a view into `bytes`.
  OpenSnapshot(std::string path, Bytes bytes, const Header& header, const Sieve& sieve)
      : path_(std::move(path)),
        bytes_(std::move(bytes)),
        header_(header),
        sieve_(sieve),
        index_(sections_of(header_, bytes_)),
        matcher_(make_fast_matcher(index_, sieve_)) {}

  const ClaimIndex& index() const override { return index_; }
  const Matcher& matcher() const override { return *matcher_; }
  std::size_t size() const override { return index_.size(); }
  const SnapshotOrigin& origin() const override { return header_.origin; }

  std::int64_t id_of(IndicatorIndex indicator) const override {
    const std::size_t i = static_cast<std::uint32_t>(indicator);
    if (i >= header_.count) return 0;
    const std::byte* ids = bytes_.data() + header_.rows[kIds].offset;
    return header_.id_bytes == 4 ? std::int64_t{load<std::uint32_t>(ids + i * 4)}
                                 : load<std::int64_t>(ids + i * 8);
  }

  Status verify(const std::stop_token& stop) const override {
    std::vector<std::byte> room;
    for (std::size_t s = 0; s < kSnapshotSections; ++s) {
      if (Status good = verify_section(s, room, stop); !good)
        return path_.empty() ? good : fail(good.error().at(path_));
      if (stop.stop_requested()) return {};
    }
    return {};
  }

  Status verify_section(std::size_t section, std::vector<std::byte>& room,
                        const std::stop_token& stop) const {
    const Header::Row& row = header_.rows[section];
    const std::uint64_t whole = padded(row.size);
    PieceDigests digests;
    for (std::uint64_t done = 0; done < whole; done += kPieceBytes) {
      if (stop.stop_requested()) return {};
      const std::size_t size = std::min<std::uint64_t>(kPieceBytes, whole - done);
      const auto piece = bytes_.piece(row.offset + done, size, room);
      if (!piece) return fail(piece.error());
      digests.add(xxh3_128(*piece));
    }
    if (const Digest128 found = digests.sum(); found != row.digest) {
      return fail("damaged: section '" + std::string(kSectionNames[section]) +
                  "' has the checksum " + to_hex(found.view()) + ", expected " +
                  to_hex(row.digest.view()));
    }
    return {};
  }

 private:
  std::string path_;
  Bytes bytes_;
  Header header_;
  Sieve sieve_;
  FlatIndex index_;
  std::unique_ptr<const Matcher> matcher_;
};

Result<std::unique_ptr<const Snapshot>> open_bytes(const std::string& path, Bytes bytes,
                                                   const SnapshotOrigin* expected) {
  const auto header = Header::read(bytes.data(), bytes.size());
  if (!header) return fail(header.error());
  if (expected != nullptr && header->origin != *expected) {
    return fail("compiled from " + name_of(header->origin) + ", expected " +
                name_of(*expected));
  }
  const Header::Row& block = header->rows[kSieve];
  const auto sieve = Sieve::open(bytes.part(block.offset, block.size));
  if (!sieve) return fail("damaged: section 'sieve' is no sieve of this version");
  // The copy of a view of bytes that stay where they are.
  auto snapshot = std::make_unique<const OpenSnapshot>(path, std::move(bytes), *header, *sieve);
  std::vector<std::byte> room;
  if (Status good = snapshot->verify_section(kTraits, room, {}); !good)
    return fail(good.error());
  return std::unique_ptr<const Snapshot>(std::move(snapshot));
}

}  // namespace

Result<std::unique_ptr<const Snapshot>> Snapshot::open(const std::string& path,
                                                       const SnapshotOrigin* expected) {
  // Not blocking: a FIFO of that name must not hold us up.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return fail(path + ": " + reason_of(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(path + ": " + reason_of(errno));
  if (!S_ISREG(status.st_mode)) return fail(path + ": is no regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return fail(path + ": empty, expected a snapshot");
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (mapped == MAP_FAILED) return fail(path + ": mmap: " + reason_of(errno));
  // Look-ups touch pages here and there; their neighbours would be read for nothing, and
  // verify() reads the whole file in order anyway. Only advice: a refusal changes nothing.
  ::madvise(mapped, size, MADV_RANDOM);
  auto snapshot = open_bytes(path, Bytes(mapped, size, std::move(file)), expected);
  if (!snapshot) return fail(snapshot.error().at(path));
  return snapshot;
}

Result<std::unique_ptr<const Snapshot>> Snapshot::from_bytes(std::vector<std::byte> bytes) {
  Bytes copy(bytes);
  std::vector<std::byte>().swap(bytes);
  return open_bytes({}, std::move(copy), nullptr);
}

}  // namespace spoor
