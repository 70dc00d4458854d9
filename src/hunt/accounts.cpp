#include "hunt/accounts.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace spoor {
namespace {

constexpr std::size_t kSkipsListed = 10'000;
constexpr std::size_t kFormatsListed = 10'000;
constexpr std::size_t kSkipReasons = 100;

void add(StreamCounters& sum, const StreamCounters& more) {
  sum.bytes_read += more.bytes_read;
  sum.bytes_decoded += more.bytes_decoded;
  sum.bytes_skipped += more.bytes_skipped;
  sum.lines += more.lines;
}

std::string differ(std::string_view what, std::uint64_t a, std::uint64_t b) {
  return std::string(what) + ": " + std::to_string(a) + " and " + std::to_string(b) +
         ", expected the same number (a bug of spoor)";
}

}  // namespace

void Accounts::add_chunk(const Chunk& chunk) {
  is_rendered_ = is_rendered_ || !chunk.form.empty();
  scanned_ += chunk.text.size() - chunk.overlap;
  encoding_ = chunk.encoding;
}

Status Accounts::end_of_member(const Job& job) {
  const HuntedFile& hunted = *job.file;
  FileAccount account;
  account.file = hunted.shown;
  account.absolute = hunted.absolute;
  account.is_member = hunted.is_member;
  account.counters = job.counters;
  account.bytes_scanned = scanned_;
  account.decoders = job.decoders;
  account.encoding = encoding_;
  // Records are scanned as they are rendered, which has another length than they have.
  if (is_rendered_)
    account.bytes_scanned = account.counters.bytes_decoded - account.counters.bytes_skipped;
  file_.is_rendered = file_.is_rendered || is_rendered_;
  is_rendered_ = false;
  if (const LogFormat* format = hunted.track.format()) account.format = format->name;
  scanned_ = 0;
  encoding_ = TextEncoding::kBytes;
  if (hunted.planted) return {};

  // What a stopped stream had read ahead was passed over.
  const std::uint64_t told = account.bytes_scanned + account.counters.bytes_skipped;
  if (job.stopped && told < account.counters.bytes_decoded)
    account.counters.bytes_skipped = account.counters.bytes_decoded - account.bytes_scanned;

  if (is_first_sight(hunted)) {
    ++totals_.files;
    add_format(hunted);
  }
  forget_skips(hunted.shown);
  totals_.bytes_read += account.counters.bytes_read;
  totals_.bytes_decoded += account.counters.bytes_decoded;
  totals_.bytes_scanned += account.bytes_scanned;
  totals_.bytes_skipped += account.counters.bytes_skipped;
  totals_.lines += account.counters.lines;
  file_skips_ += job.skips.size();
  if (Status added = add_skips(job.skips); !added) return added;

  add(file_.counters, account.counters);
  file_.bytes_scanned += account.bytes_scanned;
  const std::uint64_t in_all = account.bytes_scanned + account.counters.bytes_skipped;
  if (in_all != account.counters.bytes_decoded) {
    SPOOR_TRY(does_not_close(account.file, differ("bytes decoded and bytes scanned or skipped",
                                                  account.counters.bytes_decoded, in_all)),
              "accounts");
  }
  if (account.is_member) {
    ++file_.members;
    return tell(account);
  }
  file_.format = account.format;
  file_.decoders = account.decoders;
  file_.encoding = account.encoding;
  return {};
}

