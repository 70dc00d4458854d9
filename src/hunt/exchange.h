// Where reader, workers and the ordering thread meet: jobs go in by number, are worked on in
// any order and come out by number. What is under way is bounded by count and by bytes, so a
// slow sink holds the reader. One mutex: a job is a chunk of about a megabyte, so the lock is
// taken some thousand times a second. Private to `hunt`. Tested by hunt_test.cpp (TSan too).

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "hunt/scan.h"

namespace spoor {

/// What is the same for all chunks of one file; names as sightings carry them.
struct HuntedFile {
  std::string shown, absolute;
};

struct Job {
  enum class Kind : std::uint8_t {
    kChunk,  ///< `chunk` and, once worked on, `result`
    kEnd,    ///< the end of a file: `counters`, `skips`
    kSkip,   ///< `skips` of the walk
  };
  Kind kind = Kind::kChunk;
  std::uint64_t number = 0;
  std::shared_ptr<const HuntedFile> file;  ///< null for kSkip
  Chunk chunk;
  ScanResult result;
  StreamCounters counters;
  std::vector<Skip> skips;
};

class Exchange {
 public:
  Exchange(std::size_t most_jobs, std::size_t most_bytes)
      : most_jobs_(most_jobs), most_bytes_(most_bytes) {}

  /// Reader: gives the next job its number. Waits for room; false once aborted.
  bool submit(std::unique_ptr<Job> job);
  /// Reader: nothing more comes.
  void close();

  /// Worker: a chunk to scan; null at the end.
  std::unique_ptr<Job> take();
  /// Worker: hands it back.
  void give_back(std::unique_ptr<Job> job);

  /// Ordering thread: the next job by number; null at the end, or when `patience` is over.
  std::unique_ptr<Job> next(std::chrono::milliseconds patience);
  /// Waits until the job after the last one that next() gave is ready; null at the end. Valid
  /// until next().
  const Job* peek();
  bool ended() const;
  /// The room that a job took is free again.
  void release(const Job& job);

  /// Gives up: all waiting calls return.
  void abort();

 private:
  bool is_over() const { return aborted_ || (closed_ && next_out_ == next_in_); }

  const std::size_t most_jobs_, most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable room_, work_, results_;
  std::deque<std::unique_ptr<Job>> to_do_;
  std::map<std::uint64_t, std::unique_ptr<Job>> done_;
  std::uint64_t next_in_ = 0, next_out_ = 0;
  std::size_t jobs_ = 0, bytes_ = 0;
  bool closed_ = false, aborted_ = false;
};

}  // namespace spoor
