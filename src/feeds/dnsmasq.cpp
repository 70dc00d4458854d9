// Resolver configurations that block names: dnsmasq ("address=/name/0.0.0.0", "server=/name/",
// "local=/name/", several names between slashes) and unbound (local-zone: "name"
// always_nxdomain). Sources: dnsmasq(8), unbound.conf(5). Tested by formats_test.cpp;
// fuzz_list.

#include <string>

#include "base/ascii.h"
#include "feeds/formats.h"
#include "feeds/text.h"

namespace spoor {
namespace {

/// The names of the line, separated by '/'; empty where it is no blocking line.
std::string_view names_of(std::string_view line) {
  for (const std::string_view key : {"address=/", "server=/", "local=/"}) {
    if (line.substr(0, key.size()) != key) continue;
    const std::size_t last = line.rfind('/');
    return last >= key.size() ? line.substr(key.size(), last - key.size()) : std::string_view();
  }
  constexpr std::string_view kZone = "local-zone:";
  if (line.substr(0, kZone.size()) == kZone) {
    const std::string_view rest = trim(line.substr(kZone.size()));
    if (rest.empty() || rest.front() != '"') return rest.substr(0, rest.find_first_of(" \t"));
    const std::size_t close = rest.find('"', 1);
    return close == std::string_view::npos ? std::string_view() : rest.substr(1, close - 1);
  }
  return {};
}

}  // namespace

int dnsmasq_confidence(std::string_view head, std::string_view) {
  if (!may_be_lines(head)) return 0;
  int lines = 0, matching = 0;
  sample_lines(head, "#", [&](std::string_view line) {
    ++lines;
    if (!names_of(line).empty()) ++matching;
  });
  return lines > 0 && matching * 10 >= lines * 4 ? 90 : 0;
}

Status read_dnsmasq(std::string_view text, std::string_view where, const OnPage& on_page) {
  PageWriter pages(where, on_page);
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    line = trim_wide(line);
    if (line.empty() || line.front() == '#') continue;
    std::string_view names = names_of(line);
    if (names.empty()) {
      pages.page().notes.add("", "not a blocking line", pages.at_line(lines.number()), line);
      continue;
    }
    while (!names.empty()) {
      const std::size_t slash = names.find('/');
      const std::string_view name = names.substr(0, slash);
      names = slash == std::string_view::npos ? std::string_view() : names.substr(slash + 1);
      if (name.empty()) continue;
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
