// A document of any origin as text that a reader of the table takes: re-coded to UTF-8, its
// format found. Files and replies of services go the same way. Tested by import_test.cpp.

#pragma once

#include <string>

#include "base/result.h"
#include "feeds/feed.h"

namespace spoor {

struct Document {
  std::string name;      ///< without folders; begins messages
  std::string text;      ///< UTF-8
  std::string encoding;  ///< "UTF-8", "UTF-16LE", "UTF-16BE", with ", Latin-1 bytes"
  const ImportFormat* format = nullptr;
};

/// `format`: a name in import_formats(); empty: found by content. An error: no format claims
/// the bytes, or there is none of that name.
Result<Document> open_document(std::string bytes, const std::string& name,
                               const std::string& format);

/// The same for a format that is known already.
Document open_document(std::string bytes, const std::string& name, const ImportFormat& format);

}  // namespace spoor
