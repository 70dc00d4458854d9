// The pattern language of STIX 2.0 and 2.1, as far as it names things that can be looked for:
// which object's property is compared with which values, and whether that comparison stands
// alone or only together with others. Time qualifiers (WITHIN, REPEATS, START STOP) are read
// and left out: they narrow when, not what. Source: STIX 2.1 (OASIS), section 9. Tested by
// stix_pattern_test.cpp; fuzz_stix_pattern.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "feeds/claim_parts.h"

namespace spoor {

enum class StixOperator : std::uint8_t {
  kEqual,
  kIn,
  kSubset,  ///< ISSUBSET: the network itself
  kOther    ///< !=, <, LIKE, MATCHES, ISSUPERSET, EXISTS: names no value
};

struct StixComparison {
  std::string object;  ///< "file", lower-case
  std::string path;    ///< "hashes.SHA-256": without quotes and list steps
  StixOperator operation = StixOperator::kOther;
  std::string_view word;  ///< the operator as in the language: "=", "LIKE", ...; static
  bool negated = false;   ///< under a NOT
  std::vector<std::string> values;  ///< of strings and numbers; none for other literals
  int group = 0;                    ///< the same for all parts of one conjunction
  bool joint = false;               ///< something else must hold, too
};

/// The comparisons of `pattern` in order. An error says at which byte what was expected. At
/// most 20,000 comparisons, nested at most 64 deep. O(pattern.size()), any thread.
Result<std::vector<StixComparison>> parse_stix_pattern(std::string_view pattern);

/// What a property of a STIX object is: kind and type word for its values; `known` false for
/// what is nothing to hunt.
struct StixProperty {
  bool known = false;
  PatternFact::Kind kind = PatternFact::Kind::kStrong;
  std::string_view type;
};
StixProperty stix_property(std::string_view object, std::string_view path);

/// The facts of a pattern, and in `passed` the comparisons that yield none: "LIKE of
/// file:name", "process:command_line".
std::vector<PatternFact> stix_facts(const std::vector<StixComparison>& comparisons,
                                    std::vector<std::string>& passed);

}  // namespace spoor
