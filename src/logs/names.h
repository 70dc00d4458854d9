// What the fields of structured logs are called. One visible table for JSON, CSV, key=value,
// CEF, LEEF, W3C and Zeek columns: a name, what it means, how good it is where several say the
// same, and which names pair with it (P3). Adding a product is adding its names here.
//
// Names are compared case-blind; of a dotted path the longest known tail counts
// ("winlog.event_data.SourceIp" is known as "sourceip"). A lookup is a binary search a tail, at
// most six. Tested by formats_test.cpp.

#pragma once

#include <cstdint>
#include <string_view>

#include "ioc/sighting.h"

namespace spoor {

/// What a field says of its event.
enum class Slot : std::uint8_t {
  kNone,
  kTime,
  kDate,
  kClock,
  kHost,
  kUser,
  kProcess,
  kSourceAddress,
  kSourcePort,
  kDestinationAddress,
  kDestinationPort,
  kDirection,
  kOutcome,
  kStatus,
  kUrlScheme,
  kUrlHost,
  kUrlPort,
  kUrlPath,
  kUrlQuery,
  kMethod,
};
inline constexpr std::size_t kSlots = 20;

struct NameRow {
  std::string_view name;  ///< lower case
  Slot slot;
  std::uint8_t rank;    ///< 0 is best
  std::uint32_t pairs;  ///< families of names that pair (P3); an address and a port that share
                        ///< one belong together
  FieldRole role;
  Slot also = Slot::kNone;  ///< a second meaning, where the better ones are absent
};

/// The role that a slot's fields have where a row names no other.
FieldRole role_of(Slot slot);

struct NameMatch {
  const NameRow* row = nullptr;  ///< null: not known
  std::size_t dropped = 0;       ///< leading bytes of the path that the row does not name
};
NameMatch find_name(std::string_view path);

}  // namespace spoor
