// What of an observable lists are asked about: its text, the name or the network in it, and how
// far a judgement of that part holds for the whole. Tested by list_index_test.cpp.

#pragma once

#include <optional>
#include <string>

#include "ioc/ip.h"
#include "ioc/observable.h"
#include "ioc/sighting.h"

namespace spoor {

struct Subject {
  std::string text;  ///< canonical, lower-case
  /// Of a domain, or of a URL's host where it speaks for the URL; "" where there is none.
  std::string name;
  std::string host;  ///< of a name, or of a URL whatever its path; "" where there is none
  std::string part;  ///< what substrings are looked for in: of a URL its host
  std::optional<Network> network;  ///< of an address too, with its whole length
  /// The most that what is known of `name` or `network` makes of the whole: a URL with a path
  /// says more than its host.
  Verdict most = Verdict::kSuppressed;
};

/// O(length). Any thread.
Subject subject_of(const Observable& observable);

}  // namespace spoor
