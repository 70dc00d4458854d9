// The sieve's block of bytes, its hashes, and how a claim becomes keys. Private to the sieve.
//
//     offset  what
//     0       SieveHeader
//     header.filter_at   blocks of 64 bytes: blocked Bloom filter over all keys
//     header.buckets_at  (1 << bucket_bits) + 1 starts, 32 bits each
//     header.entries_at  entries, 32 bits each: 28 bits of the hash, 4 of the kind
//     header.words_at    bit map over the words of paths, files, keys, mutexes, pipes, agents
//     header.ranges_at   pairs of 32-bit addresses, ascending and disjoint: IPv4 networks
//
// A key is a 64-bit hash. A text's candidate asks the filter, whose no is certain, then the
// entries; a yes there sends the line to the rules, which compare bytes. So a collision costs
// microseconds and never an answer. Integers are little-endian as the machine's.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace spoor::sieve {

inline constexpr std::uint32_t kMagic = 0x56454953;  // "SIEV"
inline constexpr std::uint32_t kVersion = 7;

/// What an entry says of its key.
enum Kind : std::uint32_t {
  kFull = 1,    ///< an indicator that is this value: hit as a whole token
  kCovers = 2,  ///< a domain that covers the names below it
  kHost = 4,    ///< host of URLs: their paths have keys of their own
  kLonger = 8,  ///< the last two labels of a longer name, or the last word of two
};

/// Which parts of the scan are needed at all.
enum Lane : std::uint32_t {
  kNames = 1,
  kAddresses4 = 2,
  kAddresses6 = 4,
  kDigests = 8,
  kWallets = 16,
  kWords = 32,
  kEmails = 64,
  kCves = 128,
  kAsns = 256,
  kAgents = 512,
  kUris = 1024,
  kUrls = 2048,
  kBackslashes = 4096,   ///< some value holds what a backslash may escape
  kSingleLabels = 8192,  ///< some name has no dot
  kEverything = 16384,   ///< some claim offers nothing to look for: every line is for the rules
  kOddEnds = 32768,      ///< some name's last label begins with a digit or hyphen
  kUnderscoreEnds = 65536,  ///< some name's last label holds an underscore
};

/// No word shorter than the least of all claims' words is looked at, up to this length.
inline constexpr std::uint32_t kMostLeastWord = 8;

struct SieveHeader {
  std::uint32_t magic = kMagic, version = kVersion;
  std::uint64_t block_bytes = 0;
  std::uint32_t lanes = 0;
  std::uint32_t bucket_bits = 0;
  std::uint64_t filter_blocks = 0, entries = 0;
  std::uint64_t filter_at = 0, buckets_at = 0, entries_at = 0, words_at = 0, ranges_at = 0;
  std::uint64_t ranges = 0;
  std::uint32_t word_bits = 13;  ///< log2 of the bit map's size
  std::uint32_t least_agent = 0xFFFFFFFF;
  std::uint32_t least_run = 32;     ///< shortest run of letters and digits that is looked at
  std::uint32_t reverse_names = 0;  ///< 1: the ends of reverse names are among the keys
  std::uint32_t least_word = kMostLeastWord;  ///< shortest word that is looked at
  std::uint32_t words_without_letters = 0;    ///< 1: some word that is looked at has no letter
  std::uint32_t every_quote =
      0;  ///< 1: some agent has neither a word nor a byte that parts them
  std::uint32_t bare_hosts = 0;       ///< 1: the host of some URL is a single label
  std::uint64_t run_lengths[4] = {};  ///< bit n: a digest or wallet has n letters and digits
  std::uint64_t v6_prefixes[3] = {};  ///< bit n: some network has this prefix length
  std::uint64_t tlds[1024] = {};      ///< bit map over the last labels of names
  std::uint64_t nets[1024] = {};      ///< bit map over the upper 16 bits of IPv4 networks
  std::uint64_t uppers[1024] = {};    ///< the same of networks and addresses
};
static_assert(sizeof(SieveHeader) % 8 == 0);

// --- hashes
// -----------------------------------------------------------------------------------

inline constexpr std::uint64_t kFold = 0x2020202020202020ull;  // joins the cases of letters
inline constexpr std::uint64_t kPrime0 = 0x9E3779B97F4A7C15ull;
inline constexpr std::uint64_t kPrime1 = 0xBF58476D1CE4E5B9ull;
inline constexpr std::uint64_t kPrime2 = 0x94D049BB133111EBull;

/// Seeds: one for each kind of key.
enum class Seed : std::uint64_t {
  kName = 1,
  kAddress4,
  kAddress6,
  kNetwork6,
  kRun,
  kWord,
  kPair,
  kEmail,
  kCve,
  kAsn,
  kAgent,
  kUri,
  kPath
};

inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t load8(const char* p) {
  std::uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

/// The first min(n, 8) bytes; reads only these.
inline std::uint64_t load_head(const char* p, std::size_t n) {
  if (n >= 8) return load8(p);
  std::uint64_t word = 0;
  if (n & 4) {
    std::uint32_t part;
    std::memcpy(&part, p, 4);
    word = part;
    if (n & 2) {
      std::uint16_t pair;
      std::memcpy(&pair, p + 4, 2);
      word |= std::uint64_t{pair} << 32;
    }
    if (n & 1) word |= std::uint64_t{static_cast<unsigned char>(p[n - 1])} << ((n - 1) * 8);
  } else {
    if (n & 2) {
      std::uint16_t pair;
      std::memcpy(&pair, p, 2);
      word = pair;
    }
    if (n & 1) word |= std::uint64_t{static_cast<unsigned char>(p[n - 1])} << ((n - 1) * 8);
  }
  return word;
}

/// Bit 5 set in the first min(n, 8) bytes.
inline std::uint64_t fold_mask(std::size_t n) {
  return n >= 8 ? kFold : kFold & ((std::uint64_t{1} << (n * 8)) - 1);
}

/// One step of hash_bytes(), over 32 bytes: two products, for most of what is hashed is shorter
/// and then costs no branch.
inline std::uint64_t hash_step(std::uint64_t h, std::uint64_t w0, std::uint64_t w1,
                               std::uint64_t w2, std::uint64_t w3) {
  return mix(w0 ^ h, w1 ^ kPrime1) ^ mix(w2 ^ (h + kPrime0), w3 ^ kPrime2);
}
inline std::uint64_t hash_begin(std::size_t n, Seed seed) {
  return static_cast<std::uint64_t>(seed) * kPrime0 ^ n;
}
/// Of the bytes from the eight's begin on, with bit 5 set; zeros behind the last of n.
inline std::uint64_t folded_eight(const char* p, std::size_t n, std::size_t at) {
  return at >= n ? 0 : load_head(p + at, n - at) | fold_mask(n - at);
}

/// Hash of bytes, blind to the case of ASCII letters. Reads [p, p + n).
inline std::uint64_t hash_bytes(const char* p, std::size_t n, Seed seed) {
  std::uint64_t h = hash_begin(n, seed);
  std::size_t at = 0;
  do {
    h = hash_step(h, folded_eight(p, n, at), folded_eight(p, n, at + 8),
                  folded_eight(p, n, at + 16), folded_eight(p, n, at + 24));
    at += 32;
  } while (at < n);
  return h;
}
inline std::uint64_t hash_bytes(std::string_view text, Seed seed) {
  return hash_bytes(text.data(), text.size(), seed);
}
inline std::uint64_t hash_pair(std::uint64_t a, std::uint64_t b, Seed seed) {
  return mix(a + static_cast<std::uint64_t>(seed) * kPrime0, b ^ kPrime2);
}
inline std::uint64_t hash_number(std::uint64_t value, Seed seed) {
  return mix(value + static_cast<std::uint64_t>(seed) * kPrime0, kPrime1);
}

/// One step over a path's bytes, and the key at a place where a claim's path may end.
inline std::uint64_t path_step(std::uint64_t state, unsigned char c) {
  return (state ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 0x100000001B3ull;
}
inline std::uint64_t path_key(std::uint64_t state) {
  return hash_number(state, Seed::kPath);
}
/// Where the bytes of a path begin, by its host.
inline std::uint64_t path_begin(std::uint64_t host_key) {
  return host_key ^ 0xCBF29CE484222325ull;
}

/// Place of a last label in the map of 65,536 bits.
inline std::uint32_t tld_slot(std::uint64_t folded_head, std::size_t n) {
  return static_cast<std::uint32_t>(mix(folded_head ^ n, kPrime1) >> 48);
}
inline std::uint32_t tld_slot(const char* p, std::size_t n) {
  return tld_slot(load_head(p, n) | fold_mask(n), n);
}

/// Where a word stands in the map of 2^(64 - shift) words of 64 bits, by its first eight bytes
/// and its length: two bits of one word.
struct WordPlace {
  std::uint64_t index, bits;
};
inline WordPlace word_place(std::uint64_t folded_head, std::size_t n, unsigned shift) {
  const std::uint64_t mixed = folded_head ^ n * kPrime2;
  const std::uint64_t hash = (mixed ^ mixed >> 32) * kPrime1;
  return {hash >> shift, std::uint64_t{1} << (hash >> (shift - 6) & 63) |
                             std::uint64_t{1} << (hash >> (shift - 12) & 63)};
}

// --- filter
// -----------------------------------------------------------------------------------

// A blocked Bloom filter (Putze, Sanders, Singler, 2007): a key lives in one cache line, with
// three bits in each of two 64-bit words of it. One line is one wait, which a prefetch hides.
// Figures for it and its rivals: bench/record (bench_filter).
struct FilterPlace {
  std::uint64_t block;
  unsigned first, second;  ///< words of the block
  std::uint64_t first_bits, second_bits;
};
inline FilterPlace filter_place(std::uint64_t hash, std::uint64_t blocks) {
  FilterPlace place;
  place.block =
      static_cast<std::uint64_t>((static_cast<unsigned __int128>(hash) * blocks) >> 64);
  const std::uint64_t r = hash * kPrime2;  // bits apart from those that chose the block
  place.first = r >> 61 & 7;
  place.second = (place.first + 1 + (r >> 58 & 7) % 7) & 7;
  place.first_bits = std::uint64_t{1} << (r >> 52 & 63) | std::uint64_t{1} << (r >> 46 & 63) |
                     std::uint64_t{1} << (r >> 40 & 63);
  place.second_bits = std::uint64_t{1} << (r >> 34 & 63) | std::uint64_t{1} << (r >> 28 & 63) |
                      std::uint64_t{1} << (r >> 22 & 63);
  return place;
}

inline std::uint32_t fingerprint(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash) & 0x0FFFFFFF;
}

// --- words
// ------------------------------------------------------------------------------------

inline bool is_word_byte(unsigned char c) {
  const unsigned char lower = c | 0x20;
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_' || c >= 0x80;
}
inline bool is_trimmed(char c) {
  return c == '.' || c == '-';
}

}  // namespace spoor::sieve
