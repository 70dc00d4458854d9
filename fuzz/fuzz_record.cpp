// Any bytes as the begin of a log: its format is found, every line of it read, its columns
// joined; and as a path that may name a host. Nothing may be read past the end (the buffer is
// exact), fields lie within their line, and counts stay within their bounds.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "logs/format_track.h"
#include "logs/host_path.h"
#include "logs/joined_text.h"
#include "logs/json_walk.h"

using namespace spoor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  FormatTrack track;
  const ChunkFormats formats = track.enter(0, text, TextEncoding::kBytes, {}, [] {
    return std::optional<Time>(time_from_micros(1'764'000'000'000'000));
  });
  Record record;
  JoinedText joined;
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size() && lines < 256; ++lines) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    read_record(line, formats.known(), formats.state_at(at), record);
    if (record.fields().size() > kMostFields || record.pairs().size() > kMostPairs)
      std::abort();
    for (const Field& field : record.fields()) {
      if (field.begin > field.end || field.end > line.size()) std::abort();
    }
    joined.clear();
    joined.add_columns(record, at);
    joined.add_pairs(record, at, JoinedText::Kind::kAddress);
    for (std::size_t i = 0; i < joined.text().size(); i += 7) {
      const JoinedText::Piece& piece = joined.piece_at(i);
      if (piece.source_end > end || piece.begin > i) std::abort();
    }
    (void)owned(record);
    JsonElements elements(line);
    for (std::size_t i = 0; elements.is_list() && i < line.size();) {
      const std::string_view element = elements.at_or_behind(i);
      if (element.empty()) break;
      i = static_cast<std::size_t>(element.data() - line.data()) + element.size();
    }
    at = end + 1;
  }
  const std::string host = host_in_path(text);
  if (!host.empty() && !looks_like_host(host)) std::abort();
  (void)parse_format_choice(std::string_view(text).substr(0, 256));
  return 0;
}
