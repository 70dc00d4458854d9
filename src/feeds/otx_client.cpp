#include "feeds/otx_client.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "net/json.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLongestRetryAfter = Patience::kLongestRetryAfter;
constexpr std::uint64_t kMostBodyBytes = 256u << 20;  // a page of 50 pulses: mostly under 8 MB
constexpr std::size_t kLongestError = 300;
constexpr int kThrottledTries = 4;

}  // namespace

milliseconds RateGate::reserve(Time now) {
  if (rate_ <= 0) return milliseconds(0);
  const std::lock_guard lock(mutex_);
  const Micros step(static_cast<std::int64_t>(1e6 / rate_));
  // What was not used in the last second is there at once.
  const Time earliest = now - seconds(1);
  const Time at = std::max(next_.value_or(earliest), earliest) + step;
  next_ = at;
  return at <= now ? milliseconds(0) : std::chrono::ceil<milliseconds>(at - now);
}

Result<OtxClient> OtxClient::create(Transport& transport, const Clock& clock, RateGate* gate,
                                    OtxClientOptions options) {
  options.key = std::string(trim(options.key));
  if (options.key.empty()) return fail("otx: no key, expected the one of your account page");
  for (char c : options.key) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F) {
      return fail(
          "otx: the key holds a blank, a control or a non-ASCII character, expected 64 hex "
          "digits");
    }
  }
  while (!options.base_url.empty() && options.base_url.back() == '/')
    options.base_url.pop_back();
  if (options.base_url.find_first_of("?#") != std::string::npos) {
    return fail("otx: the base url holds a query, expected scheme, host and path only");
  }
  if (const Status good = check_url(options.base_url); !good)
    return fail(good.error().at("otx"));
  return OtxClient(transport, clock, gate, std::move(options));
}

OtxClient::OtxClient(Transport& transport, const Clock& clock, RateGate* gate,
                     OtxClientOptions options)
    : transport_(transport),
      clock_(clock),
      gate_(gate),
      options_(std::move(options)),
      patience_(clock, {options_.deadline, options_.cancelled, options_.sleep, options_.jitter,
                        options_.say}) {}

bool OtxClient::pause(int attempt, std::optional<seconds> at_least, const std::string& why) {
  return patience_.pause(attempt, at_least, without_key(why));
}

std::string OtxClient::without_key(std::string text) const {
  const std::string& key = options_.key;
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
    text.replace(at, key.size(), "[key]");
    at += 5;
  }
  return text;
}

std::optional<HttpRequest> OtxClient::request_for(const std::string& path) {
  if (stop_asked()) return std::nullopt;
  const milliseconds wait = gate_ == nullptr ? milliseconds(0) : gate_->reserve(clock_.now());
  if (wait > milliseconds(0) && !patience_.wait_for(wait)) return std::nullopt;
  HttpRequest request;
  request.url = options_.base_url + path;
  request.headers = {{"X-OTX-API-KEY", options_.key}, {"Accept", "application/json"}};
  request.timeout = patience_.within(options_.timeout);
  request.max_body_bytes = kMostBodyBytes;
  request.cancelled = options_.cancelled;
  ++requests_;
  return request;
}

OtxClient::Trouble OtxClient::judge(const HttpResponse& reply) const {
  Trouble trouble;
  trouble.text = "http " + std::to_string(reply.status);
  trouble.wait = retry_after(reply, clock_.now());
  switch (reply.status) {
    case 401:
    case 403:
      trouble.text += ": the key was not accepted, expected the key of an OTX account";
      trouble.final = true;
      break;
    case 404:
      trouble.text += ": nothing there, expected the API below " + options_.base_url;
      trouble.final = trouble.gone = true;
      break;
    case 407:
      trouble.text += ": the proxy wants a name and a password";
      trouble.final = true;
      break;
    default:
      trouble.shrink = next_try(reply.status) == NextTry::kSmaller;
      trouble.final = next_try(reply.status) == NextTry::kNone;
      if (!trouble.final) break;
      if (reply.status >= 300 && reply.status < 400) {
        trouble.text +=
            ": a redirect, which is not followed: expected the API below " + options_.base_url;
      } else {
        trouble.text += ", expected 200";
        const std::string said = otx_error_text(reply.body);
        if (!said.empty()) trouble.text += ": " + said;
      }
  }
  return trouble;
}

