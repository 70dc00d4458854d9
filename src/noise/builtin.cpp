// The starting set. A row belongs here if finding the value in a log says next to nothing about
// an attack, whoever claims it: it is in nearly every log, or it cannot name one machine or one
// file. Sources: IANA's special-purpose address registries (RFC 6890), the operators' own pages
// for resolvers, digests computed from the bytes that their reason names (a test computes none:
// they are constants of the functions). Names where strangers publish stand in
// ioc/shared_hosts.cpp, public suffixes come from libpsl.
//
// Documentation ranges (RFC 5737, RFC 3849) and .example are left out: they are in nobody's
// traffic, so they are no noise, and examples use them. Root servers are weak: every resolver
// asks them, but other machines have little to do there. Private ranges are weak and not
// suppressed: an import sets them aside (S5), and who releases them wants to see them.

#include "noise/builtin.h"

#include "ioc/noise.h"

namespace spoor {
namespace {

// clang-format off
constexpr BuiltinRow kReserved[] = {
    {"0.0.0.0/8",          "this host on this network (RFC 791): never a peer"},
    {"127.0.0.0/8",        "loopback (RFC 1122): every machine is its own"},
    {"169.254.0.0/16",     "link-local (RFC 3927): another machine on every link"},
    {"224.0.0.0/4",        "multicast (RFC 5771): a group, not a machine"},
    {"240.0.0.0/4",        "reserved, and the limited broadcast address (RFC 1112)"},
    {"192.0.0.0/24",       "IETF protocol assignments (RFC 6890)"},
    {"192.88.99.0/24",     "former 6to4 relay anycast (RFC 7526)"},
    {"198.18.0.0/15",      "benchmarks of devices (RFC 2544)"},
    {"::",                 "the unspecified address"},
    {"::1",                "loopback (RFC 4291)"},
    {"fe80::/10",          "link-local (RFC 4291): another machine on every link"},
    {"ff00::/8",           "multicast (RFC 4291): a group, not a machine"},
    {"100::/64",           "discard prefix (RFC 6666)"},
};
constexpr BuiltinRow kPrivate[] = {
    {"10.0.0.0/8",         "private (RFC 1918): another machine in every network"},
    {"172.16.0.0/12",      "private (RFC 1918): another machine in every network"},
    {"192.168.0.0/16",     "private (RFC 1918): another machine in every network"},
    {"100.64.0.0/10",      "carrier-grade NAT (RFC 6598): another machine at every provider"},
    {"fc00::/7",           "unique local (RFC 4193): another machine in every network"},
};
constexpr BuiltinRow kResolvers[] = {
    {"8.8.8.8",            "Google Public DNS"},
    {"8.8.4.4",            "Google Public DNS"},
    {"2001:4860:4860::8888", "Google Public DNS"},
    {"2001:4860:4860::8844", "Google Public DNS"},
    {"1.1.1.1",            "Cloudflare's resolver"},
    {"1.0.0.1",            "Cloudflare's resolver"},
    {"1.1.1.2",            "Cloudflare's resolver for families"},
    {"1.0.0.2",            "Cloudflare's resolver for families"},
    {"1.1.1.3",            "Cloudflare's resolver for families"},
    {"1.0.0.3",            "Cloudflare's resolver for families"},
    {"2606:4700:4700::1111", "Cloudflare's resolver"},
    {"2606:4700:4700::1001", "Cloudflare's resolver"},
    {"9.9.9.9",            "Quad9"},
    {"149.112.112.112",    "Quad9"},
    {"9.9.9.10",           "Quad9 without filter"},
    {"149.112.112.10",     "Quad9 without filter"},
    {"2620:fe::fe",        "Quad9"},
    {"2620:fe::9",         "Quad9"},
    {"208.67.222.222",     "OpenDNS"},
    {"208.67.220.220",     "OpenDNS"},
    {"2620:119:35::35",    "OpenDNS"},
    {"2620:119:53::53",    "OpenDNS"},
    {"94.140.14.14",       "AdGuard DNS"},
    {"94.140.15.15",       "AdGuard DNS"},
    {"185.228.168.9",      "CleanBrowsing"},
    {"185.228.169.9",      "CleanBrowsing"},
    {"76.76.2.0",          "Control D"},
    {"76.76.10.0",         "Control D"},
    {"64.6.64.6",          "UltraDNS public resolver"},
    {"64.6.65.6",          "UltraDNS public resolver"},
    {"4.2.2.1",            "Level 3's resolver, widely used"},
    {"4.2.2.2",            "Level 3's resolver, widely used"},
    {"77.88.8.8",          "Yandex DNS"},
    {"77.88.8.1",          "Yandex DNS"},
    {"114.114.114.114",    "114DNS"},
    {"114.114.115.115",    "114DNS"},
    {"223.5.5.5",          "AliDNS"},
    {"223.6.6.6",          "AliDNS"},
    {"119.29.29.29",       "DNSPod's resolver"},
    {"168.63.129.16",      "Azure's virtual resolver, the same in every network of Azure"},
};
// The thirteen letters, from the hints file that every resolver carries.
constexpr BuiltinRow kRootServers[] = {
    {"198.41.0.4",         "a.root-servers.net"},
    {"170.247.170.2",      "b.root-servers.net"},
    {"192.33.4.12",        "c.root-servers.net"},
    {"199.7.91.13",        "d.root-servers.net"},
    {"192.203.230.10",     "e.root-servers.net"},
    {"192.5.5.241",        "f.root-servers.net"},
    {"192.112.36.4",       "g.root-servers.net"},
    {"198.97.190.53",      "h.root-servers.net"},
    {"192.36.148.17",      "i.root-servers.net"},
    {"192.58.128.30",      "j.root-servers.net"},
    {"193.0.14.129",       "k.root-servers.net"},
    {"199.7.83.42",        "l.root-servers.net"},
    {"202.12.27.33",       "m.root-servers.net"},
};
// Names of themselves: what lies below a name of strangers is not covered, whoever lists it.
constexpr BuiltinRow kServices[] = {
    {"google.com",         "search, mail, updates: in nearly every log"},
    {"gstatic.com",        "static files of Google's pages"},
    {"googleapis.com",     "interfaces of Google's services"},
    {"google-analytics.com", "counting of visitors"},
    {"googletagmanager.com", "counting of visitors"},
    {"doubleclick.net",    "advertisements"},
    {"youtube.com",        "videos"},
    {"microsoft.com",      "updates and services of Windows"},
    {"windowsupdate.com",  "updates of Windows"},
    {"windows.com",        "updates and services of Windows"},
    {"msftncsi.com",       "Windows asks it whether there is a network"},
    {"msftconnecttest.com", "Windows asks it whether there is a network"},
    {"live.com",           "accounts of Microsoft"},
    {"office.com",         "Microsoft 365"},
    {"office365.com",      "Microsoft 365"},
    {"microsoftonline.com", "accounts of Microsoft"},
    {"bing.com",           "search"},
    {"apple.com",          "updates and services of Apple's systems"},
    {"icloud.com",         "services of Apple's systems"},
    {"mozilla.org",        "updates of Firefox"},
    {"mozilla.com",        "updates of Firefox"},
    {"firefox.com",        "Firefox asks it whether there is a network"},
    {"ubuntu.com",         "updates of Ubuntu"},
    {"debian.org",         "updates of Debian"},
    {"fedoraproject.org",  "updates of Fedora"},
    {"centos.org",         "updates of CentOS"},
    {"archlinux.org",      "updates of Arch Linux"},
    {"kernel.org",         "the Linux kernel"},
    {"adobe.com",          "updates of Adobe's programs"},
    {"facebook.com",       "social network"},
    {"instagram.com",      "social network"},
    {"twitter.com",        "social network"},
    {"linkedin.com",       "social network"},
    {"wikipedia.org",      "encyclopedia"},
    {"yahoo.com",          "search, mail"},
    {"amazon.com",         "shop; its storage for others has names of its own"},
    {"digicert.com",       "certificates: revocation lists and OCSP"},
    {"verisign.com",       "certificates and the registry of .com"},
    {"letsencrypt.org",    "certificates"},
    {"lencr.org",          "certificates: OCSP and lists of Let's Encrypt"},
    {"pki.goog",           "certificates of Google"},
    {"sectigo.com",        "certificates: revocation lists and OCSP"},
    {"globalsign.com",     "certificates: revocation lists and OCSP"},
    {"identrust.com",      "certificates: revocation lists and OCSP"},
    {"virustotal.com",     "analysts look things up there"},
    {"ntp.org",            "time"},
};
// The name itself is everybody's; what strangers put there is another name or a path.
constexpr BuiltinRow kShared[] = {
    {"github.com",         "code of anybody"},
    {"raw.githubusercontent.com", "files of anybody's repository"},
    {"gist.github.com",    "snippets of anybody"},
    {"gitlab.com",         "code of anybody"},
    {"bitbucket.org",      "code of anybody"},
    {"sourceforge.net",    "projects of anybody"},
    {"docs.google.com",    "documents of anybody"},
    {"drive.google.com",   "files of anybody"},
    {"sites.google.com",   "pages of anybody"},
    {"storage.googleapis.com", "buckets of anybody"},
    {"dropbox.com",        "files of anybody"},
    {"www.dropbox.com",    "files of anybody"},
    {"onedrive.live.com",  "files of anybody"},
    {"1drv.ms",            "short links to anybody's files"},
    {"discord.com",        "chat of anybody"},
    {"cdn.discordapp.com", "files of anybody's chat"},
    {"pastebin.com",       "text of anybody"},
    {"t.me",               "channels of anybody"},
    {"telegram.org",       "chat"},
    {"api.telegram.org",   "bots of anybody"},
    {"bit.ly",             "short links of anybody"},
    {"t.co",               "short links of anybody"},
    {"goo.gl",             "short links of anybody"},
    {"tinyurl.com",        "short links of anybody"},
    {"web.archive.org",    "copies of anybody's pages"},
};
constexpr BuiltinRow kNetworksOfDelivery[] = {
    {"cloudfront.net",     "content delivery: one name for each customer below it"},
    {"akamai.net",         "content delivery"},
    {"akamaiedge.net",     "content delivery"},
    {"akamaihd.net",       "content delivery"},
    {"akadns.net",         "content delivery"},
    {"edgekey.net",        "content delivery"},
    {"edgesuite.net",      "content delivery"},
    {"fastly.net",         "content delivery"},
    {"fastlylb.net",       "content delivery"},
    {"cloudflare.com",     "content delivery"},
    {"cdn.jsdelivr.net",   "copies of anybody's packages"},
    {"jsdelivr.net",       "copies of anybody's packages"},
    {"unpkg.com",          "copies of anybody's packages"},
    {"cdnjs.cloudflare.com", "libraries for pages"},
    {"ajax.googleapis.com", "libraries for pages"},
    {"fonts.googleapis.com", "fonts for pages"},
    {"code.jquery.com",    "libraries for pages"},
    {"azureedge.net",      "content delivery: one name for each customer below it"},
    {"trafficmanager.net", "distribution of load: one name for each customer below it"},
};
constexpr BuiltinRow kDigests[] = {
    {"d41d8cd98f00b204e9800998ecf8427e", "MD5 of no bytes at all"},
    {"da39a3ee5e6b4b0d3255bfef95601890afd80709", "SHA-1 of no bytes at all"},
    {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "SHA-256 of no bytes at all"},
    {"38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b", "SHA-384 of no bytes at all"},
    {"cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e", "SHA-512 of no bytes at all"},
    {"68b329da9893e34099c7d8ad5cb9c940", "MD5 of one line feed"},
    {"adc83b19e793491b1c6ea0fd8b46cd9f32e592fc", "SHA-1 of one line feed"},
    {"01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b", "SHA-256 of one line feed"},
};
constexpr BuiltinGroup kGroups[] = {
    {"reserved addresses", ListKind::kCidr, Verdict::kSuppressed, "", kReserved},
    {"private addresses", ListKind::kCidr, Verdict::kWeak, "", kPrivate},
    {"public resolvers", ListKind::kCidr, Verdict::kSuppressed, "", kResolvers},
    {"DNS root servers", ListKind::kCidr, Verdict::kWeak, "", kRootServers},
    {"widely used services", ListKind::kHostname, Verdict::kSuppressed, "domain url", kServices},
    {"shared hosts", ListKind::kString, Verdict::kSuppressed, "domain url", kShared},
    {"content delivery", ListKind::kString, Verdict::kSuppressed, "domain url", kNetworksOfDelivery},
    {"trivial files", ListKind::kString, Verdict::kSuppressed, "md5 sha1 sha256 sha384 sha512", kDigests},
};
// clang-format on

}  // namespace

std::span<const BuiltinGroup> builtin_groups() {
  return kGroups;
}

}  // namespace spoor
