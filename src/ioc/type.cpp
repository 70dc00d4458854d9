// The type table and the words of other tools for its rows. See type.h.
// Sources: OTX API v1; TheHive 4.1 and 5 default data types; ECS 8 threat fields; STIX 2.1 part
// 6 (cyber-observable objects); MISP attribute types; Zeek's Intel::Type. Tested by
// type_test.cpp.

#include "ioc/type.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/check.h"

namespace spoor {
namespace {

using T = IndicatorType;
constexpr auto kText = Matching::kText;
constexpr auto kRule = Matching::kRule;

// ECS fields stand below `threat.indicator`, but for whole names of other field sets
// ("tls.client.ja3", "vulnerability.id"). IMPHASH and PEHASH are `other` in TheHive: its `hash`
// is searched as a digest of files, which they are not.
// clang-format off
constexpr TypeRow kRows[] = {
    {T::kIpv4, "IPv4", "ip", "ip", "ipv4-addr", "ip", "ipv4-addr:value", "ip-dst", "Network activity", "Intel::ADDR", "ip", kText},
    {T::kIpv6, "IPv6", "ip", "ip", "ipv6-addr", "ip", "ipv6-addr:value", "ip-dst", "Network activity", "Intel::ADDR", "ip", kText},
    {T::kCidr, "CIDR", "other", "other", "ipv4-addr", "", "ipv4-addr:value", "ip-dst", "Network activity", "Intel::SUBNET", "ip", kText},
    {T::kDomain, "domain", "domain", "domain", "domain-name", "url.domain", "domain-name:value", "domain", "Network activity", "Intel::DOMAIN", "dns.query tls.sni http.host", kText},
    {T::kHostname, "hostname", "fqdn", "hostname", "domain-name", "url.domain", "domain-name:value", "hostname", "Network activity", "Intel::DOMAIN", "dns.query tls.sni http.host", kText},
    {T::kUrl, "URL", "url", "url", "url", "url.full", "url:value", "url", "Network activity", "Intel::URL", "http.uri", kText},
    {T::kUri, "URI", "uri_path", "uri_path", "url", "url.path", "", "uri", "Network activity", "", "", kText},
    {T::kMd5, "FileHash-MD5", "hash", "hash", "file", "file.hash.md5", "file:hashes.MD5", "md5", "Payload delivery", "Intel::FILE_HASH", "filemd5", kText},
    {T::kSha1, "FileHash-SHA1", "hash", "hash", "file", "file.hash.sha1", "file:hashes.'SHA-1'", "sha1", "Payload delivery", "Intel::FILE_HASH", "filesha1", kText},
    {T::kSha256, "FileHash-SHA256", "hash", "hash", "file", "file.hash.sha256", "file:hashes.'SHA-256'", "sha256", "Payload delivery", "Intel::FILE_HASH", "filesha256", kText},
    {T::kPehash, "FileHash-PEHASH", "other", "other", "file", "file.pe.pehash", "", "pehash", "Payload delivery", "", "", kText},
    {T::kImphash, "FileHash-IMPHASH", "other", "other", "file", "file.pe.imphash", "file:extensions.'windows-pebinary-ext'.imphash", "imphash", "Payload delivery", "", "", kText},
    {T::kEmail, "email", "mail", "mail", "email-addr", "email.address", "email-addr:value", "email", "Network activity", "Intel::EMAIL", "", kText},
    {T::kFilePath, "FilePath", "filename", "filename", "file", "file.path", "file:name", "filename", "Payload delivery", "", "", kText},
    {T::kMutex, "Mutex", "other", "other", "mutex", "name", "mutex:name", "mutex", "Artifacts dropped", "", "", kText},
    {T::kCve, "CVE", "other", "other", "", "vulnerability.id", "", "vulnerability", "External analysis", "", "", kText},
    {T::kYara, "YARA", "other", "other", "", "", "", "yara", "Payload delivery", "", "", kRule},
    {T::kJa3, "JA3", "other", "other", "", "tls.client.ja3", "", "ja3-fingerprint-md5", "Network activity", "", "", kText},
    {T::kOsquery, "osquery", "other", "other", "", "", "", "other", "External analysis", "", "", kRule},
    {T::kSslCertFingerprint, "SSLCertFingerprint", "other", "other", "x509-certificate", "tls.server.hash.sha1", "x509-certificate:hashes.'SHA-1'", "x509-fingerprint-sha1", "Network activity", "Intel::CERT_HASH", "tls.cert_fingerprint", kText},
    {T::kBitcoinAddress, "BitcoinAddress", "other", "other", "", "", "", "btc", "Financial fraud", "", "", kText},
    {T::kIpv4Port, "IPv4-port", "other", "other", "ipv4-addr", "ip", "network-traffic:dst_ref.value", "ip-dst|port", "Network activity", "", "ip", kText},
    {T::kIpv6Port, "IPv6-port", "other", "other", "ipv6-addr", "ip", "network-traffic:dst_ref.value", "ip-dst|port", "Network activity", "", "ip", kText},
    {T::kSha384, "FileHash-SHA384", "hash", "hash", "file", "file.hash.sha384", "file:hashes.'SHA-384'", "sha384", "Payload delivery", "", "", kText},
    {T::kSha512, "FileHash-SHA512", "hash", "hash", "file", "file.hash.sha512", "file:hashes.'SHA-512'", "sha512", "Payload delivery", "", "", kText},
    {T::kFileName, "FileName", "filename", "filename", "file", "file.name", "file:name", "filename", "Payload delivery", "Intel::FILE_NAME", "", kText},
    {T::kRegistryKey, "RegistryKey", "registry", "registry", "windows-registry-key", "registry.path", "windows-registry-key:key", "regkey", "Persistence mechanism", "", "", kText},
    {T::kNamedPipe, "NamedPipe", "other", "other", "file", "name", "file:name", "named pipe", "Artifacts dropped", "", "", kText},
    {T::kAsn, "ASN", "autonomous-system", "autonomous-system", "autonomous-system", "as.number", "autonomous-system:number", "AS", "Network activity", "", "", kText},
    {T::kUserAgent, "UserAgent", "user-agent", "user-agent", "", "user_agent.original", "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'", "user-agent", "Network activity", "Intel::SOFTWARE", "http.user_agent", kText},
};
// clang-format on

static_assert(std::size(kRows) == kIndicatorTypeCount);

struct Word {
  std::string_view word;  ///< as `plain_word` leaves it
  IndicatorType type;
};

// Words of other tools: columns of CSV lists, MISP attribute types, Zeek's Intel::Type, TheHive
// data types, STIX objects. On purpose not here, so that the value decides (infer): words that
// fit several types ("ip", "address", "Intel::ADDR", "hash", "Intel::FILE_HASH", "ip:port",
// "file", "host") and words for what spoor does not keep ("NIDS", "snort", "regexp"). MISP
// pairs of two values ("filename|md5", "domain|ip") are no type either. "ip-dst" stands for
// both families: canonicalize() moves an IPv6 address, a network or a port to its type.
// clang-format off
constexpr Word kWords[] = {
    {"ipv4addr", T::kIpv4}, {"ipv4address", T::kIpv4}, {"ip4", T::kIpv4}, {"ipv4s", T::kIpv4},
    {"ipv4addrvalue", T::kIpv4},
    {"ipdst", T::kIpv4}, {"ipsrc", T::kIpv4}, {"ipdst|port", T::kIpv4Port}, {"ipsrc|port", T::kIpv4Port},
    {"ipv6addr", T::kIpv6}, {"ipv6address", T::kIpv6}, {"ip6", T::kIpv6}, {"ipv6s", T::kIpv6},
    {"ipv6addrvalue", T::kIpv6},
    {"ipv4cidr", T::kCidr}, {"ipv6cidr", T::kCidr}, {"ipcidr", T::kCidr}, {"iprange", T::kCidr},
    {"netblock", T::kCidr}, {"inetsubnet", T::kCidr}, {"intelsubnet", T::kCidr}, {"cidrs", T::kCidr},
    {"domainname", T::kDomain}, {"domains", T::kDomain}, {"inteldomain", T::kDomain},
    {"dnsdomain", T::kDomain}, {"domainnamevalue", T::kDomain},
    {"hostname|port", T::kHostname}, {"fqdn", T::kHostname}, {"hostnames", T::kHostname}, {"fqdns", T::kHostname},
    {"urls", T::kUrl}, {"intelurl", T::kUrl}, {"link", T::kUrl}, {"urlvalue", T::kUrl},
    {"uris", T::kUri}, {"uripath", T::kUri}, {"urlpath", T::kUri},
    {"md5", T::kMd5}, {"md5hash", T::kMd5}, {"hashmd5", T::kMd5}, {"filemd5", T::kMd5},
    {"sha1", T::kSha1}, {"sha1hash", T::kSha1}, {"hashsha1", T::kSha1}, {"filesha1", T::kSha1},
    {"sha256", T::kSha256}, {"sha256hash", T::kSha256}, {"hashsha256", T::kSha256}, {"filesha256", T::kSha256},
    {"sha384", T::kSha384}, {"sha384hash", T::kSha384}, {"hashsha384", T::kSha384}, {"filesha384", T::kSha384},
    {"sha512", T::kSha512}, {"sha512hash", T::kSha512}, {"hashsha512", T::kSha512}, {"filesha512", T::kSha512},
    {"pehash", T::kPehash}, {"imphash", T::kImphash},
    {"mail", T::kEmail}, {"emails", T::kEmail}, {"emailaddr", T::kEmail}, {"emailaddress", T::kEmail},
    {"emailsrc", T::kEmail}, {"emaildst", T::kEmail}, {"intelemail", T::kEmail}, {"mailaddress", T::kEmail},
    {"emailaddrvalue", T::kEmail}, {"targetemail", T::kEmail},
    {"path", T::kFilePath}, {"filepaths", T::kFilePath}, {"fullpath", T::kFilePath},
    {"filenames", T::kFileName}, {"intelfilename", T::kFileName},
    {"mutexes", T::kMutex}, {"mutant", T::kMutex}, {"mutexname", T::kMutex},
    {"vulnerability", T::kCve}, {"cveid", T::kCve}, {"cves", T::kCve},
    {"yararule", T::kYara},
    {"ja3hash", T::kJa3}, {"ja3md5", T::kJa3}, {"ja3fingerprint", T::kJa3}, {"ja3fingerprintmd5", T::kJa3},
    {"intelja3", T::kJa3},
    {"osqueryquery", T::kOsquery},
    {"sslfingerprint", T::kSslCertFingerprint}, {"certfingerprint", T::kSslCertFingerprint},
    {"certhash", T::kSslCertFingerprint}, {"intelcerthash", T::kSslCertFingerprint},
    {"x509fingerprintsha1", T::kSslCertFingerprint}, {"x509fingerprintsha256", T::kSslCertFingerprint},
    {"x509fingerprintmd5", T::kSslCertFingerprint}, {"sslcertsha1", T::kSslCertFingerprint},
    {"btc", T::kBitcoinAddress}, {"bitcoin", T::kBitcoinAddress}, {"btcaddress", T::kBitcoinAddress},
    {"bitcoinwallet", T::kBitcoinAddress},
    {"registry", T::kRegistryKey}, {"regkey", T::kRegistryKey}, {"registrypath", T::kRegistryKey},
    {"windowsregistrykey", T::kRegistryKey}, {"registrykeys", T::kRegistryKey},
    {"pipe", T::kNamedPipe}, {"pipename", T::kNamedPipe},
    {"as", T::kAsn}, {"asnumber", T::kAsn}, {"autonomoussystem", T::kAsn},
    {"useragents", T::kUserAgent}, {"httpuseragent", T::kUserAgent}, {"intelsoftware", T::kUserAgent},
};
// clang-format on

/// Lower case without what words are joined by: "FileHash-MD5", "file_hash md5" ->
/// "filehashmd5".
/// '|' stays: it marks a pair of values.
std::string plain_word(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (char c : name) {
    if (c == '-' || c == '_' || c == ' ' || c == ':' || c == '.') continue;
    out += to_lower(c);
  }
  return out;
}

/// Every word, the rows' own names among them, sorted for a binary search. Built once.
const std::vector<std::pair<std::string, IndicatorType>>& words() {
  static const auto sorted = [] {
    std::vector<std::pair<std::string, IndicatorType>> all;
    for (const TypeRow& row : kRows) all.emplace_back(plain_word(row.name), row.type);
    for (const Word& row : kWords) all.emplace_back(row.word, row.type);
    std::sort(all.begin(), all.end());
    return all;
  }();
  return sorted;
}

}  // namespace

std::span<const TypeRow> indicator_types() {
  return kRows;
}

const TypeRow& row_of(IndicatorType type) {
  const auto at = static_cast<std::size_t>(type);
  SPOOR_CHECK(at < kIndicatorTypeCount && kRows[at].type == type);
  return kRows[at];
}

std::optional<IndicatorType> type_from_name(std::string_view name) {
  constexpr std::size_t kLongestWord = 40;
  if (name.empty() || name.size() > kLongestWord) return std::nullopt;
  const std::string word = plain_word(trim(name));
  const auto& all = words();
  const auto found =
      std::lower_bound(all.begin(), all.end(), word,
                       [](const auto& row, const std::string& key) { return row.first < key; });
  if (found == all.end() || found->first != word) return std::nullopt;
  return found->second;
}

}  // namespace spoor
