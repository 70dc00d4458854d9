// What the attribute types of MISP hold: one of our types, a pair of them, or nothing to hunt.
// A visible table. Source: MISP core, Attribute type definitions (2.4 and 2.5). Tested by
// misp_test.cpp.

#pragma once

#include <string_view>
#include <vector>

#include "feeds/claim_parts.h"

namespace spoor {

/// The parts of an attribute's value, by its type; `known` is false for types that hold nothing
/// to hunt or that the table does not know. A pair without its '|' gives its first half.
struct MispValue {
  bool known = false;
  std::vector<ClaimPart> parts;
};
MispValue misp_value(std::string_view type, std::string_view value);

}  // namespace spoor
