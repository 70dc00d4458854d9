// spoor indicators: what the store holds, listed, counted, exported. Nothing here depends on
// when it was imported: two equal stores give equal exports.

#include <algorithm>

#include "app/command.h"
#include "app/noise_config.h"
#include "app/score_views.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/json_writer.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    SPOOR_FILTER_OPTIONS,
    {"with-context", '\0', "", "also what every source calls context and nothing to hunt for"},
    {"min-score", '\0', "N", "whose score is at least N now (0 to 100)"},
    {"sources", '\0', "", "each indicator with its score and its sources side by side"},
    {"model", '\0', "", "how scores are made: weights of feeds, decay of each type; then stop"},
    {"quarantined", '\0', "", "those set aside, with the reason"},
    {"limit", 'n', "N", "at most N"},
    {"count", '\0', "", "only how many, by type"},
    {"json", '\0', "", "a JSON object a claim"},
    {"csv", '\0', "", "RFC 4180, safe to open in a spreadsheet"},
    {"plain", '\0', "", "a canonical value a line"},
    {"typed", '\0', "", "type TAB value, as import reads it"},
    SPOOR_COMMON_OPTIONS,
};

std::string time_text(const std::optional<Time>& time) {
  return time ? format_iso8601(*time) : std::string();
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string claim_json(const ClaimView& claim, const std::optional<double>& score) {
  JsonWriter json;
  json.begin_object()
      .member("type", name_of(claim.observable.type))
      .member("indicator", claim.observable.value);
  json.member("raw", claim.raw).member("feed", claim.feed);
  if (!claim.pulse_id.empty()) {
    json.member("pulse", claim.pulse_id)
        .member("pulse_name", claim.pulse_name)
        .member("author", claim.pulse_author);
    json.strings("tags", claim.tags)
        .strings("malware_families", claim.malware_families)
        .strings("attack_ids", claim.attack_ids);
    if (!claim.adversary.empty()) json.member("adversary", claim.adversary);
  }
  if (claim.tlp) json.member("tlp", name_of(*claim.tlp));
  if (!claim.role.empty()) json.member("role", claim.role);
  if (!claim.title.empty()) json.member("title", claim.title);
  if (!claim.description.empty()) json.member("description", claim.description);
  if (claim.created) json.member("created", time_text(claim.created));
  if (claim.expiration) json.member("expiration", time_text(claim.expiration));
  if (claim.ended) json.member("ended", time_text(claim.ended));
  if (claim.facts.last_said) json.member("last_said", time_text(claim.facts.last_said));
  if (claim.facts.confidence) json.member("confidence", std::int64_t{*claim.facts.confidence});
  if (claim.pap) json.member("pap", name_of(*claim.pap));
  if (!claim.facts.malware.empty()) json.member("malware", claim.facts.malware);
  if (!claim.facts.adversary.empty()) json.member("claim_adversary", claim.facts.adversary);
  if (!claim.facts.attack_ids.empty()) json.strings("claim_attack_ids", claim.facts.attack_ids);
  if (!claim.facts.detect) json.member("detect", false);
  if (score) json.key("score").number(*score);
  json.member("active", claim.active);
  if (!claim.quarantine.empty()) json.member("quarantine", claim.quarantine);
  json.end_object();
  return json.take() + "\n";
}

const std::vector<std::string> kCsvHeader = {
    "type", "indicator", "feed",  "pulse",       "pulse_name", "author",     "tlp",
    "tags", "role",      "title", "description", "created",    "expiration", "active"};

std::vector<std::string> csv_cells(const ClaimView& claim) {
  return {std::string(name_of(claim.observable.type)),
          claim.observable.value,
          claim.feed,
          claim.pulse_id,
          claim.pulse_name,
          claim.pulse_author,
          claim.tlp ? std::string(name_of(*claim.tlp)) : std::string(),
          joined(claim.tags),
          claim.role,
          claim.title,
          claim.description,
          time_text(claim.created),
          time_text(claim.expiration),
          claim.active ? "true" : "false"};
}

/// Writes to standard output in pieces; the first error stays.
class Writer {
 public:
  void add(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= 1 << 16) flush();
  }
  Status finish() {
    flush();
    return status_;
  }

 private:
  void flush() {
    if (status_) status_ = write_out(buffer_);
    buffer_.clear();
  }
  std::string buffer_;
  Status status_;
};

