// The lanes of words: names of files and things, parts of paths and keys (F, R, O1), single
// labels; and of quoted strings (O5).

namespace spoor {
namespace SPOOR_SIEVE_ISA {

namespace {

inline Bits word_key(std::string_view word) {
  unsigned char all = 0;
  for (const char c : word) all |= static_cast<unsigned char>(c);
  return all >= 0x80 ? hash_bytes(fold_case(word), Seed::kWord) : hash_bytes(word, Seed::kWord);
}

}  // namespace

/// A word that the map knows: alone, and with the word before it in the same line.
void SieveScan::word_at(std::size_t begin, std::size_t end) {
  const Bits key = word_key(text_.substr(begin, end - begin));
  probe(key, begin, end, Lane::kPlain);
  std::size_t before_end = begin;
  while (true) {
    while (before_end > 0 && !is_word_byte(static_cast<unsigned char>(text_[before_end - 1])) &&
           text_[before_end - 1] != '\n' && begin - before_end < 2048)
      --before_end;
    if (before_end == 0 || !is_word_byte(static_cast<unsigned char>(text_[before_end - 1])))
      return;
    std::size_t before = before_end;
    while (before > 0 && before_end - before <= 1100 &&
           is_word_byte(static_cast<unsigned char>(text_[before - 1])))
      --before;
    std::string_view word = text_.substr(before, before_end - before);
    while (!word.empty() && is_trimmed(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_trimmed(word.back())) word.remove_suffix(1);
    if (!word.empty()) {
      probe(hash_pair(word_key(word), key, Seed::kPair), begin, end, Lane::kPlain);
      return;
    }
    before_end = before;
  }
}

/// The word that ends at `end`, by its first eight bytes and its length: whether the map knows
/// it.
void SieveScan::word_ends_at(std::size_t end, std::size_t b) {
  const auto off = static_cast<unsigned>(end % 64);
  const auto n = static_cast<unsigned>(
      std::countl_one(left_of(row(kWordRow, b), row(kWordRow, b - 1), off)));
  std::size_t begin = end - n;
  // A word of 64 bytes and more is looked at whole; so is one with other letters, which fold to
  // other bytes.
  bool plain = n < 64;
  if (plain) {
    const Bits high = left_of(mask(ByteClass::kHigh, b), mask(ByteClass::kHigh, b - 1), off);
    plain = high >> (64 - n) == 0;
  } else {
    while (begin > 0 && is_word_byte(static_cast<unsigned char>(text_[begin - 1]))) --begin;
  }
  while (begin < end && is_trimmed(text_[begin])) ++begin;
  while (end > begin && is_trimmed(text_[end - 1])) --end;
  if (begin == end || end - begin > kMaxName) return;
  const std::size_t length = end - begin;
  if (plain) {
    const Bits slot = word_slot(load_head(text_.data() + begin, length) | fold_mask(length),
                                length, parts_.word_shift);
    if ((parts_.words[slot / 64] >> (slot % 64) & 1) == 0) return;
  }
  word_at(begin, end);
}

#if defined(SPOOR_SIEVE_AVX512)

namespace {

inline __m512i set(Bits bits) {
  return _mm512_set1_epi64(static_cast<long long>(bits));
}
/// left_of() for eight places: `off`, and 64 less them.
inline __m512i left_bits(Bits here, Bits previous, __m512i off, __m512i up) {
  return _mm512_or_si512(_mm512_sllv_epi64(set(here), up),
                         _mm512_srlv_epi64(set(previous), off));
}

}  // namespace

/// The same, eight words at once: the places of their ends from the mask, their begins by
/// counting the bytes of words before these, their heads by one permutation of the block and
/// the one before it.
void SieveScan::words_of_block(std::size_t b, Bits ends) {
  const std::size_t base = base_of(b);
  const char* const bytes = base + 64 <= text_.size() ? text_.data() + base : tail_.data();
  const __m512i here = _mm512_loadu_si512(bytes);
  const __m512i previous =
      base >= 64 ? _mm512_loadu_si512(text_.data() + base - 64) : _mm512_setzero_si512();
  const Bits dots = mask(ByteClass::kDot, b) | mask(ByteClass::kDash, b);
  const Bits dots_before = mask(ByteClass::kDot, b - 1) | mask(ByteClass::kDash, b - 1);
  const __m512i iota = _mm512_set_epi8(
      63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42,
      41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20,
      19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i spread = _mm512_set_epi64(
      0x0808080808080808, 0x0000000000000000, 0x0808080808080808, 0x0000000000000000,
      0x0808080808080808, 0x0000000000000000, 0x0808080808080808, 0x0000000000000000);
  const __m512i zero = _mm512_setzero_si512(), one = set(1), c64 = set(64);
  __m512i places = _mm512_maskz_compress_epi8(ends, iota);
  for (auto left = static_cast<unsigned>(std::popcount(ends));;) {
    const auto active = static_cast<__mmask8>(left >= 8 ? 0xFF : (1u << left) - 1);
    const __m512i off = _mm512_cvtepu8_epi64(_mm512_castsi512_si128(places));
    const __m512i up = _mm512_sub_epi64(c64, off);
    const __m512i words = left_bits(row(kWordRow, b), row(kWordRow, b - 1), off, up);
    const __m512i n = _mm512_lzcnt_epi64(_mm512_xor_si512(words, set(~Bits{0})));
    const __m512i down = _mm512_sub_epi64(c64, n);
    // Dots and hyphens at the ends, other letters, long words: one by one.
    const __m512i edges = left_bits(dots, dots_before, off, up);
    const __m512i high =
        left_bits(mask(ByteClass::kHigh, b), mask(ByteClass::kHigh, b - 1), off, up);
    const __m512i odd = _mm512_or_si512(
        _mm512_and_si512(
            _mm512_or_si512(_mm512_srli_epi64(edges, 63), _mm512_srlv_epi64(edges, down)), one),
        _mm512_srlv_epi64(high, down));
    const __mmask8 slow = static_cast<__mmask8>(
        (_mm512_test_epi64_mask(odd, odd) | _mm512_cmpeq_epi64_mask(n, c64)) & active);

    const __m512i begin = _mm512_sub_epi64(_mm512_add_epi64(off, c64), n);
    const __m512i places_of_heads = _mm512_add_epi8(_mm512_shuffle_epi8(begin, spread),
                                                    _mm512_set1_epi64(0x0706050403020100));
    const __m512i heads = _mm512_permutex2var_epi8(previous, places_of_heads, here);
    const __m512i head_bytes = _mm512_min_epu64(n, set(8));
    const __m512i kept = _mm512_srlv_epi64(
        set(~Bits{0}), _mm512_sub_epi64(c64, _mm512_slli_epi64(head_bytes, 3)));
    const __m512i folded = _mm512_and_si512(_mm512_or_si512(heads, set(kFold)), kept);
    const __m512i slots = _mm512_srl_epi64(
        _mm512_mullo_epi64(_mm512_xor_si512(folded, _mm512_mullo_epi64(n, set(kPrime2))),
                           set(kPrime1)),
        _mm_cvtsi32_si128(static_cast<int>(parts_.word_shift)));
    const __m512i found =
        _mm512_mask_i64gather_epi64(zero, active, _mm512_srli_epi64(slots, 6), parts_.words, 8);
    const __m512i bits = _mm512_srlv_epi64(found, _mm512_and_si512(slots, set(63)));
    auto known = static_cast<unsigned>(
        static_cast<unsigned char>(_mm512_test_epi64_mask(bits, one) & active) | slow);
    if (known != 0) {
      alignas(64) std::array<Bits, 8> offs, lengths;
      _mm512_store_si512(offs.data(), off);
      _mm512_store_si512(lengths.data(), n);
      for (; known != 0; known &= known - 1) {
        const auto i = static_cast<std::size_t>(std::countr_zero(known));
        const std::size_t end = base + offs[i];
        if ((slow >> i & 1) != 0) {
          word_ends_at(end, b);
        } else {
          word_at(end - lengths[i], end);
        }
      }
    }
    if (left <= 8) return;
    left -= 8;
    places = _mm512_alignr_epi64(zero, places, 1);
  }
}

#else

void SieveScan::words_of_block(std::size_t b, Bits ends) {
  for (; ends != 0; ends &= ends - 1)
    word_ends_at(base_of(b) + static_cast<std::size_t>(std::countr_zero(ends)), b);
}

#endif

void SieveScan::words() {
  for (Bits blocks = blocks_with(kWordEnds); blocks != 0; blocks &= blocks - 1) {
    const std::size_t b = kFront + static_cast<std::size_t>(std::countr_zero(blocks));
    words_of_block(b, row(kWordEnds, b));
  }
}

/// O5: what stands between two neighbours of one kind in a line. `last`: the neighbour before
/// the window, or none.
void SieveScan::quotes(ByteClass quote, Row ends, std::size_t& last) {
  // The neighbour before the bit `bit` of block b, unless a line end comes first.
  const auto before_bit = [&](std::size_t b, Bits below) -> std::size_t {
    for (;; --b, below = ~Bits{0}) {
      if (b < kFront) return last;
      const Bits events = (mask(quote, b) | mask(ByteClass::kLf, b)) & below;
      if (events == 0) continue;
      const auto top = static_cast<unsigned>(63 - std::countl_zero(events));
      return (mask(quote, b) >> top & 1) != 0 ? base_of(b) + top : kNone;
    }
  };
  for (Bits blocks = blocks_with(ends); blocks != 0; blocks &= blocks - 1) {
    const std::size_t b = kFront + static_cast<std::size_t>(std::countr_zero(blocks));
    for (Bits bits = row(ends, b); bits != 0; bits &= bits - 1) {
      const std::size_t open = before_bit(b, (bits & (~bits + 1)) - 1);
      if (open != kNone)
        quoted(open + 1, base_of(b) + static_cast<std::size_t>(std::countr_zero(bits)));
    }
  }
  last = before_bit(kFront + blocks_ - 1, ~Bits{0});
}

void SieveScan::quoted(std::size_t begin, std::size_t quote) {
  // As it stands, and without the backslashes that escape the quote.
  for (std::size_t end = quote;;) {
    const std::size_t n = end - begin;
    if (n >= parts_.least_agent && n <= 4096) {
      const Bits head = load_head(text_.data() + begin, n) | fold_mask(n);
      const Bits slot = word_slot(head, n, parts_.word_shift);
      if ((parts_.words[slot / 64] >> (slot % 64) & 1) != 0)
        probe(hash_bytes(text_.data() + begin, n, Seed::kAgent), begin, end, Lane::kPlain);
    }
    if (end != quote || end == begin || text_[end - 1] != '\\') break;
    while (end > begin && text_[end - 1] == '\\') --end;
  }
}

}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
