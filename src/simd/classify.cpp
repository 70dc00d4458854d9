#include "simd/classify.h"

#include <array>

#include "simd/isa.h"
#include "simd/target.h"

#if defined(__x86_64__)
#include <immintrin.h>
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
    case ByteClass::kClose:
      return byte == ')';
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
      return avx512::classify_blocks(text, blocks, rows, stride);
    case Isa::kAvx2:
      return avx2::classify_blocks(text, blocks, rows, stride);
    case Isa::kScalar:
      break;
  }
#endif
  classify_scalar(text, blocks, rows, stride);
}

}  // namespace spoor
