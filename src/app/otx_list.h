// A paged list of OTX as rows of a table or JSON lines. Pages adapt to the service as those of
// a walk do; `next` is looked at, never followed.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/otx_account.h"
#include "feeds/otx_replies.h"

namespace spoor {

using OtxCells = std::vector<std::vector<std::string>>;

struct OtxListing {
  std::string what;  ///< begins messages: "search"
  std::string path;  ///< without limit and page: "/api/v1/search/pulses?q=x"
  std::vector<std::string> header;
  /// The envelope of a page; appends the cells of its elements.
  std::function<Result<OtxList>(const std::string& body, const std::string& where, OtxCells&)>
      read;
  std::string_view list = "results";  ///< the member that holds the elements
};

/// Asks for up to `most` elements (0: all) and prints them: a table, or with `json` each
/// element as the service sent it. Says on standard error where there are more, and what was
/// damaged.
Result<int> print_otx_list(const OtxAccount& account, const OtxListing& listing,
                           std::uint64_t most, bool json);

using OtxPageReader =
    std::function<Result<OtxList>(const std::string& body, const std::string& where)>;
/// each_otx_page() for a command: stopped before the end is an error.
Status walk_otx_list(OtxClient& client, const std::string& what, const std::string& path,
                     int page_size, const OtxPageReader& read,
                     const std::function<bool()>& goes_on);

}  // namespace spoor
