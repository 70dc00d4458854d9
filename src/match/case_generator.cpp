#include "match/case_generator.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/ascii.h"
#include "base/utf8.h"
#include "ioc/canonical.h"
#include "ioc/ip.h"

namespace spoor {
namespace {

using std::string_view_literals::operator""sv;
using T = IndicatorType;

std::string repeat(std::string_view piece, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += piece;
  return out;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string hex_digits(Dice& dice, std::size_t digits) {
  // A few short periods too: digests that look like one another.
  std::string out;
  const std::size_t period = dice.percent(15) ? dice.between(1, 4) : digits;
  while (out.size() < digits) {
    out += out.size() < period ? "0123456789abcdef"[dice.below(16)] : out[out.size() - period];
  }
  return out;
}

std::string any_case(Dice& dice, std::string text) {
  switch (dice.below(4)) {
    case 0:
      return upper(text);
    case 1:
      return lower(text);
    case 2:
      if (!text.empty()) text[0] = to_upper(text[0]);
      return text;
    default:
      for (char& c : text) c = dice.percent(50) ? to_upper(c) : to_lower(c);
      return text;
  }
}

// --- indicators
// -------------------------------------------------------------------------------

/// The small pools that one case draws from, so that its values share parts.
struct World {
  std::vector<std::string> labels, tlds, words, users, hosts;
  std::vector<std::uint32_t> v4;
  std::vector<std::string> v6;
};

std::string pick_label(Dice& dice) {
  static constexpr std::string_view kLabels[] = {"a",
                                                 "b",
                                                 "x1",
                                                 "evil",
                                                 "cdn",
                                                 "www",
                                                 "_dmarc",
                                                 "_tcp",
                                                 "ab-cd",
                                                 "a_b",
                                                 "xn--caf-dma",
                                                 "caf\u00E9",
                                                 "m\u00FCll",
                                                 "\u65E5\u672C",
                                                 "1",
                                                 "10",
                                                 "0x1f",
                                                 "v2",
                                                 "com",
                                                 "sh",
                                                 "mail",
                                                 "query",
                                                 "as",
                                                 "e",
                                                 "-x",
                                                 "x-",
                                                 "dot",
                                                 "at",
                                                 "http",
                                                 "cve-2024-1234",
                                                 "\u0431\u0430\u043D\u043A",
                                                 "stra\u00DFe",
                                                 "fe80",
                                                 "dead",
                                                 "0",
                                                 "255",
                                                 "d41d8cd9"};
  switch (dice.below(12)) {
    case 0:
      return repeat("l", 63);
    case 1:
    case 2: {
      std::string word;
      for (std::size_t n = dice.between(1, 12); n > 0; --n)
        word += "abcdefghijklmnopqrstuvwxyz0123456789-_"[dice.below(38)];
      return word;
    }
    default:
      return std::string(dice.pick(kLabels));
  }
}

std::string pick_tld(Dice& dice) {
  static constexpr std::string_view kTlds[] = {
      "example",    "test",      "com",        "co.uk", "sh",           "zip",          "py",
      "io",         "github.io", "onion",      "local", "xn--p1ai",     "\u0440\u0444", "net",
      "technology", "c",         "1a",         "arpa",  "in-addr.arpa", "ip6.arpa",     "cc",
      "ai",         "x2",        "github.com", "exe",   "museum"};
  return std::string(dice.pick(kTlds));
}

std::string pick_name(Dice& dice, const World& world) {
  std::string name;
  for (std::size_t n = dice.below(4); n > 0; --n)
    name += world.labels[dice.below(world.labels.size())] + ".";
  return dice.percent(4) && !name.empty() ? name.substr(0, name.size() - 1)
                                          : name + world.tlds[dice.below(world.tlds.size())];
}

std::uint32_t pick_v4(Dice& dice) {
  static constexpr std::uint32_t kAddresses[] = {0xC0000205u, 0x01010101u, 0x01020304u,
                                                 0xFFFFFFFFu, 0x00000001u, 0xC6336400u,
                                                 0xCB007147u, 0x0A000001u, 0x64646464u};
  return dice.percent(50) ? dice.pick(kAddresses) : static_cast<std::uint32_t>(dice.next());
}

std::string pick_v6(Dice& dice) {
  static constexpr std::string_view kAddresses[] = {"2001:db8::5",
                                                    "::1",
                                                    "fe80::c2",
                                                    "2001:db8:7::",
                                                    "a::b",
                                                    "2001:db8:1:2:3:4:5:6",
                                                    "::",
                                                    "::ffff:0:c000:205",
                                                    "64:ff9b::c000:205",
                                                    "dead:beef::cafe",
                                                    "abcd::",
                                                    "2001:db8::",
                                                    "fe80::",
                                                    "1::",
                                                    "2001:0:0:1::1",
                                                    "ff02::fb",
                                                    "::c000:205"};
  if (dice.percent(60)) return std::string(dice.pick(kAddresses));
  Ipv6 bytes{};
  for (auto& byte : bytes) byte = dice.percent(50) ? 0 : static_cast<std::uint8_t>(dice.next());
  return format_ipv6(bytes);
}

std::string pick_word(Dice& dice) {
  static constexpr std::string_view kWords[] = {"Kit",
                                                "a b",
                                                "evil.exe",
                                                "x",
                                                "a.b",
                                                "svc.dll",
                                                "y,z",
                                                "x(1)",
                                                "[x]",
                                                "it's",
                                                "\u00F1and\u00FA",
                                                "\u00C4.txt",
                                                "run",
                                                ".hidden",
                                                "a",
                                                "Temp",
                                                "p.exe",
                                                "1",
                                                "a;b",
                                                "~tmp",
                                                "$x",
                                                "%x%",
                                                "kit-svc.exe",
                                                "k=v",
                                                "README",
                                                "x.tar.gz",
                                                "a\"b",
                                                "a<b>",
                                                "{0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0}",
                                                "..",
                                                "a.",
                                                "Software",
                                                "Run",
                                                "co.uk",
                                                "setup.sh",
                                                "1.2.3.4",
                                                "a@b.test",
                                                "\u65E5\u672C",
                                                "a`b",
                                                "x|y",
                                                "n",
                                                "u0041",
                                                "x41",
                                                "tab\\nx",
                                                "&amp;",
                                                "%41",
                                                "=3D",
                                                "(3)a(0)",
                                                "a[.]b"};
  return std::string(dice.pick(kWords));
}

World make_world(Dice& dice) {
  World world;
  for (std::size_t n = dice.between(2, 6); n > 0; --n) world.labels.push_back(pick_label(dice));
  for (std::size_t n = dice.between(1, 3); n > 0; --n) world.tlds.push_back(pick_tld(dice));
  for (std::size_t n = dice.between(2, 6); n > 0; --n) world.words.push_back(pick_word(dice));
  for (std::size_t n = dice.between(1, 3); n > 0; --n) world.v4.push_back(pick_v4(dice));
  for (std::size_t n = dice.between(1, 3); n > 0; --n) world.v6.push_back(pick_v6(dice));
  static constexpr std::string_view kUsers[] = {"bob", "eve", "a.b", "a+b", "x%y", "_q-", "1"};
  for (std::size_t n = dice.between(1, 2); n > 0; --n)
    world.users.emplace_back(dice.pick(kUsers));
  for (std::size_t n = dice.between(1, 4); n > 0; --n)
    world.hosts.push_back(pick_name(dice, world));
  return world;
}

std::string pick_host(Dice& dice, const World& world) {
  switch (dice.below(8)) {
    case 0:
      return format_ipv4(world.v4[dice.below(world.v4.size())]);
    case 1:
      return "[" + world.v6[dice.below(world.v6.size())] + "]";
    case 2:
      return pick_name(dice, world);
    default:
      return world.hosts[dice.below(world.hosts.size())];
  }
}

std::string pick_request(Dice& dice) {
  static constexpr std::string_view kSegments[] = {
      "a",      "b",   "gate.php", "x y",  "%2e",      "%41b",    "..",
      ".",      "A",   "a;b",      "a,b",  "(x)",      "it's",    "\u00E9",
      "%c3%A9", "a=b", "a@b",      "%7Ex", "~x",       "a:b",     "index.html",
      "[x]",    "{x}", "c|d",      "%zz",  "evil.exe", "1.2.3.4", "http:"};
  static constexpr std::string_view kQueries[] = {
      "a=1",   "a=1&b=2", "",      "q=a%20b", "?", "u=http://a.test/x",
      "x[.]y", "A=%3D",   "k=24h", "a/b"};
  std::string path;
  for (std::size_t n = dice.below(4); n > 0; --n)
    path += "/" + std::string(dice.pick(kSegments));
  if (dice.percent(2)) {
    const std::size_t size =
        dice.percent(50) ? dice.between(900, 1200) : dice.between(4000, 8100);
    path += "/" + repeat(dice.percent(50) ? "long" : "l/", size / 4);
  }
  if (path.empty() || dice.percent(15)) path += "/";
  if (dice.percent(30)) path += "?" + std::string(dice.pick(kQueries));
  if (dice.percent(5)) path += "#frag";
  return path;
}

std::string pick_url(Dice& dice, const World& world) {
  static constexpr std::string_view kSchemes[] = {"http", "https", "http",    "https", "ftp",
                                                  "ws",   "tcp",   "x-y.z+1", "ldap",  "h"};
  std::string url = std::string(dice.pick(kSchemes)) + "://";
  if (dice.percent(8)) url += dice.percent(50) ? "user@" : "u:p@";
  url += pick_host(dice, world);
  static constexpr std::string_view kPorts[] = {":80", ":443", ":8080", ":1", ":65535", ":021"};
  if (dice.percent(25)) url += dice.pick(kPorts);
  return url + (dice.percent(10) ? "" : pick_request(dice));
}

std::string join_words(Dice& dice, const World& world, std::string_view separator,
                       std::size_t least, std::size_t most) {
  std::string out;
  for (std::size_t n = dice.between(least, most); n > 0; --n) {
    out += world.words[dice.below(world.words.size())];
    if (n > 1) out += separator;
  }
  return out;
}

std::string pick_path(Dice& dice, const World& world) {
  static constexpr std::string_view kHeads[] = {"C:\\",
                                                "c:\\",
                                                "D:\\",
                                                "\\\\srv\\share\\",
                                                "%APPDATA%\\",
                                                "%TEMP%\\",
                                                "%windir%\\",
                                                "C:\\Users\\*\\AppData\\Roaming\\",
                                                "C:\\Users\\bob\\AppData\\Roaming\\",
                                                "C:\\Users\\<user>\\",
                                                "\\Device\\HarddiskVolume3\\",
                                                "\\??\\C:\\",
                                                "\\\\?\\C:\\",
                                                "C:\\Program Files\\",
                                                "C:\\Windows\\System32\\",
                                                "%LOCALAPPDATA%\\Temp\\",
                                                "C:/x/",
                                                "\\Windows\\",
                                                "rel\\",
                                                "%programdata%\\",
                                                "%x%\\",
                                                "\\\\.\\C:\\",
                                                "\\SystemRoot\\"};
  static constexpr std::string_view kUnix[] = {"/",    "/tmp/",     "/opt/.kit/", "~/",
                                               "//x/", "/usr/bin/", "/a.b/",      "/a b/"};
  if (dice.percent(35))
    return std::string(dice.pick(kUnix)) + join_words(dice, world, "/", 1, 3);
  std::string path = std::string(dice.pick(kHeads)) + join_words(dice, world, "\\", 1, 3);
  if (dice.percent(3)) path += "\\" + repeat("deep\\", dice.between(10, 230)) + "p.exe";
  return path;
}

std::string pick_key(Dice& dice, const World& world) {
  static constexpr std::string_view kRoots[] = {
      "HKLM",
      "HKEY_LOCAL_MACHINE",
      "HKCU",
      "HKEY_CURRENT_USER",
      "HKCR",
      "HKEY_CLASSES_ROOT",
      "HKU",
      "HKEY_USERS",
      "HKCC",
      "HKEY_CURRENT_CONFIG",
      "\\REGISTRY\\MACHINE",
      "\\REGISTRY\\USER\\S-1-5-21-1-2-3-1001",
      "HKU\\S-1-5-21-1-2-3-1001",
      "HKLM:",
      "HKU\\.DEFAULT",
      "HKLM\\SYSTEM\\CurrentControlSet\\Services",
      "HKLM\\SYSTEM\\ControlSet001\\Control",
      "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run",
      "HKCU\\Software"};
  return std::string(dice.pick(kRoots)) + "\\" + join_words(dice, world, "\\", 1, 3);
}

std::string pick_object(Dice& dice, const World& world) {
  static constexpr std::string_view kNames[] = {"a",
                                                "Zx9-lock",
                                                "a b",
                                                "Global\\x",
                                                "\\BaseNamedObjects\\kit",
                                                "kit\\sub",
                                                "MSSE-1234-server",
                                                "{0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0}",
                                                "\u00E9t\u00E9",
                                                "a\"b",
                                                "a'b",
                                                "status_1",
                                                "1",
                                                "x,y",
                                                "(x)",
                                                "DCOM:01",
                                                "lsass",
                                                "k=v",
                                                "a/b",
                                                "a[1]",
                                                "x;",
                                                "a.b",
                                                "evil.example",
                                                "\\pipe\\zx",
                                                "SPOOL SS",
                                                "\u00C9T\u00C9",
                                                "x|y",
                                                "%41%42",
                                                "a&amp;b",
                                                "\\x41"};
  return dice.percent(25) ? join_words(dice, world, " ", 1, 2) : std::string(dice.pick(kNames));
}

std::string pick_wallet(Dice& dice) {
  static constexpr std::string_view kWallets[] = {
      "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
      "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "1111111111111111111114oLvT2",
      "bc1pqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqs3wf0qm"};
  if (dice.percent(60)) return std::string(dice.pick(kWallets));
  std::string wallet = dice.percent(50) ? "bc1" : "3";
  const std::string_view alphabet =
      wallet == "3" ? "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"sv
                    : "qpzry9x8gf2tvdw0s3jn54khce6mua7l"sv;
  for (std::size_t n = wallet == "3" ? dice.between(25, 34) : dice.between(11, 87); n > 0; --n)
    wallet += alphabet[dice.below(alphabet.size())];
  return wallet;
}

std::string pick_agent(Dice& dice) {
  static constexpr std::string_view kAgents[] = {"evil/1.0 (x)",
                                                 "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
                                                 "a",
                                                 "Kit Fetch",
                                                 "curl/7.1",
                                                 "x\\y",
                                                 "\u00E9 agent",
                                                 "it's",
                                                 "a\"b",
                                                 "1.2.3.4",
                                                 "evil.example",
                                                 "agent &amp; co",
                                                 "-",
                                                 "x%20y",
                                                 "Python-urllib/3.9",
                                                 "a,b;c"};
  if (dice.percent(5)) return repeat("agent ", dice.between(100, 800)) + "z";
  return std::string(dice.pick(kAgents));
}

/// What a source might have written for a value of `type`.
std::string pick_raw(Dice& dice, const World& world, IndicatorType type) {
  const auto v4 = [&] { return format_ipv4(world.v4[dice.below(world.v4.size())]); };
  const auto v6 = [&] { return world.v6[dice.below(world.v6.size())]; };
  static constexpr std::string_view kPorts[] = {"80", "443", "8443", "1", "65535", "0", "22"};
  switch (type) {
    case T::kIpv4:
      return v4();
    case T::kIpv6:
      return v6();
    case T::kCidr:
      return dice.percent(60) ? v4() + "/" + std::to_string(dice.below(33))
                              : v6() + "/" + std::to_string(dice.below(129));
    case T::kIpv4Port:
      return v4() + ":" + std::string(dice.pick(kPorts));
    case T::kIpv6Port:
      return "[" + v6() + "]:" + std::string(dice.pick(kPorts));
    case T::kDomain:
    case T::kHostname:
      return dice.percent(50) ? world.hosts[dice.below(world.hosts.size())]
                              : pick_name(dice, world);
    case T::kUrl:
      return pick_url(dice, world);
    case T::kUri:
      return dice.percent(90) ? pick_request(dice) : "/" + join_words(dice, world, "/", 1, 2);
    case T::kMd5:
    case T::kImphash:
    case T::kJa3:
      return hex_digits(dice, 32);
    case T::kSha1:
    case T::kPehash:
      return hex_digits(dice, 40);
    case T::kSha256:
      return hex_digits(dice, 64);
    case T::kSha384:
      return hex_digits(dice, 96);
    case T::kSha512:
      return hex_digits(dice, 128);
    case T::kSslCertFingerprint: {
      static constexpr std::size_t kSizes[] = {32, 40, 64};
      return hex_digits(dice, dice.pick(kSizes));
    }
    case T::kEmail:
      return world.users[dice.below(world.users.size())] + "@" +
             world.hosts[dice.below(world.hosts.size())];
    case T::kFilePath:
      return pick_path(dice, world);
    case T::kFileName:
      return dice.percent(4) ? repeat("n", dice.between(200, 1100))
                             : world.words[dice.below(world.words.size())];
    case T::kRegistryKey:
      return pick_key(dice, world);
    case T::kMutex:
    case T::kNamedPipe:
      return pick_object(dice, world);
    case T::kCve:
      return "CVE-" + std::to_string(dice.between(1999, 2026)) + "-" +
             std::to_string(dice.percent(50) ? dice.between(1000, 9999) : dice.next() / 3);
    case T::kAsn:
      return "AS" +
             std::to_string(dice.percent(50) ? dice.below(200) : dice.next() & 0xFFFFFFFF);
    case T::kBitcoinAddress:
      return pick_wallet(dice);
    case T::kUserAgent:
      return pick_agent(dice);
    case T::kYara:
    case T::kOsquery:
      return "rule";
  }
  return "";
}

constexpr IndicatorType kTextTypes[] = {
    // Those with most rules more than once.
    T::kUrl,
    T::kUrl,
    T::kDomain,
    T::kFilePath,
    T::kIpv4,
    T::kIpv6,
    T::kCidr,
    T::kDomain,
    T::kHostname,
    T::kUrl,
    T::kUri,
    T::kMd5,
    T::kSha1,
    T::kSha256,
    T::kPehash,
    T::kImphash,
    T::kEmail,
    T::kFilePath,
    T::kMutex,
    T::kCve,
    T::kJa3,
    T::kSslCertFingerprint,
    T::kBitcoinAddress,
    T::kIpv4Port,
    T::kIpv6Port,
    T::kSha384,
    T::kSha512,
    T::kFileName,
    T::kRegistryKey,
    T::kNamedPipe,
    T::kAsn,
    T::kUserAgent};

std::vector<Observable> make_indicators(Dice& dice, const World& world) {
  // Half of the cases have few types: a sieve leaves out what no type needs.
  std::vector<IndicatorType> types;
  if (dice.percent(50)) {
    types.assign(std::begin(kTextTypes), std::end(kTextTypes));
  } else {
    for (std::size_t n = dice.between(1, 4); n > 0; --n) types.push_back(dice.pick(kTextTypes));
  }
  const std::size_t wanted = dice.percent(10) ? 1 : dice.between(1, 40);
  std::vector<Observable> indicators;
  for (std::size_t tries = 0; indicators.size() < wanted && tries < wanted * 3 + 8; ++tries) {
    const auto type = types[dice.below(types.size())];
    const auto canonical = canonicalize(type, pick_raw(dice, world, type));
    if (!canonical) continue;
    const Observable& observable = canonical->observable;
    if (std::find(indicators.begin(), indicators.end(), observable) == indicators.end())
      indicators.push_back(observable);
  }
  if (indicators.empty()) indicators.push_back({T::kDomain, "evil.example"});
  if (dice.percent(5)) indicators.push_back({T::kYara, "rule x { condition: true }"});
  return indicators;
}

// --- spellings
// --------------------------------------------------------------------------------

std::string base64(std::string_view hex) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int have = 0;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bits = bits << 8 | static_cast<unsigned>(hex_value(hex[i]) * 16 + hex_value(hex[i + 1]));
    for (have += 8; have >= 6; have -= 6) out += kAlphabet[bits >> (have - 6) & 63];
  }
  if (have > 0) out += kAlphabet[bits << (6 - have) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string number_text(Dice& dice, std::uint32_t value) {
  char text[24];
  static constexpr const char* kForms[] = {"%u", "0x%x", "0%o", "0X%X", "0x%08x"};
  std::snprintf(text, sizeof text, dice.pick(kForms), value);
  return text;
}

std::string reverse_v6(const std::string& value) {
  const auto bytes = parse_ipv6(value);
  std::string out;
  if (!bytes) return value;
  for (std::size_t i = 16; i-- > 0;) {
    out += "0123456789abcdef"[(*bytes)[i] & 15];
    out += '.';
    out += "0123456789abcdef"[(*bytes)[i] >> 4];
    out += '.';
  }
  return out + "ip6.arpa";
}

std::string spell_v4(Dice& dice, const std::string& value) {
  const auto parsed = parse_ipv4(value);
  if (!parsed) return value;
  const std::uint32_t v = *parsed;
  const std::uint32_t groups[4] = {v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255};
  char text[64];
  switch (dice.below(16)) {
    case 0:
      std::snprintf(text, sizeof text, "%03u.%03u.%03u.%03u", groups[0], groups[1], groups[2],
                    groups[3]);
      return text;
    case 1:
      std::snprintf(text, sizeof text, "%0*u.%0*u.%0*u.%0*u", static_cast<int>(dice.below(4)),
                    groups[0], static_cast<int>(dice.below(4)), groups[1],
                    static_cast<int>(dice.below(5)), groups[2], static_cast<int>(dice.below(4)),
                    groups[3]);
      return text;
    case 2:
      return "http://" + number_text(dice, v) + (dice.percent(50) ? "/" : "/x");
    case 3: {
      std::string host;
      for (const std::uint32_t group : groups) host += number_text(dice, group) + ".";
      host.pop_back();
      return (dice.percent(80) ? "http://" : "") + host + (dice.percent(50) ? ":80/" : "/a");
    }
    case 4:
      return "http://" + number_text(dice, groups[0]) + "." + number_text(dice, v & 0xFFFFFF) +
             "/";
    case 5:
      return (dice.percent(50) ? "::ffff:" : "::FFFF:") + value;
    case 6:
      std::snprintf(text, sizeof text, "::ffff:%x:%x", v >> 16, v & 0xFFFF);
      return text;
    case 7:
      std::snprintf(text, sizeof text, "64:ff9b::%x:%x", v >> 16, v & 0xFFFF);
      return dice.percent(50) ? "64:ff9b::" + value : std::string(text);
    case 8:
      std::snprintf(text, sizeof text, "%u.%u.%u.%u.in-addr.arpa", groups[3], groups[2],
                    groups[1], groups[0]);
      return dice.percent(80) ? std::string(text) : any_case(dice, text) + ".";
    case 9:
      return value + "/" + std::to_string(dice.below(40));
    case 10:
      return value + ":" + std::to_string(dice.percent(50) ? 80 : dice.below(70000));
    case 11: {
      static constexpr std::string_view kVersions[] = {"v",         "V",  "ver=", "version ",
                                                       "Version\t", "xv", "_v",   "VER="};
      return std::string(dice.pick(kVersions)) + value;
    }
    case 12:
      return "http://[::ffff:" + value + "]/";
    case 13:
      return value + (dice.percent(50) ? ".pool.isp.test" : ".4");
    case 14:
      return "http://" + (dice.percent(50) ? "user:pw@" + value : value + ":8080") + "/x";
    default:
      return value;
  }
}

std::string spell_v6(Dice& dice, const std::string& value) {
  const auto parsed = parse_ipv6(value);
  if (!parsed) return value;
  char text[64];
  switch (dice.below(12)) {
    case 0: {
      std::string out;
      for (std::size_t i = 0; i < 16; i += 2) {
        std::snprintf(text, sizeof text, dice.percent(50) ? "%04x:" : "%x:",
                      (*parsed)[i] * 256u + (*parsed)[i + 1]);
        out += text;
      }
      out.pop_back();
      return out;
    }
    case 1: {
      std::string out;
      for (std::size_t i = 0; i < 12; i += 2) {
        std::snprintf(text, sizeof text, "%x:", (*parsed)[i] * 256u + (*parsed)[i + 1]);
        out += text;
      }
      std::snprintf(text, sizeof text, "%u.%u.%u.%u", (*parsed)[12], (*parsed)[13],
                    (*parsed)[14], (*parsed)[15]);
      return out + text;
    }
    case 2:
      return value + (dice.percent(50) ? "%eth0" : "%25en-1.2");
    case 3:
      return "[" + value + "]:" + std::to_string(dice.percent(50) ? 443 : dice.below(70000));
    case 4:
      return "[" + value + "%lo]" + (dice.percent(50) ? ":80" : "");
    case 5:
      return value + "/" +
             std::to_string(dice.percent(60) ? dice.between(1, 8) * 16 : dice.below(140));
    case 6:
      return reverse_v6(value);
    case 7:
      return upper(value);
    case 8:
      return value + (dice.percent(50) ? ":" : ": ");
    case 9:
      return "http://[" + value + "]" + (dice.percent(50) ? "/" : ":8080/x");
    case 10:
      return (dice.percent(50) ? "v" : "version ") + value;
    default:
      return value;
  }
}

/// One letter as another character that UTS 46 maps to it, or one more that it drops.
std::string respelled_name(Dice& dice, std::string value) {
  static constexpr std::string_view kMapped[][2] = {
      {"s", "\u017F"},      {"k", "\u212A"},      {"a", "\u00AA"},      {"o", "\u00BA"},
      {"fi", "\uFB01"},     {"1", "\u00B9"},      {"2", "\u00B2"},      {"0", "\uFF10"},
      {"e", "\u212F"},      {"a", "\U0001D41A"},  {"x", "\u2179"},      {"m", "\u217F"},
      {"c", "\u217D"},      {"i", "\u2139"},      {"\u00E9", "\u00C9"}, {"\u00E9", "e\u0301"},
      {"\u00FC", "\u00DC"}, {"\u0440", "\u0420"}, {"\u00DF", "\u1E9E"}, {"-", "\uFF0D"},
      {"_", "\uFF3F"},      {"", "\u034F"},       {"", "\uFE0F"},       {"", "\u200D"}};
  for (std::size_t tries = 0; tries < 12; ++tries) {
    const auto& pair = dice.pick(kMapped);
    const std::size_t at = value.find(pair[0], dice.below(value.size() + 1));
    if (at == std::string::npos) continue;
    return value.replace(at, pair[0].size(), pair[1]);
  }
  return value;
}

/// One letter as another character of the same case folding (F1, O1).
std::string respelled_fold(Dice& dice, std::string value) {
  static constexpr std::string_view kFolded[][2] = {
      {"s", "\u017F"},      {"k", "\u212A"},      {"\u00E9", "\u00C9"}, {"\u00FA", "\u00DA"},
      {"\u00F1", "\u00D1"}, {"\u00C9", "\u00E9"}, {"S", "\u017F"},      {"K", "\u212A"},
      {"\u00C4", "\u00E4"}, {"\u00E4", "\u00C4"}, {"\u00E5", "\u212B"}};
  for (std::size_t tries = 0; tries < 8; ++tries) {
    const auto& pair = dice.pick(kFolded);
    const std::size_t at = value.find(pair[0], dice.below(value.size() + 1));
    if (at != std::string::npos) return value.replace(at, pair[0].size(), pair[1]);
  }
  return value;
}

std::string length_prefixed(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    out += "(" + std::to_string(dot - at) + ")" + std::string(name.substr(at, dot - at));
    at = dot + 1;
  }
  return out + "(0)";
}

std::string spell_name(Dice& dice, std::string value) {
  static constexpr std::string_view kUnicode[][2] = {{"xn--caf-dma", "caf\u00E9"},
                                                     {"xn--mll-hoa", "m\u00FCll"},
                                                     {"xn--wgv71a", "\u65E5\u672C"},
                                                     {"xn--p1ai", "\u0440\u0444"},
                                                     {"xn--80ab0b", "\u0431\u0430\u043D\u043A"},
                                                     {"xn--strae-oqa", "stra\u00DFe"}};
  if (dice.percent(40)) {
    for (const auto& pair : kUnicode) value = replaced(value, pair[0], pair[1]);
  }
  if (dice.percent(6)) value = respelled_name(dice, value);
  switch (dice.below(26)) {
    case 0:
      return "www." + value;
    case 1:
      return "*." + value;
    case 2:
      return "a.b-c._d.e1." + value;
    case 3:
      return value + ".";
    case 4:
      return (dice.percent(50) ? "-" : ".-.") + value + (dice.percent(50) ? "-" : "-.");
    case 5:
      return value + ".com";
    case 6:
      return value.substr(std::min(value.find('.'), value.size() - 1) + 1);
    case 7:
      return length_prefixed(value);
    case 8:
      return length_prefixed("x." + value);
    case 9:
      return "https://" + value + (dice.percent(50) ? "/" : ":8443/a?b");
    case 10:
      return "bob@" + value;
    case 11:
      return value + "@good.test";
    case 12:
      return "http://" + value + ":pw@good.test/";
    case 13:
      return value + ":" + std::to_string(dice.below(70000));
    case 14: {
      static constexpr std::string_view kDots[] = {"\u3002", "\uFF0E", "\uFF61"};
      return replaced(value, ".", dice.pick(kDots));
    }
    case 15:  // full-width letters, which UTS 46 maps
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (is_lower(value[i])) {
          std::string wide;
          append_utf8(wide, 0xFF41 + static_cast<char32_t>(value[i] - 'a'));
          return value.replace(i, 1, wide);
        }
      }
      return value;
    case 16:
      return value.insert(dice.below(value.size() + 1), "\u00AD");
    case 17: {
      static constexpr std::string_view kWords[] = {"query: ", "host=", "\"sni\":\"",
                                                    "domain ", "www.",  "qname='"};
      return std::string(dice.pick(kWords)) + value;
    }
    case 18:
      return value + "/x/y";
    case 19:
      return repeat("s.", dice.between(1, 130)) + value;
    case 20:
      return replaced(value, "e", "\u00E9");
    case 21:
      return "\u00E9" + value;
    case 22:
      return respelled_name(dice, value);
    case 23:
      return replaced(value, "caf\u00E9", "cafe\u0301");
    default:
      return value;
  }
}

std::string spell_url(Dice& dice, std::string value) {
  for (std::size_t times = dice.below(3); times > 0; --times) {
    const std::size_t mark = value.find("://");
    if (mark == std::string::npos) break;
    const std::size_t host = mark + 3;
    const std::size_t host_end = std::min(value.find_first_of("/?#", host), value.size());
    switch (dice.below(22)) {
      case 0:
        value.replace(0, mark, dice.percent(50) ? "https" : "http");
        break;
      case 1:
        return value.substr(host);
      case 2:
        value.insert(host_end, dice.percent(50) ? ":80" : ":8443");
        break;
      case 3:
        value.insert(host, dice.percent(50) ? "user@" : "a.b:c@");
        break;
      case 4:
        value += dice.percent(50) ? "?a=1" : "&b=2";
        break;
      case 5:
        value += dice.percent(50) ? "/below/x" : "x";
        break;
      case 6:
        value.insert(host_end, dice.percent(50) ? "/x/.." : "/.");
        break;
      case 7:
        if (value.size() > host_end + 1) {
          const std::size_t at = dice.between(host_end + 1, value.size() - 1);
          char text[8];
          std::snprintf(text, sizeof text, dice.percent(50) ? "%%%02x" : "%%%02X",
                        static_cast<unsigned char>(value[at]));
          value.replace(at, 1, text);
        }
        break;
      case 8: {
        const auto address = parse_ipv4(value.substr(host, host_end - host));
        if (address) value.replace(host, host_end - host, number_text(dice, *address));
        break;
      }
      case 9:
        return "http://in.test/go?u=" + value + "&k=1";
      case 10:
        return "GET /go?u=" + value;
      case 11:
        return "/x?y=1&u=" + value + "&z";
      case 12:
        value += ".,;:!?'\"";
        break;
      case 13:
        return "(" + value + "), x";
      case 14:
        value = replaced(value, "/", "\\/");
        return "\"" + value + "\"";
      case 15:
        value += "#top";
        break;
      case 16:
        return any_case(dice, value);
      case 17:
        return value + "," + value;
      case 18: {
        std::string nested = value;
        for (std::size_t deep = dice.between(1, 10); deep > 0; --deep)
          nested = "http://n.test/?u=" + nested;
        return nested;
      }
      case 19:
        return "'" + value + "'";
      case 20:
        if (!value.empty() && value.back() == '/') {
          value.pop_back();
        } else {
          value += '/';
        }
        break;
      default:
        value.replace(host, host_end - host,
                      spell_name(dice, value.substr(host, host_end - host)));
        break;
    }
  }
  return value;
}

std::string spell_digest(Dice& dice, const std::string& value) {
  static constexpr std::string_view kLabels[] = {
      "MD5=",     "md5:",       "SHA1=", "sha256: ", "\"sha256\":\"",
      "imphash=", "IMPHASH:",   "ja3=",  "ja3s=",    "file.hash.md5: ",
      "sha-256=", "x=",         "0x",    "md5=0x",   "thumbprint:",
      "pehash=",  "sha512 = '", "tlsh:", "sha384:[", "hash "};
  switch (dice.below(10)) {
    case 0:
      return upper(value);
    case 1:
    case 2:
      return std::string(dice.pick(kLabels)) + any_case(dice, value);
    case 3:
    case 4: {
      std::string out;
      for (std::size_t i = 0; i + 1 < value.size(); i += 2) out += value.substr(i, 2) + ":";
      out.pop_back();
      if (dice.percent(30)) out = std::string(dice.pick(kLabels)) + out;
      return dice.percent(50) ? upper(out) : out;
    }
    case 5:
    case 6: {
      static constexpr std::string_view kForms[] = {
          "sha256-", "SHA256:", "sha384-", "sha512-", "md5-", "SHA1:", "sha1-", "xsha256-"};
      std::string out = base64(value);
      if (dice.percent(30)) {
        while (!out.empty() && out.back() == '=') out.pop_back();
      }
      std::string_view form = dice.pick(kForms);
      switch (value.size()) {  // most often the right one
        case 32:
          if (dice.percent(80)) form = "md5-";
          break;
        case 40:
          if (dice.percent(80)) form = "sha1:";
          break;
        case 64:
          if (dice.percent(80)) form = "sha256-";
          break;
        case 96:
          if (dice.percent(80)) form = "Sha384-";
          break;
        default:
          if (dice.percent(80)) form = "SHA512:";
          break;
      }
      return std::string(form) + out;
    }
    case 7:
      return value + (dice.percent(50) ? "0" : "g");
    default:
      return value;
  }
}

std::string spell_path(Dice& dice, std::string value) {
  static constexpr std::string_view kPlaces[][2] = {
      {"%appdata%", "C:\\Users\\bob\\AppData\\Roaming"},
      {"%appdata%", "C:\\Documents and Settings\\eve\\Application Data"},
      {"%appdata%", "%USERPROFILE%\\AppData\\Roaming"},
      {"%temp%", "C:\\Users\\bob\\AppData\\Local\\Temp"},
      {"%temp%", "%TMP%"},
      {"%temp%", "C:\\Windows\\Temp"},
      {"%temp%", "C:\\Users\\x\\Local Settings\\Temp"},
      {"%localappdata%", "C:\\Users\\bob\\AppData\\Local"},
      {"%userprofile%", "D:\\Users\\a b"},
      {"%userprofile%", "\\Device\\HarddiskVolume2\\Users\\x"},
      {"%windir%", "C:\\Windows"},
      {"%windir%", "%SystemRoot%"},
      {"%windir%", "\\SystemRoot"},
      {"%windir%", "C:\\WINNT"},
      {"%programdata%", "C:\\ProgramData"},
      {"%programdata%", "%ALLUSERSPROFILE%"}};
  if (value.front() == '/' || value.front() == '~') {
    switch (dice.below(9)) {
      case 0:
        return replaced(value, "/", "//");
      case 1:
        return value + "/below/p.exe";
      case 2:
        return value + "/";
      case 3:
        return "\"" + value + " -k 1\"";
      case 4:
        return any_case(dice, value);
      case 5:
        return "exe=" + value + ", uid=0";
      case 6:
        return "/pre" + value;
      default:
        return value;
    }
  }
  if (value.front() == '%' && dice.percent(70)) {
    for (std::size_t tries = 0; tries < 40; ++tries) {
      const auto& place = dice.pick(kPlaces);
      if (value.compare(0, place[0].size(), place[0]) == 0) {
        value.replace(0, place[0].size(), place[1]);
        break;
      }
    }
  }
  if (value.compare(0, 2, "?:") == 0 && dice.percent(80)) value[0] = 'E';
  if (dice.percent(30)) value = any_case(dice, value);
  if (dice.percent(8)) value = respelled_fold(dice, value);
  for (std::size_t times = dice.below(3); times > 0; --times) {
    switch (dice.below(12)) {
      case 0:
        value = replaced(value, "\\", "/");
        break;
      case 1:
        value = replaced(value, "\\", "\\\\");
        break;
      case 2:
        value = (dice.percent(50) ? "\\\\?\\" : "\\??\\") + value;
        break;
      case 3:
        if (value.size() > 2 && value[1] == ':')
          value = "\\Device\\HarddiskVolume" + std::to_string(dice.below(30)) + value.substr(2);
        break;
      case 4:
        value += dice.percent(50) ? "\\below\\p.exe" : "x";
        break;
      case 5:
        value += " -k netsvcs, then";
        break;
      case 6:
        return "\"" + value + (dice.percent(50) ? " -k 1\"" : "\"");
      case 7:
        value += dice.percent(50) ? "." : ":";
        break;
      case 8:
        value += "\\";
        break;
      case 9:
        return "'" + value + "'";
      case 10:
        return "Image=" + value + "; x";
      default:
        return "<Data>" + value + "</Data>";
    }
  }
  return value;
}

std::string spell_key(Dice& dice, std::string value) {
  static constexpr std::string_view kAliases[][2] = {
      {"hklm", "HKEY_LOCAL_MACHINE"},
      {"hklm", "\\REGISTRY\\MACHINE"},
      {"hklm", "HKLM:"},
      {"hkcu", "HKEY_CURRENT_USER"},
      {"hkcu", "HKU\\S-1-5-21-9-8-7-500"},
      {"hkcu", "\\REGISTRY\\USER\\S-1-5-21-9-8-7-500"},
      {"hkcr", "HKEY_CLASSES_ROOT"},
      {"hku", "HKEY_USERS"},
      {"hku", "\\Registry\\User"},
      {"hkcc", "HKEY_CURRENT_CONFIG"},
      {"hkcu", "HKEY_USERS\\S-1-5-21-9-8-7-500"},
      {"hkcr", "HKLM\\Software\\Classes"}};
  for (std::size_t tries = dice.below(6); tries > 0; --tries) {
    const auto& alias = dice.pick(kAliases);
    if (value.compare(0, alias[0].size(), alias[0]) == 0 && value.size() > alias[0].size() &&
        value[alias[0].size()] == '\\') {
      value.replace(0, alias[0].size(), alias[1]);
      break;
    }
  }
  if (dice.percent(50))
    value = replaced(value, "currentcontrolset",
                     dice.percent(50) ? "ControlSet001" : "controlset002");
  if (dice.percent(30)) value = any_case(dice, value);
  if (dice.percent(8)) value = respelled_fold(dice, value);
  switch (dice.below(9)) {
    case 0:
      return value + "\\below";
    case 1:
      return replaced(value, "\\", "\\\\");
    case 2:
      return value + "x";
    case 3:
      return "[" + value + "]";
    case 4:
      return "\"" + value + "\"";
    case 5:
      return replaced(value, "\\", "/");
    case 6:
      return "TargetObject: " + value + ", x";
    default:
      return value;
  }
}

std::string spell_object(Dice& dice, std::string value, bool pipe) {
  static constexpr std::string_view kMutex[] = {"Global\\",
                                                "Local\\",
                                                "\\BaseNamedObjects\\",
                                                "\\Sessions\\1\\BaseNamedObjects\\",
                                                "\\Sessions\\12\\BaseNamedObjects\\Global\\",
                                                "global\\",
                                                "\\BaseNamedObjects\\Local\\"};
  static constexpr std::string_view kPipe[] = {
      "\\\\.\\pipe\\",   "\\Device\\NamedPipe\\", "\\pipe\\", "\\",
      "\\\\srv\\pipe\\", "\\\\.\\PIPE\\",         "//./pipe/"};
  if (dice.percent(50))
    value = std::string(pipe ? dice.pick(kPipe) : dice.pick(kMutex)) + value;
  if (dice.percent(15)) value = any_case(dice, value);
  if (dice.percent(8)) value = respelled_fold(dice, value);
  switch (dice.below(7)) {
    case 0:
      return "\"" + value + "\"";
    case 1:
      return "name=" + value + ", x";
    case 2:
      return value + ".";
    case 3:
      return "'" + value + "'";
    case 4:
      return replaced(value, "\\", "\\\\");
    default:
      return value;
  }
}

/// An address inside the network, or just outside.
std::string spell_network(Dice& dice, const std::string& value) {
  const auto network = parse_network(value, nullptr);
  if (!network || dice.percent(20)) return value;
  auto bytes = network->base;
  const int size = network->is_v6 ? 128 : 32;
  for (int bit = network->prefix; bit < size; ++bit) {
    if (dice.percent(50)) {
      bytes[static_cast<std::size_t>(bit / 8)] |= static_cast<std::uint8_t>(0x80 >> (bit % 8));
    }
  }
  if (dice.percent(10) && network->prefix > 0) {
    const int bit = network->prefix - 1;
    bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
  }
  if (network->is_v6) {
    Ipv6 address{};
    std::copy_n(bytes.begin(), 16, address.begin());
    return spell_v6(dice, format_ipv6(address));
  }
  const std::uint32_t address = static_cast<std::uint32_t>(bytes[0]) << 24 |
                                static_cast<std::uint32_t>(bytes[1]) << 16 |
                                static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
  return spell_v4(dice, format_ipv4(address));
}

std::string spell(Dice& dice, const Observable& indicator) {
  const std::string& value = indicator.value;
  switch (indicator.type) {
    case T::kIpv4:
      return spell_v4(dice, value);
    case T::kIpv6:
      return spell_v6(dice, value);
    case T::kCidr:
      return spell_network(dice, value);
    case T::kIpv4Port: {
      const std::size_t colon = value.rfind(':');
      if (dice.percent(40)) return value;
      if (dice.percent(20)) return "http://" + value + "/";
      if (dice.percent(30)) return replaced(value, ":", "/");
      if (dice.percent(20))
        return "http://" + spell_v4(dice, value.substr(0, colon)) + value.substr(colon);
      return dice.percent(50) ? value + "0" : spell_v4(dice, value.substr(0, colon));
    }
    case T::kIpv6Port: {
      const std::size_t close = value.rfind(']');
      if (dice.percent(50)) return value;
      const std::string inner = spell_v6(dice, value.substr(1, close - 1));
      return dice.percent(50) ? inner : "[" + inner + value.substr(close);
    }
    case T::kDomain:
    case T::kHostname:
      return spell_name(dice, value);
    case T::kUrl:
      return spell_url(dice, value);
    case T::kUri:
      switch (dice.below(6)) {
        case 0:
          return "GET " + value + " HTTP/1.1";
        case 1:
          return "\"" + value + "\"";
        case 2:
          return "/x/.." + value;
        case 3:
          return "uri=" + value;
        case 4:
          return replaced(value, "a", "%61");
        default:
          return value;
      }
    case T::kMd5:
    case T::kSha1:
    case T::kSha256:
    case T::kSha384:
    case T::kSha512:
    case T::kPehash:
    case T::kImphash:
    case T::kJa3:
    case T::kSslCertFingerprint:
      return spell_digest(dice, value);
    case T::kEmail: {
      const std::size_t sign = value.find('@');
      switch (dice.below(7)) {
        case 0:
          return any_case(dice, value);
        case 1:
          return "<" + value + ">";
        case 2:
          return value.substr(0, sign + 1) + spell_name(dice, value.substr(sign + 1));
        case 3:
          return value.substr(0, sign) + "+tag" + value.substr(sign);
        case 4:
          return "mailto:" + value;
        case 5:
          return "x" + value;
        default:
          return value;
      }
    }
    case T::kFilePath:
      return spell_path(dice, value);
    case T::kFileName:
      switch (dice.below(9)) {
        case 0:
          return "C:\\x\\" + (dice.percent(30) ? respelled_fold(dice, value) : value);
        case 1:
          return "/opt/x/" + value;
        case 2:
          return any_case(dice, value);
        case 3:
          return "\"" + value + "\"";
        case 4:
          return value + ".";
        case 5:
          return "x\\" + any_case(dice, value);
        case 6:
          return "name='" + value + "'";
        case 7:
          return "http://h.test/" + value;
        default:
          return value;
      }
    case T::kRegistryKey:
      return spell_key(dice, value);
    case T::kMutex:
      return spell_object(dice, value, false);
    case T::kNamedPipe:
      return spell_object(dice, value, true);
    case T::kCve:
      return dice.percent(60) ? any_case(dice, value) : dice.percent(30) ? value + "1" : value;
    case T::kAsn: {
      static constexpr std::string_view kForms[] = {
          "AS", "as", "ASN", "AS ", "asn:", "AS:", "ASN  ", "AS0", "As"};
      return std::string(dice.pick(kForms)) + value.substr(2);
    }
    case T::kBitcoinAddress:
      return dice.percent(25) ? any_case(dice, value) : value;
    case T::kUserAgent:
      return dice.percent(60)   ? "\"" + value + "\""
             : dice.percent(50) ? "'" + value + "'"
                                : value;
    case T::kYara:
    case T::kOsquery:
      return value;
  }
  return value;
}

/// X1, every form.
std::string defang(Dice& dice, const std::string& value) {
  static constexpr std::string_view kDots[] = {"[.]",   "(.)",   "{.}", "\\.", "[dot]", "(dot)",
                                               "[DOT]", "(Dot)", ".",   "[.",  " dot ", "[.]"};
  static constexpr std::string_view kSigns[] = {"[@]", "[at]", "[AT]", "@", "(at)"};
  static constexpr std::string_view kSchemes[] = {"hxxp",   "hXXp", "HXXP", "meow",
                                                  "[http]", "http", "hxxx"};
  static constexpr std::string_view kMarks[] = {"://", "[://]", "[:]//", ":\\/\\/"};
  const std::string_view dot = dice.pick(kDots);
  const bool one = dice.percent(40);
  bool done = false;
  std::string out;
  std::size_t at = 0;
  if (starts_with_ignore_case(value, "http") && dice.percent(80)) {
    out += dice.pick(kSchemes);
    at = 4;
    if (at < value.size() && value[at] == 's') {
      if (!out.empty() && out.back() == ']') {
        out.insert(out.size() - 1, "s");
      } else {
        out += 's';
      }
      ++at;
    }
    if (value.compare(at, 3, "://") == 0) {
      out += dice.pick(kMarks);
      at += 3;
    }
  }
  for (; at < value.size(); ++at) {
    if (value[at] == '.' && !(one && done)) {
      out += dot;
      done = true;
    } else if (value[at] == '@' && dice.percent(70)) {
      out += dice.pick(kSigns);
    } else if (value[at] == ':' && dice.percent(40)) {
      out += "[:]";
    } else {
      out += value[at];
    }
  }
  return out;
}

// --- encodings
// --------------------------------------------------------------------------------

/// How much of a text an encoder writes as escapes that need not be.
struct Share {
  unsigned percent;
  bool operator()(Dice& dice) const { return percent == 100 || dice.percent(percent); }
};
Share pick_share(Dice& dice) {
  static constexpr unsigned kShares[] = {0, 10, 30, 100};
  return {dice.pick(kShares)};
}

std::string unit_text(std::uint32_t unit, bool upper_case) {
  char text[8];
  std::snprintf(text, sizeof text, upper_case ? "\\u%04X" : "\\u%04x", unit);
  return text;
}

/// \uHHHH of a code point, a pair where it needs one.
std::string unicode_escaped(char32_t value, bool upper_case) {
  if (value < 0x10000) return unit_text(value, upper_case);
  const std::uint32_t rest = value - 0x10000;
  return unit_text(0xD800 + (rest >> 10), upper_case) +
         unit_text(0xDC00 + (rest & 0x3FF), upper_case);
}

std::string to_json(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const bool slashes = dice.percent(30);
  const bool upper_case = dice.percent(50);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const char c = text[at];
    if (c == '"' || c == '\\') {
      out += dice.percent(85) ? "\\" + std::string(1, c)
                              : unicode_escaped(static_cast<unsigned char>(c), upper_case);
    } else if (c == '/' && slashes) {
      out += "\\/";
    } else if (c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\f') {
      out += c == '\n'   ? "\\n"
             : c == '\t' ? "\\t"
             : c == '\r' ? "\\r"
             : c == '\b' ? "\\b"
                         : "\\f";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += unicode_escaped(static_cast<unsigned char>(c), upper_case);
    } else if (share.percent > 0 && share(dice)) {
      out += unicode_escaped(point.valid ? point.value : static_cast<unsigned char>(c),
                             upper_case);
    } else {
      out += text.substr(at, point.length);
    }
    at += point.length;
  }
  if (dice.percent(85)) out = "\"" + out + (dice.percent(95) ? "\"" : "");
  return dice.percent(20) ? "{\"k\":" + out + ",\"t\":1}" : out;
}

