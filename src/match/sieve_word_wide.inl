// The lane of words with AVX-512. A block holds three or four words that are looked at, too few
// to fill a vector; so first the places of all words of the window are put in a row, begins and
// ends, then those that are long enough and have a letter are picked out 32 at a time, and
// these ask the map of words eight at a time.

#if defined(SPOOR_SIEVE_AVX512)

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

namespace {

/// What is known of a word at its end.
enum Mark : std::uint8_t {
  kHasLetter = 1,
  kOddWord =
      2,  ///< dots or hyphens at its end, perhaps letters beyond ASCII: for word_ends_at()
};

/// The places of `bits`, `base` added, to `to` and behind it: 32 are written, as many counted
/// as there are.
inline std::size_t put_places(Bits bits, std::size_t base, std::uint16_t* to) {
  const __m512i iota = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42,
      41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20,
      19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i places = _mm512_maskz_compress_epi8(bits, iota);
  _mm512_storeu_si512(to, _mm512_add_epi16(_mm512_cvtepu8_epi16(_mm512_castsi512_si256(places)),
                                           _mm512_set1_epi16(static_cast<short>(base))));
  return static_cast<std::size_t>(std::popcount(bits));
}

}  // namespace

/// Fills the lists with all words that end in the window; how many.
std::size_t SieveScan::collect_words() {
  std::size_t begun = 0, ended = 0;
  Bits last = row(kWordRow, kFront - 1), high_last = mask(ByteClass::kHigh, kFront - 1);
  Bits trimmed_last = mask(ByteClass::kDot, kFront - 1) | mask(ByteClass::kDash, kFront - 1);
  if (last >> 63 != 0) begins_[begun++] = static_cast<std::uint16_t>(open_word_);
  for (std::size_t b = kFront; b < kFront + blocks_; ++b) {
    const Bits words = row(kWordRow, b), moved = before(words, last, 1);
    const Bits starts = words & ~moved, ends = moved & ~words;
    const Bits high = mask(ByteClass::kHigh, b);
    const Bits trimmed = mask(ByteClass::kDot, b) | mask(ByteClass::kDash, b);
    const Bits odd =
        before(trimmed, trimmed_last, 1) | ((high | high_last) != 0 ? ~Bits{0} : Bits{0});
    const std::size_t base = (b - kFront) * 64 + kPlaceBias;
    begun += put_places(starts, base, &begins_[begun]);
    const auto lettered = static_cast<__mmask32>(_pext_u64(row(kWordEnds, b), ends));
    const auto oddly = static_cast<__mmask32>(_pext_u64(odd, ends));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(&marks_[ended]),
                        _mm256_or_si256(_mm256_maskz_set1_epi8(lettered, kHasLetter),
                                        _mm256_maskz_set1_epi8(oddly, kOddWord)));
    ended += put_places(ends, base, &ends_[ended]);
    last = words;
    high_last = high;
    trimmed_last = trimmed;
  }
  // A word that no place can tell begins 4 KiB and more before its end.
  if (begun > ended) open_word_ = begins_[begun - 1];
  open_word_ -= std::min(open_word_, blocks_ * 64);
  return ended;
}

/// Of all words in the lists those that the map is asked for, begins and lengths to the lists'
/// front; odd ones are looked at on the way. How many.
std::size_t SieveScan::plain_words(std::size_t all) {
  const __m512i least = _mm512_set1_epi16(static_cast<short>(parts_.least_word));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all; i += 32) {
    const __m512i begin = _mm512_load_si512(&begins_[i]), end = _mm512_load_si512(&ends_[i]);
    const __m512i length = _mm512_sub_epi16(end, begin);
    const __m256i marks = _mm256_load_si256(reinterpret_cast<const __m256i*>(&marks_[i]));
    const __mmask32 known = all - i >= 32 ? ~__mmask32{0} : (__mmask32{1} << (all - i)) - 1;
    __mmask32 wanted = _mm512_mask_cmpge_epu16_mask(known, length, least);
    if (!parts_.words_without_letters)
      wanted &= _mm256_test_epi8_mask(marks, _mm256_set1_epi8(kHasLetter));
    // A word of 64 bytes and more is looked at whole; so is one with other letters, which fold
    // to other bytes.
    __mmask32 odd = wanted & (_mm256_test_epi8_mask(marks, _mm256_set1_epi8(kOddWord)) |
                              _mm512_cmpge_epu16_mask(length, _mm512_set1_epi16(64)));
    const __mmask32 plain = wanted & ~odd;
    for (; odd != 0; odd &= odd - 1) {
      const std::size_t at = ends_[i + static_cast<std::size_t>(std::countr_zero(odd))];
      word_ends_at(window_at_ + at - kPlaceBias, kFront + (at - kPlaceBias) / 64);
    }
    _mm512_storeu_si512(&begins_[kept], _mm512_maskz_compress_epi16(plain, begin));
    _mm512_storeu_si512(&ends_[kept], _mm512_maskz_compress_epi16(plain, length));
    kept += static_cast<std::size_t>(std::popcount(plain));
  }
  return kept;
}

