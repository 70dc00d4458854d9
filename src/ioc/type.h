// Every indicator type spoor knows, with its name in each vocabulary of the field, in one
// table. Names: OTX API v1 `pulses/indicators/types` and later documentation (21 types), and
// nine of ours; TheHive's default data types; ECS `threat.indicator.type` and field; STIX 2.1
// pattern objects; MISP attribute types. Adding a type is one row here. Tested by
// type_test.cpp.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace spoor {

enum class IndicatorType : std::uint8_t {
  kIpv4,
  kIpv6,
  kCidr,
  kDomain,
  kHostname,
  kUrl,
  kUri,
  kMd5,
  kSha1,
  kSha256,
  kPehash,
  kImphash,
  kEmail,
  kFilePath,
  kMutex,
  kCve,
  kYara,
  kJa3,
  kOsquery,
  kSslCertFingerprint,
  kBitcoinAddress,
  // Ours, beside OTX's 21.
  kIpv4Port,
  kIpv6Port,
  kSha384,
  kSha512,
  kFileName,
  kRegistryKey,
  kNamedPipe,
  kAsn,
  kUserAgent,
};
inline constexpr std::size_t kIndicatorTypeCount = 30;

/// How a type takes part in a hunt.
enum class Matching : std::uint8_t {
  kText,  ///< looked for in text by the rules of docs/semantics.md
  kRule,  ///< rule-like (YARA, osquery): kept and exported, never matched as text
};

struct TypeRow {
  IndicatorType type;
  std::string_view name;      ///< OTX's name where it has one, else ours: `FileHash-MD5`
  std::string_view thehive4;  ///< data type in TheHive 3 and 4
  std::string_view thehive5;
  std::string_view ecs_type;   ///< `threat.indicator.type`; empty: none
  std::string_view ecs_field;  ///< below `threat.indicator`, or a whole field name; empty: none
  std::string_view stix;       ///< STIX 2.1 pattern object path; empty: no pattern
  std::string_view misp;       ///< MISP attribute type
  std::string_view misp_category;
  std::string_view zeek;      ///< Intel::Type; empty: Zeek has none
  std::string_view suricata;  ///< keywords that look at it, blanks between; empty: none
  Matching matching;
};

/// The whole table, in the order of the enum.
std::span<const TypeRow> indicator_types();
const TypeRow& row_of(IndicatorType type);
inline std::string_view name_of(IndicatorType type) {
  return row_of(type).name;
}

/// Case-blind; also knows common spellings of other tools ("md5", "sha256", "fqdn", "filename",
/// "Intel::DOMAIN", "ip-dst|port", ...). Nothing for a word that no row claims, nor for one
/// that leaves the type to the value ("ip", "hash", "Intel::ADDR").
std::optional<IndicatorType> type_from_name(std::string_view name);

}  // namespace spoor
