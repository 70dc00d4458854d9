#include "cases/case_draft.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr std::size_t kMostTag = 128;  // InputCreateAlert.tags of TheHive 5

}  // namespace

std::string_view name_of(FileAs as) {
  return as == FileAs::kAlert ? "alert" : "case";
}

std::string key_of(const CaseDraft& draft) {
  return std::string(name_of(draft.as)) + ";" + draft.type + ";" + draft.source + ";" +
         draft.source_ref;
}

std::string cut_text(std::string_view text, std::size_t most) {
  // TheHive counts UTF-16 units: a code point beyond the first plane counts twice.
  const auto units = [](const CodePoint& point) {
    return point.value > 0xFFFF ? std::size_t{2} : std::size_t{1};
  };
  std::string out;
  std::size_t count = 0, fits = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    count += units(point);
    if (count > most) {
      out.resize(fits);
      return out + "\xE2\x80\xA6";
    }
    append_utf8(out, point.valid ? point.value : 0xFFFD);
    if (count < most) fits = out.size();  // one place is kept for the ellipsis
    at += point.length;
  }
  return out;
}

std::string reference_part(std::string_view text, std::size_t most) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '%' || c == ';' || c == ':' || c == '/' ||
        c == '"' || c == '\\') {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  if (out.size() <= most) return out;
  // At least half of it tells the whole apart from others with the same begin.
  const std::string digest = to_hex(xxh3_128(text).view()).substr(0, (most - 1) * 2 / 3);
  out.resize(most - 1 - digest.size());
  return out + "~" + digest;
}

std::vector<std::string> clean_tags(std::vector<std::string> tags) {
  for (std::string& tag : tags) {
    // A tag is a label: controls and line ends have no place in it.
    tag = cut_text(terminal_safe(trim(tag)), kMostTag);
  }
  tags.erase(std::remove(tags.begin(), tags.end(), std::string()), tags.end());
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

}  // namespace spoor
