// spoor hunt: files, folders and standard input against the indicators of the store.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "app/command.h"
#include "app/hunt_indicators.h"
#include "app/hunt_receipt.h"
#include "app/hunt_where.h"
#include "app/noise_config.h"
#include "base/utf8.h"
#include "hunt/follow.h"
#include "hunt/hunt.h"
#include "hunt/news_store.h"
#include "hunt/store_sink.h"
#include "report/json_printer.h"
#include "report/text_printer.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"json", '\0', "", "NDJSON: an object a sighting, then a summary"},
    {"threads", 'j', "N",
     "worker threads (default: one a processor); the output is the same for any N"},
    {"min-grade", 'g', "GRADE",
     "weak, mention (default), derived, contains, equivalent or exact"},
    {"grade", '\0', "GRADE", "the same as --min-grade"},
    {"context", 'C', "N", "show N lines before and after"},
    {"new", '\0', "",
     "only what was not hunted before: new bytes, and old ones for indicators that came since"},
    {"follow", 'F', "", "go on as files grow, through rotation, until Ctrl-C"},
    {"format", '\0', "NAME",
     "read every line as this format instead of finding it; or a LogFormat of Apache or nginx"},
    {"zone", '\0', "ZONE",
     "the zone of times that say none: +01:00 or Europe/Berlin (default: UTC)"},
    {"host", '\0', "NAME", "the host of events whose lines name none"},
    {"root", '\0', "DIR",
     "the root of another machine: paths, links, zone and host name are those in it"},
    {"since", '\0', "WHEN",
     "only events since a time or age (2026-11-24T10:00Z, 90d); those without a time are kept"},
    {"until", '\0', "WHEN", "only events before a time or age"},
    {"expansion-limit", '\0', "N",
     "stop a file that grows beyond N times its size once 1 GiB came out (default 10000)"},
    {"decoded-limit", '\0', "MIB",
     "stop a file after this much decoded content (default 1048576: 1 TiB)"},
    {"member-limit", '\0', "N", "members of one archive (default 1000000)"},
    {"archive-depth", '\0', "N", "archives in archives (default 4; 0: none is opened)"},
    {"archive-memory", '\0', "MIB", "for a nested archive that is not read in a stream (64)"},
    {"type", 't', "NAME", "only indicators of this type (OTX's names; may be repeated)"},
    {"feed", '\0', "NAME", "only from this feed (may be repeated)"},
    {"pulse", '\0', "TEXT", "only of the pulse with this id or name (may be repeated)"},
    {"tag", '\0', "TAG", "only of pulses with this tag (may be repeated)"},
    {"value", '\0', "TEXT", "only indicators whose value holds this text"},
    {"claimed-since", '\0', "WHEN", "only indicators claimed since a date or age"},
    {"age", '\0', "AGE", "only indicators claimed at most so long ago: 90d, 12h"},
    {"active", '\0', "", "only indicators that have not ended"},
    {"with-context", '\0', "",
     "also what every source calls context and nothing to search for (MISP's to_ids)"},
    {"show-suppressed", '\0', "",
     "also print what is suppressed or weak as noise, with the reason"},
    {"receipt", '\0', "FILE",
     "write what was searched, with what, and what was found as JSON; 'spoor verify' checks "
     "it; with --follow as it goes on"},
    {"exact-reference", '\0', "",
     "the slow, obvious matcher that defines what matches: for doubt, the answers are the "
     "same"},
    {"color", '\0', "WHEN", "always, never or auto (default)"},
    {"quiet", 'q', "", "no summary"},
    SPOOR_COMMON_OPTIONS,
};

/// How far the hunt is, on a terminal only: a line that overwrites itself, a few times a
/// second.
class ProgressLine {
 public:
  explicit ProgressLine(bool show) {
    if (!show) return;
    thread_ = std::jthread([begun = std::chrono::steady_clock::now()](std::stop_token stop) {
      constexpr const char* kTurn[] = {"|", "/", "-", "\\"};
      for (unsigned tick = 0; !stop.stop_requested(); ++tick) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
                                 std::chrono::steady_clock::now() - begun)
                                 .count();
        if (seconds >= 1)
          write_error("\rhunting " + std::string(kTurn[tick % 4]) + " " +
                      std::to_string(seconds) + " s ");
      }
      write_error("\r\x1b[K");
    });
  }

 private:
  std::jthread thread_;
};

