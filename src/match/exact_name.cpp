// Rules D and E: names and e-mail addresses.

#include <unicode/uchar.h>

#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "ioc/domain.h"
#include "ioc/ip.h"
#include "match/byte_classes.h"
#include "match/exact_scan.h"

namespace spoor {
namespace {

/// D7: top-level domains that are far more often the end of a file name.
constexpr std::array<std::string_view, 19> kFileLikeTlds = {
    "zip", "mov", "sh",  "py", "rs", "pl", "md",   "ps", "so", "app",
    "cab", "bat", "pub", "pm", "ai", "js", "java", "do", "cc"};
/// D7: fields and words that announce a host.
constexpr std::array<std::string_view, 10> kHostWords = {
    "query", "host",        "hostname", "domain", "dns",
    "sni",   "server_name", "fqdn",     "rrname", "qname"};

}  // namespace

bool is_name_character(char32_t c) {
  const auto code = static_cast<UChar32>(c);
  return u_isalpha(code) != 0 || u_isdigit(code) != 0 ||
         (U_GET_GC_MASK(code) & U_GC_M_MASK) != 0 || is_wide_dot(c);
}

void trim_name(std::string_view text, std::size_t& begin, std::size_t& end) {
  const auto wide_dot_at = [&](std::size_t i) {
    return i + 3 <= end && is_non_ascii(text[i]) && is_wide_dot(decode_utf8(text, i).value);
  };
  while (begin < end && (text[begin] == '-' || text[begin] == '.' || wide_dot_at(begin))) {
    begin += is_non_ascii(text[begin]) ? 3 : 1;
  }
  while (end > begin && (text[end - 1] == '-' || text[end - 1] == '.' ||
                         (end - begin >= 3 && wide_dot_at(end - 3)))) {
    end -= is_non_ascii(text[end - 1]) ? 3 : 1;
  }
}

/// The end of the maximal run of name characters from `from` on; begin is `from`.
ExactScan::Range ExactScan::name_run(std::size_t from) const {
  static constexpr ByteSet kNameBytes = bytes_that(is_name_byte);
  std::size_t i = from;
  while (i < text_.size()) {
    if (holds(kNameBytes, text_[i])) {
      ++i;
    } else if (is_non_ascii(text_[i])) {
      const CodePoint point = decode_utf8(text_, i);
      if (!point.valid || !is_name_character(point.value)) break;
      i += point.length;
    } else {
      break;
    }
  }
  return {from, i};
}

/// D5: a run directly before '@', or before ':...@' in the authority of a URL.
bool ExactScan::is_user_info(std::size_t begin, std::size_t end) const {
  std::size_t i = end;
  while (i < text_.size() && is_local_byte(text_[i])) ++i;
  if (at(i) == '@' && i < text_.size()) return true;
  // Between the scheme and the host of a URL.
  const UrlToken* url = url_around(begin);
  return url != nullptr && url->has_scheme && url->parsed && begin < url->host.begin;
}

/// D7: whether something says that this is a host and no file.
bool ExactScan::marks_a_host(std::size_t begin, std::size_t end) const {
  if (before(begin) == '@') return true;
  if (begin >= 3 && text_.substr(begin - 3, 3) == "://") return true;
  if (at(end) == '/' || (at(end) == ':' && is_digit(at(end + 1)))) return true;
  if (const UrlToken* url = url_with_host_at(begin)) {
    if (url->has_scheme) return true;
  }
  if (const FieldMark* field = field_at(begin)) {
    if (field->role == FieldRole::kDomain || field->role == FieldRole::kHost) return true;
  }
  // A word with ':', '=' or a blank before the name; quotes and brackets may stand between.
  std::size_t i = begin;
  bool joined = false;
  while (i > 0 && begin - i < 8 &&
         (is_blank(text_[i - 1]) ||
          std::string_view("\"':=[(<").find(text_[i - 1]) != std::string_view::npos)) {
    const char c = text_[--i];
    joined = joined || is_blank(c) || c == ':' || c == '=';
  }
  if (!joined) return false;
  std::size_t word = i;
  while (word > 0 && (is_alnum(text_[word - 1]) || text_[word - 1] == '_')) --word;
  for (const std::string_view known : kHostWords) {
    if (equals_ignore_case(text_.substr(word, i - word), known)) return true;
  }
  return false;
}

/// I7 and V6: the address that a reverse name stands for.
void ExactScan::match_reverse_name(std::string_view name, std::size_t begin, std::size_t end) {
  if (const auto v4 = parse_in_addr_arpa(name)) {
    const std::array<std::uint8_t, 4> bytes = {
        static_cast<std::uint8_t>(*v4 >> 24), static_cast<std::uint8_t>(*v4 >> 16),
        static_cast<std::uint8_t>(*v4 >> 8), static_cast<std::uint8_t>(*v4)};
    match_address(bytes, format_ipv4(*v4), begin, end, Grade::kDerived, "I7");
  } else if (const auto v6 = parse_ip6_arpa(name)) {
    match_address(*v6, format_ipv6(*v6), begin, end, Grade::kDerived, "V6");
  }
}

void ExactScan::cut_name(std::size_t begin, std::size_t end) {
  trim_name(text_, begin, end);
  if (begin == end || end - begin > 1024) return;
  const std::string_view token = text_.substr(begin, end - begin);
  bool dots = false, letters = false, wide = false;
  for (const char c : token) {
    dots = dots || c == '.';
    letters = letters || is_alpha(c) || is_non_ascii(c);
    wide = wide || is_non_ascii(c);
  }
  if (!letters) return;  // an address or a number
  if (!dots && !wide && !index_.has_single_label()) return;
  names_.push_back({{begin, end}, canonical_domain(token)});
  if (!names_.back().name) return;
  const std::string_view ascii = names_.back().name->ascii;
  expect_value(IndicatorType::kDomain, ascii);
  expect_value(IndicatorType::kHostname, ascii);
  expect_url(ClaimIndex::url_key(ascii, ""));
  for (std::string_view parent = parent_of(ascii); !parent.empty(); parent = parent_of(parent))
    expect_value(IndicatorType::kDomain, parent);
}

void ExactScan::match_name(const NameToken& cut) {
  const std::size_t begin = cut.whole.begin, end = cut.whole.end;
  const std::string_view token = text_.substr(begin, end - begin);
  if (is_user_info(begin, end)) {
    if (tracing()) {
      refuse(
          begin, end, "D5",
          "'" + std::string(token) + "' stands before '@': user-info or a local part, no name");
    }
    return;
  }
  const auto& name = cut.name;
  if (!name) {
    if (tracing())
      refuse(begin, end, "D1", "'" + std::string(token) + "': " + name.error().reason);
    return;
  }
  const std::string& ascii = name->ascii;
  match_reverse_name(ascii, begin, end);

  Grade grade = name->mapped ? Grade::kEquivalent : Grade::kExact;
  const char* rule = name->mapped ? "D1" : "D3";
  const std::size_t first_dot = ascii.find('.');
  if (first_dot != std::string::npos &&
      ascii.find('.', first_dot + 1) == std::string::npos) {  // D7: two labels
    const std::string_view tld = std::string_view(ascii).substr(first_dot + 1);
    for (const std::string_view file_like : kFileLikeTlds) {
      if (tld == file_like && !marks_a_host(begin, end)) {
        grade = Grade::kWeak;
        rule = "D7";
      }
    }
  }
  index_.of_value(IndicatorType::kDomain, ascii,
                  [&](std::uint32_t indicator) { found(begin, end, indicator, grade, rule); });
  index_.of_value(IndicatorType::kHostname, ascii,
                  [&](std::uint32_t indicator) { found(begin, end, indicator, grade, rule); });
  std::size_t port_end = end + 1;
  while (at(end) == ':' && is_digit(at(port_end))) ++port_end;
  match_root_urls(
      ascii, begin, end,
      at(end) == ':' ? text_.substr(end + 1, port_end - end - 1) : std::string_view(), grade);
  // D3: a domain covers the names below it, unless strangers live there (D6).
  for (std::string_view parent = parent_of(ascii); !parent.empty();
       parent = parent_of(parent)) {
    index_.of_value(IndicatorType::kDomain, parent, [&](std::uint32_t indicator) {
      if (covers_subdomains(parent)) {
        found(begin, end, indicator, weaker(grade, Grade::kContains), "D3");
      } else {
        refuse(begin, end, "D6",
               "'" + std::string(parent) +
                   "' is a public suffix or a shared host: names below it are strangers");
      }
    });
    if (tracing()) {
      index_.of_value(IndicatorType::kHostname, parent, [&](std::uint32_t) {
        refuse(begin, end, "D3",
               "'" + ascii + "' is below '" + std::string(parent) +
                   "', but a hostname means only itself");
      });
    }
  }
  if (tracing())
    refuse(begin, end, "D2",
           "'" + ascii + "' is one whole name, compared label by label from the right");
}

void ExactScan::match_email(std::size_t sign) {
  std::size_t begin = sign;
  while (begin > 0 && sign - begin < 256 && is_local_byte(text_[begin - 1])) --begin;
  Range domain = name_run(sign + 1);
  while (domain.end > domain.begin &&
         (text_[domain.end - 1] == '-' || text_[domain.end - 1] == '.'))
    --domain.end;
  if (begin == sign || domain.end == domain.begin || domain.end - domain.begin > 512) return;
  const auto name = canonical_domain(text_.substr(domain.begin, domain.end - domain.begin));
  if (!name) return;
  const std::string value = lower(text_.substr(begin, sign - begin)) + "@" + name->ascii;
  index_.of_value(IndicatorType::kEmail, value, [&](std::uint32_t indicator) {
    found(begin, domain.end, indicator, name->mapped ? Grade::kEquivalent : Grade::kExact,
          "E1");
  });
  if (tracing()) {
    refuse(begin, domain.end, value.find('+') != std::string::npos ? "E2" : "E1",
           "'" + value + "' is one whole address; plus-tags are significant");
  }
}

/// Where to go on at or after `from`, which continues no name. Where no claim is a single
/// label, words of ASCII without a dot are none.
std::size_t ExactScan::next_name(std::size_t from) const {
  if (index_.has_single_label()) return from;
  static constexpr ByteSet kSigns =
      bytes_that([](char c) { return c == '.' || is_non_ascii(c); });
  std::size_t sign = from;
  while (sign < text_.size() && !holds(kSigns, text_[sign])) ++sign;
  if (sign == text_.size()) return sign;
  while (sign > from && is_name_byte(text_[sign - 1])) --sign;
  return sign;
}

/// D3: the name that `name` lies directly below; empty where no claim can be it.
std::string_view ExactScan::parent_of(std::string_view name) const {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return {};
  name.remove_prefix(dot + 1);
  const bool single = name.find('.') == std::string_view::npos;
  return single && !index_.has_single_label() ? std::string_view() : name;
}

void ExactScan::cut_names() {
  for (std::size_t i = 0; (i = next_name(i)) < text_.size();) {
    const Range run = name_run(i);
    if (run.end > i) {
      cut_name(run.begin, run.end);
      i = run.end;
      continue;
    }
    // Past a character that is no part of a name; a code point at a time, so that a run never
    // begins inside one.
    i += is_non_ascii(text_[i]) ? decode_utf8(text_, i).length : 1;
  }
}

void ExactScan::match_names() {
  for (const NameToken& name : names_) match_name(name);
}

void ExactScan::match_emails() {
  if (!index_.has(IndicatorType::kEmail)) return;
  for (std::size_t sign = text_.find('@'); sign != std::string_view::npos;
       sign = text_.find('@', sign + 1))
    match_email(sign);
}

}  // namespace spoor
