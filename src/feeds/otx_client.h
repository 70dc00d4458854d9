// One account at OTX: requests with the key, tried again where that may help, within a rate and
// a deadline, and cancelled when told. What it promises:
//   - The key travels in one header, to the configured host; addresses are built from paths, no
//     `next` and no redirect is followed. A reply that echoes the key brings it into no
//     message.
//   - 408, 429, 5xx, time-outs, broken connections, and bodies that the reader refuses are
//   tried
//     again: pauses of 2, 4, 8 ... 60 s, half of each at random; `Retry-After` up to ten
//     minutes is waited for, a longer one ends the call. Other statuses are not tried again.
//   - A request that changes something is sent once: nobody knows whether a broken one arrived.
// Memory: one reply. Tested by otx_client_test.cpp and, with faults, by collect's tests.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "feeds/patience.h"
#include "net/transport.h"

namespace spoor {

/// Spaces requests out: at most `rate` a second, with no more than one second's worth at once.
/// Any number of threads share one.
class RateGate {
 public:
  explicit RateGate(double rate) : rate_(rate) {}
  /// How long the next request, begun at `now`, must wait; it counts as sent.
  std::chrono::milliseconds reserve(Time now);

 private:
  const double rate_;  ///< 0: no limit
  std::mutex mutex_;
  std::optional<Time> next_;  ///< when the request after those reserved may go
};

struct OtxClientOptions {
  std::string base_url;
  std::string key;
  std::string name = "otx";  ///< begins messages
  int tries = 6;
  std::chrono::seconds timeout{120};             ///< of one request
  std::optional<std::chrono::seconds> deadline;  ///< of all
  double rate = 0;                               ///< requests a second; 0: no limit
  /// Whether to stop (Ctrl-C): asked during requests, between them and during pauses.
  std::function<bool()> cancelled;
  /// Waits; tests give one that does not. Called with at most half a second at a time.
  std::function<void(std::chrono::milliseconds)> sleep;
  /// In [0, 1): spreads the pauses of many clients. Empty: random.
  std::function<double()> jitter;
  /// Told before each pause: "page 3: http 504, trying again in 4 s".
  std::function<void(std::string)> say;
};

/// A question that may be asked again.
struct OtxAsk {
  std::function<std::string()> what;  ///< begins messages: "page 3"
  std::function<std::string()> path;  ///< "/api/v1/..."; built for each try
  /// Takes the body of a 200. "" if it is good, else what is wrong with it: tried again.
  std::function<std::string(const std::string& body)> read;
  /// The size of the page may be the trouble (502, 503, 504, 524, a time-out): makes it smaller
  /// and says what it did ("page size now 25"), or "".
  std::function<std::string()> shrink;
  bool may_be_gone = false;  ///< 404 is an answer, not an error
};

class OtxClient {
 public:
  enum class Answer : std::uint8_t {
    kGood,
    kGone,     ///< 404
    kStopped,  ///< cancelled or out of time: stopped() says which
  };
  /// Why the last ask() failed.
  enum class Failure : std::uint8_t {
    kNone,
    kRefused,      ///< the service understood and said no: the key, the address
    kUnavailable,  ///< it did not answer, again and again
  };

  /// An error: the key or the address cannot be one. The others outlive the client.
  static Result<OtxClient> create(Transport& transport, const Clock& clock, RateGate* gate,
                                  OtxClientOptions options);

  /// Asks until the answer is good, given up or stopped.
  Result<Answer> ask(const OtxAsk& ask);
  /// Sends once (429 is tried again: it was not acted upon). 2xx is good, and its body is
  /// returned; anything else an error with what the service said.
  Result<std::string> change(const std::string& method, const std::string& path,
                             const std::string& body, const std::string& what);

  /// Waits before try `attempt` + 1, at least `at_least`. False: stopped instead.
  bool pause(int attempt, std::optional<std::chrono::seconds> at_least, const std::string& why);
  bool stop_asked() { return patience_.stop_asked(); }

  const std::string& stopped() const { return patience_.stopped(); }
  Failure failure() const { return failure_; }
  int requests() const { return requests_; }
  int retries() const { return retries_; }
  void count_retry() { ++retries_; }
  /// A reply said that it was made for nobody: the key was not recognised.
  bool anonymous() const { return anonymous_; }
  const std::string& base() const { return options_.base_url; }
  std::string without_key(std::string text) const;

 private:
  OtxClient(Transport& transport, const Clock& clock, RateGate* gate, OtxClientOptions options);
  struct Trouble {
    std::string text;
    std::optional<std::chrono::seconds> wait;
    bool shrink = false;
    bool final = false;
    bool gone = false;
  };
  Trouble judge(const HttpResponse& reply) const;
  std::optional<HttpRequest> request_for(const std::string& path);

  Transport& transport_;
  const Clock& clock_;
  RateGate* gate_;
  OtxClientOptions options_;
  Patience patience_;
  Failure failure_ = Failure::kNone;
  int requests_ = 0, retries_ = 0;
  bool anonymous_ = false;
};

/// The first `longest` bytes of what an error body says: `detail`, `message`, `error` or the
/// names of invalid fields of a JSON object; the title of a page; "" if it says nothing.
std::string otx_error_text(std::string_view body);

}  // namespace spoor
