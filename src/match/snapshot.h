// A compiled set of indicators as one file: written aside, synced, renamed; mapped and shared
// by all processes; ready however large it is, because nothing is parsed or built when it
// opens.
//
// The file: a header of 512 bytes, then nine sections one after another, each at a multiple of
// 64 bytes, with zeros up to the next. Numbers are in the byte order of the machine that wrote
// them; sizes and offsets are bytes.
//
//   header
//   offset size
//        0    8  magic "SPOORSNP"
//        8    4  byte-order mark 0x01020304
//       12    4  version (6)
//       16    8  size of the file
//       24    8  size of the header (512)
//       32   16  id of the store that it was compiled from
//       48    8  generation of that store, signed
//       56    8  n, number of indicators, below 2^32 - 1
//       64    8  k, number of keys, below 2^32
//       72    4  b, bits of a bucket's number, 1..26
//       76    4  longest run of keys with one bucket and one fingerprint
//       80    4  size of an id: 4 or 8
//       84    4  number of sections (9)
//       88    8  zero
//       96  360  section table: nine rows of
//                   u64 offset, u64 size, 16 bytes digest, u32 id (its place, from 1), u32 zero
//      456   48  zero
//      504    8  XXH3-64 of the bytes [0, 504)
//
//   id section  size                  meaning
//    1 traits   41280                 what types, lengths of prefixes, of bare names and of
//                                    user agents, keys of seldom types and networks occur:
//                                    bits
//    2 types    n                     u8 each, IndicatorType
//    3 lengths  2 n                   u16 each, bytes of the value
//    4 bases    8 ceil(n / 32)        u64 each, where the value of every 32nd indicator begins
//    5 values   any                   canonical values back to back, without ends
//    6 ids      4 n or 8 n            u32 or i64 each, the caller's id
//    7 buckets  4 (2^b + 1)           u32 each, first key of each bucket; the last one is k
//    8 keys     6 k                   u16 fingerprint, u32 indicator; sorted
//    9 sieve    any                   a block of SieveBuilder (sieve.h)
//
// How damage is noticed. At opening, in constant time: magic, byte order, version, the file's
// size against the header's, the header's checksum, each row of the section table against the
// one place and size that the numbers allow, the digest of the traits (every look-up is steered
// by them), and that the sieve opens. Later, by verify() in another thread: the digest of every
// section, its zeros included, so that no byte of the file is outside of some check. A digest
// is the XXH3-128 of the XXH3-128s (canonical, big-endian) of its 4 MiB pieces, so that pieces
// are computed by several threads and a check can stop between two. Until verify() has spoken,
// damaged sections may lose or invent candidates, which the rules then compare with values; but
// no bit pattern in them causes a read outside of the map (flat_index.h, sieve.h) or a look-up
// longer than the longest run. XXH3 sees accidents, not forgers: who can write the file can
// write the store beside it.
//
// A file that another program cuts short under the mapping would raise SIGBUS. Ours never do:
// a writer renames a whole new file over the old one, whose bytes live on while they are
// mapped.
//
// What lost: offsets instead of lengths and bases (2 bytes an indicator more under 4 GiB of
// values, 6 above, and two formats; they can also run backwards); fingerprints of 32 bits
// (2 bytes a key more, to save one comparison in some 20,000 look-ups); a perfect hash (half
// the size, but seconds more to build, and one key has many indicators); values in binary (half
// for hashes, but `at` could not hand out views); SQLite pages (a read lock and a tree walk
// each look-up). Tested by snapshot_test.cpp, snapshot_damage_test.cpp and fuzz_snapshot.
//
// Costs. 10 M indicators of all common types, 24 bytes of value on average: 500 MB, of which
// values 241, sieve 99, keys 71, ids 40, lengths 20, buckets 17, types 10, bases 3. Compiling
// them holds 840 MB at most. Opening costs 0.1 ms however large the file is.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "ioc/observable.h"
#include "match/claim_index.h"
#include "match/matcher.h"

namespace spoor {

inline constexpr std::uint32_t kSnapshotVersion = 7;
inline constexpr std::size_t kSnapshotHeaderBytes = 512;
inline constexpr std::size_t kSnapshotSections = 9;

/// Which state of which store a snapshot was compiled from.
struct SnapshotOrigin {
  std::array<unsigned char, 16> store_id{};
  std::int64_t generation = 0;
  friend bool operator==(const SnapshotOrigin&, const SnapshotOrigin&) = default;
};

/// Compiles. Indicators come one by one (their order is IndicatorIndex), values are copied at
/// once; rule-like types must not be added. About 45 bytes of memory an indicator beyond its
/// value while it compiles. One thread at a time.
class SnapshotBuilder {
 public:
  SnapshotBuilder();
  ~SnapshotBuilder();
  SnapshotBuilder(const SnapshotBuilder&) = delete;
  SnapshotBuilder& operator=(const SnapshotBuilder&) = delete;
  void add(std::int64_t id, const Observable& indicator);
  /// The whole file's bytes; the builder is empty afterwards. The bytes do not depend on
  /// `threads`; 0 = one a processor. Fails where a value has over 65,535 bytes (none that
  /// canonicalize() yields has) or 2^32 - 1 indicators or 2^32 keys are reached.
  Result<std::vector<std::byte>> finish(const SnapshotOrigin& origin, unsigned threads = 0);
  /// finish(), written aside in the same folder, synced and renamed over `path`, with mode
  /// 0600. Where it fails the old file stays as it was and nothing is left aside. A link at
  /// `path` is replaced, not followed.
  Status write(const std::string& path, const SnapshotOrigin& origin, unsigned threads = 0);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Const and shared by any number of threads. What index(), matcher() and at() hand out lives
/// as long as the snapshot.
class Snapshot {
 public:
  /// Maps `path`. Header, section table and bounds are checked here; an error says what was
  /// found and expected (no such file, truncated, damaged header, other version, compiled from
  /// another state of the store where `expected` is not null).
  static Result<std::unique_ptr<const Snapshot>> open(const std::string& path,
                                                      const SnapshotOrigin* expected);
  /// The same over bytes in memory (filtered hunts, tests, fuzzers). Copies them to a 64-byte
  /// border.
  static Result<std::unique_ptr<const Snapshot>> from_bytes(std::vector<std::byte> bytes);
  virtual ~Snapshot() = default;

  virtual const ClaimIndex& index() const = 0;
  virtual const Matcher& matcher() const = 0;
  /// 0 for an indicator that is out of range.
  virtual std::int64_t id_of(IndicatorIndex indicator) const = 0;
  virtual std::size_t size() const = 0;
  /// Which state of which store it was compiled from.
  virtual const SnapshotOrigin& origin() const = 0;
  /// Compares the checksums of all sections with the header's; for another thread, while the
  /// hunt goes on. Seconds for gigabytes; `stop` ends it early with success. Reads the file
  /// beside the map, so that checked pages do not count as memory of the process.
  virtual Status verify(const std::stop_token& stop = {}) const = 0;
};

}  // namespace spoor
