// A piece of a log line for people: escaped, so that no byte of it reaches the terminal as a
// control; cut to a width round the matches; matches highlighted. Log lines are written by
// attackers: everything goes through terminal_safe() one code point at a time. Tested by
// excerpt_test.cpp.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/sighting.h"

namespace spoor {

/// Escape sequences of a terminal; all empty where colour is off.
struct Palette {
  std::string_view file, separator, line, match, strong, good, dim, grade[7], reset;
};
const Palette& palette(bool colour);

/// Bytes [begin, end) of a text.
struct Range {
  std::size_t begin = 0, end = 0;
};

struct Excerpt {
  std::string text;  ///< printable, "..." where it was cut
  Range shown;       ///< which bytes of the line
};

/// `line` (UTF-8 or any bytes) in about `columns` columns: whole where it fits, else round
/// `matches[0]`, with all of `matches` (in order of begin) that lie in what is shown
/// highlighted. A match that is wider than the columns is cut. Columns are counted in code
/// points of the escaped text.
Excerpt excerpt(std::string_view line, const std::vector<Range>& matches, std::size_t columns,
                const Palette& colours);

/// `text` escaped and, where it is wider than `columns`, cut with "...".
std::string short_text(std::string_view text, std::size_t columns);

/// The event text of a sighting as UTF-8, and where the match stands in it.
struct ReadableEvent {
  std::string text;
  Range match;
};
ReadableEvent readable_event(const Sighting& sighting);

}  // namespace spoor
