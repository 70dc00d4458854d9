#include "match/exact_index.h"

#include <algorithm>

#include "base/check.h"

namespace spoor {

ExactIndex::ExactIndex(const std::vector<Observable>& indicators) : indicators_(indicators) {
  SPOOR_CHECK(indicators.size() < UINT32_MAX);
  url_of_.assign(indicators_.size(), 0);
  keys_.reserve(indicators_.size() + indicators_.size() / 4);
  for (std::uint32_t i = 0; i < indicators_.size(); ++i) {
    const Observable& observable = indicators_[i];
    traits_.add(observable);
    for_each_key(observable, [&](KeyKind kind, std::string_view key) {
      keys_.push_back({hash_of(kind, key), i});
    });
    if (observable.type == IndicatorType::kUrl) {
      if (auto url = parse_url(observable.value, Scheme::kRequired)) {
        url_of_[i] = static_cast<std::uint32_t>(urls_.size());
        urls_.push_back(std::move(*url));
      }
    }
  }
  traits_.finish();
  std::sort(keys_.begin(), keys_.end(), [](const Key& a, const Key& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.indicator < b.indicator;
  });
  keys_.shrink_to_fit();

  // One bucket for about one key, found by the top bits: a lookup touches one bucket and one or
  // two keys.
  int bits = 1;
  while (bits < 26 && (std::size_t{1} << bits) < keys_.size()) ++bits;
  shift_ = 64 - bits;
  bucket_.assign((std::size_t{1} << bits) + 1, static_cast<std::uint32_t>(keys_.size()));
  for (std::size_t i = keys_.size(); i-- > 0;)
    bucket_[keys_[i].hash >> shift_] = static_cast<std::uint32_t>(i);
  for (std::size_t b = bucket_.size() - 1; b-- > 0;) {
    // An empty bucket begins where the next one does.
    if (bucket_[b] == keys_.size()) bucket_[b] = bucket_[b + 1];
  }
}

void ExactIndex::candidates(KeyKind kind, std::string_view key,
                            FunctionRef<void(std::uint32_t)> visit) const {
  const std::uint64_t hash = hash_of(kind, key);
  for (std::size_t i = bucket_[hash >> shift_]; i < keys_.size() && keys_[i].hash <= hash;
       ++i) {
    if (keys_[i].hash == hash) visit(keys_[i].indicator);
  }
}

}  // namespace spoor
