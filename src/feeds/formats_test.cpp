#include "feeds/address_range.h"
#include "feeds/feed_test_support.h"
#include "feeds/text.h"
#include "feeds/type_word.h"

namespace spoor {
namespace {

constexpr const char* kMd5 = "0123456789abcdef0123456789abcdef";

TEST(Lines, end_with_lf_crlf_or_a_lone_cr) {
  const auto split = [](std::string_view text) {
    Lines lines(text);
    std::string_view line;
    std::string out;
    while (lines.next(line))
      out += std::to_string(lines.number()) + ":" + std::string(line) + " ";
    return out;
  };
  EXPECT_EQ(split("a\nb\n"), "1:a 2:b ");
  EXPECT_EQ(split("a\r\n\r\nb"), "1:a 2: 3:b ");
  EXPECT_EQ(split("a\rb\rc"), "1:a 2:b 3:c ");
  EXPECT_EQ(split(""), "");
}

TEST(LookOf, tells_shapes_apart) {
  const struct {
    const char* token;
    Look expect;
  } kCases[] = {
      {kMd5, Look::kHash},
      {"0123456789abcdef0123456789abcde", Look::kNone},
      {"192.0.2.7", Look::kAddress},
      {"192[.]0[.]2[.]7", Look::kAddress},
      {"2001:db8::1", Look::kAddress},
      {"[2001:db8::1]", Look::kAddress},
      {"192.0.2.0/24", Look::kNetwork},
      {"2001:db8::/32", Look::kNetwork},
      {"192.0.2.7:8443", Look::kEndpoint},
      {"[2001:db8::1]:443", Look::kEndpoint},
      {"http://evil.example/x", Look::kUrl},
      {"hxxps://evil[.]example/x", Look::kUrl},
      {"a.b@evil.example", Look::kEmail},
      {"evil.example", Look::kName},
      {"evil[.]example", Look::kName},
      {"evil(dot)example", Look::kName},
      {"evil\\.example", Look::kName},
      {"*.evil.example.", Look::kName},
      {"b\xC3\xBC"
       "cher.example",
       Look::kName},
      {"xn--bcher-kva.xn--p1ai", Look::kName},
      {"evil.example/gate.php", Look::kHostPath},
      {"192.0.2.7/a/b", Look::kHostPath},
      {"evil.example:8080", Look::kHostPath},
      {"evil.example/gh/a@master/b.exe", Look::kHostPath},
      {"CVE-2021-44228", Look::kCve},
      {"C:\\Windows\\Temp\\x.exe", Look::kPath},
      {"\\\\server\\share\\x", Look::kPath},
      {"%APPDATA%\\x.exe", Look::kPath},
      {"/usr/bin/x", Look::kPath},
      {"HKLM\\Software\\x", Look::kRegistry},
      {"HKEY_CURRENT_USER\\x", Look::kRegistry},
      {"Mozilla/5.0", Look::kNone},
      {"v1.2", Look::kNone},
      {"word", Look::kNone},
      {"1.2.3", Look::kNone},
      {"a..b", Look::kNone},
      {"", Look::kNone},
      {"[", Look::kNone},
      {"://", Look::kNone},
  };
  for (const auto& c : kCases) EXPECT_EQ(look_of(c.token), c.expect) << c.token;
}

TEST(UnderstandType, knows_types_and_families) {
  const struct {
    const char* word;
    std::optional<IndicatorType> type;
    TypeFamily family;
  } kCases[] = {
      {"Domain", IndicatorType::kDomain, TypeFamily::kNone},
      {"FileHash-MD5", IndicatorType::kMd5, TypeFamily::kNone},
      {"ip", std::nullopt, TypeFamily::kAddress},
      {"IP:port", std::nullopt, TypeFamily::kAddress},
      {"Intel::ADDR", std::nullopt, TypeFamily::kAddress},
      {"Intel::FILE_HASH", std::nullopt, TypeFamily::kHash},
      {"File", std::nullopt, TypeFamily::kFile},
      {"host", std::nullopt, TypeFamily::kHost},
      {"NIDS", std::nullopt, TypeFamily::kNone},
      {"", std::nullopt, TypeFamily::kNone},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(understand_type(c.word).type, c.type) << c.word;
    EXPECT_EQ(understand_type(c.word).family, c.family) << c.word;
  }
}

TEST(List, reads_values_types_and_what_stands_beside_them) {
  const struct {
    const char* name;
    std::string text;
    RowLines expect;
  } kCases[] = {
      {"plain", "evil.example\n192.0.2.7\n", {"|evil.example", "|192.0.2.7"}},
      {"comments", "# a\n; b\n// c\n! d\n\n  # e\nevil.example\n", {"|evil.example"}},
      {"inline comment",
       "evil.example # why\n192.0.2.7\t# why\nhttp://evil.example/#frag\n",
       {"|evil.example", "|192.0.2.7|# why", "|http://evil.example/#frag"}},
      {"crlf, no end", "evil.example\r\n192.0.2.7", {"|evil.example", "|192.0.2.7"}},
      {"blanks of all kinds", " \t evil.example \xC2\xA0\n", {"|evil.example"}},
      {"type and value",
       "IPv4\t192.0.2.7\ndomain\tevil.example\tphishing kit\n",
       {"IPv4|192.0.2.7", "domain|evil.example|phishing kit"}},
      {"types are case-blind",
       "ipV4\t192.0.2.7\nFILEHASH-md5\t" + std::string(kMd5) + "\n",
       {"ipV4|192.0.2.7", "FILEHASH-md5|" + std::string(kMd5)}},
      {"typed values keep blanks",
       "FilePath\tC:\\Program Files\\a b.exe\nMutex\tGlobal\\my mutex # "
       "1\nUserAgent\tMozilla/5.0 (X; Y) # Z\nRegistryKey\tHKLM\\Software\\My "
       "Key\tpersistence\n",
       {"FilePath|C:\\Program Files\\a b.exe", "Mutex|Global\\my mutex # 1",
        "UserAgent|Mozilla/5.0 (X; Y) # Z", "RegistryKey|HKLM\\Software\\My Key|persistence"}},
      {"typed values lose comments where blanks cannot be",
       "domain\tevil.example # why\n",
       {"domain|evil.example"}},
      {"value and type", "evil.example\tdomain\tnote\n", {"domain|evil.example|note"}},
      {"a typed value that begins with #", "Mutex\t#one\n", {"Mutex|#one"}},
      {"an unknown type is handed over",
       "IPv4\t192.0.2.7\nNIDS\t2018959\n",
       {"IPv4|192.0.2.7", "NIDS|2018959"}},
      {"an empty value is handed over",
       "IPv4\t\ndomain\tevil.example\n",
       {"IPv4|", "domain|evil.example"}},
      {"count column", "192.0.2.7\t10\n192.0.2.8\t9\n", {"|192.0.2.7|10", "|192.0.2.8|9"}},
      {"several columns", "192.0.2.7\t10\tDE\n", {"|192.0.2.7|10\tDE"}},
      {"columns by blanks",
       "192.0.2.7   10\nevil.example seen 2026\n",
       {"|192.0.2.7|10", "|evil.example|seen 2026"}},
      {"sha256sum",
       std::string(kMd5) + "  bad file.exe\n" + kMd5 + " *b.exe\n",
       {"|" + std::string(kMd5) + "|bad file.exe", "|" + std::string(kMd5) + "|b.exe"}},
      {"hash and comment",
       std::string(kMd5) + ";Group X http://report.example/a;b\n" + kMd5 + ";75;driver\n",
       {"|" + std::string(kMd5) + "|Group X http://report.example/a;b",
        "|" + std::string(kMd5) + "|75;driver"}},
      {"hash and comment with a tab",
       std::string(kMd5) + ";a\tb\n",
       {"|" + std::string(kMd5) + "|a\tb"}},
      {"hash and a no-break space",
       std::string(kMd5) + "\xC2\xA0 C:\\x.exe\n",
       {"|" + std::string(kMd5) + "|C:\\x.exe"}},
      {"drop list", "192.0.2.0/24 ; SBL1\n", {"|192.0.2.0/24"}},
      {"address and comma", "192.0.2.7,443\n", {"|192.0.2.7|443"}},
      {"trailing comma", "evil.example,\n", {"|evil.example"}},
      {"type and blank", "domain evil.example\n", {"domain|evil.example"}},
      {"a bare path keeps its blanks",
       "C:\\Program Files\\a.exe\n",
       {"|C:\\Program Files\\a.exe"}},
      {"a bare user agent stays whole",
       "Mozilla/5.0 (Windows NT 10.0)\n",
       {"|Mozilla/5.0 (Windows NT 10.0)"}},
      {"a heading", "indicator\nevil.example\n", {"|evil.example"}},
      {"a heading that is a type",
       "SHA256\n" + std::string(kMd5) + "\n",
       {"|" + std::string(kMd5)}},
      {"nothing", "", {}},
  };
  for (const auto& c : kCases) {
    const ReadResult result = read_as("list", c.text);
    ASSERT_TRUE(result.status) << c.name;
    EXPECT_EQ(result.lines(), c.expect) << c.name;
  }
}

TEST(List, says_where_a_row_stands) {
  const ReadResult result = read_as("list", "# c\n\nevil.example\n", "iocs.txt");
  ASSERT_EQ(result.rows.size(), 1u);
  EXPECT_EQ(result.rows[0].where, "iocs.txt:3");
}

TEST(List, hands_over_pages_and_stops_when_told) {
  std::string text;
  for (int i = 0; i < 25'000; ++i) text += "h" + std::to_string(i) + ".example\n";
  int pages = 0;
  std::size_t rows = 0;
  EXPECT_TRUE(import_format("list")->read(text, "x", [&](Page&& page) -> Status {
    ++pages;
    rows += page.rows.size();
    return {};
  }));
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(rows, 25'000u);
  pages = 0;
  const Status stopped = import_format("list")->read(text, "x", [&](Page&&) -> Status {
    ++pages;
    return fail("disk full");
  });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().message, "disk full");
  EXPECT_EQ(pages, 1);
}

TEST(Hosts, takes_the_names_and_not_the_sink) {
  const ReadResult result =
      read_as("hosts",
              "127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\n"
              "0.0.0.0 evil.example # why\n127.0.0.1\ta.example  b.example\n"
              "203.0.113.9 real.example\n0.0.0.0\n0.0.0.0 0.0.0.0\n");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.lines(),
            (RowLines{"host|evil.example", "host|a.example", "host|b.example"}));
  EXPECT_EQ(result.damaged.total(), 2u);
  EXPECT_EQ(result.notes.total(), 4u);
}

TEST(ZeekIntel, reads_columns_by_name) {
  const ReadResult result =
      read_as("zeek-intel",
              "#fields\tindicator\tindicator_type\tmeta.source\tmeta.do_notice\tmeta.desc\n"
              "192.0.2.7\tIntel::ADDR\tSRC\tF\tRECON\n"
              "evil.example/x\tIntel::URL\tSRC\tT\t-\n"
              "-\tIntel::ADDR\tSRC\tF\tx\n"
              "evil.example\n");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.lines(), (RowLines{"Intel::ADDR|192.0.2.7|RECON",
                                      "Intel::URL|evil.example/x", "|evil.example"}));
  EXPECT_EQ(result.rows[0].title, "SRC");
  EXPECT_EQ(result.damaged.total(), 1u);
  EXPECT_FALSE(read_as("zeek-intel", "192.0.2.7\tIntel::ADDR\n").status);
}

TEST(Adblock, reads_hosts_and_addresses_of_pages) {
  const ReadResult result =
      read_as("adblock",
              "[Adblock Plus 2.0]\n! Title: x\n||evil.example^\n||192.0.2.7^$all\n"
              "||evil.example/a/b.exe^$all\nevil2.example$all\n@@||good.example^\n"
              "example.org##.ad\n/banner[0-9]+/\n||ads.*.example^\n|http://evil.example/x|\n"
              "||evil.example/a$b/c^$document,popup\n");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.lines(), (RowLines{"host|evil.example", "|192.0.2.7",
                                      "URL|evil.example/a/b.exe", "host|evil2.example",
                                      "URL|http://evil.example/x", "URL|evil.example/a$b/c"}));
  EXPECT_EQ(result.notes.total(), 4u);
}

