#include "simd/isa.h"

#include <atomic>
#include <cstdlib>

#include "base/check.h"

namespace spoor {
namespace {

Isa choose() {
  if (const char* wanted = std::getenv("SPOOR_ISA")) {
    const auto isa = isa_from_name(wanted);
    if (isa && isa_supported(*isa)) return *isa;
  }
  for (const Isa isa : {Isa::kAvx512, Isa::kAvx2}) {
    if (isa_supported(isa)) return isa;
  }
  return Isa::kScalar;
}

std::atomic<Isa>& chosen() {
  static std::atomic<Isa> isa{choose()};
  return isa;
}

}  // namespace

std::string_view name_of(Isa isa) {
  return isa == Isa::kAvx512 ? "avx512" : isa == Isa::kAvx2 ? "avx2" : "scalar";
}

std::optional<Isa> isa_from_name(std::string_view name) {
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512}) {
    if (name_of(isa) == name) return isa;
  }
  return std::nullopt;
}

bool isa_supported(Isa isa) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
  if (isa == Isa::kAvx2) return avx2;
  if (isa == Isa::kAvx512) {
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni");
  }
#else
  if (isa != Isa::kScalar) return false;
#endif
  return true;
}

Isa current_isa() {
  return chosen().load(std::memory_order_relaxed);
}

void set_isa_for_tests(Isa isa) {
  SPOOR_CHECK(isa_supported(isa));
  chosen().store(isa, std::memory_order_relaxed);
}

}  // namespace spoor
