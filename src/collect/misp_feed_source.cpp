// A MISP feed: a folder with manifest.json, which names each event by its uuid and says when it
// was changed, and one file an event. Only what is new or changed is fetched; what the manifest
// does not name any more ends. Where the call stands is what it remembers of each event,
// written with the event in one transaction: after a kill the next call fetches the rest. Form:
// https://www.misp-standard.org/rfc/misp-standard-core.html#name-manifest. Tested by
// misp_source_test.cpp.

#include <map>
#include <utility>

#include "base/json_writer.h"
#include "collect/list_source.h"
#include "feeds/feed_replies.h"

namespace spoor {
namespace {

constexpr std::size_t kEventsATransaction = 50;
constexpr std::size_t kBytesATransaction = 16 << 20;

/// What is remembered of an event.
struct FeedEvent {
  std::string timestamp;            ///< as the manifest had it when the event was read
  std::vector<std::string> pulses;  ///< ids of what it came to
};
using FeedEvents = std::map<std::string, FeedEvent>;

class MispFeed {
 public:
  explicit MispFeed(SourceSession& session)
      : session_(session), folder_(source_folder(session.options, session.kind)) {
    constexpr std::string_view kManifest = "/manifest.json";
    if (folder_.size() > kManifest.size() &&
        folder_.compare(folder_.size() - kManifest.size(), kManifest.size(), kManifest) == 0)
      folder_.resize(folder_.size() - kManifest.size());
    recall();
  }

  Status run() {
    const bool same = session_.may_skip(manifest_.question);
    session_.report.resumed = under_way_;
    if (!same)
      for (auto& event : events_) event.second.timestamp.clear();  // all are read again
    const auto answer = fetch_manifest(same && !under_way_);
    if (!answer) return fail(answer.error());
    if (*answer == WebClient::Answer::kStopped) return stopped();
    if (*answer == WebClient::Answer::kUnchanged) {
      session_.report.unchanged = true;
      session_.report.nothing_new = "the manifest has not changed (http 304)";
      return session_.finish();
    }
    Tally damaged;
    auto listed = read_misp_manifest(reply_.body, damaged);
    if (!listed) return fail(listed.error());
    session_.judge.refused.merge(damaged);
    if (has_shrunk(events_.size(), listed->size()) && !session_.options.accept_shrink)
      return fail("the manifest: " + shrink_text(events_.size(), listed->size(), "events"));
    // From here on the question is this one, whatever becomes of the call.
    manifest_.question = session_.question();
    under_way_ = true;
    for (const auto& [uuid, timestamp] : *listed) {
      const auto done = bring(uuid, timestamp);
      if (!done) {
        // What came before need not come again.
        if (auto kept = store_fetched(); !kept) return fail(kept.error());
        return fail(done.error());
      }
      if (!*done) return stopped();
    }
    const auto stored = store_fetched();
    if (!stored) return fail(stored.error());
    if (!*stored) return stopped();
    return end(*listed);
  }

 private:
  void recall() {
    manifest_ = ListMemory::parse(session_.memory);
    JsonParser parser;
    const auto root = parser.parse(session_.memory);
    if (!root || !root->is_object()) return;
    under_way_ = (*root)["under_way"].truth().value_or(false);
    (*root)["events"].each_member([&](std::string_view uuid, JsonView value) {
      FeedEvent event;
      bool first = true;
      value.each_element([&](JsonView part) {
        if (first) {
          event.timestamp = part.text();
        } else {
          event.pulses.push_back(part.text());
        }
        first = false;
      });
      events_.emplace(std::string(uuid), std::move(event));
    });
  }

  void remember() {
    JsonWriter json;
    json.begin_object()
        .member("question", manifest_.question)
        .member("etag", manifest_.etag)
        .member("changed", manifest_.changed)
        .member("under_way", under_way_);
    json.key("events").begin_object();
    for (const auto& [uuid, event] : events_) {
      json.key(uuid).begin_array().string(event.timestamp);
      for (const std::string& pulse : event.pulses) json.string(pulse);
      json.end_array();
    }
    json.end_object().end_object();
    session_.memory = json.take();
  }

  /// What was written and not committed is fetched again.
  Status stopped() {
    session_.stop(session_.client->stopped());
    return {};
  }

