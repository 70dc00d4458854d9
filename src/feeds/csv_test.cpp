#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

constexpr const char* kMd5 = "0123456789abcdef0123456789abcdef";
constexpr const char* kSha1 = "0123456789abcdef0123456789abcdef01234567";
constexpr const char* kSha256 =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string S(const char* text) {
  return text;
}

TEST(Csv, finds_its_columns) {
  const struct {
    const char* name;
    std::string text;
    RowLines expect;
  } kCases[] = {
      {"value and type",
       "value,type,notes\n192.0.2.7,ipaddress,scan\nevil.example,hostname,\"a, b\"\n",
       {"ipaddress|192.0.2.7|scan", "hostname|evil.example|a, b"}},
      {"names in other words",
       "Indicator type;Data\ndomain;evil.example\n",
       {"domain|evil.example"}},
      {"names as found",
       "\xEF\xBB\xBFRansomware Incident IOCs,Other context\nhxxps://evil[.]example/a ,first\n",
       {"|hxxps://evil[.]example/a|first"}},
      {"a column by its ending",
       "Associated URL,Notes\nhttps://evil.example/x,chat\n",
       {"URL|https://evil.example/x|chat"}},
      {"typed columns",
       "SHA256,SHA1,MD5,File Size\n" + S(kSha256) + "," + kSha1 + "," + kMd5 + ",12\n",
       {"FileHash-SHA256|" + S(kSha256), "FileHash-SHA1|" + S(kSha1),
        "FileHash-MD5|" + S(kMd5)}},
      {"empty typed cells", "md5,sha1\n" + S(kMd5) + ",\n,n/a\n", {"FileHash-MD5|" + S(kMd5)}},
      {"a value column beats typed ones",
       "type,indicator,url\ndomain,evil.example,https://report.example/\n",
       {"domain|evil.example"}},
      {"tab", "indicator\ttype\nevil.example\tdomain\n", {"domain|evil.example"}},
      {"a commented header",
       "# abuse list\n# \"first_seen_utc\",\"dst_ip\",\"dst_port\",\"malware\"\n\"2026-01-02 "
       "03:04:05\",\"192.0.2.7\",\"443\",\"X\"\n",
       {"|192.0.2.7|X"}},
      {"blanks before quotes",
       "\"first_seen_utc\", \"ioc_value\", \"ioc_type\"\n\"2026-01-02 03:04:05\", "
       "\"192.0.2.7:443\", \"ip:port\"\n",
       {"ip:port|192.0.2.7:443"}},
      {"doubled quotes and line ends inside",
       "value,note\nevil.example,\"say \"\"hi\"\"\nagain\"\nb.example,x\n",
       {"|evil.example|say \"hi\"\nagain", "|b.example|x"}},
      {"cr alone",
       "Type,Value,Description\rDomain,evil.example,c2\rDomain,b.example,c3\r",
       {"Domain|evil.example|c2", "Domain|b.example|c3"}},
      {"cr with one stray lf",
       "Type,Value\rDomain,evil.example\rDomain,b.example\r\n",
       {"Domain|evil.example", "Domain|b.example"}},
      {"several hashes in a cell",
       "value,entity_type,description\n\"" + S(kSha256) + "," + kSha1 + "," + kMd5 +
           "\",file,sample\n",
       {"|" + S(kSha256) + "|sample", "|" + S(kSha1) + "|sample", "|" + S(kMd5) + "|sample"}},
      {"quoted digests in a cell",
       "value,type\n\"\"\"" + S(kMd5) + "\"\", \"\"" + kSha1 + "\"\"\",file\n\"['" + kMd5 +
           "']\",file\n",
       {"|" + S(kMd5), "|" + S(kSha1), "file|" + S(kMd5)}},
      {"a certificate's digest beside the sample's",
       "SHA256,Certificate,App\n" + S(kSha256) + "," + kSha1 + ",x\n" + kSha256 + ",,y\n",
       {"FileHash-SHA256|" + S(kSha256) + "|x", "SSLCertFingerprint|" + S(kSha1) + "|x",
        "FileHash-SHA256|" + S(kSha256) + "|y"}},
      {"a certificate's digest beside a value column",
       "indicator,serial,thumbprint\n" + S(kSha256) + ",,\nevil.example,77,\"" + kSha1 + "\"\n",
       {"|" + S(kSha256), "|evil.example", "SSLCertFingerprint|" + S(kSha1)}},
      {"a digest that lost a digit is split off too",
       "value,type\n\"" + S(kMd5) + "," + S(kSha1).substr(1) + "\",file\n",
       {"|" + S(kMd5), "|" + S(kSha1).substr(1)}},
      {"values of no shape under clear names",
       "Indicator type,Value\nCommand line,cmd /c echo\nCommand line,del *\nIP,192.0.2.7\n",
       {"Command line|cmd /c echo", "Command line|del *", "IP|192.0.2.7"}},
      {"a value with blanks stays whole",
       "type,value\nfilepath,C:\\Program Files\\a b.exe\n",
       {"filepath|C:\\Program Files\\a b.exe"}},
      {"tags join the description",
       "ioc,tags,comment\nevil.example,\"a,b\",seen\n",
       {"|evil.example|seen; tags: a,b"}},
      {"no header, a column of types",
       "2026-08-22 02:53:35,ann,domain,evil.example,#phishing,https://x.example/1\n2026-08-22 "
       "02:54:35,ann,url,http://evil.example/a,,https://x.example/2\n2026-08-22 "
       "02:55:35,ann,ip,192.0.2.7,#c2,https://x.example/3\n",
       {"domain|evil.example|#phishing", "url|http://evil.example/a", "ip|192.0.2.7|#c2"}},
      {"no header, value before type",
       "192.0.2.7,ipaddress,why\nevil.example,hostname,\"because, so\"\n",
       {"ipaddress|192.0.2.7|why", "hostname|evil.example|because, so"}},
      {"no header, hashes",
       S(kMd5) + ",fbd854da-9574-5fb6-b297-c483f9d5daf0\n" + kMd5 +
           ",fbd854da-9574-5fb6-b297-c483f9d5daf0\n",
       {"|" + S(kMd5), "|" + S(kMd5)}},
      {"an unknown header over hashes",
       "Digest,Family\n" + S(kMd5) + ",a\n" + kMd5 + ",b\n",
       {"|" + S(kMd5), "|" + S(kMd5)}},
      {"short and long rows",
       "type,value,note\ndomain,evil.example\ndomain,b.example,n,extra,extra\n",
       {"domain|evil.example", "domain|b.example|n"}},
      {"no line end at the end", "type,value\ndomain,evil.example", {"domain|evil.example"}},
      {"header only", "type,value\n", {}},
  };
  for (const auto& c : kCases) {
    const ReadResult result =
        read_as("csv", c.text.substr(c.text.compare(0, 3, "\xEF\xBB\xBF") == 0 ? 3 : 0));
    ASSERT_TRUE(result.status) << c.name << ": " << result.status.error().message;
    EXPECT_EQ(result.lines(), c.expect) << c.name;
  }
}

