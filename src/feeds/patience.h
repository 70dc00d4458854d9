// What every client of a service knows about waiting: when to stop (cancelled, out of time),
// and how long to pause before a request is tried again: 2, 4, 8 ... 60 s, half of each at
// random so that many clients spread, and never less than the service asks for. One thread.
// Tested by otx_client_test.cpp and web_client_test.cpp.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "base/clock.h"

namespace spoor {

struct PatienceOptions {
  std::optional<std::chrono::seconds> deadline;  ///< of everything, from construction on
  /// Whether to stop (Ctrl-C): asked between requests and during pauses.
  std::function<bool()> cancelled;
  /// Waits; tests give one that does not. Called with at most half a second at a time.
  std::function<void(std::chrono::milliseconds)> sleep;
  /// In [0, 1): spreads the pauses of many clients. Empty: random.
  std::function<double()> jitter;
  /// Told before each pause: "page 3: http 504, trying again in 4 s".
  std::function<void(std::string)> say;
};

/// What an HTTP status that is no success means for the next try.
enum class NextTry : std::uint8_t {
  kNone,     ///< the answer will be the same
  kLater,    ///< throttled, or a trouble of the moment (408, 425, 429, 500, 520 to 523)
  kSmaller,  ///< later, and less at once: it took too long (502 to 504, 524)
};
NextTry next_try(int status);

class Patience {
 public:
  /// A longer Retry-After than this is not waited for.
  static constexpr std::chrono::seconds kLongestRetryAfter{600};

  Patience(const Clock& clock, PatienceOptions options);

  /// Whether to stop; stopped() says why.
  bool stop_asked();
  const std::string& stopped() const { return stopped_; }
  /// Waits in slices. False: stopped instead.
  bool wait_for(std::chrono::milliseconds time);
  /// Waits before try `attempt` + 1, at least `at_least`. False: stopped instead, at once where
  /// the deadline comes first.
  bool pause(int attempt, std::optional<std::chrono::seconds> at_least, const std::string& why);
  /// The time-out of a request that begins now: `timeout`, or what the deadline leaves of it.
  std::chrono::seconds within(std::chrono::seconds timeout) const;

 private:
  std::string deadline_text() const;

  const Clock* clock_;
  PatienceOptions options_;
  Time start_;
  std::mt19937_64 random_;
  std::string stopped_;
};

}  // namespace spoor
