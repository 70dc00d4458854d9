// Whether a text is UTF-16, and UTF-16 as UTF-8 for people. Detection errs to kBytes: the
// matcher finds embedded UTF-16 runs in bytes by itself, so a miss costs line numbers and no
// hit. Tested by encoding_test.cpp.

#pragma once

#include <string>
#include <string_view>

#include "ioc/sighting.h"

namespace spoor {

/// The encoding of a text that begins with `head` (up to 64 KiB are looked at): UTF-16 with a
/// byte order mark, or evident UTF-16 without one: most high bytes zero, hardly a low byte
/// zero, and what stands beside the zeros is printable. Four units are the least that counts as
/// evident.
TextEncoding detect_encoding(std::string_view head);

/// Bytes of one code unit: 2 in UTF-16, else 1.
constexpr std::size_t unit_bytes(TextEncoding encoding) {
  return encoding == TextEncoding::kBytes ? 1 : 2;
}

/// The code unit that begins at `text[at]`; at + unit_bytes <= text.size().
constexpr char32_t unit_at(std::string_view text, std::size_t at, TextEncoding encoding) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (encoding == TextEncoding::kBytes) return first;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  return encoding == TextEncoding::kUtf16le ? static_cast<char32_t>(first | second << 8)
                                            : static_cast<char32_t>(first << 8 | second);
}

/// First byte after the first line end (LF, in UTF-16 a whole U+000A) that begins at or after
/// `from` and ends at or before `to`; npos where there is none. In UTF-16 `from` is even.
std::size_t next_line_end(std::string_view text, std::size_t from, std::size_t to,
                          TextEncoding encoding);

/// First byte after the last line end that begins at or after `from` and ends at or before
/// `to`.
std::size_t last_line_end(std::string_view text, std::size_t from, std::size_t to,
                          TextEncoding encoding);

/// Line ends in `text`.
std::size_t count_line_ends(std::string_view text, TextEncoding encoding);

/// `line` without its line end (LF or CRLF).
std::string_view without_line_end(std::string_view line, TextEncoding encoding);

/// UTF-16 `bytes` as UTF-8; lone surrogates and an odd last byte become U+FFFD. With kBytes: a
/// copy.
std::string to_utf8(std::string_view bytes, TextEncoding encoding);

}  // namespace spoor
