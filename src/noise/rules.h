// The rules by which a sighting is noise, in one table with id and words; docs/noise.md
// explains each with an example. None of them touches what is certain: a digest, or a URL with
// a path, is never noise by its volume. Tested by noise_test.cpp.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ioc/noise.h"

namespace spoor {

struct NoiseRule {
  std::string_view id;
  std::string_view words;
  std::string_view verdict;  ///< what it makes of a sighting, in words
};
std::span<const NoiseRule> noise_rules();

/// Why a match of grade weak is only that: the rule of docs/semantics.md decides.
std::string_view weak_reason(std::string_view rule);

/// N4: what a source's note means. Words that no row knows are weak.
Verdict verdict_of_note(std::string_view source, std::string_view name);

/// N5: whether an indicator that is seen so often is noise by its volume.
struct VolumeLimits {
  double percent = 1.0;         ///< of all events
  std::uint64_t events = 1000;  ///< and at least so many
  std::uint64_t hosts = 100;    ///< or on so many hosts
};
/// "" where it is not; else the reason. `all_events`: how many were looked at.
std::string volume_reason(const Observable& observable, const Volume& volume,
                          std::uint64_t all_events, const VolumeLimits& limits);

/// N6: "" where the way the event went says nothing against the sighting.
std::string_view flow_reason(Flow flow);

/// The ends of an event, as its line says them.
struct FlowFacts {
  std::string_view source_address, destination_address, direction;
  bool blocked = false, answered = false;
};
/// Which way the event went, seen from us: an address of a private or reserved range is ours.
Flow flow_of(const Observable& observable, const FlowFacts& facts);

}  // namespace spoor
