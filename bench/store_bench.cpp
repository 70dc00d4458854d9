// What the store costs: imports N generated list rows of mixed types, imports them again, walks
// them, counts them, records sightings. Usage: bench_store [N] [folder]. Seed fixed, cache
// warm, one thread; seconds are CPU seconds. The answer of each step is checked; best of one,
// since an import runs once. Roof for the import: the same rows through the same file system
// are disk bound only at COMMIT.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>

#include "base/check.h"
#include "store/store.h"

namespace {

using namespace spoor;

Claim claim_of(std::uint64_t number, std::mt19937_64& random) {
  const std::string n = std::to_string(number);
  Claim claim;
  switch (number % 5) {
    case 0:
      claim.observable = {IndicatorType::kDomain, "h" + n + ".example"};
      break;
    case 1: {
      char hex[65];
      for (int i = 0; i < 4; ++i) {
        std::snprintf(hex + i * 16, 17, "%016llx", static_cast<unsigned long long>(random()));
      }
      claim.observable = {IndicatorType::kSha256, hex};
      break;
    }
    case 2:
      claim.observable = {IndicatorType::kUrl, "http://p" + n + ".test/a/" + n};
      break;
    case 3:
      claim.observable = {IndicatorType::kIpv4, std::to_string(random() % 223 + 1) + "." +
                                                    std::to_string(number >> 16 & 255) + "." +
                                                    std::to_string(number >> 8 & 255) + "." +
                                                    std::to_string(number & 255)};
      break;
    default:
      claim.observable = {IndicatorType::kHostname, "w" + std::to_string(random()) + ".test"};
  }
  claim.raw = claim.observable.value;
  return claim;
}

/// CPU seconds of this process: what one core needs, whatever else the machine does.
class Clock {
 public:
  double seconds() const {
    return static_cast<double>(std::clock() - start_) / static_cast<double>(CLOCKS_PER_SEC);
  }

 private:
  std::clock_t start_ = std::clock();
};

IngestCounts import(Store& store, std::uint64_t rows) {
  std::mt19937_64 random(20261124);
  auto ingest = store.begin_ingest("file:bench", "file", Quarantine::kApply);
  SPOOR_CHECK(ingest);
  std::vector<Claim> claims;
  for (std::uint64_t i = 0; i < rows; ++i) {
    claims.push_back(claim_of(i, random));
    if (claims.size() == 10'000 || i + 1 == rows) {
      SPOOR_CHECK((*ingest)->add_claims(claims));
      claims.clear();
    }
    if (i % 100'000 == 99'999) SPOOR_CHECK((*ingest)->commit());
  }
  SPOOR_CHECK((*ingest)->commit());
  return (*ingest)->counts();
}

void print(const char* what, double seconds, std::uint64_t items) {
  std::printf("%-24s %8.3f CPU s %10.0f ns per item\n", what, seconds,
              seconds * 1e9 / static_cast<double>(items));
}

long peak_kib() {
  long peak = 0;
  if (std::FILE* file = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, file) != nullptr) {
      if (std::sscanf(line, "VmHWM: %ld", &peak) == 1) break;
    }
    std::fclose(file);
  }
  return peak;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::filesystem::path folder = std::filesystem::path(argc > 2 ? argv[2] : "/tmp") /
                                       ("spoor-store-bench-" + std::to_string(::getpid()));
  const std::string path = (folder / "spoor.db").string();
  auto opened = Store::open(path, Store::Mode::kReadWrite);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 2;
  }
  Store& store = **opened;
  {
    const Clock clock;
    const IngestCounts counts = import(store, rows);
    print("import", clock.seconds(), rows);
    SPOOR_CHECK(counts.claims_new + counts.claims_same == rows);
  }
  {
    const Clock clock;
    SPOOR_CHECK(!import(store, rows).changed());
    print("import again", clock.seconds(), rows);
  }
  std::vector<std::pair<ObservableId, Observable>> some;
  {
    const Clock clock;
    std::uint64_t seen = 0;
    SPOOR_CHECK(store.for_each_observable({}, [&](ObservableId id, Observable&& observable) {
      if (++seen <= 1000) some.emplace_back(id, std::move(observable));
    }));
    print("every observable", clock.seconds(), seen);
    SPOOR_CHECK(seen + rows / 1000 >= rows);
  }
  {
    const Clock clock;
    std::uint64_t seen = 0;
    IndicatorFilter filter;
    filter.feeds = {"file:bench"};
    SPOOR_CHECK(store.for_each_observable(filter, [&](ObservableId, Observable&&) { ++seen; }));
    print("every one of a feed", clock.seconds(), seen);
  }
  {
    const Clock clock;
    std::uint64_t seen = 0;
    SPOOR_CHECK(store.for_each_claim({}, [&](const ClaimView&) { ++seen; }));
    print("every claim, in order", clock.seconds(), seen);
  }
  {
    const Clock clock;
    SPOOR_CHECK(store.counts());
    print("counts", clock.seconds(), 1);
  }
  const std::uint64_t sightings = 200'000;
  for (const char* what : {"sightings", "sightings again"}) {
    const auto hunt = store.begin_hunt({});
    SPOOR_CHECK(hunt);
    const Clock clock;
    std::vector<Sighting> batch;
    for (std::uint64_t i = 0; i < sightings; ++i) {
      Sighting sighting;
      sighting.observable_id = some[i % some.size()].first;
      sighting.observable = some[i % some.size()].second;
      sighting.file = sighting.absolute_path =
          "/var/log/a" + std::to_string(i / 50'000) + ".log";
      sighting.event_offset = i * 100;
      sighting.event_text = "client 203.0.113.7 query: " + sighting.observable.value + " IN A";
      sighting.event_digest = xxh3_128(sighting.event_text + std::to_string(i));
      sighting.match = sighting.observable.value;
      sighting.grade = Grade::kExact;
      sighting.rule = "D3";
      batch.push_back(std::move(sighting));
      if (batch.size() == 10'000) {
        SPOOR_CHECK(store.record_sightings(*hunt, batch));
        batch.clear();
      }
    }
    print(what, clock.seconds(), sightings);
  }
  SPOOR_CHECK(store.check());
  std::printf("peak memory %ld MiB, file %.0f MiB\n", peak_kib() / 1024,
              static_cast<double>(std::filesystem::file_size(path)) / (1 << 20));
  opened->reset();
  std::filesystem::remove_all(folder);
  return 0;
}
