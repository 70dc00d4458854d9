// Approximate filters over 64-bit hashes of keys: "no" is certain, "yes" may be wrong. Own
// plain implementations, small enough to read beside one another, to judge which of them the
// sieve should use; filter_bench.cpp measures them. Included inside a target region.
//
//   WordBloom<B>   one 64-bit word a key, 5 bits of it (B bits a key on average)
//   LineBloom<B>   one cache line (512 bits) a key, 8 bits of it, one in each of its words
//   SplitBloom<B>  one 256-bit block a key, one bit in each of its eight 32-bit lanes
//                  (Putze, Sanders, Singler 2007; the salts and layout are those of Parquet's
//                  split block Bloom filter)
//   Xor8           three cells a key, 8-bit fingerprints (Graf and Lemire 2019)
//   Fuse8          the same, the three cells in neighbouring segments, 1.13 cells a key
//                  (3-wise binary fuse, Graf and Lemire 2022, arXiv 2201.01174)
//
// All: build(keys, count) of distinct hashes; contains(hash); prefetch(hash) for the lines that
// contains() will read; bytes().

inline void touch(const void* at) {
  __builtin_prefetch(at, 0, 3);
}

/// 0 .. bound - 1, growing with `hash` (multiply and take the high half).
inline std::uint64_t scale(std::uint64_t hash, std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(hash) * bound) >> 64);
}

template <unsigned kBitsPerKey>
class WordBloom {
 public:
  static std::string name() { return "word Bloom, " + std::to_string(kBitsPerKey) + " bits"; }
  void build(const std::uint64_t* keys, std::size_t count) {
    words_.assign(count * kBitsPerKey / 64 + 1, 0);
    for (std::size_t n = 0; n < count; ++n) words_[place(keys[n])] |= mask(keys[n]);
  }
  bool contains(std::uint64_t hash) const {
    const std::uint64_t wanted = mask(hash);
    return (words_[place(hash)] & wanted) == wanted;
  }
  void prefetch(std::uint64_t hash) const { touch(&words_[place(hash)]); }
  std::size_t bytes() const { return words_.size() * 8; }

 private:
  std::size_t place(std::uint64_t hash) const { return scale(hash, words_.size()); }
  static std::uint64_t mask(std::uint64_t hash) {
    // The place takes the high bits; these are the low 30.
    return bit(hash) | bit(hash >> 6) | bit(hash >> 12) | bit(hash >> 18) | bit(hash >> 24);
  }
  static std::uint64_t bit(std::uint64_t hash) { return std::uint64_t{1} << (hash & 63); }
  std::vector<std::uint64_t> words_;
};

template <unsigned kBitsPerKey>
class LineBloom {
 public:
  static std::string name() { return "line Bloom, " + std::to_string(kBitsPerKey) + " bits"; }
  void build(const std::uint64_t* keys, std::size_t count) {
    lines_.assign(count * kBitsPerKey / 512 + 1, Line{});
    for (std::size_t n = 0; n < count; ++n) {
      Line& line = lines_[place(keys[n])];
      const std::uint64_t bits = spread(keys[n]);
      for (int word = 0; word < 8; ++word) line.words[word] |= bit(bits, word);
    }
  }
  bool contains(std::uint64_t hash) const {
    const Line& line = lines_[place(hash)];
    const std::uint64_t bits = spread(hash);
    const std::uint64_t* const words = line.words;
    const auto missing = [&](int word) { return bit(bits, word) & ~words[word]; };
    return (missing(0) | missing(1) | missing(2) | missing(3) | missing(4) | missing(5) |
            missing(6) | missing(7)) == 0;
  }
  void prefetch(std::uint64_t hash) const { touch(&lines_[place(hash)]); }
  std::size_t bytes() const { return lines_.size() * 64; }

 private:
  struct alignas(64) Line {
    std::uint64_t words[8];
  };
  std::size_t place(std::uint64_t hash) const { return scale(hash, lines_.size()); }
  /// 48 bits for eight words out of a hash whose high bits chose the line.
  static std::uint64_t spread(std::uint64_t hash) { return (hash * 0x9E3779B97F4A7C15U) >> 16; }
  static std::uint64_t bit(std::uint64_t bits, int word) {
    return std::uint64_t{1} << ((bits >> (6 * word)) & 63);
  }
  std::vector<Line> lines_;
};

