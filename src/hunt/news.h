// --new: each file is hunted for what is missing, and what was hunted is written down once its
// sightings are stored and printed. How a content is known again:
//
//   the same inode, and the fingerprint holds   appended, renamed, or as it was
//   another inode, same head and fingerprint    copied (copytruncate) or compressed
//   neither                                     a new content: hunted whole
//
// The row of a content is written after its sightings, once a second, of a huge file also on
// the way: a kill in between means that some of it is hunted again, which changes nothing in
// the store, for what stands where it stood is known by its digest. That is so only of lines
// that have ended. A last line that has not is noted in the transaction of its sightings, and
// one that grew takes its notes with it (Store::grow_event): whenever a kill comes, the store
// has the sightings of such a line and what it is known by, or neither.
//
// What was read in part (damage, limits, a stop) gets no row. All doubts end with hunting
// again: a file of unchanged size whose time has moved, one whose lines are now read as another
// format, one whose times are too fresh to show a write.
//
// The workers ask plan() and feed a plan's Follower; the thread that runs the hunt calls
// commit(). Tested by news_test.cpp, news_store_test.cpp, tests/news_loop.

#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "hunt/exchange.h"
#include "hunt/fingerprint.h"
#include "hunt/hunt.h"
#include "hunt/progress.h"
#include "io/opened_file.h"

namespace spoor {

/// What is to be done with one file, and the row that follows from having done it.
class FilePlan {
 public:
  enum class How : std::uint8_t {
    kUsual,    ///< no regular file: as without --new
    kGone,     ///< while it was followed: renamed or deleted between hint and look
    kNothing,  ///< all of it was hunted
    kPart,     ///< `start` says which
    kWhole,
  };
  How how = How::kUsual;
  NewsKind kind = NewsKind::kNone;
  std::shared_ptr<OpenedFile> opened;
  std::shared_ptr<HuntedFile> file;  ///< kPart: what its lines are is known already
  StreamStart start;
  std::shared_ptr<const OldPart> old;  ///< what of it was hunted, and for what
  std::optional<Progress> row;         ///< kNothing: to be written as it is
  std::optional<EarlierHunt> earlier;  ///< where something was hunted before, for the record
  std::uint64_t content = 0;           ///< FollowedPart::content; 0: no account is kept of it
  std::uint64_t behind = 0;            ///< FollowedPart::behind

  /// A chunk of the content, before it is handed on. The line that grew, where it is in there.
  std::optional<GrownEvent> add(const Chunk& chunk);
  /// kNothing: what the file system says of the file.
  FileIdentity unread_identity() const;
  bool is_plain() const { return form_ == FileForm::kPlain; }
  /// Before add(chunk), where nothing before it was left out: the row of what stands before it,
  /// so that a hunt of a huge file that is killed need not begin again. Seldom one.
  std::optional<Progress> checkpoint(const Chunk& chunk);
  /// After add() of the last chunk: the row that notes a last line that has not ended; none
  /// where it has. Of the rest it says what the row says that the plan was made from.
  std::optional<Progress> open_line(const Chunk& chunk) const;
  /// The row, once all was read; `incomplete`: not all could be.
  std::optional<Progress> finish(bool incomplete);

 private:
  friend class News;
  /// What is known of the content by now.
  void take_read(Progress& read) const;

  FileForm form_ = FileForm::kPlain;
  FileState state_;
  std::uint64_t end_ = 0;
  std::uint64_t checkpoint_bytes_ = 0, checkpoint_at_ = 0;
  std::optional<GrownEvent> open_;  // digest `after` is not known yet
  Fingerprint print_;
  LineTracker lines_;
  Progress before_;  // where it goes on from
  Progress next_;
};

/// One file that a follower reads on: what it may need next time.
struct FollowedFile {
  InputFile file;
  FileState state;                     ///< when it was planned
  std::shared_ptr<OpenedFile> opened;  ///< null: many are open already
  bool has_more = false;  ///< a line that had not ended, or a packed file that may still grow
  bool was_held = false;  ///< read through a descriptor from before, whatever the path leads to
  std::optional<std::uint64_t> open_from;  ///< where a line begins that had not ended
};

class News {
 public:
  /// A file larger than this is written down each time as much was hunted.
  static constexpr std::uint64_t kCheckpointBytes = 256 << 20;

  using Save = std::function<Status(std::span<Progress>)>;
  using Grow = std::function<Status(const GrownEvent&)>;

  /// `save` keeps rows and gives them ids; null: they are kept in memory only.
  News(std::vector<Progress> rows, SetAges ages, Save save, Grow grow, const Clock& clock);

  /// What is to be done with `file`. `held`: read through this, whatever the path leads to now.
  /// `item`.file is there. Any thread, while no settle() runs.
  FilePlan plan(const WalkItem& item, const HuntOptions& options) const;

  // The thread that runs the hunt.
  Status grow(const GrownEvent& event) { return grow_ ? grow_(event) : Status(); }
  /// Takes the row of a last line that has not ended. Its sightings are in the batch that is
  /// stored next.
  void note(Progress row) { noted_.push_back(std::move(row)); }
  /// Saves what was noted. In the transaction of those sightings.
  Status save_noted();
  /// Takes rows whose sightings are stored and told. They are saved once a second, for each
  /// time costs a sync.
  Status commit(std::vector<Progress> rows);
  /// Saves what was not saved yet.
  Status flush();

  // A follower, between passes.
  /// From now on, old bytes are not hunted for new indicators (their rows say so).
  void follow_only() { follow_only_ = true; }
  /// Whether last lines may still grow while the hunt goes on.
  void follow() { follows_ = true; }
  void renew(SetAges ages);
  /// Takes in what was committed, and saves it if it is time. Also when nothing was hunted.
  Status settle();
  std::vector<FollowedFile> take_followed();
  /// The row of a file; null: none. Good until settle().
  const Progress* row_of(const FileState& file) const {
    return table_.by_file(file.device, file.inode);
  }
  /// Other checkpoints, for tests.
  void set_checkpoint(std::uint64_t bytes) { checkpoint_bytes_ = bytes; }

 private:
  class Planner;

  bool is_due() const;
  void take_id(Progress& row) const;
  Status save_committed();
  Status save_changed();

  ProgressTable table_;
  std::shared_ptr<const SetAges> ages_;
  Save save_;
  Grow grow_;
  const Clock& clock_;
  bool follows_ = false, follow_only_ = false;
  std::uint64_t checkpoint_bytes_ = kCheckpointBytes;
  std::vector<Progress> noted_;
  std::vector<Progress> committed_;  // not saved, not in the table
  std::vector<Progress> told_;       // saved, not in the table (while files are followed)
  std::set<std::int64_t> changed_;   // in the table, not saved
  // Saved, read in part or noted.
  std::map<std::pair<std::uint64_t, std::uint64_t>, Progress> begun_;
  std::map<std::int64_t, std::int64_t> renumbered_;  // ids: in the table, and as saved since
  Time saved_{};
  std::int64_t last_id_ = 0;  // of rows that are not saved; counts down
  mutable std::atomic<std::uint64_t> last_content_{0};
  mutable std::mutex mutex_;  // guards followed_
  mutable std::vector<FollowedFile> followed_;
};

}  // namespace spoor
