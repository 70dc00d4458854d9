// The live part of `spoor lookup`: sections of OTX about one value, out of the store's cache
// while they are young enough, else asked for, a few at a time. One section that fails costs
// itself. The key is in no body that is kept and in no text. Tested by tests/otx_lookup.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/otx_account.h"
#include "feeds/otx_api.h"
#include "lookup/benign.h"
#include "store/noise_store.h"
#include "store/otx_cache.h"

namespace spoor {

struct LiveSection {
  const OtxSectionRow* row = nullptr;
  std::string body;  ///< good, or ""
  bool cached = false;
  Time fetched{};
  std::string failed;  ///< why there is no body; "" there is one
};

struct LiveAnswer {
  std::string refused;  ///< why OTX is not asked about it; "" it is
  std::vector<LiveSection> sections;
  bool known = false;              ///< OTX has a record, or a pulse that holds it
  std::int64_t pulses = 0;         ///< as `general` counts them
  std::vector<BenignNote> benign;  ///< what OTX itself says against it
};

class LiveLookup {
 public:
  /// The options --section, --max-age, --refresh and those of the account.
  static Result<std::unique_ptr<LiveLookup>> open(const Invocation& invocation,
                                                  const std::string& store);
  /// What OTX says in the value's favour is kept for verdicts (N4). An error is the store's; a
  /// service that does not answer is part of the answer.
  Result<LiveAnswer> ask(const Observable& observable);

 private:
  LiveLookup(OtxAccount account, std::unique_ptr<OtxCache> cache,
             std::unique_ptr<NoiseStore> noise)
      : account_(std::move(account)), cache_(std::move(cache)), noise_(std::move(noise)) {}
  void fetch(const OtxSubject& subject, LiveSection& section) const;

  OtxAccount account_;
  std::unique_ptr<OtxCache> cache_;
  std::unique_ptr<NoiseStore> noise_;
  std::vector<std::string> wanted_;
  std::chrono::seconds max_age_{0};
  bool refresh_ = false;
};

}  // namespace spoor
