// The receipt of a hunt as a file: what was searched, with what, and that the search worked;
// `spoor verify` reads it (hunt/receipt.h).
//
// One JSON object, cut into lines so that it can be written and read in constant memory,
// however many files there were:
//
//     {"kind":"receipt","version":1, ...what was asked for... ,"entries":[
//     {"kind":"file", ...},          a file, behind its members
//     {"kind":"member", ...},        of an archive
//     {"kind":"skip", ...},          what was not read, or not wholly, and why
//     {"kind":"sighting", ...}
//     ],"summary":{ ...totals, canary, age of the indicators... },
//     "checksum":"xxh3-128:..."}
//
// The checksum is the XXH3-128 of all bytes before its line. It notices accidents and careless
// edits; it is no signature, since everyone can compute it. Numbers of bytes, times in UTC
// (ISO 8601). Beside a text that is not UTF-8 stands NAME_hex.
//
// The file is written aside, synced and renamed: a kill leaves the old file or none. Tested by
// receipt_writer_test.cpp and app/receipt_test.cpp.

#pragma once

#include <memory>

#include "report/receipt_form.h"

namespace spoor {

class ReceiptWriter final : public FindingSink {
 public:
  ReceiptWriter(std::unique_ptr<AsideFile> file, ReceiptInfo info);
  Status begin(const HuntStart& start) override;
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override;
  Status account(const FileAccount& account) override;
  Status skipped(const Skip& skip) override;
  Status finish(const HuntTotals& totals) override;

 private:
  ReceiptFile file_;
  ReceiptInfo info_;
  std::uint64_t skips_ = 0;
};

}  // namespace spoor
