// spoor case: what was found, to where somebody acts on it.

#include <map>

#include "app/case_sources.h"
#include "app/case_systems.h"
#include "app/case_views.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "store/outbox.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"per", '\0', "WHAT", "finding (default): what was seen; pulse: the intelligence itself"},
    {"as", '\0', "WHAT", "alert or case (default: the configuration's file_as, else alert)"},
    {"group", '\0', "PARTS", "of pulse, asset, day, indicator (default pulse,asset,day)"},
    {"hunt", '\0', "N", "sightings of this hunt, last (default) or all"},
    {"min-grade", 'g', "GRADE", "sightings of at least this grade (default mention)"},
    {"from-lookup", '\0', "VALUE", "a case on this value and what is known of it"},
    {"merge", '\0', "CASE", "put the alerts into this existing case"},
    {"system", '\0', "NAME", "only this system of the configuration (may be repeated)"},
    {"pulse", '\0', "TEXT", "pulses with this id or name (may be repeated)"},
    {"tag", '\0', "TAG", "pulses with this tag (may be repeated)"},
    {"feed", '\0', "NAME", "pulses of this feed (may be repeated)"},
    {"since", '\0', "WHEN", "pulses modified since a date or age"},
    {"dry-run", '\0', "", "print the requests that would be sent, and send none that changes"},
    {"offline", '\0', "", "a dry run that asks nobody what is there"},
    {"queue", '\0', "", "record in the outbox, send nothing"},
    {"retry", '\0', "", "try what was refused again, and what waits"},
    {"list", '\0', "", "what is in the outbox"},
    {"verdicts", '\0', "", "read back what analysts found; propose false positives"},
    {"json", '\0', "", "JSON lines"},
    SPOOR_COMMON_OPTIONS,
};

/// What the command line says over the configuration.
Status apply_options(const Options& options, std::vector<SystemConfig>& systems) {
  for (SystemConfig& system : systems) {
    if (options.has("as")) {
      const std::string as = options.value("as");
      if (as != "alert" && as != "case")
        return fail("--as: found '" + as + "', expected alert or case");
      system.draft.as = as == "case" ? FileAs::kCase : FileAs::kAlert;
    }
    if (options.has("group")) {
      const auto group = parse_group_by(options.value("group"));
      if (!group) return fail(group.error().at("--group"));
      system.draft.group = *group;
    }
    if (options.has("merge")) {
      system.draft.merge_into = options.value("merge");
      system.draft.as = FileAs::kCase;
      if (system.draft.merge_into.empty()) return fail("--merge: expected the id of a case");
    }
  }
  return {};
}

std::string report_text(const std::string& name, const SendReport& report) {
  std::string text = name + ": " + std::to_string(report.filed) + " filed (" +
                     std::to_string(report.created) + " new, " +
                     std::to_string(report.updated) + " updated), " +
                     std::to_string(report.observables_added) + " observables added";
  if (report.waiting > 0) text += ", " + std::to_string(report.waiting) + " waiting";
  if (report.refused > 0) text += ", " + std::to_string(report.refused) + " refused";
  if (report.busy > 0)
    text += ", " + std::to_string(report.busy) + " in the hands of another spoor";
  text += "; " + std::to_string(report.requests) + " requests, " +
          std::to_string(report.retries) + " tried again\n";
  for (const std::string& line : report.lines) text += "  " + line + "\n";
  return text;
}

std::string report_json(const std::string& name, const SendReport& report) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "case")
      .member("system", name)
      .member("filed", report.filed)
      .member("created", report.created)
      .member("updated", report.updated)
      .member("waiting", report.waiting)
      .member("refused", report.refused)
      .member("busy", report.busy)
      .member("observables_added", report.observables_added)
      .member("requests", report.requests)
      .member("retries", report.retries)
      .strings("notes", report.lines)
      .end_object();
  return json.take() + "\n";
}

/// Each line made safe, the lines kept.
std::string safe_lines(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    out += terminal_safe(std::string_view(text).substr(at, end - at)) + "\n";
    if (end == std::string::npos) break;
    at = end + 1;
  }
  return out;
}

