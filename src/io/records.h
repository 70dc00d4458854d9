// Files of records instead of lines: Windows event logs, the journal. A row of the table in
// record_stream.cpp says how such a file begins and who reads it; the reader renders each
// record as text, and the stream makes chunks of whole records of them, with a table of where
// each begins and where it stood in the file (Chunk::records). Everything behind, the matcher
// above all, sees text.
//
// A new form is a file, a row and a test. Private to `io`. Tested by evtx_test.cpp and
// journal_test.cpp.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/bytes.h"

namespace spoor {

/// Reads one file's records.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  /// Appends the text of the next record to `text` and fills all of `record` but `begin`. False
  /// at the end, and for ever after.
  virtual bool next(std::string& text, ChunkRecord& record) = 0;

  /// Of the decoded file, so far.
  virtual std::uint64_t bytes_taken() const = 0;
  /// Of these, what was neither rendered nor given raw.
  virtual std::uint64_t bytes_skipped() const { return 0; }
  virtual const ByteSource& source() const = 0;
  /// Appends what could not be read; `file` left empty. Those of the source, too.
  virtual void problems(std::vector<Skip>& out) const = 0;
};

/// The bytes of a file that the table looks at.
inline constexpr std::size_t kRecordHeadBytes = 16;

struct RecordForm {
  const char* name;   ///< as in Chunk::form
  const char* magic;  ///< for people
  bool (*begins)(std::string_view head);
  std::unique_ptr<RecordReader> (*make)(std::unique_ptr<ByteSource> source,
                                        const StreamOptions& options);
  /// Whether records refer to other places of the file: a file that cannot be read from any
  /// place is then kept in memory, up to StreamOptions::archive_memory.
  bool wants_seek = false;
};
/// All forms, in the order they are asked.
std::span<const RecordForm> record_forms();
/// Null: not a file of records.
const RecordForm* record_form(std::string_view head);

std::unique_ptr<ChunkStream> record_stream(const RecordForm& form, Decoded decoded,
                                           const StreamOptions& options,
                                           std::uint64_t read_before);

// One file each.
bool begins_evtx(std::string_view head);
std::unique_ptr<RecordReader> evtx_reader(std::unique_ptr<ByteSource> source,
                                          const StreamOptions& options);
bool begins_journal(std::string_view head);
std::unique_ptr<RecordReader> journal_reader(std::unique_ptr<ByteSource> source,
                                             const StreamOptions& options);
bool begins_journal_export(std::string_view head);
std::unique_ptr<RecordReader> journal_export_reader(std::unique_ptr<ByteSource> source,
                                                    const StreamOptions& options);

}  // namespace spoor
