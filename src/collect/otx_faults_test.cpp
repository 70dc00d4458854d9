// Whatever goes wrong, in whatever order, the store comes to hold what it would have held: for
// each seed a service that changes between and during walks is collected twice, once without
// trouble and once with faults and kills, and the dumps must be equal byte for byte.
// SPOOR_SEEDS sets how many (default 100); SPOOR_FIRST_SEED where they begin.

#include <cstdlib>
#include <random>
#include <stdexcept>

#include "collect/collect.h"
#include "collect/otx_fake_test.h"

namespace spoor {
namespace {

using namespace otx_fake;

struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

Time hour(int hours) {
  return parse_iso8601("2026-03-01T00:00:00")->time + std::chrono::hours(hours);
}

/// What happens to the service, the same for both collectors: changes between walks, and some
/// while a walk is under way. A pulse that is changed between walks is left alone during the
/// next one, and what changes during a walk only adds: which of two versions a client has seen
/// must not decide what it holds in the end.
class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {
    const int count = 8 + pick(30);
    for (int i = 0; i < count; ++i) add_pulse();
  }
  FakeService service;

  void between_walks() {
    quiet_.clear();
    for (int changes = pick(8); changes > 0; --changes) {
      FakePulse* pulse = any();
      if (pulse == nullptr || quiet_.count(pulse->id) != 0) continue;
      quiet_[pulse->id] = true;
      switch (pick(6)) {
        case 0:
          add_pulse();
          break;
        case 1:
          leaves("delete", *pulse);
          service.pulses.erase(service.pulses.begin() + (pulse - service.pulses.data()));
          break;
        case 2:
          leaves("unsubscribe", *pulse);
          pulse->subscribed = false;
          break;
        case 3:
          if (!pulse->subscribed) {
            pulse->subscribed = true;
            service.events.push_back({"subscribe", "pulse", pulse->id, tick()});
          }
          break;
        default:
          if (!pulse->rows.empty()) pulse->rows.erase(pulse->rows.begin());
          pulse->rows.push_back(new_row());
          pulse->modified = tick();
      }
    }
  }
  void during_a_walk() {
    FakePulse* pulse = any();
    if (pick(3) == 0 || pulse == nullptr) {
      add_pulse();
    } else if (quiet_.count(pulse->id) == 0) {
      quiet_[pulse->id] = true;
      pulse->rows.push_back(new_row());
      pulse->name += "!";
      pulse->modified = tick();
    }
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  /// Hours apart, so that no overlap hides what a walk has missed.
  Time tick() { return hour(now_ += 3); }
  FakePulse* any() {
    return service.pulses.empty() ? nullptr
                                  : &service.pulses[static_cast<std::size_t>(
                                        pick(static_cast<int>(service.pulses.size())))];
  }
  FakeRow new_row() {
    const int number = ++rows_;
    // Some values are said by several pulses.
    return {"h" + std::to_string(number % 50) + ".evil-example.com", pick(8) != 0};
  }
  void add_pulse() {
    char id[32];
    std::snprintf(id, sizeof id, "%024x", static_cast<unsigned>(++pulses_));
    FakePulse pulse;
    pulse.id = id;
    pulse.name = std::string("pulse ") + id;
    pulse.author = pick(2) == 0 ? "north" : "south";
    pulse.created = pulse.modified = tick();
    for (int rows = pick(7); rows > 0; --rows) pulse.rows.push_back(new_row());
    if (pick(6) == 0) pulse.shown = 1;
    quiet_[pulse.id] = true;
    service.pulses.push_back(std::move(pulse));
  }
  void leaves(const char* action, const FakePulse& pulse) {
    // Some leave without a word: then nobody knows when.
    const Time when = tick();
    if (pick(4) != 0) service.events.push_back({action, "pulse", pulse.id, when});
  }

  std::mt19937_64 random_;
  std::map<std::string, bool> quiet_;
  int now_ = 0, pulses_ = 0, rows_ = 0;
};

/// Between the client and the service.
class Mischief {
 public:
  Mischief(std::uint64_t seed, double share) : random_(seed), share_(share) {}

  Result<HttpResponse> operator()(FakeService& service, const std::string& url) {
    if (uniform() >= share_) return service.answer(url);
    HttpResponse reply;
    switch (random_() % 15) {
      case 0:
      case 1:
        throw Killed();
      case 2:
        reply.status = 429;
        if (random_() % 2 == 0) reply.headers = {{"retry-after", "3"}};
        return reply;
      case 3:
      case 4:
        reply.status = 504;
        reply.body = "<html><head><title>504 Gateway Time-out</title></head></html>";
        return reply;
      case 5:
        reply.status = random_() % 2 == 0 ? 500 : 502;
        return reply;
      case 6:
        return fail("https://otx.example: timed out after 120 s");
      case 7:
        return fail("https://otx.example: connection reset by peer");
      case 8:
        return FakeTransport::json("<html>maintenance</html>");
      case 9:
        return FakeTransport::json("");
      case 10:
      case 11: {
        reply = service.answer(url);
        reply.body.resize(random_() % std::max<std::size_t>(1, reply.body.size()));
        return reply;
      }
      case 12:
        return service.answer(url, Bend::kRepeat);
      case 13:
        return service.answer(url, Bend::kReorder);
      default:
        return service.answer(url, Bend::kWrongNext);
    }
  }
  double uniform() { return std::uniform_real_distribution<>(0, 1)(random_); }
  std::uint64_t next() { return random_(); }

