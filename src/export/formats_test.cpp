// Each format by hand-computed lines, and all of them against texts that try to break out.

#include <gtest/gtest.h>

#include <algorithm>

#include "base/csv_writer.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "export/names.h"
#include "export/rpz_name.h"
#include "export/stix_objects.h"
#include "export/stix_pattern.h"
#include "export/suricata_text.h"
#include "export/test_items.h"
#include "net/json.h"

namespace spoor {
namespace {

using T = IndicatorType;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(Uuid5, is_rfc_9562s) {
  // RFC 9562, A.4: "www.example.com" in the namespace of DNS names.
  constexpr Uuid kDns = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                         0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  EXPECT_EQ(uuid_text(uuid5(kDns, "www.example.com")), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  EXPECT_NE(uuid5(kDns, std::string(200, 'x')), uuid5(kDns, std::string(201, 'x')));
}

TEST(StixPattern, of_each_type) {
  const std::vector<std::pair<T, std::string>> expected = {
      {T::kIpv4, "[ipv4-addr:value = '203.0.113.7']"},
      {T::kCidr, "[ipv4-addr:value ISSUBSET '203.0.113.0/24']"},
      {T::kUrl, "[url:value = 'http://evil.example:8080/a\\'b\\\\c?d=\"e\";f']"},
      {T::kSha1, "[file:hashes.'SHA-1' = '" + std::string(40, 'a') + "']"},
      {T::kFilePath,
       "[file:name = 'x.exe' AND file:parent_directory_ref.path = 'c:\\\\windows\\\\temp']"},
      {T::kIpv4Port,
       "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = "
       "'203.0.113.7' AND network-traffic:dst_port = 8443]"},
      {T::kAsn, "[autonomous-system:number = 64496]"},
      {T::kRegistryKey,
       "[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\software\\\\run\\\\upd']"},
      {T::kSslCertFingerprint,
       "[x509-certificate:hashes.'SHA-1' = '" + std::string(40, 'a') + "']"},
      {T::kJa3, ""},
      {T::kUri, ""},
      {T::kYara, ""},
  };
  for (const auto& [type, pattern] : expected) {
    for (const ExportItem& item : one_of_each()) {
      if (item.observable.type != type) continue;
      EXPECT_EQ(stix_pattern(item).text, pattern);
      break;
    }
  }
  ExportItem rule = test_item(T::kYara, "00");
  rule.content = "rule x { condition: true }";
  EXPECT_EQ(stix_pattern(rule).type, "yara");
}

TEST(Stix, twice_is_the_same_and_every_reference_is_in_the_bundle) {
  const Written first = write_items("stix", one_of_each()),
                second = write_items("stix", one_of_each());
  EXPECT_EQ(first.only(), second.only());
  JsonParser parser;
  const auto root = parser.parse(first.only());
  ASSERT_TRUE(root) << root.error().message;
  std::vector<std::string> ids, references;
  std::map<std::string, int> kinds;
  (*root)["objects"].each_element([&](JsonView object) {
    ids.emplace_back(object["id"].string());
    ++kinds[std::string(object["type"].string())];
    for (const char* name : {"created_by_ref", "source_ref", "target_ref", "sighting_of_ref"}) {
      if (!object[name].is_nothing()) references.emplace_back(object[name].string());
    }
    for (const char* name : {"object_marking_refs", "object_refs"})
      object[name].each_element([&](JsonView each) { references.emplace_back(each.string()); });
  });
  EXPECT_FALSE((*root)["id"].string().empty());
  std::vector<std::string> sorted = ids;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(std::unique(sorted.begin(), sorted.end()), sorted.end()) << "no id twice";
  for (const std::string& id : references)
    EXPECT_TRUE(std::binary_search(sorted.begin(), sorted.end(), id)) << id;
  EXPECT_EQ(kinds["report"], 1);
  EXPECT_EQ(kinds["malware"], 1);
  EXPECT_EQ(kinds["threat-actor"], 1);
  EXPECT_EQ(kinds["attack-pattern"], 1);
  EXPECT_EQ(kinds["vulnerability"], 1);
  EXPECT_EQ(kinds["marking-definition"], 1);
  EXPECT_EQ(kinds["relationship"], 3 * kinds["indicator"]);
}

TEST(Stix, times_have_milliseconds_also_before_1970) {
  EXPECT_EQ(stix_time(time_from_micros(1'500)), "1970-01-01T00:00:00.001Z");
  EXPECT_EQ(stix_time(time_from_micros(-1'000'000)), "1969-12-31T23:59:59.000Z");
  EXPECT_TRUE(is_attack_id("T1059.001") && is_attack_id("TA0001"));
  EXPECT_FALSE(is_attack_id("T10") || is_attack_id("T1059.") || is_attack_id("T1059/../x") ||
               is_attack_id("CVE-2021"));
}

TEST(Stix, sightings_stand_where_asked_for) {
  ExportItem item = test_item(T::kDomain, "evil.example");
  item.sightings = SightingSummary{};
  item.sightings->count = 3;
  item.sightings->last = time_from_micros(1'780'000'000'000'000);
  const std::string text = write_items("stix", {item}).only();
  EXPECT_NE(text.find("\"type\":\"sighting\""), std::string::npos);
  EXPECT_NE(text.find("\"count\":3"), std::string::npos);
}

TEST(Misp, attributes_of_each_type) {
  const std::string text = write_items("misp", one_of_each()).only();
  JsonParser parser;
  const auto root = parser.parse(text);
  ASSERT_TRUE(root) << root.error().message;
  std::map<std::string, std::string> values;
  (*root)["Event"]["Attribute"].each_element([&](JsonView attribute) {
    values[std::string(attribute["type"].string())] = std::string(attribute["value"].string());
    EXPECT_EQ(attribute["first_seen"].string(), "2026-05-28T20:26:40.000000+00:00");
    EXPECT_FALSE(attribute["category"].string().empty());
  });
  EXPECT_EQ(values["ip-dst|port"], "2001:db8::1|8443");
  EXPECT_EQ(values["x509-fingerprint-sha256"], std::string(64, 'a'));
  EXPECT_EQ(values["vulnerability"], "CVE-2021-44228");
  bool event_tag = false;
  (*root)["Event"]["Tag"].each_element(
      [&](JsonView tag) { event_tag = event_tag || tag["name"].string() == "tlp:green"; });
  EXPECT_TRUE(event_tag);
}

TEST(Zeek, lines_of_each_type) {
  const auto lines = lines_of(write_items("zeek", one_of_each()).only());
  EXPECT_EQ(lines[0], "#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url");
  EXPECT_EQ(lines[1], "203.0.113.7\tIntel::ADDR\totx\tHeron\t-");
  EXPECT_NE(std::find(lines.begin(), lines.end(),
                      "evil.example:8080/a'b\\x5cc?d=\"e\";f\tIntel::URL\totx\tHeron\t-"),
            lines.end());
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) {
                            return line.find("CERT_HASH") != std::string::npos;
                          }),
            1);
}

TEST(Rpz, names_wildcards_and_turned_addresses) {
  EXPECT_EQ(rpz_address_name({T::kIpv4, "203.0.113.7"}), "32.7.113.0.203.rpz-ip");
  EXPECT_EQ(rpz_address_name({T::kCidr, "203.0.113.0/24"}), "24.0.113.0.203.rpz-ip");
  EXPECT_EQ(rpz_address_name({T::kIpv6, "2001:db8::1"}), "128.1.zz.db8.2001.rpz-ip");
  EXPECT_EQ(rpz_address_name({T::kCidr, "2001:db8::/32"}), "32.zz.db8.2001.rpz-ip");
  EXPECT_EQ(rpz_address_name({T::kIpv6, "2001:db8:0:1:2:3:4:5"}),
            "128.5.4.3.2.1.0.db8.2001.rpz-ip");
  EXPECT_EQ(rpz_address_name({T::kIpv6, "::1"}), "128.1.zz.rpz-ip");
  const auto text = write_items("rpz", {test_item(T::kDomain, "evil.example"),
                                        test_item(T::kHostname, "a.other.example"),
                                        test_item(T::kDomain, "github.com")})
                        .only();
  EXPECT_EQ(text,
            "$TTL 300\n@ SOA localhost. hostmaster.localhost. 1780000007 3600 600 86400 300\n"
            "@ NS localhost.\nevil.example CNAME .\n*.evil.example CNAME .\n"
            "a.other.example CNAME .\ngithub.com CNAME .\n");
}

TEST(Wazuh, keys_with_colons_are_quoted_and_stand_once) {
  const auto written = write_items(
      "wazuh", {test_item(T::kCidr, "203.0.113.0/24"), test_item(T::kCidr, "203.0.113.0/25"),
                test_item(T::kDomain, "evil.example"), test_item(T::kHostname, "evil.example"),
                test_item(T::kIpv6, "2001:db8::1")});
  EXPECT_EQ(written.only(),
            "203.0.113.:CIDR otx\nevil.example:domain otx\n\"2001:db8::1\":IPv6 otx\n");
  EXPECT_EQ(written.reasons[1], "networks off octet borders have no key");
  EXPECT_EQ(written.reasons[3], "the same key as another type's");
}

TEST(Suricata, content_and_messages_cannot_end_their_quotes) {
  EXPECT_EQ(suricata_content("a.b"), "a.b");
  EXPECT_EQ(suricata_content("a\";b"), "a|22 3b|b");
  EXPECT_EQ(suricata_content("\\|:\xFF"), "|5c 7c 3a ff|");
  for (const std::string& text : hostile_texts()) {
    const std::string message = suricata_message(text);
    EXPECT_EQ(message.find_first_of("\";\\|\n\r"), std::string::npos) << message;
    EXPECT_EQ(suricata_content(text).find_first_of("\";\\\n\r"), std::string::npos);
  }
}

TEST(Suricata, sids_are_the_same_each_time_and_never_twice) {
  SidTable first, second;
  const std::uint32_t sid = first.sid("a");
  EXPECT_EQ(sid, second.sid("a"));
  EXPECT_NE(first.sid("a"), sid) << "taken";
  EXPECT_GE(sid, 1'000'000'000U);
  EXPECT_LT(sid, 2'000'000'000U);
}

TEST(SuricataRules, of_names_cover_those_below_a_domain_only) {
  const auto written =
      write_items("suricata-rules",
                  {test_item(T::kDomain, "evil.example"), test_item(T::kHostname, "b.example"),
                   test_item(T::kMd5, std::string(32, 'a'))});
  const auto lines = lines_of(written.target.files.at("spoor.rules"));
  ASSERT_EQ(lines.size(), 1U + 3 + 3 + 5);
  EXPECT_NE(
      lines[1].find("dns.query; dotprefix; content:\".evil.example\"; endswith; nocase; "),
      std::string::npos)
      << lines[1];
  EXPECT_NE(
      lines[3].find("http.host; dotprefix; content:\".evil.example\"; endswith; threshold"),
      std::string::npos)
      << "http.host may not be told nocase: " << lines[3];
  EXPECT_NE(lines[4].find("content:\"b.example\"; startswith; endswith; "), std::string::npos);
  EXPECT_EQ(written.target.files.at("spoor-files.md5"), std::string(32, 'a') + "\n");
}

TEST(SuricataDatasets, values_are_base64_where_they_are_strings) {
  const auto written = write_items(
      "suricata", {test_item(T::kDomain, "evil.example"), test_item(T::kIpv4, "203.0.113.7"),
                   test_item(T::kCidr, "203.0.113.0/24")});
  EXPECT_EQ(written.target.files.at("spoor-names.lst"), "ZXZpbC5leGFtcGxl\n");
  EXPECT_EQ(written.target.files.at("spoor-ip.lst"), "::ffff:203.0.113.7\n");
  EXPECT_EQ(written.reasons[2], "no dataset of Suricata for CIDR");
}

TEST(Elastic, two_lines_an_indicator_with_ecs_fields) {
  const auto lines = lines_of(write_items("elastic", one_of_each()).only());
  ASSERT_EQ(lines.size(), 2 * one_of_each().size());
  JsonParser parser;
  std::map<std::string, std::string> field_of;
  for (std::size_t i = 0; i < lines.size(); i += 2) {
    const auto action = parser.parse(lines[i]);
    ASSERT_TRUE(action);
    EXPECT_EQ((*action)["index"]["_id"].string().size(), 36U);
    const auto document = parser.parse(lines[i + 1]);
    ASSERT_TRUE(document) << lines[i + 1];
    const JsonView threat = (*document)["threat"]["indicator"];
    EXPECT_EQ((*document)["event"]["kind"].string(), "enrichment");
    EXPECT_EQ(threat["marking"]["tlp"].string(), "GREEN");
    const std::string type((*document)["spoor"]["type"].string());
    if (type == "domain") {
      EXPECT_EQ(threat["url"]["domain"].string(), "evil.example");
    }
    if (type == "FileHash-MD5") {
      EXPECT_EQ(threat["file"]["hash"]["md5"].string().size(), 32U);
    }
    if (type == "IPv4-port") {
      EXPECT_EQ(threat["port"].integer(), 8443);
    }
    if (type == "ASN") {
      EXPECT_EQ(threat["as"]["number"].integer(), 64496);
    }
    if (type == "CIDR") {
      EXPECT_TRUE(threat["ip"].is_nothing()) << "an ip field holds no range";
    }
  }
}

/// Items whose every text is hostile; their values too where the type takes any text.
std::vector<ExportItem> hostile_items() {
  std::vector<ExportItem> items;
  for (const std::string& text : hostile_texts()) {
    for (const T type : {T::kDomain, T::kUserAgent, T::kFileName, T::kMutex}) {
      ExportItem item = test_item(type, type == T::kDomain ? "evil.example" : text);
      item.description = item.content = text;
      item.feeds = item.roles = item.tags = item.malware = item.adversaries =
          item.pulses = {text};
      item.attack_ids = {text, "T1059"};
      items.push_back(std::move(item));
    }
  }
  return items;
}

/// Fields of RFC 4180 records.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        rows.back().back() += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        rows.back().back() += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      rows.push_back({""});
      ++i;
    } else {
      rows.back().back() += c;
    }
  }
  rows.pop_back();
  return rows;
}

TEST(Hostile, every_item_is_one_record_of_every_format) {
  JsonParser parser;
  for (const ExportItem& item : hostile_items()) {
    const std::string about = terminal_safe(item.description);
    for (const char* format : {"stix", "misp"}) {
      const auto root = parser.parse(write_items(format, {item}).only());
      ASSERT_TRUE(root) << format << " " << about << ": " << root.error().message;
      std::size_t count = 0;
      (*root)["objects"].each_element(
          [&](JsonView object) { count += object["type"].string() == "indicator" ? 1 : 0; });
      (*root)["Event"]["Attribute"].each_element([&](JsonView) { ++count; });
      EXPECT_EQ(count, 1U) << format << " " << about;
    }
    const auto json = lines_of(write_items("json", {item}).only());
    ASSERT_EQ(json.size(), 1U) << about;
    EXPECT_TRUE(parser.parse(json[0]));
    const auto elastic = lines_of(write_items("elastic", {item}).only());
    ASSERT_EQ(elastic.size(), 2U) << about;
    EXPECT_TRUE(parser.parse(elastic[1])) << elastic[1];

    const auto rows = parse_csv(write_items("csv", {item}).only());
    ASSERT_EQ(rows.size(), 2U) << about;
    EXPECT_EQ(rows[1].size(), rows[0].size());
    for (const std::string& cell : rows[1]) {
      if (!cell.empty()) {
        EXPECT_EQ(std::string("=+-@\t\r").find(cell.front()), std::string::npos) << cell;
      }
    }

    const Written zeek = write_items("zeek", {item});
    const auto intel = lines_of(zeek.only());
    ASSERT_EQ(intel.size(), zeek.reasons[0].empty() ? 2U : 1U) << about;
    if (intel.size() == 2) {
      EXPECT_EQ(std::count(intel[1].begin(), intel[1].end(), '\t'), 4) << about;
      EXPECT_NE(intel[1].front(), '#');
      EXPECT_EQ(intel[1].find('\0'), std::string::npos);
    }
    for (const char* format : {"plain", "wazuh", "rpz"}) {
      const Written written = write_items(format, {item});
      const std::size_t head = format == std::string("rpz") ? 3 : 0;
      const std::size_t each = format == std::string("rpz") ? 2 : 1;
      EXPECT_EQ(lines_of(written.only()).size(), head + (written.reasons[0].empty() ? each : 0))
          << format << " " << about;
    }
    const Written rules = write_items("suricata-rules", {item});
    for (const std::string& line : lines_of(rules.target.files.at("spoor.rules"))) {
      if (line.front() == '#') continue;
      EXPECT_EQ(line.rfind("alert ", 0), 0U) << line;
      EXPECT_EQ(std::count(line.begin(), line.end(), '"') % 2, 0) << line;
      EXPECT_EQ(line.substr(line.size() - 9), "; rev:1;)") << line;
      EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) {
        return c >= 0x20 && c < 0x7F;
      })) << line;
    }
  }
}

TEST(Formats, each_type_is_carried_or_refused_with_a_reason) {
  for (const ExportFormatRow& format : export_formats()) {
    const auto items = one_of_each();
    const Written written = write_items(format.name, items);
    std::size_t carried = 0;
    for (std::size_t i = 0; i < items.size(); ++i)
      carried += written.reasons[i].empty() ? 1 : 0;
    EXPECT_GE(carried, 6U) << format.name;
    if (format.folder) {
      EXPECT_EQ(written.target.files.count(""), 0U) << format.name;
    }
  }
}

}  // namespace
}  // namespace spoor
