// The table of formats: a new one is its file, its row here and its test. Detection asks every
// row; on a tie the earlier one wins. Tested by formats_test.cpp.

#include "feeds/formats.h"

#include <array>

namespace spoor {
namespace {

constexpr std::array<ImportFormat, 18> kFormats = {{
    {"otx", "OTX replies: pulses (page, single, array, NDJSON), pages of indicators",
     otx_confidence, read_otx_file},
    {"list", "a value a line, or type<TAB>value[<TAB>description]; comments # ; // !",
     list_confidence, read_list},
    {"hosts", "hosts file: 0.0.0.0 name [name ...]", hosts_confidence, read_hosts},
    {"csv",
     "columns by name (indicator, type, description, md5, domain, ...) or by content; , ; TAB "
     "|",
     csv_confidence, read_csv, read_csv_as},
    {"zeek-intel", "Zeek intelligence file: #fields indicator indicator_type ...",
     zeek_intel_confidence, read_zeek_intel},
    {"adblock", "Adblock and uBlock lists: ||host^, ||host/path^$all", adblock_confidence,
     read_adblock},
    {"rpz", "DNS response policy zone: name CNAME .", rpz_confidence, read_rpz},
    {"dnsmasq", "dnsmasq and unbound: address=/name/0.0.0.0, local-zone: \"name\" ...",
     dnsmasq_confidence, read_dnsmasq},
    {"maltrail", "Maltrail trails: names, addresses, address:port, name/path, /path",
     maltrail_confidence, read_maltrail},
    {"misp", "MISP events as JSON: one, a list, a reply of restSearch, a file of a feed",
     misp_confidence, read_misp},
    {"stix", "STIX 2.0 and 2.1: a bundle, a list of objects, an envelope of TAXII",
     stix_confidence, read_stix},
    {"openioc", "OpenIOC 1.0 and 1.1 (XML)", openioc_confidence, read_openioc},
    {"urlhaus", "URLhaus of abuse.ch: CSV, JSON, replies of its API", urlhaus_confidence,
     read_urlhaus},
    {"threatfox", "ThreatFox of abuse.ch: CSV, JSON, replies of its API", threatfox_confidence,
     read_threatfox},
    {"malwarebazaar", "MalwareBazaar of abuse.ch: CSV, replies of its API",
     malwarebazaar_confidence, read_malwarebazaar},
    {"feodo", "Feodo Tracker of abuse.ch: CSV, JSON", feodo_confidence, read_feodo},
    {"sslbl", "SSLBL of abuse.ch: CSV of certificates, addresses, JA3", sslbl_confidence,
     read_sslbl},
    {"text", "free text: a report, a mail, HTML, Markdown; values are drawn out of it",
     report_confidence, read_report},
}};

}  // namespace

Status ImportFormat::read(std::string_view text, std::string_view where,
                          const std::function<Status(Page&&)>& on_page,
                          const ReadOptions& options) const {
  if (!options.any()) return plain(text, where, on_page);
  if (tuned == nullptr) {
    return fail("columns, a separator or a missing header were given for the format " +
                std::string(name) + ", expected the format csv");
  }
  return tuned(text, where, on_page, options);
}

std::span<const ImportFormat> import_formats() {
  return kFormats;
}

const ImportFormat* import_format(std::string_view name) {
  for (const ImportFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

const ImportFormat* detect_format(std::string_view head, std::string_view file_name) {
  const ImportFormat* best = nullptr;
  int highest = 0;
  for (const ImportFormat& format : kFormats) {
    const int confidence = format.confidence(head, file_name);
    if (confidence > highest) {
      highest = confidence;
      best = &format;
    }
  }
  return best;
}

}  // namespace spoor