/// Limits against bombs; `unit` is what one of the number stands for.
struct LimitRow {
  const char* name;
  std::uint64_t least, most, unit;
  void (*set)(StreamOptions&, std::uint64_t);
};
constexpr LimitRow kLimits[] = {
    {"expansion-limit", 1, 1'000'000'000, 1,
     [](StreamOptions& stream, std::uint64_t n) { stream.expansion_limit = n; }},
    {"decoded-limit", 1, std::uint64_t{1} << 40, 1 << 20,
     [](StreamOptions& stream, std::uint64_t n) { stream.decoded_limit = n; }},
    {"member-limit", 1, 1'000'000'000, 1,
     [](StreamOptions& stream, std::uint64_t n) { stream.member_limit = n; }},
    {"archive-depth", 0, 64, 1,
     [](StreamOptions& stream, std::uint64_t n) {
       stream.archive_depth = static_cast<unsigned>(n);
     }},
    {"archive-memory", 1, 1 << 20, 1 << 20,
     [](StreamOptions& stream, std::uint64_t n) { stream.archive_memory = n; }},
};

/// What to hunt and how, all but the files of the hunt itself.
Result<HuntOptions> hunt_options(const Options& options) {
  HuntOptions hunt;
  hunt.paths = options.operands();
  if (hunt.paths.empty() && !options.has("root"))
    return fail(
        "hunt: found no path, expected PATH... or - for standard input; see 'spoor hunt "
        "--help'");
  if (options.has("threads")) {
    const auto threads = parse_number(options.value("threads"), 1, 256);
    if (!threads) return fail(threads.error().at("hunt: --threads"));
    hunt.threads = static_cast<unsigned>(*threads);
  }
  if (options.has("context")) {
    const auto lines = parse_number(options.value("context"), 0, 1000);
    if (!lines) return fail(lines.error().at("hunt: --context"));
    hunt.context_lines = *lines;
  }
  for (const char* name : {"grade", "min-grade"}) {
    if (!options.has(name)) continue;
    const auto grade = grade_from_name(options.value(name));
    if (!grade || *grade == Grade::kNone) {
      return fail("hunt: --" + std::string(name) + ": found '" + options.value(name) +
                  "', expected weak, mention, derived, contains, equivalent or exact");
    }
    hunt.min_grade = *grade;
  }
  if (options.has("format")) {
    auto choice = parse_format_choice(options.value("format"));
    if (!choice) return fail(choice.error().at("hunt: --format"));
    hunt.formats.choice = *std::move(choice);
  }
  for (const LimitRow& row : kLimits) {
    if (!options.has(row.name)) continue;
    const auto limit = parse_number(options.value(row.name), row.least, row.most);
    if (!limit) return fail(limit.error().at("hunt: --" + std::string(row.name)));
    row.set(hunt.stream, *limit * row.unit);
  }
  for (const char* name : {"since", "until"}) {
    if (!options.has(name)) continue;
    const auto when = parse_since(options.value(name), SystemClock().now());
    if (!when) return fail(when.error().at("hunt: --" + std::string(name)));
    (name == std::string_view("since") ? hunt.since : hunt.until) = *when;
  }
  if (hunt.since && hunt.until && *hunt.since >= *hunt.until)
    return fail("hunt: --until: found a time that is not behind that of --since");
  hunt.filter = filter_text(options, "claimed-since");
  return hunt;
}

/// The store, and its path without links. A mistyped --store must not look like "nothing
/// found".
struct OpenedStore {
  std::unique_ptr<Store> store;
  std::string path;
};
Result<OpenedStore> open_store(const Invocation& invocation) {
  const auto path = store_path(invocation);
  if (!path) return fail(path.error());
  std::error_code ignored;
  if (!std::filesystem::exists(*path, ignored)) {
    return fail("hunt: " + *path +
                ": no store there, expected one made by 'spoor import' or 'spoor collect'");
  }
  auto store = Store::open(*path, Store::Mode::kReadWrite);
  if (!store) return fail(store.error());
  return OpenedStore{*std::move(store),
                     std::filesystem::weakly_canonical(*path, ignored).string()};
}

