// spoor hunt: files, folders and standard input against the indicators of the store.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include "app/command.h"
#include "base/utf8.h"
#include "hunt/hunt.h"
#include "hunt/indicator_set.h"
#include "hunt/store_sink.h"
#include "match/exact.h"
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
    {"format", '\0', "NAME",
     "read every line as this format instead of finding it; or a LogFormat of Apache or nginx"},
    {"zone", '\0', "+HH:MM", "the zone of times that say none (default: UTC)"},
    {"host", '\0', "NAME", "the host of events whose lines name none"},
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

/// "+01:00", "-0330", "+2", "UTC" in minutes east of UTC.
std::optional<int> zone_minutes(std::string_view text) {
  if (text == "UTC" || text == "Z") return 0;
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (const char c : text.substr(1)) {
    if (c == ':' && digits.size() == 2) continue;
    if (c < '0' || c > '9') return std::nullopt;
    digits += c;
  }
  if (digits.size() <= 2) digits += "00";
  if (digits.size() == 3) digits.insert(0, "0");
  if (digits.size() != 4) return std::nullopt;
  const int hours = std::stoi(digits.substr(0, 2)), minutes = std::stoi(digits.substr(2));
  if (hours > 15 || minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

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
  if (hunt.paths.empty())
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
  if (options.has("zone")) {
    const auto minutes = zone_minutes(options.value("zone"));
    if (!minutes)
      return fail("hunt: --zone: found '" + options.value("zone") +
                  "', expected UTC or an offset such as +01:00");
    hunt.formats.zone_minutes = *minutes;
    hunt.formats.zone_given = true;
  }
  hunt.host = options.value("host");
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
  std::vector<std::string> files = {store, store + "-wal", store + "-shm",
                                    snapshot_path(store)};
  std::error_code ignored;
  const auto output = std::filesystem::read_symlink("/proc/self/fd/1", ignored);
  if (output.is_absolute()) files.push_back(output.string());
  return files;
}

/// Whether some option leaves indicators out.
bool is_filtered(const Options& options) {
  constexpr std::string_view kFilters[] = {"type",  "feed",          "pulse", "tag",
                                           "value", "claimed-since", "age",   "active"};
  return std::any_of(std::begin(kFilters), std::end(kFilters),
                     [&](std::string_view name) { return options.has(std::string(name)); });
}

std::unique_ptr<const Matcher> reference_of(const Snapshot& snapshot) {
  std::vector<Observable> observables;
  observables.reserve(snapshot.size());
  for (std::uint32_t i = 0; i < snapshot.size(); ++i) {
    const ClaimRef claim = snapshot.index().at(i);
    observables.push_back({claim.type, std::string(claim.value)});
  }
  return make_exact_matcher(observables);
}

/// Compares a mapped snapshot's checksums while the hunt goes on.
class Verification {
 public:
  explicit Verification(const IndicatorSet& set) {
    if (set.mapped) {
      thread_ = std::jthread([this, &set] { promise_.set_value(set.snapshot->verify()); });
    } else {
      promise_.set_value({});
    }
  }
  /// Waits for the answer.
  Status status() const { return future_.get(); }

 private:
  std::promise<Status> promise_;
  std::shared_future<Status> future_{promise_.get_future()};
  std::jthread thread_;
};

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  auto hunt = hunt_options(options);
  if (!hunt) return fail(hunt.error());
  const std::string when = options.value("color", "auto");
  if (when != "auto" && when != "always" && when != "never")
    return fail("hunt: --color: found '" + when + "', expected always, never or auto");
  const auto filter = indicator_filter(options, "claimed-since");
  if (!filter) return fail(filter.error().at("hunt"));
  auto opened = open_store(invocation);
  if (!opened) return fail(opened.error());
  Store& store = *opened->store;
  hunt->own_files = own_files(opened->path);

  // A filter's own set is compiled in memory; the whole store's lies beside it.
  const std::string snapshot_file = is_filtered(options) ? "" : snapshot_path(opened->path);
  auto set = load_indicators(store, *filter, snapshot_file);
  if (!set) return fail(set.error().at("hunt"));
  if (!set->note.empty()) write_error("spoor: hunt: " + terminal_safe(set->note) + "\n");
  const Snapshot& snapshot = *set->snapshot;
  hunt->indicators = snapshot.size();
  if (snapshot.size() == 0) {
    write_error(
        std::string("spoor: hunt: ") +
        (hunt->filter.empty()
             ? "the store holds no indicators: 'spoor import' or 'spoor collect' brings some\n"
             : "no indicator passes the filter\n"));
  }
  std::unique_ptr<const Matcher> reference;
  if (options.has("exact-reference")) reference = reference_of(snapshot);
  const Matcher& matcher = reference != nullptr ? *reference : snapshot.matcher();

  // Nothing is stored or said before the snapshot is known to be sound.
  const Verification verification(*set);
  StoreSink recorder(store);
  VerifiedSink stored(recorder, [&] { return verification.status(); });
  TextOptions text_options;
  text_options.colour = when == "always" || (when == "auto" && invocation.environment.colour);
  const bool json = options.has("json");
  const bool quiet = options.has("quiet");
  const Output output = [](std::string_view text) { return write_out(text); };
  const Output summary = [&](std::string_view text) {
    return quiet ? Status() : write_out(text);
  };
  JsonPrinter json_printer(output);
  TextPrinter text_printer(output, summary, text_options);
  FindingSink* const sinks[] = {
      &stored, json ? static_cast<FindingSink*>(&json_printer) : &text_printer};

  catch_interrupts();
  std::stop_source stop;
  std::jthread watcher([&](std::stop_token end) {
    while (!end.stop_requested() && !interrupted())
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (interrupted()) stop.request_stop();
  });
  const SystemClock clock;
  Hunt run_of(matcher, lookup_in(store, snapshot), clock, *hunt);
  Result<HuntTotals> totals = fail("hunt: did not run");
  {
    const ProgressLine progress(invocation.environment.stderr_is_terminal &&
                                !invocation.environment.stdout_is_terminal && !quiet);
    totals = run_of.run(sinks, stop.get_token());
  }
  if (const Status sound = verification.status(); !totals && !sound) {
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
    "Exit status: 0 found, 1 nothing found, 2 an error or a PATH that could not be opened.\n",
    "  spoor hunt /var/log\n"
    "  spoor hunt --json --min-grade exact evidence/ | jq .indicator\n"
    "  journalctl -o cat | spoor hunt -\n"
    "  spoor hunt -C 2 --tag ransomware --age 90d mail.log.gz\n"
    "  spoor hunt --since 2026-11-20 --until 2026-11-24 --zone +01:00 /var/log\n"
    "  spoor hunt --format '%h %l %u %t \"%r\" %>s %b %{Host}i' access.log\n",
    kOptions,
    run,
};

}  // namespace spoor
