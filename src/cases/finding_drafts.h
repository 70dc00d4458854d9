// Sightings into drafts: those of one pulse, on one asset, on one day become one alert or case
// (the parts of the key can be chosen). A sighting goes into one group only:
//
//   pulse  the oldest that claims the indicator: the least id, since OTX's ids begin with the
//          time they were made; so a pulse that comes later moves nothing. Without a pulse, the
//          first feed by name.
//   asset  the host that the hunt found for the event (what its record names, else --host, the
//          root, the path), else the file, absolute, without what rotation adds to its name
//          ("auth.log.2.gz" is auth.log)
//   day    of the event, UTC; "undated" where its time is unknown
//
// Suppressed sightings are for the caller to leave out.
//
// The source_ref is the key's text, so that the same group is the same alert in every run. The
// same event in a rotated or compressed copy (indicator and event digest) counts once.
//
// Memory: a group keeps kMostLines lines, and one digest an event. O(log) a sighting. One
// thread. Tested by finding_drafts_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cases/case_draft.h"
#include "cases/draft_options.h"
#include "ioc/sighting.h"
#include "store/store.h"

namespace spoor {

/// All claims on an observable; empty where nothing is known.
using ClaimLookup = std::function<Result<std::vector<ClaimView>>(const Observable&)>;

class FindingDrafts {
 public:
  static constexpr std::size_t kMostLines = 20;

  FindingDrafts(const DraftOptions& options, ClaimLookup claims);

  /// The key of the group that `sighting` belongs to.
  Result<std::string> key_of(const Sighting& sighting);
  Status add(const Sighting& sighting);
  /// A draft a group, in order of the keys.
  std::vector<CaseDraft> drafts() const;

 private:
  /// What is known of an indicator, in short.
  struct Story {
    std::vector<ClaimView> claims;
    std::string pulse_id, feed;  ///< of the group key
  };
  struct Line {
    Grade grade = Grade::kNone;
    std::optional<Time> time;
    std::string file;
    std::uint64_t line = 0;
    std::string text;
    bool operator<(const Line& other) const;
  };
  struct Indicator {
    std::uint64_t events = 0;
    Grade best = Grade::kNone;
    std::optional<Time> first;
    const Story* story = nullptr;
  };
  struct Group {
    std::string pulse_id, feed, asset, day;
    std::map<Observable, Indicator> indicators;
    std::set<std::string> seen;  // observable and event digest
    std::set<Line> lines;
    std::set<std::string> files, rules, reasons;
    std::uint64_t events = 0, ended = 0, undated = 0;
    Grade best = Grade::kNone;
    std::optional<Time> first, last;
  };
  struct Place {
    std::string pulse_id, feed, asset, day, key;
    const Story* story;
  };

  Result<const Story*> story_of(const Observable& observable);
  Result<Place> place_of(const Sighting& sighting);
  CaseDraft draft_of_group(const std::string& key, const Group& group) const;
  std::string description_of(const Group& group, const CaseDraft& draft) const;

  DraftOptions options_;
  ClaimLookup claims_;
  std::map<Observable, Story> stories_;
  std::map<std::string, Group> groups_;
};

/// "/var/log/auth.log.2.gz" -> "/var/log/auth.log": what logrotate and compressors add.
std::string without_rotation(std::string_view path);

}  // namespace spoor
