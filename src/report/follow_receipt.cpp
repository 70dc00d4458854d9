#include "report/follow_receipt.h"

#include <algorithm>
#include <iterator>

#include "io/container_path.h"
#include "io/opened_file.h"
#include "report/follow_writing.h"

namespace spoor {
namespace {

constexpr std::chrono::seconds kWriteAgain{10};
constexpr std::size_t kSetsListed = 100;
constexpr std::size_t kPlaces = 4;  // of one content

std::uint64_t end_of(const FileAccount& account) {
  return account.identity.from + account.identity.bytes_read;
}

std::uint64_t end_of(const FollowedContent& content) {
  return content.parts.empty() ? 0 : end_of(content.parts.back().account);
}

/// The file that it was read from last, else the one that it was met in last; -1: none.
std::ptrdiff_t standing_of(const FollowedContent& content) {
  std::ptrdiff_t standing = -1;
  for (std::size_t i = content.places.size(); i-- > 0;) {
    const FollowedContent::Place& place = content.places[i];
    const auto state = file_state(container_path(place.absolute));
    if (!state || state->device != place.device || state->inode != place.inode ||
        state->size < place.least || place.holds != end_of(content))
      continue;
    const FileIdentity& home = content.parts.back().account.identity;
    if (home.device == place.device && home.inode == place.inode)
      return static_cast<std::ptrdiff_t>(i);
    if (standing < 0) standing = static_cast<std::ptrdiff_t>(i);
  }
  return standing;
}

}  // namespace

FollowReceipt::FollowReceipt(std::string path, ReceiptInfo info, FollowSpools spools)
    : path_(std::move(path)), info_(std::move(info)), spools_(std::move(spools)) {}

Result<std::unique_ptr<FollowReceipt>> FollowReceipt::create(const std::string& path,
                                                             ReceiptInfo info,
                                                             std::optional<Time> newest_pulse) {
  if (const auto file = AsideFile::create(path); !file) return fail(file.error());
  FollowSpools spools;
  for (auto* spool : {&spools.sightings, &spools.members, &spools.gone}) {
    auto made = Spool::create(path);
    if (!made) return fail(made.error());
    *spool = *std::move(made);
  }
  info.follows = true;
  IndicatorsInUse first;
  first.generation = info.generation;
  first.newest_pulse = newest_pulse;
  std::unique_ptr<FollowReceipt> receipt(
      new FollowReceipt(path, std::move(info), std::move(spools)));
  receipt->follow_.sets.push_back(first);
  return receipt;
}

Status FollowReceipt::begin(const HuntStart& start) {
  start_ = start;
  follow_.sets.front().since = start.started;
  follow_.sets.front().indicators = start.indicators;
  return {};
}

void FollowReceipt::renewed(IndicatorsInUse set) {
  ++follow_.reloads;
  if (follow_.sets.size() == kSetsListed) follow_.sets.erase(follow_.sets.begin() + 1);
  follow_.sets.push_back(set);
  changed_ = true;
}

Status FollowReceipt::take(std::span<Sighting> sightings,
                           std::span<const FindingDetail> details) {
  changed_ = changed_ || !sightings.empty();
  for (std::size_t i = 0; i < sightings.size(); ++i) {
    const Sighting& sighting = sightings[i];
    const std::uint64_t number = details[i].content;
    std::string text = receipt_sighting_json(sighting, details[i]);
    text += '\0';
    text += sighting.absolute_path.substr(0, sighting.absolute_path.find('!'));
    const std::uint64_t begin = spools_.sightings->size();
    const SpoolKey key{number, pass_, sighting.event_offset,
                       static_cast<std::uint64_t>(sighting.grade)};
    if (Status kept = spools_.sightings->append(key, text); !kept) return kept;
    if (number == 0) continue;
    FollowedContent& content = contents_[number];
    FollowedContent::LastEvent& last = content.last;
    if (last.pass != pass_) content.last_before = last;
    const bool goes_on =
        last.pass == pass_ && last.offset == sighting.event_offset && last.records.end == begin;
    if (!goes_on) last = {pass_, sighting.event_offset, {begin, begin}};
    last.records.end = spools_.sightings->size();
  }
  return {};
}

Status FollowReceipt::account(const FileAccount& account) {
  if (account.is_member) return spools_.members->append({}, receipt_account_json(account));
  const std::int64_t generation = follow_.sets.back().generation;
  FollowedContent::Part part{
      account,
      {std::exchange(member_begin_, spools_.members->size()), spools_.members->size()},
      {generation, generation}};
  if (!account.followed) {
    put_loose(std::move(part));
    return {};
  }
  const FollowedPart followed = *account.followed;
  FollowedContent& content = contents_[followed.content];
  if (account.news == NewsKind::kUnchanged) {
    // Nothing was read of it: its size and time are those of the file that it was met in last.
    if (content.parts.empty() || content.parts.back().account.news == NewsKind::kUnchanged)
      content.parts.assign(1, std::move(part));
  } else {
    changed_ = true;
    replace_last_event(content, followed);
    if (followed.is_anew) content.anew = pass_;
    content.settled = followed.settled;
    put_part(content, std::move(part));
  }
  put_place(account);
  return {};
}

Status FollowReceipt::pass_ended() {
  ++pass_;
  return {};
}

/// Its bytes are no part of the sums any more, but they were read.
void FollowReceipt::count_replaced(const FileAccount& account) {
  replaced_.bytes_read += account.counters.bytes_read;
  replaced_.bytes_decoded += account.counters.bytes_decoded;
  replaced_.bytes_skipped += account.counters.bytes_skipped;
  replaced_scanned_ += account.bytes_scanned;
}

void FollowReceipt::put_part(FollowedContent& content, FollowedContent::Part part) {
  std::vector<FollowedContent::Part>& parts = content.parts;
  const FollowedPart& followed = *part.account.followed;
  const auto known = std::find_if(parts.begin(), parts.end(), [&](const auto& each) {
    return each.account.news != NewsKind::kUnchanged &&
           each.account.followed->number == followed.number;
  });
  if (known != parts.end()) {
    // The last line was read again, and nothing skipped in it.
    const std::uint64_t end = end_of(known->account);
    const std::uint64_t again = end - std::min(end, followed.began);
    replaced_.bytes_read += again;
    replaced_.bytes_decoded += again;
    replaced_scanned_ += again;
    part.generations.first = known->generations.first;
    *known = std::move(part);
    return;
  }
  const bool is_all = part.account.identity.from == 0;
  parts.erase(std::remove_if(parts.begin(), parts.end(),
                             [&](const FollowedContent::Part& each) {
                               if (is_all) count_replaced(each.account);
                               return is_all || each.account.news == NewsKind::kUnchanged;
                             }),
              parts.end());
  parts.push_back(std::move(part));
}

void FollowReceipt::put_loose(FollowedContent::Part part) {
  const auto [at, fresh] = loose_.try_emplace(part.account.absolute);
  FileAccount& before = at->second.account;
  if (!fresh) count_replaced(before);
  changed_ = changed_ || fresh || before.identity.modified != part.account.identity.modified;
  at->second = std::move(part);
}

/// The file that `inode` is of holds the content no longer.
void FollowReceipt::leave(std::uint64_t number, const Inode& inode) {
  const auto content = contents_.find(number);
  if (content == contents_.end()) return;
  std::vector<FollowedContent::Place>& places = content->second.places;
  places.erase(std::remove_if(places.begin(), places.end(),
                              [&](const FollowedContent::Place& place) {
                                return Inode(place.device, place.inode) == inode;
                              }),
               places.end());
}

void FollowReceipt::stand_in(std::uint64_t number, FollowedContent::Place place) {
  leave(number, {place.device, place.inode});
  FollowedContent& content = contents_[number];
  place.holds = end_of(content);
  std::vector<FollowedContent::Place>& places = content.places;
  if (places.size() == kPlaces) places.erase(places.begin());
  places.push_back(std::move(place));
}

void FollowReceipt::put_place(const FileAccount& account) {
  const FileIdentity& identity = account.identity;
  const std::uint64_t number = account.followed->content;
  const std::uint64_t behind = account.followed->behind;
  const Inode inode(identity.device, identity.inode);
  std::vector<std::uint64_t>& here = by_inode_[inode];
  const auto is_here = [&](std::uint64_t each) {
    return std::find(here.begin(), here.end(), each) != here.end();
  };
  if (!is_here(number)) {
    changed_ = true;
    if (!is_here(behind)) {
      for (const std::uint64_t each : here) leave(each, inode);
      here.clear();
      if (behind != 0 && contents_.count(behind) != 0) here.push_back(behind);
    }
    here.push_back(number);
  }
  const auto known = contents_.find(number);
  changed_ = changed_ || known == contents_.end() || known->second.places.empty() ||
             known->second.places.back().absolute != account.absolute;
  for (const std::uint64_t each : here) {
    // What the others hold lies before it.
    const std::uint64_t least = each == number ? identity.size : identity.from;
    stand_in(each, {account.absolute, inode.first, inode.second, least, 0});
  }
  if (const auto loose = loose_.find(account.absolute); loose != loose_.end()) {
    count_replaced(loose->second.account);
    loose_.erase(loose);
  }
}

/// What was told of a last line before it went on.
void FollowReceipt::replace_last_event(FollowedContent& content, const FollowedPart& part) {
  FollowedContent::LastEvent& earlier =
      content.last.pass < pass_ ? content.last : content.last_before;
  if (earlier.records.begin == earlier.records.end || earlier.offset < part.began) return;
  dropped_.emplace(earlier.records.begin, earlier.records.end);
  earlier = {};
}

bool FollowReceipt::is_due(SteadyTime now) const {
  if (!changed_ || !written_) return !written_;
  return now - *written_ >= std::max<std::chrono::nanoseconds>(kWriteAgain, 20 * cost_);
}

Status FollowReceipt::write_if_due(const std::function<HuntTotals()>& so_far,
                                   const std::function<SteadyTime()>& now) {
  const SteadyTime begun = now();
  if (!is_due(begun)) return {};
  if (Status written = write(so_far()); !written) return written;
  written_ = now();
  cost_ = *written_ - begun;
  return {};
}

Status FollowReceipt::write(const HuntTotals& so_far) {
  auto file = AsideFile::create(path_);
  if (!file) return fail(file.error().at("receipt"));
  ReceiptFile out(*std::move(file));
  if (Status begun = out.begin(receipt_head_json(info_, start_)); !begun) return begun;
  ++receipts_;
  stand();
  FollowWriting writing(spools_, contents_, dropped_, so_far,
                        [&out](std::string_view json) { return out.entry(json); });
  if (Status written = writing.put_gone(gone_sums_); !written) return written;
  for (const auto& [number, content] : contents_) {
    if (Status written = writing.put(content); !written) return written;
  }
  for (const auto& [absolute, part] : loose_) {
    if (Status written = writing.put_loose(part); !written) return written;
  }
  follow_.bytes_read_again = replaced_.bytes_read;
  if (Status written = writing.put_rest(replaced_, replaced_scanned_); !written) return written;
  if (Status written =
          out.finish(receipt_summary_json(writing.totals(), writing.skips(), &follow_));
      !written)
    return written;
  changed_ = false;
  return tidy(writing.dead_bytes());
}

/// Looks where contents are now.
void FollowReceipt::stand() {
  for (auto& [number, content] : contents_) {
    content.standing = content.parts.empty() ? -1 : standing_of(content);
    if (content.standing >= 0) content.gone_since = 0;
    if (content.standing < 0 && content.gone_since == 0) content.gone_since = receipts_;
  }
  for (auto at = loose_.begin(); at != loose_.end();) {
    FileAccount& account = at->second.account;
    account.gone = account.identity.regular && !file_state(container_path(account.absolute));
    const bool is_nothing = account.gone && account.counters.bytes_read == 0;
    at = is_nothing ? loose_.erase(at) : std::next(at);
  }
}

}  // namespace spoor
