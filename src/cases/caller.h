// Requests to one system: its address and key, a rate over all of them, several in flight, and
// what an answer means for the work: done, again later, or never.
//
// One thread calls; call_all() spreads over lanes, each with a Transport of its own (a
// Transport is for one thread). The key stands in a header and in nothing that is printed.
// Tested by thehive_test.cpp.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "net/transport.h"

namespace spoor {

/// Time as a seam: tests neither sleep nor wait.
struct Pace {
  const Clock* clock = nullptr;
  std::function<void(std::chrono::milliseconds)> sleep;
  std::function<bool()> cancelled;  ///< asked between requests and pauses
};

struct ApiCall {
  std::string method = "GET";
  std::string path;  ///< behind the base URL: "/api/alert"
  std::string body;
  std::string content_type = "application/json";
  std::string idempotency_key = {};  ///< header of that name; "" none
};

enum class Trouble : std::uint8_t {
  kNone,
  kTransient,  ///< no answer, 408, 429, 5xx: the same may work later
  kRefused,    ///< 400, 404, 413, ...: the same will fail again
  kNoEntry,    ///< 401, 402, 403: nothing will work until somebody changes the account
};

struct CallOutcome {
  Trouble trouble = Trouble::kNone;
  int status = 0;             ///< 0: no answer
  std::string body, message;  ///< message: "http 400: CreateError: Alert ... already exist"
  std::string organisation;   ///< the header X-Organisation
  std::optional<std::chrono::seconds> wait;  ///< Retry-After

  /// Whether the system as a whole is away or shut, and not only this request in trouble (500).
  bool is_away() const {
    return trouble == Trouble::kNoEntry ||
           (trouble == Trouble::kTransient && (status < 200 || status >= 400) && status != 500);
  }
};

class Caller {
 public:
  struct Options {
    std::string base_url;                                      ///< without a slash at its end
    std::vector<std::pair<std::string, std::string>> headers;  ///< the key among them
    double rate = 20;                  ///< requests a second over all lanes; 0: no limit
    std::chrono::seconds timeout{90};  ///< TheHive may take long for a write
    std::uint64_t max_body_bytes = 256u << 20;
  };
  /// At least one transport; as many requests are in flight as there are transports.
  Caller(Options options, std::vector<std::unique_ptr<Transport>> lanes, Pace pace);
  ~Caller();

  CallOutcome call(const ApiCall& call);
  /// Outcomes in the order of the calls. After one that is transient or lets nobody in, calls
  /// that have not begun are not made (transient, "not sent").
  std::vector<CallOutcome> call_all(std::span<const ApiCall> calls);

  std::uint64_t requests() const;
  const Pace& pace() const { return pace_; }
  const std::string& base_url() const { return options_.base_url; }

 private:
  struct Gate;  // the rate, shared by the lanes
  CallOutcome send(Transport& transport, const ApiCall& call);

  Options options_;
  std::vector<std::unique_ptr<Transport>> lanes_;
  Pace pace_;
  std::unique_ptr<Gate> gate_;
};

/// The words of an error body ({"type","message"}), cut; else the begin of the body.
std::string server_words(std::string_view body);

}  // namespace spoor
