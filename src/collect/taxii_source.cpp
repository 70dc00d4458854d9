// TAXII 2.1: discovery, API roots, collections, and the objects of one collection since the
// last whole walk. What makes it hard:
//   - `next` is a token of the server's and no address here: it goes into the query of an
//     address that is built. One that the server does not know any more (kept over a kill)
//     costs a walk from its begin, not an error.
//   - What decides is when an object was added, which only a header tells
//     (X-TAXII-Date-Added-Last): the highest of a whole walk becomes the watermark. A server
//     that does not send it is read whole each time.
//   - A page is not a bundle: an object may refer to one of another page. Therefore what a
//     report lacks does not end; an object that its maker revokes says so itself.
// API: https://docs.oasis-open.org/cti/taxii/v2.1/taxii-v2.1.html. Tested by
// taxii_source_test.cpp.

#include <algorithm>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "collect/list_source.h"
#include "feeds/feed_replies.h"

namespace spoor {
namespace {

constexpr std::string_view kMediaType = "application/taxii+json;version=2.1";
constexpr int kPageSize = 1000;
constexpr int kMostPages = 1'000'000;
constexpr std::size_t kMostRoots = 100;

std::string without_slash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

/// A GET of a small document.
Result<WebClient::Answer> get_json(WebClient& client, JsonParser& parser,
                                   const std::string& what, const std::string& url,
                                   JsonView& root, std::string& kept,
                                   bool may_be_gone = false) {
  WebAsk ask;
  ask.what = what;
  ask.url = [&] { return url; };
  ask.headers = {{"Accept", std::string(kMediaType)}};
  ask.may_be_gone = may_be_gone;
  ask.read = [&](HttpResponse& reply) -> std::string {
    kept = std::move(reply.body);
    const auto parsed = parser.parse(kept);
    if (!parsed) return "http 200, but " + parsed.error().message;
    if (!parsed->is_object()) return "http 200 with a body that is no json object";
    root = *parsed;
    return {};
  };
  return client.ask(ask);
}

/// Whether a collection is the one that the configuration names.
bool is_named(const TaxiiCollection& collection, const std::string& name) {
  return equals_ignore_case(collection.id, name) || collection.alias == name ||
         collection.title == name;
}

class TaxiiServer {
 public:
  TaxiiServer(WebClient& client, std::string url) : client_(client), url_(std::move(url)) {}

  /// All collections below the address; nothing where it was stopped.
  Result<std::optional<std::vector<TaxiiCollection>>> collections() {
    const auto roots = api_roots();
    if (!roots) return fail(roots.error());
    if (!*roots) return std::optional<std::vector<TaxiiCollection>>();
    std::vector<TaxiiCollection> all;
    for (const std::string& root : **roots) {
      if (url_origin(root) != url_origin(url_)) {
        TaxiiCollection elsewhere;
        elsewhere.api_root = root;
        elsewhere.elsewhere = true;
        all.push_back(std::move(elsewhere));
        continue;
      }
      const auto answer = list(root, all);
      if (!answer) return fail(answer.error());
      if (*answer == WebClient::Answer::kStopped)
        return std::optional<std::vector<TaxiiCollection>>();
    }
    return std::optional(std::move(all));
  }

 private:
  /// The API roots that a discovery address names, or the address itself where it is one.
  Result<std::optional<std::vector<std::string>>> api_roots() {
    JsonView root;
    std::string body;
    const std::string url = without_slash(url_) + "/";
    const auto answer = get_json(client_, parser_, "discovery", url, root, body);
    if (!answer) return fail(answer.error());
    if (*answer == WebClient::Answer::kStopped)
      return std::optional<std::vector<std::string>>();
    std::vector<std::string> roots;
    if (!root["api_roots"].is_array()) {
      roots.push_back(without_slash(url_));
      return std::optional(std::move(roots));
    }
    root["api_roots"].each_element([&](JsonView each) {
      const std::string to = resolve_location(url, each.string());
      if (!to.empty() && roots.size() < kMostRoots) roots.push_back(without_slash(to));
    });
    return std::optional(std::move(roots));
  }

  Result<WebClient::Answer> list(const std::string& api_root,
                                 std::vector<TaxiiCollection>& all) {
    JsonView root;
    std::string body;
    const auto answer =
        get_json(client_, parser_, "collections", api_root + "/collections/", root, body, true);
    if (!answer || *answer != WebClient::Answer::kGood) return answer;
    root["collections"].each_element([&](JsonView each) {
      TaxiiCollection collection;
      collection.api_root = api_root;
      collection.id = each["id"].string();
      collection.alias = each["alias"].string();
      collection.title = each["title"].string();
      collection.description = each["description"].string();
      collection.can_read = each["can_read"].truth().value_or(true);
      if (!collection.id.empty()) all.push_back(std::move(collection));
    });
    return answer;
  }

