// The reference matcher against docs/semantics.md: a table with cases of every rule id, the
// shared examples where they are at hand, and properties that hold for all of them.

#include "match/exact.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "ioc/canonical.h"
#include "match/exact_cases_test.h"

namespace spoor {
namespace {

using enum IndicatorType;
using enum Grade;
using std::string_view_literals::operator""sv;

constexpr std::string_view kMd5Value = "3c13095de829e8a9e831ff0e978f114e";
constexpr std::string_view kSha256Value =
    "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c7578";

// clang-format off
const ExactCase kCases[] = {
    // I: IPv4
    {"finds_address_between_borders", kIpv4, "192.0.2.9", "drop 192.0.2.9.", kExact, "I1"},
    {"keeps_address_at_start_and_end", kIpv4, "192.0.2.9", "192.0.2.9", kExact, "I1"},
    {"refuses_longer_octet", kIpv4, "192.0.2.9", "drop 192.0.2.90", kNone, ""},
    {"refuses_letter_before", kIpv4, "192.0.2.9", "hostx192.0.2.9", kNone, ""},
    {"refuses_underscore_after", kIpv4, "192.0.2.9", "192.0.2.9_old", kNone, ""},
    {"refuses_name_after", kIpv4, "192.0.2.9", "192.0.2.9.dyn.example", kNone, ""},
    {"refuses_five_groups", kIpv4, "192.0.2.9", "v=1.192.0.2.9", kNone, ""},
    {"reads_padded_octets_as_equivalent", kIpv4, "192.0.2.9", "drop 192.000.002.009", kEquivalent, "I3"},
    {"reads_one_padded_octet_as_weak", kIpv4, "192.0.2.9", "drop 192.0.02.9", kWeak, "I3"},
    {"takes_port_off", kIpv4, "192.0.2.9", "192.0.2.9:65535", kExact, "I1"},
    {"takes_cisco_slash_port", kIpv4, "192.0.2.9", "dmz:192.0.2.9/443", kExact, "I5"},
    {"reads_network_as_mention", kIpv4, "198.51.100.0", "permit 198.51.100.0/24 any", kMention, "I5"},
    {"reads_slash_32_as_host", kIpv4, "198.51.100.0", "permit 198.51.100.0/32 any", kExact, "I5"},
    {"reads_hex_host_of_url", kIpv4, "192.0.2.9", "http://0xc0000209/", kEquivalent, "I6"},
    {"reads_octal_host_of_url", kIpv4, "192.0.2.9", "http://0300.0.2.011/", kEquivalent, "I6"},
    {"reads_no_octal_without_scheme", kUrl, "http://192.0.2.9/", "to 192.0.2.011/ now", kNone, ""},
    {"reads_decimal_without_scheme", kUrl, "http://192.0.2.9/", "to 192.000.002.009/ now", kEquivalent, "I6"},
    {"ignores_integer_outside_url", kIpv4, "192.0.2.9", "serial 3221225993", kNone, ""},
    {"unfolds_mapped_address", kIpv4, "192.0.2.9", "peer ::ffff:192.0.2.9", kEquivalent, "I7"},
    {"unfolds_mapped_hex", kIpv4, "192.0.2.9", "peer ::ffff:c000:209", kEquivalent, "I7"},
    {"unfolds_nat64", kIpv4, "192.0.2.9", "peer 64:ff9b::192.0.2.9", kDerived, "I7"},
    {"unfolds_reverse_name", kIpv4, "192.0.2.9", "9.2.0.192.in-addr.arpa IN PTR", kDerived, "I7"},
    {"ignores_6to4", kIpv4, "192.0.2.9", "2002:c000:209::1", kNone, ""},
    {"ignores_compatible", kIpv4, "192.0.2.9", "::192.0.2.9", kNone, ""},
    {"ignores_labels_of_reverse_name", kIpv4, "9.2.0.192", "9.2.0.192.in-addr.arpa", kNone, ""},
    {"reads_version_as_weak", kIpv4, "192.0.2.9", "running Version 192.0.2.9", kWeak, "I9"},
    {"reads_v_prefix_as_weak", kIpv4, "192.0.2.9", "agent v192.0.2.9", kWeak, "I9"},
    {"reads_ver_field_as_weak", kIpv4, "192.0.2.9", "ver=192.0.2.9", kWeak, "I9"},
    {"keeps_server_field", kIpv4, "192.0.2.9", "server=192.0.2.9", kExact, "I1"},
    {"keeps_conversion_word", kIpv4, "192.0.2.9", "conversion 192.0.2.9", kExact, "I1"},
    {"keeps_slash_before", kIpv4, "192.0.2.9", "outside/192.0.2.9(443)", kExact, "I1"},
    // V: IPv6
    {"finds_ipv6", kIpv6, "2001:db8::7", "from 2001:db8::7 port 22", kExact, "V1"},
    {"finds_upper_case_ipv6", kIpv6, "2001:db8::7", "from 2001:DB8::7", kExact, "V1"},
    {"finds_long_ipv6", kIpv6, "2001:db8::7", "from 2001:db8:0:0:0:0:0:7", kEquivalent, "V1"},
    {"strips_brackets_and_port", kIpv6, "2001:db8::7", "[2001:db8::7]:8443", kExact, "V2"},
    {"strips_zone", kIpv6, "2001:db8::7", "2001:db8::7%en0", kExact, "V1"},
    {"keeps_bare_port_in_address", kIpv6, "2001:db8::7", "2001:db8::7:8443", kNone, ""},
    {"ignores_clock", kIpv6, "::1:2", "at 00:01:02", kNone, ""},
    {"reads_v6_network_as_mention", kIpv6, "2001:db8::", "2001:db8::/64 dev", kMention, "V5"},
    {"unfolds_ip6_arpa", kIpv6, "2001:db8::7", "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", kDerived, "V6"},
    {"takes_colon_of_a_sentence_off", kIpv6, "2001:db8::7", "64 bytes from 2001:db8::7: seq=1", kExact, "V1"},
    {"refuses_letter_beside_v6", kIpv6, "2001:db8::7", "2001:db8::7g", kNone, ""},
    // C: networks
    {"finds_address_in_network", kCidr, "198.51.100.0/25", "DST=198.51.100.127", kContains, "C1"},
    {"refuses_address_past_network", kCidr, "198.51.100.0/25", "DST=198.51.100.128", kNone, ""},
    {"finds_network_itself", kCidr, "198.51.100.0/24", "route 198.51.100.0/24", kMention, "C3"},
    {"finds_v6_in_network", kCidr, "2001:db8:5::/48", "2001:db8:5:1::1", kContains, "C1"},
    {"finds_mapped_in_network", kCidr, "198.51.100.0/24", "::ffff:198.51.100.1", kContains, "C1"},
    {"keeps_every_address_in_zero_prefix", kCidr, "0.0.0.0/0", "DST=203.0.113.1", kContains, "C1"},
    // P: address and port
    {"finds_address_and_port", kIpv4Port, "192.0.2.9:8080", "192.0.2.9:8080", kExact, "P1"},
    {"refuses_other_port", kIpv4Port, "192.0.2.9:8080", "192.0.2.9:80", kNone, ""},
    {"refuses_impossible_port", kIpv4Port, "192.0.2.9:8080", "192.0.2.9:808000", kNone, ""},
    {"reads_address_alone_as_weak", kIpv4Port, "192.0.2.9:8080", "host 192.0.2.9", kWeak, "P2"},
    {"finds_v6_and_port", kIpv6Port, "[2001:db8::7]:8080", "[2001:db8::7]:8080", kExact, "P1"},
    {"refuses_other_v6_port", kIpv6Port, "[2001:db8::7]:8080", "[2001:db8::7]:8081", kNone, ""},
    // D: names
    {"finds_domain", kDomain, "bad.example", "query: bad.example", kExact, "D3"},
    {"finds_subdomain", kDomain, "bad.example", "query: a.b.bad.example", kContains, "D3"},
    {"finds_name_in_any_case_with_dot", kDomain, "bad.example", "BAD.Example.", kExact, "D3"},
    {"finds_wildcard", kDomain, "bad.example", "CN=*.bad.example", kExact, "D3"},
    {"refuses_name_that_ends_alike", kDomain, "bad.example", "notbad.example", kNone, ""},
    {"refuses_name_that_goes_on", kDomain, "bad.example", "bad.example.com", kNone, ""},
    {"refuses_parent", kDomain, "a.bad.example", "bad.example", kNone, ""},
    {"keeps_hostname_to_itself", kHostname, "bad.example", "www.bad.example", kNone, ""},
    {"finds_hostname", kHostname, "www.bad.example", "www.bad.example:443", kExact, "D3"},
    {"refuses_user_info", kDomain, "bad.example", "http://bad.example:pw@good.test/", kNone, ""},
    {"refuses_local_part", kDomain, "bad.example", "bad.example@good.test", kNone, ""},
    {"finds_mail_host", kDomain, "bad.example", "to=<x@bad.example>", kExact, "D3"},
    {"covers_nothing_below_public_suffix", kDomain, "co.uk", "shop.co.uk", kNone, ""},
    {"covers_nothing_below_shared_host", kDomain, "github.com", "api.github.com", kNone, ""},
    {"finds_shared_host_itself", kDomain, "github.com", "query: github.com", kExact, "D3"},
    {"reads_file_like_name_as_weak", kDomain, "setup.sh", "ran setup.sh twice", kWeak, "D7"},
    {"takes_field_as_mark", kDomain, "setup.sh", "{\"sni\":\"setup.sh\"}", kExact, "D3"},
    {"takes_scheme_as_mark", kDomain, "setup.sh", "http://setup.sh", kExact, "D3"},
    {"takes_port_as_mark", kDomain, "setup.sh", "setup.sh:443", kExact, "D3"},
    {"unfolds_length_prefixed_name", kDomain, "bad.example", "(3)www(3)bad(7)example(0)", kContains, "D3"},
    {"finds_a_label_for_u_label", kDomain, "xn--caf-dma.example", "query: caf\xC3\xA9.example", kEquivalent, "D1"},
    {"refuses_lookalike", kDomain, "cafe.example", "query: caf\xC3\xA9.example", kNone, ""},
    // U: URLs
    {"finds_url", kUrl, "http://bad.example/x/y", "GET http://bad.example/x/y HTTP/1.1", kExact, "U2"},
    {"finds_url_with_two_slashes_at_its_end", kUrl, "http://bad.example/x//", "http://bad.example/x//", kExact, "U2"},
    {"drops_default_port", kUrl, "http://bad.example/x", "http://BAD.example:80/x", kExact, "U2"},
    {"drops_fragment", kUrl, "http://bad.example/x", "http://bad.example/x#top", kExact, "U2"},
    {"tolerates_scheme", kUrl, "http://bad.example/x", "https://bad.example/x", kEquivalent, "U3"},
    {"tolerates_missing_scheme", kUrl, "http://bad.example/x", "see bad.example/x.", kEquivalent, "U3"},
    {"tolerates_slash", kUrl, "http://bad.example/x", "http://bad.example/x/", kEquivalent, "U3"},
    {"tolerates_path_case", kUrl, "http://bad.example/x", "http://bad.example/X", kEquivalent, "U3"},
    {"tolerates_query", kUrl, "http://bad.example/x", "http://bad.example/x?a=1", kContains, "U4"},
    {"needs_the_claims_query", kUrl, "http://bad.example/x?a=1", "http://bad.example/x?a=2", kNone, ""},
    {"finds_path_below", kUrl, "http://bad.example/x", "http://bad.example/x/y", kContains, "U5"},
    {"refuses_middle_of_segment", kUrl, "http://bad.example/x", "http://bad.example/xy", kNone, ""},
    {"covers_root", kUrl, "http://bad.example/", "http://bad.example/any/where", kContains, "U6"},
    {"keeps_root_of_shared_host", kUrl, "https://github.com/", "https://github.com/some/one", kNone, ""},
    {"takes_host_for_root", kUrl, "http://bad.example/", "query: bad.example", kEquivalent, "U6"},
    {"never_takes_host_for_path", kUrl, "http://bad.example/x", "query: bad.example", kNone, ""},
    {"needs_the_claims_port", kUrl, "http://bad.example:8080/x", "http://bad.example/x", kNone, ""},
    {"reads_other_port_as_weak", kUrl, "http://bad.example/x", "http://bad.example:8080/x", kWeak, "U8"},
    {"takes_punctuation_off", kUrl, "http://bad.example/x", "(http://bad.example/x), then", kExact, "U2"},
    {"finds_nested_url", kUrl, "http://bad.example/x", "GET /go?u=http://bad.example/x&k=1", kDerived, "U10"},
    {"finds_encoded_nested_url", kUrl, "http://bad.example/x", "http://in.test/?u=http%3a%2f%2fbad.example%2fx", kDerived, "U10"},
    {"keeps_domain_grade_in_query", kDomain, "bad.example", "http://in.test/?u=http://bad.example/x", kExact, "D3"},
    {"ignores_url_in_path", kUrl, "http://bad.example/x", "http://in.test/http://bad.example/x", kNone, ""},
    {"ignores_schemeless_url_in_query", kUrl, "http://bad.example/x", "http://in.test/?u=bad.example/x", kNone, ""},
    {"gives_connect_a_host_only", kUrl, "https://bad.example/x", "CONNECT bad.example:443", kNone, ""},
    {"never_cuts_a_url_at_an_escaped_blank", kUrl, "http://bad.example/x", "http://bad.example/x%20y", kNone, ""},
    // H: digests
    {"finds_digest", kMd5, kMd5Value, "dropped 3C13095DE829E8A9E831FF0E978F114E ok", kExact, "H1"},
    {"refuses_longer_run", kMd5, kMd5Value, "3c13095de829e8a9e831ff0e978f114e0", kNone, ""},
    {"refuses_other_kind", kMd5, kMd5Value, "imphash:3c13095de829e8a9e831ff0e978f114e", kNone, ""},
    {"takes_json_key_as_label", kMd5, kMd5Value, "{\"ja3\": \"3c13095de829e8a9e831ff0e978f114e\"}", kNone, ""},
    {"takes_0x_as_neutral", kMd5, kMd5Value, "sum 0x3c13095de829e8a9e831ff0e978f114e", kExact, "H1"},
    {"finds_labelled_imphash", kImphash, kMd5Value, "IMPHASH=3C13095DE829E8A9E831FF0E978F114E", kExact, "H1"},
    {"finds_colon_bytes", kSslCertFingerprint, "9c6fc930ffef40d8f309eeaab6231b59b2677ad9", "SHA1:9C:6F:C9:30:FF:EF:40:D8:F3:09:EE:AA:B6:23:1B:59:B2:67:7A:D9", kEquivalent, "H5"},
    {"finds_base64_digest", kSha256, kSha256Value, "integrity=\"sha256-HR6mcCVU8xuRMO3zVDGpbAA/DcjTu5g7OG3KoRcsdXg=\"", kEquivalent, "H6"},
    {"refuses_truncated", kSha256, kSha256Value, "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c75", kNone, ""},
    // E: mail
    {"finds_mail_address", kEmail, "eve@bad.example", "From: <EVE@BAD.example>", kExact, "E1"},
    {"keeps_plus_tag", kEmail, "eve@bad.example", "eve+1@bad.example", kNone, ""},
    {"keeps_longer_local_part", kEmail, "eve@bad.example", "steve@bad.example", kNone, ""},
    {"never_takes_domain_for_mail", kEmail, "eve@bad.example", "bad.example", kNone, ""},
    // F: paths and names
    {"finds_windows_path", kFilePath, "c:\\programdata\\x\\a.exe", "Image=C:\\ProgramData\\X\\A.EXE", kExact, "F1"},
    {"folds_separators", kFilePath, "c:\\programdata\\x\\a.exe", "C:/ProgramData/x/a.exe", kEquivalent, "F1"},
    {"finds_path_with_blanks", kFilePath, "c:\\program files\\x\\a.exe", "ran C:\\Program Files\\x\\a.exe -q", kExact, "F1"},
    {"keeps_component_border", kFilePath, "c:\\programdata\\x\\a.exe", "C:\\ProgramData\\x\\a.exe.bak", kNone, ""},
    {"finds_below_a_folder", kFilePath, "c:\\programdata\\x", "C:\\ProgramData\\x\\a.exe", kContains, "F1"},
    {"finds_device_volume", kFilePath, "c:\\programdata\\x\\a.exe", "\\Device\\HarddiskVolume2\\ProgramData\\x\\a.exe", kEquivalent, "F1"},
    {"finds_profile_class", kFilePath, "%appdata%\\x\\a.exe", "C:\\Users\\bob\\AppData\\Roaming\\x\\a.exe", kEquivalent, "F2"},
    {"keeps_literal_profile", kFilePath, "c:\\users\\ann\\appdata\\roaming\\x\\a.exe", "C:\\Users\\bob\\AppData\\Roaming\\x\\a.exe", kNone, ""},
    {"finds_file_name", kFileName, "dropper.exe", "C:\\Temp\\DROPPER.exe", kExact, "F3"},
    {"keeps_unix_name_case", kFileName, "Dropper", "/opt/dropper", kNone, ""},
    {"finds_unix_path", kFilePath, "/opt/.h/run", "exe=\"/opt/.h/run\"", kExact, "F4"},
    {"keeps_unix_case", kFilePath, "/opt/.h/run", "exe=/opt/.H/run", kNone, ""},
    {"takes_the_whole_quoted_string", kFilePath, "c:\\program", "\"C:\\Program Files\\x\"", kNone, ""},
    {"finds_program_of_a_quoted_command_line", kFilePath, "c:\\programdata\\x\\a.exe", "CommandLine=\"C:\\ProgramData\\x\\a.exe -k 1\"", kExact, "F1"},
    // R, O
    {"finds_registry_alias", kRegistryKey, "hklm\\software\\x\\upd", "HKEY_LOCAL_MACHINE\\Software\\x\\upd", kEquivalent, "R1"},
    {"finds_registry_key", kRegistryKey, "hklm\\software\\x\\upd", "hklm\\SOFTWARE\\x\\upd", kExact, "R1"},
    {"finds_user_hive_as_derived", kRegistryKey, "hkcu\\software\\x", "HKU\\S-1-5-21-1-2-3-1001\\Software\\x", kDerived, "R1"},
    {"keeps_registry_border", kRegistryKey, "hklm\\software\\x\\upd", "HKLM\\Software\\x\\update", kNone, ""},
    {"finds_mutex", kMutex, "Zx9-lock", "\\Sessions\\1\\BaseNamedObjects\\Global\\Zx9-lock", kExact, "O1"},
    {"keeps_mutex_case", kMutex, "Zx9-lock", "\"zx9-lock\"", kNone, ""},
    {"finds_pipe", kNamedPipe, "zx9", "\\\\.\\pipe\\ZX9", kExact, "O1"},
    {"finds_cve", kCve, "CVE-2024-1234", "(cve-2024-1234)", kExact, "O2"},
    {"refuses_longer_cve", kCve, "CVE-2024-1234", "CVE-2024-12345", kNone, ""},
    {"finds_asn", kAsn, "AS64500", "origin as64500", kExact, "O3"},
    {"finds_asn_with_blank", kAsn, "AS64500", "AS 64500", kEquivalent, "O3"},
    {"keeps_base58_case", kBitcoinAddress, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", kExact, "O4"},
    {"folds_bech32_case", kBitcoinAddress, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ", kExact, "O4"},
    {"finds_whole_user_agent", kUserAgent, "evil/1.0 (x)", "\"GET /\" 200 \"evil/1.0 (x)\"", kExact, "O5"},
    {"refuses_part_of_user_agent", kUserAgent, "evil/1.0", "\"evil/1.0 (x)\"", kNone, ""},
    // X: defanged text
    {"refangs_dot", kDomain, "bad.example", "bad[.]example", kMention, "X1"},
    {"refangs_round_dot_word", kDomain, "bad.example", "bad(dot)example", kMention, "X1"},
    {"refangs_scheme", kUrl, "https://bad.example/x", "hxxps[://]bad{.}example/x", kMention, "X1"},
    {"refangs_at", kEmail, "eve@bad.example", "eve[at]bad[.]example", kMention, "X1"},
    {"refangs_escaped_dot", kDomain, "bad.example", "regex bad\\.example", kMention, "X1"},
    {"keeps_windows_dot_folder", kDomain, "bob.ssh", "C:\\Users\\bob\\.ssh", kNone, ""},
    {"never_refangs_words", kDomain, "bad.example", "bad dot example", kNone, ""},
    // Found by reading the rules again
    {"finds_mapped_host_of_url", kIpv4, "192.0.2.9", "http://[::ffff:192.0.2.9]/x", kEquivalent, "I7"},
    {"takes_mapped_host_for_the_host", kUrl, "http://192.0.2.9/x", "http://[::ffff:192.0.2.9]/x", kEquivalent, "I6"},
    {"takes_address_for_root", kUrl, "http://192.0.2.9/", "SRC=192.0.2.9 DST=10.0.0.1", kEquivalent, "U6"},
    {"takes_v6_address_for_root", kUrl, "http://[2001:db8::7]/", "dst 2001:db8::7", kEquivalent, "U6"},
    {"keeps_unix_name_case_after_a_word", kFileName, "kit-svc.exe", "exec /opt/x/Kit-Svc.exe", kNone, ""},
    {"keeps_file_name_out_of_escaped_url", kFileName, "kit.sh", "{\"u\":\"https:\\/\\/lure.test\\/kit.sh\"}", kNone, ""},
    {"ends_url_at_an_unopened_bracket", kUrl, "https://lure.test/a", "[https://lure.test/a](https://lure.test/b)", kExact, "U2"},
    {"finds_path_in_xml", kFilePath, "c:\\programdata\\x\\a.exe", "<Data Name='Image'>C:\\ProgramData\\x\\a.exe</Data>", kExact, "F1"},
    {"finds_request_path", kUri, "/gate.php?k=1", "GET /gate.php?k=1 HTTP/1.1", kExact, "U2"},
    {"refuses_longer_request_path", kUri, "/gate.php", "GET /gate.php5 HTTP/1.1", kNone, ""},
    {"reads_every_url_of_a_query", kUrl, "http://bad.example/x", "/r?a=http://good.test/&b=http://bad.example/x&c=1", kDerived, "U10"},
    {"reads_a_url_in_a_nested_url", kUrl, "http://bad.example/x", "http://a.test/?u=http://b.test/?v=http://bad.example/x", kDerived, "U10"},
    {"stops_at_the_ninth_nesting", kUrl, "http://bad.example/x",
     "http://a.test/?http://a.test/?http://a.test/?http://a.test/?http://a.test/?http://a.test/?http://a.test/?http://a.test/?http://a.test/?http://bad.example/x", kNone, ""},
    {"keeps_tail_of_mapped_address", kIpv4, "192.0.2.9", "2001:db8::1 192.0.2.9 ::ffff:192.0.2.8", kExact, "I1"},
    // S3: views
    {"reads_json_escapes", kDomain, "bad.example", "{\"m\":\"a\\tbad.example\"}", kExact, "D3"},
    {"reads_json_in_json", kDomain, "bad.example", "{\"log\":\"{\\\"m\\\":\\\"x\\\\nbad.example\\\"}\"}", kExact, "D3"},
    {"keeps_windows_path_in_quotes", kFileName, "ew", "\"C:\\new\"", kNone, ""},
    {"reads_two_rounds_of_percent", kDomain, "bad.example", "u=%252Fbad.example", kExact, "D3"},
    {"keeps_third_round_of_percent", kDomain, "bad.example", "u=%25252Fbad.example", kNone, ""},
    {"reads_quoted_printable", kDomain, "bad.example", "x=3D=20bad=2Eexample", kExact, "D3"},
    {"keeps_query_value_from_qp", kDomain, "hours.example", "GET /?q=24hours.example", kNone, ""},
    {"joins_soft_breaks", kDomain, "bad.example", "mail bad.exa=\r\nmple ok", kExact, "D3"},
    {"reads_entities", kDomain, "bad.example", "&lt;b&gt;bad&#46;example&#x3c;", kExact, "D3"},
    {"reads_hex_escapes", kDomain, "bad.example", "\\x22bad\\x2eexample", kExact, "D3"},
    {"reads_utf16", kDomain, "bad.example", "b\0a\0d\0.\0e\0x\0a\0m\0p\0l\0e\0"sv, kExact, "D3", TextEncoding::kUtf16le},
    {"finds_utf16_in_bytes", kDomain, "bad.example", "MZ\x90\xFF\0\0b\0a\0d\0.\0e\0x\0a\0m\0p\0l\0e\0\0\0\x01"sv, kExact, "D3"},
    {"finds_utf16be_in_bytes", kDomain, "bad.example", "\xFF\x01\0b\0a\0d\0.\0e\0x\0a\0m\0p\0l\0e"sv, kExact, "D3"},
    {"takes_nul_as_border", kDomain, "bad.example", "x\0bad.example\0y"sv, kExact, "D3"},
};
// clang-format on

Hit strongest(const Matcher& matcher, std::string_view text, TextEncoding encoding) {
  std::vector<Hit> hits;
  const auto scratch = matcher.make_scratch();
  matcher.scan(text, encoding, {}, *scratch, hits);
  Hit best;
  for (const Hit& hit : hits) {
    if (hit.grade > best.grade) best = hit;
    EXPECT_LE(hit.offset + hit.length, text.size());
    EXPECT_GT(hit.length, 0u);
  }
  return best;
}

TEST(ExactMatcher, follows_the_rules) {
  for (const ExactCase& c : kCases) {
    const auto matcher = make_exact_matcher({{c.type, std::string(c.indicator)}});
    const Hit best = strongest(*matcher, c.text, c.encoding);
    EXPECT_EQ(name_of(best.grade), name_of(c.expect)) << c.name;
    if (best.grade == c.expect && c.expect != kNone) {
      EXPECT_EQ(std::string_view(best.rule), c.rule) << c.name;
    }
  }
}

// S6: where a text stands changes nothing.
TEST(ExactMatcher, does_not_care_for_the_position) {
  for (const ExactCase& c : kCases) {
    if (c.encoding != TextEncoding::kBytes) continue;
    const auto matcher = make_exact_matcher({{c.type, std::string(c.indicator)}});
    for (const std::string_view before : {"", "first line\n", "\n\n"}) {
      for (const std::string_view after : {"", "\n", "\r\n", "\nlast line\n"}) {
        const std::string text = std::string(before) + std::string(c.text) + std::string(after);
        EXPECT_EQ(name_of(strongest(*matcher, text, c.encoding).grade), name_of(c.expect))
            << c.name;
      }
    }
  }
}

// What one indicator gives does not depend on which others there are.
TEST(ExactMatcher, gives_each_indicator_the_same_alone_and_among_all) {
  std::vector<Observable> all;
  for (const ExactCase& c : kCases) all.push_back({c.type, std::string(c.indicator)});
  const auto together = make_exact_matcher(all);
  const auto scratch = together->make_scratch();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<Hit> hits;
    together->scan(kCases[i].text, kCases[i].encoding, {}, *scratch, hits);
    Grade best = kNone;
    for (const Hit& hit : hits) {
      if (hit.indicator == IndicatorIndex{static_cast<std::uint32_t>(i)})
        best = std::max(best, hit.grade);
    }
    EXPECT_EQ(name_of(best), name_of(kCases[i].expect)) << kCases[i].name;
  }
}

TEST(ExactMatcher, reports_where_a_match_stands_before_decoding) {
  const auto matcher = make_exact_matcher({{kDomain, "bad.example"}});
  const std::string_view text = "{\"m\":\"x\\nbad\\u002eexample\"}";
  const Hit hit = strongest(*matcher, text, TextEncoding::kBytes);
  EXPECT_EQ(text.substr(hit.offset, hit.length), "bad\\u002eexample");
  ASSERT_EQ(hit.view_count, 1);
  EXPECT_EQ(hit.views[0], ViewKind::kJson);
}

TEST(ExactMatcher, reports_every_network_longest_first) {
  const auto matcher =
      make_exact_matcher({{kCidr, "198.51.0.0/16"}, {kCidr, "198.51.100.0/24"}});
  std::vector<Hit> hits;
  matcher->scan("198.51.100.7", TextEncoding::kBytes, {}, *matcher->make_scratch(), hits);
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].indicator, IndicatorIndex{1});
  EXPECT_EQ(hits[1].indicator, IndicatorIndex{0});
}

TEST(ExactMatcher, uses_field_marks) {
  const auto address = make_exact_matcher({{kIpv4, "192.0.2.9"}});
  const FieldMark agent{3, 12, FieldRole::kUserAgent, 0};
  std::vector<Hit> hits;
  address->scan("ua=192.0.2.9", TextEncoding::kBytes, {&agent, 1}, *address->make_scratch(),
                hits);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].grade, kWeak);
  EXPECT_STREQ(hits[0].rule, "I9");
}

