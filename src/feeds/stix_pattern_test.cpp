#include "feeds/stix_pattern.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

const std::string kMd5 = "0123456789abcdef0123456789abcdef";
using Lines = std::vector<std::string>;

/// The claims of a pattern, "type|value[|context]", or the error.
Lines claims(const std::string& pattern) {
  const auto parsed = parse_stix_pattern(pattern);
  if (!parsed) return {parsed.error().message};
  Lines passed, lines;
  for (const ClaimPart& part : claims_of(stix_facts(*parsed, passed))) {
    lines.push_back(std::string(part.type) + "|" + part.value +
                    (part.context ? "|context" : ""));
  }
  for (const std::string& what : passed) lines.push_back("passed " + what);
  return lines;
}

TEST(StixPattern, names_values) {
  const struct {
    const char* name;
    std::string pattern;
    Lines expect;
  } kCases[] = {
      {"one", "[ipv4-addr:value = '192.0.2.7']", {"ip|192.0.2.7"}},
      {"no blanks", "[ipv4-addr:value='192.0.2.7']", {"ip|192.0.2.7"}},
      {"network", "[ipv4-addr:value ISSUBSET '192.0.2.0/24']", {"ip|192.0.2.0/24"}},
      {"or",
       "[domain-name:value = 'evil.example' OR ipv6-addr:value = '2001:db8::7']",
       {"host|evil.example", "ip|2001:db8::7"}},
      {"or of observations",
       "[url:value = 'http://evil.example/a'] OR [email-addr:value = 'a@evil.example']",
       {"URL|http://evil.example/a", "email|a@evil.example"}},
      {"in",
       "[domain-name:value IN ('a.example', 'b.example','c.example')]",
       {"host|a.example", "host|b.example", "host|c.example"}},
      {"escapes", R"([mutex:name = 'it\'s \\ here'])", {R"(Mutex|it's \ here)"}},
      {"brackets inside text", "[mutex:name = 'a] OR [b']", {"Mutex|a] OR [b"}},
      {"quoted step", "[file:hashes.'SHA-256' = 'x']", {"FileHash-SHA256|x"}},
      {"double quotes", "[file:hashes.\"MD5\" = 'x']", {"FileHash-MD5|x"}},
      {"plain step", "[file:hashes.sha1 = 'x']", {"FileHash-SHA1|x"}},
      {"file alone", "[file:name = 'evil.exe']", {"FileName|evil.exe"}},
      {"path as name", "[file:name = 'C:\\\\x\\\\evil.exe']", {"FilePath|C:\\x\\evil.exe"}},
      {"name beside digests",
       "[file:name = 'a.exe' AND file:hashes.MD5 = 'm' AND file:hashes.'SHA-1' = 's']",
       {"FileName|a.exe|context", "FileHash-MD5|m", "FileHash-SHA1|s"}},
      {"name beside alternatives",
       "[file:name = 'a.exe' AND (file:hashes.MD5 = 'm' OR file:hashes.MD5 = 'n')]",
       {"FileName|a.exe|context", "FileHash-MD5|m", "FileHash-MD5|n"}},
      {"name and size",
       "[file:name = 'a.exe' AND file:size = 25536]",
       {"FileName|a.exe|context", "passed file:size"}},
      {"name and folder",
       "[file:name = 'a.exe' AND file:parent_directory_ref.path = 'C:\\\\Windows\\\\Temp']",
       {"FilePath|C:\\Windows\\Temp\\a.exe"}},
      {"address and port",
       "[network-traffic:dst_ref.value = '192.0.2.7' AND network-traffic:dst_port = 443]",
       {"ip|192.0.2.7:443"}},
      {"address and protocol",
       "[ipv4-addr:value = '192.0.2.7' AND network-traffic:protocols[*] = 'tcp']",
       {"ip|192.0.2.7", "passed network-traffic:protocols"}},
      {"key and value",
       "[windows-registry-key:key = 'HKLM\\\\Software\\\\X' AND "
       "windows-registry-key:values[*].name = 'Run']",
       {"RegistryKey|HKLM\\Software\\X\\Run", "RegistryKey|HKLM\\Software\\X|context"}},
      {"followed by",
       "[file:name = 'a.exe'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.7']",
       {"FileName|a.exe|context", "ip|192.0.2.7"}},
      {"qualifiers",
       "([ipv4-addr:value = '192.0.2.7'] AND [domain-name:value = 'a.example']) WITHIN 300 "
       "SECONDS REPEATS 5 TIMES",
       {"ip|192.0.2.7", "host|a.example"}},
      {"start stop",
       "[ipv4-addr:value = '192.0.2.7'] START t'2026-01-01T00:00:00Z' STOP "
       "t'2026-02-01T00:00:00Z'",
       {"ip|192.0.2.7"}},
      {"not equal", "[ipv4-addr:value != '192.0.2.7']", {"passed != of ipv4-addr:value"}},
      {"not", "[NOT ipv4-addr:value = '192.0.2.7']", {"passed NOT = of ipv4-addr:value"}},
      {"not of an operator",
       "[ipv4-addr:value NOT = '192.0.2.7']",
       {"passed NOT = of ipv4-addr:value"}},
      {"not of all inside",
       "[url:value = 'http://a.example/' AND NOT (ipv4-addr:value = '192.0.2.7' OR "
       "ipv4-addr:value IN ('192.0.2.8'))]",
       {"URL|http://a.example/", "passed NOT = of ipv4-addr:value",
        "passed NOT IN of ipv4-addr:value"}},
      {"like",
       "[domain-name:value LIKE '%.evil.example']",
       {"passed LIKE of domain-name:value"}},
      {"matches", "[url:value MATCHES '^http']", {"passed MATCHES of url:value"}},
      {"exists", "[EXISTS file:name]", {"passed EXISTS of file:name"}},
      {"certificate", "[x509-certificate:hashes.'SHA-1' = 'x']", {"SSLCertFingerprint|x"}},
      {"agent",
       "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'Evil']",
       {"UserAgent|Evil"}},
      {"number", "[autonomous-system:number = 64496]", {"ASN|AS64496"}},
      {"from", "[email-message:from_ref.value = 'a@evil.example']", {"email|a@evil.example"}},
      {"unknown digest", "[file:hashes.SSDEEP = 'x']", {"passed file:hashes.SSDEEP"}},
      {"hex is no text", "[file:name = h'ffd8']", {"passed file:name"}},
      {"over several lines", "[\n ipv4-addr:value\n=\t'192.0.2.7'\n]\n", {"ip|192.0.2.7"}},
  };
  for (const auto& c : kCases) EXPECT_EQ(claims(c.pattern), c.expect) << c.name;
}

