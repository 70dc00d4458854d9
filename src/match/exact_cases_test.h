// One row of the table that exact_test.cpp runs: an indicator, a text, the strongest grade and
// the rule that decides.

#pragma once

#include <string>
#include <string_view>

#include "ioc/sighting.h"
#include "ioc/type.h"

namespace spoor {

struct ExactCase {
  const char* name;  ///< the behaviour
  IndicatorType type;
  std::string_view indicator;
  std::string_view text;
  Grade expect;
  std::string_view rule;  ///< of the strongest hit; "" where nothing matches
  TextEncoding encoding = TextEncoding::kBytes;
};

}  // namespace spoor
