// Recorded replies of the service, where they are: $SPOOR_SHARED or ../shared beside the
// project.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/ascii.h"
#include "base/temporary_folder.h"
#include "collect/import.h"
#include "feeds/otx.h"
#include "io/source.h"

namespace spoor {
namespace {

std::string shared_file(const std::string& relative) {
  const char* set = std::getenv("SPOOR_SHARED");
  return std::string(set != nullptr ? set : "../shared") + "/" + relative;
}

TEST(RecordedImport,
     pulses_of_2018_are_one_observable_an_id_and_the_second_import_changes_nothing) {
  const std::string path = shared_file("fixtures/otx/recorded-2018-pulses/pulses_even50.json");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no recorded pulses at " << path;
  const auto text = read_whole(path, 1 << 30);
  ASSERT_TRUE(text);
  std::set<std::int64_t> ids;
  std::set<std::pair<std::string, std::string>> values;
  std::uint64_t rows = 0, pulses = 0;
  const auto summary = read_otx(*text, "2018", [&](Page&& page) -> Status {
    EXPECT_TRUE(page.damaged.empty());
    for (const Pulse& pulse : page.pulses) {
      ++pulses;
      for (const RawIndicator& row : pulse.indicators) {
        ++rows;
        ids.insert(row.source_id);
        values.insert({row.type, row.value});
      }
    }
    return {};
  });
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(pulses, 50u);
  EXPECT_EQ(rows, 6'864u);
  EXPECT_EQ(ids.size(), values.size());

  const TemporaryFolder folder;
  {
    auto store = Store::open(folder / "spoor.db", Store::Mode::kReadWrite);
    ASSERT_TRUE(store) << store.error().message;
    ImportOptions options;
    options.quarantine = Quarantine::kRelease;
    const auto first = import_file(**store, path, options);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->pulses, 50u);
    EXPECT_EQ(first->rows, 6'864u);
    EXPECT_EQ(first->accepted + first->refused.total(), 6'864u);
    for (const auto& entry : first->refused.entries()) {
      std::printf("  refused %llu: %s %s, e.g. %s\n",
                  static_cast<unsigned long long>(entry.count), entry.rule.c_str(),
                  entry.reason.c_str(), entry.examples.front().value.c_str());
    }
    const auto before = (*store)->counts();
    const std::int64_t generation = (*store)->identity().generation;
    ASSERT_TRUE(before);
    EXPECT_EQ(before->pulses, 50u);
    EXPECT_EQ(before->observables + first->refused.total(), ids.size());
    const auto second = import_file(**store, path, options);
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_FALSE(second->counts.changed());
    EXPECT_EQ(second->counts.pulses_same, 50u);
    EXPECT_EQ((*store)->identity().generation, generation);
    EXPECT_EQ((*store)->counts()->claims, before->claims);
  }
}

}  // namespace
}  // namespace spoor
