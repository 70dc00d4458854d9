// A mail to text: its subject is the title, its other headers are not read (who sent a report
// is no indicator), of its parts those that are text. Attachments are named and passed over.
// Transfer encodings are undone; a character set other than UTF-8 costs its odd bytes. Sources:
// RFC 5322, 2045 to 2047. See prose.h. Tested by prose_test.cpp; fuzz_text.

#include <algorithm>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/json_rows.h"
#include "feeds/prose.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kMostParts = 1000;

int base64_value(char c) {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

std::string decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) continue;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xFF);
  }
  return out;
}

std::string decode_quoted_printable(std::string_view text, bool header) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (header && c == '_') {
      out += ' ';
      continue;
    }
    if (c != '=') {
      out += c;
      continue;
    }
    const std::string_view rest = text.substr(at + 1);
    if (rest.substr(0, 1) == "\n") {
      at += 1;
    } else if (rest.substr(0, 2) == "\r\n") {
      at += 2;
    } else if (rest.size() >= 2 && is_hex(rest[0]) && is_hex(rest[1])) {
      out += static_cast<char>(hex_value(rest[0]) * 16 + hex_value(rest[1]));
      at += 2;
    } else {
      out += c;
    }
  }
  return out;
}

/// "=?utf-8?B?..?=" in a header's value.
std::string decode_words(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t begin = std::min(value.find("=?", at), value.size());
    out += value.substr(at, begin - at);
    if (begin == value.size()) break;
    const std::size_t kind = value.find('?', begin + 2);
    const std::size_t data = kind == std::string_view::npos ? kind : value.find('?', kind + 1);
    const std::size_t end = data == std::string_view::npos ? data : value.find("?=", data + 1);
    if (end == std::string_view::npos || data != kind + 2) {
      out += "=?";
      at = begin + 2;
      continue;
    }
    const std::string_view word = value.substr(data + 1, end - data - 1);
    out += to_lower(value[kind + 1]) == 'b' ? decode_base64(word)
                                            : decode_quoted_printable(word, true);
    at = end + 2;
  }
  return replace_invalid_utf8(out);
}

struct Headers {
  std::string subject, date, type, boundary, encoding;
  bool attached = false;
};

/// name="value" in a header's value.
std::string parameter_of(std::string_view value, std::string_view name) {
  for (std::size_t at = value.find(';'); at != std::string_view::npos;
       at = value.find(';', at + 1)) {
    const std::string_view part = trim(value.substr(at + 1));
    if (!starts_with_ignore_case(part, name)) continue;
    std::string_view rest = trim(part.substr(name.size()));
    if (rest.empty() || rest.front() != '=') continue;
    rest = trim(rest.substr(1));
    if (!rest.empty() && rest.front() == '"')
      return std::string(rest.substr(1, rest.find('"', 1) - 1));
    return std::string(trim(rest.substr(0, rest.find(';'))));
  }
  return {};
}

/// Reads the headers that `mail` begins with; returns where the body begins.
std::size_t read_headers(std::string_view mail, Headers& headers) {
  std::size_t at = 0;
  std::string name, value;
  const auto keep = [&] {
    if (equals_ignore_case(name, "subject")) headers.subject = decode_words(trim(value));
    if (equals_ignore_case(name, "date")) headers.date = trim(value);
    if (equals_ignore_case(name, "content-transfer-encoding"))
      headers.encoding = lower(trim(value));
    if (equals_ignore_case(name, "content-type")) {
      headers.type = lower(trim(value.substr(0, value.find(';'))));
      headers.boundary = parameter_of(value, "boundary");
    }
    if (equals_ignore_case(name, "content-disposition"))
      headers.attached = starts_with_ignore_case(trim(value), "attachment");
    name.clear();
    value.clear();
  };
  while (at < mail.size()) {
    const std::size_t end = std::min(mail.find('\n', at), mail.size());
    std::string_view line = mail.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    at = std::min(end + 1, mail.size());
    if (line.empty()) break;
    if (is_blank(line.front())) {
      if (value.size() < 4096) value += std::string(line.substr(0, 4096));
      continue;
    }
    keep();
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    name = line.substr(0, std::min(colon, std::size_t{64}));
    value = line.substr(colon + 1, 4096);
  }
  keep();
  return at;
}

