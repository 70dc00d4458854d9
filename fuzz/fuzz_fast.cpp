// The fast matcher against the reference on arbitrary text: the same hits, all members of all
// of them, with every instruction set of this machine.
//
// Input: byte 0 chooses the set of indicators, byte 1 the encoding (and whether a field of the
// text is marked), bytes 2 and 3 where the mark begins and how long it is; the rest is the
// text. The sets are fixed, so that what the fuzzer learns about one text helps it with the
// next.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "match/case_generator.h"
#include "match/exact.h"
#include "match/fast.h"
#include "simd/isa.h"

namespace {

using namespace spoor;
using T = IndicatorType;

/// Each has other types, so that a sieve leaves other things out.
std::vector<std::vector<Observable>> indicator_sets() {
  const std::vector<Observable> names = {{T::kDomain, "a.b"},
                                         {T::kDomain, "evil.example"},
                                         {T::kHostname, "www.evil.example"},
                                         {T::kDomain, "a.sh"},
                                         {T::kDomain, "xn--caf-dma.example"},
                                         {T::kEmail, "a@b.c"},
                                         {T::kEmail, "a+b@evil.example"}};
  const std::vector<Observable> addresses = {
      {T::kIpv4, "1.2.3.4"},   {T::kIpv4, "192.0.2.5"},       {T::kIpv6, "2001:db8::5"},
      {T::kIpv6, "::1"},       {T::kCidr, "198.51.100.0/24"}, {T::kCidr, "2001:db8::/32"},
      {T::kCidr, "1.0.0.0/8"}, {T::kIpv4Port, "1.2.3.4:80"},  {T::kIpv6Port, "[::1]:80"}};
  const std::vector<Observable> urls = {{T::kUrl, "http://a.b/"},
                                        {T::kUrl, "http://a.b/c"},
                                        {T::kUrl, "https://a.b:8443/c?d=e"},
                                        {T::kUrl, "http://1.2.3.4/x"},
                                        {T::kUrl, "ftp://[::1]/"},
                                        {T::kUri, "/c?d=e"},
                                        {T::kUri, "/a/b.php"}};
  const std::vector<Observable> digests = {
      {T::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
      {T::kImphash, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
      {T::kJa3, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
      {T::kSha1, "9c6fc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kSha256, "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c7578"},
      {T::kSslCertFingerprint, "9c6fc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kCve, "CVE-2024-1234"},
      {T::kAsn, "AS64496"},
      {T::kBitcoinAddress, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"}};
  const std::vector<Observable> places = {
      {T::kFilePath, "c:\\a\\b.exe"},
      {T::kFilePath, "%appdata%\\a"},
      {T::kFilePath, "/tmp/a"},
      {T::kFilePath, "?:\\a"},
      {T::kFilePath, "\\\\s\\a"},
      {T::kFileName, "b.exe"},
      {T::kFileName, "a b"},
      {T::kFileName, "a"},
      {T::kRegistryKey, "hklm\\system\\currentcontrolset\\a"},
      {T::kRegistryKey, "hkcu\\a"},
      {T::kMutex, "aB"},
      {T::kMutex, "a b"},
      {T::kNamedPipe, "ab"},
      {T::kUserAgent, "a (b)"}};
  const std::vector<Observable> single = {
      {T::kDomain, "a"}, {T::kHostname, "ab"}, {T::kUrl, "h://a/"}};
  // What the texts of the corpus are full of.
  std::vector<Observable> all = {
      {T::kUrl, "http://lure.test/a/b.php"}, {T::kUrl, "https://root.test/"},
      {T::kEmail, "bill.ing@lure.test"},     {T::kFilePath, "c:\\programdata\\kit\\svc.dll"},
      {T::kUserAgent, "KitFetch/2.1 (x64)"}, {T::kDomain, "intranet"}};
  for (const auto* set : {&names, &addresses, &urls, &digests, &places})
    all.insert(all.end(), set->begin(), set->end());
  return {all, names, addresses, urls, digests, places, single};
}

struct Matchers {
  std::unique_ptr<const Matcher> reference, fast;
  std::unique_ptr<Matcher::Scratch> reference_scratch, fast_scratch;
};

const std::vector<Matchers>& matchers() {
  static const std::vector<Matchers> all = [] {
    std::vector<Matchers> made;
    for (const auto& indicators : indicator_sets()) {
      Matchers pair{make_exact_matcher(indicators), make_fast_matcher(indicators), nullptr,
                    nullptr};
      pair.reference_scratch = pair.reference->make_scratch();
      pair.fast_scratch = pair.fast->make_scratch();
      made.push_back(std::move(pair));
    }
    return made;
  }();
  return all;
}

void print(const char* name, const std::vector<Hit>& hits) {
  std::fprintf(stderr, "%s: %zu hits\n", name, hits.size());
  for (const Hit& hit : hits) {
    std::fprintf(stderr, "  indicator %u at %zu+%zu grade %d %s, %d views\n",
                 static_cast<unsigned>(hit.indicator), hit.offset, hit.length,
                 static_cast<int>(hit.grade), hit.rule, hit.view_count);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const Matchers& pair = matchers()[data[0] % matchers().size()];
  // A copy of its own, so that a read past either end of the text is seen.
  const std::vector<char> bytes(data + 4, data + size);
  const std::string_view text(bytes.data(), bytes.size());
  static constexpr TextEncoding kEncodings[] = {TextEncoding::kBytes, TextEncoding::kUtf16le,
                                                TextEncoding::kUtf16be};
  const TextEncoding encoding = kEncodings[data[1] / 8 % 3];
  std::vector<FieldMark> fields;
  const std::size_t begin = data[2];
  const std::size_t end = begin + data[3];
  if (data[1] % 8 != 0 && begin < end && end <= text.size()) {
    static constexpr FieldRole kRoles[] = {FieldRole::kUserAgent, FieldRole::kVersion,
                                           FieldRole::kHost, FieldRole::kPath};
    FieldMark mark;
    mark.begin = begin;
    mark.end = end;
    mark.role = kRoles[data[1] % 4];
    // A field lies within a line.
    if (text.substr(begin, end - begin).find('\n') == std::string_view::npos)
      fields.push_back(mark);
  }
  const auto expected =
      hits_of(*pair.reference, *pair.reference_scratch, text, encoding, fields);
  for (const Isa isa : {Isa::kScalar, Isa::kAvx2, Isa::kAvx512}) {
    if (!isa_supported(isa)) continue;
    set_isa_for_tests(isa);
    const auto found = hits_of(*pair.fast, *pair.fast_scratch, text, encoding, fields);
    if (same_hits(expected, found)) continue;
    std::fprintf(stderr, "set %zu, %d, differs:\n", data[0] % matchers().size(),
                 static_cast<int>(isa));
    print("reference", expected);
    print("fast", found);
    std::abort();
  }
  return 0;
}
