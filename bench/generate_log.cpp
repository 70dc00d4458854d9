// A whole log with its plants. See generate.h.

#include <algorithm>

#include "generate.h"
#include "log_lines.h"

namespace spoor::bench {
namespace {

/// Whether a log without disguises can hold it: some values need a format with backslashes.
bool fits(const Observable& indicator, Disguise disguise) {
  if (disguise == Disguise::kMixed) return true;
  return indicator.value.find_first_of("\\%") == std::string::npos &&
         indicator.type != IndicatorType::kImphash &&
         indicator.type != IndicatorType::kNamedPipe;
}

}  // namespace

Log make_log(std::size_t bytes, Disguise disguise, std::uint64_t seed) {
  Log log;
  log.text.reserve(bytes + 4096);
  std::vector<Observable> pool;
  IndicatorStream stream;
  while (pool.size() < kPlantedPool) pool.push_back(stream.next());
  std::vector<std::uint32_t> order;
  for (std::uint32_t n = 0; n < kPlantedPool; ++n)
    if (fits(pool[n], disguise)) order.push_back(n);
  Random shuffle(seed + 1);
  for (std::size_t n = order.size(); n > 1; --n)
    std::swap(order[n - 1], order[shuffle.below(static_cast<std::uint32_t>(n))]);

  const std::size_t plants = std::max<std::size_t>(1, bytes / kBytesPerPlant);
  LineWriter writer(seed, disguise, log.text);
  for (std::uint64_t line = 1; log.text.size() < bytes; ++line) {
    // The k-th plant stands in the middle of the k-th of as many equal parts.
    const std::size_t planted = log.plants.size();
    if (planted < plants && log.text.size() >= (2 * planted + 1) * (bytes / plants) / 2) {
      const std::uint32_t indicator = order[planted % order.size()];
      log.plants.push_back({indicator, line, log.text.size()});
      writer.planted(pool[indicator]);
    } else {
      writer.benign();
    }
  }
  return log;
}

}  // namespace spoor::bench
