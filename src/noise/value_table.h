// Which lists hold a value: a table of (value, owner) pairs, built once, asked often. Values
// are bytes and lie in one arena; rows are sorted by hash and found through buckets of the
// hash's top bits, so that a look-up is one hash, one or two cache misses and one compare.
// Costs 24 bytes a pair and the values. Tested by value_table in list_index_test.cpp.

#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

class ValueTable {
 public:
  void add(std::string_view value, std::uint32_t owner);
  /// Call once, after the last add() and before the first look-up. O(n log n).
  void freeze();
  std::size_t size() const { return rows_.size(); }

  /// Calls visit(owner) for each list that holds `value`, in ascending order. Any number of
  /// threads.
  template <typename Visit>
  void for_each(std::string_view value, const Visit& visit) const {
    if (rows_.empty()) return;
    const std::uint64_t hash = hash_of(value);
    const std::size_t bucket = static_cast<std::size_t>(hash >> shift_);
    for (std::size_t at = buckets_[bucket]; at < buckets_[bucket + 1]; ++at) {
      if (rows_[at].hash == hash && text(rows_[at]) == value) visit(rows_[at].owner);
    }
  }

 private:
  struct Row {
    std::uint64_t hash;
    std::uint64_t begin;
    std::uint32_t length;
    std::uint32_t owner;
  };
  static std::uint64_t hash_of(std::string_view value);
  std::string_view text(const Row& row) const {
    return std::string_view(arena_).substr(row.begin, row.length);
  }

  std::string arena_;
  std::vector<Row> rows_;
  std::vector<std::size_t> buckets_;
  int shift_ = 63;
};

}  // namespace spoor
