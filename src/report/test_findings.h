// Sightings for the tests of `report`.

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "logs/finding.h"
#include "report/output.h"

namespace spoor {

struct Finding {
  Sighting sighting;
  FindingDetail detail;
};

/// A sighting of the domain `indicator` at its first place in `text`, line `line` of `file`.
inline Finding finding(const std::string& file, std::uint64_t line, const std::string& text,
                       const std::string& indicator) {
  Finding made;
  Sighting& sighting = made.sighting;
  sighting.observable_id = ObservableId{1};
  sighting.observable = {IndicatorType::kDomain, indicator};
  sighting.file = file;
  sighting.absolute_path = "/abs/" + file;
  sighting.line = line;
  sighting.event_offset = line * 1000;
  sighting.event_text = text;
  sighting.match_begin = text.find(indicator);
  sighting.match_end = sighting.match_begin + indicator.size();
  sighting.offset = sighting.event_offset + sighting.match_begin;
  sighting.length = indicator.size();
  sighting.match = indicator;
  sighting.grade = Grade::kExact;
  sighting.rule = "D3";
  sighting.is_new = true;
  auto story = std::make_shared<IndicatorStory>();
  story->observable = sighting.observable;
  ClaimSummary claim;
  claim.feed = "otx";
  claim.pulse_id = "5f00";
  claim.pulse_name = "Example";
  claim.pulse_author = "someone";
  claim.tlp = Tlp::kGreen;
  claim.tags = {"apt", "phishing"};
  story->claims.push_back(claim);
  made.detail.story = std::move(story);
  return made;
}

/// Gives `findings` to `sink`, `batch` at a time.
template <typename Sink>
void give(Sink& sink, const std::vector<Finding>& findings, std::size_t batch = SIZE_MAX) {
  for (std::size_t begin = 0; begin < findings.size();) {
    std::vector<Sighting> sightings;
    std::vector<FindingDetail> details;
    for (; begin < findings.size() && sightings.size() < batch; ++begin) {
      sightings.push_back(findings[begin].sighting);
      details.push_back(findings[begin].detail);
    }
    const Status taken = sink.take(sightings, details);
    if (!taken) std::abort();
  }
}

inline Output into(std::string& text) {
  return [&text](std::string_view piece) {
    text += piece;
    return Status{};
  };
}

}  // namespace spoor
