#include "app/case_views.h"

#include "app/case_systems.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/json_writer.h"

namespace spoor {
namespace {

std::string entry_json(const OutboxEntry& entry, const std::vector<OutboxRefusal>& refusals) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "outbox")
      .member("system", entry.system)
      .member("key", entry.key)
      .member("title", entry.title)
      .member("tlp", name_of(entry.tlp))
      .member("state", name_of(entry.state))
      .member("tries", entry.tries)
      .member("message", entry.message)
      .member("verdict", entry.verdict)
      .member("recorded", format_iso8601(entry.recorded));
  if (entry.filed) json.member("filed", format_iso8601(*entry.filed));
  if (!entry.remote.empty()) json.key("remote").raw(entry.remote);
  json.key("refused").begin_array();
  for (const OutboxRefusal& refusal : refusals) {
    json.begin_object()
        .member("what", refusal.what)
        .member("words", refusal.words)
        .end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

/// The values of an entry that a false positive speaks against: those that were seen.
Result<std::uint64_t> propose(Outbox& outbox, const OutboxEntry& entry, Time now) {
  const auto draft = draft_of(entry.draft);
  if (!draft) return fail(draft.error());
  std::uint64_t added = 0;
  for (const DraftObservable& each : draft->observables) {
    if (!each.sighted) continue;
    const auto is_new = outbox.propose(
        {each.observable, "false positive: " + entry.system + ": " + entry.title, now});
    if (!is_new) return fail(is_new.error());
    if (*is_new) ++added;
  }
  return added;
}

}  // namespace

Result<int> list_outbox(const Invocation& invocation, Outbox& outbox) {
  const bool json = invocation.options.has("json");
  const std::vector<std::string> names = invocation.options.all("system");
  std::string out;
  TextTable table(60);
  if (!json) table.row({"SYSTEM", "STATE", "TRIES", "TITLE", "WORDS"});
  Status failed;
  for (const std::string& name : names.empty() ? std::vector<std::string>{""} : names) {
    SPOOR_TRY(
        outbox.for_each(name, Outbox::Drafts::kLeaveOut,
                        [&](const OutboxEntry& entry) {
                          const auto refusals = outbox.refusals_of(entry.id);
                          if (!refusals) {
                            failed = fail(refusals.error());
                            return;
                          }
                          if (json) {
                            out += entry_json(entry, *refusals);
                            return;
                          }
                          table.row({entry.system, std::string(name_of(entry.state)),
                                     std::to_string(entry.tries), entry.title, entry.message});
                          for (const OutboxRefusal& refusal : *refusals)
                            table.row({"", "refused", "", refusal.what, refusal.words});
                        }),
        "case");
  }
  if (!failed) return fail(failed.error());
  SPOOR_TRY(write_out(json ? out : table.text()), "case");
  return 0;
}

Result<int> read_verdicts(const Invocation& invocation, Outbox& outbox,
                          const std::vector<SystemConfig>& systems) {
  const bool json = invocation.options.has("json");
  const Time now = SystemClock().now();
  std::string out;
  TextTable table(60);
  if (!json) table.row({"SYSTEM", "VERDICT", "TITLE"});
  for (const SystemConfig& config : systems) {
    if (config.is_notify) continue;
    auto system = make_system(config, nullptr);
    if (!system) return fail(system.error());
    std::vector<OutboxEntry> entries;
    SPOOR_TRY(outbox.for_each(config.name, Outbox::Drafts::kRead,
                              [&](const OutboxEntry& entry) {
                                if (!entry.remote.empty()) entries.push_back(entry);
                              }),
              "case");
    for (const OutboxEntry& entry : entries) {
      if (interrupted()) return 2;
      auto verdict = (*system)->verdict(entry.remote);
      if (!verdict) return fail(verdict.error().at(config.name));
      if (verdict->empty()) continue;
      if (auto status = outbox.set_verdict(entry.id, *verdict); !status)
        return fail(status.error());
      std::uint64_t proposed = 0;
      if (*verdict == "false positive") {
        const auto added = propose(outbox, entry, now);
        if (!added) return fail(added.error());
        proposed = *added;
      }
      if (json) {
        JsonWriter line;
        line.begin_object()
            .member("kind", "verdict")
            .member("system", config.name)
            .member("key", entry.key)
            .member("title", entry.title)
            .member("verdict", *verdict)
            .member("proposed", proposed)
            .end_object();
        out += line.take() + "\n";
      } else {
        table.row({config.name, *verdict, entry.title});
      }
    }
  }
  const auto proposals = outbox.proposals();
  if (!proposals) return fail(proposals.error());
  if (!json) out = table.text();
  if (!json && !proposals->empty())
    out += "\nproposed for an allow-list, since a case with them was a false positive:\n";
  TextTable proposed(60);
  for (const AllowProposal& each : *proposals) {
    if (json) {
      JsonWriter line;
      line.begin_object()
          .member("kind", "allow-proposal")
          .member("type", name_of(each.observable.type))
          .member("value", each.observable.value)
          .member("reason", each.reason)
          .end_object();
      out += line.take() + "\n";
    } else {
      proposed.row(
          {std::string(name_of(each.observable.type)), each.observable.value, each.reason});
    }
  }
  SPOOR_TRY(write_out(out + (json ? "" : proposed.text("  "))), "case");
  return 0;
}

}  // namespace spoor
