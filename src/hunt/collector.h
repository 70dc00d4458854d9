// The thread that puts what the workers found back together. Private to `hunt`. Tested by
// hunt_test.cpp and hunt_threads_test.cpp (TSan too).

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "hunt/accounts.h"
#include "hunt/canary.h"
#include "hunt/exchange.h"
#include "hunt/hunt.h"
#include "hunt/scan.h"
#include "hunt/verdicts.h"

namespace spoor {

/// A sighting before its story is known.
struct Found {
  Sighting sighting;
  IndicatorIndex indicator{};
  std::uint64_t occurrences = 1;
  std::shared_ptr<const Context> context;
  std::shared_ptr<const EventRecord> record;
  std::string field;
  bool planted = false;
  std::uint64_t content = 0;
};

/// An event that reaches over several chunks: what was found so far.
struct HeldEvent {
  std::map<IndicatorIndex, Found> found;
  std::set<IndicatorIndex> reported;  // told already, because too much was held
};

/// Puts results back together: events over several chunks, stories, verdicts, batches, the
/// receipt. All of it runs in the thread that called run(), job by job in order.
class Collector {
 public:
  /// How long a found sighting may wait for others.
  static constexpr std::chrono::milliseconds kPatience{250};

  Collector(const StoryLookup& lookup, const HuntOptions& options,
            std::span<FindingSink* const> sinks, HuntTotals& totals, CanaryCheck& canary);
  /// Other indicators from now on: what is remembered of the old ones goes.
  void forget_stories() { stories_.clear(); }
  /// The options have another judge of noise.
  void judge_changed() { verdicts_.judge_changed(); }
  /// Files come again from now on: each counts once, and what was left out of it before is no
  /// longer so.
  void expect_again();
  /// `ahead`: the job behind this one where context is asked for, else null.
  Status handle(Job& job, const Job* ahead);
  /// Hands what was found to the sinks, then what was hunted to --new.
  Status flush();
  Status flush_if_waited();
  Status finish();
  void begin_pass() { accounts_.begin_pass(); }
  /// Tells the sinks, once all was flushed.
  Status end_pass();
  /// What finish() would add to the totals, to a copy of them; between passes.
  void complete(HuntTotals& totals) const;

 private:
  Status handle_kind(const Job& job, const Job* ahead);
  /// How its lines were read, before the chunk or up to the end.
  static void name_format(const Job& job, Progress& row);
  void take_progress(Job& job);
  Status write_progress();
  /// Before the first sighting of a last line that has not ended goes into the batch.
  void note_open_line(const Sighting& sighting);
  Status handle_chunk(const Job& job, const Job* ahead);
  /// Offset of the first event that the next chunk shows more of; UINT64_MAX where all have
  /// ended.
  static std::uint64_t first_open_event(const Chunk& chunk);
  Found make_found(const Job& job, const ScannedEvent& event, const Candidate& candidate) const;
  void hold(HeldEvent& event, Found&& found);
  /// Tells the held events before `open_from`, which have ended.
  Status close_held(std::uint64_t open_from);
  /// What of a held event is to be told, in order.
  std::vector<Found> take_told(HeldEvent& event);
  /// Too much is held: tells what there is. A stronger grade further on in the same event then
  /// stays untold.
  Status tell_held();
  /// Tells the sightings of one event.
  Status tell(std::vector<Found>& found);
  void count_news(const Job& job);
  void count_noise(const Sighting& sighting);
  bool is_outside_window(const Sighting& sighting) const;

  Result<std::shared_ptr<const IndicatorStory>> story_of(IndicatorIndex indicator);
  std::shared_ptr<const Context> context_of(const Job& job, const ScannedEvent& event,
                                            const Job* ahead) const;
  /// Keeps the last lines of a chunk for events at the begin of the next.
  void remember_tail(const Chunk& chunk);

  const StoryLookup& lookup_;
  const HuntOptions& options_;
  std::span<FindingSink* const> sinks_;
  HuntTotals& totals_;
  CanaryCheck& canary_;
  Verdicts verdicts_;
  Accounts accounts_;
  std::vector<Sighting> batch_;
  std::vector<FindingDetail> details_;
  Record record_;  // keeps its memory from event to event
  std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
  std::map<std::uint64_t, HeldEvent> held_;  // by offset of the event, of the file at hand
  std::size_t held_count_ = 0;
  std::vector<ContextLine> tail_;
  std::unordered_map<std::uint32_t, std::shared_ptr<const IndicatorStory>> stories_;
  std::unordered_set<std::int64_t> seen_;  // observables
  std::vector<Progress> progress_;         // of files whose sightings are in batch_ or before
  std::optional<Progress> open_line_;      // of the file at hand, not noted yet
  bool again_ = false;
};

}  // namespace spoor
