// What FollowReceipt does so that days of passes do not fill memory or disk with what no longer
// counts.

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "report/follow_receipt.h"

namespace spoor {
namespace {

constexpr std::size_t kMostGone = 10'000;      // contents that no file holds, in memory
constexpr std::uint64_t kLeastDead = 1 << 20;  // less is not worth a rewriting
constexpr std::size_t kMostDropped = 100'000;  // ranges

}  // namespace

Status FollowReceipt::tidy(std::uint64_t dead_bytes) {
  const std::uint64_t live = spools_.sightings->size() - dead_bytes;
  if (dead_bytes > live + kLeastDead || dropped_.size() > kMostDropped) {
    if (Status rewritten = rewrite_sightings(); !rewritten) return rewritten;
  }
  std::uint64_t members = 0;
  const auto add = [&](const FollowedContent::Part& part) {
    members += part.members.end - part.members.begin;
  };
  std::size_t gone = 0;
  for (const auto& [number, content] : contents_) {
    std::for_each(content.parts.begin(), content.parts.end(), add);
    if (content.gone_since != 0) ++gone;
  }
  for (const auto& [absolute, part] : loose_) add(part);
  if (spools_.members->size() > 2 * members + kLeastDead) {
    if (Status rewritten = rewrite_members(); !rewritten) return rewritten;
  }
  return gone > kMostGone ? settle_gone() : Status{};
}

Status FollowReceipt::rewrite_sightings() {
  auto fresh = Spool::create(path_);
  if (!fresh) return fail(fresh.error());
  // Last events by where they begin: their places change.
  std::map<std::uint64_t, FollowedContent::Range*> events;
  for (auto& [number, content] : contents_) {
    for (FollowedContent::LastEvent* event : {&content.last, &content.last_before}) {
      if (event->pass < content.anew) *event = {};
      if (event->records.begin < event->records.end)
        events.emplace(event->records.begin, &event->records);
    }
  }
  FollowedContent::Range* under_way = nullptr;
  std::uint64_t old_end = 0;
  const auto copy = [&](const Spool::Record& record) -> Status {
    if (is_dropped(record, contents_, dropped_)) return {};
    if (const auto event = events.find(record.position); event != events.end()) {
      under_way = event->second;
      old_end = under_way->end;
      under_way->begin = (*fresh)->size();
    }
    if (Status kept = (*fresh)->append(record.key, record.text); !kept) return kept;
    if (under_way != nullptr && record.next == old_end)
      std::exchange(under_way, nullptr)->end = (*fresh)->size();
    return {};
  };
  Spool& old = *spools_.sightings;
  if (Status copied = old.for_each(0, old.size(), copy); !copied) return copied;
  spools_.sightings = *std::move(fresh);
  dropped_.clear();
  return {};
}

Status FollowReceipt::rewrite_members() {
  auto fresh = Spool::create(path_);
  if (!fresh) return fail(fresh.error());
  const auto copy = [&](FollowedContent::Part& part) {
    const std::uint64_t begin = (*fresh)->size();
    const Status copied = spools_.members->for_each(
        part.members.begin, part.members.end,
        [&](const Spool::Record& record) { return (*fresh)->append(record.key, record.text); });
    part.members = {begin, (*fresh)->size()};
    return copied;
  };
  for (auto& [number, content] : contents_) {
    for (FollowedContent::Part& part : content.parts) {
      if (Status copied = copy(part); !copied) return copied;
    }
  }
  for (auto& [absolute, part] : loose_) {
    if (Status copied = copy(part); !copied) return copied;
  }
  spools_.members = *std::move(fresh);
  member_begin_ = spools_.members->size();
  return {};
}

/// What was gone in the receipt before as well is not waited for any longer.
Status FollowReceipt::settle_gone() {
  const auto is_settled = [this](const FollowedContent& content) {
    return content.gone_since != 0 && content.gone_since < receipts_;
  };
  // Without its content no one knows that a sighting counts no more.
  if (std::any_of(contents_.begin(), contents_.end(), [&](const auto& each) {
        return is_settled(each.second) && each.second.anew > 0;
      })) {
    if (Status rewritten = rewrite_sightings(); !rewritten) return rewritten;
  }
  const HuntTotals none;
  FollowWriting writing(spools_, contents_, dropped_, none, [this](std::string_view json) {
    return spools_.gone->append({}, json);
  });
  for (auto at = contents_.begin(); at != contents_.end();) {
    if (!is_settled(at->second)) {
      ++at;
      continue;
    }
    if (Status put = writing.put(at->second); !put) return put;
    at = contents_.erase(at);
  }
  add_sums(gone_sums_, writing.totals());
  for (auto at = by_inode_.begin(); at != by_inode_.end();) {
    const bool any = std::any_of(at->second.begin(), at->second.end(), [&](std::uint64_t each) {
      return contents_.count(each) != 0;
    });
    at = any ? std::next(at) : by_inode_.erase(at);
  }
  return {};
}

}  // namespace spoor
