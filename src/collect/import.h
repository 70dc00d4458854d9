// `spoor import`: a file of indicators into the store. Reads (gzip and zstd undone), re-codes
// to UTF-8, finds the format, judges every row and writes it. Idempotent: the same file again
// changes nothing, and an import that was killed is made whole by the next one. Tested by
// import_test.cpp and recorded_import_test.cpp.

#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/tally.h"
#include "feeds/feed.h"
#include "store/store.h"

namespace spoor {

struct ImportOptions {
  std::string format;  ///< name in import_formats(); empty: found by content
  std::string feed;    ///< empty: "file:" and the base name
  Quarantine quarantine = Quarantine::kApply;
  ReadOptions read;  ///< what the user says of the file's columns
  std::uint64_t max_bytes = std::uint64_t{2}
                            << 30;     ///< after decompression; a larger file is an error
  std::uint64_t commit_rows = 50'000;  ///< rows a transaction; a small file is one
};

struct ImportReport {
  std::string feed, format;
  std::string encoding;  ///< "UTF-8", "UTF-16LE", "UTF-16BE", with ", Latin-1 bytes" where
                         ///< there were some
  std::uint64_t pulses = 0;
  std::uint64_t rows = 0;  ///< judged or damaged
  std::uint64_t accepted =
      0;  ///< 0: nothing in the file could be used, exit status 2 (quarantined rows count)
  Tally refused;            ///< with rule id, reason and examples; damaged rows too
  Tally quarantined;        ///< by reason
  Tally notes;              ///< corrections and what was passed over
  bool incomplete = false;  ///< the document was cut; what was good is stored
  IngestCounts counts;
};

/// An error: the file cannot be read, no format claims it or the given one does not fit, or the
/// store fails. Rows that are refused are none. Memory: the decompressed file and one page of
/// rows.
Result<ImportReport> import_file(Store& store, const std::string& path,
                                 const ImportOptions& options);

/// The same for bytes that are in memory already; `name` stands for the file's.
Result<ImportReport> import_bytes(Store& store, std::string bytes, const std::string& name,
                                  const ImportOptions& options);

}  // namespace spoor
