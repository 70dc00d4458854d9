#include <gtest/gtest.h>

#include "store/store_test_support.h"

namespace spoor {
namespace {

constexpr Time kNow{std::chrono::hours(500'000)};

Progress made(const std::string& path, std::uint64_t inode) {
  Progress row;
  row.path = path;
  row.device = 3;
  row.inode = inode;
  row.size = 1234;
  row.modified_ns = -5;
  row.changed_ns = 77;
  row.settled = true;
  row.form = 1;
  row.seen = 900;
  row.upto = 800;
  row.line = 17;
  row.encoding = TextEncoding::kUtf16le;
  row.format = "zeek";
  row.headers = "#fields\ta\n";
  row.open_path = std::string("/log\xff", 5);
  row.open_offset = 800;
  row.open_digest = xxh3_128("open");
  row.head = xxh3_128("head");
  row.content = xxh3_128("content");
  row.disk = xxh3_128("disk");
  row.mark = {4, 99, xxh3_128("set")};
  row.met = kNow;
  return row;
}

std::vector<Progress> rows_of(Store& store, const Digest128& scope) {
  std::vector<Progress> rows;
  EXPECT_TRUE(
      store.for_each_progress(scope, [&](Progress&& row) { rows.push_back(std::move(row)); }));
  return rows;
}

TEST(store_progress, comes_back_as_it_was_and_by_scope) {
  const TemporaryFolder folder;
  const auto store = open_store(folder / "s.db");
  Progress rows[] = {made("/a", 1), made("/b", 2)};
  rows[1].headers.reset();
  rows[1].open_path.reset();
  const Digest128 scope = xxh3_128("scope");
  ASSERT_TRUE(store->put_progress(scope, rows, kNow));
  EXPECT_TRUE(rows_of(*store, xxh3_128("another")).empty());
  const auto back = rows_of(*store, scope);
  ASSERT_EQ(back.size(), 2u);
  const Progress& row = back[0];
  EXPECT_EQ(row.id, rows[0].id);
  EXPECT_EQ(row.path, "/a");
  EXPECT_EQ(row.modified_ns, -5);
  EXPECT_EQ(row.settled, true);
  EXPECT_EQ(row.seen, 900u);
  EXPECT_EQ(row.upto, 800u);
  EXPECT_EQ(row.line, 17u);
  EXPECT_EQ(row.encoding, TextEncoding::kUtf16le);
  EXPECT_EQ(row.format, "zeek");
  EXPECT_EQ(row.headers, rows[0].headers);
  EXPECT_EQ(row.open_path, rows[0].open_path);
  EXPECT_EQ(row.open_digest, rows[0].open_digest);
  EXPECT_EQ(row.head, rows[0].head);
  EXPECT_EQ(row.content, rows[0].content);
  EXPECT_EQ(row.disk, rows[0].disk);
  EXPECT_EQ(row.mark, rows[0].mark);
  EXPECT_EQ(row.met, kNow);
  EXPECT_EQ(back[1].headers, std::nullopt);
  EXPECT_EQ(back[1].open_path, std::nullopt);
}

TEST(store_progress, gives_a_file_one_content_and_forgets_what_was_not_met) {
  const TemporaryFolder folder;
  const auto store = open_store(folder / "s.db");
  const Digest128 scope = xxh3_128("scope");
  Progress first[] = {made("/a", 1)};
  ASSERT_TRUE(store->put_progress(scope, first, kNow));
  first[0].seen = 1000;
  ASSERT_TRUE(store->put_progress(scope, first, kNow));  // the same row
  Progress second[] = {made("/a", 1)};
  second[0].met = kNow + std::chrono::hours(1);
  ASSERT_TRUE(store->put_progress(scope, second, kNow));
  auto rows = rows_of(*store, scope);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].inode, 0u);
  EXPECT_EQ(rows[0].seen, 1000u);
  EXPECT_EQ(rows[1].inode, 1u);
  ASSERT_TRUE(store->put_progress(scope, {}, kNow + std::chrono::minutes(1)));
  EXPECT_EQ(rows_of(*store, scope).size(), 1u);
}

TEST(store_progress, knows_what_came_out_of_quarantine_and_when) {
  const TemporaryFolder folder;
  const auto store = open_store(folder / "s.db");
  const auto import = [&](std::vector<Claim> claims, Quarantine quarantine) {
    auto ingest = store->begin_ingest("feed", "file", quarantine);
    ASSERT_TRUE(ingest);
    ASSERT_TRUE((*ingest)->add_claims(claims));
    ASSERT_TRUE((*ingest)->commit());
  };
  import({domain("a.example"), domain("b.example", "too common")}, Quarantine::kApply);
  const auto before = store->indicator_mark();
  ASSERT_TRUE(before);
  EXPECT_EQ(before->last, 2);
  EXPECT_TRUE(store->released()->empty());
  import({domain("b.example")}, Quarantine::kRelease);
  const auto after = store->indicator_mark();
  ASSERT_TRUE(after);
  EXPECT_EQ(after->last, 2);
  EXPECT_GT(after->generation, before->generation);
  const auto released = store->released();
  ASSERT_EQ(released->size(), 1u);
  EXPECT_EQ(released->front().id, ObservableId{2});
  EXPECT_EQ(released->front().generation, after->generation);
}

Sighting sighting(const char* path, std::uint64_t offset, const char* event) {
  Sighting seen;
  seen.observable = {IndicatorType::kDomain, "a.example"};
  seen.file = seen.absolute_path = path;
  seen.event_offset = offset;
  seen.event_digest = xxh3_128(event);
  seen.grade = Grade::kExact;
  seen.rule = "D3";
  return seen;
}

TEST(store_progress, an_event_of_another_file_is_no_news_where_asked) {
  const TemporaryFolder folder;
  const auto store = open_store(folder / "s.db");
  auto ingest = store->begin_ingest("feed", "file", Quarantine::kApply);
  const Claim claims[] = {domain("a.example")};
  ASSERT_TRUE((*ingest)->add_claims(claims));
  ASSERT_TRUE((*ingest)->commit());
  const auto hunt = store->begin_hunt({});
  ASSERT_TRUE(hunt);
  const auto is_new = [&](Sighting seen, NewRule rule) {
    EXPECT_TRUE(store->record_sightings(*hunt, std::span(&seen, 1), rule));
    return seen.is_new;
  };
  EXPECT_TRUE(is_new(sighting("/log", 0, "line"), NewRule::kEvent));
  EXPECT_FALSE(is_new(sighting("/log", 0, "line"), NewRule::kEvent));
  EXPECT_TRUE(is_new(sighting("/log", 10, "line"), NewRule::kEvent));  // the same words later
  EXPECT_FALSE(is_new(sighting("/log.1", 0, "line"), NewRule::kEvent));
  EXPECT_TRUE(is_new(sighting("/log.2", 0, "line"), NewRule::kPlace));

  // A line that goes on keeps its sighting, suppressed until the whole line has it.
  ASSERT_TRUE(store->grow_event("/log", 10, xxh3_128("line"), xxh3_128("line and more")));
  std::vector<StoredSighting> all;
  const auto collect = [&] {
    all.clear();
    EXPECT_TRUE(
        store->for_each_sighting({}, [&](const StoredSighting& each) { all.push_back(each); }));
  };
  collect();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].sighting.verdict, Verdict::kShown);
  EXPECT_EQ(all[1].sighting.verdict, Verdict::kSuppressed);
  EXPECT_EQ(all[1].sighting.event_digest, xxh3_128("line and more"));
  EXPECT_FALSE(is_new(sighting("/log", 10, "line and more"), NewRule::kEvent));
  collect();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[1].sighting.verdict, Verdict::kShown);
}

