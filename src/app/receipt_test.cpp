// A hunt with a receipt, and the receipt verified, over every kind of input: sums close, and
// everything is true; then the files change.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "app/hunt_receipt.h"
#include "hunt/store_sink.h"
#include "hunt/verify.h"
#include "io/pack.h"
#include "io/test_support.h"

namespace spoor {
namespace {

const std::string kLog =
    "one\nquery: cdn.evil.example A\nGET /?u=http%3A%2F%2Fevil.example%2F\n";

class Receipts : public testing::Test {
 protected:
  void SetUp() override {
    SnapshotBuilder builder;
    builder.add(1, {IndicatorType::kDomain, "evil.example"});
    for (const Observable& canary : canary_observables({}, {})) builder.add(kCanaryId, canary);
    auto snapshot = Snapshot::from_bytes(*builder.finish({}, 1));
    ASSERT_TRUE(snapshot.has_value());
    set_.snapshot = *std::move(snapshot);
    set_.canaries = canaries_of(*set_.snapshot);
  }

  /// Hunts the folder `logs` and leaves r.json.
  HuntTotals hunt(StreamOptions stream = {}, const std::stop_token& stop = {}) {
    HuntOptions options;
    options.paths = {folder_ / "logs"};
    options.stream = stream;
    options.canaries = set_.canaries;
    const std::vector<std::string> words = {"--receipt", folder_ / "r.json"};
    constexpr OptionRow kRows[] = {{"receipt", '\0', "FILE", ""}};
    auto receipt = begin_receipt(*parse_options(words, kRows), set_, "store.db", options);
    EXPECT_TRUE(receipt.has_value());
    FindingSink* const sinks[] = {receipt->sink()};
    const StoryLookup lookup = [](IndicatorIndex) {
      auto story = std::make_shared<IndicatorStory>();
      story->observable = {IndicatorType::kDomain, "evil.example"};
      return std::shared_ptr<const IndicatorStory>(std::move(story));
    };
    const auto totals =
        Hunt(set_.snapshot->matcher(), lookup, clock_, options).run(sinks, stop);
    EXPECT_TRUE(totals.has_value()) << (totals ? "" : totals.error().message);
    return totals ? *totals : HuntTotals{};
  }

  VerifyTotals verified(std::size_t batch = 20'000) {
    untrue_.clear();
    VerifyOptions options;
    options.directory = folder_.path();
    options.batch = batch;
    const auto totals = verify(folder_ / "r.json", options, clock_, [&](const Untruth& row) {
      untrue_ += std::string(row.what) + " " +
                 std::filesystem::path(row.file).filename().string() + " " +
                 std::string(name_of(row.truth)) + ": " + row.reason + "\n";
      return Status{};
    });
    EXPECT_TRUE(totals.has_value()) << (totals ? "" : totals.error().message);
    return totals ? *totals : VerifyTotals{};
  }

