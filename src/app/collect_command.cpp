// spoor collect: OTX's subscribed pulses into the store, incrementally.

#include <cstdlib>

#include "app/command.h"
#include "app/table.h"
#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "collect/collect.h"
#include "io/source.h"
#include "net/transport.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"otx", '\0', "URL", "where OTX is (default https://otx.alienvault.com)"},
    {"key-file", '\0', "FILE", "the API key's file (default: the variable OTX_API_KEY)"},
    {"endpoint", '\0', "NAME", "subscribed (default) or activity"},
    {"full", '\0', "", "everything, not only what changed"},
    {"since", '\0', "WHEN", "what changed since a date or an age such as 30d"},
    {"page-size", '\0', "N", "pulses a page at first (default 50)"},
    {"max-pages", '\0', "N", "stop after N pages; the next run goes on"},
    {"deadline", '\0', "SECONDS", "stop after this time; the next run goes on"},
    {"feed", '\0', "NAME", "name of the feed in the store (default otx)"},
    {"no-quarantine", '\0', "", "take over-broad values too"},
    {"json", '\0', "", "the report as JSON"},
    SPOOR_COMMON_OPTIONS,
};

/// The key: from a file, else from the environment; never from the command line, which others
/// can read.
Result<std::string> api_key(const Invocation& invocation) {
  std::string path = invocation.options.value("key-file");
  const char* variable = std::getenv("OTX_API_KEY");
  if (path.empty() && variable != nullptr && *variable != '\0')
    return std::string(trim(variable));
  if (path.empty() && invocation.config.otx_key_file) path = *invocation.config.otx_key_file;
  if (path.empty())
    return fail(
        "collect: found no API key, expected it in OTX_API_KEY or in a file (--key-file); "
        "keys: https://otx.alienvault.com/api");
  auto text = read_whole(path, 4096);
  if (!text) return fail(text.error().at("collect"));
  const std::string key(trim(*text));
  if (key.empty() || key.find_first_of(" \t\r\n") != std::string::npos)
    return fail("collect: " + path + ": expected one line with the API key");
  return key;
}

std::string report_text(const CollectReport& report) {
  const IngestCounts& counts = report.counts;
  TextTable table(76);
  table.row({"pulses", std::to_string(report.pulses) +
                           " read: " + std::to_string(counts.pulses_new) + " new, " +
                           std::to_string(counts.pulses_changed) + " changed, " +
                           std::to_string(counts.pulses_same) + " known"});
  table.row({"indicators", std::to_string(report.rows) +
                               " read: " + std::to_string(counts.claims_new) + " new, " +
                               std::to_string(counts.claims_changed) + " changed, " +
                               std::to_string(counts.claims_ended) + " ended, " +
                               std::to_string(counts.claims_same) + " known"});
  table.row({"requests", std::to_string(report.requests) + ", " +
                             std::to_string(report.retries) + " tried again, " +
                             std::to_string(report.pages) + " pages"});
  if (report.since) table.row({"asked since", format_iso8601(*report.since)});
  if (report.watermark) table.row({"complete to", format_iso8601(*report.watermark)});
  std::string text = table.text();
  if (report.resumed) text += "went on with a walk that had been stopped\n";
  if (!report.whole)
    text +=
        "not whole: " + terminal_safe(report.stopped) + "; the next run goes on from here\n";
  if (!report.nothing_new.empty())
    text += "nothing new: " + terminal_safe(report.nothing_new) + "\n";
  if (!report.refused.empty()) text += "refused:\n" + tally_text(report.refused, "  ");
  if (!report.quarantined.empty())
    text += "quarantined:\n" + tally_text(report.quarantined, "  ");
  return text;
}