// Random bytes and random pieces of what the rules look for: no crash, hits inside the text,
// the same twice.
TEST(ExactMatcher, survives_nonsense) {
  std::vector<Observable> all;
  for (const ExactCase& c : kCases) all.push_back({c.type, std::string(c.indicator)});
  const auto matcher = make_exact_matcher(all);
  const auto scratch = matcher->make_scratch();
  std::mt19937 random(20261124);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    const int pieces = 1 + static_cast<int>(random() % 8);
    for (int p = 0; p < pieces; ++p) {
      if (random() % 2 == 0) {
        const std::string_view piece = kCases[random() % std::size(kCases)].text;
        const std::size_t from = random() % piece.size();
        text += piece.substr(from, random() % 24);
      } else {
        for (unsigned n = random() % 12; n > 0; --n) text += static_cast<char>(random());
      }
    }
    for (const auto encoding :
         {TextEncoding::kBytes, TextEncoding::kUtf16le, TextEncoding::kUtf16be}) {
      std::vector<Hit> once, twice;
      matcher->scan(text, encoding, {}, *scratch, once);
      matcher->scan(text, encoding, {}, *scratch, twice);
      ASSERT_EQ(once.size(), twice.size());
      for (const Hit& hit : once) ASSERT_LE(hit.offset + hit.length, text.size());
    }
  }
}

