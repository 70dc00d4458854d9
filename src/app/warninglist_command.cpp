// spoor warninglist: lists of what is harmless or common, as MISP's warninglists are, kept in
// the store for every command that judges.

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "app/command.h"
#include "app/noise_config.h"
#include "app/otx_account.h"
#include "app/table.h"
#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "collect/list_source.h"
#include "feeds/web_client.h"
#include "io/source.h"
#include "ioc/canonical.h"
#include "net/transport.h"
#include "noise/list_index.h"
#include "noise/misp_list.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"verdict", '\0', "VERDICT",
     "what a match makes of a sighting: suppressed, weak or shown (default: by the list)"},
    {"type", 't', "NAME", "of the values to check (default: the one a value plainly has)"},
    {"json", '\0', "", "an object a list or value"},
    SPOOR_COMMON_OPTIONS,
};

/// A list and where it came from, ready to be kept.
struct Added {
  WarningList list;
  std::uint64_t left_out = 0, entries = 0;
  NoiseStore::Change change = NoiseStore::Change::kSame;
  bool is_unchanged = false;  ///< as its server says: the entries did not come
  std::string etag, changed_at;
};

constexpr std::string_view kChanges[] = {"new", "changed", "same"};

/// The files of lists in a folder: list.json, or where there is none every .json; compressed
/// ones too. In order of their paths.
Result<std::vector<std::string>> list_files(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> named, others;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!at->is_regular_file(error)) continue;
    if (name.rfind("list.json", 0) == 0) {
      named.push_back(at->path().string());
    } else if (name.find(".json") != std::string::npos) {
      others.push_back(at->path().string());
    }
  }
  if (error) return fail(path + ": " + error.message());
  std::vector<std::string>& found = named.empty() ? others : named;
  if (found.empty()) return fail(path + ": found no list.json, expected a folder of lists");
  std::sort(found.begin(), found.end());
  return std::move(found);
}

/// What stands in `text`, as a list named apart from those in `names`.
Result<Added> read_list(std::string_view text, const std::string& origin,
                        std::set<std::string>& names) {
  Added added;
  auto list = parse_misp_list(text, &added.left_out);
  if (!list) return fail(list.error().at(origin));
  added.list = *std::move(list);
  added.entries = added.list.entries.size();
  added.list.origin = origin;
  if (!names.insert(added.list.name).second) {
    // Another list of the same name must not take its place.
    const auto folder = std::filesystem::path(origin).parent_path().filename().string();
    added.list.name += " (" + folder + ")";
    names.insert(added.list.name);
  }
  return added;
}

std::string added_json(const Added& added, const Tally& refused) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "warninglist")
      .member("name", added.list.name)
      .member("matching", name_of(added.list.kind))
      .member("verdict", name_of(added.list.verdict))
      .member("entries", added.entries)
      .member("left_out", added.left_out)
      .member("change", kChanges[static_cast<std::size_t>(added.change)]);
  write_tally(json, "refused", refused);
  json.end_object();
  return json.take() + "\n";
}

/// Keeps the lists and says what became of each, and which entries no look-up will use.
Result<int> keep(NoiseStore& store, std::vector<Added> all, const Options& options) {
  std::string out;
  TextTable table(70);
  Tally refused_at_all;
  // A verdict that a person chose stays, and is the one to tell.
  std::map<std::string, Verdict> chosen;
  const auto lists = store.lists();
  if (!lists) return fail(lists.error());
  for (const WarningListInfo& each : *lists) chosen.emplace(each.list.name, each.list.verdict);
  for (Added& added : all) {
    if (options.has("verdict")) {
      added.list.verdict = *verdict_from_name(options.value("verdict"));
    } else if (const auto known = chosen.find(added.list.name); known != chosen.end()) {
      added.list.verdict = known->second;
    }
    Tally refused;
    if (!added.is_unchanged) {
      (void)ListIndex::build({added.list}, refused);
      const auto change = store.put_list(added.list, options.has("verdict"));
      if (!change) return fail(change.error());
      added.change = *change;
      const Status kept = store.put_list_version(added.list.name, added.etag, added.changed_at);
      if (!kept) return fail(kept.error());
    }
    if (options.has("json")) out += added_json(added, refused);
    table.row(
        {std::string(kChanges[static_cast<std::size_t>(added.change)]), added.list.name,
         std::string(name_of(added.list.kind)),
         std::to_string(added.entries) + (added.entries == 1 ? " entry" : " entries") +
             (added.left_out > 0 ? ", " + std::to_string(added.left_out) + " left out (no text)"
                                 : ""),
         std::string(name_of(added.list.verdict))});
    refused_at_all.merge(refused);
  }
  if (!options.has("json")) {
    out = table.text();
    if (!refused_at_all.empty()) out += "not used:\n" + tally_text(refused_at_all, "  ");
    out += "'spoor judge' judges what is stored by them.\n";
  }
  SPOOR_TRY(write_out(out), "warninglist");
  return 0;
}

