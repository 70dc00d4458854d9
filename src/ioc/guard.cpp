// The guards of S5, one look each. See guard.h. Sources of the ranges: IANA special-purpose
// address registries (RFC 6890). Digests: of no bytes, of "test", and of "test" with a newline.
// Tested by guard_test.cpp.

#include "ioc/guard.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/ascii.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "ioc/url.h"

namespace spoor {
namespace {

using T = IndicatorType;
using Answer = std::optional<Refusal>;

Answer because(std::string reason) {
  return Refusal{"S5", std::move(reason)};
}

struct V4Range {
  std::uint32_t base;
  int prefix;
  std::string_view what;
};
constexpr V4Range kV4[] = {
    {0x00000000, 8, "this-host range 0.0.0.0/8"},
    {0x0A000000, 8, "private range 10.0.0.0/8"},
    {0x64400000, 10, "shared address space 100.64.0.0/10"},
    {0x7F000000, 8, "loopback range 127.0.0.0/8"},
    {0xA9FE0000, 16, "link-local range 169.254.0.0/16"},
    {0xAC100000, 12, "private range 172.16.0.0/12"},
    {0xC0A80000, 16, "private range 192.168.0.0/16"},
    {0xE0000000, 4, "multicast range 224.0.0.0/4"},
    {0xF0000000, 4, "reserved range 240.0.0.0/4"},
};

struct V6Range {
  std::uint8_t first, second;  // the bytes that tell
  int prefix;
  std::string_view what;
};
constexpr V6Range kV6[] = {
    {0xFE, 0x80, 10, "link-local range fe80::/10"},
    {0xFC, 0x00, 7, "unique local range fc00::/7"},
    {0xFF, 0x00, 8, "multicast range ff00::/8"},
};

std::string_view v4_range(std::uint32_t address, int prefix) {
  for (const V4Range& range : kV4) {
    if (prefix >= range.prefix && (address ^ range.base) >> (32 - range.prefix) == 0)
      return range.what;
  }
  return {};
}

std::string_view v6_range(const Ipv6& address, int prefix) {
  const bool low =
      std::all_of(address.begin(), address.end() - 1, [](auto b) { return b == 0; });
  if (low && prefix == 128 && address[15] == 0) return "the unspecified address ::";
  if (low && prefix == 128 && address[15] == 1) return "the loopback address ::1";
  const unsigned head = static_cast<unsigned>(address[0]) << 8 | address[1];
  for (const V6Range& range : kV6) {
    const unsigned base = static_cast<unsigned>(range.first) << 8 | range.second;
    if (prefix >= range.prefix && (head ^ base) >> (16 - range.prefix) == 0) return range.what;
  }
  return {};
}

/// `text` is an address of either family, without brackets.
Answer guard_address(std::string_view text) {
  std::string_view what;
  if (const auto v4 = parse_ipv4(text)) {
    what = v4_range(*v4, 32);
  } else if (const auto v6 = parse_ipv6(text)) {
    what = v6_range(*v6, 128);
  }
  if (what.empty()) return std::nullopt;
  if (what.substr(0, 4) == "the ") return because(std::string(what));
  return because("an address of the " + std::string(what));
}

Answer guard_network(std::string_view text) {
  const auto network = parse_network(text, nullptr);
  if (!network) return std::nullopt;
  const int shortest = network->is_v6 ? 19 : 8;
  if (network->prefix < shortest)
    return because("a prefix shorter than /" + std::to_string(shortest));
  std::string_view what;
  if (network->is_v6) {
    what = v6_range(network->base, network->prefix);
  } else {
    std::uint32_t base = 0;
    for (std::size_t i = 0; i < 4; ++i) base = base << 8 | network->base[i];
    what = v4_range(base, network->prefix);
  }
  if (what.empty()) return std::nullopt;
  if (what.substr(0, 4) == "the ") return because("the network of " + std::string(what));
  return because("a network in the " + std::string(what));
}

Answer guard_endpoint(std::string_view text) {
  std::string_view host = text.substr(0, text.rfind(':'));
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return guard_address(host);
}

Answer guard_name(std::string_view name) {
  if (name.find('.') == std::string_view::npos) return because("a single label");
  if (is_public_suffix(name)) return because("a public suffix");
  if (name.size() < 4) return because("a value under 4 characters");
  return std::nullopt;
}

Answer guard_url(std::string_view text) {
  const auto url = parse_url(text, Scheme::kRequired);
  if (!url) return std::nullopt;
  // "http://s3.amazonaws.com/bucket/x.exe" is one file, although the name is a public suffix: a
  // URL never covers the names below its host (U6), and only its root says nothing else.
  const bool is_root = url->path == "/" && !url->query;
  Answer host;
  if (url->host_kind != HostKind::kName) {
    host = guard_address(url->host);
  } else if (is_root || url->host.find('.') == std::string::npos) {
    host = guard_name(url->host);
  }
  if (!host) return std::nullopt;
  return because("the host " + url->host + ": " + host->reason);
}

// clang-format off
struct Trivial { std::string_view digest, what; };
constexpr Trivial kTrivial[] = {
    {"d41d8cd98f00b204e9800998ecf8427e", "the MD5 of the empty file"},
    {"da39a3ee5e6b4b0d3255bfef95601890afd80709", "the SHA-1 of the empty file"},
    {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "the SHA-256 of the empty file"},
    {"38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b", "the SHA-384 of the empty file"},
    {"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e", "the SHA-512 of the empty file"},
    {"098f6bcd4621d373cade4e832627b4f6", "the MD5 of \"test\""},
    {"a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", "the SHA-1 of \"test\""},
    {"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "the SHA-256 of \"test\""},
    {"768412320f7b0aa5812fce428dc4706b3cae50e02a64caa16a782249bfe8efc4b7ef1ccb126255d196047dfedf17a0a9", "the SHA-384 of \"test\""},
    {"ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db27ac185f8a0e1d5f84f88bc887fd67b143732c304cc5fa9ad8e6f57f50028a8ff", "the SHA-512 of \"test\""},
    {"d8e8fca2dc0f896fd7cb4cb0031ba249", "the MD5 of \"test\" and a newline"},
    {"4e1243bd22c66e76c2ba9eddc1f91394e57f9f83", "the SHA-1 of \"test\" and a newline"},
    {"f2ca1bb6c7e907d06dafe4687e579fce76b37e4e93b7605022da52e6ccc26fd2", "the SHA-256 of \"test\" and a newline"},
};
// clang-format on

Answer guard_digest(std::string_view digest) {
  if (digest.find_first_not_of('0') == std::string_view::npos)
    return because("an all-zero digest");
  for (const Trivial& row : kTrivial) {
    if (row.digest == digest) return because(std::string(row.what));
  }
  return std::nullopt;
}

/// Folders whose every component is the system's own.
constexpr std::string_view kBroadPaths[] = {"c:\\program files (x86)",
                                            "c:\\users\\public",
                                            "c:\\windows\\system32",
                                            "c:\\windows\\temp",
                                            "/usr/bin",
                                            "/usr/lib",
                                            "/usr/local",
                                            "/usr/sbin",
                                            "/var/log",
                                            "/var/tmp"};

/// Root prefixes ("c:", "?:", "%temp%", "~") do not count as components.
Answer guard_path(std::string_view path) {
  if (std::find(std::begin(kBroadPaths), std::end(kBroadPaths), path) != std::end(kBroadPaths))
    return because("a folder that every system has");
  const bool is_unc = path.substr(0, 2) == "\\\\";
  int components = 0;
  bool rooted = false;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/\\", at), path.size());
    const std::string_view part = path.substr(at, end - at);
    const bool is_root =
        at == 0 && (part == "~" || (part.size() == 2 && part[1] == ':') ||
                    (part.size() > 2 && part.front() == '%' && part.back() == '%'));
    if (is_root) {
      rooted = part.front() == '%';
    } else if (!part.empty()) {
      ++components;
    }
    at = end + 1;
  }
  if (components == 0) return because("a root and no path");
  // "%temp%\p.exe" names a place and a file; "c:\windows" and "\\server" name half the world.
  if (components == 1 && !rooted)
    return because(is_unc ? "a server and no path" : "a path of one component");
  return std::nullopt;
}

Answer guard_key(std::string_view key) {
  if (key.find('\\') == std::string_view::npos) return because("a registry root and no key");
  return std::nullopt;
}

}  // namespace

