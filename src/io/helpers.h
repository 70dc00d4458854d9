// Work that whoever has time does. A decoder that has cut its file into parts offers them; the
// threads of a hunt take what is offered between their chunks, and the reader itself does a
// part that nobody has begun. So there is no pool beside the hunt's own threads, nothing waits
// for a part that nobody has begun, and one thread alone does everything in order.
// Tested by parallel_test.cpp (TSan too).

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

namespace spoor {

/// A piece of work that is done at most once, by the first that comes. Any thread.
class SharedWork {
 public:
  virtual ~SharedWork() = default;

  /// Does it; false at once where somebody has taken it before.
  bool run();
  /// Takes it so that nobody does it.
  bool cancel() { return !taken_.exchange(true, std::memory_order_acq_rel); }
  bool is_taken() const { return taken_.load(std::memory_order_acquire); }
  /// Whether a run() has ended; what it wrote can then be read.
  bool is_done();
  /// Waits for the end of a run() that another thread has begun; what it wrote can then be
  /// read. Never call it where nobody has begun.
  void wait();

 private:
  virtual void work() = 0;

  std::atomic<bool> taken_{false};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;
};

/// Who helps.
class Helpers {
 public:
  virtual ~Helpers() = default;
  /// Threads that may work at once, the one that asks among them.
  virtual unsigned threads() const = 0;
  /// Offers `work`. Never waits, promises nothing.
  virtual void offer(std::shared_ptr<SharedWork> work) = 0;

  /// Memory of parts in flight, over all files: no part is begun ahead of its turn where this
  /// says no. Any thread.
  bool has_room() const { return bytes_.load(std::memory_order_relaxed) < most_bytes(); }
  std::size_t charged() const { return bytes_.load(std::memory_order_relaxed); }
  void charge(std::size_t bytes) { bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  void discharge(std::size_t bytes) { bytes_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  /// For each thread one part of the largest kind.
  std::size_t most_bytes() const { return threads() * (std::size_t{32} << 20); }

  std::atomic<std::size_t> bytes_{0};
};

}  // namespace spoor