 private:
  std::mt19937_64 random_;
  double share_;
};

struct Collected {
  int calls = 0, kills = 0, failures = 0;
};

/// Collects until `wanted` calls have been whole.
class Client {
 public:
  explicit Client(FakeStore& store) : store_(store) {
    options_.base_url = "https://otx.example";
    options_.key = kKey;
    options_.page_size = 4;
    options_.tries = 4;
    options_.sleep = [](std::chrono::milliseconds) {};
    options_.jitter = [] { return 0.0; };
  }

  /// One call; true if it was whole.
  bool collect(FakeService& service, Mischief* mischief, OtxReconcile reconcile,
               const std::function<void()>& meanwhile, Collected& seen) {
    options_.reconcile = reconcile;
    if (mischief != nullptr) {
      options_.page_size = 1 + static_cast<int>(mischief->next() % 7);
      options_.max_pages = mischief->next() % 5 == 0 ? 2 : 20'000;
    } else {
      options_.page_size = 4;
      options_.max_pages = 20'000;
    }
    int requests = 0;
    FakeTransport transport([&](const HttpRequest& request) -> Result<HttpResponse> {
      // Not of the first page: what the service holds when a walk begins, both have seen.
      if (++requests == 3) meanwhile();
      return mischief != nullptr ? (*mischief)(service, request.url)
                                 : service.answer(request.url);
    });
    ++seen.calls;
    try {
      const auto report = collect_otx(*store_, transport, clock_, options_, {});
      for (const HttpRequest& request : transport.requests()) check(request);
      if (!report) {
        ++seen.failures;
        EXPECT_EQ(report.error().message.find(kKey), std::string::npos);
        return false;
      }
      return report->whole;
    } catch (const Killed&) {
      ++seen.kills;
      store_.reopen();
      return false;
    }
  }

 private:
  static void check(const HttpRequest& request) {
    EXPECT_EQ(request.url.rfind("https://otx.example/api/v1/pulses/", 0), 0u) << request.url;
    EXPECT_EQ(request.url.find(kKey), std::string::npos);
  }

  FakeStore& store_;
  OtxCollectOptions options_;
  FixedClock clock_{parse_iso8601("2026-11-24T10:00:00")->time};
};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(OtxFaults, the_store_comes_to_hold_what_a_run_without_trouble_holds) {
  const std::uint64_t seeds = setting("SPOOR_SEEDS", 100);
  const std::uint64_t first = setting("SPOOR_FIRST_SEED", 1);
  constexpr int kWalks = 3;
  Collected all, calm_seen;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    History calm_history(seed), rough_history(seed);
    FakeStore calm_store, rough_store;
    Client calm(calm_store), rough(rough_store);
    Mischief mischief(seed ^ 0x9E3779B97F4A7C15u, 0.05 + 0.1 * static_cast<double>(seed % 5));
    for (int walk = 0; walk < kWalks; ++walk) {
      const auto once = [](History& history) {
        return [&history, done = std::make_shared<bool>(false)] {
          if (!std::exchange(*done, true)) history.during_a_walk();
        };
      };
      const auto meanwhile_calm = once(calm_history), meanwhile_rough = once(rough_history);
      ASSERT_TRUE(calm.collect(calm_history.service, nullptr, OtxReconcile::kNow,
                               meanwhile_calm, calm_seen))
          << seed;
      int calls = 0;
      while (!rough.collect(rough_history.service, &mischief,
                            calls % 2 == 0 ? OtxReconcile::kNow : OtxReconcile::kDaily,
                            meanwhile_rough, all)) {
        ASSERT_LT(++calls, 500) << "seed " << seed << " never came to an end";
      }
      meanwhile_calm();
      meanwhile_rough();
      // What came in during the walk is the next one's; that one meets no trouble.
      ASSERT_TRUE(calm.collect(
          calm_history.service, nullptr, OtxReconcile::kNow, [] {}, calm_seen));
      ASSERT_TRUE(rough.collect(
          rough_history.service, nullptr, OtxReconcile::kNow, [] {}, all));
      ASSERT_EQ(rough_store.dump(), calm_store.dump()) << "seed " << seed << " walk " << walk;
      calm_history.between_walks();
      rough_history.between_walks();
    }
    ASSERT_TRUE(rough_store->check()) << seed;
  }
  std::printf("  %llu seeds: %d calls, %d killed, %d failed\n",
              static_cast<unsigned long long>(seeds), all.calls, all.kills, all.failures);
  // That enough went wrong, where there were enough seeds to say so: a call only fails when all
  // its tries do.
  EXPECT_GT(all.kills, static_cast<int>(seeds) / 2);
  if (seeds >= 100) {
    EXPECT_GT(all.failures, 0);
  }
}

TEST(OtxFaults, the_dump_tells_stores_apart) {
  History history(3);
  FakeStore a, b;
  Client client_a(a), client_b(b);
  Collected seen;
  ASSERT_TRUE(client_a.collect(
      history.service, nullptr, OtxReconcile::kNow, [] {}, seen));
  history.service.pulses[0].rows.push_back({"h-other.evil-example.com", true});
  ASSERT_TRUE(client_b.collect(
      history.service, nullptr, OtxReconcile::kNow, [] {}, seen));
  EXPECT_NE(a.dump(), b.dump());
}

}  // namespace
}  // namespace spoor
