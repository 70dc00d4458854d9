#include "match/sieve_includes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define SPOOR_SIEVE_X86
#define SPOOR_SIEVE_ISA sieve_avx512
#define SPOOR_SIEVE_AVX512

SPOOR_TARGET_BEGIN_AVX512
#include "match/sieve_kernel.inl"
SPOOR_TARGET_END

namespace spoor::sieve {
const Kernel kAvx512Kernel{sieve_avx512::scan, sieve_avx512::could_match};
}  // namespace spoor::sieve

#endif  // __x86_64__
