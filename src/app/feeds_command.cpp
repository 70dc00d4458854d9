// spoor feeds: which sources there are, how old what they said is, and what went wrong.

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "app/command.h"
#include "app/feed_runner.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"json", '\0', "", "as JSON, one object a feed or collection"},
    {"key-file", '\0', "FILE", "discover: the file with the key or password (mode 0600)"},
    {"user", '\0', "NAME", "discover: with HTTP basic authentication"},
    SPOOR_COMMON_OPTIONS,
};

/// A feed of the configuration, of the store, or of both.
struct FeedRow {
  std::string name, kind;
  std::optional<FeedConfig> config;
  std::optional<FeedState> state;
  FeedCounts counts;
};

std::string age_text(Time then, Time now) {
  const std::int64_t seconds =
      std::max<std::int64_t>(0, (to_micros(now) - to_micros(then)) / 1'000'000);
  constexpr std::pair<std::int64_t, char> kUnits[] = {{86'400, 'd'}, {3600, 'h'}, {60, 'm'}};
  for (const auto& [unit, letter] : kUnits) {
    if (seconds >= 2 * unit) return std::to_string(seconds / unit) + letter;
  }
  return std::to_string(seconds) + "s";
}

std::string duration_text(std::chrono::seconds time) {
  return age_text(Time(), Time(std::chrono::duration_cast<Micros>(time)));
}

bool is_enabled(const FeedRow& row) {
  return row.config && row.config->enabled;
}

bool is_stale(const FeedRow& row, Time now) {
  if (!is_enabled(row)) return false;
  return !row.state || !row.state->last_run || now - *row.state->last_run > row.config->every;
}

/// One word: what an operator does next hangs on it.
std::string_view state_word(const FeedRow& row, Time now) {
  if (row.config && !row.config->enabled) return "off";
  if (row.state && !row.state->last_error.empty()) return "failed";
  if (is_enabled(row) && (!row.state || !row.state->last_run)) return "never run";
  if (is_stale(row, now)) return "stale";
  return row.config ? "ok" : "not configured";
}

Result<std::vector<FeedRow>> all_rows(const Invocation& invocation) {
  auto configured = known_feeds(invocation);
  if (!configured) return fail(configured.error());
  std::vector<FeedRow> rows;
  for (FeedConfig& feed : *configured) {
    // The account at OTX that nobody has spoken of yet is none.
    if (feed.where.empty() && !feed.enabled) continue;
    FeedRow row;
    row.name = feed.source.name;
    row.kind = feed.source.kind;
    row.config = std::move(feed);
    rows.push_back(std::move(row));
  }
  const auto path = store_path(invocation);
  if (!path) return fail(path.error());
  if (!std::filesystem::exists(*path)) return rows;  // nothing was collected yet
  auto store = open_store(invocation, Store::Mode::kReadOnly);
  if (!store) return fail(store.error());
  auto states = (*store)->feeds();
  if (!states) return fail(states.error());
  const auto counts = (*store)->feed_counts();
  if (!counts) return fail(counts.error());
  for (FeedState& state : *states) {
    auto row = std::find_if(rows.begin(), rows.end(),
                            [&](const FeedRow& each) { return each.name == state.name; });
    if (row == rows.end()) {
      rows.emplace_back();
      row = rows.end() - 1;
      row->name = state.name;
      row->kind = state.kind;
    }
    for (const FeedCounts& each : *counts) {
      if (each.feed == state.name) row->counts = each;
    }
    row->state = std::move(state);
  }
  return rows;
}

std::string time_cell(const std::optional<Time>& time) {
  return time ? format_iso8601(*time) : "-";
}

std::string list_text(const std::vector<FeedRow>& rows, Time now) {
  if (rows.empty()) return "no feed is configured, and the store knows none\n";
  TextTable table(48);
  table.row({"feed", "kind", "state", "age", "complete to", "claims", "active", "pulses"});
  std::string errors;
  for (const FeedRow& row : rows) {
    const std::string age =
        row.state && row.state->last_run ? age_text(*row.state->last_run, now) : "-";
    table.row({row.name, row.kind, std::string(state_word(row, now)),
               age + (is_stale(row, now) && age != "-" ? " !" : ""),
               time_cell(row.state ? row.state->watermark : std::nullopt),
               std::to_string(row.counts.claims), std::to_string(row.counts.active),
               std::to_string(row.counts.pulses - row.counts.gone)});
    if (row.state && !row.state->last_error.empty())
      errors += terminal_safe(row.name) + ": " + terminal_safe(row.state->last_error) + "\n";
  }
  return table.text() + errors;
}

std::string show_text(const FeedRow& row, Time now) {
  TextTable table(100);
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) table.row({name, value});
  };
  add("feed", row.name);
  add("kind", row.kind);
  add("state", std::string(state_word(row, now)));
  if (row.config) {
    const FeedConfig& config = *row.config;
    add("configured", config.where.empty() ? "in [otx]" : "in " + config.where);
    const SourceKind* kind = source_kind(row.kind);
    const bool hidden = !config.url.empty();
    add("address", hidden                       ? "named by a variable or file"
                   : !config.source.url.empty() ? config.source.url
                   : kind != nullptr            ? std::string(kind->url)
                                                : "");
    add("collection", config.source.collection);
    add("format", config.source.format);
    add("at least TLP", config.source.tlp ? std::string(name_of(*config.source.tlp)) : "");
    add("confidence", config.confidence ? std::to_string(*config.confidence) : "");
    add("stale after", duration_text(config.every));
  }
  if (row.state) {
    const FeedState& state = *row.state;
    const auto when = [&](const std::optional<Time>& time) {
      return time ? format_iso8601(*time) + ", " + age_text(*time, now) + " ago" : "";
    };
    add("last whole run", when(state.last_run));
    add("last attempt", when(state.last_attempt));
    add("last error", state.last_error);
    add("complete to", state.watermark ? format_iso8601(*state.watermark) : "");
    add("next place", state.walk);
  }
  const FeedCounts& counts = row.counts;
  add("claims", std::to_string(counts.claims) + ", " + std::to_string(counts.active) +
                    " active, " + std::to_string(counts.claims - counts.active) + " ended");
  add("pulses", std::to_string(counts.pulses) + ", " + std::to_string(counts.gone) + " gone");
  return table.text();
}

