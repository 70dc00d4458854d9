// MISP's attribute types as sets of ours: what a warninglist's `matching_attributes` asks for.
// Tested by list_index_test.cpp.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ioc/type.h"

namespace spoor {

/// A bit for each IndicatorType.
using TypeSet = std::uint64_t;
static_assert(kIndicatorTypeCount <= 64);
inline constexpr TypeSet kAllTypes = ~TypeSet{0};
constexpr TypeSet set_of(IndicatorType type) {
  return TypeSet{1} << static_cast<unsigned>(type);
}

/// The types that any of the words means; words that mean none of ours are passed over. No word
/// at all: all types.
TypeSet types_of_attributes(const std::vector<std::string>& attributes);

}  // namespace spoor
