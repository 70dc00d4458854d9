// Generated cases: how a log may write an indicator.

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "ioc/ip.h"
#include "match/case_parts.h"

namespace spoor::cases {
namespace {

using std::string_view_literals::operator""sv;
using T = IndicatorType;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

std::string any_case(Dice& dice, std::string text) {
  switch (dice.below(4)) {
    case 0:
      return upper(text);
    case 1:
      return lower(text);
    case 2:
      if (!text.empty()) text[0] = to_upper(text[0]);
      return text;
    default:
      for (char& c : text) c = dice.percent(50) ? to_upper(c) : to_lower(c);
      return text;
  }
}

namespace {

std::string base64(std::string_view hex) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int have = 0;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bits = bits << 8 | static_cast<unsigned>(hex_value(hex[i]) * 16 + hex_value(hex[i + 1]));
    for (have += 8; have >= 6; have -= 6) out += kAlphabet[bits >> (have - 6) & 63];
  }
  if (have > 0) out += kAlphabet[bits << (6 - have) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string number_text(Dice& dice, std::uint32_t value) {
  char text[24];
  static constexpr const char* kForms[] = {"%u", "0x%x", "0%o", "0X%X", "0x%08x"};
  std::snprintf(text, sizeof text, dice.pick(kForms), value);
  return text;
}

std::string reverse_v6(const std::string& value) {
  const auto bytes = parse_ipv6(value);
  std::string out;
  if (!bytes) return value;
  for (std::size_t i = 16; i-- > 0;) {
    out += "0123456789abcdef"[(*bytes)[i] & 15];
    out += '.';
    out += "0123456789abcdef"[(*bytes)[i] >> 4];
    out += '.';
  }
  return out + "ip6.arpa";
}

std::string spell_v4(Dice& dice, const std::string& value) {
  const auto parsed = parse_ipv4(value);
  if (!parsed) return value;
  const std::uint32_t v = *parsed;
  const std::uint32_t groups[4] = {v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255};
  char text[64];
  switch (dice.below(16)) {
    case 0:
      std::snprintf(text, sizeof text, "%03u.%03u.%03u.%03u", groups[0], groups[1], groups[2],
                    groups[3]);
      return text;
    case 1:
      std::snprintf(text, sizeof text, "%0*u.%0*u.%0*u.%0*u", static_cast<int>(dice.below(4)),
                    groups[0], static_cast<int>(dice.below(4)), groups[1],
                    static_cast<int>(dice.below(5)), groups[2], static_cast<int>(dice.below(4)),
                    groups[3]);
      return text;
    case 2:
      return "http://" + number_text(dice, v) + (dice.percent(50) ? "/" : "/x");
    case 3: {
      std::string host;
      for (const std::uint32_t group : groups) host += number_text(dice, group) + ".";
      host.pop_back();
      return (dice.percent(80) ? "http://" : "") + host + (dice.percent(50) ? ":80/" : "/a");
    }
    case 4:
      return "http://" + number_text(dice, groups[0]) + "." + number_text(dice, v & 0xFFFFFF) +
             "/";
    case 5:
      return (dice.percent(50) ? "::ffff:" : "::FFFF:") + value;
    case 6:
      std::snprintf(text, sizeof text, "::ffff:%x:%x", v >> 16, v & 0xFFFF);
      return text;
    case 7:
      std::snprintf(text, sizeof text, "64:ff9b::%x:%x", v >> 16, v & 0xFFFF);
      return dice.percent(50) ? "64:ff9b::" + value : std::string(text);
    case 8:
      std::snprintf(text, sizeof text, "%u.%u.%u.%u.in-addr.arpa", groups[3], groups[2],
                    groups[1], groups[0]);
      return dice.percent(80) ? std::string(text) : any_case(dice, text) + ".";
    case 9:
      return value + "/" + std::to_string(dice.below(40));
    case 10:
      return value + ":" + std::to_string(dice.percent(50) ? 80 : dice.below(70000));
    case 11: {
      static constexpr std::string_view kVersions[] = {"v",         "V",  "ver=", "version ",
                                                       "Version\t", "xv", "_v",   "VER="};
      return std::string(dice.pick(kVersions)) + value;
    }
    case 12:
      return "http://[::ffff:" + value + "]/";
    case 13:
      return value + (dice.percent(50) ? ".pool.isp.test" : ".4");
    case 14:
      return "http://" + (dice.percent(50) ? "user:pw@" + value : value + ":8080") + "/x";
    default:
      return value;
  }
}

std::string spell_v6(Dice& dice, const std::string& value) {
  const auto parsed = parse_ipv6(value);
  if (!parsed) return value;
  char text[64];
  switch (dice.below(12)) {
    case 0: {
      std::string out;
      for (std::size_t i = 0; i < 16; i += 2) {
        std::snprintf(text, sizeof text, dice.percent(50) ? "%04x:" : "%x:",
                      (*parsed)[i] * 256u + (*parsed)[i + 1]);
        out += text;
      }
      out.pop_back();
      return out;
    }
    case 1: {
      std::string out;
      for (std::size_t i = 0; i < 12; i += 2) {
        std::snprintf(text, sizeof text, "%x:", (*parsed)[i] * 256u + (*parsed)[i + 1]);
        out += text;
      }
      std::snprintf(text, sizeof text, "%u.%u.%u.%u", (*parsed)[12], (*parsed)[13],
                    (*parsed)[14], (*parsed)[15]);
      return out + text;
    }
    case 2:
      return value + (dice.percent(50) ? "%eth0" : "%25en-1.2");
    case 3:
      return "[" + value + "]:" + std::to_string(dice.percent(50) ? 443 : dice.below(70000));
    case 4:
      return "[" + value + "%lo]" + (dice.percent(50) ? ":80" : "");
    case 5:
      return value + "/" +
             std::to_string(dice.percent(60) ? dice.between(1, 8) * 16 : dice.below(140));
    case 6:
      return reverse_v6(value);
    case 7:
      return upper(value);
    case 8:
      return value + (dice.percent(50) ? ":" : ": ");
    case 9:
      return "http://[" + value + "]" + (dice.percent(50) ? "/" : ":8080/x");
    case 10:
      return (dice.percent(50) ? "v" : "version ") + value;
    default:
      return value;
  }
}

/// One letter as another character that UTS 46 maps to it, or one more that it drops.
std::string respelled_name(Dice& dice, std::string value) {
  static constexpr std::string_view kMapped[][2] = {
      {"s", "\u017F"},      {"k", "\u212A"},      {"a", "\u00AA"},      {"o", "\u00BA"},
      {"fi", "\uFB01"},     {"1", "\u00B9"},      {"2", "\u00B2"},      {"0", "\uFF10"},
      {"e", "\u212F"},      {"a", "\U0001D41A"},  {"x", "\u2179"},      {"m", "\u217F"},
      {"c", "\u217D"},      {"i", "\u2139"},      {"\u00E9", "\u00C9"}, {"\u00E9", "e\u0301"},
      {"\u00FC", "\u00DC"}, {"\u0440", "\u0420"}, {"\u00DF", "\u1E9E"}, {"-", "\uFF0D"},
      {"_", "\uFF3F"},      {"", "\u034F"},       {"", "\uFE0F"},       {"", "\u200D"}};
  for (std::size_t tries = 0; tries < 12; ++tries) {
    const auto& pair = dice.pick(kMapped);
    const std::size_t at = value.find(pair[0], dice.below(value.size() + 1));
    if (at == std::string::npos) continue;
    return value.replace(at, pair[0].size(), pair[1]);
  }
  return value;
}

/// One letter as another character of the same case folding (F1, O1).
std::string respelled_fold(Dice& dice, std::string value) {
  static constexpr std::string_view kFolded[][2] = {
      {"s", "\u017F"},      {"k", "\u212A"},      {"\u00E9", "\u00C9"}, {"\u00FA", "\u00DA"},
      {"\u00F1", "\u00D1"}, {"\u00C9", "\u00E9"}, {"S", "\u017F"},      {"K", "\u212A"},
      {"\u00C4", "\u00E4"}, {"\u00E4", "\u00C4"}, {"\u00E5", "\u212B"}};
  for (std::size_t tries = 0; tries < 8; ++tries) {
    const auto& pair = dice.pick(kFolded);
    const std::size_t at = value.find(pair[0], dice.below(value.size() + 1));
    if (at != std::string::npos) return value.replace(at, pair[0].size(), pair[1]);
  }
  return value;
}

std::string length_prefixed(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t dot = std::min(name.find('.', at), name.size());
    out += "(" + std::to_string(dot - at) + ")" + std::string(name.substr(at, dot - at));
    at = dot + 1;
  }
  return out + "(0)";
}

std::string spell_name(Dice& dice, std::string value) {
  static constexpr std::string_view kUnicode[][2] = {{"xn--caf-dma", "caf\u00E9"},
                                                     {"xn--mll-hoa", "m\u00FCll"},
                                                     {"xn--wgv71a", "\u65E5\u672C"},
                                                     {"xn--p1ai", "\u0440\u0444"},
                                                     {"xn--80ab0b", "\u0431\u0430\u043D\u043A"},
                                                     {"xn--strae-oqa", "stra\u00DFe"}};
  if (dice.percent(40)) {
    for (const auto& pair : kUnicode) value = replaced(value, pair[0], pair[1]);
  }
  if (dice.percent(6)) value = respelled_name(dice, value);
  switch (dice.below(26)) {
    case 0:
      return "www." + value;
    case 1:
      return "*." + value;
    case 2:
      return "a.b-c._d.e1." + value;
    case 3:
      return value + ".";
    case 4:
      return (dice.percent(50) ? "-" : ".-.") + value + (dice.percent(50) ? "-" : "-.");
    case 5:
      return value + ".com";
    case 6:
      return value.substr(std::min(value.find('.'), value.size() - 1) + 1);
    case 7:
      return length_prefixed(value);
    case 8:
      return length_prefixed("x." + value);
    case 9:
      return "https://" + value + (dice.percent(50) ? "/" : ":8443/a?b");
    case 10:
      return "bob@" + value;
    case 11:
      return value + "@good.test";
    case 12:
      return "http://" + value + ":pw@good.test/";
    case 13:
      return value + ":" + std::to_string(dice.below(70000));
    case 14: {
      static constexpr std::string_view kDots[] = {"\u3002", "\uFF0E", "\uFF61"};
      return replaced(value, ".", dice.pick(kDots));
    }
    case 15:  // full-width letters, which UTS 46 maps
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (is_lower(value[i])) {
          std::string wide;
          append_utf8(wide, 0xFF41 + static_cast<char32_t>(value[i] - 'a'));
          return value.replace(i, 1, wide);
        }
      }
      return value;
    case 16:
      return value.insert(dice.below(value.size() + 1), "\u00AD");
    case 17: {
      static constexpr std::string_view kWords[] = {"query: ", "host=", "\"sni\":\"",
                                                    "domain ", "www.",  "qname='"};
      return std::string(dice.pick(kWords)) + value;
    }
    case 18:
      return value + "/x/y";
    case 19:
      return repeat("s.", dice.between(1, 130)) + value;
    case 20:
      return replaced(value, "e", "\u00E9");
    case 21:
      return "\u00E9" + value;
    case 22:
      return respelled_name(dice, value);
    case 23:
      return replaced(value, "caf\u00E9", "cafe\u0301");
    default:
      return value;
  }
}

std::string spell_url(Dice& dice, std::string value) {
  for (std::size_t times = dice.below(3); times > 0; --times) {
    const std::size_t mark = value.find("://");
    if (mark == std::string::npos) break;
    const std::size_t host = mark + 3;
    const std::size_t host_end = std::min(value.find_first_of("/?#", host), value.size());
    switch (dice.below(22)) {
      case 0:
        value.replace(0, mark, dice.percent(50) ? "https" : "http");
        break;
      case 1:
        return value.substr(host);
      case 2:
        value.insert(host_end, dice.percent(50) ? ":80" : ":8443");
        break;
      case 3:
        value.insert(host, dice.percent(50) ? "user@" : "a.b:c@");
        break;
      case 4:
        value += dice.percent(50) ? "?a=1" : "&b=2";
        break;
      case 5:
        value += dice.percent(50) ? "/below/x" : "x";
        break;
      case 6:
        value.insert(host_end, dice.percent(50) ? "/x/.." : "/.");
        break;
      case 7:
        if (value.size() > host_end + 1) {
          const std::size_t at = dice.between(host_end + 1, value.size() - 1);
          char text[8];
          std::snprintf(text, sizeof text, dice.percent(50) ? "%%%02x" : "%%%02X",
                        static_cast<unsigned char>(value[at]));
          value.replace(at, 1, text);
        }
        break;
      case 8: {
        const auto address = parse_ipv4(value.substr(host, host_end - host));
        if (address) value.replace(host, host_end - host, number_text(dice, *address));
        break;
      }
      case 9:
        return "http://in.test/go?u=" + value + "&k=1";
      case 10:
        return "GET /go?u=" + value;
      case 11:
        return "/x?y=1&u=" + value + "&z";
      case 12:
        value += ".,;:!?'\"";
        break;
      case 13:
        return "(" + value + "), x";
      case 14:
        value = replaced(value, "/", "\\/");
        return "\"" + value + "\"";
      case 15:
        value += "#top";
        break;
      case 16:
        return any_case(dice, value);
      case 17:
        return value + "," + value;
      case 18: {
        std::string nested = value;
        for (std::size_t deep = dice.between(1, 10); deep > 0; --deep)
          nested = "http://n.test/?u=" + nested;
        return nested;
      }
      case 19:
        return "'" + value + "'";
      case 20:
        if (!value.empty() && value.back() == '/') {
          value.pop_back();
        } else {
          value += '/';
        }
        break;
      default:
        value.replace(host, host_end - host,
                      spell_name(dice, value.substr(host, host_end - host)));
        break;
    }
  }
  return value;
}

std::string spell_digest(Dice& dice, const std::string& value) {
  static constexpr std::string_view kLabels[] = {
      "MD5=",     "md5:",       "SHA1=", "sha256: ", "\"sha256\":\"",
      "imphash=", "IMPHASH:",   "ja3=",  "ja3s=",    "file.hash.md5: ",
      "sha-256=", "x=",         "0x",    "md5=0x",   "thumbprint:",
      "pehash=",  "sha512 = '", "tlsh:", "sha384:[", "hash "};
  switch (dice.below(10)) {
    case 0:
      return upper(value);
    case 1:
    case 2:
      return std::string(dice.pick(kLabels)) + any_case(dice, value);
    case 3:
    case 4: {
      std::string out;
      for (std::size_t i = 0; i + 1 < value.size(); i += 2) out += value.substr(i, 2) + ":";
      out.pop_back();
      if (dice.percent(30)) out = std::string(dice.pick(kLabels)) + out;
      return dice.percent(50) ? upper(out) : out;
    }
    case 5:
    case 6: {
      static constexpr std::string_view kForms[] = {
          "sha256-", "SHA256:", "sha384-", "sha512-", "md5-", "SHA1:", "sha1-", "xsha256-"};
      std::string out = base64(value);
      if (dice.percent(30)) {
        while (!out.empty() && out.back() == '=') out.pop_back();
      }
      std::string_view form = dice.pick(kForms);
      switch (value.size()) {  // most often the right one
        case 32:
          if (dice.percent(80)) form = "md5-";
          break;
        case 40:
          if (dice.percent(80)) form = "sha1:";
          break;
        case 64:
          if (dice.percent(80)) form = "sha256-";
          break;
        case 96:
          if (dice.percent(80)) form = "Sha384-";
          break;
        default:
          if (dice.percent(80)) form = "SHA512:";
          break;
      }
      return std::string(form) + out;
    }
    case 7:
      return value + (dice.percent(50) ? "0" : "g");
    default:
      return value;
  }
}

std::string spell_path(Dice& dice, std::string value) {
  static constexpr std::string_view kPlaces[][2] = {
      {"%appdata%", "C:\\Users\\bob\\AppData\\Roaming"},
      {"%appdata%", "C:\\Documents and Settings\\eve\\Application Data"},
      {"%appdata%", "%USERPROFILE%\\AppData\\Roaming"},
      {"%temp%", "C:\\Users\\bob\\AppData\\Local\\Temp"},
      {"%temp%", "%TMP%"},
      {"%temp%", "C:\\Windows\\Temp"},
      {"%temp%", "C:\\Users\\x\\Local Settings\\Temp"},
      {"%localappdata%", "C:\\Users\\bob\\AppData\\Local"},
      {"%userprofile%", "D:\\Users\\a b"},
      {"%userprofile%", "\\Device\\HarddiskVolume2\\Users\\x"},
      {"%windir%", "C:\\Windows"},
      {"%windir%", "%SystemRoot%"},
      {"%windir%", "\\SystemRoot"},
      {"%windir%", "C:\\WINNT"},
      {"%programdata%", "C:\\ProgramData"},
      {"%programdata%", "%ALLUSERSPROFILE%"}};
  if (value.front() == '/' || value.front() == '~') {
    switch (dice.below(9)) {
      case 0:
        return replaced(value, "/", "//");
      case 1:
        return value + "/below/p.exe";
      case 2:
        return value + "/";
      case 3:
        return "\"" + value + " -k 1\"";
      case 4:
        return any_case(dice, value);
      case 5:
        return "exe=" + value + ", uid=0";
      case 6:
        return "/pre" + value;
      default:
        return value;
    }
  }
  if (value.front() == '%' && dice.percent(70)) {
    for (std::size_t tries = 0; tries < 40; ++tries) {
      const auto& place = dice.pick(kPlaces);
      if (value.compare(0, place[0].size(), place[0]) == 0) {
        value.replace(0, place[0].size(), place[1]);
        break;
      }
    }
  }
  if (value.compare(0, 2, "?:") == 0 && dice.percent(80)) value[0] = 'E';
  if (dice.percent(30)) value = any_case(dice, value);
  if (dice.percent(8)) value = respelled_fold(dice, value);
  for (std::size_t times = dice.below(3); times > 0; --times) {
    switch (dice.below(12)) {
      case 0:
        value = replaced(value, "\\", "/");
        break;
      case 1:
        value = replaced(value, "\\", "\\\\");
        break;
      case 2:
        value = (dice.percent(50) ? "\\\\?\\" : "\\??\\") + value;
        break;
      case 3:
        if (value.size() > 2 && value[1] == ':')
          value = "\\Device\\HarddiskVolume" + std::to_string(dice.below(30)) + value.substr(2);
        break;
      case 4:
        value += dice.percent(50) ? "\\below\\p.exe" : "x";
        break;
      case 5:
        value += " -k netsvcs, then";
        break;
      case 6:
        return "\"" + value + (dice.percent(50) ? " -k 1\"" : "\"");
      case 7:
        value += dice.percent(50) ? "." : ":";
        break;
      case 8:
        value += "\\";
        break;
      case 9:
        return "'" + value + "'";
      case 10:
        return "Image=" + value + "; x";
      default:
        return "<Data>" + value + "</Data>";
    }
  }
  return value;
}

std::string spell_key(Dice& dice, std::string value) {
  static constexpr std::string_view kAliases[][2] = {
      {"hklm", "HKEY_LOCAL_MACHINE"},
      {"hklm", "\\REGISTRY\\MACHINE"},
      {"hklm", "HKLM:"},
      {"hkcu", "HKEY_CURRENT_USER"},
      {"hkcu", "HKU\\S-1-5-21-9-8-7-500"},
      {"hkcu", "\\REGISTRY\\USER\\S-1-5-21-9-8-7-500"},
      {"hkcr", "HKEY_CLASSES_ROOT"},
      {"hku", "HKEY_USERS"},
      {"hku", "\\Registry\\User"},
      {"hkcc", "HKEY_CURRENT_CONFIG"},
      {"hkcu", "HKEY_USERS\\S-1-5-21-9-8-7-500"},
      {"hkcr", "HKLM\\Software\\Classes"}};
  for (std::size_t tries = dice.below(6); tries > 0; --tries) {
    const auto& alias = dice.pick(kAliases);
    if (value.compare(0, alias[0].size(), alias[0]) == 0 && value.size() > alias[0].size() &&
        value[alias[0].size()] == '\\') {
      value.replace(0, alias[0].size(), alias[1]);
      break;
    }
  }
  if (dice.percent(50))
    value = replaced(value, "currentcontrolset",
                     dice.percent(50) ? "ControlSet001" : "controlset002");
  if (dice.percent(30)) value = any_case(dice, value);
  if (dice.percent(8)) value = respelled_fold(dice, value);
  switch (dice.below(9)) {
    case 0:
      return value + "\\below";
    case 1:
      return replaced(value, "\\", "\\\\");
    case 2:
      return value + "x";
    case 3:
      return "[" + value + "]";
    case 4:
      return "\"" + value + "\"";
    case 5:
      return replaced(value, "\\", "/");
    case 6:
      return "TargetObject: " + value + ", x";
    default:
      return value;
  }
}

std::string spell_object(Dice& dice, std::string value, bool pipe) {
  static constexpr std::string_view kMutex[] = {"Global\\",
                                                "Local\\",
                                                "\\BaseNamedObjects\\",
                                                "\\Sessions\\1\\BaseNamedObjects\\",
                                                "\\Sessions\\12\\BaseNamedObjects\\Global\\",
                                                "global\\",
                                                "\\BaseNamedObjects\\Local\\"};
  static constexpr std::string_view kPipe[] = {
      "\\\\.\\pipe\\",   "\\Device\\NamedPipe\\", "\\pipe\\", "\\",
      "\\\\srv\\pipe\\", "\\\\.\\PIPE\\",         "//./pipe/"};
  if (dice.percent(50))
    value = std::string(pipe ? dice.pick(kPipe) : dice.pick(kMutex)) + value;
  if (dice.percent(15)) value = any_case(dice, value);
  if (dice.percent(8)) value = respelled_fold(dice, value);
  switch (dice.below(7)) {
    case 0:
      return "\"" + value + "\"";
    case 1:
      return "name=" + value + ", x";
    case 2:
      return value + ".";
    case 3:
      return "'" + value + "'";
    case 4:
      return replaced(value, "\\", "\\\\");
    default:
      return value;
  }
}

/// An address inside the network, or just outside.
std::string spell_network(Dice& dice, const std::string& value) {
  const auto network = parse_network(value, nullptr);
  if (!network || dice.percent(20)) return value;
  auto bytes = network->base;
  const int size = network->is_v6 ? 128 : 32;
  for (int bit = network->prefix; bit < size; ++bit) {
    if (dice.percent(50)) {
      bytes[static_cast<std::size_t>(bit / 8)] |= static_cast<std::uint8_t>(0x80 >> (bit % 8));
    }
  }
  if (dice.percent(10) && network->prefix > 0) {
    const int bit = network->prefix - 1;
    bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::uint8_t>(0x80 >> (bit % 8));
  }
  if (network->is_v6) {
    Ipv6 address{};
    std::copy_n(bytes.begin(), 16, address.begin());
    return spell_v6(dice, format_ipv6(address));
  }
  const std::uint32_t address = static_cast<std::uint32_t>(bytes[0]) << 24 |
                                static_cast<std::uint32_t>(bytes[1]) << 16 |
                                static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
  return spell_v4(dice, format_ipv4(address));
}

}  // namespace

