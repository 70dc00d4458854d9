// Requests to any service of feeds: tried again where that may help, within a deadline,
// cancelled when told. What it promises:
//   - The secret headers travel to the origin (scheme, host, port) of the configured address
//     and to no other; the secret stands in no message.
//   - 408, 429, 5xx, time-outs, broken connections, bodies that are cut, HTML in place of data
//     and bodies that the reader refuses are tried again as patience.h says; other statuses are
//     not.
//   - A redirect is followed where the question allows it, five times at most: never from https
//     to http, and with a secret only within its origin. What a reply calls `next` is never an
//     address here.
// Every question is one that may be asked twice: nothing is changed at the service. Memory: one
// reply. Tested by web_client_test.cpp.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "feeds/patience.h"
#include "net/transport.h"

namespace spoor {

using WebHeaders = std::vector<std::pair<std::string, std::string>>;

struct WebClientOptions {
  /// Where the secret headers may go: any address of that origin. Empty where there are none.
  std::string url;
  WebHeaders secret_headers;
  /// Never shown, whatever says them: the key, a password, an address that holds a key.
  std::vector<std::string> secrets;
  int tries = 6;
  std::chrono::seconds timeout{120};          ///< of one request
  std::uint64_t max_body_bytes = 512u << 20;  ///< after the transfer's compression
  std::chrono::milliseconds between{0};       ///< at least from one request to the next
  PatienceOptions patience;
};

struct WebAsk {
  std::string what;                  ///< begins messages: "page 3"
  std::function<std::string()> url;  ///< built for each try
  std::string method = "GET";
  std::function<std::string()> body;  ///< empty: none
  WebHeaders headers;
  /// Takes a 2xx. "" if it is good, else what is wrong with it: tried again.
  std::function<std::string(HttpResponse& reply)> read;
  /// The size of the page may be the trouble (502, 503, 504, 524, a time-out): makes it smaller
  /// and says what it did ("page size now 25"), or "".
  std::function<std::string()> shrink;
  bool follow = false;       ///< redirects
  bool may_be_gone = false;  ///< 404 and 410 are answers, not errors
};

class WebClient {
 public:
  enum class Answer : std::uint8_t {
    kGood,
    kUnchanged,  ///< 304
    kGone,       ///< 404, 410
    kStopped,    ///< cancelled or out of time: stopped() says which
  };

  /// The others outlive the client. An error: the address cannot be one.
  static Result<WebClient> create(Transport& transport, const Clock& clock,
                                  WebClientOptions options);

  /// Asks until the answer is good, given up or stopped.
  Result<Answer> ask(const WebAsk& ask);

  bool stop_asked() { return patience_.stop_asked(); }
  const std::string& stopped() const { return patience_.stopped(); }
  int status() const { return status_; }  ///< of the last reply; 0 where none came
  int requests() const { return requests_; }
  int retries() const { return retries_; }
  std::string without_secrets(std::string text) const;

 private:
  WebClient(Transport& transport, const Clock& clock, WebClientOptions options);
  struct Trouble {
    std::string text;
    std::optional<std::chrono::seconds> wait;
    bool shrink = false;
    bool final = false;
  };
  struct Sent {
    Result<HttpResponse> reply;
    bool refused = false;  ///< an address that must not be asked: `reply` says why
  };
  /// One request, with its redirects. Nothing: stopped before it was sent.
  std::optional<Sent> send(const WebAsk& ask);
  Trouble judge(const HttpResponse& reply) const;

  Transport* transport_;
  const Clock* clock_;
  WebClientOptions options_;
  std::string origin_;  ///< of options_.url
  Patience patience_;
  std::optional<Time> last_;
  int status_ = 0, requests_ = 0, retries_ = 0;
};

/// "https://host:port" in lower case, with the scheme's port left out; "" where `url` is no
/// http or https address.
std::string url_origin(std::string_view url);
/// Where a Location header of the reply to `url` leads: an address or a path from the root; ""
/// for other forms.
std::string resolve_location(std::string_view url, std::string_view location);
/// Whether a body is a page for people: what stands in place of a list behind a login or a
/// block.
bool is_html(std::string_view body);
/// `user:password` for an Authorization header.
std::string basic_authorization(std::string_view user, std::string_view password);

}  // namespace spoor
