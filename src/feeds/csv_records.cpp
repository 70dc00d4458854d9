#include "feeds/csv_records.h"

#include <algorithm>

#include "feeds/text.h"

namespace spoor {
namespace {

constexpr std::size_t kMostCells = 512;
constexpr std::size_t kLongestQuoted =
    64 << 10;                         // a quoted cell that runs on longer was never closed
constexpr int kMostStrayQuotes = 16;  // after so many, quotes must close on their line

}  // namespace

CsvRecords::CsvRecords(std::string_view text, char separator)
    : text_(text), separator_(separator), row_end_(line_end_of(text)) {}

bool CsvRecords::next(std::vector<std::string_view>& cells) {
  cells.clear();
  owned_.clear();
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find(row_end_, at_), text_.size());
    const std::string_view line = trim_wide(text_.substr(at_, end - at_));
    if (!line.empty() && line.front() != '#') break;
    if (line.size() > 1) comment_ = trim_wide(line.substr(1));
    at_ = end + 1;
    ++line_;
  }
  if (at_ >= text_.size()) return false;
  record_line_ = line_;
  while (true) {
    const bool more = cell(cells);
    if (!more) return true;
  }
}

bool CsvRecords::cell(std::vector<std::string_view>& cells) {
  std::size_t begin = at_;
  while (begin < text_.size() && text_[begin] == ' ') ++begin;
  std::string_view value;
  if (begin < text_.size() && text_[begin] == '"' && quoted(begin, value)) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  } else {
    at_ = begin;
    while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != row_end_) ++at_;
    value = text_.substr(begin, at_ - begin);
  }
  if (cells.size() < kMostCells) cells.push_back(trim_wide(value));
  if (at_ < text_.size() && text_[at_] == '\r' && row_end_ == '\n') ++at_;
  if (at_ >= text_.size()) return false;
  if (text_[at_] == row_end_) {
    ++at_;
    ++line_;
    return false;
  }
  ++at_;  // the separator
  return true;
}

bool CsvRecords::ends_cell(std::size_t at) const {
  while (at < text_.size() && text_[at] == ' ') ++at;
  if (at < text_.size() && text_[at] == '\r') ++at;
  return at >= text_.size() || text_[at] == separator_ || text_[at] == row_end_ ||
         (row_end_ == '\r' && text_[at - 1] == '\r');
}

bool CsvRecords::quoted(std::size_t open, std::string_view& value) {
  std::size_t limit = std::min(text_.size(), open + kLongestQuoted);
  if (stray_quotes_ >= kMostStrayQuotes) limit = std::min(limit, text_.find(row_end_, open));
  bool doubled = false;
  for (std::size_t at = open + 1; at < limit; ++at) {
    if (text_[at] != '"') continue;
    if (at + 1 < limit && text_[at + 1] == '"') {
      doubled = true;
      ++at;
      continue;
    }
    if (!ends_cell(at + 1)) continue;  // a quote inside: text
    value = text_.substr(open + 1, at - open - 1);
    line_ += static_cast<std::uint64_t>(std::count(value.begin(), value.end(), row_end_));
    if (doubled) {
      std::string& plain = owned_.emplace_back();
      for (std::size_t i = 0; i < value.size(); ++i) {
        plain += value[i];
        if (value[i] == '"' && i + 1 < value.size() && value[i + 1] == '"') ++i;
      }
      value = plain;
    }
    at_ = at + 1;
    return true;
  }
  ++stray_quotes_;
  return false;
}

}  // namespace spoor
