// Opening a store: who may read it, what becomes of older ones, what is refused or damaged.

#include "store/store.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/store_test_support.h"

namespace spoor {
namespace {

using Strings = std::vector<std::string>;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}
void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
void run_sql(const std::string& path, const char* sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, &message), SQLITE_OK)
      << (message != nullptr ? message : "");
  sqlite3_free(message);
  sqlite3_close(handle);
}
std::string open_error(const std::string& path, Store::Mode mode = Store::Mode::kReadWrite) {
  auto store = Store::open(path, mode);
  return store ? "opened" : store.error().message;
}
unsigned mode_of(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777;
}

TEST(StoreOpen, creates_folder_and_file_for_their_owner_only) {
  const mode_t before = ::umask(0);
  TemporaryFolder folder;
  const std::string path = folder / "new/deep/spoor.db";
  auto store = open_store(path);
  add_claims(*store, "x", {domain("a.example")});
  EXPECT_EQ(mode_of(folder / "new"), 0700u);
  EXPECT_EQ(mode_of(folder / "new/deep"), 0700u);
  EXPECT_EQ(mode_of(path), 0600u);
  EXPECT_EQ(mode_of(path + "-wal"), 0600u);
  EXPECT_EQ(mode_of(path + "-shm"), 0600u);
  ::umask(before);
}

TEST(StoreOpen, keeps_its_id_and_tells_stores_apart) {
  TemporaryFolder folder;
  const auto id = open_store(folder / "a.db")->identity().id;
  EXPECT_EQ(open_store(folder / "a.db")->identity().id, id);
  EXPECT_NE(open_store(folder / "b.db")->identity().id, id);
}

// Undoes versions 10 and 9.
constexpr const char* kUndoVersion9 =
    "ALTER TABLE sighting ADD COLUMN grade INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sighting ADD COLUMN rule TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sighting ADD COLUMN verdict INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sighting ADD COLUMN reason TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sighting ADD COLUMN host TEXT; ALTER TABLE sighting ADD COLUMN flow INTEGER;"
    "UPDATE sighting SET (grade, rule, verdict, reason, host, flow) = (SELECT j.grade, j.rule, "
    "j.verdict, j.reason, j.host, j.flow FROM judged j WHERE j.observable = "
    "sighting.observable AND j.sighting = sighting.id); DROP TABLE judged;"
    "CREATE INDEX sighting_judged ON sighting(observable, grade, rule, flow, verdict, reason, "
    "host);"
    "DROP TRIGGER warninglist_came; DROP TRIGGER warninglist_changed;"
    "DROP TRIGGER warninglist_went; DROP TRIGGER allow_came; DROP TRIGGER allow_changed;"
    "DROP TRIGGER allow_went; DROP TRIGGER benign_note_came; DROP TRIGGER benign_note_went;"
    "ALTER TABLE warninglist DROP COLUMN etag; ALTER TABLE warninglist DROP COLUMN changed;"
    "ALTER TABLE meta DROP COLUMN noise; PRAGMA user_version = 8";

// Undoes versions 8 to 6.
constexpr const char* kUndoVersion6 =
    "DROP TABLE otx_section; ALTER TABLE feed DROP COLUMN "
    "last_attempt;"
    "ALTER TABLE feed DROP COLUMN last_error;"
    "DROP TRIGGER observable_released; DROP INDEX observable_context;"
    "DROP INDEX sighting_judged; DROP TABLE warninglist; DROP TABLE allow;"
    "DROP TABLE benign_note;"
    "ALTER TABLE observable DROP COLUMN context; ALTER TABLE sighting DROP COLUMN host;"
    "ALTER TABLE sighting DROP COLUMN flow; ALTER TABLE pulse DROP COLUMN pap;"
    "ALTER TABLE claim DROP COLUMN confidence; ALTER TABLE claim DROP COLUMN tlp;"
    "ALTER TABLE claim DROP COLUMN pap; ALTER TABLE claim DROP COLUMN last_said;"
    "ALTER TABLE claim DROP COLUMN malware; ALTER TABLE claim DROP COLUMN adversary;"
    "ALTER TABLE claim DROP COLUMN attack_ids; ALTER TABLE claim DROP COLUMN context;"
    "CREATE TRIGGER observable_released AFTER UPDATE OF quarantine ON observable WHEN "
    "old.quarantine IS NOT NULL AND new.quarantine IS NULL BEGIN INSERT OR REPLACE INTO "
    "released SELECT new.id, generation + 1 FROM meta; END;"
    "PRAGMA user_version = 5";