/// Files that this hunt writes: they must not be hunted while they grow.
std::vector<std::string> own_files(const std::string& store) {
  std::vector<std::string> files = {store, store + "-wal", store + "-shm", snapshot_path(store),
                                    store + ".outbox-lock"};
  std::error_code ignored;
  const auto output = std::filesystem::read_symlink("/proc/self/fd/1", ignored);
  if (output.is_absolute()) files.push_back(output.string());
  return files;
}

/// Whether some option leaves indicators out.
bool is_filtered(const Options& options) {
  constexpr std::string_view kFilters[] = {"type", "feed",   "pulse",
                                           "tag",  "value",  "claimed-since",
                                           "age",  "active", "with-context"};
  return std::any_of(std::begin(kFilters), std::end(kFilters),
                     [&](std::string_view name) { return options.has(std::string(name)); });
}

/// Whether some option asks for claims, which come and change without new observables.
SetAges::Kind ages_kind(const Options& options) {
  constexpr std::string_view kOfClaims[] = {"feed", "pulse",  "tag",         "claimed-since",
                                            "age",  "active", "with-context"};
  const bool any = std::any_of(std::begin(kOfClaims), std::end(kOfClaims),
                               [&](std::string_view name) { return options.has(name); });
  return any ? SetAges::Kind::kClaims : SetAges::Kind::kObservables;
}

/// All that changes the answer beside files and indicators: what was hunted with other options
/// was not hunted.
std::string scope_of(const Options& options, const HuntOptions& hunt) {
  std::string scope = "spoor " SPOOR_VERSION;
  const auto add = [&](std::string_view name, const std::string& value) {
    scope.append(1, '\0').append(name).append(1, '=').append(value);
  };
  add("rules", std::to_string(kRulesVersion));
  add("filter", hunt.filter);
  add("grade", std::string(name_of(hunt.min_grade)));
  for (const char* name : {"format", "zone", "host", "root", "since", "until"})
    add(name, options.value(name));
  return scope;
}

/// --until with an age moves on: what it left out once would be due later and never hunted.
Status check_news(const Options& options) {
  if (options.has("new") && options.has("until") && !parse_iso8601(options.value("until")))
    return fail("hunt: --until: found '" + options.value("until") +
                "', expected a time together with --new");
  if (options.has("follow") && options.has("root"))
    return fail("hunt: --follow: found --root, expected files of this machine");
  const std::vector<std::string>& paths = options.operands();
  if (options.has("follow") && paths.size() > 1 &&
      std::find(paths.begin(), paths.end(), "-") != paths.end())
    return fail("hunt: --follow: found - beside other paths, expected - alone or none");
  return {};
}

/// Standard input alone is followed by reading it: to its end, if it has one.
bool follows_files(const Options& options) {
  return options.has("follow") && options.operands() != std::vector<std::string>{"-"};
}

