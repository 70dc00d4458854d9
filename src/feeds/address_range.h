// Ranges of IPv4 addresses as lists write them ("192.0.2.10 - 192.0.2.20", and begin and end in
// columns of their own) as the networks that cover exactly them. Tested by formats_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

struct AddressRange {
  std::vector<std::string> values;  ///< networks and single addresses, ascending; at most 62
  std::string_view rest;            ///< what stands behind the range
};

/// The range that `line` begins with: two addresses with '-' between, blanks round it or not,
/// or with TABs or blanks alone between where they begin and end a network of 256 addresses or
/// more. Nothing where there is none, or the first is above the second. O(80 bytes of `line`).
std::optional<AddressRange> range_of(std::string_view line);

}  // namespace spoor
