// What must hold of the chunks of any file of records.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "base/check.h"
#include "io/source.h"

namespace spoor {

inline void check_records(const std::string& bytes) {
  StreamOptions options;
  options.chunk_bytes = 1 << 12;
  const auto stream = open_memory(bytes, options);
  Chunk chunk;
  std::uint64_t lines = 0;
  for (;;) {
    const auto more = stream->next(chunk);
    if (!more || !*more) break;
    if (chunk.form.empty()) return;  // lines: fuzz_chunk
    SPOOR_CHECK(!chunk.records.empty() && chunk.records.front().begin == 0);
    SPOOR_CHECK(!chunk.text.empty() && chunk.text.back() == '\n');
    std::size_t before = 0;
    for (const ChunkRecord& record : chunk.records) {
      SPOOR_CHECK(record.begin == 0 || record.begin > before);
      SPOOR_CHECK(record.begin < chunk.text.size());
      SPOOR_CHECK(record.begin == 0 || chunk.text[record.begin - 1] == '\n');
      SPOOR_CHECK(record.length > 0);
      SPOOR_CHECK(record.offset + record.length <= stream->counters().bytes_decoded);
      before = record.begin;
    }
    lines += chunk.records.size();
  }
  SPOOR_CHECK(stream->counters().lines == lines);
  SPOOR_CHECK(stream->counters().bytes_skipped <= stream->counters().bytes_decoded);
  for (const Skip& skip : stream->skips()) SPOOR_CHECK(!skip.reason.empty());
}

}  // namespace spoor
