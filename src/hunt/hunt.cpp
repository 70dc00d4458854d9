#include "hunt/hunt.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "hunt/collector.h"
#include "hunt/exchange.h"
#include "hunt/news.h"
#include "hunt/reader.h"
#include "hunt/scan.h"
#include "io/events.h"

namespace spoor {
namespace {

/// When a file was changed last: what the reader knows, else what its folder says, else now.
std::optional<Time> last_change(const HuntedFile& file, Time now) {
  if (file.modified) return file.modified;
  std::string path = file.absolute.substr(0, file.absolute.find('!'));
  for (const auto& [code, byte] : {std::pair("%21", '!'), std::pair("%25", '%')}) {
    for (std::size_t at = path.find(code); at != std::string::npos;
         at = path.find(code, at + 1))
      path.replace(at, 3, 1, byte);
  }
  std::error_code unknown;
  const auto changed = std::filesystem::last_write_time(path, unknown);
  if (unknown) return now;
  return std::chrono::time_point_cast<Micros>(
      std::filesystem::file_time_type::clock::to_sys(changed));
}

/// What one worker does with a chunk.
class Scanner {
 public:
  Scanner(const Matcher& matcher, const HuntOptions& options, Time now)
      : matcher_(matcher), options_(options), now_(now), scratch_(matcher.make_scratch()) {}

  void scan(Job& job) {
    const HuntedFile& file = *job.file;
    FormatSettings settings = options_.formats;
    // Records were rendered by us: there is nothing to find out.
    if (const LogFormat* rendered = record_format(job.chunk.form))
      settings.choice.forced = rendered;
    job.formats = file.track.enter(
        job.index, job.chunk.text, job.chunk.encoding, settings,
        [&] { return last_change(file, now_); }, job.chunk.modified);
    HitFilter keep;
    if (file.old != nullptr && job.chunk.offset < file.old->upto) {
      keep = [&old = *file.old, from = job.chunk.offset](const Hit& hit) {
        return from + hit.offset >= old.upto || old.ages->is_missing(hit.indicator, old.mark);
      };
    }
    job.result = scan_chunk(job.chunk, job.formats, matcher_, *scratch_, options_.min_grade,
                            buffers_, keep);
    if (keep) job.result.below = {};  // of old events it is not known which are new
  }

 private:
  const Matcher& matcher_;
  const HuntOptions& options_;
  Time now_;
  std::unique_ptr<Matcher::Scratch> scratch_;
  ScanBuffers buffers_;
};

}  // namespace

std::string sighting_file_name(std::string_view path) {
  return member_name(path);
}

/// A hunt between begin() and finish().
struct Hunt::State {
  State(const Hunt& hunt, std::span<FindingSink* const> all)
      : sinks(all),
        canary(hunt.options_.canaries),
        collector(hunt.lookup_, hunt.options_, sinks, totals, canary) {}

  /// Adds what was planted and found to `all`.
  void count_canary(HuntTotals& all) const {
    const CanaryResult result = canary.result();
    if (planted) all.canary.planted += result.planted;
    all.canary.found += result.found;
    all.canary.unexpected += result.unexpected;
    all.canary.elsewhere += result.elsewhere;
  }

  /// What is known only when all was counted.
  void conclude(HuntTotals& all, const HuntOptions& options, Time now) const {
    if (all.interrupted) all.complete = false;
    count_canary(all);
    if (!all.canary.is_sound()) all.complete = false;
    if (options.freshness) all.freshness = options.freshness();
    all.ended = now;
  }

