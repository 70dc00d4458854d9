#include "hunt/exchange.h"

namespace spoor {

bool Exchange::submit(std::unique_ptr<Job> job) {
  std::unique_lock lock(mutex_);
  const std::size_t bytes = job->chunk.text.size();
  // One job always fits, however large.
  room_.wait(lock, [&] {
    return aborted_ || jobs_ == 0 || (jobs_ < most_jobs_ && bytes_ + bytes <= most_bytes_);
  });
  if (aborted_) return false;
  ++jobs_;
  bytes_ += bytes;
  job->number = next_in_++;
  if (job->kind == Job::Kind::kChunk) {
    to_do_.push_back(std::move(job));
    work_.notify_one();
  } else {
    const std::uint64_t number = job->number;
    done_.emplace(number, std::move(job));
    results_.notify_one();
  }
  return true;
}

void Exchange::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  work_.notify_all();
  results_.notify_all();
}

std::unique_ptr<Job> Exchange::take() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return aborted_ || closed_ || !to_do_.empty(); });
  if (aborted_ || to_do_.empty()) return nullptr;
  auto job = std::move(to_do_.front());
  to_do_.pop_front();
  return job;
}

void Exchange::give_back(std::unique_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t number = job->number;
  done_.emplace(number, std::move(job));
  results_.notify_one();
}

std::unique_ptr<Job> Exchange::next(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  results_.wait_for(lock, patience, [&] { return is_over() || done_.count(next_out_) > 0; });
  const auto found = done_.find(next_out_);
  if (aborted_ || found == done_.end()) return nullptr;
  auto job = std::move(found->second);
  done_.erase(found);
  ++next_out_;
  return job;
}

const Job* Exchange::peek() {
  std::unique_lock lock(mutex_);
  results_.wait(lock, [&] { return is_over() || done_.count(next_out_) > 0; });
  const auto found = done_.find(next_out_);
  return aborted_ || found == done_.end() ? nullptr : found->second.get();
}

bool Exchange::ended() const {
  const std::lock_guard lock(mutex_);
  return is_over();
}

void Exchange::release(const Job& job) {
  const std::lock_guard lock(mutex_);
  --jobs_;
  bytes_ -= job.chunk.text.size();
  room_.notify_one();
}

void Exchange::abort() {
  const std::lock_guard lock(mutex_);
  aborted_ = true;
  room_.notify_all();
  work_.notify_all();
  results_.notify_all();
}

}  // namespace spoor
