// Words of a text for people: where they end, what of them is punctuation, and what the words
// round a value say of it. Used by drawn_values.cpp alone. Tested by drawn_values_test.cpp.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spoor {

/// Whether a blank, a quote, an angle bracket or the edge of a cell begins at `line[at]`;
/// `width` is the bytes of the character there, as far as it had to be read.
bool ends_word(std::string_view line, std::size_t at, std::size_t& width);

/// Without the punctuation of the sentence round it; brackets go where they have no partner
/// inside, or hold all of it. O(n^2) in the worst case: for words of a few KiB.
std::string_view strip_punctuation(std::string_view word);

/// Whether `label` (what stands before a value, without the colon) says that an indicator
/// follows.
bool is_label(std::string_view label);

/// What a label makes of a digest.
enum class DigestKind : std::uint8_t { kFile, kImphash, kJa3, kCertificate, kForeign };
/// By the word right before it.
DigestKind digest_kind(std::string_view before);

/// Whether `before` ends in a word such as "version".
bool names_version(std::string_view before);

/// "3.6.3.1": four small numbers are as often a version.
bool all_small(std::string_view address);

/// Names that could as well be of a file ("setup.sh") or of a package ("com.vendor.app").
bool file_like(std::string_view name);

}  // namespace spoor