Status Accounts::end_of_file(const Job& job) {
  FileAccount account = std::exchange(file_, FileAccount{});
  const std::uint64_t skips = std::exchange(file_skips_, 0);
  if (job.file->planted) return {};
  account.file = job.file->shown;
  account.absolute = job.file->absolute;
  account.identity = job.identity;
  account.news = job.news;
  account.earlier = job.earlier;
  account.bytes_before = account.identity.from;
  const std::uint64_t read = account.identity.bytes_read;
  // A reader that was stopped, or met damage, may have looked ahead of it.
  if (read > account.counters.bytes_read && skips > 0) {
    totals_.bytes_read += read - account.counters.bytes_read;
    account.counters.bytes_read = read;
  }
  if (read != account.counters.bytes_read) {
    SPOOR_TRY(does_not_close(account.file, differ("bytes of the file and of its members", read,
                                                  account.counters.bytes_read)),
              "accounts");
  }
  const std::uint64_t done = read + account.bytes_before;
  if (account.identity.size > done) account.bytes_unread = account.identity.size - done;
  // A journal's tables and free space hold no records.
  if (account.bytes_unread > 0 && skips == 0 && !account.is_rendered) {
    SPOOR_TRY(
        does_not_close(account.file,
                       std::to_string(account.bytes_unread) +
                           " bytes were not read and no reason is known (a bug of spoor)"),
        "accounts");
  }
  totals_.bytes_on_disk += read + account.bytes_unread;
  totals_.bytes_unread += account.bytes_unread;
  if (!again_) {
    totals_.bytes_on_disk += account.bytes_before;
    totals_.bytes_before += account.bytes_before;
  }
  parts_.end_of_file(job, account);
  return tell(account);
}

Status Accounts::skips_of(const Job& job) {
  if (job.file != nullptr) file_skips_ += job.skips.size();
  for (const Skip& skip : job.skips) forget_skips(skip.file);
  return add_skips(job.skips);
}

Status Accounts::add_skips(const std::vector<Skip>& skips) {
  for (const Skip& skip : skips) {
    for (FindingSink* sink : sinks_) {
      if (Status told = sink->skipped(skip); !told) return told;
    }
    if (skip.named) ++totals_.named_failures;
    if (skip.whole) {
      totals_.bytes_on_disk += skip.bytes;
      totals_.bytes_unread += skip.bytes;
    }
    if (skip.incomplete) totals_.complete = false;
    if (totals_.skips.size() < kSkipsListed) {
      totals_.skips.push_back(skip);
      continue;
    }
    const bool known = more_skips_.count(skip.reason) > 0 || more_skips_.size() < kSkipReasons;
    MoreSkips& rest = more_skips_[known ? skip.reason : "other reasons"];
    ++rest.count;
    rest.bytes += skip.bytes;
    rest.incomplete = rest.incomplete || skip.incomplete;
  }
  return {};
}

std::size_t Accounts::DigestHash::operator()(const Digest128& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.bytes.data(), sizeof hash);
  return hash;
}

bool Accounts::is_first_sight(const HuntedFile& file) {
  return !totals_.has_news || met_.insert(xxh3_128(file.absolute)).second;
}

void Accounts::forget_skips(const std::string& file) {
  if (!again_) return;
  std::erase_if(totals_.skips, [&](const Skip& skip) { return skip.file == file; });
}

void Accounts::count_gaps(HuntTotals& totals) const {
  totals.complete = totals.closes;
  totals.named_failures = 0;
  for (const Skip& skip : totals.skips) {
    if (skip.named) ++totals.named_failures;
    if (skip.incomplete) totals.complete = false;
  }
  for (const auto& [reason, rest] : more_skips_) {
    if (rest.incomplete) totals.complete = false;
  }
}

void Accounts::finish(HuntTotals& totals) const {
  if (again_) count_gaps(totals);
  for (const auto& [reason, rest] : more_skips_) {
    Skip skip;
    skip.reason = std::to_string(rest.count) + " more: " + reason;
    skip.bytes = rest.bytes;
    skip.incomplete = rest.incomplete;
    totals.skips.push_back(std::move(skip));
  }
}

void Accounts::add_format(const HuntedFile& file) {
  const LogFormat* format = file.track.format();
  if (format == nullptr) return;  // empty
  ++totals_.by_format[std::string(format->name)];
  if (totals_.formats.size() < kFormatsListed)
    totals_.formats.push_back({file.shown, std::string(format->name)});
}

Status Accounts::tell(const FileAccount& account) {
  for (FindingSink* sink : sinks_) {
    if (Status told = sink->account(account); !told) return told;
  }
  return {};
}

Status Accounts::does_not_close(const std::string& file, std::string how) {
  totals_.closes = false;
  Skip skip;
  skip.file = file;
  skip.reason = "the account does not close: " + std::move(how);
  skip.incomplete = true;
  return add_skips({std::move(skip)});
}

}  // namespace spoor
