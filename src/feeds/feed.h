// What every feed and every importer yields: pages. A page is pulses and rows without a pulse,
// what could not be read, and where to go on. Formats stand in one visible table (formats.cpp):
// adding one is one file, one row, one test. `feeds` knows neither SQLite nor canonical forms:
// it hands over values as they were written.

#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tally.h"
#include "ioc/pulse.h"

namespace spoor {

struct Page {
  std::vector<Pulse> pulses;
  std::vector<RawIndicator> rows;  ///< claims without a pulse
  Tally damaged;                   ///< rows that could not be read; never costs the page
  Tally notes;              ///< what was passed over or read with a grain of salt; costs no row
  bool incomplete = false;  ///< the document was cut: what was good is here
};

/// Type word for a value that names a host and nothing more (a line of a hosts file): an
/// address, a `domain` if it is its own registrable domain, else a `hostname`. Never a file
/// name, which the same letters may spell elsewhere.
inline constexpr std::string_view kHostWord = "host";

/// One wish of `spoor import --columns`: what a column of a table is, or a word for all rows.
struct ColumnChoice {
  std::string field;   ///< "value", "type", "created", ..., or a word for a type: "md5"
  std::string column;  ///< name in the header, or number from 1; the word itself of a constant
  bool constant = false;
};

/// What a user may say of a file beside the name of its format.
struct ReadOptions {
  std::vector<ColumnChoice> columns;
  char separator = '\0';  ///< between cells; '\0': to be found out
  bool header = true;     ///< of tables: whether the first record names the columns
  bool any() const { return !columns.empty() || separator != '\0' || !header; }
};

/// A file format that `spoor import` reads.
struct ImportFormat {
  std::string_view name;  ///< "otx", "list", "hosts", "csv", ... (formats.cpp)
  std::string_view describe;
  /// How surely `head` (the first 64 KiB after decompression and re-coding to UTF-8) and the
  /// file's name are of this format: 0 no .. 100 surely.
  int (*confidence)(std::string_view head, std::string_view file_name);
  /// Reads all of `text` (UTF-8, BOM removed), calling `on_page` with at most about 10,000 rows
  /// at a time. `where` begins messages ("feed.csv"). An error means that nothing at all could
  /// be read (not this format).
  Status (*plain)(std::string_view text, std::string_view where,
                  const std::function<Status(Page&&)>& on_page);
  /// The same of formats that a user can say more about; nothing for the others.
  Status (*tuned)(std::string_view text, std::string_view where,
                  const std::function<Status(Page&&)>& on_page,
                  const ReadOptions& options) = nullptr;

  /// plain(), or tuned() where `options` say anything; an error where this format has none.
  Status read(std::string_view text, std::string_view where,
              const std::function<Status(Page&&)>& on_page,
              const ReadOptions& options = {}) const;
};
std::span<const ImportFormat> import_formats();
const ImportFormat* import_format(std::string_view name);
/// The most confident format; nothing where none claims the file.
const ImportFormat* detect_format(std::string_view head, std::string_view file_name);

}  // namespace spoor
