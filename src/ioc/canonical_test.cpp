#include "ioc/canonical.h"

#include <gtest/gtest.h>

#include "ioc/type.h"

namespace spoor {
namespace {

using T = IndicatorType;

const std::string kMd5Text = "3C13095DE829E8A9E831FF0E978F114E";
const std::string kMd5Lower = "3c13095de829e8a9e831ff0e978f114e";

TEST(Canonical, values_and_reclassification) {
  const struct {
    T type;
    std::string raw;
    T is;
    std::string value;
    const char* note;  // rule of the first note; "" none
  } cases[] = {
      {T::kIpv4, " \"192[.]0[.]2[.]5\" ", T::kIpv4, "192.0.2.5", ""},
      {T::kIpv4, "192.000.002.005", T::kIpv4, "192.0.2.5", "I3"},
      {T::kIpv4, "192.0.2.77/24", T::kCidr, "192.0.2.0/24", "C2"},
      {T::kIpv4, "2001:DB8::5", T::kIpv6, "2001:db8::5", "S2"},
      {T::kIpv4, "192.0.2.5:8443", T::kIpv4Port, "192.0.2.5:8443", "S2"},
      {T::kIpv4Port, "192.0.2.5|8443", T::kIpv4Port, "192.0.2.5:8443", ""},
      {T::kIpv6, "::ffff:192.0.2.5", T::kIpv4, "192.0.2.5", "I7"},
      {T::kIpv6, "[fe80::5%eth0]", T::kIpv6, "fe80::5", ""},
      {T::kIpv6Port, "[2001:DB8::5]:8443", T::kIpv6Port, "[2001:db8::5]:8443", ""},
      {T::kCidr, "192.0.2.5", T::kIpv4, "192.0.2.5", "S2"},
      {T::kCidr, "2001:db8::5/128", T::kCidr, "2001:db8::5/128", ""},
      {T::kDomain, "*.EVIL[.]example.", T::kDomain, "evil.example", ""},
      {T::kDomain, "192.0.2.5", T::kIpv4, "192.0.2.5", "S2"},
      {T::kDomain, "evil.example/gate.php", T::kUrl, "http://evil.example/gate.php", "S2"},
      {T::kHostname, "hxxps://evil.example/x", T::kUrl, "https://evil.example/x", "S2"},
      {T::kHostname, "www.evil.example|443", T::kHostname, "www.evil.example", "D5"},
      {T::kUrl, "hxxp://EVIL[.]example:80", T::kUrl, "http://evil.example/", ""},
      {T::kUrl, "evil.example:80/x", T::kUrl, "http://evil.example/x", "U1"},
      {T::kUri, "http://evil.example/x", T::kUrl, "http://evil.example/x", "S2"},
      {T::kUri, "/gate.php?a[.]=1", T::kUri, "/gate.php?a[.]=1", ""},
      {T::kUri, "gate.php", T::kUri, "/gate.php", "U1"},
      {T::kUri, "/x?\xC2\xA0#y", T::kUri, "/x?", ""},
      {T::kUrl, "http://[::ffff:192.0.2.5]/x", T::kUrl, "http://192.0.2.5/x", ""},
      {T::kDomain,
       "\xE2\x80\x9C"
       "evil.example\xE2\x80\x9D",
       T::kDomain, "evil.example", ""},
      {T::kDomain,
       "\xC2\xAB\xC2\xA0"
       "evil.example\xC2\xA0\xC2\xBB",
       T::kDomain, "evil.example", ""},
      {T::kIpv4,
       "\xEF\xBB\xBF"
       "192.0.2.5\xE2\x80\x8B",
       T::kIpv4, "192.0.2.5", ""},
      {T::kFilePath, "%TMP%", T::kFilePath, "%temp%", ""},
      {T::kFilePath, "%TEMP%\\", T::kFilePath, "%temp%", ""},
      {T::kFileName, "%TEMP%", T::kFileName, "%TEMP%", ""},
      {T::kFilePath, "\\\\.\\pipe\\Evil", T::kNamedPipe, "evil", "S2"},
      {T::kFilePath, "HKLM\\Software\\Evil", T::kRegistryKey, "hklm\\software\\evil", "S2"},
      {T::kUri, "/%7Ekit/./gate.php", T::kUri, "/~kit/gate.php", ""},
      {T::kUri, "a\xFE/%c3.php?b", T::kUri, "/a%FE/%C3.php?b", "U1"},
      {T::kMd5, kMd5Text, T::kMd5, kMd5Lower, ""},
      {T::kSha256, kMd5Text, T::kMd5, kMd5Lower, "H1"},
      {T::kMd5, "md5:" + kMd5Text, T::kMd5, kMd5Lower, ""},
      {T::kSslCertFingerprint, "9C:6F:C9:30:FF:EF:40:D8:F3:09:EE:AA:B6:23:1B:59:B2:67:7A:D9",
       T::kSslCertFingerprint, "9c6fc930ffef40d8f309eeaab6231b59b2677ad9", ""},
      {T::kEmail, "Bob+x[at]Evil[.]example", T::kEmail, "bob+x@evil.example", ""},
      {T::kFilePath, "C:\\Windows\\Temp\\P.exe", T::kFilePath, "c:\\windows\\temp\\p.exe", ""},
      {T::kFilePath, "P.exe", T::kFileName, "P.exe", "F3"},
      {T::kFileName, "/tmp//.x/Run", T::kFilePath, "/tmp/.x/Run", "F3"},
      {T::kRegistryKey, "HKEY_LOCAL_MACHINE\\Software\\Run", T::kRegistryKey,
       "hklm\\software\\run", ""},
      {T::kMutex, "Global\\Evil[.]1", T::kMutex, "Evil[.]1", ""},
      {T::kNamedPipe, "\\\\.\\pipe\\MSSE-1", T::kNamedPipe, "msse-1", ""},
      {T::kCve, "cve-2021-44228", T::kCve, "CVE-2021-44228", ""},
      {T::kAsn, "asn 64496", T::kAsn, "AS64496", ""},
      {T::kUserAgent, " Evil/1.0 (x) ", T::kUserAgent, "Evil/1.0 (x)", ""},
      {T::kBitcoinAddress, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", T::kBitcoinAddress,
       "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", ""},
  };
  for (const auto& c : cases) {
    const auto out = canonicalize(c.type, c.raw);
    ASSERT_TRUE(out) << c.raw << ": " << out.error().reason;
    EXPECT_EQ(name_of(out->observable.type), name_of(c.is)) << c.raw;
    EXPECT_EQ(out->observable.value, c.value) << c.raw;
    EXPECT_EQ(out->notes.empty() ? "" : out->notes.front().rule, c.note) << c.raw;
    const auto again = canonicalize(out->observable.type, out->observable.value);
    ASSERT_TRUE(again) << c.value << ": " << again.error().reason;
    EXPECT_EQ(again->observable, out->observable) << c.raw;
  }
}

TEST(Canonical, refusals_name_their_rule) {
  const struct {
    T type;
    std::string raw;
    const char* rule;
  } cases[] = {
      {T::kIpv4, "192.0.2.256", "I1"},
      {T::kIpv4, "010.8.8.8", "I3"},
      {T::kIpv6, "20:01:0d:b8", "V1"},
      {T::kCidr, "192.0.2.0/33", "C1"},
      {T::kIpv4Port, "192.0.2.5:70000", "P1"},
      {T::kDomain, "evil..example", "D1"},
      {T::kDomain, "1.2.3.4.5", "D1"},
      {T::kDomain, "evil dot example", "X3"},
      {T::kUrl, "http://evil[.example/", "X3"},
      {T::kMd5, "3c13", "H1"},
      {T::kImphash, std::string(40, 'a'), "H1"},
      {T::kEmail, "evil.example", "E1"},
      {T::kRegistryKey, "Software\\Run", "R1"},
      {T::kCve, "CVE-2021", "O2"},
      {T::kAsn, "AS4294967296", "O3"},
      {T::kBitcoinAddress, "0BoatSLRHtKNngkdXEeobR76b53LETtpyT", "O4"},
      {T::kDomain, "  ", "S5"},
      {T::kUserAgent, std::string(8193, 'a'), "S5"},
  };
  for (const auto& c : cases) {
    const auto out = canonicalize(c.type, c.raw);
    ASSERT_FALSE(out) << c.raw.substr(0, 60) << " gave " << out->observable.value;
    EXPECT_EQ(out.error().rule, c.rule) << c.raw.substr(0, 60) << ": " << out.error().reason;
    EXPECT_FALSE(out.error().reason.empty());
  }
}

TEST(Infer, most_plain_type) {
  const struct {
    std::string raw;
    T type;
    std::string value;
  } cases[] = {
      {"hxxp://evil[.]example/x", T::kUrl, "http://evil.example/x"},
      {"bob@evil.example", T::kEmail, "bob@evil.example"},
      {"192.0.2.0/24", T::kCidr, "192.0.2.0/24"},
      {"192.0.2.5:8443", T::kIpv4Port, "192.0.2.5:8443"},
      {"192[.]0[.]2[.]5", T::kIpv4, "192.0.2.5"},
      {"[2001:db8::5]:80", T::kIpv6Port, "[2001:db8::5]:80"},
      {kMd5Text, T::kMd5, kMd5Lower},
      {std::string(64, 'a'), T::kSha256, std::string(64, 'a')},
      {"cve-2021-44228", T::kCve, "CVE-2021-44228"},
      {"AS64496", T::kAsn, "AS64496"},
      {"HKLM\\Software\\Run", T::kRegistryKey, "hklm\\software\\run"},
      {"C:\\a\\P.exe", T::kFilePath, "c:\\a\\p.exe"},
      {"\\\\.\\pipe\\Evil", T::kNamedPipe, "evil"},
      {"/tmp/.x/run", T::kFilePath, "/tmp/.x/run"},
      {"evil.example/gate.php", T::kUrl, "http://evil.example/gate.php"},
      {"evil.example", T::kDomain, "evil.example"},
      {"www.evil.example", T::kHostname, "www.evil.example"},
      {"evil.co.uk", T::kDomain, "evil.co.uk"},
      {"co.uk", T::kDomain, "co.uk"},
      {"evil.exe", T::kFileName, "evil.exe"},
      {"Invoice (1).PDF", T::kFileName, "Invoice (1).PDF"},
      {"update.zip", T::kDomain, "update.zip"},
      {"as5.example", T::kDomain, "as5.example"},
  };
  for (const auto& c : cases) {
    const auto out = infer(c.raw);
    ASSERT_TRUE(out) << c.raw << ": " << out.error().reason;
    EXPECT_EQ(name_of(out->observable.type), name_of(c.type)) << c.raw;
    EXPECT_EQ(out->observable.value, c.value) << c.raw;
  }
}

TEST(Infer, refuses_what_shows_no_type) {
  for (const char* raw :
       {"", "hello", "two words", "/x", "192.0.2.256", "010.8.8.8", "evil[.example",
        "evil dot example", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}) {
    const auto out = infer(raw);
    ASSERT_FALSE(out) << raw;
    EXPECT_FALSE(out.error().rule.empty() || out.error().reason.empty()) << raw;
  }
}

}  // namespace
}  // namespace spoor
