// Which files may have changed: Linux inotify on the folders, as a hint that comes at once. A
// hint may be missing (network file systems, links to files elsewhere, a full queue, the limit
// of watches), so who follows looks at all files from time to time as well; notes() says when
// that is all there is. Only folders are watched: one watch tells of all files in it, through
// rename, deletion and creation. Source: inotify(7). Tested by watch_test.cpp,
// hunt/follow_test.cpp.

#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "io/source.h"

namespace spoor {

class Watch {
 public:
  /// Something happened.
  struct Hints {
    std::vector<InputFile> files;  ///< that may have changed; each once
    bool look_at_all = false;      ///< folders came or went, or hints were lost
  };

  virtual ~Watch() = default;
  /// Watches the folders of `paths` (as of the command line) and all below, as they are now.
  /// Again after look_at_all.
  virtual void arm(const std::vector<std::string>& paths) = 0;
  /// What happened since; waits up to `patience` for it, but not once `stop` is asked for.
  /// Hints seldom come alone: after the first one it waits 20 ms for more.
  virtual Hints wait(std::chrono::milliseconds patience, const std::stop_token& stop) = 0;
  /// Why files are only looked at from time to time; each reason once, then empty.
  virtual std::vector<std::string> take_notes() = 0;
  /// Whether hints can be relied on to come for all paths.
  virtual bool is_whole() const = 0;
};

std::unique_ptr<Watch> make_watch();

}  // namespace spoor