/// "Tue, 24 Nov 2026 10:54:14 +0100"; the zone is added.
std::optional<Time> parse_mail_date(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const std::size_t comma = text.find(',');
  if (comma != std::string_view::npos) text = text.substr(comma + 1);
  std::string words[5];
  int count = 0;
  while (count < 5) {
    text = trim(text);
    if (text.empty()) break;
    const std::size_t end = std::min(text.find(' '), text.size());
    words[count++] = text.substr(0, end);
    text.remove_prefix(end);
  }
  if (count < 4 || words[1].size() != 3 || words[2].size() != 4) return std::nullopt;
  const std::size_t month = kMonths.find(words[1]);
  if (month == std::string_view::npos || month % 3 != 0 || words[0].size() > 2)
    return std::nullopt;
  const auto two = [](std::string text_of_two) {
    return text_of_two.size() < 2 ? "0" + text_of_two : text_of_two;
  };
  std::string iso = words[2] + "-" + two(std::to_string(month / 3 + 1)) + "-" + two(words[0]) +
                    "T" + words[3];
  const bool zone =
      count > 4 && words[4].size() == 5 && (words[4].front() == '+' || words[4].front() == '-');
  iso += zone ? words[4] : "Z";
  const auto parsed = parse_iso8601(iso);
  if (!parsed) return std::nullopt;
  return parsed->time;
}

class MailReader {
 public:
  explicit MailReader(Prose& prose) : prose_(prose) {}

  void part(std::string_view text, int depth, bool outermost) {
    if (depth > kDeepest || ++parts_ > kMostParts) {
      add_word(prose_.passed, "parts nested too deep");
      return;
    }
    Headers headers;
    const std::string_view body = text.substr(read_headers(text, headers));
    if (outermost) {
      prose_.title = headers.subject;
      prose_.date = parse_mail_date(headers.date);
    }
    if (starts_with_ignore_case(headers.type, "multipart/") && !headers.boundary.empty())
      return multipart(body, headers.boundary, depth);
    const bool readable = headers.type.empty() || headers.type == "text/plain" ||
                          headers.type == "text/html" || headers.type == "message/rfc822";
    if (!readable || headers.attached) {
      add_word(prose_.passed, headers.type.substr(0, 80));
      return;
    }
    std::string decoded;
    if (headers.encoding == "base64") {
      decoded = replace_invalid_utf8(decode_base64(body));
    } else if (headers.encoding == "quoted-printable") {
      decoded = replace_invalid_utf8(decode_quoted_printable(body, false));
    } else {
      decoded = body;
    }
    if (headers.type == "message/rfc822") return part(decoded, depth + 1, false);
    if (headers.type == "text/html" || prose_kind(decoded.substr(0, 4096)) == ProseKind::kHtml)
      return read_html(decoded, prose_);
    prose_.text += decoded;
    prose_.text += '\n';
  }

 private:
  /// Parts between lines "--boundary". Of alternatives all are read: the same value twice is
  /// one, and HTML may show what plain text leaves out.
  void multipart(std::string_view body, const std::string& boundary, int depth) {
    const std::string mark = "--" + boundary;
    std::size_t begin = std::string_view::npos;
    std::size_t at = 0;
    while (at < body.size()) {
      const std::size_t end = std::min(body.find('\n', at), body.size());
      const std::string_view line = body.substr(at, end - at);
      if (line.substr(0, mark.size()) == mark) {
        if (begin != std::string_view::npos)
          part(body.substr(begin, at - begin), depth + 1, false);
        begin = std::min(end + 1, body.size());
        if (trim(line).size() >= mark.size() + 2 && line.substr(mark.size(), 2) == "--") return;
      }
      at = end + 1;
    }
    if (begin != std::string_view::npos && begin < body.size())
      part(body.substr(begin), depth + 1, false);
  }

  Prose& prose_;
  std::size_t parts_ = 0;
};

}  // namespace

void read_mail(std::string_view mail, Prose& prose) {
  if (mail.substr(0, 5) == "From ") {  // mbox: one line before the headers
    const std::size_t end = mail.find('\n');
    mail = end == std::string_view::npos ? std::string_view() : mail.substr(end + 1);
  }
  MailReader(prose).part(mail, 0, true);
}

}  // namespace spoor
