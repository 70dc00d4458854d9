#include "collect/otx_reconcile.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "collect/otx_pages.h"
#include "feeds/otx_replies.h"

namespace spoor {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::chrono::hours kOverlap{1};
constexpr int kEventsPageSize = 100;
constexpr int kIdsPageSize = 1000;
constexpr std::size_t kMostSingle = 500;
constexpr std::size_t kFewUndated = 10;

class Reconciler {
 public:
  Reconciler(OtxSession& session, const std::function<Status()>& walk_all)
      : session_(session), walk_all_(walk_all) {}

  Status run() {
    if (session_.options.reconcile == OtxReconcile::kNever) return {};
    if (auto status = read_events(); !status) return unanswered("events", status.error());
    if (stopped()) return {};
    if (!due()) return session_.commit();
    if (auto status = read_ids(); !status)
      return unanswered("the list of subscribed pulses", status.error());
    if (stopped()) return {};
    return compare();
  }

 private:
  bool stopped() {
    if (!session_.client->stop_asked()) return false;
    session_.report.reconciled = "not done: " + session_.client->stopped();
    return true;
  }
  Status unanswered(const char* what, const Error& error) {
    if (stopped()) return {};
    session_.report.reconciled = std::string("not done: ") + what + ": " + error.message;
    return session_.commit();
  }

  /// All pages of a list; count_ is what the last one counted.
  template <class Take>
  Status walk_list(const std::string& what, const std::string& path, int size, Take&& take) {
    const auto read = [&](const std::string& body,
                          const std::string& where) -> Result<OtxList> {
      auto list = take(body, where);
      if (list && list->count) count_ = list->count;
      if (list) session_.judge.refused.merge(list->damaged);
      return list;
    };
    const auto done =
        each_otx_page(*session_.client, what, path, size, read, [] { return true; });
    return done ? Status{} : fail(done.error());
  }

  Status read_events() {
    const auto before = session_.memory.events;
    std::string path = "/api/v1/pulses/events";
    if (before) {
      // The SDK's word and that of later clients.
      const std::string since = percent_encode(format_iso8601(*before - kOverlap));
      path += "?since=" + since + "&modified_since=" + since;
    }
    std::optional<Time> newest = before;
    std::set<std::string> seen;
    const Status status = walk_list(
        "events", path, kEventsPageSize,
        [&](const std::string& body, const std::string& where) -> Result<OtxList> {
          auto read = read_otx_events(body, where);
          if (!read) return fail(read.error());
          for (const OtxEvent& event : read->events) {
            seen.insert(event.action + ' ' + event.object_type + ' ' + event.object_id + ' ' +
                        (event.created ? format_iso8601(*event.created) : ""));
            if (!event.takes() && !event.brings()) continue;
            const std::string key = event.object_type + ":" + lower(event.object_id);
            auto& last = last_events_[key];
            if (!last.created || (event.created && *event.created >= *last.created))
              last = event;
            if (!before || (event.created && *event.created > *before)) calls_for_it_ = true;
            if (event.created && (!newest || *event.created > *newest)) newest = event.created;
          }
          return static_cast<OtxList>(std::move(*read));
        });
    if (status) newest_event_ = newest;
    // A page that was sent twice hides another one, and with it the date of an end.
    events_are_whole_ = !count_ || *count_ <= static_cast<std::int64_t>(seen.size());
    count_.reset();
    return status;
  }

  bool due() const {
    if (session_.options.reconcile == OtxReconcile::kNow || calls_for_it_) return true;
    return !session_.memory.reconciled || session_.start - *session_.memory.reconciled >= kDay;
  }

  Status read_ids() {
    const Status status =
        walk_list("subscribed ids", "/api/v1/pulses/subscribed_pulse_ids", kIdsPageSize,
                  [&](const std::string& body, const std::string& where) -> Result<OtxList> {
                    auto read = read_otx_ids(body, where);
                    if (!read) return fail(read.error());
                    std::move(read->ids.begin(), read->ids.end(), std::back_inserter(listed_));
                    return static_cast<OtxList>(std::move(*read));
                  });
    std::sort(listed_.begin(), listed_.end());
    listed_.erase(std::unique(listed_.begin(), listed_.end()), listed_.end());
    return status;
  }

  /// When the account said that it holds `pulse` no more.
  std::optional<Time> date_of(const FeedPulse& pulse) const {
    std::optional<Time> when;
    for (const std::string& key : {"pulse:" + lower(pulse.id), "user:" + lower(pulse.author)}) {
      const auto it = last_events_.find(key);
      if (it == last_events_.end() || !it->second.takes() || !it->second.created) continue;
      if (!when || *it->second.created < *when) when = it->second.created;
    }
    return when;
  }

