// The parts of bench_hunt: compiling, checking, timing, and the memory of a process that only
// scans.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "generate.h"
#include "match/snapshot.h"
#include "measure.h"

namespace spoor::bench {

/// `text` in pieces of at most 1 MiB that end with a line; a longer line is one piece.
std::vector<std::string_view> cut_at_lines(std::string_view text);

struct Compiled {
  std::unique_ptr<const Snapshot> snapshot;
  std::size_t bytes = 0;
  double seconds = 0;             ///< adding and finishing, without generating
  std::vector<Observable> kept;   ///< the whole set where it was asked for
  std::uint64_t peak_memory = 0;  ///< of this process so far
};
/// The first `count` indicators of the sequence. The compiled bytes are also written to `path`.
/// Ends the program where that fails.
Compiled compile(std::size_t count, bool keep, const std::string& path);

struct Answers {
  std::size_t hits = 0, lines = 0, plants_found = 0;
};
/// One pass over the log; which of the plants are found, whatever their grade.
Answers find_answers(const Matcher& matcher, const Log& log);

/// How many hits of `matcher` on the first `bytes` (to a line end) differ from the reference's.
/// `compared` is the size of what was read.
std::size_t differences_from_exact(const Matcher& matcher,
                                   const std::vector<Observable>& indicators,
                                   std::string_view text, std::size_t bytes,
                                   std::size_t* compared);

Timing time_scan(const Matcher& matcher, const std::vector<std::string_view>& chunks, int runs,
                 unsigned threads);

/// What one process costs that maps the snapshot and reads the log by read(2), as a hunt does:
/// prints a JSON object. Returns an exit status.
int memory_child(const std::string& snapshot_path, const std::string& log_path);

}  // namespace spoor::bench
