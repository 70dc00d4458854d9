// The formats in which indicators leave, in one visible table (formats.cpp): a new one is one
// file, one row, one test. An exporter takes items one by one in the order of type and value,
// and holds none of them: a million indicators leave in constant memory. Tested by
// export_test.cpp.

#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "export/item.h"
#include "export/target.h"

namespace spoor {

/// What is the same for the whole export. All of it is of the store or of the command: nothing
/// is of the clock but `now`.
struct ExportHead {
  std::string title;     ///< what the receiver calls it
  std::string producer;  ///< who says so
  std::string filter;    ///< as typed
  Tlp max_tlp = Tlp::kAmber;
  std::int64_t generation = 0;  ///< of the store's set of indicators
  std::optional<Time> newest;   ///< the latest date of any claim that is not after `now`
  Time now{};
  /// A pulse by its id; the exporter asks only for those of items that it was given. Nothing
  /// where there is none, or where it may not leave.
  std::function<Result<std::optional<Pulse>>(std::string_view id)> pulse;
};

class Exporter {
 public:
  virtual ~Exporter() = default;
  virtual Status begin(const ExportHead& head, ExportTarget& target) = 0;
  /// "" if it was written; else why this format cannot carry it: "no STIX pattern for JA3".
  virtual Result<std::string> add(const ExportItem& item) = 0;
  virtual Status end() = 0;
};

struct ExportFormatRow {
  std::string_view name;
  std::string_view describe;
  bool folder;   ///< writes several files: -o names a folder
  Pap most_pap;  ///< the strictest PAP that still allows what the receiver does with it
  std::unique_ptr<Exporter> (*make)();
};
std::span<const ExportFormatRow> export_formats();
const ExportFormatRow* export_format(std::string_view name);

// The makers behind the table; one file each.
std::unique_ptr<Exporter> make_stix_exporter();
std::unique_ptr<Exporter> make_misp_exporter();
std::unique_ptr<Exporter> make_csv_exporter();
std::unique_ptr<Exporter> make_json_exporter();
std::unique_ptr<Exporter> make_plain_exporter();
std::unique_ptr<Exporter> make_zeek_exporter();
std::unique_ptr<Exporter> make_suricata_exporter();
std::unique_ptr<Exporter> make_suricata_rules_exporter();
std::unique_ptr<Exporter> make_wazuh_exporter();
std::unique_ptr<Exporter> make_rpz_exporter();
std::unique_ptr<Exporter> make_elastic_exporter();

}  // namespace spoor
