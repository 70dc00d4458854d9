// Base64 with padding and without line breaks (RFC 4648, section 4). Tested by base_test.cpp.

#pragma once

#include <string>
#include <string_view>

namespace spoor {

/// O(bytes.size()).
std::string base64(std::string_view bytes);

}  // namespace spoor
