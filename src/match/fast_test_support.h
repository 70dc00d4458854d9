// What the tests of the fast matcher share: both matchers of one set, asked about one text with
// every instruction set and at both ends of guarded pages, and a report of how they differ.
// Private to `match`.

#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "match/case_generator.h"
#include "match/exact.h"
#include "match/fast.h"
#include "simd/isa.h"

namespace spoor {

/// A number from the environment.
inline std::size_t setting(const char* name, std::size_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::strtoull(value, nullptr, 10) : otherwise;
}

/// Pages with one before and one behind that nobody may touch. A text is copied to either end.
class GuardedPages {
 public:
  explicit GuardedPages(std::size_t bytes) {
    page_ = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    inner_ = (bytes + page_) / page_ * page_;
    void* mapped = ::mmap(nullptr, inner_ + 2 * page_, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SPOOR_CHECK(mapped != MAP_FAILED);
    base_ = static_cast<char*>(mapped);
    SPOOR_CHECK(::mprotect(base_, page_, PROT_NONE) == 0);
    SPOOR_CHECK(::mprotect(base_ + page_ + inner_, page_, PROT_NONE) == 0);
  }
  ~GuardedPages() { ::munmap(base_, inner_ + 2 * page_); }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;

  std::size_t size() const { return inner_; }
  /// The last byte is the last one before the guard.
  std::string_view at_end(std::string_view text) {
    return put(base_ + page_ + inner_ - text.size(), text);
  }
  /// The first byte is the first one after the guard.
  std::string_view at_start(std::string_view text) { return put(base_ + page_, text); }

 private:
  static std::string_view put(char* to, std::string_view text) {
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
  char* base_ = nullptr;
  std::size_t page_ = 0, inner_ = 0;
};

/// The instruction sets of this machine; those that are missing are named once.
inline const std::vector<Isa>& instruction_sets() {
  static const std::vector<Isa> sets = [] {
    std::vector<Isa> found;
    for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512}) {
      if (isa_supported(isa)) {
        found.push_back(isa);
      } else {
        std::printf("[  SKIPPED ] %s: this processor has none\n",
                    std::string(name_of(isa)).c_str());
      }
    }
    return found;
  }();
  return sets;
}

/// Both matchers of one set of indicators, and what one of them found last.
class Pair {
 public:
  explicit Pair(const std::vector<Observable>& indicators)
      : reference_(make_exact_matcher(indicators)),
        fast_(make_fast_matcher(indicators)),
        reference_scratch_(reference_->make_scratch()),
        fast_scratch_(fast_->make_scratch()) {}

  /// Whether both agree on `text`, with every instruction set, at both ends of its pages.
  bool agree(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields) {
    if (!pages_ || text.size() > pages_->size())
      pages_ = std::make_unique<GuardedPages>(std::max<std::size_t>(text.size(), 1 << 14));
    const std::string_view guarded = pages_->at_end(text);
    expected = hits_of(*reference_, *reference_scratch_, guarded, encoding, fields);
    for (const Isa isa : instruction_sets()) {
      set_isa_for_tests(isa);
      found = hits_of(*fast_, *fast_scratch_, guarded, encoding, fields);
      where = std::string(name_of(isa));
      if (!same_hits(expected, found)) return false;
    }
    found = hits_of(*fast_, *fast_scratch_, pages_->at_start(text), encoding, fields);
    where += ", at a page's start";
    return same_hits(expected, found);
  }

  std::vector<Hit> expected, found;
  std::string where;  ///< the instruction set of `found`

 private:
  std::unique_ptr<const Matcher> reference_, fast_;
  std::unique_ptr<Matcher::Scratch> reference_scratch_, fast_scratch_;
  std::unique_ptr<GuardedPages> pages_;
};

/// As SPOOR_ISA had it, when a test is over.
class FastMatcher : public testing::Test {
 protected:
  ~FastMatcher() override { set_isa_for_tests(before_); }

 private:
  Isa before_ = current_isa();
};

inline std::string report(const GeneratedCase& failing) {
  const GeneratedCase small = minimise(failing, [](const GeneratedCase& candidate) {
    return !Pair(candidate.indicators)
                .agree(candidate.text, candidate.encoding, candidate.fields);
  });
  Pair pair(small.indicators);
  pair.agree(small.text, small.encoding, small.fields);
  return " (" + pair.where + "), minimised:\n" + describe(small, pair.expected, pair.found);
}

inline std::string report(const std::vector<Observable>& indicators, std::string_view text) {
  GeneratedCase failing;
  failing.indicators = indicators;
  failing.text = std::string(text);
  return report(failing);
}

/// Reports of one test: the first few are enough to find a cause.
class Differences {
 public:
  explicit Differences(std::size_t most = 5) : most_(most) {}
  void add(const std::string& text) {
    if (count_++ < most_) ADD_FAILURE() << text;
  }
  bool enough() const { return count_ >= most_; }

 private:
  std::size_t most_, count_ = 0;
};

/// A text of `value` as it most plainly stands in a log: user agents need their quotes.
inline std::string plain_text(const Observable& indicator) {
  return indicator.type == IndicatorType::kUserAgent ? "\"" + indicator.value + "\""
         : indicator.type == IndicatorType::kCidr
             ? indicator.value.substr(0, indicator.value.find('/')) +
                   (indicator.value.find(':') == std::string::npos ? "" : "1")
             : indicator.value;
}

}  // namespace spoor
