// Time, order statistics and memory of this process, for the benchmarks.

#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace spoor::bench {

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

struct Timing {
  double best = 0, median = 0;  ///< seconds
  /// Processor seconds of the leanest run, all threads: tells more than the clock while other
  /// programs run.
  double cpu = 0;
};

inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// `body` once to warm up, then `runs` times.
template <typename Body>
Timing time_runs(int runs, Body&& body) {
  body();
  std::vector<double> seconds, cpu;
  for (int n = 0; n < runs; ++n) {
    const double before = cpu_seconds();
    const Stopwatch watch;
    body();
    seconds.push_back(watch.seconds());
    cpu.push_back(cpu_seconds() - before);
  }
  std::sort(seconds.begin(), seconds.end());
  return {seconds.front(), seconds[seconds.size() / 2],
          *std::min_element(cpu.begin(), cpu.end())};
}

/// A row of /proc/self/status in bytes: "VmHWM" (highest resident ever), "RssAnon", "RssFile".
/// 0 where there is none.
inline std::uint64_t memory_bytes(const std::string& row) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.compare(0, row.size() + 1, row + ":") == 0)
      return std::strtoull(line.c_str() + row.size() + 1, nullptr, 10) * 1024;
  return 0;
}

inline double gigabytes_per_second(std::uint64_t bytes, double seconds) {
  return static_cast<double>(bytes) / 1e9 / seconds;
}

}  // namespace spoor::bench
