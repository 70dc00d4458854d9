// Lines that claim to be of `spoor hunt --json`, and the drafts that become of them. Corpus:
// corpus/hunt_stream.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "cases/finding_drafts.h"
#include "cases/hunt_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::map<spoor::Observable, std::vector<spoor::ClaimView>> claims;
  spoor::FindingDrafts drafts({}, [&](const spoor::Observable& observable) {
    return spoor::Result<std::vector<spoor::ClaimView>>(claims[observable]);
  });
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    (void)spoor::hunt_was_complete(line);
    auto read = spoor::read_hunt_line(line);
    if (read && *read) {
      SPOOR_CHECK(!(*read)->sighting.observable.value.empty());
      claims[(*read)->sighting.observable] = std::move((*read)->claims);
      SPOOR_CHECK(drafts.add((*read)->sighting).has_value());
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  for (const spoor::CaseDraft& draft : drafts.drafts()) {
    SPOOR_CHECK(draft.source_ref.size() <= 128 && draft.title.size() <= 512 * 4);
    SPOOR_CHECK(draft.source_ref.find(';') == std::string::npos);
    SPOOR_CHECK(spoor::is_valid_utf8(draft.description));
    SPOOR_CHECK(draft.severity >= 1 && draft.severity <= 4);
    SPOOR_CHECK(!draft.observables.empty());
    const auto again = spoor::draft_of(spoor::draft_text(draft));
    SPOOR_CHECK(again.has_value());
  }
  return 0;
}
