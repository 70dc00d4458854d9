#include "io/evtx_value.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <charconv>
#include <iterator>

#include "base/ascii.h"
#include "base/utf8.h"
#include "io/little_endian.h"

namespace spoor {
namespace {

constexpr char kDigits[] = "0123456789ABCDEF";

void append_hex(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

template <typename T>
void append_number(std::string& out, T value, int base = 10) {
  char buffer[32];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value, base).ptr;
  out.append(buffer, end);
}

void append_real(std::string& out, double value) {
  char buffer[64];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
  out.append(buffer, end);
}

void append_padded(std::string& out, std::uint64_t value, std::size_t width) {
  char buffer[24];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value).ptr;
  const auto size = static_cast<std::size_t>(end - buffer);
  if (size < width) out.append(width - size, '0');
  out.append(buffer, end);
}

std::uint64_t load_any(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

bool is_word_size(std::size_t size) {
  return size == 1 || size == 2 || size == 4 || size == 8;
}

void append_signed(std::string& out, std::string_view bytes) {
  const std::uint64_t value = load_any(bytes);
  const unsigned unused = static_cast<unsigned>(64 - 8 * bytes.size());
  append_number(out, static_cast<std::int64_t>(value << unused) >> unused);
}

void append_guid(std::string& out, std::string_view bytes) {
  out += '{';
  for (const int at : {3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15}) {
    if (at < 0) {
      out += '-';
    } else {
      append_hex(out, bytes.substr(static_cast<std::size_t>(at), 1));
    }
  }
  out += '}';
}

/// [MS-DTYP] 2.4.2: revision, count, six bytes of authority (the highest first),
/// sub-authorities.
bool append_sid(std::string& out, std::string_view bytes) {
  if (bytes.size() < 8) return false;
  const std::size_t count = static_cast<unsigned char>(bytes[1]);
  if (bytes.size() < 8 + 4 * count) return false;
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i)
    authority = authority << 8 | static_cast<unsigned char>(bytes[i]);
  out += "S-";
  append_number(out, static_cast<unsigned>(static_cast<unsigned char>(bytes[0])));
  out += '-';
  append_number(out, authority);
  for (std::size_t i = 0; i < count; ++i) {
    out += '-';
    append_number(out, load_le<std::uint32_t>(bytes, 8 + 4 * i));
  }
  return true;
}

void append_system_time(std::string& out, std::string_view bytes) {
  const auto part = [&](std::size_t at) { return load_le<std::uint16_t>(bytes, 2 * at); };
  append_padded(out, part(0), 4);
  out += '-';
  append_padded(out, part(1), 2);
  out += '-';
  append_padded(out, part(3), 2);
  out += 'T';
  append_padded(out, part(4), 2);
  out += ':';
  append_padded(out, part(5), 2);
  out += ':';
  append_padded(out, part(6), 2);
  out += '.';
  append_padded(out, part(7), 3);
  out += 'Z';
}

/// Bytes of one code page or another: as they are, but for what could be markup.
void append_ansi(std::string& out, std::string_view bytes, EvtxPlace place) {
  while (!bytes.empty() && bytes.back() == '\0') bytes.remove_suffix(1);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '<') {
      out += "&lt;";
    } else if (c == '\'' && place == EvtxPlace::kAttribute) {
      out += "&#39;";
    } else {
      out += c == '\0' ? '\n' : c;
    }
  }
}

/// Bytes of one element; 0 where elements have no fixed size.
std::size_t element_bytes(EvtxType type) {
  switch (type) {
    case EvtxType::kInt8:
    case EvtxType::kUInt8:
      return 1;
    case EvtxType::kInt16:
    case EvtxType::kUInt16:
      return 2;
    case EvtxType::kInt32:
    case EvtxType::kUInt32:
    case EvtxType::kReal32:
    case EvtxType::kBool:
    case EvtxType::kHexInt32:
      return 4;
    case EvtxType::kInt64:
    case EvtxType::kUInt64:
    case EvtxType::kReal64:
    case EvtxType::kFileTime:
    case EvtxType::kHexInt64:
      return 8;
    case EvtxType::kGuid:
    case EvtxType::kSystemTime:
      return 16;
    default:
      return 0;
  }
}

