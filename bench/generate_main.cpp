// Writes test data, and checks the generator against the reference matcher.
//
//   bench_generate indicators N            type<TAB>value, one a line
//   bench_generate literals N              values only, for grep and the like
//   bench_generate log BYTES [plain]       the log; plain: nothing disguised
//   bench_generate truth BYTES [plain]     line<TAB>type<TAB>value of each plant in that log
//   bench_generate check N MEGABYTES       see generate.h; prints counts, status 1 on a fault

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "generate.h"
#include "ioc/canonical.h"
#include "ioc/guard.h"
#include "match/exact.h"

namespace {

using namespace spoor;
using namespace spoor::bench;

void write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    std::perror("bench_generate: standard output");
    std::exit(1);
  }
}

void write_indicators(std::size_t count, bool with_type) {
  IndicatorStream stream;
  std::string block;
  for (; count > 0; --count) {
    const Observable indicator = stream.next();
    if (with_type) block += std::string(name_of(indicator.type)) + '\t';
    block += indicator.value + '\n';
    if (block.size() > (1 << 16) || count == 1) {
      write(block);
      block.clear();
    }
  }
}

void write_truth(const Log& log) {
  std::vector<Observable> pool;
  IndicatorStream stream;
  while (pool.size() < kPlantedPool) pool.push_back(stream.next());
  for (const Plant& plant : log.plants) {
    const Observable& indicator = pool[plant.indicator];
    write(std::to_string(plant.line) + '\t' + std::string(name_of(indicator.type)) + '\t' +
          indicator.value + '\n');
  }
}

/// Every value is its own canonical form and passes the guards.
std::size_t check_values(const std::vector<Observable>& indicators) {
  std::size_t faults = 0;
  for (const Observable& indicator : indicators) {
    const auto canonical = canonicalize(indicator.type, indicator.value);
    if (canonical && canonical->observable == indicator && !quarantine_reason(indicator))
      continue;
    std::fprintf(stderr, "not canonical or quarantined: %s '%s'\n",
                 std::string(name_of(indicator.type)).c_str(), indicator.value.c_str());
    if (++faults == 20) break;
  }
  return faults;
}

/// The reference finds each plant, and nothing else: values planted in one another (the host of
/// a planted URL) are the only hits beside.
std::size_t check_log(const Matcher& matcher, const std::vector<Observable>& indicators,
                      const Log& log) {
  const auto scratch = matcher.make_scratch();
  std::vector<Hit> hits;
  matcher.scan(log.text, TextEncoding::kBytes, {}, *scratch, hits);
  std::map<std::uint64_t, std::map<std::uint32_t, Grade>> found;  // by line offset
  for (const Hit& hit : hits) {
    const std::size_t line =
        hit.offset == 0 ? std::string::npos : log.text.rfind('\n', hit.offset - 1);
    Grade& grade = found[line == std::string::npos ? 0 : line + 1]
                        [static_cast<std::uint32_t>(hit.indicator)];
    grade = std::max(grade, hit.grade);
  }
  std::size_t missing = 0, pairs = 0;
  for (const auto& [line, of_line] : found) pairs += of_line.size();
  for (const Plant& plant : log.plants) {
    if (found[plant.offset].count(plant.indicator) != 0) continue;
    const Observable& indicator = indicators[plant.indicator];
    std::fprintf(stderr, "not found in line %llu: %s '%s'\n  %s\n",
                 static_cast<unsigned long long>(plant.line),
                 std::string(name_of(indicator.type)).c_str(), indicator.value.c_str(),
                 log.text.substr(plant.offset, log.text.find('\n', plant.offset) - plant.offset)
                     .c_str());
    ++missing;
  }
  std::printf("plants %zu, not found %zu, other pairs of line and indicator %zu\n",
              log.plants.size(), missing, pairs - (log.plants.size() - missing));
  return missing;
}

int check(std::size_t count, std::size_t bytes) {
  std::vector<Observable> indicators;
  std::map<std::string, std::size_t> by_type;
  IndicatorStream stream;
  while (indicators.size() < count) {
    indicators.push_back(stream.next());
    ++by_type[std::string(name_of(indicators.back().type))];
  }
  for (const auto& [type, number] : by_type)
    std::printf("%-20s %9zu  %6.2f %%\n", type.c_str(), number,
                100.0 * static_cast<double>(number) / static_cast<double>(count));
  std::size_t faults = check_values(indicators);
  const auto matcher = make_exact_matcher(indicators);
  for (const Disguise disguise : {Disguise::kMixed, Disguise::kNone}) {
    const Log log = make_log(bytes, disguise);
    faults += check_log(*matcher, indicators, log);
    if (disguise == Disguise::kNone && log.text.find_first_of("\\%") != std::string::npos) {
      std::fprintf(stderr, "a backslash or percent sign in the plain log\n");
      ++faults;
    }
  }
  return faults == 0 ? 0 : 1;
}

std::size_t number(const char* text) {
  char* end = nullptr;
  const auto value = std::strtoull(text, &end, 10);
  if (end == text || *end != '\0') {
    std::fprintf(stderr, "bench_generate: '%s' is no number\n", text);
    std::exit(2);
  }
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 2 ? argv[1] : "";
  const bool plain = argc > 3 && std::strcmp(argv[3], "plain") == 0;
  const Disguise disguise = plain ? Disguise::kNone : Disguise::kMixed;
  if (what == "indicators" || what == "literals") {
    write_indicators(number(argv[2]), what == "indicators");
  } else if (what == "log") {
    write(make_log(number(argv[2]), disguise).text);
  } else if (what == "truth") {
    write_truth(make_log(number(argv[2]), disguise));
  } else if (what == "check" && argc > 3) {
    return check(number(argv[2]), number(argv[3]) * 1'000'000);
  } else {
    std::fprintf(
        stderr,
        "use: bench_generate indicators|literals N | log|truth BYTES [plain] | check N "
        "MEGABYTES\n");
    return 2;
  }
  return 0;
}