TEST(Csv, reads_dates_and_roles) {
  const ReadResult result = read_as("csv",
                                    "ioc,first_seen,expiration,role\nevil.example,2026-01-02 "
                                    "03:04:05,2026-02-01,phishing\nb.example,Jun-22,,\n",
                                    "t.csv");
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(format_iso8601(*result.rows[0].created), "2026-01-02T03:04:05Z");
  EXPECT_EQ(format_iso8601(*result.rows[0].expiration), "2026-02-02T00:00:00Z");
  EXPECT_EQ(result.rows[0].role, "phishing");
  EXPECT_EQ(result.rows[0].where, "t.csv:2");
  EXPECT_FALSE(result.rows[1].created);
  EXPECT_EQ(result.notes.entries()[0].reason, "a date that is not understood: left out");
}

TEST(Csv, counts_lines_over_quoted_ones) {
  const ReadResult result =
      read_as("csv", "value,note\n\n# c\na.example,\"1\n2\n3\"\nb.example,x\n", "t.csv");
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_EQ(result.rows[0].where, "t.csv:4");
  EXPECT_EQ(result.rows[1].where, "t.csv:7");
}

TEST(Csv, a_stray_quote_costs_no_other_row) {
  const ReadResult result =
      read_as("csv", "value,note\na.example,\"never closed\nb.example,x\nc.example,y\n");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.lines(),
            (RowLines{"|a.example|\"never closed", "|b.example|x", "|c.example|y"}));
  std::string many = "value,note\n";
  for (int i = 0; i < 5'000; ++i) many += "h" + std::to_string(i) + ".example,\"never closed\n";
  const ReadResult all = read_as("csv", many);
  EXPECT_EQ(all.rows.size(), 5'000u);
}

TEST(Csv, a_row_without_a_value_is_told) {
  const ReadResult result = read_as("csv", "type,value\ndomain,\ndomain,evil.example\n");
  EXPECT_EQ(result.rows.size(), 1u);
  ASSERT_EQ(result.damaged.total(), 1u);
  EXPECT_EQ(result.damaged.entries()[0].examples[0].where, "x:2");
}

TEST(Csv, says_which_columns_it_does_not_read) {
  const ReadResult result =
      read_as("csv", "SHA256,Package Name,Version\n" + S(kSha256) + ",com.example,1\n");
  ASSERT_EQ(result.rows.size(), 1u);
  ASSERT_EQ(result.notes.total(), 1u);
  EXPECT_EQ(result.notes.entries()[0].examples[0].value, "Package Name, Version");
}

TEST(Csv, a_certificate_without_a_digest_is_told) {
  const ReadResult result =
      read_as("csv", "md5,certificate\n" + S(kMd5) + ",CN=Evil Ltd\n", "t.csv");
  EXPECT_EQ(result.rows.size(), 1u);
  ASSERT_EQ(result.notes.total(), 1u);
  EXPECT_EQ(result.notes.entries()[0].examples[0].value, "CN=Evil Ltd");
}

TEST(Csv, names_the_columns_when_none_fits) {
  const ReadResult result = read_as("csv", "Colour,Size,Made\x1b[31m\nred,1,x\nblue,2,y\n");
  ASSERT_FALSE(result.status);
  EXPECT_EQ(result.status.error().message.find(
                "no column of indicators: found Colour, Size, Made\\x1b[31m; expected"),
            0u)
      << result.status.error().message;
}

TEST(Csv, a_sentence_is_no_header) {
  EXPECT_EQ(detected("# Indicators\n\nThese IOCs were released, as part of our research.\n\n| "
                     "MD5 | Name |\n|---|---|\nand so on\n",
                     "README.md"),
            "none");
}

TEST(Csv, a_link_to_the_report_is_no_indicator) {
  const ReadResult result =
      read_as("csv",
              "domain,reference "
              "url,report_link\nevil.example,https://r.example/1,https://r.example/2\n");
  EXPECT_EQ(result.lines(), RowLines{"domain|evil.example"});
}

}  // namespace
}  // namespace spoor
