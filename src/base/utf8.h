// UTF-8 one code point at a time, and the two ways a foreign text is made safe to print.
// Log lines and feeds are written by others: nothing of theirs reaches a terminal but through
// terminal_safe(). Tested by base_test.cpp.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spoor {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< bytes taken; 1 where the bytes are not UTF-8
  bool valid = false;
};

/// The code point that begins at `text[at]`; at < text.size(). Overlong forms, surrogates and
/// values past U+10FFFF are not valid (RFC 3629).
CodePoint decode_utf8(std::string_view text, std::size_t at);

/// Appends `value` as UTF-8; a surrogate or a value past U+10FFFF becomes U+FFFD.
void append_utf8(std::string& out, char32_t value);

bool is_valid_utf8(std::string_view text);

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

/// `text` for a terminal: control characters (C0 but for the tab, DEL, C1), bidirectional
/// controls, zero-width and other invisible format characters, line separators and bytes that
/// are not UTF-8 appear as \n, \x1b, \u{202e} and the like; a backslash stays as it is. Never
/// longer than 10 bytes for each byte of `text`.
std::string terminal_safe(std::string_view text);

}  // namespace spoor
