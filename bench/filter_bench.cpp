// Which approximate filter a matcher should ask first: time of a probe, bits a key, wrong "yes"
// answers, and time to build, from a thousand to ten million keys.
//
//   bench_filter [MOST_KEYS [LEAST_KEYS [NAME]]]   default 10000000 1000; a Markdown table
//
// With NAME only the filters whose name holds it, as in `bench_filter 10000000 10000000 xor8`.
//
// Each filter must say yes to every one of its keys before anything is timed. `single` probes
// one key after the other (the processor overlaps what it can); `in batches` first asks for the
// cache lines of 64 keys and then tests them, as a matcher with a queue does. Keys are hashes
// already, as they would be there. Best (and median) of 7 runs over 2 M probes in random order,
// warm.

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "measure.h"
#include "random.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2")
#endif

namespace {

using namespace spoor::bench;

#include "filters.inl"

constexpr std::size_t kProbes = 2'000'000;
constexpr std::size_t kBatch = 64;
constexpr int kRuns = 7;

/// Key n of a set, and key n outside of every set: mix64 is a bijection.
std::uint64_t inside(std::uint64_t n) {
  return mix64(n);
}
std::uint64_t outside(std::uint64_t n) {
  return mix64(n + (std::uint64_t{1} << 40));
}

/// kProbes keys of which `per_mille` in a thousand are of a set of `count`.
std::vector<std::uint64_t> draw_probes(std::size_t count, unsigned per_mille) {
  Random random(7 + per_mille);
  std::vector<std::uint64_t> probes(kProbes);
  for (std::size_t n = 0; n < kProbes; ++n) {
    const bool hit = random.below(1000) < per_mille;
    probes[n] = hit ? inside(random.below(static_cast<std::uint32_t>(count))) : outside(n);
  }
  return probes;
}

template <typename Filter>
std::size_t probe_singly(const Filter& filter, const std::vector<std::uint64_t>& probes) {
  std::size_t yes = 0;
  for (const std::uint64_t key : probes) yes += filter.contains(key) ? 1 : 0;
  return yes;
}

template <typename Filter>
std::size_t probe_in_batches(const Filter& filter, const std::vector<std::uint64_t>& probes) {
  std::size_t yes = 0;
  for (std::size_t at = 0; at < probes.size(); at += kBatch) {
    const std::size_t end = std::min(probes.size(), at + kBatch);
    for (std::size_t n = at; n < end; ++n) filter.prefetch(probes[n]);
    for (std::size_t n = at; n < end; ++n) yes += filter.contains(probes[n]) ? 1 : 0;
  }
  return yes;
}

template <typename Filter>
void measure(const std::vector<std::uint64_t>& keys, const std::string& wanted) {
  if (Filter::name().find(wanted) == std::string::npos) return;
  const std::size_t count = keys.size();
  Filter filter;
  const Stopwatch watch;
  filter.build(keys.data(), count);
  const double build = watch.seconds();
  for (const std::uint64_t key : keys) {
    if (filter.contains(key)) continue;
    std::fprintf(stderr, "bench_filter: %s loses a key of %zu\n", Filter::name().c_str(),
                 count);
    std::exit(1);
  }
  std::printf("| %zu | %s | %.1f |", count, Filter::name().c_str(),
              8.0 * static_cast<double>(filter.bytes()) / static_cast<double>(count));
  std::string times;
  std::size_t wrong = 0, sum = 0;
  for (const unsigned per_mille : {0U, 1U, 10U}) {
    const std::vector<std::uint64_t> probes = draw_probes(count, per_mille);
    if (per_mille == 0) wrong = probe_singly(filter, probes);
    const Timing single = time_runs(kRuns, [&] { sum += probe_singly(filter, probes); });
    const Timing batch = time_runs(kRuns, [&] { sum += probe_in_batches(filter, probes); });
    constexpr double kNanoseconds = 1e9 / static_cast<double>(kProbes);
    char text[80];
    std::snprintf(text, sizeof text, " %.1f (%.1f), %.1f (%.1f) |", single.best * kNanoseconds,
                  single.median * kNanoseconds, batch.best * kNanoseconds,
                  batch.median * kNanoseconds);
    times += text;
  }
  std::printf(" %.3f |%s %.0f |\n", 100.0 * static_cast<double>(wrong) / kProbes, times.c_str(),
              build / static_cast<double>(count) * 1e9);
  std::fflush(stdout);
  if (sum == 1) std::fputs("\n", stderr);  // so that no probe can be left out
}

void measure_all(std::size_t count, const std::string& wanted) {
  std::vector<std::uint64_t> keys(count);
  for (std::size_t n = 0; n < count; ++n) keys[n] = inside(n);
  measure<WordBloom<12>>(keys, wanted);
  measure<WordBloom<16>>(keys, wanted);
  measure<LineBloom<12>>(keys, wanted);
  measure<LineBloom<16>>(keys, wanted);
  measure<SplitBloom<12>>(keys, wanted);
  measure<SplitBloom<16>>(keys, wanted);
  measure<Xor8>(keys, wanted);
  measure<Fuse8>(keys, wanted);
}

}  // namespace

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

int main(int argc, char** argv) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) {
    std::fputs("bench_filter: needs AVX2\n", stderr);
    return 2;
  }
  const std::size_t most = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  std::printf(
      "| keys | filter | bits a key | wrong yes, %% | ns a probe, no hits: single, in batches "
      "| 0.1 %% hits | 1 %% hits | build, ns a key |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  const std::size_t least = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000;
  const std::string wanted = argc > 3 ? argv[3] : "";
  if (least == 0) {
    std::fputs("bench_filter: a number of keys above 0 expected\n", stderr);
    return 2;
  }
  for (std::size_t count = least; count <= most; count *= 10) measure_all(count, wanted);
  return 0;
}
