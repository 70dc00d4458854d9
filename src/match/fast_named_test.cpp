// The fast matcher gives the hits of the reference on named texts: one of each type, those that
// an earlier sieve lost, those that one part of the sieve alone sees (at every place of a block
// and over the borders of windows), and those where far bytes decide. A fixed bug adds a row.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "match/fast_test_support.h"
#include "match/sieve.h"

namespace spoor {
namespace {

using T = IndicatorType;

TEST_F(FastMatcher, has_a_sample_of_every_type_that_is_found_in_its_own_text) {
  const std::vector<Observable> samples = sample_indicators();
  std::set<T> types;
  for (const Observable& sample : samples) {
    types.insert(sample.type);
    Pair pair({sample});
    EXPECT_TRUE(pair.agree(plain_text(sample), TextEncoding::kBytes, {}))
        << report({sample}, plain_text(sample));
    EXPECT_FALSE(pair.expected.empty()) << name_of(sample.type) << " " << sample.value;
  }
  for (const TypeRow& row : indicator_types()) {
    if (row.matching == Matching::kText) {
      EXPECT_TRUE(types.count(row.type)) << row.name;
    }
  }
}

/// Texts in which an earlier sieve lost a line, with the reason that it did.
TEST_F(FastMatcher, keeps_what_was_lost_before) {
  struct Row {
    IndicatorType type;
    const char* value;
    std::string_view text;
  };
  const Row rows[] = {
      // A reading in one line and another escape in the next, both in one block.
      {T::kUri, "/", "%2F\n\\u250e"},
      {T::kIpv4, "0.0.0.1", "0[.]0[.]0[.]1\n\\u0020"},
      {T::kCve, "CVE-2016-8756", "=63Ve-2016-8=375=36\n\\u0041"},
      {T::kHostname, "museum", "mus\\x65u\\x6d\np://"},
      // Names without a dot, whole or beside other letters.
      {T::kHostname, "xn--p1ai", "\xd1\x80\xd1\x84"},
      {T::kHostname, "py", "\xa9py"},
      {T::kHostname, "io", "&#173&#105&#111"},
      {T::kDomain, "intranet", "intranet\x80"},
      // Two runs with colons in one block, the later one seen first.
      {T::kIpv6Port, "[1::]:1", "1:0:0:0:0:0:0.0.0.0-::"},
      // The dot stands before the letter that is none of ASCII.
      {T::kDomain, "0._dmarc.museum",
       "0._dmarc.mu\xc5\xbf"
       "eum"},
      {T::kDomain, "0._dmarc.museum", "0._d=6Darc=2Em=75=C5=BF=65=75m"},
      // Hyphens and dots before a name, a dot before an address.
      {T::kHostname, "pklz.ai", ".-pklz.ai"},
      {T::kUrl, "ftp://1.2.3.4/", ".1.2.3.4/"},
      // A hyphen that only mapping brings to a name's begin.
      {T::kHostname, "-x.x2", "\xef\xb8\x8f-x.x2"},
      // "*." at the begin of a host without another dot.
      {T::kUrl, "h://py/index.html", "h://*.py/index.html"},
      // The last line has a soft break and an end.
      {T::kFileName, "q", "q=\n"},
      // An address that is one only once it is mapped.
      {T::kUrl, "https://242.53.247.48/x",
       "242.53.24\xef\xb8\x8f"
       "7.48/x"},
      // Two slashes at the end.
      {T::kUrl, "http://lure.test/a//", "http://lure.test/a//"},
      // Hosts that begin with labels of nothing but hyphens.
      {T::kUrl, "ldap://-.museum:80/%zz", "ldap://-.museum:80/%zz"},
      {T::kUrl, "tcp://-.-.x2/A/a", "tcp://-.-.x2/A/a"},
      // A quote that is part of the value, escaped.
      {T::kUserAgent, "a\"b", "\"'a\\\"b'"},
      // Flags that come out of order.
      {T::kIpv4, "203.0.113.7", "a 203.0.113.7\nb 203.0.113.7\n"},
  };
  for (const Row& row : rows) {
    const std::vector<Observable> indicators = {{row.type, row.value}};
    Pair pair(indicators);
    EXPECT_TRUE(pair.agree(std::string(row.text), TextEncoding::kBytes, {}))
        << report(indicators, std::string(row.text));
    EXPECT_FALSE(pair.expected.empty())
        << row.value << " is no case: the reference finds nothing";
  }
}

// --- shapes -------------------------------------------------------------------------------

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += piece;
  return out;
}

/// A text that some part of the sieve sees alone: no other would flag it.
struct Shape {
  const char* name;
  Observable indicator;
  std::string text;
};

std::vector<Shape> shapes() {
  return {
      // Addresses.
      {"all groups of four hex digits",
       {T::kIpv6, "1111:2222:3333:4444:5555:6666:7777:8888"},
       "1111:2222:3333:4444:5555:6666:7777:8888"},
      {"six colons and a dotted tail",
       {T::kIpv6, "2001:db8:1:2:3:4:102:304"},
       "2001:db8:1:2:3:4:1.2.3.4"},
      {"eight colons, the last one behind the address",
       {T::kIpv6, "2001:db8:1:2:3:4:5:6"},
       "2001:db8:1:2:3:4:5:6: x"},
      {"an address right behind another", {T::kIpv6, "::1"}, "2::2 ::1"},
      {"an address within another", {T::kIpv4, "192.0.2.5"}, "::ffff:192.0.2.5"},
      {"groups of three digits", {T::kIpv4, "198.151.100.123"}, "198.151.100.123"},
      {"a group of 255 near the text's end", {T::kIpv4, "10.0.3.255"}, "10.0.3.255"},
      {"an address in a network", {T::kCidr, "10.20.0.0/14"}, "10.21.3.4"},
      {"a digest in bytes",
       {T::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
       "3c:13:09:5d:e8:29:e8:a9:e8:31:ff:0e:97:8f:11:4e"},
      {"a digest in base64",
       {T::kSha256, "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c7578"},
       "sha256-HR6mcCVU8xuRMO3zVDGpbAA/DcjTu5g7OG3KoRcsdXg="},
      {"a digest of MD5 in base64",
       {T::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
       "md5:PBMJXegp6KnoMf8Ol48RTg=="},
      {"a run of 27 bytes",
       {T::kBitcoinAddress, "1111111111111111111114oLvT2"},
       "1111111111111111111114oLvT2"},
      // Names.
      {"a dot behind the name", {T::kDomain, "evil.example"}, "evil.example. x"},
      {"an underscore in the last label", {T::kHostname, "db.in_house"}, "db.in_house"},
      {"an underscore in the label before", {T::kHostname, "in_house.test"}, "in_house.test"},
      {"a name behind the name of a field",
       {T::kDomain, "evil.example"},
       "id.orig_h=evil.example"},
      {"many hyphens before a name",
       {T::kDomain, "evil.example"},
       repeated("-", 70) + "evil.example"},
      {"many hyphens behind a name",
       {T::kDomain, "evil.example"},
       "evil.example" + repeated("-", 70)},
      {"a hyphen that only mapping brings to the begin of a URL's host",
       {T::kUrl, "http://-x.test/a"},
       "\uFE0F-x.te\u017Ft/a"},
      {"a soft hyphen, which is no letter, in a host",
       {T::kUrl, "http://evil.example/a"},
       "ev\u00ADil.example/a"},
      {"a long local part",
       {T::kEmail, "a-long-local-part.of-many@lure.test"},
       "a-long-local-part.of-many@lure.test"},
      {"a mail host of 63 bytes before a word",
       {T::kEmail, "bob@" + repeated("l", 55) + ".example"},
       "bob@" + repeated("l", 55) + ".example x"},
      {"a mail host that begins with a hyphen and ends beyond ASCII",
       {T::kEmail, "bob@-evil.test"},
       "bob@-evil.te\u017Ft"},
      {"a name with its lengths", {T::kDomain, "evil.example"}, "(4)evil(7)example(0)"},
      {"a bracket within a name's last label",
       {T::kDomain, "evil.example"},
       "(4)evil(10)example)ab(0)"},
      {"a name of one letter with its length", {T::kHostname, "x"}, "(1)x(0)"},
      {"a name with lengths that a reading brings out, a blank in its last label",
       {T::kDomain, "evil.example"},
       "(4)evil(12)example mp%6Ce(0)"},
      {"a name with lengths of two digits",
       {T::kDomain, "evil.abcdefghijkl"},
       "(4)evil(12)abcdefghijkl(0)"},
      {"a label of 63 bytes with its length",
       {T::kDomain, "evil." + repeated("l", 63)},
       "(4)evil(63)" + repeated("l", 63) + "(0)"},
      // URLs.
      {"a number for a host", {T::kIpv4, "192.0.2.5"}, "http://3221225989/"},
      {"groups of octal digits", {T::kIpv4, "192.0.2.5"}, "http://0300.0.02.05/"},
      {"more digits than a group has", {T::kIpv4, "1.1.1.1"}, "http://0001.1.1.1/"},
      {"a number behind a sign", {T::kIpv4, "192.0.2.5"}, "http://u@3221225989/"},
      {"a number behind what looks like a host",
       {T::kIpv4, "192.0.2.5"},
       "http://a.b!c@3221225989/"},
      {"a number behind a sign and a whole host",
       {T::kIpv4, "192.0.2.5"},
       "http://evil.test@3221225989/"},
      {"a number behind a whole host and no label's byte",
       {T::kIpv4, "192.0.2.5"},
       "http://evil.test!c@3221225989/"},
      {"a number behind what looks like a port",
       {T::kIpv4, "192.0.2.5"},
       "http://a.b:1!2@3221225989/"},
      {"a number behind many signs",
       {T::kIpv4, "192.0.2.5"},
       "http://" + repeated("a@", 9) + "3221225989/"},
      {"escapes of a path that decoding ends",
       {T::kUrl, "http://h.test/a%20b"},
       "http://h.test/%61%20b"},
      {"a path beyond ASCII", {T::kUrl, "http://h.test/%C3%A9"}, "http://h.test/\u00E9"},
      {"escapes of a target that decoding ends", {T::kUri, "/a%20b"}, "/%61%20b"},
      {"an escape behind a target's first eight bytes",
       {T::kUri, "/long-name/a%20b"},
       "/long-name/a%20b"},
      {"dots of a target that are escapes, behind another that ends its reading",
       {T::kUri, "/x-y"},
       "/long-name%20b/%2e%2e/%2e%2e/x-y"},
      {"a target with an escape in a token with control characters",
       {T::kUri, "/a-b/b?"},
       "B/\u00E9\001=/a-b%2Fb?"},
      {"a target with a fragment", {T::kUri, "/x-y"}, "/x-y#z"},
      {"a target with dots that fold it up", {T::kUri, "/x-y"}, "/long-name/../x-y"},
      {"a target beyond ASCII", {T::kUri, "/%C3%A9"}, "/\u00E9"},
      {"a target with a backslash", {T::kUri, "/a\\q"}, "\"/a\\\\q\""},
      {"a target in single quotes", {T::kUri, "/a-b"}, "'/a-b'"},
      {"a target in quotes", {T::kUri, "/a-b"}, "\"/a-b\""},
      {"a target behind an equals sign", {T::kUri, "/a-b"}, "u=/a-b"},
      // Numbers.
      {"an AS number", {T::kAsn, "AS64500"}, "as64500"},
      {"an AS number behind a blank", {T::kAsn, "AS64500"}, "AS 64500"},
      {"an AS number behind a colon", {T::kAsn, "AS64500"}, "AS:64500"},
      {"an AS number with an N", {T::kAsn, "AS64500"}, "ASN64500"},
      {"an AS number with an N, behind a blank", {T::kAsn, "AS64500"}, "asn 64500"},
      {"an AS number with an N, behind a colon", {T::kAsn, "AS64500"}, "ASN:64500"},
      {"an AS number behind a hyphen", {T::kAsn, "AS64500"}, "-AS64500"},
      // Words.
      {"a word of digits", {T::kMutex, "12"}, "12"},
      {"a word of three letters", {T::kMutex, "kit"}, "kit"},
      {"a word of five letters", {T::kFileName, "mutex"}, "MUTEX"},
      {"a word beyond ASCII alone", {T::kFileName, "\u65E5\u672C"}, "\u65E5\u672C"},
      {"a letter that folds to other bits", {T::kFileName, "\u0161.exe"}, "\u0160.exe"},
      {"a word of 74 bytes",
       {T::kFileName, repeated("n", 70) + ".exe"},
       repeated("n", 70) + ".exe"},
      {"a letter that folds to other bits, long before its word's end",
       {T::kFileName, "\u0161" + repeated("n", 200) + ".exe"},
       "\u0160" + repeated("n", 200) + ".exe"},
      {"a hyphen before a word", {T::kFilePath, "/opt/-kit"}, "/opt/-kit"},
      {"a hyphen behind a word", {T::kFilePath, "/opt/kit-"}, "/opt/kit-"},
      // As long as the places at which text follows are apart, so that it ends with a block.
      {"a hyphen behind a word of six letters", {T::kFilePath, "/opt/kitten-"}, "/opt/kitten-"},
      {"a dot before a word", {T::kFilePath, "/opt/.kit"}, "/opt/.kit"},
      {"a dot behind a word", {T::kFileName, "kit."}, "kit."},
      {"the eleventh word of a block", {T::kFileName, "q"}, "a b c d e f g h i j q"},
      {"the last of many words", {T::kFileName, "q"}, repeated("a ", 20) + "q"},
      {"a drive's root by its device",
       {T::kFilePath, "c:\\kit.exe"},
       "\\Device\\HarddiskVolume3\\kit.exe"},
      {"a key under a numbered control set",
       {T::kRegistryKey, "hklm\\system\\currentcontrolset\\kit"},
       "HKLM\\SYSTEM\\ControlSet001\\kit"},
      {"a key of a user's classes",
       {T::kRegistryKey, "hkcu\\software\\classes\\kit"},
       "HKU\\S-1-5-21-1-2-3-1001_Classes\\kit"},
      // Quoted strings.
      {"an agent of two words", {T::kUserAgent, "evil x"}, "\"evil x\""},
      {"an agent with a slash", {T::kUserAgent, "evil/1.0"}, "\"evil/1.0\""},
      {"an agent with a bracket", {T::kUserAgent, "evil(x)"}, "'evil(x)'"},
      {"an agent without a word", {T::kUserAgent, "::"}, "\"::\""},
      // One byte less than that from which on quotes nearer before are passed over.
      {"an agent of 15 bytes", {T::kUserAgent, "aa bb cc dd eee"}, "\"aa bb cc dd eee\""},
      {"an agent of 31 bytes",
       {T::kUserAgent, "aa bb cc dd ee f" + repeated("g h", 5)},
       "\"aa bb cc dd ee f" + repeated("g h", 5) + "\""},
      {"an agent of 63 bytes",
       {T::kUserAgent, repeated("a b", 21)},
       "\"" + repeated("a b", 21) + "\""},
      {"an agent in quotes within quotes",
       {T::kUserAgent, "evil x"},
       "{\"m\":\"\\\"evil x\\\"\"}"},
      {"an agent with a scheme in disguise",
       {T::kUserAgent, "bot (http://x.test)"},
       "\"bot (hxxp://x.test)\""},
      {"an agent with a scheme in brackets",
       {T::kUserAgent, "bot (http://x.test)"},
       "\"bot ([http]://x.test)\""},
      {"an agent with a secure scheme in brackets",
       {T::kUserAgent, "bot (https://x.test)"},
       "\"bot ([https]://x.test)\""},
      // Readings.
      {"a tab before a name", {T::kDomain, "evil.example"}, "\"x\\tevil.example\""},
      {"escaped backslashes before another letter",
       {T::kDomain, "evil.example"},
       "\"x\\tevil.example c:\\\\q\""},
      {"escaped twice", {T::kDomain, "evil.example"}, "\"\\\\nevil.example\""},
      {"escaped twice, with a backslash that is",
       {T::kDomain, "evil.example"},
       "\"\\\\nevil.example c:\\\\\\\\q\""},
      {"escaped in the second string of a line",
       {T::kDomain, "evil.example"},
       "\"x\\t\\q\" \"\\nevil.example\""},
      {"escaped in the second string of a line whose first is read neither once nor twice",
       {T::kDomain, "evil.example"},
       "\"x\\t\\q\\\\q\" \"\\nevil.example\""},
      {"slashes of JSON",
       {T::kUrl, "http://evil.example/a"},
       "\"http:\\/\\/evil.example\\/a\""},
      {"an escaped dot behind two backslashes",
       {T::kDomain, "evil.example"},
       "\"evil\\\\.example\""},
      {"an escaped dot", {T::kDomain, "evil.example"}, "evil\\.example"},
      {"a byte in hexadecimal", {T::kDomain, "evil.example"}, "evil\\x2eexample"},
      {"a sign in words", {T::kEmail, "bill@lure.test"}, "bill[at]lure.test"},
      {"a sign in brackets", {T::kEmail, "bill@lure.test"}, "bill[@]lure.test"},
      {"a colon in brackets", {T::kIpv6, "2001:db8::5"}, "2001[:]db8::5"},
      {"a dot in words", {T::kDomain, "evil.example"}, "evil[dot]example"},
      {"a dot in brackets", {T::kDomain, "evil.example"}, "evil[.]example"},
      {"a percent-escape", {T::kDomain, "evil.example"}, "evil%2eexample"},
      {"a reference by name", {T::kDomain, "evil.example"}, "evil&period;example"},
      {"a reference by number", {T::kDomain, "evil.example"}, "evil&#46;example"},
      {"an escape of quoted-printable", {T::kDomain, "evil.example"}, "evil=2Eexample"},
      {"another equals sign that is escaped",
       {T::kDomain, "evil.example"},
       "a=b evil=2Eexample c=3D"},
      {"an equals sign in the line before",
       {T::kDomain, "evil.example"},
       "k=v\nevil=2Eexample"},
      {"an equals sign in the line behind",
       {T::kDomain, "evil.example"},
       "evil=2Eexample\nk=v"},
      {"a soft break", {T::kDomain, "evil.example"}, "evil.exa=\nmple"},
      {"a soft break with a return", {T::kDomain, "evil.example"}, "evil.exa=\r\nmple"},
      {"a find in the line before",
       {T::kDomain, "evil.example"},
       "evil.example\nevil%2Eexample"},
      {"a URL without a scheme whose host holds an escape",
       {T::kUrl, "http://evil.example/a/b/c"},
       "evil%2Eexample/a/b/c"},
      {"two kinds of escapes in a name", {T::kDomain, "evil.example"}, "evil%2Eexa&#109;ple"},
      // Of a reading only what its escapes could matter to is looked at.
      {"a word beyond ASCII before one with an escape",
       {T::kFileName, "\u00E9x kit.exe"},
       "\u00E9x %6Bit.exe"},
      {"a word with an underscore before one with an escape",
       {T::kFileName, "a_x kit.exe"},
       "a_x %6Bit.exe"},
      {"a hyphen between a word and one with an escape",
       {T::kFileName, "a - kit.exe"},
       "a - %6Bit.exe"},
      {"a hyphen between a word with an escape and the next",
       {T::kFileName, "a - kit.exe"},
       "%61 - kit.exe"},
      {"escapes in two quoted strings", {T::kUserAgent, "evil x"}, "\"p%20q\" \"evil%20x\""},
      {"a closing quote that was an escape",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "\"aa bb cc dd ee f%22"},
      {"a closing single quote that was an escape",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "'aa bb cc dd ee f%27"},
      {"an opening single quote that was an escape",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "%27aa bb cc dd ee f'"},
      {"a quote far behind the second of two strings with escapes",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "\"p%20q\" \"aa %62b cc dd ee f\""},
      {"an opening quote that was an escape", {T::kUserAgent, "evil x"}, "%22evil x\""},
      {"an opening quote in the stretch round an earlier escape",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "x%20y \"aa bb cc dd ee%20f\""},
      {"an opening single quote in the stretch round an earlier escape",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "x%20y 'aa bb cc dd ee%20f'"},
      {"quotes far on both sides of an escape",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "\"aa bb %63c dd ee f\""},
      {"single quotes far on both sides of an escape",
       {T::kUserAgent, "aa bb cc dd ee f"},
       "'aa bb %63c dd ee f'"},
      {"letters and digits at the ends of their rows in a word before one with an escape",
       {T::kFileName, "qa0z9q kit.exe"},
       "qA0Z9q %6Bit.exe"},
      {"a hyphen within the word before one with an escape",
       {T::kFileName, "my-a kit.exe"},
       "my-a %6Bit.exe"},
      {"an agent with an escape of JSON", {T::kUserAgent, "evil x"}, "\"evil\\u0020x\""},
      {"every escape of JSON in one string",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example \\\\ \\/ \\b \\f \\n \\r \\u0041 \\\"\""},
      {"a string of JSON with a backspace behind the escape that matters",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example\\b\""},
      {"a string of JSON with a form feed behind the escape that matters",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example\\f\""},
      {"a string of JSON with a carriage return behind the escape that matters",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example\\r\""},
      {"a string of JSON whose 64th byte is a backslash",
       {T::kDomain, "evil.example"},
       "\"" + repeated("x", 63) + "\\tevil.example\""},
      {"a string of JSON of 63 bytes before one that is none",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example" + repeated(" bbbb", 9) + " bbb\",\"\\q\""},
      {"a string of JSON that its line ends, and in the next what is none",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example\n\\q"},
      {"the same, 64 bytes behind the escape",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example" + repeated(" bbbb", 10) + "\n\\q"},
      {"a second string of JSON beyond the words beside the first",
       {T::kDomain, "evil.example"},
       "\"x\\tx\" ab cd ef \"\\tevil.example\""},
      {"an agent whose quotes lie beyond the words beside a string of JSON",
       {T::kUserAgent, "aa bb cc \"d/e\" ff gg hh"},
       "'aa bb cc \"d\\/e\" ff gg hh'"},
      {"an agent with a scheme in disguise that comes out of JSON",
       {T::kUserAgent, "bot (http://x.test)"},
       "\"bot (hxxp:\\/\\/x.test)\""},
      {"percent-encoding, a reference and a string escaped twice, one behind the other",
       {T::kDomain, "evil.example"},
       "\"%26#92;%26#92;nevil.example\""},
      {"percent-encoding beside a string of JSON",
       {T::kDomain, "evil.example"},
       "{\"u\":\"a\\/b\"} x evil%2Eexample"},
      {"a string of JSON beside percent-encoding",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example\" x %41"},
      {"a string of JSON that turns quoted-printable",
       {T::kDomain, "evil.example"},
       "\"evil\\u003D2Eexample\""},
      {"a name with its lengths in a string of JSON",
       {T::kDomain, "evil.example"},
       "\"(4)evil(7)ex\\u0061mple(0)\""},
      {"two kinds of escapes in a line",
       {T::kDomain, "evil.example"},
       "evil%2Eexample &amp; x"},
  };
}

TEST_F(FastMatcher, keeps_shapes_that_one_part_alone_sees_at_every_place) {
  Differences differences;
  for (const Shape& shape : shapes()) {
    Pair pair({shape.indicator});
    const auto check = [&](const std::string& text, bool may_differ) {
      if (differences.enough()) return;
      if (!pair.agree(text, TextEncoding::kBytes, {}))
        differences.add(shape.name + report({shape.indicator}, text));
      if (!may_differ) {
        EXPECT_FALSE(pair.expected.empty()) << shape.name << " is no case";
      }
    };
    check(shape.text, false);
    // Behind a line end, at each place of a block; the text ends with the value or goes on.
    for (std::size_t at = 1; at <= 66 + shape.text.size() % 64; ++at) {
      const std::string line = repeated("-", at - 1) + "\n" + shape.text;
      check(line, false);
      if (at % 4 == 0) check(line + "\n" + repeated("a ", 40), false);
    }
    // Over the border of a window, one of its own for each place of the value in it.
    const std::size_t step = shape.text.size() / 24 + 1;
    for (const bool own_line : {true, false}) {
      std::string text;
      std::size_t windows = 0;
      for (std::size_t cut = 0; cut <= shape.text.size() + 1; cut += step) {
        const std::size_t begin = ++windows * Sieve::kWindowBytes - cut;
        while (text.size() + 9 < begin) text += own_line ? "ab cd-e\n" : "ab cd-e ";
        text.resize(begin - 1, own_line ? '-' : ' ');
        text += own_line ? '\n' : ' ';
        text += shape.text + "\n";
      }
      check(text, !own_line);
    }
  }
}

/// Texts that are long because a reach of the sieve is.
TEST_F(FastMatcher, keeps_what_lies_far_from_what_decides) {
  const std::string agent = "xxxxxxxx" + repeated("x ", 1024) + "xxxx";
  const std::string long_agent = "xxxxxxxx" + repeated("x ", 1536) + "xxxx";
  const Shape rows[] = {
      {"a quote far before an escape",
       {T::kDomain, "evil.example"},
       "\"" + repeated("a", 4200) + "\\tevil.example\""},
      {"a quote far behind an escape",
       {T::kDomain, "evil.example"},
       "\"\\tevil.example " + repeated("b", 9000) + "\""},
      {"hosts in the paths of hosts",
       {T::kUrl, "http://h.test/zz"},
       "http://h.test/" + repeated(",http://h.test/", 12) + ",http://h.test/zz,http://h.test/" +
           repeated("b", 8300)},
      {"a quoted string over a window without quotes",
       {T::kUserAgent, agent},
       repeated("a", 2038) + "\n\"" + agent + "\""},
      {"a quoted string whose first window ends before its first blank",
       {T::kUserAgent, long_agent},
       repeated("a", Sieve::kWindowBytes - 10) + "\n\"" + long_agent + "\""},
      {"more strings of JSON side by side than are kept",
       {T::kDomain, "evil.example"},
       repeated("\"a b\\/c\",", 40) + "\"\\tevil.example\""},
      {"a host of hyphens alone", {T::kUrl, "http://--/x"}, "http://--/x"},
      {"a host that is a hyphen once it is mapped",
       {T::kUrl, "http://-/x"},
       "http://\uFE0F-\uFE0F/x"},
      {"a flag of a later line first",
       {T::kDomain, "evil.example"},
       repeated("evil%2Eexample\n", 300)},
      // Of a reading only what its escapes could matter to is looked at.
      {"a path whose last separator was an escape, far within its line",
       {T::kFilePath, "/tmp/evil/run.sh"},
       repeated("ab ", 300) + "/tmp/evil%2Frun.sh" + repeated(" ab", 300)},
      {"an agent whose quotes lie far from its escape",
       {T::kUserAgent, agent},
       "\"" + agent.substr(0, 300) + "%78" + agent.substr(301) + "\""},
      {"an agent that begins with a quote that was an escape",
       {T::kUserAgent, agent},
       "a \" b %22" + agent + "\" c"},
      {"an AS number behind a blank that was an escape",
       {T::kAsn, "AS64500"},
       repeated("ab ", 200) + "AS%2064500" + repeated(" ab", 200)},
      {"escapes far apart in one line",
       {T::kDomain, "evil.example"},
       "a%20b " + repeated("ab ", 500) + "evil%2Eexample " + repeated("ab ", 500) + "c%20d"},
      {"an agent at every place of eight blocks",
       {T::kUserAgent, "evil x"},
       repeated("\"evil x\"\n", 600) + repeated("\"evil x\" \n", 600)},
      {"escapes that turn quoted-printable once others are undone",
       {T::kDomain, "evil.example"},
       repeated("ab ", 100) + "evil%3D2Eexample"},
      {"the 41st string of JSON side by side",
       {T::kDomain, "evil.example"},
       repeated("\"a\\tb\",", 40) + "\"x\\tevil.example\""},
      {"a string of JSON behind one with 1,100 escapes",
       {T::kDomain, "evil.example"},
       "\"" + repeated("\\t", 1100) + "\" ab cd ef \"\\tevil.example\""},
      {"escapes of percent-encoding in 6,000 strings of JSON, then a string escaped twice",
       {T::kDomain, "evil.example"},
       repeated("\"\\ta%41b\"\n", 6000) + "\"\\\\nevil.example %41\""},
      {"a name of the DNS log whose length another escape makes right",
       {T::kDomain, "evil.example"},
       "(4)ev%69l(7)example(0)"},
  };
  for (const Shape& row : rows) {
    Pair pair({row.indicator});
    EXPECT_TRUE(pair.agree(row.text, TextEncoding::kBytes, {}))
        << row.name << ": " << pair.where;
    EXPECT_FALSE(pair.expected.empty()) << row.name << " is no case";
  }
}

TEST(SieveBuilder, gives_one_block_however_the_indicators_were_parted) {
  std::vector<Observable> all = sample_indicators();
  for (const Shape& shape : shapes()) all.push_back(shape.indicator);
  const auto block_of = [&](std::size_t cut) {
    SieveBuilder first, second;
    for (std::size_t i = 0; i < all.size(); ++i) (i < cut ? first : second).add(all[i]);
    first.merge(std::move(second));
    return first.finish();
  };
  SieveBuilder one;
  for (const Observable& indicator : all) one.add(indicator);
  const auto whole = one.finish();
  for (const std::size_t cut : {std::size_t{0}, all.size() / 3, all.size() / 2, all.size()})
    EXPECT_EQ(block_of(cut), whole) << "cut before indicator " << cut;
}

}  // namespace
}  // namespace spoor
