// Lines of key=value and their relatives: CEF, LEEF, logfmt, Fortinet. Tested by
// formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kKeyBytes = 64;

bool is_key_char(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/// Cuts "a|b|c|" into `count` parts; a bar behind a backslash belongs to its part. False where
/// there are fewer.
bool cut_bars(std::string_view& rest, std::string_view* parts, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t at = 0;
    while (at < rest.size() && rest[at] != '|') at += rest[at] == '\\' ? 2 : 1;
    if (at >= rest.size()) return false;
    parts[i] = rest.substr(0, at);
    rest.remove_prefix(at + 1);
  }
  return true;
}

/// key=value with blanks inside values: a value ends before the last blank that stands before
/// the next " key=".
void put_extension(std::string_view text, Record& record) {
  std::size_t at = 0;
  const auto key_end = [&](std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size() && end - begin < kKeyBytes && is_key_char(text[end])) ++end;
    return end > begin && end < text.size() && text[end] == '=' ? end : std::string_view::npos;
  };
  while (at < text.size()) {
    while (at < text.size() && is_blank(text[at])) ++at;
    const std::size_t equals = key_end(at);
    if (equals == std::string_view::npos) {  // a stray word
      while (at < text.size() && !is_blank(text[at])) ++at;
      continue;
    }
    const std::string_view key = text.substr(at, equals - at);
    const std::size_t begin = equals + 1;
    std::size_t end = begin;
    for (;; ++end) {
      end = std::min(text.find(' ', end), text.size());
      if (end == text.size() || key_end(end + 1) != std::string_view::npos) break;
    }
    record.put(key, text.substr(begin, end - begin));
    at = end;
  }
}

/// CEF:0|vendor|product|version|id|name|severity|src=... dst=...
bool parse_cef(std::string_view line, const FormatState& state, Record& record) {
  const std::size_t at = line.substr(0, 256).find("CEF:");
  if (at == std::string_view::npos || (at > 0 && is_alnum(line[at - 1]))) return false;
  std::string_view rest = line.substr(at + 4);
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
  std::string_view parts[7];
  if (!cut_bars(rest, parts, 7) || !is_number(parts[0])) return false;
  if (at > 0) {
    if (const auto time = find_time(line.substr(0, at), state.time)) record.set_time(*time, 90);
  }
  record.set(Slot::kNone, "vendor", parts[1]);
  record.set(Slot::kNone, "product", parts[2]);
  record.mark(FieldRole::kVersion, "version", parts[3]);
  record.set(Slot::kNone, "class", parts[4]);
  record.set(Slot::kNone, "name", parts[5]);
  record.set(Slot::kNone, "severity", parts[6]);
  put_extension(rest, record);
  return true;
}

/// LEEF:2.0|vendor|product|version|id|[separator|]key=value...
bool parse_leef(std::string_view line, const FormatState& state, Record& record) {
  const std::size_t at = line.substr(0, 256).find("LEEF:");
  if (at == std::string_view::npos || (at > 0 && is_alnum(line[at - 1]))) return false;
  std::string_view rest = line.substr(at + 5);
  std::string_view parts[5];
  if (!cut_bars(rest, parts, 5)) return false;
  char separator = '\t';
  const std::size_t bar = rest.find('|');
  if (parts[0] == "2.0" && bar != std::string_view::npos && bar <= 6) {
    std::string_view named = rest.substr(0, bar);
    if (named.size() == 1) {
      separator = named[0];
    } else if (named.size() >= 3 && (named[0] == 'x' || named[0] == '0')) {
      if (named[0] == '0') named.remove_prefix(1);
      const int high = hex_value(named.size() > 1 ? named[1] : 'z');
      const int low = hex_value(named.size() > 2 ? named[2] : 'z');
      if (high >= 0 && low >= 0) separator = static_cast<char>(high * 16 + low);
    }
    rest.remove_prefix(bar + 1);
  }
  if (at > 0) {
    if (const auto time = find_time(line.substr(0, at), state.time)) record.set_time(*time, 90);
  }
  record.set(Slot::kNone, "vendor", parts[1]);
  record.set(Slot::kNone, "product", parts[2]);
  record.mark(FieldRole::kVersion, "version", parts[3]);
  record.set(Slot::kNone, "class", parts[4]);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals > kKeyBytes) continue;
    record.put(trim(pair.substr(0, equals)), pair.substr(equals + 1));
  }
  return true;
}

