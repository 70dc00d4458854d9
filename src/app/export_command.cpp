// spoor export: indicators for other programs, with what may not leave left out and counted.

#include "app/command.h"
#include "app/noise_config.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "export/export.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"format", 'f', "NAME",
     "stix, misp, csv, json, plain, zeek, suricata, suricata-rules, ..."},
    {"output", 'o', "PATH", "the file, or the folder of formats that write several"},
    {"max-tlp", '\0', "WORD",
     "the strictest TLP that may leave (default amber; no word counts as amber)"},
    {"max-pap", '\0', "WORD", "the strictest PAP (default amber; green for rpz, which blocks)"},
    {"with-ended", '\0', "", "also what has ended or expired"},
    {"with-weak", '\0', "", "also names that many share, and what its source calls context"},
    {"with-sightings", '\0', "", "also what hunts have seen of each"},
    {"title", '\0', "TEXT", "what the receiver calls it (default: spoor indicators)"},
    {"producer", '\0', "NAME", "who says so, in stix and misp (default: spoor)"},
    {"as-of", '\0', "WHEN", "ended and expired by then (default: now)"},
    SPOOR_FILTER_OPTIONS,
    {"limit", 'n', "N", "at most N indicators"},
    {"json", '\0', "", "the summary on standard error as a JSON object"},
    {"quiet", 'q', "", "no summary but for what was left out for its TLP or PAP"},
    SPOOR_COMMON_OPTIONS,
};

std::string format_names() {
  std::string text;
  for (const ExportFormatRow& row : export_formats())
    text += (text.empty() ? "" : ", ") + std::string(row.name);
  return text;
}

Result<ExportOrder> order_of(const Invocation& invocation, const ExportFormatRow& format) {
  const Options& options = invocation.options;
  ExportOrder order;
  auto filter = indicator_filter(options);
  if (!filter) return fail(filter.error());
  order.filter = std::move(*filter);
  if (options.has("limit")) {
    const auto limit = parse_number(options.value("limit"), 1, 1'000'000'000);
    if (!limit) return fail(limit.error().at("--limit"));
    order.filter.limit = *limit;
  }
  order.policy.max_pap = format.most_pap;
  if (options.has("max-tlp")) {
    const std::string word = options.value("max-tlp");
    const Tlp tlp = parse_tlp(word);
    // parse_tlp() takes every unknown word for amber; a ceiling must be said.
    const std::string_view plain = starts_with_ignore_case(word, "tlp:")
                                       ? std::string_view(word).substr(4)
                                       : std::string_view(word);
    if (tlp == Tlp::kAmber && !equals_ignore_case(plain, "amber"))
      return fail("--max-tlp: found '" + word +
                  "', expected clear, green, amber, amber+strict or red");
    order.policy.max_tlp = tlp;
  }
  if (options.has("max-pap")) {
    const auto pap = parse_pap(options.value("max-pap"));
    if (!pap)
      return fail("--max-pap: found '" + options.value("max-pap") +
                  "', expected clear, green, amber or red");
    order.policy.max_pap = *pap;
  }
  order.policy.with_ended = options.has("with-ended");
  order.policy.with_weak = options.has("with-weak");
  order.policy.now = SystemClock().now();
  if (options.has("as-of")) {
    const auto when = parse_since(options.value("as-of"), order.policy.now);
    if (!when) return fail(when.error().at("--as-of"));
    order.policy.now = *when;
  }
  order.title = options.value("title", "spoor indicators");
  order.producer = options.value("producer", "spoor");
  if (order.title.empty() || order.producer.empty())
    return fail("found an empty --title or --producer, expected a name");
  order.filter_text = filter_text(options);
  order.with_sightings = options.has("with-sightings");
  // What this house has seen is its own, and amber.
  if (order.with_sightings && order.policy.max_tlp < Tlp::kAmber)
    return fail("--with-sightings: sightings are TLP:AMBER, expected --max-tlp amber or above");
  order.cancelled = [] { return interrupted(); };
  return order;
}

Result<std::unique_ptr<ExportTarget>> target_of(const Options& options,
                                                const ExportFormatRow& format) {
  const std::string path = options.value("output");
  if (options.has("output") && path.empty())
    return fail("-o: found nothing, expected a " +
                std::string(format.folder ? "folder" : "file"));
  if (format.folder) {
    if (path.empty() || path == "-")
      return fail(std::string(format.name) + " writes several files, expected -o FOLDER");
    return make_folder_target(path);
  }
  if (path.empty() || path == "-") return make_stream_target(write_out);
  return make_file_target(path);
}

std::string summary_json(const ExportSummary& summary, const ExportFormatRow& format,
                         const ExportOrder& order) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "export")
      .member("format", format.name)
      .member("max_tlp", name_of(order.policy.max_tlp))
      .member("max_pap", name_of(order.policy.max_pap))
      .member("considered", summary.considered)
      .member("written", summary.written)
      .member("left_out", summary.left_out_total());
  json.key("reasons").begin_object();
  for (const auto& [reason, count] : summary.left_out) json.member(reason, count);
  json.end_object().key("claims_left_out").begin_object();
  for (const auto& [reason, count] : summary.claims_left_out) json.member(reason, count);
  json.end_object().end_object();
  return json.take() + "\n";
}

