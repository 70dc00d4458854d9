#include "cases/thehive_filing.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "cases/thehive.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr std::size_t kCreatedWithAlert = 500;  // one transaction of the server
constexpr std::size_t kMostNotes = 50;

std::string digest_text(std::string_view text) {
  return to_hex(xxh3_128(text).view());
}

CallOutcome local_failure(const Error& error) {
  CallOutcome outcome;
  outcome.trouble = Trouble::kTransient;
  outcome.message = error.message;
  return outcome;
}

/// `value` if it is not what is there, and not what was sent before and changed by others.
bool is_ours_to_change(std::string_view ours, std::string_view theirs,
                       std::string_view sent_before) {
  return ours != theirs && digest_text(ours) != sent_before;
}

CallOutcome at_once_again(const CallOutcome& answer) {
  CallOutcome outcome = answer;
  outcome.trouble = Trouble::kTransient;
  outcome.wait = std::chrono::seconds(0);
  return outcome;
}

}  // namespace

CallOutcome unreadable(const CallOutcome& answer, const Error& error) {
  CallOutcome outcome = answer;
  outcome.trouble = Trouble::kTransient;
  outcome.message = "the answer cannot be read: " + error.message;
  return outcome;
}

std::string HiveRemote::text() const {
  JsonWriter json;
  json.begin_object()
      .member("alert", alert_id)
      .member("case", case_id)
      .member("title", title)
      .member("description", description)
      .member("severity", severity)
      .end_object();
  return json.take();
}

HiveRemote HiveRemote::parse(std::string_view text) {
  HiveRemote remote;
  JsonParser parser;
  const auto root = parser.parse(text);
  if (!root) return remote;
  remote.alert_id = std::string((*root)["alert"].string());
  remote.case_id = std::string((*root)["case"].string());
  remote.title = std::string((*root)["title"].string());
  remote.description = std::string((*root)["description"].string());
  remote.severity = (*root)["severity"].integer().value_or(0);
  return remote;
}

HiveFiling::HiveFiling(Caller& caller, const TheHiveDialect& dialect, const HiveSearch& search,
                       const HiveVocabulary& vocabulary, const TheHiveOptions& options,
                       const CaseDraft& draft, HiveRemote remote, const KeepRemote& keep)
    : caller_(caller),
      dialect_(dialect),
      search_(search),
      vocabulary_(vocabulary),
      options_(options),
      draft_(draft),
      remote_(std::move(remote)),
      keep_(keep),
      requests_(dialect) {}

void HiveFiling::note(std::string words) {
  auto& notes = filing_->notes;
  if (notes.size() < kMostNotes && std::find(notes.begin(), notes.end(), words) == notes.end())
    notes.push_back(std::move(words));
}

HiveTarget HiveFiling::target() const {
  return remote_.case_id.empty() ? HiveTarget{false, remote_.alert_id}
                                 : HiveTarget{true, remote_.case_id};
}

Status HiveFiling::keep_remote() {
  return keep_(remote_.text());
}

