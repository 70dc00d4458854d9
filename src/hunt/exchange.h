// Where the walk, the workers and the ordering thread meet.
//
//     walk ──▶ lanes ──▶ N equal workers ──▶ results, lane by lane ──▶ ordering thread
//
// A lane is a few small files or one large one, in the order of the walk. A worker scans a
// chunk that waits, else takes the next lane and reads it: several files are read and decoded
// at once. Who reads goes on reading while others are free to scan; else it scans what waits,
// first of all what it has just read, which is still in its caches. Results come out lane by
// lane and in the order of each lane, whoever was first.
//
// What is under way is bounded by bytes, so a slow sink holds the readers; the lane whose turn
// it is may always have two jobs under way, so that something always moves. One mutex: it is
// taken some ten times a megabyte. Private to `hunt`. Tested by hunt_test.cpp (TSan too).

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "hunt/scan.h"
#include "logs/format_track.h"

namespace spoor {

/// What is the same for all chunks of one file; names as sightings carry them.
struct HuntedFile {
  std::string shown, absolute;
  std::optional<Time> modified;  ///< its last change, where the reader knows it
  mutable FormatTrack track;     ///< what its lines are; has a lock of its own
};

struct Job {
  enum class Kind : std::uint8_t {
    kChunk,  ///< `chunk` and, once worked on, `result`
    kEnd,    ///< the end of a file: `counters`, `skips`
    kSkip,   ///< `skips` of the walk
  };
  Kind kind = Kind::kChunk;
  std::uint64_t lane = 0;                  ///< set by submit()
  std::uint64_t number = 0;                ///< in its lane, set by submit()
  std::shared_ptr<const HuntedFile> file;  ///< null for kSkip
  std::uint64_t index = 0;                 ///< of the chunk in its file
  Chunk chunk;
  ChunkFormats formats;  ///< once worked on
  ScanResult result;
  StreamCounters counters;
  std::vector<Skip> skips;
};

/// What the walk met: a file to read, or something that is not read.
struct WalkItem {
  std::optional<InputFile> file;
  Skip skip;  ///< where there is no file
};

struct Lane {
  std::uint64_t number = 0;
  std::vector<WalkItem> items;
};

/// What a worker is to do: one of the two; neither at the end.
struct Task {
  std::unique_ptr<Job> chunk;  ///< scan it and give it back
  std::unique_ptr<Lane> lane;  ///< read it and close it
};

class Exchange {
 public:
  Exchange(unsigned workers, std::size_t most_bytes)
      : workers_(workers), most_bytes_(most_bytes) {}

  /// Walk: the next lane. Waits for room; false once aborted.
  bool add(std::vector<WalkItem> items);
  /// Walk: nothing more comes.
  void close();

  /// Worker: what to do next; waits.
  Task take();
  /// Worker that reads `lane`, before it reads a chunk: a chunk to scan first, or null where it
  /// may read. Waits while there is neither.
  std::unique_ptr<Job> before_reading(std::uint64_t lane);
  /// Worker: the next job of `lane`. Never waits; false once aborted.
  bool submit(std::uint64_t lane, std::unique_ptr<Job> job);
  /// Worker: nothing more comes in `lane`.
  void close_lane(std::uint64_t lane);
  /// Worker: a chunk that was scanned.
  void give_back(std::unique_ptr<Job> job);

  /// Ordering thread: the next job in order; null at the end, or when `patience` is over.
  std::unique_ptr<Job> next(std::chrono::milliseconds patience);
  /// Waits until the job after the last one that next() gave is ready; null where its lane has
  /// ended. Valid until next().
  const Job* peek();
  bool ended() const;
  /// The room that a job took is free again.
  void release(const Job& job);

  /// Gives up: all waiting calls return.
  void abort();

 private:
  using Place = std::pair<std::uint64_t, std::uint64_t>;  // lane, number in it
  struct OpenLane {
    std::uint64_t submitted = 0;
    std::size_t under_way = 0;  // submitted and not released
    bool closed = false;
  };

  bool has_room(std::uint64_t lane);
  std::unique_ptr<Job> first_chunk();
  void pass_ended_lanes();
  bool is_over() const { return aborted_ || (closed_ && front_ == added_); }
  bool is_ready() const { return done_.count({front_, next_out_}) > 0; }

  const unsigned workers_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable lanes_room_, work_, room_, results_;
  std::deque<std::unique_ptr<Lane>> waiting_lanes_;
  std::map<std::uint64_t, OpenLane> lanes_;  // from the one whose turn it is
  std::map<Place, std::unique_ptr<Job>> to_do_, done_;
  std::uint64_t added_ = 0;                 // lanes
  std::uint64_t front_ = 0, next_out_ = 0;  // whose turn it is
  std::uint64_t given_lane_ = 0;            // of the job that next() gave last
  std::size_t bytes_ = 0;
  unsigned idle_ = 0, blocked_ = 0;  // workers that wait: for anything, for room
  bool closed_ = false, aborted_ = false;
};

}  // namespace spoor
