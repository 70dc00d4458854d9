// How severe a finding is: a table of rules, applied from top to bottom, each of which says
// what it saw. The steps stand in the description, so that nobody has to guess why a case is
// red. Tested by case_draft_test.cpp.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case_draft.h"
#include "ioc/sighting.h"

namespace spoor {

/// What the rules look at.
struct SeverityFacts {
  bool sighted = false;
  Grade best_grade = Grade::kNone;
  bool named = false;          ///< an adversary, a malware family or a technique is named
  bool critical = false;       ///< the asset is on the list of critical ones
  bool all_ended = false;      ///< every claim had ended before every event
  std::size_t indicators = 0;  ///< different ones that were sighted
};

struct SeverityRule {
  std::string_view name;   ///< key of the configuration
  std::string_view words;  ///< for people
  bool (*applies)(const SeverityFacts& facts);
  enum class How : std::uint8_t { kSet, kAdd, kAtLeast, kAtMost };
  How how;
  int value;  ///< unless the configuration says otherwise
};
std::span<const SeverityRule> severity_rules();

/// A rule's own value in the configuration.
struct SeverityChoice {
  std::string name;
  int value;
};

/// 1 to 4; `steps` gets the rules that applied. Choices with unknown names change nothing.
int severity_of(const SeverityFacts& facts, std::span<const SeverityChoice> choices,
                std::vector<SeverityStep>& steps);

}  // namespace spoor
