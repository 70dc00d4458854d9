// See tags.h. A machine tag is namespace:predicate="value" or namespace:value. Where a scale of
// words becomes a number: misp:confidence-level has MISP's own; the admiralty scale steps down
// by 25 from "completely reliable"; estimative language is the middle of the range that ICD 203
// gives. Words for "cannot be judged" say nothing. Tested by tags_test.cpp.

#include "feeds/tags.h"

#include <algorithm>

#include "base/ascii.h"
#include "feeds/json_rows.h"

namespace spoor {
namespace {

struct ScaleRow {
  std::string_view name;  ///< namespace:predicate
  std::string_view value;
  std::uint8_t confidence;
};

constexpr ScaleRow kScales[] = {
    {"misp:confidence-level", "completely-confident", 100},
    {"misp:confidence-level", "usually-confident", 75},
    {"misp:confidence-level", "fairly-confident", 50},
    {"misp:confidence-level", "rarely-confident", 25},
    {"misp:confidence-level", "unconfident", 0},
    {"admiralty-scale:source-reliability", "a", 100},
    {"admiralty-scale:source-reliability", "b", 75},
    {"admiralty-scale:source-reliability", "c", 50},
    {"admiralty-scale:source-reliability", "d", 25},
    {"admiralty-scale:source-reliability", "e", 0},
    {"admiralty-scale:information-credibility", "1", 100},
    {"admiralty-scale:information-credibility", "2", 75},
    {"admiralty-scale:information-credibility", "3", 50},
    {"admiralty-scale:information-credibility", "4", 25},
    {"admiralty-scale:information-credibility", "5", 0},
    {"estimative-language:likelihood-probability", "almost-certain", 97},
    {"estimative-language:likelihood-probability", "very-likely", 88},
    {"estimative-language:likelihood-probability", "likely", 68},
    {"estimative-language:likelihood-probability", "roughly-even-chance", 50},
    {"estimative-language:likelihood-probability", "unlikely", 33},
    {"estimative-language:likelihood-probability", "very-unlikely", 13},
    {"estimative-language:likelihood-probability", "almost-no-chance", 3},
    {"estimative-language:confidence-in-analytic-judgment", "high", 85},
    {"estimative-language:confidence-in-analytic-judgment", "moderate", 50},
    {"estimative-language:confidence-in-analytic-judgment", "low", 15},
};

enum class Galaxy : std::uint8_t { kOther, kMalware, kAdversary, kAttack, kCountry, kIndustry };

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// By the galaxy's type: "mitre-attack-pattern", "mitre-enterprise-attack-malware", "rat", ...
Galaxy galaxy_of(std::string_view type) {
  if (holds(type, "attack-pattern")) return Galaxy::kAttack;
  if (holds(type, "intrusion-set") || holds(type, "threat-actor") ||
      holds(type, "activity-group")) {
    return Galaxy::kAdversary;
  }
  if (holds(type, "course-of-action") || holds(type, "data-source")) return Galaxy::kOther;
  if (holds(type, "malware") || holds(type, "tool")) return Galaxy::kMalware;
  for (const std::string_view kind :
       {"malpedia", "ransomware", "rat", "banker", "botnet", "stealer", "backdoor", "android",
        "exploit-kit", "cryptominers", "stalkerware", "tds", "infostealer"}) {
    if (type == kind) return Galaxy::kMalware;
  }
  if (type == "country" || type == "target-information") return Galaxy::kCountry;
  if (type == "sector") return Galaxy::kIndustry;
  return Galaxy::kOther;
}

/// "Obfuscated Files or Information - T1027" in two.
std::pair<std::string_view, std::string_view> name_and_id(std::string_view text) {
  const std::size_t at = text.rfind(" - ");
  if (at == std::string_view::npos) return {text, {}};
  const std::string_view id = trim(text.substr(at + 3));
  const bool is_id =
      id.size() >= 5 && id.size() <= 9 && is_upper(id[0]) &&
      std::all_of(id.begin() + 1, id.end(), [](char c) { return is_digit(c) || c == '.'; });
  if (!is_id) return {text, {}};
  return {trim(text.substr(0, at)), id};
}

template <typename T>
void keep_strictest(std::optional<T>& held, T found) {
  if (!held || found > *held) held = found;
}

}  // namespace

void TagFacts::add(std::string_view tag) {
  tag = trim(tag);
  if (tag.empty()) return;
  if (starts_with_ignore_case(tag, "tlp:")) {
    // "tlp:unclear" and "tlp:ex:chr" are words of the vocabulary, too: the stricter reading.
    keep_strictest(tlp, parse_tlp(tag));
    return;
  }
  if (starts_with_ignore_case(tag, "pap:")) {
    if (const auto found = parse_pap(tag)) keep_strictest(pap, *found);
    return;
  }
  const std::size_t equals = tag.find('=');
  const std::string name = lower(trim(tag.substr(0, equals)));
  std::string_view value =
      equals == std::string_view::npos ? std::string_view() : trim(tag.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = trim(value.substr(1, value.size() - 2));
  for (const ScaleRow& row : kScales) {
    if (row.name != name || !equals_ignore_case(row.value, value)) continue;
    confidence = std::min(confidence.value_or(100), row.confidence);
    return;
  }
  constexpr std::string_view kGalaxy = "misp-galaxy:";
  if (!starts_with_ignore_case(name, kGalaxy) || value.empty()) {
    add_word(plain, tag);
    return;
  }
  const auto [word, id] = name_and_id(value);
  switch (galaxy_of(std::string_view(name).substr(kGalaxy.size()))) {
    case Galaxy::kMalware:
      add_word(malware, word);
      return;
    case Galaxy::kAdversary:
      add_word(adversaries, word);
      return;
    case Galaxy::kAttack:
      if (id.empty()) {
        add_word(plain, tag);
      } else {
        add_word(attack_ids, id);
      }
      return;
    case Galaxy::kCountry:
      add_word(countries, word);
      return;
    case Galaxy::kIndustry:
      add_word(industries, word);
      return;
    case Galaxy::kOther:
      add_word(plain, tag);
      return;
  }
}

void tell_claim(const TagFacts& tags, ClaimFacts& facts) {
  if (!facts.tlp) facts.tlp = tags.tlp;
  if (!facts.pap) facts.pap = tags.pap;
  if (!facts.confidence) facts.confidence = tags.confidence;
  if (facts.malware.empty()) {
    for (const std::string& name : tags.malware) append_listed(facts.malware, name);
  }
  if (facts.adversary.empty()) {
    for (const std::string& name : tags.adversaries) append_listed(facts.adversary, name);
  }
  for (const std::string& id : tags.attack_ids) add_word(facts.attack_ids, id);
}

}  // namespace spoor
