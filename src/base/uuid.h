// Names as UUIDs: version 5 of RFC 9562, a SHA-1 of a namespace and a text, so that the same
// thing has the same id in every export. No security rests on it. Tested by base_test.cpp.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spoor {

using Uuid = std::array<std::uint8_t, 16>;

/// The namespace of everything that spoor names; itself the version 5 UUID of "spoor.ioc" in
/// RFC 9562's namespace of DNS names.
Uuid spoor_namespace();
Uuid uuid5(const Uuid& space, std::string_view name);
std::string uuid_text(const Uuid& uuid);  ///< 8-4-4-4-12 lower-case digits

}  // namespace spoor
