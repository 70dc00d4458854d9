// Whether a sighting is noise, and why: the own allow-list, warninglists, the built-in set,
// what sources say themselves, volume, and the way of the event (rules.h has the table). One
// const object, shared by all threads; a verdict depends on what it is asked and nothing else,
// so that a hunt with any number of threads, and a judgement of the store later, say the same.
// Nothing is hidden by it: a sighting keeps its verdict with the reason. Tested by
// noise_test.cpp.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/tally.h"
#include "ioc/noise.h"
#include "noise/rules.h"

namespace spoor {

/// What to judge by.
struct NoiseInputs {
  std::vector<WarningList> lists;
  std::vector<AllowEntry> allowed;
  std::vector<BenignNote> notes;
  bool builtin = true;
  VolumeLimits volume;
  Time now{};  ///< entries of the allow-list that have expired by then do not count
};

struct Judgement {
  Verdict verdict = Verdict::kShown;
  std::string_view rule;  ///< of noise_rules(); "" where none applies
  std::string
      reason;  ///< with the rule's words first: "warninglist 'Public resolvers': 8.8.8.8"
};

class Noise {
 public:
  /// What of the lists cannot be used is tallied. About a microsecond an entry.
  static std::unique_ptr<const Noise> build(NoiseInputs inputs, Tally& refused);
  ~Noise();

  /// By the observable alone (N1 to N4). Some microseconds: worth keeping for each indicator.
  Judgement of_observable(const Observable& observable) const;

  /// By all that is known of one sighting.
  struct Event {
    Grade grade = Grade::kExact;
    std::string_view match_rule;  ///< of docs/semantics.md
    Flow flow = Flow::kUnknown;
    Volume volume;
    std::uint64_t all_events = 0;
  };
  Judgement judge(const Observable& observable, const Judgement& alone,
                  const Event& event) const;

 private:
  struct Parts;
  explicit Noise(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// What sightings of one cause have in common: the reason without its details. "warninglist
/// 'Public resolvers'" of "warninglist 'Public resolvers': 8.8.8.8".
std::string_view reason_group(std::string_view reason);

}  // namespace spoor