  WebClient& client_;
  const std::string url_;
  JsonParser parser_;
};

/// What stands in FeedState::walk.
struct TaxiiPlace {
  std::string question, api_root, collection;
  std::string added_after;  ///< as the server writes times
  std::string next;         ///< the server's token; "" on the first page
  std::string last;         ///< highest X-TAXII-Date-Added-Last so far
  bool dated = true;        ///< every page had one

  std::string text() const {
    JsonWriter json;
    json.begin_object()
        .member("question", question)
        .member("api_root", api_root)
        .member("collection", collection)
        .member("added_after", added_after)
        .member("next", next)
        .member("last", last)
        .member("dated", dated)
        .end_object();
    return json.take();
  }
  static std::optional<TaxiiPlace> parse(std::string_view text) {
    JsonParser parser;
    const auto root = parser.parse(text);
    if (!root || !root->is_object()) return std::nullopt;
    TaxiiPlace place;
    for (const auto& [name, member] :
         {std::pair("question", &place.question), std::pair("api_root", &place.api_root),
          std::pair("collection", &place.collection),
          std::pair("added_after", &place.added_after), std::pair("next", &place.next),
          std::pair("last", &place.last)})
      *member = (*root)[name].string();
    place.dated = (*root)["dated"].truth().value_or(false);
    return place;
  }
};

class TaxiiWalk {
 public:
  explicit TaxiiWalk(SourceSession& session) : session_(session) {
    // What a report holds may stand on another page.
    session_.partial_pulses = true;
    session_.may_commit = [] { return false; };
  }

  Status run() {
    const auto begun = begin();
    if (!begun) return fail(begun.error());
    if (!*begun) return stop();
    for (int page = 0; page < kMostPages; ++page) {
      TaxiiEnvelope envelope;
      const auto answer = fetch(envelope);
      if (!answer) {
        if (!begins_anew()) return fail(answer.error());
        continue;
      }
      if (*answer == WebClient::Answer::kStopped) return stop();
      ++session_.report.pages;
      const auto more = store(envelope);
      if (!more) return fail(more.error());
      if (!session_.client->stopped().empty()) return stop();
      if (!*more) return end();
    }
    return fail("more than " + std::to_string(kMostPages) + " pages");
  }

 private:
  /// False: stopped.
  Result<bool> begin() {
    const SourceOptions& options = session_.options;
    auto known = TaxiiPlace::parse(session_.walk);
    if (known && known->question == session_.question() && !options.full) {
      place_ = std::move(*known);
      session_.report.resumed = kept_ = !place_.next.empty();
    } else {
      place_.question = session_.question();
      const auto found = find();
      if (!found) return fail(found.error());
      if (!*found) return false;
      if (session_.memory == asked() && session_.watermark && !options.full)
        place_.added_after = format_iso8601(*session_.watermark);
    }
    if (const auto since = parse_iso8601(place_.added_after))
      session_.report.since = since->time;
    return true;
  }

  /// The collection that the configuration names. False: stopped.
  Result<bool> find() {
    const std::string url = source_folder(session_.options, session_.kind);
    const std::string& name = session_.options.collection;
    const auto all = TaxiiServer(*session_.client, url).collections();
    if (!all) return fail(all.error());
    if (!*all) return false;
    std::string titles;
    for (const TaxiiCollection& each : **all) {
      if (is_named(each, name)) {
        if (!each.can_read)
          return fail("collection '" + name + "' may not be read with this key");
        place_.api_root = each.api_root;
        place_.collection = each.id;
        return true;
      }
      const std::string shown = each.elsewhere       ? "those of " + each.api_root
                                : each.title.empty() ? each.id
                                                     : each.title;
      if (titles.size() < 300) titles += (titles.empty() ? "" : ", ") + shown;
    }
    return fail("collection '" + name + "' is not there, expected one of " +
                (titles.empty() ? "none that this key may see" : titles));
  }

  /// What is remembered of the last whole walk: its question, as JSON.
  std::string asked() const { return "\"" + place_.question + "\""; }

  std::string page_url() const {
    const int limit = session_.options.page_size > 0 ? session_.options.page_size : kPageSize;
    std::string url = place_.api_root + "/collections/" + percent_encode(place_.collection) +
                      "/objects/?limit=" + std::to_string(limit);
    if (!place_.added_after.empty())
      url += "&added_after=" + percent_encode(place_.added_after);
    if (!place_.next.empty()) url += "&next=" + percent_encode(place_.next);
    return url;
  }

