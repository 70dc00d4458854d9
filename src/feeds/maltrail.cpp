// Maltrail's trails: a value a line: name, address, address:port, network, name/path, URL, or a
// bare /path (a URI that is bad on any host). Several files may be joined, each behind "# FILE:
// path"; the file's base name is what Maltrail calls the threat and becomes the title. "#
// Reference:" lines name the report of the values behind them and become the description.
// Source: https://github.com/stamparm/maltrail, trails/README. Tested by formats_test.cpp;
// fuzz_list.

#include <string>

#include "base/ascii.h"
#include "feeds/formats.h"
#include "feeds/text.h"

namespace spoor {

int maltrail_confidence(std::string_view head, std::string_view) {
  if (!may_be_lines(head)) return 0;
  const std::string_view start = head.substr(0, 8192);
  return start.find("Maltrail developers") != std::string_view::npos ||
                 start.find("# FILE: trails/") != std::string_view::npos
             ? 95
             : 0;
}

Status read_maltrail(std::string_view text, std::string_view where, const OnPage& on_page) {
  PageWriter pages(where, on_page);
  Lines lines(text);
  std::string_view line, title, reference;
  while (lines.next(line)) {
    line = trim_wide(line);
    if (line.empty()) continue;
    if (line.front() == '#') {
      constexpr std::string_view kFile = "# FILE:";
      constexpr std::string_view kReference = "# Reference:";
      if (line.substr(0, kFile.size()) == kFile) {
        title = trim_wide(line.substr(kFile.size()));
        title = title.substr(title.rfind('/') + 1);
        title = title.substr(0, title.rfind('.'));
        reference = {};
      } else if (line.substr(0, kReference.size()) == kReference) {
        reference = trim_wide(line.substr(kReference.size()));
      } else if (starts_with_ignore_case(line, "# generic")) {
        reference = {};
      }
      continue;
    }
    std::string_view value = line;
    const std::size_t comment = value.find(" #");
    if (comment != std::string_view::npos) value = trim_wide(value.substr(0, comment));
    RawIndicator row;
    if (value.front() == '/') {
      row.type = "URI";
    } else {
      const Look look = look_of(value);
      if (look == Look::kName) row.type = kHostWord;
      if (look == Look::kHostPath) row.type = "URL";
    }
    row.value = value;
    row.title = title;
    row.description = reference;
    row.where = pages.at_line(lines.number());
    if (auto status = pages.add(std::move(row)); !status) return status;
  }
  return pages.finish();
}

}  // namespace spoor
