#include "feeds/patience.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPause{2'000};
constexpr milliseconds kLongestPause{60'000};
constexpr milliseconds kSlice{500};

}  // namespace

NextTry next_try(int status) {
  switch (status) {
    case 502:
    case 503:
    case 504:
    case 524:
      return NextTry::kSmaller;
    case 408:
    case 425:
    case 429:
    case 500:
    case 520:
    case 521:
    case 522:
    case 523:
      return NextTry::kLater;
    default:
      return NextTry::kNone;
  }
}

Patience::Patience(const Clock& clock, PatienceOptions options)
    : clock_(&clock),
      options_(std::move(options)),
      start_(clock.now()),
      random_(std::random_device{}()) {}

std::string Patience::deadline_text() const {
  return "deadline of " + std::to_string(options_.deadline->count()) + " s";
}

bool Patience::stop_asked() {
  if (!stopped_.empty()) return true;
  if (options_.cancelled && options_.cancelled()) {
    stopped_ = "cancelled";
    return true;
  }
  if (options_.deadline && clock_->now() - start_ >= *options_.deadline) {
    stopped_ = deadline_text();
    return true;
  }
  return false;
}

bool Patience::wait_for(milliseconds wait) {
  while (wait > milliseconds::zero()) {
    if (stop_asked()) return false;
    const milliseconds slice = std::min(wait, kSlice);
    if (options_.sleep) {
      options_.sleep(slice);
    } else {
      std::this_thread::sleep_for(slice);
    }
    wait -= slice;
  }
  return !stop_asked();
}

bool Patience::pause(int attempt, std::optional<seconds> at_least, const std::string& why) {
  milliseconds longest = kFirstPause;
  for (int i = 1; i < attempt && longest < kLongestPause; ++i) longest *= 2;
  longest = std::min(longest, kLongestPause);
  const double spread =
      options_.jitter ? options_.jitter() : std::uniform_real_distribution<>(0, 1)(random_);
  milliseconds wait = longest / 2 + milliseconds(static_cast<std::int64_t>(
                                        static_cast<double>(longest.count()) / 2 * spread));
  if (at_least) wait = std::max<milliseconds>(wait, *at_least);
  if (options_.say)
    options_.say(why + ", trying again in " + std::to_string((wait.count() + 999) / 1000) +
                 " s");
  if (options_.deadline && clock_->now() - start_ + wait > *options_.deadline) {
    stopped_ = deadline_text();
    return false;
  }
  return wait_for(wait);
}

seconds Patience::within(seconds timeout) const {
  if (!options_.deadline) return timeout;
  const auto left = std::chrono::ceil<seconds>(start_ + *options_.deadline - clock_->now());
  return std::clamp(left, seconds(1), timeout);
}

}  // namespace spoor
