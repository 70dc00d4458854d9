#include "logs/finding.h"

#include <algorithm>

namespace spoor {

std::optional<bool> was_live(const IndicatorStory& story,
                             const std::optional<EventTime>& event) {
  if (!event || story.claims.empty()) return std::nullopt;
  bool unknown = false;
  for (const ClaimSummary& claim : story.claims) {
    std::optional<Time> end = claim.expiration;
    if (claim.ended && (!end || *claim.ended < *end)) end = claim.ended;
    if (end) {
      if (*end >= event->time) return true;
    } else if (claim.active && claim.created) {
      return true;
    } else {
      unknown = true;
    }
  }
  if (unknown) return std::nullopt;
  return false;
}

}  // namespace spoor
