// Opening and refusing, filters and order of what is read, hunts and sightings, the codes.

#include "store/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "store/codes.h"
#include "store/lists.h"
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

class ReadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Pulse p = pulse("5f00", 10);
    p.name = "Operation 100% Rain";
    p.author = "ann";
    p.adversary = "RAIN";
    p.tags = {"Phishing", "a\"b"};
    p.malware_families = {"Emo"};
    p.attack_ids = {"T1566"};
    p.tlp = Tlp::kRed;
    Claim dated = domain("dated.example");
    dated.raw = "dated[.]example";
    dated.role = "c2";
    dated.title = "t";
    dated.description = "d";
    dated.created = time_from_micros(1000);
    dated.expiration = time_from_micros(9000);
    add_pulse(*store_, p, {dated, claim(IndicatorType::kIpv4, "203.0.113.9")});
    Pulse other = pulse("5f01", 10);
    other.name = "Operation 1000 Rain";
    other.tags = {"mining"};
    Claim inactive = domain("inactive.example");
    inactive.active = false;
    inactive.created = time_from_micros(500);
    add_pulse(*store_, other, {inactive, domain("dated.example")});
    add_claims(*store_, "file:List",
               {domain("co.uk", "S5: public suffix"), claim(IndicatorType::kUrl, "http://u_1/"),
                claim(IndicatorType::kUrl, "http://ux1/")});
  }
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_store(folder_ / "spoor.db");
};

TEST_F(ReadTest, filters_observables_and_claims) {
  using Type = IndicatorType;
  const auto with = [](const std::function<void(IndicatorFilter&)>& set) {
    IndicatorFilter filter;
    set(filter);
    return filter;
  };
  const struct {
    const char* name;
    IndicatorFilter filter;
    Strings expected;  // sorted
  } cases[] = {
      {"nothing",
       {},
       {"203.0.113.9", "dated.example", "http://u_1/", "http://ux1/", "inactive.example"}},
      {"types",
       with([](auto& f) {
         f.types = {Type::kIpv4, Type::kUrl};
       }),
       {"203.0.113.9", "http://u_1/", "http://ux1/"}},
      {"a type without rows", with([](auto& f) { f.types = {Type::kMutex}; }), {}},
      {"feed, case-blind",
       with([](auto& f) { f.feeds = {"FILE:list"}; }),
       {"http://u_1/", "http://ux1/"}},
      {"two feeds",
       with([](auto& f) {
         f.feeds = {"file:List", "otx"};
         f.types = {Type::kDomain};
       }),
       {"dated.example", "inactive.example"}},
      {"no such feed", with([](auto& f) { f.feeds = {"file"}; }), {}},
      {"pulse by id",
       with([](auto& f) { f.pulses = {"5F00"}; }),
       {"203.0.113.9", "dated.example"}},
      {"pulse by name",
       with([](auto& f) { f.pulses = {"operation 1"}; }),
       {"203.0.113.9", "dated.example", "inactive.example"}},
      {"pulse name with a literal %",
       with([](auto& f) { f.pulses = {"100% r"}; }),
       {"203.0.113.9", "dated.example"}},
      {"tag", with([](auto& f) { f.tags = {"phishing"}; }), {"203.0.113.9", "dated.example"}},
      {"a part of a tag is none", with([](auto& f) { f.tags = {"phish"}; }), {}},
      {"created since",
       with([](auto& f) { f.created_since = time_from_micros(501); }),
       {"dated.example"}},
      {"one claim passes all parts or the observable does not",
       with([](auto& f) {
         f.created_since = time_from_micros(1);
         f.tags = {"mining"};
       }),
       {"inactive.example"}},
      {"active",
       with([](auto& f) {
         f.only_active = true;
         f.types = {Type::kDomain};
       }),
       {"dated.example"}},
      {"quarantined", with([](auto& f) { f.only_quarantined = true; }), {"co.uk"}},
      {"with quarantined",
       with([](auto& f) {
         f.with_quarantined = true;
         f.types = {Type::kDomain};
       }),
       {"co.uk", "dated.example", "inactive.example"}},
      {"value, case-blind", with([](auto& f) { f.value_like = "DATED"; }), {"dated.example"}},
      {"value with a literal _", with([](auto& f) { f.value_like = "u_1"; }), {"http://u_1/"}},
      {"value with a literal %", with([](auto& f) { f.value_like = "d%d"; }), {}},
      {"value with a backslash", with([](auto& f) { f.value_like = "\\"; }), {}},
  };
  for (const auto& c : cases) {
    Strings observables = values(*store_, c.filter);
    std::sort(observables.begin(), observables.end());
    EXPECT_EQ(observables, c.expected) << c.name;
    Strings claims;
    ASSERT_TRUE(store_->for_each_claim(
        c.filter, [&](const ClaimView& v) { claims.push_back(v.observable.value); }));
    std::sort(claims.begin(), claims.end());
    claims.erase(std::unique(claims.begin(), claims.end()), claims.end());
    EXPECT_EQ(claims, c.expected) << c.name;
  }
}

