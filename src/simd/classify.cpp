#include "simd/classify.h"

#include <array>
#include <utility>

#include "simd/isa.h"
#include "simd/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
// What the headers of GCC 12 leave undefined in vectors is masked out (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

namespace spoor {
namespace {

constexpr bool in_class(unsigned char byte, ByteClass c) {
  const unsigned char lower = byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
  switch (c) {
    case ByteClass::kDigit:
      return byte >= '0' && byte <= '9';
    case ByteClass::kAlpha:
      return lower >= 'a' && lower <= 'z';
    case ByteClass::kHexLetter:
      return lower >= 'a' && lower <= 'f';
    case ByteClass::kDot:
      return byte == '.';
    case ByteClass::kDash:
      return byte == '-' || byte == '_';
    case ByteClass::kColon:
      return byte == ':';
    case ByteClass::kSlash:
      return byte == '/';
    case ByteClass::kLf:
      return byte == '\n';
    case ByteClass::kNul:
      return byte == 0;
    case ByteClass::kBackslash:
      return byte == '\\';
    case ByteClass::kPercent:
      return byte == '%';
    case ByteClass::kEquals:
      return byte == '=';
    case ByteClass::kAmpersand:
      return byte == '&';
    case ByteClass::kAt:
      return byte == '@';
    case ByteClass::kOpen:
      return byte == '(' || byte == '[' || byte == '{';
    case ByteClass::kEscaped:
      return byte == 'b' || byte == 'f' || byte == 'n' || byte == 'r' || byte == 't' ||
             byte == 'u' || byte == 'x';
    case ByteClass::kHigh:
      return byte >= 0x80;
    case ByteClass::kDouble:
      return byte == '"';
    case ByteClass::kSingle:
      return byte == '\'';
    case ByteClass::kBlank:
      return byte <= 0x20;
    case ByteClass::kA:
      return lower == 'a';
    case ByteClass::kS:
      return lower == 's';
    case ByteClass::kEscape:
      return byte == 0x1B;
    case ByteClass::kHash:
      return byte == '#';
  }
  return false;
}

/// For each byte a bit for each class.
constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (unsigned c = 0; c < kByteClasses; ++c) {
      if (in_class(static_cast<unsigned char>(byte), static_cast<ByteClass>(c)))
        table[byte] |= 1u << c;
    }
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kTable = make_table();

void classify_scalar(const char* text, std::size_t blocks, std::uint64_t* rows,
                     std::size_t stride) {
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    std::array<std::uint64_t, kByteClasses> out{};
    for (unsigned i = 0; i < 64; ++i) {
      const std::uint32_t bits = kTable[static_cast<unsigned char>(text[i])];
      for (unsigned c = 0; c < kByteClasses; ++c)
        out[c] |= static_cast<std::uint64_t>(bits >> c & 1) << i;
    }
    for (std::size_t c = 0; c < kByteClasses; ++c) rows[c * stride + b] = out[c];
  }
}

}  // namespace
}  // namespace spoor

#if defined(__x86_64__)

// The algorithm is written once, over a vector type of each instruction set: `eq` a byte,
// `between` two bytes (unsigned), `lower` with bit 5 set.

SPOOR_TARGET_BEGIN_AVX2
namespace spoor {
namespace {
namespace avx2 {
struct Bytes {
  __m256i low, high;
};
inline Bytes load(const char* text) {
  return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
}
inline std::uint64_t bits(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high)))
             << 32;
}
inline std::uint64_t eq(const Bytes& v, char c) {
  const __m256i want = _mm256_set1_epi8(c);
  return bits(_mm256_cmpeq_epi8(v.low, want), _mm256_cmpeq_epi8(v.high, want));
}
inline std::uint64_t between(const Bytes& v, char least, char most) {
  // x - least <= most - least, unsigned: the minimum of both is x - least.
  const __m256i base = _mm256_set1_epi8(least);
  const __m256i width = _mm256_set1_epi8(static_cast<char>(most - least));
  const __m256i low = _mm256_sub_epi8(v.low, base);
  const __m256i high = _mm256_sub_epi8(v.high, base);
  return bits(_mm256_cmpeq_epi8(_mm256_min_epu8(low, width), low),
              _mm256_cmpeq_epi8(_mm256_min_epu8(high, width), high));
}
inline Bytes lower(const Bytes& v) {
  const __m256i bit = _mm256_set1_epi8(0x20);
  return {_mm256_or_si256(v.low, bit), _mm256_or_si256(v.high, bit)};
}
inline std::uint64_t high_bits(const Bytes& v) {
  return bits(v.low, v.high);
}
#include "simd/classify.inl"
}  // namespace avx2
}  // namespace
}  // namespace spoor
SPOOR_TARGET_END