  std::span<FindingSink* const> sinks;
  HuntTotals totals;
  CanaryCheck canary;  // of the indicators in use
  bool planted = false;
  Collector collector;
};

Hunt::Hunt(const Matcher& matcher, StoryLookup lookup, const Clock& clock, HuntOptions options)
    : matcher_(&matcher),
      lookup_(std::move(lookup)),
      clock_(clock),
      options_(std::move(options)) {}

Hunt::~Hunt() = default;

Result<HuntTotals> Hunt::run(std::span<FindingSink* const> sinks, const std::stop_token& stop) {
  if (Status begun = begin(sinks); !begun) return fail(begun.error());
  if (Status passed = pass(std::nullopt, stop); !passed) return fail(passed.error());
  return finish();
}

Status Hunt::begin(std::span<FindingSink* const> sinks) {
  state_ = std::make_unique<State>(*this, sinks);
  HuntTotals& totals = state_->totals;
  totals.started = clock_.now();
  totals.min_grade = options_.min_grade;
  totals.indicators = options_.indicators;
  totals.context_only = options_.context_only;
  HuntStart start{totals.started, options_.paths, options_.filter, options_.indicators};
  if (options_.root != nullptr) {
    for (std::string& path : start.paths) path = options_.root->shown(path);
  }
  for (FindingSink* sink : sinks) {
    if (Status begun = sink->begin(start); !begun) return begun;
  }
  return {};
}

Status Hunt::pass(std::optional<std::vector<WalkItem>> items, const std::stop_token& stop) {
  HuntTotals& totals = state_->totals;
  Collector& collector = state_->collector;
  if (items) collector.expect_again();
  collector.begin_pass();
  ++totals.passes;
  unsigned threads =
      options_.threads != 0 ? options_.threads : std::thread::hardware_concurrency();
  threads = std::clamp(threads, 1u, 256u);
  // Four chunks a worker keep it busy while one of them is slow; and several endless lines,
  // which a lane that is not at its turn holds.
  const StreamOptions& stream = options_.stream;
  const std::size_t largest = stream.line_limit + stream.overlap + 2 * stream.chunk_bytes;
  const std::size_t most_bytes =
      std::max(3 * largest, threads * (stream.chunk_bytes * 4 + kEventHeadBytes));
  Exchange exchange(threads, most_bytes);

  std::stop_source io_stop;
  const std::stop_callback forward(stop, [&io_stop] { io_stop.request_stop(); });
  std::vector<PlantedFile> planted;
  if (!std::exchange(state_->planted, true)) planted = state_->canary.take_files();
  Reader reader(options_, exchange, io_stop.get_token(), std::move(planted));
  Status outcome;
  {
    std::vector<std::jthread> running;
    running.emplace_back([&] {
      if (items) {
        reader.hand_out(*std::move(items));
      } else {
        reader.walk_all();
      }
    });
    for (unsigned i = 0; i < threads; ++i) {
      running.emplace_back([&] {
        Scanner scanner(*matcher_, options_, totals.started);
        reader.work([&](Job& job) { scanner.scan(job); });
      });
    }
    while (outcome) {
      const auto job = exchange.next(Collector::kPatience);
      if (!job) {
        if (exchange.ended()) break;
        outcome = collector.flush_if_waited();
        continue;
      }
      const bool wants_more = options_.context_lines > 0 && job->kind == Job::Kind::kChunk &&
                              !job->result.candidates.empty();
      outcome = collector.handle(*job, wants_more ? exchange.peek() : nullptr);
      exchange.release(*job);
      if (outcome) outcome = collector.flush_if_waited();
    }
    if (!outcome) {
      io_stop.request_stop();
      exchange.abort();
    }
  }  // all threads have ended
  if (outcome) outcome = collector.flush();
  if (outcome) outcome = collector.end_pass();
  totals.interrupted = reader.was_stopped();
  return outcome;
}

Result<HuntTotals> Hunt::finish() {
  HuntTotals& totals = state_->totals;
  if (Status finished = state_->collector.finish(); !finished) return fail(finished.error());
  state_->conclude(totals, options_, clock_.now());
  for (FindingSink* sink : state_->sinks) {
    if (Status finished = sink->finish(totals); !finished) return fail(finished.error());
  }
  return totals;
}

HuntTotals Hunt::so_far() const {
  HuntTotals totals = state_->totals;
  state_->collector.complete(totals);
  state_->conclude(totals, options_, clock_.now());
  return totals;
}

void Hunt::use(const Matcher& matcher, StoryLookup lookup, std::uint64_t indicators,
               std::vector<Canary> canaries) {
  matcher_ = &matcher;
  lookup_ = std::move(lookup);
  options_.indicators = indicators;
  options_.canaries = std::move(canaries);
  if (state_ == nullptr) return;
  state_->count_canary(state_->totals);
  state_->canary = CanaryCheck(options_.canaries);
  state_->planted = false;
  state_->totals.indicators = indicators;
  state_->collector.forget_stories();
}

void Hunt::use_judge(std::shared_ptr<const Noise> judge) {
  options_.noise.judge = std::move(judge);
  if (state_ != nullptr) state_->collector.judge_changed();
}

}  // namespace spoor
