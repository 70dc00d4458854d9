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
// A file whose parts decode alone (io/helpers.h) is decoded by several workers: its reader
// offers the parts, and who finds no chunk to scan takes one, before a new lane.
//
// What is under way is bounded by bytes, so a slow sink holds the readers; the lane whose turn
// it is may always have two jobs under way, so that something always moves. One mutex: it is
// taken some ten times a megabyte. Private to `hunt`. Tested by hunt_test.cpp and
// hunt_threads_test.cpp (TSan too).

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "hunt/canary.h"
#include "hunt/scan.h"
#include "io/helpers.h"
#include "io/opened_file.h"
#include "logs/format_track.h"
#include "store/store.h"

namespace spoor {

struct OldPart;

/// A last line that was hunted before it had ended, and goes on now.
struct GrownEvent {
  std::string path;  ///< absolute, where its sightings stand
  std::uint64_t offset = 0;
  Digest128 before, after;
};

/// What is the same for all chunks of one file; names as sightings carry them.
struct HuntedFile {
  std::string shown, absolute;
  std::optional<Time> modified;        ///< its last change, where the reader knows it
  std::shared_ptr<const OldPart> old;  ///< --new: what of it was hunted before
  mutable FormatTrack track;           ///< what its lines are; has a lock of its own
  bool planted = false;                ///< by the hunt itself (canary.h)
  bool is_member = false;              ///< of an archive
  std::uint64_t content = 0;           ///< FollowedPart::content; 0: no account is kept of it
  std::uint64_t behind = 0;            ///< FollowedPart::behind
  bool is_plain = false;               ///< its bytes are its content; where that is kept
};

struct Job {
  enum class Kind : std::uint8_t {
    kChunk,  ///< `chunk` and, once worked on, `result`
    kEnd,    ///< the end of a file or member: `counters`, `skips`, `decoders`
    kFile,   ///< behind its ends and skips: `identity` of the file, or of one that --new leaves
    kSkip,   ///< `skips`: of `file`, or of the walk
  };
  Kind kind = Kind::kChunk;
  std::uint64_t lane = 0;                  ///< set by submit()
  std::uint64_t number = 0;                ///< in its lane, set by submit()
  std::shared_ptr<const HuntedFile> file;  ///< null for a kSkip of the walk
  std::uint64_t index = 0;                 ///< of the chunk in its file
  Chunk chunk;
  ChunkFormats formats;  ///< once worked on
  ScanResult result;
  StreamCounters counters;
  bool stopped = false;  ///< before its end: what was read ahead was not scanned
  std::vector<Skip> skips;
  std::string decoders;
  FileIdentity identity;
  // --new
  std::optional<GrownEvent> grown;    ///< of this chunk
  std::optional<Progress> progress;   ///< to be written once all before is stored; of a chunk:
                                      ///< of what stands before it
  std::optional<Progress> open_line;  ///< of the last chunk: to be stored with its last line
  NewsKind news = NewsKind::kNone;    ///< of a kFile
  std::optional<EarlierHunt> earlier;
};

/// What the walk met: a file to read, or something that is not read; or what the hunt itself
/// planted.
struct WalkItem {
  std::optional<InputFile> file = std::nullopt;
  Skip skip = {};  ///< where there is no file
  std::shared_ptr<const PlantedFile> planted = nullptr;
  // --follow
  std::shared_ptr<OpenedFile> held = nullptr;  ///< read through this instead of the path
  bool whole = true;                           ///< its last line, too, if that has not ended
  std::uint64_t looked_upto = 0;  ///< no line has ended between what was hunted and here
  // verify
  std::optional<std::uint64_t> upto = std::nullopt;  ///< of a plain file: only its first bytes
};

struct Lane {
  std::uint64_t number = 0;
  std::vector<WalkItem> items;
};

/// What a worker is to do: one of the three; none at the end.
struct Task {
  std::unique_ptr<Job> chunk;        ///< scan it and give it back
  std::shared_ptr<SharedWork> part;  ///< run it
  std::unique_ptr<Lane> lane;        ///< read it and close it
};

class Exchange final : public Helpers {
 public:
  Exchange(unsigned workers, std::size_t most_bytes)
      : workers_(workers), most_bytes_(most_bytes) {}

  /// Walk: the next lane. Waits for room; false once aborted.
  bool add(std::vector<WalkItem> items);
  /// Walk: nothing more comes.
  void close();

  /// Worker that reads: a part that others may decode. Never waits.
  void offer(std::shared_ptr<SharedWork> part) override;
  unsigned threads() const override { return workers_; }

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
  void drop_taken_parts();
  void pass_ended_lanes();
  bool is_over() const { return aborted_ || (closed_ && front_ == added_); }
  bool is_ready() const { return done_.count({front_, next_out_}) > 0; }

  const unsigned workers_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable lanes_room_, work_, room_, results_;
  std::deque<std::unique_ptr<Lane>> waiting_lanes_;
  std::deque<std::shared_ptr<SharedWork>> parts_;  // some may be taken by now
  std::size_t parts_looked_at_ = 0;                // how many there were then
  std::map<std::uint64_t, OpenLane> lanes_;        // from the one whose turn it is
  std::map<Place, std::unique_ptr<Job>> to_do_, done_;
  std::uint64_t added_ = 0;                 // lanes
  std::uint64_t front_ = 0, next_out_ = 0;  // whose turn it is
  std::uint64_t given_lane_ = 0;            // of the job that next() gave last
  std::size_t bytes_ = 0;
  unsigned idle_ = 0, blocked_ = 0;  // workers that wait: for anything, for room
  bool closed_ = false, aborted_ = false;
};

}  // namespace spoor
