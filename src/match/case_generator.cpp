#include "match/case_generator.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/ascii.h"
#include "base/utf8.h"
#include "ioc/canonical.h"
#include "match/case_parts.h"
#include "match/sieve.h"

namespace spoor {

using namespace cases;

namespace {

using std::string_view_literals::operator""sv;
using T = IndicatorType;

constexpr std::string_view kBorders[] = {
    " ",    " ",      " ",      "",        "",       "\"",     "'",      "`",      "(",
    ")",    "[",      "]",      "{",       "}",      "<",      ">",      ",",      ";",
    ":",    "|",      "=",      "/",       "\\",     "@",      "_",      "-",      ".",
    "\t",   "\r",     "\0"sv,   "\x01"sv,  "\x1b"sv, "\x7F"sv, "x",      "Z",      "7",
    "v",    "\u00E9", "\u00E4", "\u3002",  "\u65E5", "\u00A0", "\u200B", "\u2010", "\xC3",
    "\xA9", "\xFF",   "%",      "&",       "#",      "?",      "+",      "*",      "!",
    "$",    "^",      "~",      "..",      "//",     "\\\\",   "://",    "@@",     "--",
    ": ",   "= ",     "\" ",    "\\\"",    "\\n",    "%20",    "%2F",    "=20",    "=\n",
    "&lt;", "&#46",   "\\x20",  "\\u0020", "(3)",    "(0)",    "[.]",    "\v",     "\f",
    "\n"};

std::string noise(Dice& dice) {
  static constexpr std::string_view kNoise[] = {"2026-11-24T10:00:00Z",
                                                "00:01:02",
                                                "v1.2.3",
                                                "Mozilla/5.0 (X11; Linux x86_64)",
                                                "00:11:22:33:44:55",
                                                "GET",
                                                "HTTP/1.1",
                                                "\"-\"",
                                                "EventID=1",
                                                "User=CORP\\bob",
                                                "a.b.c",
                                                "10.0.0.1",
                                                "::",
                                                "1:2",
                                                ".exe",
                                                "=3D",
                                                "=",
                                                "%20",
                                                "%25",
                                                "%",
                                                "&amp;",
                                                "&",
                                                "\\u0041",
                                                "\\x41",
                                                "(3)",
                                                "(0)",
                                                "[.]",
                                                "hxxp://",
                                                "C:\\",
                                                "\\\\",
                                                "\\",
                                                "host=",
                                                "query:",
                                                "md5=",
                                                "sha256:",
                                                "AS",
                                                "CVE-",
                                                "@",
                                                "\"",
                                                "'",
                                                "://",
                                                "?q=24h",
                                                "k=v",
                                                "//",
                                                "in-addr.arpa",
                                                "..",
                                                "--",
                                                "_",
                                                "{\"a\":\"b\"}",
                                                "\\n",
                                                "=\n",
                                                "=\r\n",
                                                "\t",
                                                "404",
                                                "deadbeef",
                                                "x=1&y=2",
                                                "/a?b",
                                                "\0a\0b\0c\0d\0"sv,
                                                "\xEF\xBB\xBF",
                                                "\u00E9t\u00E9",
                                                "\u65E5\u672C",
                                                "http",
                                                "&#",
                                                "&#x",
                                                "c:\\new",
                                                "hklm",
                                                "%APPDATA%",
                                                "version",
                                                "[",
                                                "]",
                                                "(",
                                                ")"};
  switch (dice.below(14)) {
    case 0: {
      std::string bytes;
      for (std::size_t n = dice.between(1, 12); n > 0; --n)
        bytes += static_cast<char>(dice.next() & 0xFF);
      return bytes;
    }
    case 1: {
      std::string word;
      for (std::size_t n = dice.between(1, 20); n > 0; --n)
        word += "abcdefghijklmnopqrstuvwxyz0123456789.-_:/@%=\\"[dice.below(45)];
      return word;
    }
    case 2:
      return hex_digits(dice, dice.percent(50) ? 32 : dice.between(1, 130));
    default:
      return std::string(dice.pick(kNoise));
  }
}

/// One value as it stands in a line, with what goes wrong.
std::string plant(Dice& dice, const Observable& indicator) {
  std::string text = dice.percent(35) ? indicator.value : spell(dice, indicator);
  if (dice.percent(10)) text = any_case(dice, text);
  if (dice.percent(12)) text = defang(dice, text);
  if (dice.percent(6) && !text.empty()) {  // one byte changed, gone or new
    const std::size_t at = dice.below(text.size());
    switch (dice.below(3)) {
      case 0:
        text[at] = dice.percent(50) ? static_cast<char>(dice.next() & 0xFF)
                                    : static_cast<char>(text[at] ^ 1);
        break;
      case 1:
        text.erase(at, 1);
        break;
      default:
        text.insert(at, 1, "a1.-_:/@\\ %"[dice.below(11)]);
        break;
    }
  }
  if (dice.percent(3) && !text.empty()) text = text.substr(0, dice.below(text.size()) + 1);
  if (dice.percent(2) && !text.empty()) text = text.substr(dice.below(text.size()));
  if (dice.percent(60)) {
    text = std::string(dice.pick(kBorders)) + text + std::string(dice.pick(kBorders));
    if (dice.percent(20))
      text = std::string(dice.pick(kBorders)) + text + std::string(dice.pick(kBorders));
  }
  return text;
}

struct Piece {
  std::size_t begin, end;
};

/// `bare`: values stand by themselves now and then, as in a field of a record.
std::string make_line(Dice& dice, const std::vector<Observable>& indicators, bool wide,
                      bool bare, std::vector<Piece>& pieces) {
  std::string line;
  if (dice.percent(3)) {
    static constexpr std::string_view kFill[] = {
        "a", ".", " ",  "1",  "%",  "\\",   "\"",  "&",
        "=", "(", "a.", "1:", "x ", "\0"sv, "://", "/"};
    line = repeat(dice.pick(kFill), dice.between(10, dice.percent(5) ? 2500 : 150));
  }
  for (std::size_t n = dice.percent(40) ? 1 : dice.between(1, 4); n > 0; --n) {
    std::string piece;
    if (bare && dice.percent(30)) {
      piece = indicators[dice.below(indicators.size())].value;
    } else if (dice.percent(78)) {
      piece = plant(dice, indicators[dice.below(indicators.size())]);
      if (!wide || dice.percent(30)) piece = encode(dice, std::move(piece));
    } else {
      piece = noise(dice);
    }
    const std::size_t begin = line.size();
    line += piece;
    pieces.push_back({begin, line.size()});
    if (n > 1 && dice.percent(80)) line += dice.percent(70) ? " " : dice.pick(kBorders);
  }
  return line;
}

void make_text(Dice& dice, GeneratedCase& made) {
  const bool wide = dice.percent(8);
  const bool marked = !wide && dice.percent(20);
  const std::size_t lines = dice.percent(30) ? 1 : dice.between(1, 30);
  std::string_view line_end = dice.percent(85) ? "\n" : "\r\n";
  for (std::size_t n = lines; n > 0; --n) {
    std::vector<Piece> pieces;
    std::string line = make_line(dice, made.indicators, wide, marked, pieces);
    // Sometimes the whole line through the encoders: then its pieces are nowhere.
    if (dice.percent(12)) {
      line = encode(dice, std::move(line));
      pieces.clear();
      pieces.push_back({0, line.size()});
    }
    if (marked) {
      static constexpr FieldRole kRoles[] = {
          FieldRole::kUserAgent, FieldRole::kVersion, FieldRole::kHost, FieldRole::kHost,
          FieldRole::kPath,      FieldRole::kPath,    FieldRole::kOther};
      for (const Piece& piece : pieces) {
        if (piece.begin == piece.end || dice.percent(50)) continue;
        if (line.find('\n', piece.begin) < piece.end) continue;
        FieldMark mark;
        mark.begin = made.text.size() + piece.begin;
        mark.end = made.text.size() + piece.end;
        mark.role = dice.pick(kRoles);
        made.fields.push_back(mark);
      }
    }
    made.text += line;
    if (n > 1 || dice.percent(60)) made.text += line_end;
    if (dice.percent(3)) made.text += line_end;
  }
  made.lines = lines;
  if (wide) {
    const bool big_endian = dice.percent(50);
    made.encoding = big_endian ? TextEncoding::kUtf16be : TextEncoding::kUtf16le;
    // Now and then bytes that never were UTF-16.
    if (dice.percent(90)) made.text = to_utf16(made.text, big_endian);
    if (dice.percent(10)) made.text += "x";
  }
}

/// Now and then text that says nothing before a line or in it, so that what matters lies on the
/// border of a block of 64 bytes or of a window, or behind it. Last, so that a seed's other
/// parts do not depend on it.
void add_filler(Dice& dice, GeneratedCase& made) {
  if (made.encoding != TextEncoding::kBytes || made.text.empty() || !dice.percent(12)) return;
  static constexpr std::string_view kFill[] = {"\n",      " ",       "a",  "1",
                                               "ab c-d ", "of it\n", "\t."};
  const std::string_view fill = dice.pick(kFill);
  // Before any byte, or before a line.
  std::size_t at = dice.below(made.text.size());
  if (dice.percent(60)) {
    const std::size_t line_end = at == 0 ? std::string::npos : made.text.rfind('\n', at - 1);
    at = line_end == std::string::npos ? 0 : line_end + 1;
  }
  const std::size_t reach = std::min<std::size_t>(made.text.size() - at, 200);
  const std::size_t border =
      dice.percent(60) ? Sieve::kWindowBytes * dice.between(1, 2) : 64 * dice.below(66);
  const std::size_t end = border - std::min(border, dice.below(reach + 1));
  if (end <= at) return;
  std::string filler = repeat(fill, (end - at) / fill.size() + 1);
  filler.resize(end - at);
  if (dice.percent(70)) filler.back() = dice.percent(50) ? ' ' : '\n';
  // Marks stay on what they mark and within their lines.
  std::erase_if(made.fields,
                [at](const FieldMark& mark) { return mark.begin < at && at < mark.end; });
  for (FieldMark& mark : made.fields) {
    if (mark.begin < at) continue;
    mark.begin += filler.size();
    mark.end += filler.size();
  }
  made.text.insert(at, filler);
}

}  // namespace

GeneratedCase generate_case(std::uint64_t seed) {
  // Neighbouring seeds must not have neighbouring streams.
  Dice dice(Dice(seed ^ 0x5350'4F4F'5250'524Full).next());
  GeneratedCase made;
  made.indicators = make_indicators(dice);
  make_text(dice, made);
  add_filler(dice, made);
  return made;
}

std::vector<Observable> sample_indicators() {
  const std::pair<IndicatorType, std::string_view> kSamples[] = {
      {T::kIpv4, "192.0.2.5"},
      {T::kIpv4, "1.1.1.1"},
      {T::kIpv6, "2001:db8::5"},
      {T::kIpv6, "2001:db8:1:2:3:4:5:6"},
      {T::kIpv6, "abcd::"},
      {T::kCidr, "198.51.100.0/24"},
      {T::kCidr, "2001:db8:9::/48"},
      {T::kIpv4Port, "203.0.113.9:8443"},
      {T::kIpv6Port, "[2001:db8::7]:8443"},
      {T::kDomain, "evil.example"},
      {T::kDomain, "xn--caf-dma.example"},
      {T::kDomain, "setup.sh"},
      {T::kDomain, "intranet"},
      {T::kHostname, "www.bad.test"},
      {T::kUrl, "http://lure.test/a/b.php"},
      {T::kUrl, "https://root.test/"},
      {T::kUrl, "http://192.0.2.77:8080/x?y=1"},
      {T::kUri, "/gate.php?id=1"},
      {T::kEmail, "bill.ing@lure.test"},
      {T::kMd5, "3c13095de829e8a9e831ff0e978f114e"},
      {T::kSha1, "9c6fc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kSha256, "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c7578"},
      {T::kSha384,
       "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c75789c6fc930ffef40d8f309eea"
       "ab6231b59"},
      {T::kSha512,
       "1d1ea6702554f31b9130edf35431a96c003f0dc8d3bb983b386dcaa1172c75781d1ea6702554f31b9130edf"
       "35431a96c003f0dc8d3bb983b386dcaa1172c7579"},
      {T::kImphash, "aaaa095de829e8a9e831ff0e978f114e"},
      {T::kPehash, "bbbbc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kJa3, "cccc095de829e8a9e831ff0e978f114e"},
      {T::kSslCertFingerprint, "ddddc930ffef40d8f309eeaab6231b59b2677ad9"},
      {T::kFilePath, "C:\\ProgramData\\Kit\\svc.dll"},
      {T::kFilePath, "%APPDATA%\\Kit\\a.dat"},
      {T::kFilePath, "\\\\srv\\share\\kit.exe"},
      {T::kFilePath, "/opt/.kit/run"},
      {T::kFilePath, "C:\\Program Files\\Kit\\a b.exe"},
      {T::kFileName, "kit-svc.exe"},
      {T::kFileName, "a b.txt"},
      {T::kFileName, "q"},
      {T::kRegistryKey, "HKLM\\SYSTEM\\CurrentControlSet\\Services\\kit"},
      {T::kRegistryKey, "HKCU\\Software\\Kit"},
      {T::kMutex, "KitOnce77"},
      {T::kMutex, "Kit Once"},
      {T::kNamedPipe, "msse-1234-server"},
      {T::kCve, "CVE-2099-12345"},
      {T::kAsn, "AS64501"},
      {T::kBitcoinAddress, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"},
      {T::kBitcoinAddress, "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
      {T::kUserAgent, "KitFetch/2.1 (x64)"},
  };
  std::vector<Observable> samples;
  for (const auto& [type, raw] : kSamples) {
    if (const auto canonical = canonicalize(type, raw))
      samples.push_back(canonical->observable);
  }
  return samples;
}

std::string escape_bytes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || c == '"') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(byte));
      out += escaped;
    }
  }
  return out;
}

namespace {

std::string describe_hits(const std::vector<Hit>& hits, const std::vector<Hit>& other) {
  std::string out;
  for (const Hit& hit : hits) {
    const bool common =
        std::any_of(other.begin(), other.end(), [&](const Hit& h) { return same_hit(h, hit); });
    out += std::string(common ? "      " : "   != ") + "indicator " +
           std::to_string(static_cast<std::uint32_t>(hit.indicator)) + " at " +
           std::to_string(hit.offset) + "+" + std::to_string(hit.length) + " " +
           std::string(name_of(hit.grade)) + " " + hit.rule + " /" + std::to_string(hit.prefix);
    for (std::size_t i = 0; i < hit.view_count; ++i)
      out += (i == 0 ? " through " : ",") + std::string(name_of(hit.views[i]));
    out += "\n";
  }
  return out.empty() ? "      (none)\n" : out;
}

}  // namespace

std::string describe(const GeneratedCase& failing, const std::vector<Hit>& expected,
                     const std::vector<Hit>& found) {
  std::string out = "  indicators:\n";
  for (std::size_t i = 0; i < failing.indicators.size(); ++i) {
    out += "   " + std::to_string(i) + " " + std::string(name_of(failing.indicators[i].type)) +
           " \"" + escape_bytes(failing.indicators[i].value) + "\"\n";
  }
  static constexpr std::string_view kEncodings[] = {"bytes", "utf16le", "utf16be"};
  out += "  text (" + std::string(kEncodings[static_cast<std::size_t>(failing.encoding)]) +
         ", " + std::to_string(failing.text.size()) + " bytes): \"" +
         escape_bytes(failing.text) + "\"\n";
  for (const FieldMark& mark : failing.fields) {
    out += "  field [" + std::to_string(mark.begin) + "," + std::to_string(mark.end) +
           ") role " + std::to_string(static_cast<int>(mark.role)) + "\n";
  }
  return out + "  reference:\n" + describe_hits(expected, found) + "  fast:\n" +
         describe_hits(found, expected);
}

}  // namespace spoor
