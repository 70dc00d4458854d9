// import_bytes and import_file into a store of their own: formats, re-coding, guards,
// idempotence.

#include "collect/import.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/temporary_folder.h"
#include "collect/judge.h"
#include "collect/recode.h"

namespace spoor {
namespace {

class ImportTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::open(folder_ / "spoor.db", Store::Mode::kReadWrite);
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
  }
  ImportReport import(const std::string& text, const std::string& name,
                      const ImportOptions& options = {}) {
    auto report = import_bytes(*store_, text, name, options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : ImportReport{};
  }
  /// "type value" of every claim in the store with its feed.
  std::vector<std::string> content(bool with_quarantined = false) {
    std::vector<std::string> rows;
    IndicatorFilter filter;
    filter.with_quarantined = with_quarantined;
    const auto status = store_->for_each_claim(filter, [&](const ClaimView& claim) {
      rows.push_back(std::string(name_of(claim.observable.type)) + " " +
                     claim.observable.value);
    });
    EXPECT_TRUE(status);
    return rows;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

std::string utf16(std::string_view ascii, bool little, bool mark) {
  std::string out;
  const auto put = [&](unsigned unit) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    out += little ? low : high;
    out += little ? high : low;
  };
  if (mark) put(0xFEFF);
  for (char c : ascii) put(static_cast<unsigned char>(c));
  return out;
}

using Rows = std::vector<std::string>;

TEST_F(ImportTest, reads_a_list_and_changes_nothing_the_second_time) {
  const std::string list =
      "# a list\r\n"
      "evil-example.com\r\n"
      "\r\n"
      "IPv4\t203.0.113.7\tscanner\r\n"
      "cdn.evil-example.com # seen once\r\n"
      "filehash-md5\t0123456789ABCDEF0123456789abcdef\r\n";
  const ImportReport first = import(list, "/some/where/iocs.txt");
  EXPECT_EQ(first.feed, "file:iocs.txt");
  EXPECT_EQ(first.format, "list");
  EXPECT_EQ(first.rows, 4u);
  EXPECT_EQ(first.accepted, 4u);
  EXPECT_TRUE(first.refused.empty());
  EXPECT_EQ(first.counts.claims_new, 4u);
  EXPECT_EQ(content(), (Rows{"IPv4 203.0.113.7", "domain evil-example.com",
                             "hostname cdn.evil-example.com",
                             "FileHash-MD5 0123456789abcdef0123456789abcdef"}));
  const std::int64_t generation = store_->identity().generation;
  const ImportReport second = import(list, "/elsewhere/iocs.txt");
  EXPECT_FALSE(second.counts.changed());
  EXPECT_EQ(second.counts.claims_same, 4u);
  EXPECT_EQ(store_->identity().generation, generation);
}

TEST_F(ImportTest, reads_every_encoding_alike) {
  const std::string list = "evil-example.com\n203.0.113.7\n";
  const struct {
    const char* name;
    std::string bytes;
    const char* encoding;
  } kCases[] = {
      {"plain", list, "UTF-8"},
      {"utf-8 mark", "\xEF\xBB\xBF" + list, "UTF-8"},
      {"utf-16le mark", utf16(list, true, true), "UTF-16LE"},
      {"utf-16be mark", utf16(list, false, true), "UTF-16BE"},
      {"utf-16le without", utf16(list, true, false), "UTF-16LE"},
      {"utf-16be without", utf16(list, false, false), "UTF-16BE"},
      {"latin-1 no-break spaces",
       "evil-example.com\xA0\n\xA0"
       "203.0.113.7 # caf\xE9\n",
       "UTF-8, Latin-1 bytes"},
  };
  for (const auto& c : kCases) {
    ImportOptions options;
    options.feed = "one";
    const ImportReport report = import(c.bytes, "x.txt", options);
    EXPECT_EQ(report.encoding, c.encoding) << c.name;
    EXPECT_EQ(report.accepted, 2u) << c.name;
    EXPECT_EQ(content(), (Rows{"IPv4 203.0.113.7", "domain evil-example.com"})) << c.name;
  }
}

TEST_F(ImportTest, tallies_what_it_refuses_and_what_it_sets_apart) {
  const std::string list =
      "IPv4\t203.0.113.256\n"
      "IPv4\t192.168.1.1\n"
      "CIDR\t203.0.113.5/24\n"
      "FileHash-MD5\td41d8cd98f00b204e9800998ecf8427e\n"
      "domain\tevil-example.com\n"
      "domain\t\n"
      "Certificate\tOptyprism Limited\n"
      "FileHash-Whatever\t203.0.113.9\n"
      "Command line\tpowershell.exe -f C:\\Windows\\Temp\\x.ps1\n";
  const ImportReport report = import(list, "x.txt");
  EXPECT_EQ(report.rows, 9u);
  EXPECT_EQ(report.accepted, 5u);
  EXPECT_EQ(report.refused.total(), 4u);
  for (const auto& entry : report.refused.entries()) {
    ASSERT_FALSE(entry.examples.empty());
    EXPECT_EQ(entry.examples[0].where.substr(0, 6), "x.txt:");
    EXPECT_FALSE(entry.reason.empty());
  }
  EXPECT_EQ(report.quarantined.total(), 2u);
  EXPECT_EQ(report.quarantined.entries()[0].rule, "S5");
  bool masked = false, told_by_value = false;
  for (const auto& entry : report.notes.entries()) {
    masked = masked || entry.rule == "C2";
    told_by_value =
        told_by_value || entry.reason.find("told by the value") != std::string::npos;
  }
  EXPECT_TRUE(masked);
  EXPECT_TRUE(told_by_value);
  EXPECT_EQ(content(),
            (Rows{"IPv4 203.0.113.9", "CIDR 203.0.113.0/24", "domain evil-example.com"}));
  EXPECT_EQ(content(true).size(), 5u);

  ImportOptions options;
  options.quarantine = Quarantine::kRelease;
  const ImportReport released = import(list, "x.txt", options);
  EXPECT_TRUE(released.quarantined.empty());
  EXPECT_EQ(content().size(), 5u);
}

TEST_F(ImportTest, a_family_of_types_lets_the_value_decide) {
  const ImportReport report = import(
      "ip\t203.0.113.7\nip\t2001:db8:1::7\nip:port\t203.0.113.7:443\nip\t203.0.113.0/24\n"
      "hash\t0123456789abcdef0123456789abcdef01234567\nfile\tdropper-a.exe\n"
      "Intel::ADDR\t203.0.113.8\nip\tevil-example.com\nhash\tdropper-b.exe\n",
      "x.txt");
  EXPECT_EQ(report.accepted, 8u);
  ASSERT_EQ(report.refused.total(), 1u);
  EXPECT_EQ(report.refused.entries()[0].reason,
            "the value is not of the type that its feed names");
  ASSERT_EQ(report.notes.total(), 1u);
  EXPECT_EQ(report.notes.entries()[0].reason,
            "the type word does not fit: the type was told by the value");
  EXPECT_EQ(content(), (Rows{"IPv4 203.0.113.7", "IPv4 203.0.113.8", "IPv6 2001:db8:1::7",
                             "CIDR 203.0.113.0/24", "domain evil-example.com",
                             "FileHash-SHA1 0123456789abcdef0123456789abcdef01234567",
                             "IPv4-port 203.0.113.7:443", "FileName dropper-a.exe"}));
}

TEST_F(ImportTest, takes_a_host_for_a_domain_or_a_hostname) {
  import(
      "0.0.0.0 evil-example.com\n0.0.0.0 a.b.evil-example.com\n0.0.0.0 "
      "evil-example.zip\n0.0.0.0 x.github.io\n",
      "hosts");
  EXPECT_EQ(content(), (Rows{"domain evil-example.com", "domain evil-example.zip",
                             "domain x.github.io", "hostname a.b.evil-example.com"}));
}

TEST_F(ImportTest, keeps_a_pulse_with_its_fields) {
  const ImportReport report = import(
      R"({"id":"5f0000000000000000000001","name":"Campaign\tone","author_name":"ann","TLP":"green","tags":["a","b"],
          "modified":"2026-11-01T10:00:00","created":"2026-10-01T10:00:00.5","indicators":[
          {"id":4081308221,"indicator":"evil[.]example-site.com","type":"Domain","role":"phishing","expiration":"2026-12-01"},
          {"id":2,"indicator":"not an address","type":"IPv4"}]})",
      "pulse.json");
  EXPECT_EQ(report.format, "otx");
  EXPECT_EQ(report.pulses, 1u);
  EXPECT_EQ(report.accepted, 1u);
  EXPECT_EQ(report.refused.total(), 1u);
  int seen = 0;
  ASSERT_TRUE(store_->for_each_claim({}, [&](const ClaimView& claim) {
    ++seen;
    EXPECT_EQ(claim.observable.value, "evil.example-site.com");
    EXPECT_EQ(claim.raw, "evil[.]example-site.com");
    EXPECT_EQ(claim.pulse_id, "5f0000000000000000000001");
    EXPECT_EQ(claim.pulse_name, "Campaign\tone");
    EXPECT_EQ(claim.tags, (Rows{"a", "b"}));
    EXPECT_EQ(claim.tlp, Tlp::kGreen);
    EXPECT_EQ(claim.role, "phishing");
    EXPECT_EQ(claim.feed, "file:pulse.json");
    EXPECT_EQ(claim.expiration, parse_iso8601("2026-12-02")->time);  // the day ends at 24:00
  }));
  EXPECT_EQ(seen, 1);
}

