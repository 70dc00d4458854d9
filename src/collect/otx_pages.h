// A paged list of OTX from its first page to its end, for whatever reads it: pages are halved
// where the service fails on big ones, `next` is looked at and never followed, an empty page
// ends it. Tested by otx_reconcile_test.cpp and tests/otx_commands.

#pragma once

#include <functional>
#include <string>

#include "feeds/otx_client.h"
#include "feeds/otx_replies.h"

namespace spoor {

/// Asks for the pages of `path` (without limit and page), `page_size` elements at first. `read`
/// takes a body and gives its envelope, or an error: then the page is asked for again. After
/// each page `goes_on` says whether the next one is wanted. `what` begins messages. False: the
/// client was stopped.
Result<bool> each_otx_page(OtxClient& client, const std::string& what, const std::string& path,
                           int page_size,
                           const std::function<Result<OtxList>(const std::string& body,
                                                               const std::string& where)>& read,
                           const std::function<bool()>& goes_on);

}  // namespace spoor
