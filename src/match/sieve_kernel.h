// The sieve's scan for one instruction set; private to the sieve. The code stands once, in the
// .inl files, and is compiled in a target region of its own for each set (simd/target.h).

#pragma once

#include <span>
#include <string_view>

#include "ioc/sighting.h"
#include "match/sieve.h"

namespace spoor::sieve {

struct Kernel {
  void (*scan)(const Parts& parts, std::string_view text, SieveScratch& scratch,
               bool with_readings);
  bool (*could_match)(const Parts& parts, std::string_view text,
                      std::span<const ViewKind> chain);
};

extern const Kernel kScalarKernel;
extern const Kernel kAvx2Kernel;    ///< x86-64 only
extern const Kernel kAvx512Kernel;  ///< x86-64 only

}  // namespace spoor::sieve
