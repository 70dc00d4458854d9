// What fields add to the raw pass and what they take back, with the reference matcher and the
// fast one alike.

#include "hunt/join.h"

#include <gtest/gtest.h>

#include "hunt/join_test_support.h"
#include "hunt/scan.h"
#include "match/exact.h"
#include "match/fast.h"

namespace spoor {
namespace {

struct JoinCase {
  const char* name;
  IndicatorType type;
  const char* indicator;
  std::string text;
  Grade expected;
  const char* rule;     ///< "" where nothing matches
  const char* matched;  ///< the bytes of the log that the best hit covers
};

const std::string kHttp =
    "#separator \\x09\n#fields\tts\tid.resp_h\tid.resp_p\tmethod\thost\turi\tuser_agent\n";
const std::string kConn = "#separator \\x09\n#fields\tts\tid.resp_h\tid.resp_p\n";
const std::string kIis = "#Fields: date time cs-host cs-uri-stem cs-uri-query s-port\n";

const JoinCase kCases[] = {
    {"zeek_pairs_address_and_port", IndicatorType::kIpv4Port, "192.0.2.5:8443",
     kConn + "1764000000\t192.0.2.5\t8443\n", Grade::kExact, "P3", "192.0.2.5\t8443"},
    {"another_port_stays_weak", IndicatorType::kIpv4Port, "192.0.2.5:8443",
     kConn + "1764000000\t192.0.2.5\t8444\n", Grade::kWeak, "P2", "192.0.2.5"},
    {"json_pairs_in_either_order", IndicatorType::kIpv4Port, "192.0.2.5:8443",
     "{\"dest_port\":8443,\"x\":1,\"dest_ip\":\"192.0.2.5\"}\n", Grade::kExact, "P3",
     "8443,\"x\":1,\"dest_ip\":\"192.0.2.5"},
    {"json_pairs_of_another_object_do_not_count", IndicatorType::kIpv4Port, "192.0.2.5:8443",
     "{\"l\":[{\"dest_ip\":\"192.0.2.5\"},{\"dest_port\":8443}]}\n", Grade::kWeak, "P2",
     "192.0.2.5"},
    {"json_array_of_records", IndicatorType::kIpv4Port, "192.0.2.5:8443",
     "[{\"dest_ip\":\"192.0.2.6\",\"dest_port\":1},{\"dest_ip\":\"192.0.2.5\",\"dest_port\":"
     "8443}]\n",
     Grade::kExact, "P3", "192.0.2.5\",\"dest_port\":8443"},
    {"json_pairs_a_v6_address", IndicatorType::kIpv6Port, "[2001:db8::5]:443",
     "{\"src_ip\":\"2001:db8::5\",\"src_port\":443}\n", Grade::kExact, "P3",
     "2001:db8::5\",\"src_port\":443"},
    {"cef_pairs", IndicatorType::kIpv4Port, "192.0.2.5:22",
     "CEF:0|V|P|1|1|n|7|src=10.0.0.1 spt=5 dst=192.0.2.5 dpt=22\n", Grade::kExact, "P3",
     "192.0.2.5 dpt=22"},
    {"zeek_joins_host_and_target", IndicatorType::kUrl, "http://evil.example/gate.php",
     kHttp + "1764000000\t192.0.2.5\t80\tGET\tevil.example\t/gate.php\tx\n", Grade::kExact,
     "U11", "evil.example\t/gate.php"},
    {"zeek_json_joins_the_same", IndicatorType::kUrl, "http://evil.example/gate.php",
     "{\"ts\":1764000000.1,\"uid\":\"C\",\"id.orig_h\":\"10.0.0.5\",\"host\":\"evil.example\","
     "\"uri\":\"/gate.php\"}\n",
     Grade::kExact, "U11", "evil.example\",\"uri\":\"/gate.php"},
    {"the_host_alone_is_no_url", IndicatorType::kUrl, "http://evil.example/gate.php",
     kHttp + "1764000000\t192.0.2.5\t80\tGET\tevil.example\t/other\tx\n", Grade::kNone, "", ""},
    {"connect_is_not_joined", IndicatorType::kUrl, "http://evil.example/gate.php",
     kHttp + "1764000000\t192.0.2.5\t80\tCONNECT\tevil.example\t/gate.php\tx\n", Grade::kNone,
     "", ""},
    {"iis_joins_three_columns", IndicatorType::kUrl, "http://evil.example/gate.php",
     kIis + "2026-11-24 10:54:14 evil.example /gate.php id=1 80\n", Grade::kContains, "U4",
     "evil.example /gate.php id=1"},
    {"iis_columns_change", IndicatorType::kUrl, "http://evil.example/gate.php",
     kIis + "#Fields: date cs-uri-stem cs-host\n2026-11-24 /gate.php evil.example\n",
     Grade::kExact, "U11", "/gate.php evil.example"},
    {"a_target_that_ends_with_a_soft_break_joins_nothing", IndicatorType::kUrl,
     "http://evil.example/ahttp://evil.example/b",
     kHttp + "1764000000\t-\t80\tGET\tevil.example\t/a=\tx\n" +
         "1764000000\t-\t80\tGET\tevil.example\t/b\tx\n",
     Grade::kNone, "", ""},
    {"a_whole_user_agent_is_a_column", IndicatorType::kUserAgent, "Evil Agent/1.0",
     kHttp + "1764000000\t192.0.2.5\t80\tGET\ta.example\t/\tEvil Agent/1.0\n", Grade::kExact,
     "O5", "Evil Agent/1.0"},
    {"tcpdump_hides_addresses", IndicatorType::kIpv4, "192.0.2.5",
     "IP 192.0.2.5.51234 > 198.51.100.7.443: Flags [S]\n", Grade::kExact, "I2",
     "192.0.2.5.51234"},
    {"tcpdump_hides_pairs", IndicatorType::kIpv4Port, "198.51.100.7:443",
     "IP 192.0.2.5.51234 > 198.51.100.7.443: Flags [S]\n", Grade::kExact, "P3",
     "198.51.100.7.443"},
    {"a_version_in_a_user_agent_is_weak", IndicatorType::kIpv4, "90.0.44.30",
     "192.0.2.1 - - [24/Nov/2026:10:54:14 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"Chrome/"
     "90.0.44.30\"\n",
     Grade::kWeak, "I9", "90.0.44.30"},
    {"the_same_address_elsewhere_in_the_line_is_not", IndicatorType::kIpv4, "90.0.44.30",
     "90.0.44.30 - - [24/Nov/2026:10:54:14 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"Chrome/"
     "90.0.44.30\"\n",
     Grade::kExact, "I1", "90.0.44.30"},
    {"a_name_in_a_domain_column_is_no_file", IndicatorType::kDomain, "evil.zip",
     "#separator \\x09\n#fields\tts\tuid\tquery\n1764000000\tC\tevil.zip\n", Grade::kExact,
     "D3", "evil.zip"},
    {"a_name_elsewhere_could_be_a_file", IndicatorType::kDomain, "evil.zip",
     "#separator \\x09\n#fields\tts\tuid\tnote\n1764000000\tC\tevil.zip\n", Grade::kWeak, "D7",
     "evil.zip"},
};

/// The best hit of a text, read in chunks as a hunt would.
Hit best_of(const Matcher& matcher, const std::string& text) {
  const WholeText whole(text);
  const auto scratch = matcher.make_scratch();
  ScanBuffers buffers;
  const ScanResult result =
      scan_chunk(whole.chunk, whole.formats, matcher, *scratch, Grade::kWeak, buffers);
  Hit best;
  for (const Candidate& each : result.candidates) {
    if (best.grade == Grade::kNone || says_more(each.hit, best)) best = each.hit;
  }
  return best;
}

TEST(Join, fields_say_more_than_the_raw_text) {
  for (const JoinCase& each : kCases) {
    const std::vector<Observable> claims = {{each.type, each.indicator}};
    for (const bool fast : {false, true}) {
      const auto matcher = fast ? make_fast_matcher(claims) : make_exact_matcher(claims);
      const Hit best = best_of(*matcher, each.text);
      EXPECT_EQ(name_of(best.grade), name_of(each.expected)) << each.name << " fast " << fast;
      EXPECT_STREQ(best.rule, each.rule) << each.name;
      EXPECT_EQ(each.text.substr(best.offset, best.length), each.matched) << each.name;
    }
  }
}

TEST(Join, lines_that_a_chunk_cuts_are_left_to_the_raw_pass) {
  const auto matcher = make_exact_matcher({{IndicatorType::kIpv4Port, "192.0.2.5:8443"}});
  Chunk chunk;
  chunk.text = "{\"dest_ip\":\"192.0.2.5\",\"dest_port\":8443}";
  chunk.cut_head = chunk.text;
  FormatTrack track;
  const ChunkFormats formats = track.enter(0, chunk.text, TextEncoding::kBytes, {},
                                           [] { return std::optional<Time>(); });
  const auto scratch = matcher->make_scratch();
  ScanBuffers buffers;
  const ScanResult result =
      scan_chunk(chunk, formats, *matcher, *scratch, Grade::kWeak, buffers);
  ASSERT_EQ(result.candidates.size(), 1u);
  EXPECT_EQ(result.candidates[0].hit.grade, Grade::kWeak);
}

}  // namespace
}  // namespace spoor
