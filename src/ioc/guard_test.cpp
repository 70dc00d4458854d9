#include "ioc/guard.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

using T = IndicatorType;

TEST(Guards, keep_apart_what_would_drown_a_hunt) {
  const struct {
    T type;
    const char *value, *reason;
  } cases[] = {
      {T::kMd5, "d41d8cd98f00b204e9800998ecf8427e", "the MD5 of the empty file"},
      {T::kSha1, "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", "the SHA-1 of \"test\""},
      {T::kMd5, "00000000000000000000000000000000", "an all-zero digest"},
      {T::kDomain, "co.uk", "a public suffix"},
      {T::kDomain, "localhost", "a single label"},
      {T::kIpv4, "0.1.2.3", "an address of the this-host range 0.0.0.0/8"},
      {T::kIpv4, "10.0.0.1", "an address of the private range 10.0.0.0/8"},
      {T::kIpv4, "100.127.255.255", "an address of the shared address space 100.64.0.0/10"},
      {T::kIpv4, "172.31.0.1", "an address of the private range 172.16.0.0/12"},
      {T::kIpv4, "255.255.255.255", "an address of the reserved range 240.0.0.0/4"},
      {T::kIpv6, "::1", "the loopback address ::1"},
      {T::kIpv6, "fe80::5", "an address of the link-local range fe80::/10"},
      {T::kIpv6, "fd00::5", "an address of the unique local range fc00::/7"},
      {T::kCidr, "8.0.0.0/7", "a prefix shorter than /8"},
      {T::kCidr, "2001::/18", "a prefix shorter than /19"},
      {T::kCidr, "192.168.3.0/24", "a network in the private range 192.168.0.0/16"},
      {T::kIpv4Port, "127.0.0.1:80", "an address of the loopback range 127.0.0.0/8"},
      {T::kIpv6Port, "[fe80::1]:80", "an address of the link-local range fe80::/10"},
      {T::kUrl, "http://192.168.1.1/x",
       "the host 192.168.1.1: an address of the private range 192.168.0.0/16"},
      {T::kUrl, "http://workers.dev/", "the host workers.dev: a public suffix"},
      {T::kUrl, "http://localhost/x", "the host localhost: a single label"},
      {T::kFilePath, "/", "a root and no path"},
      {T::kFilePath, "/tmp", "a path of one component"},
      {T::kFilePath, "c:\\", "a root and no path"},
      {T::kFilePath, "c:\\windows", "a path of one component"},
      {T::kFilePath, "%temp%", "a root and no path"},
      {T::kRegistryKey, "hklm", "a registry root and no key"},
      {T::kAsn, "AS0", "AS 0 is nobody's"},
      {T::kMutex, "abc", "a value under 4 characters"},
      {T::kFileName, "a.b", "a value under 4 characters"},
  };
  for (const auto& c : cases) {
    const auto reason = quarantine_reason({c.type, c.value});
    ASSERT_TRUE(reason) << c.value;
    EXPECT_EQ(reason->rule, "S5") << c.value;
    EXPECT_EQ(reason->reason, c.reason) << c.value;
  }
}

TEST(Guards, let_pass) {
  const struct {
    T type;
    const char* value;
  } cases[] = {
      {T::kIpv4, "192.0.2.5"},
      {T::kIpv4, "198.51.100.7"},
      {T::kIpv4, "100.128.0.1"},
      {T::kIpv4, "172.32.0.1"},
      {T::kIpv4, "9.255.255.255"},
      {T::kIpv6, "2001:db8::5"},
      {T::kIpv6, "::2"},
      {T::kCidr, "203.0.113.0/24"},
      {T::kCidr, "8.0.0.0/8"},
      {T::kDomain, "evil.example"},
      {T::kDomain, "a.co.uk"},
      {T::kUrl, "http://evil.example/"},
      {T::kUrl, "http://s3.amazonaws.com/bucket/p.exe"},
      {T::kUrl, "http://workers.dev/?id=7"},
      {T::kFilePath, "/tmp/x.sh"},
      {T::kFilePath, "%temp%\\p.exe"},
      {T::kFilePath, "c:\\windows\\temp\\p.exe"},
      {T::kRegistryKey, "hklm\\software\\x"},
      {T::kAsn, "AS1"},
      {T::kMutex, "abcd"},
      {T::kYara, "x"},
      {T::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
  };
  for (const auto& c : cases) {
    const auto reason = quarantine_reason({c.type, c.value});
    EXPECT_FALSE(reason) << c.value << ": " << reason->reason;
  }
}

}  // namespace
}  // namespace spoor