/// Where in the map the plain words from `first` on stand, up to eight: hashes_ and places_; a
/// bit for each that is to be looked at by itself.
unsigned SieveScan::hash_eight_words(std::size_t first, std::size_t count) {
  const __m512i eight = set(8);
  const auto lengths_of = [&](const std::uint16_t* from) {
    return _mm512_cvtepu16_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  };
  const __m512i begin = lengths_of(&begins_[first]), n = lengths_of(&ends_[first]);
  const auto active = static_cast<__mmask8>(count >= 8 ? 0xFF : (1u << count) - 1);
  // Nothing is read behind the text: its last words are looked at one by one.
  const char* const origin = text_.data() + window_at_;
  const __m512i reach = _mm512_sub_epi64(_mm512_add_epi64(begin, eight), set(kPlaceBias));
  const __mmask8 whole =
      _mm512_mask_cmple_epi64_mask(active, reach, set(text_.size() - window_at_));
  auto slow = static_cast<__mmask8>(active & ~whole);
  // Eight loads side by side are faster than a gather where these are made of many steps.
  const __m512i heads =
      whole == active && count >= 8
          ? eight_loads(
                [&](std::size_t i) { return load8(origin + begins_[first + i] - kPlaceBias); })
          : _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), whole,
                                        _mm512_sub_epi64(begin, set(kPlaceBias)), origin, 1);
  const __m512i kept = _mm512_srlv_epi64(
      set(~Bits{0}),
      _mm512_sub_epi64(set(64), _mm512_slli_epi64(_mm512_min_epu64(n, eight), 3)));
  const __m512i folded = _mm512_and_si512(_mm512_or_si512(heads, set(kFold)), kept);
  const __m512i mixed = _mm512_xor_si512(folded, _mm512_mullo_epi64(n, set(kPrime2)));
  const __m512i hash =
      _mm512_mullo_epi64(_mm512_xor_si512(mixed, _mm512_srli_epi64(mixed, 32)), set(kPrime1));
  _mm512_store_si512(&hashes_[first], hash);
  _mm512_store_si512(
      &places_[first],
      _mm512_srl_epi64(hash, _mm_cvtsi32_si128(static_cast<int>(parts_.word_shift))));
  // Dots and hyphens at the begin.
  const __m512i low = _mm512_and_si512(heads, set(0xFF));
  slow |= static_cast<__mmask8>(whole & (_mm512_cmpeq_epi64_mask(low, set('.')) |
                                         _mm512_cmpeq_epi64_mask(low, set('-'))));
  return number_of(slow);
}

/// Which of the eight words from `first` on the map knows.
unsigned SieveScan::known_eight_words(std::size_t first) const {
  const __m512i hash = _mm512_load_si512(&hashes_[first]);
  const __m512i map =
      eight_loads([&](std::size_t i) { return parts_.words[places_[first + i]]; });
  const auto turned = [&](unsigned shift) {
    return _mm512_rorv_epi64(
        map, _mm512_srl_epi64(hash, _mm_cvtsi32_si128(static_cast<int>(shift))));
  };
  const __m512i both =
      _mm512_and_si512(turned(parts_.word_shift - 6), turned(parts_.word_shift - 12));
  return number_of(_mm512_test_epi64_mask(both, set(1)));
}

void SieveScan::words() {
  const std::size_t count = plain_words(collect_words());
  // All places first: what the map says of them is then there when it is looked at.
  for (std::size_t first = 0; first < count; first += 8)
    slow_words_[first / 8] = static_cast<std::uint8_t>(hash_eight_words(first, count - first));
  for (std::size_t first = 0; first < count; first += 8) {
    unsigned known = known_eight_words(first) | slow_words_[first / 8];
    if (count - first < 8) known &= (1u << (count - first)) - 1;
    for (; known != 0; known &= known - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(known));
      const std::size_t from = window_at_ + begins_[first + i] - kPlaceBias;
      const std::size_t to = from + ends_[first + i];
      if ((slow_words_[first / 8] >> i & 1) != 0) {
        word_ends_at(to, kFront + (to - window_at_) / 64);
      } else {
        word_at(from, to);
      }
    }
  }
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor

#endif
