// libcurl against a server of a few lines on loopback: one connection at a time, one canned
// reply each.

#include "net/transport.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "base/ascii.h"
#include "net/fake_transport.h"

namespace spoor {
namespace {

/// A socket that listens, and its port.
int listen_on_loopback(int& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(listener, 4), 0);
  socklen_t size = sizeof address;
  EXPECT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port = ntohs(address.sin_port);
  return listener;
}

class LoopbackServer {
 public:
  /// Answers every connection's first request with `reply` and closes.
  explicit LoopbackServer(std::string reply) : reply_(std::move(reply)) {
    listener_ = listen_on_loopback(port_);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  std::string last_request() {
    const std::lock_guard lock(mutex_);
    return last_request_;
  }
  int connections() {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  void serve() {
    while (true) {
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      std::string head;
      char buffer[4096];
      while (head.find("\r\n\r\n") == std::string::npos) {
        const ssize_t got = ::recv(client, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        head.append(buffer, static_cast<std::size_t>(got));
      }
      {
        const std::lock_guard lock(mutex_);
        last_request_ = head;
        ++connections_;
      }
      std::size_t sent = 0;
      while (sent < reply_.size()) {
        const ssize_t n =
            ::send(client, reply_.data() + sent, reply_.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
      }
      ::close(client);
    }
  }

  std::string reply_;
  int listener_ = -1;
  int port_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::string last_request_;
  int connections_ = 0;
};

/// Answers the first request of each connection, takes a second one and closes without a word.
class ForgetfulServer {
 public:
  ForgetfulServer() {
    int port = 0;
    listener_ = listen_on_loopback(port);
    url_ = "http://127.0.0.1:" + std::to_string(port) + "/";
    thread_ = std::thread([this] {
      for (int client; (client = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(client)) {
        const std::string_view reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        if (take(client)) ::send(client, reply.data(), reply.size(), MSG_NOSIGNAL);
        take(client);
      }
    });
  }
  ~ForgetfulServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  const std::string& url() const { return url_; }
  int requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  /// One request; those of the test end with "end" or have no body.
  bool take(int client) {
    std::string all;
    char buffer[4096];
    while (all.find("\r\n\r\n") == std::string::npos ||
           (all[0] == 'P' && all.find("end") == std::string::npos)) {
      const ssize_t got = ::recv(client, buffer, sizeof buffer, 0);
      if (got <= 0) return false;
      all.append(buffer, static_cast<std::size_t>(got));
    }
    const std::lock_guard lock(mutex_);
    ++requests_;
    return true;
  }

  int listener_ = -1;
  std::string url_;
  std::thread thread_;
  std::mutex mutex_;
  int requests_ = 0;
};

std::unique_ptr<Transport> transport() {
  TransportOptions options;
  options.user_agent = "spoor-test/1";
  return make_curl_transport(options);
}

HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers = {{"X-OTX-API-KEY", "s3cret-key"}};
  return request;
}

TEST(CurlTransport, returns_status_headers_and_body) {
  LoopbackServer server(
      "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nX-Two: a\r\nx-two:  b \r\n"
      "Content-Length: 5\r\nConnection: close\r\n\r\nhello");
  const auto curl = transport();
  const auto reply = curl->send(get(server.url("/a?b=c")));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 404);
  EXPECT_EQ(reply->body, "hello");
  EXPECT_EQ(reply->header("content-type"), "text/html");
  EXPECT_EQ(reply->header("x-two"), "b");
  EXPECT_EQ(reply->header("absent"), "");
  const std::string request = server.last_request();
  EXPECT_NE(request.find("GET /a?b=c HTTP/1.1\r\n"), std::string::npos);
  EXPECT_NE(request.find("X-OTX-API-KEY: s3cret-key\r\n"), std::string::npos);
  EXPECT_NE(request.find("User-Agent: spoor-test/1\r\n"), std::string::npos);
  EXPECT_NE(request.find("Accept-Encoding: gzip\r\n"), std::string::npos);
}

TEST(CurlTransport, undoes_gzip_and_counts_the_limit_after_it) {
  // gzip of 2,000 times 'a'
  constexpr unsigned char kGzip[] = {// clang-format off
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0x4c, 0x1c, 0x05, 0xa3, 0x60,
      0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1, 0x50, 0x07, 0x00, 0x39, 0x3e, 0x13, 0xa8, 0xd0,
      0x07, 0x00, 0x00};
  // clang-format on
  const std::string body(reinterpret_cast<const char*>(kGzip), sizeof kGzip);
  LoopbackServer server("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
  const auto curl = transport();
  HttpRequest request = get(server.url("/"));
  const auto reply = curl->send(request);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, std::string(2000, 'a'));
  request.max_body_bytes = 1999;
  const auto refused = curl->send(request);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("larger than 1999 bytes"), std::string::npos);
  request.max_body_bytes = 2000;
  EXPECT_TRUE(curl->send(request));
}

TEST(CurlTransport, returns_a_redirect_and_does_not_follow_it) {
  LoopbackServer elsewhere("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  LoopbackServer server("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url("/steal") +
                        "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  const auto reply = transport()->send(get(server.url("/")));
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 302);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST(CurlTransport, refuses_before_it_connects) {
  const struct {
    const char* name;
    const char* url;
    const char* expect;
  } kCases[] = {
      {"plain http", "http://otx.example/api", "http is not encrypted"},
      {"a name that begins like loopback", "http://127.0.0.1.evil.example/",
       "http is not encrypted"},
      {"a name that contains localhost", "http://localhost.evil.example/",
       "http is not encrypted"},
      {"another scheme", "ftp://otx.example/", "scheme ftp, expected https"},
      {"a file", "file:///etc/passwd", "scheme file, expected https"},
      {"user name", "https://user:pw@otx.example/", "holds a user name"},
      {"blank", "https://otx.example/a b", "blank or a control character"},
      {"no url", "otx", "scheme"},
  };
  const auto curl = transport();
  for (const auto& c : kCases) {
    const auto reply = curl->send(get(c.url));
    if (std::string_view(c.name) == "no url") {
      EXPECT_FALSE(reply) << c.name;
      continue;
    }
    ASSERT_FALSE(reply) << c.name;
    EXPECT_NE(reply.error().message.find(c.expect), std::string::npos)
        << c.name << ": " << reply.error().message;
    EXPECT_EQ(reply.error().message.find("s3cret-key"), std::string::npos) << c.name;
    EXPECT_EQ(reply.error().message.find("pw"), std::string::npos) << c.name;
  }
  HttpRequest request = get("https://127.0.0.1:1/");
  request.headers.push_back({"X-A", "b\r\nX-Injected: 1"});
  const auto injected = curl->send(request);
  ASSERT_FALSE(injected);
  EXPECT_NE(injected.error().message.find("line break"), std::string::npos);
}

TEST(CurlTransport, an_error_names_the_host_and_no_header) {
  int port = 0;
  {
    LoopbackServer gone("");
    port = std::stoi(gone.url("").substr(gone.url("").rfind(':') + 1));
  }
  const auto reply = transport()->send(get("http://127.0.0.1:" + std::to_string(port) + "/x"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().message.find("http://127.0.0.1: "), 0u) << reply.error().message;
  EXPECT_EQ(reply.error().message.find("s3cret-key"), std::string::npos);
}

TEST(CurlTransport, a_reply_cut_short_is_an_error) {
  LoopbackServer server(
      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf");
  EXPECT_FALSE(transport()->send(get(server.url("/"))));
}

TEST(CurlTransport, what_changes_something_is_sent_once) {
  for (const char* method : {"POST", "PATCH"}) {
    ForgetfulServer server;
    const auto curl = transport();
    HttpRequest request = get(server.url());
    request.method = method;
    request.body = "the end";
    ASSERT_TRUE(curl->send(request));
    // On the same connection: it is taken, and the answer never comes.
    const auto lost = curl->send(request);
    ASSERT_FALSE(lost) << method;
    EXPECT_NE(lost.error().message.find("ended without an answer"), std::string::npos)
        << lost.error().message;
    EXPECT_EQ(server.requests(), 2) << method;
    EXPECT_TRUE(curl->send(request)) << "on a new connection";
  }
}

TEST(CurlTransport, a_question_may_be_asked_again) {
  ForgetfulServer server;
  const auto curl = transport();
  ASSERT_TRUE(curl->send(get(server.url())));
  EXPECT_TRUE(curl->send(get(server.url())));
  EXPECT_EQ(server.requests(), 3);
}

TEST(CurlTransport, sends_a_body) {
  LoopbackServer server("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  HttpRequest request = get(server.url("/p"));
  request.method = "POST";
  request.body = "{\"a\":1}";
  const auto reply = transport()->send(request);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 204);
  EXPECT_EQ(server.last_request().substr(0, 7), "POST /p");
}

TEST(PercentEncode, leaves_only_unreserved_characters) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("http://evil.example/a?b#c"),
            "http%3A%2F%2Fevil.example%2Fa%3Fb%23c");
  EXPECT_EQ(percent_encode("2020-11-29T01:10:00+00:00"), "2020-11-29T01%3A10%3A00%2B00%3A00");
  EXPECT_EQ(percent_encode(std::string_view("\0\xC3\xA4 %", 5)), "%00%C3%A4%20%25");
}

TEST(RetryAfter, reads_seconds_and_dates) {
  const Time now = parse_iso8601("2026-11-24T10:00:00")->time;
  const struct {
    const char* value;
    long expect;  // -1: nothing
  } kCases[] = {
      {"12", 12},
      {" 0 ", 0},
      {"Tue, 24 Nov 2026 10:00:30 GMT", 30},
      {"Tue, 24 Nov 2026 09:00:00 GMT", 0},
      {"99999999999999999999", 999'999'999},
      {"soon", -1},
      {"", -1},
      {"-5", -1},
  };
  for (const auto& c : kCases) {
    HttpResponse response;
    response.headers = {{"retry-after", c.value}};
    const auto wait = retry_after(response, now);
    EXPECT_EQ(wait ? static_cast<long>(wait->count()) : -1, c.expect) << c.value;
  }
  EXPECT_EQ(retry_after(HttpResponse{}, now), std::nullopt);
}

TEST(FakeTransport, finds_parameters) {
  const std::string url = "https://h/p?limit=5&page=12&x=";
  EXPECT_EQ(FakeTransport::parameter(url, "page"), "12");
  EXPECT_EQ(FakeTransport::parameter(url, "limit"), "5");
  EXPECT_EQ(FakeTransport::parameter(url, "x"), "");
  EXPECT_EQ(FakeTransport::parameter(url, "age"), "");
}

TEST(CheckUrl, tells_before_the_first_request_what_would_be_refused) {
  for (const char* good :
       {"https://otx.example", "http://127.0.0.1:8080/x", "http://localhost"})
    EXPECT_TRUE(check_url(good)) << good;
  for (const char* bad : {"http://otx.example", "ftp://otx.example", "otx.example/a b", "",
                          "https://user:word@otx.example", "http://127.0.0.1.evil.example"})
    EXPECT_FALSE(check_url(bad)) << bad;
}

}  // namespace
}  // namespace spoor
