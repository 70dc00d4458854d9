// Where a stretch of text ends that holds no byte of some kind: for the readings, which walk
// over tokens and strings; 64 bytes at a look with AVX-512.

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

namespace {

/// What a byte is, to be seen at one look: it parts tokens, belongs to a word, makes one solid,
/// or stands behind the backslash of an escape of JSON.
enum ByteKind : std::uint8_t { kPartsTokens = 1, kOfWord = 2, kSolid = 4, kJsonEscape = 8 };

constexpr std::array<std::uint8_t, 256> make_byte_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  for (unsigned i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    // What ends a request target (U2), so that none begins before a token and ends in it.
    if (is_space(c) || c == '\0' || c == '"') kinds[i] |= kPartsTokens;
    if (is_alnum(c) || c == '.' || c == '-' || c == '_' || i >= 0x80) kinds[i] |= kOfWord;
    if ((kinds[i] & kOfWord) != 0 && c != '.' && c != '-') kinds[i] |= kSolid;
  }
  for (const char c : {'"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u'})
    kinds[static_cast<unsigned char>(c)] |= kJsonEscape;
  return kinds;
}
constexpr std::array<std::uint8_t, 256> kByteKinds = make_byte_kinds();

inline unsigned kind_of(char c) {
  return kByteKinds[static_cast<unsigned char>(c)];
}

#if defined(SPOOR_SIEVE_AVX512)
inline __m512i bytes_of(char c) {
  return _mm512_set1_epi8(c);
}
inline Bits equal_to(__m512i bytes, char c) {
  return _mm512_cmpeq_epi8_mask(bytes, bytes_of(c));
}
inline Bits letters_and_digits(__m512i bytes) {
  const __m512i lower = _mm512_or_si512(bytes, bytes_of(0x20));
  return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(lower, bytes_of('a')), bytes_of(26)) |
         _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, bytes_of('0')), bytes_of(10));
}
/// All but dots and hyphens of words.
inline Bits solid_bytes(__m512i bytes) {
  return letters_and_digits(bytes) | equal_to(bytes, '_') | _mm512_movepi8_mask(bytes);
}
#endif

/// Kinds of bytes: is() tells of one, among() of 64.
struct PartingByte {
  static bool is(char c) { return (kind_of(c) & kPartsTokens) != 0; }
#if defined(SPOOR_SIEVE_AVX512)
  static Bits among(__m512i bytes) {
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, bytes_of('\t')), bytes_of(5)) |
           equal_to(bytes, ' ') | equal_to(bytes, '\0') | equal_to(bytes, '"');
  }
#endif
};
struct SolidByte {
  static bool is(char c) { return (kind_of(c) & kSolid) != 0; }
#if defined(SPOOR_SIEVE_AVX512)
  static Bits among(__m512i bytes) {
    return solid_bytes(bytes);
  }
#endif
};
struct NoWordByte {
  static bool is(char c) { return (kind_of(c) & kOfWord) == 0; }
#if defined(SPOOR_SIEVE_AVX512)
  static Bits among(__m512i bytes) {
    return ~(solid_bytes(bytes) | equal_to(bytes, '.') | equal_to(bytes, '-'));
  }
#endif
};
struct ClosingBracket {
  static bool is(char c) { return c == ')'; }
#if defined(SPOOR_SIEVE_AVX512)
  static Bits among(__m512i bytes) {
    return equal_to(bytes, ')');
  }
#endif
};
struct NoNameByte {
  static bool is(char c) { return !is_name_byte(c); }
#if defined(SPOOR_SIEVE_AVX512)
  static Bits among(__m512i bytes) {
    return NoWordByte::among(bytes) | _mm512_movepi8_mask(bytes);
  }
#endif
};
struct NoLocalByte {
  static bool is(char c) { return !is_local_byte(c); }
#if defined(SPOOR_SIEVE_AVX512)
  static Bits among(__m512i bytes) {
    return NoNameByte::among(bytes) & ~(equal_to(bytes, '%') | equal_to(bytes, '+'));
  }
#endif
};
/// What a string of JSON ends at, or its line.
struct StringEnd {
  static bool is(char c) { return c == '"' || c == '\n'; }
#if defined(SPOOR_SIEVE_AVX512)
  static Bits among(__m512i bytes) {
    return equal_to(bytes, '"') | equal_to(bytes, '\n');
  }
#endif
};

/// The first byte of the kind in [from, to), or `to`.
template <typename Kind>
inline std::size_t first_of(std::string_view text, std::size_t from, std::size_t to) {
#if defined(SPOOR_SIEVE_AVX512)
  for (; from < to; from += 64) {
    const __mmask64 held =
        _bzhi_u64(~Bits{0}, static_cast<unsigned>(std::min<std::size_t>(to - from, 64)));
    const Bits found = Kind::among(_mm512_maskz_loadu_epi8(held, text.data() + from)) & held;
    if (found != 0) return from + static_cast<std::size_t>(std::countr_zero(found));
  }
  return to;
#else
  while (from < to && !Kind::is(text[from])) ++from;
  return from;
#endif
}

/// Behind the last byte of the kind in [from, to), or `from`.
template <typename Kind>
inline std::size_t behind_last(std::string_view text, std::size_t from, std::size_t to) {
#if defined(SPOOR_SIEVE_AVX512)
  while (to > from) {
    const std::size_t n = std::min<std::size_t>(to - from, 64);
    const __mmask64 held = _bzhi_u64(~Bits{0}, static_cast<unsigned>(n));
    const Bits found = Kind::among(_mm512_maskz_loadu_epi8(held, text.data() + to - n)) & held;
    if (found != 0) return to - n + 64 - static_cast<std::size_t>(std::countl_zero(found));
    to -= n;
  }
  return from;
#else
  while (to > from && !Kind::is(text[to - 1])) --to;
  return to;
#endif
}

/// Where a run of backslashes ends in [from, to) or at `to`, and what follows it makes no
/// escape of JSON with the last one; or kNone. No run ends at `from`.
inline std::size_t end_of_backslashes(std::string_view text, std::size_t from, std::size_t to) {
#if defined(SPOOR_SIEVE_AVX512)
  const __m512i low = _mm512_loadu_si512(kByteKinds.data());
  const __m512i up = _mm512_loadu_si512(kByteKinds.data() + 64);
  for (; from < to; from += 64) {
    const auto held = [&](std::size_t at, std::size_t end) {
      const auto n = static_cast<unsigned>(std::min<std::size_t>(end - at, 64));
      return static_cast<__mmask64>(_bzhi_u64(~Bits{0}, n));
    };
    const __mmask64 here = held(from, to);
    const Bits runs = equal_to(_mm512_maskz_loadu_epi8(here, text.data() + from), '\\') & here;
    // What follows each byte; bytes beyond 0x7F are no escapes, nor what lies behind the text.
    const __m512i next =
        _mm512_maskz_loadu_epi8(held(from + 1, text.size()), text.data() + from + 1);
    const Bits others =
        ~_mm512_test_epi8_mask(_mm512_permutex2var_epi8(low, next, up), bytes_of(kJsonEscape)) |
        _mm512_movepi8_mask(next);
    const Bits found = runs & others;
    if (found != 0) return from + static_cast<std::size_t>(std::countr_zero(found)) + 1;
  }
  return kNone;
#else
  for (std::size_t i = from; i < to; ++i) {
    if (text[i] != '\\') continue;
    if (i + 1 == text.size() || (kind_of(text[i + 1]) & kJsonEscape) == 0) return i + 1;
  }
  return kNone;
#endif
}

}  // namespace

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
