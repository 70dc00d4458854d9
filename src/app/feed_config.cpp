#include "app/feed_config.h"

#include <algorithm>
#include <set>
#include <utility>

#include "app/options.h"
#include "base/ascii.h"
#include "feeds/columns.h"

namespace spoor {
namespace {

using Pairs = ConfigValue::Pairs;

/// What a key's value must be, and where it goes. An error says what was expected.
struct KeyRow {
  std::string_view name;
  Status (*set)(FeedConfig& config, const ConfigValue& value);
};

Status expected(const char* what) {
  return fail(std::string("expected ") + what);
}

template <auto Member>
Status text(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::string>(&value.value);
  if (found == nullptr) return expected("a string");
  config.*Member = *found;
  return {};
}

template <auto Member>
Status source_text(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::string>(&value.value);
  if (found == nullptr) return expected("a string");
  config.source.*Member = *found;
  return {};
}

template <SecretPlace FeedConfig::*Place, std::string SecretPlace::*Member>
Status secret(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::string>(&value.value);
  if (found == nullptr || found->empty()) return expected("a name");
  config.*Place.*Member = *found;
  return {};
}

template <std::int64_t Least, std::int64_t Most, void (*Put)(FeedConfig&, std::int64_t)>
Status number(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::int64_t>(&value.value);
  if (found == nullptr || *found < Least || *found > Most)
    return fail("expected a whole number from " + std::to_string(Least) + " to " +
                std::to_string(Most));
  Put(config, *found);
  return {};
}

template <void (*Put)(FeedConfig&, bool)>
Status truth(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<bool>(&value.value);
  if (found == nullptr) return expected("true or false");
  Put(config, *found);
  return {};
}

/// A table { FIELD = "COLUMN" }, or a text as `spoor import --columns` takes it, which also
/// knows FIELD:WORD.
Status set_columns(FeedConfig& config, const ConfigValue& value) {
  std::vector<ColumnChoice>& columns = config.source.read.columns;
  if (const auto* line = std::get_if<std::string>(&value.value)) {
    auto choices = parse_column_choices(*line);
    if (!choices) return fail(choices.error());
    columns = std::move(*choices);
    return {};
  }
  const auto* found = std::get_if<Pairs>(&value.value);
  if (found == nullptr) return expected("a table: { value = \"indicator\", type = \"kind\" }");
  // Asked with numbers, since the name of a column may hold a comma.
  std::string line;
  for (const auto& [field, column] : *found) line += (line.empty() ? "" : ",") + field + "=1";
  auto choices = parse_column_choices(line);
  if (!choices) return fail(choices.error());
  columns = std::move(*choices);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].column = (*found)[i].second;
  return {};
}

Status set_separator(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::string>(&value.value);
  if (found == nullptr) return expected("comma, tab, semicolon, pipe or a character");
  const auto separator = parse_separator(*found);
  if (!separator) return fail(separator.error());
  config.source.read.separator = *separator;
  return {};
}

Status set_every(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::string>(&value.value);
  if (found == nullptr) return expected("a time such as \"6h\" or \"1d\"");
  const auto every = parse_duration(*found);
  if (!every) return fail(every.error());
  config.every = *every;
  return {};
}

Status set_tlp(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::string>(&value.value);
  for (const Tlp tlp : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed}) {
    if (found == nullptr || lower(*found) != name_of(tlp)) continue;
    config.source.tlp = tlp;
    return {};
  }
  return expected("clear, green, amber, amber+strict or red");
}

Status set_absent(FeedConfig& config, const ConfigValue& value) {
  const auto* found = std::get_if<std::string>(&value.value);
  if (found == nullptr || (*found != "ended" && *found != "kept"))
    return expected("ended or kept");
  config.source.window = *found == "kept";
  return {};
}

