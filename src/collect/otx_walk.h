// Where a walk over a feed stands, in rows so that the page size may change, and as the JSON
// that the store keeps. Tested by collect_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "feeds/otx_api.h"

namespace spoor {

/// Where in a list of pages the next request stands, by rows, so that the page size may change.
struct OtxPager {
  int limit = 50;
  int ceiling = 50;
  std::int64_t position = 0;  ///< rows before the page to ask for; a multiple of limit, or
                              ///< row() says by how much not
  int good = 0;               ///< good pages since the size was changed

  std::int64_t page() const { return position / limit + 1; }
  std::int64_t row() const { return position % limit; }
  std::int64_t begin() const { return position - row(); }  ///< first row of the page
  /// False: it is as small as can be.
  bool halve();
  /// The page was read: on to the next, at a larger size if the times are good and the places
  /// fit.
  void advance();
};

/// What stands in FeedState::walk.
struct OtxWalk {
  OtxFeedChoice feed;
  std::optional<Time> since;
  Time started{};
  std::optional<Time> newest;               ///< of the first page: the watermark to be
  std::optional<std::int64_t> count;        ///< of the last page
  std::optional<std::int64_t> first_count;  ///< of the first page
  /// Set while a walk that came out short catches up with what was modified meanwhile: what the
  /// walk itself had counted at its first page.
  std::optional<std::int64_t> catch_up;
  std::int64_t pass = 0;  ///< number of this pass over the feed: what it has seen is marked so
  bool moves_watermark = true;
  bool fresh = false;  ///< everything is read again, known or not
  OtxPager pager;

  std::string text() const;
  /// Nothing: it cannot be read, or its question cannot.
  static std::optional<OtxWalk> parse(std::string_view text);
};

/// What the collector keeps beside it, in FeedState::memory.
struct OtxMemory {
  std::optional<Time> events;      ///< of the newest event that was acted upon
  std::optional<Time> reconciled;  ///< when the list of ids was last held against the store
  std::int64_t uncounted = 0;      ///< pulses that the service counts and never sends
  std::int64_t passes = 0;         ///< that have begun
  // The walk over the feed that stands in while `subscribed` does not answer.
  std::optional<Time> fallback_watermark;
  std::string fallback_walk;

  std::string text() const;  ///< "" where there is nothing to keep
  static OtxMemory parse(std::string_view text);
};

}  // namespace spoor
