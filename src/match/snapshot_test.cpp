// Snapshots give the same candidates as the index in memory; their files are written whole or
// not at all and say what is wrong with them. Damage: snapshot_damage_test.cpp.

#include "match/snapshot.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>

#include "ioc/url.h"
#include "match/exact.h"
#include "match/exact_index.h"
#include "match/flat_index.h"
#include "match/snapshot_test_support.h"

namespace spoor::snapshot_tests {
namespace {

namespace fs = std::filesystem;
using enum IndicatorType;

/// Of `candidates(kind, key)`, those that truly have the key, in the order of the visits.
std::vector<std::uint32_t> true_candidates(const ClaimIndex& index, KeyKind kind,
                                           std::string_view key, std::size_t& visited) {
  std::vector<std::uint32_t> found;
  index.candidates(kind, key, [&](std::uint32_t indicator) {
    ++visited;
    const ClaimRef claim = index.at(indicator);
    bool has = false;
    ClaimIndex::for_each_key(
        {claim.type, std::string(claim.value)},
        [&](KeyKind k, std::string_view other) { has |= k == kind && other == key; });
    if (has) found.push_back(indicator);
  });
  return found;
}

void expect_same_index(const std::vector<Observable>& set, const ClaimIndex& index) {
  const ExactIndex reference(set);
  ASSERT_EQ(index.size(), reference.size());
  EXPECT_EQ(index.traits().present, reference.traits().present);
  EXPECT_EQ(index.traits().v4_prefixes, reference.traits().v4_prefixes);
  EXPECT_EQ(index.traits().v6_prefixes, reference.traits().v6_prefixes);
  EXPECT_EQ(index.traits().bare_lengths, reference.traits().bare_lengths);
  EXPECT_EQ(index.traits().agent_lengths, reference.traits().agent_lengths);
  EXPECT_EQ(index.traits().seldom, reference.traits().seldom);
  EXPECT_EQ(index.traits().v4_networks, reference.traits().v4_networks);
  EXPECT_EQ(index.has_single_label(), reference.has_single_label());
  std::size_t visits = 0, true_visits = 0;
  std::set<std::pair<KeyKind, std::string>> keys;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    ASSERT_EQ(index.at(i).type, set[i].type);
    ASSERT_EQ(index.at(i).value, set[i].value);
    if (set[i].type == kUrl) {
      Url room, no_room;
      ASSERT_EQ(index.url(i, room).text(), reference.url(i, no_room).text());
    }
    ClaimIndex::for_each_key(set[i], [&](KeyKind kind, std::string_view key) {
      if (!keys.emplace(kind, key).second) return;  // compared already
      std::size_t ignored = 0;
      const auto found = true_candidates(index, kind, key, visits);
      ASSERT_EQ(found, true_candidates(reference, kind, key, ignored))
          << static_cast<int>(kind) << ' ' << key;
      ASSERT_FALSE(found.empty());
      true_visits += found.size();
    });
  }
  // Collisions are allowed, and rare: one look-up in 65,536 / 4.
  EXPECT_LE(visits - true_visits, 3 + keys.size() / 2000);
}

TEST(Snapshot, answers_like_the_index_in_memory) {
  for (const std::size_t n : {0, 1, 31, 32, 33, 64, 1000, 32768, 70000}) {
    for (const unsigned threads : {1U, 3U}) {
      SCOPED_TRACE(std::to_string(n) + " indicators, " + std::to_string(threads) + " threads");
      const auto set = generated_set(n, static_cast<unsigned>(n) + 1);
      const auto snapshot = Snapshot::from_bytes(compile(set, threads));
      ASSERT_TRUE(snapshot) << snapshot.error().message;
      EXPECT_EQ((*snapshot)->size(), n);
      EXPECT_TRUE((*snapshot)->verify());
      expect_same_index(set, (*snapshot)->index());
    }
  }
}

TEST(Snapshot, finds_nothing_for_keys_that_no_indicator_has) {
  const auto set = generated_set(20000, 3);
  const auto snapshot = Snapshot::from_bytes(compile(set));
  ASSERT_TRUE(snapshot);
  std::size_t visits = 0;
  for (int i = 0; i < 20000; ++i) {
    (*snapshot)->index().of_value(kDomain, "absent-" + std::to_string(i) + ".invalid",
                                  [](std::uint32_t) { ADD_FAILURE(); });
    (*snapshot)->index().candidates(KeyKind::kFileName, "absent-" + std::to_string(i),
                                    [&](std::uint32_t) { ++visits; });
  }
  EXPECT_LE(visits, 20U);
}

TEST(Snapshot, finds_all_of_many_claims_on_one_key) {
  std::vector<Observable> set;
  for (int port = 1; port <= 12000; ++port)
    set.push_back({kIpv4Port, "192.0.2.5:" + std::to_string(port)});
  for (int i = 0; i < 3000; ++i)
    set.push_back({kUrl, "http://evil.example/a?q=" + std::to_string(i)});
  const auto more = generated_set(3000, 5);
  set.insert(set.end(), more.begin(), more.end());
  const auto snapshot = Snapshot::from_bytes(compile(set, 2));
  ASSERT_TRUE(snapshot);
  std::size_t visits = 0;
  EXPECT_EQ(true_candidates((*snapshot)->index(), KeyKind::kAddressOfPort, "192.0.2.5", visits)
                .size(),
            12000U);
  EXPECT_EQ(true_candidates((*snapshot)->index(), KeyKind::kUrlPlace,
                            ClaimIndex::url_key("evil.example", "/a"), visits)
                .size(),
            3000U);
  EXPECT_LE(visits, 15020U);
}

TEST(Snapshot, matches_like_the_reference) {
  const auto set = generated_set(300, 11);
  std::string text(kSmallText);
  for (std::size_t i = 0; i < set.size(); ++i)
    text += "field=" + set[i].value + " host " + set[(i * 7) % set.size()].value + "\n";
  const auto snapshot = Snapshot::from_bytes(compile(set));
  ASSERT_TRUE(snapshot);
  const auto expected = scan(*make_exact_matcher(set), text);
  EXPECT_GT(expected.size(), set.size() / 2);
  EXPECT_EQ(scan((*snapshot)->matcher(), text), expected);
}

TEST(Snapshot, compiles_to_the_same_bytes_with_any_number_of_threads) {
  const auto set = generated_set(100000, 17);
  const Bytes one = compile(set, 1);
  for (const unsigned threads : {0U, 2U, 5U})
    EXPECT_TRUE(compile(set, threads) == one) << threads;
}

TEST(Snapshot, keeps_ids_of_any_size) {
  const struct {
    const char* name;
    std::function<std::int64_t(std::size_t)> id;
    std::uint32_t id_bytes;
  } cases[] = {
      {"small", [](std::size_t i) { return static_cast<std::int64_t>(i * 3 + 1); }, 4},
      {"largest small", [](std::size_t) { return std::int64_t{UINT32_MAX}; }, 4},
      {"one above", [](std::size_t i) { return std::int64_t{UINT32_MAX} + (i == 5); }, 8},
      {"negative", [](std::size_t i) { return i == 19 ? -1 : std::int64_t{7}; }, 8},
      {"far", [](std::size_t i) { return INT64_MAX - static_cast<std::int64_t>(i); }, 8},
      {"lowest", [](std::size_t i) { return INT64_MIN + static_cast<std::int64_t>(i); }, 8},
  };
  for (const auto& row : cases) {
    SCOPED_TRACE(row.name);
    const Bytes bytes = compile(small_set(), 1, row.id);
    EXPECT_EQ(number_at<std::uint32_t>(bytes, 80), row.id_bytes);
    const auto snapshot = Snapshot::from_bytes(bytes);
    ASSERT_TRUE(snapshot);
    for (std::uint32_t i = 0; i < small_set().size(); ++i)
      EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{i}), row.id(i));
    EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{20}), 0);
    EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{UINT32_MAX}), 0);
  }
}