std::string spell(Dice& dice, const Observable& indicator) {
  const std::string& value = indicator.value;
  switch (indicator.type) {
    case T::kIpv4:
      return spell_v4(dice, value);
    case T::kIpv6:
      return spell_v6(dice, value);
    case T::kCidr:
      return spell_network(dice, value);
    case T::kIpv4Port: {
      const std::size_t colon = value.rfind(':');
      if (dice.percent(40)) return value;
      if (dice.percent(20)) return "http://" + value + "/";
      if (dice.percent(30)) return replaced(value, ":", "/");
      if (dice.percent(20))
        return "http://" + spell_v4(dice, value.substr(0, colon)) + value.substr(colon);
      return dice.percent(50) ? value + "0" : spell_v4(dice, value.substr(0, colon));
    }
    case T::kIpv6Port: {
      const std::size_t close = value.rfind(']');
      if (dice.percent(50)) return value;
      const std::string inner = spell_v6(dice, value.substr(1, close - 1));
      return dice.percent(50) ? inner : "[" + inner + value.substr(close);
    }
    case T::kDomain:
    case T::kHostname:
      return spell_name(dice, value);
    case T::kUrl:
      return spell_url(dice, value);
    case T::kUri:
      switch (dice.below(6)) {
        case 0:
          return "GET " + value + " HTTP/1.1";
        case 1:
          return "\"" + value + "\"";
        case 2:
          return "/x/.." + value;
        case 3:
          return "uri=" + value;
        case 4:
          return replaced(value, "a", "%61");
        default:
          return value;
      }
    case T::kMd5:
    case T::kSha1:
    case T::kSha256:
    case T::kSha384:
    case T::kSha512:
    case T::kPehash:
    case T::kImphash:
    case T::kJa3:
    case T::kSslCertFingerprint:
      return spell_digest(dice, value);
    case T::kEmail: {
      const std::size_t sign = value.find('@');
      switch (dice.below(7)) {
        case 0:
          return any_case(dice, value);
        case 1:
          return "<" + value + ">";
        case 2:
          return value.substr(0, sign + 1) + spell_name(dice, value.substr(sign + 1));
        case 3:
          return value.substr(0, sign) + "+tag" + value.substr(sign);
        case 4:
          return "mailto:" + value;
        case 5:
          return "x" + value;
        default:
          return value;
      }
    }
    case T::kFilePath:
      return spell_path(dice, value);
    case T::kFileName:
      switch (dice.below(9)) {
        case 0:
          return "C:\\x\\" + (dice.percent(30) ? respelled_fold(dice, value) : value);
        case 1:
          return "/opt/x/" + value;
        case 2:
          return any_case(dice, value);
        case 3:
          return "\"" + value + "\"";
        case 4:
          return value + ".";
        case 5:
          return "x\\" + any_case(dice, value);
        case 6:
          return "name='" + value + "'";
        case 7:
          return "http://h.test/" + value;
        default:
          return value;
      }
    case T::kRegistryKey:
      return spell_key(dice, value);
    case T::kMutex:
      return spell_object(dice, value, false);
    case T::kNamedPipe:
      return spell_object(dice, value, true);
    case T::kCve:
      return dice.percent(60) ? any_case(dice, value) : dice.percent(30) ? value + "1" : value;
    case T::kAsn: {
      static constexpr std::string_view kForms[] = {
          "AS", "as", "ASN", "AS ", "asn:", "AS:", "ASN  ", "AS0", "As"};
      return std::string(dice.pick(kForms)) + value.substr(2);
    }
    case T::kBitcoinAddress:
      return dice.percent(25) ? any_case(dice, value) : value;
    case T::kUserAgent:
      return dice.percent(60)   ? "\"" + value + "\""
             : dice.percent(50) ? "'" + value + "'"
                                : value;
    case T::kYara:
    case T::kOsquery:
      return value;
  }
  return value;
}