  Result<WebClient::Answer> fetch(TaxiiEnvelope& envelope) {
    WebAsk ask;
    ask.what = "page " + std::to_string(session_.report.pages + 1);
    ask.url = [&] { return page_url(); };
    ask.headers = {{"Accept", std::string(kMediaType)}};
    ask.read = [&](HttpResponse& reply) -> std::string {
      reply_ = std::move(reply);  // the envelope's objects lie in it
      added_last_ = std::string(trim(reply_.header("x-taxii-date-added-last")));
      return read_taxii_envelope(reply_.body, envelope);
    };
    return session_.client->ask(ask);
  }

  /// Whether a token that was kept from an earlier call was refused, and the walk now stands at
  /// its begin.
  bool begins_anew() {
    const int status = session_.client->status();
    if (!kept_ || status < 400 || status >= 500 || status == 401 || status == 403) return false;
    kept_ = false;
    place_.next.clear();
    session_.say(
        "the server does not know the page any more where the last call stopped: from "
        "the begin");
    return true;
  }

  /// Whether there is a next page.
  Result<bool> store(const TaxiiEnvelope& envelope) {
    if (envelope.count > 0) {
      const std::string bundle =
          "{\"type\":\"bundle\",\"id\":\"bundle--00000000-0000-4000-8000-"
          "000000000000\",\"objects\":" +
          std::string(envelope.objects) + "}";
      const auto read = session_.take(bundle, "page " + std::to_string(session_.report.pages),
                                      session_.kind.format);
      if (!read) {
        if (!session_.client->stopped().empty()) return false;
        return fail(read.error());
      }
      if (read->incomplete) return fail("the objects were cut short");
      note_date();
    }
    const auto more = move_on(envelope);
    if (!more) return more;
    kept_ = false;
    session_.walk = place_.text();
    if (auto status = session_.commit(); !status) return fail(status.error());
    return more;
  }

  void note_date() {
    const auto date = parse_iso8601(added_last_);
    if (!date) {
      place_.dated = false;
      return;
    }
    const auto last = parse_iso8601(place_.last);
    if (!last || date->time > last->time) place_.last = added_last_;
  }

  Result<bool> move_on(const TaxiiEnvelope& envelope) {
    if (!envelope.more) return false;
    if (!envelope.next.empty()) {
      if (envelope.next == place_.next || !tokens_.insert(envelope.next).second)
        return fail("the server sends the same `next` again: the walk would not end");
      place_.next = envelope.next;
      return true;
    }
    // Without a token the next page is what was added after this one.
    const auto after = parse_iso8601(place_.added_after), last = parse_iso8601(added_last_);
    if (!last || (after && last->time <= after->time))
      return fail("the server says that there is more, and not where");
    place_.added_after = added_last_;
    place_.next.clear();
    return true;
  }

  Status stop() {
    session_.stop(session_.client->stopped());
    return {};
  }

  Status end() {
    if (const auto last = parse_iso8601(place_.last); last && place_.dated) {
      if (!session_.watermark || last->time > *session_.watermark)
        session_.watermark = last->time;
      session_.memory = asked();
    } else if (session_.report.pages > 0 && !place_.dated) {
      session_.memory.clear();  // the next walk reads everything
      session_.judge.notes.add("",
                               "the server does not say when objects were added: each walk "
                               "reads all of them",
                               session_.options.name, "");
    }
    session_.walk.clear();
    if (!session_.counts().changed())
      session_.report.nothing_new =
          "nothing was added since the last walk, or it is stored already";
    return session_.finish();
  }

  SourceSession& session_;
  TaxiiPlace place_;
  HttpResponse reply_;
  std::string added_last_;        ///< of the last reply
  std::set<std::string> tokens_;  ///< that were followed in this call
  bool kept_ = false;             ///< the token at hand is an earlier call's
};

}  // namespace

Status walk_taxii(SourceSession& session) {
  return TaxiiWalk(session).run();
}

Result<std::vector<TaxiiCollection>> discover_taxii(Transport& transport, const Clock& clock,
                                                    const SourceOptions& options) {
  const SourceKind& kind = *source_kind("taxii");
  auto client = make_source_client(transport, clock, options, kind, nullptr);
  if (!client) return fail(client.error());
  auto all = TaxiiServer(*client, source_folder(options, kind)).collections();
  if (!all) return fail(client->without_secrets(all.error().message));
  if (!*all) return fail(client->stopped());
  return std::move(**all);
}

}  // namespace spoor