/// Fortinet, logfmt and others: at least three pairs, and the line begins with one.
bool parse_key_value(std::string_view line, const FormatState& state, Record& record) {
  std::string_view text = line.substr(0, 64 << 10);
  std::size_t begin = 0;
  // "<189>date=2026-11-24 ...", "name  | time=... level=..." (docker compose).
  if (text.substr(0, 1) == "<") {
    const std::size_t close = text.substr(0, 6).find('>');
    if (close != std::string_view::npos) begin = close + 1;
  }
  const std::size_t bar = text.substr(0, 64).find("| ");
  if (bar != std::string_view::npos && text.substr(0, bar).find('=') == std::string_view::npos)
    begin = bar + 2;
  text.remove_prefix(begin);
  std::size_t key = 0;
  while (key < text.size() && is_key_char(text[key])) ++key;
  const auto leading = key == 0 ? std::optional<TimeText>() : read_time(text, state.time);
  const bool begins = key > 0 && key < text.size() && text[key] == '=';
  if (!begins && !leading) return false;
  std::string_view pairs = text;
  if (!begins) pairs.remove_prefix(std::min(leading->length, pairs.size()));
  // Counted before anything is put into the record of an envelope: words that are pairs.
  std::size_t pairs_seen = 0, words = 0;
  bool fresh = true;
  for (std::size_t at = 0; at < pairs.size() && words < 256; ++at) {
    const char c = pairs[at];
    if (is_blank(c) || c == ',' || c == '[' || c == '(') {
      fresh = true;
      continue;
    }
    if (!fresh) continue;
    fresh = false;
    ++words;
    std::size_t end = at;
    while (end < pairs.size() && is_key_char(pairs[end])) ++end;
    if (end == at || end >= pairs.size() || pairs[end] != '=') continue;
    ++pairs_seen;
    if (end + 1 < pairs.size() && pairs[end + 1] == '"') {  // over the value in quotes
      end += 2;
      while (end < pairs.size() && pairs[end] != '"') end += pairs[end] == '\\' ? 2 : 1;
      at = std::min(end, pairs.size());
    }
  }
  if (pairs_seen < 3 || (!begins && words > 4 * pairs_seen)) return false;
  if (!begins && leading) record.set_time(*leading);
  return put_key_values(pairs, record) >= 3;
}

}  // namespace

std::size_t put_key_values(std::string_view text, Record& record) {
  std::size_t count = 0;
  std::size_t at = 0;
  while (at < text.size() && count < kMostFields) {
    // A key: letters that '=' ends.
    if (!is_key_char(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_key_char(text[end])) ++end;
    if (end >= text.size() || text[end] != '=' || end - at > kKeyBytes) {
      at = end + 1;
      // Behind a stray word the next key begins at the next blank.
      while (at < text.size() && !is_blank(text[at]) && !is_key_char(text[at])) ++at;
      continue;
    }
    const std::string_view key = text.substr(at, end - at);
    at = end + 1;
    std::string_view value;
    if (at < text.size() && text[at] == '"') {
      std::size_t close = at + 1;
      while (close < text.size() && text[close] != '"') close += text[close] == '\\' ? 2 : 1;
      close = std::min(close, text.size());
      value = text.substr(at + 1, close - at - 1);
      at = std::min(close + 1, text.size());
    } else if (at < text.size() && text[at] == '\'') {
      // auditd: msg='op=login acct="root" addr=192.0.2.1 res=success': pairs inside.
      ++at;
      ++count;
      continue;
    } else {
      const std::size_t begin = at;
      while (at < text.size() && !is_space(text[at]) && text[at] != ',' && text[at] != '\'' &&
             text[at] != '\x1d') {
        ++at;
      }
      value = text.substr(begin, at - begin);
    }
    record.put(key, value);
    ++count;
  }
  return count;
}

constexpr LogFormat kCefFormat = {"cef", "Common Event Format", parse_cef, nullptr, nullptr, {},
                                  true};
constexpr LogFormat kLeefFormat = {
    "leef", "Log Event Extended Format", parse_leef, nullptr, nullptr, {}, true};
constexpr LogFormat kKeyValueFormat = {
    "key-value", "key=value: Fortinet, logfmt", parse_key_value, nullptr, nullptr, {}, true};

}  // namespace spoor