template <unsigned kBitsPerKey>
class SplitBloom {
 public:
  static std::string name() { return "split block, " + std::to_string(kBitsPerKey) + " bits"; }
  void build(const std::uint64_t* keys, std::size_t count) {
    blocks_.assign(count * kBitsPerKey / 256 + 1, Block{});
    for (std::size_t n = 0; n < count; ++n) {
      Block& block = blocks_[place(keys[n])];
      const auto low = static_cast<std::uint32_t>(keys[n]);
      for (int lane = 0; lane < 8; ++lane)
        block.lanes[lane] |= std::uint32_t{1} << ((low * kSalts[lane]) >> 27);
    }
  }
  bool contains(std::uint64_t hash) const {
    // bit of each lane = 1 << (low * salt >> 27); all of them in the block?
    const __m256i salts = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kSalts));
    const __m256i low = _mm256_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(hash)));
    const __m256i bits = _mm256_sllv_epi32(
        _mm256_set1_epi32(1), _mm256_srli_epi32(_mm256_mullo_epi32(low, salts), 27));
    const __m256i block =
        _mm256_load_si256(reinterpret_cast<const __m256i*>(blocks_[place(hash)].lanes));
    return _mm256_testc_si256(block, bits) != 0;
  }
  void prefetch(std::uint64_t hash) const { touch(&blocks_[place(hash)]); }
  std::size_t bytes() const { return blocks_.size() * 32; }

 private:
  struct alignas(32) Block {
    std::uint32_t lanes[8];
  };
  static constexpr std::uint32_t kSalts[8] = {0x47b6137bU, 0x44974d91U, 0x8824ad5bU,
                                              0xa2b7289dU, 0x705495c7U, 0x2df1424bU,
                                              0x9efc4947U, 0x5c6bfb31U};
  std::size_t place(std::uint64_t hash) const { return scale(hash, blocks_.size()); }
  std::vector<Block> blocks_;
};

/// What Xor8 and Fuse8 share: three cells a key whose fingerprints XOR to the key's own. Shape
/// gives the cells of a rehashed key.
template <typename Shape>
class ThreeCells {
 public:
  static std::string name() { return Shape::name(); }

  /// Peels: a cell that only one key uses decides that key; take the key away, go on. Where
  /// some keys remain (rare), again with another seed. O(count) on average.
  void build(const std::uint64_t* keys, std::size_t count) {
    shape_ = Shape(count);
    cells_.assign(shape_.cells(), 0);
    // In order of the first cell, so that neighbours in time are neighbours in memory.
    std::vector<std::uint64_t> order(count), stack(count);
    std::vector<std::uint32_t> stack_cell(count), alone(shape_.cells());
    std::vector<std::uint64_t> mixed(shape_.cells());
    std::vector<std::uint8_t> uses(shape_.cells());
    for (seed_ = 1;; ++seed_) {
      for (std::size_t n = 0; n < count; ++n) order[n] = rehash(keys[n]);
      sort_coarsely(order);
      std::fill(mixed.begin(), mixed.end(), 0);
      std::fill(uses.begin(), uses.end(), 0);
      bool overflow = false;
      for (const std::uint64_t hash : order) {
        for (const std::uint32_t cell : shape_.of(hash)) {
          mixed[cell] ^= hash;
          overflow |= ++uses[cell] == 0;
        }
      }
      if (overflow) continue;
      std::size_t waiting = 0, done = 0;
      for (std::uint32_t cell = 0; cell < uses.size(); ++cell)
        if (uses[cell] == 1) alone[waiting++] = cell;
      while (waiting > 0) {
        const std::uint32_t cell = alone[--waiting];
        if (uses[cell] != 1) continue;
        const std::uint64_t hash = mixed[cell];
        stack[done] = hash;
        stack_cell[done++] = cell;
        for (const std::uint32_t other : shape_.of(hash)) {
          mixed[other] ^= hash;
          if (--uses[other] == 1) alone[waiting++] = other;
        }
      }
      if (done != count) continue;
      while (done > 0) {
        const std::uint64_t hash = stack[--done];
        const auto [a, b, c] = shape_.of(hash);
        cells_[stack_cell[done]] = 0;
        cells_[stack_cell[done]] =
            static_cast<std::uint8_t>(fingerprint(hash) ^ cells_[a] ^ cells_[b] ^ cells_[c]);
      }
      return;
    }
  }
  bool contains(std::uint64_t key) const {
    const std::uint64_t hash = rehash(key);
    const auto [a, b, c] = shape_.of(hash);
    return fingerprint(hash) == (cells_[a] ^ cells_[b] ^ cells_[c]);
  }
  void prefetch(std::uint64_t key) const {
    for (const std::uint32_t cell : shape_.of(rehash(key))) touch(&cells_[cell]);
  }
  std::size_t bytes() const { return cells_.size(); }

