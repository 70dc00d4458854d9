// URLs in parts and in canonical form (U1, I6): RFC 3986 syntax and normalisation, the host by
// the WHATWG host parser (percent-decoding, IDNA, integer/hex/octal IPv4), query kept as it is.
// Tested by url_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ioc/canonical.h"

namespace spoor {

enum class HostKind : std::uint8_t { kName, kIpv4, kIpv6 };

struct Url {
  std::string scheme;  ///< lower-case; empty where the text has none
  HostKind host_kind = HostKind::kName;
  std::string host;  ///< A-labels, dotted decimal, or RFC 5952 without brackets
  bool host_respelled =
      false;  ///< the host needed D1's mapping, percent-decoding or I6: S4 equivalent
  bool host_zero_padded = false;      ///< dotted host with leading zeros (I3)
  std::optional<std::uint16_t> port;  ///< explicit and not the default of its scheme
  std::string path;                   ///< canonical, begins with '/'
  std::optional<std::string>
      query;  ///< bytes after '?' as written; nothing where there is no '?'

  /// Where the parts stand in the text that was parsed, bytes from its begin.
  std::size_t host_begin = 0, host_end = 0;     ///< without brackets
  std::size_t path_begin = 0, query_begin = 0;  ///< query_begin: after '?', or npos

  /// scheme://host[:port]path[?query]; IPv6 hosts in brackets.
  std::string text() const;
};

enum class Scheme : std::uint8_t { kRequired, kOptional };

/// Parses the whole of `text`. U1: lower-case scheme and host, default port (http/ws 80,
/// https/wss 443, ftp 21), user-info and fragment dropped, empty path = "/", dot segments
/// resolved, unreserved percent-escapes decoded, others upper-cased, bytes over 0x7F in the
/// path percent-encoded. Refuses (U1) a missing or invalid host, a bad port, blanks and
/// controls.
OrRefusal<Url> parse_url(std::string_view text, Scheme scheme);

/// Port that `scheme` implies; nothing for a scheme that has none.
std::optional<std::uint16_t> default_port(std::string_view scheme);

}  // namespace spoor