class StoreWithSighting : public testing::Test {
 protected:
  void SetUp() override {
    auto ingest = store_->begin_ingest("feed", "file", Quarantine::kApply);
    const Claim claims[] = {domain("a.example")};
    ASSERT_TRUE((*ingest)->add_claims(claims));
    ASSERT_TRUE((*ingest)->commit());
    const auto hunt = store_->begin_hunt({});
    ASSERT_TRUE(hunt);
    hunt_ = *hunt;
  }
  Status record(Sighting seen) {
    return store_->record_sightings(hunt_, std::span(&seen, 1), NewRule::kEvent);
  }
  Status put(Progress row, const Digest128& scope) {
    return store_->put_progress(scope, std::span(&row, 1), kNow);
  }
  std::size_t sightings() const { return store_->counts()->sightings; }

  const TemporaryFolder folder_;
  const std::unique_ptr<Store> store_ = open_store(folder_ / "s.db");
  const Digest128 scope_ = xxh3_128("scope");
  HuntId hunt_{};
};

TEST_F(StoreWithSighting, keeps_all_that_is_written_as_one_or_nothing) {
  const auto write = [&]() -> Status {
    EXPECT_TRUE(record(sighting("/log", 0, "line")));
    EXPECT_TRUE(put(made("/log", 1), scope_));
    // Another connection sees nothing of it yet.
    const auto reader = open_store(folder_ / "s.db", Store::Mode::kReadOnly);
    EXPECT_EQ(reader->counts()->sightings, 0u);
    EXPECT_TRUE(rows_of(*reader, scope_).empty());
    return {};
  };
  const auto failed = store_->as_one([&]() -> Status {
    EXPECT_TRUE(write());
    return fail("enough");
  });
  EXPECT_EQ(failed.error().message, "enough");
  EXPECT_EQ(sightings(), 0u);
  EXPECT_TRUE(rows_of(*store_, scope_).empty());
  ASSERT_TRUE(store_->as_one(write));
  EXPECT_EQ(sightings(), 1u);
  EXPECT_EQ(rows_of(*store_, scope_).size(), 1u);
  ASSERT_TRUE(record(sighting("/log", 9, "alone")));  // each for itself again
  EXPECT_EQ(sightings(), 2u);
}

