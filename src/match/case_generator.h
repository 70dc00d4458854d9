// Generated cases for the proof that the fast matcher answers like the reference: a set of
// indicators and a text that is full of them, made from one 64-bit seed, the same on every
// machine. Used by fast_*_test.cpp, fuzz_fast.cpp (the comparison alone) and bench/prove.cpp;
// no part of the program. Tested by fast_generated_test.cpp.
//
// The idea: what a sieve loses, it loses at the border of two rules. So a case has few values,
// from small pools that share labels, hosts and folders, each spelled in one of the ways that
// the rules know, spoilt now and then by one byte, set between border characters of every kind,
// and written through up to four encodings on one another. In a tenth of the cases text that
// says nothing moves it to a border of the blocks and windows that the sieve works on. Cost:
// about 0.3 ms a seed.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/observable.h"
#include "match/matcher.h"

namespace spoor {

/// splitmix64 (Steele, Lea, Flood 2014): one state word, the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  /// 0 .. n-1; n > 0.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  std::size_t between(std::size_t least, std::size_t most) {
    return least + below(most - least + 1);
  }
  bool percent(unsigned chance) { return next() % 100 < chance; }
  template <typename T, std::size_t N>
  const T& pick(const T (&choices)[N]) {
    return choices[below(N)];
  }

 private:
  std::uint64_t state_;
};

struct GeneratedCase {
  std::vector<Observable> indicators;  ///< canonical, no two alike
  std::string text;
  TextEncoding encoding = TextEncoding::kBytes;
  std::vector<FieldMark> fields;  ///< each within one line
  std::size_t lines = 0;          ///< that were written
};

/// The case of a seed: 1 to 40 indicators, 1 to 30 lines.
GeneratedCase generate_case(std::uint64_t seed);

/// A canonical value of each type that is matched as text, and more than one where a type has
/// several kinds of values. In order, always the same.
std::vector<Observable> sample_indicators();

/// `text` with what a terminal or a C++ literal cannot hold as \xHH, \n, \\.
std::string escape_bytes(std::string_view text);

/// What a difference looks like to whoever has to find its cause: indicators, text, both lists.
std::string describe(const GeneratedCase& failing, const std::vector<Hit>& expected,
                     const std::vector<Hit>& found);

/// A smaller case for which `differs` still holds: fewer indicators, less text. Greedy; calls
/// `differs` some hundred times.
template <typename Differs>
GeneratedCase minimise(GeneratedCase failing, Differs&& differs);

// --- the comparison
// ---------------------------------------------------------------------------

/// Equal in every member, the bytes of rule and views that count.
inline bool same_hit(const Hit& a, const Hit& b) {
  if (a.offset != b.offset || a.length != b.length || a.indicator != b.indicator ||
      a.grade != b.grade || a.prefix != b.prefix || a.view_count != b.view_count) {
    return false;
  }
  for (std::size_t i = 0; i < a.view_count; ++i) {
    if (a.views[i] != b.views[i]) return false;
  }
  return std::string_view(a.rule) == std::string_view(b.rule);
}

inline bool same_hits(const std::vector<Hit>& a, const std::vector<Hit>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_hit(a[i], b[i])) return false;
  }
  return true;
}

inline std::vector<Hit> hits_of(const Matcher& matcher, Matcher::Scratch& scratch,
                                std::string_view text, TextEncoding encoding,
                                std::span<const FieldMark> fields) {
  std::vector<Hit> hits;
  matcher.scan(text, encoding, fields, scratch, hits);
  return hits;
}

// --- minimise
// ---------------------------------------------------------------------------------

/// Bytes [from, to) off the text, the marks moved with what they mark.
inline void erase_text(GeneratedCase& edited, std::size_t from, std::size_t to) {
  edited.text.erase(from, to - from);
  std::vector<FieldMark> kept;
  for (FieldMark mark : edited.fields) {
    const auto moved = [&](std::size_t at) {
      return at <= from ? at : at >= to ? at - (to - from) : from;
    };
    mark.begin = moved(mark.begin);
    mark.end = moved(mark.end);
    if (mark.begin < mark.end) kept.push_back(mark);
  }
  edited.fields = std::move(kept);
}

template <typename Differs>
GeneratedCase minimise(GeneratedCase failing, Differs&& differs) {
  const auto try_case = [&](GeneratedCase smaller) {
    if (!differs(smaller)) return false;
    failing = std::move(smaller);
    return true;
  };
  for (std::size_t i = failing.fields.size(); i-- > 0;) {
    GeneratedCase smaller = failing;
    smaller.fields.erase(smaller.fields.begin() + static_cast<std::ptrdiff_t>(i));
    try_case(std::move(smaller));
  }
  const auto drop_indicators = [&] {
    for (std::size_t i = failing.indicators.size(); i-- > 0 && failing.indicators.size() > 1;) {
      GeneratedCase smaller = failing;
      smaller.indicators.erase(smaller.indicators.begin() + static_cast<std::ptrdiff_t>(i));
      try_case(std::move(smaller));
    }
  };
  drop_indicators();
  for (bool again = true; again;) {
    again = false;
    for (std::size_t piece = failing.text.size() / 2; piece > 0; piece /= 2) {
      for (std::size_t at = 0; at + piece <= failing.text.size();) {
        GeneratedCase smaller = failing;
        erase_text(smaller, at, at + piece);
        if (try_case(std::move(smaller))) {
          again = true;
        } else {
          at += piece;
        }
      }
    }
  }
  drop_indicators();
  return failing;
}

}  // namespace spoor
