// The reference matcher: slow, obvious, to be read beside docs/semantics.md, rule id by rule
// id. It is the definition of a hit for all time; whatever is faster is tested against it.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/observable.h"
#include "match/matcher.h"

namespace spoor {

class ClaimIndex;

/// Compiles `indicators` (canonical; rule-like types are skipped). Index i of the list is
/// IndicatorIndex{i}. About 150 bytes of memory an indicator. Cannot fail.
std::unique_ptr<const Matcher> make_exact_matcher(const std::vector<Observable>& indicators);

/// The same rules over the claims of an index of the caller's, which is asked for single keys:
/// `spoor lookup` has one over the store. Appends as Matcher::scan() does.
void scan_exact(const ClaimIndex& index, std::string_view text,
                std::span<const FieldMark> fields, std::vector<Hit>& hits);

/// Why an indicator does or does not match a text: what `spoor explain` prints.
struct Explanation {
  Grade grade = Grade::kNone;
  std::string rule;
  /// One line a finding, strongest first: "exact at 7..19 by D3" or, where nothing matches, the
  /// nearest candidate and the rule that refused it: "D2: 'not-evil.example' is one name,
  /// 'evil.example' is only its tail".
  std::vector<std::string> lines;
};
Explanation explain(const Observable& indicator, std::string_view text, TextEncoding encoding);

}  // namespace spoor
