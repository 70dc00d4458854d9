// Text of others on its way out: one indicator whose every word is the input, in every format.
// It must be one record of each: JSON parses, a line is a line, a rule's quotes are closed.
// Corpus: corpus/export.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "export/format.h"
#include "net/json.h"

namespace {

using namespace spoor;

std::size_t lines_in(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// The only file's text, or that of spoor.rules; `written`: whether the format carried it.
std::string write(std::string_view format, const ExportItem& item, bool& written) {
  ExportHead head;
  head.title = item.description.empty() ? "t" : item.description;
  head.producer = "p";
  head.pulse = [&](std::string_view id) -> Result<std::optional<Pulse>> {
    Pulse pulse;
    pulse.id = id;
    pulse.name = pulse.description = item.description;
    pulse.tags = pulse.references = {item.description};
    return pulse;
  };
  MemoryTarget target;
  const auto exporter = export_format(format)->make();
  SPOOR_CHECK(exporter->begin(head, target));
  const auto reason = exporter->add(item);
  SPOOR_CHECK(reason && exporter->end());
  written = reason->empty();
  return target.files[format == "suricata-rules" ? "spoor.rules" : ""];
}

void check_formats(const ExportItem& item) {
  JsonParser parser;
  bool written = false;
  for (const char* format : {"stix", "misp"})
    SPOOR_CHECK(parser.parse(write(format, item, written)).has_value());
  const std::string json = write("json", item, written);
  SPOOR_CHECK(lines_in(json) == 1 && parser.parse(json).has_value());
  const std::string elastic = write("elastic", item, written);
  SPOOR_CHECK(lines_in(elastic) == 2);
  SPOOR_CHECK(parser.parse(elastic.substr(elastic.find('\n') + 1)).has_value());
  const std::string zeek = write("zeek", item, written);
  SPOOR_CHECK(lines_in(zeek) == (written ? 2U : 1U));
  SPOOR_CHECK(std::count(zeek.begin(), zeek.end(), '\t') == (written ? 9 : 5));
  for (const char* format : {"plain", "wazuh"})
    SPOOR_CHECK(lines_in(write(format, item, written)) == (written ? 1U : 0U));
  const std::string rpz = write("rpz", item, written);
  SPOOR_CHECK(written || lines_in(rpz) == 3);
  const std::string rules = write("suricata-rules", item, written);
  SPOOR_CHECK(std::count(rules.begin(), rules.end(), '"') % 2 == 0);
  SPOOR_CHECK(std::all_of(rules.begin(), rules.end(),
                          [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7F); }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  ClaimView claim;
  constexpr IndicatorType kTypes[] = {IndicatorType::kUserAgent, IndicatorType::kFileName,
                                      IndicatorType::kMutex, IndicatorType::kFilePath,
                                      IndicatorType::kYara};
  // The name is canonical; what takes any text takes it.
  claim.observable = data[0] % 8 < std::size(kTypes)
                         ? Observable{kTypes[data[0] % 8], text}
                         : Observable{IndicatorType::kDomain, "evil.example"};
  claim.feed = claim.pulse_id = claim.pulse_name = claim.role = claim.title =
      claim.description = claim.content = claim.adversary = text;
  claim.tags = claim.malware_families = claim.attack_ids = {text, "T1059"};
  check_formats(make_item({claim}, Time{}));
  return 0;
}
