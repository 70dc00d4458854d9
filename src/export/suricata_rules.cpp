// Suricata rules, in a folder: spoor.rules, and lists of digests for filemd5, filesha1 and
// filesha256. Addresses in both directions; names in DNS, TLS and HTTP, a domain with the names
// below it (dotprefix); URLs over plain HTTP; user agents; certificates. For more than some ten
// thousand indicators the datasets (suricata.cpp) load faster. Source: Suricata's user guide 6
// and 7. Tested by formats_test.cpp, and by `suricata -T` where it is installed
// (tests/export_peers).

#include <array>

#include "export/format.h"
#include "export/names.h"
#include "export/suricata_text.h"
#include "ioc/domain.h"
#include "ioc/url.h"

namespace spoor {
namespace {

using T = IndicatorType;

struct DigestList {
  T type;
  const char* file;
  const char* keyword;
};
constexpr DigestList kLists[] = {
    {T::kMd5, "spoor-files.md5", "filemd5"},
    {T::kSha1, "spoor-files.sha1", "filesha1"},
    {T::kSha256, "spoor-files.sha256", "filesha256"},
};

/// Once an hour a source: an indicator that a whole site meets is one line an hour and host.
constexpr const char* kThreshold =
    "threshold:type limit, track by_src, count 1, seconds 3600; ";

class RulesExporter final : public Exporter {
 public:
  Status begin(const ExportHead&, ExportTarget& target) override {
    target_ = &target;
    return target.write("spoor.rules",
                        "# Lists stand beside this file: keep them in default-rule-path.\n");
  }

  Result<std::string> add(const ExportItem& item) override {
    const Observable& observable = item.observable;
    if (row_of(observable.type).suricata.empty())
      return "no keyword of Suricata for " + std::string(name_of(observable.type));
    switch (observable.type) {
      case T::kIpv4:
      case T::kIpv6:
      case T::kCidr:
        return rule(item, "ip", "alert ip any any <> " + bracketed(observable.value) + " any",
                    "");
      case T::kIpv4Port:
      case T::kIpv6Port: {
        const AddressPort parts = split_port(observable.value);
        return rule(item, "port",
                    "alert tcp any any -> " + bracketed(parts.address) + " " + parts.port, "");
      }
      case T::kDomain:
      case T::kHostname:
        return name_rules(item);
      case T::kUrl:
        return url_rule(item);
      case T::kUserAgent:
        return rule(item, "agent", "alert http any any -> any any",
                    "http.user_agent; " + whole(observable.value));
      case T::kSslCertFingerprint:
        return certificate_rule(item);
      default:
        return digest(item);
    }
  }

  Status end() override {
    for (std::size_t i = 0; i < std::size(kLists); ++i) {
      if (!listed_[i]) continue;
      const DigestList& list = kLists[i];
      for (const char* protocol : {"http", "smtp", "smb", "ftp-data", "nfs"}) {
        const std::string rule =
            std::string("alert ") + protocol +
            " any any -> any any (msg:\"spoor: " + std::string(name_of(list.type)) +
            " on the list\"; " + list.keyword + ":" + list.file + "; sid:" +
            std::to_string(sids_.sid(std::string("list|") + protocol + "|" + list.file)) +
            "; rev:1;)\n";
        if (auto status = target_->write("spoor.rules", rule); !status) return status;
      }
    }
    return {};
  }

 private:
  static std::string bracketed(const std::string& address) {
    return address.find(':') == std::string::npos ? address : "[" + address + "]";
  }
  static std::string whole(const std::string& text) {
    return "content:\"" + suricata_content(text) + "\"; startswith; endswith; ";
  }

  Result<std::string> rule(const ExportItem& item, std::string_view what,
                           const std::string& head, const std::string& match) {
    const Observable& observable = item.observable;
    const std::string type(name_of(observable.type));
    std::string message = "spoor: " + type + " " + observable.value;
    if (!item.roles.empty()) message += " (" + joined(item.roles) + ")";
    const std::string text =
        head + " (msg:\"" + suricata_message(message) + "\"; " + match + kThreshold +
        "metadata:tlp " + std::string(name_of(item.tlp)) + "; sid:" +
        std::to_string(sids_.sid(std::string(what) + "|" + type + "|" + observable.value)) +
        "; rev:1;)\n";
    if (auto status = target_->write("spoor.rules", text); !status) return fail(status.error());
    return std::string();
  }

  Result<std::string> name_rules(const ExportItem& item) {
    const std::string& name = item.observable.value;
    const bool below = item.observable.type == T::kDomain && covers_subdomains(name);
    const std::string match =
        below ? "dotprefix; content:\"." + suricata_content(name) + "\"; endswith; "
              : whole(name);
    constexpr std::pair<const char*, const char*> kPlaces[] = {
        {"dns", "dns.query; "}, {"tls", "tls.sni; "}, {"http", "http.host; "}};
    for (const auto& [protocol, keyword] : kPlaces) {
      // http.host is lower-case already, and may not be told so.
      const std::string blind = protocol == std::string_view("http") ? "" : "nocase; ";
      auto written =
          rule(item, protocol, std::string("alert ") + protocol + " any any -> any any",
               keyword + match + blind);
      if (!written || !written->empty()) return written;
    }
    return std::string();
  }

  Result<std::string> url_rule(const ExportItem& item) {
    const auto url = parse_url(item.observable.value, Scheme::kRequired);
    if (!url || url->scheme != "http")
      return std::string("a URL that is not plain HTTP cannot be seen on the wire");
    std::string uri = url->path;
    if (url->query) uri += "?" + *url->query;
    const std::string port = url->port ? std::to_string(*url->port) : "any";
    return rule(item, "url", "alert http any any -> any " + port,
                "http.host; " + whole(url->host) + "http.uri; content:\"" +
                    suricata_content(uri) + "\"; startswith; ");
  }

  Result<std::string> certificate_rule(const ExportItem& item) {
    const std::string& digits = item.observable.value;
    if (digits.size() != 40) return std::string("Suricata knows certificates by SHA-1 only");
    std::string pairs;
    for (std::size_t i = 0; i < digits.size(); i += 2)
      pairs += (i == 0 ? "" : ":") + digits.substr(i, 2);
    return rule(item, "certificate", "alert tls any any -> any any",
                "tls.cert_fingerprint; " + whole(pairs));
  }

  Result<std::string> digest(const ExportItem& item) {
    for (std::size_t i = 0; i < std::size(kLists); ++i) {
      if (kLists[i].type != item.observable.type) continue;
      listed_[i] = true;
      if (auto status = target_->write(kLists[i].file, item.observable.value + "\n"); !status)
        return fail(status.error());
      return std::string();
    }
    return "no keyword of Suricata for " + std::string(name_of(item.observable.type));
  }

  ExportTarget* target_ = nullptr;
  SidTable sids_;
  std::array<bool, std::size(kLists)> listed_{};
};

}  // namespace

std::unique_ptr<Exporter> make_suricata_rules_exporter() {
  return std::make_unique<RulesExporter>();
}

}  // namespace spoor
