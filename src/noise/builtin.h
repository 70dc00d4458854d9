// What is harmless or common without any list: a set of our own, in one file of tables with a
// reason a row. Tested by noise_test.cpp.

#pragma once

#include <span>
#include <string_view>

#include "ioc/noise.h"

namespace spoor {

struct BuiltinRow {
  std::string_view value, reason;
};
struct BuiltinGroup {
  std::string_view name;
  ListKind kind;
  Verdict verdict;
  std::string_view attributes;  ///< MISP's words, blank between; "": all
  std::span<const BuiltinRow> rows;
};
std::span<const BuiltinGroup> builtin_groups();

}  // namespace spoor
