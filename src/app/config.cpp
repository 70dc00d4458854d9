#include "app/config.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "io/source.h"

namespace spoor {
namespace {

std::string place(const std::string& path, const toml::source_region& source) {
  return path + ":" + std::to_string(source.begin.line) + ":" +
         std::to_string(source.begin.column);
}

struct TextKey {
  std::string_view table, key;
  std::optional<std::string> Config::*member;
};
constexpr TextKey kTextKeys[] = {
    {"store", "path", &Config::store_path},     {"otx", "url", &Config::otx_url},
    {"otx", "key_file", &Config::otx_key_file}, {"otx", "endpoint", &Config::otx_endpoint},
    {"otx", "proxy", &Config::proxy},           {"otx", "ca_file", &Config::ca_file},
    {"otx", "fallback", &Config::otx_fallback}, {"otx", "reconcile", &Config::otx_reconcile},
};

struct NumberKey {
  std::string_view table, key;
  std::int64_t least, most;
  std::optional<int> Config::*member;
};
constexpr NumberKey kNumberKeys[] = {
    {"otx", "page_size", 1, 1000, &Config::otx_page_size},
    {"otx", "rate", 0, 100'000, &Config::otx_rate},
    {"otx", "timeout", 1, 3600, &Config::otx_timeout},
};

Result<ConfigValue> value_of(const std::string& path, const std::string& name,
                             const toml::node& node) {
  ConfigValue value;
  value.where = place(path, node.source());
  const auto wrong = [&](const char* expected) {
    return fail(value.where + ": " + name + ": expected " + expected);
  };
  if (const auto text = node.value_exact<std::string>()) {
    value.value = *text;
  } else if (const auto number = node.value_exact<std::int64_t>()) {
    value.value = *number;
  } else if (const auto real = node.value_exact<double>()) {
    value.value = *real;
  } else if (const auto truth = node.value_exact<bool>()) {
    value.value = *truth;
  } else if (const toml::array* list = node.as_array()) {
    std::vector<std::string> words;
    for (const toml::node& each : *list) {
      const auto word = each.value_exact<std::string>();
      if (!word) return wrong("a list of strings");
      words.push_back(*word);
    }
    value.value = std::move(words);
  } else if (const toml::table* table = node.as_table()) {
    ConfigValue::Pairs pairs;
    for (const auto& [key, each] : *table) {
      const auto word = each.value_exact<std::string>();
      const auto count = each.value_exact<std::int64_t>();
      const auto fraction = each.value_exact<double>();
      if (!word && !count && !fraction) return wrong("a table of strings or numbers");
      pairs.emplace_back(std::string(key.str()), word    ? *word
                                                 : count ? std::to_string(*count)
                                                         : std::to_string(*fraction));
    }
    value.value = std::move(pairs);
  } else {
    return wrong("a string, a number, true, false, a list or a table");
  }
  return value;
}

/// [[case_system]], [[notify]] and [[feed]]: lists of tables.
Status read_tables(const std::string& path, std::string_view kind, const toml::node& node,
                   std::vector<ConfigTable>& into) {
  const toml::array* list = node.as_array();
  if (list == nullptr)
    return fail(place(path, node.source()) + ": " + std::string(kind) + ": expected [[" +
                std::string(kind) + "]]");
  for (const toml::node& each : *list) {
    const toml::table* table = each.as_table();
    if (table == nullptr)
      return fail(place(path, each.source()) + ": " + std::string(kind) + ": expected a table");
    ConfigTable read;
    read.kind = kind;
    read.where = place(path, each.source());
    for (const auto& [key, entry] : *table) {
      auto value = value_of(path, std::string(kind) + "." + std::string(key.str()), entry);
      if (!value) return fail(value.error());
      read.values.emplace(std::string(key.str()), std::move(*value));
    }
    into.push_back(std::move(read));
  }
  return {};
}

/// [noise] and [score]: their keys are checked by who knows them (noise_config.cpp). Tables in
/// `decay` become entries of their own.
Status read_table(const std::string& path, std::string_view kind, const toml::node& node,
                  ConfigTable& read) {
  const toml::table* table = node.as_table();
  if (table == nullptr)
    return fail(place(path, node.source()) + ": " + std::string(kind) + ": expected [" +
                std::string(kind) + "]");
  read.kind = kind;
  read.where = place(path, node.source());
  const auto put = [&](const std::string& key, const toml::node& entry) -> Status {
    auto value = value_of(path, std::string(kind) + "." + key, entry);
    if (!value) return fail(value.error());
    read.values.emplace(key, std::move(*value));
    return {};
  };
  for (const auto& [key, entry] : *table) {
    const toml::table* inner = key.str() == "decay" ? entry.as_table() : nullptr;
    if (inner == nullptr) {
      if (auto status = put(std::string(key.str()), entry); !status) return status;
      continue;
    }
    for (const auto& [name, each] : *inner) {
      if (auto status = put("decay." + std::string(name.str()), each); !status) return status;
    }
  }
  return {};
}

}  // namespace

Result<Config> read_config(const std::string& path) {
  auto text = read_whole(path, 1 << 20);
  if (!text) return fail(text.error());
  const toml::parse_result parsed = toml::parse(std::string_view(*text), path);
  if (!parsed)
    return fail(place(path, parsed.error().source()) + ": " +
                std::string(parsed.error().description()));
  Config config;
  for (const auto& [table_name, table_node] : parsed.table()) {
    const std::string_view kind = table_name.str();
    if (kind == "case_system" || kind == "notify" || kind == "feed") {
      if (auto status = read_tables(path, kind, table_node,
                                    kind == "feed" ? config.feeds : config.systems);
          !status)
        return fail(status.error());
      continue;
    }
    if (table_name.str() == "noise" || table_name.str() == "score") {
      ConfigTable& into = table_name.str() == "noise" ? config.noise : config.score;
      if (auto status = read_table(path, table_name.str(), table_node, into); !status)
        return fail(status.error());
      continue;
    }
    const toml::table* table = table_node.as_table();
    if (table == nullptr || (table_name.str() != "store" && table_name.str() != "otx")) {
      return fail(place(path, table_node.source()) + ": unknown entry '" +
                  std::string(table_name.str()) +
                  "', expected the tables [store], [otx], [[feed]], [noise], [score], "
                  "[[case_system]] and [[notify]]");
    }
    for (const auto& [key, node] : *table) {
      const std::string name = std::string(table_name.str()) + "." + std::string(key.str());
      bool known = false;
      for (const TextKey& row : kTextKeys) {
        if (row.table != table_name.str() || row.key != key.str()) continue;
        known = true;
        const auto value = node.value_exact<std::string>();
        if (!value)
          return fail(place(path, node.source()) + ": " + name + ": expected a string");
        config.*row.member = *value;
      }
      for (const NumberKey& row : kNumberKeys) {
        if (row.table != table_name.str() || row.key != key.str()) continue;
        known = true;
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < row.least || *value > row.most)
          return fail(place(path, node.source()) + ": " + name + ": expected a number from " +
                      std::to_string(row.least) + " to " + std::to_string(row.most));
        config.*row.member = static_cast<int>(*value);
      }
      if (!known) return fail(place(path, node.source()) + ": unknown key '" + name + "'");
    }
  }
  return config;
}

}  // namespace spoor