TEST(StoreOpen, an_older_store_keeps_its_claims_and_sightings) {
  TemporaryFolder folder;
  const std::string path = folder / "old.db";
  std::vector<std::string> before;
  {
    const auto store = open_store(path);
    add_pulse(*store, pulse("p", 10), {domain("a.example"), domain("b.example", "S5")});
    before = dump(*store);
  }
  run_sql(path, kUndoVersion9);
  run_sql(path, kUndoVersion6);
  const auto store = open_store(path);
  EXPECT_EQ(dump(*store), before);
  EXPECT_EQ(values(*store), (std::vector<std::string>{"a.example"}));
  EXPECT_FALSE(add_pulse(*store, pulse("p", 10), {domain("a.example"), domain("b.example")})
                   .claims_changed > 0);
  EXPECT_TRUE(store->check());
}

TEST(StoreOpen, an_older_store_keeps_the_verdicts_of_its_sightings) {
  TemporaryFolder folder;
  const std::string path = folder / "old.db";
  const auto shown = [](Store& store) {
    std::string text;
    EXPECT_TRUE(store.for_each_sighting({}, [&](const StoredSighting& s) {
      const Sighting& each = s.sighting;
      text += std::to_string(s.id) + " " + each.observable.value + " " +
              std::to_string(each.line) + " " + std::string(name_of(each.grade)) + " " +
              each.rule + " " + std::string(name_of(each.verdict)) + " '" + each.reason +
              "' '" + each.host + "' " + std::to_string(static_cast<int>(each.flow)) + " " +
              each.event_text + "\n";
    }));
    return text;
  };
  std::string before;
  {
    const auto store = open_store(path);
    add_pulse(*store, pulse("p", 10), {domain("a.example"), domain("b.example")});
    std::vector<Sighting> found(20);
    for (std::size_t i = 0; i < found.size(); ++i) {
      Sighting& each = found[i];
      each.observable = {IndicatorType::kDomain, i % 3 == 0 ? "b.example" : "a.example"};
      each.file = each.absolute_path = "/log";
      each.line = each.event_offset = i;
      each.event_digest = xxh3_128(std::to_string(i));
      each.grade = i % 2 == 0 ? Grade::kExact : Grade::kContains;
      each.rule = i % 2 == 0 ? "D3" : "D1";
      each.verdict = i % 4 == 0 ? Verdict::kSuppressed : Verdict::kShown;
      each.reason = i % 4 == 0 ? "allowed: ours" : "";
      each.host = i % 5 == 0 ? "" : "web" + std::to_string(i);
      each.flow = i % 6 == 0 ? Flow::kInboundBlocked : Flow::kUnknown;
      each.event_text = "line " + std::to_string(i);
    }
    ASSERT_TRUE(store->record_sightings(*store->begin_hunt({}), found));
    before = shown(*store);
  }
  run_sql(path, kUndoVersion9);
  const auto store = open_store(path);
  EXPECT_EQ(shown(*store), before);
  EXPECT_NE(before.find("suppressed 'allowed: ours'"), std::string::npos) << before;
  EXPECT_TRUE(store->check());
}

TEST(StoreOpen, an_older_store_learns_which_pulses_its_feeds_have_shown) {
  TemporaryFolder folder;
  const std::string path = folder / "old.db";
  {
    const auto store = open_store(path);
    add_pulse(*store, pulse("p", 10), {domain("a.example"), domain("b.example")});
  }
  run_sql(path, kUndoVersion9);
  run_sql(path, kUndoVersion6);
  run_sql(path,
          "DROP TABLE outbox; DROP TABLE outbox_refused; DROP TABLE allow_proposal;"
          "DROP TABLE feed_pulse; ALTER TABLE feed DROP COLUMN memory;"
          "ALTER TABLE feed DROP COLUMN last_run;"
          "PRAGMA user_version = 2");
  const auto store = open_store(path);
  std::string ids;
  ASSERT_TRUE(store->for_each_feed_pulse("otx", [&](const FeedPulse& p) { ids += p.id; }));
  EXPECT_EQ(ids, "p");
  EXPECT_EQ((*store->feed("otx"))->memory, "");
  EXPECT_TRUE(store->check());
}