  Status compare() {
    std::vector<FeedPulse> held;  // by id
    std::vector<std::string> known;
    SPOOR_TRY(session_.store.for_each_feed_pulse(session_.options.feed,
                                                 [&](const FeedPulse& pulse) {
                                                   if (pulse.gone) return;
                                                   known.push_back(lower(pulse.id));
                                                   held.push_back(pulse);
                                                 }),
              "reconciling");
    std::sort(known.begin(), known.end());
    std::vector<std::pair<std::string, std::optional<Time>>> gone;
    std::size_t undated = 0;
    for (const FeedPulse& pulse : held) {
      if (std::binary_search(listed_.begin(), listed_.end(), lower(pulse.id))) continue;
      const auto when = date_of(pulse);
      undated += when ? 0 : 1;
      gone.emplace_back(pulse.id, when);
    }
    std::vector<std::string> missing;
    std::set_difference(listed_.begin(), listed_.end(), known.begin(), known.end(),
                        std::back_inserter(missing));
    std::string text = std::to_string(listed_.size()) + " listed: ";
    const std::string doubt = doubts(held.size(), undated);
    const bool kept = !gone.empty() && !doubt.empty();
    if (kept) {
      text += std::to_string(gone.size()) + " seem gone and are kept, since " + doubt;
    } else {
      for (const auto& [id, when] : gone) {
        if (auto status = session_.end_pulse(id, when); !status) return status;
      }
      text += std::to_string(gone.size()) + " gone";
    }
    if (auto status = session_.commit(); !status) return status;
    if (auto status = bring(missing, text); !status) return status;
    session_.report.reconciled = text;
    if (stopped_ || kept) return session_.commit();
    session_.memory.events = newest_event_;
    session_.memory.reconciled = session_.start;
    return session_.commit();
  }

  /// Why the list is not believed where it ends pulses; "" if it is.
  std::string doubts(std::size_t held, std::size_t undated) const {
    if (session_.client->anonymous()) return "the list was made for an anonymous user";
    if (count_ && *count_ > static_cast<std::int64_t>(listed_.size())) {
      return "the list holds " + std::to_string(listed_.size()) + " of the " +
             std::to_string(*count_) + " that it counts";
    }
    if (undated > 0 && !events_are_whole_)
      return "the list of events, which has the dates, did not come whole";
    if (session_.options.reconcile != OtxReconcile::kNow && undated > kFewUndated &&
        undated * 2 > held) {
      return "that is most of the " + std::to_string(held) +
             " that are stored, and no event says so (--reconcile now believes it)";
    }
    return {};
  }

  Status bring(const std::vector<std::string>& missing, std::string& text) {
    if (missing.size() > kMostSingle) {
      text += ", " + std::to_string(missing.size()) + " missing: the feed is walked whole";
      return walk_all_();
    }
    std::size_t brought = 0;
    for (const std::string& id : missing) {
      auto pulse = session_.pulse(id);
      stopped_ = session_.client->stop_asked();
      if (!pulse && !stopped_) {
        text += ", " + std::to_string(brought) + " brought of " +
                std::to_string(missing.size()) + ": " + pulse.error().message;
        stopped_ = true;  // the next call tries again
        return {};
      }
      if (stopped_) break;
      if (!*pulse) {
        session_.judge.notes.add("", "a subscribed pulse is not there", session_.options.feed,
                                 id);
        continue;
      }
      if ((*pulse)->more_indicators || session_.options.inactive) {
        const auto done = session_.complete(**pulse);
        if (!done) return fail(done.error());
        if (!*done) {
          stopped_ = true;
          break;
        }
      }
      if (auto status = session_.store_pulse(**pulse); !status) return status;
      if (auto status = session_.commit(); !status) return status;
      ++brought;
    }
    text += ", " + std::to_string(brought) + " brought";
    if (stopped_) text += " of " + std::to_string(missing.size()) + ", then stopped";
    return {};
  }

  OtxSession& session_;
  const std::function<Status()>& walk_all_;
  std::map<std::string, OtxEvent> last_events_;  // by "pulse:ID", "user:NAME"
  std::optional<Time> newest_event_;
  bool calls_for_it_ = false, events_are_whole_ = false;
  bool stopped_ = false;
  std::vector<std::string> listed_;
  std::optional<std::int64_t> count_;
};

}  // namespace

Status reconcile_otx(OtxSession& session, const std::function<Status()>& walk_all) {
  return Reconciler(session, walk_all).run();
}

}  // namespace spoor