std::string report_json(const CollectReport& report) {
  JsonWriter json;
  const IngestCounts& counts = report.counts;
  json.begin_object()
      .member("kind", "collect")
      .member("whole", report.whole)
      .member("resumed", report.resumed)
      .member("stopped", report.stopped);
  json.member("pages", std::int64_t{report.pages})
      .member("requests", std::int64_t{report.requests})
      .member("retries", std::int64_t{report.retries});
  json.member("pulses", report.pulses)
      .member("pulses_new", counts.pulses_new)
      .member("pulses_changed", counts.pulses_changed);
  json.member("rows", report.rows)
      .member("accepted", report.accepted)
      .member("new", counts.claims_new)
      .member("changed", counts.claims_changed);
  json.member("ended", counts.claims_ended)
      .member("same", counts.claims_same)
      .member("nothing_new", report.nothing_new);
  if (report.watermark) json.member("watermark", format_iso8601(*report.watermark));
  write_tally(json, "refused", report.refused);
  write_tally(json, "quarantined", report.quarantined);
  json.end_object();
  return json.take() + "\n";
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  const Config& config = invocation.config;
  if (!options.operands().empty())
    return fail("collect: found '" + options.operands()[0] + "', expected options only");
  OtxCollectOptions collect;
  collect.base_url = options.value("otx", config.otx_url.value_or(collect.base_url));
  collect.feed = options.value("feed", collect.feed);
  const std::string endpoint =
      options.value("endpoint", config.otx_endpoint.value_or("subscribed"));
  if (endpoint != "subscribed" && endpoint != "activity")
    return fail("collect: --endpoint: found '" + endpoint +
                "', expected subscribed or activity");
  collect.endpoint = endpoint == "activity" ? OtxEndpoint::kActivity : OtxEndpoint::kSubscribed;
  collect.page_size = config.otx_page_size.value_or(collect.page_size);
  struct NumberOption {
    const char* name;
    int* value;
    std::uint64_t most;
  };
  for (const NumberOption& number :
       {NumberOption{"page-size", &collect.page_size, 1000},
        NumberOption{"max-pages", &collect.max_pages, 1'000'000}}) {
    if (!options.has(number.name)) continue;
    const auto value = parse_number(options.value(number.name), 1, number.most);
    if (!value) return fail(value.error().at("collect: --" + std::string(number.name)));
    *number.value = static_cast<int>(*value);
  }
  if (options.has("deadline")) {
    const auto value = parse_number(options.value("deadline"), 1, 1'000'000);
    if (!value) return fail(value.error().at("collect: --deadline"));
    collect.deadline = std::chrono::seconds(*value);
  }
  const SystemClock clock;
  if (options.has("since")) {
    const auto since = parse_since(options.value("since"), clock.now());
    if (!since) return fail(since.error().at("collect: --since"));
    collect.since = *since;
  }
  collect.full = options.has("full");
  if (options.has("no-quarantine")) collect.quarantine = Quarantine::kRelease;
  auto key = api_key(invocation);
  if (!key) return fail(key.error());
  collect.key = std::move(*key);
  catch_interrupts();
  collect.cancelled = [] { return interrupted(); };

  auto store = open_store(invocation, Store::Mode::kReadWrite);
  if (!store) return fail(store.error());
  TransportOptions transport_options;
  transport_options.user_agent = "spoor/" SPOOR_VERSION;
  transport_options.proxy = config.proxy.value_or("");
  transport_options.ca_file = config.ca_file.value_or("");
  const auto transport = make_curl_transport(transport_options);

  const bool show = invocation.environment.stderr_is_terminal;
  const auto report =
      collect_otx(**store, *transport, clock, collect, [&](const CollectProgress& progress) {
        if (show) {
          write_error("\r\x1b[Kpage " + std::to_string(progress.page) + ", " +
                      std::to_string(progress.pulses) + " pulses, " +
                      std::to_string(progress.rows) + " indicators" +
                      (progress.message.empty() ? "" : "; " + terminal_safe(progress.message)));
        } else if (!progress.message.empty()) {
          write_error("spoor: collect: " + terminal_safe(progress.message) + "\n");
        }
      });
  if (show) write_error("\r\x1b[K");
  if (!report) return fail(report.error().at("collect"));
  SPOOR_TRY(write_out(options.has("json") ? report_json(*report) : report_text(*report)),
            "collect");
  return report->whole || !interrupted() ? 0 : 2;
}

}  // namespace

extern const CommandRow kCollectCommand = {
    "collect",
    "the pulses of your OTX account into the store",
    "collect [OPTION]...",
    "Walks the pulses you are subscribed to and stores what is new. A run that is stopped or "
    "fails\n"
    "goes on where it stood. The key is sent to the named host only, over verified TLS, and "
    "is\n"
    "never printed.\n",
    "  OTX_API_KEY=... spoor collect\n"
    "  spoor collect --key-file ~/.otx-key --since 30d\n"
    "  spoor collect --endpoint activity --max-pages 10\n",
    kOptions,
    run,
};

}  // namespace spoor
