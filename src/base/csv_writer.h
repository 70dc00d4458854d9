// CSV that is safe to open in a spreadsheet. Tested by app_test.cpp and export_test.cpp.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spoor {

/// One CSV cell by RFC 4180. A cell that a spreadsheet would take for a formula gets an
/// apostrophe in front; controls but for tab and line end become '?'.
std::string csv_cell(std::string_view text);
/// Cells joined by commas, with CRLF.
std::string csv_row(const std::vector<std::string>& cells);

}  // namespace spoor
