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
  SPOOR_TRY(store_.record_sightings(hunt_, sightings), "recording sightings");
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

namespace {

Result<std::shared_ptr<const IndicatorStory>> story(Store& store, ObservableId id,
                                                    Observable observable) {
  auto story = std::make_shared<IndicatorStory>();
  story->id = id;
  story->observable = std::move(observable);
  const auto claims = store.claims_of(id);
  if (!claims) return fail(claims.error().at("claims of " + story->observable.value));
  for (const ClaimView& claim : *claims) story->claims.push_back(summary_of(claim));
  return std::shared_ptr<const IndicatorStory>(std::move(story));
}

}  // namespace

StoryLookup lookup_in(Store& store, const std::vector<ObservableId>& ids,
                      const std::vector<Observable>& observables) {
  SPOOR_CHECK(ids.size() == observables.size());
  return [&store, &ids, &observables](IndicatorIndex indicator) {
    const auto at = static_cast<std::size_t>(indicator);
    SPOOR_CHECK(at < ids.size());
    return story(store, ids[at], observables[at]);
  };
}

StoryLookup lookup_in(Store& store, const Snapshot& snapshot) {
  return [&store, &snapshot](IndicatorIndex indicator) {
    const auto at = static_cast<std::uint32_t>(indicator);
    SPOOR_CHECK(at < snapshot.size());
    const ClaimRef claim = snapshot.index().at(at);
    return story(store, ObservableId{snapshot.id_of(indicator)},
                 {claim.type, std::string(claim.value)});
  };
}

}  // namespace spoor
