// Source of the words: MISP's attribute types (MISP/misp-objects, "describeTypes"). A list that
// is about one kind of name is about all: which of domain and hostname a name is, feeds say
// differently.

#include "noise/attributes.h"

#include <string_view>

#include "base/ascii.h"

namespace spoor {
namespace {

using T = IndicatorType;

constexpr TypeSet kNames = set_of(T::kDomain) | set_of(T::kHostname);
constexpr TypeSet kAddresses = set_of(T::kIpv4) | set_of(T::kIpv6) | set_of(T::kCidr);
constexpr TypeSet kEndpoints = set_of(T::kIpv4Port) | set_of(T::kIpv6Port);
constexpr TypeSet kFiles = set_of(T::kFileName) | set_of(T::kFilePath);

struct AttributeRow {
  std::string_view word;
  TypeSet types;
};
constexpr AttributeRow kAttributes[] = {
    {"domain", kNames},
    {"hostname", kNames},
    {"hostname|port", kNames},
    {"domain|ip", kNames | kAddresses},
    {"ip-src", kAddresses},
    {"ip-dst", kAddresses},
    {"ip", kAddresses},
    {"ip-src|port", kAddresses | kEndpoints},
    {"ip-dst|port", kAddresses | kEndpoints},
    {"url", set_of(T::kUrl)},
    {"link", set_of(T::kUrl)},
    {"uri", set_of(T::kUrl) | set_of(T::kUri)},
    {"md5", set_of(T::kMd5)},
    {"sha1", set_of(T::kSha1)},
    {"sha256", set_of(T::kSha256)},
    {"sha384", set_of(T::kSha384)},
    {"sha512", set_of(T::kSha512)},
    {"filename|md5", set_of(T::kMd5)},
    {"filename|sha1", set_of(T::kSha1)},
    {"filename|sha256", set_of(T::kSha256)},
    {"filename|sha384", set_of(T::kSha384)},
    {"filename|sha512", set_of(T::kSha512)},
    {"imphash", set_of(T::kImphash)},
    {"filename|imphash", set_of(T::kImphash)},
    {"pehash", set_of(T::kPehash)},
    {"filename|pehash", set_of(T::kPehash)},
    {"filename", kFiles},
    {"email", set_of(T::kEmail)},
    {"email-src", set_of(T::kEmail)},
    {"email-dst", set_of(T::kEmail)},
    {"email-reply-to", set_of(T::kEmail)},
    {"target-email", set_of(T::kEmail)},
    {"user-agent", set_of(T::kUserAgent)},
    {"mutex", set_of(T::kMutex)},
    {"named pipe", set_of(T::kNamedPipe)},
    {"regkey", set_of(T::kRegistryKey)},
    {"regkey|value", set_of(T::kRegistryKey)},
    {"vulnerability", set_of(T::kCve)},
    {"as", set_of(T::kAsn)},
    {"btc", set_of(T::kBitcoinAddress)},
    {"ja3-fingerprint-md5", set_of(T::kJa3)},
    {"x509-fingerprint-md5", set_of(T::kSslCertFingerprint)},
    {"x509-fingerprint-sha1", set_of(T::kSslCertFingerprint)},
    {"x509-fingerprint-sha256", set_of(T::kSslCertFingerprint)},
};

}  // namespace

TypeSet types_of_attributes(const std::vector<std::string>& attributes) {
  if (attributes.empty()) return kAllTypes;
  TypeSet types = 0;
  for (const std::string& word : attributes) {
    for (const AttributeRow& row : kAttributes) {
      if (equals_ignore_case(row.word, word)) types |= row.types;
    }
  }
  return types;
}

}  // namespace spoor
