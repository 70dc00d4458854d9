// Canonical forms, one function a family of types; what each does is in canonical.h.
// Idea: the value is cleaned (outer blanks, quotes), refanged only where brackets can mean
// nothing else, then parsed by the one parser of its kind; a value that plainly is of another
// kind goes to that kind's parser with a note. Cost:  of the project; no
// allocation beyond the answer for plain ASCII values. Tested by canonical_test.cpp and
// fuzz/fuzz_observable.cpp.

#include "ioc/canonical.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "ioc/canonical_parts.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "ioc/path.h"
#include "ioc/refang.h"
#include "ioc/url.h"

namespace spoor {

using T = IndicatorType;

tl::unexpected<Refusal> refuse(std::string_view rule, std::string reason) {
  return tl::make_unexpected(Refusal{std::string(rule), std::move(reason)});
}

namespace {

// What a word processor or a web page leaves round a copied value: the no-break space, the
// zero-width space, the word joiner and the byte order mark.
constexpr std::string_view kWideBlanks[] = {"\xC2\xA0", "\xE2\x80\x8B", "\xE2\x81\xA0",
                                            "\xEF\xBB\xBF"};
struct QuotePair {
  std::string_view open, close;
};
// UTS 46 lets these into names: a quoted name would become another name, silently.
constexpr QuotePair kWideQuotes[] = {{"\xE2\x80\x9C", "\xE2\x80\x9D"},
                                     {"\xE2\x80\x98", "\xE2\x80\x99"},
                                     {"\xC2\xAB", "\xC2\xBB"}};

bool starts(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}
bool ends(std::string_view text, std::string_view with) {
  return text.size() >= with.size() && text.substr(text.size() - with.size()) == with;
}

std::string_view trim_all(std::string_view text) {
  text = trim(text);
  // Nearly every value is ASCII at both ends and is done here.
  while (!text.empty() && (is_non_ascii(text.front()) || is_non_ascii(text.back()))) {
    const std::size_t before = text.size();
    for (const std::string_view blank : kWideBlanks) {
      if (starts(text, blank)) text.remove_prefix(blank.size());
      if (ends(text, blank)) text.remove_suffix(blank.size());
    }
    if (text.size() == before) break;
    text = trim(text);
  }
  return text;
}

}  // namespace

std::string_view clean_value(std::string_view raw) {
  while (true) {
    raw = trim_all(raw);
    if (raw.size() >= 2 && is_non_ascii(raw.front()) && is_non_ascii(raw.back())) {
      const auto pair =
          std::find_if(std::begin(kWideQuotes), std::end(kWideQuotes), [&](const QuotePair& p) {
            return raw.size() >= p.open.size() + p.close.size() && starts(raw, p.open) &&
                   ends(raw, p.close);
          });
      if (pair == std::end(kWideQuotes)) return raw;
      const std::string_view inside =
          raw.substr(pair->open.size(), raw.size() - pair->open.size() - pair->close.size());
      if (inside.find(pair->open) != std::string_view::npos) return raw;
      raw = inside;
      continue;
    }
    if (raw.size() < 2 || raw.front() != raw.back()) return raw;
    const char quote = raw.front();
    if (quote != '"' && quote != '\'' && quote != '`') return raw;
    // `"a" and "b"` is two quoted words and not one.
    const std::string_view inside = raw.substr(1, raw.size() - 2);
    if (inside.find(quote) != std::string_view::npos) return raw;
    raw = inside;
  }
}

namespace {

Canonical plain(T type, std::string value) {
  return {{type, std::move(value)}, {}};
}

Canonical noted(T type, std::string value, std::string_view rule, std::string reason) {
  return {{type, std::move(value)}, {{std::string(rule), std::move(reason)}}};
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}
bool all_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_hex);
}
bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.size() > 5 || !all_digits(text)) return std::nullopt;
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (value == 0 || value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

/// IPv6 text without its zone; brackets must be gone.
std::optional<Ipv6> parse_zoned(std::string_view text) {
  const std::size_t zone = text.find('%');
  if (zone != std::string_view::npos && zone + 1 == text.size()) return std::nullopt;
  return parse_ipv6(text.substr(0, zone));
}

Canonical of_ipv6(const Ipv6& address) {
  if (const auto v4 = ipv4_mapped(address))
    return noted(T::kIpv4, format_ipv4(*v4), "I7",
                 "an IPv4-mapped IPv6 address is that IPv4 address");
  return plain(T::kIpv6, format_ipv6(address));
}

/// IPv4 text with I3's reading of zeros.
std::optional<OrRefusal<Canonical>> of_dotted(std::string_view text) {
  if (const auto strict = parse_ipv4(text)) return plain(T::kIpv4, std::string(text));
  const auto loose = parse_ipv4_loose(text);
  if (!loose) return std::nullopt;
  if (!loose->all_three_digits)
    return refuse("I3", "leading zeros in an IPv4 address: decimal and octal readings differ");
  return noted(T::kIpv4, format_ipv4(loose->value), "I3", "zero-padded groups read as decimal");
}

OrRefusal<Canonical> of_network(std::string_view text) {
  bool host_bits = false;
  auto network = parse_network(text, &host_bits);
  if (!network)
    return refuse("C1", "not a network: an address, '/' and a prefix length expected");
  Canonical out;
  out.observable.type = T::kCidr;
  if (host_bits) out.notes.push_back({"C2", "host bits masked"});
  if (network->is_v6 && network->prefix >= 96) {
    if (const auto v4 = ipv4_mapped(network->base)) {
      Network mapped;
      for (std::size_t i = 0; i < 4; ++i) mapped.base[i] = network->base[12 + i];
      mapped.prefix = network->prefix - 96;
      network = mapped;
      out.notes.push_back({"I7", "a network of IPv4-mapped addresses is that IPv4 network"});
    }
  }
  out.observable.value = format_network(*network);
  return out;
}

OrRefusal<Canonical> of_endpoint(OrRefusal<Canonical> host, std::string_view port_text) {
  if (!host) return host;
  const auto port = parse_port(port_text);
  if (!port) return refuse("P1", "not a port: 1 to 65535 expected");
  std::string& value = host->observable.value;
  if (host->observable.type == T::kIpv4) {
    host->observable.type = T::kIpv4Port;
  } else {
    host->observable.type = T::kIpv6Port;
    value = "[" + value + "]";
  }
  value += ":" + std::to_string(*port);
  return host;
}

}  // namespace

