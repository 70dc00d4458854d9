// A matcher for tests of the hunt: finds fixed words, with a grade that the byte behind the
// word gives.

#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "io/encoding.h"
#include "match/matcher.h"

namespace spoor {

/// Word i is IndicatorIndex{i}. A '?' behind the word makes the hit weak, '~' a mention, '^'
/// contains; else it is exact. A soft break ("=\n") after the word's first letter is passed
/// over (view qp).
class FakeMatcher final : public Matcher {
 public:
  explicit FakeMatcher(std::vector<std::string> words) : words_(std::move(words)) {}

  std::unique_ptr<Scratch> make_scratch() const override { return std::make_unique<Scratch>(); }

  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark>, Scratch&,
            std::vector<Hit>& hits) const override {
    std::vector<Hit> found;
    for (std::uint32_t i = 0; i < words_.size(); ++i) {
      find(text, encoding, coded(words_[i], encoding), i, false, found);
      find(text, encoding,
           coded(words_[i].substr(0, 1) + "=\n" + words_[i].substr(1), encoding), i, true,
           found);
    }
    std::sort(found.begin(), found.end(), [](const Hit& a, const Hit& b) {
      return std::tuple(a.offset, ~a.length, -static_cast<int>(a.grade), a.indicator) <
             std::tuple(b.offset, ~b.length, -static_cast<int>(b.grade), b.indicator);
    });
    hits.insert(hits.end(), found.begin(), found.end());
  }

 private:
  static std::string coded(const std::string& word, TextEncoding encoding) {
    if (encoding == TextEncoding::kBytes) return word;
    std::string out;
    for (char c : word) {
      if (encoding == TextEncoding::kUtf16be) out += '\0';
      out += c;
      if (encoding == TextEncoding::kUtf16le) out += '\0';
    }
    return out;
  }

  static void find(std::string_view text, TextEncoding encoding, const std::string& word,
                   std::uint32_t index, bool joined, std::vector<Hit>& hits) {
    const std::size_t unit = unit_bytes(encoding);
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
      if (at % unit != 0) continue;
      Hit hit;
      hit.offset = at;
      hit.length = word.size();
      hit.indicator = IndicatorIndex{index};
      const std::size_t behind = at + word.size();
      const char32_t next =
          behind + unit <= text.size() ? unit_at(text, behind, encoding) : U'\0';
      hit.grade = next == '?'   ? Grade::kWeak
                  : next == '~' ? Grade::kMention
                  : next == '^' ? Grade::kContains
                                : Grade::kExact;
      std::strcpy(hit.rule, hit.grade == Grade::kWeak ? "D7" : "D3");
      if (joined) {
        hit.view_count = 1;
        hit.views[0] = ViewKind::kQp;
      }
      hits.push_back(hit);
    }
  }

  std::vector<std::string> words_;
};

}  // namespace spoor
