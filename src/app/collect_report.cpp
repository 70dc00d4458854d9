#include "app/collect_report.h"

#include "app/command.h"
#include "app/table.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor {
namespace {

std::string_view name_of(PulseChange::Kind kind) {
  constexpr std::string_view kNames[] = {"new", "changed", "ended"};
  return kNames[static_cast<std::size_t>(kind)];
}

constexpr std::size_t kChangesShown = 20;

std::string count_cell(std::uint64_t count) {
  return count == 0 ? "-" : std::to_string(count);
}

/// What changed, as a table, then the pulses by name.
std::string changes_text(const CollectReport& report) {
  const IngestCounts& counts = report.counts;
  TextTable table(76);
  table.row({"", "read", "new", "changed", "ended", "known"});
  table.row({"pulses", std::to_string(report.pulses), count_cell(counts.pulses_new),
             count_cell(counts.pulses_changed), count_cell(counts.pulses_gone),
             count_cell(counts.pulses_same)});
  table.row({"indicators", std::to_string(report.rows), count_cell(counts.claims_new),
             count_cell(counts.claims_changed), count_cell(counts.claims_ended),
             count_cell(counts.claims_same)});
  std::string text = table.text();
  if (report.changes.empty()) return text;
  TextTable pulses(60);
  std::size_t shown = 0;
  for (const PulseChange& change : report.changes) {
    if (shown++ == kChangesShown) break;
    std::string what;
    for (const auto& [count, sign] :
         {std::pair(change.claims_new, "+"), std::pair(change.claims_changed, "~"),
          std::pair(change.claims_ended, "-")}) {
      if (count > 0) what += (what.empty() ? "" : " ") + (sign + std::to_string(count));
    }
    pulses.row({std::string(name_of(change.kind)), change.id, what, change.name});
  }
  text += pulses.text("  ");
  if (report.changes.size() > kChangesShown)
    text += "  and " + std::to_string(report.changes.size() - kChangesShown) +
            (report.changes.size() == CollectReport::kMostChanges ? " or more" : "") +
            " other pulses (--json lists them)\n";
  return text;
}

}  // namespace

std::string collect_report_text(const CollectReport& report) {
  std::string text = changes_text(report);
  TextTable table(76);
  table.row({"requests", std::to_string(report.requests) + ", " +
                             std::to_string(report.retries) + " tried again, " +
                             std::to_string(report.pages) + " pages of " + report.endpoint});
  if (report.since) table.row({"asked since", format_iso8601(*report.since)});
  if (report.watermark) table.row({"complete to", format_iso8601(*report.watermark)});
  if (!report.reconciled.empty()) table.row({"account", report.reconciled});
  text += table.text();
  if (!report.fallback.empty())
    text += "stood in: " + report.endpoint + ", since " + terminal_safe(report.fallback) +
            "; the next run asks subscribed first\n";
  if (report.resumed) text += "went on with a walk that had been stopped\n";
  if (!report.whole)
    text +=
        "not whole: " + terminal_safe(report.stopped) + "; the next run goes on from here\n";
  if (!report.nothing_new.empty())
    text += "nothing new: " + terminal_safe(report.nothing_new) + "\n";
  for (const auto& [name, tally] :
       {std::pair("refused", &report.refused), std::pair("quarantined", &report.quarantined),
        std::pair("noted", &report.notes)}) {
    if (!tally->empty()) text += std::string(name) + ":\n" + tally_text(*tally, "  ");
  }
  return text;
}

std::string collect_report_json(const std::string& feed, const std::string& source,
                                const CollectReport& report) {
  JsonWriter json;
  const IngestCounts& counts = report.counts;
  json.begin_object()
      .member("kind", "collect")
      .member("feed", feed)
      .member("source", source)
      .member("whole", report.whole)
      .member("resumed", report.resumed)
      .member("stopped", report.stopped);
  json.member("endpoint", report.endpoint)
      .member("fallback", report.fallback)
      .member("reconciled", report.reconciled);
  json.member("pages", std::int64_t{report.pages})
      .member("requests", std::int64_t{report.requests})
      .member("retries", std::int64_t{report.retries});
  json.member("pulses", report.pulses)
      .member("pulses_new", counts.pulses_new)
      .member("pulses_changed", counts.pulses_changed)
      .member("pulses_ended", counts.pulses_gone);
  json.member("rows", report.rows)
      .member("accepted", report.accepted)
      .member("new", counts.claims_new)
      .member("changed", counts.claims_changed);
  json.member("ended", counts.claims_ended)
      .member("same", counts.claims_same)
      .member("context", counts.context)
      .member("nothing_new", report.nothing_new)
      .member("unchanged", report.unchanged);
  if (report.watermark) json.member("watermark", format_iso8601(*report.watermark));
  json.key("changes").begin_array();
  for (const PulseChange& change : report.changes) {
    json.begin_object().member("change", name_of(change.kind)).member("pulse", change.id);
    if (!change.name.empty()) json.member("name", change.name);
    json.member("new", change.claims_new)
        .member("changed", change.claims_changed)
        .member("ended", change.claims_ended)
        .end_object();
  }
  json.end_array();
  write_tally(json, "refused", report.refused);
  write_tally(json, "quarantined", report.quarantined);
  write_tally(json, "notes", report.notes);
  json.end_object();
  return json.take() + "\n";
}

std::string collect_error_json(const std::string& feed, const std::string& source,
                               const std::string& error) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "collect")
      .member("feed", feed)
      .member("source", source)
      .member("whole", false)
      .member("error", error)
      .end_object();
  return json.take() + "\n";
}

std::string collect_table(const std::vector<FeedOutcome>& outcomes) {
  TextTable table(60);
  table.row({"feed", "new", "changed", "ended", "refused", "quarantined", ""});
  for (const FeedOutcome& outcome : outcomes) {
    if (!outcome.report) {
      table.row({outcome.feed, "-", "-", "-", "-", "-", "failed"});
      continue;
    }
    const CollectReport& report = *outcome.report;
    const IngestCounts& counts = report.counts;
    std::string state = !report.whole      ? "not whole: " + report.stopped
                        : report.unchanged ? "unchanged"
                                           : "";
    if (!report.fallback.empty())
      state += (state.empty() ? "" : "; ") + ("by " + report.endpoint);
    table.row({outcome.feed, count_cell(counts.claims_new), count_cell(counts.claims_changed),
               count_cell(counts.claims_ended), count_cell(report.refused.total()),
               count_cell(report.quarantined.total()), state});
  }
  return table.text();
}

}  // namespace spoor
