// One walk over one feed of OTX, from where it stands to its end; why it is made so stands in
// README.md. While a page is written the next one is fetched, read and judged by a second
// thread, so that the service, the reader and SQLite do not wait for each other: two pages are
// in memory. Tested by collect_test.cpp, otx_faults_test.cpp.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "collect/otx_session.h"

namespace spoor {

/// Where a walk keeps its place: members of the session or of its memory.
struct OtxPlace {
  std::optional<Time>& watermark;
  std::string& walk;
  std::optional<Time> otherwise;  ///< complete to this where there is no watermark yet
};

class OtxWalker {
 public:
  OtxWalker(OtxSession& session, OtxPlace place) : session_(session), place_(place) {}

  /// Goes on with the stored walk, or begins one.
  void begin(const OtxFeedChoice& feed);
  /// Begins one over everything, whatever is stored.
  void begin_full(const OtxFeedChoice& feed);
  /// To the end (report.whole), or until stopped (report.stopped). An error keeps the place.
  Status run();

  const OtxWalk& walk() const { return walk_; }
  bool resumed() const { return resumed_; }
  std::optional<std::int64_t> first_count() const { return first_count_; }

 private:
  struct Next {
    OtxPager pager;
    bool last = false;
  };
  Result<OtxPage> fetch(OtxPager pager);
  /// What was stored, together with the walk's place.
  Status commit();
  Next next_of(const OtxPage& page);
  bool needs_requests(const OtxPage& page) const;
  bool needs_requests(const Pulse& pulse) const;
  Status store(OtxPage& page);
  Result<bool> fetch_rest(Pulse& pulse);
  Result<bool> goes_on();
  bool believes_it_short(std::int64_t missing);
  void begin_pass();
  Status end();

  OtxSession& session_;
  OtxPlace place_;
  OtxWalk walk_;
  bool resumed_ = false;
  std::optional<std::int64_t> first_count_;
  std::uint64_t uncommitted_ = 0;  ///< rows
  int uncommitted_pages_ = 0;
  std::int64_t unread_ = 0;  ///< elements that were no pulse
  int steps_back_ = 0;
  int rewalks_ = 0;
  std::int64_t last_missing_ = -1;  ///< at the end of the last pass over everything
  int same_missing_ = 0;
  bool came_short_ = false;
};

}  // namespace spoor
