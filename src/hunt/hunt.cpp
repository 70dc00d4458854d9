#include "hunt/hunt.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "hunt/context_lines.h"
#include "hunt/exchange.h"
#include "hunt/reader.h"
#include "hunt/scan.h"
#include "io/encoding.h"
#include "logs/json_walk.h"

namespace spoor {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kEventTextBytes = 4096;   // of a line, kept for people
constexpr std::size_t kBatchSightings = 512;    // one durable transaction each
constexpr std::size_t kEventSightings = 4096;   // more in one event go in parts
constexpr std::size_t kHeldSightings = 16'384;  // of events over several chunks: some 80 MB
constexpr std::size_t kStories = 4096;          // remembered; a story is a few hundred bytes
constexpr std::size_t kSkipsListed = 10'000;
constexpr std::size_t kFormatsListed = 10'000;
constexpr std::size_t kSkipReasons = 100;
constexpr std::chrono::milliseconds kPatience{
    250};  // how long a found sighting may wait for others

/// Why a weak match is only that (docs/semantics.md); the rule decides.
struct WeakRow {
  std::string_view rule, reason;
};
constexpr WeakRow kWeakReasons[] = {
    {"I3", "leading zeros: octal or decimal is not known"},
    {"I9", "looks like a software version"},
    {"P1", "the address and the port stand apart"},
    {"P2", "the address without its port"},
    {"D7", "could be the name of a file"},
    {"U8", "the same address on another port"},
};

std::string weak_reason(std::string_view rule) {
  for (const WeakRow& row : kWeakReasons) {
    if (row.rule == rule) return std::string(row.reason);
  }
  return "ambiguous";
}

/// A sighting before its story is known.
struct Found {
  Sighting sighting;
  IndicatorIndex indicator{};
  std::uint64_t occurrences = 1;
  std::shared_ptr<const Context> context;
  std::shared_ptr<const EventRecord> record;
  std::string field;
};

/// An event that reaches over several chunks: what was found so far.
struct HeldEvent {
  std::map<IndicatorIndex, Found> found;
  std::set<IndicatorIndex> reported;  // told already, because too much was held
};

/// What the line of an event says, for one match after another in order of their offsets.
/// Lines are read here, for hits only; those of an array of records once for each record.
class EventReader {
 public:
  EventReader(const Job& job, const ScannedEvent& event, const HuntOptions& options,
              Record& record)
      : event_(event),
        options_(options),
        record_(record),
        format_(job.formats.known()),
        state_(job.formats.state_at(event.begin)),
        encoding_(job.chunk.encoding) {
    const std::string_view text = job.chunk.text;
    continues_ = event.begin == 0 && job.chunk.continues_event;
    raw_ = text.substr(event.begin, event.end - event.begin);
    // Of an event that began in an earlier chunk only its head is known.
    line_ = continues_ ? std::string_view(job.chunk.event_head) : raw_;
    if (encoding_ != TextEncoding::kBytes) {
      decoded_ = to_utf8(line_.substr(0, kDecodedBytes), encoding_);
      line_ = decoded_;
    }
    elements_ = JsonElements(line_);
  }

  /// Puts what is known of the match at `offset` of the chunk into `found`.
  void read(std::size_t offset, Found& found) {
    const std::size_t at = place_of(offset);
    std::string_view wanted = line_;
    if (elements_.is_list() && !continues_) {
      const std::string_view element = elements_.at_or_behind(at);
      if (!element.empty()) wanted = element;
    }
    if (shared_ == nullptr || wanted.data() != read_.data() || wanted.size() != read_.size()) {
      read_ = wanted;
      read_record(wanted, format_, state_, record_);
      auto made = std::make_shared<EventRecord>(owned(record_));
      if (made->host.empty()) made->host = options_.host;
      shared_ = std::move(made);
    }
    found.record = shared_;
    if (shared_->time) {
      found.sighting.time = shared_->time->event.time;
      found.sighting.time_has_clock = shared_->time->event.has_clock;
    }
    const auto base = static_cast<std::size_t>(read_.data() - line_.data());
    if (continues_ || at < base) return;
    if (const Field* field = record_.field_at(at - base)) found.field = field->name;
  }

 private:
  static constexpr std::size_t kDecodedBytes = 64 << 10;

  /// Where the match stands in the line as it is read.
  std::size_t place_of(std::size_t offset) const {
    const std::size_t at = offset - event_.begin;
    if (encoding_ == TextEncoding::kBytes) return at;
    return to_utf8(raw_.substr(0, std::min(at, kDecodedBytes)), encoding_).size();
  }

