#include "noise/value_table.h"

#include <tuple>

#include "base/hash.h"

namespace spoor {

std::uint64_t ValueTable::hash_of(std::string_view value) {
  return xxh3_64(value);
}

void ValueTable::add(std::string_view value, std::uint32_t owner) {
  rows_.push_back(
      {hash_of(value), arena_.size(), static_cast<std::uint32_t>(value.size()), owner});
  arena_ += value;
}

void ValueTable::freeze() {
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return std::tie(a.hash, a.owner) < std::tie(b.hash, b.owner);
  });
  int bits = 1;
  while (bits < 30 && (std::size_t{1} << bits) < rows_.size()) ++bits;
  shift_ = 64 - bits;
  buckets_.assign((std::size_t{1} << bits) + 1, rows_.size());
  std::size_t at = 0;
  for (std::size_t bucket = 0; bucket + 1 < buckets_.size(); ++bucket) {
    while (at < rows_.size() && rows_[at].hash >> shift_ < bucket) ++at;
    buckets_[bucket] = at;
  }
}

}  // namespace spoor
