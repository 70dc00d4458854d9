#include "hunt/store_sink.h"

#include "base/check.h"

namespace spoor {

Status StoreSink::begin(const HuntStart& start) {
  HuntInfo info;
  info.started = start.started;
  info.paths = start.paths;
  info.filter = start.filter;
  info.indicators = start.indicators;
  const auto id = store_.begin_hunt(info);
  if (!id) return fail(id.error().at("begin of the hunt"));
  hunt_ = *id;
  return {};
}

Status StoreSink::take(std::span<Sighting> sightings, std::span<const FindingDetail>) {
  const auto write = [&]() -> Status {
    const Status recorded = store_.record_sightings(hunt_, sightings, rule_);
    return recorded && beside_ ? beside_() : recorded;
  };
  SPOOR_TRY(store_.as_one(write), "recording sightings");
  return {};
}

Status StoreSink::finish(const HuntTotals& totals) {
  HuntSummary summary;
  summary.ended = totals.ended;
  summary.files = totals.files;
  summary.bytes_read = totals.bytes_read;
  summary.bytes_decoded = totals.bytes_decoded;
  summary.lines = totals.lines;
  summary.sightings = totals.sightings;
  summary.sightings_new = totals.sightings_new;
  summary.complete = totals.complete;
  SPOOR_TRY(store_.finish_hunt(hunt_, summary), "end of the hunt");
  return {};
}

ClaimSummary summary_of(const ClaimView& claim) {
  ClaimSummary summary;
  summary.feed = claim.feed;
  summary.pulse_id = claim.pulse_id;
  summary.pulse_name = claim.pulse_name;
  summary.pulse_author = claim.pulse_author;
  summary.tags = claim.tags;
  summary.tlp = claim.tlp;
  summary.created = claim.created;
  summary.expiration = claim.expiration;
  summary.ended = claim.ended;
  summary.active = claim.active;
  return summary;
}

StoryLookup lookup_in(Store& store, const Snapshot& snapshot) {
  return [&store, &snapshot](
             IndicatorIndex indicator) -> Result<std::shared_ptr<const IndicatorStory>> {
    const auto at = static_cast<std::uint32_t>(indicator);
    SPOOR_CHECK(at < snapshot.size());
    const ClaimRef claim = snapshot.index().at(at);
    auto story = std::make_shared<IndicatorStory>();
    story->id = ObservableId{snapshot.id_of(indicator)};
    story->observable = {claim.type, std::string(claim.value)};
    const auto claims = store.claims_of(story->id);
    if (!claims) return fail(claims.error().at("claims of " + story->observable.value));
    for (const ClaimView& each : *claims) story->claims.push_back(summary_of(each));
    return std::shared_ptr<const IndicatorStory>(std::move(story));
  };
}

}  // namespace spoor
