#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

const std::string kMd5 = "0123456789abcdef0123456789abcdef";
const std::string kSha1 = kMd5 + "01234567";
const std::string kSha256 = kMd5 + kMd5;

TEST(Urlhaus, csv_with_its_commented_header) {
  const std::string text =
      "################\r\n# abuse.ch URLhaus Database Dump (CSV - recent URLs) #\r\n"
      "################\r\n#\r\n"
      "# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\r\n"
      "\"7\",\"2026-03-01 10:00:00\",\"http://192.0.2.7:8080/a,b\",\"offline\",\"2026-03-02 "
      "11:00:00\",\"malware_download\",\"elf,mirai\",\"https://urlhaus.example/url/7/\","
      "\"someone\"\r\n"
      "\"8\",\"2026-03-01 10:00:00\",\"http://evil.example/\",\"online\",\"\","
      "\"malware_download\",\"None\",\"https://urlhaus.example/url/8/\",\"x\"\r\n";
  EXPECT_EQ(detected(text, "csv.txt"), "urlhaus");
  const ReadResult result = read_as("urlhaus", text);
  ASSERT_TRUE(result.status) << result.status.error().message;
  ASSERT_EQ(claims_of_rows(result.rows),
            (RowLines{"URL|http://192.0.2.7:8080/a,b", "URL|http://evil.example/"}));
  const RawIndicator& row = result.rows[0];
  EXPECT_EQ(row.description,
            "offline; tags: elf,mirai; reported by someone; https://urlhaus.example/url/7/");
  EXPECT_EQ(row.role, "malware_download");
  EXPECT_EQ(format_iso8601(*row.created), "2026-03-01T10:00:00Z");
  EXPECT_EQ(format_iso8601(*row.facts.last_said), "2026-03-02T11:00:00Z");
  EXPECT_TRUE(row.active) << "offline is not inactive: old logs hold it";
  EXPECT_EQ(row.where, "x:6");
  EXPECT_EQ(result.rows[1].description.find("tags"), std::string::npos);
}

TEST(Urlhaus, json_dumps_and_replies) {
  const std::string entry =
      R"({"dateadded":"2026-03-01 10:00:00 UTC","url":"http://evil.example/a","url_status":"online",
          "last_online":null,"threat":"malware_download","tags":["elf","mirai"],
          "urlhaus_link":"https://urlhaus.example/url/7/","reporter":"x"})";
  for (const std::string& text :
       {"{\"7\":[" + entry + "]}", R"({"query_status":"ok","urls":[)" + entry + "]}",
        "[" + entry + "]"}) {
    EXPECT_EQ(detected(text), "urlhaus") << text;
    const ReadResult result = read_as("urlhaus", text);
    ASSERT_EQ(claims_of_rows(result.rows), RowLines{"URL|http://evil.example/a"}) << text;
    EXPECT_NE(result.rows[0].description.find("tags: elf, mirai"), std::string::npos);
  }
  const ReadResult payload = read_as(
      "urlhaus",
      R"({"query_status":"ok","payloads":[{"md5_hash":")" + kMd5 + R"(","sha256_hash":")" +
          kSha256 +
          R"(","signature":"Mirai","urlhaus_download":"x","firstseen":"2026-03-01 10:00:00"}]})");
  ASSERT_EQ(claims_of_rows(payload.rows),
            (RowLines{"FileHash-SHA256|" + kSha256, "FileHash-MD5|" + kMd5}));
  EXPECT_EQ(payload.rows[0].facts.malware, "Mirai");
  EXPECT_TRUE(read_as("urlhaus", R"({"query_status":"no_results"})").status);
  const ReadResult refused = read_as("urlhaus", R"({"query_status":"invalid_auth"})");
  ASSERT_FALSE(refused.status);
  EXPECT_NE(refused.status.error().message.find("invalid_auth"), std::string::npos);
}