  const ScannedEvent& event_;
  const HuntOptions& options_;
  Record& record_;
  const LogFormat& format_;
  const FormatState& state_;
  TextEncoding encoding_;
  bool continues_;
  std::string decoded_;
  std::string_view raw_, line_, read_;
  JsonElements elements_{std::string_view()};
  std::shared_ptr<const EventRecord> shared_;
};

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

/// Whether `a` comes before `b` within an event.
bool comes_before(const Found& a, const Found& b) {
  if (a.sighting.offset != b.sighting.offset) return a.sighting.offset < b.sighting.offset;
  if (a.sighting.length != b.sighting.length) return a.sighting.length > b.sighting.length;
  if (a.sighting.grade != b.sighting.grade) return a.sighting.grade > b.sighting.grade;
  return a.indicator < b.indicator;
}

/// Puts results back together: events over several chunks, stories, verdicts, batches, the
/// receipt. All of it runs in the thread that called run(), job by job in order.
class Collector {
 public:
  Collector(const StoryLookup& lookup, const HuntOptions& options,
            std::span<FindingSink* const> sinks, HuntTotals& totals)
      : lookup_(lookup), options_(options), sinks_(sinks), totals_(totals) {
    totals_.has_window = options.since || options.until;
  }

  /// `ahead`: the job behind this one where context is asked for, else null.
  Status handle(const Job& job, const Job* ahead) {
    switch (job.kind) {
      case Job::Kind::kChunk:
        return handle_chunk(job, ahead);
      case Job::Kind::kEnd:
        ++totals_.files;
        totals_.bytes_read += job.counters.bytes_read;
        totals_.bytes_decoded += job.counters.bytes_decoded;
        totals_.bytes_scanned += job.counters.bytes_decoded - job.counters.bytes_skipped;
        totals_.lines += job.counters.lines;
        add_format(*job.file);
        add_skips(job.skips);
        tail_.clear();
        return close_held(UINT64_MAX);
      case Job::Kind::kSkip:
        add_skips(job.skips);
        return {};
    }
    return {};
  }

  bool has_batch() const { return !batch_.empty(); }

  Status flush() {
    if (batch_.empty()) return {};
    for (FindingSink* sink : sinks_) {
      if (Status taken = sink->take(batch_, details_); !taken) return taken;
    }
    for (const Sighting& sighting : batch_) {
      ++totals_.sightings;
      if (sighting.is_new) ++totals_.sightings_new;
      if (sighting.verdict != Verdict::kSuppressed) ++totals_.found;
      ++totals_.by_grade[static_cast<std::size_t>(sighting.grade)];
      ++totals_.by_type[sighting.observable.type];
    }
    batch_.clear();
    details_.clear();
    flushed_ = std::chrono::steady_clock::now();
    return {};
  }

  Status flush_if_waited() {
    if (std::chrono::steady_clock::now() - flushed_ < kPatience) return {};
    return flush();
  }

  Status finish() {
    if (Status flushed = flush(); !flushed) return flushed;
    totals_.indicators_seen = seen_.size();
    for (auto& [reason, rest] : more_skips_) {
      Skip skip;
      skip.reason = std::to_string(rest.count) + " more: " + reason;
      skip.bytes = rest.bytes;
      skip.incomplete = rest.incomplete;
      totals_.skips.push_back(std::move(skip));
    }
    return {};
  }

 private:
  Status handle_chunk(const Job& job, const Job* ahead) {
    const Chunk& chunk = job.chunk;
    const ScanResult& result = job.result;
    for (std::size_t grade = 0; grade < kGradeCount; ++grade) {
      totals_.below[grade] += result.below[grade];
    }
    const std::uint64_t open_from = first_open_event(chunk);

    std::vector<Found> event_found;
    for (std::size_t begin = 0; begin < result.candidates.size();) {
      std::size_t end = begin + 1;
      while (end < result.candidates.size() &&
             result.candidates[end].event == result.candidates[begin].event) {
        ++end;
      }
      const ScannedEvent& event = result.events[result.candidates[begin].event];
      auto held = held_.find(event.event_offset);
      if (held == held_.end() && event.open)
        held = held_.emplace(event.event_offset, HeldEvent{}).first;
      const bool keep = held != held_.end();
      if (!keep) {
        if (Status closed = close_held(std::min(event.event_offset, open_from)); !closed)
          return closed;
      }
      event_found.clear();
      std::shared_ptr<const Context> context;
      if (options_.context_lines > 0) context = context_of(job, event, ahead);
      EventReader reader(job, event, options_, record_);
      for (; begin < end; ++begin) {
        const Grade grade = result.candidates[begin].hit.grade;
        if (!keep && grade < options_.min_grade) {  // an event of an overlap that was not held
          ++totals_.below[static_cast<std::size_t>(grade)];
          continue;
        }
        Found found = make_found(job, event, result.candidates[begin]);
        found.context = context;
        reader.read(result.candidates[begin].hit.offset, found);
        if (keep) {
          hold(held->second, std::move(found));
        } else {
          event_found.push_back(std::move(found));
        }
      }
      if (!keep) {
        if (Status told = tell(event_found); !told) return told;
      }
      if (held_count_ > kHeldSightings) {
        if (Status told = tell_held(); !told) return told;
      }
    }
    remember_tail(chunk);
    return close_held(open_from);
  }

