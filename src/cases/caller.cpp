#include "cases/caller.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "base/ascii.h"
#include "base/check.h"
#include "base/utf8.h"
#include "net/json.h"

namespace spoor {
namespace {

// An error of TheHive 5 quotes what it was sent: a few words are for people, the rest is not.
constexpr std::size_t kMostWords = 400;

Trouble trouble_of(int status) {
  if (status >= 200 && status < 300) return Trouble::kNone;
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return Trouble::kTransient;
  if (status == 401 || status == 402 || status == 403) return Trouble::kNoEntry;
  return Trouble::kRefused;
}

}  // namespace

std::string server_words(std::string_view body) {
  JsonParser parser;
  std::string words;
  if (const auto root = parser.parse(body); root && root->is_object()) {
    words = std::string((*root)["type"].string());
    const std::string_view message = (*root)["message"].string();
    if (!words.empty() && !message.empty()) words += ": ";
    words += message;
  }
  if (words.empty()) words = std::string(trim(body.substr(0, 4 * kMostWords)));
  words = replace_invalid_utf8(words);
  if (words.size() > kMostWords) {
    words.resize(kMostWords);
    words = replace_invalid_utf8(words) + "\xE2\x80\xA6";
  }
  return words;
}

struct Caller::Gate {
  std::mutex mutex;
  Time next{};
  std::atomic<std::uint64_t> requests{0};

  /// When the next request may begin. A pause saves up nothing.
  std::chrono::microseconds reserve(Time now, double rate) {
    requests.fetch_add(1, std::memory_order_relaxed);
    if (rate <= 0) return {};
    const std::lock_guard lock(mutex);
    const Time at = std::max(now, next);
    next = at + std::chrono::microseconds(static_cast<std::int64_t>(1e6 / rate));
    return at - now;
  }
};

Caller::Caller(Options options, std::vector<std::unique_ptr<Transport>> lanes, Pace pace)
    : options_(std::move(options)),
      lanes_(std::move(lanes)),
      pace_(std::move(pace)),
      gate_(std::make_unique<Gate>()) {
  SPOOR_CHECK(!lanes_.empty());
  while (!options_.base_url.empty() && options_.base_url.back() == '/')
    options_.base_url.pop_back();
}
Caller::~Caller() = default;

std::uint64_t Caller::requests() const {
  return gate_->requests.load(std::memory_order_relaxed);
}

CallOutcome Caller::send(Transport& transport, const ApiCall& call) {
  CallOutcome outcome;
  if (pace_.cancelled()) {
    outcome.trouble = Trouble::kTransient;
    outcome.message = "interrupted";
    return outcome;
  }
  const auto wait = gate_->reserve(pace_.clock->now(), options_.rate);
  if (wait.count() > 0) pace_.sleep(std::chrono::ceil<std::chrono::milliseconds>(wait));
  HttpRequest request;
  request.method = call.method;
  request.url = options_.base_url + call.path;
  request.headers = options_.headers;
  if (call.method != "GET") request.headers.emplace_back("Content-Type", call.content_type);
  if (!call.idempotency_key.empty())
    request.headers.emplace_back("Idempotency-Key", call.idempotency_key);
  request.headers.emplace_back("Accept", "application/json");
  request.body = call.body;
  request.timeout = options_.timeout;
  request.cancelled = pace_.cancelled;
  // What may not be sent at all will not be allowed at the next try either.
  if (auto allowed = check_url(request.url); !allowed) {
    outcome.trouble = Trouble::kNoEntry;
    outcome.message = allowed.error().message;
    return outcome;
  }
  request.max_body_bytes = options_.max_body_bytes;
  auto response = transport.send(request);
  if (!response) {
    outcome.trouble = Trouble::kTransient;
    outcome.message = response.error().message;
    return outcome;
  }
  outcome.status = response->status;
  outcome.trouble = trouble_of(response->status);
  outcome.wait = retry_after(*response, pace_.clock->now());
  outcome.organisation = std::string(response->header("x-organisation"));
  outcome.body = std::move(response->body);
  if (outcome.trouble != Trouble::kNone) {
    outcome.message = call.method + " " + call.path.substr(0, 120) + ": http " +
                      std::to_string(outcome.status);
    if (const std::string words = server_words(outcome.body); !words.empty())
      outcome.message += ": " + words;
  }
  return outcome;
}

CallOutcome Caller::call(const ApiCall& call) {
  return send(*lanes_[0], call);
}

std::vector<CallOutcome> Caller::call_all(std::span<const ApiCall> calls) {
  std::vector<CallOutcome> outcomes(calls.size());
  for (CallOutcome& outcome : outcomes) {
    outcome.trouble = Trouble::kTransient;
    outcome.message = "not sent";
  }
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  const auto work = [&](Transport& transport) {
    while (!stop.load(std::memory_order_relaxed)) {
      const std::size_t at = next.fetch_add(1, std::memory_order_relaxed);
      if (at >= calls.size()) return;
      outcomes[at] = send(transport, calls[at]);
      if (outcomes[at].trouble == Trouble::kTransient ||
          outcomes[at].trouble == Trouble::kNoEntry)
        stop.store(true, std::memory_order_relaxed);
    }
  };
  std::vector<std::thread> helpers;
  for (std::size_t lane = 1; lane < std::min(lanes_.size(), calls.size()); ++lane)
    helpers.emplace_back(work, std::ref(*lanes_[lane]));
  work(*lanes_[0]);
  for (std::thread& helper : helpers) helper.join();
  return outcomes;
}

}  // namespace spoor