std::optional<OrRefusal<Canonical>> address_like(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const auto address = parse_zoned(text.substr(1, close - 1));
    if (!address) return std::nullopt;
    const std::string_view rest = text.substr(close + 1);
    if (rest.empty()) return of_ipv6(*address);
    if (rest.front() == ':' || rest.front() == '|')
      return of_endpoint(of_ipv6(*address), rest.substr(1));
    return std::nullopt;
  }
  const std::size_t mark = text.find_first_of(":/|");
  if (mark == std::string_view::npos) return of_dotted(text);
  if (text[mark] == ':' && text.find(':', mark + 1) != std::string_view::npos) {
    const std::size_t end = text.find_first_of("/|");
    const auto address = parse_zoned(text.substr(0, end));
    if (!address) return std::nullopt;
    if (end == std::string_view::npos) return of_ipv6(*address);
    if (text[end] == '|') return of_endpoint(of_ipv6(*address), text.substr(end + 1));
    return all_digits(text.substr(end + 1)) ? std::optional(of_network(text)) : std::nullopt;
  }
  auto host = of_dotted(text.substr(0, mark));
  if (!host) return std::nullopt;
  const std::string_view rest = text.substr(mark + 1);
  if (!all_digits(rest)) return std::nullopt;
  if (text[mark] == '/') return *host ? std::optional(of_network(text)) : host;
  return of_endpoint(*host, rest);
}

std::optional<T> hash_of_length(std::size_t digits) {
  switch (digits) {
    case 32:
      return T::kMd5;
    case 40:
      return T::kSha1;
    case 64:
      return T::kSha256;
    case 96:
      return T::kSha384;
    case 128:
      return T::kSha512;
    default:
      return std::nullopt;
  }
}

namespace {

/// The fragment is no part of the value (U1), and blanks may stand before it.
std::string_view without_fragment(std::string_view text) {
  return clean_value(text.substr(0, text.find('#')));
}

}  // namespace

