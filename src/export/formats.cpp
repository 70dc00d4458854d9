// The table of export formats. PAP: what is blocked by name is an action that the other side
// sees, which PAP:AMBER does not allow; a sensor that only looks is passive (MISP's taxonomy
// `PAP`).

#include "export/format.h"

namespace spoor {
namespace {

constexpr bool kFolder = true, kFile = false;

// clang-format off
constexpr ExportFormatRow kFormats[] = {
    {"stix", "STIX 2.1 bundle: indicators, reports, malware, threat actors, ATT&CK", kFile, Pap::kAmber, make_stix_exporter},
    {"misp", "MISP event with attributes", kFile, Pap::kAmber, make_misp_exporter},
    {"csv", "RFC 4180, safe to open in a spreadsheet; `spoor import` reads it", kFile, Pap::kAmber, make_csv_exporter},
    {"json", "a JSON object an indicator", kFile, Pap::kAmber, make_json_exporter},
    {"plain", "a value a line", kFile, Pap::kAmber, make_plain_exporter},
    {"zeek", "Zeek intelligence file", kFile, Pap::kAmber, make_zeek_exporter},
    {"suricata", "Suricata datasets, and rules that use them", kFolder, Pap::kAmber, make_suricata_exporter},
    {"suricata-rules", "Suricata rules, one or a few an indicator, and lists of digests", kFolder, Pap::kAmber, make_suricata_rules_exporter},
    {"wazuh", "Wazuh CDB list: key:value", kFile, Pap::kAmber, make_wazuh_exporter},
    {"rpz", "DNS response policy zone: names and addresses that are not answered", kFile, Pap::kGreen, make_rpz_exporter},
    {"elastic", "Elasticsearch and OpenSearch bulk lines with ECS threat fields", kFile, Pap::kAmber, make_elastic_exporter},
};
// clang-format on

}  // namespace

std::span<const ExportFormatRow> export_formats() {
  return kFormats;
}

const ExportFormatRow* export_format(std::string_view name) {
  for (const ExportFormatRow& row : kFormats) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace spoor
