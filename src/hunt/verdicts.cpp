#include "hunt/verdicts.h"

#include "base/hash.h"

namespace spoor {

Verdicts::Seen& Verdicts::seen_of(const Sighting& sighting) {
  const auto id = static_cast<std::int64_t>(sighting.observable_id);
  auto found = seen_.find(id);
  if (found == seen_.end()) {
    // Beyond it counts begin anew: what is seen often comes back often.
    if (seen_.size() >= kMostSeen) seen_.clear();
    found = seen_.emplace(id, Seen{}).first;
  }
  Seen& seen = found->second;
  if (seen.judge_number != judge_number_) {
    seen.alone = noise_.judge->of_observable(sighting.observable);
    seen.judge_number = judge_number_;
  }
  return seen;
}

void Verdicts::judge(Sighting& sighting, const EventRecord* record, std::uint64_t events) {
  if (record != nullptr) {
    sighting.host = record->host;
    const FlowFacts facts{record->source_address, record->destination_address,
                          record->direction, record->outcome == Outcome::kBlocked,
                          record->outcome == Outcome::kAnswered};
    sighting.flow = flow_of(sighting.observable, facts);
  }
  if (noise_.judge == nullptr) {
    if (sighting.grade != Grade::kWeak) return;
    sighting.verdict = Verdict::kWeak;
    sighting.reason = weak_reason(sighting.rule);
    return;
  }
  Seen& seen = seen_of(sighting);
  ++seen.events;
  if (!sighting.host.empty() && seen.hosts.size() < kMostHosts)
    seen.hosts.insert(xxh3_64(sighting.host));
  Noise::Event event;
  event.grade = sighting.grade;
  event.match_rule = sighting.rule;
  event.flow = sighting.flow;
  event.volume = {seen.events, seen.hosts.size()};
  event.all_events = events;
  Judgement judged = noise_.judge->judge(sighting.observable, seen.alone, event);
  if (judged.verdict == Verdict::kShown) {
    const auto earlier = noise_.earlier.find(static_cast<std::int64_t>(sighting.observable_id));
    if (earlier != noise_.earlier.end()) {
      event.volume = earlier->second;
      event.all_events = noise_.earlier_events;
      judged = noise_.judge->judge(sighting.observable, seen.alone, event);
    }
  }
  sighting.verdict = judged.verdict;
  sighting.reason = std::move(judged.reason);
}

}  // namespace spoor
