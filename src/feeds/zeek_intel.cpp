// Zeek's intelligence framework: a "#fields" line names TAB-separated columns, of which
// indicator, indicator_type and meta.* matter. "-" is an unset field. Source:
// https://docs.zeek.org/en/master/frameworks/intel.html Tested by formats_test.cpp; fuzz_list.

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "feeds/formats.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr std::size_t kMostColumns = 64;

std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> columns;
  while (columns.size() < kMostColumns) {
    const std::size_t tab = line.find('\t');
    columns.push_back(trim_wide(line.substr(0, tab)));
    if (tab == std::string_view::npos) break;
    line.remove_prefix(tab + 1);
  }
  return columns;
}

}  // namespace

int zeek_intel_confidence(std::string_view head, std::string_view) {
  const std::string_view text = head.substr(0, 4096);
  const std::size_t fields = text.find("#fields");
  if (fields == std::string_view::npos) return 0;
  const std::string_view line = text.substr(fields, text.find('\n', fields) - fields);
  return line.find("indicator") != std::string_view::npos &&
                 line.find("indicator_type") != std::string_view::npos
             ? 100
             : 0;
}

Status read_zeek_intel(std::string_view text, std::string_view where, const OnPage& on_page) {
  PageWriter pages(where, on_page);
  Lines lines(text);
  std::string_view line;
  constexpr std::size_t kNone = kMostColumns;
  std::size_t value = kNone, type = kNone, description = kNone, source = kNone;
  while (lines.next(line)) {
    if (trim_wide(line).empty()) continue;
    if (line.front() == '#') {
      if (line.substr(0, 7) != "#fields") continue;
      const auto names = columns_of(trim_wide(line.substr(7)));
      const auto find = [&](std::string_view name) {
        const auto it = std::find(names.begin(), names.end(), name);
        return it == names.end() ? kNone : static_cast<std::size_t>(it - names.begin());
      };
      value = find("indicator"), type = find("indicator_type");
      description = find("meta.desc"), source = find("meta.source");
      continue;
    }
    if (value == kNone) {
      return fail("line " + std::to_string(lines.number()) +
                  ": no #fields line with indicator before it");
    }
    const auto columns = columns_of(line);
    const auto get = [&](std::size_t index) {
      const std::string_view cell =
          index < columns.size() ? columns[index] : std::string_view();
      return cell == "-" ? std::string_view() : cell;
    };
    if (get(value).empty()) {
      pages.page().damaged.add("", "no indicator in the row", pages.at_line(lines.number()),
                               line);
      continue;
    }
    RawIndicator row;
    row.type = get(type);
    row.value = get(value);
    row.description = get(description);
    row.title = get(source);
    row.where = pages.at_line(lines.number());
    if (auto status = pages.add(std::move(row)); !status) return status;
  }
  return pages.finish();
}

}  // namespace spoor