TEST(StixPattern, errors_say_where_and_what_was_expected) {
  const struct {
    const char* pattern;
    const char* error;
  } kCases[] = {
      {"", "at byte 0: expected ["},
      {"ipv4-addr:value = '1'", "at byte 0: expected ["},
      {"[ipv4-addr:value = '1'", "at byte 22: expected ]"},
      {"[ipv4-addr:value = '1]", "at byte 19: expected a closing quote"},
      {"[ipv4-addr:value '1']", "at byte 17: expected an operator such as = or IN"},
      {"[ipv4-addr = '1']", "at byte 11: expected object:property"},
      {"[a:b = '1'] [c:d = '2']", "at byte 12: expected AND, OR, FOLLOWEDBY or the end"},
      {"[a:b = '1'] OR", "at byte 14: expected ["},
      {"([a:b = '1']", "at byte 12: expected )"},
      {"[a:b = '1'])", "at byte 12: expected the end"},
      {"[a:b IN '1']", "at byte 8: expected ("},
      {"[a:b = '1'] WITHIN x SECONDS", "at byte 19: expected a number and SECONDS"},
      {"[(a:b = '1']", "at byte 11: expected )"},
  };
  for (const auto& c : kCases) EXPECT_EQ(claims(c.pattern), Lines{c.error}) << c.pattern;
}

TEST(StixPattern, depth_and_number_are_bounded) {
  const std::string deep =
      "[" + std::string(100, '(') + "a:b = '1'" + std::string(100, ')') + "]";
  EXPECT_NE(claims(deep).at(0).find("nested deeper than 64"), std::string::npos);
  std::string many = "[a:b = '1'";
  for (int i = 0; i < 20'001; ++i) many += " OR a:b = '1'";
  const auto parsed = parse_stix_pattern(many + "]");
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().message.find("20000"), std::string::npos);
}

}  // namespace
}  // namespace spoor