TEST(Snapshot, keeps_values_up_to_the_longest_and_refuses_longer) {
  SnapshotBuilder builder;
  const std::vector<Observable> set(40, {kUserAgent, std::string(flat::kMaxValueBytes, 'x')});
  for (const Observable& observable : set) builder.add(1, observable);
  const auto bytes = builder.finish(kOrigin);
  ASSERT_TRUE(bytes);
  const auto snapshot = Snapshot::from_bytes(*bytes);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ((*snapshot)->index().at(39).value, set[39].value);

  builder.add(2, {kUserAgent, "fine"});
  builder.add(3, {kUserAgent, std::string(flat::kMaxValueBytes + 1, 'x')});
  builder.add(4, {kUserAgent, "fine too"});
  const auto refused = builder.finish(kOrigin);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "snapshot: indicator 3 has a value of 65536 bytes, expected at most 65535");
}

TEST(Snapshot, leaves_the_builder_empty_after_finish) {
  SnapshotBuilder builder;
  builder.add(1, small_set()[0]);
  ASSERT_TRUE(builder.finish(kOrigin));
  builder.add(9, small_set()[1]);
  const auto bytes = builder.finish(kOrigin);
  ASSERT_TRUE(bytes);
  const auto snapshot = Snapshot::from_bytes(*bytes);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ((*snapshot)->size(), 1U);
  EXPECT_EQ((*snapshot)->index().at(0).value, small_set()[1].value);
  EXPECT_EQ((*snapshot)->id_of(IndicatorIndex{0}), 9);
}

