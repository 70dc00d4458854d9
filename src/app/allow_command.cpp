// spoor allow: one's own list of what is harmless here, with a reason and an end.

#include <algorithm>

#include "app/command.h"
#include "app/noise_config.h"
#include "app/table.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "io/source.h"
#include "ioc/canonical.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "store/outbox.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"reason", '\0', "TEXT", "why it is harmless: stands with every sighting it suppresses"},
    {"expires", '\0', "WHEN", "a date, or how long from now on: 2027-01-31, 90d"},
    {"file", '\0', "FILE", "add: also the values of FILE, a line each: value, TAB, reason"},
    {"type", 't', "NAME", "of the values (default: the one a value plainly has)"},
    {"proposed", '\0', "", "list: what false positives of cases propose"},
    {"all", '\0', "", "accept: every proposal"},
    {"json", '\0', "", "an object an entry"},
    SPOOR_COMMON_OPTIONS,
};

constexpr std::string_view kKinds[] = {"value", "network", "names"};

/// "*.name" is all names below and the name, a network all in it, else just the value.
Result<AllowEntry> entry_of(const std::string& text, const Options& options) {
  AllowEntry entry;
  if (text.rfind("*.", 0) == 0 || text.rfind(".", 0) == 0) {
    const auto name = canonical_domain(std::string_view(text).substr(text[0] == '*' ? 2 : 1));
    if (!name) return fail("'" + text + "': " + name.error().rule + ": " + name.error().reason);
    if (is_public_suffix(name->ascii))
      return fail("'" + text + "': found a public suffix, expected a name of one owner");
    entry.kind = AllowEntry::Kind::kNames;
    entry.observable = {IndicatorType::kDomain, name->ascii};
    return entry;
  }
  OrRefusal<Canonical> canonical = infer(text);
  if (options.has("type")) {
    const auto type = type_from_name(options.value("type"));
    if (!type)
      return fail("--type: found '" + options.value("type") +
                  "', expected a type such as domain, IPv4, URL");
    canonical = canonicalize(*type, text);
  }
  if (!canonical)
    return fail("'" + text + "': " + canonical.error().rule + ": " + canonical.error().reason);
  entry.observable = canonical->observable;
  if (entry.observable.type == IndicatorType::kCidr) entry.kind = AllowEntry::Kind::kNetwork;
  return entry;
}

Result<std::optional<Time>> expiry_of(const Options& options, Time now) {
  if (!options.has("expires")) return std::nullopt;
  const std::string text = options.value("expires");
  std::optional<Time> when;
  if (const auto date = parse_iso8601(text)) {
    when = date->time;
  } else if (const auto before = parse_since(text, now)) {
    when = now + (now - *before);
  }
  if (!when)
    return fail("--expires: found '" + text + "', expected a date or an age such as 90d");
  if (*when <= now) return fail("--expires: found '" + text + "', expected a time to come");
  return when;
}

std::string words_of(const AllowEntry& entry) {
  return (entry.kind == AllowEntry::Kind::kNames ? "*." : "") + entry.observable.value;
}

/// The values of the command line and of --file, each with its reason.
Result<std::vector<AllowEntry>> wanted(const Options& options,
                                       std::span<const std::string> values, Time now) {
  const auto expires = expiry_of(options, now);
  if (!expires) return fail(expires.error());
  std::vector<std::pair<std::string, std::string>> rows;
  for (const std::string& value : values) rows.emplace_back(value, options.value("reason"));
  if (options.has("file")) {
    const auto text = read_whole(options.value("file"), 64 << 20);
    if (!text) return fail(text.error());
    std::string_view left = *text;
    while (!left.empty()) {
      const std::size_t end = left.find('\n');
      std::string_view line = trim(left.substr(0, end));
      left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
      if (line.empty() || line[0] == '#') continue;
      const std::size_t tab = line.find('\t');
      rows.emplace_back(trim(line.substr(0, tab)), tab == std::string_view::npos
                                                       ? options.value("reason")
                                                       : std::string(trim(line.substr(tab))));
    }
  }
  std::vector<AllowEntry> entries;
  for (const auto& [value, reason] : rows) {
    auto entry = entry_of(value, options);
    if (!entry) return fail(entry.error());
    if (reason.empty())
      return fail("'" + value +
                  "': found no reason, expected --reason TEXT: who comes after "
                  "must know why");
    entry->reason = reason;
    entry->expires = *expires;
    entry->added = now;
    entries.push_back(*std::move(entry));
  }
  return entries;
}