TEST_F(ReadTest, limits_and_orders) {
  IndicatorFilter filter;
  filter.limit = 2;
  EXPECT_EQ(values(*store_, filter).size(), 2u);
  Strings order;
  ASSERT_TRUE(store_->for_each_claim({}, [&](const ClaimView& c) {
    order.push_back(c.observable.value + " " + c.feed + " " + c.pulse_id);
  }));
  EXPECT_EQ(order, (Strings{"203.0.113.9 otx 5f00", "dated.example otx 5f00",
                            "dated.example otx 5f01", "inactive.example otx 5f01",
                            "http://u_1/ file:List ", "http://ux1/ file:List "}));
  std::int64_t last = 0;
  ASSERT_TRUE(store_->for_each_observable({}, [&](ObservableId id, Observable&&) {
    EXPECT_GT(static_cast<std::int64_t>(id), last);
    last = static_cast<std::int64_t>(id);
  }));
}

TEST_F(ReadTest, shows_a_claim_with_all_its_parts) {
  IndicatorFilter filter;
  filter.value_like = "dated";
  filter.pulses = {"5f00"};
  ObservableId id{};
  ASSERT_TRUE(store_->for_each_claim(filter, [&](const ClaimView& c) {
    id = c.observable_id;
    EXPECT_EQ(c.raw, "dated[.]example");
    EXPECT_EQ(c.feed, "otx");
    EXPECT_EQ(c.pulse_name, "Operation 100% Rain");
    EXPECT_EQ(c.pulse_author, "ann");
    EXPECT_EQ(c.adversary, "RAIN");
    EXPECT_EQ(c.tags, (Strings{"Phishing", "a\"b"}));
    EXPECT_EQ(c.malware_families, Strings{"Emo"});
    EXPECT_EQ(c.attack_ids, Strings{"T1566"});
    EXPECT_EQ(c.tlp, Tlp::kRed);
    EXPECT_EQ(c.role, "c2");
    EXPECT_EQ(c.title, "t");
    EXPECT_EQ(c.description, "d");
    EXPECT_EQ(c.created, time_from_micros(1000));
    EXPECT_EQ(c.expiration, time_from_micros(9000));
    EXPECT_EQ(c.ended, std::nullopt);
    EXPECT_TRUE(c.active);
  }));
  const auto claims = store_->claims_of(id);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->size(), 2u);
  EXPECT_TRUE(store_->claims_of(ObservableId{999})->empty());
  filter = {};
  filter.types = {IndicatorType::kUrl};
  ASSERT_TRUE(store_->for_each_claim(filter, [&](const ClaimView& c) {
    EXPECT_EQ(c.tlp, std::nullopt);
    EXPECT_EQ(c.pulse_id, "");
    EXPECT_EQ(c.raw, c.observable.value);
  }));
}

