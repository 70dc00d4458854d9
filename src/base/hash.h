// XXH3-128 (xxHash 0.8, BSD-2): identity of events and contents. Not a cryptographic digest.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spoor {

struct Digest128 {
  std::array<unsigned char, 16> bytes{};  ///< canonical (big-endian) order
  friend bool operator==(const Digest128&, const Digest128&) = default;
  friend auto operator<=>(const Digest128&, const Digest128&) = default;
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

/// O(bytes.size()), many GB/s; any thread.
Digest128 xxh3_128(std::string_view bytes);
std::uint64_t xxh3_64(std::string_view bytes);

}  // namespace spoor
