// The rival that is fastest at literals: Hyperscan's pure-literal API, block mode.
//
//   bench_hyperscan LITERALS LOG RUNS        prints one JSON object
//   bench_hyperscan LITERALS LOG lines       prints the numbers of the lines with a match
//
// Scans the log in pieces of 1 MiB cut at line ends, from memory, warm. Compiling is timed
// apart.

#include <hs.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "measure.h"

namespace {

using namespace spoor::bench;

constexpr std::size_t kChunkBytes = 1 << 20;

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "bench_hyperscan: %s cannot be read\n", path);
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

hs_database_t* compile(const std::string& text) {
  std::vector<const char*> literals;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> ids;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    if (end > at) {
      literals.push_back(text.data() + at);
      sizes.push_back(end - at);
      ids.push_back(static_cast<unsigned>(ids.size()));
    }
    at = end + 1;
  }
  const std::vector<unsigned> flags(literals.size(), 0);
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_lit_multi(literals.data(), flags.data(), ids.data(), sizes.data(),
                           static_cast<unsigned>(literals.size()), HS_MODE_BLOCK, nullptr,
                           &database, &error) != HS_SUCCESS) {
    std::fprintf(stderr, "bench_hyperscan: %s\n", error->message);
    std::exit(1);
  }
  return database;
}

struct Found {
  std::vector<unsigned long long> ends;  ///< within the piece
};

int on_match(unsigned, unsigned long long, unsigned long long to, unsigned, void* context) {
  static_cast<Found*>(context)->ends.push_back(to);
  return 0;
}

std::vector<std::string_view> cut(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kChunkBytes) {
      end = text.rfind('\n', kChunkBytes - 1);
      end = end == std::string_view::npos ? kChunkBytes : end + 1;
    }
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return pieces;
}

void scan(const hs_database_t* database, hs_scratch_t* scratch, std::string_view piece,
          Found& found) {
  found.ends.clear();
  if (hs_scan(database, piece.data(), static_cast<unsigned>(piece.size()), 0, scratch, on_match,
              &found) != HS_SUCCESS) {
    std::fprintf(stderr, "bench_hyperscan: the scan failed\n");
    std::exit(1);
  }
}

void print_lines(const hs_database_t* database, hs_scratch_t* scratch, std::string_view text) {
  Found found;
  std::size_t line = 1;
  for (const std::string_view piece : cut(text)) {
    scan(database, scratch, piece, found);
    std::sort(found.ends.begin(), found.ends.end());
    std::size_t at = 0, last = 0;
    for (const unsigned long long end : found.ends) {
      for (; at + 1 < end; ++at) line += piece[at] == '\n' ? 1 : 0;
      if (line != last) std::printf("%zu\n", line);
      last = line;
    }
    for (; at < piece.size(); ++at) line += piece[at] == '\n' ? 1 : 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "use: bench_hyperscan LITERALS LOG RUNS|lines\n");
    return 2;
  }
  const std::string literals = read_file(argv[1]), text = read_file(argv[2]);
  const Stopwatch watch;
  const hs_database_t* const database = compile(literals);
  const double compile_seconds = watch.seconds();
  hs_scratch_t* scratch = nullptr;
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) return 1;
  if (std::strcmp(argv[3], "lines") == 0) {
    print_lines(database, scratch, text);
    return 0;
  }
  const std::vector<std::string_view> pieces = cut(text);
  Found found;
  std::size_t matches = 0;
  const Timing timing = time_runs(std::max(1, std::atoi(argv[3])), [&] {
    matches = 0;
    for (const std::string_view piece : pieces) {
      scan(database, scratch, piece, found);
      matches += found.ends.size();
    }
  });
  std::size_t size = 0;
  hs_database_size(database, &size);
  std::printf(
      "{\"compile_s\":%.3f,\"scan_s\":%.6f,\"scan_best_s\":%.6f,\"bytes\":%zu,\"matches\":%zu,"
      "\"database_mb\":%.1f,\"peak_mb\":%.0f,\"version\":\"%s\"}\n",
      compile_seconds, timing.median, timing.best, text.size(), matches,
      static_cast<double>(size) / 1e6, static_cast<double>(memory_bytes("VmHWM")) / 1e6,
      hs_version());
  return 0;
}
