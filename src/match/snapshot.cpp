#include "match/snapshot.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/ascii.h"
#include "base/hash.h"
#include "match/fast.h"
#include "match/flat_index.h"
#include "match/sieve.h"

namespace spoor {

namespace {

using flat::load;
using flat::store;

constexpr char kMagic[9] = "SPOORSNP";
constexpr std::uint32_t kByteOrder = 0x01020304;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kPieceBytes = std::size_t{4} << 20;

// Offsets in the header.
constexpr std::size_t kAtByteOrder = 8, kAtVersion = 12, kAtFileSize = 16, kAtHeaderSize = 24,
                      kAtStoreId = 32, kAtGeneration = 48, kAtCount = 56, kAtKeyCount = 64,
                      kAtBucketBits = 72, kAtLongestRun = 76, kAtIdBytes = 80, kAtSections = 84,
                      kAtTable = 96, kRowBytes = 40, kAtChecksum = kSnapshotHeaderBytes - 8;
static_assert(kAtTable + kSnapshotSections * kRowBytes <= kAtChecksum);
static_assert(kSnapshotHeaderBytes % kAlignment == 0);

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
constexpr const char* kSectionNames[kSnapshotSections] = {
    "traits", "types", "lengths", "bases", "values", "ids", "buckets", "keys", "sieve"};

std::uint64_t padded(std::uint64_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

std::string_view as_text(const std::byte* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::string hex(std::span<const unsigned char> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string reason_of(int error) {
  return lower(std::generic_category().message(error));
}

std::string name_of(const SnapshotOrigin& origin) {
  return "generation " + std::to_string(origin.generation) + " of store " +
         hex(origin.store_id);
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
  std::optional<std::uint64_t> size_of(std::size_t section) const {
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

  /// Sections lie one after another in the order of their ids.
  void place() {
    std::uint64_t offset = kSnapshotHeaderBytes;
    for (Row& row : rows) {
      row.offset = offset;
      offset += padded(row.size);
    }
    file_size = offset;
  }

  void write(std::byte* at) const {
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

  /// Everything that can be known from the first 512 bytes and the file's size.
  static Result<Header> read(const std::byte* at, std::uint64_t size);
};

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

/// The digest of a section from those of its pieces.
class PieceDigests {
 public:
  void add(const Digest128& piece) { pieces_ += piece.view(); }
  Digest128 sum() const { return xxh3_128(pieces_); }

 private:
  std::string pieces_;
};

/// Runs work(i) for i in [0, count), `threads` at a time, the calling thread among them.
template <typename Work>
void in_parallel(unsigned threads, std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i = next.fetch_add(1); i < count; i = next.fetch_add(1)) work(i);
  };
  std::vector<std::jthread> others;
  for (unsigned t = 1; t < threads && t < count; ++t) others.emplace_back(run);
  run();
}

}  // namespace

// --- compiling -----------------------------------------------------------------------------

namespace {

// Indicators are kept in chunks, so that no container of theirs is ever moved whole, threads
// share the work, and a chunk's memory goes when it has been written.
constexpr std::size_t kChunkIndicators = std::size_t{1} << 15;
static_assert(kChunkIndicators % flat::kLengthsPerBase == 0 && kChunkIndicators <= 1 << 16);

// Keys are spread over partitions by the first bits of their bucket, then each is sorted by
// itself: both steps work in the caches.
constexpr int kMaxPartitionBits = 10;

struct Chunk {
  std::vector<char> values;
  std::vector<std::uint16_t> lengths;
  std::vector<std::uint8_t> types;
  std::vector<std::int64_t> ids;
  /// Top 48 bits of a key's hash over the indicator's number within the chunk.
  std::vector<std::uint64_t> keys;
};

/// A key in its partition, in the order of the table:
/// the rest of the bucket's number (at most 16 bits) | fingerprint (16) | indicator (32)
using PartitionKey = std::uint64_t;

struct KeyTable {
  std::uint64_t count = 0;
  int bucket_bits = flat::kMinBucketBits;
  int partition_bits = 1;
  std::uint32_t longest_run = 0;
  std::vector<PartitionKey> keys;         // sorted, partition after partition
  std::vector<std::uint64_t> partitions;  // first key of each, and the end

  int rest_bits() const { return bucket_bits - partition_bits; }
};

/// Spreads and sorts the keys of all chunks, whose own lists it empties.
KeyTable sort_keys(std::vector<Chunk>& chunks, unsigned threads) {
  KeyTable table;
  for (const Chunk& chunk : chunks) table.count += chunk.keys.size();
  while (table.bucket_bits < flat::kMaxBucketBits &&
         (std::uint64_t{4} << table.bucket_bits) < table.count) {
    ++table.bucket_bits;
  }
  table.partition_bits = std::min(table.bucket_bits, kMaxPartitionBits);
  const std::size_t partitions = std::size_t{1} << table.partition_bits;

  std::vector<std::vector<std::uint64_t>> places(chunks.size());
  in_parallel(threads, chunks.size(), [&](std::size_t c) {
    places[c].assign(partitions, 0);
    for (const std::uint64_t key : chunks[c].keys)
      ++places[c][flat::bucket_of(key, table.partition_bits)];
  });
  table.partitions.resize(partitions + 1);
  std::uint64_t total = 0;
  for (std::size_t p = 0; p < partitions; ++p) {
    table.partitions[p] = total;
    for (std::vector<std::uint64_t>& place : places) total += std::exchange(place[p], total);
  }
  table.partitions[partitions] = total;

  table.keys.resize(table.count);
  const int width = table.rest_bits() + 16;  // of rest and fingerprint, at most 32
  in_parallel(threads, chunks.size(), [&](std::size_t c) {
    for (const std::uint64_t key : chunks[c].keys) {
      const std::uint64_t place = places[c][flat::bucket_of(key, table.partition_bits)]++;
      table.keys[place] = (key << table.partition_bits) >> (64 - width) << 32 |
                          (c * kChunkIndicators + (key & 0xFFFF));
    }
    std::vector<std::uint64_t>().swap(chunks[c].keys);
  });

  std::atomic<std::uint32_t> longest{0};
  in_parallel(threads, partitions, [&](std::size_t p) {
    const auto begin = table.keys.begin() + static_cast<std::ptrdiff_t>(table.partitions[p]);
    const auto end = table.keys.begin() + static_cast<std::ptrdiff_t>(table.partitions[p + 1]);
    std::sort(begin, end);
    std::uint32_t best = 0, run = 0;
    for (auto key = begin; key != end; ++key) {
      run = key != begin && *key >> 32 == *(key - 1) >> 32 ? run + 1 : 1;
      best = std::max(best, run);
    }
    std::uint32_t seen = longest.load();
    while (seen < best && !longest.compare_exchange_weak(seen, best)) {
    }
  });
  table.longest_run = longest.load();
  return table;
}

void write_keys(const KeyTable& table, std::byte* buckets, std::byte* keys, unsigned threads) {
  const std::size_t per_partition = std::size_t{1} << table.rest_bits();
  in_parallel(threads, table.partitions.size() - 1, [&](std::size_t p) {
    std::size_t bucket = p * per_partition;  // the next whose begin is to be written
    for (std::uint64_t i = table.partitions[p]; i < table.partitions[p + 1]; ++i) {
      const PartitionKey key = table.keys[i];
      const std::size_t of_key = p * per_partition + (key >> 48);
      for (; bucket <= of_key; ++bucket)
        store(buckets + bucket * 4, static_cast<std::uint32_t>(i));
      store(keys + i * flat::kKeyBytes, static_cast<std::uint16_t>(key >> 32));
      store(keys + i * flat::kKeyBytes + 2, static_cast<std::uint32_t>(key));
    }
    for (; bucket < (p + 1) * per_partition; ++bucket)
      store(buckets + bucket * 4, static_cast<std::uint32_t>(table.partitions[p + 1]));
  });
  store(buckets + ((std::size_t{1} << table.bucket_bits) * 4),
        static_cast<std::uint32_t>(table.count));
}

}  // namespace

struct SnapshotBuilder::State {
  std::vector<Chunk> chunks;
  std::uint64_t count = 0;
  bool ids_are_small = true;
  std::string refused;  // why it cannot be compiled

  /// Keys of one chunk; what it adds to traits and sieve.
  static void digest(Chunk& chunk, IndexTraits& traits, SieveBuilder& sieve);
  /// The whole file, in memory that `allocate(size)` gives.
  Status compile(const SnapshotOrigin& origin, unsigned threads,
                 FunctionRef<void(std::uint64_t, std::byte*&)> allocate);
};

SnapshotBuilder::SnapshotBuilder() : state_(std::make_unique<State>()) {}
SnapshotBuilder::~SnapshotBuilder() = default;

void SnapshotBuilder::add(std::int64_t id, const Observable& indicator) {
  State& state = *state_;
  if (!state.refused.empty()) return;
  if (indicator.value.size() > flat::kMaxValueBytes) {
    state.refused = "indicator " + std::to_string(id) + " has a value of " +
                    std::to_string(indicator.value.size()) + " bytes, expected at most " +
                    std::to_string(flat::kMaxValueBytes);
    return;
  }
  if (state.count + 1 >= UINT32_MAX) {
    state.refused = "more than " + std::to_string(UINT32_MAX - 1) + " indicators";
    return;
  }
  if (state.count % kChunkIndicators == 0) {
    if (!state.chunks.empty()) state.chunks.back().values.shrink_to_fit();
    Chunk& chunk = state.chunks.emplace_back();
    if (state.count > 0) {  // the first chunk may stay small
      chunk.lengths.reserve(kChunkIndicators);
      chunk.types.reserve(kChunkIndicators);
      chunk.ids.reserve(kChunkIndicators);
    }
  }
  Chunk& chunk = state.chunks.back();
  chunk.values.insert(chunk.values.end(), indicator.value.begin(), indicator.value.end());
  chunk.lengths.push_back(static_cast<std::uint16_t>(indicator.value.size()));
  chunk.types.push_back(static_cast<std::uint8_t>(indicator.type));
  chunk.ids.push_back(id);
  if (id < 0 || id > std::int64_t{UINT32_MAX}) state.ids_are_small = false;
  ++state.count;
}

void SnapshotBuilder::State::digest(Chunk& chunk, IndexTraits& traits, SieveBuilder& sieve) {
  chunk.keys.reserve(chunk.types.size() + chunk.types.size() / 4);
  Observable observable;
  const char* value = chunk.values.data();
  for (std::size_t i = 0; i < chunk.types.size(); ++i) {
    observable.type = static_cast<IndicatorType>(chunk.types[i]);
    observable.value.assign(value, chunk.lengths[i]);
    value += chunk.lengths[i];
    traits.add(observable);
    ClaimIndex::for_each_key(observable, [&](KeyKind kind, std::string_view key) {
      chunk.keys.push_back((ClaimIndex::hash_of(kind, key) & ~std::uint64_t{0xFFFF}) | i);
    });
    sieve.add(observable);
  }
}

Status SnapshotBuilder::State::compile(const SnapshotOrigin& origin, unsigned threads,
                                       FunctionRef<void(std::uint64_t, std::byte*&)> allocate) {
  if (!refused.empty()) return fail(refused);
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(
      std::min<std::size_t>(threads, std::max<std::size_t>(1, chunks.size())));

  // Each worker has a sieve and traits of its own; neither depends on who met which chunk.
  struct Worker {
    SieveBuilder sieve;
    IndexTraits traits;
  };
  std::vector<Worker> workers(threads);
  {
    std::atomic<std::size_t> next{0};
    in_parallel(threads, threads, [&](std::size_t w) {
      for (std::size_t c = next.fetch_add(1); c < chunks.size(); c = next.fetch_add(1))
        digest(chunks[c], workers[w].traits, workers[w].sieve);
    });
  }
  flat::TraitsWords traits{};
  for (const Worker& worker : workers) {
    const flat::TraitsWords words = flat::pack_traits(worker.traits);
    for (std::size_t i = 0; i < words.size(); ++i) traits[i] |= words[i];
  }

  // The sieve's last step and the keys keep two threads busy.
  std::vector<std::byte> sieve;
  const auto finish_sieve = [&] {
    for (std::size_t w = 1; w < workers.size(); ++w)
      workers[0].sieve.merge(std::move(workers[w].sieve));
    sieve = workers[0].sieve.finish();
    workers.clear();
  };
  KeyTable table;
  if (threads > 1) {
    const std::jthread other(finish_sieve);
    table = sort_keys(chunks, threads - 1);
  } else {
    finish_sieve();
    table = sort_keys(chunks, 1);
  }
  if (table.count > UINT32_MAX)
    return fail(std::to_string(table.count) + " keys, expected at most " +
                std::to_string(UINT32_MAX));

  Header header;
  header.origin = origin;
  header.count = count;
  header.key_count = table.count;
  header.bucket_bits = static_cast<std::uint32_t>(table.bucket_bits);
  header.longest_run = table.longest_run;
  header.id_bytes = ids_are_small ? 4 : 8;
  std::vector<std::uint64_t> value_offsets;
  std::uint64_t value_bytes = 0;
  for (const Chunk& chunk : chunks) {
    value_offsets.push_back(value_bytes);
    value_bytes += chunk.values.size();
  }
  for (std::size_t i = 0; i < kSnapshotSections; ++i)
    header.rows[i].size = header.size_of(i).value_or(i == kSieve ? sieve.size() : value_bytes);
  header.place();

  std::byte* out = nullptr;
  allocate(header.file_size, out);
  const auto at = [&](Section section) { return out + header.rows[section].offset; };
  std::memcpy(at(kTraits), traits.data(), sizeof traits);
  if (!sieve.empty()) std::memcpy(at(kSieve), sieve.data(), sieve.size());
  std::vector<std::byte>().swap(sieve);
  write_keys(table, at(kBuckets), at(kKeys), threads);
  table = KeyTable();
  in_parallel(threads, chunks.size(), [&](std::size_t c) {
    Chunk& chunk = chunks[c];
    const std::size_t first = c * kChunkIndicators;
    std::uint64_t offset = value_offsets[c];
    if (!chunk.values.empty())
      std::memcpy(at(kValues) + offset, chunk.values.data(), chunk.values.size());
    std::memcpy(at(kTypes) + first, chunk.types.data(), chunk.types.size());
    std::memcpy(at(kLengths) + first * 2, chunk.lengths.data(), chunk.lengths.size() * 2);
    for (std::size_t i = 0; i < chunk.types.size(); ++i) {
      if (i % flat::kLengthsPerBase == 0)
        store(at(kBases) + (first + i) / flat::kLengthsPerBase * 8, offset);
      offset += chunk.lengths[i];
      if (ids_are_small) {
        store(at(kIds) + (first + i) * 4, static_cast<std::uint32_t>(chunk.ids[i]));
      } else {
        store(at(kIds) + (first + i) * 8, chunk.ids[i]);
      }
    }
    chunk = Chunk();
  });

  struct Piece {
    std::size_t section;
    std::uint64_t offset, size;
    Digest128 digest;
  };
  std::vector<Piece> pieces;
  for (std::size_t s = 0; s < kSnapshotSections; ++s) {
    const Header::Row& row = header.rows[s];
    const std::uint64_t whole = padded(row.size);
    std::memset(out + row.offset + row.size, 0, whole - row.size);
    for (std::uint64_t done = 0; done < whole; done += kPieceBytes) {
      const std::uint64_t size = std::min<std::uint64_t>(kPieceBytes, whole - done);
      pieces.push_back({s, row.offset + done, size, {}});
    }
  }
  in_parallel(threads, pieces.size(), [&](std::size_t i) {
    pieces[i].digest = xxh3_128(as_text(out + pieces[i].offset, pieces[i].size));
  });
  std::array<PieceDigests, kSnapshotSections> digests;
  for (const Piece& piece : pieces) digests[piece.section].add(piece.digest);
  for (std::size_t s = 0; s < kSnapshotSections; ++s) header.rows[s].digest = digests[s].sum();
  header.write(out);
  return {};
}

Result<std::vector<std::byte>> SnapshotBuilder::finish(const SnapshotOrigin& origin,
                                                       unsigned threads) {
  const auto state = std::exchange(state_, std::make_unique<State>());
  std::vector<std::byte> bytes;
  SPOOR_TRY(state->compile(origin, threads,
                           [&](std::uint64_t size, std::byte*& memory) {
                             bytes.resize(size);
                             memory = bytes.data();
                           }),
            "snapshot");
  return bytes;
}

namespace {

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

Status write_all(FileDescriptor file, const std::byte* data, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t count =
        ::write(file.get(), data + done, std::min<std::size_t>(size - done, 64 << 20));
    if (count < 0) {
      if (errno == EINTR) continue;
      return fail("write: " + reason_of(errno));
    }
    done += static_cast<std::size_t>(count);
  }
  if (::fsync(file.get()) != 0) return fail("fsync: " + reason_of(errno));
  if (const int error = file.close(); error != 0) return fail("close: " + reason_of(error));
  return {};
}

}  // namespace

Status SnapshotBuilder::write(const std::string& path, const SnapshotOrigin& origin,
                              unsigned threads) {
  const auto state = std::exchange(state_, std::make_unique<State>());
  std::unique_ptr<std::byte[]> bytes;  // unlike a vector's, not filled twice
  std::size_t size = 0;
  SPOOR_TRY(state->compile(origin, threads,
                           [&](std::uint64_t wanted, std::byte*& memory) {
                             size = wanted;
                             bytes = std::make_unique_for_overwrite<std::byte[]>(size);
                             memory = bytes.get();
                           }),
            path);

  // Unique within the process by the counter, between processes by the id; O_EXCL keeps away
  // from what a killed process of the same id left behind. The name does not grow with that of
  // `path`, which may be as long as a name can be.
  static std::atomic<unsigned> counter{0};
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : path.substr(0, slash);
  std::string aside;
  int descriptor = -1;
  for (int tries = 0; tries < 100; ++tries) {
    aside = folder + "/.snapshot-" + std::to_string(::getpid()) + "-" +
            std::to_string(counter.fetch_add(1)) + ".tmp";
    descriptor = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0 || errno != EEXIST) break;
  }
  if (descriptor < 0) return fail(aside + ": " + reason_of(errno));
  if (Status written = write_all(FileDescriptor(descriptor), bytes.get(), size); !written) {
    ::unlink(aside.c_str());
    return fail(written.error().at(aside));
  }
  bytes.reset();
  if (::rename(aside.c_str(), path.c_str()) != 0) {
    const std::string reason = reason_of(errno);
    ::unlink(aside.c_str());
    return fail(path + ": rename: " + reason);
  }
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) return fail(folder + ": " + reason_of(errno));
  // Some file systems cannot sync a folder and say EINVAL; the rename is then as durable as
  // they get.
  if (::fsync(directory.get()) != 0 && errno != EINVAL)
    return fail(folder + ": fsync: " + reason_of(errno));
  return {};
}

// --- reading -------------------------------------------------------------------------------

namespace {

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
                  "' has the checksum " + hex(found.bytes) + ", expected " +
                  hex(row.digest.bytes));
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
