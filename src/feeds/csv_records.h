// The records of a table: RFC 4180 quoting with embedded separators, quotes and line ends. A
// quote that is never closed is text again, so that it costs a row and not the file. Cost: one
// pass; cells are views but where a quote was doubled. Source: RFC 4180. Tested by
// csv_test.cpp; fuzz_list.

#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

/// Records one at a time; at most 512 cells of each. Borrows the text.
class CsvRecords {
 public:
  CsvRecords(std::string_view text, char separator);

  /// The next record that is not a blank line; cells are valid until the next call. Comment
  /// lines are kept in comment().
  bool next(std::vector<std::string_view>& cells);
  std::uint64_t line() const { return record_line_; }
  /// The last comment line before the record, without #.
  std::string_view comment() const { return comment_; }
  int stray_quotes() const { return stray_quotes_; }

 private:
  /// Reads one cell at at_; false: it was the last of its record.
  bool cell(std::vector<std::string_view>& cells);
  /// Whether what stands at `at` ends a quoted cell: blanks, then a separator, a line end or
  /// the end.
  bool ends_cell(std::size_t at) const;
  bool quoted(std::size_t open, std::string_view& value);

  std::string_view text_;
  char separator_;
  char row_end_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1, record_line_ = 1;
  std::string_view comment_;
  std::deque<std::string> owned_;
  int stray_quotes_ = 0;
};

}  // namespace spoor
