// The Traffic Light Protocol's words (FIRST, TLP 2.0; https://www.first.org/tlp/). See pulse.h.
// Tested by type_test.cpp.

#include "ioc/pulse.h"

#include "base/ascii.h"
#include "base/check.h"

namespace spoor {
namespace {

struct TlpWord {
  std::string_view word;
  Tlp tlp;
};

// The name that name_of gives stands first among the words of a colour.
constexpr TlpWord kTlpWords[] = {
    {"clear", Tlp::kClear},
    {"white", Tlp::kClear},  // TLP 1.0
    {"green", Tlp::kGreen},
    {"amber", Tlp::kAmber},
    {"amber+strict", Tlp::kAmberStrict},
    {"amber-strict", Tlp::kAmberStrict},
    {"amber_strict", Tlp::kAmberStrict},
    {"amber strict", Tlp::kAmberStrict},
    {"red", Tlp::kRed},
};

}  // namespace

Tlp parse_tlp(std::string_view word) {
  word = trim(word);
  // "TLP:GREEN" is how reports and MISP tags write it.
  if (starts_with_ignore_case(word, "tlp:")) word = trim(word.substr(4));
  for (const TlpWord& row : kTlpWords) {
    if (equals_ignore_case(word, row.word)) return row.tlp;
  }
  return Tlp::kAmber;
}

std::string_view name_of(Tlp tlp) {
  for (const TlpWord& row : kTlpWords) {
    if (row.tlp == tlp) return row.word;
  }
  SPOOR_CHECK(false);
  return {};
}

}  // namespace spoor
