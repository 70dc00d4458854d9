// What may leave, and what is worth to leave: TLP and PAP ceilings, ended, set-aside, harmless
// and weak indicators. Each indicator that stays has one reason, and all are counted: the
// refusal is said.
//
// A file that leaves is read by others, so the rules are strict ones:
//   - a claim without a TLP counts as amber, and the default ceiling is amber;
//   - a claim above the ceiling takes all that it says with it: an indicator that a green and a
//     red source know leaves with what the green one says, and nothing else;
//   - where only the pulse of a claim is above it (the claim has a TLP of its own), the claim
//     leaves without the pulse's name, tags, malware, ATT&CK and adversary.
// Tested by policy_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "export/item.h"

namespace spoor {

struct ExportPolicy {
  Tlp max_tlp = Tlp::kAmber;
  Pap max_pap = Pap::kAmber;
  bool with_ended = false, with_weak = false;
  /// Why hunts would suppress a sighting of the observable ("warninglist 'Public resolvers'"),
  /// "" where they would not; empty: nobody is asked. Such indicators leave as weak ones do.
  std::function<std::string(const Observable&)> noise;
  Time now{};
};

/// Counts of what left and what did not.
struct ExportSummary {
  std::uint64_t considered = 0, written = 0;
  std::map<std::string, std::uint64_t> left_out;  ///< reason -> indicators
  /// Reason -> claims that stayed behind while their indicator left by another's word.
  std::map<std::string, std::uint64_t> claims_left_out;
  std::uint64_t left_out_total() const;
};

/// "12 of 340 left out: TLP:RED 3, ended 9"; "" where nothing was.
std::string summary_text(const ExportSummary& summary);

/// The part of `claims` (all of one observable, at least one) that may leave; nothing where
/// none may: `reason` says why. Counts in `summary.claims_left_out`.
std::optional<ExportItem> admit(std::vector<ClaimView> claims, const ExportPolicy& policy,
                                ExportSummary& summary, std::string& reason);

/// Why the observable would do more harm than good in a block-list or a sensor: names that
/// many share. "" where nothing speaks against it.
std::string weak_reason(const Observable& observable);

}  // namespace spoor