TEST(Explain, names_the_rule_that_decides_and_the_one_that_refuses) {
  const struct {
    IndicatorType type;
    const char* indicator;
    const char* text;
    const char* rule;
  } kTable[] = {
      {kDomain, "bad.example", "query: www.bad.example", "D3"},
      {kDomain, "bad.example", "query: notbad.example", "D2"},
      {kHostname, "bad.example", "query: www.bad.example", "D3"},
      {kDomain, "github.com", "query: api.github.com", "D6"},
      {kIpv4, "192.0.2.9", "x192.0.2.9", "I1"},
      {kIpv4, "192.0.2.9", "192.0.2.9.7", "I2"},
      {kUrl, "http://bad.example/x", "http://bad.example/xy", "U5"},
      {kUrl, "http://bad.example:81/x", "http://bad.example/x", "U8"},
      {kMd5, "3c13095de829e8a9e831ff0e978f114e", "imphash=3c13095de829e8a9e831ff0e978f114e",
       "H3"},
      {kIpv4Port, "192.0.2.9:80", "192.0.2.9:81", "P2"},
      {kYara, "rule", "rule", "S2"},
      {kDomain, "bad.example", "nothing here", "S1"},
  };
  for (const auto& c : kTable) {
    const Explanation why = explain({c.type, c.indicator}, c.text, TextEncoding::kBytes);
    EXPECT_EQ(why.rule, c.rule) << c.indicator << " in " << c.text;
    EXPECT_FALSE(why.lines.empty());
  }
}

