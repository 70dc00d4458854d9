// The one place where the two rivers touch: compiled indicators above, log bytes below. A
// matcher is immutable and shared by all threads. Two implementations answer alike: match/exact
// (the slow, obvious reference that follows docs/semantics.md rule by rule) and match/fast (a
// sieve before the same rules).

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "ioc/sighting.h"

namespace spoor {

/// Raised with every change of the rules that can change an answer: what was hunted under other
/// rules counts as not hunted (hunt --new).
inline constexpr int kRulesVersion = 1;

/// Position of an indicator in the list that the matcher was compiled from.
enum class IndicatorIndex : std::uint32_t {};

/// One occurrence of one indicator. Plain values, no views into the text.
struct Hit {
  static constexpr std::size_t kMaxViews = 6;
  std::size_t offset = 0;  ///< bytes from text.begin()
  std::size_t length = 0;  ///< bytes of the text that the match covers, before any decoding
  IndicatorIndex indicator{};
  Grade grade = Grade::kNone;
  std::uint8_t prefix = 0;  ///< bits of the network that holds the address (C1), else 0
  char rule[6] = {};        ///< rule id, NUL-terminated: "D3", "U10"
  std::uint8_t view_count = 0;
  ViewKind views[kMaxViews] = {};  ///< outermost first
};

class Matcher {
 public:
  virtual ~Matcher() = default;

  /// Working memory of one thread; reusable between calls of the same matcher.
  class Scratch {
   public:
    virtual ~Scratch() = default;
  };
  virtual std::unique_ptr<Scratch> make_scratch() const = 0;

  /// Whether indicators of this type are among those it was compiled from; true where that is
  /// not known.
  virtual bool has(IndicatorType) const { return true; }

  /// Finds every indicator that occurs in `text`: whole lines (the last may lack its LF), any
  /// encoding as told. Appends, for each line and indicator, every distinct occurrence; the
  /// strongest grade is the caller's to pick (hits are ordered by offset, then longest, then
  /// strongest first). `fields` marks parts of `text` whose meaning a record format knows;
  /// empty: raw pass. Never clears `hits`. Any number of threads, one scratch each. Cannot
  /// fail.
  virtual void scan(std::string_view text, TextEncoding encoding,
                    std::span<const FieldMark> fields, Scratch& scratch,
                    std::vector<Hit>& hits) const = 0;

  /// scan() without fields, and the lines whose columns could make the URL of a claim together
  /// (S7). True: it could be no other line than those in which one of the `hosts` stands or a
  /// backslash, behind which a format may hide anything; offsets, ascending, more than one of a
  /// line at times. False: it could be any line.
  virtual bool scan_for_hosts(std::string_view text, TextEncoding encoding, Scratch& scratch,
                              std::vector<Hit>& hits, std::vector<std::uint32_t>& hosts) const {
    scan(text, encoding, {}, scratch, hits);
    hosts.clear();
    return false;
  }
};

}  // namespace spoor