OrRefusal<Canonical> canonical_url(std::string_view text) {
  text = without_fragment(text);
  auto url = parse_url(text, Scheme::kOptional);
  if (!url) return tl::make_unexpected(url.error());
  if (!url->scheme.empty()) return plain(T::kUrl, url->text());
  url->scheme = "http";
  if (url->port == default_port("http")) url->port.reset();
  return noted(T::kUrl, url->text(), "U1", "no scheme: http:// added");
}

bool ends_in_number(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return all_digits(name.substr(dot == std::string_view::npos ? 0 : dot + 1));
}

OrRefusal<Canonical> canonical_name(T type, std::string_view text) {
  auto name = canonical_domain(text);
  if (!name) return tl::make_unexpected(name.error());
  if (ends_in_number(name->ascii))
    return refuse("D1", "a name that ends in a number: neither a name nor an address");
  return plain(type, std::move(name->ascii));
}

OrRefusal<Canonical> canonical_email(std::string_view text) {
  if (starts_with_ignore_case(text, "mailto:")) text.remove_prefix(7);
  if (text.size() > 2 && text.front() == '<' && text.back() == '>')
    text = text.substr(1, text.size() - 2);
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos) return refuse("E1", "not an e-mail address: no '@'");
  const std::string_view local = text.substr(0, at);
  if (local.empty()) return refuse("E1", "not an e-mail address: nothing before '@'");
  for (char c : local) {
    if (!is_alnum(c) && c != '.' && c != '_' && c != '%' && c != '+' && c != '-')
      return refuse("E1", "a character before '@' that no local part has here");
  }
  auto name = canonical_domain(text.substr(at + 1));
  if (!name) return refuse("E1", "the domain part: " + name.error().reason);
  if (ends_in_number(name->ascii)) return refuse("E1", "the domain part is a number");
  return plain(T::kEmail, lower(local) + "@" + name->ascii);
}

