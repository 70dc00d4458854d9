// An observable as a STIX 2.1 pattern: comparison by the object path of the type table, the
// value as a string literal in which only ' and \ are special (STIX 2.1, 9.3). Networks are
// ISSUBSET. Tested by formats_test.cpp.

#pragma once

#include <string>
#include <string_view>

#include "export/item.h"

namespace spoor {

struct StixPattern {
  std::string type;  ///< "stix", "yara"; "": none
  std::string text;
};
/// No pattern: type is "".
StixPattern stix_pattern(const ExportItem& item);

/// 'text' with its quotes.
std::string stix_literal(std::string_view text);

}  // namespace spoor
