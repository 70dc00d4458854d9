// XXH3-128 (xxHash 0.8, BSD-2): identity of events and contents. Not a cryptographic digest.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
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

/// xxh3_128() of bytes that come piece by piece. One thread at a time. A copy (some 600 bytes)
/// goes on from the same place on its own.
class Hasher128 {
 public:
  Hasher128();
  ~Hasher128();
  Hasher128(const Hasher128& other);
  Hasher128& operator=(const Hasher128& other);
  void update(std::string_view bytes);
  /// Of all bytes so far; more may follow.
  Digest128 digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spoor