void append_scalar(std::string& out, EvtxType type, std::string_view bytes, EvtxPlace place) {
  const std::size_t size = bytes.size();
  switch (type) {
    case EvtxType::kNull:
      return;
    case EvtxType::kString:
    case EvtxType::kXml:
      return append_utf16(out, bytes, place);
    case EvtxType::kAnsiString:
      return append_ansi(out, bytes, place);
    case EvtxType::kInt8:
    case EvtxType::kInt16:
    case EvtxType::kInt32:
    case EvtxType::kInt64:
      if (is_word_size(size)) return append_signed(out, bytes);
      break;
    case EvtxType::kUInt8:
    case EvtxType::kUInt16:
    case EvtxType::kUInt32:
    case EvtxType::kUInt64:
      if (is_word_size(size)) return append_number(out, load_any(bytes));
      break;
    case EvtxType::kReal32:
      if (size == 4)
        return append_real(out, std::bit_cast<float>(load_le<std::uint32_t>(bytes, 0)));
      break;
    case EvtxType::kReal64:
      if (size == 8)
        return append_real(out, std::bit_cast<double>(load_le<std::uint64_t>(bytes, 0)));
      break;
    case EvtxType::kBool:
      if (is_word_size(size)) {
        out += load_any(bytes) != 0 ? "true" : "false";
        return;
      }
      break;
    case EvtxType::kGuid:
      if (size == 16) return append_guid(out, bytes);
      break;
    case EvtxType::kSizeT:
    case EvtxType::kHandle:
    case EvtxType::kHexInt32:
    case EvtxType::kHexInt64:
      if (is_word_size(size)) {
        out += "0x";
        return append_number(out, load_any(bytes), 16);
      }
      break;
    case EvtxType::kFileTime:
      if (size == 8) return append_file_time(out, load_le<std::uint64_t>(bytes, 0));
      break;
    case EvtxType::kSystemTime:
      if (size == 16) return append_system_time(out, bytes);
      break;
    case EvtxType::kSid:
      if (append_sid(out, bytes)) return;
      break;
    case EvtxType::kBinary:
    case EvtxType::kBinXml:
      break;
  }
  append_hex(out, bytes);
}

/// Strings of an array end with U+0000 each.
void append_string_array(std::string& out, std::string_view bytes, std::size_t unit,
                         std::string_view separator, EvtxPlace place) {
  const EvtxType type = unit == 2 ? EvtxType::kString : EvtxType::kAnsiString;
  for (std::size_t begin = 0; begin < bytes.size();) {
    std::size_t end = begin;
    while (end + unit <= bytes.size() &&
           (bytes[end] != '\0' || (unit == 2 && bytes[end + 1] != '\0')))
      end += unit;
    end = std::min(end, bytes.size());
    if (begin > 0) out += separator;
    append_scalar(out, type, bytes.substr(begin, end - begin), place);
    begin = end + unit;
  }
}

constexpr char32_t unit_of(std::string_view bytes, std::size_t at) {
  return static_cast<char32_t>(static_cast<unsigned char>(bytes[at]) |
                               static_cast<unsigned char>(bytes[at + 1]) << 8);
}

/// Whether a '<' before this unit could be read as markup.
bool begins_markup(char32_t unit) {
  if (unit >= 0x80) return true;
  const char c = static_cast<char>(unit);
  return is_alpha(c) || c == '/' || c == '!' || c == '?' || c == '_' || c == ':';
}

#ifdef __SSE2__
/// Copies units of printable ASCII, eight at a time, as long as none of them is to be escaped.
/// Returns the bytes taken.
std::size_t append_plain_blocks(std::string& out, std::string_view bytes) {
  const __m128i below = _mm_set1_epi16(0x1F), above = _mm_set1_epi16(0x7F);
  const __m128i less = _mm_set1_epi16('<'), quote = _mm_set1_epi16('\'');
  std::size_t at = 0;
  for (; bytes.size() - at >= 16; at += 16) {
    const __m128i units = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at));
    // Signed: units from 8000 on are negative, and so not above 1F.
    const __m128i printable =
        _mm_and_si128(_mm_cmpgt_epi16(units, below), _mm_cmplt_epi16(units, above));
    const __m128i special =
        _mm_or_si128(_mm_cmpeq_epi16(units, less), _mm_cmpeq_epi16(units, quote));
    if (_mm_movemask_epi8(_mm_andnot_si128(special, printable)) != 0xFFFF) break;
    char plain[16];
    _mm_storeu_si128(reinterpret_cast<__m128i*>(plain), _mm_packus_epi16(units, units));
    out.append(plain, 8);
  }
  return at;
}
#endif

}  // namespace