/// X1, every form.
std::string defang(Dice& dice, const std::string& value) {
  static constexpr std::string_view kDots[] = {"[.]",   "(.)",   "{.}", "\\.", "[dot]", "(dot)",
                                               "[DOT]", "(Dot)", ".",   "[.",  " dot ", "[.]"};
  static constexpr std::string_view kSigns[] = {"[@]", "[at]", "[AT]", "@", "(at)"};
  static constexpr std::string_view kSchemes[] = {"hxxp",   "hXXp", "HXXP", "meow",
                                                  "[http]", "http", "hxxx"};
  static constexpr std::string_view kMarks[] = {"://", "[://]", "[:]//", ":\\/\\/"};
  const std::string_view dot = dice.pick(kDots);
  const bool one = dice.percent(40);
  bool done = false;
  std::string out;
  std::size_t at = 0;
  if (starts_with_ignore_case(value, "http") && dice.percent(80)) {
    out += dice.pick(kSchemes);
    at = 4;
    if (at < value.size() && value[at] == 's') {
      if (!out.empty() && out.back() == ']') {
        out.insert(out.size() - 1, "s");
      } else {
        out += 's';
      }
      ++at;
    }
    if (value.compare(at, 3, "://") == 0) {
      out += dice.pick(kMarks);
      at += 3;
    }
  }
  for (; at < value.size(); ++at) {
    if (value[at] == '.' && !(one && done)) {
      out += dot;
      done = true;
    } else if (value[at] == '@' && dice.percent(70)) {
      out += dice.pick(kSigns);
    } else if (value[at] == ':' && dice.percent(40)) {
      out += "[:]";
    } else {
      out += value[at];
    }
  }
  return out;
}

}  // namespace spoor::cases
