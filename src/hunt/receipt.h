// Reads what `spoor hunt --receipt` wrote (report/receipt_writer.h tells the form), or the
// sightings of `hunt --json`, line by line: constant memory, linear time. The text may come
// from anyone: what is not as expected is an error that says the line and the member, never
// more. Tested by receipt_test.cpp; fuzz/fuzz_receipt.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "io/source.h"
#include "ioc/sighting.h"
#include "logs/finding.h"
#include "net/json.h"

namespace spoor {

/// What was asked for, as far as a hunt again needs it.
struct ReceiptHead {
  std::string program, machine, directory, started;
  Grade min_grade = Grade::kWeak;
  std::string format, event_host;
  std::string zone;
  bool zone_given = false;
  std::string root, root_path;
  bool follows = false;  ///< the files are such as grow and are rotated
  StreamOptions limits;
  std::uint64_t indicators = 0;
};

struct ReceiptSummary {
  bool complete = true, interrupted = false, closes = true;
  std::uint64_t files = 0, bytes_on_disk = 0, bytes_read = 0, bytes_unread = 0,
                bytes_before = 0, bytes_decoded = 0, bytes_scanned = 0, bytes_skipped = 0,
                lines = 0, skips = 0, sightings = 0;
  std::array<std::uint64_t, kGradeCount> by_grade{};
  CanaryResult canary;
};

struct ReceiptSighting {
  Sighting sighting;
  bool has_absolute = true;   ///< false in the output of `hunt --json`
  bool matches_time = false;  ///< `time` is a fact of the file
  std::string now;            ///< FileAccount::now and gone
  bool gone = false;
  std::optional<std::uint64_t> hunted_to;  ///< of its plain file: how far that was hunted
};

struct ReceiptEnd {
  bool checksum_holds = false;
  std::string found, computed;
};

/// What a line says; monostate: nothing of interest.
using ReceiptLine = std::variant<std::monostate, ReceiptHead, FileAccount, Skip,
                                 ReceiptSighting, ReceiptSummary, ReceiptEnd>;

class ReceiptParser {
 public:
  /// Takes the next line, without its line end. After an error no more is to be asked.
  Result<ReceiptLine> line(std::string_view text);
  /// After the last line: an error where the receipt is cut.
  Status end() const;
  /// Whether it is a receipt; else the output of `hunt --json`.
  bool is_receipt() const { return state_ != State::kStart && state_ != State::kStream; }
  std::uint64_t line_number() const { return number_; }

 private:
  enum class State : std::uint8_t { kStart, kStream, kEntries, kLast, kChecksum, kEnd };

  Result<ReceiptLine> parse(std::string_view text);
  Result<ReceiptLine> entry(std::string_view text);
  Result<ReceiptLine> summary(std::string_view text);
  Result<ReceiptLine> checksum(std::string_view text);

  State state_ = State::kStart;
  std::uint64_t number_ = 0;
  JsonParser json_;
  Hasher128 hasher_;
};

}  // namespace spoor
