// Texts inside Suricata rules: `content` with every byte that means something there as |hex|,
// `msg` in plain words, and sids that stay the same from export to export. Source: Suricata's
// user guide, "Rules Format" and "Payload Keywords". Tested by formats_test.cpp.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace spoor {

/// What stands between the quotes of content:"...".
std::string suricata_content(std::string_view text);
/// What stands between the quotes of msg:"...".
std::string suricata_message(std::string_view text);

/// Rule numbers out of 1,000,000,000 to 1,999,999,999, which no public rule set uses and a
/// signed 32-bit number can hold. A number is made of what the rule looks for; where two rules
/// meet, the later one, in the order of the export, takes the next free one. Memory: some
/// bytes a rule.
class SidTable {
 public:
  std::uint32_t sid(std::string_view key);

 private:
  std::unordered_set<std::uint32_t> taken_;
};

}  // namespace spoor