TEST_F(ImportTest, says_what_is_wrong_with_a_file) {
  const struct {
    const char* name;
    std::string bytes;
    const char* format;
    const char* expect;
  } kCases[] = {
      {"empty", "", "", "x: is empty, expected one of otx, list, "},
      {"prose", "This is a report about nothing in particular.\nIt has two lines.\n", "",
       "x: no format fits"},
      {"xml", "<?xml version=\"1.0\"?><ioc>evil-example.com</ioc>", "", "x: no format fits"},
      {"binary",
       std::string("\x7f"
                   "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\1\0\0\0",
                   24),
       "", "x: no format fits"},
      {"lookup",
       R"({"sections":["general"],"indicator":"8.8.8.8","type":"IPv4","pulse_info":{"count":0,"pulses":[]}})",
       "", "x: as otx: a lookup reply"},
      {"other json", R"({"Thing":{"info":"x"}})", "",
       "x: as otx: json with the members thing, expected"},
      {"unknown format", "a", "sandwich", "format sandwich, expected one of otx, list, "},
      {"csv without columns", "colour,size\nred,1\nblue,2\n", "csv",
       "x: as csv: no column of indicators: found colour, size"},
  };
  for (const auto& c : kCases) {
    ImportOptions options;
    options.format = c.format;
    const auto report = import_bytes(*store_, c.bytes, "x", options);
    ASSERT_FALSE(report) << c.name;
    EXPECT_EQ(report.error().message.find(c.expect), 0u)
        << c.name << ": " << report.error().message;
  }
  EXPECT_TRUE(content(true).empty());
}

