// See recode.h. UTF-16 is io's; the single bytes of Windows-1252 are here. Tested by
// import_test.cpp.

#include "collect/recode.h"

#include <cstring>
#include <string_view>

#include "base/utf8.h"
#include "io/encoding.h"

namespace spoor {
namespace {

/// 0x80 to 0x9F in Windows-1252
/// (https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT); 0xFFFD where it
/// has nothing. From 0xA0 on it is Latin-1, whose bytes are their code points.
constexpr char16_t kWindows1252[32] = {
    // clang-format off
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    // clang-format on
};

/// First byte at or after `at` that is not ASCII, or the end.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  while (at + 8 <= text.size()) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    if ((eight & 0x8080808080808080u) != 0) break;
    at += 8;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

Recoded to_utf8_text(std::string bytes) {
  Recoded out;
  const TextEncoding encoding = detect_encoding(std::string_view(bytes).substr(0, 64 << 10));
  if (encoding == TextEncoding::kBytes) {
    out.text = std::move(bytes);
  } else {
    out.was = encoding == TextEncoding::kUtf16le ? "UTF-16LE" : "UTF-16BE";
    out.text = to_utf8(bytes, encoding);
  }
  if (out.text.compare(0, 3, "\xEF\xBB\xBF") == 0) out.text.erase(0, 3);
  return out;
}

std::uint64_t replace_latin1(std::string& text) {
  std::uint64_t count = 0;
  std::string out;
  std::size_t copied = 0;  // text[0, copied) is in `out`
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const CodePoint point = decode_utf8(text, at);
    if (!point.valid) {
      if (count == 0) out.reserve(text.size() + text.size() / 16);
      ++count;
      out.append(text, copied, at - copied);
      const auto byte = static_cast<unsigned char>(text[at]);
      append_utf8(out, byte < 0xA0 ? kWindows1252[byte - 0x80] : byte);
      copied = at + 1;
    }
    at += point.length;
  }
  if (count == 0) return 0;
  out.append(text, copied, text.size() - copied);
  text = std::move(out);
  return count;
}

}  // namespace spoor
