// Text of any origin as UTF-8. Windows tools write UTF-16, old lists hold single Latin-1 bytes
// between ASCII ones; neither should cost a list its rows. Tested by import_test.cpp.

#pragma once

#include <cstdint>
#include <string>

namespace spoor {

struct Recoded {
  std::string text;           ///< UTF-16 is UTF-8 now, a byte order mark is gone
  const char* was = "UTF-8";  ///< "UTF-8", "UTF-16LE", "UTF-16BE"
};

/// Undoes UTF-16 (with a byte order mark, or evident without one) and drops a UTF-8 one. Other
/// bytes stay. O(n).
Recoded to_utf8_text(std::string bytes);

/// Every byte of `text` that is not UTF-8 as Windows-1252 has it (0xA0 is a no-break space,
/// 0xE9 an é); the five bytes that 1252 leaves open become U+FFFD. Returns how many there were;
/// `text` is untouched when none. O(n), ASCII eight bytes at a time.
std::uint64_t replace_latin1(std::string& text);

}  // namespace spoor
