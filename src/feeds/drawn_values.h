// The values that a text for people names: drawn out word by word, each with how plainly it is
// meant. Somebody who writes hxxp://evil[.]example means an indicator; somebody who writes
// https://vendor.example/blog links to it. What could be something else (a file name, a version
// number, an address of the author) is not taken. Tested by drawn_values_test.cpp; fuzz_text.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/tally.h"
#include "ioc/observable.h"

namespace spoor {

struct DrawnValue {
  Observable observable;
  std::string_view raw;       ///< as it stands; in the text
  std::string_view sentence;  ///< the line that it stands in, at most 200 bytes of it
  std::uint64_t line = 0;     ///< from 1
  bool defanged = false;
  /// Nothing else in its line, cell or item, or behind a label such as "C2:".
  bool alone = false;
};

struct Drawn {
  std::vector<DrawnValue> values;  ///< in order; each observable once
  /// Targets of links and other URLs that are not meant as indicators, at most a thousand.
  std::vector<std::string> references;
  std::vector<std::string> attack_ids;
  bool defangs = false;  ///< some name, address or URL is defanged
  std::string tlp;       ///< "TLP:AMBER", as it stands; "" where the text says nothing
  Tally notes;           ///< what was seen and not taken, with the reason
};

/// Draws values out of `text` (UTF-8). `where` begins the places of notes. O(text.size()).
Drawn draw_values(std::string_view text, std::string_view where);

}  // namespace spoor
