// spoor thehive test: who one is there, and what is missing.

#include "app/case_systems.h"
#include "app/table.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr OptionRow kOptions[] = {
    {"system", '\0', "NAME", "only this system of the configuration (may be repeated)"},
    {"json", '\0', "", "a JSON object a system"},
    SPOOR_COMMON_OPTIONS,
};

std::string report_json(const std::string& name, const Result<SystemReport>& report) {
  JsonWriter json;
  json.begin_object().member("kind", "system").member("name", name);
  json.member("reached", report.has_value());
  if (report) {
    json.key("facts").begin_object();
    for (const auto& [key, value] : report->rows) json.member(key, value);
    json.end_object().strings("missing", report->missing);
  } else {
    json.member("message", report.error().message);
  }
  json.end_object();
  return json.take() + "\n";
}

Result<int> run(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (options.operands() != std::vector<std::string>{"test"})
    return fail("thehive: expected the word test");
  auto systems = chosen_systems(invocation);
  if (!systems) return fail(systems.error().at("thehive"));
  catch_interrupts();
  int status = 0;
  for (const SystemConfig& config : *systems) {
    if (config.is_notify) continue;
    auto system = make_system(config, nullptr);
    if (!system) return fail(system.error().at("thehive"));
    const auto report = (*system)->test();
    if (!report || !report->missing.empty()) status = 2;
    std::string out;
    if (options.has("json")) {
      out = report_json(config.name, report);
    } else if (!report) {
      write_error("spoor: thehive: " +
                  terminal_safe(config.name + ": " + report.error().message) + "\n");
    } else {
      out = terminal_safe(config.name) + "\n";
      TextTable table(200);
      for (const auto& [key, value] : report->rows) table.row({key, value});
      for (const std::string& missing : report->missing) table.row({"missing", missing});
      out += table.text("  ");
    }
    SPOOR_TRY(write_out(out), "thehive");
  }
  return status;
}

}  // namespace

extern const CommandRow kThehiveCommand = {
    "thehive",
    "what TheHive says of the configured key",
    "thehive test [--system NAME]... [--json]",
    "Reaches each configured TheHive and says its version, as whom and in which organisation "
    "one\n"
    "is there, with which permissions, and what is missing for filing. Changes nothing.\n",
    "  spoor thehive test\n"
    "  spoor thehive test --system soc --json\n",
    kOptions,
    run,
};

}  // namespace spoor
