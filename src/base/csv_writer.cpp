#include "base/csv_writer.h"

namespace spoor {

std::string csv_cell(std::string_view text) {
  std::string cell;
  // Formula injection (OWASP): these begin a formula in spreadsheets.
  if (!text.empty() &&
      std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    cell += '\'';
  bool quote = false;
  for (const char c : text) {
    if (c == '"') cell += '"';
    const auto byte = static_cast<unsigned char>(c);
    cell += (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F ? '?' : c;
    quote = quote || c == '"' || c == ',' || c == '\n' || c == '\r' || c == ';';
  }
  return quote ? "\"" + cell + "\"" : cell;
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t i = 0; i < cells.size(); ++i)
    row += (i == 0 ? "" : ",") + csv_cell(cells[i]);
  return row + "\r\n";
}

}  // namespace spoor
