// The walk of collect.h; why it is made so stands in README.md. Tested by collect_test.cpp.

#include <algorithm>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "collect/collect.h"
#include "collect/judge.h"
#include "feeds/otx.h"
#include "net/json.h"

namespace spoor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPause{2'000};
constexpr milliseconds kLongestPause{60'000};
constexpr milliseconds kSlice{500};
constexpr seconds kLongestRetryAfter{600};
constexpr int kGoodPagesToGrow = 8;
constexpr int kMostStepsBack = 10;
constexpr int kEmptyPageTries = 3;
constexpr int kRowsPageSize = 500;
constexpr std::size_t kMostRowsOfAPulse = 2'000'000;
constexpr std::chrono::hours kOverlap{1};

std::string_view name_of(OtxEndpoint endpoint) {
  return endpoint == OtxEndpoint::kSubscribed ? "subscribed" : "activity";
}

/// Where in a list of pages the next request stands, by rows, so that the page size may change.
struct Pager {
  int limit = 50;
  int ceiling = 50;
  std::int64_t position = 0;  ///< rows before the page to ask for; a multiple of limit, or
                              ///< row() says by how much not
  int good = 0;               ///< good pages since the size was changed

  std::int64_t page() const { return position / limit + 1; }
  std::int64_t row() const { return position % limit; }
  void halve() {
    limit = std::max(1, limit / 2);
    good = 0;
  }
  /// The page was read: on to the next, at a larger size if the times are good and the places
  /// fit.
  void advance() {
    position = page() * limit;
    if (++good < kGoodPagesToGrow || limit >= ceiling) return;
    const int larger = std::min(ceiling, limit * 2);
    if (position % larger != 0) return;
    limit = larger;
    good = 0;
  }
};

/// What stands in FeedState::walk.
struct Walk {
  OtxEndpoint endpoint = OtxEndpoint::kSubscribed;
  std::optional<Time> since;
  Time started{};
  std::optional<Time> newest;  ///< of the first page: the watermark to be
  std::optional<std::int64_t> count;
  bool moves_watermark = true;
  Pager pager;

  std::string text() const {
    JsonWriter out;
    out.begin_object();
    out.member("endpoint", name_of(endpoint));
    if (since) out.member("since", format_iso8601(*since));
    out.member("limit", static_cast<std::int64_t>(pager.limit));
    out.member("page", pager.page());
    out.member("row", pager.row());
    out.member("started", format_iso8601(started));
    if (newest) out.member("newest", format_iso8601(*newest));
    if (count) out.member("count", *count);
    out.member("moves", moves_watermark);
    out.end_object();
    return out.take();
  }

  static std::optional<Walk> parse(std::string_view text) {
    JsonParser parser;
    const auto root = parser.parse(text);
    if (!root || !root->is_object()) return std::nullopt;
    Walk walk;
    const std::string_view endpoint = (*root)["endpoint"].string();
    if (endpoint != "subscribed" && endpoint != "activity") return std::nullopt;
    walk.endpoint = endpoint == "activity" ? OtxEndpoint::kActivity : OtxEndpoint::kSubscribed;
    const auto time = [&](const char* name) -> std::optional<Time> {
      const auto parsed = parse_iso8601((*root)[name].string());
      return parsed ? std::optional<Time>(parsed->time) : std::nullopt;
    };
    const auto limit = (*root)["limit"].integer();
    const auto page = (*root)["page"].integer();
    const auto row = (*root)["row"].integer();
    const auto started = time("started");
    if (!limit || *limit < 1 || *limit > 10'000 || !page || *page < 1 || *page > 100'000'000 ||
        !row || *row < 0 || *row >= *limit || !started) {
      return std::nullopt;
    }
    if (!(*root)["since"].is_nothing()) {
      walk.since = time("since");
      if (!walk.since) return std::nullopt;  // a walk whose question is unreadable has none
    }
    walk.pager.limit = static_cast<int>(*limit);
    walk.pager.position = (*page - 1) * *limit + *row;
    walk.started = *started;
    walk.newest = time("newest");
    walk.count = (*root)["count"].integer();
    walk.moves_watermark = (*root)["moves"].truth().value_or(true);
    return walk;
  }
};

/// What one page came to.
struct Answer {
  enum class Kind : std::uint8_t {
    kDocument,
    kGone,     ///< 404: there is no such page
    kStopped,  ///< cancelled or out of time; report.stopped says which
  };
  Kind kind = Kind::kDocument;
  OtxSummary summary;
  std::vector<Pulse> pulses;
  std::vector<RawIndicator> rows;
  Tally damaged, notes;
};

class Collector {
 public:
  Collector(Store& store, Transport& transport, const Clock& clock,
            const OtxCollectOptions& options,
            const std::function<void(const CollectProgress&)>& progress)
      : store_(store),
        transport_(transport),
        clock_(clock),
        options_(options),
        progress_(progress),
        judge_(options.quarantine),
        start_(clock.now()),
        random_(std::random_device{}()) {}

  Result<CollectReport> run() {
    if (auto status = check_options(); !status) return fail(status.error());
    auto state = store_.feed(options_.feed);
    if (!state) return failed(state.error());
    begin_walk(*state);
    auto ingest = store_.begin_ingest(options_.feed, "otx", options_.quarantine);
    if (!ingest) return failed(ingest.error());
    ingest_ = std::move(*ingest);
    if (auto status = walk(); !status) return failed(status.error());
    finish_report();
    return std::move(report_);
  }

 private:
  Status check_options() {
    key_ = std::string(trim(options_.key));
    if (key_.empty()) return fail("otx: no key, expected the one of your account page");
    for (char c : key_) {
      if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F) {
        return fail(
            "otx: the key holds a blank, a control or a non-ASCII character, expected 64 hex "
            "digits");
      }
    }
    base_ = options_.base_url;
    while (!base_.empty() && base_.back() == '/') base_.pop_back();
    if (base_.find_first_of("?#") != std::string::npos) {
      return fail("otx: the base url holds a query, expected scheme, host and path only");
    }
    if (options_.page_size < 1 || options_.page_size > 10'000) {
      return fail("otx: page size " + std::to_string(options_.page_size) +
                  ", expected 1 to 10000");
    }
    if (options_.full && options_.since)
      return fail("otx: both a start and everything were asked for");
    return {};
  }

  /// Goes on with the stored walk, or begins one.
  void begin_walk(const std::optional<FeedState>& state) {
    if (state) watermark_ = state->watermark;
    std::optional<Walk> stored;
    if (state && !state->walk.empty()) {
      stored = Walk::parse(state->walk);
      if (!stored)
        judge_.notes.add("", "the stored place of the walk could not be read: a new walk",
                         options_.feed, state->walk);
    }
    if (stored && stored->endpoint == options_.endpoint && !options_.full && !options_.since) {
      walk_ = *stored;
      walk_.pager.limit = std::min(walk_.pager.limit, options_.page_size);
      walk_.pager.ceiling = options_.page_size;
      report_.resumed = true;
    } else {
      walk_.endpoint = options_.endpoint;
      walk_.pager.limit = walk_.pager.ceiling = options_.page_size;
      walk_.started = start_;
      if (options_.since) {
        walk_.since = options_.since;
        // A question that leaves a gap behind the watermark, or behind an unfinished first
        // walk, may not close it.
        walk_.moves_watermark =
            watermark_ ? *options_.since <= *watermark_
                       : !(stored && (!stored->since || *stored->since < *options_.since));
      } else if (watermark_ && !options_.full) {
        walk_.since = *watermark_ - kOverlap;
      }
    }
    report_.since = walk_.since;
  }

  Status walk() {
    int pages_of_call = 0;
    int empty_tries = 0;
    while (true) {
      if (pages_of_call >= options_.max_pages) {
        report_.stopped = "limit of " + std::to_string(options_.max_pages) + " pages";
        return {};
      }
      asked_page_ = walk_.pager.page();
      auto answer = ask(
          walk_.pager, [&](int limit, std::int64_t page) { return feed_url(limit, page); }, "");
      if (!answer) return fail(answer.error());
      if (answer->kind == Answer::Kind::kStopped) return {};
      const std::int64_t begin = (walk_.pager.page() - 1) * walk_.pager.limit;
      const auto elements = static_cast<std::int64_t>(answer->summary.elements);
      const auto count = answer->summary.count;
      const bool gone = answer->kind == Answer::Kind::kGone;
      if (begin == 0 && walk_.pager.row() == 0) first_page_count_ = count;
      if (elements == 0) {
        // The end. If the service counts more, it may have been a hiccup: an end too early
        // would lose the tail.
        if (!gone && count && *count > begin && ++empty_tries < kEmptyPageTries) {
          ++report_.retries;
          if (!pause(empty_tries, std::nullopt,
                     "an empty page, though " + std::to_string(*count) + " pulses are counted"))
            return {};
          continue;
        }
        if (!gone && count && *count > begin) {
          judge_.notes.add("", "the feed ended before the number of pulses that it counts",
                           where(), std::to_string(*count));
        }
        return end();
      }
      empty_tries = 0;
      ++pages_of_call;
      if (auto status = store_page(*answer, begin); !status) return status;
      if (!report_.stopped.empty()) return {};

      // Where the next page stands.
      Pager& pager = walk_.pager;
      if (begin == 0 && elements < pager.limit && count && *count > elements) {
        pager.limit = pager.ceiling =
            static_cast<int>(elements);  // the service has a smaller limit of its own
      }
      pager.position = begin;
      pager.advance();
      if (count && walk_.count && *count < *walk_.count && steps_back_ < kMostStepsBack) {
        // Rows above have gone, and what stood behind them has moved up, out of this page into
        // those before it.
        ++steps_back_;
        pager.position = std::max<std::int64_t>(0, begin - (*walk_.count - *count));
      }
      if (count) walk_.count = count;
      // All three say so: no need to ask for the empty page.
      const bool last = !answer->summary.has_next && elements < pager.limit && count &&
                        *count <= begin + elements;
      if (auto status = ingest_->set_cursor(watermark_, walk_.text()); !status) return status;
      if (auto status = ingest_->commit(); !status) return status;
      ++report_.pages;
      say("");
      if (last) return end();
    }
  }

  Status end() {
    if (walk_.moves_watermark && walk_.newest) {
      const Time to = std::min(*walk_.newest, walk_.started);
      if (!watermark_ || to > *watermark_) watermark_ = to;
    }
    if (auto status = ingest_->set_cursor(watermark_, ""); !status) return status;
    if (auto status = ingest_->commit(); !status) return status;
    report_.whole = true;
    return {};
  }

  /// Judges and writes what the page holds; the caller commits it together with the walk's
  /// place.
  Status store_page(Answer& answer, std::int64_t begin) {
    judge_.refused.merge(answer.damaged);
    judge_.notes.merge(answer.notes);
    std::vector<Claim> claims;
    const auto judge_all = [&](std::vector<RawIndicator>& rows) {
      claims.clear();
      for (RawIndicator& row : rows) {
        if (auto claim = judge_.judge(std::move(row))) claims.push_back(std::move(*claim));
      }
    };
    for (Pulse& pulse : answer.pulses) {
      if (!pulse.more_indicators) continue;
      if (auto status = complete(pulse); !status) return status;
      if (!report_.stopped.empty()) return {};
    }
    for (Pulse& pulse : answer.pulses) {
      if (pulse.modified) {
        if (begin == 0 && (!walk_.newest || *pulse.modified > *walk_.newest)) {
          walk_.newest = pulse.modified;
        }
        if (!report_.newest || *pulse.modified > *report_.newest)
          report_.newest = pulse.modified;
      }
      ++report_.pulses;
      judge_all(pulse.indicators);
      if (auto status = ingest_->add_pulse(pulse, claims); !status) return status;
    }
    judge_all(answer.rows);
    return claims.empty() ? Status{} : ingest_->add_claims(claims);
  }

  /// The rows of a pulse whose list was cut, from pulses/{id}/indicators.
  Status complete(Pulse& pulse) {
    Pager pager;
    pager.limit = pager.ceiling = kRowsPageSize;
    std::vector<RawIndicator> rows;
    bool all = true;
    const std::string id = percent_encode(pulse.id);
    const std::string what = "pulse " + pulse.id.substr(0, 64) + ": ";
    while (true) {
      auto answer = ask(
          pager,
          [&](int limit, std::int64_t page) {
            return base_ + "/api/v1/pulses/" + id +
                   "/indicators?limit=" + std::to_string(limit) +
                   "&page=" + std::to_string(page);
          },
          what);
      if (!answer) return fail(answer.error());
      if (answer->kind == Answer::Kind::kStopped) return {};
      if (answer->kind == Answer::Kind::kGone && pager.position == 0) {
        judge_.notes.add("", "a pulse says that it has more indicators, but they are not there",
                         where(), pulse.id);
        return {};
      }
      all = all && answer->damaged.empty();
      judge_.refused.merge(answer->damaged);
      judge_.notes.merge(answer->notes);
      const auto elements = static_cast<std::int64_t>(answer->summary.elements);
      if (elements == 0) break;
      std::move(answer->rows.begin(), answer->rows.end(), std::back_inserter(rows));
      if (rows.size() > kMostRowsOfAPulse) {
        judge_.notes.add("", "a pulse with more than two million rows was not read whole",
                         where(), pulse.id);
        all = false;
        break;
      }
      if (!answer->summary.has_next && elements < pager.limit) break;
      const std::int64_t begin = (pager.page() - 1) * pager.limit;
      if (begin == 0 && elements < pager.limit && answer->summary.count &&
          *answer->summary.count > elements) {
        pager.limit = pager.ceiling = static_cast<int>(elements);
      }
      pager.advance();
    }
    if (rows.empty()) return {};  // nothing better than what the pulse came with
    // The rows of the pulse itself first: they may hold what the list leaves out (inactive
    // ones).
    std::move(rows.begin(), rows.end(), std::back_inserter(pulse.indicators));
    pulse.more_indicators = !all;
    return {};
  }

  /// One page, tried until it is good, given up or stopped. Halves pager.limit where the size
  /// is the trouble.
  Result<Answer> ask(Pager& pager, const std::function<std::string(int, std::int64_t)>& url,
                     const std::string& what) {
    for (int attempt = 1;; ++attempt) {
      Answer answer;
      if (stop_asked()) {
        answer.kind = Answer::Kind::kStopped;
        return answer;
      }
      HttpRequest request;
      request.url = url(pager.limit, pager.page());
      request.headers = {{"X-OTX-API-KEY", key_}, {"Accept", "application/json"}};
      request.timeout = options_.timeout;
      ++report_.requests;
      const std::string place = what + "page " + std::to_string(pager.page());
      const auto reply = transport_.send(request);
      std::string trouble;
      std::optional<seconds> wait;
      bool shrink = false;
      if (!reply) {
        trouble = reply.error().message;
        shrink = trouble.find("timed out") != std::string::npos;
      } else if (reply->status == 200) {
        if (equals_ignore_case(reply->header("x-remote-user-name"), "anonymous"))
          anonymous_ = true;
        trouble = read_body(*reply, place, answer);
        if (trouble.empty()) return answer;
      } else {
        trouble = "http " + std::to_string(reply->status);
        switch (reply->status) {
          case 401:
          case 403:
            return fail(place + ": " + trouble +
                        ": the key was not accepted, expected the key of an OTX account");
          case 404:
            if (pager.position > 0 || !what.empty()) {
              answer.kind = Answer::Kind::kGone;
              return answer;
            }
            return fail(place + ": " + trouble + ": nothing there, expected the API below " +
                        base_);
          case 407:
            return fail(place + ": " + trouble + ": the proxy wants a name and a password");
          case 502:
          case 503:
          case 504:
          case 524:
            shrink = true;
            break;
          case 408:
          case 429:
          case 500:
          case 520:
          case 521:
          case 522:
          case 523:
            break;
          default:
            if (reply->status >= 300 && reply->status < 400) {
              return fail(place + ": " + trouble +
                          ": a redirect, which is not followed: expected the API below " +
                          base_);
            }
            return fail(place + ": " + trouble + ", expected 200");
        }
        wait = retry_after(*reply, clock_.now());
      }
      if (attempt >= options_.tries) {
        return fail(place + ": " + trouble + " (try " + std::to_string(attempt) + " of " +
                    std::to_string(options_.tries) + ")");
      }
      if (wait && *wait > kLongestRetryAfter) {
        return fail(place + ": " + trouble + ": asks to come back in " +
                    std::to_string(wait->count()) + " s");
      }
      ++report_.retries;
      if (shrink && pager.limit > 1) {
        pager.halve();
        trouble += ", page size now " + std::to_string(pager.limit);
      }
      if (!pause(attempt, wait, place + ": " + trouble)) {
        answer.kind = Answer::Kind::kStopped;
        return answer;
      }
    }
  }

  /// Reads a reply's body into `answer`. "" if it is good, else what is wrong with it.
  std::string read_body(const HttpResponse& reply, const std::string& place, Answer& answer) {
    const std::string_view body = trim(reply.body);
    if (body.empty()) return "http 200 with an empty body";
    if (body.front() != '{') return "http 200 with a body that is no json object";
    Answer read;
    const auto summary = read_otx(body, place, [&](Page&& page) -> Status {
      std::move(page.pulses.begin(), page.pulses.end(), std::back_inserter(read.pulses));
      std::move(page.rows.begin(), page.rows.end(), std::back_inserter(read.rows));
      read.damaged.merge(page.damaged);
      read.notes.merge(page.notes);
      return {};
    });
    if (!summary) return "http 200, but " + summary.error().message;
    if (summary->incomplete) return "http 200 with a body that was cut short";
    read.summary = *summary;
    answer = std::move(read);
    return {};
  }

  std::string feed_url(int limit, std::int64_t page) const {
    std::string url = base_ + "/api/v1/pulses/" + std::string(name_of(walk_.endpoint)) +
                      "?limit=" + std::to_string(limit) + "&page=" + std::to_string(page);
    if (walk_.since) url += "&modified_since=" + percent_encode(format_iso8601(*walk_.since));
    return url;
  }

  bool stop_asked() {
    if (options_.cancelled && options_.cancelled()) {
      report_.stopped = "cancelled";
      return true;
    }
    if (options_.deadline && clock_.now() - start_ >= *options_.deadline) {
      report_.stopped = deadline_text();
      return true;
    }
    return false;
  }
  std::string deadline_text() const {
    return "deadline of " + std::to_string(options_.deadline->count()) + " s";
  }

  /// Waits before try attempt + 1. False: it was stopped instead.
  bool pause(int attempt, std::optional<seconds> at_least, const std::string& why) {
    milliseconds longest = kFirstPause;
    for (int i = 1; i < attempt && longest < kLongestPause; ++i) longest *= 2;
    longest = std::min(longest, kLongestPause);
    const double spread =
        options_.jitter ? options_.jitter() : std::uniform_real_distribution<>(0, 1)(random_);
    milliseconds wait = longest / 2 + milliseconds(static_cast<std::int64_t>(
                                          static_cast<double>(longest.count()) / 2 * spread));
    if (at_least) wait = std::max<milliseconds>(wait, *at_least);
    say(why + ", trying again in " + std::to_string((wait.count() + 999) / 1000) + " s");
    if (options_.deadline && clock_.now() - start_ + wait > *options_.deadline) {
      report_.stopped = deadline_text();
      return false;
    }
    while (wait > milliseconds::zero()) {
      if (stop_asked()) return false;
      const milliseconds slice = std::min(wait, kSlice);
      if (options_.sleep) {
        options_.sleep(slice);
      } else {
        std::this_thread::sleep_for(slice);
      }
      wait -= slice;
    }
    return !stop_asked();
  }

  std::string where() const { return options_.feed + ": page " + std::to_string(asked_page_); }

  void say(std::string message) const {
    if (!progress_) return;
    CollectProgress progress;
    progress.page = static_cast<int>(std::min<std::int64_t>(asked_page_, 1'000'000'000));
    progress.pulses = report_.pulses;
    progress.rows = judge_.rows;
    progress.message = without_key(std::move(message));
    progress_(progress);
  }

  /// A service that echoes what it was sent must not bring the key into a message.
  std::string without_key(std::string text) const {
    for (std::size_t at = text.find(key_); at != std::string::npos; at = text.find(key_, at)) {
      text.replace(at, key_.size(), "[key]");
      at += 5;
    }
    return text;
  }

  tl::unexpected<Error> failed(const Error& error) const {
    std::string message = options_.feed + ": " + without_key(error.message);
    if (report_.pages > 0) {
      message += "; " + std::to_string(report_.pages) +
                 " pages are stored, the next call goes on there";
    }
    return fail(std::move(message));
  }

  void finish_report() {
    report_.watermark = watermark_;
    report_.rows = judge_.rows;
    report_.accepted = judge_.accepted;
    report_.refused = judge_.refused.tally();
    report_.quarantined = judge_.quarantined.tally();
    report_.notes = judge_.notes.tally();
    report_.counts = ingest_->counts();
    if (report_.counts.changed()) return;
    std::string& why = report_.nothing_new;
    if (report_.pulses > 0) {
      why = std::to_string(report_.pulses) +
            " pulses were read, and all of them are stored already";
    } else if (!report_.whole) {
      why = "no page was read before the walk was stopped (" + report_.stopped + ")";
    } else if (first_page_count_ && *first_page_count_ > 0) {
      why =
          "the service counts " + std::to_string(*first_page_count_) + " pulses and sent none";
    } else if (report_.resumed) {
      why = "the walk had only its end left to find";
    } else if (walk_.since) {
      why = "nothing in this account's feed was modified since " + format_iso8601(*walk_.since);
    } else {
      why =
          "this account's feed is empty: it is subscribed to nothing (a new account follows "
          "the user AlienVault)";
    }
    if (anonymous_)
      why += "; the service answered as to an anonymous user: the key was not recognised";
  }

  Store& store_;
  Transport& transport_;
  const Clock& clock_;
  const OtxCollectOptions& options_;
  const std::function<void(const CollectProgress&)>& progress_;
  Judge judge_;
  Time start_;
  std::mt19937_64 random_;
  std::string key_, base_;
  std::unique_ptr<Ingest> ingest_;
  std::optional<Time> watermark_;
  Walk walk_;
  CollectReport report_;
  std::optional<std::int64_t> first_page_count_;
  int steps_back_ = 0;
  std::int64_t asked_page_ = 0;  // of the feed, for messages
  bool anonymous_ = false;
};

}  // namespace

Result<CollectReport> collect_otx(Store& store, Transport& transport, const Clock& clock,
                                  const OtxCollectOptions& options,
                                  const std::function<void(const CollectProgress&)>& progress) {
  return Collector(store, transport, clock, options, progress).run();
}

}  // namespace spoor
