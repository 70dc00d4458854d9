// Which instruction set the byte kernels use: the best that the processor has, or the one that
// SPOOR_ISA names (scalar, avx2, avx512). All give the same answers; scalar is the definition.

#pragma once

#include <optional>
#include <string_view>

namespace spoor {

enum class Isa : unsigned char { kScalar, kAvx2, kAvx512 };

std::string_view name_of(Isa isa);
std::optional<Isa> isa_from_name(std::string_view name);

/// Whether this processor and system can run it.
bool isa_supported(Isa isa);
/// Chosen once, at the first call: SPOOR_ISA if it names a supported one, else the best.
Isa current_isa();
/// For tests and benchmarks that compare them; `isa` must be supported. Any thread, at once.
void set_isa_for_tests(Isa isa);

}  // namespace spoor