std::string to_percent(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const bool upper_case = dice.percent(50);
  std::string out;
  for (const char c : text) {
    const bool reserved =
        !is_alnum(c) && std::string_view("-_.~").find(c) == std::string_view::npos;
    const bool must = c == '%' || (reserved && share.percent >= 30);
    if ((must && dice.percent(95)) || (share.percent > 0 && share(dice))) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, upper_case ? "%%%02X" : "%%%02x",
                    static_cast<unsigned char>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  return out;
}

std::string to_qp(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const unsigned breaks = dice.percent(50) ? 0 : dice.percent(50) ? 3 : 15;
  const bool crlf = dice.percent(40);
  std::string out;
  for (const char c : text) {
    if (breaks > 0 && dice.percent(breaks)) out += crlf ? "=\r\n" : "=\n";
    if ((c == '=' && dice.percent(97)) || is_non_ascii(c) ||
        (share.percent > 0 && share(dice))) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "=%02X", static_cast<unsigned char>(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  if (dice.percent(20)) out += "=3D";
  return out;
}

std::string to_html(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  static constexpr std::string_view kNamed[][2] = {
      {"&", "&amp;"},    {"<", "&lt;"},     {">", "&gt;"},    {"\"", "&quot;"},
      {"'", "&apos;"},   {".", "&period;"}, {":", "&colon;"}, {"/", "&sol;"},
      {"\\", "&bsol;"},  {"@", "&commat;"}, {"?", "&quest;"}, {"=", "&equals;"},
      {"%", "&percnt;"}, {"_", "&lowbar;"}, {"+", "&plus;"}};
  static constexpr const char* kForms[] = {"&#%u;", "&#x%x;",  "&#X%X;", "&#%u",
                                           "&#x%x", "&#%07u;", "&#%03u;"};
  const char* form = dice.pick(kForms);
  const bool named = dice.percent(50);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::string_view character = text.substr(at, point.length);
    at += point.length;
    bool written = false;
    if (named && (character == "&" || (share.percent > 0 && share(dice)))) {
      for (const auto& pair : kNamed) {
        if (pair[0] == character) {
          out += pair[1];
          written = true;
          break;
        }
      }
    }
    if (!written && point.valid && share.percent > 0 && share(dice)) {
      char escaped[24];
      std::snprintf(escaped, sizeof escaped, form, static_cast<unsigned>(point.value));
      out += escaped;
      written = true;
    }
    if (!written) out += character;
  }
  return out;
}

std::string to_escape(Dice& dice, std::string_view text) {
  const Share share = pick_share(dice);
  const bool unicode = dice.percent(40);
  const bool upper_case = dice.percent(50);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::string_view character = text.substr(at, point.length);
    at += point.length;
    const bool must = static_cast<unsigned char>(character[0]) < 0x20;
    if (!must && !(share.percent > 0 && share(dice))) {
      out += character;
    } else if (unicode && point.valid) {
      out += unicode_escaped(point.value, upper_case);
    } else {
      for (const char c : character) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, upper_case ? "\\x%02X" : "\\x%02x",
                      static_cast<unsigned char>(c));
        out += escaped;
      }
    }
  }
  return out;
}

