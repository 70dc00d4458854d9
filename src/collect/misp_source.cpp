// A MISP server: its published events by /events/restSearch, page by page, those that were
// changed since the last whole walk. What makes it hard:
//   - Events that come from another server keep their time-stamps, and may come late: each walk
//     asks from a day before the newest that the last one saw.
//   - Pages are cut anew on each request: an event that vanishes from an earlier page pulls the
//     first of the next one up. The count of results (X-Result-Count) tells; where it has
//     fallen, the walk begins anew, three times at most.
//   - Big pages answer 504: they are halved at the same place.
// What a server deletes it does not tell here: misp_reconcile.h asks its index for it. A full
// walk ends what was not met; one that was stopped begins anew.
// API: https://www.misp-project.org/openapi/#tag/Events/operation/restSearchEvents. Tested by
// misp_source_test.cpp.

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/json_writer.h"
#include "collect/list_source.h"
#include "collect/misp_reconcile.h"
#include "collect/otx_walk.h"
#include "feeds/feed_replies.h"

namespace spoor {
namespace {

constexpr int kPageSize = 50;
constexpr std::int64_t kMostPages = 1'000'000;
constexpr int kMostRestarts = 3;
constexpr std::chrono::hours kOverlap{24};

struct MispPlace {
  std::string question;
  std::optional<Time> since, newest;
  OtxPager pager;
  std::int64_t count = -1;  ///< X-Result-Count of the last page; -1: none came
  bool full = false;

  std::string text() const {
    JsonWriter json;
    json.begin_object().member("question", question).member("limit", std::int64_t{pager.limit});
    json.member("position", pager.position).member("count", count).member("full", full);
    if (since) json.member("since", to_micros(*since));
    if (newest) json.member("newest", to_micros(*newest));
    json.end_object();
    return json.take();
  }

  static std::optional<MispPlace> parse(std::string_view text) {
    JsonParser parser;
    const auto root = parser.parse(text);
    if (!root || !root->is_object()) return std::nullopt;
    MispPlace place;
    place.question = (*root)["question"].string();
    const auto limit = (*root)["limit"].integer(), position = (*root)["position"].integer();
    if (!limit || !position || *limit < 1 || *limit > 10'000 || *position < 0)
      return std::nullopt;
    place.pager.limit = place.pager.ceiling = static_cast<int>(*limit);
    place.pager.position = *position;
    place.count = (*root)["count"].integer().value_or(-1);
    place.full = (*root)["full"].truth().value_or(false);
    if (const auto micros = (*root)["since"].integer()) place.since = time_from_micros(*micros);
    if (const auto micros = (*root)["newest"].integer())
      place.newest = time_from_micros(*micros);
    return place;
  }
};

class MispWalk {
 public:
  explicit MispWalk(SourceSession& session)
      : session_(session),
        folder_(source_folder(session.options, session.kind)),
        url_(folder_ + "/events/restSearch"),
        memory_(MispMemory::parse(session.memory)) {}

  Status run() {
    begin();
    for (std::int64_t page = 0; page < kMostPages; ++page) {
      MispPageFacts facts;
      const auto answer = fetch(facts);
      if (!answer) return fail(answer.error());
      if (*answer == WebClient::Answer::kStopped) return stop();
      ++session_.report.pages;
      if (facts.events == 0) return end();
      const auto stored = store(facts);
      if (!stored) return fail(stored.error());
      if (!*stored) return stop();
    }
    return fail("more than " + std::to_string(kMostPages) + " pages");
  }

 private:
  void begin() {
    auto known = MispPlace::parse(session_.walk);
    // A full walk ends what it has not met, and one call knows only what it met itself.
    if (known && known->question == session_.question() && !known->full &&
        !session_.options.full) {
      place_ = std::move(*known);
      session_.report.resumed = true;
    } else {
      place_.question = session_.question();
      place_.full = session_.options.full;
      const bool asked_before = memory_.question == session_.question();
      if (session_.watermark && asked_before && !place_.full)
        place_.since = *session_.watermark - kOverlap;
      place_.pager.limit = place_.pager.ceiling =
          session_.options.page_size > 0 ? session_.options.page_size : kPageSize;
    }
    session_.report.since = place_.since;
  }

