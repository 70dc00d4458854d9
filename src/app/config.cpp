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
};

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
    const toml::table* table = table_node.as_table();
    if (table == nullptr || (table_name.str() != "store" && table_name.str() != "otx")) {
      return fail(place(path, table_node.source()) + ": unknown entry '" +
                  std::string(table_name.str()) + "', expected the tables [store] and [otx]");
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
      if (table_name.str() == "otx" && key.str() == "page_size") {
        known = true;
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < 1 || *value > 1000)
          return fail(place(path, node.source()) + ": " + name +
                      ": expected a number from 1 to 1000");
        config.otx_page_size = static_cast<int>(*value);
      }
      if (!known) return fail(place(path, node.source()) + ": unknown key '" + name + "'");
    }
  }
  return config;
}

}  // namespace spoor
