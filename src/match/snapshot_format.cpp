#include "match/snapshot_format.h"

#include <algorithm>
#include <cstring>

namespace spoor::snapshot {
namespace {

using flat::load;
using flat::store;

constexpr char kMagic[9] = "SPOORSNP";
constexpr std::uint32_t kByteOrder = 0x01020304;

// Offsets in the header.
constexpr std::size_t kAtByteOrder = 8, kAtVersion = 12, kAtFileSize = 16, kAtHeaderSize = 24,
                      kAtStoreId = 32, kAtGeneration = 48, kAtCount = 56, kAtKeyCount = 64,
                      kAtBucketBits = 72, kAtLongestRun = 76, kAtIdBytes = 80, kAtSections = 84,
                      kAtTable = 96, kRowBytes = 40, kAtChecksum = kSnapshotHeaderBytes - 8;
static_assert(kAtTable + kSnapshotSections * kRowBytes <= kAtChecksum);
static_assert(kSnapshotHeaderBytes % kAlignment == 0);

}  // namespace

std::optional<std::uint64_t> Header::size_of(std::size_t section) const {
  switch (section) {
    case kTraits:
      return sizeof(flat::TraitsWords);
    case kTypes:
      return count;
    case kLengths:
      return count * 2;
    case kBases:
      return (count + flat::kLengthsPerBase - 1) / flat::kLengthsPerBase * 8;
    case kIds:
      return count * id_bytes;
    case kBuckets:
      return ((std::uint64_t{1} << bucket_bits) + 1) * 4;
    case kKeys:
      return key_count * flat::kKeyBytes;
    default:
      return std::nullopt;
  }
}

void Header::place() {
  std::uint64_t offset = kSnapshotHeaderBytes;
  for (Row& row : rows) {
    row.offset = offset;
    offset += padded(row.size);
  }
  file_size = offset;
}

void Header::write(std::byte* at) const {
  std::memset(at, 0, kSnapshotHeaderBytes);
  std::memcpy(at, kMagic, 8);
  store(at + kAtByteOrder, kByteOrder);
  store(at + kAtVersion, kSnapshotVersion);
  store(at + kAtFileSize, file_size);
  store(at + kAtHeaderSize, std::uint64_t{kSnapshotHeaderBytes});
  std::memcpy(at + kAtStoreId, origin.store_id.data(), origin.store_id.size());
  store(at + kAtGeneration, origin.generation);
  store(at + kAtCount, count);
  store(at + kAtKeyCount, key_count);
  store(at + kAtBucketBits, bucket_bits);
  store(at + kAtLongestRun, longest_run);
  store(at + kAtIdBytes, id_bytes);
  store(at + kAtSections, static_cast<std::uint32_t>(kSnapshotSections));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::byte* row = at + kAtTable + i * kRowBytes;
    store(row, rows[i].offset);
    store(row + 8, rows[i].size);
    std::memcpy(row + 16, rows[i].digest.bytes.data(), rows[i].digest.bytes.size());
    store(row + 32, static_cast<std::uint32_t>(i + 1));
  }
  store(at + kAtChecksum, xxh3_64(as_text(at, kAtChecksum)));
}

Result<Header> Header::read(const std::byte* at, std::uint64_t size) {
  if (size == 0) return fail("empty, expected a snapshot");
  if (std::memcmp(at, kMagic, std::min<std::uint64_t>(size, 8)) != 0)
    return fail("not a snapshot: it begins otherwise than '" + std::string(kMagic) + "'");
  if (size < kSnapshotHeaderBytes) {
    return fail("truncated: " + std::to_string(size) + " bytes, expected at least " +
                std::to_string(kSnapshotHeaderBytes));
  }
  // Version and byte order stay where they are in every version to come; the rest need not.
  if (load<std::uint32_t>(at + kAtByteOrder) != kByteOrder)
    return fail("written on a machine of another byte order, or a damaged header");
  const auto version = load<std::uint32_t>(at + kAtVersion);
  if (version != kSnapshotVersion) {
    return fail("version " + std::to_string(version) + ", expected " +
                std::to_string(kSnapshotVersion));
  }
  if (xxh3_64(as_text(at, kAtChecksum)) != load<std::uint64_t>(at + kAtChecksum))
    return fail("damaged header: its checksum does not agree");

  Header header;
  header.file_size = load<std::uint64_t>(at + kAtFileSize);
  if (header.file_size != size) {
    return fail((size < header.file_size ? "truncated: " : "") + std::to_string(size) +
                " bytes, expected " + std::to_string(header.file_size));
  }
  std::memcpy(header.origin.store_id.data(), at + kAtStoreId, header.origin.store_id.size());
  header.origin.generation = load<std::int64_t>(at + kAtGeneration);
  header.count = load<std::uint64_t>(at + kAtCount);
  header.key_count = load<std::uint64_t>(at + kAtKeyCount);
  header.bucket_bits = load<std::uint32_t>(at + kAtBucketBits);
  header.longest_run = load<std::uint32_t>(at + kAtLongestRun);
  header.id_bytes = load<std::uint32_t>(at + kAtIdBytes);
  if (load<std::uint64_t>(at + kAtHeaderSize) != kSnapshotHeaderBytes ||
      load<std::uint32_t>(at + kAtSections) != kSnapshotSections ||
      header.count >= UINT32_MAX || header.key_count > UINT32_MAX ||
      header.bucket_bits < flat::kMinBucketBits || header.bucket_bits > flat::kMaxBucketBits ||
      (header.id_bytes != 4 && header.id_bytes != 8)) {
    return fail("damaged header: a number is out of range");
  }
  std::uint64_t offset = kSnapshotHeaderBytes;
  for (std::size_t i = 0; i < kSnapshotSections; ++i) {
    const std::byte* from = at + kAtTable + i * kRowBytes;
    Row& row = header.rows[i];
    row.offset = load<std::uint64_t>(from);
    row.size = load<std::uint64_t>(from + 8);
    std::memcpy(row.digest.bytes.data(), from + 16, row.digest.bytes.size());
    const auto where = [i] {
      return "damaged section table: section '" + std::string(kSectionNames[i]) + "' ";
    };
    if (load<std::uint32_t>(from + 32) != i + 1 || row.offset != offset)
      return fail(where() + "is not where it belongs");
    // offset <= size holds, so that nothing wraps round.
    if (row.size > size - offset || padded(row.size) > size - offset)
      return fail(where() + "ends behind the file");
    if (const auto expected = header.size_of(i); expected && *expected != row.size) {
      return fail(where() + "has " + std::to_string(row.size) + " bytes, expected " +
                  std::to_string(*expected));
    }
    offset += padded(row.size);
  }
  if (offset != size) {
    return fail("damaged section table: sections end at " + std::to_string(offset) +
                ", expected " + std::to_string(size));
  }
  return header;
}

}  // namespace spoor::snapshot
