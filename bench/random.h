// A small seeded source of numbers for the generators: xoshiro256** (Blackman and Vigna 2018,
// https://prng.di.unimi.it/), seeded by splitmix64. No distribution of the standard library is
// used, since those differ between implementations: the same seed gives the same bytes
// everywhere.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace spoor::bench {

/// A bijection of 64 bits that leaves no visible order (splitmix64's output function).
constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (auto& word : state_) word = seed = mix64(seed);
  }

  std::uint64_t next() {
    const std::uint64_t out = rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotl(state_[3], 45);
    return out;
  }

  /// 0 .. bound - 1, nearly even (Lemire's multiply-shift of 32 bits). `bound` is not 0.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
  }
  std::uint32_t between(std::uint32_t least, std::uint32_t most) {
    return least + below(most - least + 1);
  }
  bool percent(std::uint32_t chance) { return below(100) < chance; }

  /// 0 .. (1 << bits) - 1, about as often as one over its rank: half of all draws fall into the
  /// first 2^(bits/2). In integers only, so that it is the same everywhere.
  std::uint32_t zipf(std::uint32_t bits) {
    const std::uint32_t level = below(bits + 1);
    return below(1U << level);
  }

  template <std::size_t N>
  std::string_view pick(const std::array<std::string_view, N>& list) {
    return list[below(static_cast<std::uint32_t>(N))];
  }

  void append(std::string& out, std::string_view alphabet, std::size_t count) {
    for (; count > 0; --count)
      out += alphabet[below(static_cast<std::uint32_t>(alphabet.size()))];
  }
  void append_hex(std::string& out, std::size_t digits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (std::uint64_t bits = 0, left = 0; digits > 0; --digits, --left, bits >>= 4) {
      if (left == 0) {
        bits = next();
        left = 16;
      }
      out += kDigits[bits & 15];
    }
  }

 private:
  static constexpr std::uint64_t rotl(std::uint64_t x, int by) {
    return (x << by) | (x >> (64 - by));
  }
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace spoor::bench
