#include "report/follow_writing.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "report/exact_member.h"

namespace spoor {
namespace {

/// The object `json` with members at its end that say where its file is.
std::string with_place(std::string_view json, const std::string& now, bool gone,
                       std::optional<std::uint64_t> hunted_to = std::nullopt) {
  if (now.empty() && !gone && !hunted_to) return std::string(json);
  JsonWriter more;
  more.begin_object();
  if (!now.empty()) exact_member(more, "now", now);
  if (gone) more.member("gone", true);
  if (hunted_to) more.member("hunted_to", *hunted_to);
  more.end_object();
  std::string text(json.substr(0, json.size() - 1));
  text += ',';
  text += more.take().substr(1);
  return text;
}

void clear_sums(HuntTotals& totals) {
  totals.files = totals.bytes_on_disk = totals.bytes_read = totals.bytes_unread = 0;
  totals.bytes_before = totals.bytes_decoded = totals.bytes_scanned = 0;
  totals.bytes_skipped = totals.lines = totals.sightings = 0;
  totals.by_grade = {};
}

/// As hunt/receipt_sums.cpp counts them.
HuntTotals sums_of(const FileAccount& account) {
  HuntTotals sums;
  const StreamCounters& counters = account.counters;
  sums.files = account.members > 0                    ? account.members
               : account.news != NewsKind::kUnchanged ? 1
                                                      : 0;
  sums.bytes_on_disk = counters.bytes_read + account.bytes_unread + account.bytes_before;
  sums.bytes_read = counters.bytes_read;
  sums.bytes_unread = account.bytes_unread;
  sums.bytes_before = account.bytes_before;
  sums.bytes_decoded = counters.bytes_decoded;
  sums.bytes_scanned = account.bytes_scanned;
  sums.bytes_skipped = counters.bytes_skipped;
  sums.lines = counters.lines;
  return sums;
}

}  // namespace

void add_sums(HuntTotals& sum, const HuntTotals& more) {
  sum.files += more.files;
  sum.bytes_on_disk += more.bytes_on_disk;
  sum.bytes_read += more.bytes_read;
  sum.bytes_unread += more.bytes_unread;
  sum.bytes_before += more.bytes_before;
  sum.bytes_decoded += more.bytes_decoded;
  sum.bytes_scanned += more.bytes_scanned;
  sum.bytes_skipped += more.bytes_skipped;
  sum.lines += more.lines;
}

bool is_dropped(const Spool::Record& record, const FollowedContents& contents,
                const DroppedRanges& dropped) {
  const auto content = contents.find(record.key.content);
  if (content != contents.end() && record.key.pass < content->second.anew) return true;
  const auto behind = dropped.upper_bound(record.position);
  return behind != dropped.begin() && std::prev(behind)->second > record.position;
}

FollowWriting::FollowWriting(const FollowSpools& spools, const FollowedContents& contents,
                             const DroppedRanges& dropped, const HuntTotals& so_far, Emit emit)
    : spools_(spools),
      contents_(contents),
      dropped_(dropped),
      so_far_(so_far),
      emit_(std::move(emit)),
      totals_(so_far) {
  clear_sums(totals_);
}

Status FollowWriting::put_gone(const HuntTotals& sums) {
  add_sums(totals_, sums);
  return spools_.gone->for_each(0, spools_.gone->size(), [this](const Spool::Record& record) {
    return emit_(record.text);
  });
}

Status FollowWriting::put(const FollowedContent& content) {
  const bool gone = content.standing < 0;
  const std::string standing =
      gone ? std::string()
           : content.places[static_cast<std::size_t>(content.standing)].absolute;
  for (const FollowedContent::Part& part : content.parts) {
    const FileAccount& account = part.account;
    if (gone && account.counters.bytes_read == 0 && account.bytes_before == 0) continue;
    const bool moved = !gone && standing != account.absolute;
    if (Status put = put_part(part, moved ? standing : std::string(), gone, true); !put)
      return put;
  }
  return {};
}

Status FollowWriting::put_loose(const FollowedContent::Part& part) {
  return put_part(part, "", part.account.gone, false);
}

Status FollowWriting::put_part(const FollowedContent::Part& part, const std::string& now,
                               bool gone, bool generations) {
  FileAccount account = part.account;
  account.now = now;
  account.gone = gone;
  const auto put_member = [&](const Spool::Record& record) {
    return emit_(with_place(record.text, now, gone));
  };
  if (Status put = spools_.members->for_each(part.members.begin, part.members.end, put_member);
      !put)
    return put;
  add_sums(totals_, sums_of(account));
  return emit_(receipt_account_json(
      account, generations ? std::optional(part.generations) : std::nullopt));
}

Status FollowWriting::put_skip(const Skip& skip) {
  ++skips_;
  if (skip.whole) {
    totals_.bytes_on_disk += skip.bytes;
    totals_.bytes_unread += skip.bytes;
  }
  return emit_(receipt_skip_json(skip));
}

std::string FollowWriting::sighting_text(const Spool::Record& record) const {
  const std::size_t end = record.text.find('\0');
  const std::string_view json = record.text.substr(0, end), file = record.text.substr(end + 1);
  if (record.key.content == 0) return std::string(json);
  const auto at = contents_.find(record.key.content);
  if (at == contents_.end() || at->second.standing < 0) return with_place(json, "", true);
  const FollowedContent& content = at->second;
  const std::string& standing =
      content.places[static_cast<std::size_t>(content.standing)].absolute;
  std::optional<std::uint64_t> hunted_to;
  // Of a plain file, so that a line that goes on later can be looked at as it was.
  if (content.settled != UINT64_MAX && !content.parts.empty()) {
    const FileIdentity& last = content.parts.back().account.identity;
    hunted_to = last.from + last.bytes_read;
  }
  return with_place(json, standing == file ? std::string() : standing, false, hunted_to);
}

Status FollowWriting::put_sightings() {
  return spools_.sightings->for_each(0, spools_.sightings->size(),
                                     [this](const Spool::Record& record) -> Status {
                                       if (is_dropped(record, contents_, dropped_)) {
                                         dead_bytes_ += record.next - record.position;
                                         return {};
                                       }
                                       ++totals_.sightings;
                                       ++totals_.by_grade[record.key.kind];
                                       return emit_(sighting_text(record));
                                     });
}

Status FollowWriting::put_rest(const StreamCounters& replaced, std::uint64_t replaced_scanned) {
  const std::pair<std::uint64_t, std::uint64_t> both[] = {
      {so_far_.bytes_read, totals_.bytes_read + replaced.bytes_read},
      {so_far_.bytes_decoded, totals_.bytes_decoded + replaced.bytes_decoded},
      {so_far_.bytes_scanned, totals_.bytes_scanned + replaced_scanned},
      {so_far_.bytes_skipped, totals_.bytes_skipped + replaced.bytes_skipped},
  };
  for (const auto& [passes, entries] : both) {
    if (passes == entries) continue;
    Skip skip;
    skip.reason =
        "the account does not close: bytes of all passes, and of the entries with "
        "what was read again: " +
        std::to_string(passes) + " and " + std::to_string(entries) +
        ", expected the same number (a bug of spoor)";
    skip.incomplete = true;
    totals_.closes = totals_.complete = false;
    if (Status put = put_skip(skip); !put) return put;
  }
  for (const Skip& skip : so_far_.skips) {
    if (Status put = put_skip(skip); !put) return put;
  }
  return put_sightings();
}

}  // namespace spoor
