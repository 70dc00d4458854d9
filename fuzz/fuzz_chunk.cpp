// Fuzzes the stream of chunks: any bytes, plain or compressed, through tiny options. What must
// hold whatever the bytes: no crash, chunks in order without holes but for what is tallied,
// right line numbers and events, bounded chunks, and the same plan again. The first two bytes
// choose the options. Seeds: fuzz/corpus/chunk.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "io/encoding.h"
#include "io/source.h"

namespace {

std::vector<spoor::Chunk> chunks_of(const std::string& bytes,
                                    const spoor::StreamOptions& options,
                                    spoor::StreamCounters& counters) {
  const auto stream = spoor::open_memory(bytes, options);
  std::vector<spoor::Chunk> chunks;
  for (;;) {
    spoor::Chunk chunk;
    const auto more = stream->next(chunk);
    if (!more || !*more) break;
    chunks.push_back(std::move(chunk));
  }
  SPOOR_CHECK(!stream->decoders().empty() || stream->counters().bytes_decoded == bytes.size());
  for (const spoor::Skip& skip : stream->skips()) SPOOR_CHECK(!skip.reason.empty());
  counters = stream->counters();
  return chunks;
}

void check(const std::vector<spoor::Chunk>& chunks, const spoor::StreamOptions& options,
           const spoor::StreamCounters& counters) {
  std::string shown;  // all bytes in order; 'x' for those that were skipped
  std::uint64_t skipped = 0;
  std::size_t tail = 0;
  std::uint64_t line = 1;  // of the first byte behind `shown`, if nothing was skipped
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const spoor::Chunk& chunk = chunks[i];
    SPOOR_CHECK(chunk.overlap == tail);
    SPOOR_CHECK(chunk.overlap <= chunk.text.size());
    SPOOR_CHECK(chunk.text.size() <= options.line_limit + 2 * options.overlap + 64);
    SPOOR_CHECK(chunk.offset % spoor::unit_bytes(chunk.encoding) == 0);
    SPOOR_CHECK(chunk.encoding == chunks[0].encoding);
    const std::uint64_t fresh = chunk.offset + chunk.overlap;
    SPOOR_CHECK(fresh >= shown.size());
    const std::uint64_t gap = fresh - shown.size();
    skipped += gap;
    SPOOR_CHECK(gap == 0 || chunk.overlap == 0);
    SPOOR_CHECK(
        shown.compare(chunk.offset - gap, chunk.overlap, chunk.text, 0, chunk.overlap) == 0 ||
        gap > 0);
    shown.append(gap, 'x');
    shown.append(chunk.text, chunk.overlap);
    // Soft breaks inside a skipped token are counted by the stream alone.
    if (skipped == 0) {
      line = spoor::count_line_ends(std::string_view(shown).substr(0, chunk.offset),
                                    chunk.encoding) +
             1;
      SPOOR_CHECK(chunk.line == line);
      const std::size_t end = spoor::last_line_end(shown, 0, chunk.offset, chunk.encoding);
      SPOOR_CHECK(chunk.event_offset == (end == std::string::npos ? 0 : end));
    }
    SPOOR_CHECK(chunk.event_offset <= chunk.offset);
    SPOOR_CHECK(chunk.continues_event == (chunk.event_offset != chunk.offset));
    SPOOR_CHECK(chunk.event_head.size() <= spoor::kEventHeadBytes);
    SPOOR_CHECK(chunk.cut_head.size() <= spoor::kEventHeadBytes);
    SPOOR_CHECK(chunk.ends_stream == (i + 1 == chunks.size()));
    tail = chunk.shared_tail;
  }
  SPOOR_CHECK(tail == 0);
  SPOOR_CHECK(shown.size() == counters.bytes_decoded);
  SPOOR_CHECK(skipped == counters.bytes_skipped);
}

/// Chunks of whole records: their text is made, so that places in it are no places in the file.
void check_records(const std::vector<spoor::Chunk>& chunks,
                   const spoor::StreamCounters& counters) {
  std::uint64_t records = 0;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    const spoor::Chunk& chunk = chunks[i];
    SPOOR_CHECK(chunk.form == chunks[0].form);
    SPOOR_CHECK(chunk.overlap == 0 && chunk.shared_tail == 0 && !chunk.continues_event);
    SPOOR_CHECK(!chunk.records.empty() && chunk.records[0].begin == 0);
    SPOOR_CHECK(!chunk.text.empty() && chunk.text.back() == '\n');
    for (std::size_t r = 1; r < chunk.records.size(); ++r) {
      SPOOR_CHECK(chunk.records[r].begin > chunk.records[r - 1].begin);
      SPOOR_CHECK(chunk.records[r].begin < chunk.text.size());
      SPOOR_CHECK(chunk.text[chunk.records[r].begin - 1] == '\n');
    }
    records += chunk.records.size();
    SPOOR_CHECK(chunk.ends_stream == (i + 1 == chunks.size()));
  }
  SPOOR_CHECK(counters.lines == records);
  SPOOR_CHECK(counters.bytes_skipped <= counters.bytes_decoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  spoor::StreamOptions options;
  options.chunk_bytes = 64 + data[0];
  options.line_limit = 256 + std::size_t{data[1]} * 4;
  options.overlap = data[0] % 128;
  options.token_limit = 16 + data[1] % 128;
  options.expansion_floor = 1 << 20;
  options.expansion_limit = 2000;
  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  spoor::StreamCounters counters, again;
  const auto chunks = chunks_of(bytes, options, counters);
  // No chunk at all: a file of records without one that could be read.
  if (chunks.empty() || !chunks[0].form.empty()) {
    check_records(chunks, counters);
  } else {
    check(chunks, options, counters);
  }
  const auto repeated = chunks_of(bytes, options, again);
  SPOOR_CHECK(repeated.size() == chunks.size());
  for (std::size_t i = 0; i < chunks.size(); ++i)
    SPOOR_CHECK(repeated[i].text == chunks[i].text);
  return 0;
}
