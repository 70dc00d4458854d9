#include "hunt/exchange.h"

namespace spoor {
namespace {

/// What a job takes beside its text: many small files must not become many jobs at once.
constexpr std::size_t kJobBytes = 2048;

std::size_t cost_of(const Job& job) {
  return job.chunk.text.size() + kJobBytes;
}

}  // namespace

bool Exchange::add(std::vector<WalkItem> items) {
  std::unique_lock lock(mutex_);
  // A walk that is far ahead only holds names.
  lanes_room_.wait(lock, [&] { return aborted_ || waiting_lanes_.size() < 2 * workers_ + 2; });
  if (aborted_) return false;
  auto lane = std::make_unique<Lane>();
  lane->number = added_++;
  lane->items = std::move(items);
  lanes_.emplace(lane->number, OpenLane{});
  waiting_lanes_.push_back(std::move(lane));
  work_.notify_one();
  return true;
}

void Exchange::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  work_.notify_all();
  results_.notify_all();
}

std::unique_ptr<Job> Exchange::first_chunk() {
  if (to_do_.empty()) return nullptr;
  auto job = std::move(to_do_.begin()->second);
  to_do_.erase(to_do_.begin());
  return job;
}

void Exchange::offer(std::shared_ptr<SharedWork> part) {
  const std::lock_guard lock(mutex_);
  // What readers have decoded themselves is thrown out whenever there may be as much of it as
  // of the rest.
  if (parts_.size() > 2 * parts_looked_at_ + 64) {
    std::erase_if(parts_, [](const auto& each) { return each->is_taken(); });
    parts_looked_at_ = parts_.size();
  }
  parts_.push_back(std::move(part));
  work_.notify_one();
}

/// So that parts_ begins with one that is to be done, or is empty.
void Exchange::drop_taken_parts() {
  while (!parts_.empty() && parts_.front()->is_taken()) parts_.pop_front();
}

Task Exchange::take() {
  std::unique_lock lock(mutex_);
  ++idle_;
  work_.wait(lock, [&] {
    drop_taken_parts();
    return is_over() || !to_do_.empty() || !parts_.empty() || !waiting_lanes_.empty();
  });
  --idle_;
  Task task;
  if (aborted_) return task;
  task.chunk = first_chunk();
  if (task.chunk != nullptr) return task;
  if (!parts_.empty()) {
    task.part = std::move(parts_.front());
    parts_.pop_front();
  } else if (!waiting_lanes_.empty()) {
    task.lane = std::move(waiting_lanes_.front());
    waiting_lanes_.pop_front();
    lanes_room_.notify_one();
  }
  return task;
}

bool Exchange::has_room(std::uint64_t lane) {
  if (bytes_ < most_bytes_) return true;
  return lane == front_ && lanes_[lane].under_way < 2;
}

std::unique_ptr<Job> Exchange::before_reading(std::uint64_t lane) {
  std::unique_lock lock(mutex_);
  // One chunk a worker beside this one may wait, so that none of them runs dry meanwhile.
  if (!aborted_ && to_do_.size() >= idle_ + workers_) return first_chunk();
  ++blocked_;
  room_.wait(lock, [&] { return aborted_ || has_room(lane) || !to_do_.empty(); });
  --blocked_;
  return aborted_ || has_room(lane) ? nullptr : first_chunk();
}

bool Exchange::submit(std::uint64_t lane, std::unique_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  if (aborted_) return false;
  OpenLane& open = lanes_[lane];
  job->lane = lane;
  job->number = open.submitted++;
  ++open.under_way;
  bytes_ += cost_of(*job);
  const Place place{lane, job->number};
  if (job->kind == Job::Kind::kChunk) {
    to_do_.emplace(place, std::move(job));
    work_.notify_one();
    if (blocked_ > 0) room_.notify_one();
  } else {
    done_.emplace(place, std::move(job));
    if (lane == front_) results_.notify_one();
  }
  return true;
}

void Exchange::close_lane(std::uint64_t lane) {
  const std::lock_guard lock(mutex_);
  lanes_[lane].closed = true;
  pass_ended_lanes();
}

/// Goes on to the next lane where all of one was given out.
void Exchange::pass_ended_lanes() {
  bool passed = false;
  for (auto front = lanes_.find(front_);
       front != lanes_.end() && front->second.closed && front->second.submitted == next_out_;
       front = lanes_.find(front_)) {
    // What was given out of it may not be released yet: bytes_ counts it all the same.
    lanes_.erase(front);
    ++front_;
    next_out_ = 0;
    passed = true;
  }
  if (!passed) return;
  results_.notify_all();
  room_.notify_all();
  if (is_over()) work_.notify_all();
}

void Exchange::give_back(std::unique_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  const Place place{job->lane, job->number};
  done_.emplace(place, std::move(job));
  if (place.first == front_) results_.notify_one();
}

std::unique_ptr<Job> Exchange::next(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  results_.wait_for(lock, patience, [&] { return is_over() || is_ready(); });
  if (aborted_ || !is_ready()) return nullptr;
  const auto found = done_.find({front_, next_out_});
  auto job = std::move(found->second);
  done_.erase(found);
  ++next_out_;
  given_lane_ = front_;
  return job;
}

const Job* Exchange::peek() {
  std::unique_lock lock(mutex_);
  const auto passed = [&] { return aborted_ || front_ != given_lane_; };
  results_.wait(lock, [&] { return passed() || is_ready(); });
  if (passed()) return nullptr;
  return done_.find({front_, next_out_})->second.get();
}

bool Exchange::ended() const {
  const std::lock_guard lock(mutex_);
  return is_over();
}

void Exchange::release(const Job& job) {
  const std::lock_guard lock(mutex_);
  bytes_ -= cost_of(job);
  const auto lane = lanes_.find(job.lane);
  if (lane != lanes_.end()) --lane->second.under_way;
  pass_ended_lanes();
  if (blocked_ > 0) room_.notify_all();
}

void Exchange::abort() {
  const std::lock_guard lock(mutex_);
  aborted_ = true;
  lanes_room_.notify_all();
  work_.notify_all();
  room_.notify_all();
  results_.notify_all();
}

}  // namespace spoor
