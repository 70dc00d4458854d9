#include "hunt/context_lines.h"

#include <algorithm>

#include "io/encoding.h"

namespace spoor {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kContextLineBytes = 1024;

ContextLine context_line(std::string_view text, std::uint64_t number, TextEncoding encoding) {
  ContextLine line;
  line.line = number;
  line.text = without_line_end(text, encoding).substr(0, kContextLineBytes);
  line.encoding = encoding;
  return line;
}

}  // namespace

std::vector<ContextLine> lines_before(const Chunk& chunk, std::size_t end, std::uint64_t number,
                                      std::size_t count) {
  const std::string_view text = chunk.text;
  const std::size_t unit = unit_bytes(chunk.encoding);
  std::vector<ContextLine> lines;
  while (lines.size() < count && end >= unit) {
    // A last line without a line end is a line too.
    std::size_t begin = last_line_end(text, 0, end - unit, chunk.encoding);
    if (begin == kNone) begin = 0;
    lines.push_back(context_line(text.substr(begin, end - begin), --number, chunk.encoding));
    end = begin;
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

void append_lines(const Chunk& chunk, std::size_t begin, std::uint64_t number,
                  std::size_t count, std::vector<ContextLine>& lines) {
  const std::string_view text = chunk.text;
  for (; count > 0 && begin < text.size(); --count) {
    std::size_t end = next_line_end(text, begin, text.size(), chunk.encoding);
    if (end == kNone) end = text.size();
    lines.push_back(context_line(text.substr(begin, end - begin), number++, chunk.encoding));
    begin = end;
  }
}

}  // namespace spoor