Result<int> count_types(Store& store, const IndicatorFilter& filter, bool json) {
  std::array<std::uint64_t, kIndicatorTypeCount> counts{};
  std::uint64_t total = 0;
  SPOOR_TRY(store.for_each_observable(filter,
                                      [&](ObservableId, Observable&& observable) {
                                        ++counts[static_cast<std::size_t>(observable.type)];
                                        ++total;
                                      }),
            "indicators");
  TextTable table;
  JsonWriter writer;
  writer.begin_object();
  for (const TypeRow& row : indicator_types()) {
    const std::uint64_t count = counts[static_cast<std::size_t>(row.type)];
    if (count == 0) continue;
    table.row({std::string(row.name), std::to_string(count)});
    writer.member(row.name, count);
  }
  table.row({"total", std::to_string(total)});
  writer.member("total", total).end_object();
  SPOOR_TRY(write_out(json ? writer.take() + "\n" : table.text()), "indicators");
  return 0;
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (!options.operands().empty())
    return fail("indicators: found '" + options.operands()[0] + "', expected options only");
  auto filter = indicator_filter(options);
  if (!filter) return fail(filter.error().at("indicators"));
  filter->only_quarantined = options.has("quarantined");
  if (options.has("limit")) {
    const auto limit = parse_number(options.value("limit"), 1, 1'000'000'000);
    if (!limit) return fail(limit.error().at("indicators: --limit"));
    filter->limit = *limit;
  }
  auto settings = score_settings(invocation.config);
  if (!settings) return fail(settings.error());
  if (options.has("model")) {
    SPOOR_TRY(write_out(options.has("json") ? model_json(*settings) : model_text(*settings)),
              "indicators");
    return 0;
  }
  auto store = open_store(invocation, Store::Mode::kReadOnly);
  if (!store) return fail(store.error());
  if (options.has("count")) return count_types(**store, *filter, options.has("json"));

  const auto least = min_score(options);
  if (!least) return fail(least.error().at("indicators"));
  Scores scores(**store, *std::move(settings), SystemClock().now());
  Status failed;
  // With a score to pass, the limit counts what has passed.
  const std::uint64_t limit = filter->limit > 0 ? filter->limit : UINT64_MAX;
  std::uint64_t passed = 0;
  if (options.has("min-score")) filter->limit = 0;
  // Whether the claim's indicator has the score that is asked for; its score where one is.
  std::optional<double> score;
  const auto passes = [&](ObservableId id) {
    score.reset();
    if (!options.has("min-score")) return true;
    const auto found = scores.of(id);
    if (!found) failed = fail(found.error());
    if (found) score = *found;
    return score && *score >= *least && ++passed <= limit;
  };
  Writer out;
  if (options.has("sources")) {
    std::vector<ObservableId> ids;
    SPOOR_TRY((*store)->for_each_observable(
                  *filter, [&](ObservableId id, Observable&&) { ids.push_back(id); }),
              "indicators");
    for (const ObservableId id : ids) {
      if (!passes(id)) continue;
      const auto claims = (*store)->claims_of(id);
      if (!claims) return fail(claims.error().at("indicators"));
      if (claims->empty()) continue;
      out.add(options.has("json") ? sources_json(*claims, scores.now(), scores.settings())
                                  : sources_text(*claims, scores.now(), scores.settings()));
    }
  } else if (options.has("plain") || options.has("typed")) {
    // Values once each, in order, however many claim them.
    std::vector<Observable> values;
    SPOOR_TRY((*store)->for_each_observable(*filter,
                                            [&](ObservableId id, Observable&& observable) {
                                              if (passes(id))
                                                values.push_back(std::move(observable));
                                            }),
              "indicators");
    std::sort(values.begin(), values.end());
    for (const Observable& observable : values) {
      if (observable.value.find_first_of("\r\n") != std::string::npos)
        continue;  // no line of a list can hold it
      out.add((options.has("typed") ? std::string(name_of(observable.type)) + "\t"
                                    : std::string()) +
              observable.value + "\n");
    }
  } else if (options.has("json")) {
    SPOOR_TRY((*store)->for_each_claim(*filter,
                                       [&](const ClaimView& claim) {
                                         if (passes(claim.observable_id))
                                           out.add(claim_json(claim, score));
                                       }),
              "indicators");
  } else if (options.has("csv")) {
    out.add(csv_row(kCsvHeader));
    SPOOR_TRY((*store)->for_each_claim(*filter,
                                       [&](const ClaimView& claim) {
                                         if (passes(claim.observable_id))
                                           out.add(csv_row(csv_cells(claim)));
                                       }),
              "indicators");
  } else {
    // A table for people: pages of 1,000 rows, so that memory is bounded and columns align
    // within a page.
    TextTable table(70);
    std::size_t rows = 0;
    const bool quarantined = options.has("quarantined");
    const auto head = [&] {
      table.row({"TYPE", "INDICATOR", "FEED", quarantined ? "WHY" : "PULSE", "TLP"});
    };
    head();
    SPOOR_TRY(
        (*store)->for_each_claim(
            *filter,
            [&](const ClaimView& claim) {
              if (!passes(claim.observable_id)) return;
              table.row({std::string(name_of(claim.observable.type)), claim.observable.value,
                         claim.feed, quarantined ? claim.quarantine : claim.pulse_name,
                         claim.tlp ? std::string(name_of(*claim.tlp)) : std::string()});
              if (++rows % 1000 == 0) {
                out.add(table.text());
                table = TextTable(70);
              }
            }),
        "indicators");
    out.add(table.text());
  }
  SPOOR_TRY(std::move(failed), "indicators");
  SPOOR_TRY(out.finish(), "indicators");
  return 0;
}

}  // namespace

extern const CommandRow kIndicatorsCommand = {
    "indicators",
    "list, count and export what the store holds",
    "indicators [FILTER]... [--json|--csv|--plain|--typed|--count]",
    "Lists claims: who says what about which observable. Without a form it is a table.\n",
    "  spoor indicators --count\n"
    "  spoor indicators --type domain --tag phishing --csv > phishing.csv\n"
    "  spoor indicators --value evil.example --sources\n"
    "  spoor indicators --quarantined\n"
    "  spoor indicators --plain | wc -l\n",
    kOptions,
    run,
};

}  // namespace spoor
