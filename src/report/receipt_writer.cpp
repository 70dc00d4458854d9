#include "report/receipt_writer.h"

#include <utility>

namespace spoor {

ReceiptWriter::ReceiptWriter(std::unique_ptr<AsideFile> file, ReceiptInfo info)
    : file_(std::move(file)), info_(std::move(info)) {}

Status ReceiptWriter::begin(const HuntStart& start) {
  return file_.begin(receipt_head_json(info_, start));
}

Status ReceiptWriter::take(std::span<Sighting> sightings,
                           std::span<const FindingDetail> details) {
  for (std::size_t i = 0; i < sightings.size(); ++i) {
    if (Status written = file_.entry(receipt_sighting_json(sightings[i], details[i])); !written)
      return written;
  }
  return {};
}

Status ReceiptWriter::account(const FileAccount& account) {
  return file_.entry(receipt_account_json(account));
}

Status ReceiptWriter::skipped(const Skip& skip) {
  ++skips_;
  return file_.entry(receipt_skip_json(skip));
}

Status ReceiptWriter::finish(const HuntTotals& totals) {
  return file_.finish(receipt_summary_json(totals, skips_));
}

}  // namespace spoor
