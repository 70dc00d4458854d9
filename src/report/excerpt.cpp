#include "report/excerpt.h"

#include <algorithm>

#include "base/utf8.h"
#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::string_view kCut = "...";

/// One code point (or bad byte) of a line as it is printed.
struct Cell {
  std::size_t begin = 0, end = 0;  // bytes of the line
  std::string text;
  std::size_t width = 0;
};

std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells;
  cells.reserve(line.size());
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t length = decode_utf8(line, at).length;
    Cell cell;
    cell.begin = at;
    cell.end = at + length;
    cell.text = terminal_safe(line.substr(at, length));
    // Escapes are ASCII, everything else is one code point.
    const bool single = cell.text.size() == length;
    cell.width = single ? 1 : cell.text.size();
    at += length;
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace

const Palette& palette(bool colour) {
  static constexpr Palette kNone{};
  // As grep colours: file magenta, separators cyan, line number green, match bold red.
  static constexpr Palette kColours{
      "\x1b[35m",
      "\x1b[36m",
      "\x1b[32m",
      "\x1b[1;31m",
      "\x1b[1m",
      "\x1b[1;32m",
      "\x1b[2m",
      // none, weak, mention, derived, contains, equivalent, exact
      {"", "\x1b[2m", "\x1b[34m", "\x1b[36m", "\x1b[33m", "\x1b[31m", "\x1b[1;31m"},
      "\x1b[0m"};
  return colour ? kColours : kNone;
}

Excerpt excerpt(std::string_view line, const std::vector<Range>& matches, std::size_t columns,
                const Palette& colours) {
  const std::vector<Cell> cells = cells_of(line);
  std::size_t total = 0;
  for (const Cell& cell : cells) total += cell.width;
  std::size_t first = 0, last = cells.size();
  if (total > columns) {
    // The first match, then a third of what is left before it and two thirds behind: what
    // follows a name (path, answer, user agent) tells more than what precedes it.
    const Range focus = matches.empty() ? Range{} : matches[0];
    first = 0;
    while (first < cells.size() && cells[first].end <= focus.begin) ++first;
    last = first;
    std::size_t used = 0;
    while (last < cells.size() && cells[last].begin < focus.end &&
           used + cells[last].width <= columns) {
      used += cells[last++].width;
    }
    const auto grow_left = [&](std::size_t limit) {
      while (first > 0 && used + cells[first - 1].width <= limit) used += cells[--first].width;
    };
    grow_left(used + (columns - used) / 3);
    while (last < cells.size() && used + cells[last].width <= columns)
      used += cells[last++].width;
    grow_left(columns);
  }

  Excerpt result;
  result.shown = {first < cells.size() ? cells[first].begin : line.size(),
                  last > first ? cells[last - 1].end : line.size()};
  if (first > 0) result.text += kCut;
  bool inside = false;
  std::size_t next = 0;
  for (std::size_t i = first; i < last; ++i) {
    const Cell& cell = cells[i];
    while (next < matches.size() && matches[next].end <= cell.begin) ++next;
    // Matches may overlap: an earlier, longer one can reach past the next.
    bool matched = false;
    for (std::size_t m = next; m < matches.size() && matches[m].begin <= cell.begin; ++m) {
      matched = matched || cell.begin < matches[m].end;
    }
    if (matched != inside) result.text += matched ? colours.match : colours.reset;
    inside = matched;
    result.text += cell.text;
  }
  if (inside) result.text += colours.reset;
  if (last < cells.size()) result.text += kCut;
  return result;
}

std::string short_text(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t width = 0;
  for (const Cell& cell : cells_of(text.substr(0, columns * 4 + 4))) {
    width += cell.width;
    if (width > columns) return out + std::string(kCut);
    out += cell.text;
  }
  return out;
}

ReadableEvent readable_event(const Sighting& sighting) {
  const std::string_view text = sighting.event_text;
  const std::size_t begin = std::min(sighting.match_begin, text.size());
  const std::size_t end = std::clamp(sighting.match_end, begin, text.size());
  ReadableEvent event;
  event.text = to_utf8(text.substr(0, begin), sighting.encoding);
  event.match.begin = event.text.size();
  event.text += to_utf8(text.substr(begin, end - begin), sighting.encoding);
  event.match.end = event.text.size();
  event.text += to_utf8(text.substr(end), sighting.encoding);
  // A byte order mark says nothing to people.
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (sighting.event_offset == 0 && event.match.begin >= kMark.size() &&
      event.text.compare(0, kMark.size(), kMark) == 0) {
    event.text.erase(0, kMark.size());
    event.match.begin -= kMark.size();
    event.match.end -= kMark.size();
  }
  return event;
}

}  // namespace spoor