Result<int> add(const Invocation& invocation, NoiseStore& store,
                std::span<const std::string> places) {
  std::vector<Added> all;
  std::set<std::string> names;
  for (const std::string& place : places) {
    auto files = list_files(place);
    if (!files) return fail(files.error().at("warninglist: add"));
    for (const std::string& file : *files) {
      auto text = read_whole(file, kMostListBytes);
      if (!text) return fail(text.error().at("warninglist: add"));
      auto added = read_list(*text, file, names);
      if (!added) return fail(added.error().at("warninglist: add"));
      all.push_back(*std::move(added));
    }
  }
  return keep(store, std::move(all), invocation.options);
}

/// The list at `url`. `known`: the stored one that came from there, or null. A list is taken
/// whole or not at all, and none that has lost nearly all: what a list of the harmless lacks
/// would be told as an attack.
Result<Added> fetched(const Invocation& invocation, const std::string& url,
                      const WarningListInfo* known, std::set<std::string>& names) {
  if (auto status = check_url(url); !status) return fail(status.error());
  const auto transport = make_curl_transport(otx_transport_options(invocation.config));
  HttpRequest request;
  request.url = url;
  request.max_body_bytes = kMostListBytes;
  request.cancelled = [] { return interrupted(); };
  // Another verdict is for what is stored as well: then the list must come.
  ListMemory version;
  if (known != nullptr && !invocation.options.has("verdict")) {
    version.etag = known->etag;
    version.changed = known->changed;
  }
  request.headers = conditional_headers(version);
  const bool is_conditional = !request.headers.empty();
  auto response = transport->send(request);
  if (!response) return fail(response.error());
  if (response->status == 304 && is_conditional) {
    Added same;
    same.list = known->list;
    same.entries = known->entries;
    same.is_unchanged = true;
    names.insert(same.list.name);
    return same;
  }
  if (response->status != 200)
    return fail("http " + std::to_string(response->status) + ", expected 200 and a list");
  if (is_html(response->body))
    return fail("http 200 with a page for people, expected a MISP warninglist");
  auto added = read_list(response->body, url, names);
  if (!added) return fail(added.error());
  if (known != nullptr && has_shrunk(known->entries, added->entries)) {
    return fail("it has shrunk from " + std::to_string(known->entries) + " entries to " +
                std::to_string(added->entries) +
                ": the stored list is kept; 'spoor warninglist remove' takes it off, then "
                "the new one is taken");
  }
  remember_version(version, *response);
  added->etag = version.etag;
  added->changed_at = version.changed;
  return added;
}

/// Without URLs all lists that came from one. What cannot be had leaves its list as it is, and
/// the others are fetched.
Result<int> fetch(const Invocation& invocation, NoiseStore& store,
                  std::span<const std::string> urls) {
  const auto lists = store.lists();
  if (!lists) return fail(lists.error());
  std::map<std::string, const WarningListInfo*> known;
  std::vector<std::string> wanted(urls.begin(), urls.end());
  for (const WarningListInfo& each : *lists) {
    if (each.list.origin.find("://") == std::string::npos) continue;
    known.emplace(each.list.origin, &each);
    if (urls.empty()) wanted.push_back(each.list.origin);
  }
  if (wanted.empty())
    return fail("warninglist: fetch: no list came from a URL, expected URL...");
  std::vector<Added> all;
  std::set<std::string> names;
  bool has_failed = false;
  for (const std::string& url : wanted) {
    const auto stored = known.find(url);
    auto added =
        fetched(invocation, url, stored == known.end() ? nullptr : stored->second, names);
    if (added) {
      all.push_back(*std::move(added));
      continue;
    }
    has_failed = true;
    const std::string& said = added.error().message;
    // Some errors name the address themselves.
    write_error("spoor: warninglist: fetch: " +
                terminal_safe(said.rfind(url, 0) == 0 ? said : url + ": " + said) + "\n");
  }
  if (all.empty()) return 2;
  const auto kept = keep(store, std::move(all), invocation.options);
  if (!kept) return kept;
  return has_failed ? 2 : *kept;
}

Result<int> list(const Invocation& invocation, NoiseStore& store) {
  const auto lists = store.lists();
  if (!lists) return fail(lists.error());
  std::string out;
  TextTable table(70);
  table.row({"NAME", "MATCHING", "ENTRIES", "VERDICT", "VERSION", "FROM"});
  for (const auto& [each, entries, etag, changed] : *lists) {
    table.row({each.name, std::string(name_of(each.kind)), std::to_string(entries),
               std::string(name_of(each.verdict)), each.version, each.origin});
    if (!invocation.options.has("json")) continue;
    JsonWriter json;
    json.begin_object()
        .member("kind", "warninglist")
        .member("name", each.name)
        .member("description", each.description)
        .member("version", each.version)
        .member("matching", name_of(each.kind))
        .member("verdict", name_of(each.verdict))
        .member("entries", entries)
        .member("from", each.origin);
    json.strings("matching_attributes", each.attributes).end_object();
    out += json.take() + "\n";
  }
  if (!invocation.options.has("json")) out = table.text();
  SPOOR_TRY(write_out(out), "warninglist");
  return 0;
}