HiveFiling::Stop HiveFiling::find(std::optional<RemoteAlert>& alert) {
  const CallOutcome answer = caller_.call(search_.find_alert(draft_));
  if (answer.status == 404) return std::nullopt;
  if (answer.trouble != Trouble::kNone) return answer;
  auto read = read_alert(answer.body);
  if (!read) return unreadable(answer, read.error());
  alert = std::move(*read);
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> HiveFiling::known_fields(CaseDraft& sent) {
  std::vector<std::pair<std::string, std::string>> known;
  for (const auto& [name, value] : draft_.custom_fields) {
    const auto found = vocabulary_.custom_fields.find(name);
    if (!vocabulary_.custom_fields_known ||
        (found != vocabulary_.custom_fields.end() &&
         (found->second.empty() || found->second == "string"))) {
      known.emplace_back(name, value);
      continue;
    }
    sent.tags.push_back(name + ":" + value);
    note("custom field '" + name + "' " +
         (found == vocabulary_.custom_fields.end()
              ? "is not known there"
              : "is no text there (" + found->second + ")") +
         ": sent as a tag");
  }
  sent.tags = clean_tags(std::move(sent.tags));
  return known;
}

HiveFiling::Stop HiveFiling::create(RemoteAlert& alert) {
  CaseDraft sent = draft_;
  const auto fields = known_fields(sent);
  std::vector<ObservableGroup> groups;
  sent_.clear();
  if (!dialect_.created_observables.empty()) {
    const std::size_t limit =
        (options_.body_limit > 0 ? options_.body_limit : dialect_.body_limit);
    std::size_t room = limit > sent.description.size() * 2
                           ? limit - std::min(limit, sent.description.size() * 2)
                           : 0;
    // What an alert can be given later may wait; TheHive 3 gives no second chance.
    const bool last_chance = dialect_.alert_observable.empty();
    std::vector<const DraftObservable*> first;
    for (const DraftObservable& each : draft_.observables) {
      const std::size_t size = each.observable.value.size() * 2 + each.message.size() + 200;
      if (size > room || (!last_chance && first.size() >= kCreatedWithAlert)) break;
      room -= size;
      first.push_back(&each);
    }
    groups = groups_of(first);
  }
  // With the alert, since they have no key either.
  std::vector<std::string> techniques;
  if (dialect_.procedures) {
    if (Stop stop = find_patterns(draft_.techniques, techniques)) return stop;
  }
  const Time when = draft_.date.value_or(caller_.pace().clock->now());
  const CallOutcome answer =
      caller_.call(requests_.create_alert(sent, fields, groups, techniques, when));
  if (answer.trouble == Trouble::kRefused && says_already_there(answer.message)) {
    // Somebody was quicker, or an answer was lost: the next pass finds it.
    return at_once_again(answer);
  }
  if (answer.trouble != Trouble::kNone) return answer;
  auto read = read_alert(answer.body);
  if (!read) return unreadable(answer, read.error());
  if (!*read) return unreadable(answer, Error{"expected an alert"});
  alert = std::move(**read);
  filing_->created = true;
  for (const ObservableGroup& group : groups) {
    filing_->observables_added += group.data.size();
    for (const std::string& value : group.data) sent_.emplace_back(group.data_type, value);
  }
  remote_.title = digest_text(draft_.title);
  remote_.description = digest_text(draft_.description);
  remote_.severity = draft_.severity;
  return std::nullopt;
}

HiveFiling::Stop HiveFiling::update(const RemoteAlert& alert) {
  AlertChange change;
  if (is_ours_to_change(draft_.title, alert.title, remote_.title)) change.title = draft_.title;
  if (is_ours_to_change(draft_.description, alert.description, remote_.description))
    change.description = draft_.description;
  if (draft_.severity != alert.severity && draft_.severity != remote_.severity)
    change.severity = draft_.severity;
  // A TLP is raised and never lowered.
  if (draft_.tlp > tlp_of_number(dialect_, alert.tlp)) change.tlp = draft_.tlp;
  CaseDraft sent = draft_;
  known_fields(sent);  // what is no field there is a tag
  for (const std::string& tag : sent.tags) {
    if (std::find(alert.tags.begin(), alert.tags.end(), tag) == alert.tags.end())
      change.new_tags.push_back(tag);
  }
  if (!change.empty()) {
    const CallOutcome answer =
        caller_.call(requests_.change({false, alert.id}, change, alert.tags));
    if (answer.trouble != Trouble::kNone) return answer;
    filing_->updated = true;
    if (Stop stop = raise_case_tlp(change)) return stop;
  }
  remote_.title = digest_text(draft_.title);
  remote_.description = digest_text(draft_.description);
  remote_.severity = draft_.severity;
  return std::nullopt;
}

HiveFiling::Stop HiveFiling::raise_case_tlp(const AlertChange& change) {
  if (remote_.case_id.empty() || (!change.tlp && change.new_tags.empty())) return std::nullopt;
  const HiveTarget here{true, remote_.case_id};
  const CallOutcome answer = caller_.call(search_.get(here));
  if (answer.trouble != Trouble::kNone) return answer;
  const auto read = read_alert(answer.body);  // a case has the same members
  if (!read || !*read) return std::nullopt;
  AlertChange of_case;
  of_case.new_tags = change.new_tags;
  if (change.tlp && *change.tlp > tlp_of_number(dialect_, (*read)->tlp))
    of_case.tlp = change.tlp;
  if (of_case.empty()) return std::nullopt;
  const CallOutcome changed = caller_.call(requests_.change(here, of_case, (*read)->tags));
  if (changed.trouble != Trouble::kNone) return changed;
  return std::nullopt;
}

HiveFiling::Stop HiveFiling::become_case(RemoteAlert& alert) {
  const ApiCall call = draft_.merge_into.empty() ? requests_.promote(alert.id, draft_)
                                                 : requests_.merge(alert.id, draft_.merge_into);
  const CallOutcome answer = caller_.call(call);
  if (answer.trouble == Trouble::kRefused &&
      lower(answer.message).find("already imported") != std::string::npos) {
    return at_once_again(answer);
  }
  if (answer.trouble != Trouble::kNone) return answer;
  auto read = read_alert(answer.body);
  if (!read) return unreadable(answer, read.error());
  if (!*read) return unreadable(answer, Error{"expected a case"});
  alert.case_id = (*read)->id;
  return std::nullopt;
}

std::optional<CallOutcome> HiveFiling::run(Filing& filing) {
  filing_ = &filing;
  filing.refusals.clear();  // of the pass that ends well, not of those before
  std::optional<RemoteAlert> found;
  if (Stop stop = find(found)) return stop;
  RemoteAlert alert;
  const bool was_there = found.has_value();
  if (was_there) {
    alert = std::move(*found);
    remote_.alert_id = alert.id;
    remote_.case_id = alert.case_id;
    if (Stop stop = update(alert)) return stop;
  } else {
    if (Stop stop = create(alert)) return stop;
    remote_.alert_id = alert.id;
    remote_.case_id = alert.case_id;
  }
  if (auto status = keep_remote(); !status) return local_failure(status.error());
  // Before the alert becomes a case, which takes them along: what a server has only just
  // copied it may not list yet.
  if (was_there) {
    if (Stop stop = add_procedures()) return stop;
  }
  bool has_tasks = false;
  if (draft_.as == FileAs::kCase && remote_.case_id.empty()) {
    if (Stop stop = become_case(alert)) return stop;
    has_tasks = dialect_.promote_takes_tasks && draft_.merge_into.empty();
    remote_.case_id = alert.case_id;
    if (auto status = keep_remote(); !status) return local_failure(status.error());
  }
  // A fresh alert holds what was sent with it and nothing else. So does a fresh case of it; a
  // case that took it in may hold more.
  const bool list_them = was_there || !draft_.merge_into.empty();
  if (Stop stop = add_observables(alert, list_them)) return stop;
  if (!has_tasks) {
    if (Stop stop = add_tasks()) return stop;
  }
  if (Stop stop = attach()) return stop;
  return std::nullopt;
}

}  // namespace spoor
