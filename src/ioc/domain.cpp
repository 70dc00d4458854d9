// Domain names in canonical form, and public suffixes.
//
// Nearly every name is ASCII and takes one pass through a table that lowers letters and marks
// what a name may not hold; ICU is asked only where a byte is over 0x7F. An A-label in ASCII
// text is taken as it is: resolvers do not check it, so neither may a hunt. Sources: UTS 46
// (https://unicode.org/reports/tr46/), RFC 1035 2.3.4 (lengths),
// https://publicsuffix.org/list/. Cost: below 100 ns for an ASCII name. Tested by
// domain_test.cpp.

#include "ioc/domain.h"

#include <libpsl.h>
#include <unicode/uidna.h>

#include <array>
#include <cstring>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;
/// A mapped name may shrink (combining marks compose, ignorable characters vanish); past this
/// many bytes of text it is no name that anyone wrote.
constexpr std::size_t kMaxText = 2048;

/// What a byte becomes: its lower-case form, or 0 where a name may not hold it.
constexpr std::array<char, 256> kNameBytes = [] {
  std::array<char, 256> table{};
  for (unsigned i = 0; i < 128; ++i) {
    const char c = static_cast<char>(i);
    if (is_alnum(c) || c == '-' || c == '_' || c == '.') table[i] = to_lower(c);
  }
  return table;
}();

tl::unexpected<Refusal> refuse(std::string reason) {
  return tl::make_unexpected(Refusal{"D1", std::move(reason)});
}

tl::unexpected<Refusal> refuse_byte(char c) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string reason = "a domain name holds no ";
  const auto byte = static_cast<unsigned char>(c);
  if (byte > 0x20 && byte < 0x7F) {
    reason += '\'';
    reason += c;
    reason += '\'';
  } else if (c == ' ') {
    reason += "blank";
  } else {
    reason += "byte 0x";
    reason += kDigits[byte >> 4];
    reason += kDigits[byte & 15];
  }
  return refuse(std::move(reason));
}

/// The ASCII end of D1: one trailing dot off, letters lowered, lengths and bytes checked.
OrRefusal<DomainName> finish(std::string_view name, bool mapped) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);
  if (name.empty()) return refuse("an empty domain name");
  if (name.size() > kMaxName) return refuse("a domain name of more than 253 bytes");
  DomainName out;
  out.mapped = mapped;
  out.ascii.resize(name.size());
  std::size_t label = 0;  // where the current label begins
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = kNameBytes[static_cast<unsigned char>(name[i])];
    if (c == 0) return refuse_byte(name[i]);
    out.ascii[i] = c;
    if (c != '.') continue;
    if (i == label) return refuse("a domain name with an empty label");
    if (i - label > kMaxLabel) return refuse("a label of more than 63 bytes");
    label = i + 1;
  }
  if (name.size() == label) return refuse("a domain name with an empty label");
  if (name.size() - label > kMaxLabel) return refuse("a label of more than 63 bytes");
  return out;
}

/// Opened once and never closed; a UIDNA from uidna_openUTS46 may be used by any number of
/// threads.
const UIDNA* mapper() {
  static const UIDNA* const idna = [] {
    UErrorCode error = U_ZERO_ERROR;
    UIDNA* opened = uidna_openUTS46(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, &error);
    return U_SUCCESS(error) ? opened : nullptr;
  }();
  return idna;
}

OrRefusal<DomainName> map_name(std::string_view text) {
  if (text.size() > kMaxText) return refuse("a domain name of more than 253 bytes");
  if (mapper() == nullptr) return refuse("no tables to map a name outside ASCII");
  // Room for every name that finish() takes; a result that does not fit is far over 253 bytes.
  std::array<char, 1024> buffer;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t length = uidna_nameToASCII_UTF8(
      mapper(), text.data(), static_cast<std::int32_t>(text.size()), buffer.data(),
      static_cast<std::int32_t>(buffer.size()), &info, &error);
  if (U_FAILURE(error)) return refuse("a domain name of more than 253 bytes");
  // Hyphens stand where they should not in names that resolve; lengths and empty labels are
  // checked by finish(), which says which.
  constexpr std::uint32_t kIgnored =
      UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4 |
      UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG;
  if ((info.errors & ~kIgnored) != 0) {
    return refuse("a domain name with characters that UTS 46 does not allow");
  }
  return finish(std::string_view(buffer.data(), static_cast<std::size_t>(length)), true);
}

bool has_non_ascii(std::string_view text) {
  unsigned char any = 0;
  for (const char c : text) any |= static_cast<unsigned char>(c);
  return any >= 0x80;
}

/// The list that libpsl was built with; where a distribution leaves that out, the newest file
/// of the system.
const psl_ctx_t* suffix_list() {
  static const psl_ctx_t* const list = [] {
    const psl_ctx_t* builtin = psl_builtin();
    return builtin != nullptr ? builtin : psl_latest(nullptr);
  }();
  return list;
}

/// libpsl wants a NUL at the end. A canonical name fits; anything else is empty here.
struct Terminated {
  explicit Terminated(std::string_view name) {
    const std::size_t size = name.size() <= kMaxName ? name.size() : 0;
    if (size > 0) std::memcpy(bytes.data(), name.data(), size);
    bytes[size] = '\0';
  }
  std::array<char, kMaxName + 1> bytes;
};

}  // namespace

OrRefusal<DomainName> canonical_domain(std::string_view text) {
  if (text.size() > 2 && text[0] == '*' && text[1] == '.') text.remove_prefix(2);
  return has_non_ascii(text) ? map_name(text) : finish(text, false);
}

bool is_public_suffix(std::string_view name) {
  const Terminated text(name);
  if (text.bytes[0] == '\0' || suffix_list() == nullptr) return false;
  return psl_is_public_suffix(suffix_list(), text.bytes.data()) != 0;
}

bool has_listed_suffix(std::string_view name) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (last == "example") return true;
  const Terminated text(last);
  if (text.bytes[0] == '\0' || suffix_list() == nullptr) return false;
  return psl_is_public_suffix2(suffix_list(), text.bytes.data(),
                               PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

std::optional<std::string_view> registrable_domain(std::string_view name) {
  const Terminated text(name);
  if (text.bytes[0] == '\0' || suffix_list() == nullptr) return {};
  const char* found = psl_registrable_domain(suffix_list(), text.bytes.data());
  if (found == nullptr) return {};
  return name.substr(static_cast<std::size_t>(found - text.bytes.data()));
}

}  // namespace spoor