TEST(Rpz, reads_names_and_turns_addresses_round) {
  const ReadResult result = read_as(
      "rpz",
      "; c\n$TTL 30\n@ IN SOA localhost. root.localhost. (\n 1 2 3\n 4 5 )\n NS localhost.\n"
      "evil.example CNAME .\n*.evil2.example\tIN\tCNAME\t.\nwww.evil3.example 300 IN A "
      "127.0.0.1\n"
      "32.7.2.0.192.rpz-ip CNAME .\n24.0.2.0.192.rpz-ip CNAME .\n128.1.zz.db8.2001.rpz-ip "
      "CNAME .\n"
      "good.example CNAME rpz-passthru.\nns.evil.example.rpz-nsdname CNAME .\nwhat is this\n");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.lines(),
            (RowLines{"host|evil.example", "host|evil2.example", "host|www.evil3.example",
                      "|192.0.2.7", "|192.0.2.0/24", "|2001:db8::1"}));
  EXPECT_EQ(result.notes.total(), 2u);
  EXPECT_EQ(result.damaged.total(), 1u);
}

TEST(Dnsmasq, reads_blocking_lines) {
  const ReadResult result =
      read_as("dnsmasq",
              "# c\naddress=/evil.example/0.0.0.0\nserver=/a.example/b.example/\n"
              "local-zone: \"c.example\" always_nxdomain\nport=53\n");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.lines(), (RowLines{"host|evil.example", "host|a.example", "host|b.example",
                                      "host|c.example"}));
  EXPECT_EQ(result.notes.total(), 1u);
}

