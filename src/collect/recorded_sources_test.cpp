// Real events of MISP, bundles of STIX, OpenIOC documents and reports, where they are:
// $SPOOR_SHARED or ../shared beside the project.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "base/temporary_folder.h"
#include "collect/import.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;

struct Totals {
  int files = 0;
  std::uint64_t rows = 0, refused = 0;
  friend bool operator==(const Totals&, const Totals&) = default;
};

std::ostream& operator<<(std::ostream& out, const Totals& totals) {
  return out << totals.files << " files, " << totals.rows << " rows, " << totals.refused
             << " refused";
}

TEST(RecordedSources, every_file_of_a_source_is_read_as_what_it_is) {
  const char* set = std::getenv("SPOOR_SHARED");
  const fs::path top = fs::path(set != nullptr ? set : "../shared") / "corpus/iocs";
  if (!fs::exists(top)) GTEST_SKIP() << "no lists at " << top;
  const TemporaryFolder folder;
  std::map<std::string, Totals> found;
  {
    auto store = Store::open(folder / "spoor.db", Store::Mode::kReadWrite);
    ASSERT_TRUE(store) << store.error().message;
    for (const char* source : {"eset-misp", "mandiant-openioc", "stix2", "tweetfeed"}) {
      std::vector<fs::path> files;
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top / source)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
      std::sort(files.begin(), files.end());
      for (const fs::path& file : files) {
        const auto report = import_file(**store, file.string(), {});
        if (!report) {
          // A feed's own lists of what it has.
          const std::string name = file.filename().string();
          EXPECT_TRUE(name == "manifest.json.zst" || name == "hashes.csv.zst")
              << report.error().message;
          continue;
        }
        if (report->format == "csv" || report->format == "list") continue;
        Totals& totals = found[std::string(source) + " " + report->format];
        ++totals.files;
        totals.rows += report->rows;
        totals.refused += report->refused.total();
        EXPECT_FALSE(report->incomplete) << file;
        const auto again = import_file(**store, file.string(), {});
        ASSERT_TRUE(again) << file;
        EXPECT_FALSE(again->counts.changed()) << file << ": the second import changes nothing";
      }
    }
  }
  const std::map<std::string, Totals> expect = {
      {"eset-misp misp", {14, 2'064, 1}},         {"eset-misp text", {28, 1'048, 0}},
      {"mandiant-openioc openioc", {24, 625, 0}}, {"stix2 stix", {26, 3'579, 1}},
      {"tweetfeed misp", {1, 1'638, 0}},          {"tweetfeed stix", {4, 2'826, 0}},
  };
  for (const auto& [name, totals] : found) std::cout << "  " << name << ": " << totals << "\n";
  EXPECT_EQ(found, expect);
}

}  // namespace
}  // namespace spoor