Result<HuntTotals> followed(Hunt& hunt, News& news, std::span<FindingSink* const> sinks,
                            const FollowHooks& hooks, const std::stop_token& stop) {
  if (Status begun = hunt.begin(sinks); !begun) return fail(begun.error());
  const auto watch = make_watch();
  if (Status done = follow(hunt, news, *watch, hooks, stop); !done) return fail(done.error());
  return hunt.finish();
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  auto hunt = hunt_options(options);
  if (!hunt) return fail(hunt.error());
  const auto where = take_where(options, *hunt);
  if (!where) return fail(where.error());
  const std::string when = options.value("color", "auto");
  if (when != "auto" && when != "always" && when != "never")
    return fail("hunt: --color: found '" + when + "', expected always, never or auto");
  const auto filter = indicator_filter(options, "claimed-since");
  if (!filter) return fail(filter.error().at("hunt"));
  if (Status checked = check_news(options); !checked) return fail(checked.error());
  auto opened = open_store(invocation);
  if (!opened) return fail(opened.error());
  Store& store = *opened->store;
  hunt->own_files = own_files(opened->path);

  // A filter's own set is compiled in memory; the whole store's lies beside it.
  const std::string snapshot_file = is_filtered(options) ? "" : snapshot_path(opened->path);
  if (!where->empty() && !options.has("quiet"))
    write_error("spoor: hunt: " + terminal_safe(*where) + "\n");
  const bool follows = follows_files(options);
  const bool has_news = follows || options.has("new");
  const bool exact = options.has("exact-reference");
  auto indicators = load_hunted(store, *filter, snapshot_file, exact);
  if (!indicators) return fail(indicators.error().at("hunt"));
  std::unique_ptr<LoadedIndicators> loaded = *std::move(indicators);
  hunt->indicators = loaded->set.size();
  hunt->canaries = loaded->set.canaries;
  auto judge = HuntJudge::open(opened->path, invocation.config);
  if (!judge) return fail(judge.error().at("hunt"));
  auto noise = judge->load(SystemClock().now());
  if (!noise) return fail(noise.error().at("hunt"));
  hunt->noise = *std::move(noise);
  if (!filter->with_context) hunt->context_only = hunt->noise.context_only;
  hunt->freshness = freshness_of(store, options.has("receipt"));
  if (hunt->indicators == 0) {
    write_error(
        std::string("spoor: hunt: ") +
        (hunt->filter.empty()
             ? "the store holds no indicators: 'spoor import' or 'spoor collect' brings some\n"
             : "no indicator passes the filter\n"));
  }

  // Nothing is stored or said before the snapshot is known to be sound.
  const auto verified = [&] { return loaded->verification.status(); };
  const SystemClock clock;
  std::unique_ptr<News> news;
  StoreSink recorder(store, has_news ? NewRule::kEvent : NewRule::kPlace,
                     [&news] { return news != nullptr ? news->save_noted() : Status(); });
  VerifiedSink stored(recorder, verified);
  if (has_news) {
    auto ages = ages_of(store, loaded->snapshot(), loaded->mark, ages_kind(options));
    if (!ages) return fail(ages.error().at("hunt"));
    auto made =
        open_news(store, scope_of(options, *hunt), *std::move(ages),
                  options.has("new") ? Keep::kStored : Keep::kInMemory, verified, clock);
    if (!made) return fail(made.error().at("hunt"));
    news = *std::move(made);
    hunt->news = news.get();
  }
  TextOptions text_options;
  text_options.show_suppressed = options.has("show-suppressed");
  text_options.colour = when == "always" || (when == "auto" && invocation.environment.colour);
  const bool json = options.has("json");
  const bool quiet = options.has("quiet");
  const Output output = [](std::string_view text) { return write_out(text); };
  const Output summary = [&](std::string_view text) {
    return quiet ? Status() : write_out(text);
  };
  JsonPrinter json_printer(output);
  TextPrinter text_printer(output, summary, text_options);
  std::vector<FindingSink*> sinks = {
      &stored, json ? static_cast<FindingSink*>(&json_printer) : &text_printer};
  auto receipt = follows
                     ? begin_follow_receipt(options, loaded->set, store, opened->path, *hunt)
                     : begin_receipt(options, loaded->set, opened->path, *hunt);
  if (!receipt) return fail(receipt.error().at("hunt: --receipt"));
  if (receipt->sink() != nullptr) sinks.push_back(receipt->sink());

  catch_interrupts();
  std::stop_source stop;
  std::jthread watcher([&](std::stop_token end) {
    while (!end.stop_requested() && !interrupted())
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (interrupted()) stop.request_stop();
  });
  Hunt run_of(loaded->matcher(), lookup_in(store, loaded->snapshot()), clock, *hunt);
  Result<HuntTotals> totals = fail("hunt: did not run");
  if (follows) {
    // Looks whether the store's indicators or lists have changed, and hunts on with the new
    // ones. What is judged by the old lists stays so: `spoor judge` judges what is stored.
    const auto refresh = [&]() -> Status {
      auto judged = judge->reload(clock.now());
      if (!judged) return fail(judged.error());
      if (*judged != nullptr) run_of.use_judge(*std::move(judged));
      const auto mark = store.indicator_mark();
      if (!mark) return fail(mark.error());
      if (mark->generation == loaded->mark.generation) return {};
      auto next = load_hunted(store, *filter, snapshot_file, exact);
      if (!next) return fail(next.error());
      if (Status sound = (*next)->verification.status(); !sound) return sound;
      auto ages = ages_of(store, (*next)->snapshot(), (*next)->mark, ages_kind(options));
      if (!ages) return fail(ages.error());
      run_of.use((*next)->matcher(), lookup_in(store, (*next)->snapshot()), (*next)->set.size(),
                 (*next)->set.canaries);
      news->renew(*std::move(ages));
      loaded = *std::move(next);
      if (receipt->follow != nullptr)
        receipt->follow->renewed(in_use(loaded->set, store, clock.now()));
      return run_of.pass(std::vector<WalkItem>(), {});  // the new canaries
    };
    const auto say = [](const std::string& note) {
      write_error("spoor: hunt: " + terminal_safe(note) + "\n");
    };
    FollowHooks hooks{refresh, say};
    if (receipt->follow != nullptr) {
      hooks.stepped = [&] {
        return receipt->follow->write_if_due([&] { return run_of.so_far(); });
      };
    }
    totals = followed(run_of, *news, sinks, hooks, stop.get_token());
  } else {
    const ProgressLine progress(invocation.environment.stderr_is_terminal &&
                                !invocation.environment.stdout_is_terminal && !quiet);
    totals = run_of.run(sinks, stop.get_token());
  }
  if (const Status sound = verified(); !totals && !sound) {
    // The store has everything: the next hunt compiles a new one.
    std::error_code ignored;
    std::filesystem::remove(snapshot_file, ignored);
    return fail(
        "hunt: " + sound.error().message +
        "; nothing was stored, the snapshot is removed, the next hunt compiles it anew");
  }
  if (!totals) return fail(totals.error().at("hunt"));
  for (const Skip& skip : totals->skips) {
    if (skip.named)
      write_error("spoor: hunt: " + terminal_safe(skip.file) + ": " +
                  terminal_safe(skip.reason) + "\n");
  }
  if (const std::string wrong = canary_error(totals->canary); !wrong.empty())
    write_error("spoor: hunt: " + wrong + "\n");
  if (totals->interrupted) {
    write_error("spoor: hunt: stopped early; the answer is partial\n");
    return 2;
  }
  return totals->exit_status();
}

}  // namespace

