// The endless sequence of indicators. See generate.h.

#include <array>
#include <cstdio>
#include <cstdlib>

#include "generate.h"
#include "ioc/canonical.h"
#include "ioc/ip.h"
#include "words.h"

namespace spoor::bench {
namespace {

using T = IndicatorType;

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kAlnum = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kBase58 =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";  // BIP 173

bool is_public(std::uint32_t address) {
  const std::uint32_t a = address >> 24, b = (address >> 16) & 255;
  if (a == 0 || a == 10 || a == 127 || a >= 224) return false;
  if ((a == 169 && b == 254) || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168))
    return false;
  if (a == 100 && b >= 64 && b < 128) return false;                  // shared address space
  if (a == 192 && b == 0) return false;                              // protocol assignments
  return !((a == 192 && b == 88) || (a == 198 && (b & 254) == 18));  // 6to4 relays, benchmarks
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size();
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;  // FNV-1a
  return mix64(hash) | 1;
}

}  // namespace

bool is_network_octet(std::uint32_t first_octet) {
  return first_octet == 5 || first_octet == 46 || first_octet == 91 || first_octet == 185;
}

bool is_benign_address(std::uint32_t address) {
  return is_public(address) && !is_network_octet(address >> 24) && (mix64(address) & 3) == 0;
}

bool is_indicator_address(std::uint32_t address) {
  return is_public(address) && !is_network_octet(address >> 24) && (mix64(address) & 3) != 0;
}

bool SeenSet::insert(std::uint64_t hash) {
  if (used_ * 2 >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = (hash >> 8) & mask;; at = (at + 1) & mask) {
    if (slots_[at] == hash) return false;
    if (slots_[at] != 0) continue;
    slots_[at] = hash;
    ++used_;
    return true;
  }
}

void SeenSet::grow() {
  std::vector<std::uint64_t> old(slots_.size() * 2);
  old.swap(slots_);
  used_ = 0;
  for (const std::uint64_t hash : old)
    if (hash != 0) insert(hash);
}

IndicatorStream::IndicatorStream(std::uint64_t seed) : random_(seed) {}

std::string IndicatorStream::name(IndicatorType* type) {
  std::string out;
  const bool host = random_.percent(35);
  if (host) {
    for (std::uint32_t labels = random_.percent(25) ? 2 : 1; labels > 0; --labels) {
      if (random_.percent(60)) {
        out += random_.pick(kHostLabels);
      } else {
        random_.append(out, kAlnum, random_.between(3, 12));
      }
      out += '.';
    }
  }
  const std::uint32_t style = random_.below(10);
  if (style < 4) {  // what an algorithm makes up
    random_.append(out, kLetters, 1);
    random_.append(out, style < 2 ? kLetters : kAlnum, random_.between(6, 17));
  } else {  // what a person makes up
    const std::uint32_t words = random_.between(1, 3);
    for (std::uint32_t n = 0; n < words; ++n) {
      if (n > 0 && random_.percent(60)) out += '-';
      out += random_.pick(kWords);
    }
    // One word alone may be a public suffix: net.ru.
    if (words == 1 || random_.percent(70)) random_.append(out, kAlnum, random_.between(2, 6));
  }
  out += '.';
  out += random_.pick(kSuffixes);
  *type = host ? T::kHostname : T::kDomain;
  return out;
}

std::string IndicatorStream::indicator_ipv4() {
  for (;;) {
    const auto address = static_cast<std::uint32_t>(random_.next() >> 32);
    if (is_indicator_address(address)) return format_ipv4(address);
  }
}

std::string IndicatorStream::ipv6() {
  // 2a0a::/16: the log's own addresses are not there.
  Ipv6 address{0x2a, 0x0a};
  for (std::size_t n = 2; n < 16; ++n) {
    const bool zero = n >= 6 && n < 13 && random_.percent(60);
    address[n] = zero ? 0 : static_cast<std::uint8_t>(random_.below(256));
  }
  return format_ipv6(address);
}

std::string IndicatorStream::url() {
  IndicatorType unused{};
  std::string out = random_.percent(60) ? "http://" : "https://";
  if (random_.percent(30)) {
    out += indicator_ipv4();
    if (random_.percent(50)) out += ':' + std::to_string(random_.between(1024, 65535));
  } else {
    out += name(&unused);
  }
  for (std::uint32_t depth = random_.between(1, 4); depth > 1; --depth) {
    out += '/';
    if (random_.percent(50)) {
      out += random_.pick(kPathWords);
    } else {
      random_.append(out, kAlnum, random_.between(2, 14));
      if (random_.percent(4)) out += "%20x";
    }
  }
  out += '/';
  if (random_.percent(60)) {
    out += random_.pick(kDropNames);
  } else {
    random_.append(out, kAlnum, random_.between(4, 20));
  }
  if (random_.percent(15)) {
    out += "?id=";
    random_.append(out, kAlnum, random_.between(3, 16));
  }
  return out;
}