  TemporaryFolder folder_;
  IndicatorSet set_;
  FixedClock clock_{parse_iso8601("2026-11-24T10:00:00Z")->time};
  std::string untrue_;
};

struct Input {
  const char* name;
  std::string bytes;
  bool complete;
};

std::string broken_checksum(std::string bytes) {
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);
  return bytes;
}

TEST_F(Receipts, sums_close_and_all_is_true_for_every_kind_of_input) {
  std::string damaged = packed(Pack::kZipStored, {{"a.log", kLog}, {"b.log", kLog}});
  damaged[damaged.find("one\n")] = 'O';
  const std::string long_token(70'000, 'a');
  const std::string split = gzip(kLog.substr(0, 12)) + gzip(kLog.substr(12));
  const Input inputs[] = {
      {"plain", kLog, true},
      {"empty", "", true},
      {"no_line_end", "evil.example", true},
      {"gzip_of_two_members", split, true},
      {"gzip_of_nothing", gzip(""), true},
      {"truncated", split.substr(0, split.size() - 5), false},
      {"crc_broken", broken_checksum(gzip(kLog)), false},
      {"garbage_behind", gzip(kLog) + "garbage", false},
      {"zeros_behind", gzip(kLog) + std::string(64, '\0'), true},
      {"zstd", zstd(kLog), true},
      {"xz", xz(kLog), true},
      {"bzip2", bzip2(kLog), true},
      {"lz4", lz4(kLog), true},
      {"zip", packed(Pack::kZip, {{"a!.log", kLog}, {"b%.log", kLog}}), true},
      {"zip_with_damaged_member", damaged, false},
      {"zip_behind_something", "junk" + packed(Pack::kZip, {{"a.log", kLog}}), true},
      {"zip_cut", packed(Pack::kZip, {{"a.log", kLog}}).substr(0, 60), false},
      {"encrypted", packed(Pack::kZip, {{"a.log", kLog}}, "secret"), false},
      {"tar", packed(Pack::kTar, {{"a.log", kLog}, {"b.log", gzip(kLog)}}), true},
      {"tar_with_link", packed(Pack::kTar, {{"a.log", kLog}, {"l", "", "a.log"}}), true},
      {"tar_cut", packed(Pack::kTar, {{"a.log", kLog}}).substr(0, 540), false},
      {"tar_gz", gzip(packed(Pack::kTar, {{"a.log", kLog}})), true},
      {"7z", packed(Pack::k7z, {{"a.log", kLog}}), true},
      {"nested", packed(Pack::kZip, {{"in.zip", packed(Pack::kZip, {{"a.log", kLog}})}}), true},
      {"utf16", "\xff\xfe" + utf16(kLog), true},
      {"endless_line", std::string(300'000, ' ') + kLog, true},
      {"endless_token", long_token + " evil.example\n", true},
      {"binary", std::string("\0\1\2evil.example\0", 16), true},
  };
  for (const Input& input : inputs) {
    for (const std::size_t chunk_bytes : {std::size_t{1} << 20, std::size_t{256}}) {
      std::filesystem::remove_all(folder_ / "logs");
      folder_.write(std::string("logs/") + input.name, input.bytes);
      StreamOptions stream;
      stream.chunk_bytes = chunk_bytes;
      const HuntTotals totals = hunt(stream);
      const std::string where = std::string(input.name) + " " + std::to_string(chunk_bytes);
      EXPECT_TRUE(totals.closes) << where;
      EXPECT_EQ(totals.complete, input.complete) << where;
      EXPECT_EQ(totals.bytes_on_disk, input.bytes.size()) << where;
      EXPECT_EQ(totals.bytes_on_disk, totals.bytes_read + totals.bytes_unread) << where;
      EXPECT_EQ(totals.bytes_decoded, totals.bytes_scanned + totals.bytes_skipped) << where;
      EXPECT_TRUE(totals.canary.is_sound()) << where;
      EXPECT_GT(totals.canary.planted, 0u) << where;
      EXPECT_TRUE(verified().all_true()) << where << "\n" << untrue_;
    }
  }
}

TEST_F(Receipts, lines_and_tokens_over_their_limits_close_too) {
  folder_.write("logs/tokens", "evil.example " + std::string(5000, 'a') + "\n" +
                                   std::string(9000, 'b') + " evil.example\n");
  folder_.write("logs/words", [] {
    std::string text;
    for (int i = 0; i < 3000; ++i) text += "word ";
    return text + "evil.example";
  }());
  StreamOptions stream;
  stream.chunk_bytes = 256;
  stream.line_limit = 1024;
  stream.overlap = stream.token_limit = 128;
  const HuntTotals totals = hunt(stream);
  EXPECT_TRUE(totals.closes);
  EXPECT_GT(totals.bytes_skipped, 10'000u);
  EXPECT_EQ(totals.bytes_decoded, totals.bytes_scanned + totals.bytes_skipped);
}

TEST_F(Receipts, a_bomb_is_stopped_and_the_rest_of_it_is_unread_or_read_with_a_reason) {
  folder_.write("logs/bomb.gz", gzip(std::string(4 << 20, 'x')));
  folder_.write("logs/bomb.zip", packed(Pack::kZip, {{"a", std::string(4 << 20, 'x')},
                                                     {"b", std::string(4 << 20, 'y')}}));
  StreamOptions stream;
  stream.decoded_limit = 1 << 20;
  const HuntTotals totals = hunt(stream);
  EXPECT_FALSE(totals.complete);
  EXPECT_TRUE(totals.closes);
  EXPECT_EQ(totals.bytes_on_disk, totals.bytes_read + totals.bytes_unread);
  EXPECT_TRUE(verified().all_true()) << untrue_;
}

TEST_F(Receipts, a_stopped_hunt_has_a_receipt_that_closes) {
  for (int i = 0; i < 50; ++i) folder_.write("logs/" + std::to_string(i), kLog);
  std::stop_source stop;
  stop.request_stop();
  const HuntTotals totals = hunt({}, stop.get_token());
  EXPECT_TRUE(totals.interrupted);
  EXPECT_TRUE(totals.closes);
  EXPECT_FALSE(totals.complete);
}

TEST_F(Receipts, entries_in_many_batches_are_all_looked_at) {
  for (int i = 0; i < 20; ++i) folder_.write("logs/" + std::to_string(i), kLog);
  hunt();
  const VerifyTotals totals = verified(3);
  EXPECT_TRUE(totals.all_true()) << untrue_;
  EXPECT_EQ(totals.counts.at("file")[0], 20u);
  EXPECT_EQ(totals.counts.at("sighting")[0], 40u);
}

TEST_F(Receipts, what_happened_to_the_files_is_named) {
  struct Case {
    const char* name;
    void (*change)(const TemporaryFolder&);
    const char* said;  // part of it
  };
  const Case cases[] = {
      {"removed", [](const TemporaryFolder& f) { std::filesystem::remove(f / "logs/a.log"); },
       "file a.log missing: is not there"},
      {"a byte of the match",
       [](const TemporaryFolder& f) {
         std::string text = kLog;
         text[text.find("evil")] = 'E';
         f.write("logs/a.log", text);
       },
       "sighting a.log missing: no such event"},
      {"a byte elsewhere",
       [](const TemporaryFolder& f) {
         std::string text = kLog;
         text[0] = 'x';
         f.write("logs/a.log", text);
       },
       "file a.log changed: digest: found xxh3-128:"},
      {"grown", [](const TemporaryFolder& f) { f.write("logs/a.log", kLog + "more\n"); },
       "file a.log changed: grown to 72 bytes; the first 67 are as they were"},
      {"cut", [](const TemporaryFolder& f) { f.write("logs/a.log", kLog.substr(0, 40)); },
       "file a.log changed: size: found 40, the receipt says 67"},
      {"another kind",
       [](const TemporaryFolder& f) {
         std::filesystem::remove(f / "logs/a.log");
         ASSERT_EQ(::mkfifo((f / "logs/a.log").c_str(), 0600), 0);
       },
       "file a.log unchecked: is no regular file"},
      {"touched",
       [](const TemporaryFolder& f) {
         std::filesystem::last_write_time(
             f / "logs/a.log",
             std::filesystem::file_time_type::clock::now() - std::chrono::hours(100));
       },
       "file a.log changed: modified: found "},
  };
  for (const Case& each : cases) {
    std::filesystem::remove_all(folder_ / "logs");
    folder_.write("logs/a.log", kLog);
    folder_.write("logs/b.log", kLog);
    hunt();
    EXPECT_TRUE(verified().all_true()) << each.name << untrue_;
    each.change(folder_);
    EXPECT_FALSE(verified().all_true()) << each.name;
    EXPECT_NE(untrue_.find(each.said), std::string::npos) << each.name << "\n" << untrue_;
    EXPECT_EQ(untrue_.find("b.log"), std::string::npos) << each.name << "\n" << untrue_;
  }
}

TEST_F(Receipts, a_canary_that_is_not_found_is_an_error_in_words) {
  CanaryResult result;
  result.planted = 5;
  result.found = 5;
  EXPECT_EQ(canary_error(result), "");
  result.found = 4;
  EXPECT_NE(canary_error(result).find("4 of 5"), std::string::npos);
  HuntTotals totals;
  totals.canary = result;
  totals.found = 1;
  EXPECT_EQ(totals.exit_status(), 2);
}

}  // namespace
}  // namespace spoor