TEST_F(ReadTest, counts) {
  const auto counts = store_->counts();
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->pulses, 2u);
  EXPECT_EQ(counts->observables, 6u);
  EXPECT_EQ(counts->quarantined, 1u);
  EXPECT_EQ(counts->claims, 7u);
  EXPECT_EQ(counts->feeds, 2u);
  const std::vector<std::pair<IndicatorType, std::uint64_t>> by_type = {
      {IndicatorType::kIpv4, 1}, {IndicatorType::kDomain, 2}, {IndicatorType::kUrl, 2}};
  EXPECT_EQ(counts->by_type, by_type);
}

class SightingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    add_claims(*store_, "x", {domain("a.example"), claim(IndicatorType::kUrl, "http://b/")});
  }
  static Sighting sighting(std::uint64_t offset = 100) {
    Sighting s;
    s.observable = {IndicatorType::kDomain, "a.example"};
    s.file = "logs/a\xFF.log!m%21";
    s.absolute_path = "/var/logs/a\xFF.log!m%21";
    s.line = 3;
    s.event_offset = offset;
    s.event_digest = xxh3_128("event");
    s.offset = offset + 7;
    s.length = 9;
    s.match = std::string("A.ex\0mple", 9);
    s.encoding = TextEncoding::kUtf16be;
    s.grade = Grade::kDerived;
    s.rule = "D3";
    s.views = {ViewKind::kJson, ViewKind::kDefang};
    s.verdict = Verdict::kSuppressed;
    s.reason = "S9";
    s.time = time_from_micros(77);
    s.time_has_clock = false;
    s.live = false;
    s.event_text = std::string("query: A.ex\0mple\xFE", 17);
    s.match_begin = 7;
    s.match_end = 16;
    return s;
  }
  HuntId hunt() {
    HuntInfo info;
    info.paths = {"logs", "x\xFF"};
    const auto id = store_->begin_hunt(info);
    EXPECT_TRUE(id);
    return *id;
  }
  /// Records one; whether it is new.
  bool record(HuntId id, Sighting s) {
    const Status status = store_->record_sightings(id, {&s, 1});
    EXPECT_TRUE(status) << status.error().message;
    return s.is_new;
  }
  std::vector<StoredSighting> all(const SightingFilter& filter = {}) {
    std::vector<StoredSighting> found;
    const Status status =
        store_->for_each_sighting(filter, [&](const StoredSighting& s) { found.push_back(s); });
    EXPECT_TRUE(status) << status.error().message;
    return found;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_store(folder_ / "spoor.db");
};

TEST_F(SightingTest, comes_back_as_it_was_stored) {
  const HuntId id = hunt();
  const Sighting put = sighting();
  EXPECT_TRUE(record(id, put));
  const auto found = all();
  ASSERT_EQ(found.size(), 1u);
  const Sighting& got = found[0].sighting;
  EXPECT_EQ(got.observable, put.observable);
  EXPECT_GT(static_cast<std::int64_t>(got.observable_id), 0);
  EXPECT_EQ(got.file, put.file);
  EXPECT_EQ(got.absolute_path, put.absolute_path);
  EXPECT_EQ(got.line, put.line);
  EXPECT_EQ(got.event_offset, put.event_offset);
  EXPECT_EQ(got.event_digest, put.event_digest);
  EXPECT_EQ(got.offset, put.offset);
  EXPECT_EQ(got.length, put.length);
  EXPECT_EQ(got.match, put.match);
  EXPECT_EQ(got.encoding, put.encoding);
  EXPECT_EQ(got.grade, put.grade);
  EXPECT_EQ(got.rule, put.rule);
  EXPECT_EQ(got.views, put.views);
  EXPECT_EQ(got.verdict, put.verdict);
  EXPECT_EQ(got.reason, put.reason);
  EXPECT_EQ(got.time, put.time);
  EXPECT_EQ(got.time_has_clock, put.time_has_clock);
  EXPECT_EQ(got.live, put.live);
  EXPECT_EQ(got.event_text, put.event_text);
  EXPECT_EQ(got.match_begin, put.match_begin);
  EXPECT_EQ(got.match_end, put.match_end);
  EXPECT_EQ(found[0].first_hunt, id);
  EXPECT_EQ(found[0].last_hunt, id);
}

