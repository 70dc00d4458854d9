// Suricata datasets, in a folder: names and user agents in base64, a line each, digests and
// addresses as they are; and rules that look things up in them: spoor-datasets.rules, and
// spoor-datasets-ip.rules for Suricata 7 and later, which know addresses as datasets. A dataset
// is a set of whole values: a domain here does not cover the names below it, and networks have
// no place; suricata-rules does both. Source: Suricata's user guide, "Datasets". Tested by
// formats_test.cpp, and by `suricata -T` where it is installed (tests/export_peers).

#include <array>

#include "base/base64.h"
#include "export/format.h"
#include "export/names.h"
#include "export/suricata_text.h"

namespace spoor {
namespace {

using T = IndicatorType;

struct Dataset {
  const char* name;  ///< of the set; the file is NAME.lst
  const char* type;  ///< Suricata's
  bool base64;
  /// Rules: protocol and the keyword that looks, in pairs; nulls fill up.
  std::array<std::pair<const char*, const char*>, 3> rules;
  const char* rules_file;
};
constexpr Dataset kSets[] = {
    {"spoor-names",
     "string",
     true,
     {{{"dns", "dns.query"}, {"tls", "tls.sni"}, {"http", "http.host"}}},
     "spoor-datasets.rules"},
    {"spoor-agents",
     "string",
     true,
     {{{"http", "http.user_agent"}, {nullptr, nullptr}, {nullptr, nullptr}}},
     "spoor-datasets.rules"},
    {"spoor-md5", "md5", false, {}, ""},
    {"spoor-sha256", "sha256", false, {}, ""},
    {"spoor-ip",
     "ip",
     false,
     {{{"ip", "ip.src"}, {"ip", "ip.dst"}, {nullptr, nullptr}}},
     "spoor-datasets-ip.rules"},
};

int set_of(T type) {
  switch (type) {
    case T::kDomain:
    case T::kHostname:
      return 0;
    case T::kUserAgent:
      return 1;
    case T::kMd5:
      return 2;
    case T::kSha256:
      return 3;
    case T::kIpv4:
    case T::kIpv6:
      return 4;
    default:
      return -1;
  }
}

class DatasetExporter final : public Exporter {
 public:
  Status begin(const ExportHead&, ExportTarget& target) override {
    target_ = &target;
    return target.write("spoor-datasets.rules",
                        "# Lists stand beside this file: keep them in default-rule-path.\n");
  }
  Result<std::string> add(const ExportItem& item) override {
    const int number = set_of(item.observable.type);
    if (number < 0)
      return "no dataset of Suricata for " + std::string(name_of(item.observable.type));
    const Dataset& set = kSets[number];
    // Datasets of addresses are IPv6: Suricata 8 takes nothing else, and both 7 and 8 read the
    // mapped form as the IPv4 address.
    const bool v4 = item.observable.type == T::kIpv4;
    const std::string value = (v4 ? "::ffff:" : "") + item.observable.value;
    used_[static_cast<std::size_t>(number)] = true;
    if (auto status = target_->write(std::string(set.name) + ".lst",
                                     (set.base64 ? base64(value) : value) + "\n");
        !status) {
      return fail(status.error());
    }
    return std::string();
  }
  Status end() override {
    for (std::size_t i = 0; i < std::size(kSets); ++i) {
      if (!used_[i]) continue;
      for (const auto& [protocol, keyword] : kSets[i].rules) {
        if (protocol == nullptr) continue;
        if (auto status = rule(kSets[i], protocol, keyword); !status) return status;
      }
    }
    return {};
  }

 private:
  Status rule(const Dataset& set, const char* protocol, const char* keyword) {
    const std::string name(set.name);
    return target_->write(
        set.rules_file,
        std::string("alert ") + protocol + " any any -> any any (msg:\"spoor: " + keyword +
            " is in " + name + "\"; " + keyword + "; dataset:isset," + name + ",type " +
            set.type + ",load " + name + ".lst; sid:" +
            std::to_string(sids_.sid("dataset|" + name + "|" + keyword)) + "; rev:1;)\n");
  }

  ExportTarget* target_ = nullptr;
  SidTable sids_;
  std::array<bool, std::size(kSets)> used_{};
};

}  // namespace

std::unique_ptr<Exporter> make_suricata_exporter() {
  return std::make_unique<DatasetExporter>();
}

}  // namespace spoor