  std::string body() const {
    JsonWriter json;
    json.begin_object();
    add_misp_terms(json, session_.options);
    json.member("page", place_.pager.page()).member("limit", std::int64_t{place_.pager.limit});
    if (place_.since)
      json.member("timestamp", std::to_string(to_micros(*place_.since) / 1'000'000));
    json.end_object();
    return json.take();
  }

  Result<WebClient::Answer> fetch(MispPageFacts& facts) {
    WebAsk ask;
    ask.what = "page " + std::to_string(place_.pager.page());
    ask.url = [&] { return url_; };
    ask.method = "POST";
    ask.body = [&] { return body(); };
    ask.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
    ask.shrink = [&]() -> std::string {
      return place_.pager.halve() ? "page size now " + std::to_string(place_.pager.limit) : "";
    };
    ask.read = [&](HttpResponse& reply) -> std::string {
      const std::string wrong = read_misp_page(reply.body, facts);
      if (wrong.empty()) reply_ = std::move(reply);
      return wrong;
    };
    return session_.client->ask(ask);
  }

  /// False: stopped.
  Result<bool> store(const MispPageFacts& facts) {
    const std::string name = "page " + std::to_string(place_.pager.page());
    // One page is one transaction: half of it is no place to go on from.
    session_.may_commit = [] { return false; };
    auto read = session_.take(std::move(reply_.body), name, session_.kind.format);
    if (!read) {
      if (!session_.client->stopped().empty()) return false;
      return fail(read.error());
    }
    if (read->incomplete) return fail(name + ": the events were cut short");
    if (facts.newest && (!place_.newest || *facts.newest > *place_.newest))
      place_.newest = facts.newest;
    move_on();
    if (!place_.full) session_.walk = place_.text();
    if (auto status = session_.commit(); !status) return fail(status.error());
    return true;
  }

  void move_on() {
    const std::int64_t count = count_of(reply_);
    if (count >= 0 && place_.count > count && restarts_ < kMostRestarts) {
      ++restarts_;
      place_.pager.position = 0;
      session_.say("events have vanished during the walk, which begins anew");
    } else {
      place_.pager.advance();
    }
    place_.count = count;
  }

  static std::int64_t count_of(const HttpResponse& reply) {
    const std::string text(reply.header("x-result-count"));
    if (text.empty() || text.size() > 12 ||
        text.find_first_not_of("0123456789") != std::string::npos)
      return -1;
    return std::stoll(text);
  }

  Status stop() {
    session_.stop(session_.client->stopped());
    return {};
  }

  Status end() {
    if (place_.full && !session_.options.dry_run) {
      const auto held = session_.pulses_held();
      if (!held) return fail(held.error());
      if (has_shrunk(*held, session_.report.pulses) && !session_.options.accept_shrink)
        return fail(shrink_text(*held, session_.report.pulses, "events"));
      if (auto status = session_.end_unseen(std::nullopt); !status) return status;
      memory_.reconciled = session_.start;
    }
    // The newest that was seen, and never a time to come: a clock that is ahead would hide what
    // is changed until then.
    if (const auto newest = session_.believed(place_.newest);
        newest && (!session_.watermark || *newest > *session_.watermark))
      session_.watermark = newest;
    session_.walk.clear();
    memory_.question = session_.question();
    session_.memory = memory_.text();
    if (!place_.full) {
      // The walk is whole, whatever becomes of the rest.
      if (auto status = session_.commit(); !status) return status;
      if (auto status = reconcile_misp(session_, folder_, memory_); !status) return status;
      session_.memory = memory_.text();
    }
    if (!session_.counts().changed())
      session_.report.nothing_new = session_.report.pulses == 0
                                        ? "no event was changed since the last walk"
                                        : "the events that came are stored already";
    return session_.finish();
  }

  SourceSession& session_;
  const std::string folder_, url_;
  MispMemory memory_;
  MispPlace place_;
  HttpResponse reply_;
  int restarts_ = 0;
};

}  // namespace

Status walk_misp(SourceSession& session) {
  return MispWalk(session).run();
}

}  // namespace spoor
