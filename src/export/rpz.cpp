// A response policy zone: names and addresses get NXDOMAIN (`CNAME .`). A domain covers the
// names below it unless many share it (D6); a hostname does not (D3). Relative names, so that
// the zone may be called anything.
//
// The serial number must grow with every change, or secondaries keep the old zone; and it must
// be the same for the same content. It is the latest date among the claims, in seconds, plus
// the number of times that the store's set has changed: neither ever shrinks, an indicator that
// expires moves the first, one that comes without a date moves the second. Tested by
// formats_test.cpp, and by named-checkzone (tests/export_peers).

#include "export/format.h"
#include "export/rpz_name.h"
#include "ioc/domain.h"

namespace spoor {
namespace {

class RpzExporter final : public Exporter {
 public:
  Status begin(const ExportHead& head, ExportTarget& target) override {
    target_ = &target;
    const std::int64_t newest =
        head.newest
            ? std::chrono::duration_cast<std::chrono::seconds>(head.newest->time_since_epoch())
                  .count()
            : 0;
    const auto serial =
        static_cast<std::uint32_t>(std::max<std::int64_t>(newest, 1) + head.generation);
    return target.write("",
                        "$TTL 300\n"
                        "@ SOA localhost. hostmaster.localhost. " +
                            std::to_string(serial) +
                            " 3600 600 86400 300\n"
                            "@ NS localhost.\n");
  }
  Result<std::string> add(const ExportItem& item) override {
    const Observable& observable = item.observable;
    const bool domain = observable.type == IndicatorType::kDomain;
    std::string lines;
    if (domain || observable.type == IndicatorType::kHostname) {
      if (!is_rpz_name(observable.value))
        return std::string("the name is too long or too odd for a zone");
      lines = observable.value + " CNAME .\n";
      if (domain && covers_subdomains(observable.value))
        lines += "*." + observable.value + " CNAME .\n";
    } else {
      const std::string name = rpz_address_name(observable);
      if (name.empty())
        return "no trigger of a zone for " + std::string(name_of(observable.type));
      lines = name + " CNAME .\n";
    }
    if (auto status = target_->write("", lines); !status) return fail(status.error());
    return std::string();
  }
  Status end() override { return {}; }

 private:
  ExportTarget* target_ = nullptr;
};

}  // namespace

std::unique_ptr<Exporter> make_rpz_exporter() {
  return std::make_unique<RpzExporter>();
}

}  // namespace spoor
