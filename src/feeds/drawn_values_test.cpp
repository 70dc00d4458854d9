#include "feeds/drawn_values.h"

#include "feeds/feed_test_support.h"

namespace spoor {
namespace {

const std::string kMd5 = "0123456789abcdef0123456789abcdef";
const std::string kSha1 = kMd5 + "01234567";

RowLines drawn(const std::string& text) {
  RowLines lines;
  for (const DrawnValue& value : draw_values(text, "x").values) {
    lines.push_back(std::string(name_of(value.observable.type)) + "|" + value.observable.value);
  }
  return lines;
}

TEST(DrawValues, defanged_values_are_meant) {
  const struct {
    const char* text;
    RowLines expect;
  } kCases[] = {
      {"It talks to hxxp://evil[.]example/gate.php, then sleeps.",
       {"URL|http://evil.example/gate.php"}},
      {"hXXps://a.evil(.)example:8443/x?y=1.", {"URL|https://a.evil.example:8443/x?y=1"}},
      {"from evil[dot]example (192[.]0[.]2[.]7)", {"hostname|evil.example", "IPv4|192.0.2.7"}},
      {"([192.0.2[.]7])", {"IPv4|192.0.2.7"}},
      {"192.0.2[.]7:443", {"IPv4-port|192.0.2.7:443"}},
      {"mail of bad[@]evil[.]example", {"email|bad@evil.example"}},
      {"`evil[.]example`, \"other[.]example\"; 'third[.]example'",
       {"domain|evil.example", "domain|other.example", "domain|third.example"}},
      {"a[.]example,b[.]example;c[.]example",
       {"domain|a.example", "domain|b.example", "domain|c.example"}},
      {"| evil[.]example | C2 |", {"domain|evil.example"}},
      {"**evil[.]example**", {"domain|evil.example"}},
      {"[evil[.]example](https://vendor.example/report)", {"domain|evil.example"}},
      {"domain=evil[.]example", {"domain|evil.example"}},
      {"2001[:]db8[:]:7", {"IPv6|2001:db8::7"}},
      {"evil dot example", {}},
      {"an array[0] and f(x)", {}},
      {"payload[.]exe", {}},
      {"evil\\.example and 192\\.0\\.2\\.7", {"domain|evil.example", "IPv4|192.0.2.7"}},
      {"(installer\\.dmg|update\\.zip|x\\.pps)$;70", {}},
  };
  for (const auto& c : kCases) {
    RowLines expect = c.expect;
    // Names of the documentation's domain are registrable there or not by the suffix list.
    RowLines found = drawn(c.text);
    for (std::string& line : found) {
      if (line.substr(0, 8) == "hostname") line = "domain" + line.substr(8);
    }
    for (std::string& line : expect) {
      if (line.substr(0, 8) == "hostname") line = "domain" + line.substr(8);
    }
    EXPECT_EQ(found, expect) << c.text;
  }
}

TEST(DrawValues, plain_prose_names_nothing) {
  for (const char* text :
       {"Run setup.exe or update.sh from example.com, see node.js and System.Net.",
        "Version 1.2.3.4 and v10.20.30.40 of the agent, Chrome 3.6.3.1",
        "Contact us at research@vendor.example or visit www.vendor.example.", "1.2.3 Results",
        "e.g. i.e. etc.", "10.0.0.1 is private, 127.0.0.1 too", "com.vendor.app",
        "the file /etc/passwd and C:\\Windows\\System32\\cmd.exe in a sentence", "- backup.zip",
        "- script.py", "# evil.example", "00000000000000000000000000000000"}) {
    EXPECT_EQ(drawn(text), RowLines{}) << text;
  }
}

TEST(DrawValues, digests_need_no_defanging) {
  EXPECT_EQ(drawn("SHA1: " + kSha1 + " (dropper)"), RowLines{"FileHash-SHA1|" + kSha1});
  EXPECT_EQ(drawn("md5=" + kMd5 + ","), RowLines{"FileHash-MD5|" + kMd5});
  EXPECT_EQ(drawn("imphash: " + kMd5), RowLines{"FileHash-IMPHASH|" + kMd5});
  EXPECT_EQ(drawn("JA3 " + kMd5), RowLines{"JA3|" + kMd5});
  EXPECT_EQ(drawn("Thumbprint | " + kSha1), RowLines{"SSLCertFingerprint|" + kSha1});
  EXPECT_EQ(drawn("commit " + kSha1), RowLines{});
  EXPECT_EQ(drawn("see https://code.example/commit/" + kSha1 + " there"), RowLines{});
  EXPECT_EQ(drawn("x" + kMd5), RowLines{}) << "a longer run is no digest";
  EXPECT_EQ(drawn("certificates:\n- " + kSha1 + "\nsamples:\n- " + kMd5),
            RowLines{"FileHash-MD5|" + kMd5});
}

TEST(DrawValues, plain_values_count_where_they_stand_alone) {
  EXPECT_EQ(drawn("evil.com\n"), RowLines{"domain|evil.com"});
  EXPECT_EQ(drawn("- evil.com\n* `other.com`\n2. third.com\n| name | fourth.com |\n"),
            (RowLines{"domain|evil.com", "domain|other.com", "domain|third.com",
                      "domain|fourth.com"}));
  EXPECT_EQ(drawn("C2 domain: evil.com"), RowLines{"domain|evil.com"});
  EXPECT_EQ(drawn("Author: evil.com"), RowLines{});
  EXPECT_EQ(drawn("http://evil.com/gate.php"), RowLines{"URL|http://evil.com/gate.php"});
  EXPECT_EQ(drawn("see http://evil.com/gate.php there"), RowLines{});
  EXPECT_EQ(drawn("the address 192.0.2.77 answered"), RowLines{"IPv4|192.0.2.77"});
}

TEST(DrawValues, a_text_that_defangs_means_the_rest_as_references) {
  const Drawn result = draw_values(
      "- evil[.]example\n- vendor.com\n- https://vendor.com/blog\n- 192.0.2.77\n"
      "see https://other.com/x\n",
      "x");
  RowLines lines;
  for (const DrawnValue& value : result.values) lines.push_back(value.observable.value);
  EXPECT_EQ(lines, (RowLines{"evil.example", "192.0.2.77"}));
  EXPECT_TRUE(result.defangs);
  EXPECT_EQ(result.references, (RowLines{"https://other.com/x", "https://vendor.com/blog"}));
  EXPECT_EQ(result.notes.total(), 1u);
}

TEST(DrawValues, techniques_colours_cves_paths) {
  const Drawn result = draw_values(
      "TLP:GREEN\nUses T1566 (T1059.001) and CVE-2026-1234.\n`C:\\Users\\Public\\evil.exe`\n"
      "HKLM\\Software\\Evil\\Run\n\\\\evil\\.exe;80\nC:\\\\Temp\\\\[a-z]+\\.exe\n",
      "x");
  EXPECT_EQ(result.tlp, "TLP:GREEN");
  EXPECT_EQ(result.attack_ids, (RowLines{"T1566", "T1059.001"}));
  RowLines lines;
  for (const DrawnValue& value : result.values)
    lines.push_back(std::string(name_of(value.observable.type)));
  EXPECT_EQ(lines, (RowLines{"CVE", "FilePath", "RegistryKey"}));
}

TEST(DrawValues, the_same_value_is_one) {
  const Drawn result = draw_values("evil[.]com\nEVIL[.]com\nhxxp://evil[.]com/\n", "x");
  EXPECT_EQ(result.values.size(), 2u);
  EXPECT_EQ(result.values[0].line, 1u);
}

TEST(Report, a_document_is_a_pulse_by_its_digest) {
  const std::string text =
      "# Campaign\n\nTLP:RED, T1566. C2 is evil[.]example, exploits CVE-2026-1234.\n"
      "It also met 192.0.2.77 on the way; see https://blog.example/x\n";
  EXPECT_EQ(detected(text, "report.md"), "text");
  const ReadResult result = read_as("text", text, "report.md");
  ASSERT_TRUE(result.status);
  ASSERT_EQ(result.pulses.size(), 1u);
  const Pulse& pulse = result.pulses[0];
  EXPECT_EQ(pulse.id.substr(0, 5), "text:");
  EXPECT_EQ(pulse.id.size(), 5u + 32u);
  EXPECT_EQ(pulse.name, "Campaign");
  EXPECT_EQ(pulse.tlp, Tlp::kRed);
  EXPECT_EQ(pulse.attack_ids, std::vector<std::string>{"T1566"});
  EXPECT_EQ(pulse.references, std::vector<std::string>{"https://blog.example/x"});
  ASSERT_EQ(pulse.indicators.size(), 3u);
  const RawIndicator& first = pulse.indicators[0];
  EXPECT_EQ(first.value, "evil[.]example");
  EXPECT_EQ(first.role, "free text");
  EXPECT_EQ(first.description, "TLP:RED, T1566. C2 is evil[.]example, exploits CVE-2026-1234.");
  EXPECT_EQ(first.where, "report.md:3");
  EXPECT_TRUE(first.facts.detect);
  EXPECT_FALSE(pulse.indicators[1].facts.detect) << "a CVE is spoken about";
  EXPECT_FALSE(pulse.indicators[2].facts.detect) << "an address that was not defanged";
  EXPECT_EQ(read_as("text", text, "other.md").pulses.at(0).id, pulse.id);
  EXPECT_NE(read_as("text", text + "x", "report.md").pulses.at(0).id, pulse.id);
}

TEST(Report, is_told_from_lists_and_other_formats) {
  EXPECT_EQ(
      detected("Our report.\n\nThe C2 is evil[.]example and\nthat is all we know of it.\n"),
      "text");
  EXPECT_EQ(detected("evil.com\nother.com\nthird.com\n"), "list");
  EXPECT_EQ(detected("Nothing of interest here.\nReally not at all.\n"), "none");
  EXPECT_EQ(detected("<html><body>hxxp://evil[.]example/</body></html>"), "text");
  EXPECT_EQ(detected("{\"a\":\"hxxp://evil[.]example/\"}", "x.md"), "otx");
  EXPECT_EQ(detected("%PDF-1.7\n", "report.pdf"), "text");
  const ReadResult pdf = read_as("text", "%PDF-1.7\n");
  ASSERT_FALSE(pdf.status);
  EXPECT_NE(pdf.status.error().message.find("pdftotext"), std::string::npos);
  EXPECT_TRUE(read_as("text", "nothing here").status);
  EXPECT_TRUE(read_as("text", "nothing here").pulses.empty());
}

TEST(Report, long_lines_are_shown_in_part) {
  const std::string text = std::string(3000, 'x') + " evil[.]example " + std::string(3000, 'y');
  const ReadResult result = read_as("text", text);
  ASSERT_EQ(result.pulses.size(), 1u);
  const std::string& shown = result.pulses[0].indicators.at(0).description;
  EXPECT_LE(shown.size(), 200u);
  EXPECT_NE(shown.find("evil[.]example"), std::string::npos);
}

}  // namespace
}  // namespace spoor
