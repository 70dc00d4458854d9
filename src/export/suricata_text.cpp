#include "export/suricata_text.h"

#include "base/hash.h"
#include "export/names.h"

namespace spoor {
namespace {

constexpr std::uint32_t kFirstSid = 1'000'000'000, kSids = 1'000'000'000;
constexpr std::size_t kMostMessage = 200;

}  // namespace

std::string suricata_content(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  constexpr std::string_view kSpecial = "\";:\\|";
  std::string out;
  bool hex = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte >= 0x20 && byte < 0x7F && kSpecial.find(c) == std::string_view::npos;
    if (plain == hex) {
      out += '|';
      hex = !plain;
    } else if (hex) {
      out += ' ';
    }
    if (plain) {
      out += c;
    } else {
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return hex ? out + "|" : out;
}

std::string suricata_message(std::string_view text) {
  std::string out = plain_words(text, kMostMessage);
  for (char& c : out) {
    if (c == '|') c = '?';
  }
  return out;
}

std::uint32_t SidTable::sid(std::string_view key) {
  std::uint32_t sid = kFirstSid + static_cast<std::uint32_t>(xxh3_64(key) % kSids);
  while (!taken_.insert(sid).second) sid = sid + 1 < kFirstSid + kSids ? sid + 1 : kFirstSid;
  return sid;
}

}  // namespace spoor
