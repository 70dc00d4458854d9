#include "noise/misp_list.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ascii.h"

namespace spoor {
namespace {

using Json = nlohmann::json;

struct VerdictRow {
  std::string_view part;  // of the name, case-blind
  Verdict verdict;
  std::string_view why;
};
// The first row that fits decides.
constexpr VerdictRow kVerdictRows[] = {
    {"sinkhole", Verdict::kShown,
     "a host that talks to a sinkhole is infected: the contrary of harmless"},
    {"tor exit", Verdict::kShown, "that an address is a Tor exit does not make it harmless"},
    {"tor node", Verdict::kShown, "that an address is a Tor node does not make it harmless"},
    {"vpn", Verdict::kShown, "that an address is a VPN's does not make it harmless"},
    {"second level tld", Verdict::kWeak,
     "a public suffix: the names below it belong to strangers, its own name says little"},
    {"tlds as known by iana", Verdict::kWeak,
     "a public suffix: the names below it belong to strangers, its own name says little"},
};

bool holds(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return to_lower(a) == to_lower(b); }) != text.end();
}

/// A text member, "" where it is absent; a number as its digits.
std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number() ? found->dump() : std::string();
}

bool is_entry(std::string_view text) {
  return !text.empty() && text.size() <= kMostEntryBytes &&
         text.find_first_of(std::string_view("\n\r\0", 3)) == std::string_view::npos;
}

}  // namespace

ListVerdict list_verdict(std::string_view name, std::string_view category) {
  for (const VerdictRow& row : kVerdictRows) {
    if (holds(name, row.part)) return {row.verdict, row.why};
  }
  if (starts_with_ignore_case(category, "known"))
    return {Verdict::kShown, "the list says what is known, not what is harmless"};
  return {};
}

Result<WarningList> parse_misp_list(std::string_view text, std::uint64_t* left_out) {
  if (text.size() > kMostListBytes)
    return fail("found " + std::to_string(text.size()) + " bytes, expected at most " +
                std::to_string(kMostListBytes));
  const Json root = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return fail("found no JSON object, expected one MISP warninglist");
  const auto entries = root.find("list");
  if (entries == root.end() || !entries->is_array())
    return fail("found no member 'list', expected an array of values");
  WarningList list;
  list.name = std::string(trim(text_of(root, "name")));
  if (list.name.empty() || !is_entry(list.name))
    return fail("found no member 'name', expected the list's name");
  const std::string kind = text_of(root, "type");
  const auto known = list_kind_from_name(kind);
  if (!known)
    return fail("type: found '" + kind.substr(0, 40) +
                "', expected string, substring, hostname, cidr or regex");
  list.kind = *known;
  list.description = text_of(root, "description");
  list.version = text_of(root, "version");
  list.verdict = list_verdict(list.name, text_of(root, "category")).verdict;
  if (const auto words = root.find("matching_attributes");
      words != root.end() && words->is_array()) {
    for (const Json& word : *words) {
      if (word.is_string() && list.attributes.size() < 1000)
        list.attributes.push_back(word.get<std::string>());
    }
  }
  std::uint64_t refused = 0;
  list.entries.reserve(entries->size());
  for (const Json& entry : *entries) {
    const auto* value = entry.get_ptr<const std::string*>();
    const std::string_view trimmed = value == nullptr ? std::string_view() : trim(*value);
    if (is_entry(trimmed)) {
      list.entries.emplace_back(trimmed);
    } else {
      ++refused;
    }
  }
  if (left_out != nullptr) *left_out = refused;
  return list;
}

}  // namespace spoor
