#include "match/sieve_includes.h"

#define SPOOR_SIEVE_ISA sieve_scalar

#include "match/sieve_kernel.inl"

namespace spoor::sieve {
const Kernel kScalarKernel{sieve_scalar::scan, sieve_scalar::could_match};
}  // namespace spoor::sieve
