// How fast the members of a zip come out of it, without a scan: by libarchive alone, in parts
// by one thread (ISA-L), and in parts by several.
//
//   bench_zip ZIP [THREADS]     a zip on disk, e.g. of bench/compare-formats; 2 threads
//
// All ways must give the same names and bytes. Runs are taken in turns, so that other programs
// disturb each way alike; GB of content a second, best and median of 7, and per processor
// second of the leanest run, which says most on a busy machine. Figures: bench/record.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/hash.h"
#include "io/helpers_test_support.h"
#include "io/source.h"
#include "measure.h"

namespace {

using namespace spoor;
using namespace spoor::bench;

constexpr int kRuns = 7;

/// Reads all of `path`; the bytes that came out, and with `hasher` what they were.
std::uint64_t read_all(const std::string& path, Helpers* helpers, Hasher128* hasher) {
  InputFile file;
  file.path = path;
  StreamOptions options;
  options.helpers = helpers;
  auto members = open_members(file, options);
  if (!members) {
    std::fprintf(stderr, "bench_zip: %s: %s\n", path.c_str(), members.error().message.c_str());
    std::exit(1);
  }
  std::uint64_t bytes = 0;
  Member member;
  Chunk chunk;
  while ((*members)->next(member)) {
    if (hasher != nullptr) hasher->update(member.inner);
    while (member.stream->next(chunk).value_or(false)) {
      if (hasher != nullptr) hasher->update(std::string_view(chunk.text).substr(chunk.overlap));
    }
    bytes += member.stream->counters().bytes_decoded;
  }
  return bytes;
}

struct Way {
  std::string name;
  Helpers* helpers;
  std::vector<double> seconds = {}, cpu = {};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_zip ZIP [THREADS]\n");
    return 2;
  }
  const std::string path = argv[1];
  const unsigned threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 2;
  TestHelpers alone(1), crew(std::max(threads, 2u));
  Way ways[] = {{"libarchive", nullptr},
                {"parts, 1 thread", &alone},
                {"parts, " + std::to_string(crew.threads()) + " threads", &crew}};
  Hasher128 expected;
  const std::uint64_t bytes = read_all(path, nullptr, &expected);
  const Digest128 digest = expected.digest();
  for (const Way& way : ways) {
    Hasher128 hasher;
    if (read_all(path, way.helpers, &hasher) != bytes || !(hasher.digest() == digest)) {
      std::fprintf(stderr, "bench_zip: %s: wrong answer\n", way.name.c_str());
      return 1;
    }
  }
  for (int run = 0; run < kRuns; ++run) {
    for (Way& way : ways) {
      const double before = cpu_seconds();
      const Stopwatch watch;
      read_all(path, way.helpers, nullptr);
      way.seconds.push_back(watch.seconds());
      way.cpu.push_back(cpu_seconds() - before);
    }
  }
  std::printf("%-20s %8s %8s %12s\n", "GB/s", "best", "median", "a cpu second");
  for (Way& way : ways) {
    std::sort(way.seconds.begin(), way.seconds.end());
    std::printf("%-20s %8.3f %8.3f %12.3f\n", way.name.c_str(),
                gigabytes_per_second(bytes, way.seconds.front()),
                gigabytes_per_second(bytes, way.seconds[way.seconds.size() / 2]),
                gigabytes_per_second(bytes, *std::min_element(way.cpu.begin(), way.cpu.end())));
  }
  return 0;
}
