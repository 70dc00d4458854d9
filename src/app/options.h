// Command-line options: a visible table a command, parsed in the habits of git and ripgrep:
// `--name value`, `--name=value`, `-n value`, options after operands, `--` ends them, `-` is an
// operand. Tested by app_test.cpp.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace spoor {

struct OptionRow {
  std::string_view name;      ///< without the dashes: "min-grade"
  char letter;                ///< '\0': none
  std::string_view argument;  ///< what the value is called; "": a flag
  std::string_view help;
};

/// What was typed. Options may be repeated where a command says so.
class Options {
 public:
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  /// The last value given, or `otherwise`.
  std::string value(std::string_view name, std::string_view otherwise = "") const;
  std::vector<std::string> all(std::string_view name) const;
  const std::vector<std::string>& operands() const { return operands_; }

 private:
  friend Result<Options> parse_options(std::span<const std::string> words,
                                       std::span<const OptionRow> table);
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> operands_;
};

/// An unknown option is an error that names the nearest known one.
Result<Options> parse_options(std::span<const std::string> words,
                              std::span<const OptionRow> table);

/// A whole decimal number in [least, most].
Result<std::uint64_t> parse_number(std::string_view text, std::uint64_t least,
                                   std::uint64_t most);
/// "90d", "12h", "30m", "2w" before `now`, or an ISO 8601 time.
Result<Time> parse_since(std::string_view text, Time now);
/// The word of `known` nearest to `word` (edit distance at most 2), or "".
std::string nearest_word(std::string_view word, std::span<const std::string_view> known);

/// The options as a help text's aligned lines.
std::string options_text(std::span<const OptionRow> table);

}  // namespace spoor