SPOOR_TARGET_BEGIN_AVX512
namespace spoor {
namespace {
namespace avx512 {
using Bytes = __m512i;
inline Bytes load(const char* text) {
  return _mm512_loadu_si512(text);
}
inline std::uint64_t eq(const Bytes& v, char c) {
  return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}
inline std::uint64_t between(const Bytes& v, char least, char most) {
  return _mm512_cmple_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(least)),
                                _mm512_set1_epi8(static_cast<char>(most - least)));
}
inline Bytes lower(const Bytes& v) {
  return _mm512_or_si512(v, _mm512_set1_epi8(0x20));
}
inline std::uint64_t high_bits(const Bytes& v) {
  return _mm512_movepi8_mask(v);
}
#include "simd/classify.inl"

// A byte's code is eight bits, from one table; each class is a test of some of them:
//
//   7 a letter    its bits 0 to 3: one of 16, one behind a backslash, 'a', 's'
//   6 a digit
//   5 a blank     its bits 0 to 2: LF, NUL, ESC
//   4 a mark      its bits 0 to 3: which, as in kMarks
//
// Bytes beyond 0x7F have the code 0 and a mask of their own.
constexpr std::array<ByteClass, 13> kMarks = {
    ByteClass::kDot,       ByteClass::kDash,    ByteClass::kColon,  ByteClass::kSlash,
    ByteClass::kBackslash, ByteClass::kPercent, ByteClass::kEquals, ByteClass::kAmpersand,
    ByteClass::kAt,        ByteClass::kOpen,    ByteClass::kDouble, ByteClass::kSingle,
    ByteClass::kHash};

constexpr unsigned char code_of(unsigned char byte) {
  const auto bit = [byte](ByteClass c, unsigned at) {
    return in_class(byte, c) ? 1u << at : 0u;
  };
  unsigned code = bit(ByteClass::kAlpha, 7) | bit(ByteClass::kDigit, 6) |
                  bit(ByteClass::kBlank, 5) | bit(ByteClass::kHexLetter, 0) |
                  bit(ByteClass::kEscaped, 1) | bit(ByteClass::kA, 2) | bit(ByteClass::kS, 3) |
                  bit(ByteClass::kLf, 0) | bit(ByteClass::kNul, 1) | bit(ByteClass::kEscape, 2);
  for (unsigned i = 0; i < kMarks.size(); ++i) {
    if (in_class(byte, kMarks[i])) code = 1u << 4 | i;
  }
  return static_cast<unsigned char>(code);
}

struct alignas(64) Table {
  unsigned char of[128];
};
constexpr Table make_codes() {
  Table table{};
  for (unsigned byte = 0; byte < 128; ++byte)
    table.of[byte] = code_of(static_cast<unsigned char>(byte));
  return table;
}
constexpr Table kCodes = make_codes();

/// Places of bytes in two vectors side by side: byte c of each of the eight words of the first
/// and then of the second, for four bits c of the code from `first` on.
constexpr Table make_turn(unsigned first) {
  Table turn{};
  for (unsigned c = 0; c < 4; ++c) {
    for (unsigned word = 0; word < 16; ++word)
      turn.of[c * 16 + word] = static_cast<unsigned char>(word * 8 + first + c);
  }
  return turn;
}
constexpr std::array<Table, 2> kTurns = {make_turn(0), make_turn(4)};

/// Which of eight inputs of three bits (the first one counts four) make the answer of
/// _mm512_ternarylogic_epi64 a one.
constexpr int only(int input) {
  return 1 << input;
}

/// The bits of the codes of eight blocks, a vector for each: a word a block.
struct CodeBits {
  __m512i of[8];
  __m512i both(unsigned a, unsigned b) const { return _mm512_and_si512(of[a], of[b]); }
};

/// Eight blocks, each eight bytes' order turned. The codes of eight bytes are an 8 x 8 matrix,
/// which the affine instruction turns over its diagonal, so that its bytes are the masks of
/// eight bytes of text; permutations put these side by side, block beside block and bit under
/// bit.
template <bool kAscii>
inline CodeBits code_bits(const __m512i* v) {
  const __m512i diagonal = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201ull));
  const __m512i low = _mm512_load_si512(kCodes.of), up = _mm512_load_si512(kCodes.of + 64);
  __m512i turned[8];
  for (unsigned b = 0; b < 8; ++b) {
    const __m512i codes =
        kAscii ? _mm512_permutex2var_epi8(low, v[b], up)
               : _mm512_maskz_permutex2var_epi8(~_mm512_movepi8_mask(v[b]), low, v[b], up);
    turned[b] = _mm512_gf2p8affine_epi64_epi8(diagonal, codes, 0);
  }
  CodeBits bits;
  for (unsigned half = 0; half < 2; ++half) {
    const __m512i turn = _mm512_load_si512(kTurns[half].of);
    __m512i pair[4];
    for (unsigned p = 0; p < 4; ++p)
      pair[p] = _mm512_permutex2var_epi8(turned[2 * p], turn, turned[2 * p + 1]);
    const __m512i a = _mm512_shuffle_i64x2(pair[0], pair[1], 0x44);
    const __m512i b = _mm512_shuffle_i64x2(pair[0], pair[1], 0xEE);
    const __m512i c = _mm512_shuffle_i64x2(pair[2], pair[3], 0x44);
    const __m512i d = _mm512_shuffle_i64x2(pair[2], pair[3], 0xEE);
    bits.of[half * 4] = _mm512_shuffle_i64x2(a, c, 0x88);
    bits.of[half * 4 + 1] = _mm512_shuffle_i64x2(a, c, 0xDD);
    bits.of[half * 4 + 2] = _mm512_shuffle_i64x2(b, d, 0x88);
    bits.of[half * 4 + 3] = _mm512_shuffle_i64x2(b, d, 0xDD);
  }
  return bits;
}

