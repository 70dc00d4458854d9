// URLs in parts and in canonical form.
//
// The text is cut by RFC 3986: scheme, authority up to the first of / ? #, path, query,
// fragment. The authority's user-info ends at its last '@'. A '\' is no separator here
// (browsers take it for '/'), so a host that holds one is refused. The host is then read as
// browsers read it, because that is where a disguised host would lead
// (https://url.spec.whatwg.org/#host-parsing): percent-decoded, mapped to A-labels, and taken
// for an IPv4 address if its last label is a number; a number that is no address is refused.
// One departure: a dotted host of four groups of three digits ("192.000.002.005") is decimal,
// as I3 has it, where browsers would read octal. Without a scheme only a dotted name or an
// address that stands in its plain notation is a host, and only the end, ":port", '/' or '?'
// may follow it: all else in a log is no URL.
//
// The canonical form is a fixed point: parsing text() gives the same parts. Hence an escape
// stays where decoding it would make a new escape with a stray '%' before it ("%%341"). Cost:
// linear in the text; allocates the parts. Tested by url_test.cpp.

#include "ioc/url.h"

#include <algorithm>

#include "base/ascii.h"
#include "ioc/domain.h"
#include "ioc/ip.h"

namespace spoor {
namespace {

constexpr std::size_t kMaxHostText =
    2048;  // as canonical_domain() takes; percent-coded names fit

tl::unexpected<Refusal> refuse(std::string reason) {
  return tl::make_unexpected(Refusal{"U1", std::move(reason)});
}

constexpr bool is_unreserved(char c) {
  return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

constexpr char kHexDigits[] = "0123456789ABCDEF";

void append_escape(std::string& out, unsigned char byte) {
  out += '%';
  out += kHexDigits[byte >> 4];
  out += kHexDigits[byte & 15];
}

/// The byte that the escape at text[at] ('%') stands for, or -1.
int escape_at(std::string_view text, std::size_t at) {
  if (text.size() - at < 3) return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/// Length of the scheme that begins `text` and is followed by "://", or 0.
std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_alpha(text[0])) return 0;
  std::size_t end = 1;
  while (end < text.size() &&
         (is_alnum(text[end]) || text[end] == '+' || text[end] == '-' || text[end] == '.')) {
    ++end;
  }
  return text.substr(end, 3) == "://" ? end : 0;
}

std::string normal_escapes(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (is_non_ascii(c)) {
      append_escape(out, static_cast<unsigned char>(c));
      continue;
    }
    const int byte = c == '%' ? escape_at(path, i) : -1;
    if (byte < 0) {
      out += c;
      continue;
    }
    i += 2;
    const char plain = static_cast<char>(byte);
    // A '%' at the end of `out`, or one byte before it, is a stray one: whole escapes are three
    // bytes.
    const bool joins_stray = is_hex(plain) && ((!out.empty() && out.back() == '%') ||
                                               (out.size() >= 2 && out[out.size() - 2] == '%'));
    if (is_unreserved(plain) && !joins_stray) {
      out += plain;
    } else {
      append_escape(out, static_cast<unsigned char>(byte));
    }
  }
  return out;
}

/// RFC 3986 5.2.4 for a path that begins with '/'. Each byte is appended and removed at most
/// once.
std::string without_dot_segments(std::string path) {
  if (path.find("/.") == std::string::npos) return path;
  std::string out;
  out.reserve(path.size());
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string_view segment = std::string_view(path).substr(at + 1, end - at - 1);
    const bool last = end == path.size();
    if (segment == "." || segment == "..") {
      if (segment == ".." && !out.empty()) out.resize(out.rfind('/'));
      if (last) out += '/';
    } else {
      out += '/';
      out += segment;
    }
    at = end;
  }
  return out;
}

/// Whether browsers would take the host for an IPv4 address: its last label is digits, or 0x
/// and hex digits.
bool ends_in_number(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  std::string_view label = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (label.empty()) return false;
  if (std::all_of(label.begin(), label.end(), is_digit)) return true;
  if (label.size() < 2 || label[0] != '0' || to_lower(label[1]) != 'x') return false;
  label.remove_prefix(2);
  return std::all_of(label.begin(), label.end(), is_hex);
}

/// The host between brackets.
OrRefusal<void> read_ipv6(std::string_view text, Url& url) {
  const std::size_t zone = text.find('%');
  const auto address = parse_ipv6(text.substr(0, zone));
  if (!address) return refuse("brackets that hold no IPv6 address");
  if (const auto v4 = ipv4_mapped(*address)) {  // I7: the same host
    url.host_kind = HostKind::kIpv4;
    url.host = format_ipv4(*v4);
    url.host_respelled = true;
    return {};
  }
  url.host_kind = HostKind::kIpv6;
  url.host = format_ipv6(*address);
  url.host_respelled = !equals_ignore_case(text.substr(0, zone), url.host);
  return {};
}

