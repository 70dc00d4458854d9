// --follow: the files of a hunt as they grow, through rotation. A pass of the hunt for what is
// there, then small passes over what has changed; what of a file is missing, News decides, so
// rename, copytruncate, truncation, deletion and compression need no code here but one thing:
//
// A file that was renamed away or deleted may have got its last lines just before. So files
// that changed lately stay open (up to 512), and one that no longer stands at its path is read
// to its end through the open descriptor.
//
// Complete lines are hunted as they come; a last line that has not ended for a second as it
// is, and again when it goes on, then after a second for each 4 MiB of it: reading it from its
// begin each time would cost the square of its length. Packed files are hunted once they are
// quiet for a second. Hints come from io/watch.h; all files are looked at every ten seconds as
// well, every second where hints cannot be relied on, and never for more than a twentieth of
// the time. One thread, beside those of a pass. Tested by follow_test.cpp, tests/news_loop;
// bench/bench_follow.

#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "hunt/hunt.h"
#include "hunt/news.h"
#include "io/watch.h"

namespace spoor {

struct FollowHooks {
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// Called between passes, every two seconds: whether there are new indicators or lists.
  std::function<Status()> refresh;
  /// Something that a person should know.
  std::function<void(const std::string&)> say;
  /// Called after each step, when all that was found is stored and told.
  std::function<Status()> stepped = {};
  /// What time it is; null: the steady clock.
  std::function<SteadyTime()> now = {};
};

/// Between the hunt's begin() and finish(): until `stop` is asked for, then once more for what
/// is there, unfinished lines too. An error is one of a pass or of refresh().
Status follow(Hunt& hunt, News& news, Watch& watch, const FollowHooks& hooks,
              const std::stop_token& stop);

}  // namespace spoor
