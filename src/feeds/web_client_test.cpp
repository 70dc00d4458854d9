// The client's promises one by one; whole collects are collect's tests.

#include "feeds/web_client.h"

#include <gtest/gtest.h>

#include "net/fake_transport.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Answer = WebClient::Answer;

constexpr const char* kKey = "s3cret-k3y";

HttpResponse reply(int code, const std::string& body = "", WebHeaders headers = {}) {
  HttpResponse response;
  response.status = code;
  response.body = body;
  response.headers = std::move(headers);
  return response;
}

struct Fixture {
  std::vector<Result<HttpResponse>> replies;  ///< one after the other; the last one stays
  FixedClock clock{parse_iso8601("2026-11-24T10:00:00")->time};
  milliseconds slept{0};
  std::vector<std::string> said;
  WebClientOptions options;
  FakeTransport transport{[this](const HttpRequest&) -> Result<HttpResponse> {
    const auto next = replies.front();
    if (replies.size() > 1) replies.erase(replies.begin());
    return next;
  }};

  Fixture() {
    options.url = "https://lists.example/all.txt";
    options.patience.sleep = [this](milliseconds time) {
      slept += time;
      clock.set(clock.now() + time);
    };
    options.patience.jitter = [] { return 1.0; };
    options.patience.say = [this](std::string text) { said.push_back(std::move(text)); };
  }
  void with_key() {
    options.secret_headers = {{"Authorization", std::string("Bearer ") + kKey}};
    options.secrets = {kKey};
  }
  WebClient client() {
    auto made = WebClient::create(transport, clock, options);
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
  }
  WebAsk ask() {
    WebAsk question;
    question.url = [this] { return options.url; };
    question.read = [](HttpResponse& got) {
      return got.body == "good" ? "" : "http 200 with another body";
    };
    question.follow = true;
    return question;
  }
  std::string error() {
    WebClient made = client();
    const auto answer = made.ask(ask());
    return answer ? "none" : answer.error().message;
  }
  bool sent_key(std::size_t request) const {
    for (const auto& header : transport.requests().at(request).headers) {
      if (header.second.find(kKey) != std::string::npos) return true;
    }
    return false;
  }
};

TEST(WebClient, tries_again_what_may_get_better) {
  Fixture f;
  f.replies = {reply(503),
               fail("https://lists.example: timed out after 120 s"),
               reply(429, "", {{"retry-after", "90"}}),
               reply(200, "bad"),
               reply(200, "<!DOCTYPE html><title>Log in</title>"),
               reply(200, "good")};
  WebClient client = f.client();
  const auto answer = client.ask(f.ask());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, Answer::kGood);
  EXPECT_EQ(client.requests(), 6);
  EXPECT_EQ(client.retries(), 5);
  EXPECT_EQ(f.slept, seconds(2 + 4 + 90 + 16 + 32));
  EXPECT_EQ(f.said[0], "http 503, trying again in 2 s");
  EXPECT_EQ(f.said[4],
            "http 200 with a page for people in place of data: 'Log in', trying again in 32 s");
}

TEST(WebClient, gives_up_at_once_where_it_helps_nothing) {
  const struct {
    Result<HttpResponse> got;
    const char* said;
  } cases[] = {
      {reply(403), "http 403: refused, and no key is configured"},
      {reply(404), "http 404, expected 200"},
      {reply(400, "{\"message\":\"bad days\"}"), "http 400, expected 200: bad days"},
      {fail("https://lists.example: the body is larger than 5 bytes"),
       "https://lists.example: the body is larger than 5 bytes"},
  };
  for (const auto& c : cases) {
    Fixture f;
    f.replies = {c.got};
    EXPECT_EQ(f.error(), c.said);
    EXPECT_EQ(f.transport.requests().size(), 1u) << c.said;
  }
}

TEST(WebClient, a_page_for_people_a_part_and_a_longer_wait_end_in_an_error) {
  Fixture f;
  f.options.tries = 2;
  f.replies = {reply(200, " \n<html><body>blocked</body></html>")};
  EXPECT_EQ(f.error(), "http 200 with a page for people in place of data (try 2 of 2)");
  f.replies = {reply(206, "good")};
  EXPECT_EQ(f.error(), "http 206: a part, expected the whole (try 2 of 2)");
  f.replies = {reply(429, "", {{"retry-after", "4000"}})};
  EXPECT_EQ(f.error(), "http 429: asks to come back in 4000 s");
}

TEST(WebClient, follows_redirects_up_and_never_down) {
  Fixture f;
  f.replies = {reply(302, "", {{"location", "https://cdn.example/x"}}),
               reply(301, "", {{"location", "/y?z=1"}}), reply(200, "good")};
  WebClient client = f.client();
  ASSERT_TRUE(client.ask(f.ask()));
  EXPECT_EQ(f.transport.requests()[1].url, "https://cdn.example/x");
  EXPECT_EQ(f.transport.requests()[2].url, "https://cdn.example/y?z=1");
  for (const char* to :
       {"http://127.0.0.1/x", "http://lists.example/x", "ftp://a.example", "x", ""}) {
    Fixture down;
    down.replies = {reply(302, "", {{"location", to}})};
    EXPECT_EQ(down.error(),
              "http 302: a redirect that is not followed, to '" + std::string(to) + "'");
    EXPECT_EQ(down.transport.requests().size(), 1u);
  }
  Fixture circle;
  circle.replies = {reply(302, "", {{"location", "/again"}})};
  EXPECT_NE(circle.error().find("not followed"), std::string::npos);
  EXPECT_EQ(circle.transport.requests().size(), 6u);
  Fixture unasked;
  unasked.replies = {reply(302, "", {{"location", "/again"}})};
  WebAsk question = unasked.ask();
  question.follow = false;
  WebClient strict = unasked.client();
  EXPECT_FALSE(strict.ask(question));
  EXPECT_EQ(unasked.transport.requests().size(), 1u);
}