Answer quarantine_reason(const Observable& observable) {
  const std::string_view value = observable.value;
  if (value.empty()) return because("an empty value");
  Answer answer;
  switch (observable.type) {
    case T::kIpv4:
    case T::kIpv6:
      return guard_address(value);
    case T::kCidr:
      return guard_network(value);
    case T::kIpv4Port:
    case T::kIpv6Port:
      return guard_endpoint(value);
    case T::kDomain:
    case T::kHostname:
      return guard_name(value);
    case T::kEmail:
      // The address is compared as a whole: a public suffix behind '@' ("x@gov.uk") is still
      // one box.
      break;
    case T::kUrl:
      answer = guard_url(value);
      break;
    case T::kMd5:
    case T::kSha1:
    case T::kSha256:
    case T::kSha384:
    case T::kSha512:
    case T::kPehash:
    case T::kImphash:
    case T::kJa3:
    case T::kSslCertFingerprint:
      return guard_digest(value);
    case T::kFilePath:
      answer = guard_path(value);
      break;
    case T::kRegistryKey:
      answer = guard_key(value);
      break;
    case T::kAsn:
      if (value == "AS0") return because("AS 0 is nobody's");
      return std::nullopt;
    case T::kYara:
    case T::kOsquery:
      return std::nullopt;
    default:
      break;
  }
  if (answer) return answer;
  if (value.size() < 4) return because("a value under 4 characters");
  if (value.find_first_not_of('0') == std::string_view::npos)
    return because("an all-zero value");
  return std::nullopt;
}

}  // namespace spoor
