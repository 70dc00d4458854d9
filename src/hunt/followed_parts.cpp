#include "hunt/followed_parts.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace spoor {
namespace {

constexpr std::size_t kMostContents = 200'000;

}  // namespace

void FollowedParts::begin_pass() {
  ++pass_;
  if (states_.size() > kMostContents) forget_some();
}

void FollowedParts::add_chunk(const Job& job) {
  if (!job.file->is_plain) return;
  const Chunk& chunk = job.chunk;
  if (!reading_ || reading_->file != job.file.get()) {
    const auto known = states_.find(job.file->content);
    const bool joins = known != states_.end() && known->second.settled &&
                       known->second.settled->offset == chunk.offset;
    const Hasher128 digest = joins ? known->second.settled->digest : Hasher128();
    reading_ = Reading{job.file.get(),
                       chunk.offset,
                       chunk.offset,
                       chunk.line,
                       joins,
                       true,
                       digest,
                       Mark{chunk.offset, chunk.line, digest},
                       LineTracker(chunk.offset, chunk.line)};
  }
  Reading& reading = *reading_;
  reading.lines.add(chunk);
  std::string_view bytes = chunk.text;
  bytes.remove_prefix(std::min(chunk.overlap, bytes.size()));
  if (chunk.offset + chunk.overlap != reading.end) reading.is_whole = false;
  if (!reading.is_whole) return;
  const std::uint64_t settled = reading.lines.upto();
  if (settled >= reading.end && settled - reading.end <= bytes.size()) {
    const auto before = static_cast<std::size_t>(settled - reading.end);
    reading.digest.update(bytes.substr(0, before));
    reading.settled = {settled, reading.lines.line(), reading.digest};
    reading.end = settled;
    bytes.remove_prefix(before);
  }
  reading.digest.update(bytes);
  reading.end += bytes.size();
}

bool FollowedParts::is_whole(const Reading& reading, const FileAccount& account) {
  return reading.is_whole && reading.begin == account.identity.from &&
         reading.end == account.identity.from + account.identity.bytes_read &&
         account.bytes_unread == 0 && reading.settled.offset == reading.lines.upto();
}

void FollowedParts::join(FileAccount& account, const State& state, const Reading& reading) {
  const std::uint64_t before = reading.begin - state.from;
  account.counters.bytes_read += before;
  account.counters.bytes_decoded += before;
  account.counters.bytes_skipped += state.skipped;
  account.counters.lines += reading.begin_line - state.from_line;
  account.bytes_scanned += before - state.skipped;
  FileIdentity& identity = account.identity;
  identity.from = account.bytes_before = state.from;
  identity.bytes_read = account.counters.bytes_read;
  identity.digest_bytes = reading.end - state.from;
  identity.digest = reading.digest.digest();
  account.news = state.news;
  account.earlier = state.earlier;
}

/// A part that no other comes before. Forgets a reading that its digest does not fit.
void FollowedParts::begin(const FileAccount& account, State& state,
                          std::optional<Reading>& reading) const {
  const FileIdentity& identity = account.identity;
  state = State();
  state.number = pass_;
  state.from = identity.from;
  state.from_line = reading ? reading->begin_line : 1;
  state.news = account.news;
  state.earlier = account.earlier;
  if (reading && (identity.digest_bytes != reading->end - identity.from ||
                  identity.digest != reading->digest.digest()))
    reading.reset();
}

/// `skipped`: of this pass.
void FollowedParts::keep(const FileAccount& account, State& state,
                         std::optional<Reading> reading, std::uint64_t skipped) {
  state.settled.reset();
  if (!reading) return;
  const FileIdentity& identity = account.identity;
  const bool has_ended = reading->settled.offset == identity.from + identity.bytes_read;
  if (!has_ended && skipped > 0) return;  // in the last line or before it: who knows
  if (has_ended) state.skipped = account.counters.bytes_skipped;
  state.settled = std::move(reading->settled);
}

void FollowedParts::end_of_file(const Job& job, FileAccount& account) {
  std::optional<Reading> reading = std::exchange(reading_, std::nullopt);
  const HuntedFile& file = *job.file;
  if (file.content == 0) return;
  FollowedPart part{file.content, pass_, account.identity.from, UINT64_MAX, false, file.behind};
  const auto known = states_.find(file.content);
  if (account.news == NewsKind::kUnchanged) {
    part.began = account.identity.size;
    if (known != states_.end()) known->second.pass = pass_;
    account.followed = part;
    return;
  }
  const bool is_known = known != states_.end();
  State& state = is_known ? known->second : states_[file.content];
  const std::uint64_t skipped = account.counters.bytes_skipped;
  if (reading) part.settled = reading->lines.upto();
  if (reading && !is_whole(*reading, account)) reading.reset();
  if (reading && reading->joins) {
    join(account, state, *reading);
  } else {
    part.is_anew = is_known && account.identity.from == 0 && account.news == NewsKind::kWhole;
    if (file.old != nullptr) part.began = file.old->upto;
    begin(account, state, reading);
  }
  keep(account, state, std::move(reading), skipped);
  state.pass = pass_;
  part.number = state.number;
  account.followed = part;
}

/// The half that was read longest ago.
void FollowedParts::forget_some() {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ages;
  for (const auto& [content, state] : states_) ages.emplace_back(state.pass, content);
  const auto middle = ages.begin() + static_cast<std::ptrdiff_t>(ages.size() / 2);
  std::nth_element(ages.begin(), middle, ages.end());
  std::for_each(ages.begin(), middle, [&](const auto& age) { states_.erase(age.second); });
}

}  // namespace spoor
