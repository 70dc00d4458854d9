// What the tests of snapshots share: sets of indicators, their snapshots, the places of things
// in the file as one sees them from outside, and what a matcher finds. Private to `match`.

#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "match/flat_index.h"
#include "match/matcher.h"
#include "match/snapshot.h"

namespace spoor::snapshot_tests {

using Bytes = std::vector<std::byte>;

// --- sets ----------------------------------------------------------------------------------

inline const SnapshotOrigin kOrigin{{0xA0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                    7};

inline const std::vector<Observable>& small_set() {
  using enum IndicatorType;
  static const std::vector<Observable> set = {
      {kIpv4, "192.0.2.5"},
      {kIpv6, "2001:db8::5"},
      {kCidr, "198.51.100.0/24"},
      {kCidr, "2001:db8:1::/48"},
      {kIpv4Port, "192.0.2.5:80"},
      {kIpv6Port, "[2001:db8::5]:80"},
      {kDomain, "evil.example"},
      {kHostname, "www.evil.example"},
      {kUrl, "http://evil.example/a"},
      {kUri, "/a?b"},
      {kMd5, "3c13095de829e8a9e831ff0e978f114e"},
      {kEmail, "a@evil.example"},
      {kFilePath, "c:\\a\\b.exe"},
      {kFileName, "b.exe"},
      {kRegistryKey, "hklm\\software\\a"},
      {kMutex, "abcd"},
      {kNamedPipe, "abcd"},
      {kCve, "CVE-2021-1234"},
      {kAsn, "AS64496"},
      {kUserAgent, "evil"},
  };
  return set;
}

inline constexpr std::string_view kSmallText =
    "192.0.2.5 192.0.2.5:80 198.51.100.77 [2001:db8::5]:80 2001:db8:1::9 www.evil.example\n"
    "GET http://evil.example/a?x=%2Fy HTTP/1.1 \"evil\" a@evil.example\n"
    "C:\\a\\b.exe HKLM\\Software\\A abcd 3c13095de829e8a9e831ff0e978f114e cve-2021-1234\n"
    "nothing here, 10.1.1.1 benign.example \\Device\\HarddiskVolume1\\a\\b.exe AS 64496\n";

/// `n` canonical values of all types, many of which share keys.
inline std::vector<Observable> generated_set(std::size_t n, unsigned seed) {
  using enum IndicatorType;
  std::mt19937 random(seed);
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  const auto number = [&](unsigned limit) { return std::to_string(below(limit)); };
  const auto word = [&] {
    std::string text;
    for (unsigned i = 0, size = 1 + below(9); i < size; ++i)
      text += static_cast<char>('a' + below(26));
    return text;
  };
  const auto hex_digits = [&](std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += "0123456789abcdef"[below(16)];
    return text;
  };
  const auto v4 = [&] { return "198.51." + number(100) + "." + number(256); };
  const auto v6 = [&] { return "2001:db8::" + hex_digits(1) + "1:" + hex_digits(1) + "2"; };
  std::vector<Observable> set;
  while (set.size() < n) {
    const auto type = static_cast<IndicatorType>(below(kIndicatorTypeCount));
    std::string value;
    switch (type) {
      case kIpv4:
        value = v4();
        break;
      case kIpv6:
        value = v6();
        break;
      case kCidr:
        value = below(2) == 0 ? "198.51." + number(100) + ".0/" + std::to_string(24 + below(2))
                              : "2001:db8:" + std::to_string(1 + below(900)) + "::/48";
        break;
      case kDomain:
        value = below(20) == 0 ? word() : word() + ".example";
        break;
      case kHostname:
        value = word() + "." + word() + ".example";
        break;
      case kUrl:
        value = (below(2) == 0 ? "http://" : "https://") + word().substr(0, 2) + ".example/" +
                word().substr(0, 1) + (below(2) == 0 ? "/" : "") +
                (below(3) == 0 ? "?q=" + number(9) : "");
        break;
      case kUri:
        value = "/" + word();
        break;
      case kMd5:
      case kImphash:
      case kJa3:
        value = hex_digits(32);
        break;
      case kSha1:
      case kPehash:
      case kSslCertFingerprint:
        value = hex_digits(40);
        break;
      case kSha256:
        value = hex_digits(64);
        break;
      case kSha384:
        value = hex_digits(96);
        break;
      case kSha512:
        value = hex_digits(128);
        break;
      case kEmail:
        value = word() + "@" + word() + ".example";
        break;
      case kFilePath:
        value = below(2) == 0 ? "c:\\" + word() + "\\x.exe" : "/tmp/" + word();
        break;
      case kFileName:
        value = below(2) == 0 ? word() + ".exe" : "A" + word() + ".DLL";
        break;
      case kRegistryKey:
        value = "hklm\\software\\" + word();
        break;
      case kMutex:
      case kNamedPipe:
      case kUserAgent:
        value = word() + "-" + word();
        break;
      case kCve:
        value = "CVE-2021-" + std::to_string(1000 + below(90000));
        break;
      case kAsn:
        value = "AS" + std::to_string(1 + below(400000));
        break;
      case kBitcoinAddress:
        value = "1" + word() + word() + word();
        break;
      case kIpv4Port:
        value = v4() + ":" + std::to_string(1 + below(60000));
        break;
      case kIpv6Port:
        value = "[" + v6() + "]:" + std::to_string(1 + below(60000));
        break;
      case kYara:
      case kOsquery:
        continue;
    }
    set.push_back({type, std::move(value)});
  }
  return set;
}

inline Bytes compile(const std::vector<Observable>& set, unsigned threads = 1,
                     const std::function<std::int64_t(std::size_t)>& id_of = {}) {
  SnapshotBuilder builder;
  for (std::size_t i = 0; i < set.size(); ++i)
    builder.add(id_of ? id_of(i) : static_cast<std::int64_t>(i) + 100, set[i]);
  auto bytes = builder.finish(kOrigin, threads);
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes ? std::move(*bytes) : Bytes();
}

inline const Bytes& small_bytes() {
  static const Bytes bytes = compile(small_set());
  return bytes;
}

// --- the file, from outside ----------------------------------------------------------------

enum Section : std::size_t {
  kTraits,
  kTypes,
  kLengths,
  kBases,
  kValues,
  kIds,
  kBuckets,
  kKeys,
  kSieve
};
inline constexpr std::size_t kTable = 96, kRowBytes = 40;

template <typename T>
T number_at(const Bytes& bytes, std::size_t offset) {
  return flat::load<T>(bytes.data() + offset);
}
template <typename T>
void set_number(Bytes& bytes, std::size_t offset, T number) {
  flat::store(bytes.data() + offset, number);
}
inline std::size_t offset_of(const Bytes& bytes, std::size_t section) {
  return number_at<std::uint64_t>(bytes, kTable + section * kRowBytes);
}
inline std::size_t size_of(const Bytes& bytes, std::size_t section) {
  return number_at<std::uint64_t>(bytes, kTable + section * kRowBytes + 8);
}

using HitParts = std::tuple<std::size_t, std::size_t, std::uint32_t, int, std::string>;
inline std::vector<HitParts> scan(const Matcher& matcher, std::string_view text) {
  std::vector<Hit> hits;
  matcher.scan(text, TextEncoding::kBytes, {}, *matcher.make_scratch(), hits);
  std::vector<HitParts> parts;
  for (const Hit& hit : hits) {
    EXPECT_LE(hit.offset + hit.length, text.size());
    parts.emplace_back(hit.offset, hit.length, static_cast<std::uint32_t>(hit.indicator),
                       static_cast<int>(hit.grade), hit.rule);
  }
  return parts;
}

}  // namespace spoor::snapshot_tests