TEST(IndexTraits, knows_where_networks_lie) {
  struct Row {
    const char* network;
    std::array<std::uint8_t, 4> address;
    bool near;
  };
  const Row rows[] = {
      {"198.51.100.0/24", {198, 51, 100, 7}, true},
      {"198.51.100.0/24", {198, 51, 0, 0}, true},  // only 16 bits are told apart
      {"198.51.100.0/24", {198, 52, 100, 7}, false},
      {"198.48.0.0/14", {198, 48, 0, 0}, true},
      {"198.48.0.0/14", {198, 51, 255, 255}, true},
      {"198.48.0.0/14", {198, 47, 255, 255}, false},
      {"198.48.0.0/14", {198, 52, 0, 0}, false},
      {"198.51.0.0/16", {198, 51, 0, 0}, true},
      {"255.0.0.0/8", {255, 255, 255, 255}, true},
      {"0.0.0.0/0", {0, 0, 0, 0}, true},
      {"0.0.0.0/0", {255, 255, 255, 255}, true},
      {"2001:db8::/32", {32, 1, 13, 184}, false},
  };
  for (const Row& row : rows) {
    IndexTraits traits;
    traits.add({kCidr, row.network});
    EXPECT_EQ(traits.has_v4_network_at(row.address), row.near)
        << row.network << ' ' << static_cast<int>(row.address[1]);
  }
}

// --- files ---------------------------------------------------------------------------------

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "spoor-snapshot-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path path_;
};

void write_file(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}
Bytes read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Bytes bytes(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

Status write_set(const std::vector<Observable>& set, const std::string& path) {
  SnapshotBuilder builder;
  for (std::size_t i = 0; i < set.size(); ++i)
    builder.add(static_cast<std::int64_t>(i), set[i]);
  return builder.write(path, kOrigin, 2);
}

TEST(SnapshotFile, is_read_as_it_was_written) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  ASSERT_TRUE(write_set(small_set(), path));
  EXPECT_EQ(folder.names(), std::vector<std::string>{"snapshot.bin"});
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  for (const SnapshotOrigin* expected :
       {static_cast<const SnapshotOrigin*>(nullptr), &kOrigin}) {
    const auto snapshot = Snapshot::open(path, expected);
    ASSERT_TRUE(snapshot) << snapshot.error().message;
    EXPECT_TRUE((*snapshot)->verify());
    expect_same_index(small_set(), (*snapshot)->index());
    EXPECT_EQ(scan((*snapshot)->matcher(), kSmallText),
              scan(*make_exact_matcher(small_set()), kSmallText));
  }
}

TEST(SnapshotFile, says_what_it_found_and_expected) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  const auto error = [&](const std::string& name, const SnapshotOrigin* expected) {
    const auto snapshot = Snapshot::open(name, expected);
    return snapshot ? std::string() : snapshot.error().message;
  };
  EXPECT_EQ(error(path, nullptr), path + ": no such file or directory");
  EXPECT_EQ(error(folder.path(), nullptr), folder.path() + ": is no regular file");
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(error(folder / "fifo", nullptr), (folder / "fifo") + ": is no regular file");
  write_file(path, {});
  EXPECT_EQ(error(path, nullptr), path + ": empty, expected a snapshot");
  write_file(path, Bytes(4096, std::byte{'x'}));
  EXPECT_EQ(error(path, nullptr),
            path + ": not a snapshot: it begins otherwise than 'SPOORSNP'");
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{8}, std::size_t{100}, std::size_t{511}, std::size_t{512},
        small_bytes().size() - 1}) {
    write_file(path, Bytes(small_bytes().begin(),
                           small_bytes().begin() + static_cast<std::ptrdiff_t>(size)));
    EXPECT_EQ(
        error(path, nullptr)
            .rfind(path + ": truncated: " + std::to_string(size) + " bytes, expected ", 0),
        0U)
        << error(path, nullptr);
  }
  write_file(path, small_bytes());
  SnapshotOrigin other = kOrigin;
  other.generation = 8;
  EXPECT_EQ(error(path, &other),
            path +
                ": compiled from generation 7 of store a00102030405060708090a0b0c0d0e0f, "
                "expected generation 8 of store a00102030405060708090a0b0c0d0e0f");
  other = kOrigin;
  other.store_id[15] = 0xFF;
  EXPECT_EQ(error(path, &other),
            path +
                ": compiled from generation 7 of store a00102030405060708090a0b0c0d0e0f, "
                "expected generation 7 of store a00102030405060708090a0b0c0d0eff");
  EXPECT_EQ(error(path, &kOrigin), "");
}

