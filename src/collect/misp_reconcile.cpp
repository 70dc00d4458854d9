#include "collect/misp_reconcile.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "feeds/feed_replies.h"

namespace spoor {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::string_view kPrefix = "misp:";  // of the ids of pulses that are events
constexpr std::size_t kBatch = 50;             // events a request, and a transaction
constexpr std::size_t kMostEnded = 500;        // a request each; the next call goes on
constexpr std::size_t kFew = 10;

class MispReconciler {
 public:
  MispReconciler(SourceSession& session, const std::string& folder, MispMemory& memory)
      : session_(session), folder_(folder), memory_(memory) {}

  Status run() {
    if (!is_due()) return {};
    const auto answer = fetch_index();
    if (!answer) return not_done("the index of events: " + answer.error().message);
    if (*answer == WebClient::Answer::kStopped) return not_done(session_.client->stopped());
    if (auto status = compare(); !status) return status;
    const std::string listed = std::to_string(index_.size()) + " listed: ";
    if (const std::string doubt = doubts(); !doubt.empty()) {
      return not_done(listed + std::to_string(gone_.size()) +
                      " seem gone and are kept, since " + doubt);
    }
    if (auto status = end_gone(); !status) return status;
    if (trouble_.empty()) {
      if (auto status = bring(); !status) return status;
    }
    std::string text = listed + std::to_string(ended_) + " gone";
    if (kept_ > 0) text += ", " + std::to_string(kept_) + " not in the index and still there";
    text += ", " + std::to_string(brought_) + " brought";
    if (!trouble_.empty()) text += ", then stopped: " + trouble_;
    session_.report.reconciled = text;
    if (trouble_.empty()) memory_.reconciled = session_.start;
    return {};
  }

 private:
  bool is_due() const {
    const OtxReconcile when = session_.options.reconcile;
    if (when == OtxReconcile::kNever) return false;
    return when == OtxReconcile::kNow || !memory_.reconciled ||
           session_.start - *memory_.reconciled >= kDay;
  }

  Status not_done(const std::string& why) {
    session_.report.reconciled = "not done: " + why;
    return {};
  }

  WebAsk question(const std::string& what, const std::string& path) const {
    WebAsk ask;
    ask.what = what;
    ask.url = [url = folder_ + path] { return url; };
    ask.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
    return ask;
  }

  Result<WebClient::Answer> fetch_index() {
    WebAsk ask = question("", "/events/index");
    ask.method = "POST";
    ask.body = [] { return std::string("{\"minimal\":true}"); };
    ask.read = [&](HttpResponse& reply) { return read_misp_index(reply.body, index_); };
    return session_.client->ask(ask);
  }

  /// What the store holds and the index lacks, and the other way round.
  Status compare() {
    std::map<std::string_view, const MispIndexEvent*> listed;
    for (const MispIndexEvent& event : index_) listed.emplace(event.uuid, &event);
    std::map<std::string, std::optional<Time>> held;  // by uuid: those that are not gone
    const Status read = session_.for_each_pulse([&](const FeedPulse& pulse) {
      if (pulse.gone || pulse.id.rfind(kPrefix, 0) != 0) return;
      const std::string uuid = lower(std::string_view(pulse.id).substr(kPrefix.size()));
      if (!is_event_uuid(uuid)) return;
      held.emplace(uuid, pulse.modified);
      ++held_;
      if (listed.count(uuid) == 0) gone_.push_back(pulse.id);
    });
    if (!read) return fail(read.error().at("reconciling"));
    for (const MispIndexEvent& event : index_) {
      if (!event.published) continue;
      const auto known = held.find(event.uuid);
      const bool is_newer = known != held.end() && known->second && event.timestamp &&
                            *event.timestamp > *known->second;
      if (known == held.end() || is_newer) wanted_.push_back(event.id);
    }
    return {};
  }

  /// Why the index is not believed where it ends events; "" if it is. A key that has lost a
  /// right sees fewer events, or none.
  std::string doubts() const {
    if (gone_.empty() || session_.options.accept_shrink) return {};
    const bool is_most = gone_.size() > kFew && gone_.size() * 2 > held_;
    if (gone_.size() < held_ && !is_most) return {};
    return std::string("that is ") + (gone_.size() < held_ ? "most" : "all") + " of the " +
           std::to_string(held_) + " that are stored (--accept-shrink believes it)";
  }

