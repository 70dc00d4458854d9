#include "hunt/collector.h"

#include <algorithm>
#include <utility>

#include "hunt/context_lines.h"
#include "hunt/event_reader.h"
#include "hunt/news.h"
#include "io/encoding.h"
#include "io/events.h"

namespace spoor {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kEventTextBytes = 4096;   // of a line, kept for people
constexpr std::size_t kBatchSightings = 512;    // one durable transaction each
constexpr std::size_t kEventSightings = 4096;   // more in one event go in parts
constexpr std::size_t kHeldSightings = 16'384;  // of events over several chunks: some 80 MB
constexpr std::size_t kMostReasons = 500;       // told apart in the summary
constexpr std::size_t kStories = 4096;          // remembered; a story is a few hundred bytes

/// Whether `a` comes before `b` within an event.
bool comes_before(const Found& a, const Found& b) {
  if (a.sighting.offset != b.sighting.offset) return a.sighting.offset < b.sighting.offset;
  if (a.sighting.length != b.sighting.length) return a.sighting.length > b.sighting.length;
  if (a.sighting.grade != b.sighting.grade) return a.sighting.grade > b.sighting.grade;
  return a.indicator < b.indicator;
}

}  // namespace

Collector::Collector(const StoryLookup& lookup, const HuntOptions& options,
                     std::span<FindingSink* const> sinks, HuntTotals& totals,
                     CanaryCheck& canary)
    : lookup_(lookup),
      options_(options),
      sinks_(sinks),
      totals_(totals),
      canary_(canary),
      verdicts_(options.noise),
      accounts_(sinks, totals) {
  totals_.has_window = options.since || options.until;
  totals_.has_news = options.news != nullptr;
}

void Collector::expect_again() {
  again_ = true;
  accounts_.expect_again();
}

Status Collector::handle(Job& job, const Job* ahead) {
  if (job.grown) {
    if (Status grown = options_.news->grow(*job.grown); !grown) return grown;
  }
  if (job.open_line) open_line_ = std::move(job.open_line);
  const bool is_chunk = job.kind == Job::Kind::kChunk;
  if (is_chunk && job.progress) {
    // Of what stands before it, and so before a line that is noted in it.
    take_progress(job);
    if (Status flushed = flush(); !flushed) return flushed;
  }
  const Status handled = handle_kind(job, ahead);
  if (!is_chunk) open_line_.reset();
  if (handled && !is_chunk && job.progress) take_progress(job);
  return handled;
}

void Collector::take_progress(Job& job) {
  progress_.push_back(*std::move(job.progress));
  // Of a file of which nothing was read the row is whole.
  if (job.kind == Job::Kind::kChunk || job.kind == Job::Kind::kEnd)
    name_format(job, progress_.back());
}

void Collector::note_open_line(const Sighting& sighting) {
  if (open_line_ && sighting.event_offset == open_line_->open_offset)
    options_.news->note(*std::exchange(open_line_, std::nullopt));
}

void Collector::name_format(const Job& job, Progress& row) {
  const LogFormat* format = job.file->track.format();
  row.format = format != nullptr ? std::string(format->name) : std::string();
  row.headers = job.file->track.headers();
  if (job.kind == Job::Kind::kChunk && row.headers)
    row.headers->resize(std::min(row.headers->size(), job.formats.header_bytes));
}

Status Collector::handle_kind(const Job& job, const Job* ahead) {
  switch (job.kind) {
    case Job::Kind::kChunk:
      return handle_chunk(job, ahead);
    case Job::Kind::kEnd:
      tail_.clear();
      if (Status ended = accounts_.end_of_member(job); !ended) return ended;
      return close_held(UINT64_MAX);
    case Job::Kind::kFile:
      count_news(job);
      return accounts_.end_of_file(job);
    case Job::Kind::kSkip:
      count_news(job);
      return accounts_.skips_of(job);
  }
  return {};
}

