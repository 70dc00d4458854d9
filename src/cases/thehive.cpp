#include "cases/thehive.h"

#include <algorithm>

#include "base/ascii.h"
#include "cases/thehive_filing.h"
#include "net/json.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestPause{60'000};
constexpr seconds kLongestWait{120};  // asked for more: the entry waits instead of the user
constexpr int kMostPasses = 1000;

/// What filing needs, by the names of 5 and of 4.
struct Need {
  std::string_view five, four, words;
};
constexpr Need kNeeds[] = {
    {"manageAlert/create", "manageAlert", "alerts cannot be created"},
    {"manageAlert/update", "manageAlert", "alerts cannot be updated"},
    {"manageAlert/import", "manageAlert", "alerts cannot be made cases"},
    {"manageCase/create", "manageCase", "cases cannot be created"},
    {"manageObservable", "manageObservable", "observables cannot be added to cases"},
    {"manageTask", "manageTask", "tasks cannot be added"},
    {"manageProcedure", "manageProcedure", "techniques cannot be added"},
};

std::string version_of_status(std::string_view body) {
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root || !root->is_object()) return {};
  const std::string version = (*root)["versions"]["TheHive"].text();
  return version.empty() ? (*root)["version"].text() : version;
}

}  // namespace

TheHive::TheHive(TheHiveOptions options, std::unique_ptr<Caller> caller)
    : options_(std::move(options)), caller_(std::move(caller)) {}
TheHive::~TheHive() = default;

std::optional<CallOutcome> TheHive::connect() {
  if (dialect_ != nullptr) return std::nullopt;
  CallOutcome outcome;
  // Both answer without a key; 5 knows both, 3 and 4 the first.
  for (const char* path : {"/api/status", "/api/v1/status/public"}) {
    outcome = caller_->call({"GET", path, ""});
    if (outcome.status == 0) break;
    version_ = version_of_status(outcome.body);
    if (!version_.empty()) break;
  }
  if (version_.empty()) {
    if (outcome.trouble == Trouble::kNone)
      outcome.message = "no TheHive: /api/status tells no version";
    if (outcome.trouble != Trouble::kTransient) outcome.trouble = Trouble::kNoEntry;
    return outcome;
  }
  dialect_ = thehive_dialect(version_, options_.api);
  if (dialect_ == nullptr) {
    outcome.trouble = Trouble::kNoEntry;
    outcome.message = "TheHive " + version_.substr(0, 40) + " does not speak API " +
                      options_.api + ", expected version 3, 4 or 5 and a fitting api";
    return outcome;
  }
  search_ = dialect_->query ? make_v1_search() : make_v0_search(*dialect_);
  return std::nullopt;
}

std::optional<CallOutcome> TheHive::learn() {
  if (learnt_) return std::nullopt;
  const CallOutcome types = caller_->call(search_->data_types());
  if (types.trouble == Trouble::kTransient || types.trouble == Trouble::kNoEntry) return types;
  if (types.trouble == Trouble::kNone) {
    if (auto names = read_members(types.body, "name"))
      vocabulary_.data_types = std::move(*names);
  }
  const CallOutcome fields = caller_->call(search_->custom_fields());
  if (fields.trouble == Trouble::kTransient) return fields;
  if (fields.trouble == Trouble::kNone) {
    auto pairs = read_pairs(fields.body, "name", "type");
    auto old = read_pairs(fields.body, "reference", "type");  // TheHive 3 and 4
    if (pairs && old) {
      vocabulary_.custom_fields = std::move(*pairs);
      vocabulary_.custom_fields.merge(*old);
      vocabulary_.custom_fields_known = true;
    }
  }
  learnt_ = true;
  return std::nullopt;
}

Filing TheHive::file(const CaseDraft& draft, std::string_view remote, const KeepRemote& keep) {
  const std::uint64_t requests_before = caller_->requests();
  Filing filing;
  HiveRemote known = HiveRemote::parse(remote);
  milliseconds pause = options_.first_pause;
  int idle = 0;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    const std::uint64_t added_before = filing.observables_added;
    std::optional<CallOutcome> stop = connect();
    if (!stop) stop = learn();
    if (!stop) {
      HiveFiling one(*caller_, *dialect_, *search_, vocabulary_, options_, draft, known, keep);
      stop = one.run(filing);
      known = one.remote();
    }
    filing.requests = caller_->requests() - requests_before;
    filing.remote = known.text();
    if (!stop) {
      filing.kind = Filing::Kind::kFiled;
      filing.stop = false;
      filing.message.clear();
      return filing;
    }
    filing.message = stop->message;
    if (stop->trouble == Trouble::kRefused) {
      filing.kind = Filing::Kind::kRefused;
      return filing;
    }
    filing.kind = Filing::Kind::kLater;
    filing.stop = stop->is_away();
    if (stop->trouble == Trouble::kNoEntry) {
      if (stop->status == 403 && dialect_ != nullptr && dialect_->hive5_types)
        filing.message += " (a TheHive without a valid licence is read-only)";
      return filing;
    }
    if (filing.observables_added > added_before) {
      idle = 0;
      pause = options_.first_pause;
    }
    if (++idle >= options_.tries || caller_->pace().cancelled()) return filing;
    if (stop->wait && *stop->wait > kLongestWait) return filing;
    ++filing.retries;
    caller_->pace().sleep(stop->wait ? milliseconds(*stop->wait) : pause);
    pause = std::min(pause * 2, kLongestPause);
  }
  return filing;
}