TEST(Threatfox, csv_and_json_agree) {
  const std::string csv =
      "# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\","
      "\"fk_malware\",\"malware_alias\",\"malware_printable\",\"last_seen_utc\","
      "\"confidence_level\",\"reference\",\"tags\",\"anonymous\",\"reporter\"\n"
      "\"2026-03-01 10:00:00\", \"7\", \"192.0.2.7:443\", \"ip:port\", \"botnet_cc\", "
      "\"win.x\", \"None\", \"Cobalt Strike\", \"2026-03-02 10:00:00\", \"75\", \"None\", "
      "\"CobaltStrike\", \"0\", \"someone\"\n";
  const std::string dump =
      R"({"7":[{"ioc_value":"192.0.2.7:443","ioc_type":"ip:port","threat_type":"botnet_cc",
          "malware":"win.x","malware_printable":"Cobalt Strike","first_seen_utc":"2026-03-01 10:00:00",
          "last_seen_utc":"2026-03-02 10:00:00","confidence_level":75,"reference":null,
          "tags":"CobaltStrike","reporter":"someone"}]})";
  const std::string reply =
      R"({"query_status":"ok","data":[{"id":"7","ioc":"192.0.2.7:443","ioc_type":"ip:port",
          "threat_type":"botnet_cc","malware":"win.x","malware_printable":"Cobalt Strike",
          "first_seen":"2026-03-01 10:00:00 UTC","last_seen":"2026-03-02 10:00:00 UTC",
          "confidence_level":75,"tags":["CobaltStrike"],"reporter":"someone"}]})";
  for (const std::string& text : {csv, dump, reply}) {
    EXPECT_EQ(detected(text), "threatfox") << text;
    const ReadResult result = read_as("threatfox", text);
    ASSERT_TRUE(result.status) << result.status.error().message;
    ASSERT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7:443"}) << text;
    const RawIndicator& row = result.rows[0];
    EXPECT_EQ(row.facts.confidence, 75);
    EXPECT_EQ(row.facts.malware, "Cobalt Strike");
    EXPECT_EQ(row.role, "botnet_cc");
    EXPECT_EQ(row.description, "tags: CobaltStrike; reported by someone");
    EXPECT_EQ(format_iso8601(*row.created), "2026-03-01T10:00:00Z");
    EXPECT_EQ(format_iso8601(*row.facts.last_said), "2026-03-02T10:00:00Z");
  }
}

TEST(Threatfox, types_and_odd_values) {
  const auto row = [](const std::string& type, const std::string& value,
                      const std::string& more) {
    const ReadResult result = read_as(
        "threatfox", R"([{"ioc":")" + value + R"(","ioc_type":")" + type + "\"" + more + "}]");
    return result.rows.size() == 1 ? result.rows[0] : RawIndicator{};
  };
  EXPECT_EQ(row("sha256_hash", kSha256, "").type, "sha256_hash");
  EXPECT_EQ(row("envelope_from", "a@evil.example", "").type, "email");
  EXPECT_EQ(row("domain", "evil.example", "").type, "domain");
  EXPECT_EQ(
      row("domain", "evil.example", R"(,"malware_printable":"Unknown malware")").facts.malware,
      "");
  EXPECT_FALSE(row("domain", "evil.example", R"(,"confidence_level":101)").facts.confidence);
  EXPECT_FALSE(row("domain", "evil.example", R"(,"confidence_level":"x")").facts.confidence);
}

TEST(MalwareBazaar, digests_of_a_sample) {
  const std::string csv =
      "# \"first_seen_utc\",\"sha256_hash\",\"md5_hash\",\"sha1_hash\",\"reporter\","
      "\"file_name\",\"file_type_guess\",\"mime_type\",\"signature\",\"clamav\",\"vtpercent\","
      "\"imphash\",\"ssdeep\",\"tlsh\"\n\"2026-03-01 10:00:00\", \"" +
      kSha256 + "\", \"" + kMd5 + "\", \"" + kSha1 +
      "\", \"x\", \"a.exe\", \"exe\", \"application/x-dosexec\", \"Emotet\", \"n/a\", \"n/a\", "
      "\"" +
      kMd5 + "\", \"3:a:b\", \"T1\"\n";
  const std::string reply =
      R"({"query_status":"ok","data":[{"sha256_hash":")" + kSha256 + R"(","sha3_384_hash":"x",
         "sha1_hash":")" +
      kSha1 + R"(","md5_hash":")" + kMd5 + R"(","first_seen":"2026-03-01 10:00:00",
         "last_seen":null,"file_name":"a.exe","file_type":"exe","signature":"Emotet","imphash":")" +
      kMd5 + R"(","tlsh":"T1","tags":["Heodo"],"reporter":"x"}]})";
  for (const std::string& text : {csv, reply}) {
    EXPECT_EQ(detected(text), "malwarebazaar") << text;
    const ReadResult result = read_as("malwarebazaar", text);
    ASSERT_TRUE(result.status) << result.status.error().message;
    EXPECT_EQ(claims_of_rows(result.rows),
              (RowLines{"FileHash-SHA256|" + kSha256, "FileHash-SHA1|" + kSha1,
                        "FileHash-MD5|" + kMd5, "FileHash-IMPHASH|" + kMd5 + "|context",
                        "FileName|a.exe|context"}))
        << text;
    EXPECT_EQ(result.rows.at(0).facts.malware, "Emotet");
  }
}

