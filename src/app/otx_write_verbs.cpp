// What `spoor otx` changes at OTX. Nothing is sent without --yes; --dry-run shows the request,
// without the key. A request that changes something is sent once, and what it would make is
// looked for first, so that running a command again makes nothing twice.

#include <algorithm>

#include "app/otx_list.h"
#include "app/otx_pulse_body.h"
#include "app/otx_verbs.h"
#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "feeds/otx.h"
#include "net/json.h"

namespace spoor {
namespace {

using Operands = std::span<const std::string>;

constexpr int kRowsPageSize = 500;

struct Change {
  std::string what;  ///< "subscribe to the user ann"
  std::string method = "GET";
  std::string path;
  std::string body;
};

/// --dry-run: shows the request. Neither: refuses. True: go on.
Result<bool> may_send(const Invocation& invocation, const Change& change) {
  if (invocation.options.has("dry-run")) {
    std::string text = change.method + " " + otx_base_url(invocation) + change.path + "\n";
    if (!change.body.empty()) text += change.body + "\n";
    SPOOR_TRY(write_out(text), "otx");
    return false;
  }
  if (!invocation.options.has("yes")) {
    return fail("otx: this would " + change.what +
                ": --yes sends it, --dry-run shows the request");
  }
  return true;
}

/// Sends it and prints what the service answered.
Result<std::string> send(const OtxAccount& account, const Change& change) {
  auto line = account.line();
  if (!line) return fail(line.error());
  auto body = (*line)->change(change.method, change.path, change.body, change.what);
  if (!body) return fail(body.error().at("otx"));
  return body;
}

Result<int> finish(const Invocation& invocation, const Change& change,
                   const std::string& body) {
  if (invocation.options.has("json")) {
    JsonParser parser;
    const auto root = parser.parse_repaired(body);
    SPOOR_TRY(write_out(root ? root->json() + "\n" : std::string("{}\n")), "otx");
    return 0;
  }
  const std::string said = otx_error_text(body);
  SPOOR_TRY(write_out("done: " + terminal_safe(change.what) +
                      (said.empty() || trim(body).front() != '{'
                           ? ""
                           : " (" + terminal_safe(said.substr(0, 60)) + ")") +
                      "\n"),
            "otx");
  return 0;
}

Result<int> simple(const Invocation& invocation, Change change) {
  const auto go = may_send(invocation, change);
  if (!go) return fail(go.error());
  if (!*go) return 0;
  const auto account = OtxAccount::open(invocation);
  if (!account) return fail(account.error());
  const auto body = send(*account, change);
  if (!body) return fail(body.error());
  return finish(invocation, change, *body);
}

/// A pulse by its id, or a user by the name.
Result<int> subscription(const Invocation& invocation, const std::string& object,
                         const char* verb, const char* words) {
  Change change;
  if (is_otx_pulse_id(object)) {
    change.what = std::string(words) + " the pulse " + object;
    change.path = "/api/v1/pulses/" + lower(object) + "/" + verb;
  } else {
    change.what = std::string(words) + " the user " + object;
    change.path = "/api/v1/users/" + percent_encode(object) + "/" + verb;
  }
  return simple(invocation, std::move(change));
}
Result<int> subscribe(const Invocation& invocation, Operands operands) {
  return subscription(invocation, operands[0], "subscribe", "subscribe to");
}
Result<int> unsubscribe(const Invocation& invocation, Operands operands) {
  return subscription(invocation, operands[0], "unsubscribe", "unsubscribe from");
}
Result<int> follow(const Invocation& invocation, Operands operands) {
  return simple(invocation, {"follow the user " + operands[0], "GET",
                             "/api/v1/users/" + percent_encode(operands[0]) + "/follow", ""});
}
Result<int> unfollow(const Invocation& invocation, Operands operands) {
  return simple(invocation, {"unfollow the user " + operands[0], "GET",
                             "/api/v1/users/" + percent_encode(operands[0]) + "/unfollow", ""});
}

void tell_left_out(const OtxPulseBody& body) {
  for (const std::string& line : body.left_out)
    write_error("spoor: otx: left out: " + terminal_safe(line) + "\n");
}

/// An own pulse of exactly this name, or "".
Result<std::string> own_pulse_named(const OtxAccount& account, const std::string& name) {
  auto line = account.line();
  if (!line) return fail(line.error());
  std::string id;
  SPOOR_TRY(walk_otx_list(
                *line->client, "own pulses", "/api/v1/pulses/my?q=" + percent_encode(name), 50,
                [&](const std::string& body, const std::string& where) -> Result<OtxList> {
                  auto page = read_otx_pulse_refs(body, where);
                  if (!page) return fail(page.error());
                  for (const OtxPulseRef& pulse : page->pulses) {
                    if (pulse.name == name && id.empty()) id = pulse.id;
                  }
                  return static_cast<OtxList>(std::move(*page));
                },
                [&] { return id.empty(); }),
            "otx");
  return id;
}

/// Those that OTX takes: one invalid indicator makes a whole create fail.
Status keep_valid(const OtxAccount& account, OtxPulseBody& body) {
  auto line = account.line();
  if (!line) return fail(line.error());
  std::vector<Observable> valid;
  for (Observable& observable : body.indicators) {
    JsonWriter json;
    json.begin_object()
        .member("indicator", observable.value)
        .member("type", name_of(observable.type))
        .member("description", "")
        .end_object();
    const auto answer =
        (*line)->change("POST", "/api/v1/pulses/indicators/validate", json.text(), "validate");
    if (answer) {
      valid.push_back(std::move(observable));
    } else if (answer.error().message.find("http 400") != std::string::npos) {
      body.left_out.push_back(std::string(name_of(observable.type)) + " " + observable.value +
                              ": OTX does not take it");
    } else {
      return fail(answer.error().at("otx"));
    }
  }
  body.indicators = std::move(valid);
  return {};
}

Result<int> create(const Invocation& invocation, Operands) {
  auto body = otx_pulse_body(invocation);
  if (!body) return fail(body.error());
  if (body->name.empty()) return fail("otx: create: found no --name, expected 5 to 64 bytes");
  Change change{"create the pulse '" + body->name + "' with " +
                    std::to_string(body->indicators.size()) + " indicators",
                "POST", "/api/v1/pulses/create", create_json(*body)};
  if (body->indicators.empty()) {
    tell_left_out(*body);
    return fail(
        "otx: create: no indicator to publish, expected --add or --from-sightings with "
        "some");
  }
  const auto go = may_send(invocation, change);
  if (!go || !*go) tell_left_out(*body);
  if (!go) return fail(go.error());
  if (!*go) return 0;
  const auto account = OtxAccount::open(invocation);
  if (!account) return fail(account.error());
  const auto there = own_pulse_named(*account, body->name);
  if (!there) return fail(there.error());
  if (!there->empty()) {
    return fail("otx: create: you have a pulse of that name, " + *there +
                ": spoor otx edit changes it");
  }
  if (auto status = keep_valid(*account, *body); !status) return fail(status.error());
  tell_left_out(*body);
  if (body->indicators.empty()) return fail("otx: create: OTX takes none of the indicators");
  change.body = create_json(*body);
  const auto answer = send(*account, change);
  if (!answer) return fail(answer.error());
  JsonParser parser;
  const auto root = parser.parse_repaired(*answer);
  const std::string id = root ? (*root)["id"].text() : std::string();
  if (!invocation.options.has("json") && !id.empty()) {
    SPOOR_TRY(write_out("created " + terminal_safe(id) + "\n"), "otx");
    return 0;
  }
  return finish(invocation, change, *answer);
}

/// Values of the pulse and the ids of their rows.
Result<std::vector<std::pair<std::string, std::int64_t>>> rows_of(const OtxAccount& account,
                                                                  const std::string& id) {
  auto line = account.line();
  if (!line) return fail(line.error());
  std::vector<std::pair<std::string, std::int64_t>> rows;
  SPOOR_TRY(walk_otx_list(
                *line->client, "indicators of the pulse",
                "/api/v1/pulses/" + id + "/indicators", kRowsPageSize,
                [&](const std::string& body, const std::string& where) -> Result<OtxList> {
                  OtxList list;
                  std::vector<std::pair<std::string, std::int64_t>> of_page;
                  const auto summary = read_otx(body, where, [&](Page&& page) -> Status {
                    for (const RawIndicator& row : page.rows)
                      of_page.emplace_back(row.value, row.source_id);
                    return {};
                  });
                  if (!summary) return fail(summary.error());
                  if (summary->incomplete) return fail(where + ": the body was cut short");
                  rows.insert(rows.end(), of_page.begin(), of_page.end());
                  list.elements = summary->elements;
                  list.count = summary->count;
                  list.has_next = summary->has_next;
                  return list;
                },
                [] { return true; }),
            "otx");
  return rows;
}

Result<int> edit(const Invocation& invocation, Operands operands) {
  if (!is_otx_pulse_id(operands[0]))
    return fail("otx: edit: found '" + operands[0] + "', expected a pulse's id: 24 hex digits");
  const std::string id = lower(operands[0]);
  const auto body = otx_pulse_body(invocation);
  if (!body) return fail(body.error());
  tell_left_out(*body);
  // What the pulse holds decides what is added, and gives the ids of what is removed.
  std::set<std::string> known;
  std::vector<std::int64_t> removed;
  std::optional<OtxAccount> account;
  if (!body->indicators.empty() || invocation.options.has("remove")) {
    auto opened = OtxAccount::open(invocation);
    if (!opened) return fail(opened.error());
    account = std::move(*opened);
    const auto rows = rows_of(*account, id);
    if (!rows) return fail(rows.error());
    for (const auto& row : *rows) known.insert(row.first);
    for (const std::string& value : invocation.options.all("remove")) {
      const auto it = std::find_if(rows->begin(), rows->end(),
                                   [&](const auto& row) { return row.first == value; });
      if (it == rows->end())
        return fail("otx: --remove: the pulse holds no indicator '" + value + "'");
      removed.push_back(it->second);
    }
  }
  const Change change{"edit the pulse " + id, "PATCH", "/api/v1/pulses/" + id,
                      edit_json(invocation, *body, known, removed)};
  if (change.body == "{}") {
    SPOOR_TRY(write_out("nothing to change: the pulse holds all of it\n"), "otx");
    return 0;
  }
  const auto go = may_send(invocation, change);
  if (!go) return fail(go.error());
  if (!*go) return 0;
  if (!account) {
    auto opened = OtxAccount::open(invocation);
    if (!opened) return fail(opened.error());
    account = std::move(*opened);
  }
  const auto answer = send(*account, change);
  if (!answer) return fail(answer.error());
  return finish(invocation, change, *answer);
}

constexpr OtxVerb kVerbs[] = {
    {"subscribe", "ID|NAME", "to a pulse or to a user", 1, 1, subscribe},
    {"unsubscribe", "ID|NAME", "from a pulse or from a user", 1, 1, unsubscribe},
    {"follow", "NAME", "a user", 1, 1, follow},
    {"unfollow", "NAME", "a user", 1, 1, unfollow},
    {"create", "", "a pulse, from --add and --from-sightings", 0, 0, create},
    {"edit", "ID", "a pulse of your own", 1, 1, edit},
};

}  // namespace

std::span<const OtxVerb> otx_write_verbs() {
  return kVerbs;
}

}  // namespace spoor
