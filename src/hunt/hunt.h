// A hunt: one run of a matcher over files, folders and standard input.
//
//     reader ──▶ chunks ──▶ N workers ──▶ results, in order ──▶ sinks (store, then printer)
//
// One reader walks and decodes, N workers scan with a scratch each, and the thread that called
// run() puts results back in the order of the bytes, looks up the story of what was hit and
// hands batches to the sinks: the output is the same for any N, since the plan of chunks
// depends on the bytes alone.
// Memory: at most a few chunks a thread between reader and sinks; a hit costs some 60 bytes
// until it is its turn.
// Tested by hunt_test.cpp and hunt_threads_test.cpp (TSan too), scan_test.cpp and
// store_sink_test.cpp.

#pragma once

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "hunt/canary.h"
#include "hunt/verdicts.h"
#include "io/foreign_root.h"
#include "io/source.h"
#include "logs/finding.h"
#include "logs/format_track.h"
#include "match/matcher.h"

namespace spoor {

class News;
struct WalkItem;

struct HuntOptions {
  std::vector<std::string> paths;  ///< as typed; "-" is stdin
  std::string filter;              ///< as typed, for the record
  unsigned threads = 0;            ///< workers; 0: one for each processor
  Grade min_grade = Grade::kMention;
  std::size_t context_lines =
      0;  ///< lines before and after each event (of an event cut over chunks only before)
  StreamOptions stream;
  FormatSettings formats;
  std::string zone;  ///< its zone as typed or as the root names it, for the record
  std::string host;  ///< of events whose lines name none
  /// The root that the paths lie in, and its machine's own name; null: this machine's.
  std::shared_ptr<const ForeignRoot> root;
  std::string root_host;
  /// Only events from `since` on and before `until`. Events without a time are told and
  /// counted; of an event of which only the day is known, the whole day counts.
  std::optional<Time> since, until;
  std::uint64_t indicators = 0;    ///< how many the matcher was compiled from, for the record
  std::uint64_t context_only = 0;  ///< left out because every source calls them context
  /// Indicators of the matcher behind all others that are no one's claim: planted, looked for
  /// and told as HuntTotals::canary, never as sightings. Empty: none is planted.
  std::vector<Canary> canaries;
  /// Asked once, at the end.
  std::function<Freshness()> freshness;
  /// Absolute, link-free paths that are passed over with a reason: the store and its -wal and
  /// -shm, the file that the output goes to.
  std::vector<std::string> own_files;
  std::string own_prefix;  ///< so are those that begin like this; "": none
  HuntNoise noise;
  News* news = nullptr;  ///< --new: what was hunted before, and where to write down more
};

/// Looks up what is known of an indicator of the matcher's list. Called from the thread that
/// runs the hunt, only for indicators that were hit, and seldom twice for one.
using StoryLookup =
    std::function<Result<std::shared_ptr<const IndicatorStory>>(IndicatorIndex)>;

class Hunt {
 public:
  /// Borrows all but the options; they must outlive run().
  Hunt(const Matcher& matcher, StoryLookup lookup, const Clock& clock, HuntOptions options);

  /// Hunts once and returns the receipt, after each sink's finish(). What is wrong with a file
  /// is in the receipt and never an error; an error is a failed lookup or sink (store full,
  /// broken pipe), and no finish() was called then. `stop` ends the hunt early and whole: what
  /// was read is scanned and recorded, `interrupted` is set.
  Result<HuntTotals> run(std::span<FindingSink* const> sinks, const std::stop_token& stop = {});

  // The same in steps, for a hunt that follows its files: begin, any number of passes, finish.
  ~Hunt();
  Status begin(std::span<FindingSink* const> sinks);
  /// Hunts `items`, or all paths where none are given. With items, files come again, and what
  /// was said of one before no longer holds. All that was found is stored and told when it
  /// returns.
  Status pass(std::optional<std::vector<WalkItem>> items, const std::stop_token& stop);
  Result<HuntTotals> finish();
  /// Between passes: what finish() would return if it ended now. Nothing is told.
  HuntTotals so_far() const;
  /// From the next pass on, other indicators; their canaries are planted in that pass.
  void use(const Matcher& matcher, StoryLookup lookup, std::uint64_t indicators,
           std::vector<Canary> canaries);
  /// From the next pass on, another judge of noise. What was counted counts on.
  void use_judge(std::shared_ptr<const Noise> judge);
  const HuntOptions& options() const { return options_; }

 private:
  struct State;

  const Matcher* matcher_;
  StoryLookup lookup_;
  const Clock& clock_;
  HuntOptions options_;
  std::unique_ptr<State> state_;
};

/// A file's name as sightings carry it: '!' as %21 and '%' as %25, so that '!' can join
/// members.
std::string sighting_file_name(std::string_view path);

}  // namespace spoor
