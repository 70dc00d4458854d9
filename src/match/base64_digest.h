// H6: "sha256-<base64>" (subresource integrity) and "SHA256:<base64>" (OpenSSH).

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spoor {

struct Base64Digest {
  std::size_t begin, end;  ///< of the base64 in the text, its padding included
  std::string digits;      ///< hexadecimal, lower case
};

/// The digest behind a label whose joint, '-' or ':', is text[joint]; nothing where there is no
/// label of a kind or not exactly as much base64 as the kind has. O(1).
std::optional<Base64Digest> base64_digest_at(std::string_view text, std::size_t joint);

}  // namespace spoor