extern const CommandRow kHuntCommand = {
    "hunt",
    "find the store's indicators in files, folders and streams",
    "hunt [OPTION]... PATH...",
    "Reads every file below each PATH (gzip, zstd, xz, bzip2, lz4, zip, tar and 7z in place,\n"
    "UTF-16, binary files, endless lines) and\n"
    "says where an indicator stands, by which rule and how surely. Sightings go to the store; "
    "the\n"
    "same hunt again adds none. - is standard input.\n"
    "With --root DIR each PATH lies in DIR; without one the usual places of logs there are "
    "hunted.\n"
    "Exit status: 0 found, 1 nothing found, 2 an error or a PATH that could not be opened.\n",
    "  spoor hunt /var/log\n"
    "  spoor hunt --json --min-grade exact evidence/ | jq .indicator\n"
    "  journalctl -o cat | spoor hunt -\n"
    "  spoor hunt -C 2 --tag ransomware --age 90d mail.log.gz\n"
    "  spoor hunt --receipt evidence.receipt evidence/\n"
    "  spoor hunt --since 2026-11-20 --until 2026-11-24 --zone +01:00 /var/log\n"
    "  spoor hunt --root /mnt/image\n"
    "  spoor hunt --new /var/log              # the second time: what has come since\n"
    "  spoor hunt --follow --json /var/log    # as lines are written\n"
    "  spoor hunt --format '%h %l %u %t \"%r\" %>s %b %{Host}i' access.log\n",
    kOptions,
    run,
};

}  // namespace spoor