Result<std::string> TheHive::verdict(std::string_view remote) {
  const HiveRemote known = HiveRemote::parse(remote);
  if (known.alert_id.empty()) return std::string();
  if (auto stop = connect()) return fail(stop->message);
  HiveTarget target{false, known.alert_id};
  if (known.case_id.empty()) {
    // An analyst may have made it a case meanwhile.
    const CallOutcome answer = caller_->call(search_->get(target));
    if (answer.status == 404) return std::string();
    if (answer.trouble != Trouble::kNone) return fail(answer.message);
    const auto alert = read_alert(answer.body);
    if (!alert) return fail(alert.error());
    if (!*alert || (*alert)->case_id.empty()) return read_verdict(answer.body);
    target = {true, (*alert)->case_id};
  } else {
    target = {true, known.case_id};
  }
  const CallOutcome answer = caller_->call(search_->get(target));
  if (answer.status == 404) return std::string();
  if (answer.trouble != Trouble::kNone) return fail(answer.message);
  return read_verdict(answer.body);
}

void TheHive::say_permissions(SystemReport& report, std::string_view body) const {
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root || !root->is_object()) {
    report.missing.emplace_back("the answer to who one is cannot be read");
    return;
  }
  const JsonView user = *root;
  std::string login = user["login"].text();
  if (login.empty()) login = user["id"].text();
  report.rows.emplace_back("user", login);
  const std::string organisation = user["organisation"].text();
  if (!organisation.empty()) report.rows.emplace_back("organisation", organisation);
  if (organisation == "admin")
    report.missing.emplace_back(
        "the organisation 'admin' holds no alerts and no cases: use a user of another one");
  std::vector<std::string> permissions;
  user["permissions"].each_element(
      [&](JsonView each) { permissions.emplace_back(each.string()); });
  user["roles"].each_element(
      [&](JsonView each) { permissions.emplace_back(each.string()); });  // TheHive 3
  std::string shown;
  for (const std::string& each : permissions) shown += (shown.empty() ? "" : ", ") + each;
  report.rows.emplace_back("permissions", shown.empty() ? "none told" : shown);
  const auto has = [&](std::string_view name) {
    return std::find(permissions.begin(), permissions.end(), name) != permissions.end();
  };
  if (!dialect_->by_name) {
    if (!has("alert")) report.missing.emplace_back("role alert: alerts cannot be created");
    if (!has("write")) report.missing.emplace_back("role write: cases cannot be created");
    return;
  }
  for (const Need& need : kNeeds) {
    if (has(need.five) || has(need.four)) continue;
    report.missing.push_back("permission " +
                             std::string(dialect_->hive5_types ? need.five : need.four) + ": " +
                             std::string(need.words));
  }
}

Result<SystemReport> TheHive::test() {
  SystemReport report;
  report.rows.emplace_back("url", caller_->base_url());
  if (const auto stop = connect()) return fail(stop->message);
  report.rows.emplace_back("version", version_);
  report.rows.emplace_back("dialect", std::string(dialect_->name));
  const CallOutcome user =
      caller_->call({"GET", std::string(dialect_->base) + "/user/current", ""});
  if (user.trouble != Trouble::kNone) return fail(user.message);
  say_permissions(report, user.body);
  if (!user.organisation.empty())
    report.rows.emplace_back("organisation of requests", user.organisation);
  if (const auto stop = learn()) {
    report.missing.push_back("data types cannot be read: " + stop->message);
  } else {
    std::string types;
    for (const std::string& each : vocabulary_.data_types)
      types += (types.empty() ? "" : ", ") + each;
    report.rows.emplace_back("data types", types.empty() ? "not told" : types);
  }
  if (dialect_->hive5_types) {
    const CallOutcome status = caller_->call({"GET", "/api/v1/status", ""});
    JsonParser parser;
    const auto root = parser.parse(status.body);
    if (status.trouble == Trouble::kNone && root) {
      const JsonView licence = (*root)["license"];
      if (const std::string kind = licence["kind"].text(); !kind.empty())
        report.rows.emplace_back("licence", kind + ", " + licence["plan"].text());
      if (!licence["isValid"].truth().value_or(true))
        report.missing.emplace_back("a valid licence: without one TheHive is read-only");
    }
  }
  return report;
}

}  // namespace spoor
