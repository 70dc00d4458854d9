// What `spoor otx` reads: the account, pulses, lists, and all that OTX knows of one indicator.

#include <atomic>
#include <thread>

#include "app/otx_list.h"
#include "app/otx_sections.h"
#include "app/otx_verbs.h"
#include "app/table.h"
#include "base/ascii.h"
#include "base/json_writer.h"
#include "feeds/otx.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr std::uint64_t kDefaultLimit = 50;
constexpr std::size_t kLinesAtOnce = 4;  // sections asked for at the same time

using Operands = std::span<const std::string>;

Result<std::uint64_t> limit_of(const Invocation& invocation) {
  if (!invocation.options.has("limit")) return kDefaultLimit;
  auto limit = parse_number(invocation.options.value("limit"), 0, 1'000'000'000);
  if (!limit) return fail(limit.error().at("otx: --limit"));
  return limit;
}

std::string time_cell(const std::optional<Time>& time) {
  return time ? format_iso8601(*time) : std::string();
}
std::string number_cell(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string();
}
std::string words_cell(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// &since= and &modified_since=, or ?..., from --since.
Result<std::string> since_query(const Invocation& invocation, const char* joint) {
  if (!invocation.options.has("since")) return std::string();
  const auto since = parse_since(invocation.options.value("since"), SystemClock().now());
  if (!since) return fail(since.error().at("otx: --since"));
  const std::string text = percent_encode(format_iso8601(*since));
  return std::string(joint) + "since=" + text + "&modified_since=" + text;
}

Result<int> list(const Invocation& invocation, OtxListing listing) {
  const auto limit = limit_of(invocation);
  if (!limit) return fail(limit.error());
  auto account = OtxAccount::open(invocation);
  if (!account) return fail(account.error());
  return print_otx_list(*account, listing, *limit, invocation.options.has("json"));
}

Result<int> list_pulses(const Invocation& invocation, std::string what, std::string path) {
  OtxListing listing;
  listing.what = std::move(what);
  listing.path = std::move(path);
  listing.header = {"PULSE", "NAME", "AUTHOR", "TLP", "INDICATORS", "MODIFIED"};
  listing.read = [](const std::string& body, const std::string& where,
                    OtxCells& cells) -> Result<OtxList> {
    auto page = read_otx_pulse_refs(body, where);
    if (!page) return fail(page.error());
    for (const OtxPulseRef& pulse : page->pulses) {
      cells.push_back({pulse.id, pulse.name, pulse.author, pulse.tlp,
                       number_cell(pulse.indicators), time_cell(pulse.modified)});
    }
    return static_cast<OtxList>(std::move(*page));
  };
  return list(invocation, std::move(listing));
}

Result<int> list_indicators(const Invocation& invocation, std::string what, std::string path) {
  OtxListing listing;
  listing.what = std::move(what);
  listing.path = std::move(path);
  listing.header = {"TYPE", "INDICATOR", "ROLE", "CREATED", "EXPIRATION", "ACTIVE"};
  listing.read = [](const std::string& body, const std::string& where,
                    OtxCells& cells) -> Result<OtxList> {
    OtxList list;
    const auto summary = read_otx(body, where, [&](Page&& page) -> Status {
      for (const RawIndicator& row : page.rows) {
        cells.push_back({row.type, row.value, row.role, time_cell(row.created),
                         time_cell(row.expiration), row.active ? "yes" : "no"});
      }
      list.damaged.merge(page.damaged);
      return {};
    });
    if (!summary) return fail(summary.error());
    if (summary->incomplete) return fail(where + ": the body was cut short");
    list.elements = summary->elements;
    list.count = summary->count;
    list.has_next = summary->has_next;
    return list;
  };
  return list(invocation, std::move(listing));
}

Result<std::string> pulse_path(const std::string& id) {
  if (!is_otx_pulse_id(id))
    return fail("otx: found '" + id + "', expected a pulse's id: 24 hex digits");
  return "/api/v1/pulses/" + lower(id);
}

/// As the service sent it, but in one line and valid.
Status write_json(const std::string& body) {
  JsonParser parser;
  const auto root = parser.parse_repaired(body);
  if (!root) return fail(root.error());
  return write_out(root->json() + "\n");
}

Result<int> show_user(const Invocation& invocation, const std::string& what,
                      const std::string& path) {
  auto account = OtxAccount::open(invocation);
  if (!account) return fail(account.error());
  OtxUser user;
  const auto body = otx_document(
      *account, what, path, [&](const std::string& text, const std::string& where) -> Status {
        auto read = read_otx_user(text, where);
        if (!read) return fail(read.error());
        user = std::move(*read);
        return {};
      });
  if (!body) return fail(body.error());
  if (invocation.options.has("json")) {
    SPOOR_TRY(write_json(*body), "otx");
    return 0;
  }
  TextTable table(70);
  table.row({"user", user.name + (user.id ? " (" + std::to_string(*user.id) + ")" : "")});
  if (!user.member_since.empty()) table.row({"member since", user.member_since});
  table.row({"pulses", number_cell(user.pulses)});
  table.row({"indicators", number_cell(user.indicators)});
  table.row({"subscribers", number_cell(user.subscribers)});
  table.row({"followers", number_cell(user.followers)});
  SPOOR_TRY(write_out(table.text()), "otx");
  return 0;
}

Result<int> me(const Invocation& invocation, Operands) {
  return show_user(invocation, "users/me", "/api/v1/users/me");
}
Result<int> user(const Invocation& invocation, Operands operands) {
  return show_user(invocation, "user", "/api/v1/users/" + percent_encode(operands[0]));
}
Result<int> user_pulses(const Invocation& invocation, Operands operands) {
  return list_pulses(invocation, "pulses of a user",
                     "/api/v1/pulses/user/" + percent_encode(operands[0]));
}

Result<int> pulse(const Invocation& invocation, Operands operands) {
  const auto path = pulse_path(operands[0]);
  if (!path) return fail(path.error());
  const auto limit = limit_of(invocation);
  if (!limit) return fail(limit.error());
  auto account = OtxAccount::open(invocation);
  if (!account) return fail(account.error());
  Pulse found;
  const auto body = otx_document(
      *account, "pulse", *path,
      [&](const std::string& text, const std::string& where) -> Status {
        std::vector<Pulse> pulses;
        const auto summary = read_otx(text, where, [&](Page&& page) -> Status {
          std::move(page.pulses.begin(), page.pulses.end(), std::back_inserter(pulses));
          return {};
        });
        if (!summary) return fail(summary.error());
        if (summary->incomplete || pulses.size() != 1)
          return fail(where + ": found " + std::to_string(pulses.size()) +
                      " whole pulses, expected 1");
        found = std::move(pulses[0]);
        return {};
      });
  if (!body) return fail(body.error());
  if (invocation.options.has("json")) {
    SPOOR_TRY(write_json(*body), "otx");
    return 0;
  }
  TextTable head(100);
  const std::pair<const char*, std::string> lines[] = {
      {"pulse", found.id},
      {"name", found.name},
      {"author", found.author},
      {"tlp", std::string(name_of(found.tlp))},
      {"created", time_cell(found.created)},
      {"modified", time_cell(found.modified)},
      {"adversary", found.adversary},
      {"tags", words_cell(found.tags)},
      {"malware", words_cell(found.malware_families)},
      {"att&ck", words_cell(found.attack_ids)},
      {"references", words_cell(found.references)},
      {"description", found.description},
      {"indicators", std::to_string(found.indicators.size()) +
                         (found.more_indicators ? ", and more (spoor otx indicators ID)" : "")},
  };
  for (const auto& [name, value] : lines) {
    if (!value.empty()) head.row({name, value});
  }
  TextTable rows(70);
  std::uint64_t shown = 0;
  for (const RawIndicator& row : found.indicators) {
    if (*limit != 0 && shown == *limit) break;
    ++shown;
    rows.row(
        {row.type, row.value, row.role, time_cell(row.created), time_cell(row.expiration)});
  }
  SPOOR_TRY(write_out(head.text() + (shown > 0 ? "\n" + rows.text() : "")), "otx");
  if (shown < found.indicators.size())
    write_error("spoor: otx: " + std::to_string(shown) + " of " +
                std::to_string(found.indicators.size()) + " (--limit N, 0 is all)\n");
  return 0;
}

Result<int> indicators(const Invocation& invocation, Operands operands) {
  auto path = pulse_path(operands[0]);
  if (!path) return fail(path.error());
  *path += "/indicators";
  if (invocation.options.has("inactive")) *path += "?include_inactive=1";
  return list_indicators(invocation, "indicators of a pulse", std::move(*path));
}
Result<int> related(const Invocation& invocation, Operands operands) {
  auto path = pulse_path(operands[0]);
  if (!path) return fail(path.error());
  return list_pulses(invocation, "related pulses", *path + "/related");
}
Result<int> my(const Invocation& invocation, Operands operands) {
  return list_pulses(
      invocation, "own pulses",
      "/api/v1/pulses/my" + (operands.empty() ? "" : "?q=" + percent_encode(operands[0])));
}

Result<int> search(const Invocation& invocation, Operands operands) {
  const std::string query = "?q=" + percent_encode(operands[0]);
  if (!invocation.options.has("users"))
    return list_pulses(invocation, "search", "/api/v1/search/pulses" + query);
  OtxListing listing;
  listing.what = "search";
  listing.path = "/api/v1/search/users" + query;
  listing.header = {"USER", "ID", "PULSES", "INDICATORS", "SUBSCRIBERS"};
  listing.read = [](const std::string& body, const std::string& where,
                    OtxCells& cells) -> Result<OtxList> {
    auto page = read_otx_users(body, where);
    if (!page) return fail(page.error());
    for (const OtxUser& user : page->users) {
      cells.push_back({user.name, number_cell(user.id), number_cell(user.pulses),
                       number_cell(user.indicators), number_cell(user.subscribers)});
    }
    return static_cast<OtxList>(std::move(*page));
  };
  return list(invocation, std::move(listing));
}

Result<int> events(const Invocation& invocation, Operands) {
  const auto since = since_query(invocation, "?");
  if (!since) return fail(since.error());
  OtxListing listing;
  listing.what = "events";
  listing.path = "/api/v1/pulses/events" + *since;
  listing.header = {"CREATED", "ACTION", "KIND", "OBJECT"};
  listing.read = [](const std::string& body, const std::string& where,
                    OtxCells& cells) -> Result<OtxList> {
    auto page = read_otx_events(body, where);
    if (!page) return fail(page.error());
    for (const OtxEvent& event : page->events)
      cells.push_back(
          {time_cell(event.created), event.action, event.object_type, event.object_id});
    return static_cast<OtxList>(std::move(*page));
  };
  return list(invocation, std::move(listing));
}

Result<int> ids(const Invocation& invocation, Operands) {
  OtxListing listing;
  listing.what = "subscribed ids";
  listing.path = "/api/v1/pulses/subscribed_pulse_ids";
  listing.header = {"PULSE"};
  listing.read = [](const std::string& body, const std::string& where,
                    OtxCells& cells) -> Result<OtxList> {
    auto page = read_otx_ids(body, where);
    if (!page) return fail(page.error());
    for (const std::string& id : page->ids) cells.push_back({id});
    return static_cast<OtxList>(std::move(*page));
  };
  return list(invocation, std::move(listing));
}

Result<int> types(const Invocation& invocation, Operands) {
  auto account = OtxAccount::open(invocation);
  if (!account) return fail(account.error());
  OtxTypes found;
  const auto body =
      otx_document(*account, "types", "/api/v1/pulses/indicators/types",
                   [&](const std::string& text, const std::string& where) -> Status {
                     auto read = read_otx_types(text, where);
                     if (!read) return fail(read.error());
                     found = std::move(*read);
                     return {};
                   });
  if (!body) return fail(body.error());
  if (invocation.options.has("json")) {
    SPOOR_TRY(write_json(*body), "otx");
    return 0;
  }
  TextTable table(90);
  for (const OtxTypes::Row& row : found.types) table.row({row.name, row.description});
  SPOOR_TRY(write_out(table.text()), "otx");
  return 0;
}

Result<int> export_rows(const Invocation& invocation, Operands) {
  std::string path = "/api/v1/indicators/export";
  std::string words;
  for (const std::string& word : invocation.options.all("type"))
    words += (words.empty() ? "" : ",") + word;
  if (!words.empty()) path += "?types=" + percent_encode(words);
  const auto since = since_query(invocation, words.empty() ? "?" : "&");
  if (!since) return fail(since.error());
  return list_indicators(invocation, "export", path + *since);
}

Result<int> indicator(const Invocation& invocation, Operands operands) {
  const auto subject = otx_subject(operands[0], operands[1]);
  if (!subject) return fail(subject.error().at("otx"));
  const auto sections = otx_sections_of(*subject, operands.subspan(2));
  if (!sections) return fail(sections.error().at("otx"));
  const auto limit = limit_of(invocation);
  if (!limit) return fail(limit.error());
  auto account = OtxAccount::open(invocation);
  if (!account) return fail(account.error());
  // A few at once, each on a connection of its own; the answers keep the order of the question.
  std::vector<Result<std::string>> bodies(sections->size(), std::string());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < sections->size(); i = next++) {
      const OtxSectionRow& section = *(*sections)[i];
      std::string path = otx_lookup_path(*subject, section.name);
      if (section.paged && *limit != 0)
        path += "?limit=" + std::to_string(std::min<std::uint64_t>(*limit, 500)) + "&page=1";
      bodies[i] = otx_document(*account, std::string(section.name), path,
                               [&](const std::string& body, const std::string&) -> Status {
                                 const auto text = otx_section_text(section, body, *limit);
                                 return text ? Status{} : fail(text.error());
                               });
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(kLinesAtOnce, sections->size()); ++i)
    threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();

  Status first_failure;
  JsonWriter json;
  json.begin_object()
      .member("kind", "otx_indicator")
      .member("type", subject->row->type)
      .member("indicator", subject->value);
  std::string text;
  for (std::size_t i = 0; i < sections->size(); ++i) {
    const OtxSectionRow& section = *(*sections)[i];
    if (!bodies[i]) {
      if (first_failure) first_failure = fail(bodies[i].error());
      continue;
    }
    if (invocation.options.has("json")) {
      JsonParser parser;
      const auto root = parser.parse_repaired(*bodies[i]);
      if (root) json.key(section.name).raw(root->json());
      continue;
    }
    if (sections->size() > 1)
      text += (text.empty() ? "" : "\n") + std::string(section.name) + "\n";
    text += otx_section_text(section, *bodies[i], *limit).value_or("");
  }
  json.end_object();
  SPOOR_TRY(write_out(invocation.options.has("json") ? json.take() + "\n" : text), "otx");
  if (!first_failure) return fail(first_failure.error());
  return 0;
}

constexpr OtxVerb kVerbs[] = {
    {"me", "", "whose key it is; tells whether it works", 0, 0, me},
    {"pulse", "ID", "a pulse with its indicators", 1, 1, pulse},
    {"indicators", "ID", "the indicators of a pulse, page by page; --inactive", 1, 1,
     indicators},
    {"related", "ID", "pulses that share malware or adversary with a pulse", 1, 1, related},
    {"search", "TEXT", "pulses, or with --users users, that hold the text", 1, 1, search},
    {"indicator", "TYPE VALUE [SECTION]...",
     "what OTX knows of one indicator; TYPE auto, SECTION all", 2, 16, indicator},
    {"user", "NAME", "a user", 1, 1, user},
    {"user-pulses", "NAME", "the pulses of a user", 1, 1, user_pulses},
    {"my", "[TEXT]", "your own pulses", 0, 1, my},
    {"events", "", "what happened in the account; --since", 0, 0, events},
    {"ids", "", "ids of all subscribed pulses", 0, 0, ids},
    {"types", "", "the types of indicators that OTX has", 0, 0, types},
    {"export", "", "indicators of all subscribed pulses; --type, --since", 0, 0, export_rows},
};

}  // namespace

std::span<const OtxVerb> otx_read_verbs() {
  return kVerbs;
}

}  // namespace spoor
