// What becomes of one bad datum among many: it is counted under its reason, a few examples are
// kept, and the work goes on. Memory is bounded: kExamples examples a reason, each cut to
// kExampleBytes. Tested by base_test.cpp.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

class Tally {
 public:
  static constexpr std::size_t kExamples = 3;
  static constexpr std::size_t kExampleBytes = 160;

  struct Example {
    std::string where;  ///< "feed.csv:17", "page 3, row 12"
    std::string value;  ///< as found; foreign text, escape before printing
  };
  struct Entry {
    std::string
        rule;  ///< rule id such as "I1" or "S5"; empty where no rule of the page applies
    std::string reason;  ///< for people
    std::uint64_t count = 0;
    std::vector<Example> examples;
  };

  void add(std::string_view rule, std::string_view reason, std::string_view where,
           std::string_view value, std::uint64_t count = 1);
  void merge(const Tally& other);

  std::uint64_t total() const { return total_; }
  bool empty() const { return total_ == 0; }
  /// Most frequent first; ties by rule, then reason.
  std::vector<Entry> entries() const;

 private:
  std::map<std::pair<std::string, std::string>, Entry> entries_;
  std::uint64_t total_ = 0;
};

}  // namespace spoor
