// The fast matcher gives the hits of the reference, all members of all of them, on any text:
// on generated cases, at every border byte, at every place of a block, on all short strings
// over small alphabets, with every instruction set; and the comparison that says so notices
// when a matcher gets a single rule wrong.
//
// SPOOR_CASES   generated cases, default 150 (bench/prove runs 10^8 once)
// SPOOR_SEED    the first seed, default 1
// SPOOR_LENGTH  of the strings over small alphabets, default 4 (6 or 7 once)

#include "match/fast.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <set>

#include "base/ascii.h"
#include "base/check.h"
#include "ioc/canonical.h"
#include "match/case_generator.h"
#include "match/exact.h"
#include "match/sieve.h"
#include "simd/isa.h"

namespace spoor {
namespace {

using std::string_literals::operator""s;
using std::string_view_literals::operator""sv;
using T = IndicatorType;

std::size_t setting(const char* name, std::size_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::strtoull(value, nullptr, 10) : otherwise;
}

/// Pages with one before and one behind that nobody may touch. A text is copied to either end.
class GuardedPages {
 public:
  explicit GuardedPages(std::size_t bytes) {
    page_ = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    inner_ = (bytes + page_) / page_ * page_;
    void* mapped = ::mmap(nullptr, inner_ + 2 * page_, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    SPOOR_CHECK(mapped != MAP_FAILED);
    base_ = static_cast<char*>(mapped);
    SPOOR_CHECK(::mprotect(base_, page_, PROT_NONE) == 0);
    SPOOR_CHECK(::mprotect(base_ + page_ + inner_, page_, PROT_NONE) == 0);
  }
  ~GuardedPages() { ::munmap(base_, inner_ + 2 * page_); }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;

  std::size_t size() const { return inner_; }
  /// The last byte is the last one before the guard.
  std::string_view at_end(std::string_view text) {
    return put(base_ + page_ + inner_ - text.size(), text);
  }
  /// The first byte is the first one after the guard.
  std::string_view at_start(std::string_view text) { return put(base_ + page_, text); }

 private:
  static std::string_view put(char* to, std::string_view text) {
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }
  char* base_ = nullptr;
  std::size_t page_ = 0, inner_ = 0;
};

/// The instruction sets of this machine; those that are missing are named once.
const std::vector<Isa>& instruction_sets() {
  static const std::vector<Isa> sets = [] {
    std::vector<Isa> found;
    for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512}) {
      if (isa_supported(isa)) {
        found.push_back(isa);
      } else {
        std::printf("[  SKIPPED ] %s: this processor has none\n",
                    std::string(name_of(isa)).c_str());
      }
    }
    return found;
  }();
  return sets;
}

/// Both matchers of one set of indicators, and what one of them found last.
class Pair {
 public:
  explicit Pair(const std::vector<Observable>& indicators)
      : reference_(make_exact_matcher(indicators)),
        fast_(make_fast_matcher(indicators)),
        reference_scratch_(reference_->make_scratch()),
        fast_scratch_(fast_->make_scratch()) {}

  /// Whether both agree on `text`, with every instruction set, at both ends of its pages.
  bool agree(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields) {
    if (!pages_ || text.size() > pages_->size())
      pages_ = std::make_unique<GuardedPages>(std::max<std::size_t>(text.size(), 1 << 14));
    const std::string_view guarded = pages_->at_end(text);
    expected = hits_of(*reference_, *reference_scratch_, guarded, encoding, fields);
    for (const Isa isa : instruction_sets()) {
      set_isa_for_tests(isa);
      found = hits_of(*fast_, *fast_scratch_, guarded, encoding, fields);
      where = std::string(name_of(isa));
      if (!same_hits(expected, found)) return false;
    }
    found = hits_of(*fast_, *fast_scratch_, pages_->at_start(text), encoding, fields);
    where += ", at a page's start";
    return same_hits(expected, found);
  }

  std::vector<Hit> expected, found;
  std::string where;  ///< the instruction set of `found`

