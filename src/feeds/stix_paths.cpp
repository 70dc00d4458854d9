// The properties of STIX objects that hold something to hunt, in one table. Beside STIX 2.1,
// part 6, it has what tools write that stray from it (MVT: file:path, process:name; OpenCTI:
// hostname:value, user-agent:value). Tested by stix_pattern_test.cpp.

#include <string>

#include "base/ascii.h"
#include "feeds/feed.h"
#include "feeds/stix_pattern.h"

namespace spoor {
namespace {

using Kind = PatternFact::Kind;

struct Row {
  std::string_view object;  ///< "": any
  std::string_view path;    ///< whole, or its end where `object` is ""
  Kind kind;
  std::string_view type;
};

constexpr Row kRows[] = {
    {"ipv4-addr", "value", Kind::kStrong, "ip"},
    {"ipv6-addr", "value", Kind::kStrong, "ip"},
    {"domain-name", "value", Kind::kStrong, kHostWord},
    {"domain-name", "resolves_to_refs.value", Kind::kStrong, "ip"},
    {"hostname", "value", Kind::kStrong, "hostname"},
    {"x-opencti-hostname", "value", Kind::kStrong, "hostname"},
    {"url", "value", Kind::kStrong, "URL"},
    {"email-addr", "value", Kind::kStrong, "email"},
    {"user-agent", "value", Kind::kWeak, "UserAgent"},
    {"autonomous-system", "number", Kind::kWeak, "ASN"},
    {"mutex", "name", Kind::kStrong, "Mutex"},
    {"file", "name", Kind::kWeak, "FileName"},
    {"file", "path", Kind::kWeak, "FileName"},
    {"file", "parent_directory_ref.path", Kind::kFolder, "FilePath"},
    {"directory", "path", Kind::kFolder, "FilePath"},
    {"process", "name", Kind::kWeak, "FileName"},
    {"windows-registry-key", "key", Kind::kWeak, "RegistryKey"},
    {"windows-registry-key", "values.name", Kind::kValueName, "RegistryKey"},
    {"network-traffic", "dst_port", Kind::kPort, "ip"},
    {"vulnerability", "name", Kind::kStrong, "CVE"},
    {"", "from_ref.value", Kind::kStrong, "email"},
    {"", "sender_ref.value", Kind::kStrong, "email"},
    {"", "dst_ref.value", Kind::kStrong, kHostWord},
    {"", "src_ref.value", Kind::kStrong, "ip-src"},
    {"", "image_ref.name", Kind::kWeak, "FileName"},
    {"", "binary_ref.name", Kind::kWeak, "FileName"},
    {"", "body_raw_ref.name", Kind::kWeak, "FileName"},
    {"", "request_header.User-Agent", Kind::kWeak, "UserAgent"},
    {"", "windows-pebinary-ext.imphash", Kind::kWeak, "FileHash-IMPHASH"},
};

struct DigestRow {
  std::string_view name;  ///< lower-case letters and digits of the hash's name
  std::string_view type;
};
constexpr DigestRow kDigests[] = {
    {"md5", "FileHash-MD5"},       {"sha1", "FileHash-SHA1"},     {"sha256", "FileHash-SHA256"},
    {"sha384", "FileHash-SHA384"}, {"sha512", "FileHash-SHA512"},
};

std::string plain_letters(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (is_alnum(c)) out += to_lower(c);
  }
  return out;
}

bool ends_in(std::string_view path, std::string_view end) {
  if (path.size() < end.size() || path.substr(path.size() - end.size()) != end) return false;
  return path.size() == end.size() || path[path.size() - end.size() - 1] == '.';
}

}  // namespace

StixProperty stix_property(std::string_view object, std::string_view path) {
  const std::size_t last = path.rfind('.');
  if (last != std::string_view::npos && ends_in(path.substr(0, last), "hashes")) {
    const std::string name = plain_letters(path.substr(last + 1));
    if (name == "imphash") return {true, Kind::kWeak, "FileHash-IMPHASH"};
    for (const DigestRow& row : kDigests) {
      if (row.name != name) continue;
      if (object == "x509-certificate") return {true, Kind::kStrong, "SSLCertFingerprint"};
      return {true, Kind::kDigest, row.type};
    }
    return {};
  }
  for (const Row& row : kRows) {
    const bool met =
        row.object.empty() ? ends_in(path, row.path) : row.object == object && row.path == path;
    if (met) return {true, row.kind, row.type};
  }
  return {};
}

}  // namespace spoor
