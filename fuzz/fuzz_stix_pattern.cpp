// The pattern language of STIX on any text: an error with a place, or comparisons within
// bounds whose claims all have a type. Corpus: corpus/stix_pattern.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "feeds/stix_pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = spoor::parse_stix_pattern(text);
  if (!parsed) {
    SPOOR_CHECK(parsed.error().message.find("at byte ") == 0);
    return 0;
  }
  SPOOR_CHECK(!parsed->empty() && parsed->size() <= 20'000);
  std::size_t values = 0;
  for (const spoor::StixComparison& comparison : *parsed) {
    SPOOR_CHECK(!comparison.object.empty() && comparison.group > 0);
    values += comparison.values.size();
  }
  std::vector<std::string> passed;
  auto facts = spoor::stix_facts(*parsed, passed);
  SPOOR_CHECK(facts.size() <= values);
  for (const spoor::ClaimPart& part : spoor::claims_of(std::move(facts)))
    SPOOR_CHECK(!part.type.empty());
  return 0;
}