OrRefusal<void> read_host(std::string_view text, bool has_scheme, Url& url) {
  if (text.empty()) return refuse("no host");
  if (text.size() > kMaxHostText) return refuse("a host of more than 253 bytes");
  if (const auto plain = parse_ipv4(text)) {  // the common case, without a detour through names
    url.host_kind = HostKind::kIpv4;
    url.host.assign(text);
    return {};
  }
  std::string decoded;
  if (text.find('%') != std::string_view::npos) {
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        decoded += text[i];
        continue;
      }
      const int byte = escape_at(text, i);
      if (byte < 0) return refuse("a host with a '%' that begins no escape");
      decoded += static_cast<char>(byte);
      i += 2;
    }
    text = decoded;
    url.host_respelled = true;
  }
  auto name = canonical_domain(text);
  if (!name) return refuse("a host that is no name: " + name.error().reason);
  url.host_respelled = url.host_respelled || name->mapped;
  if (!ends_in_number(name->ascii)) {
    if (!has_scheme && name->ascii.find('.') == std::string::npos) {
      return refuse("neither a scheme nor a dotted host");
    }
    url.host = std::move(name->ascii);
    return {};
  }
  const auto loose = parse_ipv4_loose(name->ascii);
  const bool is_decimal = loose && (!loose->leading_zeros || loose->all_three_digits);
  if (!has_scheme && !is_decimal) {
    return refuse("a number without a scheme that is not in dotted decimal");
  }
  std::optional<std::uint32_t> value;
  if (is_decimal) {
    value = loose->value;
  } else {
    value = parse_ipv4_url_host(name->ascii);
  }
  if (!value) return refuse("a host that ends in a number and is no IPv4 address");
  url.host_zero_padded = loose && loose->leading_zeros;
  url.host_respelled = url.host_respelled || !loose || loose->leading_zeros;
  url.host_kind = HostKind::kIpv4;
  url.host = format_ipv4(*value);
  return {};
}

/// The digits after the host's ':'; none at all is no port (RFC 3986 3.2.3).
OrRefusal<void> read_port(std::string_view digits, Url& url) {
  if (digits.empty()) return {};
  unsigned value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return refuse("a port that is no number");
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > 65535) return refuse("a port over 65535");
  }
  const auto port = static_cast<std::uint16_t>(value);
  if (default_port(url.scheme) != port) url.port = port;
  return {};
}

}  // namespace

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  struct Row {
    std::string_view scheme;
    std::uint16_t port;
  };
  static constexpr Row kRows[] = {
      {"http", 80}, {"https", 443}, {"ftp", 21}, {"ws", 80}, {"wss", 443}};
  for (const Row& row : kRows) {
    if (equals_ignore_case(row.scheme, scheme)) return row.port;
  }
  return {};
}

std::string Url::text() const {
  std::string out;
  out.reserve(scheme.size() + host.size() + path.size() + (query ? query->size() : 0) + 16);
  if (!scheme.empty()) {
    out += scheme;
    out += "://";
  }
  if (host_kind == HostKind::kIpv6) out += '[';
  out += host;
  if (host_kind == HostKind::kIpv6) out += ']';
  if (port) {
    out += ':';
    out += std::to_string(*port);
  }
  out += path;
  if (query) {
    out += '?';
    out += *query;
  }
  return out;
}

OrRefusal<Url> parse_url(std::string_view text, Scheme scheme) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F) return refuse("a blank or a control character");
  }
  Url url;
  const std::size_t scheme_end = scheme_length(text);
  const bool has_scheme = scheme_end != 0;
  if (!has_scheme && scheme == Scheme::kRequired) return refuse("no scheme followed by ://");
  url.scheme = lower(text.substr(0, scheme_end));

  const std::size_t begin = has_scheme ? scheme_end + 3 : 0;
  std::size_t end = begin;
  while (end < text.size() && text[end] != '/' && text[end] != '?' && text[end] != '#') ++end;
  const std::string_view authority = text.substr(begin, end - begin);
  const std::size_t at_sign = authority.rfind('@');
  if (!has_scheme && at_sign != std::string_view::npos) {
    return refuse("an '@' before the host, and no scheme");
  }
  if (!has_scheme && end < text.size() && text[end] == '#') {
    return refuse("neither a scheme nor a path before the '#'");
  }
  const std::size_t skip = at_sign == std::string_view::npos ? 0 : at_sign + 1;
  const std::string_view host_port = authority.substr(skip);

  std::size_t port_at = 0;  // where host_port continues after the host
  if (!host_port.empty() && host_port[0] == '[') {
    const std::size_t close = host_port.find(']');
    if (close == std::string_view::npos) return refuse("a host with '[' and no ']'");
    url.host_begin = begin + skip + 1;
    url.host_end = begin + skip + close;
    const auto read = read_ipv6(host_port.substr(1, close - 1), url);
    if (!read) return tl::make_unexpected(read.error());
    port_at = close + 1;
    if (port_at < host_port.size() && host_port[port_at] != ':') {
      return refuse("text between ']' and the port");
    }
  } else {
    port_at = std::min(host_port.find(':'), host_port.size());
    url.host_begin = begin + skip;
    url.host_end = begin + skip + port_at;
    const auto read = read_host(host_port.substr(0, port_at), has_scheme, url);
    if (!read) return tl::make_unexpected(read.error());
  }
  if (port_at < host_port.size()) {
    const auto read = read_port(host_port.substr(port_at + 1), url);
    if (!read) return tl::make_unexpected(read.error());
  }

  std::size_t path_end = end;
  while (path_end < text.size() && text[path_end] != '?' && text[path_end] != '#') ++path_end;
  url.path_begin = end;
  url.path = end == path_end
                 ? std::string("/")
                 : without_dot_segments(normal_escapes(text.substr(end, path_end - end)));
  url.query_begin = std::string_view::npos;
  if (path_end < text.size() && text[path_end] == '?') {
    url.query_begin = path_end + 1;
    const std::size_t query_end = std::min(text.find('#', path_end), text.size());
    url.query.emplace(text.substr(path_end + 1, query_end - path_end - 1));
  }
  return url;
}

}  // namespace spoor