Result<int> add(NoiseStore& store, const Options& options,
                std::span<const std::string> values) {
  if (values.empty() && !options.has("file"))
    return fail("allow: add: found nothing, expected VALUE... or --file FILE");
  const auto entries = wanted(options, values, SystemClock().now());
  if (!entries) return fail(entries.error().at("allow: add"));
  for (const AllowEntry& entry : *entries) {
    const auto change = store.put_allowed(entry);
    if (!change) return fail(change.error());
  }
  return 0;
}

Result<int> remove(NoiseStore& store, const Options& options,
                   std::span<const std::string> values) {
  if (values.empty()) return fail("allow: remove: found nothing, expected VALUE...");
  for (const std::string& value : values) {
    const auto entry = entry_of(value, options);
    if (!entry) return fail(entry.error().at("allow: remove"));
    const auto removed = store.remove_allowed(*entry);
    if (!removed) return fail(removed.error());
    if (!*removed)
      return fail("allow: remove: '" + value + "' is not on the list, see 'spoor allow list'");
  }
  return 0;
}

Result<int> list(NoiseStore& store, const Options& options) {
  const auto entries = store.allowed();
  if (!entries) return fail(entries.error());
  const Time now = SystemClock().now();
  std::string out;
  TextTable table(70);
  table.row({"VALUE", "TYPE", "EXPIRES", "REASON"});
  for (const AllowEntry& entry : *entries) {
    const bool expired = entry.expires && *entry.expires <= now;
    const bool is_value = entry.kind == AllowEntry::Kind::kValue;
    table.row({words_of(entry),
               is_value ? std::string(name_of(entry.observable.type))
                        : std::string(kKinds[static_cast<std::size_t>(entry.kind)]),
               entry.expires ? format_iso8601(*entry.expires) + (expired ? " (past)" : "") : "",
               entry.reason});
    if (!options.has("json")) continue;
    JsonWriter json;
    json.begin_object()
        .member("kind", "allow")
        .member("covers", kKinds[static_cast<std::size_t>(entry.kind)])
        .member("value", entry.observable.value);
    if (is_value) json.member("type", name_of(entry.observable.type));
    json.member("reason", entry.reason).member("added", format_iso8601(entry.added));
    if (entry.expires) json.member("expires", format_iso8601(*entry.expires));
    json.member("expired", expired).end_object();
    out += json.take() + "\n";
  }
  if (!options.has("json")) out = table.text();
  SPOOR_TRY(write_out(out), "allow");
  return 0;
}

/// Whether the list has the proposal's value already.
bool is_allowed(const std::vector<AllowEntry>& entries, const Observable& observable) {
  return std::any_of(entries.begin(), entries.end(), [&](const AllowEntry& entry) {
    return entry.kind == AllowEntry::Kind::kValue && entry.observable == observable;
  });
}

