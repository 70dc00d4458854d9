// Adblock Plus, AdGuard and uBlock lists as used for malware: "||host^" (the host and what is
// below it),
// "||host/path^", each with $options; plain hosts and host/path too. Exceptions (@@), cosmetic
// rules
// (##), regular expressions and wildcards are no indicators: tallied as notes.
// Source: https://adguard.com/kb/general/ad-filtering/create-own-filters/
// Tested by formats_test.cpp; fuzz_list.

#include <string>

#include "base/ascii.h"
#include "feeds/formats.h"
#include "feeds/text.h"

namespace spoor {
namespace {

bool is_comment(std::string_view line) {
  return line.front() == '!' ||
         (line.front() == '[' && line.back() == ']' && look_of(line) == Look::kNone) ||
         (line.front() == '#' && line.substr(0, 2) != "##");
}

}  // namespace

int adblock_confidence(std::string_view head, std::string_view) {
  if (!may_be_lines(head)) return 0;
  const std::string_view start = trim_wide(head.substr(0, 256));
  if (starts_with_ignore_case(start, "[adblock") || starts_with_ignore_case(start, "[adguard"))
    return 95;
  // "! Title:" heads lists of this family only; the rules may stand behind thousands of plain
  // hosts.
  bool titled = false;
  if (!start.empty() && start.front() == '!') {
    const std::string_view word = trim(start.substr(1));
    for (const char* name : {"title:", "homepage:", "description:", "expires:", "version:"}) {
      titled = titled || starts_with_ignore_case(word, name);
    }
  }
  int lines = 0, rules = 0;
  sample_lines(head, "!#", [&](std::string_view line) {
    ++lines;
    if (line.substr(0, 2) == "||" || line.substr(0, 2) == "@@" ||
        line.find("$all") != std::string_view::npos ||
        line.find("$document") != std::string_view::npos) {
      ++rules;
    }
  });
  if (lines > 0 && rules * 10 >= lines * 3) return 90;
  return titled ? 60 : 0;
}

Status read_adblock(std::string_view text, std::string_view where, const OnPage& on_page) {
  PageWriter pages(where, on_page);
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    line = trim_wide(line);
    if (line.empty() || is_comment(line)) continue;
    std::string_view value = line;
    const char* passed = nullptr;
    if (value.substr(0, 2) == "@@")
      passed = "an exception rule";
    else if (value.find("##") != std::string_view::npos ||
             value.find("#@#") != std::string_view::npos ||
             value.find("#?#") != std::string_view::npos)
      passed = "a cosmetic rule";
    else if (value.size() > 2 && value.front() == '/' && value.back() == '/')
      passed = "a regular expression";
    if (passed == nullptr) {
      const bool below = value.substr(0, 2) == "||";
      while (!value.empty() && value.front() == '|') value.remove_prefix(1);
      // Options: behind the last '$' that a word follows; a '$' inside a path has none of those
      // behind it.
      const std::size_t dollar = value.rfind('$');
      if (dollar != std::string_view::npos && dollar > 0 && dollar + 1 < value.size() &&
          (is_lower(value[dollar + 1]) || value[dollar + 1] == '~') &&
          (value[dollar - 1] == '^' || value.find('/', dollar) == std::string_view::npos)) {
        value = value.substr(0, dollar);
      }
      while (!value.empty() && (value.back() == '^' || value.back() == '|'))
        value.remove_suffix(1);
      if (value.substr(0, 2) == "*.") value.remove_prefix(2);
      if (value.find_first_of("*^|") != std::string_view::npos)
        passed = "a pattern with wildcards";
      else if (value.empty())
        passed = "an empty rule";
      if (passed == nullptr) {
        RawIndicator row;
        const Look look = look_of(value);
        if (look == Look::kName ||
            (below && look == Look::kNone && value.find('/') == std::string_view::npos)) {
          row.type = kHostWord;
        } else if (look == Look::kHostPath || look == Look::kUrl) {
          row.type = "URL";
        }
        row.value = value;
        row.where = pages.at_line(lines.number());
        if (auto status = pages.add(std::move(row)); !status) return status;
        continue;
      }
    }
    pages.page().notes.add("", std::string(passed) + ": no indicator",
                           pages.at_line(lines.number()), line);
  }
  return pages.finish();
}

}  // namespace spoor
