#include "app/table.h"

#include <algorithm>

#include "base/utf8.h"

namespace spoor {
namespace {

bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
         (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    columns += point.valid && is_wide(point.value) ? 2 : 1;
    at += point.length;
  }
  return columns;
}

void TextTable::row(std::vector<std::string> cells) {
  for (std::string& cell : cells) {
    cell = terminal_safe(cell);
    std::replace(cell.begin(), cell.end(), '\t', ' ');
    if (columns_of(cell) <= widest_) continue;
    std::size_t at = 0;
    std::size_t columns = 0;
    while (at < cell.size()) {
      const CodePoint point = decode_utf8(cell, at);
      const std::size_t width = is_wide(point.value) ? 2 : 1;
      if (columns + width > widest_ - 1) break;
      columns += width;
      at += point.length;
    }
    cell.resize(at);
    cell += "\xE2\x80\xA6";
  }
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::string_view indent) const {
  std::vector<std::size_t> widths;
  for (const auto& cells : rows_) {
    if (widths.size() < cells.size()) widths.resize(cells.size(), 0);
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(cells[i]));
  }
  std::string out;
  for (const auto& cells : rows_) {
    std::string line(indent);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += cells[i];
      if (i + 1 < cells.size()) line.append(widths[i] - columns_of(cells[i]) + 2, ' ');
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += line + "\n";
  }
  return out;
}

}  // namespace spoor