  /// Offset of the first event that the next chunk shows more of; UINT64_MAX where all have
  /// ended.
  static std::uint64_t first_open_event(const Chunk& chunk) {
    if (chunk.cut_head.empty() && chunk.shared_tail == 0) return UINT64_MAX;
    const std::size_t shared = chunk.text.size() - chunk.shared_tail;
    const std::size_t line = last_line_end(chunk.text, 0, shared, chunk.encoding);
    return line == kNone ? chunk.event_offset : chunk.offset + line;
  }

  Found make_found(const Job& job, const ScannedEvent& event,
                   const Candidate& candidate) const {
    const Chunk& chunk = job.chunk;
    const std::string_view text = chunk.text;
    const Hit& hit = candidate.hit;
    Found found;
    found.indicator = hit.indicator;
    found.occurrences = candidate.occurrences;
    Sighting& sighting = found.sighting;
    sighting.file = job.file->shown;
    sighting.absolute_path = job.file->absolute;
    sighting.line = event.line;
    sighting.event_offset = event.event_offset;
    sighting.event_digest = event.digest;
    sighting.offset = chunk.offset + hit.offset;
    sighting.length = hit.length;
    sighting.match = text.substr(hit.offset, hit.length);
    sighting.encoding = chunk.encoding;
    sighting.grade = hit.grade;
    sighting.rule = hit.rule;
    sighting.views.assign(hit.views,
                          hit.views + std::min<std::size_t>(hit.view_count, Hit::kMaxViews));
    // The line, or 4 KiB of it with the match in the middle.
    std::size_t begin = event.begin;
    const std::size_t end = std::max(event.end, hit.offset);
    if (end - begin > kEventTextBytes) {
      const std::size_t shown = std::min(hit.length, kEventTextBytes);
      const std::size_t before = (kEventTextBytes - shown) / 2;
      if (hit.offset - begin > before) begin = hit.offset - before;
      if (end - begin < kEventTextBytes) begin = end - kEventTextBytes;
      begin -= (begin - event.begin) % unit_bytes(chunk.encoding);
    }
    sighting.event_text = text.substr(begin, std::min(end - begin, kEventTextBytes));
    sighting.match_begin = std::min(hit.offset - begin, sighting.event_text.size());
    sighting.match_end = std::min(hit.offset + hit.length - begin, sighting.event_text.size());
    return found;
  }

  void hold(HeldEvent& event, Found&& found) {
    if (event.reported.count(found.indicator) > 0) return;
    const auto [at, fresh] = event.found.try_emplace(found.indicator, std::move(found));
    if (fresh) {
      ++held_count_;
      return;
    }
    Found& old = at->second;
    const std::uint64_t occurrences = old.occurrences + found.occurrences;
    // Chunks come in order: of equal grades the old one stands earlier.
    if (found.sighting.grade > old.sighting.grade) {
      std::shared_ptr<const Context> context = old.context;
      old = std::move(found);
      old.context = std::move(context);
    }
    old.occurrences = occurrences;
  }

  /// Tells the held events before `open_from`, which have ended.
  Status close_held(std::uint64_t open_from) {
    while (!held_.empty() && held_.begin()->first < open_from) {
      HeldEvent event = std::move(held_.begin()->second);
      held_.erase(held_.begin());
      held_count_ -= event.found.size();
      std::vector<Found> found = take_told(event);
      if (Status told = tell(found); !told) return told;
    }
    return {};
  }

