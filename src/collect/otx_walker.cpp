#include "collect/otx_walker.h"

#include <algorithm>
#include <future>
#include <utility>

namespace spoor {
namespace {

constexpr int kMostStepsBack = 10;
constexpr int kEmptyPageTries = 3;
constexpr int kMostRewalks = 4;
constexpr int kSameToBelieve = 2;
constexpr std::chrono::hours kOverlap{1};
// A commit writes each page of the store's trees that was touched, and the values of a feed
// touch nearly all of them: where the service is faster than the store, pages share one. Not
// too many do, so that a call that is killed again and again still gets on.
constexpr std::uint64_t kMostUncommittedRows = 250'000;
constexpr int kMostUncommittedPages = 16;

/// A page that is fetched while another is written. Leaving it behind ends its request.
class Ahead {
 public:
  explicit Ahead(OtxSession& session) : session_(session) {}
  ~Ahead() {
    if (!page_.valid()) return;
    session_.abandoned = true;
    page_.wait();
  }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;
  template <class F>
  void begin(F&& fetch) {
    page_ = std::async(std::launch::async, std::forward<F>(fetch));
  }
  bool is_there() const { return page_.valid(); }
  /// Whether take() would not wait.
  bool is_ready() const {
    return page_.valid() &&
           page_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  Result<OtxPage> take() { return page_.get(); }

 private:
  OtxSession& session_;
  std::future<Result<OtxPage>> page_;
};

std::uint64_t page_rows(const OtxPage& page) {
  std::uint64_t rows = page.rows.size();
  for (const auto& claims : page.claims) rows += claims ? claims->size() : 1;
  return rows;
}

}  // namespace

void OtxWalker::begin(const OtxFeedChoice& feed) {
  const OtxCollectOptions& options = session_.options;
  std::optional<OtxWalk> stored;
  if (!place_.walk.empty()) {
    stored = OtxWalk::parse(place_.walk);
    if (!stored) {
      session_.judge.notes.add("", "the stored place of the walk could not be read: a new walk",
                               options.feed, place_.walk);
    }
  }
  if (stored && stored->feed == feed && !options.full && !options.since) {
    walk_ = *stored;
    walk_.pager.limit = std::min(walk_.pager.limit, options.page_size);
    walk_.pager.ceiling = options.page_size;
    session_.ingest->begin_pass(walk_.pass);
    resumed_ = true;
    return;
  }
  walk_ = OtxWalk{};
  walk_.feed = feed;
  walk_.pager.limit = walk_.pager.ceiling = options.page_size;
  walk_.started = session_.start;
  walk_.fresh = options.full;
  begin_pass();
  const std::optional<Time> complete_to =
      place_.watermark ? place_.watermark : place_.otherwise;
  if (options.since) {
    walk_.since = options.since;
    // A question that leaves a gap behind the watermark, or behind an unfinished first walk,
    // may not close it.
    walk_.moves_watermark =
        complete_to ? *options.since <= *complete_to
                    : !(stored && (!stored->since || *stored->since < *options.since));
  } else if (complete_to && !options.full) {
    walk_.since = *complete_to - kOverlap;
  }
}

void OtxWalker::begin_full(const OtxFeedChoice& feed) {
  walk_ = OtxWalk{};
  walk_.feed = feed;
  walk_.pager.limit = walk_.pager.ceiling = session_.options.page_size;
  walk_.started = session_.start;
  begin_pass();
}

Result<OtxPage> OtxWalker::fetch(OtxPager pager) {
  auto page = session_.page(
      pager,
      [this](int limit, std::int64_t number) {
        return otx_feed_path(walk_.feed, walk_.since, limit, number);
      },
      "");
  if (page) {
    session_.judge_page(*page, [this](const Pulse& pulse) { return !needs_requests(pulse); });
  }
  return page;
}

Status OtxWalker::run() {
  CollectReport& report = session_.report;
  OtxClient& client = *session_.client;
  int pages_of_call = 0;
  int empty_tries = 0;
  Ahead ahead(session_);
  while (true) {
    if (pages_of_call >= session_.options.max_pages) {
      report.stopped = "limit of " + std::to_string(session_.options.max_pages) + " pages";
      return {};
    }
    if (!ahead.is_there()) session_.set_page(walk_.pager.page());
    auto page = ahead.is_there() ? ahead.take() : fetch(walk_.pager);
    if (uncommitted_ > 0 && (!page || page->answer == OtxClient::Answer::kStopped)) {
      if (auto status = commit(); !status) return status;
    }
    if (!page) return fail(page.error());
    if (page->answer == OtxClient::Answer::kStopped) {
      report.stopped = client.stopped();
      return {};
    }
    walk_.pager = page->pager;
    const std::int64_t begin = walk_.pager.begin();
    const auto count = page->summary.count;
    const bool gone = page->answer == OtxClient::Answer::kGone;
    if (begin == 0 && walk_.pager.row() == 0 && !first_count_) first_count_ = count;
    if (page->elements() == 0) {
      // The end. If the service counts more, it may have been a hiccup: an end too early would
      // lose the tail.
      if (!gone && count && *count > begin && ++empty_tries < kEmptyPageTries) {
        client.count_retry();
        if (!client.pause(
                empty_tries, std::nullopt,
                "an empty page, though " + std::to_string(*count) + " pulses are counted")) {
          report.stopped = client.stopped();
          return {};
        }
        continue;
      }
      if (!gone && count && *count > begin) {
        session_.judge.notes.add(
            "", "the feed ended before the number of pulses that it counts",
            "page " + std::to_string(walk_.pager.page()), std::to_string(*count));
      }
      const auto again = goes_on();
      if (!again) return fail(again.error());
      if (*again) continue;
      return end();
    }
    empty_tries = 0;
    ++pages_of_call;
    const Next next = next_of(*page);
    session_.set_page(next.pager.page());
    if (!next.last && pages_of_call < session_.options.max_pages && !needs_requests(*page))
      ahead.begin([this, pager = next.pager] { return fetch(pager); });
    if (auto status = store(*page); !status) return status;
    if (!report.stopped.empty()) return {};
    walk_.pager = next.pager;
    if (count) walk_.count = count;
    if (count && begin == 0 && !walk_.first_count) walk_.first_count = count;
    place_.walk = walk_.text();
    uncommitted_ += page_rows(*page);
    ++uncommitted_pages_;
    // Nobody is kept out of the store while the service is waited for.
    if (!ahead.is_ready() || uncommitted_ >= kMostUncommittedRows ||
        uncommitted_pages_ >= kMostUncommittedPages) {
      if (auto status = commit(); !status) return status;
    }
    ++report.pages;
    session_.set_page(next.pager.page());  // with the pulses that are stored now
    session_.say("");
    if (next.last) {
      const auto again = goes_on();
      if (!again) return fail(again.error());
      if (!*again) return end();
    }
  }
}

Status OtxWalker::commit() {
  uncommitted_ = 0;
  uncommitted_pages_ = 0;
  return session_.commit();
}

/// Where the page after `page` stands.
OtxWalker::Next OtxWalker::next_of(const OtxPage& page) {
  Next next;
  next.pager = walk_.pager;
  const std::int64_t begin = walk_.pager.begin();
  const std::int64_t elements = page.elements();
  const auto count = page.summary.count;
  if (begin == 0 && elements < next.pager.limit && count && *count > elements) {
    // The service has a smaller limit of its own.
    next.pager.limit = next.pager.ceiling = static_cast<int>(elements);
  }
  const int limit = next.pager.limit;
  next.pager.position = begin;
  next.pager.advance();
  if (count && walk_.count && *count < *walk_.count && steps_back_ < kMostStepsBack) {
    // Rows above have gone, and what stood behind them has moved up, out of this page into
    // those before it.
    ++steps_back_;
    next.pager.position = std::max<std::int64_t>(0, begin - (*walk_.count - *count));
  } else {
    // All three say so: no need to ask for the empty page.
    next.last =
        !page.summary.has_next && elements < limit && count && *count <= begin + elements;
  }
  return next;
}

bool OtxWalker::needs_requests(const Pulse& pulse) const {
  return pulse.more_indicators || session_.options.inactive;
}
bool OtxWalker::needs_requests(const OtxPage& page) const {
  return std::any_of(page.pulses.begin(), page.pulses.end(),
                     [this](const Pulse& pulse) { return needs_requests(pulse); });
}

/// Writes what the page holds; the caller commits it together with the walk's place. A pulse
/// that took requests of its own is committed at once, and is known when the page is asked for
/// again: a walk that is stopped goes on inside the page.
Status OtxWalker::store(OtxPage& page) {
  session_.take_notes(page);
  unread_ += std::max<std::int64_t>(
      0, page.elements() - static_cast<std::int64_t>(page.pulses.size()));
  if (walk_.pager.begin() == 0 && !walk_.catch_up) {
    for (const Pulse& pulse : page.pulses) {
      if (pulse.modified && (!walk_.newest || *pulse.modified > *walk_.newest))
        walk_.newest = pulse.modified;
    }
  }
  for (std::size_t i = 0; i < page.pulses.size(); ++i) {
    Pulse& pulse = page.pulses[i];
    const bool needs = needs_requests(pulse);
    if (needs) {
      if (!walk_.fresh) {
        const auto current = session_.ingest->is_current(pulse.id, pulse.modified);
        if (!current) return fail(current.error());
        if (*current) {
          ++session_.report.pulses;
          if (auto status = session_.ingest->mark_seen(pulse.id); !status) return status;
          continue;
        }
      }
      // The writer's lock is not held while the service thinks.
      if (auto status = session_.commit(); !status) return status;
      const auto there = fetch_rest(pulse);
      if (!there) return fail(there.error());
      if (!session_.report.stopped.empty()) return {};
      if (!*there) {
        ++unread_;
        continue;
      }
    }
    const auto& claims = page.claims[i];
    if (auto status = session_.store_pulse(pulse, claims ? &*claims : nullptr); !status)
      return status;
    if (needs) {
      if (auto status = session_.commit(); !status) return status;
    }
  }
  return page.rows.empty() ? Status{} : session_.store_rows(page.rows);
}

/// The pulse with all its rows. False: it is not there any more.
Result<bool> OtxWalker::fetch_rest(Pulse& pulse) {
  CollectReport& report = session_.report;
  if (walk_.feed.row().path.find("{}") != std::string_view::npos) {
    // Such feeds say of a pulse what a search does; the pulse itself says it as others do.
    auto whole = session_.pulse(pulse.id);
    if (!whole && session_.client->failure() != OtxClient::Failure::kUnavailable)
      return fail(whole.error());
    if (session_.client->stop_asked()) {
      report.stopped = session_.client->stopped();
      return false;
    }
    if (whole && !*whole) {
      session_.judge.notes.add("", "a pulse of the feed is not there", session_.options.feed,
                               pulse.id);
      return false;
    }
    // A pulse may be too big to be had whole, and can still be had by pages.
    if (whole) pulse = std::move(**whole);
    if (whole && !needs_requests(pulse)) return true;
  }
  const auto done = session_.complete(pulse);
  if (!done) return fail(done.error());
  if (!*done) {
    report.stopped = session_.client->stopped();
    return false;
  }
  return true;
}

/// Whether less came than the service counted at the first page, so that there is more to do:
/// rows that moved, or pages that were sent twice, leave no other trace. A walk over everything
/// asks first for what was modified since its first page, since an edit takes a pulse from
/// where it was to the top; what was created since then is not what is missing. Then, and at
/// once where the question was a short one, the whole is asked for once more.
Result<bool> OtxWalker::goes_on() {
  const bool catching_up = walk_.catch_up.has_value();
  const bool counts = walk_.feed.row().since == "modified_since" &&
                      (catching_up || walk_.first_count.has_value());
  if (!counts) return false;
  const std::int64_t expect = catching_up ? *walk_.catch_up : *walk_.first_count;
  // Of a question since a moment, what was modified after the first page may have come in only
  // then: it is no part of what was counted, and must not stand in for what is missing.
  const auto seen = session_.ingest->pulses_seen(
      walk_.newest,
      walk_.since && !catching_up ? Ingest::PulseDate::kModified : Ingest::PulseDate::kCreated);
  if (!seen) return fail(seen.error());
  const std::int64_t missing = std::max<std::int64_t>(0, expect - *seen - unread_);
  if (missing == 0 || missing == session_.memory.uncounted ||
      (!catching_up && believes_it_short(missing))) {
    session_.memory.uncounted = missing;
    if (missing > 0) {
      session_.judge.notes.add("", "the service counts pulses that it does not send",
                               session_.options.feed, std::to_string(missing));
    }
    return false;
  }
  if (!catching_up && rewalks_ >= kMostRewalks) {
    came_short_ = true;
    return false;
  }
  const bool catch_up = !catching_up && !walk_.since && walk_.newest;
  session_.say(std::to_string(missing) + " pulses of " + std::to_string(expect) +
               (catch_up ? " did not come: asking for what was modified meanwhile"
                         : " did not come: walking once more"));
  if (catch_up) {
    walk_.catch_up = expect;
    walk_.since = *walk_.newest - kOverlap;
  } else {
    ++rewalks_;
    unread_ = 0;
    if (catching_up) walk_.since.reset();
    walk_.catch_up.reset();
    walk_.newest.reset();
    begin_pass();
  }
  walk_.count.reset();
  walk_.first_count.reset();
  walk_.pager.position = 0;
  place_.walk = walk_.text();
  if (auto status = session_.commit(); !status) return fail(status.error());
  return true;
}

void OtxWalker::begin_pass() {
  walk_.pass = ++session_.memory.passes;
  session_.ingest->begin_pass(walk_.pass);
}

/// Whether one pass after the other has come out short by as much: the count is what is wrong.
bool OtxWalker::believes_it_short(std::int64_t missing) {
  same_missing_ = missing == last_missing_ ? same_missing_ + 1 : 0;
  last_missing_ = missing;
  return same_missing_ >= kSameToBelieve;
}

Status OtxWalker::end() {
  if (came_short_) {
    session_.report.stopped = "pulses that the service counts did not come, " +
                              std::to_string(last_missing_) + " in the last of " +
                              std::to_string(rewalks_ + 1) + " passes";
    place_.walk.clear();  // the next call begins anew, from the watermark
    return session_.commit();
  }
  if (walk_.moves_watermark && walk_.newest) {
    const Time to = std::min(*walk_.newest, walk_.started);
    if (!place_.watermark || to > *place_.watermark) place_.watermark = to;
  }
  place_.walk.clear();
  if (auto status = session_.commit(); !status) return status;
  session_.report.whole = true;
  return {};
}

}  // namespace spoor
