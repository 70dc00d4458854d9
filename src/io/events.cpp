#include "io/events.h"

#include <algorithm>
#include <iterator>

#include "io/encoding.h"

namespace spoor {
namespace {

auto first_behind(const Chunk& chunk, std::size_t offset) {
  return std::upper_bound(
      chunk.records.begin(), chunk.records.end(), offset,
      [](std::size_t wanted, const ChunkRecord& record) { return wanted < record.begin; });
}

}  // namespace

const ChunkRecord* record_holding(const Chunk& chunk, std::size_t offset) {
  const auto behind = first_behind(chunk, offset);
  return behind == chunk.records.begin() ? nullptr : &*std::prev(behind);
}

EventSpan event_from(const Chunk& chunk, std::size_t begin) {
  const std::string_view text = chunk.text;
  EventSpan span;
  span.begin = begin;
  if (!chunk.records.empty()) {
    const auto behind = first_behind(chunk, begin);
    span.next = behind == chunk.records.end() ? text.size() : behind->begin;
    span.end = span.next > begin ? span.next - 1 : begin;
    return span;
  }
  const std::size_t end = next_line_end(text, begin, text.size(), chunk.encoding);
  span.next = end == std::string_view::npos ? text.size() : end;
  span.end =
      begin + without_line_end(text.substr(begin, span.next - begin), chunk.encoding).size();
  return span;
}

std::size_t event_begin(const Chunk& chunk, std::size_t from, std::size_t offset) {
  if (const ChunkRecord* record = record_holding(chunk, offset)) return record->begin;
  const std::size_t begin = last_line_end(chunk.text, from, offset, chunk.encoding);
  return begin == std::string_view::npos ? from : begin;
}

}  // namespace spoor