TEST(Feodo, csv_and_json) {
  const std::string csv =
      "# Feodo Tracker\n\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\","
      "\"last_online\",\"malware\"\n\"2026-03-01 10:00:00\",\"192.0.2.7\",\"443\","
      "\"offline\",\"2026-03-05\",\"Dridex\"\n# END 1 entries\n";
  const std::string json =
      R"([{"ip_address":"192.0.2.7","port":443,"status":"offline","hostname":null,"as_number":64496,
           "as_name":"X","country":"DE","first_seen":"2026-03-01 10:00:00","last_online":"2026-03-05",
           "malware":"Dridex"}])";
  for (const std::string& text : {csv, json}) {
    EXPECT_EQ(detected(text), "feodo") << text;
    const ReadResult result = read_as("feodo", text);
    ASSERT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7"}) << text;
    const RawIndicator& row = result.rows[0];
    EXPECT_EQ(row.facts.malware, "Dridex");
    EXPECT_EQ(row.description.substr(0, 17), "offline; port 443");
    EXPECT_EQ(format_iso8601(*row.facts.last_said), "2026-03-05T00:00:00Z");
    EXPECT_TRUE(row.active);
  }
}

TEST(Sslbl, certificates_addresses_fingerprints) {
  const std::string certificates =
      "# Listingdate,SHA1,Listingreason\n2026-03-01 10:00:00," + kSha1 + ",Dridex C&C\n";
  EXPECT_EQ(detected(certificates, "sslblacklist.csv"), "sslbl");
  ReadResult result = read_as("sslbl", certificates);
  ASSERT_EQ(claims_of_rows(result.rows), RowLines{"SSLCertFingerprint|" + kSha1});
  EXPECT_EQ(result.rows[0].facts.malware, "Dridex");
  EXPECT_EQ(result.rows[0].description, "Dridex C&C");
  const std::string addresses =
      "# Firstseen,DstIP,DstPort\n2026-03-01 10:00:00,192.0.2.7,443\n";
  EXPECT_EQ(detected(addresses, "sslipblacklist.csv"), "sslbl");
  EXPECT_EQ(claims_of_rows(read_as("sslbl", addresses).rows), RowLines{"ip|192.0.2.7"});
  const std::string ja3 = "# ja3_md5,Firstseen,Lastseen,Listingreason\n" + kMd5 +
                          ",2026-03-01 10:00:00,2026-03-02 10:00:00,Adware\n";
  EXPECT_EQ(detected(ja3, "ja3_fingerprints.csv"), "sslbl");
  result = read_as("sslbl", ja3);
  EXPECT_EQ(claims_of_rows(result.rows), RowLines{"JA3|" + kMd5});
  EXPECT_EQ(format_iso8601(*result.rows.at(0).facts.last_said), "2026-03-02T10:00:00Z");
}

TEST(AbuseCh, other_tables_are_told_with_their_columns) {
  const ReadResult result = read_as("feodo", "a,b,c\n1,2,3\n");
  ASSERT_FALSE(result.status);
  EXPECT_NE(result.status.error().message.find("a, b, c"), std::string::npos);
  EXPECT_TRUE(read_as("feodo", "# nothing today\n").status);
  EXPECT_FALSE(read_as("feodo", "").status);
  EXPECT_FALSE(read_as("threatfox", R"({"a":{"b":1}})").status);
}

}  // namespace
}  // namespace spoor
