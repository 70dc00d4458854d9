// The words of the Traffic Light Protocol (FIRST, TLP 2.0; https://www.first.org/tlp/) and of
// the Permissible Actions Protocol (MISP's taxonomy PAP). See pulse.h. Tested by type_test.cpp.

#include "ioc/pulse.h"

#include <algorithm>

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

struct PapWord {
  std::string_view word;
  Pap pap;
};

constexpr PapWord kPapWords[] = {
    {"clear", Pap::kClear}, {"white", Pap::kClear}, {"green", Pap::kGreen},
    {"amber", Pap::kAmber}, {"red", Pap::kRed},
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

std::optional<Pap> parse_pap(std::string_view word) {
  word = trim(word);
  if (starts_with_ignore_case(word, "pap:")) word = trim(word.substr(4));
  for (const PapWord& row : kPapWords) {
    if (equals_ignore_case(word, row.word)) return row.pap;
  }
  return std::nullopt;
}

std::string_view name_of(Pap pap) {
  for (const PapWord& row : kPapWords) {
    if (row.pap == pap) return row.word;
  }
  SPOOR_CHECK(false);
  return {};
}

bool is_attack_id(std::string_view word) {
  const auto digits = [](std::string_view text, std::size_t count) {
    return text.size() == count && std::all_of(text.begin(), text.end(), is_digit);
  };
  if (word.substr(0, 2) == "TA") return digits(word.substr(2), 4);
  if (word.empty() || word[0] != 'T') return false;
  const std::size_t dot = word.find('.');
  if (!digits(word.substr(1, dot == std::string_view::npos ? dot : dot - 1), 4)) return false;
  return dot == std::string_view::npos || digits(word.substr(dot + 1), 3);
}

}  // namespace spoor
