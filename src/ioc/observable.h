// An observable is a typed value as it can be seen, in canonical form: (IPv4, 203.0.113.7). It
// carries no judgement; who claims what about it is a Claim (claim.h). Kept apart as in
// STIX 2.1.

#pragma once

#include <cstdint>
#include <string>

#include "ioc/type.h"

namespace spoor {

struct Observable {
  IndicatorType type = IndicatorType::kIpv4;
  std::string value;  ///< canonical form, see canonical.h
  friend bool operator==(const Observable&, const Observable&) = default;
  friend auto operator<=>(const Observable&, const Observable&) = default;
};

/// Row of an observable in the store; positive. 0: not stored.
enum class ObservableId : std::int64_t {};

}  // namespace spoor
