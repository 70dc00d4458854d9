// Transport over libcurl's easy interface. One handle is kept, so that connections are reused;
// every request sets all options anew. What the program may not do is refused before a byte is
// sent: plain http to another machine (the key would travel in the clear), user names in URLs,
// headers with line breaks. Source of the option semantics:
// https://curl.se/libcurl/c/curl_easy_setopt.html (7.88). Tested by transport_test.cpp against
// a server on loopback.

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "base/ascii.h"
#include "base/check.h"
#include "net/loopback.h"
#include "net/transport.h"

namespace spoor {
namespace {

constexpr std::size_t kMaxHeaderBytes = 256 << 10;
constexpr std::int64_t kConnectSeconds = 30;

/// A write to a connection that the peer has closed raises SIGPIPE inside the TLS library. It
/// is blocked in this thread for the length of a transfer, and one that came is taken away.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    if (!was_pending_) {
      const timespec none{};
      while (sigtimedwait(&pipe_, nullptr, &none) > 0) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

struct Target {
  bool plain_http = false;
  std::string shown;  ///< scheme://host, for messages: a path may hold what was looked up
};

std::string take(CURLU* url, CURLUPart part) {
  char* value = nullptr;
  if (curl_url_get(url, part, &value, 0) != CURLUE_OK) return {};
  std::string text(value);
  curl_free(value);
  return text;
}

/// Checks `text` and says what may be done with it.
Result<Target> inspect(const std::string& text) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  if (!url) return fail("out of memory");
  for (char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) {
      return fail("url holds a blank or a control character");
    }
  }
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return fail("not a url, expected https://host/...");
  }
  const std::string scheme = take(url.get(), CURLUPART_SCHEME);
  const std::string host = take(url.get(), CURLUPART_HOST);
  Target target;
  target.shown = scheme + "://" + host;
  if (!take(url.get(), CURLUPART_USER).empty() ||
      !take(url.get(), CURLUPART_PASSWORD).empty()) {
    return fail(target.shown + ": the url holds a user name, expected none");
  }
  if (scheme == "https") return target;
  if (scheme != "http") return fail("scheme " + scheme + ", expected https");
  if (!is_loopback(host)) {
    return fail(target.shown +
                ": http is not encrypted, expected https (http is for 127.0.0.0/8, ::1 and "
                "localhost only)");
  }
  target.plain_http = true;
  return target;
}

struct Receiver {
  HttpResponse response;
  std::uint64_t limit = 0;
  std::size_t header_bytes = 0;
  bool body_too_large = false;
  bool headers_too_large = false;
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const std::size_t bytes = size * count;
  if (bytes > receiver.limit - receiver.response.body.size()) {
    receiver.body_too_large = true;
    return 0;
  }
  receiver.response.body.append(data, bytes);
  return bytes;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const std::size_t bytes = size * count;
  receiver.header_bytes += bytes;
  if (receiver.header_bytes > kMaxHeaderBytes) {
    receiver.headers_too_large = true;
    return 0;
  }
  const std::string_view line = trim(std::string_view(data, bytes));
  if (starts_with_ignore_case(line, "HTTP/")) {
    // A new head: an interim reply (100) or the answer of a proxy came before.
    receiver.response.headers.clear();
    return bytes;
  }
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    receiver.response.headers.emplace_back(lower(line.substr(0, colon)),
                                           std::string(trim(line.substr(colon + 1))));
  }
  return bytes;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(user))() ? 1 : 0;
}

