// Undoing the ways people write indicators so that nobody clicks them (X1 to X4). Import
// accepts what X1 lists and the bracketed forms of draft-grimminck-safe-ioc-sharing; exports
// write that draft's form. Tested by refang_test.cpp.

#pragma once

#include <string>
#include <string_view>

#include "ioc/canonical.h"

namespace spoor {

struct Refanged {
  std::string text;
  bool changed = false;
};

/// `value` with defanging undone. Refuses (X3) what cannot be undone without guessing, for
/// example an unclosed bracket or "evil dot example". O(n); any thread.
OrRefusal<Refanged> refang(std::string_view value);

/// `observable` in the draft's defanged form (X4); types that nobody clicks stay as they are.
std::string defang(const Observable& observable);

}  // namespace spoor
