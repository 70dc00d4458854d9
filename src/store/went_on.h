// Why a sighting in a line that grew is suppressed until it is found again.

#pragma once

#include <string_view>

namespace spoor {

inline constexpr std::string_view kWentOn = "the line went on, and no longer holds it";

}  // namespace spoor
