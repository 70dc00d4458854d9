// spoor verify: whether a receipt or sightings are true of the files as they are now.

#include <filesystem>

#include "app/command.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "hunt/verify.h"
#include "report/text_printer.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"threads", 'j', "N", "worker threads (default: one a processor)"},
    {"exact-reference", '\0', "", "with the slow, obvious matcher that defines what matches"},
    {"json", '\0', "", "NDJSON: an object for each thing that is not true, then a summary"},
    {"quiet", 'q', "", "the exit status alone"},
    SPOOR_COMMON_OPTIONS,
};

constexpr std::string_view kWhat[] = {"checksum", "sums",   "canary",
                                      "file",     "member", "sighting"};
constexpr Truth kTruths[] = {Truth::kTrue, Truth::kChanged, Truth::kMissing, Truth::kUnchecked};

std::string untruth_json(const Untruth& row) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", "untruth");
  json.member("what", row.what);
  json.member("truth", name_of(row.truth));
  if (!row.file.empty()) json.member("file", row.file);
  if (!row.indicator.empty()) {
    json.member("line", row.line);
    json.member("indicator", row.indicator);
  }
  json.member("reason", row.reason);
  json.end_object();
  return json.take() + "\n";
}

/// "file logs/a.log: changed: size: found 3, the receipt says 4".
std::string untruth_text(const Untruth& row) {
  std::string text(row.what);
  if (!row.file.empty()) text += " " + short_text(row.file, 200);
  if (!row.indicator.empty())
    text += ":" + std::to_string(row.line) + " " + short_text(row.indicator, 160);
  return text + ": " + std::string(name_of(row.truth)) + ": " + short_text(row.reason, 400) +
         "\n";
}

std::string totals_json(const VerifyTotals& totals) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", "summary");
  json.member("all_true", totals.all_true());
  json.member("receipt", totals.is_receipt);
  if (totals.is_receipt) {
    json.member("program", totals.program);
    json.member("machine", totals.machine);
    json.member("started", totals.started);
    json.member("complete", totals.complete);
  }
  for (const std::string_view what : kWhat) {
    const auto counts = totals.counts.find(what);
    if (counts == totals.counts.end()) continue;
    json.key(what).begin_object();
    for (const Truth truth : kTruths)
      json.member(name_of(truth), counts->second[static_cast<std::size_t>(truth)]);
    json.end_object();
  }
  if (totals.grown > 0) json.member("grown", totals.grown);
  json.end_object();
  return json.take() + "\n";
}

std::string totals_text(const VerifyTotals& totals, bool some_untrue) {
  std::string text = some_untrue ? "\n" : "";
  const auto row = [&](std::string_view name, const std::string& value) {
    text += name;
    text.append(14 - name.size(), ' ');
    text += value + "\n";
  };
  if (totals.is_receipt) {
    row("receipt", short_text("of " + totals.program + " on " + totals.machine + ", " +
                                  totals.started + (totals.complete ? "" : ", incomplete"),
                              200));
  }
  for (const std::string_view what : kWhat) {
    const auto counts = totals.counts.find(what);
    if (counts == totals.counts.end()) continue;
    std::string value;
    for (const Truth truth : kTruths) {
      const std::uint64_t count = counts->second[static_cast<std::size_t>(truth)];
      if (count == 0) continue;
      value +=
          (value.empty() ? "" : ", ") + count_text(count) + " " + std::string(name_of(truth));
    }
    if (what == "file" && totals.grown > 0)
      value += "; " + count_text(totals.grown) + " grown since";
    row(what, value);
  }
  row("in all", totals.all_true() ? "true" : "not true, see above");
  return text;
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.operands().size() != 1)
    return fail("verify: found " + std::to_string(options.operands().size()) +
                " files, expected one receipt, or - for standard input; see 'spoor verify "
                "--help'");
  VerifyOptions verify_options;
  if (options.has("threads")) {
    const auto threads = parse_number(options.value("threads"), 1, 256);
    if (!threads) return fail(threads.error().at("verify: --threads"));
    verify_options.threads = static_cast<unsigned>(*threads);
  }
  verify_options.exact_reference = options.has("exact-reference");
  std::error_code unknown;
  verify_options.directory = std::filesystem::current_path(unknown).string();
  const bool json = options.has("json"), quiet = options.has("quiet");
  bool some_untrue = false;
  const auto tell = [&](const Untruth& row) -> Status {
    some_untrue = true;
    if (quiet) return {};
    return write_out(json ? untruth_json(row) : untruth_text(row));
  };
  const SystemClock clock;
  const auto totals = verify(options.operands()[0], verify_options, clock, tell);
  if (!totals) return fail(totals.error().at("verify"));
  if (!quiet)
    SPOOR_TRY(write_out(json ? totals_json(*totals) : totals_text(*totals, some_untrue)),
              "verify");
  return totals->all_true() ? 0 : 1;
}

}  // namespace

extern const CommandRow kVerifyCommand = {
    "verify",
    "whether a receipt or sightings are true of the files as they are",
    "verify [OPTION]... FILE",
    "Reads a receipt of 'spoor hunt --receipt', or the output of 'spoor hunt --json', hunts "
    "the\n"
    "files that it names again with the indicators that it names, and compares: the receipt's\n"
    "checksum and sums, each file's size and digest, each sighting's place, bytes, rule and "
    "grade.\n"
    "Needs no store. The checksum notices accidents; it is no signature.\n"
    "Exit status: 0 all is true, 1 something is not or cannot be checked, 2 an error.\n",
    "  spoor verify case7.receipt\n"
    "  spoor verify --json case7.receipt | jq -r 'select(.kind == \"untruth\") | .file'\n"
    "  spoor hunt --json logs/ | spoor verify -\n",
    kOptions,
    run,
};

}  // namespace spoor
