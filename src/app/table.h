// Tables that align: text for a terminal. CSV is base/csv_writer.h. Tested by app_test.cpp.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/csv_writer.h"

namespace spoor {

/// Rows of cells, left-aligned by what a terminal shows of them. Cells are escaped here
/// (terminal_safe) and cut to `widest` columns with an ellipsis.
class TextTable {
 public:
  explicit TextTable(std::size_t widest = 60) : widest_(widest) {}
  void row(std::vector<std::string> cells);
  std::string text(std::string_view indent = "") const;

 private:
  std::size_t widest_;
  std::vector<std::vector<std::string>> rows_;
};

/// Columns that `text` (valid UTF-8, no controls) takes: code points, wide ones of East Asian
/// scripts as two.
std::size_t columns_of(std::string_view text);

}  // namespace spoor