TEST(Maltrail, names_the_threat_and_the_report) {
  const ReadResult result = read_as(
      "maltrail",
      "# FILE: trails/static/malware/some_rat.txt\n# Copyright (c) Maltrail developers\n\n"
      "# Reference: https://report.example/1\n\nhttp://192.0.2.7\n192.0.2.8:8443\n"
      "evil.example    # was: x\nevil.example/gate.php\n192.0.2.0/24\n\n# "
      "Generic\n\n/panel/gate.php\n");
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.lines(),
            (RowLines{"|http://192.0.2.7|https://report.example/1",
                      "|192.0.2.8:8443|https://report.example/1",
                      "host|evil.example|https://report.example/1",
                      "URL|evil.example/gate.php|https://report.example/1",
                      "|192.0.2.0/24|https://report.example/1", "URI|/panel/gate.php"}));
  EXPECT_EQ(result.rows[0].title, "some_rat");
}

TEST(Detect, finds_the_format_by_content) {
  const struct {
    const char* name;
    std::string head;
    const char* file;
    const char* expect;
  } kCases[] = {
      {"pulses", R"([{"id":"1","name":"x","indicators":[]}])", "a.json", "otx"},
      {"printed pulses", "{\n  \"count\": 1,\n  \"results\": [ {\"indicators\": []} ] }", "a",
       "otx"},
      {"other json goes to the reader that says so", R"({"Event":{}})", "a.json", "otx"},
      {"list", "evil.example\n192.0.2.7\n", "a.txt", "list"},
      {"typed list", "IPv4\t192.0.2.7\nURL\thttp://evil.example/\n", "a.txt", "list"},
      {"list with counts", "192.0.2.7\t10\n192.0.2.8\t9\n", "a.txt", "list"},
      {"hashes with comments",
       std::string(kMd5) + ";Group http://r.example/\n" + kMd5 + ";75;b\n", "a.txt", "list"},
      {"comments only", "# nothing today\n", "a.txt", "list"},
      {"bracketed addresses", "[2001:db8::1]:80\n[2001:db8::2]:80\n", "a.txt", "list"},
      {"hosts", "# h\n127.0.0.1 localhost\n0.0.0.0 evil.example\n0.0.0.0 b.example\n", "hosts",
       "hosts"},
      {"csv", "type,indicator,note\nip,192.0.2.7,x\n", "a.csv", "csv"},
      {"csv under another name", "type;value\nip;192.0.2.7\n", "a.txt", "csv"},
      {"csv without a header",
       "2026-08-22 02:53:35,u,domain,evil.example,#p,https://x.example/1\n2026-08-22 "
       "02:53:35,u,url,http://evil.example,#p,https://x.example/1\n",
       "a.csv", "csv"},
      {"one column in a .csv is a list", std::string(kMd5) + "\n" + kMd5 + "\n", "hashes.csv",
       "list"},
      {"a table without indicators", "colour,size\nred,1\n", "a.csv", "csv"},
      {"zeek", "#fields\tindicator\tindicator_type\n192.0.2.7\tIntel::ADDR\n", "a.intel",
       "zeek-intel"},
      {"adblock", "! Title\n||evil.example^\n||b.example^\n", "a.txt", "adblock"},
      {"adblock that begins with hosts", "! Title: x\nevil.example\n192.0.2.7\n", "a.txt",
       "adblock"},
      {"rpz", "$TTL 30\n@ IN SOA l. r. 1 2 3 4 5\nevil.example CNAME .\n", "a", "rpz"},
      {"dnsmasq", "address=/evil.example/0.0.0.0\n", "a.conf", "dnsmasq"},
      {"maltrail", "# Copyright (c) 2014-2026 Maltrail developers\nevil.example\n", "a.txt",
       "maltrail"},
      {"prose",
       "We looked at the sample for a long time.\nThen we wrote this down.\nIt was late.\n",
       "a.md", "none"},
      {"regular expressions", "\\\\av[0-9]+\\.exe$;45\n\\\\ldr\\.exe$;45\n", "a.txt", "none"},
      {"xml", "<?xml version=\"1.0\"?>\n<a/>\n", "a.xml", "none"},
      {"binary", std::string("ab\0cd\n", 6), "a", "none"},
      {"nothing", "", "a", "none"},
  };
  for (const auto& c : kCases) EXPECT_EQ(detected(c.head, c.file), c.expect) << c.name;
}