TEST(WebClient, the_key_goes_to_its_origin_only) {
  Fixture f;
  f.with_key();
  f.replies = {reply(302, "", {{"location", "https://LISTS.example:443/b"}}),
               reply(200, "good")};
  WebClient client = f.client();
  ASSERT_TRUE(client.ask(f.ask()));
  EXPECT_TRUE(f.sent_key(0) && f.sent_key(1));
  for (const char* to :
       {"https://other.example/", "https://lists.example:8443/", "//other.example/"}) {
    Fixture away;
    away.with_key();
    away.replies = {reply(302, "", {{"location", to}}), reply(200, "good")};
    EXPECT_NE(away.error().find("where the key must not go"), std::string::npos) << to;
    EXPECT_EQ(away.transport.requests().size(), 1u);
  }
}

TEST(WebClient, secrets_stand_in_no_message) {
  Fixture f;
  f.with_key();
  f.options.tries = 2;
  f.replies = {reply(500, std::string("{\"error\":\"no ") + kKey + " here\"}"),
               fail(std::string("cannot reach ?k=") + kKey)};
  EXPECT_EQ(f.error(), "cannot reach ?k=[key] (try 2 of 2)");
  for (const std::string& text : f.said) EXPECT_EQ(text.find(kKey), std::string::npos) << text;
}

TEST(WebClient, unchanged_and_gone_are_answers) {
  Fixture f;
  f.replies = {reply(304), reply(404), reply(410)};
  WebClient client = f.client();
  EXPECT_EQ(*client.ask(f.ask()), Answer::kUnchanged);
  WebAsk question = f.ask();
  question.may_be_gone = true;
  EXPECT_EQ(*client.ask(question), Answer::kGone);
  EXPECT_EQ(*client.ask(question), Answer::kGone);
  EXPECT_EQ(client.status(), 410);
}

TEST(WebClient, stops_at_the_deadline_and_when_cancelled) {
  Fixture f;
  f.options.patience.deadline = seconds(20);
  f.replies = {reply(500)};
  WebClient client = f.client();
  EXPECT_EQ(*client.ask(f.ask()), Answer::kStopped);
  EXPECT_EQ(client.stopped(), "deadline of 20 s");
  EXPECT_LE(f.transport.requests().back().timeout, seconds(20));
  Fixture cancelled;
  cancelled.options.patience.cancelled = [] { return true; };
  cancelled.replies = {reply(200, "good")};
  WebClient none = cancelled.client();
  EXPECT_EQ(*none.ask(cancelled.ask()), Answer::kStopped);
  EXPECT_TRUE(cancelled.transport.requests().empty());
}

TEST(WebClient, requests_keep_their_distance) {
  Fixture f;
  f.options.between = milliseconds(500);
  f.replies = {reply(200, "good")};
  WebClient client = f.client();
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(client.ask(f.ask()));
  EXPECT_EQ(f.slept, milliseconds(1500));
}

TEST(WebClient, an_address_that_must_not_be_asked_is_none) {
  Fixture f;
  for (const char* url :
       {"http://lists.example/a", "https://user:pw@lists.example/", "file:///etc/passwd", ""}) {
    f.options.url = url;
    EXPECT_FALSE(WebClient::create(f.transport, f.clock, f.options)) << url;
  }
}

TEST(WebClient, small_parts) {
  EXPECT_EQ(url_origin("HTTPS://A.Example:443/x?y"), "https://a.example");
  EXPECT_EQ(url_origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  EXPECT_EQ(url_origin("https://[2001:db8::1]:443/"), "https://[2001:db8::1]");
  EXPECT_EQ(url_origin("ftp://a.example/"), "");
  EXPECT_EQ(url_origin("a.example/x"), "");
  EXPECT_EQ(resolve_location("https://a.example/b/c?d", "/e"), "https://a.example/e");
  EXPECT_EQ(resolve_location("https://a.example", "/e"), "https://a.example/e");
  EXPECT_EQ(resolve_location("https://a.example/b", "//c.example/d"), "https://c.example/d");
  EXPECT_EQ(resolve_location("https://a.example/b", "///c.example/d"), "");
  // RFC 4648 10, and the example of RFC 7617 2.
  EXPECT_EQ(basic_authorization("Aladdin", "open sesame"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(basic_authorization("f", "oob"), "Basic Zjpvb2I=");
  EXPECT_EQ(basic_authorization("f", "o"), "Basic Zjpv");
  for (const char* page :
       {"<!doctype HTML>", "\xEF\xBB\xBF\r\n <html lang=en>", "<!-- x --><html>", "<HEAD>"})
    EXPECT_TRUE(is_html(page)) << page;
  for (const char* list : {"", "evil.example", "<ioc>", "# <html>", "[Adblock Plus]",
                           "<?xml version=\"1.0\"?><ioc/>"})
    EXPECT_FALSE(is_html(list)) << list;
}

}  // namespace
}  // namespace spoor