void append_utf16(std::string& out, std::string_view bytes, EvtxPlace place) {
  bytes = bytes.substr(0, bytes.size() & ~std::size_t{1});
  while (bytes.size() >= 2 && unit_of(bytes, bytes.size() - 2) == 0) bytes.remove_suffix(2);
  for (std::size_t at = 0; at < bytes.size();) {
#ifdef __SSE2__
    const std::size_t taken = append_plain_blocks(out, bytes.substr(at));
    at += taken;
    if (at == bytes.size()) return;
#endif
    // Up to eight units by themselves before blocks are tried again.
    for (int i = 0; i < 8 && at < bytes.size(); ++i, at += 2) {
      char32_t unit = unit_of(bytes, at);
      if (unit == '<') {
        const bool last = at + 2 >= bytes.size();
        const bool markup =
            place == EvtxPlace::kAttribute || last || begins_markup(unit_of(bytes, at + 2));
        out += markup ? "&lt;" : "<";
      } else if (unit == '\'' && place == EvtxPlace::kAttribute) {
        out += "&#39;";
      } else if (unit == 0) {
        out += '\n';
      } else if (unit < 0x80) {
        out += static_cast<char>(unit);
      } else {
        if (unit >= 0xD800 && unit <= 0xDBFF && at + 4 <= bytes.size()) {
          const char32_t low = unit_of(bytes, at + 2);
          if (low >= 0xDC00 && low <= 0xDFFF) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
          }
        }
        append_utf8(out, unit);  // a lone surrogate becomes U+FFFD
      }
    }
  }
}

void append_evtx_name(std::string& out, std::string_view utf16) {
  for (std::size_t at = 0; at + 2 <= utf16.size(); at += 2) {
    const char32_t unit = unit_of(utf16, at);
    if (unit >= 0x80) {
      append_utf8(out, unit);
    } else {
      const char c = static_cast<char>(unit);
      out += is_alnum(c) || c == '_' || c == '-' || c == '.' || c == ':' ? c : '_';
    }
  }
}

void append_evtx_value(std::string& out, std::uint8_t type, std::string_view bytes,
                       std::string_view separator, EvtxPlace place) {
  const auto scalar = static_cast<EvtxType>(type & ~kEvtxArray);
  if ((type & kEvtxArray) == 0) return append_scalar(out, scalar, bytes, place);
  if (scalar == EvtxType::kString) return append_string_array(out, bytes, 2, separator, place);
  if (scalar == EvtxType::kAnsiString)
    return append_string_array(out, bytes, 1, separator, place);
  std::size_t size = element_bytes(scalar);
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    if (at > 0) out += separator;
    std::string_view rest = bytes.substr(at);
    if (scalar == EvtxType::kSid && rest.size() >= 2)
      size = 8 + 4 * std::size_t{static_cast<unsigned char>(rest[1])};
    if (size == 0) size = rest.size();
    append_scalar(out, scalar, rest.substr(0, size), place);
  }
}

void append_file_time(std::string& out, std::uint64_t ticks) {
  constexpr std::uint64_t kSecond = 10'000'000, kDay = 86'400;
  const std::uint64_t seconds = ticks / kSecond;
  // Days since 0000-03-01, in which a leap day is the last of its year: eras of 400 years,
  // 146,097 days each. 1601-01-01 is day 584,694 of that count.
  const std::uint64_t day = seconds / kDay + 584'694;
  const std::uint64_t era = day / 146'097;
  const std::uint64_t in_era = day % 146'097;
  const std::uint64_t year_of_era =
      (in_era - in_era / 1460 + in_era / 36'524 - in_era / 146'096) / 365;
  const std::uint64_t in_year =
      in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t shifted = (5 * in_year + 2) / 153;  // month from March
  const std::uint64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::uint64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
  append_padded(out, year, 4);
  out += '-';
  append_padded(out, month, 2);
  out += '-';
  append_padded(out, in_year - (153 * shifted + 2) / 5 + 1, 2);
  out += 'T';
  append_padded(out, seconds % kDay / 3600, 2);
  out += ':';
  append_padded(out, seconds % 3600 / 60, 2);
  out += ':';
  append_padded(out, seconds % 60, 2);
  out += '.';
  append_padded(out, ticks % kSecond, 7);
  out += 'Z';
}

}  // namespace spoor