TEST(SnapshotFile, notices_damage_and_a_cut_when_it_verifies) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  Bytes bytes = small_bytes();
  bytes[offset_of(bytes, kIds)] ^= std::byte{8};
  write_file(path, bytes);
  auto snapshot = Snapshot::open(path, nullptr);
  ASSERT_TRUE(snapshot);
  Status status = (*snapshot)->verify();
  ASSERT_FALSE(status);
  EXPECT_EQ(
      status.error().message.rfind(path + ": damaged: section 'ids' has the checksum ", 0), 0U);

  write_file(path, small_bytes());
  snapshot = Snapshot::open(path, nullptr);
  ASSERT_TRUE(snapshot);
  ASSERT_EQ(::truncate(path.c_str(), 600), 0);
  status = (*snapshot)->verify();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message,
            path + ": was cut to 600 bytes, expected " + std::to_string(small_bytes().size()));
}

TEST(SnapshotFile, stays_whole_for_readers_while_it_is_replaced) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  ASSERT_TRUE(write_set(small_set(), path));
  const auto old = Snapshot::open(path, nullptr);
  ASSERT_TRUE(old);
  ASSERT_TRUE(write_set({{kDomain, "new.example"}}, path));
  EXPECT_TRUE((*old)->verify());
  expect_same_index(small_set(), (*old)->index());
  const auto fresh = Snapshot::open(path, nullptr);
  ASSERT_TRUE(fresh);
  EXPECT_EQ((*fresh)->size(), 1U);
}

TEST(SnapshotFile, keeps_the_old_file_where_writing_fails) {
  const Folder folder;
  const std::string path = folder / "snapshot.bin";
  ASSERT_TRUE(write_set({{kDomain, "old.example"}}, path));
  const Bytes old = read_file(path);
  const auto expect_kept = [&](const Status& status, const char* reason) {
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find(reason), std::string::npos) << status.error().message;
    EXPECT_TRUE(read_file(path) == old);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"snapshot.bin"});
  };

  // A disk that is full, as far as this process sees.
  rlimit limit{}, before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
  limit = before;
  limit.rlim_cur = 600;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status full = write_set(small_set(), path);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, signal_before);
  expect_kept(full, "write: file too large");

  // A folder that may not be written; root may, so that it steps down to nobody meanwhile.
  ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
  const bool root = ::geteuid() == 0;
  if (root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const Status refused = write_set(small_set(), path);
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  expect_kept(refused, "permission denied");

  // A value that cannot be compiled.
  expect_kept(write_set({{kUserAgent, std::string(70000, 'x')}}, path), "70000 bytes");

  // No such folder; a folder in the file's place.
  expect_kept(write_set(small_set(), folder / "none/snapshot.bin"), "no such file");
  ASSERT_EQ(::mkdir((folder / "taken").c_str(), 0755), 0);
  const Status taken = write_set(small_set(), folder / "taken");
  ASSERT_EQ(::rmdir((folder / "taken").c_str()), 0);
  expect_kept(taken, "rename: is a directory");
}

TEST(SnapshotFile, takes_away_what_killed_writers_left) {
  const Folder folder;
  for (const char* name :
       {".snapshot-1-0.tmp", ".snapshot-2-7.tmp", ".snapshot-.txt", "other.tmp"})
    std::ofstream(folder / name) << "half";
  // A writer that is at work holds a lock.
  const int other = ::open((folder / ".snapshot-2-7.tmp").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(other, 0);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  ASSERT_TRUE(write_set(small_set(), folder / "snapshot.bin"));
  EXPECT_EQ(folder.names(), (std::vector<std::string>{".snapshot-.txt", ".snapshot-2-7.tmp",
                                                      "other.tmp", "snapshot.bin"}));
  ::close(other);
  ASSERT_TRUE(write_set(small_set(), folder / "snapshot.bin"));
  EXPECT_EQ(folder.names(),
            (std::vector<std::string>{".snapshot-.txt", "other.tmp", "snapshot.bin"}));
}

}  // namespace
}  // namespace spoor::snapshot_tests
