// How fast Windows event logs are read: our reader beside evtxexport (libevtx) and memcpy, over
// the same files in one run, the answers compared first.
//
//   bench_evtx [--count] PATH...     files, folders; compressed ones are decompressed first
//
// --count prints a row a file: records that our reader tells (in use, recovered, damaged) and
// gaps given raw, beside those that evtxexport exports and recovers. Our time is that of
// open_memory() to the last chunk of text; the rival's is that of its process, its output
// thrown away. Figures: bench/record.

#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "io/source.h"
#include "measure.h"

namespace {

using namespace spoor;
using namespace spoor::bench;

constexpr int kRuns = 7, kRivalRuns = 3;

struct File {
  std::string name, path, bytes;  ///< path: of the decompressed copy
};

struct Counts {
  std::uint64_t used = 0, recovered = 0, damaged = 0, raw = 0, text = 0;
};

Counts read(std::string bytes) {
  Counts counts;
  StreamOptions options;
  const auto stream = open_memory(std::move(bytes), options);
  Chunk chunk;
  for (;;) {
    const auto more = stream->next(chunk);
    if (!more || !*more) return counts;
    counts.text += chunk.text.size();
    for (const ChunkRecord& record : chunk.records) {
      const std::string_view text = std::string_view(chunk.text).substr(record.begin, 40);
      if (text.substr(0, 4) == "<!--") {
        ++counts.recovered;
      } else if (text.substr(0, 30) == "<Event><System><EventRecordID>") {
        ++counts.damaged;
      } else if (text.substr(0, 6) == "<Event") {
        ++counts.used;
      } else {
        ++counts.raw;
      }
    }
  }
}

/// How many records evtxexport exports of `path`, `mode` "items" or "recovered"; -1 where it
/// cannot be run.
long rival_count(const std::string& path, const char* mode) {
  const std::string command = std::string("evtxexport -m ") + mode + " '" + path +
                              "' 2>/dev/null | grep -c '^Event number'";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return -1;
  long count = -1;
  if (std::fscanf(pipe, "%ld", &count) != 1) count = -1;
  ::pclose(pipe);
  return count;
}

std::vector<File> load(const std::vector<std::string>& paths, const std::string& folder) {
  std::vector<File> files;
  walk(
      paths,
      [&](const InputFile& input) {
        auto bytes = read_whole(input.path, std::uint64_t{1} << 30);
        if (!bytes || std::string_view(*bytes).substr(0, 7) != "ElfFile") return;
        File file;
        file.name = input.shown;
        file.path = folder + "/" + std::to_string(files.size()) + ".evtx";
        std::ofstream(file.path, std::ios::binary) << *bytes;
        file.bytes = *std::move(bytes);
        files.push_back(std::move(file));
      },
      [](const Skip&) {});
  return files;
}

void print_counts(const std::vector<File>& files) {
  std::printf("%8s %8s %8s %8s   %8s %8s  file\n", "in use", "recov.", "damaged", "raw",
              "evtxexp.", "recov.");
  for (const File& file : files) {
    const Counts counts = read(file.bytes);
    std::printf("%8llu %8llu %8llu %8llu   %8ld %8ld  %s\n",
                static_cast<unsigned long long>(counts.used),
                static_cast<unsigned long long>(counts.recovered),
                static_cast<unsigned long long>(counts.damaged),
                static_cast<unsigned long long>(counts.raw), rival_count(file.path, "items"),
                rival_count(file.path, "recovered"), file.name.c_str());
  }
}

void print_row(const char* name, std::uint64_t bytes, const Timing& time) {
  std::printf("%-12s %9.1f %9.1f %9.1f\n", name, 1e-6 * static_cast<double>(bytes) / time.best,
              1e-6 * static_cast<double>(bytes) / time.median,
              1e-6 * static_cast<double>(bytes) / time.cpu);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths(argv + 1, argv + argc);
  const bool count = !paths.empty() && paths.front() == "--count";
  if (count) paths.erase(paths.begin());
  if (paths.empty()) {
    std::fprintf(stderr, "bench_evtx: found no path, expected [--count] PATH...\n");
    return 2;
  }
  char folder[] = "/tmp/bench_evtx.XXXXXX";
  if (::mkdtemp(folder) == nullptr) return 2;
  const std::vector<File> files = load(paths, folder);
  std::uint64_t bytes = 0, text = 0, records = 0;
  for (const File& file : files) {
    const Counts counts = read(file.bytes);
    bytes += file.bytes.size();
    text += counts.text;
    records += counts.used + counts.damaged;
  }
  if (count) print_counts(files);

  std::printf("%zu files, %.1f MB, %llu records, %.1f MB of text\n", files.size(),
              1e-6 * static_cast<double>(bytes), static_cast<unsigned long long>(records),
              1e-6 * static_cast<double>(text));
  std::printf("%-12s %9s %9s %9s   MB/s of the files (cpu: by processor time)\n", "", "best",
              "median", "cpu");
  std::string room;
  const Timing roof = time_runs(kRuns, [&] {
    for (const File& file : files) room = file.bytes;
  });
  print_row("memcpy", bytes, roof);
  // The copy that open_memory() takes is part of the time.
  std::uint64_t check = 0;
  const Timing own = time_runs(kRuns, [&] {
    check = 0;
    for (const File& file : files) check += read(file.bytes).text;
  });
  if (check != text) {
    std::fprintf(stderr, "bench_evtx: two runs differ\n");
    return 1;
  }
  print_row("spoor", bytes, own);
  if (std::system("command -v evtxexport >/dev/null 2>&1") == 0) {
    std::uint64_t failed = 0;
    const Timing rival = time_runs(kRivalRuns, [&] {
      failed = 0;
      for (const File& file : files) {
        const std::string command = "evtxexport '" + file.path + "' >/dev/null 2>&1";
        if (std::system(command.c_str()) != 0) ++failed;
      }
    });
    Timing clock = rival;
    clock.cpu = rival.best;  // its processor time is its own
    print_row("evtxexport", bytes, clock);
    std::printf("evtxexport failed on %llu files; spoor reads at %.1f times its speed\n",
                static_cast<unsigned long long>(failed), rival.best / own.best);
  } else {
    std::printf("evtxexport is not installed (libevtx-utils): no rival\n");
  }
  std::error_code unknown;
  std::filesystem::remove_all(folder, unknown);
  return 0;
}
