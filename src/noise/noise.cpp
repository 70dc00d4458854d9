#include "noise/noise.h"

#include <map>
#include <utility>

#include "base/ascii.h"
#include "noise/builtin.h"
#include "noise/list_index.h"
#include "noise/subject.h"

namespace spoor {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    words.emplace_back(text.substr(0, blank));
    text = blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
  }
  return words;
}

std::vector<WarningList> builtin_lists() {
  std::vector<WarningList> lists;
  for (const BuiltinGroup& group : builtin_groups()) {
    WarningList list;
    list.name = group.name;
    list.kind = group.kind;
    list.verdict = group.verdict;
    list.attributes = words_of(group.attributes);
    for (const BuiltinRow& row : group.rows) list.entries.emplace_back(row.value);
    lists.push_back(std::move(list));
  }
  return lists;
}

std::string_view builtin_reason(const BuiltinGroup& group, std::string_view entry) {
  for (const BuiltinRow& row : group.rows) {
    if (row.value == entry) return row.reason;
  }
  return "a row of the built-in set";
}

/// The stronger of two; of equal ones the first.
void take_stronger(Judgement& best, Judgement&& other) {
  if (best.rule.empty() || other.verdict > best.verdict) best = std::move(other);
}

}  // namespace

struct Noise::Parts {
  std::vector<WarningList> lists;  // names only, once built
  std::unique_ptr<const ListIndex> index, builtin;
  std::map<Observable, AllowEntry> allowed;
  std::vector<std::pair<Network, AllowEntry>> allowed_networks;
  std::map<std::string, AllowEntry, std::less<>> allowed_names;
  std::map<Observable, std::vector<BenignNote>> notes;
  VolumeLimits volume;

  const AllowEntry* allow_of(const Observable& observable) const;
};

std::unique_ptr<const Noise> Noise::build(NoiseInputs inputs, Tally& refused) {
  auto parts = std::make_unique<Parts>();
  parts->index = ListIndex::build(inputs.lists, refused);
  for (WarningList& list : inputs.lists) list.entries = {};
  parts->lists = std::move(inputs.lists);
  if (inputs.builtin) parts->builtin = ListIndex::build(builtin_lists(), refused);
  for (AllowEntry& entry : inputs.allowed) {
    if (entry.expires && *entry.expires <= inputs.now) continue;
    switch (entry.kind) {
      case AllowEntry::Kind::kValue:
        parts->allowed.emplace(entry.observable, std::move(entry));
        break;
      case AllowEntry::Kind::kNetwork:
        if (const auto network = parse_network(entry.observable.value, nullptr))
          parts->allowed_networks.emplace_back(*network, std::move(entry));
        break;
      case AllowEntry::Kind::kNames:
        parts->allowed_names.emplace(entry.observable.value, std::move(entry));
        break;
    }
  }
  for (BenignNote& note : inputs.notes)
    parts->notes[note.observable].push_back(std::move(note));
  parts->volume = inputs.volume;
  return std::unique_ptr<const Noise>(new Noise(std::move(parts)));
}

Noise::Noise(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Noise::~Noise() = default;

/// One's own word holds for a URL's host too, whatever its path: who allows a name, or a
/// network, means what lies there.
const AllowEntry* Noise::Parts::allow_of(const Observable& observable) const {
  if (const auto found = allowed.find(observable); found != allowed.end())
    return &found->second;
  if (allowed_networks.empty() && allowed_names.empty() && allowed.empty()) return nullptr;
  const Subject subject = subject_of(observable);
  // Which of domain and hostname a name is, feeds say differently.
  for (const IndicatorType type : {IndicatorType::kDomain, IndicatorType::kHostname}) {
    if (observable.type != IndicatorType::kDomain &&
        observable.type != IndicatorType::kHostname)
      break;
    const auto found = allowed.find(Observable{type, observable.value});
    if (found != allowed.end()) return &found->second;
  }
  if (subject.network) {
    for (const auto& [network, entry] : allowed_networks) {
      if (network.is_v6 != subject.network->is_v6 || network.prefix > subject.network->prefix)
        continue;
      Network outer = *subject.network;
      outer.prefix = network.prefix;
      const auto masked = parse_network(format_network(outer), nullptr);
      if (masked && masked->base == network.base) return &entry;
    }
  }
  for (std::string_view rest = subject.host; !rest.empty();) {
    if (const auto found = allowed_names.find(rest); found != allowed_names.end())
      return &found->second;
    const std::size_t dot = rest.find('.');
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  }
  return nullptr;
}

Judgement Noise::of_observable(const Observable& observable) const {
  if (const AllowEntry* entry = parts_->allow_of(observable)) {
    std::string reason = "allowed: " + entry->reason;
    if (entry->expires) reason += " (until " + format_iso8601(*entry->expires) + ")";
    return {Verdict::kSuppressed, "N1", std::move(reason)};
  }
  Judgement best;
  if (const auto match = parts_->index->find(observable)) {
    best = {match->verdict, "N2",
            "warninglist '" + parts_->lists[match->list].name + "': " + match->entry};
  }
  if (parts_->builtin != nullptr) {
    if (const auto match = parts_->builtin->find(observable)) {
      const BuiltinGroup& group = builtin_groups()[match->list];
      take_stronger(best, {match->verdict, "N3",
                           "built-in '" + std::string(group.name) + "': " + match->entry +
                               ", " + std::string(builtin_reason(group, match->entry))});
    }
  }
  if (const auto notes = parts_->notes.find(observable); notes != parts_->notes.end()) {
    for (const BenignNote& note : notes->second) {
      std::string reason = "note of '" + note.source + "': " + note.name;
      if (!note.message.empty()) reason += ", " + note.message;
      take_stronger(best, {verdict_of_note(note.source, note.name), "N4", std::move(reason)});
    }
  }
  return best;
}

Judgement Noise::judge(const Observable& observable, const Judgement& alone,
                       const Event& event) const {
  if (alone.verdict == Verdict::kSuppressed) return alone;
  if (event.grade == Grade::kWeak)
    return {Verdict::kWeak, "N7", std::string(weak_reason(event.match_rule))};
  if (alone.verdict == Verdict::kWeak) return alone;
  if (const std::string_view reason = flow_reason(event.flow); !reason.empty())
    return {Verdict::kWeak, "N6", std::string(reason)};
  std::string reason =
      volume_reason(observable, event.volume, event.all_events, parts_->volume);
  if (!reason.empty()) return {Verdict::kWeak, "N5", std::move(reason)};
  return alone;
}

std::string_view reason_group(std::string_view reason) {
  std::size_t end = reason.find("': ");
  if (end != std::string_view::npos) return reason.substr(0, end + 1);
  end = reason.find(": ");
  return reason.substr(0, end);
}

}  // namespace spoor