std::string to_utf16(std::string_view text, bool big_endian) {
  std::string out;
  const auto unit = [&](std::uint32_t value) {
    const char high = static_cast<char>(value >> 8 & 0xFF);
    const char low = static_cast<char>(value & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    at += point.length;
    const char32_t value = point.valid ? point.value : U'?';
    if (value >= 0x10000) {
      unit(0xD800 + ((value - 0x10000) >> 10));
      unit(0xDC00 + ((value - 0x10000) & 0x3FF));
    } else {
      unit(value);
    }
  }
  return out;
}

std::string encode(Dice& dice, std::string text) {
  // Most often none: the raw reading is where most rules live.
  const std::size_t layers = dice.percent(45) ? 0 : dice.percent(60) ? 1 : dice.between(2, 4);
  for (std::size_t n = layers; n > 0; --n) {
    if (text.size() > 1500) break;  // escapes of escapes: time in views, not in rules
    switch (dice.below(11)) {
      case 0:
      case 1:
        text = to_json(dice, text);
        break;
      case 2:
      case 3:
        text = to_percent(dice, text);
        break;
      case 4:
      case 5:
        text = to_qp(dice, text);
        break;
      case 6:
      case 7:
        text = to_html(dice, text);
        break;
      case 8:
      case 9:
        text = to_escape(dice, text);
        break;
      default:
        text = to_utf16(text, dice.percent(50));
        break;
    }
  }
  return text;
}

// --- the text
// ---------------------------------------------------------------------------------

constexpr std::string_view kBorders[] = {
    " ",    " ",      " ",      "",        "",       "\"",     "'",      "`",      "(",
    ")",    "[",      "]",      "{",       "}",      "<",      ">",      ",",      ";",
    ":",    "|",      "=",      "/",       "\\",     "@",      "_",      "-",      ".",
    "\t",   "\r",     "\0"sv,   "\x01"sv,  "\x1b"sv, "\x7F"sv, "x",      "Z",      "7",
    "v",    "\u00E9", "\u00E4", "\u3002",  "\u65E5", "\u00A0", "\u200B", "\u2010", "\xC3",
    "\xA9", "\xFF",   "%",      "&",       "#",      "?",      "+",      "*",      "!",
    "$",    "^",      "~",      "..",      "//",     "\\\\",   "://",    "@@",     "--",
    ": ",   "= ",     "\" ",    "\\\"",    "\\n",    "%20",    "%2F",    "=20",    "=\n",
    "&lt;", "&#46",   "\\x20",  "\\u0020", "(3)",    "(0)",    "[.]",    "\v",     "\f",
    "\n"};

std::string noise(Dice& dice) {
  static constexpr std::string_view kNoise[] = {"2026-11-24T10:00:00Z",
                                                "00:01:02",
                                                "v1.2.3",
                                                "Mozilla/5.0 (X11; Linux x86_64)",
                                                "00:11:22:33:44:55",
                                                "GET",
                                                "HTTP/1.1",
                                                "\"-\"",
                                                "EventID=1",
                                                "User=CORP\\bob",
                                                "a.b.c",
                                                "10.0.0.1",
                                                "::",
                                                "1:2",
                                                ".exe",
                                                "=3D",
                                                "=",
                                                "%20",
                                                "%25",
                                                "%",
                                                "&amp;",
                                                "&",
                                                "\\u0041",
                                                "\\x41",
                                                "(3)",
                                                "(0)",
                                                "[.]",
                                                "hxxp://",
                                                "C:\\",
                                                "\\\\",
                                                "\\",
                                                "host=",
                                                "query:",
                                                "md5=",
                                                "sha256:",
                                                "AS",
                                                "CVE-",
                                                "@",
                                                "\"",
                                                "'",
                                                "://",
                                                "?q=24h",
                                                "k=v",
                                                "//",
                                                "in-addr.arpa",
                                                "..",
                                                "--",
                                                "_",
                                                "{\"a\":\"b\"}",
                                                "\\n",
                                                "=\n",
                                                "=\r\n",
                                                "\t",
                                                "404",
                                                "deadbeef",
                                                "x=1&y=2",
                                                "/a?b",
                                                "\0a\0b\0c\0d\0"sv,
                                                "\xEF\xBB\xBF",
                                                "\u00E9t\u00E9",
                                                "\u65E5\u672C",
                                                "http",
                                                "&#",
                                                "&#x",
                                                "c:\\new",
                                                "hklm",
                                                "%APPDATA%",
                                                "version",
                                                "[",
                                                "]",
                                                "(",
                                                ")"};
  switch (dice.below(14)) {
    case 0: {
      std::string bytes;
      for (std::size_t n = dice.between(1, 12); n > 0; --n)
        bytes += static_cast<char>(dice.next() & 0xFF);
      return bytes;
    }
    case 1: {
      std::string word;
      for (std::size_t n = dice.between(1, 20); n > 0; --n)
        word += "abcdefghijklmnopqrstuvwxyz0123456789.-_:/@%=\\"[dice.below(45)];
      return word;
    }
    case 2:
      return hex_digits(dice, dice.percent(50) ? 32 : dice.between(1, 130));
    default:
      return std::string(dice.pick(kNoise));
  }
}

/// One value as it stands in a line, with what goes wrong.
std::string plant(Dice& dice, const Observable& indicator) {
  std::string text = dice.percent(35) ? indicator.value : spell(dice, indicator);
  if (dice.percent(10)) text = any_case(dice, text);
  if (dice.percent(12)) text = defang(dice, text);
  if (dice.percent(6) && !text.empty()) {  // one byte changed, gone or new
    const std::size_t at = dice.below(text.size());
    switch (dice.below(3)) {
      case 0:
        text[at] = dice.percent(50) ? static_cast<char>(dice.next() & 0xFF)
                                    : static_cast<char>(text[at] ^ 1);
        break;
      case 1:
        text.erase(at, 1);
        break;
      default:
        text.insert(at, 1, "a1.-_:/@\\ %"[dice.below(11)]);
        break;
    }
  }
  if (dice.percent(3) && !text.empty()) text = text.substr(0, dice.below(text.size()) + 1);
  if (dice.percent(2) && !text.empty()) text = text.substr(dice.below(text.size()));
  if (dice.percent(60)) {
    text = std::string(dice.pick(kBorders)) + text + std::string(dice.pick(kBorders));
    if (dice.percent(20))
      text = std::string(dice.pick(kBorders)) + text + std::string(dice.pick(kBorders));
  }
  return text;
}

struct Piece {
  std::size_t begin, end;
};

/// `bare`: values stand by themselves now and then, as in a field of a record.
std::string make_line(Dice& dice, const std::vector<Observable>& indicators, bool wide,
                      bool bare, std::vector<Piece>& pieces) {
  std::string line;
  if (dice.percent(3)) {
    static constexpr std::string_view kFill[] = {
        "a", ".", " ",  "1",  "%",  "\\",   "\"",  "&",
        "=", "(", "a.", "1:", "x ", "\0"sv, "://", "/"};
    line = repeat(dice.pick(kFill), dice.between(10, dice.percent(5) ? 2500 : 150));
  }
  for (std::size_t n = dice.percent(40) ? 1 : dice.between(1, 4); n > 0; --n) {
    std::string piece;
    if (bare && dice.percent(30)) {
      piece = indicators[dice.below(indicators.size())].value;
    } else if (dice.percent(78)) {
      piece = plant(dice, indicators[dice.below(indicators.size())]);
      if (!wide || dice.percent(30)) piece = encode(dice, std::move(piece));
    } else {
      piece = noise(dice);
    }
    const std::size_t begin = line.size();
    line += piece;
    pieces.push_back({begin, line.size()});
    if (n > 1 && dice.percent(80)) line += dice.percent(70) ? " " : dice.pick(kBorders);
  }
  return line;
}

void make_text(Dice& dice, GeneratedCase& made) {
  const bool wide = dice.percent(8);
  const bool marked = !wide && dice.percent(20);
  const std::size_t lines = dice.percent(30) ? 1 : dice.between(1, 30);
  std::string_view line_end = dice.percent(85) ? "\n" : "\r\n";
  for (std::size_t n = lines; n > 0; --n) {
    std::vector<Piece> pieces;
    std::string line = make_line(dice, made.indicators, wide, marked, pieces);
    // Sometimes the whole line through the encoders: then its pieces are nowhere.
    if (dice.percent(12)) {
      line = encode(dice, std::move(line));
      pieces.clear();
      pieces.push_back({0, line.size()});
    }
    if (marked) {
      static constexpr FieldRole kRoles[] = {
          FieldRole::kUserAgent, FieldRole::kVersion, FieldRole::kHost, FieldRole::kHost,
          FieldRole::kPath,      FieldRole::kPath,    FieldRole::kOther};
      for (const Piece& piece : pieces) {
        if (piece.begin == piece.end || dice.percent(50)) continue;
        if (line.find('\n', piece.begin) < piece.end) continue;
        FieldMark mark;
        mark.begin = made.text.size() + piece.begin;
        mark.end = made.text.size() + piece.end;
        mark.role = dice.pick(kRoles);
        made.fields.push_back(mark);
      }
    }
    made.text += line;
    if (n > 1 || dice.percent(60)) made.text += line_end;
    if (dice.percent(3)) made.text += line_end;
  }
  made.lines = lines;
  if (wide) {
    const bool big_endian = dice.percent(50);
    made.encoding = big_endian ? TextEncoding::kUtf16be : TextEncoding::kUtf16le;
    // Now and then bytes that never were UTF-16.
    if (dice.percent(90)) made.text = to_utf16(made.text, big_endian);
    if (dice.percent(10)) made.text += "x";
  }
}

}  // namespace

