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

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "io/aside.h"
#include "io/source.h"
#include "logs/finding.h"

namespace spoor {

inline constexpr std::uint64_t kReceiptVersion = 1;

/// What a hunt was asked for, as far as it changes the answer.
struct ReceiptInfo {
  std::string program;    ///< "spoor 0.1.0"
  std::string machine;    ///< host name
  std::string directory;  ///< that relative paths start from
  Grade min_grade = Grade::kMention;
  std::optional<Time> since, until;
  std::string format;  ///< as typed
  std::string zone;    ///< as typed, or as the root names it; "": UTC
  bool zone_given = false;
  std::string root, root_path;  ///< of --root: as typed, and absolute and link-free; "": none
  bool new_only = false;        ///< --new
  std::string event_host;
  StreamOptions limits;
  bool exact_reference = false;
  std::string store, store_id;  ///< path; hex digits
  std::int64_t generation = 0;
  std::map<IndicatorType, std::uint64_t> by_type;  ///< indicators that were looked for
  std::vector<std::string> canaries;
};

class ReceiptWriter final : public FindingSink {
 public:
  ReceiptWriter(std::unique_ptr<AsideFile> file, ReceiptInfo info);
  Status begin(const HuntStart& start) override;
  Status take(std::span<Sighting> sightings, std::span<const FindingDetail> details) override;
  Status account(const FileAccount& account) override;
  Status skipped(const Skip& skip) override;
  Status finish(const HuntTotals& totals) override;

 private:
  Status entry(const std::string& json);
  Status write(std::string_view text);

  std::unique_ptr<AsideFile> file_;
  ReceiptInfo info_;
  Hasher128 hasher_;
  std::uint64_t entries_ = 0, skips_ = 0;
};

}  // namespace spoor
