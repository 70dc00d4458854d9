// What `spoor hunt` says about itself: its receipt, the age of its indicators, its canary.

#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/options.h"
#include "base/result.h"
#include "hunt/hunt.h"
#include "hunt/indicator_set.h"
#include "report/receipt_writer.h"
#include "store/store.h"

namespace spoor {

/// The receipt that --receipt asks for, begun; null where it does not. Adds to `hunt` what a
/// receipt needs. `store`: path of the store without links.
Result<std::unique_ptr<ReceiptWriter>> begin_receipt(const Options& options,
                                                     const IndicatorSet& set,
                                                     const std::string& store,
                                                     HuntOptions& hunt);

/// Borrows the store. `claims`: whether to look at every claim, too. What cannot be read stays
/// unknown.
std::function<Freshness()> freshness_of(Store& store, bool claims);

/// What is wrong with a canary's result; "" where nothing is.
std::string canary_error(const CanaryResult& canary);

}  // namespace spoor
