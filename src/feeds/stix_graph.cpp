// See stix_graph.h. Tested by stix_test.cpp.

#include "feeds/stix_graph.h"

#include <algorithm>

#include "base/ascii.h"
#include "feeds/json_rows.h"

namespace spoor {
namespace {

constexpr std::size_t kMostRefs = 1'000'000;
constexpr std::size_t kMostPerObject = 64;  // related names kept for one indicator
constexpr std::size_t kMostReports = 16;    // that one object is a row of

template <typename T>
void keep_strictest(std::optional<T>& held, std::optional<T> found) {
  if (found && (!held || *found > *held)) held = found;
}

}  // namespace

std::vector<std::string> stix_attack_ids(JsonView object) {
  std::vector<std::string> ids;
  object["external_references"].each_element([&](JsonView reference) {
    const std::string id = reference["external_id"].text();
    if (starts_with_ignore_case(reference["source_name"].string(), "mitre") &&
        is_attack_id(id)) {
      add_word(ids, id);
    }
  });
  return ids;
}

void StixGraph::add(JsonView object) {
  const std::string_view type = object["type"].string();
  const std::string id = object["id"].text();
  if (type == "marking-definition") {
    if (!id.empty()) marks_[id] = read_stix_mark(object);
    return;
  }
  if (type == "relationship") {
    if (object["relationship_type"].string() != "indicates") return;
    auto& targets = indicates_[object["source_ref"].text()];
    if (targets.size() < kMostPerObject) add_word(targets, object["target_ref"].string());
    return;
  }
  if (type == "sighting") {
    auto seen = json_time(object["last_seen"]);
    if (!seen) seen = json_time(object["first_seen"]);
    if (!seen) seen = json_time(object["created"]);
    if (!seen) return;
    const auto [at, fresh] = sighted_.emplace(object["sighting_of_ref"].text(), *seen);
    if (!fresh) at->second = std::max(at->second, *seen);
    return;
  }
  if (id.empty()) return;
  Named& named = named_[id];
  const auto modified = json_time(object["modified"]);
  if (named.modified && modified && *modified < *named.modified) return;
  named.modified = modified ? modified : named.modified;
  if (type == "malware" || type == "tool") {
    named.kind = Kind::kMalware;
  } else if (type == "threat-actor" || type == "intrusion-set") {
    named.kind = Kind::kAdversary;
  } else if (type == "attack-pattern") {
    named.kind = Kind::kAttack;
    named.attack_ids = stix_attack_ids(object);
  } else if (type == "identity") {
    named.kind = Kind::kIdentity;
  } else if (type == "location") {
    named.kind = Kind::kPlace;
  } else if (type == "report" || type == "grouping") {
    add_report(object);
    return;
  } else {
    return;
  }
  named.name = object["name"].text();
  if (named.name.empty()) named.name = object["country"].text();
}

void StixGraph::add_report(JsonView object) {
  const std::string id = lower(object["id"].text());
  const std::size_t dashes = id.find("--");
  Report report;
  Pulse& pulse = report.pulse;
  pulse.id = "stix:" + (dashes == std::string::npos ? id : id.substr(dashes + 2));
  pulse.name = object["name"].text();
  pulse.description = object["description"].text();
  if (pulse.description.empty()) pulse.description = object["context"].text();
  pulse.created = json_time(object["published"]);
  if (!pulse.created) pulse.created = json_time(object["created"]);
  pulse.modified = json_time(object["modified"]);
  TagFacts tags;
  for (const char* name : {"labels", "report_types"}) {
    for (const std::string& label : json_words(object[name])) tags.add(label);
  }
  pulse.tags = tags.plain;
  pulse.malware_families = tags.malware;
  pulse.attack_ids = tags.attack_ids;
  for (const std::string& word : tags.adversaries) append_listed(pulse.adversary, word);
  std::optional<Tlp> tlp = tags.tlp;
  keep_strictest(tlp, marks_of(object).tlp);
  if (tlp) pulse.tlp = *tlp;
  object["external_references"].each_element(
      [&](JsonView reference) { add_word(pulse.references, reference["url"].string()); });
  for (const std::string& attack : stix_attack_ids(object)) add_word(pulse.attack_ids, attack);
  object["object_refs"].each_element([&](JsonView ref) {
    if (report.refs.size() < kMostRefs) report.refs.push_back(ref.text());
  });
  // The newest version of a report is the one that counts.
  const auto [known, fresh] = report_index_.emplace(pulse.id, reports_.size());
  if (!fresh) {
    reports_[known->second] = std::move(report);
    authors_[known->second] = object["created_by_ref"].text();
    return;
  }
  reports_.push_back(std::move(report));
  authors_.push_back(object["created_by_ref"].text());
}

void StixGraph::close() {
  for (std::size_t i = 0; i < reports_.size(); ++i) {
    Pulse& pulse = reports_[i].pulse;
    const auto author = named_.find(authors_[i]);
    if (author != named_.end()) pulse.author = author->second.name;
    std::vector<std::string> adversaries;
    for (const std::string& ref : reports_[i].refs) {
      auto& places = report_places_[ref];
      if (places.size() < kMostReports && (places.empty() || places.back() != i))
        places.push_back(i);
      const auto found = named_.find(ref);
      if (found == named_.end()) {
        // Nothing of this id is here (the next page of a collection has it): what the report
        // held before does not end.
        const std::string_view type = std::string_view(ref).substr(0, ref.find("--"));
        if (type != "relationship" && type != "marking-definition" && type != "sighting")
          pulse.more_indicators = true;
        continue;
      }
      const Named& named = found->second;
      if (named.kind == Kind::kMalware) add_word(pulse.malware_families, named.name);
      if (named.kind == Kind::kAdversary) add_word(adversaries, named.name);
      if (named.kind == Kind::kPlace) add_word(pulse.targeted_countries, named.name);
      for (const std::string& id : named.attack_ids) add_word(pulse.attack_ids, id);
    }
    for (const std::string& name : adversaries) append_listed(pulse.adversary, name);
  }
}

const std::vector<std::size_t>& StixGraph::reports_of(std::string_view id) const {
  static const std::vector<std::size_t> kNone;
  const auto found = report_places_.find(std::string(id));
  return found == report_places_.end() ? kNone : found->second;
}

bool StixGraph::is_newest(const std::string& id, std::optional<Time> modified) const {
  const auto found = named_.find(id);
  return found == named_.end() || !found->second.modified || !modified ||
         *modified >= *found->second.modified;
}

void StixGraph::tell(const std::string& id, ClaimFacts& facts) const {
  const auto related = indicates_.find(id);
  if (related != indicates_.end()) {
    std::vector<std::string> malware, adversaries;
    for (const std::string& target : related->second) {
      const auto found = named_.find(target);
      if (found == named_.end()) continue;
      if (found->second.kind == Kind::kMalware) add_word(malware, found->second.name);
      if (found->second.kind == Kind::kAdversary) add_word(adversaries, found->second.name);
      for (const std::string& attack : found->second.attack_ids)
        add_word(facts.attack_ids, attack);
    }
    for (const std::string& name : malware) append_listed(facts.malware, name);
    for (const std::string& name : adversaries) append_listed(facts.adversary, name);
  }
  const auto seen = sighted_.find(id);
  if (seen != sighted_.end()) {
    facts.last_said = facts.last_said ? std::max(*facts.last_said, seen->second) : seen->second;
  }
}

StixMark StixGraph::marks_of(JsonView object) const {
  StixMark all;
  const auto take = [&](JsonView ref) {
    const std::string id = ref.text();
    keep_strictest(all.tlp, stix_tlp(id));
    const auto found = marks_.find(id);
    if (found == marks_.end()) return;
    keep_strictest(all.tlp, found->second.tlp);
    keep_strictest(all.pap, found->second.pap);
  };
  object["object_marking_refs"].each_element(take);
  object["granular_markings"].each_element(
      [&](JsonView marking) { take(marking["marking_ref"]); });
  return all;
}

}  // namespace spoor
