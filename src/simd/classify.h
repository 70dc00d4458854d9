// 64 bytes of text to one 64-bit mask for each class of bytes that the matcher's tokens are
// made of; bit i stands for byte i. The masks of one class lie in a row, block after block, so
// that what is derived from them works on several blocks at once. The scalar kernel, a table,
// is the definition; AVX2 compares 32 bytes at once; AVX-512 looks 64 bytes up in tables of
// eight classes each and turns bits and bytes round, eight blocks together. Cost: about 0.1 ns
// a byte (AVX-512), 0.2 (AVX2), 1 to 2 (scalar); bench_stages. Tested by classify_test.cpp.

#pragma once

#include <cstddef>
#include <cstdint>

namespace spoor {

enum class ByteClass : unsigned char {
  kDigit,      ///< 0-9
  kAlpha,      ///< A-Z a-z
  kHexLetter,  ///< A-F a-f
  kDot,        ///< .
  kDash,       ///< - _
  kColon,
  kSlash,
  kLf,
  kNul,
  kBackslash,
  kPercent,
  kEquals,
  kAmpersand,
  kAt,
  kOpen,     ///< ( [ {
  kEscaped,  ///< b f n r t u x: what stands behind the backslash of an escape
  kHigh,     ///< 0x80 and above
  kDouble,   ///< "
  kSingle,   ///< '
  kBlank,    ///< 0x00 to 0x20
  kA,        ///< A a
  kS,        ///< S s
  kEscape,   ///< 0x1B
  kHash,     ///< #
};
inline constexpr std::size_t kByteClasses = 24;

/// Classifies `blocks` times 64 bytes from `text` on and reads nothing else. The mask of class
/// c and block b goes to rows[c * stride + b].
void classify(const char* text, std::size_t blocks, std::uint64_t* rows, std::size_t stride);

/// The definition.
bool is_of_class(unsigned char byte, ByteClass c);

}  // namespace spoor