std::string encode(const std::string& utf8, const std::string& encoding) {
  if (encoding.empty()) return utf8;
  std::string out;
  for (const char c : utf8) {  // the shared examples in UTF-16 are ASCII
    if (encoding == "UTF-16BE") out += '\0';
    out += c;
    if (encoding == "UTF-16LE") out += '\0';
  }
  return out;
}

TEST(ExactMatcher, agrees_with_the_shared_examples) {
  const char* shared = std::getenv("SPOOR_SHARED");
  const std::string path =
      std::string(shared != nullptr ? shared : "../shared") + "/semantics/cases.jsonl";
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << "no shared examples at " << path;
  std::string line;
  int count = 0;
  while (std::getline(file, line)) {
    const auto c = nlohmann::json::parse(line);
    const auto type = type_from_name(c["type"].get<std::string>());
    ASSERT_TRUE(type) << line;
    const auto claim = canonicalize(*type, c["indicator"].get<std::string>());
    ASSERT_TRUE(claim) << line;
    const std::string encoding = c.value("encoding", "");
    const std::string text = encode(c["text"].get<std::string>(), encoding);
    const auto matcher = make_exact_matcher({claim->observable});
    const auto kind = encoding == "UTF-16LE"   ? TextEncoding::kUtf16le
                      : encoding == "UTF-16BE" ? TextEncoding::kUtf16be
                                               : TextEncoding::kBytes;
    const std::string expect = c.value("raw", c["expect"].get<std::string>());
    EXPECT_EQ(name_of(strongest(*matcher, text, kind).grade), expect) << line;
    ++count;
  }
  EXPECT_GT(count, 100);
}

}  // namespace
}  // namespace spoor
