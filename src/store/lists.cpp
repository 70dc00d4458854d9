// See lists.h. Tested by codes_test.cpp.

#include "store/lists.h"

#include <nlohmann/json.hpp>

#include "base/json_writer.h"

namespace spoor {

std::string list_text(const std::vector<std::string>& list) {
  JsonWriter json;
  json.begin_array();
  for (const std::string& item : list) json.string(item);
  json.end_array();
  return json.take();
}

std::optional<std::vector<std::string>> list_of_text(std::string_view text) {
  if (text == "[]") return std::vector<std::string>{};
  const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (!json.is_array()) return std::nullopt;
  std::vector<std::string> list;
  list.reserve(json.size());
  for (const auto& item : json) {
    if (!item.is_string()) return std::nullopt;
    list.push_back(item.get<std::string>());
  }
  return list;
}

}  // namespace spoor