TEST_F(SightingTest, identity_makes_it_new_and_nothing_else) {
  const struct {
    const char* name;
    bool is_new;
    std::function<void(Sighting&)> change;
  } cases[] = {
      {"nothing", false, [](Sighting&) {}},
      {"match offset", false, [](Sighting& s) { s.offset = 1; }},
      {"grade, rule, views", false,
       [](Sighting& s) {
         s.grade = Grade::kExact;
         s.rule = "D1";
         s.views.clear();
       }},
      {"time and live", false,
       [](Sighting& s) {
         s.time.reset();
         s.live.reset();
       }},
      {"path as typed", false, [](Sighting& s) { s.file = "./other"; }},
      {"line", false, [](Sighting& s) { s.line = 9; }},
      {"absolute path", true, [](Sighting& s) { s.absolute_path += "2"; }},
      {"event offset", true, [](Sighting& s) { s.event_offset = 101; }},
      {"event digest", true, [](Sighting& s) { s.event_digest = xxh3_128("other"); }},
      {"observable", true,
       [](Sighting& s) {
         s.observable = {IndicatorType::kUrl, "http://b/"};
       }},
  };
  EXPECT_TRUE(record(hunt(), sighting()));
  for (const auto& c : cases) {
    Sighting s = sighting();
    c.change(s);
    EXPECT_EQ(record(hunt(), s), c.is_new) << c.name;
    EXPECT_FALSE(record(hunt(), s)) << c.name;
  }
  EXPECT_EQ(store_->counts()->sightings, 5u);
  EXPECT_EQ(store_->counts()->hunts, 21u);
}

TEST_F(SightingTest, a_known_one_takes_the_new_attributes_and_keeps_its_first_hunt) {
  const HuntId first = hunt(), second = hunt(), third = hunt();
  record(first, sighting());
  Sighting better = sighting();
  better.grade = Grade::kExact;
  better.live.reset();
  better.reason = "";
  record(second, better);
  const auto found = all();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].sighting.grade, Grade::kExact);
  EXPECT_EQ(found[0].sighting.live, std::nullopt);
  EXPECT_EQ(found[0].sighting.reason, "");
  EXPECT_EQ(found[0].first_hunt, first);
  EXPECT_EQ(found[0].last_hunt, second);
  SightingFilter filter;
  for (const auto& [id, expected] :
       {std::pair{first, 1u}, std::pair{second, 1u}, std::pair{third, 0u}}) {
    filter.hunt = id;
    EXPECT_EQ(all(filter).size(), expected);
  }
}

TEST_F(SightingTest, twice_in_one_batch_is_new_once) {
  std::vector<Sighting> batch = {sighting(), sighting(), sighting(200)};
  ASSERT_TRUE(store_->record_sightings(hunt(), batch));
  EXPECT_TRUE(batch[0].is_new);
  EXPECT_FALSE(batch[1].is_new);
  EXPECT_TRUE(batch[2].is_new);
}

TEST_F(SightingTest, a_batch_is_stored_whole_or_not_at_all) {
  std::vector<Sighting> batch = {sighting(), sighting(200)};
  batch[1].observable.value = "unknown.example";
  const Status status = store_->record_sightings(hunt(), batch);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("\"unknown.example\" is not stored"),
            std::string::npos);
  EXPECT_TRUE(all().empty());
  EXPECT_FALSE(store_->record_sightings(HuntId{999}, {batch.data(), 1}));
  EXPECT_TRUE(all().empty());
}

