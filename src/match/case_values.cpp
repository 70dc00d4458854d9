// Generated cases: the values of indicators.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "ioc/canonical.h"
#include "ioc/ip.h"
#include "match/case_parts.h"

namespace spoor::cases {

using std::string_view_literals::operator""sv;
using T = IndicatorType;

std::string repeat(std::string_view piece, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += piece;
  return out;
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

namespace {

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

}  // namespace

std::vector<Observable> make_indicators(Dice& dice) {
  const World world = make_world(dice);
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

}  // namespace spoor::cases
