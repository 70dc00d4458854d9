// Every reader of replies of feeds that are no indicators, on any bytes: none crashes, an error
// says something, and what is read stays within its bounds. Corpus: corpus/feed_replies.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "feeds/feed_replies.h"
#include "feeds/web_client.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  spoor::Tally damaged;
  const auto manifest = spoor::read_misp_manifest(text, damaged);
  SPOOR_CHECK(manifest || !manifest.error().message.empty());
  if (manifest) {
    for (const auto& event : *manifest) SPOOR_CHECK(spoor::is_event_uuid(event.first));
  }
  spoor::MispPageFacts facts;
  if (spoor::read_misp_page(text, facts).empty()) SPOOR_CHECK(facts.events >= 0);
  std::vector<spoor::MispIndexEvent> index;
  if (spoor::read_misp_index(text, index).empty()) {
    for (const auto& event : index) SPOOR_CHECK(spoor::is_event_uuid(event.uuid));
  }
  spoor::TaxiiEnvelope envelope;
  if (spoor::read_taxii_envelope(text, envelope).empty()) {
    SPOOR_CHECK(envelope.next.size() <= 8192);
    SPOOR_CHECK(envelope.objects.size() <= text.size());
    SPOOR_CHECK(envelope.count == 0 || !envelope.objects.empty());
  }
  SPOOR_CHECK(spoor::abuse_ch_refusal(text).size() <= 80);
  (void)spoor::is_html(text);
  // Where a Location leads is nowhere, or an address of a known scheme.
  const std::string to = spoor::resolve_location("https://a.example/b", text);
  SPOOR_CHECK(to.empty() || !spoor::url_origin(to).empty());
  return 0;
}