TEST(Formats, every_row_of_the_table_works_on_rubbish) {
  const std::string rubbish[] = {"",
                                 "\n",
                                 "\t\t\t",
                                 std::string(3, '\0'),
                                 "\"",
                                 "[",
                                 "{",
                                 "#",
                                 "||",
                                 "@@",
                                 "0.0.0.0",
                                 "\xFF\xFE",
                                 "#fields\tindicator",
                                 "a,b\n\"",
                                 "address=/",
                                 "$",
                                 "IN CNAME",
                                 std::string(300, '"'),
                                 "/",
                                 "/ #"};
  for (const ImportFormat& format : import_formats()) {
    EXPECT_FALSE(format.describe.empty());
    for (const std::string& text : rubbish) {
      const int confidence = format.confidence(text, "x");
      EXPECT_GE(confidence, 0);
      EXPECT_LE(confidence, 100);
      const ReadResult result = read_as(format.name, text);
      if (!result.status) {
        EXPECT_FALSE(result.status.error().message.empty());
      }
    }
  }
}

TEST(RangeOf, networks_cover_exactly_the_range) {
  const auto read = [](std::string_view line) {
    const auto range = range_of(line);
    if (!range) return std::string("none");
    std::string text;
    for (const std::string& value : range->values) text += value + " ";
    return text + "|" + std::string(range->rest);
  };
  EXPECT_EQ(read("203.0.113.0-203.0.113.255"), "203.0.113.0/24 |");
  EXPECT_EQ(read("192.0.2.10 - 192.0.2.20 why"),
            "192.0.2.10/31 192.0.2.12/30 192.0.2.16/30 192.0.2.20 |why");
  EXPECT_EQ(read("192.0.2.7-192.0.2.7"), "192.0.2.7 |");
  EXPECT_EQ(read("0.0.0.0-255.255.255.255"), "0.0.0.0/0 |");
  EXPECT_EQ(read("0.0.0.1-255.255.255.254").substr(0, 30), "0.0.0.1 0.0.0.2/31 0.0.0.4/30 ");
  EXPECT_EQ(range_of("0.0.0.1-255.255.255.254")->values.size(), 62u);
  EXPECT_EQ(read("203.0.113.0\t203.0.113.255\t24\t5000"), "203.0.113.0/24 |24\t5000");
  for (const char* none :
       {"192.0.2.7", "192.0.2.6 192.0.2.7", "192.0.2.7 192.0.2.9", "192.0.2.20-192.0.2.10",
        "192.0.2.7-x", "192.0.2.7 - host", "192.0.2.0-192.0.2.7/29", "x", "", "192.0.2.0/24",
        "192.0.2.7 198.51.100.9 reported"}) {
    EXPECT_EQ(read(none), "none") << none;
  }
}

