// What a line's fields say beyond its raw text (S7). Two readings after the raw pass:
//
// Joining. Host and request target are written out for each line of a format that has such
// columns (U11) and in which the matcher has seen the host of a URL that is claimed, in
// whatever spelling; whole user agents and tcpdump's addresses for every line of such a format
// (O5, I2); an address and its port only for lines where the raw pass saw the address of a
// claim without its port (P2), since no other line can have more (P3). The matcher reads the
// joined text like any other, so the answer is exact and the lines need no field marks.
//
// Marks. A line with a hit in a user agent or version (I9), or with a name that could be a
// file's (D7), is matched once more with the marks of those fields; within them that answer
// counts, elsewhere the raw one. (Paths get no marks: the raw pass tries their ends itself.)
//
// Lines cut over chunks (longer than 8 MiB) are not joined. Private to `hunt`. Tested by
// join_test.cpp.

#pragma once

#include <vector>

#include "io/source.h"
#include "logs/format_track.h"
#include "logs/joined_text.h"
#include "logs/record.h"
#include "match/matcher.h"

namespace spoor {

/// Working memory of one worker.
struct ScanBuffers {
  std::vector<Hit> hits, more;
  std::vector<FieldMark> marks;
  JoinedText joined;
  Record record;
  /// Where the matcher's scan saw hosts of URLs that are claims, if it could tell.
  std::vector<std::uint32_t> hosts;
  bool knows_hosts = false;
};

/// The raw pass over `chunk`: hits and hosts to `buffers`.
void scan_raw(const Chunk& chunk, const ChunkFormats& formats, const Matcher& matcher,
              Matcher::Scratch& scratch, ScanBuffers& buffers);

/// Takes the raw hits of `chunk` in buffers.hits, adds what its fields say and takes back what
/// they refute. Any order of hits comes in, any goes out.
void read_fields(const Chunk& chunk, const ChunkFormats& formats, const Matcher& matcher,
                 Matcher::Scratch& scratch, ScanBuffers& buffers);

}  // namespace spoor
