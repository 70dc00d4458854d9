#include "match/sieve_includes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define SPOOR_SIEVE_X86
#define SPOOR_SIEVE_ISA sieve_avx2

SPOOR_TARGET_BEGIN_AVX2
#include "match/sieve_kernel.inl"
SPOOR_TARGET_END

namespace spoor::sieve {
const Kernel kAvx2Kernel{sieve_avx2::scan, sieve_avx2::could_match};
}  // namespace spoor::sieve

#endif  // __x86_64__