TEST(List, ranges_are_networks_and_a_leading_dot_is_all_below) {
  EXPECT_EQ(read_as("list", "192.0.2.0 - 192.0.2.8 # scan\n.evil.example\n198.51.100.7 - bad\n")
                .lines(),
            (RowLines{"|192.0.2.0/29|# scan", "|192.0.2.8|# scan", "domain|evil.example",
                      "|198.51.100.7|bad"}));
}

TEST(ParseListDate, reads_what_lists_write) {
  const auto read = [](std::string_view text, DayEdge edge) {
    const auto time = parse_list_date(text, edge);
    return time ? format_iso8601(*time) : "none";
  };
  EXPECT_EQ(read("2026-08-22 02:53:35 UTC", DayEdge::kBegin), "2026-08-22T02:53:35Z");
  EXPECT_EQ(read(" 2026-08-22 ", DayEdge::kBegin), "2026-08-22T00:00:00Z");
  EXPECT_EQ(read("2026-08-22", DayEdge::kEnd), "2026-08-23T00:00:00Z");
  EXPECT_EQ(read("1752927088", DayEdge::kBegin), "2025-07-19T12:11:28Z");
  EXPECT_EQ(read("1752927088000", DayEdge::kBegin), "2025-07-19T12:11:28Z");
  EXPECT_EQ(read("01/01/20", DayEdge::kBegin), "none");
}

}  // namespace
}  // namespace spoor
