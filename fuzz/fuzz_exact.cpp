// The reference matcher on arbitrary bytes, against a fixed set of indicators of every type: no
// crash, hits inside the text, and S6: a line in front and behind changes nothing about the
// strongest grade of a text without line ends.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "match/exact.h"

namespace {

using namespace spoor;

const Matcher& matcher() {
  static const auto instance = make_exact_matcher({
      {IndicatorType::kIpv4, "192.0.2.5"},
      {IndicatorType::kIpv6, "2001:db8::5"},
      {IndicatorType::kCidr, "198.51.100.0/24"},
      {IndicatorType::kIpv4Port, "192.0.2.5:80"},
      {IndicatorType::kIpv6Port, "[2001:db8::5]:80"},
      {IndicatorType::kDomain, "evil.example"},
      {IndicatorType::kHostname, "www.evil.example"},
      {IndicatorType::kDomain, "a.sh"},
      {IndicatorType::kUrl, "http://evil.example/a"},
      {IndicatorType::kUrl, "http://evil.example/"},
      {IndicatorType::kUri, "/a?b"},
      {IndicatorType::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
      {IndicatorType::kEmail, "a@evil.example"},
      {IndicatorType::kFilePath, "c:\\a\\b.exe"},
      {IndicatorType::kFilePath, "/tmp/a"},
      {IndicatorType::kFileName, "b.exe"},
      {IndicatorType::kRegistryKey, "hklm\\software\\a"},
      {IndicatorType::kMutex, "abcd"},
      {IndicatorType::kNamedPipe, "abcd"},
      {IndicatorType::kCve, "CVE-2021-1234"},
      {IndicatorType::kAsn, "AS64496"},
      {IndicatorType::kUserAgent, "evil"},
  });
  return *instance;
}

Grade strongest(std::string_view text, TextEncoding encoding) {
  std::vector<Hit> hits;
  matcher().scan(text, encoding, {}, *matcher().make_scratch(), hits);
  Grade best = Grade::kNone;
  for (const Hit& hit : hits) {
    if (hit.length == 0 || hit.offset + hit.length > text.size()) std::abort();
    best = std::max(best, hit.grade);
  }
  return best;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Grade alone = strongest(text, TextEncoding::kBytes);
  strongest(text, TextEncoding::kUtf16le);
  strongest(text, TextEncoding::kUtf16be);
  if (text.find('\n') == std::string_view::npos && text.find('\0') == std::string_view::npos &&
      text.find('=') == std::string_view::npos) {
    if (strongest("x\n" + std::string(text) + "\ny", TextEncoding::kBytes) != alone)
      std::abort();
  }
  return 0;
}