  Result<WebClient::Answer> fetch_manifest(bool conditional) {
    WebAsk ask;
    ask.what = "manifest.json";
    ask.url = [&] { return folder_ + "/manifest.json"; };
    ask.headers = {{"Accept", "application/json"}};
    if (conditional) {
      for (auto& header : conditional_headers(manifest_))
        ask.headers.push_back(std::move(header));
    }
    ask.read = [&](HttpResponse& reply) -> std::string {
      const JsonCut cut = cut_json(reply.body);
      if (!cut.closed) return "http 200 with a body that is no whole json object";
      reply_ = std::move(reply);
      return {};
    };
    return session_.client->ask(ask);
  }

  /// Fetches an event where it is new or changed. False: stopped.
  Result<bool> bring(const std::string& uuid, const std::string& timestamp) {
    const auto known = events_.find(uuid);
    if (known != events_.end() && !timestamp.empty() && known->second.timestamp == timestamp) {
      ++known_;
      return true;
    }
    Fetched fetched{uuid, timestamp, ""};
    WebAsk ask;
    ask.what = "event " + uuid;
    ask.url = [&] { return folder_ + "/" + uuid + ".json"; };
    ask.headers = {{"Accept", "application/json"}};
    ask.may_be_gone = true;
    ask.read = [&](HttpResponse& reply) -> std::string {
      if (!cut_json(reply.body).closed)
        return "http 200 with a body that is no whole json object";
      fetched.body = std::move(reply.body);
      return {};
    };
    const auto answer = session_.client->ask(ask);
    if (!answer) return fail(answer.error());
    if (*answer == WebClient::Answer::kStopped) return false;
    ++session_.report.pages;
    ++tried_;
    if (*answer == WebClient::Answer::kGone) {
      ++missing_;
      session_.judge.refused.add("", "an event that the manifest names is not there", uuid, "");
      return true;
    }
    fetched_bytes_ += fetched.body.size();
    fetched_.push_back(std::move(fetched));
    if (fetched_.size() < kEventsATransaction && fetched_bytes_ < kBytesATransaction)
      return true;
    return store_fetched();
  }

  /// Writes what was fetched, as one transaction: the store is not held while the network is
  /// waited for. False: stopped.
  Result<bool> store_fetched() {
    session_.may_commit = [] { return false; };
    for (Fetched& each : fetched_) {
      auto read =
          session_.take(std::move(each.body), each.uuid + ".json", session_.kind.format);
      if (read) {
        events_[each.uuid] = {each.timestamp, std::move(read->pulses)};
        continue;
      }
      if (!session_.client->stopped().empty()) return false;
      ++missing_;
      session_.judge.refused.add("", "an event that cannot be read", each.uuid,
                                 read.error().message);
    }
    fetched_.clear();
    fetched_bytes_ = 0;
    remember();
    if (auto status = session_.commit(); !status) return fail(status.error());
    return true;
  }

  /// Events that the manifest lacks end; the call is over.
  Status end(const std::map<std::string, std::string>& listed) {
    if (tried_ > 0 && missing_ == tried_)
      return fail("none of " + std::to_string(tried_) + " new or changed events could be read");
    const auto when = session_.believed(http_date(reply_.header("last-modified")));
    for (auto event = events_.begin(); event != events_.end();) {
      if (listed.count(event->first) != 0) {
        ++event;
        continue;
      }
      for (const std::string& pulse : event->second.pulses) {
        if (auto status = session_.end_pulse(pulse, when); !status) return status;
      }
      event = events_.erase(event);
    }
    // What could not be read is asked for again: no 304 may hide it.
    if (missing_ == 0) {
      remember_version(manifest_, reply_);
    } else {
      manifest_.etag.clear();
      manifest_.changed.clear();
    }
    under_way_ = false;
    remember();
    if (!session_.counts().changed())
      session_.report.nothing_new = std::to_string(known_) + " of " +
                                    std::to_string(listed.size()) + " events have not changed";
    return session_.finish();
  }

  SourceSession& session_;
  std::string folder_;
  ListMemory manifest_;
  FeedEvents events_;
  HttpResponse reply_;
  bool under_way_ = false;  ///< a call began and did not end
  struct Fetched {
    std::string uuid, timestamp, body;
  };
  std::vector<Fetched> fetched_;  ///< and not written yet
  std::size_t fetched_bytes_ = 0;
  std::size_t known_ = 0, tried_ = 0, missing_ = 0;
};

}  // namespace

Status walk_misp_feed(SourceSession& session) {
  return MispFeed(session).run();
}

}  // namespace spoor
