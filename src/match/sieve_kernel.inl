// What a kernel consists of (sieve_kernel.h), in a namespace SPOOR_SIEVE_ISA.

// Vectors wider than the set's are passed between functions of this file alone; what the
// headers of GCC 12 leave undefined in vectors is masked out (GCC bug 105593).
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpsabi"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif

// clang-format off
#include "match/sieve_lanes.inl"
#include "match/sieve_find.inl"
#include "match/sieve_scan.inl"
#include "match/sieve_run.inl"
#include "match/sieve_detect.inl"
#include "match/sieve_name.inl"
#include "match/sieve_address.inl"
#include "match/sieve_url.inl"
#include "match/sieve_token.inl"
#include "match/sieve_word.inl"
#include "match/sieve_word_wide.inl"
#include "match/sieve_quote.inl"
#include "match/sieve_region.inl"
#include "match/sieve_reading.inl"
// clang-format on

namespace spoor {
namespace SPOOR_SIEVE_ISA {
namespace {

inline void scan(const Parts& parts, std::string_view text, SieveScratch& scratch,
                 bool with_readings) {
  SieveScan(parts, text, &scratch, with_readings).run();
}

inline bool could_match(const Parts& parts, std::string_view text,
                        std::span<const ViewKind> chain) {
  SieveScan reading(parts, text, nullptr);
  return reading.run() || any_reading_matches(parts, text, chain, reading.kinds());
}

}  // namespace
}  // namespace SPOOR_SIEVE_ISA
}  // namespace spoor
