// CSV by RFC 4180, a row an indicator, cells that begin a formula made harmless (csv_writer.h).
// The columns `type` and `indicator` are those that `spoor import` and most other readers look
// for. Tested by formats_test.cpp.

#include "base/csv_writer.h"
#include "export/format.h"
#include "export/names.h"

namespace spoor {
namespace {

std::string time_cell(const std::optional<Time>& time) {
  return time ? format_iso8601(*time) : std::string();
}

class CsvExporter final : public Exporter {
 public:
  Status begin(const ExportHead&, ExportTarget& target) override {
    target_ = &target;
    return target.write(
        "", csv_row({"type", "indicator", "tlp", "pap", "confidence", "role", "feed", "pulse",
                     "tags", "malware", "attack_ids", "adversary", "first_seen", "last_seen",
                     "valid_until", "live", "sightings", "description"}));
  }
  Result<std::string> add(const ExportItem& item) override {
    const std::string row = csv_row(
        {std::string(name_of(item.observable.type)), item.observable.value,
         std::string(name_of(item.tlp)), item.pap ? std::string(name_of(*item.pap)) : "",
         item.confidence ? std::to_string(*item.confidence) : "", joined(item.roles),
         joined(item.feeds), joined(item.pulses, "; "), joined(item.tags), joined(item.malware),
         joined(item.attack_ids), joined(item.adversaries), time_cell(item.first),
         time_cell(item.last), time_cell(item.valid_until), item.ended ? "false" : "true",
         item.sightings ? std::to_string(item.sightings->count) : "", item.description});
    if (auto status = target_->write("", row); !status) return fail(status.error());
    return std::string();
  }
  Status end() override { return {}; }

 private:
  ExportTarget* target_ = nullptr;
};

}  // namespace

std::unique_ptr<Exporter> make_csv_exporter() {
  return std::make_unique<CsvExporter>();
}

}  // namespace spoor