/// libcurl sends a request again by itself where a connection that was used before ends
/// without an answer. The server may have done it all the same: what changes something there
/// goes out once, and whoever asked decides.
int on_ready_to_send(void* user, char*, char*, int, int) {
  auto& sent = *static_cast<int*>(user);
  return ++sent > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(TransportOptions options) : options_(std::move(options)) {
    static std::once_flag once;
    std::call_once(once,
                   [] { SPOOR_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
    handle_ = curl_easy_init();
    SPOOR_CHECK(handle_ != nullptr);
  }
  ~CurlTransport() override { curl_easy_cleanup(handle_); }
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Result<HttpResponse> send(const HttpRequest& request) override {
    auto target = inspect(request.url);
    if (!target) return fail(target.error());

    curl_slist* list = nullptr;
    const auto free_list = [](curl_slist* l) { curl_slist_free_all(l); };
    for (const auto& [name, value] : request.headers) {
      const auto is_break = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
      if (name.empty() || std::any_of(name.begin(), name.end(), is_break) ||
          name.find(':') != std::string::npos ||
          std::any_of(value.begin(), value.end(), is_break)) {
        free_list(list);
        return fail(target->shown + ": a header holds a line break or has no name");
      }
      // "Name;" is libcurl's way to send an empty value.
      const std::string line = value.empty() ? name + ";" : name + ": " + value;
      curl_slist* longer = curl_slist_append(list, line.c_str());
      if (longer == nullptr) {
        free_list(list);
        return fail("out of memory");
      }
      list = longer;
    }
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);

    curl_easy_reset(handle_);
    Receiver receiver;
    receiver.limit = request.max_body_bytes;
    char detail[CURL_ERROR_SIZE] = "";
    const auto timeout =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(request.timeout.count()));
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle_, CURLOPT_PROTOCOLS_STR, target->plain_http ? "http" : "https");
    curl_easy_setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(handle_, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(handle_, CURLOPT_TIMEOUT, static_cast<long>(timeout));
    curl_easy_setopt(handle_, CURLOPT_CONNECTTIMEOUT,
                     static_cast<long>(std::min(timeout, kConnectSeconds)));
    curl_easy_setopt(handle_, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle_, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &receiver);
    curl_easy_setopt(handle_, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle_, CURLOPT_HEADERDATA, &receiver);
    if (request.cancelled) {
      curl_easy_setopt(handle_, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(handle_, CURLOPT_XFERINFOFUNCTION, on_progress);
      curl_easy_setopt(handle_, CURLOPT_XFERINFODATA, &request.cancelled);
    }
    if (!options_.user_agent.empty()) {
      curl_easy_setopt(handle_, CURLOPT_USERAGENT, options_.user_agent.c_str());
    }
    if (!options_.ca_file.empty()) {
      curl_easy_setopt(handle_, CURLOPT_CAINFO, options_.ca_file.c_str());
    }
    if (target->plain_http) {
      curl_easy_setopt(handle_, CURLOPT_PROXY, "");  // loopback must not leave through a proxy
    } else if (!options_.proxy.empty()) {
      curl_easy_setopt(handle_, CURLOPT_PROXY, options_.proxy.c_str());
    }
    int sent = 0;
    if (request.method != "GET" && request.method != "HEAD") {
      curl_easy_setopt(handle_, CURLOPT_PREREQFUNCTION, on_ready_to_send);
      curl_easy_setopt(handle_, CURLOPT_PREREQDATA, &sent);
    }
    if (request.method == "GET") {
      curl_easy_setopt(handle_, CURLOPT_HTTPGET, 1L);
    } else if (request.method == "HEAD") {
      curl_easy_setopt(handle_, CURLOPT_NOBODY, 1L);
    } else {
      curl_easy_setopt(handle_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, request.body.c_str());
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
    }

    CURLcode code = CURLE_OK;
    {
      const NoSigpipe quiet;
      code = curl_easy_perform(handle_);
    }
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    long version = 0;
    curl_easy_getinfo(handle_, CURLINFO_HTTP_VERSION, &version);
    long proxy_status = 0;
    curl_easy_getinfo(handle_, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    // The handle keeps pointers to this frame otherwise.
    curl_easy_reset(handle_);

    if (receiver.body_too_large) {
      return fail(target->shown + ": the body is larger than " +
                  std::to_string(request.max_body_bytes) + " bytes");
    }
    if (receiver.headers_too_large) {
      return fail(target->shown + ": the head of the reply is larger than " +
                  std::to_string(kMaxHeaderBytes) + " bytes");
    }
    if (code == CURLE_ABORTED_BY_CALLBACK && sent > 1)
      return fail(target->shown + ": the connection ended without an answer");
    if (code == CURLE_ABORTED_BY_CALLBACK) return fail(target->shown + ": cancelled");
    if (code == CURLE_OPERATION_TIMEDOUT) {
      return fail(target->shown + ": timed out after " + std::to_string(timeout) + " s");
    }
    if (code != CURLE_OK) {
      std::string why = curl_easy_strerror(code);
      for (char& c : why) c = to_lower(c);
      if (proxy_status >= 400)
        why += " (the proxy answered " + std::to_string(proxy_status) + ")";
      if (detail[0] != '\0') why += std::string(": ") + detail;
      return fail(target->shown + ": " + why);
    }
    receiver.response.status = static_cast<int>(status);
    receiver.response.end_known = version >= CURL_HTTP_VERSION_2_0 ||
                                  !receiver.response.header("content-length").empty() ||
                                  !receiver.response.header("transfer-encoding").empty();
    return std::move(receiver.response);
  }

 private:
  TransportOptions options_;
  CURL* handle_ = nullptr;
};

}  // namespace

Status check_url(const std::string& url) {
  const auto target = inspect(url);
  return target ? Status{} : fail(target.error());
}

std::unique_ptr<Transport> make_curl_transport(const TransportOptions& options) {
  return std::make_unique<CurlTransport>(options);
}

std::optional<Time> http_date(std::string_view text) {
  const std::string date(trim(text));
  const time_t seconds = date.empty() ? -1 : curl_getdate(date.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return time_from_micros(static_cast<std::int64_t>(seconds) * 1'000'000);
}

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response, Time now) {
  const std::string_view value = trim(response.header("retry-after"));
  if (value.empty()) return std::nullopt;
  if (std::all_of(value.begin(), value.end(), is_digit)) {
    // More than nine digits is no waiting time; the cap keeps the sum from overflowing.
    if (value.size() > 9) return std::chrono::seconds(999'999'999);
    std::int64_t seconds = 0;
    for (char c : value) seconds = seconds * 10 + (c - '0');
    return std::chrono::seconds(seconds);
  }
  const auto date = http_date(value);
  if (!date) return std::nullopt;
  const std::int64_t wait =
      (to_micros(*date) - to_micros(now) / 1'000'000 * 1'000'000) / 1'000'000;
  return std::chrono::seconds(std::max<std::int64_t>(0, wait));
}

}  // namespace spoor