/// The row of the mark with number `i`, its upper bits being `upper`.
template <unsigned i>
inline __m512i mark_row(const CodeBits& bits, const __m512i* upper) {
  return _mm512_ternarylogic_epi64(upper[i / 4], bits.of[1], bits.of[0], only(4 | i % 4));
}

template <unsigned... i>
inline void put_marks(const CodeBits& bits, std::uint64_t* rows, std::size_t stride,
                      std::integer_sequence<unsigned, i...>) {
  const __m512i upper[4] = {
      _mm512_ternarylogic_epi64(bits.of[4], bits.of[3], bits.of[2], only(4)),
      _mm512_ternarylogic_epi64(bits.of[4], bits.of[3], bits.of[2], only(5)),
      _mm512_ternarylogic_epi64(bits.of[4], bits.of[3], bits.of[2], only(6)),
      _mm512_ternarylogic_epi64(bits.of[4], bits.of[3], bits.of[2], only(7))};
  (_mm512_storeu_si512(rows + static_cast<std::size_t>(kMarks[i]) * stride,
                       mark_row<i>(bits, upper)),
   ...);
}

template <bool kAscii>
inline void classify_eight(const __m512i* v, std::uint64_t* rows, std::size_t stride) {
  const CodeBits bits = code_bits<kAscii>(v);
  const auto put = [&](ByteClass c, __m512i row) {
    _mm512_storeu_si512(rows + static_cast<std::size_t>(c) * stride, row);
  };
  put(ByteClass::kAlpha, bits.of[7]);
  put(ByteClass::kHexLetter, bits.both(7, 0));
  put(ByteClass::kEscaped, bits.both(7, 1));
  put(ByteClass::kA, bits.both(7, 2));
  put(ByteClass::kS, bits.both(7, 3));
  put(ByteClass::kDigit, bits.of[6]);
  put(ByteClass::kBlank, bits.of[5]);
  put(ByteClass::kLf, bits.both(5, 0));
  put(ByteClass::kNul, bits.both(5, 1));
  put(ByteClass::kEscape, bits.both(5, 2));
  put_marks(bits, rows, stride, std::make_integer_sequence<unsigned, kMarks.size()>());
  put(ByteClass::kHigh, _mm512_setzero_si512());
  if constexpr (!kAscii) {
    const __m512i forwards = _mm512_set4_epi32(0x08090A0B, 0x0C0D0E0F, 0x00010203, 0x04050607);
    for (unsigned b = 0; b < 8; ++b) {
      rows[static_cast<std::size_t>(ByteClass::kHigh) * stride + b] =
          _mm512_movepi8_mask(_mm512_shuffle_epi8(v[b], forwards));
    }
  }
}

inline void classify_eight(const char* text, std::uint64_t* rows, std::size_t stride) {
  const __m512i backwards = _mm512_set4_epi32(0x08090A0B, 0x0C0D0E0F, 0x00010203, 0x04050607);
  __m512i v[8];
  __m512i all = _mm512_setzero_si512();
  for (unsigned b = 0; b < 8; ++b) {
    v[b] = _mm512_shuffle_epi8(load(text + b * 64), backwards);
    all = _mm512_or_si512(all, v[b]);
  }
  if (_mm512_movepi8_mask(all) == 0) {
    classify_eight<true>(v, rows, stride);
  } else {
    classify_eight<false>(v, rows, stride);
  }
}

inline void classify_many(const char* text, std::size_t blocks, std::uint64_t* rows,
                          std::size_t stride) {
  for (; blocks >= 8; blocks -= 8, text += 8 * 64, rows += 8)
    classify_eight(text, rows, stride);
  classify_blocks(text, blocks, rows, stride);
}
}  // namespace avx512
}  // namespace
}  // namespace spoor
SPOOR_TARGET_END

#endif  // __x86_64__

namespace spoor {

bool is_of_class(unsigned char byte, ByteClass c) {
  return in_class(byte, c);
}

void classify(const char* text, std::size_t blocks, std::uint64_t* rows, std::size_t stride) {
#if defined(__x86_64__)
  switch (current_isa()) {
    case Isa::kAvx512:
      return avx512::classify_many(text, blocks, rows, stride);
    case Isa::kAvx2:
      return avx2::classify_blocks(text, blocks, rows, stride);
    case Isa::kScalar:
      break;
  }
#endif
  classify_scalar(text, blocks, rows, stride);
}

}  // namespace spoor
