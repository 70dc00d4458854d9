// The fast matcher. The same answers as the reference (match/exact.h) on every input, at memory
// speed while nothing is found:
//
//     text ──▶ sieve: could this line hold an indicator? ──no──▶ next line (almost every line)
//                                                        └─yes─▶ the reference's rules, this
//                                                        line
//
// The sieve (sieve.h) never says no to a line that the rules would find something in; the rules
// themselves are not written a second time, so an answer cannot differ but by a line that the
// sieve lost. fast_*_test.cpp (named, exhaustive, generated) and fuzz_fast look for such lines;
// bench/ for what they cost.

#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ioc/observable.h"
#include "match/claim_index.h"
#include "match/matcher.h"

namespace spoor {

class Sieve;

/// Compiles a snapshot in memory, so that what is tested is what hunts use; index i of the list
/// is IndicatorIndex{i}. No value may be longer than a snapshot takes (a canonical one is not).
std::unique_ptr<const Matcher> make_fast_matcher(const std::vector<Observable>& indicators);

/// Over an index and a sieve that were compiled from the same list; both are borrowed.
std::unique_ptr<const Matcher> make_fast_matcher(const ClaimIndex& index, const Sieve& sieve);

}  // namespace spoor
