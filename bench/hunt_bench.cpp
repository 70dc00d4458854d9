// How fast, and with how much memory, a compiled set is hunted for in a mixed log, by number of
// indicators. Answers first: every plant must be found, and on a slice of the log the hits must
// equal the reference's; else the status is 1 and nothing is timed.
//
//   bench_hunt [options] N...                 default 1000000
//     --megabytes M    size of the log (268)
//     --runs R         timed runs after one warm run (7)
//     --plain          a log without anything disguised
//     --log FILE       hunt in this file; it has no plants
//     --slice M        megabytes compared with the reference (4); up to 1 M indicators
//
// One JSON object a line. Speeds are decimal gigabytes of log a second; the log lies in memory
// and is scanned in pieces of 1 MiB cut at line ends. `memory` is measured in a process of its
// own that maps the snapshot and reads the log from a file.

#include "hunt_bench.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "simd/isa.h"

namespace {

using namespace spoor;
using namespace spoor::bench;

constexpr std::size_t kMostForExact = 1'000'000;
#if defined(__clang__)
constexpr const char* kCompiler = __VERSION__;
#else
constexpr const char* kCompiler = "GCC " __VERSION__;
#endif

struct Options {
  std::size_t megabytes = 268;
  int runs = 7;
  Disguise disguise = Disguise::kMixed;
  std::string log_file;
  std::size_t slice_megabytes = 4;
  std::vector<std::size_t> counts;
};

[[noreturn]] void refuse(const char* what) {
  std::fprintf(
      stderr,
      "bench_hunt: %s\nuse: bench_hunt [--megabytes M] [--runs R] [--plain] [--log FILE]"
      " [--slice M] N...\n",
      what);
  std::exit(2);
}

Options read_options(int argc, char** argv) {
  Options out;
  for (int at = 1; at < argc; ++at) {
    const std::string word = argv[at];
    const auto number = [](const char* text) -> std::size_t {
      char* end = nullptr;
      const auto value = std::strtoull(text, &end, 10);
      if (end == text || *end != '\0' || value == 0) refuse("a number above 0 expected");
      return value;
    };
    const auto operand = [&] {
      if (++at == argc) refuse("an option without its value");
      return argv[at];
    };
    if (word == "--megabytes") {
      out.megabytes = number(operand());
    } else if (word == "--runs") {
      out.runs = static_cast<int>(number(operand()));
    } else if (word == "--plain") {
      out.disguise = Disguise::kNone;
    } else if (word == "--log") {
      out.log_file = operand();
    } else if (word == "--slice") {
      out.slice_megabytes = number(operand());
    } else {
      out.counts.push_back(number(argv[at]));
    }
  }
  if (out.counts.empty()) out.counts.push_back(1'000'000);
  if (out.log_file.empty())
    for (const std::size_t count : out.counts)
      if (count < kPlantedPool) refuse("at least 1000 indicators, or a --log of your own");
  return out;
}

/// Files of this run, removed at its end.
class Folder {
 public:
  Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "bench-hunt-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) refuse("no temporary folder");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// The output of this program run as a memory child.
std::string run_memory_child(const std::string& snapshot, const std::string& log) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  std::FILE* pipe =
      popen(("'" + self + "' memory-child '" + snapshot + "' '" + log + "'").c_str(), "r");
  if (pipe == nullptr) return "null";
  std::string out;
  for (int c; (c = std::fgetc(pipe)) != EOF && c != '\n';) out += static_cast<char>(c);
  return pclose(pipe) == 0 && !out.empty() ? out : "null";
}

/// One row; false where an answer is wrong.
bool measure(std::size_t count, const Options& options, const Log& log, const Folder& folder) {
  const bool against_exact = count <= kMostForExact;
  const std::string path = folder.file("snapshot.bin");
  Compiled set = compile(count, against_exact, path);
  const Matcher& matcher = set.snapshot->matcher();
  const Answers answers = find_answers(matcher, log);
  std::size_t compared = 0, different = 0;
  if (against_exact)
    different = differences_from_exact(matcher, set.kept, log.text,
                                       options.slice_megabytes * 1'000'000, &compared);
  if (different != 0 || answers.plants_found != log.plants.size()) {
    std::fprintf(
        stderr,
        "bench_hunt: %zu indicators: %zu of %zu plants found, %zu hits differ from the "
        "reference's\n",
        count, answers.plants_found, log.plants.size(), different);
    return false;
  }
  set.kept = {};
  const std::vector<std::string_view> chunks = cut_at_lines(log.text);
  const Timing one = time_scan(matcher, chunks, options.runs, 1);
  const Timing two = time_scan(matcher, chunks, options.runs, 2);
  const std::string memory = run_memory_child(path, folder.file("log"));
  std::printf(
      "{\"indicators\":%zu,\"log_bytes\":%zu,\"log\":\"%s\",\"compile_s\":%.3f,"
      "\"compile_peak_mb\":%.0f,\"snapshot_mb\":%.1f,\"plants\":%zu,\"plants_found\":%zu,"
      "\"hits\":%zu,\"lines\":%zu,\"compared_bytes\":%zu,\"different\":%zu,"
      "\"gbps\":%.3f,\"gbps_best\":%.3f,\"gbps_cpu\":%.3f,\"gbps_two\":%.3f,\"gbps_two_best\":%"
      ".3f,"
      "\"two_over_one\":%.2f,\"runs\":%d,\"memory\":%s,\"isa\":\"%s\",\"compiler\":\"%s\"}\n",
      count, log.text.size(),
      !options.log_file.empty()              ? "file"
      : options.disguise == Disguise::kMixed ? "mixed"
                                             : "plain",
      set.seconds, static_cast<double>(set.peak_memory) / 1e6,
      static_cast<double>(set.bytes) / 1e6, log.plants.size(), answers.plants_found,
      answers.hits, answers.lines, compared, different,
      gigabytes_per_second(log.text.size(), one.median),
      gigabytes_per_second(log.text.size(), one.best),
      gigabytes_per_second(log.text.size(), one.cpu),
      gigabytes_per_second(log.text.size(), two.median),
      gigabytes_per_second(log.text.size(), two.best), one.median / two.median, options.runs,
      memory.c_str(), std::string(name_of(current_isa())).c_str(), kCompiler);
  std::fflush(stdout);
  return true;
}

/// What the machine can do at most with such a text: count its newlines, copy it.
void measure_roofs(const Log& log, int runs) {
  const std::string& text = log.text;
  std::size_t lines = 0;
  const Timing newlines = time_runs(runs, [&] {
    lines = 0;
    const char* const end = text.data() + text.size();
    for (const char* at = text.data();
         (at = static_cast<const char*>(
              std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr;
         ++at)
      ++lines;
  });
  std::vector<char> copy(1 << 20);
  std::uint64_t sum = 0;
  const Timing copying = time_runs(runs, [&] {
    for (const std::string_view chunk : cut_at_lines(text)) {
      std::memcpy(copy.data(), chunk.data(), std::min(copy.size(), chunk.size()));
      sum += static_cast<unsigned char>(copy[copy.size() / 2]);
    }
  });
  std::printf(
      "{\"roof\":true,\"log_bytes\":%zu,\"lines\":%zu,\"memchr_newlines_gbps\":%.2f,"
      "\"memcpy_gbps\":%.2f,\"checksum\":%llu}\n",
      text.size(), lines, gigabytes_per_second(text.size(), newlines.median),
      gigabytes_per_second(text.size(), copying.median), static_cast<unsigned long long>(sum));
  std::fflush(stdout);
}

Log read_log(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse("the log cannot be read");
  Log log;
  log.text.assign(std::istreambuf_iterator<char>(file), {});
  return log;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "memory-child") == 0)
    return memory_child(argv[2], argv[3]);
  const Options options = read_options(argc, argv);
  const Log log = options.log_file.empty()
                      ? make_log(options.megabytes * 1'000'000, options.disguise)
                      : read_log(options.log_file);
  const Folder folder;
  {
    std::ofstream file(folder.file("log"), std::ios::binary);
    file.write(log.text.data(), static_cast<std::streamsize>(log.text.size()));
    if (!file) refuse("the temporary folder has no room for the log");
  }
  measure_roofs(log, options.runs);
  for (const std::size_t count : options.counts)
    if (!measure(count, options, log, folder)) return 1;
  return 0;
}
