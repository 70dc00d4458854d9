// An answer of `spoor lookup` as text for people, as one row of a table, and as JSON. All
// foreign text is escaped here. Tested by tests/lookup.scenario.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/lookup_otx.h"
#include "ioc/score.h"
#include "lookup/lookup.h"
#include "noise/noise.h"

namespace spoor {

struct LookupView {
  const LookupAnswer* answer = nullptr;
  const LiveAnswer* live = nullptr;       ///< null: OTX was not asked
  std::optional<Judgement> noise;         ///< of the value alone, by the lists of noise
  const ScoreSettings* scores = nullptr;  ///< null: none are shown
  Time now{};
  bool colour = false;
};

/// All that is known, for one value.
std::string lookup_text(const LookupView& view);
/// The head of the brief table, and its row.
std::vector<std::string> lookup_head(bool with_otx);
std::vector<std::string> lookup_row(const LookupView& view);
/// One line.
std::string lookup_json(const LookupView& view);

}  // namespace spoor
