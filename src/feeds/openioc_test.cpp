#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

const std::string kMd5 = "0123456789abcdef0123456789abcdef";

std::string item(const std::string& search, const std::string& content,
                 const std::string& condition = "is", const std::string& more = "") {
  return "<IndicatorItem condition=\"" + condition + "\"" + more +
         "><Context document=\"x\" search=\"" + search +
         "\" type=\"mir\"/><Content type=\"string\">" + content +
         "</Content></IndicatorItem>\n";
}

std::string document(const std::string& items, const std::string& op = "OR") {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
         "<ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\" id=\"ABC-1\" "
         "last-modified=\"2026-01-02T00:00:00Z\">\n"
         "<short_description>EVIL</short_description><description>long</description>\n"
         "<authored_by>CERT</authored_by><authored_date>2026-01-01T00:00:00Z</authored_date>\n"
         "<links><link rel=\"family\">Evil</link><link rel=\"threatgroup\">APT0</link>"
         "<link rel=\"report\">https://blog.example/x</link></links>\n"
         "<definition><Indicator operator=\"" +
         op + "\">\n" + items + "</Indicator></definition></ioc>\n";
}

RowLines claims(const std::string& text) {
  const ReadResult result = read_as("openioc", text);
  EXPECT_TRUE(result.status) << result.status.error().message;
  if (result.pulses.size() != 1) return {"pulses: " + std::to_string(result.pulses.size())};
  return claims_of_rows(result.pulses[0].indicators);
}

TEST(OpenIoc, a_document_is_a_pulse) {
  const std::string text = document(item("FileItem/Md5sum", kMd5));
  EXPECT_EQ(detected(text), "openioc");
  const ReadResult result = read_as("openioc", text);
  ASSERT_EQ(result.pulses.size(), 1u);
  const Pulse& pulse = result.pulses[0];
  EXPECT_EQ(pulse.id, "openioc:abc-1");
  EXPECT_EQ(pulse.name, "EVIL");
  EXPECT_EQ(pulse.description, "long");
  EXPECT_EQ(pulse.author, "CERT");
  EXPECT_EQ(format_iso8601(*pulse.created), "2026-01-01T00:00:00Z");
  EXPECT_EQ(format_iso8601(*pulse.modified), "2026-01-02T00:00:00Z");
  EXPECT_EQ(pulse.malware_families, std::vector<std::string>{"Evil"});
  EXPECT_EQ(pulse.adversary, "APT0");
  EXPECT_EQ(pulse.references, std::vector<std::string>{"https://blog.example/x"});
  ASSERT_EQ(pulse.indicators.size(), 1u);
  EXPECT_EQ(pulse.indicators[0].where, "x:7");
}

