#include "simd/classify.h"

#include <array>

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
    case ByteClass::kUnderscore:
      return byte == '_';
  }
  return false;
}

// A byte's code is eight bits, from one table; each class is a test of some of them:
//
//   7 a letter    its bits 0 to 3: one of 16, one behind a backslash, 'a', 's'
//   6 a digit
//   5 a blank     its bits 0 to 2: LF, NUL, ESC
//   4 a mark      its bits 0 to 3: which, as in kMarks
//
// Bytes beyond 0x7F have the code 0 and a mask of their own.
constexpr std::array<ByteClass, 14> kMarks = {
    ByteClass::kDash,    ByteClass::kUnderscore,  // which is a dash, too
    ByteClass::kDot,     ByteClass::kColon,      ByteClass::kSlash,     ByteClass::kBackslash,
    ByteClass::kPercent, ByteClass::kEquals,     ByteClass::kAmpersand, ByteClass::kAt,
    ByteClass::kOpen,    ByteClass::kDouble,     ByteClass::kSingle,    ByteClass::kHash};

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

struct alignas(64) CodeTable {
  unsigned char of[256];
};
constexpr CodeTable make_codes() {
  CodeTable table{};
  for (unsigned byte = 0; byte < 256; ++byte)
    table.of[byte] = code_of(static_cast<unsigned char>(byte));
  return table;
}
constexpr CodeTable kCodes = make_codes();

namespace scalar {
#include "simd/classify.inl"

/// Byte k of the answer holds bit k of each of the eight bytes (Warren, Hacker's Delight, 7-3).
std::uint64_t turned(std::uint64_t x) {
  const auto swap = [&x](unsigned shift, std::uint64_t mask) {
    const std::uint64_t differ = (x ^ x >> shift) & mask;
    x ^= differ ^ differ << shift;
  };
  swap(7, 0x00AA00AA00AA00AAull);
  swap(14, 0x0000CCCC0000CCCCull);
  swap(28, 0x00000000F0F0F0F0ull);
  return x;
}

void classify_blocks(const char* text, std::size_t blocks, std::uint64_t* rows,
                     std::size_t stride) {
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    std::uint64_t bits[8] = {}, high = 0;
    for (unsigned i = 0; i < 64; i += 8) {
      std::uint64_t codes = 0, highs = 0;
      for (unsigned k = 0; k < 8; ++k) {
        const auto byte = static_cast<unsigned char>(text[i + k]);
        codes |= std::uint64_t{kCodes.of[byte]} << (k * 8);
        highs |= static_cast<std::uint64_t>(byte >> 7) << k;
      }
      codes = turned(codes);
      for (unsigned k = 0; k < 8; ++k) bits[k] |= (codes >> (k * 8) & 0xFF) << i;
      high |= highs << i;
    }
    put_classes(bits, high, [&](ByteClass c, std::uint64_t row) {
      rows[static_cast<std::size_t>(c) * stride + b] = row;
    });
  }
}
}  // namespace scalar
}  // namespace
}  // namespace spoor

#if defined(__x86_64__)

SPOOR_TARGET_BEGIN_AVX2
namespace spoor {
namespace {
namespace avx2 {
#include "simd/classify.inl"

/// The codes of 32 bytes: of the eight sixteenths of the table each byte asks its own, for in
/// the others' index bit 7 is set, and the shuffle gives nothing.
inline __m256i codes_of(__m256i text) {
  __m256i codes = _mm256_setzero_si256();
  for (int part = 0; part < 8; ++part) {
    const __m256i table = _mm256_broadcastsi128_si256(
        _mm_load_si128(reinterpret_cast<const __m128i*>(kCodes.of + part * 16)));
    const __m256i own = _mm256_xor_si256(text, _mm256_set1_epi8(static_cast<char>(part * 16)));
    codes = _mm256_or_si256(
        codes, _mm256_shuffle_epi8(table, _mm256_adds_epu8(own, _mm256_set1_epi8(0x70))));
  }
  return codes;
}

inline std::uint64_t top_bits(__m256i low, __m256i high) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high)))
             << 32;
}

inline void classify_blocks(const char* text, std::size_t blocks, std::uint64_t* rows,
                            std::size_t stride) {
  for (std::size_t b = 0; b < blocks; ++b, text += 64) {
    const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    __m256i low = codes_of(first), high = codes_of(second);
    std::uint64_t bits[8];
    for (int k = 7; k >= 0; --k) {
      bits[k] = top_bits(low, high);
      low = _mm256_add_epi8(low, low);
      high = _mm256_add_epi8(high, high);
    }
    put_classes(bits, top_bits(first, second), [&](ByteClass c, std::uint64_t row) {
      rows[static_cast<std::size_t>(c) * stride + b] = row;
    });
  }
}
}  // namespace avx2
}  // namespace
}  // namespace spoor
SPOOR_TARGET_END

