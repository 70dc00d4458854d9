// Hosts files used as block lists: "0.0.0.0 name" or "127.0.0.1 name more names"; the address
// is a sink and no indicator, the names are. A line with another address is a real mapping and
// is tallied. The names that every hosts file begins with (localhost, broadcasthost,
// ip6-allnodes, ...) are passed over. Tested by formats_test.cpp; fuzz_list.

#include <string>

#include "base/ascii.h"
#include "feeds/formats.h"
#include "feeds/text.h"

namespace spoor {
namespace {

bool is_sink(std::string_view address) {
  return address == "0.0.0.0" || address == "127.0.0.1" || address == "0" || address == "::" ||
         address == "::1" || address == "127.0.1.1" || address == "255.255.255.255" ||
         address == "::0" || address == "fe80::1%lo0" || address == "ff02::1" ||
         address == "ff02::2" || address == "ff02::3" || address == "ff00::0" ||
         address == "fe00::0";
}

bool is_own_name(std::string_view name) {
  return equals_ignore_case(name, "localhost") ||
         equals_ignore_case(name, "localhost.localdomain") ||
         equals_ignore_case(name, "localhost4") || equals_ignore_case(name, "localhost6") ||
         equals_ignore_case(name, "localhost4.localdomain4") ||
         equals_ignore_case(name, "localhost6.localdomain6") ||
         equals_ignore_case(name, "local") || equals_ignore_case(name, "broadcasthost") ||
         starts_with_ignore_case(name, "ip6-") || name == "0.0.0.0";
}

std::string_view next_word(std::string_view& rest) {
  rest = trim_wide(rest);
  const std::size_t end = rest.find_first_of(" \t");
  const std::string_view word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  return word;
}

}  // namespace

int hosts_confidence(std::string_view head, std::string_view) {
  if (!may_be_lines(head)) return 0;
  int lines = 0, matching = 0;
  sample_lines(head, "#", [&](std::string_view line) {
    ++lines;
    const bool sink = is_sink(next_word(line));
    if (sink && !next_word(line).empty()) ++matching;
  });
  return lines > 0 && matching * 10 >= lines * 8 ? 90 : 0;
}

Status read_hosts(std::string_view text, std::string_view where, const OnPage& on_page) {
  PageWriter pages(where, on_page);
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    std::string_view rest = trim_wide(line.substr(0, line.find('#')));
    if (rest.empty()) continue;
    const std::string_view address = next_word(rest);
    if (!is_sink(address) || trim_wide(rest).empty()) {
      pages.page().damaged.add(
          "", "not a line of a block list, expected 0.0.0.0 or 127.0.0.1 and a name",
          pages.at_line(lines.number()), line);
      continue;
    }
    for (std::string_view name = next_word(rest); !name.empty(); name = next_word(rest)) {
      if (is_own_name(name)) {
        pages.page().notes.add("", "a name of the machine itself",
                               pages.at_line(lines.number()), name);
        continue;
      }
      RawIndicator row;
      row.type = kHostWord;
      row.value = name;
      row.where = pages.at_line(lines.number());
      if (auto status = pages.add(std::move(row)); !status) return status;
    }
  }
  return pages.finish();
}

}  // namespace spoor
