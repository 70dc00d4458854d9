// From a feed's row to a claim: the type word is understood, the value made canonical, the
// guards of S5 asked. What cannot be an observable is refused; every refusal, quarantine and
// correction is tallied with the rule that decided. Tested by import_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "base/tally.h"
#include "feeds/type_word.h"
#include "ioc/canonical.h"
#include "ioc/pulse.h"
#include "store/store.h"

namespace spoor {

/// A Tally that a hostile feed cannot swell: reasons quote what was found, so that there may be
/// as many as rows. After kMostReasons different ones the rest counts under one of their rule.
class BoundedTally {
 public:
  static constexpr std::size_t kMostReasons = 200;
  void add(const std::string& rule, const std::string& reason, std::string_view where,
           std::string_view value);
  void merge(const Tally& other);
  const Tally& tally() const { return tally_; }

 private:
  bool fits(std::string_view rule, std::string_view reason);

  Tally tally_;
  std::unordered_set<std::uint64_t> reasons_;
};

class Judge {
 public:
  explicit Judge(Quarantine quarantine) : quarantine_(quarantine) {}

  /// The claim that `row` makes, or nothing (refused: tallied). Takes the row's strings.
  std::optional<Claim> judge(RawIndicator&& row);

  /// Adds what another judge has counted.
  void merge(const Judge& other);

  std::uint64_t rows = 0;      ///< judged
  std::uint64_t accepted = 0;  ///< claims, quarantined ones included
  BoundedTally refused;        ///< rule id and reason
  BoundedTally quarantined;    ///< by reason
  BoundedTally notes;          ///< what was corrected on the way: "C2: host bits masked"

 private:
  /// The observable that a value is under its feed's word for the type. `note` gets what a word
  /// that does not fit came to.
  OrRefusal<Canonical> canonical(const RawIndicator& row, const char*& note);

  Quarantine quarantine_;
  std::string last_word_;
  TypeWord last_;  ///< what last_word_ means
};

}  // namespace spoor