  /// Ends what its own address does not know either.
  Status end_gone() {
    std::size_t asked = 0;
    for (const std::string& id : gone_) {
      if (asked++ == kMostEnded) {
        trouble_ =
            "more than " + std::to_string(kMostEnded) + " have gone, the next run goes on";
        break;
      }
      WebAsk ask = question("event " + id.substr(kPrefix.size()),
                            "/events/view/" + lower(id.substr(kPrefix.size())));
      ask.may_be_gone = true;
      ask.read = [](HttpResponse& reply) -> std::string {
        return cut_json(reply.body).closed
                   ? ""
                   : "http 200 with a body that is no whole json object";
      };
      const auto answer = session_.client->ask(ask);
      if (!answer) {
        trouble_ = answer.error().message;
        break;
      }
      if (*answer == WebClient::Answer::kStopped) {
        trouble_ = session_.client->stopped();
        break;
      }
      if (*answer != WebClient::Answer::kGone) {
        ++kept_;
        continue;
      }
      if (auto status = session_.end_pulse(id, std::nullopt); !status) return status;
      if (++ended_ % kBatch != 0) continue;
      if (auto status = session_.commit(); !status) return status;
    }
    return session_.commit();
  }

  /// Fetches what the server shows and the store lacks, or holds in an older version.
  Status bring() {
    std::size_t batch = kBatch;
    for (std::size_t at = 0; at < wanted_.size();) {
      std::size_t count = 0;
      MispPageFacts facts;
      HttpResponse reply;
      WebAsk ask = question("events by their ids", "/events/restSearch");
      ask.method = "POST";
      ask.body = [&] {
        count = std::min(batch, wanted_.size() - at);
        JsonWriter json;
        json.begin_object();
        add_misp_terms(json, session_.options);
        json.member("page", std::int64_t{1}).member("limit", static_cast<std::int64_t>(count));
        json.key("eventid").begin_array();
        for (std::size_t i = 0; i < count; ++i) json.string(wanted_[at + i]);
        json.end_array().end_object();
        return json.take();
      };
      ask.shrink = [&]() -> std::string {
        if (batch == 1) return "";
        batch /= 2;
        return "events a request now " + std::to_string(batch);
      };
      ask.read = [&](HttpResponse& got) -> std::string {
        const std::string wrong = read_misp_page(got.body, facts);
        if (wrong.empty()) reply = std::move(got);
        return wrong;
      };
      const auto answer = session_.client->ask(ask);
      if (!answer) {
        trouble_ = answer.error().message;
        return {};
      }
      if (*answer == WebClient::Answer::kStopped) {
        trouble_ = session_.client->stopped();
        return {};
      }
      ++session_.report.pages;
      if (facts.events > 0) {
        session_.may_commit = [] { return false; };
        const auto read =
            session_.take(std::move(reply.body), "events of the index", session_.kind.format);
        if (!read && !session_.client->stopped().empty()) {
          trouble_ = session_.client->stopped();
          return {};
        }
        if (!read) return fail(read.error());
        brought_ += read->pulses.size();
        if (auto status = session_.commit(); !status) return status;
      }
      at += count;
    }
    return {};
  }

  SourceSession& session_;
  const std::string& folder_;
  MispMemory& memory_;
  std::vector<MispIndexEvent> index_;
  std::vector<std::string> gone_;    // ids of pulses
  std::vector<std::string> wanted_;  // ids of the server
  std::size_t held_ = 0, ended_ = 0, kept_ = 0, brought_ = 0;
  std::string trouble_;  // why not all was done
};

}  // namespace

std::string MispMemory::text() const {
  JsonWriter json;
  json.begin_object().member("question", question);
  if (reconciled) json.member("reconciled", to_micros(*reconciled));
  json.end_object();
  return json.take();
}

MispMemory MispMemory::parse(std::string_view text) {
  MispMemory memory;
  JsonParser parser;
  const auto root = parser.parse(text);
  if (!root) return memory;
  // Before there was more to remember it was the bare question.
  memory.question = root->is_object() ? (*root)["question"].string() : root->string();
  if (const auto micros = (*root)["reconciled"].integer())
    memory.reconciled = time_from_micros(*micros);
  return memory;
}

void add_misp_terms(JsonWriter& body, const SourceOptions& options) {
  body.member("returnFormat", "json")
      .member("published", true)
      .member("includeWarninglistHits", true);
  if (options.enforce_warninglist) body.member("enforceWarninglist", true);
}

Status reconcile_misp(SourceSession& session, const std::string& folder, MispMemory& memory) {
  return MispReconciler(session, folder, memory).run();
}

}  // namespace spoor
