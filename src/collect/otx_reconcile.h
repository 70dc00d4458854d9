// What a feed does not say: which pulses the account holds no more, and which it has come to
// hold that are older than the watermark (a new subscription). Two lists tell: the account's
// events, which carry dates, and the ids of all subscribed pulses, which are the truth. Nothing
// is ended on the word of a list that is not whole, that was made for nobody, or that would end
// most of what is stored. Tested by otx_reconcile_test.cpp.

#pragma once

#include <functional>

#include "collect/otx_session.h"

namespace spoor {

/// Holds the store against both lists, if it is due (options.reconcile). Fetches up to 500
/// pulses singly; where more are missing it calls `walk_all`. A service that does not answer is
/// no error: report.reconciled says so.
Status reconcile_otx(OtxSession& session, const std::function<Status()>& walk_all);

}  // namespace spoor
