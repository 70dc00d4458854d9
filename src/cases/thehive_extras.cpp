// The part of a pass that adds techniques, tasks and the file of what was left out. A server
// that refuses one of them costs a note and not the filing.

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/hash.h"
#include "cases/thehive_filing.h"

namespace spoor {

HiveFiling::Stop HiveFiling::find_patterns(const std::vector<std::string>& wanted,
                                           std::vector<std::string>& known) {
  for (const std::string& technique : wanted) {
    const CallOutcome pattern = caller_.call(requests_.find_pattern(technique));
    if (pattern.trouble == Trouble::kTransient || pattern.trouble == Trouble::kNoEntry)
      return pattern;
    const auto found = read_members(pattern.body, "patternId");
    if (pattern.trouble == Trouble::kRefused || !found || found->empty()) {
      note("technique " + technique + " is not in the catalogue there: it stays a tag");
    } else {
      known.push_back(technique);
    }
  }
  return std::nullopt;
}

HiveFiling::Stop HiveFiling::add_procedures() {
  if (!dialect_.procedures || draft_.techniques.empty()) return std::nullopt;
  const CallOutcome listed = caller_.call(requests_.list_procedures(target()));
  if (listed.trouble == Trouble::kRefused) {
    note("techniques could not be listed: " + listed.message);
    return std::nullopt;
  }
  if (listed.trouble != Trouble::kNone) return listed;
  const auto there = read_members(listed.body, "patternId");
  if (!there) return unreadable(listed, there.error());
  std::vector<std::string> wanted, missing;
  for (const std::string& technique : draft_.techniques) {
    if (std::find(there->begin(), there->end(), technique) == there->end())
      wanted.push_back(technique);
  }
  if (Stop stop = find_patterns(wanted, missing)) return stop;
  if (missing.empty()) return std::nullopt;
  const Time when = draft_.date.value_or(caller_.pace().clock->now());
  const CallOutcome answer = caller_.call(requests_.add_procedures(target(), missing, when));
  if (answer.trouble == Trouble::kRefused) {
    note("techniques were refused: " + answer.message);
    return std::nullopt;
  }
  if (answer.trouble != Trouble::kNone) return answer;
  return std::nullopt;
}

HiveFiling::Stop HiveFiling::add_tasks() {
  if (draft_.tasks.empty() || remote_.case_id.empty()) return std::nullopt;
  std::set<std::string> done;
  for (std::size_t i = 0; i < draft_.tasks.size(); ++i) {
    const std::string title = cut_text(draft_.tasks[i].title, 128);
    if (!done.insert(title).second) continue;
    // A task has no key but its title within the case, so that is looked up, and each time
    // right before: a request whose answer was lost, or another process, may have made it by
    // now.
    const CallOutcome listed = caller_.call(search_.list_tasks(remote_.case_id));
    if (listed.trouble != Trouble::kNone) return listed;
    const auto there = read_members(listed.body, "title");
    if (!there) return unreadable(listed, there.error());
    if (std::find(there->begin(), there->end(), title) != there->end()) continue;
    const CallOutcome answer =
        caller_.call(requests_.add_task(remote_.case_id, draft_.tasks[i], i));
    if (answer.trouble == Trouble::kRefused) {
      note("task '" + title + "' was refused: " + answer.message);
      continue;
    }
    if (answer.trouble != Trouble::kNone) return answer;
  }
  return std::nullopt;
}

HiveFiling::Stop HiveFiling::attach() {
  if (draft_.files.empty()) return std::nullopt;
  const HiveTarget here = target();
  if (!dialect_.attachments && !here.is_case) {
    note(std::to_string(draft_.left_out) +
         " observables over the limit are left out: alerts of this version take no files");
    return std::nullopt;
  }
  std::vector<std::string> names;
  if (dialect_.attachments) {
    const CallOutcome listed = caller_.call(requests_.list_attachments(here));
    if (listed.trouble != Trouble::kNone) return listed;
    auto read = read_members(listed.body, "name");
    if (!read) return unreadable(listed, read.error());
    names = std::move(*read);
  } else {
    std::vector<RemoteObservable> there;
    if (Stop stop = list(there)) return stop;
    for (const RemoteObservable& each : there) {
      if (each.data_type == "file") names.push_back(each.data);
    }
  }
  for (const DraftFile& file : draft_.files) {
    // The digest in the name tells a changed list from the one that is there.
    const std::string name = to_hex(xxh3_128(file.bytes).view()).substr(0, 8) + "-" + file.name;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const CallOutcome answer = caller_.call(requests_.attach(here, name, file));
    if (answer.trouble == Trouble::kRefused) {
      note("the list of observables over the limit was refused: " + answer.message);
      continue;
    }
    if (answer.trouble != Trouble::kNone) return answer;
  }
  return std::nullopt;
}

}  // namespace spoor
