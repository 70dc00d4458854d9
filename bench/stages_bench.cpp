// The stages of a hunt in memory, each alone: what the byte kernels, the sieve and the whole
// matcher take, and how much of the log the sieve lets through to the rules.
//
//   bench_stages [N [MEGABYTES]]           default 1000000 64
//
// One JSON object a row; the byte kernels and the sieve once for each instruction set that this
// processor has. One thread, warm, best and median of 7. Every plant's line must be flagged,
// else the status is 1.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>

#include "hunt_bench.h"
#include "match/fast.h"
#include "match/sieve.h"
#include "simd/classify.h"
#include "simd/isa.h"

namespace {

using namespace spoor;
using namespace spoor::bench;

constexpr int kRuns = 7;
constexpr std::align_val_t kBlockAlignment{64};

void print_row(const char* stage, Isa isa, std::size_t bytes, const Timing& timing,
               const std::string& more) {
  std::printf(
      "{\"stage\":\"%s\",\"isa\":\"%s\",\"gbps\":%.3f,\"gbps_best\":%.3f,\"gbps_cpu\":%.3f%s}"
      "\n",
      stage, std::string(name_of(isa)).c_str(), gigabytes_per_second(bytes, timing.median),
      gigabytes_per_second(bytes, timing.best), gigabytes_per_second(bytes, timing.cpu),
      more.c_str());
  std::fflush(stdout);
}

Timing time_classify(std::string_view text) {
  constexpr std::size_t kBlocks = 64;  // as many as the sieve asks for at once
  std::vector<std::uint64_t> rows(kByteClasses * kBlocks);
  std::uint64_t sum = 0;
  const Timing timing = time_runs(kRuns, [&] {
    for (std::size_t at = 0; at + kBlocks * 64 <= text.size(); at += kBlocks * 64) {
      classify(text.data() + at, kBlocks, rows.data(), kBlocks);
      sum += rows[static_cast<std::size_t>(ByteClass::kDot) * kBlocks];
    }
  });
  if (sum == 1) std::fputs("\n", stderr);  // so that nothing can be left out
  return timing;
}

/// A sieve of the indicators over memory of its own.
class OwnSieve {
 public:
  explicit OwnSieve(const std::vector<Observable>& indicators) {
    SieveBuilder builder;
    for (const Observable& indicator : indicators) builder.add(indicator);
    const std::vector<std::byte> block = builder.finish();
    size_ = block.size();
    bytes_ = static_cast<std::byte*>(::operator new(size_, kBlockAlignment));
    std::memcpy(bytes_, block.data(), size_);
    sieve_ = Sieve::open({bytes_, size_});
  }
  ~OwnSieve() { ::operator delete(bytes_, kBlockAlignment); }
  OwnSieve(const OwnSieve&) = delete;
  OwnSieve& operator=(const OwnSieve&) = delete;
  bool is_open() const { return sieve_.has_value(); }
  const Sieve& get() const { return *sieve_; }
  std::size_t bytes() const { return size_; }