Result<int> send(const Invocation& invocation, Outbox& outbox,
                 const std::vector<SystemConfig>& systems) {
  const bool json = invocation.options.has("json");
  const bool show = invocation.environment.stderr_is_terminal;
  const SystemClock clock;
  bool whole = true;
  for (const SystemConfig& config : systems) {
    auto system = make_system(config, nullptr);
    if (!system) {
      // What was recorded stays; the other systems get theirs.
      write_error("spoor: case: " + terminal_safe(system.error().message) + "\n");
      whole = false;
      continue;
    }
    auto report = send_outbox(
        outbox, config.name, **system, config.clearance, clock, [] { return interrupted(); },
        [&](const SendProgress& progress) {
          if (show)
            write_error("\r\x1b[K" + config.name + ": " +
                        terminal_safe(progress.title.substr(0, 40)) + ": " +
                        terminal_safe(progress.outcome.substr(0, 30)));
        });
    if (show) write_error("\r\x1b[K");
    if (!report) return fail(report.error().at(config.name));
    whole = whole && report->waiting == 0 && report->refused == 0;
    std::uint64_t refused = 0;
    SPOOR_TRY(outbox.for_each(config.name, Outbox::Drafts::kLeaveOut,
                              [&](const OutboxEntry& entry) {
                                if (entry.state == OutboxState::kRefused) ++refused;
                              }),
              "case");
    if (refused > report->refused)
      report->lines.push_back(std::to_string(refused - report->refused) +
                              " were refused earlier: spoor case --list, spoor case --retry");
    SPOOR_TRY(write_out(json ? report_json(config.name, *report)
                             : safe_lines(report_text(config.name, *report))),
              "case");
  }
  if (interrupted()) return 2;
  return whole ? 0 : 2;
}

/// Drafts under their keys: two of one key cannot be, for keys are what drafts are grouped by.
Result<OutboxCounts> record(Outbox& outbox, const std::vector<SystemConfig>& systems,
                            const CaseSources& sources) {
  std::vector<OutboxDraft> drafts;
  for (std::size_t i = 0; i < systems.size(); ++i) {
    for (const CaseDraft& draft : sources.of[i].drafts)
      drafts.push_back(
          {systems[i].name, key_of(draft), draft.title, draft.tlp, draft_text(draft)});
  }
  return outbox.record(drafts, SystemClock().now());
}