  /// What of a held event is to be told, in order.
  std::vector<Found> take_told(HeldEvent& event) {
    std::vector<Found> found;
    for (auto& [indicator, each] : event.found) {
      if (each.sighting.grade < options_.min_grade) {
        ++totals_.below[static_cast<std::size_t>(each.sighting.grade)];
      } else {
        event.reported.insert(indicator);
        found.push_back(std::move(each));
      }
    }
    event.found.clear();
    std::sort(found.begin(), found.end(), comes_before);
    return found;
  }

  /// Too much is held: tells what there is. A stronger grade further on in the same event then
  /// stays untold.
  Status tell_held() {
    for (auto& [offset, event] : held_) {
      held_count_ -= event.found.size();
      std::vector<Found> found = take_told(event);
      if (Status told = tell(found); !told) return told;
    }
    return {};
  }

  /// Tells the sightings of one event.
  Status tell(std::vector<Found>& found) {
    std::size_t in_event = 0;
    for (Found& each : found) {
      if (is_outside_window(each.sighting)) {
        ++totals_.outside_window;
        continue;
      }
      if (totals_.has_window && !each.sighting.time) ++totals_.without_time;
      if (in_event == kEventSightings) {
        if (Status flushed = flush(); !flushed) return flushed;
        in_event = 0;
      }
      auto story = story_of(each.indicator);
      if (!story) return fail(story.error());
      Sighting& sighting = each.sighting;
      sighting.observable_id = (*story)->id;
      sighting.observable = (*story)->observable;
      if (sighting.grade == Grade::kWeak) {
        sighting.verdict = Verdict::kWeak;
        sighting.reason = weak_reason(sighting.rule);
      }
      std::optional<EventTime> time;
      if (sighting.time) time = EventTime{*sighting.time, sighting.time_has_clock};
      sighting.live = was_live(**story, time);
      batch_.push_back(std::move(sighting));
      details_.push_back({*std::move(story), std::move(each.context), std::move(each.record),
                          std::move(each.field), each.occurrences});
      seen_.insert(static_cast<std::uint32_t>(each.indicator));
      ++in_event;
    }
    if (batch_.size() >= kBatchSightings) return flush();
    return {};
  }

  bool is_outside_window(const Sighting& sighting) const {
    if (!sighting.time) return false;
    Time last = *sighting.time;
    if (!sighting.time_has_clock) last += std::chrono::hours(24) - Micros(1);
    return (options_.since && last < *options_.since) ||
           (options_.until && *sighting.time >= *options_.until);
  }

  void add_format(const HuntedFile& file) {
    const LogFormat* format = file.track.format();
    if (format == nullptr) return;  // empty
    ++totals_.by_format[std::string(format->name)];
    if (totals_.formats.size() < kFormatsListed)
      totals_.formats.push_back({file.shown, std::string(format->name)});
  }

  Result<std::shared_ptr<const IndicatorStory>> story_of(IndicatorIndex indicator) {
    const auto found = stories_.find(static_cast<std::uint32_t>(indicator));
    if (found != stories_.end()) return found->second;
    auto story = lookup_(indicator);
    if (!story) return story;
    if (stories_.size() >= kStories) stories_.clear();
    stories_.emplace(static_cast<std::uint32_t>(indicator), *story);
    return story;
  }

  std::shared_ptr<const Context> context_of(const Job& job, const ScannedEvent& event,
                                            const Job* ahead) const {
    const Chunk& chunk = job.chunk;
    const std::size_t count = options_.context_lines;
    auto context = std::make_shared<Context>();
    if (event.event_offset >= chunk.offset) {
      context->before = lines_before(chunk, event.begin, event.line, count);
      if (context->before.size() < count && chunk.overlap == 0 && !chunk.continues_event) {
        const std::size_t more = std::min(count - context->before.size(), tail_.size());
        context->before.insert(context->before.begin(),
                               tail_.end() - static_cast<std::ptrdiff_t>(more), tail_.end());
      }
    }
    if (event.open) return context;
    std::size_t next =
        next_line_end(chunk.text, event.begin, chunk.text.size(), chunk.encoding);
    if (next == kNone) next = chunk.text.size();
    append_lines(chunk, next, event.line + 1, count, context->after);
    if (context->after.size() < count && ahead != nullptr && ahead->kind == Job::Kind::kChunk &&
        ahead->file == job.file && !ahead->chunk.continues_event && ahead->chunk.overlap == 0) {
      append_lines(ahead->chunk, 0, event.line + 1 + context->after.size(),
                   count - context->after.size(), context->after);
    }
    return context;
  }