Status Collector::flush() {
  if (batch_.empty()) return write_progress();
  for (FindingSink* sink : sinks_) {
    if (Status taken = sink->take(batch_, details_); !taken) return taken;
  }
  for (const Sighting& sighting : batch_) {
    ++totals_.sightings;
    if (sighting.is_new) ++totals_.sightings_new;
    if (sighting.verdict != Verdict::kSuppressed) ++totals_.found;
    count_noise(sighting);
    ++totals_.by_grade[static_cast<std::size_t>(sighting.grade)];
    ++totals_.by_type[sighting.observable.type];
  }
  batch_.clear();
  details_.clear();
  return write_progress();
}

void Collector::count_noise(const Sighting& sighting) {
  if (sighting.verdict == Verdict::kShown) return;
  std::pair key(sighting.verdict, std::string(reason_group(sighting.reason)));
  if (totals_.noise.size() >= kMostReasons && totals_.noise.count(key) == 0)
    key.second = "other reasons";
  ++totals_.noise[std::move(key)];
}

Status Collector::flush_if_waited() {
  if (std::chrono::steady_clock::now() - flushed_ < kPatience) return {};
  return flush();
}

Status Collector::write_progress() {
  flushed_ = std::chrono::steady_clock::now();
  if (progress_.empty()) return {};
  return options_.news->commit(std::exchange(progress_, {}));
}

Status Collector::end_pass() {
  for (FindingSink* sink : sinks_) {
    if (Status told = sink->pass_ended(); !told) return told;
  }
  return {};
}

void Collector::complete(HuntTotals& totals) const {
  totals.indicators_seen = seen_.size();
  accounts_.finish(totals);
}

Status Collector::finish() {
  if (Status flushed = flush(); !flushed) return flushed;
  if (options_.news != nullptr) {
    if (Status flushed = options_.news->flush(); !flushed) return flushed;
  }
  complete(totals_);
  return {};
}

