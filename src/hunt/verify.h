// Whether a receipt, or the sightings of `hunt --json`, are true of the files as they are now:
// hunts the same files again, with the indicators that the sightings name and with what the
// receipt says was asked for, and compares file by file and sighting by sighting. No store is
// needed. What it cannot tell: a sighting that is missing in the receipt together with every
// other of its indicator; who wrote the receipt.
//
// The receipt may come from anyone. Only regular files are opened; indicators that are not
// canonical are refused before anything is compiled from them. Memory: entries are compared in
// batches of 20,000 (100 MB in all at 60,000 small files); a file whose entries lie in two
// batches is hunted twice. Time: that of a hunt over the files that are named. Tested by
// app/receipt_test.cpp; tests/receipt_tampering.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "logs/finding.h"

namespace spoor {

struct VerifyOptions {
  std::string directory;         ///< that relative paths of sightings start from; absolute
  unsigned threads = 0;          ///< as HuntOptions
  bool exact_reference = false;  ///< the matcher that defines what matches
  std::size_t batch = 20'000;    ///< entries; tests take less
};

enum class Truth : std::uint8_t {
  kTrue,
  kChanged,    ///< is there and differs
  kMissing,    ///< is not there
  kUnchecked,  ///< cannot be looked at again: standard input, a pipe
};
std::string_view name_of(Truth truth);

/// Something that is not true, or could not be checked.
struct Untruth {
  std::string_view
      what;          ///< "receipt", "checksum", "sums", "canary", "file", "member", "sighting"
  std::string file;  ///< as in the receipt; "" where it concerns none
  std::uint64_t line = 0;  ///< of a sighting
  std::string indicator;   ///< of a sighting
  Truth truth = Truth::kChanged;
  std::string reason;  ///< what was found and what the receipt says
};

struct VerifyTotals {
  bool is_receipt = false;
  std::string program, machine, started;
  bool complete = true;  ///< what the receipt says of its hunt
  CanaryResult canary;
  /// Rows by what was looked at, in the order of Untruth::what, and by truth.
  std::map<std::string_view, std::array<std::uint64_t, 4>> counts;
  std::uint64_t grown = 0;  ///< files of a following hunt that are true and have grown since
  bool all_true() const;
};

/// `path`: a receipt or NDJSON, which may be compressed; "-" is stdin. `tell` gets what is not
/// true as it is found. An error where the file cannot be read or is no receipt.
Result<VerifyTotals> verify(const std::string& path, const VerifyOptions& options,
                            const Clock& clock,
                            const std::function<Status(const Untruth&)>& tell);

}  // namespace spoor