/// What would be sent: drafts that are new or changed, and what waits already.
Result<int> dry_run(const Invocation& invocation, const std::string& store_file,
                    const std::vector<SystemConfig>& systems, const CaseSources& sources) {
  DryRun dry;
  Status written;
  dry.json = invocation.options.has("json");
  dry.offline = invocation.options.has("offline");
  dry.show = [&](std::string_view text) {
    if (written) written = write_out(text);
  };
  auto outbox = Outbox::open(store_file);
  if (!outbox) return fail(outbox.error());
  const bool retry = invocation.options.has("retry");
  const auto waits = [retry](const OutboxEntry& entry) {
    return entry.state == OutboxState::kWaiting ||
           (retry && entry.state == OutboxState::kRefused);
  };
  int status = 0;
  for (std::size_t i = 0; i < systems.size(); ++i) {
    std::map<std::string, CaseDraft> fresh;
    for (const CaseDraft& draft : sources.of[i].drafts) fresh.emplace(key_of(draft), draft);
    std::vector<std::pair<CaseDraft, std::string>> due;  // with what it is called there
    Status failed;
    SPOOR_TRY((*outbox)->for_each(systems[i].name, Outbox::Drafts::kRead,
                                  [&](const OutboxEntry& entry) {
                                    const auto found = fresh.find(entry.key);
                                    if (found != fresh.end()) {
                                      const bool same =
                                          draft_text(found->second) == entry.draft;
                                      if (!same || waits(entry))
                                        due.emplace_back(found->second, entry.remote);
                                      fresh.erase(found);
                                    } else if (waits(entry)) {
                                      auto draft = draft_of(entry.draft);
                                      if (!draft) {
                                        failed = fail(draft.error());
                                      } else {
                                        due.emplace_back(std::move(*draft), entry.remote);
                                      }
                                    }
                                  }),
              "outbox");
    if (!failed) return fail(failed.error());
    for (auto& [key, draft] : fresh) due.emplace_back(std::move(draft), "");
    auto system = make_system(systems[i], &dry);
    if (!system) return fail(system.error());
    for (const auto& [draft, remote] : due) {
      Filing filing;
      std::string over = over_clearance(draft, systems[i].clearance);
      if (over.empty()) {
        filing = (*system)->file(draft, remote, [](std::string_view) { return Status(); });
        if (filing.kind == Filing::Kind::kFiled)
          over.clear();
        else
          over = filing.message;
      }
      for (const std::string& note : filing.notes)
        write_error("spoor: case: " + terminal_safe(draft.title + ": " + note) + "\n");
      if (!over.empty()) {
        write_error("spoor: case: " +
                    terminal_safe(systems[i].name + ": " + draft.title + ": " + over) + "\n");
        status = 2;
      }
      if (filing.stop) break;
    }
  }
  SPOOR_TRY(std::move(written), "case");
  return status;
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.operands().size() > 1 ||
      (!options.operands().empty() && options.operands()[0] != "-"))
    return fail("case: found '" + options.operands().back() +
                "', expected nothing or - for standard input");
  if (options.has("offline") && !options.has("dry-run"))
    return fail("case: --offline: expected --dry-run beside it");
  for (const char* alone : {"queue", "list", "verdicts"}) {
    if (options.has("dry-run") && options.has(alone))
      return fail("case: --dry-run: found --" + std::string(alone) + " beside it");
  }
  const auto path = store_path(invocation);
  if (!path) return fail(path.error().at("case"));
  catch_interrupts();
  auto store = open_store(invocation, Store::Mode::kReadWrite);
  if (!store) return fail(store.error());
  auto outbox = Outbox::open(*path);
  if (!outbox) return fail(outbox.error());
  if (options.has("list")) return list_outbox(invocation, **outbox);

  auto systems = chosen_systems(invocation);
  if (!systems) return fail(systems.error().at("case"));
  if (auto status = apply_options(options, *systems); !status)
    return fail(status.error().at("case"));
  if (options.has("verdicts")) return read_verdicts(invocation, **outbox, *systems);
  if (options.has("retry") && options.has("dry-run")) {
    CaseSources none;
    none.of.resize(systems->size());
    return dry_run(invocation, *path, *systems, none);
  }
  if (options.has("retry")) {
    for (const SystemConfig& system : *systems) {
      const auto again = (*outbox)->retry(system.name);
      if (!again) return fail(again.error());
    }
    return send(invocation, **outbox, *systems);
  }
  auto sources = case_sources(invocation, **store, *systems);
  if (!sources) return fail(sources.error().at("case"));
  for (const std::string& note : sources->notes)
    write_error("spoor: case: " + terminal_safe(note) + "\n");
  if (options.has("dry-run")) return dry_run(invocation, *path, *systems, *sources);
  const auto counts = record(**outbox, *systems, *sources);
  if (!counts) return fail(counts.error().at("case"));
  if (options.has("queue")) {
    SPOOR_TRY(
        write_out(std::to_string(counts->added) + " new, " + std::to_string(counts->changed) +
                  " changed, " + std::to_string(counts->same) + " known\n"),
        "case");
    return 0;
  }
  return send(invocation, **outbox, *systems);
}

}  // namespace

extern const CommandRow kCaseCommand = {
    "case",
    "alerts and cases in TheHive, messages to others",
    "case [OPTION]... [-]",
    "Files what the last hunt saw: an alert for each pulse, asset and day. What is to be filed "
    "is\n"
    "recorded first and stays until the other side has it; nothing is filed twice. With - , "
    "or\n"
    "where standard input is a pipe, it reads what spoor hunt --json prints. The systems "
    "stand\n"
    "in the configuration.\n",
    "  spoor hunt --json /var/log | spoor case --dry-run\n"
    "  spoor case --as case --system thehive\n"
    "  spoor case --per pulse --since 7d\n"
    "  spoor case --from-lookup google.com\n"
    "  spoor case --list; spoor case --retry; spoor case --verdicts\n",
    kOptions,
    run,
};

}  // namespace spoor
