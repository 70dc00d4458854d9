// What a file's format is, and what its headers said before each chunk: the small value that
// travels with the chunks in order. Workers scan chunks in any order, but enter() them by
// number: each waits for the one before, looks for header lines (one pass for "\n#", and only
// in formats that have headers) and hands on. Chunks are taken from a queue in order, so the
// one that is waited for is always under way. The answer depends on the bytes alone, never on
// the threads. Tested by formats_test.cpp, hunt/hunt_threads_test.cpp.

#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "ioc/sighting.h"
#include "logs/format.h"

namespace spoor {

/// What is the same for all files of a hunt.
struct FormatSettings {
  FormatChoice choice;
  int zone_minutes = 0;
  bool zone_given = false;
  std::shared_ptr<const TimeZone> zone;  ///< with rules; null: zone_minutes holds
};

/// How the lines of one chunk are to be read.
struct ChunkFormats {
  struct Part {
    std::size_t from;  ///< offset in the chunk's text
    std::shared_ptr<const FormatState> state;
  };
  const LogFormat* format = nullptr;  ///< null: nothing known, read as text
  std::vector<Part> parts;            ///< by `from`; the first begins at 0
  std::size_t header_bytes = 0;       ///< how much of FormatTrack::headers() stands before it

  const FormatState& state_at(std::size_t offset) const;
  const LogFormat& known() const { return format != nullptr ? *format : text_format(); }
};

class FormatTrack {
 public:
  FormatTrack() = default;
  FormatTrack(const FormatTrack&) = delete;
  FormatTrack& operator=(const FormatTrack&) = delete;

  /// Takes in chunk `index` (from 0) of the file; waits for the one before. `modified` is asked
  /// once a file: its last change. `said` (Chunk::modified) is what the compressed content
  /// itself says of that; it counts where it is not later, since a copy is never older than
  /// what was copied, and grows from member to member of a gzip file.
  ChunkFormats enter(std::uint64_t index, std::string_view text, TextEncoding encoding,
                     const FormatSettings& settings,
                     const std::function<std::optional<Time>()>& modified,
                     std::optional<Time> said = std::nullopt);
  /// Goes on in the middle of a file: `head` is its begin, `headers` what a former track of the
  /// same file gave as headers(). Before the first enter().
  void resume(std::string_view head, TextEncoding encoding, const std::string& headers,
              const FormatSettings& settings,
              const std::function<std::optional<Time>()>& modified);
  /// The header lines met so far, each ended by LF: what resume() needs to know of all before.
  /// Nothing where they are more than 64 KiB. Once all chunks were entered.
  std::optional<std::string> headers() const;
  /// The file's format; null before its first chunk was entered.
  const LogFormat* format() const;

 private:
  void begin(std::string_view head, const FormatSettings& settings,
             const std::function<std::optional<Time>()>& modified, std::optional<Time> said);
  void read_headers(std::string_view head, bool exact, ChunkFormats& formats);
  void remember(std::string_view header);

  mutable std::mutex mutex_;
  std::condition_variable entered_;
  std::uint64_t next_ = 0;
  const LogFormat* format_ = nullptr;
  std::shared_ptr<const FormatState> state_;
  std::optional<Time> file_modified_;
  std::string headers_;
  bool too_many_headers_ = false, resumed_ = false;
};

}  // namespace spoor
