// What the tests of joins share: a text as the one chunk of its file.

#pragma once

#include <optional>
#include <string>

#include "hunt/join.h"
#include "logs/format_track.h"

namespace spoor {

struct WholeText {
  explicit WholeText(const std::string& text) {
    chunk.text = text;
    FormatTrack track;
    formats =
        track.enter(0, text, TextEncoding::kBytes, {}, [] { return std::optional<Time>(); });
  }
  Chunk chunk;
  ChunkFormats formats;
};

}  // namespace spoor
