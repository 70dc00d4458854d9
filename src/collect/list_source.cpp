#include "collect/list_source.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "io/source.h"

namespace spoor {
namespace {

constexpr std::size_t kLongestTag = 1024;  // of an ETag: it is kept and sent again

/// The last part of a path, for messages and for telling a format by its ending.
std::string file_name(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t host = url.find("://");
  if (host != std::string_view::npos) url.remove_prefix(host + 3);
  while (!url.empty() && url.back() == '/') url.remove_suffix(1);
  const std::size_t slash = url.rfind('/');
  std::string name(slash == std::string_view::npos ? url : url.substr(slash + 1));
  // What a packed list is named by says nothing of what is in it.
  for (const std::string_view ending : {".gz", ".zip", ".zst", ".xz", ".bz2"}) {
    if (name.size() > ending.size() &&
        name.compare(name.size() - ending.size(), ending.size(), ending) == 0)
      name.resize(name.size() - ending.size());
  }
  return name;
}

std::string kept_header(const HttpResponse& reply, std::string_view name) {
  const std::string_view value = reply.header(name);
  const bool good =
      value.size() <= kLongestTag && std::all_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
      });
  return good ? std::string(value) : std::string();
}

/// Takes the last line off, if it has no end: it may be a part of one, and half a name is
/// another name. JSON and XML say themselves whether they are whole, UTF-16 is left alone.
bool drop_open_line(std::string& text) {
  const auto first =
      std::find_if(text.begin(), text.end(), [](char c) { return !is_space(c); });
  if (first == text.end() || *first == '{' || *first == '[' || *first == '<' ||
      text.back() == '\n' || text.find('\0') != std::string::npos)
    return false;
  text.resize(text.rfind('\n') + 1);  // npos + 1 is 0
  return true;
}

/// One call for one list.
class ListWalk {
 public:
  ListWalk(SourceSession& session, const ListPlan& plan)
      : session_(session), plan_(plan), memory_(ListMemory::parse(session.memory)) {}

  Status run() {
    skip_ = session_.may_skip(memory_.question);
    const auto answer = fetch();
    if (!answer) return fail(answer.error());
    if (*answer == WebClient::Answer::kStopped) {
      session_.stop(session_.client->stopped());
      return {};
    }
    if (*answer == WebClient::Answer::kUnchanged) {
      if (!skip_) return fail("http 304 to a question that did not ask for it");
      return unchanged("the service says that it has not changed (http 304)");
    }
    ++session_.report.pages;
    const std::string digest = bytes_digest(reply_.body);
    if (skip_ && digest == memory_.digest) {
      remember_version(memory_, reply_);
      return unchanged("the list is byte for byte the one of last time");
    }
    return take(digest);
  }

 private:
  Result<WebClient::Answer> fetch() {
    WebAsk ask;
    ask.url = [&] { return plan_.url; };
    ask.method = plan_.method;
    if (!plan_.body.empty()) ask.body = [&] { return plan_.body; };
    ask.headers = {{"Accept", "*/*"}};
    if (!plan_.content_type.empty())
      ask.headers.emplace_back("Content-Type", plan_.content_type);
    if (skip_ && plan_.method == "GET") {
      for (auto& header : conditional_headers(memory_))
        ask.headers.push_back(std::move(header));
    }
    ask.follow = plan_.method == "GET";
    ask.read = [&](HttpResponse& reply) -> std::string {
      if (reply.body.empty() && !session_.options.accept_shrink)
        return "http " + std::to_string(reply.status) + " with an empty body";
      reply_ = std::move(reply);
      return {};
    };
    return session_.client->ask(ask);
  }

  Status unchanged(const std::string& why) {
    session_.report.unchanged = true;
    session_.report.nothing_new = why;
    return keep();
  }

  Status keep() {
    session_.memory = memory_.text();
    return session_.finish();
  }

