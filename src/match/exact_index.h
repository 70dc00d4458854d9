// The compiled indicators of the reference matcher: plain containers, a sorted table from the
// 64-bit hash of a key to the indicators that have it. Memory: 16 bytes a key and the
// indicators' own strings. Built once, then const.

#pragma once

#include <cstdint>
#include <vector>

#include "match/claim_index.h"

namespace spoor {

class ExactIndex final : public ClaimIndex {
 public:
  explicit ExactIndex(const std::vector<Observable>& indicators);

  std::size_t size() const override { return indicators_.size(); }
  ClaimRef at(std::uint32_t indicator) const override {
    return {indicators_[indicator].type, indicators_[indicator].value};
  }
  void candidates(KeyKind kind, std::string_view key,
                  FunctionRef<void(std::uint32_t)> visit) const override;
  const Url& url(std::uint32_t indicator, Url&) const override {
    return urls_[url_of_[indicator]];
  }

 private:
  struct Key {
    std::uint64_t hash;
    std::uint32_t indicator;
  };

  std::vector<Observable> indicators_;
  std::vector<Key> keys_;  // sorted by hash
  std::vector<std::uint32_t>
      bucket_;  // first key at or after each value of the hash's top bits
  int shift_ = 63;
  std::vector<Url> urls_;
  std::vector<std::uint32_t> url_of_;  // indicator -> row of urls_
};

}  // namespace spoor
