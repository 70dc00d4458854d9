// Threads that help, for tests of reading in parts.

#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "io/helpers.h"

namespace spoor {

/// Helpers as a hunt has them: threads that take what is offered.
class TestHelpers final : public Helpers {
 public:
  explicit TestHelpers(unsigned threads) : count_(threads) {
    for (unsigned i = 1; i < threads; ++i) running_.emplace_back([this] { help(); });
  }
  ~TestHelpers() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    offered_.notify_all();
    running_.clear();
  }
  unsigned threads() const override { return count_; }
  void offer(std::shared_ptr<SharedWork> work) override {
    const std::lock_guard lock(mutex_);
    works_.push_back(std::move(work));
    offered_.notify_one();
  }

 private:
  void help() {
    for (;;) {
      std::unique_lock lock(mutex_);
      offered_.wait(lock, [&] { return over_ || !works_.empty(); });
      if (over_) return;
      const auto work = std::move(works_.front());
      works_.pop_front();
      lock.unlock();
      work->run();
    }
  }

  unsigned count_;
  std::mutex mutex_;
  std::condition_variable offered_;
  std::deque<std::shared_ptr<SharedWork>> works_;
  bool over_ = false;
  std::vector<std::jthread> running_;
};

}  // namespace spoor
