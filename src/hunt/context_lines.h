// The lines round an event, cut out of a chunk. Private to `hunt`. Tested by
// hunt_threads_test.cpp.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/source.h"
#include "logs/finding.h"

namespace spoor {

/// Up to `count` lines that end at `end`, which begins line `number`; oldest first.
std::vector<ContextLine> lines_before(const Chunk& chunk, std::size_t end, std::uint64_t number,
                                      std::size_t count);

/// Appends up to `count` lines from `begin` on, the first of which is line `number`.
void append_lines(const Chunk& chunk, std::size_t begin, std::uint64_t number,
                  std::size_t count, std::vector<ContextLine>& lines);

}  // namespace spoor