TEST_F(StoreWithSighting, a_part_that_fails_is_undone_alone) {
  ASSERT_TRUE(store_->as_one([&]() -> Status {
    EXPECT_TRUE(put(made("/log", 1), scope_));
    Sighting batch[] = {sighting("/log", 0, "line"), sighting("/log", 9, "line")};
    batch[1].observable.value = "unknown.example";
    EXPECT_FALSE(store_->record_sightings(hunt_, batch));
    return {};
  }));
  EXPECT_EQ(sightings(), 0u);
  EXPECT_EQ(rows_of(*store_, scope_).size(), 1u);
  EXPECT_EQ(
      store_->as_one([&] { return store_->as_one([] { return Status(); }); }).error().message,
      (folder_ / "s.db") + ": an import is under way on this connection");
}

TEST_F(StoreWithSighting, a_line_that_grows_takes_all_rows_with_it) {
  const Digest128 other = xxh3_128("another scope");
  Progress row = made("/log", 1);
  row.open_path = "/log";
  ASSERT_TRUE(record(sighting("/log", row.open_offset, "open")));
  ASSERT_TRUE(put(row, scope_));
  ASSERT_TRUE(put(row, other));
  row.inode = 2;
  row.open_offset = 9;  // another line
  ASSERT_TRUE(put(row, scope_));
  ASSERT_TRUE(store_->grow_event("/log", 800, xxh3_128("open"), xxh3_128("open and more")));
  const auto rows = rows_of(*store_, scope_);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].open_digest, xxh3_128("open and more"));
  EXPECT_EQ(rows[1].open_digest, xxh3_128("open"));
  EXPECT_EQ(rows_of(*store_, other).front().open_digest, xxh3_128("open and more"));
  // Without sightings there is nothing to be known again.
  ASSERT_TRUE(store_->grow_event("/log", 9, xxh3_128("open"), xxh3_128("else")));
  EXPECT_EQ(rows_of(*store_, scope_)[1].open_digest, xxh3_128("open"));
}

}  // namespace
}  // namespace spoor