GeneratedCase generate_case(std::uint64_t seed) {
  // Neighbouring seeds must not have neighbouring streams.
  Dice dice(Dice(seed ^ 0x5350'4F4F'5250'524Full).next());
  const World world = make_world(dice);
  GeneratedCase made;
  made.indicators = make_indicators(dice, world);
  make_text(dice, made);
  return made;
}

std::vector<Observable> sample_indicators() {
  const std::pair<IndicatorType, std::string_view> kSamples[] = {
      {T::kIpv4, "192.0.2.5"},
      {T::kIpv4, "1.1.1.1"},
      {T::kIpv6, "2001:db8::5"},
      {T::kIpv6, "2001:db8:1:2:3:4:5:6"},
      {T::kIpv6, "abcd::"},
      {T::kCidr, "198.51.100.0/24"},
      {T::kCidr, "2001:db8:9::/48"},
      {T::kIpv4Port, "203.0.113.9:8443"},
      {T::kIpv6Port, "[2001:db8::7]:8443"},
      {T::kDomain, "evil.example"},
      {T::kDomain, "xn--caf-dma.example"},
      {T::kDomain, "setup.sh"},
      {T::kDomain, "intranet"},
      {T::kHostname, "www.bad.test"},
      {T::kUrl, "http://lure.test/a/b.php"},
      {T::kUrl, "https://root.test/"},
      {T::kUrl, "http://192.0.2.77:8080/x?y=1"},
      {T::kUri, "/gate.php?id=1"},
      {T::kEmail, "bill.ing@lure.test"},
      {T::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
      {T::kSha1, "9c6fc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kSha256, "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c7578"},
      {T::kSha384,
       "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c75789c6fc930ffef40d8f309eea"
       "ab6231b59"},
      {T::kSha512,
       "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c75781d1ea6702554f31b9130edf"
       "35431a96c003f0dc8d3bb983b386dcaa1172c7579"},
      {T::kImphash, "aaaa095de829e8a9e831ff0e978f114e"},
      {T::kPehash, "bbbbc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kJa3, "cccc095de829e8a9e831ff0e978f114e"},
      {T::kSslCertFingerprint, "ddddc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kFilePath, "C:\\ProgramData\\Kit\\svc.dll"},
      {T::kFilePath, "%APPDATA%\\Kit\\a.dat"},
      {T::kFilePath, "\\\\srv\\share\\kit.exe"},
      {T::kFilePath, "/opt/.kit/run"},
      {T::kFilePath, "C:\\Program Files\\Kit\\a b.exe"},
      {T::kFileName, "kit-svc.exe"},
      {T::kFileName, "a b.txt"},
      {T::kFileName, "q"},
      {T::kRegistryKey, "HKLM\\SYSTEM\\CurrentControlSet\\Services\\kit"},
      {T::kRegistryKey, "HKCU\\Software\\Kit"},
      {T::kMutex, "KitOnce77"},
      {T::kMutex, "Kit Once"},
      {T::kNamedPipe, "msse-1234-server"},
      {T::kCve, "CVE-2099-12345"},
      {T::kAsn, "AS64501"},
      {T::kBitcoinAddress, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
      {T::kBitcoinAddress, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
      {T::kUserAgent, "KitFetch/2.1 (x64)"},
  };
  std::vector<Observable> samples;
  for (const auto& [type, raw] : kSamples) {
    if (const auto canonical = canonicalize(type, raw))
      samples.push_back(canonical->observable);
  }
  return samples;
}

std::string escape_bytes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || c == '"') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(byte));
      out += escaped;
    }
  }
  return out;
}

namespace {

std::string describe_hits(const std::vector<Hit>& hits, const std::vector<Hit>& other) {
  std::string out;
  for (const Hit& hit : hits) {
    const bool common =
        std::any_of(other.begin(), other.end(), [&](const Hit& h) { return same_hit(h, hit); });
    out += std::string(common ? "      " : "   != ") + "indicator " +
           std::to_string(static_cast<std::uint32_t>(hit.indicator)) + " at " +
           std::to_string(hit.offset) + "+" + std::to_string(hit.length) + " " +
           std::string(name_of(hit.grade)) + " " + hit.rule + " /" + std::to_string(hit.prefix);
    for (std::size_t i = 0; i < hit.view_count; ++i)
      out += (i == 0 ? " through " : ",") + std::string(name_of(hit.views[i]));
    out += "\n";
  }
  return out.empty() ? "      (none)\n" : out;
}

}  // namespace

std::string describe(const GeneratedCase& failing, const std::vector<Hit>& expected,
                     const std::vector<Hit>& found) {
  std::string out = "  indicators:\n";
  for (std::size_t i = 0; i < failing.indicators.size(); ++i) {
    out += "   " + std::to_string(i) + " " + std::string(name_of(failing.indicators[i].type)) +
           " \"" + escape_bytes(failing.indicators[i].value) + "\"\n";
  }
  static constexpr std::string_view kEncodings[] = {"bytes", "utf16le", "utf16be"};
  out += "  text (" + std::string(kEncodings[static_cast<std::size_t>(failing.encoding)]) +
         ", " + std::to_string(failing.text.size()) + " bytes): \"" +
         escape_bytes(failing.text) + "\"\n";
  for (const FieldMark& mark : failing.fields) {
    out += "  field [" + std::to_string(mark.begin) + "," + std::to_string(mark.end) +
           ") role " + std::to_string(static_cast<int>(mark.role)) + "\n";
  }
  return out + "  reference:\n" + describe_hits(expected, found) + "  fast:\n" +
         describe_hits(found, expected);
}

}  // namespace spoor
