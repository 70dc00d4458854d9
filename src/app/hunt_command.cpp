// spoor hunt: files, folders and standard input against the indicators of the store.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
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
    {"type", 't', "NAME", "only indicators of this type (OTX's names; may be repeated)"},
    {"feed", '\0', "NAME", "only from this feed (may be repeated)"},
    {"pulse", '\0', "TEXT", "only of the pulse with this id or name (may be repeated)"},
    {"tag", '\0', "TAG", "only of pulses with this tag (may be repeated)"},
    {"value", '\0', "TEXT", "only indicators whose value holds this text"},
    {"since", '\0', "WHEN", "only indicators claimed since a date or age"},
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

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
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
  const std::string when = options.value("color", "auto");
  if (when != "auto" && when != "always" && when != "never")
    return fail("hunt: --color: found '" + when + "', expected always, never or auto");
  auto filter = indicator_filter(options);
  if (!filter) return fail(filter.error().at("hunt"));
  hunt.filter = filter_text(options);

  const auto path = store_path(invocation);
  if (!path) return fail(path.error());
  std::error_code ignored;
  if (!std::filesystem::exists(
          *path, ignored)) {  // a mistyped --store must not look like "nothing found"
    return fail("hunt: " + *path +
                ": no store there, expected one made by 'spoor import' or 'spoor collect'");
  }
  auto store = Store::open(*path, Store::Mode::kReadWrite);
  if (!store) return fail(store.error());
  const std::string absolute = std::filesystem::weakly_canonical(*path, ignored).string();
  hunt.own_files = {absolute, absolute + "-wal", absolute + "-shm", snapshot_path(absolute)};
  // Output that goes to a file below PATH must not be hunted while it grows.
  const auto standard_output = std::filesystem::read_symlink("/proc/self/fd/1", ignored);
  if (standard_output.is_absolute()) hunt.own_files.push_back(standard_output.string());

  // A filter's own set is compiled in memory; the whole store's lies beside it.
  bool whole = true;
  for (const char* name : {"type", "feed", "pulse", "tag", "value", "since", "age", "active"})
    whole = whole && !options.has(name);
  const std::string snapshot_file = whole ? snapshot_path(absolute) : "";
  auto set = load_indicators(**store, *filter, snapshot_file);
  if (!set) return fail(set.error().at("hunt"));
  if (!set->note.empty()) write_error("spoor: hunt: " + terminal_safe(set->note) + "\n");
  const Snapshot& snapshot = *set->snapshot;
  hunt.indicators = snapshot.size();
  if (snapshot.size() == 0) {
    write_error(
        std::string("spoor: hunt: ") +
        (hunt.filter.empty()
             ? "the store holds no indicators: 'spoor import' or 'spoor collect' brings some\n"
             : "no indicator passes the filter\n"));
  }
  std::unique_ptr<const Matcher> reference;
  if (options.has("exact-reference")) {
    std::vector<Observable> observables;
    observables.reserve(snapshot.size());
    for (std::uint32_t i = 0; i < snapshot.size(); ++i) {
      const ClaimRef claim = snapshot.index().at(i);
      observables.push_back({claim.type, std::string(claim.value)});
    }
    reference = make_exact_matcher(observables);
  }
  const Matcher& matcher = reference != nullptr ? *reference : snapshot.matcher();

  // The checksums are compared while the hunt goes on; nothing is stored or said before they
  // are.
  std::promise<Status> sound;
  std::jthread verifier;
  if (set->mapped) {
    verifier = std::jthread([&] { sound.set_value(snapshot.verify()); });
  } else {
    sound.set_value({});
  }
  const std::shared_future<Status> soundness = sound.get_future().share();
  StoreSink recorder(**store);
  VerifiedSink stored(recorder, [&soundness] { return soundness.get(); });
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
  Hunt run_of(matcher, lookup_in(**store, snapshot), clock, hunt);
  Result<HuntTotals> totals = fail("hunt: did not run");
  {
    const ProgressLine progress(invocation.environment.stderr_is_terminal &&
                                !invocation.environment.stdout_is_terminal && !quiet);
    totals = run_of.run(sinks, stop.get_token());
  }
  if (!totals && !soundness.get()) {
    // The store has everything: the next hunt compiles a new one.
    std::filesystem::remove(snapshot_file, ignored);
    return fail(
        "hunt: " + soundness.get().error().message +
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
    "Reads every file below each PATH (gzip and zstd in place, UTF-16, binary files, endless "
    "lines) and\n"
    "says where an indicator stands, by which rule and how surely. Sightings go to the store; "
    "the\n"
    "same hunt again adds none. - is standard input.\n"
    "Exit status: 0 found, 1 nothing found, 2 an error or a PATH that could not be opened.\n",
    "  spoor hunt /var/log\n"
    "  spoor hunt --json --min-grade exact evidence/ | jq .indicator\n"
    "  journalctl -o cat | spoor hunt -\n"
    "  spoor hunt -C 2 --tag ransomware --age 90d mail.log.gz\n",
    kOptions,
    run,
};

}  // namespace spoor
