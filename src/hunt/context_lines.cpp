#include "hunt/context_lines.h"

#include <algorithm>

#include "io/encoding.h"
#include "io/events.h"

namespace spoor {
namespace {

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
  const bool records = !chunk.records.empty();
  std::vector<ContextLine> lines;
  while (lines.size() < count && end >= unit) {
    // A last line without a line end is a line too.
    const std::size_t begin = event_begin(chunk, 0, end - unit);
    number = records ? record_holding(chunk, begin)->number : number - 1;
    lines.push_back(context_line(text.substr(begin, end - begin), number, chunk.encoding));
    end = begin;
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

void append_lines(const Chunk& chunk, std::size_t begin, std::uint64_t number,
                  std::size_t count, std::vector<ContextLine>& lines) {
  const std::string_view text = chunk.text;
  for (; count > 0 && begin < text.size(); --count) {
    const std::size_t end = event_from(chunk, begin).next;
    if (const ChunkRecord* record = record_holding(chunk, begin)) number = record->number;
    lines.push_back(context_line(text.substr(begin, end - begin), number++, chunk.encoding));
    begin = end;
  }
}

}  // namespace spoor
