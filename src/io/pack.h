// Compressing: what the hunt's own test input needs, and nothing more. Tested by
// raw_account_test.cpp, through the decoder.

#pragma once

#include <string>
#include <string_view>

namespace spoor {

/// `text` as one gzip member (RFC 1952). For small texts: all in memory.
std::string gzip_member(std::string_view text);

/// ASCII `text` as UTF-16, little end first, behind a byte order mark.
std::string utf16_text(std::string_view text);

}  // namespace spoor
