// spoor judge: all stored sightings anew, by the lists as they are now.

#include <chrono>
#include <map>

#include "app/command.h"
#include "app/noise_config.h"
#include "app/table.h"
#include "base/json_writer.h"
#include "report/text_printer.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"rules", '\0', "", "print the rules by which sightings are noise, and stop"},
    {"json", '\0', "", "as JSON"},
    SPOOR_COMMON_OPTIONS,
};

using Reasons = std::map<std::pair<Verdict, std::string>, std::uint64_t>;

Result<int> print_rules(bool json) {
  TextTable table(100);
  std::string out;
  for (const NoiseRule& rule : noise_rules()) {
    table.row({std::string(rule.id), std::string(rule.words), std::string(rule.verdict)});
    if (!json) continue;
    JsonWriter line;
    line.begin_object()
        .member("rule", rule.id)
        .member("words", rule.words)
        .member("verdict", rule.verdict)
        .end_object();
    out += line.take() + "\n";
  }
  SPOOR_TRY(write_out(json ? out : table.text()), "judge");
  return 0;
}

std::string report_text(const JudgeCounts& counts, const Reasons& reasons) {
  std::string out = count_text(counts.sightings) + " sightings judged, " +
                    count_text(counts.changed) + " changed\n";
  TextTable table(90);
  for (const auto& [key, count] : reasons)
    table.row({count_text(count), std::string(name_of(key.first)), key.second});
  return out + table.text("  ");
}

std::string report_json(const JudgeCounts& counts, const Reasons& reasons) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "judge")
      .member("sightings", counts.sightings)
      .member("changed", counts.changed);
  json.key("verdicts").begin_array();
  for (const auto& [key, count] : reasons) {
    json.begin_object()
        .member("verdict", name_of(key.first))
        .member("reason", key.second)
        .member("sightings", count)
        .end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (!options.operands().empty())
    return fail("judge: found '" + options.operands()[0] + "', expected options only");
  if (options.has("rules")) return print_rules(options.has("json"));
  const auto settings = noise_settings(invocation.config);
  if (!settings) return fail(settings.error());
  auto store = open_noise_store(invocation, Store::Mode::kReadWrite);
  if (!store) return fail(store.error().at("judge"));
  Tally refused;
  const auto judge = load_judge(**store, *settings, refused);
  if (!judge) return fail(judge.error().at("judge"));
  const auto events = (*store)->all_events();
  if (!events) return fail(events.error().at("judge"));
  Reasons reasons;
  const auto counts = judge_stored(**store, **judge, *events, [&](const SightingGroup& group) {
    reasons[{group.verdict, std::string(reason_group(group.reason))}] += group.sightings;
  });
  if (!counts) return fail(counts.error().at("judge"));
  SPOOR_TRY(write_out(options.has("json") ? report_json(*counts, reasons)
                                          : report_text(*counts, reasons)),
            "judge");
  return 0;
}

}  // namespace

extern const CommandRow kJudgeCommand = {
    "judge",
    "judge all stored sightings anew, after lists have changed",
    "judge [--rules] [--json]",
    "Gives every stored sighting the verdict that the warninglists, the allow-list, the notes "
    "of\n"
    "sources and the counts of the store call for now: shown, weak or suppressed, with the\n"
    "reason. Judging again changes nothing. Exit status: 0 done, 2 an error.\n",
    "  spoor warninglist add misp-warninglists/lists && spoor judge\n"
    "  spoor judge --rules\n",
    kOptions,
    run,
};

}  // namespace spoor