 private:
  /// Another order with every seed; a bijection, so that keys stay distinct.
  std::uint64_t rehash(std::uint64_t key) const {
    std::uint64_t x = key + seed_ * 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDU;  // murmur3's finaliser, one round
    return x ^ (x >> 33);
  }
  static std::uint8_t fingerprint(std::uint64_t hash) {
    return static_cast<std::uint8_t>(hash ^ (hash >> 32));
  }
  static void sort_coarsely(std::vector<std::uint64_t>& hashes) {
    constexpr int kBits = 12;
    std::vector<std::size_t> begin((1U << kBits) + 1, 0);
    for (const std::uint64_t hash : hashes) ++begin[(hash >> (64 - kBits)) + 1];
    for (std::size_t n = 1; n < begin.size(); ++n) begin[n] += begin[n - 1];
    std::vector<std::uint64_t> sorted(hashes.size());
    for (const std::uint64_t hash : hashes) sorted[begin[hash >> (64 - kBits)]++] = hash;
    hashes.swap(sorted);
  }
  Shape shape_{0};
  std::uint64_t seed_ = 1;
  std::vector<std::uint8_t> cells_;
};

class XorShape {
 public:
  static std::string name() { return "xor8"; }
  explicit XorShape(std::size_t count)
      : third_(static_cast<std::uint32_t>((count * 123 / 100 + 32 + 2) / 3)) {}
  std::size_t cells() const { return 3 * std::size_t{third_}; }
  std::array<std::uint32_t, 3> of(std::uint64_t hash) const {
    const auto cell = [&](int turn, std::uint32_t part) {
      const auto bits = static_cast<std::uint32_t>((hash << turn) | (hash >> (64 - turn)));
      return static_cast<std::uint32_t>((std::uint64_t{bits} * third_) >> 32) + part * third_;
    };
    return {cell(32, 0), cell(21, 1), cell(42, 2)};
  }

 private:
  std::uint32_t third_;
};

class FuseShape {
 public:
  static std::string name() { return "3-wise binary fuse 8"; }
  /// Segment length and the room above one cell a key are the paper's, found by trial there.
  explicit FuseShape(std::size_t count) {
    const double n = static_cast<double>(std::max<std::size_t>(count, 2));
    const int log = static_cast<int>(std::floor(std::log(n) / std::log(3.33) + 2.25));
    segment_ = 1U << std::clamp(log, 2, 18);
    const double factor = std::max(1.125, 0.875 + 0.25 * std::log(1e6) / std::log(n));
    const auto wanted = static_cast<std::uint32_t>(std::llround(n * factor));
    const std::uint32_t segments = (wanted + segment_ - 1) / segment_;
    starts_ = std::max<std::uint32_t>(segments, 3) - 2;
  }
  std::size_t cells() const { return std::size_t{starts_ + 2} * segment_; }
  std::array<std::uint32_t, 3> of(std::uint64_t hash) const {
    const auto first =
        static_cast<std::uint32_t>(scale(hash, std::uint64_t{starts_} * segment_));
    const std::uint32_t mask = segment_ - 1;
    return {first, (first + segment_) ^ (static_cast<std::uint32_t>(hash >> 18) & mask),
            (first + 2 * segment_) ^ (static_cast<std::uint32_t>(hash) & mask)};
  }

 private:
  std::uint32_t segment_ = 4, starts_ = 1;
};

using Xor8 = ThreeCells<XorShape>;
using Fuse8 = ThreeCells<FuseShape>;
