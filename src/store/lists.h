// Lists of strings as the store keeps them: one JSON array as text, which sqlite3's json_each()
// reads too. Bytes that are not UTF-8 become U+FFFD. Tested by codes_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

std::string list_text(const std::vector<std::string>& list);
/// Nothing where `text` is no JSON array of strings.
std::optional<std::vector<std::string>> list_of_text(std::string_view text);

}  // namespace spoor