/// The types that are seen seldom, one after the other.
Observable IndicatorStream::draw_rare() {
  std::string value;
  IndicatorType unused{};
  const auto digest = [&](T type, std::size_t digits) {
    random_.append_hex(value, digits);
    return Observable{type, value};
  };
  T type{};
  switch (rare_count_++ % 23) {
    case 0:
      type = T::kIpv6;
      value = ipv6();
      break;
    case 1: {
      type = T::kCidr;
      constexpr std::array<std::uint32_t, 4> kOctets = {5, 46, 91, 185};
      const std::uint32_t first = kOctets[random_.below(4)] << 24;
      value = format_ipv4(first | random_.below(1 << 24));
      value += '/' + std::to_string(random_.between(20, 30));
      break;
    }
    case 2:
      type = T::kIpv4Port;
      value = indicator_ipv4();
      value += ':' + std::to_string(random_.between(1, 65535));
      break;
    case 3:
      type = T::kIpv6Port;
      value = '[' + ipv6();
      value += "]:" + std::to_string(random_.between(1, 65535));
      break;
    case 4:
      type = T::kEmail;
      value = random_.pick(kUsers);
      random_.append(value, kAlnum, random_.between(1, 8));
      value += '@' + name(&unused);
      break;
    case 5:
      type = T::kFileName;
      random_.append(value, kAlnum, random_.between(5, 12));
      value += random_.percent(60) ? "_setup.exe" : ".dll";
      break;
    case 6:
      type = T::kFilePath;
      value = "C:\\Users\\Public\\";
      value += random_.pick(kWords);
      value += '\\';
      random_.append(value, kAlnum, random_.between(5, 12));
      value += ".exe";
      break;
    case 7:
      type = T::kFilePath;
      value = "/tmp/.";
      random_.append(value, kAlnum, random_.between(3, 8));
      value += '/';
      random_.append(value, kAlnum, random_.between(4, 10));
      break;
    case 8:
      type = T::kRegistryKey;
      value = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\";
      random_.append(value, kAlnum, random_.between(6, 14));
      break;
    case 9:
      type = T::kMutex;
      value = random_.pick(kWords);
      value += '_';
      random_.append(value, kAlnum, random_.between(8, 16));
      break;
    case 10:
      type = T::kNamedPipe;
      value = "\\\\.\\pipe\\msse-";
      random_.append(value, kAlnum, random_.between(6, 12));
      break;
    case 11:  // the log's own are older
      type = T::kCve;
      value = "CVE-" + std::to_string(random_.between(2020, 2026));
      value += '-' + std::to_string(random_.between(1000, 99999));
      break;
    case 12:  // the log's own are smaller
      type = T::kAsn;
      value = "AS" + std::to_string(random_.between(131072, 4199999999U));
      break;
    case 13:
      type = T::kBitcoinAddress;
      value = random_.percent(70) ? "1" : "3";
      random_.append(value, kBase58, random_.between(32, 33));
      break;
    case 14:
      type = T::kBitcoinAddress;
      value = "bc1q";
      random_.append(value, kBech32, 38);
      break;
    case 15:
      type = T::kUserAgent;
      value = "Mozilla/4.0 (compatible; MSIE 8.0; ";
      random_.append(value, kAlnum, random_.between(5, 12));
      value += ')';
      break;
    case 16:
      type = T::kUri;
      value = "/";
      random_.append(value, kAlnum, random_.between(4, 10));
      value += '/';
      value += random_.pick(kDropNames);
      value += "?t=";
      random_.append(value, kAlnum, random_.between(4, 10));
      break;
    case 17:
      return digest(T::kImphash, 32);
    case 18:
      return digest(T::kPehash, 40);
    case 19:
      return digest(T::kJa3, 32);
    case 20:
      return digest(T::kSslCertFingerprint, 40);
    case 21:
      return digest(T::kSha384, 96);
    default:
      return digest(T::kSha512, 128);
  }
  const auto canonical = canonicalize(type, value);
  if (!canonical || canonical->observable.type != type) {
    std::fprintf(stderr, "generate: '%s' is no %s\n", value.c_str(),
                 std::string(name_of(type)).c_str());
    std::abort();  // a bug of this file
  }
  return canonical->observable;
}

Observable IndicatorStream::draw() {
  if (count_ % 43 == 42) return draw_rare();
  const std::uint32_t share = random_.below(1000);
  Observable out;
  if (share < 409) {
    out.value = name(&out.type);
  } else if (share < 695) {
    out = {T::kIpv4, indicator_ipv4()};
  } else if (share < 797) {
    out = {T::kUrl, url()};
  } else if (share < 879) {
    out.type = T::kMd5;
    random_.append_hex(out.value, 32);
  } else if (share < 920) {
    out.type = T::kSha1;
    random_.append_hex(out.value, 40);
  } else {
    out.type = T::kSha256;
    random_.append_hex(out.value, 64);
  }
  return out;
}

Observable IndicatorStream::next() {
  for (;;) {
    Observable out = draw();
    if (seen_.insert(hash_of(out.value))) {
      ++count_;
      return out;
    }
  }
}

}  // namespace spoor::bench