TEST_F(ImportTest, a_cut_document_keeps_its_good_rows) {
  const std::string whole =
      R"({"count":2,"results":[{"id":"p1","name":"n","tlp":"white","indicators":[{"indicator":"a.evil-example.com","type":"hostname"}]},)"
      R"({"id":"p2","name":"m","tlp":"white","indicators":[{"indicator":"b.evil-example.com","type":"hostname"},{"indicator":"c.evil-example.com","type":"hostname"}]}]})";
  const ImportReport report = import(whole.substr(0, whole.size() - 30), "cut.json");
  EXPECT_TRUE(report.incomplete);
  EXPECT_EQ(content(), (Rows{"hostname a.evil-example.com", "hostname b.evil-example.com"}));
  const ImportReport rest = import(whole, "cut.json");
  EXPECT_FALSE(rest.incomplete);
  EXPECT_EQ(rest.counts.claims_new, 1u);
  EXPECT_EQ(rest.counts.claims_ended, 0u);
  EXPECT_EQ(content().size(), 3u);
}

TEST_F(ImportTest, reads_from_a_file) {
  const std::string path = folder_ / "list.txt";
  std::ofstream(path) << "evil-example.com\n";
  const auto report = import_file(*store_, path, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->feed, "file:list.txt");
  EXPECT_EQ(report->accepted, 1u);
  EXPECT_FALSE(import_file(*store_, folder_ / "missing", {}));
  ImportOptions small;
  small.max_bytes = 4;
  EXPECT_FALSE(import_file(*store_, path, small));
}

TEST_F(ImportTest, many_rows_are_written_in_pieces) {
  std::string list;
  for (int i = 0; i < 25'000; ++i) list += "h" + std::to_string(i) + ".evil-example.com\n";
  ImportOptions options;
  options.commit_rows = 1'000;
  EXPECT_EQ(import(list, "big.txt", options).counts.claims_new, 25'000u);
  EXPECT_EQ(import(list, "big.txt", options).counts.claims_same, 25'000u);
  EXPECT_EQ(store_->counts()->claims, 25'000u);
}

TEST(BoundedTally, does_not_grow_with_reasons) {
  BoundedTally tally;
  for (int i = 0; i < 10'000; ++i) tally.add("I1", "octet " + std::to_string(i), "x:1", "v");
  EXPECT_LE(tally.tally().entries().size(), BoundedTally::kMostReasons + 1);
  EXPECT_EQ(tally.tally().total(), 10'000u);
  Tally other;
  for (int i = 0; i < 500; ++i) other.add("D1", "label " + std::to_string(i), "y:1", "v", 7);
  tally.merge(other);
  EXPECT_EQ(tally.tally().total(), 13'500u);
  EXPECT_LE(tally.tally().entries().size(), BoundedTally::kMostReasons + 2);
}

TEST(Recode, reads_single_bytes_as_windows_1252) {
  const struct {
    const char* name;
    std::string bytes;
    const char* expect;
    std::uint64_t count;
  } kCases[] = {
      {"ascii", "plain text, longer than eight bytes", "plain text, longer than eight bytes",
       0},
      {"utf-8 stays", "caf\xC3\xA9 \xE2\x82\xAC", "caf\xC3\xA9 \xE2\x82\xAC", 0},
      {"latin-1", "caf\xE9 au lait", "caf\xC3\xA9 au lait", 1},
      {"quotes", "\x93hi\x94", "\xE2\x80\x9Chi\xE2\x80\x9D", 2},
      {"a hole", "a\x81z", "a\xEF\xBF\xBDz", 1},
      {"mixed", "\xC3\xA9\xE9", "\xC3\xA9\xC3\xA9", 1},
      {"empty", "", "", 0},
  };
  for (const auto& c : kCases) {
    std::string text = c.bytes;
    EXPECT_EQ(replace_latin1(text), c.count) << c.name;
    EXPECT_EQ(text, c.expect) << c.name;
  }
}

}  // namespace
}  // namespace spoor
