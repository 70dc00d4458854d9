// spoor import: indicators from files.

#include "app/command.h"
#include "app/table.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "collect/import.h"
#include "feeds/columns.h"
#include "feeds/feed.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"format", '\0', "NAME",
     "read the files as NAME instead of finding out (list, csv, misp, stix, text, ...)"},
    {"feed", '\0', "NAME", "who says so (default: file: and the file's name)"},
    {"columns", '\0', "LIST",
     "what the columns of a table are: value=ioc,type=kind,malware:Emotet,..."},
    {"separator", '\0', "CHAR",
     "what stands between cells of it (default: found out among , ; tab |)"},
    {"no-header", '\0', "", "its first row is a row: columns are named by number, from 1"},
    {"no-quarantine", '\0', "",
     "take over-broad values too, and release those set aside before"},
    {"json", '\0', "", "one JSON object a file"},
    {"quiet", 'q', "", "errors only"},
    SPOOR_COMMON_OPTIONS,
};

std::string report_text(const std::string& path, const ImportReport& report) {
  const IngestCounts& counts = report.counts;
  std::string text = terminal_safe(path) + ": " + report.format + ", " +
                     std::to_string(report.rows) + " rows" +
                     (report.pulses > 0 ? " in " + std::to_string(report.pulses) +
                                              (report.pulses == 1 ? " pulse" : " pulses")
                                        : "") +
                     ": " + std::to_string(report.accepted) + " accepted, " +
                     std::to_string(counts.claims_new) + " new, " +
                     std::to_string(counts.claims_changed) + " changed, " +
                     std::to_string(counts.claims_same) + " known";
  if (counts.claims_ended > 0) text += ", " + std::to_string(counts.claims_ended) + " ended";
  if (!report.quarantined.empty())
    text += ", " + std::to_string(report.quarantined.total()) + " quarantined";
  if (counts.context > 0)
    text += ", " + std::to_string(counts.context) + " only context (not hunted)";
  if (!report.refused.empty())
    text += ", " + std::to_string(report.refused.total()) + " refused";
  text += "\n";
  if (report.incomplete)
    text += "  the file is cut short: what came before the cut is stored\n";
  if (report.encoding != "UTF-8" && !report.encoding.empty())
    text += "  read as " + report.encoding + "\n";
  if (!report.refused.empty()) text += "  refused:\n" + tally_text(report.refused, "    ");
  if (!report.quarantined.empty())
    text += "  quarantined:\n" + tally_text(report.quarantined, "    ");
  if (!report.notes.empty()) text += "  corrected:\n" + tally_text(report.notes, "    ");
  return text;
}

std::string report_json(const std::string& path, const ImportReport& report) {
  JsonWriter json;
  const IngestCounts& counts = report.counts;
  json.begin_object()
      .member("kind", "import")
      .member("file", path)
      .member("feed", report.feed)
      .member("format", report.format);
  json.member("encoding", report.encoding)
      .member("pulses", report.pulses)
      .member("rows", report.rows)
      .member("accepted", report.accepted);
  json.member("new", counts.claims_new)
      .member("changed", counts.claims_changed)
      .member("same", counts.claims_same);
  json.member("ended", counts.claims_ended)
      .member("observables_new", counts.observables_new)
      .member("context", counts.context)
      .member("incomplete", report.incomplete);
  json.member("pulses_new", counts.pulses_new).member("pulses_changed", counts.pulses_changed);
  write_tally(json, "refused", report.refused);
  write_tally(json, "quarantined", report.quarantined);
  write_tally(json, "notes", report.notes);
  json.end_object();
  return json.take() + "\n";
}

/// --columns, --separator, --no-header; columns mean a table.
Status read_table_options(const Options& options, ImportOptions& import) {
  import.read.header = !options.has("no-header");
  if (options.has("columns")) {
    auto columns = parse_column_choices(options.value("columns"));
    if (!columns) return fail(columns.error().at("--columns"));
    import.read.columns = std::move(*columns);
    if (import.format.empty()) import.format = "csv";
  }
  if (options.has("separator")) {
    const auto separator = parse_separator(options.value("separator"));
    if (!separator) return fail(separator.error().at("--separator"));
    import.read.separator = *separator;
  }
  return {};
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.operands().empty())
    return fail("import: found no file, expected FILE...; see 'spoor import --help'");
  ImportOptions import;
  import.format = options.value("format");
  import.feed = options.value("feed");
  if (options.has("no-quarantine")) import.quarantine = Quarantine::kRelease;
  if (!import.format.empty() && import_format(import.format) == nullptr) {
    std::string known;
    for (const ImportFormat& format : import_formats())
      known += (known.empty() ? "" : ", ") + std::string(format.name);
    return fail("--format: found '" + import.format + "', expected one of " + known);
  }
  SPOOR_TRY(read_table_options(options, import), "import");
  auto store = open_store(invocation, Store::Mode::kReadWrite);
  if (!store) return fail(store.error());

  int status = 0;
  for (const std::string& path : options.operands()) {
    const auto report = import_file(**store, path, import);
    if (!report) {
      write_error("spoor: import: " + terminal_safe(report.error().message) + "\n");
      status = 2;
      continue;
    }
    if (options.has("json")) {
      SPOOR_TRY(write_out(report_json(path, *report)), "import");
    } else if (!options.has("quiet")) {
      SPOOR_TRY(write_out(report_text(path, *report)), "import");
    }
    if (report->accepted == 0) {
      write_error("spoor: import: " + terminal_safe(path) + ": found no acceptable row among " +
                  std::to_string(report->rows) + "\n");
      status = 2;
    }
  }
  return status;
}

}  // namespace

extern const CommandRow kImportCommand = {
    "import",
    "indicators from files into the store",
    "import [--format NAME] [--feed NAME] [--columns LIST] [--no-quarantine] FILE...",
    "Reads OTX pulses, MISP events, STIX bundles, OpenIOC, exports of abuse.ch, lists, hosts\n"
    "files, CSV and others, and draws values out of free text (reports, mails, web pages).\n"
    "Compression, UTF-16 and byte order marks are undone. What a row means is made canonical; "
    "a "
    "row\n"
    "that means nothing is refused with its reason and costs only itself. Importing twice "
    "changes\n"
    "nothing. FILE may be - for standard input.\n",
    "  spoor import pulses.json\n"
    "  spoor import --feed partners --format list partners.txt\n"
    "  spoor import event.json bundle.stix2 report.html\n"
    "  spoor import --columns 'value=ioc,type=kind,created=first_seen,confidence=score' t.csv\n"
    "  spoor import --columns 'md5=1,malware=3' --no-header --separator tab hashes.txt\n"
    "  spoor import --no-quarantine --format list lab.txt\n",
    kOptions,
    run,
};

}  // namespace spoor
