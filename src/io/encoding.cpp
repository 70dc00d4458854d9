#include "io/encoding.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace spoor {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;

/// ASCII that people write, and Latin-1 letters.
bool is_plain(unsigned char low) {
  return (low >= 0x20 && low < 0x7F) || low == '\t' || low == '\n' || low == '\r' ||
         low >= 0xA0;
}

struct Census {
  std::size_t units = 0;
  std::size_t high_zero = 0;  // high byte zero
  std::size_t low_zero = 0;   // low byte zero
  std::size_t plain = 0;      // high byte zero, low byte plain
  std::size_t ascii =
      0;  // both bytes printable ASCII: text that is not UTF-16, or one CJK unit in five
};

Census census(std::string_view head, TextEncoding encoding) {
  Census count;
  for (std::size_t at = 0; at + 2 <= head.size(); at += 2) {
    const char32_t unit = unit_at(head, at, encoding);
    ++count.units;
    if ((unit & 0xFF) == 0) ++count.low_zero;
    const auto printable = [](char32_t byte) { return byte >= 0x20 && byte < 0x7F; };
    if (printable(unit >> 8) && printable(unit & 0xFF)) ++count.ascii;
    if (unit >> 8 != 0) continue;
    ++count.high_zero;
    if (is_plain(static_cast<unsigned char>(unit))) ++count.plain;
  }
  return count;
}

/// Sixteen bytes at a time where SSE2 is, which every x86-64 has: a match is a byte of -1,
/// taken from counters of a byte each, which are summed before one can overflow.
std::size_t count_byte(std::string_view text, char wanted) {
  std::size_t count = 0;
  std::size_t at = 0;
#ifdef __SSE2__
  const __m128i pattern = _mm_set1_epi8(wanted);
  while (text.size() - at >= 16) {
    const std::size_t steps = std::min<std::size_t>((text.size() - at) / 16, 255);
    __m128i counters = _mm_setzero_si128();
    for (std::size_t step = 0; step < steps; ++step, at += 16) {
      const auto* block = reinterpret_cast<const __m128i*>(text.data() + at);
      counters = _mm_sub_epi8(counters, _mm_cmpeq_epi8(_mm_loadu_si128(block), pattern));
    }
    const __m128i sums = _mm_sad_epu8(counters, _mm_setzero_si128());
    count += static_cast<std::size_t>(_mm_cvtsi128_si64(sums)) +
             static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(sums, sums)));
  }
#endif
  for (; at < text.size(); ++at) count += text[at] == wanted ? 1 : 0;
  return count;
}

bool is_evident(const Census& count) {
  return count.units >= 4 && 2 * count.high_zero >= count.units &&
         50 * count.low_zero <= count.units && 20 * count.plain >= 19 * count.high_zero &&
         8 * count.ascii <= count.units;
}

}  // namespace

TextEncoding detect_encoding(std::string_view head) {
  using namespace std::string_view_literals;
  head = head.substr(0, kHeadBytes);
  // UTF-32's mark begins as UTF-16's does.
  if (head.substr(0, 4) == "\xFF\xFE\0\0"sv) return TextEncoding::kBytes;
  if (head.substr(0, 2) == "\xFF\xFE") return TextEncoding::kUtf16le;
  if (head.substr(0, 2) == "\xFE\xFF") return TextEncoding::kUtf16be;
  if (is_evident(census(head, TextEncoding::kUtf16le))) return TextEncoding::kUtf16le;
  if (is_evident(census(head, TextEncoding::kUtf16be))) return TextEncoding::kUtf16be;
  return TextEncoding::kBytes;
}

std::size_t next_line_end(std::string_view text, std::size_t from, std::size_t to,
                          TextEncoding encoding) {
  text = text.substr(0, to);
  if (encoding == TextEncoding::kBytes) {
    const std::size_t at = text.find('\n', from);
    return at == std::string_view::npos ? at : at + 1;
  }
  // Looks for the byte 0A, then whether it is half of an aligned U+000A.
  const std::size_t phase = encoding == TextEncoding::kUtf16le ? 0 : 1;
  for (std::size_t at = from;;) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) return at;
    if (at % 2 == phase) {
      const std::size_t begin = at - phase;
      if (begin + 2 > text.size()) return std::string_view::npos;
      if (begin >= from && unit_at(text, begin, encoding) == '\n') return begin + 2;
    }
    ++at;
  }
}

std::size_t last_line_end(std::string_view text, std::size_t from, std::size_t to,
                          TextEncoding encoding) {
  text = text.substr(0, to);
  const std::size_t phase = encoding == TextEncoding::kUtf16be ? 1 : 0;
  for (std::size_t end = text.size(); end > from;) {
    const void* found = ::memrchr(text.data() + from, '\n', end - from);
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    if (encoding == TextEncoding::kBytes) return at + 1;
    if (at % 2 == phase) {
      const std::size_t begin = at - phase;
      if (begin >= from && begin + 2 <= text.size() && unit_at(text, begin, encoding) == '\n') {
        return begin + 2;
      }
    }
    end = at;
  }
  return std::string_view::npos;
}

std::size_t count_line_ends(std::string_view text, TextEncoding encoding) {
  if (encoding == TextEncoding::kBytes) return count_byte(text, '\n');
  std::size_t count = 0;
  for (std::size_t at = 0; at + 2 <= text.size(); at += 2) {
    if (unit_at(text, at, encoding) == '\n') ++count;
  }
  return count;
}

std::string_view without_line_end(std::string_view line, TextEncoding encoding) {
  const std::size_t unit = unit_bytes(encoding);
  for (const char32_t end : {U'\n', U'\r'}) {
    if (line.size() >= unit && line.size() % unit == 0 &&
        unit_at(line, line.size() - unit, encoding) == end) {
      line.remove_suffix(unit);
    } else {
      break;  // a CR counts only before a LF
    }
  }
  return line;
}

std::string to_utf8(std::string_view bytes, TextEncoding encoding) {
  if (encoding == TextEncoding::kBytes) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size());
  std::size_t at = 0;
  for (; at + 2 <= bytes.size(); at += 2) {
    char32_t value = unit_at(bytes, at, encoding);
    if (value >= 0xD800 && value <= 0xDBFF && at + 4 <= bytes.size()) {
      const char32_t low = unit_at(bytes, at + 2, encoding);
      if (low >= 0xDC00 && low <= 0xDFFF) {
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      }
    }
    append_utf8(out, value);  // a lone surrogate becomes U+FFFD
  }
  if (at < bytes.size()) append_utf8(out, 0xFFFD);
  return out;
}

}  // namespace spoor
