// 64 bytes of text to one 64-bit mask for each class of bytes that the matcher's tokens are
// made of; bit i stands for byte i. The masks of one class lie in a row, block after block, so
// that what is derived from them works on several blocks at once. A byte gets a code of eight
// bits from one table, and a class is a test of some of them: the kernels differ in how they
// look up and how they put the bits of many codes side by side. Cost: about 0.02 ns a byte
// (AVX-512), 0.15 (AVX2), 1 (scalar). Tested by classify_test.cpp.

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
  kUnderscore,
};
inline constexpr std::size_t kByteClasses = 25;

/// Classifies `blocks` times 64 bytes from `text` on and reads nothing else. The mask of class
/// c and block b goes to rows[c * stride + b].
void classify(const char* text, std::size_t blocks, std::uint64_t* rows, std::size_t stride);

/// The definition.
bool is_of_class(unsigned char byte, ByteClass c);

}  // namespace spoor
