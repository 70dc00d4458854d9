#include "collect/otx_walk.h"

#include <algorithm>

#include "base/json_writer.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr int kGoodPagesToGrow = 8;

std::optional<Time> time_member(JsonView root, const char* name) {
  const auto parsed = parse_iso8601(root[name].string());
  return parsed ? std::optional<Time>(parsed->time) : std::nullopt;
}

}  // namespace

bool OtxPager::halve() {
  if (limit <= 1) return false;
  limit /= 2;
  good = 0;
  return true;
}

void OtxPager::advance() {
  position = page() * limit;
  if (++good < kGoodPagesToGrow || limit >= ceiling) return;
  const int larger = std::min(ceiling, limit * 2);
  if (position % larger != 0) return;
  limit = larger;
  good = 0;
}

std::string OtxWalk::text() const {
  JsonWriter out;
  out.begin_object();
  out.member("endpoint", feed.text());
  if (since) out.member("since", format_iso8601(*since));
  out.member("limit", static_cast<std::int64_t>(pager.limit));
  out.member("page", pager.page());
  out.member("row", pager.row());
  out.member("started", format_iso8601(started));
  if (newest) out.member("newest", format_iso8601(*newest));
  if (count) out.member("count", *count);
  if (first_count) out.member("first_count", *first_count);
  if (catch_up) out.member("catch_up", *catch_up);
  out.member("pass", pass);
  out.member("moves", moves_watermark);
  if (fresh) out.member("fresh", true);
  out.end_object();
  return out.take();
}

std::optional<OtxWalk> OtxWalk::parse(std::string_view text) {
  JsonParser parser;
  const auto root = parser.parse(text);
  if (!root || !root->is_object()) return std::nullopt;
  OtxWalk walk;
  const auto feed = parse_otx_feed((*root)["endpoint"].string());
  if (!feed) return std::nullopt;
  walk.feed = *feed;
  const auto limit = (*root)["limit"].integer();
  const auto page = (*root)["page"].integer();
  const auto row = (*root)["row"].integer();
  const auto started = time_member(*root, "started");
  if (!limit || *limit < 1 || *limit > 10'000 || !page || *page < 1 || *page > 100'000'000 ||
      !row || *row < 0 || *row >= *limit || !started) {
    return std::nullopt;
  }
  if (!(*root)["since"].is_nothing()) {
    walk.since = time_member(*root, "since");
    if (!walk.since) return std::nullopt;  // a walk whose question is unreadable has none
  }
  walk.pager.limit = static_cast<int>(*limit);
  walk.pager.position = (*page - 1) * *limit + *row;
  walk.started = *started;
  walk.newest = time_member(*root, "newest");
  walk.count = (*root)["count"].integer();
  walk.first_count = (*root)["first_count"].integer();
  walk.catch_up = (*root)["catch_up"].integer();
  walk.pass = (*root)["pass"].integer().value_or(0);
  walk.moves_watermark = (*root)["moves"].truth().value_or(true);
  walk.fresh = (*root)["fresh"].truth().value_or(false);
  return walk;
}

std::string OtxMemory::text() const {
  JsonWriter out;
  out.begin_object();
  if (events) out.member("events", format_iso8601(*events));
  if (reconciled) out.member("reconciled", format_iso8601(*reconciled));
  if (uncounted > 0) out.member("uncounted", uncounted);
  if (passes > 0) out.member("passes", passes);
  if (fallback_watermark) out.member("fallback_watermark", format_iso8601(*fallback_watermark));
  if (!fallback_walk.empty()) out.key("fallback_walk").raw(fallback_walk);
  out.end_object();
  return out.text() == "{}" ? std::string() : out.take();
}

OtxMemory OtxMemory::parse(std::string_view text) {
  OtxMemory memory;
  JsonParser parser;
  const auto root = parser.parse(text);
  if (!root || !root->is_object()) return memory;  // forgotten costs a little work, no more
  memory.events = time_member(*root, "events");
  memory.reconciled = time_member(*root, "reconciled");
  memory.uncounted = (*root)["uncounted"].integer().value_or(0);
  memory.passes = (*root)["passes"].integer().value_or(0);
  memory.fallback_watermark = time_member(*root, "fallback_watermark");
  if ((*root)["fallback_walk"].is_object())
    memory.fallback_walk = (*root)["fallback_walk"].json();
  return memory;
}

}  // namespace spoor