std::string row_json(const FeedRow& row, Time now) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "feed")
      .member("feed", row.name)
      .member("source", row.kind)
      .member("state", state_word(row, now))
      .member("configured", row.config.has_value())
      .member("enabled", is_enabled(row))
      .member("stale", is_stale(row, now));
  if (row.config) {
    json.member("every_s", std::int64_t{row.config->every.count()});
    if (row.config->confidence)
      json.member("confidence", std::int64_t{*row.config->confidence});
  }
  const auto time = [&](const char* name, const std::optional<Time>& value) {
    json.key(name);
    value ? json.string(format_iso8601(*value)) : json.null();
  };
  time("last_run", row.state ? row.state->last_run : std::nullopt);
  time("last_attempt", row.state ? row.state->last_attempt : std::nullopt);
  time("watermark", row.state ? row.state->watermark : std::nullopt);
  json.member("last_error", row.state ? row.state->last_error : "")
      .member("next", row.state ? row.state->walk : "");
  json.member("claims", row.counts.claims)
      .member("active", row.counts.active)
      .member("pulses", row.counts.pulses)
      .member("pulses_gone", row.counts.gone)
      .end_object();
  return json.take() + "\n";
}

Result<int> list(const Invocation& invocation, const std::string& only) {
  const auto rows = all_rows(invocation);
  if (!rows) return fail(rows.error());
  const Time now = SystemClock().now();
  const bool json = invocation.options.has("json");
  std::string text, names;
  bool found = only.empty();
  for (const FeedRow& row : *rows) {
    names += (names.empty() ? "" : ", ") + row.name;
    if (!only.empty() && row.name != only) continue;
    found = true;
    if (json) {
      text += row_json(row, now);
    } else if (!only.empty()) {
      text += show_text(row, now);
    }
  }
  if (!found)
    return fail("feeds: found '" + only + "', expected one of " +
                (names.empty() ? "none: there is no feed" : names));
  if (only.empty() && !json) text = list_text(*rows, now);
  SPOOR_TRY(write_out(text), "feeds");
  return 0;
}

std::string collection_json(const TaxiiCollection& each) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "collection")
      .member("api_root", each.api_root)
      .member("id", each.id)
      .member("title", each.title)
      .member("description", each.description)
      .member("can_read", each.can_read)
      .member("elsewhere", each.elsewhere)
      .end_object();
  return json.take() + "\n";
}

Result<int> discover(const Invocation& invocation, const std::string& url) {
  FeedConfig feed;
  feed.source.name = "discover";
  feed.source.kind = "taxii";
  feed.source.url = url;
  feed.source.tries = 2;
  feed.source.user = invocation.options.value("user");
  feed.key.file = invocation.options.value("key-file");
  auto source = source_options(feed);
  if (!source) return fail(source.error().at("feeds"));
  catch_interrupts();
  source->cancelled = [] { return interrupted(); };
  const auto transport = make_curl_transport(feed_transport_options(feed));
  const SystemClock clock;
  const auto all = discover_taxii(*transport, clock, *source);
  if (!all) return fail(all.error().at("feeds: discover"));
  std::string text;
  TextTable table(60);
  table.row({"url", "collection", "title", "", "description"});
  for (const TaxiiCollection& each : *all) {
    if (invocation.options.has("json")) text += collection_json(each);
    table.row({each.api_root, each.id, each.title,
               each.elsewhere  ? "at another host: not asked"
               : each.can_read ? ""
                               : "not readable",
               each.description});
  }
  if (!invocation.options.has("json")) text = all->empty() ? "no collection\n" : table.text();
  SPOOR_TRY(write_out(text), "feeds");
  return 0;
}

Result<int> run(const Invocation& invocation) {
  const auto& words = invocation.options.operands();
  if (words.empty()) return list(invocation, "");
  if (words[0] == "show" && words.size() == 2) return list(invocation, words[1]);
  if (words[0] == "discover" && words.size() == 2) return discover(invocation, words[1]);
  return fail("feeds: found '" + words[0] + "', expected nothing, show NAME or discover URL");
}

}  // namespace

extern const CommandRow kFeedsCommand = {
    "feeds",
    "the sources, how old what they said is, what went wrong",
    "feeds [OPTION]... [show NAME | discover URL]",
    "Lists the feeds of the configuration and those that the store knows: when each was last\n"
    "collected whole, whether that is longer ago than its table allows (!), what it holds, "
    "and\n"
    "the error of its last attempt. `show` tells all of one feed; `discover` lists the\n"
    "collections of a TAXII 2.1 server.\n",
    "  spoor feeds --config /etc/spoor/spoor.toml\n"
    "  spoor feeds show urlhaus\n"
    "  spoor feeds --json | jq 'select(.stale)'\n"
    "  spoor feeds discover --user analyst --key-file taxii.key "
    "https://taxii.example/taxii2/\n",
    kOptions,
    run,
};

}  // namespace spoor