namespace {

OrRefusal<Canonical> canonical_address(T type, std::string_view text) {
  auto found = address_like(text);
  if (!found) {
    if (type == T::kIpv4)
      return refuse("I1", "not an IPv4 address: four groups 0 to 255 expected");
    if (type == T::kIpv6) return refuse("V1", "not an IPv6 address");
    if (type == T::kCidr)
      return refuse("C1", "not a network: an address, '/' and a prefix length expected");
    return refuse("P1", "not an address with a port");
  }
  if (!*found) return *found;
  Canonical& out = **found;
  if (out.observable.type != type) {
    const std::string is = std::string("given as ") + std::string(name_of(type)) + ", is " +
                           std::string(name_of(out.observable.type));
    const bool told = !out.notes.empty() && out.notes.front().rule == "I7";
    if (!told) out.notes.push_back({"S2", is});
  }
  return *found;
}

/// A value of type domain or hostname.
OrRefusal<Canonical> canonical_host(T type, std::string_view text) {
  const std::size_t mark = text.find_first_of("/:?|[");
  // Only digits can end an address without a mark.
  const bool may_be_address =
      mark != std::string_view::npos || (!text.empty() && is_digit(text.back()));
  if (may_be_address) {
    if (auto found = address_like(text)) {
      if (!*found) return *found;
      (*found)->notes.push_back({"S2", std::string("given as ") + std::string(name_of(type)) +
                                           ", is " +
                                           std::string(name_of((*found)->observable.type))});
      return *found;
    }
  }
  if (mark == std::string_view::npos) return canonical_name(type, text);
  const std::string_view rest = text.substr(mark + 1);
  if ((text[mark] == ':' || text[mark] == '|') && all_digits(rest)) {
    if (!parse_port(rest)) return refuse("D1", "a name with a port that is none");
    auto name = canonical_name(type, text.substr(0, mark));
    if (name) name->notes.push_back({"D5", "the port is no part of the name and was dropped"});
    return name;
  }
  auto url = canonical_url(text);
  if (url) {
    url->notes.insert(url->notes.begin(), {"S2", std::string("given as ") +
                                                     std::string(name_of(type)) + ", is URL"});
  }
  return url;
}

/// A bare path as a URL's would be (U1): the host is only there to make it one.
OrRefusal<std::string> canonical_request_path(std::string_view path) {
  const auto url = parse_url("http://h.invalid" + std::string(path), Scheme::kRequired);
  if (!url) return refuse("U1", url.error().reason);
  return url->query ? url->path + "?" + *url->query : url->path;
}

OrRefusal<Canonical> canonical_uri(std::string_view text) {
  if (has_control(text) || text.find(' ') != std::string_view::npos)
    return refuse("U1", "a blank or control character in a URI");
  text = without_fragment(text);
  if (text.empty()) return refuse("U1", "a URI of nothing but a fragment");
  if (text.front() == '/') {
    auto path = canonical_request_path(text);
    if (!path) return tl::make_unexpected(path.error());
    return plain(T::kUri, std::move(*path));
  }
  const auto refanged = refang(text);
  if (!refanged) return tl::make_unexpected(refanged.error());
  const std::string_view value = refanged->text;
  const std::size_t slash = value.find('/');
  const std::size_t scheme = value.find("://");
  const bool has_scheme = scheme != std::string_view::npos && scheme + 1 == slash;
  bool has_host = false;
  if (!has_scheme && slash != std::string_view::npos) {
    const std::string_view host = value.substr(0, std::min(slash, value.find(':')));
    const auto name = canonical_domain(host);
    has_host = parse_ipv4(host) ||
               (name && registrable_domain(name->ascii) && !ends_in_number(name->ascii));
  }
  if (has_scheme || has_host) {
    auto url = canonical_url(value);
    if (url) url->notes.insert(url->notes.begin(), {"S2", "given as URI, is URL"});
    return url;
  }
  auto path = canonical_request_path("/" + std::string(value));
  if (!path) return tl::make_unexpected(path.error());
  return noted(T::kUri, std::move(*path), "U1", "a path without its '/': added");
}

/// Hex digits without colons, label and 0x; empty where the text is anything else.
std::string bare_digest(std::string_view text) {
  if (all_hex(text)) return lower(text);
  for (const std::string_view label : {"md5", "sha1", "sha-1", "sha256", "sha-256", "sha384",
                                       "sha512", "imphash", "pehash", "ja3"}) {
    if (starts_with_ignore_case(text, label) && text.size() > label.size() &&
        (text[label.size()] == ':' || text[label.size()] == '=')) {
      text = trim(text.substr(label.size() + 1));
      break;
    }
  }
  if (starts_with_ignore_case(text, "0x")) text.remove_prefix(2);
  if (text.find(':') == std::string_view::npos) return all_hex(text) ? lower(text) : "";
  std::string out;
  if (text.size() % 3 != 2) return out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    if (!is_hex(text[at]) || !is_hex(text[at + 1])) return "";
    if (at + 2 < text.size() && text[at + 2] != ':') return "";
    out += to_lower(text[at]);
    out += to_lower(text[at + 1]);
  }
  return out;
}

OrRefusal<Canonical> canonical_digest(T type, std::string_view text) {
  std::string digits = bare_digest(text);
  if (digits.empty())
    return refuse(type == T::kSslCertFingerprint ? "H5" : "H1", "not hexadecimal digits");
  const std::size_t size = digits.size();
  const auto wrong = [&](std::string_view expected) {
    return refuse("H1", std::string(name_of(type)) + " of " + std::to_string(size) +
                            " digits, expected " + std::string(expected));
  };
  switch (type) {
    case T::kPehash:
      if (size != 40) return wrong("40");
      break;
    case T::kImphash:
    case T::kJa3:
      if (size != 32) return wrong("32");
      break;
    case T::kSslCertFingerprint:
      if (size != 32 && size != 40 && size != 64) return wrong("32, 40 or 64");
      break;
    default: {
      const auto by_length = hash_of_length(size);
      if (!by_length) return wrong("32, 40, 64, 96 or 128");
      if (*by_length != type) {
        return noted(*by_length, std::move(digits), "H1",
                     std::string("given as ") + std::string(name_of(type)) +
                         ", its length is " + std::string(name_of(*by_length)));
      }
    }
  }
  return plain(type, std::move(digits));
}

OrRefusal<Canonical> canonical_object(T type, std::string_view text) {
  if (has_control(text)) return refuse("O1", "a control character in an object name");
  std::string name = type == T::kMutex ? std::string(strip_mutex_prefix(text))
                                       : fold_case(strip_pipe_prefix(text).value_or(text));
  if (name.empty()) return refuse("O1", "no name after the prefix");
  return plain(type, std::move(name));
}