SPOOR_TARGET_BEGIN_AVX512
namespace spoor {
namespace {
namespace avx512 {
#include "simd/classify.inl"

/// The same word of eight blocks.
using Lanes = std::uint64_t __attribute__((vector_size(64)));

/// Places of bytes in two vectors side by side: byte c of each of the eight words of the first
/// and then of the second, for four bits c of the code from `first` on.
struct alignas(64) Turn {
  unsigned char of[64];
};
constexpr Turn make_turn(unsigned first) {
  Turn turn{};
  for (unsigned c = 0; c < 4; ++c) {
    for (unsigned word = 0; word < 16; ++word)
      turn.of[c * 16 + word] = static_cast<unsigned char>(word * 8 + first + c);
  }
  return turn;
}
constexpr std::array<Turn, 2> kTurns = {make_turn(0), make_turn(4)};

inline __m512i backwards(__m512i text) {
  return _mm512_shuffle_epi8(text,
                             _mm512_set4_epi32(0x08090A0B, 0x0C0D0E0F, 0x00010203, 0x04050607));
}

/// Eight blocks, each eight bytes backwards. The codes of eight bytes are an 8 x 8 matrix,
/// which the affine instruction turns over its diagonal, so that its bytes are the masks of
/// eight bytes of text; permutations put these side by side, block beside block and bit under
/// bit.
template <bool kAscii>
inline void classify_eight(const __m512i* v, std::uint64_t* rows, std::size_t stride) {
  const __m512i diagonal = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201ull));
  const __m512i low = _mm512_load_si512(kCodes.of), up = _mm512_load_si512(kCodes.of + 64);
  __m512i turned[8];
  for (unsigned b = 0; b < 8; ++b) {
    const __m512i codes =
        kAscii ? _mm512_permutex2var_epi8(low, v[b], up)
               : _mm512_maskz_permutex2var_epi8(~_mm512_movepi8_mask(v[b]), low, v[b], up);
    turned[b] = _mm512_gf2p8affine_epi64_epi8(diagonal, codes, 0);
  }
  Lanes bits[8], high = {};
  for (unsigned half = 0; half < 2; ++half) {
    const __m512i turn = _mm512_load_si512(kTurns[half].of);
    __m512i pair[4];
    for (unsigned p = 0; p < 4; ++p)
      pair[p] = _mm512_permutex2var_epi8(turned[2 * p], turn, turned[2 * p + 1]);
    const __m512i a = _mm512_shuffle_i64x2(pair[0], pair[1], 0x44);
    const __m512i b = _mm512_shuffle_i64x2(pair[0], pair[1], 0xEE);
    const __m512i c = _mm512_shuffle_i64x2(pair[2], pair[3], 0x44);
    const __m512i d = _mm512_shuffle_i64x2(pair[2], pair[3], 0xEE);
    bits[half * 4] = reinterpret_cast<Lanes>(_mm512_shuffle_i64x2(a, c, 0x88));
    bits[half * 4 + 1] = reinterpret_cast<Lanes>(_mm512_shuffle_i64x2(a, c, 0xDD));
    bits[half * 4 + 2] = reinterpret_cast<Lanes>(_mm512_shuffle_i64x2(b, d, 0x88));
    bits[half * 4 + 3] = reinterpret_cast<Lanes>(_mm512_shuffle_i64x2(b, d, 0xDD));
  }
  if constexpr (!kAscii) {
    for (unsigned b = 0; b < 8; ++b) high[b] = _mm512_movepi8_mask(backwards(v[b]));
  }
  put_classes(bits, high, [&](ByteClass c, const Lanes& row) {
    _mm512_storeu_si512(rows + static_cast<std::size_t>(c) * stride,
                        reinterpret_cast<__m512i>(row));
  });
}

inline void classify_eight(const char* text, std::uint64_t* rows, std::size_t stride) {
  __m512i v[8];
  __m512i all = _mm512_setzero_si512();
  for (unsigned b = 0; b < 8; ++b) {
    v[b] = backwards(_mm512_loadu_si512(text + b * 64));
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
  avx2::classify_blocks(text, blocks, rows, stride);
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
  scalar::classify_blocks(text, blocks, rows, stride);
}

}  // namespace spoor
