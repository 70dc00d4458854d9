// The proof at length: generated cases (match/case_generator.h), the fast matcher against the
// reference, hits compared in every member. A case is one indicator meeting one line; each seed
// makes some hundred of them.
//
//   prove SEEDS [FIRST [THREADS]]      default 10000 1 1
//
// SPOOR_ISA chooses the instruction set. Prints a line now and then, each difference (seed,
// case, both lists) as it is found, and the sum. Exit status 1 where anything differed.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "match/case_generator.h"
#include "match/exact.h"
#include "match/fast.h"
#include "simd/isa.h"

namespace {

using namespace spoor;
using Clock = std::chrono::steady_clock;

struct Both {
  std::vector<Hit> expected, found;
  bool agree() const { return same_hits(expected, found); }
};

Both both(const GeneratedCase& made) {
  const auto reference = make_exact_matcher(made.indicators);
  const auto fast = make_fast_matcher(made.indicators);
  const auto reference_scratch = reference->make_scratch();
  const auto fast_scratch = fast->make_scratch();
  return {hits_of(*reference, *reference_scratch, made.text, made.encoding, made.fields),
          hits_of(*fast, *fast_scratch, made.text, made.encoding, made.fields)};
}

struct Sums {
  std::atomic<std::uint64_t> next{0}, seeds{0}, cases{0}, hits{0}, bytes{0}, differences{0};
};

/// Enough to see causes; more would only be the same again.
constexpr std::uint64_t kMostPrinted = 20;

void run(std::uint64_t first, std::uint64_t count, Sums& sums, std::mutex& printing) {
  while (true) {
    const std::uint64_t number = sums.next.fetch_add(1);
    if (number >= count) return;
    const GeneratedCase made = generate_case(first + number);
    const Both result = both(made);
    sums.seeds += 1;
    sums.cases += made.indicators.size() * made.lines;
    sums.hits += result.expected.size();
    sums.bytes += made.text.size();
    if (result.agree()) continue;
    if (++sums.differences > kMostPrinted) continue;
    const GeneratedCase small =
        minimise(made, [](const GeneratedCase& candidate) { return !both(candidate).agree(); });
    const Both smallest = both(small);
    const std::string text = describe(small, smallest.expected, smallest.found);
    const std::lock_guard lock(printing);
    std::printf("DIFFERENCE seed %llu\n%s", static_cast<unsigned long long>(first + number),
                text.c_str());
    std::fflush(stdout);
  }
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
  const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const std::size_t threads = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  Sums sums;
  std::mutex printing;
  const auto start = Clock::now();
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
    workers.emplace_back([&] { run(first, count, sums, printing); });
  const auto print = [&](const char* what) {
    const double took = seconds_since(start);
    const std::lock_guard lock(printing);
    std::printf(
        "%s: %llu seeds from %llu, %llu cases, %.0f cases/s, %.1f MB of text, %llu hits, %llu "
        "differences, %s, %.1f s\n",
        what, static_cast<unsigned long long>(sums.seeds.load()),
        static_cast<unsigned long long>(first),
        static_cast<unsigned long long>(sums.cases.load()),
        static_cast<double>(sums.cases.load()) / took,
        static_cast<double>(sums.bytes.load()) / 1e6,
        static_cast<unsigned long long>(sums.hits.load()),
        static_cast<unsigned long long>(sums.differences.load()),
        std::string(name_of(current_isa())).c_str(), took);
    std::fflush(stdout);
  };
  auto said = Clock::now();
  while (sums.seeds.load() < count) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (seconds_since(said) < 30) continue;
    said = Clock::now();
    print("so far");
  }
  for (std::thread& worker : workers) worker.join();
  print("sum");
  return sums.differences.load() == 0 ? 0 : 1;
}