 private:
  std::unique_ptr<const Matcher> reference_, fast_;
  std::unique_ptr<Matcher::Scratch> reference_scratch_, fast_scratch_;
  std::unique_ptr<GuardedPages> pages_;
};

/// As SPOOR_ISA had it, when a test is over.
class FastMatcher : public testing::Test {
 protected:
  ~FastMatcher() override { set_isa_for_tests(before_); }

 private:
  Isa before_ = current_isa();
};

std::string report(const GeneratedCase& failing) {
  const GeneratedCase small = minimise(failing, [](const GeneratedCase& candidate) {
    return !Pair(candidate.indicators)
                .agree(candidate.text, candidate.encoding, candidate.fields);
  });
  Pair pair(small.indicators);
  pair.agree(small.text, small.encoding, small.fields);
  return " (" + pair.where + "), minimised:\n" + describe(small, pair.expected, pair.found);
}

std::string report(const std::vector<Observable>& indicators, std::string_view text) {
  GeneratedCase failing;
  failing.indicators = indicators;
  failing.text = std::string(text);
  return report(failing);
}

/// Reports of one test: the first few are enough to find a cause.
class Differences {
 public:
  explicit Differences(std::size_t most = 5) : most_(most) {}
  void add(const std::string& text) {
    if (count_++ < most_) ADD_FAILURE() << text;
  }
  bool enough() const { return count_ >= most_; }

