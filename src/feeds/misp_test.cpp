#include "feeds/feed_test_support.h"
#include "feeds/misp_types.h"

namespace spoor {
namespace {

const std::string kMd5 = "0123456789abcdef0123456789abcdef";
const std::string kSha256 = kMd5 + kMd5;
const std::string kUuid = "5f0e1a2b-0000-4000-8000-0123456789ab";

std::string attribute(const std::string& type, const std::string& value,
                      const std::string& more = "") {
  return R"({"type":")" + type + R"(","value":")" + value + R"(","to_ids":true)" + more + "}";
}

std::string event(const std::string& attributes, const std::string& more = "") {
  return R"({"Event":{"uuid":")" + kUuid +
         R"(","info":"A campaign","date":"2026-03-01","timestamp":"1772500000",)" +
         R"("Orgc":{"name":"CERT"},"Attribute":[)" + attributes + "]" + more + "}}";
}

const Pulse& only_pulse(const ReadResult& result) {
  static const Pulse kNone;
  EXPECT_TRUE(result.status) << result.status.error().message;
  EXPECT_EQ(result.pulses.size(), 1u);
  return result.pulses.empty() ? kNone : result.pulses.front();
}

TEST(Misp, an_event_is_a_pulse) {
  const ReadResult result = read_as(
      "misp", event(attribute("ip-dst", "192.0.2.7"),
                    R"(,"threat_level_id":"2","Tag":[{"name":"tlp:green"},{"name":"PAP:AMBER"},
                       {"name":"phishing"},{"name":"misp-galaxy:mitre-malware=\"Emotet - S0367\""},
                       {"name":"misp-galaxy:threat-actor=\"TA542\""},
                       {"name":"misp-galaxy:mitre-attack-pattern=\"x - T1566\""},
                       {"name":"admiralty-scale:source-reliability=\"b\""}])"));
  const Pulse& pulse = only_pulse(result);
  EXPECT_EQ(pulse.id, "misp:" + kUuid);
  EXPECT_EQ(pulse.name, "A campaign");
  EXPECT_EQ(pulse.author, "CERT");
  EXPECT_EQ(format_iso8601(*pulse.created), "2026-03-01T00:00:00Z");
  EXPECT_EQ(to_micros(*pulse.modified), 1'772'500'000'000'000);
  EXPECT_EQ(pulse.tlp, Tlp::kGreen);
  EXPECT_EQ(pulse.tags, std::vector<std::string>{"phishing"});
  EXPECT_EQ(pulse.malware_families, std::vector<std::string>{"Emotet"});
  EXPECT_EQ(pulse.adversary, "TA542");
  EXPECT_EQ(pulse.attack_ids, std::vector<std::string>{"T1566"});
  EXPECT_EQ(pulse.extra, R"({"threat_level_id":"2"})");
  EXPECT_FALSE(pulse.more_indicators);
  ASSERT_EQ(pulse.indicators.size(), 1u);
  const ClaimFacts& facts = pulse.indicators[0].facts;
  EXPECT_EQ(facts.pap, Pap::kAmber) << "a pulse has no place for it, its claims do";
  EXPECT_EQ(facts.confidence, 75);
  EXPECT_FALSE(facts.tlp) << "the pulse's holds";
  EXPECT_EQ(facts.malware, "");
}

TEST(Misp, an_attribute_says_when_how_sure_and_for_whom) {
  const ReadResult result = read_as(
      "misp",
      event(
          attribute(
              "domain", "evil.example",
              R"(,"category":"Network activity","comment":"C2","first_seen":"2026-01-02T03:04:05+00:00",
                        "last_seen":"2026-02-02T00:00:00Z","timestamp":"1772400000",
                        "Tag":[{"name":"tlp:red"},{"name":"misp:confidence-level=\"rarely-confident\""},
                               {"name":"misp-galaxy:rat=\"Remcos\""},{"name":"dga"}])") +
          "," + attribute("domain", "other.example", R"(,"timestamp":"1772400000")") + "," +
          attribute("domain", "gone.example", R"(,"deleted":true)") + "," +
          R"({"type":"domain","value":"context.example","to_ids":"0"})"));
  const Pulse& pulse = only_pulse(result);
  EXPECT_EQ(claims_of_rows(pulse.indicators),
            (RowLines{"domain|evil.example", "domain|other.example",
                      "domain|context.example|context", "domain|gone.example|ended"}));
  const RawIndicator& first = pulse.indicators.at(0);
  EXPECT_EQ(first.role, "Network activity");
  EXPECT_EQ(first.description, "C2; tags: dga");
  EXPECT_EQ(format_iso8601(*first.created), "2026-01-02T03:04:05Z");
  EXPECT_EQ(format_iso8601(*first.facts.last_said), "2026-02-02T00:00:00Z");
  EXPECT_EQ(first.facts.tlp, Tlp::kRed);
  EXPECT_EQ(first.facts.confidence, 25);
  EXPECT_EQ(first.facts.malware, "Remcos");
  const RawIndicator& second = pulse.indicators.at(1);
  EXPECT_EQ(to_micros(*second.created), 1'772'400'000'000'000);
  EXPECT_EQ(second.created, second.facts.last_said);
}

TEST(Misp, types_hold_their_parts) {
  const struct {
    std::string type, value;
    RowLines parts;
  } kCases[] = {
      {"md5", kMd5, {"FileHash-MD5|" + kMd5}},
      {"ip-src", "192.0.2.0/24", {"ip|192.0.2.0/24"}},
      {"domain|ip", "evil.example|192.0.2.7", {"domain|evil.example", "ip|192.0.2.7"}},
      {"ip-dst|port", "192.0.2.7|443", {"ip|192.0.2.7:443"}},
      {"ip-dst|port", "2001:db8::7|443", {"ip|[2001:db8::7]:443"}},
      {"hostname|port", "a.evil.example|8080", {"hostname|a.evil.example"}},
      {"filename|sha256",
       "setup.exe|" + kSha256,
       {"FileHash-SHA256|" + kSha256, "FileName|setup.exe|context"}},
      {"filename|md5",
       "C:\\x\\setup.exe|" + kMd5,
       {"FileHash-MD5|" + kMd5, "FilePath|C:\\x\\setup.exe"}},
      {"filename|ssdeep", "a.exe|3:abc:def", {"FileName|a.exe|context"}},
      {"malware-sample",
       "a|b.exe|" + kMd5,
       {"FileHash-MD5|" + kMd5, "FileName|a|b.exe|context"}},
      {"filename", "evil.exe", {"FileName|evil.exe"}},
      {"filename", "/tmp/.x/evil", {"FilePath|/tmp/.x/evil"}},
      {"regkey", "HKLM\\Software\\X", {"RegistryKey|HKLM\\Software\\X"}},
      {"regkey|value",
       "HKLM\\Software\\X | Updater",
       {"RegistryKey|HKLM\\Software\\X\\Updater", "RegistryKey|HKLM\\Software\\X|context"}},
      {"regkey|value", "HKLM\\Software\\X|C:\\evil.exe", {"RegistryKey|HKLM\\Software\\X"}},
      {"AS", "64496", {"ASN|64496"}},
      {"vulnerability", "CVE-2026-1234", {"CVE|CVE-2026-1234"}},
      {"x509-fingerprint-sha1", kMd5 + "01234567", {"SSLCertFingerprint|" + kMd5 + "01234567"}},
      {"named pipe", "\\\\.\\pipe\\x", {"NamedPipe|\\\\.\\pipe\\x"}},
      {"yara", "rule Evil_One : apt { condition: true }", {"YARA|Evil_One"}},
      {"EMAIL-SRC", "a@evil.example", {"email|a@evil.example"}},
  };
  for (const auto& c : kCases) {
    const MispValue value = misp_value(c.type, c.value);
    RowLines lines;
    for (const ClaimPart& part : value.parts) {
      lines.push_back(std::string(part.type) + "|" + part.value +
                      (part.context ? "|context" : ""));
    }
    EXPECT_TRUE(value.known) << c.type;
    EXPECT_EQ(lines, c.parts) << c.type << " " << c.value;
  }
  for (const char* nothing : {"text", "comment", "xmr", "sigma", "no such type", ""})
    EXPECT_FALSE(misp_value(nothing, "x").known) << nothing;
  EXPECT_FALSE(misp_value("yara", "no rule at all").known);
}

TEST(Misp, what_is_nothing_to_hunt_is_tallied_by_type) {
  const ReadResult result = read_as(
      "misp", event(attribute("text", "x") + "," + attribute("text", "y") + "," +
                    attribute("sigma", "z") + "," + attribute("sha1", kMd5 + "01234567")));
  EXPECT_EQ(reasons_of(result.notes),
            (RowLines{"attributes of type 'text': nothing to hunt (2)",
                      "attributes of type 'sigma': nothing to hunt (1)"}));
  EXPECT_EQ(only_pulse(result).indicators.size(), 1u);
}

TEST(Misp, links_are_references) {
  const ReadResult result = read_as(
      "misp", event(attribute("link", "https://blog.example/report") + "," +
                    attribute("link", "https://blog.example/old", R"(,"deleted":true)")));
  const Pulse& pulse = only_pulse(result);
  EXPECT_EQ(pulse.references, std::vector<std::string>{"https://blog.example/report"});
  EXPECT_TRUE(pulse.indicators.empty());
}

TEST(Misp, objects_give_their_attributes) {
  const ReadResult result = read_as(
      "misp",
      event("", R"(,"Object":[{"name":"file","comment":"dropper","Attribute":[)" +
                    attribute("filename", "evil.exe") + "," + attribute("sha256", kSha256) +
                    "]}," + R"({"name":"domain-ip","deleted":true,"Attribute":[)" +
                    attribute("domain", "evil.example") + "]}]"));
  const Pulse& pulse = only_pulse(result);
  EXPECT_EQ(claims_of_rows(pulse.indicators),
            (RowLines{"FileName|evil.exe", "FileHash-SHA256|" + kSha256,
                      "domain|evil.example|ended"}));
  EXPECT_EQ(pulse.indicators[0].title, "file");
  EXPECT_EQ(pulse.indicators[0].description, "dropper");
}

TEST(Misp, every_wrapping_is_understood) {
  const std::string one = event(attribute("ip-dst", "192.0.2.7"));
  const std::string bare = one.substr(9, one.size() - 10);
  for (const std::string& text :
       {one, bare, "[" + one + "]", R"({"response":[)" + one + "]}",
        R"({"response":)" + one + "}", "[" + bare + "]", one + "\n" + one}) {
    const ReadResult result = read_as("misp", text);
    ASSERT_TRUE(result.status) << text << ": " << result.status.error().message;
    ASSERT_GE(result.pulses.size(), 1u) << text;
    EXPECT_EQ(result.pulses[0].id, "misp:" + kUuid) << text;
    EXPECT_EQ(result.pulses[0].indicators.size(), 1u) << text;
    EXPECT_EQ(detected(text), "misp") << text;
  }
}

TEST(Misp, a_search_for_attributes_gives_rows) {
  const std::string text =
      R"({"response":{"Attribute":[)" +
      attribute("ip-dst", "192.0.2.7", R"(,"category":"Network activity")") + "]}}";
  const ReadResult result = read_as("misp", text);
  ASSERT_TRUE(result.status);
  EXPECT_EQ(claims_of_rows(result.rows), RowLines{"ip|192.0.2.7"});
  EXPECT_EQ(detected(text), "misp");
}

TEST(Misp, damage_costs_the_attribute_and_nothing_ends) {
  const ReadResult result = read_as(
      "misp", event(attribute("ip-dst", "192.0.2.7") + R"(,{"type":"domain",},)" +
                    R"({"value":"no.type.example"},)" + attribute("ip-dst", "192.0.2.8")));
  const Pulse& pulse = only_pulse(result);
  EXPECT_EQ(claims_of_rows(pulse.indicators), (RowLines{"ip|192.0.2.7", "ip|192.0.2.8"}));
  EXPECT_EQ(result.damaged.total(), 2u);
  EXPECT_TRUE(pulse.more_indicators) << "or stored claims of the damaged rows would end";
}

TEST(Misp, a_cut_document_keeps_what_is_whole) {
  const std::string text =
      event(attribute("ip-dst", "192.0.2.7") + "," + attribute("ip-dst", "192.0.2.8"));
  const ReadResult result = read_as("misp", text.substr(0, text.find("192.0.2.8") + 4));
  const Pulse& pulse = only_pulse(result);
  EXPECT_EQ(claims_of_rows(pulse.indicators), RowLines{"ip|192.0.2.7"});
  EXPECT_TRUE(result.incomplete);
  EXPECT_TRUE(pulse.more_indicators);
}

TEST(Misp, an_event_without_a_uuid_gives_rows_under_its_name) {
  const ReadResult result = read_as(
      "misp", R"({"Event":{"info":"nameless","Attribute":[)" + attribute("md5", kMd5) + "]}}");
  ASSERT_TRUE(result.status);
  EXPECT_TRUE(result.pulses.empty());
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(result.rows[0].title, "nameless");
}

TEST(Misp, says_what_other_files_of_a_feed_are) {
  const std::string manifest =
      "{\"" + kUuid + R"(":{"info":"x","date":"2026-01-01","threat_level_id":"4"}})";
  EXPECT_EQ(detected(manifest), "misp");
  ReadResult result = read_as("misp", manifest);
  ASSERT_FALSE(result.status);
  EXPECT_NE(result.status.error().message.find("manifest"), std::string::npos);
  const std::string hashes = kMd5 + "," + kUuid + "\n";
  EXPECT_EQ(detected(hashes, "hashes.csv"), "misp");
  result = read_as("misp", hashes);
  ASSERT_FALSE(result.status);
  EXPECT_NE(result.status.error().message.find("digests of values"), std::string::npos);
  EXPECT_FALSE(read_as("misp", R"({"results":[]})").status);
  EXPECT_TRUE(read_as("misp", "[]").status) << "no events is an answer";
}

TEST(Misp, wrapped_without_end_is_no_event) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += R"({"response":)";
  EXPECT_FALSE(read_as("misp", text).status);
}

}  // namespace
}  // namespace spoor
