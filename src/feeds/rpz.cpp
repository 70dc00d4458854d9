// DNS response policy zones: "name CNAME ." (NXDOMAIN), "name CNAME *." (NODATA), "name CNAME
// rpz-drop.", "name A 127.0.0.1"; "*.name" is the same name. Address triggers
// "24.0.2.0.192.rpz-ip" are turned round. rpz-passthru is an allow-list and is noted, not read.
// SOA, NS and directives are the zone's own. Source: draft-vixie-dnsop-dns-rpz-00. Tested by
// formats_test.cpp; fuzz_list.

#include <algorithm>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "feeds/formats.h"
#include "feeds/text.h"

namespace spoor {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  line = line.substr(0, line.find(';'));
  while (words.size() < 8) {
    line = trim_wide(line);
    if (line.empty()) break;
    const std::size_t end = line.find_first_of(" \t");
    words.push_back(line.substr(0, end));
    if (end == std::string_view::npos) break;
    line.remove_prefix(end);
  }
  return words;
}

/// Index of the record type in `words`, or 0.
std::size_t record_type(const std::vector<std::string_view>& words) {
  for (std::size_t i = 1; i < words.size() && i < 4; ++i) {
    for (const char* type : {"CNAME", "A", "AAAA", "TXT", "SOA", "NS"}) {
      if (equals_ignore_case(words[i], type)) return i;
    }
  }
  return 0;
}

/// "24.0.2.0.192" is 192.0.2.0/24; "128.1.zz.db8.2001" is 2001:db8::1. Empty where it is
/// neither.
std::string turned_round(std::string_view labels) {
  std::vector<std::string_view> parts;
  while (parts.size() < 10) {
    const std::size_t dot = labels.find('.');
    parts.push_back(labels.substr(0, dot));
    if (dot == std::string_view::npos) break;
    labels.remove_prefix(dot + 1);
  }
  if (parts.size() < 2) return {};
  std::string address;
  const bool v4 =
      parts.size() == 5 && std::find(parts.begin(), parts.end(), "zz") == parts.end();
  for (std::size_t i = parts.size() - 1; i >= 1; --i) {
    if (!address.empty() && address.back() != ':') address += v4 ? '.' : ':';
    if (parts[i] == "zz") {
      address += address.empty() ? "::" : ":";
    } else {
      address += parts[i];
    }
  }
  const bool host = v4 ? parts[0] == "32" : parts[0] == "128";
  if (!host) {
    address += '/';
    address += parts[0];
  }
  const Look look = look_of(address);
  return look == Look::kAddress || look == Look::kNetwork ? address : std::string();
}

}  // namespace

int rpz_confidence(std::string_view head, std::string_view) {
  if (!may_be_lines(head)) return 0;
  int lines = 0, records = 0;
  bool zone = false;
  sample_lines(head, ";", [&](std::string_view line) {
    ++lines;
    const auto words = words_of(line);
    if (words.empty()) return;
    const std::size_t type = record_type(words);
    if (words[0] == "$TTL" || words[0] == "$ORIGIN") zone = true;
    if (type != 0 && equals_ignore_case(words[type], "SOA")) zone = true;
    if (type != 0 && equals_ignore_case(words[type], "CNAME")) ++records;
  });
  if (lines == 0) return 0;
  return (zone && records > 0) || records * 10 >= lines * 7 ? 90 : 0;
}

Status read_rpz(std::string_view text, std::string_view where, const OnPage& on_page) {
  PageWriter pages(where, on_page);
  Lines lines(text);
  std::string_view line;
  int parentheses = 0;  // an SOA may run over several lines
  while (lines.next(line)) {
    const bool inside = parentheses > 0;
    const std::string_view bare = line.substr(0, line.find(';'));
    parentheses += static_cast<int>(std::count(bare.begin(), bare.end(), '(')) -
                   static_cast<int>(std::count(bare.begin(), bare.end(), ')'));
    parentheses = std::max(parentheses, 0);
    if (inside || trim_wide(bare).empty()) continue;
    if (bare.front() == '$' || bare.front() == '@' || is_blank(bare.front())) continue;
    const auto words = words_of(line);
    const std::size_t type = record_type(words);
    if (type == 0) {
      pages.page().damaged.add("", "not a record of a policy zone, expected name CNAME .",
                               pages.at_line(lines.number()), line);
      continue;
    }
    if (equals_ignore_case(words[type], "SOA") || equals_ignore_case(words[type], "NS"))
      continue;
    std::string_view name = words[0];
    const std::string_view target =
        type + 1 < words.size() ? words[type + 1] : std::string_view();
    const char* passed = nullptr;
    std::string address;
    if (starts_with_ignore_case(target, "rpz-passthru")) passed = "an allow-listed name";
    if (name.size() > 2 && name.substr(0, 2) == "*.") name.remove_prefix(2);
    const std::size_t trigger = name.find(".rpz-");
    if (passed == nullptr && trigger != std::string_view::npos) {
      if (name.substr(trigger, 7) == ".rpz-ip") address = turned_round(name.substr(0, trigger));
      if (address.empty()) passed = "a trigger that is neither a name nor an address";
    }
    if (passed != nullptr) {
      pages.page().notes.add("", std::string(passed) + ": no indicator",
                             pages.at_line(lines.number()), line);
      continue;
    }
    RawIndicator row;
    row.type = address.empty() ? std::string(kHostWord) : std::string();
    row.value = address.empty() ? std::string(name) : address;
    row.where = pages.at_line(lines.number());
    if (auto status = pages.add(std::move(row)); !status) return status;
  }
  return pages.finish();
}

}  // namespace spoor
