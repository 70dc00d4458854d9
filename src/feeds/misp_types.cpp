// See misp_types.h. Tested by misp_test.cpp.

#include "feeds/misp_types.h"

#include <string>

#include "base/ascii.h"

namespace spoor {
namespace {

enum class Shape : std::uint8_t {
  kOne,
  kFile,      ///< a name or a path
  kFilePair,  ///< filename|digest: the name is context where it is no path
  kNameAddress,
  kNamePort,
  kEndpoint,
  kKeyValue,  ///< registry key | name of a value, or its data
  kYara,
};

struct Row {
  std::string_view misp;
  Shape shape;
  std::string_view word;
};

// clang-format off
constexpr Row kRows[] = {
    {"md5", Shape::kOne, "FileHash-MD5"}, {"sha1", Shape::kOne, "FileHash-SHA1"},
    {"sha256", Shape::kOne, "FileHash-SHA256"}, {"sha384", Shape::kOne, "FileHash-SHA384"},
    {"sha512", Shape::kOne, "FileHash-SHA512"}, {"imphash", Shape::kOne, "FileHash-IMPHASH"},
    {"pehash", Shape::kOne, "FileHash-PEHASH"},
    {"filename", Shape::kFile, ""}, {"email-attachment", Shape::kFile, ""}, {"attachment", Shape::kFile, ""},
    {"filename|md5", Shape::kFilePair, "FileHash-MD5"}, {"malware-sample", Shape::kFilePair, "FileHash-MD5"},
    {"filename|sha1", Shape::kFilePair, "FileHash-SHA1"}, {"filename|sha256", Shape::kFilePair, "FileHash-SHA256"},
    {"filename|sha384", Shape::kFilePair, "FileHash-SHA384"}, {"filename|sha512", Shape::kFilePair, "FileHash-SHA512"},
    {"filename|imphash", Shape::kFilePair, "FileHash-IMPHASH"}, {"filename|pehash", Shape::kFilePair, "FileHash-PEHASH"},
    {"filename|authentihash", Shape::kFilePair, ""}, {"filename|impfuzzy", Shape::kFilePair, ""},
    {"filename|ssdeep", Shape::kFilePair, ""}, {"filename|tlsh", Shape::kFilePair, ""},
    {"filename|vhash", Shape::kFilePair, ""}, {"filename|sha224", Shape::kFilePair, ""},
    {"filename|sha512/224", Shape::kFilePair, ""}, {"filename|sha512/256", Shape::kFilePair, ""},
    {"filename|sha3-224", Shape::kFilePair, ""}, {"filename|sha3-256", Shape::kFilePair, ""},
    {"filename|sha3-384", Shape::kFilePair, ""}, {"filename|sha3-512", Shape::kFilePair, ""},
    {"ip-src", Shape::kOne, "ip"}, {"ip-dst", Shape::kOne, "ip"},
    {"ip-src|port", Shape::kEndpoint, "ip"}, {"ip-dst|port", Shape::kEndpoint, "ip"},
    {"hostname", Shape::kOne, "hostname"}, {"domain", Shape::kOne, "domain"},
    {"domain|ip", Shape::kNameAddress, "domain"}, {"hostname|port", Shape::kNamePort, "hostname"},
    {"url", Shape::kOne, "URL"}, {"uri", Shape::kOne, "URI"},
    {"email", Shape::kOne, "email"}, {"email-src", Shape::kOne, "email"}, {"email-dst", Shape::kOne, "email"},
    {"email-reply-to", Shape::kOne, "email"}, {"target-email", Shape::kOne, "email"},
    {"whois-registrant-email", Shape::kOne, "email"}, {"dns-soa-email", Shape::kOne, "email"},
    {"regkey", Shape::kOne, "RegistryKey"}, {"regkey|value", Shape::kKeyValue, "RegistryKey"},
    {"mutex", Shape::kOne, "Mutex"}, {"named pipe", Shape::kOne, "NamedPipe"},
    {"user-agent", Shape::kOne, "UserAgent"}, {"AS", Shape::kOne, "ASN"}, {"btc", Shape::kOne, "BitcoinAddress"},
    {"ja3-fingerprint-md5", Shape::kOne, "JA3"}, {"vulnerability", Shape::kOne, "CVE"},
    {"x509-fingerprint-md5", Shape::kOne, "SSLCertFingerprint"},
    {"x509-fingerprint-sha1", Shape::kOne, "SSLCertFingerprint"},
    {"x509-fingerprint-sha256", Shape::kOne, "SSLCertFingerprint"},
    {"yara", Shape::kYara, "YARA"},
};
// clang-format on

}  // namespace

MispValue misp_value(std::string_view type, std::string_view value) {
  MispValue result;
  const Row* row = nullptr;
  for (const Row& each : kRows) {
    if (equals_ignore_case(each.misp, type)) row = &each;
  }
  if (row == nullptr) return result;
  result.known = true;
  value = trim(value);
  const std::size_t bar = row->shape == Shape::kKeyValue ? value.find('|') : value.rfind('|');
  const std::string_view first = trim(value.substr(0, bar));
  const std::string_view second =
      bar == std::string_view::npos ? std::string_view() : trim(value.substr(bar + 1));
  const auto add = [&](std::string_view word, std::string_view text, bool context = false) {
    result.parts.push_back({word, std::string(text), context});
  };
  switch (row->shape) {
    case Shape::kOne:
      add(row->word, value);
      break;
    case Shape::kFile:
      add(file_word(value), value);
      break;
    case Shape::kFilePair: {
      if (!row->word.empty() && !second.empty()) add(row->word, second);
      const std::string_view word = file_word(first);
      if (!first.empty()) add(word, first, word == "FileName");
      break;
    }
    case Shape::kNameAddress:
      add(row->word, first);
      if (!second.empty()) add("ip", second);
      break;
    case Shape::kNamePort:
      add(row->word, first);
      break;
    case Shape::kEndpoint:
      if (second.empty()) {
        add(row->word, first);
      } else {
        result.parts.push_back({row->word, endpoint_of(first, second)});
      }
      break;
    case Shape::kKeyValue: {
      std::string joined = registry_value_of(first, second);
      const bool has_joined = !joined.empty();
      if (has_joined) result.parts.push_back({row->word, std::move(joined)});
      add(row->word, first, has_joined);
      break;
    }
    case Shape::kYara: {
      const std::string_view name = yara_rule_name(value);
      if (name.empty()) {
        result.known = false;
        break;
      }
      result.parts.push_back({row->word, std::string(name), false, std::string(value)});
      break;
    }
  }
  return result;
}

}  // namespace spoor
