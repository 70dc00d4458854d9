// spoor sightings: what hunts have found, from the store. Without wall-clock times, so that two
// stores with the same findings give the same lists.

#include <map>
#include <optional>

#include "app/command.h"
#include "app/noise_config.h"
#include "app/score_views.h"
#include "app/table.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"type", 't', "NAME", "of this type (may be repeated)"},
    {"value", '\0', "TEXT", "of indicators whose value holds this text"},
    {"file", '\0', "TEXT", "in files whose path holds this text"},
    {"min-grade", 'g', "GRADE", "of at least this grade"},
    {"min-score", '\0', "N", "of indicators whose score is at least N now (0 to 100)"},
    {"show-suppressed", '\0', "", "also what is suppressed or weak as noise, with the reason"},
    {"limit", 'n', "N", "at most N"},
    {"json", '\0', "", "a JSON object a sighting"},
    SPOOR_COMMON_OPTIONS,
};

std::string sighting_json(const Sighting& sighting, const std::optional<double>& score) {
  JsonWriter json;
  json.begin_object().member("kind", "sighting").member("file", sighting.file);
  if (!is_valid_utf8(sighting.file)) json.member("file_hex", to_hex(sighting.file));
  json.member("line", sighting.line)
      .member("offset", sighting.offset)
      .member("length", sighting.length);
  json.member("type", name_of(sighting.observable.type))
      .member("indicator", sighting.observable.value)
      .member("match", sighting.match);
  if (!is_valid_utf8(sighting.match)) json.member("match_hex", to_hex(sighting.match));
  json.member("grade", name_of(sighting.grade))
      .member("rule", sighting.rule)
      .key("views")
      .begin_array();
  for (const ViewKind view : sighting.views) json.string(name_of(view));
  json.end_array().member("verdict", name_of(sighting.verdict));
  if (!sighting.reason.empty()) json.member("reason", sighting.reason);
  if (sighting.time) json.member("time", format_iso8601(*sighting.time));
  if (!sighting.host.empty()) json.member("host", sighting.host);
  if (sighting.flow != Flow::kUnknown) json.member("flow", name_of(sighting.flow));
  if (sighting.live) json.member("live", *sighting.live);
  if (score) json.key("score").number(*score);
  json.end_object();
  return json.take() + "\n";
}

/// "1,204 suppressed, 3 weak (--show-suppressed shows them): 1204 warninglist 'X', ...".
std::string hidden_text(const std::map<std::string, std::uint64_t>& hidden) {
  std::uint64_t total = 0;
  std::string reasons;
  for (const auto& [reason, count] : hidden) {
    total += count;
    reasons += "  " + std::to_string(count) + "  " + terminal_safe(reason) + "\n";
  }
  if (total == 0) return {};
  return std::to_string(total) + " not shown as noise (--show-suppressed shows them):\n" +
         reasons;
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (!options.operands().empty())
    return fail("sightings: found '" + options.operands()[0] + "', expected options only");
  SightingFilter filter;
  for (const std::string& word : options.all("type")) {
    const auto type = type_from_name(word);
    if (!type)
      return fail("sightings: --type: found '" + word +
                  "', expected a type such as domain, IPv4, URL");
    filter.types.push_back(*type);
  }
  filter.value = options.value("value");
  filter.file = options.value("file");
  if (options.has("min-grade")) {
    const auto grade = grade_from_name(options.value("min-grade"));
    if (!grade)
      return fail("sightings: --min-grade: found '" + options.value("min-grade") +
                  "', expected weak, mention, derived, contains, equivalent or exact");
    filter.min_grade = *grade;
  }
  if (options.has("limit")) {
    const auto limit = parse_number(options.value("limit"), 1, 1'000'000'000);
    if (!limit) return fail(limit.error().at("sightings: --limit"));
    filter.limit = *limit;
  }
  auto store = open_store(invocation, Store::Mode::kReadOnly);
  if (!store) return fail(store.error());
  const auto least = min_score(options);
  if (!least) return fail(least.error().at("sightings"));
  auto settings = score_settings(invocation.config);
  if (!settings) return fail(settings.error());
  Scores scores(**store, *std::move(settings), SystemClock().now());
  const bool show_all = options.has("show-suppressed");
  std::string out;
  Status written;
  TextTable table(70);
  std::map<std::string, std::uint64_t> hidden;
  // With a score to pass, the limit counts what has passed.
  const std::uint64_t limit = filter.limit > 0 ? filter.limit : UINT64_MAX;
  std::uint64_t passed = 0;
  if (options.has("min-score")) filter.limit = 0;
  if (!options.has("json")) {
    std::vector<std::string> head = {"PLACE", "TYPE", "INDICATOR", "GRADE", "RULE", "MATCH"};
    if (show_all) head.insert(head.end(), {"VERDICT", "WHY"});
    table.row(std::move(head));
  }
  SPOOR_TRY((*store)->for_each_sighting(
                filter,
                [&](const StoredSighting& stored) {
                  const Sighting& sighting = stored.sighting;
                  std::optional<double> score;
                  if (options.has("min-score")) {
                    const auto of = scores.of(sighting.observable_id);
                    if (!of) written = fail(of.error());
                    if (!of || *of < *least || ++passed > limit) return;
                    score = *of;
                  }
                  if (options.has("json")) {
                    out += sighting_json(sighting, score);
                  } else if (is_noise(sighting.verdict, sighting.grade) && !show_all) {
                    ++hidden[std::string(reason_group(sighting.reason))];
                  } else {
                    std::vector<std::string> row = {
                        sighting.file + ":" + std::to_string(sighting.line),
                        std::string(name_of(sighting.observable.type)),
                        sighting.observable.value,
                        std::string(name_of(sighting.grade)),
                        sighting.rule,
                        sighting.match};
                    if (show_all)
                      row.insert(row.end(),
                                 {std::string(name_of(sighting.verdict)), sighting.reason});
                    table.row(std::move(row));
                  }
                  if (out.size() > 1 << 16) {
                    if (written) written = write_out(out);
                    out.clear();
                  }
                }),
            "sightings");
  if (!options.has("json")) out = table.text() + hidden_text(hidden);
  SPOOR_TRY(std::move(written), "sightings");
  SPOOR_TRY(write_out(out), "sightings");
  return 0;
}

}  // namespace

extern const CommandRow kSightingsCommand = {
    "sightings",
    "what hunts have found",
    "sightings [FILTER]... [--json]",
    "Lists the stored sightings: every place at which an indicator was found, once.\n"
    "What is suppressed or weak as noise is counted by its reason; --show-suppressed lists "
    "it.\n",
    "  spoor sightings --min-grade exact\n"
    "  spoor sightings --value evil.example --json\n"
    "  spoor sightings --show-suppressed --min-score 20\n",
    kOptions,
    run,
};

}  // namespace spoor