TEST(StoreOpen, refuses_what_is_no_store_and_leaves_it_as_it_is) {
  TemporaryFolder folder;
  write_file(folder / "notes.txt",
             "these are my notes, not a store\n" + std::string(4096, 'x'));
  run_sql(folder / "other.db", "CREATE TABLE mine(a); INSERT INTO mine VALUES (1)");
  open_store(folder / "newer.db").reset();
  run_sql(folder / "newer.db", "PRAGMA user_version = 99");
  ASSERT_EQ(::mkdir((folder / "folder").c_str(), 0700), 0);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const struct {
    const char* name;
    const char* said;
  } cases[] = {
      {"notes.txt", "expected a spoor store"},
      {"other.db", "application id 0, expected a spoor store"},
      {"newer.db", "schema version 99, this program knows up to "},
      {"folder", "is a folder, expected a store file"},
      {"pipe", "is no regular file"},
      {"notes.txt/below.db", "not a directory"},
  };
  for (const auto& c : cases) {
    const std::string path = folder / c.name;
    struct stat info {};
    const bool is_file = ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
    const std::string before = is_file ? read_file(path) : "";
    for (const auto mode : {Store::Mode::kReadWrite, Store::Mode::kReadOnly}) {
      const std::string message = open_error(path, mode);
      EXPECT_NE(message.find(c.said), std::string::npos) << c.name << ": " << message;
      EXPECT_EQ(message.rfind(path, 0), 0u) << message;
    }
    if (is_file) {
      EXPECT_EQ(read_file(path), before) << c.name;
    }
  }
  EXPECT_NE(open_error(folder / "missing.db", Store::Mode::kReadOnly).find("no such file"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder / "missing.db"));
  EXPECT_EQ(open_error(""), "the store's path is empty");
}

TEST(StoreOpen, says_that_a_path_cannot_be_written) {
  if (::geteuid() == 0) GTEST_SKIP() << "root writes everywhere";
  TemporaryFolder folder;
  ASSERT_EQ(::mkdir((folder / "closed").c_str(), 0500), 0);
  EXPECT_NE(open_error(folder / "closed/spoor.db").find("permission denied"),
            std::string::npos);
}

TEST(StoreOpen, a_file_that_cannot_be_made_is_an_error_for_root_too) {
  EXPECT_NE(open_error("/proc/spoor/spoor.db").find("creating the folder /proc/spoor"),
            std::string::npos);
}

TEST(StoreOpen, damage_is_told) {
  TemporaryFolder folder;
  const std::string path = folder / "spoor.db";
  {
    auto store = open_store(path);
    std::vector<Claim> claims;
    for (int i = 0; i < 3000; ++i)
      claims.push_back(domain("h" + std::to_string(i) + ".example"));
    add_claims(*store, "x", claims);
    ASSERT_TRUE(store->check());
  }
  const std::string whole = read_file(path);
  ASSERT_GT(whole.size(), 100'000u);
  std::string holed = whole;
  std::fill(holed.begin() + 40'000, holed.begin() + 90'000, '\xEE');
  write_file(path, holed);
  {
    auto store = Store::open(path, Store::Mode::kReadWrite);
    ASSERT_TRUE(!store || !(*store)->check());
    const std::string message =
        store ? (*store)->check().error().message : store.error().message;
    EXPECT_EQ(message.rfind(path, 0), 0u) << message;
  }
  write_file(path, whole.substr(0, 50));
  EXPECT_NE(open_error(path).find("the store is damaged"), std::string::npos)
      << open_error(path);
}

TEST(StoreOpen, a_claim_whose_pulse_is_gone_is_found_by_check) {
  TemporaryFolder folder;
  const std::string path = folder / "spoor.db";
  auto store = open_store(path);
  add_pulse(*store, pulse("p", 1), {domain("a.example")});
  ASSERT_TRUE(store->check());
  store.reset();
  run_sql(path, "DELETE FROM feed_pulse; DELETE FROM pulse");
  const Status status = open_store(path)->check();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("missing pulse"), std::string::npos);
}

TEST(StoreOpen, an_empty_file_becomes_a_store) {
  TemporaryFolder folder;
  write_file(folder / "empty.db", "");
  EXPECT_EQ(open_error(folder / "empty.db", Store::Mode::kReadOnly).find("opened"),
            std::string::npos);
  EXPECT_EQ(open_error(folder / "empty.db"), "opened");
}

TEST(StoreOpen, a_reader_sees_what_another_writes) {
  TemporaryFolder folder;
  auto writer = open_store(folder / "spoor.db");
  auto reader = open_store(folder / "spoor.db", Store::Mode::kReadOnly);
  EXPECT_EQ(reader->identity().generation, 0);
  add_claims(*writer, "x", {domain("a.example")});
  EXPECT_EQ(values(*reader), Strings{"a.example"});
  EXPECT_EQ(reader->identity().generation, 1);
  EXPECT_EQ(reader->identity().id, writer->identity().id);
}

}  // namespace
}  // namespace spoor
