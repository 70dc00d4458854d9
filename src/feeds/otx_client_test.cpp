// The client's promises one by one; whole walks with faults are collect's tests.

#include "feeds/otx_client.h"

#include <gtest/gtest.h>

#include "net/fake_transport.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kKey = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct Fixture {
  std::vector<Result<HttpResponse>> replies;  ///< one after the other; the last one stays
  FixedClock clock{parse_iso8601("2026-11-24T10:00:00")->time};
  milliseconds slept{0};
  std::vector<std::string> said;
  OtxClientOptions options;
  FakeTransport transport{[this](const HttpRequest&) -> Result<HttpResponse> {
    const auto reply = replies.front();
    if (replies.size() > 1) replies.erase(replies.begin());
    return reply;
  }};

  Fixture() {
    options.base_url = "https://otx.example/";
    options.key = std::string(" ") + kKey + "\n";
    options.sleep = [this](milliseconds time) {
      slept += time;
      clock.set(clock.now() + time);
    };
    options.jitter = [] { return 1.0; };
    options.say = [this](std::string text) { said.push_back(std::move(text)); };
  }
  OtxClient client(RateGate* gate = nullptr) {
    auto made = OtxClient::create(transport, clock, gate, options);
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
  }
  static OtxAsk ask() {
    OtxAsk question;
    question.what = [] { return "users/me"; };
    question.path = [] { return "/api/v1/users/me"; };
    question.read = [](const std::string& body) {
      return body == "good" ? "" : "http 200 with another body";
    };
    return question;
  }
};

HttpResponse status(int code, const std::string& body = "") {
  return FakeTransport::json(body, code);
}

TEST(OtxClient, the_key_goes_into_one_header) {
  Fixture f;
  f.replies = {status(200, "good")};
  OtxClient client = f.client();
  ASSERT_TRUE(client.ask(Fixture::ask()));
  const HttpRequest& request = f.transport.requests()[0];
  EXPECT_EQ(request.url, "https://otx.example/api/v1/users/me");
  EXPECT_EQ(request.headers[0], (std::pair<std::string, std::string>("X-OTX-API-KEY", kKey)));
  EXPECT_EQ(client.without_key("a " + std::string(kKey) + " b " + kKey), "a [key] b [key]");
}

TEST(OtxClient, pauses_grow_to_a_minute_and_no_further) {
  Fixture f;
  f.replies = {status(500)};
  f.options.tries = 8;
  OtxClient client = f.client();
  const auto answer = client.ask(Fixture::ask());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "users/me: http 500 (try 8 of 8)");
  EXPECT_EQ(client.failure(), OtxClient::Failure::kUnavailable);
  EXPECT_EQ(f.slept, seconds(2 + 4 + 8 + 16 + 32 + 60 + 60));
  f.options.jitter = [] { return 0.0; };
  f.slept = milliseconds(0);
  OtxClient half = f.client();
  EXPECT_FALSE(half.ask(Fixture::ask()));
  EXPECT_EQ(f.slept, seconds(1 + 2 + 4 + 8 + 16 + 30 + 30));
}

TEST(OtxClient, a_deadline_bounds_pauses_and_requests) {
  Fixture f;
  f.replies = {status(500)};
  f.options.tries = 100;
  f.options.deadline = seconds(10);
  OtxClient client = f.client();
  const auto answer = client.ask(Fixture::ask());
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer, OtxClient::Answer::kStopped);
  EXPECT_EQ(client.stopped(), "deadline of 10 s");
  EXPECT_LE(f.slept, seconds(10));
  for (const HttpRequest& request : f.transport.requests())
    EXPECT_LE(request.timeout, seconds(10));
}

TEST(OtxClient, shrinks_only_where_size_may_be_the_trouble) {
  const struct {
    Result<HttpResponse> reply;
    bool shrinks;
  } cases[] = {
      {status(504), true},
      {status(503), true},
      {status(502), true},
      {status(524), true},
      {status(429), false},
      {status(500), false},
      {status(200), false},
      {fail("https://otx.example: timed out after 120 s"), true},
      {fail("https://otx.example: could not connect"), false},
  };
  for (const auto& c : cases) {
    Fixture f;
    f.replies = {c.reply, status(200, "good")};
    int shrunk = 0;
    OtxAsk ask = Fixture::ask();
    ask.shrink = [&] {
      ++shrunk;
      return "page size now 25";
    };
    OtxClient client = f.client();
    ASSERT_TRUE(client.ask(ask));
    EXPECT_EQ(shrunk, c.shrinks ? 1 : 0);
    ASSERT_EQ(f.said.size(), 1u);
    EXPECT_EQ(f.said[0].find("page size now 25") != std::string::npos, c.shrinks) << f.said[0];
  }
}

TEST(OtxClient, a_change_is_sent_once) {
  const struct {
    Result<HttpResponse> reply;
    const char* said;
  } cases[] = {
      {status(504), "may have been done all the same"},
      {status(500), "may have been done all the same"},
      {fail("https://otx.example: timed out after 120 s"), "may have been done all the same"},
      {status(400, R"({"name":["too short"],"TLP":["wrong"]})"),
       "http 400, expected 200: name: [\"too short\"]; TLP: [\"wrong\"]"},
      {status(403, R"({"detail":"no"})"), "the key was not accepted"},
  };
  for (const auto& c : cases) {
    Fixture f;
    f.replies = {c.reply};
    OtxClient client = f.client();
    const auto done = client.change("POST", "/api/v1/pulses/create", "{}", "create");
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find(c.said), std::string::npos) << done.error().message;
    EXPECT_EQ(f.transport.requests().size(), 1u) << c.said;
  }
  Fixture f;
  f.replies = {status(429), status(201, "made")};
  OtxClient client = f.client();
  const auto done = client.change("POST", "/api/v1/pulses/create", "{}", "create");
  ASSERT_TRUE(done);
  EXPECT_EQ(*done, "made");
  EXPECT_EQ(f.transport.requests().size(), 2u);
  EXPECT_EQ(f.transport.requests()[1].method, "POST");
}

TEST(OtxClient, keeps_to_its_rate) {
  Fixture f;
  f.replies = {status(200, "good")};
  RateGate gate(4);
  OtxClient client = f.client(&gate);
  const Time begin = f.clock.now();
  for (int i = 0; i < 44; ++i) ASSERT_TRUE(client.ask(Fixture::ask()));
  // Four at once, then four a second.
  EXPECT_GE(f.clock.now() - begin, seconds(10));
  EXPECT_LE(f.clock.now() - begin, seconds(11));
}

TEST(OtxClient, says_what_an_error_body_says) {
  EXPECT_EQ(otx_error_text(R"({"detail":"no such pulse"})"), "no such pulse");
  EXPECT_EQ(otx_error_text("<html><head><TITLE> 504 Gateway Time-out </TITLE>"),
            "504 Gateway Time-out");
  EXPECT_EQ(otx_error_text(""), "");
  EXPECT_EQ(otx_error_text("{"), "");
  EXPECT_LE(otx_error_text("{\"detail\":\"" + std::string(9999, 'x') + "\"}").size(), 300u);
}

TEST(OtxClient, refuses_a_key_that_cannot_be_one) {
  for (const char* key : {"", "  ", "ab cd", "ab\ncd", "\xC3\xA4"}) {
    Fixture f;
    f.options.key = key;
    EXPECT_FALSE(OtxClient::create(f.transport, f.clock, nullptr, f.options)) << key;
  }
}

}  // namespace
}  // namespace spoor
