// The snapshot's writer. Tested by snapshot_test.cpp.

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "match/sieve.h"
#include "match/snapshot.h"
#include "match/snapshot_format.h"

namespace spoor {

using namespace snapshot;

namespace {

using flat::store;

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
  return write_snapshot_file(path, std::move(bytes), size);
}

}  // namespace spoor
