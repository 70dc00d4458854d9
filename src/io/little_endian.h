// Little-endian numbers out of bytes. Private to `io`.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace spoor {

/// The number of sizeof(T) bytes that begins at `bytes[at]`, which the caller has seen to
/// exist.
template <typename T>
inline T load_le(std::string_view bytes, std::size_t at) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(
        value |
        static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[at + i])) << (8 * i)));
  }
  return value;
}

/// Whether `count` bytes stand at `at`, and all of them before `end`.
constexpr bool fits(std::size_t at, std::size_t count, std::size_t end) {
  return at <= end && count <= end - at;
}

}  // namespace spoor
