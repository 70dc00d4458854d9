// Reads files of records whole, and checks what must hold of every chunk.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "io/source.h"

namespace spoor {

/// All that a file of records says.
struct Read {
  std::vector<std::string> texts;
  std::vector<ChunkRecord> records;
  std::vector<Skip> skips;
  StreamCounters counters;
  bool ended_well = false;
  std::size_t chunks = 0;

  bool complete() const {
    return std::none_of(skips.begin(), skips.end(), [](const Skip& s) { return s.incomplete; });
  }
  std::string reasons() const {
    std::string all;
    for (const Skip& skip : skips) all += skip.reason + "\n";
    return all;
  }
};

inline void read_stream(ChunkStream& stream, Read& read) {
  Chunk chunk;
  for (;;) {
    const auto more = stream.next(chunk);
    if (!more || !*more) {
      read.ended_well = more.has_value();
      break;
    }
    ++read.chunks;
    EXPECT_FALSE(chunk.records.empty());
    if (chunk.records.empty()) break;
    EXPECT_EQ(chunk.records.front().begin, 0u);
    EXPECT_EQ(chunk.offset, chunk.records.front().offset);
    for (std::size_t i = 0; i < chunk.records.size(); ++i) {
      const std::size_t begin = chunk.records[i].begin;
      const std::size_t end =
          i + 1 < chunk.records.size() ? chunk.records[i + 1].begin : chunk.text.size();
      EXPECT_EQ(chunk.text[end - 1], '\n');
      read.texts.push_back(chunk.text.substr(begin, end - 1 - begin));
      read.records.push_back(chunk.records[i]);
    }
  }
  read.skips = stream.skips();
  read.counters = stream.counters();
}

inline Read read_all(std::string bytes, std::size_t chunk_bytes = 1 << 20) {
  StreamOptions options;
  options.chunk_bytes = chunk_bytes;
  Read read;
  read_stream(*open_memory(std::move(bytes), options), read);
  return read;
}

}  // namespace spoor