std::string given_as(T given, T is) {
  return "given as " + std::string(name_of(given)) + ", is " + std::string(name_of(is));
}

/// "HKLM\x" and the like; the kernel's own "\REGISTRY\" could be a folder too, and is not
/// asked.
bool begins_with_hive(std::string_view text) {
  return starts_with_ignore_case(text, "HK");
}

OrRefusal<Canonical> canonical_path(T type, std::string_view text) {
  const std::string_view rule = type == T::kFilePath ? "F1" : "F3";
  if (has_control(text)) return refuse(rule, "a control character in a path");
  const bool has_separator = text.find_first_of("/\\") != std::string_view::npos;
  // "%TEMP%" is a folder without a separator; as a FileName it is taken at its word.
  const bool is_variable = type == T::kFilePath && !has_separator && text.size() > 2 &&
                           text.front() == '%' && text.find('%', 1) == text.size() - 1;
  if (!has_separator && !is_variable) {
    if (text == "." || text == "..") return refuse("F3", "a dot is no file name");
    if (type == T::kFilePath)
      return noted(T::kFileName, std::string(text), "F3",
                   "given as FilePath, is a bare file name");
    return plain(T::kFileName, std::string(text));
  }
  if (strip_pipe_prefix(text)) {
    auto pipe = canonical_object(T::kNamedPipe, text);
    if (pipe) pipe->notes.push_back({"S2", given_as(type, T::kNamedPipe)});
    return pipe;
  }
  if (const auto key = canonical_registry_key(text); key && begins_with_hive(text))
    return noted(T::kRegistryKey, key->folded, "S2", given_as(type, T::kRegistryKey));
  Canonical out = plain(T::kFilePath, "");
  const auto style = is_variable ? PathStyle::kWindows : path_style(text);
  const bool unix_like =
      style ? *style == PathStyle::kUnix : text.find('\\') == std::string_view::npos;
  out.observable.value =
      unix_like ? canonical_unix_path(text) : canonical_windows_path(text).folded;
  if (type == T::kFileName) out.notes.push_back({"F3", "given as FileName, is a path"});
  if (out.observable.value.empty()) return refuse(rule, "a path of nothing but prefixes");
  return out;
}

OrRefusal<Canonical> canonical_key(std::string_view text) {
  // regedit's export files bracket their keys.
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    text = text.substr(1, text.size() - 2);
  if (has_control(text)) return refuse("R1", "a control character in a registry key");
  auto key = canonical_registry_key(text);
  if (!key) return refuse("R1", "no known registry root begins the key");
  return plain(T::kRegistryKey, std::move(key->folded));
}

OrRefusal<Canonical> canonical_cve(std::string_view text) {
  // CVE-YYYY-N{4,19}: the syntax of 2014
  const bool shaped = starts_with_ignore_case(text, "CVE-") && text.size() >= 13 &&
                      text.size() <= 28 && text[8] == '-' && all_digits(text.substr(4, 4)) &&
                      all_digits(text.substr(9));
  if (!shaped) return refuse("O2", "not a CVE id: CVE-<year>-<four or more digits> expected");
  return plain(T::kCve, upper(text));
}

OrRefusal<Canonical> canonical_asn(std::string_view text) {
  if (starts_with_ignore_case(text, "ASN")) {
    text.remove_prefix(3);
  } else if (starts_with_ignore_case(text, "AS")) {
    text.remove_prefix(2);
  }
  if (!text.empty() && (is_blank(text.front()) || text.front() == ':')) text.remove_prefix(1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!all_digits(text) || error != std::errc() || end != text.data() + text.size())
    return refuse("O3", "not an AS number: AS and 0 to 4294967295 expected");
  return plain(T::kAsn, "AS" + std::to_string(number));
}

OrRefusal<Canonical> canonical_wallet(std::string_view text) {
  if (starts_with_ignore_case(text, "bc1")) {
    const std::string folded = lower(text);
    const bool mixed = text != folded && text != upper(text);
    const bool alphabet = std::all_of(folded.begin() + 3, folded.end(), [](char c) {
      return std::string_view("qpzry9x8gf2tvdw0s3jn54khce6mua7l").find(c) !=
             std::string_view::npos;  // BIP 173
    });
    if (mixed || !alphabet || folded.size() < 14 || folded.size() > 90)
      return refuse("O4", "not a bech32 address");
    return plain(T::kBitcoinAddress, folded);
  }
  const bool base58 = std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) && c != '0' && c != 'O' && c != 'I' && c != 'l';
  });
  if (!base58 || text.size() < 26 || text.size() > 35 ||
      (text.front() != '1' && text.front() != '3'))
    return refuse("O4",
                  "not a bitcoin address: base58 that begins with 1 or 3, or bc1 expected");
  return plain(T::kBitcoinAddress, std::string(text));
}

