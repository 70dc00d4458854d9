#include "hunt/verify.h"

#include "hunt/receipt.h"
#include "hunt/receipt_sums.h"
#include "hunt/verify_batch.h"

namespace spoor {
namespace {

class Verification {
 public:
  Verification(const VerifyOptions& options, const Clock& clock,
               const std::function<Status(const Untruth&)>& tell)
      : options_(options),
        tell_(tell),
        batch_(options, clock, [this](Untruth row) { return count(std::move(row)); }) {
    ReceiptHead none;  // of sightings alone
    none.directory = options.directory;
    batch_.begin(none);
  }

  Status line(std::string_view text) {
    auto line = parser_.line(text);
    if (!line) return fail(line.error());
    totals_.is_receipt = parser_.is_receipt();
    if (auto* head = std::get_if<ReceiptHead>(&*line)) {
      totals_.program = head->program;
      totals_.machine = head->machine;
      totals_.started = head->started;
      return batch_.begin(*head);
    } else if (auto* account = std::get_if<FileAccount>(&*line)) {
      sums_.add(*account);
      batch_.add(std::move(*account));
    } else if (auto* skip = std::get_if<Skip>(&*line)) {
      sums_.add(*skip);
    } else if (auto* found = std::get_if<ReceiptSighting>(&*line)) {
      sums_.add(found->sighting);
      batch_.add(std::move(*found));
    } else if (auto* summary = std::get_if<ReceiptSummary>(&*line)) {
      return check_summary(*summary);
    } else if (auto* end = std::get_if<ReceiptEnd>(&*line)) {
      Untruth row;
      row.what = "checksum";
      row.truth = end->checksum_holds ? Truth::kTrue : Truth::kChanged;
      row.reason =
          "the receipt was changed: found " + end->found + ", its bytes have " + end->computed;
      return count(std::move(row));
    }
    return batch_.size() < options_.batch ? Status{} : batch_.check();
  }

  Result<VerifyTotals> finish() {
    if (Status ended = parser_.end(); !ended) return fail(ended.error());
    if (Status checked = batch_.check(); !checked) return fail(checked.error());
    totals_.grown = batch_.grown();
    return totals_;
  }

 private:
  Status check_summary(const ReceiptSummary& summary) {
    totals_.complete = summary.complete;
    totals_.canary = summary.canary;
    Untruth row;
    row.what = "canary";
    if (!summary.canary.is_sound()) {
      row.reason = "found " + std::to_string(summary.canary.found) + " of " +
                   std::to_string(summary.canary.planted) + ", and " +
                   std::to_string(summary.canary.unexpected) + " where none was";
    } else if (summary.canary.planted == 0) {
      row.reason = "none was planted: that the search worked is not shown";
    }
    row.truth = row.reason.empty() ? Truth::kTrue : Truth::kChanged;
    if (Status told = count(std::move(row)); !told) return told;
    const auto differences = sums_.differences(summary);
    for (const std::string& difference : differences) {
      Untruth sum;
      sum.what = "sums";
      sum.reason = difference;
      if (Status told = count(std::move(sum)); !told) return told;
    }
    if (!differences.empty()) return {};
    Untruth sum;
    sum.what = "sums";
    sum.truth = Truth::kTrue;
    return count(std::move(sum));
  }

  Status count(Untruth row) {
    ++totals_.counts[row.what][static_cast<std::size_t>(row.truth)];
    return row.truth == Truth::kTrue ? Status{} : tell_(row);
  }

  const VerifyOptions& options_;
  const std::function<Status(const Untruth&)>& tell_;
  VerifyTotals totals_;
  ReceiptParser parser_;
  ReceiptSums sums_;
  VerifyBatch batch_;
};

}  // namespace

std::string_view name_of(Truth truth) {
  switch (truth) {
    case Truth::kTrue:
      return "true";
    case Truth::kChanged:
      return "changed";
    case Truth::kMissing:
      return "missing";
    case Truth::kUnchecked:
      return "unchecked";
  }
  return "";
}

bool VerifyTotals::all_true() const {
  for (const auto& [what, by_truth] : counts) {
    for (std::size_t truth = 1; truth < by_truth.size(); ++truth) {
      if (by_truth[truth] > 0) return false;
    }
  }
  return true;
}

Result<VerifyTotals> verify(const std::string& path, const VerifyOptions& options,
                            const Clock& clock,
                            const std::function<Status(const Untruth&)>& tell) {
  InputFile file;
  file.shown = file.path = path;
  file.named = true;
  auto stream = open_stream(file, {});
  if (!stream) return fail(stream.error().at(path));
  Verification verification(options, clock, tell);
  Chunk chunk;
  for (;;) {
    const auto more = (*stream)->next(chunk);
    if (!more) return fail(more.error().at(path));
    if (!*more) break;
    if (chunk.encoding != TextEncoding::kBytes || chunk.continues_event ||
        !chunk.cut_head.empty()) {
      return fail(path + ": found UTF-16 or a line of more than 8 MiB, expected a receipt");
    }
    std::string_view text = chunk.text;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      if (Status taken = verification.line(text.substr(0, end)); !taken)
        return fail(taken.error().at(path));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }
  auto totals = verification.finish();
  if (!totals) return fail(totals.error().at(path));
  return totals;
}

}  // namespace spoor
