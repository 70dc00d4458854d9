#include "export/names.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/ascii.h"

namespace spoor {
namespace {

bool is_v6(const Observable& observable) {
  return observable.value.find(':') != std::string::npos;
}

}  // namespace

std::string stix_path(const Observable& observable) {
  if (observable.type == IndicatorType::kCidr && is_v6(observable)) return "ipv6-addr:value";
  if (observable.type == IndicatorType::kSslCertFingerprint) {
    const std::size_t digits = observable.value.size();
    return std::string("x509-certificate:hashes.") + (digits == 32   ? "MD5"
                                                      : digits == 40 ? "'SHA-1'"
                                                                     : "'SHA-256'");
  }
  return std::string(row_of(observable.type).stix);
}

std::string misp_type(const Observable& observable) {
  if (observable.type == IndicatorType::kSslCertFingerprint) {
    const std::size_t digits = observable.value.size();
    return std::string("x509-fingerprint-") + (digits == 32   ? "md5"
                                               : digits == 40 ? "sha1"
                                                              : "sha256");
  }
  return std::string(row_of(observable.type).misp);
}

std::string ecs_type(const Observable& observable) {
  if (observable.type == IndicatorType::kCidr && is_v6(observable)) return "ipv6-addr";
  return std::string(row_of(observable.type).ecs_type);
}

std::string ecs_field(const Observable& observable) {
  if (observable.type == IndicatorType::kSslCertFingerprint) {
    const std::size_t digits = observable.value.size();
    return std::string("tls.server.hash.") + (digits == 32   ? "md5"
                                              : digits == 40 ? "sha1"
                                                             : "sha256");
  }
  const std::string field(row_of(observable.type).ecs_field);
  // Other field sets are named whole (type.cpp).
  for (const char* whole : {"tls.", "vulnerability.", "user_agent."}) {
    if (field.rfind(whole, 0) == 0) return field;
  }
  return field.empty() ? field : "threat.indicator." + field;
}

std::string full_registry_key(std::string_view canonical) {
  constexpr std::pair<std::string_view, std::string_view> kRoots[] = {
      {"hklm", "HKEY_LOCAL_MACHINE"},
      {"hkcu", "HKEY_CURRENT_USER"},
      {"hku", "HKEY_USERS"},
      {"hkcr", "HKEY_CLASSES_ROOT"},
      {"hkcc", "HKEY_CURRENT_CONFIG"}};
  const std::size_t cut = canonical.find('\\');
  for (const auto& [brief, full] : kRoots) {
    if (canonical.substr(0, cut) == brief)
      return std::string(full) + std::string(canonical.substr(brief.size()));
  }
  return std::string(canonical);
}

AddressPort split_port(std::string_view canonical) {
  const std::size_t colon = canonical.rfind(':');
  std::string_view address = canonical.substr(0, colon);
  if (!address.empty() && address.front() == '[')
    address = address.substr(1, address.size() - 2);
  return {std::string(address), std::string(canonical.substr(colon + 1))};
}

std::string plain_words(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text) {
    if (out.size() == most) break;
    const bool plain = c >= 0x20 && c < 0x7F && c != '\\' && c != '"' && c != '\'' && c != ';';
    // One mark for one character, however many bytes it takes.
    if (!plain && is_non_ascii(c) && (static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    out += plain ? c : '?';
  }
  return out;
}

std::string_view cut_utf8(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t size = most;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

std::string joined(const std::vector<std::string>& words, std::string_view joint) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += joint;
    text += word;
  }
  return text;
}

}  // namespace spoor
