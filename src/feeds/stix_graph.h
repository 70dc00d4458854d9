// What the objects of a STIX document say about each other: names behind ids, which malware an
// indicator indicates, which report it stands in, what a marking means. Built in a first pass
// over the document, asked in the second, since objects may stand in any order. Memory: names
// and ids, no patterns. Tested by stix_test.cpp.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "feeds/stix_marks.h"
#include "feeds/tags.h"
#include "ioc/pulse.h"
#include "net/json.h"

namespace spoor {

class StixGraph {
 public:
  /// One object of any type. O(its size).
  void add(JsonView object);
  /// After the last add(): pulses of the reports and groupings, without their rows.
  void close();

  struct Report {
    Pulse pulse;
    std::vector<std::string> refs;
  };
  std::vector<Report>& reports() { return reports_; }
  /// The reports that hold the object `id`, by place in reports().
  const std::vector<std::size_t>& reports_of(std::string_view id) const;

  /// Whether `modified` is that of the newest version of the object `id` in the document.
  bool is_newest(const std::string& id, std::optional<Time> modified) const;
  /// What the document says of the indicator `id` beside the object itself: malware, adversary,
  /// techniques that it indicates, when it was last sighted.
  void tell(const std::string& id, ClaimFacts& facts) const;
  /// TLP and PAP of an object by its references to markings; the strictest.
  StixMark marks_of(JsonView object) const;

 private:
  enum class Kind : std::uint8_t { kOther, kMalware, kAdversary, kAttack, kIdentity, kPlace };
  struct Named {
    Kind kind = Kind::kOther;
    std::string name;
    std::vector<std::string> attack_ids;
    std::optional<Time> modified;
  };
  void add_report(JsonView object);

  std::unordered_map<std::string, Named> named_;
  std::unordered_map<std::string, StixMark> marks_;
  std::unordered_map<std::string, std::vector<std::string>> indicates_;
  std::unordered_map<std::string, Time> sighted_;
  std::unordered_map<std::string, std::vector<std::size_t>> report_places_;
  std::vector<Report> reports_;
  std::unordered_map<std::string, std::size_t> report_index_;  // pulse id -> place in reports_
  std::vector<std::string> authors_;                           // of reports_, ids
};

/// ATT&CK ids among the external references of an object.
std::vector<std::string> stix_attack_ids(JsonView object);

}  // namespace spoor