Result<int> remove(NoiseStore& store, std::span<const std::string> names) {
  for (const std::string& name : names) {
    const auto removed = store.remove_list(name);
    if (!removed) return fail(removed.error());
    if (!*removed)
      return fail("warninglist: remove: found no list '" + name +
                  "', expected a name of 'spoor warninglist list'");
  }
  return 0;
}

/// What the lists, the allow-list and the rest say of values; nothing is changed.
Result<int> check(const Invocation& invocation, NoiseStore& store,
                  std::span<const std::string> values) {
  const Options& options = invocation.options;
  const auto settings = noise_settings(invocation.config);
  if (!settings) return fail(settings.error());
  Tally refused;
  const auto judge = load_judge(store, *settings, refused);
  if (!judge) return fail(judge.error());
  std::string out;
  TextTable table(90);
  for (const std::string& value : values) {
    OrRefusal<Canonical> canonical = infer(value);
    if (options.has("type")) {
      const auto type = type_from_name(options.value("type"));
      if (!type)
        return fail("warninglist: check: --type: found '" + options.value("type") +
                    "', expected a type such as domain, IPv4, URL");
      canonical = canonicalize(*type, value);
    }
    if (!canonical)
      return fail("warninglist: check: '" + value + "': " + canonical.error().rule + ": " +
                  canonical.error().reason);
    const Observable& observable = canonical->observable;
    const Judgement judged = (*judge)->of_observable(observable);
    table.row({std::string(name_of(observable.type)), observable.value,
               std::string(name_of(judged.verdict)), std::string(judged.rule), judged.reason});
    if (!options.has("json")) continue;
    JsonWriter json;
    json.begin_object()
        .member("type", name_of(observable.type))
        .member("indicator", observable.value)
        .member("verdict", name_of(judged.verdict))
        .member("rule", judged.rule)
        .member("reason", judged.reason)
        .end_object();
    out += json.take() + "\n";
  }
  SPOOR_TRY(write_out(options.has("json") ? out : table.text()), "warninglist");
  return 0;
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto& operands = options.operands();
  if (operands.empty())
    return fail(
        "warninglist: expected add, fetch, list, remove or check; see 'spoor "
        "warninglist --help'");
  if (options.has("verdict") && !verdict_from_name(options.value("verdict")))
    return fail("warninglist: --verdict: found '" + options.value("verdict") +
                "', expected suppressed, weak or shown");
  const std::string& verb = operands[0];
  const auto rest = std::span(operands).subspan(1);
  if (rest.empty() && (verb == "add" || verb == "remove" || verb == "check"))
    return fail("warninglist: " + verb + ": found nothing, expected " +
                (verb == "add"      ? "FILE or FOLDER"
                 : verb == "remove" ? "NAME"
                                    : "VALUE") +
                "...");
  auto opened =
      open_noise_store(invocation, verb == "list" || verb == "check" ? Store::Mode::kReadOnly
                                                                     : Store::Mode::kReadWrite);
  if (!opened) return fail(opened.error().at("warninglist"));
  NoiseStore& store = **opened;
  catch_interrupts();
  if (verb == "add") return add(invocation, store, rest);
  if (verb == "fetch") return fetch(invocation, store, rest);
  if (verb == "remove") return remove(store, rest);
  if (verb == "check") return check(invocation, store, rest);
  if (verb == "list" && rest.empty()) return list(invocation, store);
  return fail("warninglist: found '" + (verb == "list" ? rest[0] : verb) +
              "', expected add, fetch, list, remove or check");
}

}  // namespace

extern const CommandRow kWarninglistCommand = {
    "warninglist",
    "lists of what is harmless or common, by which sightings are judged",
    "warninglist add FILE|FOLDER... | fetch [URL]... | list | remove NAME... | check VALUE...",
    "Keeps lists in the form of MISP's warninglists (list.json) in the store. A sighting of "
    "an\n"
    "indicator that stands on one is suppressed with the list as its reason, or weak, or only\n"
    "noted, as the list's verdict says; nothing is deleted. `check` says what is known in a\n"
    "value's favour. Exit status: 0 done, 2 an error.\n",
    "  git clone https://github.com/MISP/misp-warninglists\n"
    "  spoor warninglist add misp-warninglists/lists\n"
    "  spoor warninglist fetch https://intel.example/lists/partners.json\n"
    "  spoor warninglist check 8.8.8.8 www.google.com\n"
    "  spoor judge\n",
    kOptions,
    run,
};

}  // namespace spoor