Result<OtxClient::Answer> OtxClient::ask(const OtxAsk& ask) {
  failure_ = Failure::kNone;
  for (int attempt = 1;; ++attempt) {
    const auto request = request_for(ask.path());
    if (!request) return Answer::kStopped;
    const std::string place = ask.what() + ": ";  // before shrink() changes it
    const auto reply = transport_.send(*request);
    Trouble trouble;
    if (!reply) {
      if (stop_asked()) return Answer::kStopped;
      trouble.text = reply.error().message;
      trouble.shrink = trouble.text.find("timed out") != std::string::npos;
    } else if (reply->status == 200) {
      if (equals_ignore_case(reply->header("x-remote-user-name"), "anonymous"))
        anonymous_ = true;
      trouble.text = ask.read(reply->body);
      if (trouble.text.empty()) return Answer::kGood;
    } else {
      trouble = judge(*reply);
      if (trouble.gone && ask.may_be_gone) return Answer::kGone;
    }
    if (trouble.final) {
      failure_ = Failure::kRefused;
      return fail(without_key(place + trouble.text));
    }
    if (attempt >= options_.tries) {
      failure_ = Failure::kUnavailable;
      return fail(without_key(place + trouble.text + " (try " + std::to_string(attempt) +
                              " of " + std::to_string(options_.tries) + ")"));
    }
    if (trouble.wait && *trouble.wait > kLongestRetryAfter) {
      failure_ = Failure::kUnavailable;
      return fail(without_key(place + trouble.text + ": asks to come back in " +
                              std::to_string(trouble.wait->count()) + " s"));
    }
    ++retries_;
    if (trouble.shrink && ask.shrink) {
      const std::string done = ask.shrink();
      if (!done.empty()) trouble.text += ", " + done;
    }
    if (!pause(attempt, trouble.wait, place + trouble.text)) return Answer::kStopped;
  }
}

Result<std::string> OtxClient::change(const std::string& method, const std::string& path,
                                      const std::string& body, const std::string& what) {
  failure_ = Failure::kNone;
  for (int attempt = 1;; ++attempt) {
    auto request = request_for(path);
    if (!request) return fail(what + ": " + stopped() + " before it was sent");
    request->method = method;
    request->body = body;
    if (!body.empty()) request->headers.emplace_back("Content-Type", "application/json");
    const auto reply = transport_.send(*request);
    if (!reply) {
      failure_ = Failure::kUnavailable;
      return fail(without_key(what + ": " + reply.error().message +
                              "; it may have been done all the same: look before you repeat "
                              "it"));
    }
    if (reply->status >= 200 && reply->status < 300) return reply->body;
    Trouble trouble = judge(*reply);
    if (reply->status == 429 && attempt < kThrottledTries &&
        (!trouble.wait || *trouble.wait <= kLongestRetryAfter)) {
      ++retries_;
      if (pause(attempt, trouble.wait, what + ": " + trouble.text)) continue;
      return fail(what + ": " + stopped() + "; the service had refused it for the time being");
    }
    failure_ = trouble.final ? Failure::kRefused : Failure::kUnavailable;
    if (!trouble.final) {
      const std::string said = otx_error_text(reply->body);
      trouble.text += (said.empty() ? "" : ": " + said) +
                      std::string(
                          "; it may have been done all the same: look before you "
                          "repeat it");
    }
    return fail(without_key(what + ": " + trouble.text));
  }
}

std::string otx_error_text(std::string_view body) {
  const std::string_view text = trim(body);
  std::string said;
  if (!text.empty() && text.front() == '{') {
    JsonParser parser;
    const auto root = parser.parse(text);
    if (!root) return {};
    for (const char* name : {"detail", "message", "error", "status"}) {
      if (said.empty()) said = (*root)[name].text();
    }
    if (said.empty()) {
      root->each_member([&](std::string_view name, JsonView value) {
        if (said.size() > kLongestError) return;
        std::string why = value.is_array() || value.is_object() ? value.json() : value.text();
        said += (said.empty() ? "" : "; ") + std::string(name) + ": " + std::move(why);
      });
    }
  } else {
    const std::string low = lower(text.substr(0, 4096));
    const std::size_t begin = low.find("<title>");
    const std::size_t end = low.find("</title>");
    if (begin != std::string::npos && end != std::string::npos && end > begin + 7)
      said = std::string(trim(text.substr(begin + 7, end - begin - 7)));
  }
  if (said.size() > kLongestError) said.resize(kLongestError);
  return said;
}

}  // namespace spoor
