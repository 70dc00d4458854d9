#include "feeds/otx_api.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace spoor {
namespace {

TEST(OtxApi, names_the_feeds_and_builds_their_addresses) {
  const struct {
    const char* typed;
    const char* path;
  } cases[] = {
      {"subscribed", "/api/v1/pulses/subscribed?limit=20&page=3&modified_since="},
      {"activity", "/api/v1/pulses/activity?limit=20&page=3&modified_since="},
      {"user:north watch/1", "/api/v1/pulses/user/north%20watch%2F1?limit=20&page=3&since="},
      {"group:17", "/api/v1/groups/17/pulses?limit=20&page=3&since="},
  };
  const Time since = parse_iso8601("2026-05-01T00:00:00")->time;
  for (const auto& c : cases) {
    const auto feed = parse_otx_feed(c.typed);
    ASSERT_TRUE(feed) << c.typed;
    EXPECT_EQ(feed->text(), c.typed);
    EXPECT_EQ(otx_feed_path(*feed, since, 20, 3),
              std::string(c.path) + "2026-05-01T00%3A00%3A00Z");
    EXPECT_EQ(otx_feed_path(*feed, std::nullopt, 20, 3).find("since"), std::string::npos);
  }
  for (const char* wrong : {"", "user", "user:", "subscribed:x", "events", "USER:x"})
    EXPECT_FALSE(parse_otx_feed(wrong)) << wrong;
}

TEST(OtxApi, a_value_is_one_segment_of_the_path_of_its_type) {
  const struct {
    const char* type;
    const char* value;
    const char* path;
  } cases[] = {
      {"IPv4", " 198.51.100.7 ", "IPv4/198.51.100.7"},
      {"ipv4", "198[.]51[.]100[.]7", "IPv4/198.51.100.7"},
      {"auto", "198.51.100.7", "IPv4/198.51.100.7"},
      {"IPv6", "2001:DB8::0:1", "IPv6/2001%3Adb8%3A%3A1"},
      {"domain", "Evil.Example.", "domain/evil.example"},
      {"hostname", "cdn.evil.example", "hostname/cdn.evil.example"},
      {"auto", "cdn.parcel.co.uk", "hostname/cdn.parcel.co.uk"},
      {"auto", "parcel.co.uk", "domain/parcel.co.uk"},
      {"domain",
       "b\xC3\xBC"
       "cher.example",
       "domain/xn--bcher-kva.example"},
      {"url", "http://evil.example/a?q=1#x", "url/http%3A%2F%2Fevil.example%2Fa%3Fq%3D1"},
      {"URL", "hxxp://evil.example/", "url/http%3A%2F%2Fevil.example%2F"},
      {"FileHash-MD5", "D41D8CD98F00B204E9800998ECF8427F",
       "file/d41d8cd98f00b204e9800998ecf8427f"},
      {"file", "da39a3ee5e6b4b0d3255bfef95601890afd80700",
       "file/da39a3ee5e6b4b0d3255bfef95601890afd80700"},
      {"CVE", "cve-2021-44228", "cve/CVE-2021-44228"},
      {"nids", "2820184", "nids/2820184"},
      {"correlation-rule", "a/b", "correlation-rule/a%2Fb"},
  };
  for (const auto& c : cases) {
    const auto subject = otx_subject(c.type, c.value);
    ASSERT_TRUE(subject) << c.type << " " << c.value << ": " << subject.error().message;
    const std::string path = otx_lookup_path(*subject, "general");
    // Fragments and blanks are the canonical form's business; the address holds one segment.
    EXPECT_EQ(path.rfind(std::string("/api/v1/indicators/") + c.path, 0), 0u) << path;
    EXPECT_EQ(std::count(path.begin(), path.end(), '/'), 6) << path;
  }
}

TEST(OtxApi, what_has_no_path_is_not_asked) {
  const struct {
    const char* type;
    const char* value;
    const char* said;
  } cases[] = {
      {"IPv4", "10.1.2.3", "OTX refuses such addresses"},
      {"auto", "192.168.0.1", "OTX refuses such addresses"},
      {"IPv4", "300.1.2.3", "(I1)"},
      {"email", "a@evil.example", "OTX has no path for email"},
      {"FileHash-PEHASH", "da39a3ee5e6b4b0d3255bfef95601890afd80700", "OTX has no path for"},
      {"file", "evil.example", "expected an MD5, SHA1 or SHA256"},
      {"planet", "mars", "expected auto, IPv4, IPv6"},
      {"IPv4", "  ", "found no value"},
  };
  for (const auto& c : cases) {
    const auto subject = otx_subject(c.type, c.value);
    ASSERT_FALSE(subject) << c.type << " " << c.value;
    EXPECT_NE(subject.error().message.find(c.said), std::string::npos)
        << subject.error().message;
  }
}

TEST(OtxApi, every_section_of_every_type_is_in_the_table) {
  std::set<std::string> used;
  for (const OtxLookupRow& row : otx_lookups()) {
    const OtxSubject subject{&row, "x"};
    const std::string all[] = {"all"};
    const auto sections = otx_sections_of(subject, all);
    ASSERT_TRUE(sections) << row.type;
    ASSERT_FALSE(sections->empty());
    EXPECT_EQ(sections->front()->name, "general") << row.type;
    for (const OtxSectionRow* section : *sections) {
      ASSERT_NE(section, nullptr) << row.type;
      used.insert(std::string(section->name));
    }
    EXPECT_EQ(otx_sections_of(subject, {})->size(), 1u);
  }
  for (const OtxSectionRow& section : otx_sections())
    EXPECT_EQ(used.count(std::string(section.name)), 1u) << section.name;
  const auto subject = otx_subject("url", "http://evil.example/");
  const std::string wrong[] = {"general", "whois"};
  const auto refused = otx_sections_of(*subject, wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "section 'whois' of url, expected all or one of general, url_list, http_scans");
  const std::string twice[] = {"url_list", "general", "url_list"};
  EXPECT_EQ(otx_sections_of(*subject, twice)->size(), 2u);
}

}  // namespace
}  // namespace spoor
