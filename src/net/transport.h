// HTTP as a seam: one blocking call, so that tests answer from memory and the program through
// libcurl. TLS is always verified; http:// is for loopback only. Tested by transport_test.cpp;
// the seam's other side is fake_transport.h.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace spoor {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::seconds timeout{120};
  std::uint64_t max_body_bytes = 512u << 20;  ///< after decompression
  /// Whether to give up (Ctrl-C): asked about once a second while the transfer runs.
  std::function<bool()> cancelled;
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names lower-case
  std::string body;                                          ///< decompressed
  /// The protocol said where the body ends (a length, chunks, HTTP/2): one that was cut is an
  /// error and never comes here. False: it ended with the connection.
  bool end_known = true;
  /// Value of a header (lower-case name), or "". The last one counts where a name repeats.
  std::string_view header(std::string_view name) const;
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// An error is a failure below HTTP (name, connection, TLS, time-out, body too large) or a
  /// request that may not be sent (http:// to another machine, a header with a line break); any
  /// status is a response. What is no GET or HEAD is sent once at most: where its answer is
  /// lost, it may have been done. Redirects are not followed at all: a 3xx is returned as it
  /// came. Never puts header values into an error's text. One thread at a time.
  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
};

struct TransportOptions {
  std::string user_agent;
  std::string proxy;    ///< empty: from the environment (https_proxy, no_proxy)
  std::string ca_file;  ///< empty: the system's
};
std::unique_ptr<Transport> make_curl_transport(const TransportOptions& options);

/// Whether a request to `url` may be sent at all: what send() refuses before a byte is sent is
/// an error here, for who wants to know before the first try.
Status check_url(const std::string& url);

/// `text` as one path segment or one query value: everything but RFC 3986's unreserved
/// characters becomes %XX. O(n); cannot fail.
std::string percent_encode(std::string_view text);

/// A date as HTTP writes it (RFC 9110 5.6.7); nothing where it is none.
std::optional<Time> http_date(std::string_view text);

/// What the Retry-After header of `response` asks for (RFC 9110 10.2.3: seconds, or a date,
/// which is measured from `now`); never negative. Nothing where there is none or it cannot be
/// read.
std::optional<std::chrono::seconds> retry_after(const HttpResponse& response, Time now);

}  // namespace spoor
