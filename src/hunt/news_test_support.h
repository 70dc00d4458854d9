// What the tests of --new and --follow share: a folder of logs, hunted again and again, with
// rows that are kept as a store would keep them.

#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "hunt/fake_matcher.h"
#include "hunt/news.h"
#include "io/test_support.h"

namespace spoor {

namespace fs = std::filesystem;

inline const std::vector<std::string> kWords = {"evil", "bad", "later"};

inline Result<std::shared_ptr<const IndicatorStory>> look_up(IndicatorIndex indicator) {
  auto story = std::make_shared<IndicatorStory>();
  const auto at = static_cast<std::size_t>(indicator);
  story->id = ObservableId{static_cast<std::int64_t>(at) + 1};
  story->observable = {IndicatorType::kDomain, kWords.at(at)};
  return std::shared_ptr<const IndicatorStory>(std::move(story));
}

/// Writes down what is found: "line:word@offset".
class Notes final : public FindingSink {
 public:
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail>) override {
    for (const Sighting& each : sightings)
      all.push_back(std::to_string(each.line) + ":" + each.observable.value + "@" +
                    std::to_string(each.event_offset));
    return {};
  }
  std::vector<std::string> all;
};

using Found = std::vector<std::string>;

class NewsTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ / name; }
  void append(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::app | std::ios::binary) << text;
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::binary) << text;
  }

  SetAges ages() const {
    const auto count = static_cast<std::uint32_t>(indicators_);
    return SetAges(
        {static_cast<std::int64_t>(indicators_), static_cast<std::int64_t>(indicators_), {}},
        SetAges::Kind::kObservables, count,
        [](std::uint32_t at) { return std::int64_t{at} + 1; }, {});
  }

  std::unique_ptr<News> news() { return news(clock_); }
  std::unique_ptr<News> news(const Clock& clock) {
    const auto save = [this](std::span<Progress> rows) -> Status {
      ++saves_;
      for (Progress& row : rows) {
        if (row.id == 0) row.id = ++last_id_;
        for (auto& [id, other] : rows_) {
          if (id != row.id && other.device == row.device && other.inode == row.inode)
            other.device = other.inode = 0;
        }
        rows_[row.id] = row;
      }
      return {};
    };
    const auto grow = [this](const GrownEvent& event) -> Status {
      grown_.push_back(event);
      return {};
    };
    std::vector<Progress> rows;
    for (const auto& [id, each] : rows_) rows.push_back(each);
    return std::make_unique<News>(std::move(rows), ages(), save, grow, clock);
  }

  FakeMatcher matcher() const {
    return FakeMatcher(
        {kWords.begin(), kWords.begin() + static_cast<std::ptrdiff_t>(indicators_)});
  }

  HuntOptions options(News& news) const {
    HuntOptions options;
    options.paths = {folder_.path()};
    options.threads = 2;
    options.stream.chunk_bytes = 64;
    options.news = &news;
    return options;
  }

  Found hunt() {
    const auto table = news();
    table->set_checkpoint(checkpoint_);
    const FakeMatcher words = matcher();
    Notes notes;
    FindingSink* sinks[] = {&notes};
    const auto totals = Hunt(words, look_up, clock_, options(*table)).run(sinks);
    EXPECT_TRUE(totals);
    if (totals) totals_ = *totals;
    return std::move(notes.all);
  }

  std::uint64_t files(NewsKind kind) const {
    return totals_.by_news[static_cast<std::size_t>(kind)];
  }

  TemporaryFolder folder_;
  SystemClock clock_;
  std::size_t indicators_ = 2;
  std::map<std::int64_t, Progress> rows_;
  std::int64_t last_id_ = 0;
  std::vector<GrownEvent> grown_;
  HuntTotals totals_;
  int saves_ = 0;
  std::uint64_t checkpoint_ = News::kCheckpointBytes;
};

}  // namespace spoor
