// From what a feed wrote to the one canonical form of an observable, or a refusal with a rule
// id and a reason that an analyst understands. The canonical form is what the store keeps, what
// the matcher compares by equality, and what exports write. Rules: docs/semantics.md. Tested by
// canonical_test.cpp.
//
// Canonical forms by type:
//   IPv4            dotted decimal. An IPv4-mapped IPv6 address becomes IPv4 (I7), with a note
//   IPv6            RFC 5952, lower-case; zone id dropped (V2)
//   CIDR            network/len, host bits masked with a note (C2); /32 and /128 stay CIDR
//   IPv4-port       192.0.2.5:8443         IPv6-port  [2001:db8::5]:8443
//   domain,hostname A-labels, lower-case, no trailing dot, no leading "*." (D1). A value of
//   type domain or hostname
//                   that is an IP address, a URL, or holds a path becomes that type, with a
//                   note
//   URL             U1, always with a scheme (http:// is added with a note where none was
//   written) URI             a whole URL becomes type URL (with a note); a bare path stays URI,
//   begins with '/' FileHash-*      lower-case hex digits of the right length; colons between
//   bytes are removed SSLCertFingerprint  lower-case hex, colons removed; 32, 40 or 64 digits
//   JA3             32 lower-case hex digits       PEHASH 40, IMPHASH 32
//   email           lower-case, domain part by D1 (E1)
//   FilePath        Windows: lower-case (Unicode simple folding), '\' separators folded,
//   prefixes and the drive of device volumes
//                   removed as F1 says, profile classes and environment variables in the form
//                   "%appdata%\x" (F2); Unix (begins with '/' or "~/"): as written, repeated
//                   '/' folded, no trailing '/'
//   FileName        one component, as written (F3: compared case-blind or not by where it is
//   seen) RegistryKey     lower-case, root as hklm, hkcu, hku, hkcr, hkcc; CurrentControlSet
//   for ControlSet00n (R1) Mutex           as written less O1's prefixes     NamedPipe
//   lower-case less O1's prefixes CVE             CVE-2021-44228 upper-case          ASN
//   AS64496 BitcoinAddress  base58 as written, bech32 lower-case UserAgent       as written,
//   outer blanks trimmed YARA, osquery   as written (YARA: OTX's 40-hex id); content lives in
//   the claim

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ioc/observable.h"

namespace spoor {

/// Why a value cannot be an observable: the rule of docs/semantics.md that says so, and words.
struct Refusal {
  std::string rule;    ///< "I1", "D1", "S5", "X3", ...
  std::string reason;  ///< lower case: "not an IPv4 address: octet 256 is over 255"
};

struct Canonical {
  Observable observable;
  /// What was changed beyond spelling: rule id and words ("C2: host bits masked").
  std::vector<Refusal> notes;
};

template <typename T>
using OrRefusal = tl::expected<T, Refusal>;

/// The canonical observable of `raw`, a value that a feed gives as `type`. Outer blanks, quotes
/// and defanging (X3) are undone first. May return another type than asked where the value
/// plainly is of that type (see above), with a note. O(raw.size()); any thread; values over 8
/// KiB are refused.
OrRefusal<Canonical> canonicalize(IndicatorType type, std::string_view raw);

/// The type that a bare value (a line of a plain list) most plainly has, canonical at once:
/// addresses, networks, address:port, URLs, e-mail, hashes by length, CVE, AS numbers, registry
/// keys, paths, names. A name that is its own registrable domain (public suffix list) or a
/// shared host is `domain`, one below it `hostname`.
OrRefusal<Canonical> infer(std::string_view raw);

}  // namespace spoor
