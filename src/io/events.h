// The events of a chunk: its lines, or its records where it has a table of them. Whoever walks
// over a chunk asks here, so that a line end within a record parts nothing. Tested by
// events_test.cpp.

#pragma once

#include <cstddef>
#include <cstdint>

#include "io/source.h"

namespace spoor {

struct EventSpan {
  std::size_t begin = 0;
  std::size_t end = 0;   ///< without its line end
  std::size_t next = 0;  ///< begin of the next event, or the text's end
};

/// The event that begins at `begin`. Lines: O(its length); records: O(log of their number).
EventSpan event_from(const Chunk& chunk, std::size_t begin);

/// Where the event that holds `offset` begins; `from` <= `offset` is the begin of an event.
std::size_t event_begin(const Chunk& chunk, std::size_t from, std::size_t offset);

/// The record that holds `offset`; null where the chunk holds lines.
const ChunkRecord* record_holding(const Chunk& chunk, std::size_t offset);

}  // namespace spoor