OrRefusal<Canonical> canonical_once(T type, std::string_view text) {
  switch (type) {
    case T::kIpv4:
    case T::kIpv6:
    case T::kCidr:
    case T::kIpv4Port:
    case T::kIpv6Port:
      return canonical_address(type, text);
    case T::kDomain:
    case T::kHostname:
      return canonical_host(type, text);
    case T::kUrl:
      return canonical_url(text);
    case T::kEmail:
      return canonical_email(text);
    case T::kUri:
      return canonical_uri(text);
    case T::kMd5:
    case T::kSha1:
    case T::kSha256:
    case T::kSha384:
    case T::kSha512:
    case T::kPehash:
    case T::kImphash:
    case T::kJa3:
    case T::kSslCertFingerprint:
      return canonical_digest(type, text);
    case T::kFilePath:
    case T::kFileName:
      return canonical_path(type, text);
    case T::kRegistryKey:
      return canonical_key(text);
    case T::kMutex:
    case T::kNamedPipe:
      return canonical_object(type, text);
    case T::kCve:
      return canonical_cve(text);
    case T::kAsn:
      return canonical_asn(text);
    case T::kBitcoinAddress:
      return canonical_wallet(text);
    case T::kUserAgent:
      if (has_control(text)) return refuse("O5", "a control character in a user agent");
      return plain(type, std::string(text));
    case T::kYara:
    case T::kOsquery:
      return plain(type, std::string(text));
  }
  return refuse("S2", "no such type");
}

bool is_refanged_type(T type) {
  switch (type) {
    case T::kIpv4:
    case T::kIpv6:
    case T::kCidr:
    case T::kIpv4Port:
    case T::kIpv6Port:
    case T::kDomain:
    case T::kHostname:
    case T::kUrl:
    case T::kEmail:
      return true;
    default:
      return false;
  }
}

/// Types whose form loses prefixes or quotes, which may uncover others.
bool may_uncover_more(T type) {
  return type == T::kFilePath || type == T::kFileName || type == T::kRegistryKey ||
         type == T::kMutex || type == T::kNamedPipe;
}

}  // namespace

bool may_be_defanged(std::string_view text) {
  if (text.empty()) return false;
  const char first = to_lower(text.front());
  if (first == 'h' || first == 'm') {
    if (starts_with_ignore_case(text, "hxxp") || starts_with_ignore_case(text, "meow"))
      return true;
  }
  for (char c : text) {
    if (c == '[' || c == '(' || c == '{' || c == '\\' || c == ']' || c == ')' || c == '}' ||
        c == ' ')
      return true;
  }
  return false;
}

OrRefusal<Canonical> canonicalize(T type, std::string_view raw) {
  if (raw.size() > kLongestValue)
    return refuse("S5",
                  "a value of " + std::to_string(raw.size()) + " bytes, at most 8192 expected");
  const std::string_view text = clean_value(raw);
  if (text.empty()) return refuse("S5", "an empty value");
  if (is_refanged_type(type) && may_be_defanged(text)) {
    const auto refanged = refang(text);
    if (!refanged) return tl::make_unexpected(refanged.error());
    return canonical_once(type, clean_value(refanged->text));
  }
  auto out = canonical_once(type, text);
  if (!may_uncover_more(type) || !out) return out;
  // The canonical form must be its own: `Global\Global\x` is a mutex `x`.
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds; ++round) {
    const std::string_view again = clean_value(out->observable.value);
    if (again.empty()) return refuse("S5", "an empty value");
    auto next = canonical_once(out->observable.type, again);
    if (!next) return next;
    if (next->observable == out->observable) return out;
    next->notes.insert(next->notes.begin(), out->notes.begin(), out->notes.end());
    out = std::move(next);
  }
  return refuse("S5", "more nested prefixes than any name has");
}

}  // namespace spoor
