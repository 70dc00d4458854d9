// What `spoor hunt` says about itself: its receipt, the age of its indicators, its canary.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/options.h"
#include "base/result.h"
#include "hunt/hunt.h"
#include "hunt/indicator_set.h"
#include "report/follow_receipt.h"
#include "report/receipt_writer.h"
#include "store/store.h"

namespace spoor {

/// The receipt that --receipt asks for, of one pass or of a hunt that follows its files;
/// neither where it does not.
struct BegunReceipt {
  std::unique_ptr<ReceiptWriter> once;
  std::unique_ptr<FollowReceipt> follow;
  FindingSink* sink() const {
    return follow != nullptr ? static_cast<FindingSink*>(follow.get()) : once.get();
  }
};

/// Adds to `hunt` what a receipt needs. `store_path`: without links.
Result<BegunReceipt> begin_receipt(const Options& options, const IndicatorSet& set,
                                   const std::string& store_path, HuntOptions& hunt);
/// The same with --follow.
Result<BegunReceipt> begin_follow_receipt(const Options& options, const IndicatorSet& set,
                                          Store& store, const std::string& store_path,
                                          HuntOptions& hunt);
/// For the receipt of a hunt whose indicators have changed at `now`.
IndicatorsInUse in_use(const IndicatorSet& set, Store& store, Time now);

/// Borrows the store. `claims`: whether to look at every claim, too. What cannot be read stays
/// unknown.
std::function<Freshness()> freshness_of(Store& store, bool claims);

/// What is wrong with a canary's result; "" where nothing is.
std::string canary_error(const CanaryResult& canary);

}  // namespace spoor