  Status take(const std::string& digest) {
    if (plan_.refusal) {
      const std::string said = plan_.refusal(reply_.body);
      if (!said.empty()) return fail("the service answers " + said);
    }
    const std::string name = file_name(plan_.url);
    auto text = unpack_whole(std::move(reply_.body), name, session_.options.max_bytes);
    if (!text) return fail(text.error());
    if (!reply_.end_known && drop_open_line(*text)) {
      session_.judge.notes.add("",
                               "the last line has no end, and neither has the reply: left out",
                               session_.options.name, "");
      if (text->empty()) return fail("the reply has no end, and no whole line");
    }
    // Until the list has shown that it is no tenth of itself, nothing of it is kept.
    session_.may_commit = [this] { return is_window() || !has_shrunk(memory_.held, held()); };
    const std::string format = session_.options.format.empty()
                                   ? std::string(session_.kind.format)
                                   : session_.options.format;
    std::optional<SourceSession::Read> read;
    if (text->empty()) {
      read.emplace();
    } else {
      auto taken = session_.take(std::move(*text), name, format);
      if (!taken && !session_.client->stopped().empty()) {
        session_.stop(session_.client->stopped());
        return {};
      }
      if (!taken) return fail(taken.error());
      read = std::move(*taken);
    }
    if (const std::string wrong = judge(*read); !wrong.empty()) return fail(wrong);
    if (reply_.end_known) {
      if (auto status = end_unseen(); !status) return status;
      memory_.question = session_.question();
      memory_.digest = digest;
      memory_.held = held();
      remember_version(memory_, reply_);
    } else {
      // It may be a part: what it lacks has not ended, and the next call asks for all of it.
      session_.judge.notes.add(
          "", "the reply does not say where it ends: nothing was ended by what it lacks",
          session_.options.name, "");
      memory_.question.clear();
    }
    if (!session_.counts().changed() && !session_.options.dry_run)
      session_.report.nothing_new = "all of its rows are stored already";
    return keep();
  }

  /// Claims that the list holds, as far as it was read.
  std::uint64_t held() const {
    return session_.ingest->claims_listed() + session_.pulse_claims;
  }

  /// Why the list is not to be believed; "" if it is.
  std::string judge(const SourceSession::Read& read) const {
    if (read.incomplete) return "the list was cut short: nothing was ended";
    if (read.rows > 0 && read.accepted == 0)
      return "none of its " + std::to_string(read.rows) + " rows is an indicator";
    if (!is_window() && has_shrunk(memory_.held, held()) && !session_.options.accept_shrink)
      return shrink_text(memory_.held, held(), "claims");
    return {};
  }

  bool is_window() const { return session_.options.window.value_or(session_.kind.window); }

  Status end_unseen() {
    if (is_window()) return {};
    return session_.end_unseen(session_.believed(http_date(reply_.header("last-modified"))));
  }

  SourceSession& session_;
  const ListPlan& plan_;
  ListMemory memory_;
  HttpResponse reply_;
  bool skip_ = false;  ///< what is remembered may answer
};

}  // namespace

std::string ListMemory::text() const {
  JsonWriter json;
  json.begin_object()
      .member("question", question)
      .member("etag", etag)
      .member("changed", changed)
      .member("digest", digest)
      .member("held", held)
      .end_object();
  return json.take();
}

ListMemory ListMemory::parse(std::string_view text) {
  ListMemory memory;
  JsonParser parser;
  const auto root = parser.parse(text);
  if (!root || !root->is_object()) return memory;
  memory.question = (*root)["question"].string();
  memory.etag = (*root)["etag"].string();
  memory.changed = (*root)["changed"].string();
  memory.digest = (*root)["digest"].string();
  const std::int64_t held = (*root)["held"].integer().value_or(0);
  memory.held = held > 0 ? static_cast<std::uint64_t>(held) : 0;
  return memory;
}

WebHeaders conditional_headers(const ListMemory& memory) {
  WebHeaders headers;
  if (!memory.etag.empty()) headers.emplace_back("If-None-Match", memory.etag);
  if (!memory.changed.empty()) headers.emplace_back("If-Modified-Since", memory.changed);
  return headers;
}

void remember_version(ListMemory& memory, const HttpResponse& reply) {
  memory.etag = kept_header(reply, "etag");
  memory.changed = kept_header(reply, "last-modified");
}

std::string bytes_digest(std::string_view bytes) {
  return to_hex(xxh3_128(bytes).view());
}

bool has_shrunk(std::uint64_t before, std::uint64_t now) {
  return now < (before + 9) / 10;
}

std::string shrink_text(std::uint64_t before, std::uint64_t now, std::string_view what) {
  return "it has shrunk from " + std::to_string(before) + " " + std::string(what) + " to " +
         std::to_string(now) +
         ", which would end nearly all: nothing was taken; --accept-shrink believes it";
}

Status walk_list(SourceSession& session, const ListPlan& plan) {
  return ListWalk(session, plan).run();
}

Status walk_url(SourceSession& session) {
  ListPlan plan;
  plan.url = source_url(session.options, session.kind);
  return walk_list(session, plan);
}

}  // namespace spoor
