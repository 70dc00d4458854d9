// Judging stored sightings anew: a store with N sightings (1,000,000) of 20,000 indicators, and
// lists that cover a fifth of them, the worst case of where rows lie: scattered over the whole
// file. Checks its answer by the rule that made the data, then says the seconds (and those of
// the processor) of a judgement that changes nothing, one after lists came, the same again, and
// one after they went. Usage: bench_judge [N].

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include "base/check.h"
#include "noise/noise.h"
#include "store/noise_store.h"
#include "store/store.h"

namespace spoor {
namespace {

constexpr int kIndicators = 20'000;

std::string value_of(int number) {
  return "host" + std::to_string(number) +
         (number % 5 == 0 ? ".partner.example" : ".evil.example");
}

template <typename T>
T good(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench_judge: %s\n", result.error().message.c_str());
    std::exit(2);
  }
  return std::move(*result);
}
void good(Status status) {
  if (status) return;
  std::fprintf(stderr, "bench_judge: %s\n", status.error().message.c_str());
  std::exit(2);
}

void make(const std::string& path, std::size_t sightings) {
  auto store = good(Store::open(path, Store::Mode::kReadWrite));
  auto ingest = good(store->begin_ingest("file:bench", "file", Quarantine::kApply));
  std::vector<Claim> claims(kIndicators);
  for (int i = 0; i < kIndicators; ++i) {
    claims[static_cast<std::size_t>(i)].observable = {IndicatorType::kHostname, value_of(i)};
    claims[static_cast<std::size_t>(i)].raw = value_of(i);
  }
  good(ingest->add_claims(claims));
  good(ingest->finish());
  ingest.reset();
  const HuntId hunt = good(store->begin_hunt({}));
  std::vector<Sighting> batch;
  for (std::size_t i = 0; i < sightings; ++i) {
    Sighting made;
    made.observable = {IndicatorType::kHostname,
                       value_of(static_cast<int>(i * 7919 % kIndicators))};
    made.file = made.absolute_path = "/var/log/proxy-" + std::to_string(i / 100'000) + ".log";
    made.line = made.event_offset = i;
    made.event_digest = xxh3_128(std::to_string(i));
    made.match = made.observable.value;
    made.grade = Grade::kExact;
    made.rule = "D1";
    made.host = "host" + std::to_string(i % 50);
    made.event_text = "2026-11-24T10:54:14Z proxy CONNECT " + made.match + ":443 200 1234 5678";
    batch.push_back(std::move(made));
    if (batch.size() == 50'000 || i + 1 == sightings) {
      good(store->record_sightings(hunt, batch));
      batch.clear();
    }
  }
  HuntSummary summary;
  summary.lines = sightings * 1000;
  good(store->finish_hunt(hunt, summary));
}

std::unique_ptr<const Noise> judge_of(bool with_lists) {
  NoiseInputs inputs;
  if (with_lists) {
    WarningList list;
    list.name = "Partners";
    list.kind = ListKind::kHostname;
    list.entries = {"partner.example"};
    // Weight: a list as long as MISP's longer ones.
    WarningList top;
    top.name = "Top sites";
    for (int i = 0; i < 100'000; ++i)
      top.entries.push_back("site" + std::to_string(i) + ".example");
    inputs.lists = {std::move(list), std::move(top)};
  }
  Tally refused;
  return Noise::build(std::move(inputs), refused);
}

/// Seconds on the clock, and of the processor: a busy machine shows in the first only.
struct Seconds {
  double wall, cpu;
};

Seconds judged(const std::string& path, bool with_lists, std::uint64_t sightings,
               std::uint64_t changed) {
  const auto begun = std::chrono::steady_clock::now();
  const std::clock_t cpu_begun = std::clock();
  const auto noise = judge_of(with_lists);
  auto store = good(NoiseStore::open(path, Database::Access::kReadWrite));
  const std::uint64_t events = good(store->all_events());
  std::uint64_t suppressed = 0;
  const JudgeCounts counts = good(store->judge([&](SightingGroup& group) {
    const Judgement alone = noise->of_observable(group.observable);
    Noise::Event event;
    event.grade = group.grade;
    event.match_rule = group.rule;
    event.flow = group.flow;
    event.volume = group.volume;
    event.all_events = events;
    Judgement judgement = noise->judge(group.observable, alone, event);
    group.verdict = judgement.verdict;
    group.reason = std::move(judgement.reason);
    if (group.verdict == Verdict::kSuppressed) suppressed += group.sightings;
  }));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  SPOOR_CHECK(counts.sightings == sightings);
  SPOOR_CHECK(counts.changed == changed);
  SPOOR_CHECK(suppressed == (with_lists ? sightings / 5 : 0));
  return {took.count(),
          static_cast<double>(std::clock() - cpu_begun) / static_cast<double>(CLOCKS_PER_SEC)};
}

}  // namespace
}  // namespace spoor

int main(int argc, char** argv) {
  const std::uint64_t sightings =
      argc > 1 ? std::strtoull(argv[1], nullptr, 10) / 20'000 * 20'000 : 1'000'000;
  std::string folder = (std::filesystem::temp_directory_path() / "spoor-judge-XXXXXX").string();
  if (sightings == 0 || ::mkdtemp(folder.data()) == nullptr) return 2;
  const std::string path = folder + "/spoor.db";
  spoor::make(path, sightings);
  const auto first = spoor::judged(path, false, sightings, 0);
  const auto came = spoor::judged(path, true, sightings, sightings / 5);
  const auto again = spoor::judged(path, true, sightings, 0);
  const auto went = spoor::judged(path, false, sightings, sightings / 5);
  std::printf("%llu sightings of %d indicators, file of %llu MiB\n",
              static_cast<unsigned long long>(sightings), spoor::kIndicators,
              static_cast<unsigned long long>(std::filesystem::file_size(path) >> 20));
  const auto say = [](const char* what, const auto& seconds) {
    std::printf("%-20s %.2f s, cpu %.2f s\n", what, seconds.wall, seconds.cpu);
  };
  say("nothing changes", first);
  say("lists came, a fifth", came);
  say("the same again", again);
  say("lists went, a fifth", went);
  std::filesystem::remove_all(folder);
  return 0;
}