 private:
  std::byte* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::optional<Sieve> sieve_;
};

struct Flags {
  std::size_t lines = 0, bytes = 0, plants = 0;
};

/// Whether this sieve can leave the readings' detection out.
template <typename S>
concept HasReadingsSwitch = requires(const S& sieve, Sieve::Scratch& scratch) {
  sieve.scan(std::string_view(), scratch, false);
};

/// The sieve with the detection of readings off, so that the difference to the row above is
/// what they cost (on a log without disguises: what they cost for nothing). False where this
/// sieve has no such switch.
template <typename S>
bool time_without_readings(const S& sieve, const std::vector<std::string_view>& chunks,
                           Timing& timing) {
  if constexpr (HasReadingsSwitch<S>) {
    Sieve::Scratch scratch;
    timing = time_runs(kRuns, [&] {
      for (const std::string_view chunk : chunks) sieve.scan(chunk, scratch, false);
    });
    return true;
  } else {
    return false;
  }
}

/// What the sieve lets through: lines, their bytes, and how many of them are plants.
Flags count_flags(const Sieve& sieve, const Log& log) {
  Flags out;
  Sieve::Scratch scratch;
  const std::string_view text = log.text;
  std::size_t plant = 0;
  for (const std::string_view chunk : cut_at_lines(text)) {
    scratch.flagged.clear();
    sieve.scan(chunk, scratch);
    std::sort(scratch.flagged.begin(), scratch.flagged.end());
    const auto base = static_cast<std::size_t>(chunk.data() - text.data());
    std::size_t done = 0;
    for (const std::uint32_t at : scratch.flagged) {
      if (base + at < done) continue;
      const std::size_t lf = at == 0 ? std::string_view::npos : chunk.rfind('\n', at - 1);
      const std::size_t begin = base + (lf == std::string_view::npos ? 0 : lf + 1);
      const std::size_t end = std::min(text.find('\n', base + at), text.size());
      ++out.lines;
      out.bytes += end - begin;
      while (plant < log.plants.size() && log.plants[plant].offset < begin) ++plant;
      if (plant < log.plants.size() && log.plants[plant].offset == begin) ++out.plants;
      done = end + 1;
    }
  }
  return out;
}

bool measure(std::size_t count, const Log& log) {
  std::vector<Observable> indicators;
  IndicatorStream stream;
  while (indicators.size() < count) indicators.push_back(stream.next());
  const OwnSieve sieve(indicators);
  if (!sieve.is_open()) {
    std::fprintf(stderr, "bench_stages: the sieve's own block is refused\n");
    return false;
  }
  const std::vector<std::string_view> chunks = cut_at_lines(log.text);
  const Isa best = current_isa();
  bool all_found = true;
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512}) {
    if (!isa_supported(isa)) continue;
    set_isa_for_tests(isa);
    print_row("classify", isa, log.text.size(), time_classify(log.text), "");
    const Flags flags = count_flags(sieve.get(), log);
    all_found = all_found && flags.plants == log.plants.size();
    Sieve::Scratch scratch;
    const Timing timing = time_runs(kRuns, [&] {
      for (const std::string_view chunk : chunks) {
        scratch.flagged.clear();
        sieve.get().scan(chunk, scratch);
      }
    });
    char more[200];
    std::snprintf(more, sizeof more,
                  ",\"indicators\":%zu,\"sieve_mb\":%.1f,\"flagged_lines\":%zu,"
                  "\"flagged_share\":%.5f,\"plants\":%zu,\"plants_flagged\":%zu",
                  count, static_cast<double>(sieve.bytes()) / 1e6, flags.lines,
                  static_cast<double>(flags.bytes) / static_cast<double>(log.text.size()),
                  log.plants.size(), flags.plants);
    print_row("sieve", isa, log.text.size(), timing, more);
    if (Timing without; time_without_readings(sieve.get(), chunks, without)) {
      std::snprintf(more, sizeof more, ",\"indicators\":%zu,\"readings_cost_percent\":%.1f",
                    count, 100.0 * (timing.median / without.median - 1.0));
      print_row("sieve without readings", isa, log.text.size(), without, more);
    }
  }
  set_isa_for_tests(best);
  const auto matcher = make_fast_matcher(indicators);
  print_row("whole", best, log.text.size(), time_scan(*matcher, chunks, kRuns, 1), "");
  if (!all_found) std::fprintf(stderr, "bench_stages: the sieve lost a plant\n");
  return all_found;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::size_t megabytes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 64;
  if (count < kPlantedPool || megabytes == 0) {
    std::fprintf(stderr, "use: bench_stages [N [MEGABYTES]], N at least %zu\n", kPlantedPool);
    return 2;
  }
  bool good = true;
  for (const Disguise disguise : {Disguise::kMixed, Disguise::kNone}) {
    std::printf("{\"log\":\"%s\"}\n", disguise == Disguise::kMixed ? "mixed" : "plain");
    good = measure(count, make_log(megabytes * 1'000'000, disguise)) && good;
  }
  return good ? 0 : 1;
}
