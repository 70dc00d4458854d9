// TLP and PAP of STIX: the fixed ids of the marking definitions of TLP 1.0 (STIX 2.0 and 2.1)
// and TLP 2.0, and definitions that a bundle brings along. Source: STIX 2.1, section 7.2.1.4;
// the TLP 2.0 extension of OASIS. Tested by stix_test.cpp.

#pragma once

#include <optional>
#include <string_view>

#include "ioc/pulse.h"
#include "net/json.h"

namespace spoor {

/// By one of the nine fixed ids.
std::optional<Tlp> stix_tlp(std::string_view marking_id);

struct StixMark {
  std::optional<Tlp> tlp;
  std::optional<Pap> pap;
};
/// What a marking-definition object says.
StixMark read_stix_mark(JsonView definition);

}  // namespace spoor
