// Masks of 64 bytes, and of eight blocks side by side: neighbours and sums over their borders;
// and the hash of a stretch of text.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

using namespace sieve;
using Bits = std::uint64_t;
inline constexpr std::size_t kNone = std::string_view::npos;
/// The same word of eight blocks.
using Lanes = Bits __attribute__((vector_size(64)));

inline Lanes load_lanes(const Bits* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}
inline void store_lanes(Bits* to, const Lanes& lanes) {
  std::memcpy(to, &lanes, sizeof lanes);
}

#if defined(SPOOR_SIEVE_AVX512)
/// The mask as a number. GCC 12 may put a mask that becomes a wider number into memory, one
/// byte of it, and read four (seen at -O1 with ThreadSanitizer); not one that must be in a
/// register.
inline unsigned number_of(__mmask8 mask) {
  unsigned number = mask;
  asm("" : "+r"(number));
  return number;
}
#endif

#if defined(SPOOR_SIEVE_AVX512)
inline __m512i set(Bits bits) {
  return _mm512_set1_epi64(static_cast<long long>(bits));
}

template <typename Load>
inline __m512i eight_loads(Load&& load) {
  return _mm512_set_epi64(static_cast<long long>(load(7)), static_cast<long long>(load(6)),
                          static_cast<long long>(load(5)), static_cast<long long>(load(4)),
                          static_cast<long long>(load(3)), static_cast<long long>(load(2)),
                          static_cast<long long>(load(1)), static_cast<long long>(load(0)));
}
#endif

inline bool has_bits(const Lanes& lanes) {
#if defined(SPOOR_SIEVE_AVX512)
  const auto words = reinterpret_cast<__m512i>(lanes);
  return _mm512_test_epi64_mask(words, words) != 0;
#else
  Bits all = 0;
  for (int i = 0; i < 8; ++i) all |= lanes[i];
  return all != 0;
#endif
}

/// Bit i of the answer is bit i - n or i + n of the text's masks, over the border of a block.
inline Bits before(Bits here, Bits previous, unsigned n) {
  return here << n | previous >> (64 - n);
}
inline Bits after(Bits here, Bits next, unsigned n) {
  return here >> n | next << (64 - n);
}
/// The 64 masks' bits behind bit `off` (0..63) of a block.
inline Bits right_of(Bits here, Bits next, unsigned off) {
  return here >> off >> 1 | next << (63 - off);
}
/// The 64 masks' bits before bit `off` (0..63) of a block: the last of them on top.
inline Bits left_of(Bits here, Bits previous, unsigned off) {
  return off == 0 ? previous : here << (64 - off) | previous >> off;
}
/// Those of a block's 64 bits that stand for the bytes from `at` on, where the block begins
/// with byte `base`.
inline Bits bits_from(std::size_t at, std::size_t base) {
  return at <= base ? ~Bits{0} : at - base >= 64 ? 0 : ~Bits{0} << (at - base);
}
using Halves = std::uint32_t __attribute__((vector_size(64)));
using Quarters = std::uint16_t __attribute__((vector_size(64)));

/// The first bit of each part of a Vector, unless the part before it, `moved` into its place,
/// has one as far on or further: of a row, bits that none stands before nearer than that.
template <typename Vector>
inline Lanes lonely_bits(const Lanes& here, const Lanes& moved) {
  const auto parts = reinterpret_cast<Vector>(here), last = reinterpret_cast<Vector>(moved);
  const Vector first = parts & -parts;
  return reinterpret_cast<Lanes>(first & reinterpret_cast<Vector>(last < first));
}

/// a + b + carry, with the carry out of it.
inline Bits add_carry(Bits a, Bits b, Bits& carry) {
  Bits sum;
  const bool first = __builtin_add_overflow(a, b, &sum);
  const bool second = __builtin_add_overflow(sum, carry, &sum);
  carry = first || second ? 1 : 0;
  return sum;
}

/// The same for eight blocks, as one long number.
inline Lanes add_lanes(const Lanes& a, const Lanes& b, Bits& carry) {
#if defined(SPOOR_SIEVE_AVX512)
  const Lanes sum = a + b;
  const auto sums = reinterpret_cast<__m512i>(sum);
  // Words that overflow carry one into the next, and so do those full of ones that get one.
  const unsigned made = number_of(_mm512_cmplt_epu64_mask(sums, reinterpret_cast<__m512i>(a)));
  const unsigned full = number_of(_mm512_cmpeq_epi64_mask(sums, _mm512_set1_epi64(-1)));
  const unsigned carried = (made * 2 + static_cast<unsigned>(carry) + full) ^ full;
  carry = carried >> 8;
  return reinterpret_cast<Lanes>(
      _mm512_mask_sub_epi64(sums, static_cast<__mmask8>(carried), sums, _mm512_set1_epi64(-1)));
#else
  Lanes sum;
  for (int i = 0; i < 8; ++i) sum[i] = add_carry(a[i], b[i], carry);
  return sum;
#endif
}

/// hash_bytes().
inline Bits hash_text(const char* p, std::size_t n, Seed seed) {
#if defined(SPOOR_SIEVE_AVX512)
  Bits h = hash_begin(n, seed);
  std::size_t at = 0;
  do {
    const __mmask32 held =
        _bzhi_u32(~0u, static_cast<unsigned>(std::min<std::size_t>(n - at, 32)));
    const __m256i bytes = _mm256_maskz_loadu_epi8(held, p + at);
    const __m256i folded =
        _mm256_maskz_mov_epi8(held, _mm256_or_si256(bytes, _mm256_set1_epi8(0x20)));
    const __m128i low = _mm256_castsi256_si128(folded);
    const __m128i high = _mm256_extracti128_si256(folded, 1);
    h = hash_step(h, static_cast<Bits>(_mm_cvtsi128_si64(low)),
                  static_cast<Bits>(_mm_extract_epi64(low, 1)),
                  static_cast<Bits>(_mm_cvtsi128_si64(high)),
                  static_cast<Bits>(_mm_extract_epi64(high, 1)));
    at += 32;
  } while (at < n);
  return h;
#else
  return hash_bytes(p, n, seed);
#endif
}
inline Bits hash_text(std::string_view text, Seed seed) {
  return hash_text(text.data(), text.size(), seed);
}

/// before() for eight blocks; `previous`: the eight before them.
inline Lanes lanes_before(const Lanes& here, const Lanes& previous, unsigned n) {
#if defined(SPOOR_SIEVE_AVX512)
  const auto own = reinterpret_cast<__m512i>(here);
  const __m512i last = _mm512_alignr_epi64(own, reinterpret_cast<__m512i>(previous), 7);
  return reinterpret_cast<Lanes>(_mm512_shldv_epi64(own, last, _mm512_set1_epi64(n)));
#else
  const Lanes last = {previous[7], here[0], here[1], here[2],
                      here[3],     here[4], here[5], here[6]};
  return here << n | last >> (64 - n);
#endif
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
