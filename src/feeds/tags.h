// What a tag of MISP's vocabularies (taxonomies and galaxies, as MISP events and STIX labels
// carry them) says of a pulse or a claim: TLP, PAP, how sure, which malware, which actor, which
// technique. Sources: misp-taxonomies (tlp, PAP, admiralty-scale, estimative-language,
// misp:confidence-level) and misp-galaxy. Tested by tags_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/pulse.h"

namespace spoor {

/// What several tags say together.
struct TagFacts {
  std::optional<Tlp> tlp;                  ///< the strictest
  std::optional<Pap> pap;                  ///< the strictest
  std::optional<std::uint8_t> confidence;  ///< 0..100; the lowest
  std::vector<std::string> malware, adversaries, attack_ids, countries, industries;
  std::vector<std::string> plain;  ///< tags that are none of these, as written

  /// Takes one tag in. O(tag.size()).
  void add(std::string_view tag);
};

/// Puts what `tags` say of one claim where the claim has nothing yet.
void tell_claim(const TagFacts& tags, ClaimFacts& facts);

}  // namespace spoor
