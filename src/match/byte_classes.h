// Which bytes the rules call what (docs/semantics.md), for the reference and for the sieve,
// whose candidates must begin and end where the rules' tokens do.

#pragma once

#include <array>
#include <cstddef>

#include "base/ascii.h"

namespace spoor {

/// A set of bytes as a table, for what is asked of every byte of a line.
using ByteSet = std::array<bool, 256>;
template <typename Is>
constexpr ByteSet bytes_that(Is is) {
  ByteSet set{};
  for (std::size_t i = 0; i < set.size(); ++i) set[i] = is(static_cast<char>(i));
  return set;
}
constexpr bool holds(const ByteSet& set, char c) {
  return set[static_cast<unsigned char>(c)];
}

/// What binds to a number or an address beside it (I1, O2, O3).
constexpr bool is_word(char c) {
  return is_alnum(c) || c == '_';
}
/// D1: what a label is made of.
constexpr bool is_label_byte(char c) {
  return is_word(c) || c == '-';
}
/// D2: what a name is made of, beside letters of other scripts.
constexpr bool is_name_byte(char c) {
  return is_label_byte(c) || c == '.';
}
/// E1: what a local part is made of.
constexpr bool is_local_byte(char c) {
  return is_name_byte(c) || c == '%' || c == '+';
}
/// D2: UTS 46 reads these as dots.
constexpr bool is_wide_dot(char32_t c) {
  return c == 0x3002 || c == 0xFF0E || c == 0xFF61;
}
/// Bytes that no URL holds unescaped and that end one in a log (RFC 3986, appendix C; '|' parts
/// columns).
constexpr bool ends_url(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F || c == '"' || c == '<' || c == '>' || c == '\\' ||
         c == '^' || c == '`' || c == '|';
}

}  // namespace spoor
