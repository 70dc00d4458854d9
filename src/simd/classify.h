// 64 bytes of text to one 64-bit mask for each class of bytes that the matcher's tokens are
// made of; bit i stands for byte i. The scalar kernel, a table, is the definition; AVX2 and
// AVX-512 compare 32 and 64 bytes at once. Cost: about 0.1 ns a byte (AVX-512), 0.2 (AVX2),
// 1 to 2 (scalar); bench_stages. Tested by classify_test.cpp.

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
  kOpen,   ///< ( [ {
  kHigh,   ///< 0x80 and above
  kQuote,  ///< " '
  kBlank,  ///< 0x00 to 0x20
  kA,      ///< A a
  kS,      ///< S s
};
inline constexpr std::size_t kByteClasses = 20;

struct BlockMasks {
  std::uint64_t of[kByteClasses];
  std::uint64_t operator[](ByteClass c) const { return of[static_cast<std::size_t>(c)]; }
};

/// Classifies `blocks` times 64 bytes from `text` on. Reads nothing else.
void classify(const char* text, std::size_t blocks, BlockMasks* masks);

/// The definition.
bool is_of_class(unsigned char byte, ByteClass c);

}  // namespace spoor
