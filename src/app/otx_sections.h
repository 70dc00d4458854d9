// One document of OTX, asked for until it is good, and a section of an indicator as text for
// people: `otx` and `lookup --otx` share them.

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/otx_account.h"
#include "feeds/otx_api.h"

namespace spoor {

/// One document that `read` finds good. A 404 is an error that says so.
Result<std::string> otx_document(
    const OtxAccount& account, const std::string& what, const std::string& path,
    const std::function<Status(const std::string& body, const std::string& where)>& read);

/// At most `limit` rows of a list (0: all). An error: `body` is no such section.
Result<std::string> otx_section_text(const OtxSectionRow& section, const std::string& body,
                                     std::uint64_t limit);

}  // namespace spoor
