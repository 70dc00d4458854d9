// The form of a receipt, line by line, for those who write one; receipt_writer.h shows it
// whole. Private to `report`, but for ReceiptInfo. Tested by receipt_writer_test.cpp and
// follow_receipt_test.cpp.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
  bool follows = false;         ///< --follow
  std::string event_host;
  StreamOptions limits;
  bool exact_reference = false;
  std::string store, store_id;  ///< path; hex digits
  std::int64_t generation = 0;
  std::map<IndicatorType, std::uint64_t> by_type;  ///< indicators that were looked for
  std::vector<std::string> canaries;
};

/// The indicators that a following hunt looked for from some time on.
struct IndicatorsInUse {
  Time since;
  std::int64_t generation = 0;  ///< of the store
  std::uint64_t indicators = 0;
  std::optional<Time> newest_pulse;
};
struct FollowSummary {
  std::uint64_t reloads = 0, bytes_read_again = 0;
  std::vector<IndicatorsInUse> sets;  ///< the first, and the last ones
};
/// Of the store, when a file's first and last bytes were hunted.
struct Generations {
  std::int64_t first = 0, last = 0;
};

std::string receipt_head_json(const ReceiptInfo& info, const HuntStart& start);
std::string receipt_account_json(const FileAccount& account,
                                 const std::optional<Generations>& generations = {});
std::string receipt_skip_json(const Skip& skip);
std::string receipt_sighting_json(const Sighting& sighting, const FindingDetail& detail);
/// `follow`: null where the hunt did not.
std::string receipt_summary_json(const HuntTotals& totals, std::uint64_t skips,
                                 const FollowSummary* follow = nullptr);

/// Puts the lines together. What was begun and not finished leaves nothing.
class ReceiptFile {
 public:
  explicit ReceiptFile(std::unique_ptr<AsideFile> file);
  Status begin(const std::string& head);
  Status entry(std::string_view json);
  /// Durable, and under its name.
  Status finish(const std::string& summary);

 private:
  Status write(std::string_view text);

  std::unique_ptr<AsideFile> file_;
  Hasher128 hasher_;
  std::uint64_t entries_ = 0;
};

}  // namespace spoor
