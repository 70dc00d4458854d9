// Recorded replies of the service and other vendors' mocks, where they are: $SPOOR_SHARED or
// ../shared beside the project.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

namespace fs = std::filesystem;

std::string fixtures() {
  const char* set = std::getenv("SPOOR_SHARED");
  return std::string(set != nullptr ? set : "../shared") + "/fixtures/otx/";
}

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Recorded, every_feed_parses_whole) {
  if (!fs::exists(fixtures())) GTEST_SKIP() << "no recorded replies at " << fixtures();
  const struct {
    const char* file;
    std::size_t pulses, rows;  // rows: in pulses and without
  } kFeeds[] = {
      {"recorded-2017-2022/pulses_subscribed.json", 2, 36},
      {"recorded-2017-2022/pulses_activity_p1.json", 10, 0},
      {"recorded-2017-2022/pulses_id.json", 1, 13},
      {"recorded-2017-2022/pulses_id_indicators_p1.json", 0, 10},
      {"recorded-2018-pulses/pulses_even50.json", 50, 6'864},
      {"docs-examples/pulses_subscribed.json", 0, 0},
      {"docs-examples/pulses_create_request.json", 0, 0},
      {"docs-examples/pulses_create_response.json", 0, 0},
      {"docs-examples/indicators_export.json", 0, 3},
      {"vendor-mocks/elastic_pulses_subscribed_p1.json", 0, 0},
      {"vendor-mocks/elastic_pulses_subscribed_p2_empty.json", 0, 0},
      {"vendor-mocks/elastic_indicators_export_p1.json", 0, 2},
      {"vendor-mocks/elastic_indicators_export_p2_empty.json", 0, 0},
  };
  for (const auto& feed : kFeeds) {
    const std::string text = slurp(fixtures() + feed.file);
    ASSERT_FALSE(text.empty()) << feed.file;
    EXPECT_EQ(detected(std::string_view(text).substr(0, 64 << 10), feed.file), "otx")
        << feed.file;
    const ReadResult result = read_as("otx", text);
    ASSERT_TRUE(result.status) << feed.file << ": " << result.status.error().message;
    EXPECT_TRUE(result.damaged.empty()) << feed.file;
    EXPECT_FALSE(result.incomplete) << feed.file;
    std::size_t rows = result.rows.size();
    for (const Pulse& pulse : result.pulses) {
      rows += pulse.indicators.size();
      EXPECT_FALSE(pulse.name.empty()) << feed.file;
      EXPECT_FALSE(pulse.author.empty()) << feed.file;
      EXPECT_TRUE(pulse.modified && pulse.created) << feed.file;
    }
    std::printf("  %-55s %2zu pulses %5zu rows %zu notes\n", feed.file, result.pulses.size(),
                rows, static_cast<std::size_t>(result.notes.total()));
    if (feed.pulses != 0) {
      EXPECT_EQ(result.pulses.size(), feed.pulses) << feed.file;
    }
    if (feed.rows != 0) {
      EXPECT_EQ(rows, feed.rows) << feed.file;
    }
  }
}

TEST(Recorded, what_is_no_feed_is_told_so) {
  if (!fs::exists(fixtures())) GTEST_SKIP() << "no recorded replies at " << fixtures();
  int told = 0;
  for (const char* folder : {"recorded-2017-2022", "recorded-2022", "recorded-2025",
                             "vendor-mocks", "docs-examples"}) {
    for (const auto& entry : fs::directory_iterator(fixtures() + folder)) {
      const std::string name = entry.path().filename().string();
      const bool lookup =
          name.rfind("indicators_", 0) == 0 && name.find("_general") != std::string::npos;
      const bool other = name == "pulses_events.json" || name == "users_me.json" ||
                         name == "pulses_subscribed_pulse_ids.json" ||
                         name.rfind("schema_", 0) == 0 ||
                         name == "pulses_indicators_types.json";
      if (!lookup && !other) continue;
      const ReadResult result = read_as("otx", slurp(entry.path().string()));
      ASSERT_FALSE(result.status) << name;
      EXPECT_NE(result.status.error().message.find("expected pulses or indicators"),
                std::string::npos)
          << name;
      if (lookup) {
        EXPECT_EQ(result.status.error().message.find("a lookup reply"), 0u)
            << name << ": " << result.status.error().message;
      }
      EXPECT_TRUE(result.pulses.empty() && result.rows.empty()) << name;
      ++told;
    }
  }
  EXPECT_GE(told, 12);
}

}  // namespace
}  // namespace spoor
