#include "hunt/receipt_sums.h"

#include <utility>

namespace spoor {
namespace {

constexpr std::size_t kMostWrong = 20;

struct SumRow {
  const char* name;
  std::uint64_t ReceiptSummary::*number;
};
constexpr SumRow kSums[] = {
    {"files", &ReceiptSummary::files},
    {"bytes_on_disk", &ReceiptSummary::bytes_on_disk},
    {"bytes_read", &ReceiptSummary::bytes_read},
    {"bytes_unread", &ReceiptSummary::bytes_unread},
    {"bytes_hunted_before", &ReceiptSummary::bytes_before},
    {"bytes_decoded", &ReceiptSummary::bytes_decoded},
    {"bytes_scanned", &ReceiptSummary::bytes_scanned},
    {"bytes_skipped", &ReceiptSummary::bytes_skipped},
    {"lines", &ReceiptSummary::lines},
    {"skips", &ReceiptSummary::skips},
    {"sightings", &ReceiptSummary::sightings},
};

}  // namespace

void ReceiptSums::add(const FileAccount& account) {
  const auto wrong = [&](const std::string& what, std::uint64_t a, std::uint64_t b) {
    if (a != b && wrong_.size() < kMostWrong)
      wrong_.push_back(account.file + ": " + what + ": " + std::to_string(a) + " and " +
                       std::to_string(b) + ", expected the same number");
  };
  const StreamCounters& counters = account.counters;
  wrong("bytes_decoded, and bytes_scanned with bytes_skipped", counters.bytes_decoded,
        account.bytes_scanned + counters.bytes_skipped);
  if (account.is_member) {
    ++sums_.files;
    ++member_count_;
    members_.counters.bytes_read += counters.bytes_read;
    members_.counters.bytes_decoded += counters.bytes_decoded;
    members_.counters.bytes_skipped += counters.bytes_skipped;
    members_.counters.lines += counters.lines;
    members_.bytes_scanned += account.bytes_scanned;
    return;
  }
  wrong("members", account.members, member_count_);
  if (account.identity.size > 0)
    wrong("size, and bytes_read with bytes_unread and bytes_hunted_before",
          account.identity.size,
          counters.bytes_read + account.bytes_unread + account.bytes_before);
  if (member_count_ > 0) {
    wrong("bytes_read, of the file and its members", counters.bytes_read,
          members_.counters.bytes_read);
    wrong("bytes_decoded, of the file and its members", counters.bytes_decoded,
          members_.counters.bytes_decoded);
    wrong("bytes_scanned, of the file and its members", account.bytes_scanned,
          members_.bytes_scanned);
    wrong("bytes_skipped, of the file and its members", counters.bytes_skipped,
          members_.counters.bytes_skipped);
    wrong("lines, of the file and its members", counters.lines, members_.counters.lines);
  } else if (account.news != NewsKind::kUnchanged) {
    ++sums_.files;
  }
  members_ = FileAccount{};
  member_count_ = 0;
  sums_.bytes_on_disk += counters.bytes_read + account.bytes_unread + account.bytes_before;
  sums_.bytes_read += counters.bytes_read;
  sums_.bytes_unread += account.bytes_unread;
  sums_.bytes_before += account.bytes_before;
  sums_.bytes_decoded += counters.bytes_decoded;
  sums_.bytes_scanned += account.bytes_scanned;
  sums_.bytes_skipped += counters.bytes_skipped;
  sums_.lines += counters.lines;
}

void ReceiptSums::add(const Skip& skip) {
  ++sums_.skips;
  has_gaps_ = has_gaps_ || skip.incomplete;
  if (!skip.whole) return;
  sums_.bytes_on_disk += skip.bytes;
  sums_.bytes_unread += skip.bytes;
}

void ReceiptSums::add(const Sighting& sighting) {
  ++sums_.sightings;
  ++sums_.by_grade[static_cast<std::size_t>(sighting.grade)];
}

std::vector<std::string> ReceiptSums::differences(const ReceiptSummary& summary) const {
  std::vector<std::string> all = wrong_;
  const auto compare = [&](const std::string& name, std::uint64_t entries, std::uint64_t says) {
    if (entries != says)
      all.push_back(name + ": the entries have " + std::to_string(entries) +
                    ", the summary says " + std::to_string(says));
  };
  for (const SumRow& row : kSums) compare(row.name, sums_.*row.number, summary.*row.number);
  for (std::size_t grade = 0; grade < kGradeCount; ++grade) {
    compare("by_grade " + std::string(name_of(static_cast<Grade>(grade))),
            sums_.by_grade[grade], summary.by_grade[grade]);
  }
  const bool complete = !has_gaps_ && !summary.interrupted && summary.canary.is_sound();
  if (summary.complete != complete)
    all.push_back(std::string("complete: found ") + (summary.complete ? "true" : "false") +
                  ", by the skips, interrupted and the canary expected " +
                  (complete ? "true" : "false"));
  if (!summary.closes) all.push_back("closes: the hunt itself found sums that do not close");
  return all;
}

}  // namespace spoor