bool is_confidential(const ExportSummary& summary) {
  for (const auto* reasons : {&summary.left_out, &summary.claims_left_out}) {
    for (const auto& [reason, count] : *reasons) {
      if (reason.rfind("TLP:", 0) == 0 || reason.rfind("PAP:", 0) == 0) return true;
    }
  }
  return false;
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (!options.operands().empty())
    return fail("export: found '" + options.operands()[0] + "', expected options only");
  if (!options.has("format"))
    return fail("export: found no --format, expected one of " + format_names());
  const std::string name = options.value("format");
  const ExportFormatRow* format = export_format(name);
  if (format == nullptr)
    return fail("export: --format: found '" + name + "', expected one of " + format_names());
  auto order = order_of(invocation, *format);
  if (!order) return fail(order.error().at("export"));
  auto store = open_store(invocation, Store::Mode::kReadOnly);
  if (!store) return fail(store.error());
  const auto judge = judge_of_store(invocation);
  if (!judge) return fail(judge.error());
  order->policy.noise = [&judge](const Observable& observable) -> std::string {
    const Judgement judged = (*judge)->of_observable(observable);
    if (judged.verdict != Verdict::kSuppressed) return {};
    return "harmless: " + std::string(reason_group(judged.reason));
  };
  auto target = target_of(options, *format);
  if (!target) return fail(target.error().at("export"));
  catch_interrupts();
  const auto summary = run_export(**store, *format, *order, **target);
  if (!summary) return fail(summary.error());
  if (options.has("json")) {
    write_error(summary_json(*summary, *format, *order));
  } else if (!options.has("quiet") || is_confidential(*summary)) {
    const std::string left_out = summary_text(*summary);
    write_error("spoor: export: " + std::to_string(summary->written) +
                (summary->written == 1 ? " indicator" : " indicators") + " as " + name +
                (left_out.empty() ? "" : "; " + left_out) + "\n");
  }
  return 0;
}

}  // namespace

extern const CommandRow kExportCommand = {
    "export",
    "indicators for other programs: STIX, MISP, Zeek, Suricata, RPZ, ...",
    "export --format NAME [-o PATH] [--max-tlp WORD] [FILTER]...",
    "Formats: stix, misp, csv, json, plain, zeek, suricata, suricata-rules, wazuh, rpz,\n"
    "elastic. What is stricter than --max-tlp stays, and the summary on standard error says\n"
    "how many and why; so do ended, harmless, weak and set-aside indicators and what a format "
    "cannot\n"
    "carry. A file appears whole or not at all. A claim without a TLP counts as amber.\n",
    "  spoor export --format stix --tag ransomware -o ransomware.json\n"
    "  spoor export --format rpz --type domain --max-tlp green -o rpz.zone\n"
    "  spoor export --format suricata-rules --age 30d -o /etc/suricata/rules/spoor\n"
    "  spoor export --format elastic |\n"
    "    curl -sX POST -T - -H 'Content-Type: application/x-ndjson' "
    "localhost:9200/spoor-ioc/_bulk\n",
    kOptions,
    run,
};

}  // namespace spoor
