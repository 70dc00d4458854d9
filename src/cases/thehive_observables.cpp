// The part of a pass that deals with observables: groups, what is there, what is missing, and
// what a refused call leads to.

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "cases/thehive.h"
#include "cases/thehive_filing.h"

namespace spoor {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::size_t kMostPages = 10'000;
constexpr std::size_t kMostCallsAtOnce = 64;

}  // namespace

std::string HiveFiling::type_of(const DraftObservable& observable) const {
  const std::string_view wanted = data_type_of(dialect_, observable.observable.type);
  if (vocabulary_.data_types.empty() || vocabulary_.has_type(wanted))
    return std::string(wanted);
  // A host is a host by whatever name the server knows.
  if (wanted == "hostname" && vocabulary_.has_type("fqdn")) return "fqdn";
  if (wanted == "fqdn" && vocabulary_.has_type("hostname")) return "hostname";
  return "other";
}

std::vector<ObservableGroup> HiveFiling::groups_of(
    const std::vector<const DraftObservable*>& all) const {
  using Key = std::tuple<std::string, std::string, bool, std::optional<Time>,
                         std::vector<std::string>, Tlp>;
  std::map<Key, std::vector<const DraftObservable*>> sorted;
  for (const DraftObservable* each : all) {
    std::string type = type_of(*each);
    std::vector<std::string> tags = each->tags;
    if (type == "other" || type == "hash")
      tags.push_back("type:" + std::string(name_of(each->observable.type)));
    sorted[{std::move(type), each->message, each->sighted, each->sighted_at,
            clean_tags(std::move(tags)), each->tlp}]
        .push_back(each);
  }
  const std::size_t limit =
      (options_.body_limit > 0 ? options_.body_limit : dialect_.body_limit) * 9 / 10;
  std::vector<ObservableGroup> groups;
  for (const auto& [key, members] : sorted) {
    std::size_t bytes = 0;
    ObservableGroup empty;
    std::tie(empty.data_type, empty.message, empty.sighted, empty.sighted_at, empty.tags,
             empty.tlp) = key;
    ObservableGroup group = empty;
    for (const DraftObservable* each : members) {
      std::string written;
      append_json_string(written, each->observable.value);
      const std::size_t size = written.size() + 1;
      // A value over 4096 characters goes alone (InputObservableData).
      const bool alone = each->observable.value.size() > 4096;
      if (!group.data.empty() &&
          (alone || bytes + size > limit || group.data.size() >= options_.chunk)) {
        groups.push_back(std::move(group));
        group = empty;
        bytes = 0;
      }
      group.data.push_back(each->observable.value);
      bytes += alone ? limit : size;
    }
    if (!group.data.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

HiveFiling::Stop HiveFiling::list(std::vector<RemoteObservable>& all) {
  const HiveTarget here = target();
  if (!here.is_case && !dialect_.query) return std::nullopt;  // they came with the alert
  for (std::size_t page = 0; page < kMostPages; ++page) {
    const CallOutcome answer =
        caller_.call(search_.list_observables(here, page * kPage, (page + 1) * kPage));
    if (answer.trouble != Trouble::kNone) return answer;
    auto read = read_observables(answer.body);
    if (!read) return unreadable(answer, read.error());
    all.insert(all.end(), std::make_move_iterator(read->begin()),
               std::make_move_iterator(read->end()));
    if (read->size() < kPage) return std::nullopt;
  }
  return std::nullopt;
}

void HiveFiling::break_up(const ObservableGroup& group, const CallOutcome& outcome,
                          std::vector<ObservableGroup>& again) {
  const std::string words = lower(outcome.message);
  if (group.data_type != "other" && outcome.status == 404 &&
      words.find("not found") != std::string::npos &&
      words.find(lower(group.data_type)) != std::string::npos) {
    note("data type '" + group.data_type + "' is not known there: sent as 'other'");
    ObservableGroup other = group;
    other.tags.push_back("type:" + group.data_type);
    other.data_type = "other";
    again.push_back(std::move(other));
    return;
  }
  if (group.data.size() == 1) {
    filing_->refusals.push_back({group.data_type + " " + group.data[0], outcome.message});
    return;
  }
  // One of them is to blame: halves, until it stands alone.
  const auto middle = group.data.begin() + static_cast<std::ptrdiff_t>(group.data.size() / 2);
  ObservableGroup left = group, right = group;
  left.data.assign(group.data.begin(), middle);
  right.data.assign(middle, group.data.end());
  again.push_back(std::move(left));
  again.push_back(std::move(right));
}

HiveFiling::Stop HiveFiling::add_groups(std::vector<ObservableGroup> groups) {
  const HiveTarget here = target();
  while (!groups.empty()) {
    const std::size_t count = std::min(groups.size(), kMostCallsAtOnce);
    std::vector<ApiCall> calls;
    for (std::size_t i = 0; i < count; ++i)
      calls.push_back(requests_.add_observables(here, groups[i]));
    const auto outcomes = caller_.call_all(calls);
    std::vector<ObservableGroup> again;
    Stop stop;
    for (std::size_t i = 0; i < count; ++i) {
      const CallOutcome& outcome = outcomes[i];
      const ObservableGroup& group = groups[i];
      if (outcome.trouble == Trouble::kNone) {
        AddedObservables added = read_added(outcome.body, outcome.status, group.data.size());
        filing_->observables_added += added.added;
        for (auto& [value, words] : added.refused)
          filing_->refusals.push_back({group.data_type + " " + value, std::move(words)});
      } else if (outcome.trouble != Trouble::kRefused) {
        // The first one that was sent says most.
        if (!stop || stop->message == "not sent") stop = outcome;
      } else if (!says_already_there(outcome.message) || group.data.size() > 1) {
        break_up(group, outcome, again);
      }
    }
    if (stop) return stop;
    groups.erase(groups.begin(), groups.begin() + static_cast<std::ptrdiff_t>(count));
    groups.insert(groups.begin(), std::make_move_iterator(again.begin()),
                  std::make_move_iterator(again.end()));
  }
  return std::nullopt;
}

HiveFiling::Stop HiveFiling::add_observables(const RemoteAlert& alert, bool list_them) {
  std::vector<RemoteObservable> there = alert.observables;
  if (list_them) {
    if (target().is_case) there.clear();
    if (Stop stop = list(there)) return stop;
  }
  std::set<std::pair<std::string, std::string>> known(sent_.begin(), sent_.end());
  for (const RemoteObservable& each : there) known.emplace(each.data_type, each.data);
  std::vector<const DraftObservable*> missing;
  for (const DraftObservable& each : draft_.observables) {
    if (known.emplace(type_of(each), each.observable.value).second) missing.push_back(&each);
  }
  if (!missing.empty() && !target().is_case && dialect_.alert_observable.empty()) {
    note(std::to_string(missing.size()) +
         " observables are left out: TheHive 3 adds none to an alert; file a case instead");
    missing.clear();
  }
  if (Stop stop = add_groups(groups_of(missing))) return stop;
  return mark_sighted(there);
}

HiveFiling::Stop HiveFiling::mark_sighted(const std::vector<RemoteObservable>& there) {
  if (dialect_.sighted_path.empty() || (!target().is_case && !dialect_.query))
    return std::nullopt;
  std::map<std::pair<std::string, std::string>, const DraftObservable*> sighted;
  for (const DraftObservable& each : draft_.observables) {
    if (each.sighted) sighted[{type_of(each), each.observable.value}] = &each;
  }
  std::map<std::optional<Time>, std::vector<std::string>> by_time;
  for (const RemoteObservable& each : there) {
    if (each.sighted || each.id.empty()) continue;
    const auto found = sighted.find({each.data_type, each.data});
    if (found != sighted.end()) by_time[found->second->sighted_at].push_back(each.id);
  }
  for (const auto& [time, ids] : by_time) {
    for (std::size_t at = 0; at < ids.size(); at += options_.chunk) {
      const std::size_t count = std::min(options_.chunk, ids.size() - at);
      const CallOutcome answer =
          caller_.call(requests_.mark_sighted(std::span(ids).subspan(at, count), time));
      if (answer.trouble == Trouble::kRefused) {
        note("observables could not be marked as sighted: " + answer.message);
        return std::nullopt;
      }
      if (answer.trouble != Trouble::kNone) return answer;
      filing_->updated = true;
    }
  }
  return std::nullopt;
}

}  // namespace spoor
