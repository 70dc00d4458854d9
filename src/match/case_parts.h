// The parts that generated cases are made of (case_generator.h): values, their spellings, their
// encodings, a file each. Private to the generator.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/observable.h"
#include "match/case_generator.h"

namespace spoor::cases {

// --- case_values.cpp

/// 1 to 40 canonical indicators, no two alike, out of small pools: their values share parts.
std::vector<Observable> make_indicators(Dice& dice);
std::string hex_digits(Dice& dice, std::size_t digits);
std::string repeat(std::string_view piece, std::size_t times);

// --- case_spellings.cpp

/// One of the ways in which a log may write the indicator, or nearly.
std::string spell(Dice& dice, const Observable& indicator);
/// Some of the marks of X1 for what they stand for.
std::string defang(Dice& dice, const std::string& value);
std::string any_case(Dice& dice, std::string text);

// --- case_encodings.cpp

/// `text` through up to four encoders on one another.
std::string encode(Dice& dice, std::string text);
std::string to_utf16(std::string_view text, bool big_endian);

}  // namespace spoor::cases