TEST_F(SightingTest, filters_and_orders) {
  const HuntId id = hunt();
  Sighting other = sighting(50);
  other.observable = {IndicatorType::kUrl, "http://b/"};
  other.grade = Grade::kExact;
  record(id, sighting());
  record(id, other);
  const auto offsets = [&](const std::function<void(SightingFilter&)>& set) {
    SightingFilter filter;
    set(filter);
    std::vector<std::uint64_t> found;
    for (const auto& s : all(filter)) found.push_back(s.sighting.event_offset);
    return found;
  };
  using Offsets = std::vector<std::uint64_t>;
  EXPECT_EQ(offsets([](auto&) {}), (Offsets{50, 100}));
  EXPECT_EQ(offsets([](auto& f) { f.types = {IndicatorType::kDomain}; }), Offsets{100});
  EXPECT_EQ(offsets([](auto& f) { f.value = "A.EX"; }), Offsets{100});
  EXPECT_EQ(offsets([](auto& f) { f.value = "%"; }), Offsets{});
  EXPECT_EQ(offsets([](auto& f) { f.file = "a\xFF.log"; }), (Offsets{50, 100}));
  EXPECT_EQ(offsets([](auto& f) { f.file = "b.log"; }), Offsets{});
  EXPECT_EQ(offsets([](auto& f) { f.min_grade = Grade::kContains; }), Offsets{50});
  EXPECT_EQ(offsets([](auto& f) { f.limit = 1; }), Offsets{50});
}

TEST_F(SightingTest, a_hunt_ends_with_its_sums) {
  const HuntId id = hunt();
  HuntSummary summary;
  summary.ended = time_from_micros(5);
  EXPECT_TRUE(store_->finish_hunt(id, summary));
  EXPECT_FALSE(store_->finish_hunt(HuntId{999}, summary));
}

TEST(StoreCodes, every_value_comes_back) {
  for (std::size_t i = 0; i < kIndicatorTypeCount; ++i) {
    const auto type = static_cast<IndicatorType>(i);
    EXPECT_EQ(type_of_code(code_of(type)), type);
  }
  for (const Grade grade : {Grade::kNone, Grade::kWeak, Grade::kMention, Grade::kDerived,
                            Grade::kContains, Grade::kEquivalent, Grade::kExact}) {
    EXPECT_EQ(grade_of_code(code_of(grade)), grade);
  }
  for (const Tlp tlp : {Tlp::kClear, Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict, Tlp::kRed}) {
    EXPECT_EQ(tlp_of_code(code_of(tlp)), tlp);
  }
  const std::vector<ViewKind> views = {
      ViewKind::kJson,    ViewKind::kPercent, ViewKind::kQp,
      ViewKind::kHtml,    ViewKind::kEscape,  ViewKind::kUtf16le,
      ViewKind::kUtf16be, ViewKind::kDns,     ViewKind::kDefang};
  EXPECT_EQ(views_of_text(views_text(views)), views);
  EXPECT_EQ(views_of_text(""), std::vector<ViewKind>{});
  EXPECT_EQ(views_of_text("json,none"), std::nullopt);
  EXPECT_EQ(type_of_code(0), std::nullopt);
  EXPECT_EQ(type_of_code(31), std::nullopt);
  // The file format itself: these never change.
  EXPECT_EQ(code_of(IndicatorType::kIpv4), 1);
  EXPECT_EQ(code_of(IndicatorType::kUserAgent), 30);
  EXPECT_EQ(code_of(Grade::kMention), 20);
}

TEST(StoreLists, come_back) {
  const Strings lists[] = {{}, {""}, {"a"}, {"a", "b\"\\\n", "\xC3\xBC"}};
  for (const Strings& list : lists) EXPECT_EQ(list_of_text(list_text(list)), list);
  for (const char* text : {"", "{", "{}", "[1]", "null"})
    EXPECT_EQ(list_of_text(text), std::nullopt) << text;
}

}  // namespace
}  // namespace spoor