 private:
  std::size_t most_, count_ = 0;
};

TEST_F(FastMatcher, gives_the_hits_of_the_reference_on_generated_cases) {
  const std::size_t cases = setting("SPOOR_CASES", 150);
  const std::uint64_t first = setting("SPOOR_SEED", 1);
  Differences differences;
  std::size_t hits = 0;
  for (std::uint64_t seed = first; seed < first + cases && !differences.enough(); ++seed) {
    const GeneratedCase made = generate_case(seed);
    Pair pair(made.indicators);
    if (!pair.agree(made.text, made.encoding, made.fields))
      differences.add("seed " + std::to_string(seed) + report(made));
    hits += pair.expected.size();
  }
  // Cases without hits would prove nothing.
  EXPECT_GT(hits, cases);
}

// --- borders and places
// -----------------------------------------------------------------------

/// A text of `value` as it most plainly stands in a log: user agents need their quotes.
std::string plain_text(const Observable& indicator) {
  return indicator.type == T::kUserAgent ? "\"" + indicator.value + "\""
         : indicator.type == T::kCidr
             ? indicator.value.substr(0, indicator.value.find('/')) +
                   (indicator.value.find(':') == std::string::npos ? "" : "1")
             : indicator.value;
}

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

// --- shapes
// -----------------------------------------------------------------------------------

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
      {"a mail host that begins with a hyphen and ends beyond ASCII",
       {T::kEmail, "bob@-evil.test"},
       "bob@-evil.te\u017Ft"},
      {"a name with its lengths", {T::kDomain, "evil.example"}, "(4)evil(7)example(0)"},
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
      {"a target with dots that fold it up", {T::kUri, "/x-y"}, "/long-name/../x-y"},
      {"a target beyond ASCII", {T::kUri, "/%C3%A9"}, "/\u00E9"},
      {"a target with a backslash", {T::kUri, "/a\\q"}, "\"/a\\\\q\""},
      {"a target in single quotes", {T::kUri, "/a-b"}, "'/a-b'"},
      {"a target in quotes", {T::kUri, "/a-b"}, "\"/a-b\""},
      {"a target behind an equals sign", {T::kUri, "/a-b"}, "u=/a-b"},
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
    // Over the border of 2 KiB, a border of its own for each place of the value in it.
    const std::size_t step = shape.text.size() / 24 + 1;
    for (const bool own_line : {true, false}) {
      std::string text;
      std::size_t windows = 0;
      for (std::size_t cut = 0; cut <= shape.text.size() + 1; cut += step) {
        const std::size_t begin = ++windows * 2048 - cut;
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

TEST_F(FastMatcher, keeps_every_border_byte_on_either_side) {
  const std::vector<Observable> samples = sample_indicators();
  Pair pair(samples);
  Differences differences;
  const auto check = [&](const std::string& text) {
    if (!differences.enough() && !pair.agree(text, TextEncoding::kBytes, {}))
      differences.add(report(samples, text));
  };
  for (const Observable& sample : samples) {
    const std::string value = plain_text(sample);
    for (int byte = 0; byte < 256; ++byte) {
      const std::string border(1, static_cast<char>(byte));
      check(border + value);
      check(value + border);
      check("k" + border + value + border + "k");
      check("1 " + border + value + border + " 1");
    }
    // Letters, dots and blanks of more than one byte.
    for (const std::string_view border : {"\u00E9"sv, "\u65E5"sv, "\u3002"sv, "\uFF0E"sv,
                                          "\u00A0"sv, "\U0001F600"sv, "\u0301"sv, "\uFEFF"sv}) {
      check(std::string(border) + value);
      check(value + std::string(border));
    }
  }
}

/// The ways in which a value at some place of a block can be written.
std::vector<std::string> written(const std::string& value) {
  std::string percent, json, html, hex, soft;
  char piece[16];
  for (std::size_t i = 0; i < value.size(); ++i) {
    const unsigned byte = static_cast<unsigned char>(value[i]);
    const bool dot = !is_alnum(value[i]);
    std::snprintf(piece, sizeof piece, dot ? "%%%02x" : "%c", byte);
    percent += piece;
    std::snprintf(piece, sizeof piece, dot && byte < 0x80 ? "\\u%04x" : "%c", byte);
    json += piece;
    std::snprintf(piece, sizeof piece, dot && byte < 0x80 ? "&#%u;" : "%c", byte);
    html += piece;
    std::snprintf(piece, sizeof piece, dot ? "\\x%02x" : "%c", byte);
    hex += piece;
    soft += value[i];
    if (i == value.size() / 2) soft += "=\n";
  }
  std::string wide;
  for (const char c : value) (wide += c) += '\0';
  std::string defanged;
  for (const char c : value) defanged += c == '.' ? "[.]" : std::string(1, c);
  return {value, percent, "\"" + json + "\"", html, hex, soft, wide, defanged};
}

TEST_F(FastMatcher, keeps_every_place_of_a_block_and_every_cut_at_the_end) {
  const std::vector<Observable> samples = sample_indicators();
  Pair pair(samples);
  Differences differences;
  const auto check = [&](const std::string& line) {
    if (!differences.enough() && !pair.agree(line, TextEncoding::kBytes, {}))
      differences.add(report(samples, line));
  };
  for (const Observable& sample : samples) {
    const std::vector<std::string> forms = written(plain_text(sample));
    for (std::size_t form = 0; form < forms.size(); ++form) {
      // The value itself at each place of a block of 64 and more; the other forms, whose
      // decoders know no blocks, at some.
      for (std::size_t at = form; at <= 130; at += form > 0 ? 13 : at < 66 ? 1 : 7) {
        std::string line(at, 'a');
        if (at > 0) line.back() = ' ';
        line += forms[form];
        check(line);
        if (at % 3 == 0) check(std::string(at, ' ') + forms[form]);
        line.pop_back();
        if (at % 3 == 1) check(line);
      }
    }
  }
}

// --- small alphabets
// --------------------------------------------------------------------------

struct Alphabet {
  const char* name;
  std::vector<std::string> pieces;  ///< most are one byte
  std::vector<Observable> indicators;
  bool own_text = false;  ///< a string is a whole text and no line of one
};

std::vector<Alphabet> alphabets() {
  const std::vector<Observable> names = {
      {T::kDomain, "a.a"},       {T::kHostname, "a.1"}, {T::kDomain, "1-a.a"},
      {T::kIpv4, "1.1.1.1"},     {T::kEmail, "a@a.a"},  {T::kUrl, "http://a.a/"},
      {T::kUrl, "http://a.a/a"}, {T::kFileName, "a.a"}, {T::kFileName, "a"},
      {T::kDomain, "a"},         {T::kFilePath, "/a"},  {T::kUri, "/a"}};
  const std::vector<Observable> addresses = {
      {T::kIpv4, "1.1.1.1"},      {T::kIpv6, "1::1"},   {T::kIpv6, "::1"},
      {T::kCidr, "1.1.1.0/24"},   {T::kCidr, "1::/16"}, {T::kIpv4Port, "1.1.1.1:1"},
      {T::kIpv6Port, "[1::1]:1"}, {T::kIpv6, "::"},     {T::kCidr, "1.0.0.0/11"},
      {T::kIpv6, "::101:101"}};
  const std::vector<Observable> words = {{T::kMutex, "a"},       {T::kNamedPipe, "n"},
                                         {T::kFileName, "n.a"},  {T::kFileName, "a\"n"},
                                         {T::kDomain, "n.a"},    {T::kUserAgent, "a"},
                                         {T::kUserAgent, "\\n"}, {T::kFilePath, "\\a"},
                                         {T::kFilePath, "a\\n"}, {T::kMutex, "\\n"}};
  return {
      {"names", {"a", ".", "-", "1", "@", ":", "/"}, names},
      {"addresses", {"1", ".", ":", "/", "v", "[", "1.1.1."}, addresses},
      {"strings", {"\\", "\"", "n", "a", "."}, words},
      {"percent",
       {"%", "2", "e", "a", ".", "%2e", "%25"},
       {{T::kDomain, "a.a"}, {T::kFileName, "a.a"}, {T::kDomain, "e.a"}, {T::kFileName, "2"}}},
      {"percent in strings",
       {"%2e", "%20", "%22", "%61", "a", " ", "\"", "'", "b"},
       {{T::kDomain, "a.a"},
        {T::kUserAgent, "a b"},
        {T::kUserAgent, "b a a"},
        {T::kFileName, "a b"},
        {T::kMutex, "b"},
        {T::kFilePath, "a a"}}},
      {"percent before others",
       {"%3D", "%28", "(0)", "%5C", "%26", "%2561", " ", "a", "(1)", "=2E", "%2E"},
       {{T::kDomain, "a.a"}, {T::kDomain, "a"}, {T::kFileName, "a.a"}, {T::kFileName, "(1)"}}},
      {"quoted printable",
       {"=", "3", "D", "\n", "a", ".", "=2E"},
       {{T::kDomain, "a.a"}, {T::kFileName, "a=a"}, {T::kFileName, "a"}, {T::kDomain, "a.d"}},
       true},
      {"references",
       {"&", "#", ";", "4", "6", "a", "."},
       {{T::kDomain, "a.a"}, {T::kFileName, "a.a"}, {T::kDomain, "4.a"}, {T::kFileName, "&"}}},
      {"brackets",
       {"(", ")", "0", "1", "a", "[.]", "(0)", "(1)"},
       {{T::kDomain, "a.a"}, {T::kDomain, "a"}, {T::kFileName, "a"}, {T::kFileName, "(1)"}}},
      {"escapes",
       {"\\", "x", "u", "61", "002e", "2e", "a", "."},
       {{T::kDomain, "a.a"}, {T::kFileName, "a"}, {T::kFilePath, "\\x"}, {T::kMutex, "a.a"}}},
      {"schemes",
       {"h", "://", "/", "[:]", "hxxp", "a.a", "?", "@"},
       {{T::kUrl, "h://a.a/"},
        {T::kUrl, "http://a.a/"},
        {T::kUrl, "http://a.a/h"},
        {T::kUri, "/h"},
        {T::kDomain, "a.a"},
        {T::kUrl, "h://h/"}}},
      {"wide",
       {std::string(1, '\0'), "a", ".", "a\0"s, "\0a"s, ".\0"s, "\0."s},
       {{T::kDomain, "a.a"}, {T::kFileName, "a.a"}, {T::kMutex, "a"}},
       true},
      {"places",
       {"c", ":", "\\", "/", "a", " ", "\"", "%", "."},
       {{T::kFilePath, "c:\\a"},
        {T::kFilePath, "/a"},
        {T::kFileName, "a"},
        {T::kFileName, "a a"},
        {T::kFilePath, "\\\\a\\a"},
        {T::kFilePath, "%a%\\c"},
        {T::kFilePath, "?:\\c"},
        {T::kNamedPipe, "c"}}},
  };
}

TEST_F(FastMatcher, keeps_every_short_string_over_small_alphabets) {
  const std::size_t longest = setting("SPOOR_LENGTH", 4);
  constexpr std::size_t kBatch = 512;
  for (const Alphabet& alphabet : alphabets()) {
    Pair pair(alphabet.indicators);
    Differences differences(3);
    std::vector<std::string> batch;
    const auto check = [&](const std::string& text) {
      if (!pair.agree(text, TextEncoding::kBytes, {}))
        differences.add(std::string(alphabet.name) + report(alphabet.indicators, text));
    };
    const auto flush = [&] {
      std::string text;
      for (const std::string& line : batch) text += line + "\n";
      if (!pair.agree(text, TextEncoding::kBytes, {})) check(text);
      batch.clear();
    };
    std::vector<std::size_t> digits;
    while (digits.size() <= longest && !differences.enough()) {
      std::string text;
      for (const std::size_t digit : digits) text += alphabet.pieces[digit];
      // As a line, and to length 3 as a whole text too, at its guard page.
      if (alphabet.own_text || digits.size() <= 3) check(text);
      if (!alphabet.own_text) {
        batch.push_back(std::move(text));
        if (batch.size() == kBatch) flush();
      }
      std::size_t i = 0;
      while (i < digits.size() && ++digits[i] == alphabet.pieces.size()) digits[i++] = 0;
      if (i == digits.size()) digits.push_back(0);
    }
    flush();
  }
}

// --- the comparison notices
// -------------------------------------------------------------------

/// The reference with one thing wrong.
class Mutant final : public Matcher {
 public:
  using EditText = std::function<void(std::string&)>;
  using EditHits = std::function<void(std::vector<Hit>&)>;
  Mutant(const Matcher& reference, EditText edit_text, EditHits edit_hits)
      : reference_(reference),
        edit_text_(std::move(edit_text)),
        edit_hits_(std::move(edit_hits)) {}

  std::unique_ptr<Scratch> make_scratch() const override { return reference_.make_scratch(); }
  void scan(std::string_view text, TextEncoding encoding, std::span<const FieldMark> fields,
            Scratch& scratch, std::vector<Hit>& hits) const override {
    std::string edited(text);
    if (edit_text_) edit_text_(edited);
    std::vector<Hit> own;
    reference_.scan(edited, encoding, fields, scratch, own);
    if (edit_hits_) edit_hits_(own);
    hits.insert(hits.end(), own.begin(), own.end());
  }

 private:
  const Matcher& reference_;
  EditText edit_text_;
  EditHits edit_hits_;
};

bool notices(const Mutant& mutant, const GeneratedCase& made,
             const std::vector<Hit>& expected) {
  const auto scratch = mutant.make_scratch();
  return !same_hits(expected, hits_of(mutant, *scratch, made.text, made.encoding, made.fields));
}

/// Every rule of docs/semantics.md that a hit can name.
constexpr std::string_view kRules[] = {
    "I1", "I3", "I5", "I6", "I7", "I9", "V1", "V2", "V5", "V6", "C1",  "C3", "P1",
    "P2", "D1", "D3", "D7", "U2", "U3", "U4", "U5", "U6", "U8", "U10", "H1", "H5",
    "H6", "E1", "F1", "F2", "F3", "F4", "R1", "O1", "O2", "O3", "O4",  "O5", "X1"};

TEST_F(FastMatcher, would_be_caught_with_any_one_rule_lost_moved_or_misjudged) {
  std::set<std::string> missing(std::begin(kRules), std::end(kRules));
  std::set<ViewKind> views;
  std::set<T> types;
  for (std::uint64_t seed = 1; seed <= 4000 && (!missing.empty() || views.size() < 9 ||
                                                types.size() < kIndicatorTypeCount - 2);
       ++seed) {
    const GeneratedCase made = generate_case(seed);
    const auto reference = make_exact_matcher(made.indicators);
    const auto scratch = reference->make_scratch();
    const std::vector<Hit> expected =
        hits_of(*reference, *scratch, made.text, made.encoding, made.fields);
    std::set<std::string> here;
    for (const Hit& hit : expected) {
      here.insert(hit.rule);
      for (std::size_t i = 0; i < hit.view_count; ++i) views.insert(hit.views[i]);
      types.insert(made.indicators[static_cast<std::uint32_t>(hit.indicator)].type);
    }
    for (const std::string& rule : here) {
      if (missing.erase(rule) == 0) continue;
      const auto of_rule = [rule](const Hit& hit) { return rule == hit.rule; };
      const auto each = [&](const std::function<void(Hit&)>& change) {
        return Mutant(*reference, nullptr, [=](std::vector<Hit>& hits) {
          for (Hit& hit : hits) {
            if (of_rule(hit)) change(hit);
          }
        });
      };
      const Mutant lost(*reference, nullptr, [=](std::vector<Hit>& hits) {
        hits.erase(std::find_if(hits.begin(), hits.end(), of_rule));
      });
      const Mutant doubled(*reference, nullptr, [=](std::vector<Hit>& hits) {
        hits.push_back(*std::find_if(hits.begin(), hits.end(), of_rule));
      });
      EXPECT_TRUE(notices(lost, made, expected)) << rule;
      EXPECT_TRUE(notices(doubled, made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { ++hit.offset; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { --hit.length; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { ++hit.prefix; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { hit.rule[0] = 'Z'; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) { hit.view_count ^= 1; }), made, expected)) << rule;
      EXPECT_TRUE(notices(each([](Hit& hit) {
                            hit.grade =
                                hit.grade == Grade::kWeak ? Grade::kExact : Grade::kWeak;
                          }),
                          made, expected))
          << rule;
    }
  }
  for (const std::string& rule : missing) ADD_FAILURE() << "no generated case reaches " << rule;
  EXPECT_EQ(views.size(), 9u) << "some reading is never the way to a hit";
  EXPECT_EQ(types.size(), kIndicatorTypeCount - 2) << "some type is never found";
}

/// A rule about borders, flipped: a byte that binds taken for a blank, or one that parts for a
/// letter. Each must change the hits of some generated case.
struct Flip {
  const char* name;
  char byte;
  char taken_for;
};
constexpr Flip kFlips[] = {
    {"underscore_parts", '_', ' '},  {"hyphen_parts", '-', ' '},
    {"dot_parts", '.', ' '},         {"colon_parts", ':', ' '},
    {"sign_parts", '@', ' '},        {"slash_parts", '/', ' '},
    {"backslash_parts", '\\', ' '},  {"percent_parts", '%', ' '},
    {"plus_parts", '+', ' '},        {"equals_parts", '=', ' '},
    {"letter_parts", 'x', ' '},      {"digit_parts", '7', ' '},
    {"v_parts", 'v', ' '},           {"non_ascii_parts", '\xC3', ' '},
    {"bracket_parts", '[', ' '},     {"parenthesis_parts", '(', ' '},
    {"quote_parts_words", '"', ' '}, {"apostrophe_parts_words", '\'', ' '},
    {"nul_binds", '\0', 'x'},        {"return_binds", '\r', 'x'},
    {"tab_binds", '\t', 'x'},        {"blank_binds", ' ', 'x'},
    {"quote_binds", '"', 'x'},       {"apostrophe_binds", '\'', 'x'},
    {"comma_binds", ',', 'x'},       {"semicolon_binds", ';', 'x'},
    {"open_binds", '(', 'x'},        {"close_binds", ')', 'x'},
    {"less_binds", '<', 'x'},        {"greater_binds", '>', 'x'},
    {"bar_binds", '|', 'x'},         {"backquote_binds", '`', 'x'},
    {"delete_binds", '\x7F', 'x'},   {"bracket_binds", ']', 'x'},
    {"brace_binds", '{', 'x'},       {"line_end_binds", '\n', 'x'},
    {"escape_binds", '\x1B', 'x'},   {"question_binds", '?', 'x'},
    {"hash_binds", '#', 'x'},        {"ampersand_binds", '&', 'x'}};

TEST_F(FastMatcher, would_be_caught_with_any_one_border_rule_flipped) {
  std::vector<const Flip*> alive;
  for (const Flip& flip : kFlips) alive.push_back(&flip);
  for (std::uint64_t seed = 1; seed <= 4000 && !alive.empty(); ++seed) {
    const GeneratedCase made = generate_case(seed);
    const auto reference = make_exact_matcher(made.indicators);
    const auto scratch = reference->make_scratch();
    const std::vector<Hit> expected =
        hits_of(*reference, *scratch, made.text, made.encoding, made.fields);
    std::erase_if(alive, [&](const Flip* flip) {
      if (made.text.find(flip->byte) == std::string::npos) return false;
      const Mutant mutant(
          *reference,
          [flip](std::string& text) {
            for (char& c : text) {
              if (c == flip->byte) c = flip->taken_for;
            }
          },
          nullptr);
      return notices(mutant, made, expected);
    });
  }
  for (const Flip* flip : alive) ADD_FAILURE() << "no generated case tells " << flip->name;
}

TEST_F(FastMatcher, would_be_caught_with_marks_of_fields_ignored) {
  // By the role of the mark that is ignored.
  std::set<FieldRole> caught;
  const std::set<FieldRole> all = {FieldRole::kUserAgent, FieldRole::kVersion, FieldRole::kHost,
                                   FieldRole::kPath};
  for (std::uint64_t seed = 1; seed <= 6000 && caught != all; ++seed) {
    const GeneratedCase made = generate_case(seed);
    if (made.fields.empty()) continue;
    const auto reference = make_exact_matcher(made.indicators);
    const auto scratch = reference->make_scratch();
    const auto expected = hits_of(*reference, *scratch, made.text, made.encoding, made.fields);
    for (const FieldRole role : all) {
      if (caught.count(role) > 0) continue;
      std::vector<FieldMark> fewer = made.fields;
      std::erase_if(fewer, [role](const FieldMark& mark) { return mark.role == role; });
      if (!same_hits(expected,
                     hits_of(*reference, *scratch, made.text, made.encoding, fewer))) {
        caught.insert(role);
      }
    }
  }
  EXPECT_EQ(caught, all);
}

// --- the generator
// ----------------------------------------------------------------------------

TEST(CaseGenerator, gives_one_case_a_seed) {
  for (std::uint64_t seed = 1; seed < 50; ++seed) {
    const GeneratedCase once = generate_case(seed);
    const GeneratedCase again = generate_case(seed);
    EXPECT_EQ(once.indicators, again.indicators);
    EXPECT_EQ(once.text, again.text);
    EXPECT_NE(once.text, generate_case(seed + 1).text);
  }
}

TEST(CaseGenerator, makes_canonical_indicators_and_marks_within_lines) {
  for (std::uint64_t seed = 1; seed < 300; ++seed) {
    const GeneratedCase made = generate_case(seed);
    ASSERT_FALSE(made.indicators.empty());
    for (const FieldMark& mark : made.fields) {
      ASSERT_LT(mark.begin, mark.end);
      ASSERT_LE(mark.end, made.text.size());
      EXPECT_EQ(made.text.substr(mark.begin, mark.end - mark.begin).find('\n'),
                std::string::npos);
    }
  }
}

TEST(CaseGenerator, minimises_to_what_makes_the_difference) {
  GeneratedCase failing;
  failing.indicators = {{T::kDomain, "a.test"}, {T::kDomain, "b.test"}};
  failing.text = "some words, then the needle, and more words";
  failing.fields = {{0, 4, FieldRole::kHost}, {21, 27, FieldRole::kPath}};
  const GeneratedCase small = minimise(failing, [](const GeneratedCase& candidate) {
    return candidate.text.find("needle") != std::string::npos;
  });
  EXPECT_EQ(small.text, "needle");
  EXPECT_EQ(small.indicators.size(), 1u);
  EXPECT_TRUE(small.fields.empty());
}

}  // namespace
}  // namespace spoor
