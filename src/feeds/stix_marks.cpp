// See stix_marks.h. Tested by stix_test.cpp.

#include "feeds/stix_marks.h"

#include <string>

#include "base/ascii.h"

namespace spoor {
namespace {

struct Row {
  std::string_view id;
  Tlp tlp;
};

constexpr Row kRows[] = {
    // TLP 1.0
    {"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::kClear},
    {"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::kGreen},
    {"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", Tlp::kAmber},
    {"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::kRed},
    // TLP 2.0
    {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::kClear},
    {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::kGreen},
    {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::kAmber},
    {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::kAmberStrict},
    {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::kRed},
};

}  // namespace

std::optional<Tlp> stix_tlp(std::string_view marking_id) {
  for (const Row& row : kRows) {
    if (equals_ignore_case(row.id, marking_id)) return row.tlp;
  }
  return std::nullopt;
}

StixMark read_stix_mark(JsonView definition) {
  StixMark mark;
  mark.tlp = stix_tlp(definition["id"].string());
  if (mark.tlp) return mark;
  std::string word = definition["definition"]["tlp"].text();
  definition["extensions"].each_member([&](std::string_view, JsonView extension) {
    if (word.empty()) word = extension["tlp_2_0"].text();
  });
  if (!word.empty()) {
    mark.tlp = parse_tlp(word);
    return mark;
  }
  for (const std::string& text :
       {definition["name"].text(), definition["definition"]["statement"].text()}) {
    if (starts_with_ignore_case(text, "tlp:")) mark.tlp = parse_tlp(text);
    if (starts_with_ignore_case(text, "pap:")) mark.pap = parse_pap(text);
  }
  return mark;
}

}  // namespace spoor