TEST(OpenIoc, terms_are_types) {
  const struct {
    const char* search;
    const char* value;
    const char* expect;
  } kCases[] = {
      {"FileItem/FileName", "evil.exe", "FileName|evil.exe"},
      {"FileItem/FullPath", "C:\\x\\evil.exe", "FilePath|C:\\x\\evil.exe"},
      {"DnsEntryItem/Host", "evil.example", "host|evil.example"},
      {"Network/DNS", "evil.example", "host|evil.example"},
      {"PortItem/remoteIP", "192.0.2.7", "ip|192.0.2.7"},
      {"Network/URI", "/gate.php", "URI|/gate.php"},
      {"Network/URI", "http://evil.example/gate.php", "URL|http://evil.example/gate.php"},
      {"ProcessItem/HandleList/Handle/Name", "evil_mutex", "Mutex|evil_mutex"},
      {"ProcessItem/HandleList/Handle/Name", "\\Device\\NamedPipe\\x",
       "NamedPipe|\\Device\\NamedPipe\\x"},
      {"RegistryItem/KeyPath", "HKLM\\Software\\X", "RegistryKey|HKLM\\Software\\X"},
      {"Network/UserAgent", "Evil/1.0", "UserAgent|Evil/1.0"},
      {"Email/From", "a@evil.example", "email|a@evil.example"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(claims(document(item(c.search, c.value))), RowLines{c.expect}) << c.search;
}

TEST(OpenIoc, only_whole_values_are_claims) {
  const ReadResult result = read_as(
      "openioc", document(item("FileItem/FullPath", "Temp\\evil.exe", "contains") +
                          item("DnsEntryItem/RecordName", "evil.example", "contains") +
                          item("DnsEntryItem/RecordName", ".evil.", "contains") +
                          item("FileItem/Md5sum", kMd5, "contains") +
                          item("FileItem/FileName", "good.exe", "isnot") +
                          item("FileItem/FileName", "good2.exe", "is", " negate=\"true\"") +
                          item("RegistryItem/Text", "x") + item("FileItem/SizeInBytes", "7")));
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_EQ(claims_of_rows(result.pulses[0].indicators),
            (RowLines{"host|evil.example", "FileHash-MD5|" + kMd5}));
  EXPECT_EQ(result.notes.total(), 6u);
}

TEST(OpenIoc, what_counts_only_together_is_context) {
  EXPECT_EQ(claims(document(
                item("FileItem/FileName", "a.exe") + item("FileItem/SizeInBytes", "7"), "AND")),
            RowLines{"FileName|a.exe|context"});
  EXPECT_EQ(claims(document("<Indicator operator=\"AND\">" +
                            item("FileItem/FileName", "a.exe") + item("FileItem/Md5sum", kMd5) +
                            "</Indicator>" + item("FileItem/FileName", "alone.exe"))),
            (RowLines{"FileHash-MD5|" + kMd5, "FileName|alone.exe", "FileName|a.exe|context"}));
  EXPECT_EQ(
      claims(document(
          item("PortItem/remoteIP", "192.0.2.7") + item("PortItem/remotePort", "443"), "AND")),
      RowLines{"ip|192.0.2.7:443"});
  EXPECT_EQ(claims(document("<Indicator operator=\"OR\" negate=\"true\">" +
                            item("PortItem/remoteIP", "192.0.2.7") + "</Indicator>" +
                            item("PortItem/remoteIP", "192.0.2.8"))),
            RowLines{"ip|192.0.2.8"});
}

TEST(OpenIoc, version_1_1_has_other_wrappings) {
  const std::string text =
      "<OpenIOC xmlns=\"http://openioc.org/schemas/OpenIOC_1.1\" id=\"x\" "
      "published-date=\"2026-01-01T00:00:00\"><metadata><short_description>N</"
      "short_description>"
      "<authored_by>A</authored_by></metadata><criteria><Indicator operator=\"OR\">" +
      item("FileItem/Md5sum", kMd5) + "</Indicator></criteria></OpenIOC>";
  EXPECT_EQ(detected(text), "openioc");
  const ReadResult result = read_as("openioc", text);
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_EQ(result.pulses[0].name, "N");
  EXPECT_EQ(format_iso8601(*result.pulses[0].created), "2026-01-01T00:00:00Z");
  EXPECT_EQ(claims_of_rows(result.pulses[0].indicators), RowLines{"FileHash-MD5|" + kMd5});
}

TEST(OpenIoc, entities_are_refused_characters_resolved) {
  EXPECT_EQ(claims(document(item("Network/URI", "/a?b=1&amp;c=&#50;"))),
            RowLines{"URI|/a?b=1&c=2"});
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE ioc [<!ENTITY a \"aaaa\"><!ENTITY b "
      "\"&a;&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>" +
      document(item("FileItem/FileName", "&b;&x;")).substr(39);
  const ReadResult result = read_as("openioc", bomb);
  ASSERT_FALSE(result.status);
  EXPECT_NE(result.status.error().message.find("document type declaration"), std::string::npos);
  EXPECT_TRUE(result.pulses.empty());
}

TEST(OpenIoc, damage_keeps_what_came_before) {
  const std::string text =
      document(item("FileItem/Md5sum", kMd5) + item("PortItem/remoteIP", "192.0.2.7"));
  const ReadResult result = read_as("openioc", text.substr(0, text.find("192.0.2.7")));
  ASSERT_TRUE(result.status);
  EXPECT_TRUE(result.incomplete);
  EXPECT_EQ(result.damaged.total(), 1u);
  ASSERT_EQ(result.pulses.size(), 1u);
  EXPECT_TRUE(result.pulses[0].more_indicators);
  EXPECT_EQ(claims_of_rows(result.pulses[0].indicators), RowLines{"FileHash-MD5|" + kMd5});
}

TEST(OpenIoc, other_documents_are_told) {
  for (const char* other : {"<html><body/></html>", "<rss/>"}) {
    const ReadResult result = read_as("openioc", other);
    ASSERT_FALSE(result.status);
    EXPECT_NE(result.status.error().message.find("xml of another kind"), std::string::npos);
  }
  EXPECT_FALSE(read_as("openioc", "no xml").status);
  EXPECT_FALSE(read_as("openioc", "").status);
  std::string deep = "<ioc xmlns=\"http://schemas.mandiant.com/2010/ioc\">";
  for (int i = 0; i < 500; ++i) deep += "<a>";
  const ReadResult result = read_as("openioc", deep);
  ASSERT_FALSE(result.status);
  EXPECT_NE(result.status.error().message.find("nested deeper"), std::string::npos);
}

}  // namespace
}  // namespace spoor
