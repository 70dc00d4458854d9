// One observable as it leaves: the claims that may leave, and what they say together. What a
// claim above the ceiling says is in none of it. Tested by export_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/store.h"
#include "store/value_reader.h"

namespace spoor {

struct ExportItem {
  Observable observable;
  std::vector<ClaimView> claims;  ///< at least one; without what may not leave
  Tlp tlp = Tlp::kAmber;          ///< the strictest of the claims
  std::optional<Pap> pap;         ///< likewise
  std::optional<std::uint8_t> confidence;
  std::optional<Time> first, last;   ///< when a source first and last said it
  std::optional<Time> valid_until;   ///< where every claim has an end
  bool ended = false;                ///< every claim has ended
  std::string description, content;  ///< of the first claim that has one
  std::vector<std::string> feeds, roles, tags, malware, attack_ids, adversaries, pulses;
  std::optional<SightingSummary> sightings;  ///< where asked for, and there are some
};

/// `claims`: of one observable, at least one. `now`: what has expired by then has ended.
ExportItem make_item(std::vector<ClaimView> claims, Time now);

/// The TLP of one claim: its own, else its pulse's, else amber.
Tlp tlp_of(const ClaimView& claim);

}  // namespace spoor
