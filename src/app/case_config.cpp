#include "app/case_config.h"

#include <algorithm>
#include <functional>
#include <set>

#include "app/case_stix.h"
#include "base/ascii.h"

namespace spoor {
namespace {

using Pairs = ConfigValue::Pairs;
using Words = std::vector<std::string>;

/// Which tables know the key.
enum class In : std::uint8_t { kCases, kNotify, kBoth };

/// What a key's value must be, and where it goes. An error says what was expected.
struct KeyRow {
  std::string_view name;
  In in;
  Status (*set)(SystemConfig& config, const ConfigValue& value);
};

Status expected(const char* what) {
  return fail(std::string("expected ") + what);
}

template <typename T>
const T* as(const ConfigValue& value) {
  return std::get_if<T>(&value.value);
}

template <auto Member>
Status text(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  if (found == nullptr) return expected("a string");
  config.*Member = *found;
  return {};
}

/// A string that goes where `Place` says.
template <std::string& (*Place)(SystemConfig&)>
Status text_at(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  if (found == nullptr) return expected("a string");
  Place(config) = *found;
  return {};
}

template <std::int64_t Least, std::int64_t Most, void (*Put)(SystemConfig&, std::int64_t)>
Status number(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::int64_t>(value);
  if (found == nullptr || *found < Least || *found > Most)
    return fail("expected a whole number from " + std::to_string(Least) + " to " +
                std::to_string(Most));
  Put(config, *found);
  return {};
}

template <Words& (*Place)(SystemConfig&)>
Status words_at(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<Words>(value);
  if (found == nullptr) return expected("a list of strings");
  Place(config) = *found;
  return {};
}

Status set_tlp(Tlp& into, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  for (const Tlp tlp : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed}) {
    if (found == nullptr || lower(*found) != name_of(tlp)) continue;
    into = tlp;
    return {};
  }
  return expected("clear, green, amber, amber+strict or red");
}

Status set_pap(int& into, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  const std::string_view names[] = {"clear", "green", "amber", "red"};
  for (int level = 0; level < 4; ++level) {
    if (found == nullptr || lower(*found) != names[level]) continue;
    into = level;
    return {};
  }
  return expected("clear, green, amber or red");
}

Status set_file_as(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  if (found == nullptr || (*found != "alert" && *found != "case"))
    return expected("alert or case");
  config.draft.as = *found == "case" ? FileAs::kCase : FileAs::kAlert;
  return {};
}

Status set_api(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  if (found == nullptr || (*found != "auto" && *found != "v0" && *found != "v1"))
    return expected("auto, v0 or v1");
  config.thehive.api = *found;
  return {};
}

Status set_rate(SystemConfig& config, const ConfigValue& value) {
  const auto* whole = as<std::int64_t>(value);
  const auto* real = as<double>(value);
  const double rate = whole != nullptr  ? static_cast<double>(*whole)
                      : real != nullptr ? *real
                                        : -1;
  if (!(rate >= 0) || rate > 10'000) return expected("requests a second, 0 for no limit");
  config.rate = rate;
  return {};
}

Status set_group(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  if (found == nullptr) return expected("a string");
  const auto group = parse_group_by(*found);
  if (!group) return fail(group.error());
  config.draft.group = *group;
  return {};
}

Status set_attachment(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  const auto form = found == nullptr ? std::nullopt : attach_as_from_name(*found);
  if (!form) return expected("csv, stix or both");
  config.draft.attach_as = *form;
  return {};
}

Status set_tasks(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<Words>(value);
  if (found == nullptr) return expected("a list of strings");
  for (const std::string& title : *found) config.draft.tasks.push_back({title, "", ""});
  return {};
}

Status set_fields(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<Pairs>(value);
  if (found == nullptr) return expected("a table of strings: { source = \"OTX\" }");
  config.draft.custom_fields = *found;
  return {};
}

Status set_severity(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<Pairs>(value);
  if (found == nullptr) return expected("a table of numbers: { named = 1 }");
  for (const auto& pair : *found) {
    // Plain names: Clang 14 cannot capture a structured binding.
    const std::string& name = pair.first;
    const std::string& number_text = pair.second;
    const bool known = std::any_of(severity_rules().begin(), severity_rules().end(),
                                   [&](const SeverityRule& rule) { return rule.name == name; });
    std::string names;
    for (const SeverityRule& rule : severity_rules())
      names += (names.empty() ? "" : ", ") + std::string(rule.name);
    if (!known) return fail("rule '" + name + "', expected one of " + names);
    const bool negative = !number_text.empty() && number_text[0] == '-';
    const std::string digits = number_text.substr(negative ? 1 : 0);
    if (digits.size() != 1 || !is_digit(digits[0]) || digits[0] > '4')
      return fail(name + ": expected a number from -4 to 4");
    config.draft.severity.push_back({name, (negative ? -1 : 1) * (digits[0] - '0')});
  }
  return {};
}

Status set_syslog(SystemConfig& config, const ConfigValue& value) {
  const auto* found = as<std::string>(value);
  if (found == nullptr) return expected("a string");
  const auto target = parse_syslog_target(*found);
  if (!target) return fail(target.error());
  config.notify.syslog = *target;
  return {};
}

std::string& key_env(SystemConfig& c) {
  return c.key.variable;
}
std::string& key_file(SystemConfig& c) {
  return c.key.file;
}
std::string& url_env(SystemConfig& c) {
  return c.url_secret.variable;
}
std::string& url_file(SystemConfig& c) {
  return c.url_secret.file;
}
std::string& kind(SystemConfig& c) {
  return c.notify.kind;
}
std::string& source(SystemConfig& c) {
  return c.draft.source;
}
std::string& pulse_source(SystemConfig& c) {
  return c.draft.pulse_source;
}
std::string& case_template(SystemConfig& c) {
  return c.draft.case_template;
}
std::string& title(SystemConfig& c) {
  return c.notify.title;
}
std::string& body(SystemConfig& c) {
  return c.notify.text;
}
std::string& from(SystemConfig& c) {
  return c.notify.from;
}
Words& to(SystemConfig& c) {
  return c.notify.to;
}
Words& tags(SystemConfig& c) {
  return c.draft.tags;
}
Words& critical(SystemConfig& c) {
  return c.draft.critical_assets;
}

constexpr KeyRow kKeys[] = {
    {"name", In::kBoth, text<&SystemConfig::name>},
    {"kind", In::kBoth, text_at<kind>},
    {"url", In::kBoth, text<&SystemConfig::url>},
    {"url_env", In::kNotify, text_at<url_env>},
    {"url_file", In::kNotify, text_at<url_file>},
    {"key_env", In::kBoth, text_at<key_env>},
    {"key_file", In::kBoth, text_at<key_file>},
    {"user", In::kNotify, text<&SystemConfig::user>},
    {"organisation", In::kCases, text<&SystemConfig::organisation>},
    {"api", In::kCases, set_api},
    {"proxy", In::kBoth, text<&SystemConfig::proxy>},
    {"ca_file", In::kBoth, text<&SystemConfig::ca_file>},
    {"clearance", In::kBoth,
     [](SystemConfig& c, const ConfigValue& v) { return set_tlp(c.clearance.tlp, v); }},
    {"pap_clearance", In::kBoth,
     [](SystemConfig& c, const ConfigValue& v) { return set_pap(c.clearance.pap, v); }},
    {"default_tlp", In::kBoth,
     [](SystemConfig& c, const ConfigValue& v) { return set_tlp(c.draft.default_tlp, v); }},
    {"default_pap", In::kBoth,
     [](SystemConfig& c, const ConfigValue& v) { return set_pap(c.draft.default_pap, v); }},
    {"rate", In::kBoth, set_rate},
    {"in_flight", In::kCases,
     number<1, 16, [](SystemConfig& c, std::int64_t n) { c.in_flight = static_cast<int>(n); }>},
    {"timeout_s", In::kBoth,
     number<1, 600,
            [](SystemConfig& c, std::int64_t n) { c.timeout = std::chrono::seconds(n); }>},
    {"tries", In::kBoth,
     number<1, 100,
            [](SystemConfig& c, std::int64_t n) {
              c.thehive.tries = static_cast<int>(n);
              c.notify.tries = static_cast<int>(n);
            }>},
    {"first_pause_ms", In::kBoth,
     number<0, 60'000,
            [](SystemConfig& c, std::int64_t n) {
              c.thehive.first_pause = std::chrono::milliseconds(n);
              c.notify.first_pause = std::chrono::milliseconds(n);
            }>},
    {"max_body_bytes", In::kCases,
     number<10'000, 100'000'000,
            [](SystemConfig& c, std::int64_t n) {
              c.thehive.body_limit = static_cast<std::size_t>(n);
            }>},
    {"chunk", In::kCases,
     number<1, 10'000,
            [](SystemConfig& c, std::int64_t n) {
              c.thehive.chunk = static_cast<std::size_t>(n);
            }>},
    {"max_observables", In::kBoth,
     number<1, 1'000'000,
            [](SystemConfig& c, std::int64_t n) {
              c.draft.max_observables = static_cast<std::size_t>(n);
            }>},
    {"attachment", In::kCases, set_attachment},
    {"file_as", In::kCases, set_file_as},
    {"group", In::kBoth, set_group},
    {"source", In::kBoth, text_at<source>},
    {"pulse_source", In::kBoth, text_at<pulse_source>},
    {"case_template", In::kCases, text_at<case_template>},
    {"tasks", In::kCases, set_tasks},
    {"tags", In::kBoth, words_at<tags>},
    {"custom_fields", In::kCases, set_fields},
    {"severity", In::kBoth, set_severity},
    {"critical_assets", In::kBoth, words_at<critical>},
    {"title", In::kNotify, text_at<title>},
    {"text", In::kNotify, text_at<body>},
    {"from", In::kNotify, text_at<from>},
    {"to", In::kNotify, words_at<to>},
    {"syslog", In::kNotify, set_syslog},
};

/// What must be there together.
Status check(const SystemConfig& config) {
  if (config.name.empty()) return fail("name is missing");
  if (!config.is_notify) {
    if (config.notify.kind != "thehive") return fail("kind: expected thehive");
    if (config.url.empty()) return fail("url is missing");
    if (config.key.empty()) return fail("key_env or key_file is missing");
    return {};
  }
  const NotifyKind* known = notify_kind(config.notify.kind);
  if (known == nullptr) {
    std::string names;
    for (const NotifyKind& each : notify_kinds())
      names += (names.empty() ? "" : ", ") + std::string(each.name);
    return fail("kind '" + config.notify.kind + "', expected one of " + names);
  }
  switch (known->way) {
    case NotifyKind::Way::kHttp:
      if (config.url.empty() && config.url_secret.empty())
        return fail("url, url_env or url_file is missing");
      break;
    case NotifyKind::Way::kMail:
      if (config.url.empty() || config.notify.from.empty() || config.notify.to.empty())
        return fail("url, from or to is missing");
      break;
    case NotifyKind::Way::kSyslog:
      if (config.notify.syslog.host.empty()) return fail("syslog is missing");
      break;
  }
  return {};
}

}  // namespace

Result<std::vector<SystemConfig>> system_configs(const Config& config) {
  std::vector<SystemConfig> all;
  std::set<std::string> names;
  for (const ConfigTable& table : config.systems) {
    SystemConfig system;
    system.is_notify = table.kind == "notify";
    system.where = table.where;
    system.draft.write_stix = stix_of_left_out;
    // What goes to many readers is more open than what goes to analysts.
    if (system.is_notify) system.clearance.tlp = Tlp::kAmber;
    if (!system.is_notify) system.notify.kind = "thehive";
    for (const auto& entry : table.values) {
      const std::string& key = entry.first;
      const ConfigValue& value = entry.second;
      const auto* row =
          std::find_if(std::begin(kKeys), std::end(kKeys), [&](const KeyRow& each) {
            return each.name == key &&
                   (each.in == In::kBoth || (each.in == In::kNotify) == system.is_notify);
          });
      const std::string shown = value.where + ": " + table.kind + "." + key;
      if (row == std::end(kKeys))
        return fail(value.where + ": unknown key '" + table.kind + "." + key + "'");
      if (auto status = row->set(system, value); !status) return fail(status.error().at(shown));
    }
    if (auto status = check(system); !status)
      return fail(status.error().at(table.where + ": " + table.kind));
    // TheHive joins the parts of an alert's name by ';'.
    for (std::string* part : {&system.draft.source, &system.draft.pulse_source})
      std::replace(part->begin(), part->end(), ';', ',');
    if (system.draft.source.empty() || system.draft.pulse_source.empty())
      return fail(table.where + ": source: expected a name");
    if (!names.insert(system.name).second)
      return fail(table.where + ": name '" + system.name + "' is there twice");
    all.push_back(std::move(system));
  }
  return all;
}

}  // namespace spoor
