#include "export/stix_pattern.h"

#include "base/utf8.h"
#include "export/names.h"

namespace spoor {
namespace {

using T = IndicatorType;

std::string compare(const std::string& path, std::string_view value) {
  return "[" + path + " = " + stix_literal(value) + "]";
}

std::string file_path_pattern(const std::string& path) {
  const std::size_t cut = path.find_last_of("\\/");
  if (cut == std::string::npos || cut + 1 == path.size()) return compare("file:name", path);
  const std::string folder = cut == 0 ? path.substr(0, 1) : path.substr(0, cut);
  return "[file:name = " + stix_literal(std::string_view(path).substr(cut + 1)) +
         " AND file:parent_directory_ref.path = " + stix_literal(folder) + "]";
}

}  // namespace

std::string stix_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : replace_invalid_utf8(text)) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

StixPattern stix_pattern(const ExportItem& item) {
  const Observable& observable = item.observable;
  if (observable.type == T::kYara) {
    return item.content.empty() ? StixPattern{} : StixPattern{"yara", item.content};
  }
  const std::string path = stix_path(observable);
  if (path.empty()) return {};
  switch (observable.type) {
    case T::kCidr:
      return {"stix", "[" + path + " ISSUBSET " + stix_literal(observable.value) + "]"};
    case T::kIpv4Port:
    case T::kIpv6Port: {
      const AddressPort parts = split_port(observable.value);
      const bool v6 = observable.type == T::kIpv6Port;
      return {"stix", std::string("[network-traffic:dst_ref.type = '") +
                          (v6 ? "ipv6-addr" : "ipv4-addr") + "' AND " + path + " = " +
                          stix_literal(parts.address) +
                          " AND network-traffic:dst_port = " + parts.port + "]"};
    }
    case T::kAsn:
      return {"stix", "[" + path + " = " + observable.value.substr(2) + "]"};
    case T::kFilePath:
      return {"stix", file_path_pattern(observable.value)};
    case T::kNamedPipe:
      return {"stix", compare(path, "\\\\.\\pipe\\" + observable.value)};
    case T::kRegistryKey:
      return {"stix", compare(path, full_registry_key(observable.value))};
    default:
      return {"stix", compare(path, observable.value)};
  }
}

}  // namespace spoor