Status set_rate(FeedConfig& config, const ConfigValue& value) {
  const auto* whole = std::get_if<std::int64_t>(&value.value);
  const auto* real = std::get_if<double>(&value.value);
  const double rate = whole != nullptr  ? static_cast<double>(*whole)
                      : real != nullptr ? *real
                                        : -1;
  if (!(rate >= 0) || rate > 100'000) return expected("requests a second, 0 for no limit");
  config.source.rate = rate;
  return {};
}

constexpr KeyRow kKeys[] = {
    {"name", source_text<&SourceOptions::name>},
    {"kind", source_text<&SourceOptions::kind>},
    {"url", source_text<&SourceOptions::url>},
    {"url_env", secret<&FeedConfig::url, &SecretPlace::variable>},
    {"url_file", secret<&FeedConfig::url, &SecretPlace::file>},
    {"key_env", secret<&FeedConfig::key, &SecretPlace::variable>},
    {"key_file", secret<&FeedConfig::key, &SecretPlace::file>},
    {"user", source_text<&SourceOptions::user>},
    {"header", source_text<&SourceOptions::header>},
    {"format", source_text<&SourceOptions::format>},
    {"columns", set_columns},
    {"separator", set_separator},
    {"has_header", truth<[](FeedConfig& c, bool yes) { c.source.read.header = yes; }>},
    {"collection", source_text<&SourceOptions::collection>},
    {"absent", set_absent},
    {"every", set_every},
    {"proxy", text<&FeedConfig::proxy>},
    {"ca_file", text<&FeedConfig::ca_file>},
    {"tlp", set_tlp},
    {"confidence", number<0, 100,
                          [](FeedConfig& c, std::int64_t n) {
                            c.confidence = static_cast<std::uint8_t>(n);
                          }>},
    {"enabled", truth<[](FeedConfig& c, bool yes) { c.enabled = yes; }>},
    {"enforce_warninglist",
     truth<[](FeedConfig& c, bool yes) { c.source.enforce_warninglist = yes; }>},
    {"days",
     number<1, 7, [](FeedConfig& c, std::int64_t n) { c.source.days = static_cast<int>(n); }>},
    {"page_size",
     number<1, 10'000,
            [](FeedConfig& c, std::int64_t n) { c.source.page_size = static_cast<int>(n); }>},
    {"rate", set_rate},
    {"timeout",
     number<1, 3600,
            [](FeedConfig& c, std::int64_t n) { c.source.timeout = std::chrono::seconds(n); }>},
    {"tries",
     number<1, 1000,
            [](FeedConfig& c, std::int64_t n) { c.source.tries = static_cast<int>(n); }>},
    {"max_body_bytes", number<1'000, 8'000'000'000,
                              [](FeedConfig& c, std::int64_t n) {
                                c.source.max_body_bytes = static_cast<std::uint64_t>(n);
                              }>},
};

/// What must be there together.
Status check(const FeedConfig& config) {
  SourceOptions source = config.source;
  // A secret address is read when it is used; that it is named is enough here.
  if (source.url.empty() && !config.url.empty()) source.url = "https://named-elsewhere.invalid";
  if (auto status = check_source(source); !status) return status;
  const SourceKind& kind = *source_kind(source.kind);
  if (!config.source.url.empty() && !config.url.empty())
    return fail("url and url_env or url_file: expected one of them");
  if (!source.url.empty()) {
    std::string url = source.url;
    if (const std::size_t at = url.find("{key}"); at != std::string::npos)
      url.replace(at, 5, "key");
    if (auto status = check_url(url); !status) return fail(status.error().at("url"));
  }
  if (kind.needs_key && config.key.empty() && !config.is_otx())
    return fail("key_env or key_file is missing: " + source.kind + " wants a key");
  for (const auto& [given, key] :
       {std::pair(!source.user.empty(), "user"), std::pair(!source.header.empty(), "header")}) {
    if (given && config.key.empty())
      return fail(std::string(key) + " without key_env or key_file");
  }
  return {};
}

}  // namespace

Result<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr std::pair<char, std::int64_t> kUnits[] = {
      {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}, {'w', 604'800}};
  for (const auto& [unit, seconds] : kUnits) {
    if (text.size() < 2 || text.back() != unit) continue;
    const auto count = parse_number(text.substr(0, text.size() - 1), 1, 100'000);
    if (count) return std::chrono::seconds(static_cast<std::int64_t>(*count) * seconds);
  }
  return fail("found '" + std::string(text.substr(0, 40)) +
              "', expected a time such as 90m, 6h, 1d or 2w");
}

Result<std::vector<FeedConfig>> feed_configs(const Config& config) {
  std::vector<FeedConfig> all;
  std::set<std::string> names;
  for (const ConfigTable& table : config.feeds) {
    FeedConfig feed;
    feed.where = table.where;
    for (const auto& entry : table.values) {
      const std::string& key = entry.first;
      const ConfigValue& value = entry.second;
      const auto* row = std::find_if(std::begin(kKeys), std::end(kKeys),
                                     [&](const KeyRow& each) { return each.name == key; });
      if (row == std::end(kKeys)) {
        std::vector<std::string_view> known;
        for (const KeyRow& each : kKeys) known.push_back(each.name);
        const std::string near = nearest_word(key, known);
        return fail(value.where + ": unknown key 'feed." + key + "'" +
                    (near.empty() ? "" : ", did you mean '" + near + "'?"));
      }
      if (auto status = row->set(feed, value); !status)
        return fail(status.error().at(value.where + ": feed." + key));
    }
    if (feed.source.name.empty() && feed.is_otx()) feed.source.name = "otx";
    if (auto status = check(feed); !status)
      return fail(status.error().at(table.where + ": feed"));
    if (!names.insert(feed.source.name).second)
      return fail(table.where + ": feed: name '" + feed.source.name + "' is there twice");
    all.push_back(std::move(feed));
  }
  return all;
}

}  // namespace spoor
