// Where printers put their text: given by the caller, since libraries do not print.

#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"

namespace spoor {

/// Takes the next piece of output, whole lines. An error (a broken pipe, a full disk) stops the
/// hunt.
using Output = std::function<Status(std::string_view)>;

}  // namespace spoor
