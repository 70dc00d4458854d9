// From the hits of one chunk to what is worth telling: for each event and indicator the
// strongest grade, there the first occurrence, there the longest; the rest as a count. Runs in
// the workers; results are small plain values that refer to the chunk. Private to `hunt`.
// Tested by scan_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "hunt/join.h"
#include "io/source.h"
#include "logs/finding.h"
#include "logs/format_track.h"
#include "match/matcher.h"

namespace spoor {

/// An event that was hit. Places are in the chunk's text.
struct ScannedEvent {
  std::size_t begin = 0, end = 0;  ///< what the chunk shows of it, without its line end
  std::uint64_t event_offset = 0;  ///< of its first byte in the stream
  std::uint64_t line = 0;          ///< or the record's number
  Digest128 digest;
  std::uint64_t record_length = 0;  ///< of a record: its bytes in the file; else 0
  bool open = false;                ///< the next chunk shows more of it, or shows it again
};

struct Candidate {
  Hit hit;
  std::uint32_t event = 0;  ///< index into ScanResult::events
  std::uint64_t occurrences = 1;
};

struct ScanResult {
  std::vector<ScannedEvent> events;   ///< by offset
  std::vector<Candidate> candidates;  ///< by event, then offset, longest first, strongest first
  /// Left out because below the least grade: a count by grade. Never of open events or of the
  /// one that the chunk continues, whose strongest grade no single chunk knows.
  std::array<std::uint64_t, kGradeCount> below{};
};

using HitFilter = std::function<bool(const Hit&)>;

/// The identity of the event that `bytes` begin with: of its first 4 KiB, without its line end.
Digest128 event_digest(std::string_view bytes, TextEncoding encoding);

/// Scans `chunk`, whose lines are to be read as `formats` says: the raw text first, then what
/// its columns say together (join.h). `buffers` keep their memory between calls. Hits that
/// `keep` refuses are as if they were not there.
ScanResult scan_chunk(const Chunk& chunk, const ChunkFormats& formats, const Matcher& matcher,
                      Matcher::Scratch& scratch, Grade min_grade, ScanBuffers& buffers,
                      const HitFilter& keep = nullptr);

/// Whether `a` says more of an indicator in an event than `b`: stronger, else earlier, else
/// longer. Offsets must have the same origin.
bool says_more(const Hit& a, const Hit& b);

}  // namespace spoor
