#include "base/tally.h"

#include <algorithm>

namespace spoor {

void Tally::add(std::string_view rule, std::string_view reason, std::string_view where,
                std::string_view value, std::uint64_t count) {
  Entry& entry = entries_[{std::string(rule), std::string(reason)}];
  if (entry.count == 0) {
    entry.rule = rule;
    entry.reason = reason;
  }
  entry.count += count;
  total_ += count;
  if (entry.examples.size() < kExamples) {
    entry.examples.push_back({std::string(where), std::string(value.substr(0, kExampleBytes))});
  }
}

void Tally::merge(const Tally& other) {
  for (const auto& [key, theirs] : other.entries_) {
    Entry& mine = entries_[key];
    if (mine.count == 0) {
      mine.rule = theirs.rule;
      mine.reason = theirs.reason;
    }
    mine.count += theirs.count;
    for (const Example& example : theirs.examples) {
      if (mine.examples.size() < kExamples) mine.examples.push_back(example);
    }
  }
  total_ += other.total_;
}

std::vector<Tally::Entry> Tally::entries() const {
  std::vector<Entry> list;
  list.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) list.push_back(entry);
  std::stable_sort(list.begin(), list.end(),
                   [](const Entry& a, const Entry& b) { return a.count > b.count; });
  return list;
}

}  // namespace spoor
