#include "hunt/indicator_set.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace spoor {
namespace {

/// A store in a folder of its own.
class IndicatorSets : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "spoor-set-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto store = Store::open((folder_ / "spoor.db").string(), Store::Mode::kReadWrite);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    path_ = snapshot_path((folder_ / "spoor.db").string());
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void add(IndicatorType type, const std::string& value) {
    auto ingest = store_->begin_ingest("test", "file", Quarantine::kRelease);
    ASSERT_TRUE(ingest) << ingest.error().message;
    Claim claim;
    claim.observable = {type, value};
    claim.raw = value;
    const Claim claims[] = {claim};
    ASSERT_TRUE((*ingest)->add_claims(claims));
    ASSERT_TRUE((*ingest)->commit());
  }

  IndicatorSet load(const IndicatorFilter& filter = {}, bool file = true) {
    auto set = load_indicators(*store_, filter, file ? path_ : std::string());
    EXPECT_TRUE(set) << (set ? "" : set.error().message);
    return set ? *std::move(set) : IndicatorSet();
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
  std::string path_;
};

TEST_F(IndicatorSets, are_left_beside_the_store_and_used_again) {
  add(IndicatorType::kDomain, "lure.test");
  EXPECT_EQ(load().size(), 1u);
  const auto written = std::filesystem::last_write_time(path_);
  const IndicatorSet again = load();
  EXPECT_TRUE(again.mapped);
  EXPECT_EQ(std::filesystem::last_write_time(path_), written);
  EXPECT_TRUE(again.snapshot->verify());
}

TEST_F(IndicatorSets, are_compiled_anew_when_the_store_has_changed) {
  add(IndicatorType::kDomain, "lure.test");
  load();
  add(IndicatorType::kIpv4, "203.0.113.7");
  EXPECT_EQ(load().size(), 2u);
}

TEST_F(IndicatorSets, put_networks_last_and_the_longest_first) {
  add(IndicatorType::kCidr, "203.0.113.0/24");
  add(IndicatorType::kCidr, "203.0.113.0/28");
  add(IndicatorType::kDomain, "lure.test");
  const IndicatorSet set = load();
  ASSERT_EQ(set.size(), 3u);
  EXPECT_EQ(set.snapshot->index().at(0).value, "lure.test");
  EXPECT_EQ(set.snapshot->index().at(1).value, "203.0.113.0/28");
  EXPECT_EQ(set.snapshot->index().at(2).value, "203.0.113.0/24");
}

TEST_F(IndicatorSets, keep_a_filter_in_memory) {
  add(IndicatorType::kDomain, "lure.test");
  add(IndicatorType::kIpv4, "203.0.113.7");
  IndicatorFilter filter;
  filter.types = {IndicatorType::kIpv4};
  const IndicatorSet set = load(filter, false);
  EXPECT_EQ(set.size(), 1u);
  EXPECT_FALSE(set.mapped);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(IndicatorSets, replace_a_damaged_file_and_say_so) {
  add(IndicatorType::kDomain, "lure.test");
  load();
  std::filesystem::resize_file(path_, 100);
  const IndicatorSet set = load();
  EXPECT_NE(set.note.find("compiled anew"), std::string::npos) << set.note;
  EXPECT_EQ(set.size(), 1u);
  EXPECT_TRUE(load().note.empty());
}

TEST_F(IndicatorSets, that_are_not_sound_let_nothing_through) {
  struct Counting final : FindingSink {
    int calls = 0;
    Status begin(const HuntStart&) override { return ++calls, Status(); }
    Status take(std::span<Sighting>, std::span<const FindingDetail>) override {
      return ++calls, Status();
    }
    Status finish(const HuntTotals&) override { return ++calls, Status(); }
  } counting;
  VerifiedSink damaged(counting, [] { return Status(fail("damaged")); });
  EXPECT_TRUE(damaged.begin({}));
  EXPECT_FALSE(damaged.take({}, {}));
  EXPECT_FALSE(damaged.finish({}));
  EXPECT_EQ(counting.calls, 0);
  VerifiedSink sound(counting, [] { return Status(); });
  EXPECT_TRUE(sound.begin({}));
  EXPECT_TRUE(sound.take({}, {}));
  EXPECT_TRUE(sound.finish({}));
  EXPECT_EQ(counting.calls, 3);
}

}  // namespace
}  // namespace spoor
