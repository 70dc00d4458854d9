// Text of others inside Markdown, so that nothing of theirs becomes structure, link, image or
// HTML. CommonMark 0.31: a backslash takes the meaning of any ASCII punctuation (2.4); a code
// span ends at a run of backticks of its own length and no other (6.1); a fenced block ends at
// a fence at least as long as the one that opened it (4.5). Controls, bidirectional marks and
// bytes that are not UTF-8 are shown as escapes (terminal_safe). Each call is linear and cannot
// fail. Tested by markdown_test.cpp; fuzz/fuzz_markdown.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spoor {

/// As running text in one line.
std::string markdown_text(std::string_view text);

/// As a code span in one line; "" for an empty text.
std::string markdown_code(std::string_view text);

/// Each of `lines` as a line of one fenced block, which ends with a line end.
std::string markdown_block(const std::vector<std::string>& lines);

/// A link in angle brackets if `url` is https and holds nothing that could end it, else a code
/// span.
std::string markdown_link(std::string_view url);

}  // namespace spoor
