// A value that is looked up, as a hunt would meet it: the text, what marks it, and the types of
// indicator that it can meet (S2). Tested by lookup_test.cpp.

#pragma once

#include <array>
#include <string>
#include <vector>

#include "ioc/observable.h"
#include "ioc/sighting.h"

namespace spoor {

/// Whether the type was said, or read off the value: 32 hex digits may be an MD5 or a JA3.
enum class TypeSource : std::uint8_t { kInferred, kGiven };

struct LookupSubject {
  Observable observable;
  std::string text;               ///< what is scanned
  std::vector<FieldMark> fields;  ///< over the whole text, or none
  std::array<bool, kIndicatorTypeCount> meets{};
};

LookupSubject make_subject(const Observable& observable, TypeSource source);

}  // namespace spoor
