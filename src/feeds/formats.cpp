// The table of formats: a new one is its file, its row here and its test. Detection asks every
// row; on a tie the earlier one wins. Tested by formats_test.cpp.

#include "feeds/formats.h"

#include <array>

namespace spoor {
namespace {

constexpr std::array<ImportFormat, 9> kFormats = {{
    {"otx", "OTX replies: pulses (page, single, array, NDJSON), pages of indicators",
     otx_confidence, read_otx_file},
    {"list", "a value a line, or type<TAB>value[<TAB>description]; comments # ; // !",
     list_confidence, read_list},
    {"hosts", "hosts file: 0.0.0.0 name [name ...]", hosts_confidence, read_hosts},
    {"csv",
     "columns by name (indicator, type, description, md5, domain, ...) or by content; , ; TAB "
     "|",
     csv_confidence, read_csv},
    {"zeek-intel", "Zeek intelligence file: #fields indicator indicator_type ...",
     zeek_intel_confidence, read_zeek_intel},
    {"adblock", "Adblock and uBlock lists: ||host^, ||host/path^$all", adblock_confidence,
     read_adblock},
    {"rpz", "DNS response policy zone: name CNAME .", rpz_confidence, read_rpz},
    {"dnsmasq", "dnsmasq and unbound: address=/name/0.0.0.0, local-zone: \"name\" ...",
     dnsmasq_confidence, read_dnsmasq},
    {"maltrail", "Maltrail trails: names, addresses, address:port, name/path, /path",
     maltrail_confidence, read_maltrail},
}};

}  // namespace

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