Result<int> list_proposed(const Outbox& outbox, NoiseStore& store, const Options& options) {
  const auto proposals = outbox.proposals();
  if (!proposals) return fail(proposals.error());
  const auto entries = store.allowed();
  if (!entries) return fail(entries.error());
  std::string out;
  TextTable table(70);
  table.row({"TYPE", "VALUE", "STATE", "REASON"});
  for (const AllowProposal& each : *proposals) {
    const bool accepted = is_allowed(*entries, each.observable);
    table.row({std::string(name_of(each.observable.type)), each.observable.value,
               accepted ? "accepted" : "proposed", each.reason});
    if (!options.has("json")) continue;
    JsonWriter json;
    json.begin_object()
        .member("kind", "allow-proposal")
        .member("type", name_of(each.observable.type))
        .member("value", each.observable.value)
        .member("reason", each.reason)
        .member("accepted", accepted)
        .end_object();
    out += json.take() + "\n";
  }
  if (!options.has("json")) out = table.text();
  SPOOR_TRY(write_out(out), "allow");
  return 0;
}

/// The proposed values that are named, or all: into the list, with the proposal's reason.
Result<int> accept(const Outbox& outbox, NoiseStore& store, const Options& options,
                   std::span<const std::string> values) {
  if (values.empty() != options.has("all"))
    return fail("allow: accept: expected VALUE... of 'spoor allow list --proposed', or --all");
  const Time now = SystemClock().now();
  const auto expires = expiry_of(options, now);
  if (!expires) return fail(expires.error().at("allow: accept"));
  const auto proposals = outbox.proposals();
  if (!proposals) return fail(proposals.error());
  std::vector<bool> met(values.size(), false);
  for (const AllowProposal& each : *proposals) {
    bool wanted = options.has("all");
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] != each.observable.value) continue;
      wanted = met[i] = true;
    }
    if (!wanted) continue;
    AllowEntry entry;
    entry.observable = each.observable;
    entry.reason = options.value("reason", each.reason);
    entry.expires = *expires;
    entry.added = now;
    const auto change = store.put_allowed(entry);
    if (!change) return fail(change.error());
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!met[i])
      return fail("allow: accept: '" + values[i] +
                  "' is not proposed, expected a value of 'spoor allow list --proposed'");
  }
  return 0;
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto& operands = options.operands();
  if (operands.empty())
    return fail("allow: expected add, list, remove or accept; see 'spoor allow --help'");
  const std::string& verb = operands[0];
  const auto rest = std::span(operands).subspan(1);
  auto opened = open_noise_store(
      invocation, verb == "list" ? Store::Mode::kReadOnly : Store::Mode::kReadWrite);
  if (!opened) return fail(opened.error().at("allow"));
  NoiseStore& store = **opened;
  if (verb == "add") return add(store, options, rest);
  if (verb == "remove") return remove(store, options, rest);
  if (verb == "list" && rest.empty() && !options.has("proposed")) return list(store, options);
  if (verb == "accept" || (verb == "list" && rest.empty())) {
    const auto path = store_path(invocation);
    if (!path) return fail(path.error());
    const auto outbox = Outbox::open(*path);
    if (!outbox) return fail(outbox.error().at("allow"));
    return verb == "list" ? list_proposed(**outbox, store, options)
                          : accept(**outbox, store, options, rest);
  }
  return fail("allow: found '" + (verb == "list" ? rest[0] : verb) +
              "', expected add, list, remove or accept");
}

}  // namespace

extern const CommandRow kAllowCommand = {
    "allow",
    "the own list of what is harmless here",
    "allow add VALUE|NETWORK|*.NAME... --reason TEXT [--expires WHEN] | list [--proposed] | "
    "remove VALUE... | accept VALUE...|--all",
    "A sighting of what the list holds is suppressed with the entry's reason, until it "
    "expires.\n"
    "*.NAME is the name and all below it, a network all that is in it. Cases that turned out "
    "as\n"
    "false positives propose values; `accept` takes them over. Exit status: 0 done, 2 an "
    "error.\n",
    "  spoor allow add '*.corp.example' --reason 'our own names'\n"
    "  spoor allow add 198.51.100.0/24 --reason 'scanner of the audit' --expires 30d\n"
    "  spoor allow list --proposed\n"
    "  spoor allow accept --all\n",
    kOptions,
    run,
};

}  // namespace spoor
