// Reads what the walk found: walks, puts small files together into lanes, and turns a lane into
// jobs, archives unfolded. Private to `hunt`. Tested by hunt_test.cpp and hunt_threads_test.cpp
// (TSan too).

#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>

#include "hunt/exchange.h"
#include "hunt/hunt.h"

namespace spoor {

class Reader {
 public:
  /// Borrows all but the token.
  Reader(const HuntOptions& options, Exchange& exchange, std::stop_token stop,
         std::vector<PlantedFile> planted);

  /// Instead of walk_all(): just these.
  void hand_out(std::vector<WalkItem> items);

  /// The walk, in a thread of its own.
  void walk_all();

  /// One of the equal workers: scans chunks with `scan` and reads lanes, until the end.
  void work(const std::function<void(Job&)>& scan);

  /// Once all threads have ended: whether something was left unread because a stop was asked
  /// for.
  bool was_stopped() const { return was_stopped_; }

 private:
  class LaneReader;

  /// Ahead of all others.
  void hand_out_planted();

  const HuntOptions& options_;
  StreamOptions stream_options_;
  Exchange& exchange_;
  std::stop_token stop_;
  std::vector<PlantedFile> planted_;
  std::atomic<bool> was_stopped_{false};
};

}  // namespace spoor
