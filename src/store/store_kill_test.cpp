// kill -9 at any point: a child imports in a loop and is killed at a seeded moment; what it
// reported as committed must be there, the store must be whole, and the import once more must
// end where an uninterrupted one does.

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>

#include "store/store_test_support.h"

namespace spoor {
namespace {

constexpr int kPages = 12;
constexpr int kRows = 60;

/// One page: a pulse and a piece of a list. Pulses shrink in their second version.
Status write_page(Ingest& to, int page) {
  std::vector<Claim> claims, rows;
  for (int i = 0; i < kRows; ++i) {
    claims.push_back(domain("p" + std::to_string(page) + "-" + std::to_string(i) + ".example"));
    rows.push_back(
        domain("l" + std::to_string(page * kRows + i) + ".example", i % 9 == 0 ? "S5" : ""));
  }
  const std::string id = "pulse" + std::to_string(page);
  Pulse first = pulse(id, 10);
  first.tags = {"kill"};
  if (auto status = to.add_pulse(first, claims); !status) return status;
  claims.resize(kRows / 2);
  if (auto status = to.add_pulse(pulse(id, 20), claims); !status) return status;
  if (auto status = to.add_claims(rows); !status) return status;
  return to.set_cursor(time_from_micros(page), "page " + std::to_string(page));
}

/// Imports all pages, a commit each; tells how many are committed.
bool import_all(Store& store, std::atomic<int>* committed) {
  auto session = store.begin_ingest("otx", "otx", Quarantine::kApply);
  if (!session) return false;
  for (int page = 0; page < kPages; ++page) {
    if (!write_page(**session, page) || !(*session)->commit()) return false;
    if (committed != nullptr) committed->store(page + 1);
  }
  return true;
}

TEST(StoreKill, loses_nothing_that_was_committed_and_converges) {
  TemporaryFolder folder;
  auto whole = open_store(folder / "whole.db");
  ASSERT_TRUE(import_all(*whole, nullptr));
  const auto expected = dump(*whole);
  ASSERT_EQ(expected.size(), std::size_t{kPages * kRows * 2});
  whole.reset();

  void* memory = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  auto* committed = new (memory) std::atomic<int>(0);
  const unsigned seed = 20261124;
  std::mt19937 random(seed);
  int killed = 0;
  for (int round = 0; round < 15; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    const std::string path = folder / ("round" + std::to_string(round) + ".db").c_str();
    committed->store(0);
    // Some moments are counted in commits, so that every machine meets every phase; then a
    // random part of a page more.
    const int pages = static_cast<int>(random() % kPages);
    const int more_us = static_cast<int>(random() % 6000);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = Store::open(path, Store::Mode::kReadWrite);
      ::_exit(store && import_all(**store, committed) ? 0 : 1);
    }
    int state = 0;
    bool ended = false;
    while (committed->load() < pages && !ended) {
      ::usleep(50);
      ended = ::waitpid(child, &state, WNOHANG) == child;
    }
    if (!ended) {
      ::usleep(static_cast<useconds_t>(more_us));
      ::kill(child, SIGKILL);
      ASSERT_EQ(::waitpid(child, &state, 0), child);
    }
    killed += WIFSIGNALED(state);
    if (!WIFSIGNALED(state)) {
      EXPECT_EQ(WEXITSTATUS(state), 0);
    }
    const int promised = committed->load();

    auto store = open_store(path);
    const Status sound = store->check();
    ASSERT_TRUE(sound) << sound.error().message;
    // A page is there whole or not at all.
    const std::uint64_t claims = store->counts()->claims;
    EXPECT_EQ(claims % (2 * kRows), 0u);
    EXPECT_GE(claims, static_cast<std::uint64_t>(promised) * 2 * kRows);
    if (promised > 0) {
      const auto feed = store->feed("otx");
      ASSERT_TRUE(feed && *feed);
      EXPECT_GE((*feed)->watermark, time_from_micros(promised - 1));
    }
    ASSERT_TRUE(import_all(*store, nullptr));
    EXPECT_EQ(dump(*store), expected);
    EXPECT_EQ((*store->feed("otx"))->watermark, time_from_micros(kPages - 1));
  }
  EXPECT_GE(killed, 8);  // else the moments come too late to mean anything
  ::munmap(memory, sizeof(std::atomic<int>));
}

}  // namespace
}  // namespace spoor