Status Collector::handle_chunk(const Job& job, const Job* ahead) {
  const Chunk& chunk = job.chunk;
  const ScanResult& result = job.result;
  accounts_.add_chunk(chunk);
  accounts_.note_bytes(job);
  for (std::size_t grade = 0; grade < kGradeCount && !job.file->planted; ++grade) {
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
      EventFacts facts = reader.read(result.candidates[begin].hit.offset);
      if (facts.record->time) {
        found.sighting.time = facts.record->time->event.time;
        found.sighting.time_has_clock = facts.record->time->event.has_clock;
      }
      found.record = std::move(facts.record);
      found.field = std::move(facts.field);
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

std::uint64_t Collector::first_open_event(const Chunk& chunk) {
  if (chunk.cut_head.empty() && chunk.shared_tail == 0) return UINT64_MAX;
  const std::size_t shared = chunk.text.size() - chunk.shared_tail;
  const std::size_t line = last_line_end(chunk.text, 0, shared, chunk.encoding);
  return line == kNone ? chunk.event_offset : chunk.offset + line;
}

Found Collector::make_found(const Job& job, const ScannedEvent& event,
                            const Candidate& candidate) const {
  const Chunk& chunk = job.chunk;
  const std::string_view text = chunk.text;
  const Hit& hit = candidate.hit;
  Found found;
  found.indicator = hit.indicator;
  found.occurrences = candidate.occurrences;
  found.planted = job.file->planted;
  found.content = job.file->content;
  Sighting& sighting = found.sighting;
  sighting.file = job.file->shown;
  sighting.absolute_path = job.file->absolute;
  sighting.line = event.line;
  sighting.event_offset = event.event_offset;
  sighting.event_digest = event.digest;
  // Where in a record a value stood, its binary form does not show: the place is the record.
  const bool is_record = !chunk.records.empty();
  sighting.offset = is_record ? event.event_offset : chunk.offset + hit.offset;
  sighting.length = is_record ? event.record_length : hit.length;
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

void Collector::hold(HeldEvent& event, Found&& found) {
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

Status Collector::close_held(std::uint64_t open_from) {
  while (!held_.empty() && held_.begin()->first < open_from) {
    HeldEvent event = std::move(held_.begin()->second);
    held_.erase(held_.begin());
    held_count_ -= event.found.size();
    std::vector<Found> found = take_told(event);
    if (Status told = tell(found); !told) return told;
  }
  return {};
}

std::vector<Found> Collector::take_told(HeldEvent& event) {
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

Status Collector::tell_held() {
  for (auto& [offset, event] : held_) {
    held_count_ -= event.found.size();
    std::vector<Found> found = take_told(event);
    if (Status told = tell(found); !told) return told;
  }
  return {};
}

Status Collector::tell(std::vector<Found>& found) {
  std::size_t in_event = 0;
  for (Found& each : found) {
    if (canary_.take(each.sighting, each.indicator, each.planted)) continue;
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
    verdicts_.judge(sighting, each.record.get(), totals_.lines + sighting.line);
    std::optional<EventTime> time;
    if (sighting.time) time = EventTime{*sighting.time, sighting.time_has_clock};
    sighting.live = was_live(**story, time);
    note_open_line(sighting);
    batch_.push_back(std::move(sighting));
    details_.push_back({*std::move(story), std::move(each.context), std::move(each.record),
                        std::move(each.field), each.occurrences, each.content});
    seen_.insert(static_cast<std::int64_t>(batch_.back().observable_id));
    ++in_event;
  }
  if (batch_.size() >= kBatchSightings) return flush();
  return {};
}

void Collector::count_news(const Job& job) {
  if (!again_) ++totals_.by_news[static_cast<std::size_t>(job.news)];
}

bool Collector::is_outside_window(const Sighting& sighting) const {
  if (!sighting.time) return false;
  Time last = *sighting.time;
  if (!sighting.time_has_clock) last += std::chrono::hours(24) - Micros(1);
  return (options_.since && last < *options_.since) ||
         (options_.until && *sighting.time >= *options_.until);
}

Result<std::shared_ptr<const IndicatorStory>> Collector::story_of(IndicatorIndex indicator) {
  const auto found = stories_.find(static_cast<std::uint32_t>(indicator));
  if (found != stories_.end()) return found->second;
  auto story = lookup_(indicator);
  if (!story) return story;
  if (stories_.size() >= kStories) stories_.clear();
  stories_.emplace(static_cast<std::uint32_t>(indicator), *story);
  return story;
}

std::shared_ptr<const Context> Collector::context_of(const Job& job, const ScannedEvent& event,
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
  const std::size_t next = event_from(chunk, event.begin).next;
  append_lines(chunk, next, event.line + 1, count, context->after);
  if (context->after.size() < count && ahead != nullptr && ahead->kind == Job::Kind::kChunk &&
      ahead->file == job.file && !ahead->chunk.continues_event && ahead->chunk.overlap == 0) {
    append_lines(ahead->chunk, 0, event.line + 1 + context->after.size(),
                 count - context->after.size(), context->after);
  }
  return context;
}

void Collector::remember_tail(const Chunk& chunk) {
  if (options_.context_lines == 0) return;
  const std::uint64_t next_line =
      chunk.records.empty() ? chunk.line + count_line_ends(chunk.text, chunk.encoding) : 0;
  std::vector<ContextLine> lines =
      lines_before(chunk, chunk.text.size(), next_line, options_.context_lines);
  if (chunk.overlap == 0 && !chunk.continues_event) {
    const std::size_t more = std::min(options_.context_lines - lines.size(), tail_.size());
    lines.insert(lines.begin(), tail_.end() - static_cast<std::ptrdiff_t>(more), tail_.end());
  }
  tail_ = std::move(lines);
}

}  // namespace spoor