  /// Keeps the last lines of a chunk for events at the begin of the next.
  void remember_tail(const Chunk& chunk) {
    if (options_.context_lines == 0) return;
    const std::uint64_t next_line = chunk.line + count_line_ends(chunk.text, chunk.encoding);
    std::vector<ContextLine> lines =
        lines_before(chunk, chunk.text.size(), next_line, options_.context_lines);
    if (chunk.overlap == 0 && !chunk.continues_event) {
      const std::size_t more = std::min(options_.context_lines - lines.size(), tail_.size());
      lines.insert(lines.begin(), tail_.end() - static_cast<std::ptrdiff_t>(more), tail_.end());
    }
    tail_ = std::move(lines);
  }

  void add_skips(const std::vector<Skip>& skips) {
    for (const Skip& skip : skips) {
      if (skip.named) ++totals_.named_failures;
      if (skip.incomplete) totals_.complete = false;
      if (totals_.skips.size() < kSkipsListed) {
        totals_.skips.push_back(skip);
        continue;
      }
      const bool known =
          more_skips_.count(skip.reason) > 0 || more_skips_.size() < kSkipReasons;
      MoreSkips& rest = more_skips_[known ? skip.reason : "other reasons"];
      ++rest.count;
      rest.bytes += skip.bytes;
      rest.incomplete = rest.incomplete || skip.incomplete;
    }
  }

  struct MoreSkips {
    std::uint64_t count = 0, bytes = 0;
    bool incomplete = false;
  };

  const StoryLookup& lookup_;
  const HuntOptions& options_;
  std::span<FindingSink* const> sinks_;
  HuntTotals& totals_;
  std::vector<Sighting> batch_;
  std::vector<FindingDetail> details_;
  Record record_;  // keeps its memory from event to event
  std::chrono::steady_clock::time_point flushed_ = std::chrono::steady_clock::now();
  std::map<std::uint64_t, HeldEvent> held_;  // by offset of the event, of the file at hand
  std::size_t held_count_ = 0;
  std::vector<ContextLine> tail_;
  std::unordered_map<std::uint32_t, std::shared_ptr<const IndicatorStory>> stories_;
  std::unordered_set<std::uint32_t> seen_;
  std::map<std::string, MoreSkips> more_skips_;
};

/// What one worker does with a chunk.
class Scanner {
 public:
  Scanner(const Matcher& matcher, const HuntOptions& options, Time now)
      : matcher_(matcher), options_(options), now_(now), scratch_(matcher.make_scratch()) {}

  void scan(Job& job) {
    const HuntedFile& file = *job.file;
    job.formats = file.track.enter(job.index, job.chunk.text, job.chunk.encoding,
                                   options_.formats, [&] { return last_change(file, now_); });
    job.result =
        scan_chunk(job.chunk, job.formats, matcher_, *scratch_, options_.min_grade, buffers_);
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

Hunt::Hunt(const Matcher& matcher, StoryLookup lookup, const Clock& clock, HuntOptions options)
    : matcher_(matcher),
      lookup_(std::move(lookup)),
      clock_(clock),
      options_(std::move(options)) {}

Result<HuntTotals> Hunt::run(std::span<FindingSink* const> sinks, const std::stop_token& stop) {
  HuntTotals totals;
  totals.started = clock_.now();
  totals.min_grade = options_.min_grade;
  totals.indicators = options_.indicators;
  const HuntStart start{totals.started, options_.paths, options_.filter, options_.indicators};
  for (FindingSink* sink : sinks) {
    if (Status begun = sink->begin(start); !begun) return fail(begun.error());
  }

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
  Collector collector(lookup_, options_, sinks, totals);
  Reader reader(options_, exchange, io_stop.get_token());
  Status outcome;
  {
    std::vector<std::jthread> running;
    running.emplace_back([&] { reader.walk_all(); });
    for (unsigned i = 0; i < threads; ++i) {
      running.emplace_back([&] {
        Scanner scanner(matcher_, options_, totals.started);
        reader.work([&](Job& job) { scanner.scan(job); });
      });
    }
    while (outcome) {
      const auto job = exchange.next(kPatience);
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
  if (outcome) outcome = collector.finish();
  if (!outcome) return fail(outcome.error());
  if (reader.was_stopped()) {
    totals.interrupted = true;
    totals.complete = false;
  }
  totals.ended = clock_.now();
  for (FindingSink* sink : sinks) {
    if (Status finished = sink->finish(totals); !finished) return fail(finished.error());
  }
  return totals;
}

}  // namespace spoor
