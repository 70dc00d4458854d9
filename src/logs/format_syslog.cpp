// Syslog as an envelope: RFC 5424, RFC 3164 and what daemons make of it (rsyslog's ISO times,
// Cisco's two times, macOS's <Level>, lines without a host). The message inside is read as what
// the program writes (read_message). Tested by formats_test.cpp.

#include "logs/cursor.h"
#include "logs/format.h"

namespace spoor {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

/// "<134>" off the front, if it is there and at most 191.
bool eat_priority(Cursor& cursor) {
  if (cursor.peek() != '<') return false;
  std::size_t digits = 0;
  while (digits < 3 && is_digit(cursor.peek(1 + digits))) ++digits;
  if (digits == 0 || cursor.peek(1 + digits) != '>') return false;
  cursor.move_to(cursor.at() + digits + 2);
  return true;
}

/// "[id name="value"]..." off the front.
void eat_structured_data(Cursor& cursor) {
  if (cursor.eat("- ") || (cursor.rest() == "-" && cursor.eat("-"))) return;
  while (cursor.peek() == '[') {
    std::string_view rest = cursor.rest();
    std::size_t at = 1;
    bool quoted = false;
    for (; at < rest.size() && (quoted || rest[at] != ']'); ++at) {
      if (rest[at] == '\\')
        ++at;
      else if (rest[at] == '"')
        quoted = !quoted;
    }
    if (at >= rest.size()) return;
    cursor.move_to(cursor.at() + at + 1);
  }
  cursor.skip_blanks();
}

bool parse_5424(std::string_view line, const FormatState& state, Record& record) {
  Cursor cursor(line);
  if (!eat_priority(cursor)) return false;
  const std::string_view version = cursor.word();
  if (version.empty() || version.size() > 3 || !is_number(version)) return false;
  const std::string_view when = cursor.word();
  if (when != "-") {
    const auto time = read_time(when, state.time);
    if (!time || !is_digit(when.front()) || when.size() < 19) return false;
    record.set_time(*time);
  }
  const std::string_view host = cursor.word();
  const std::string_view program = cursor.word();
  if (host.empty() || program.empty()) return false;
  record.set(Slot::kHost, "host", host);
  record.set(Slot::kProcess, "process", program);
  record.mark(FieldRole::kOther, "procid", cursor.word());
  record.mark(FieldRole::kOther, "msgid", cursor.word());
  eat_structured_data(cursor);
  std::string_view message = cursor.rest();
  if (message.substr(0, 3) == "\xEF\xBB\xBF") message.remove_prefix(3);
  record.mark(FieldRole::kOther, "message", message);
  read_message(without_dash(program), trim(message), state, record);
  return true;
}

/// "sshd[123]:", "postfix/smtpd[1]:", "su:"; `size` is the tag's length with its colon.
bool is_tag(std::string_view text, std::string_view& program, std::size_t& size) {
  std::size_t at = 0;
  while (at < text.size() && at < 64 && !is_space(text[at]) && text[at] != '[' &&
         text[at] != ':') {
    ++at;
  }
  if (at == 0) return false;
  program = text.substr(0, at);
  if (at < text.size() && text[at] == '[') {
    const std::size_t close = text.substr(0, 128).find(']', at);
    if (close == std::string_view::npos) return false;
    at = close + 1;
    if (at < text.size() && text[at] == ':') {
      size = at + 1;
      return true;
    }
    // macOS: sockerfilterfw[1985] <Info>: ...
    size = at;
    return at < text.size() && (is_space(text[at]) || text[at] == ':');
  }
  size = at + 1;
  return at < text.size() && text[at] == ':' && at + 1 < text.size() &&
         (is_space(text[at + 1]));
}

bool is_level(std::string_view word) {
  constexpr std::string_view kLevels[] = {"DEBUG", "INFO", "NOTICE", "WARNING", "WARN",   "ERR",
                                          "ERROR", "CRIT", "ALERT",  "EMERG",   "VERBOSE"};
  return std::any_of(std::begin(kLevels), std::end(kLevels),
                     [&](std::string_view level) { return equals_ignore_case(level, word); });
}

/// "000000000264F": a thread or an object, in the logs of programs that write syslog's time.
bool is_long_number(std::string_view word) {
  constexpr std::size_t kLongestHostNumber = 8;
  return word.size() > kLongestHostNumber && is_digit(word.front()) &&
         std::all_of(word.begin(), word.end(), is_hex);
}

bool parse_3164(std::string_view line, const FormatState& state, Record& record) {
  Cursor cursor(line);
  const bool priority = eat_priority(cursor);
  if (priority && is_digit(cursor.peek()) && cursor.rest().substr(0, 12).find(": ") < 12) {
    cursor.until(": ");  // Cisco's sequence number
  }
  if (cursor.peek() == '*') cursor.eat("*");
  const std::string_view rest = cursor.rest();
  const bool words = !rest.empty() && is_alpha(rest.front());
  std::optional<TimeText> time;
  std::size_t length = 0;
  if (words) {
    // Also without a year that could be inferred: the line is read, its time is not known.
    TimeContext any = state.time;
    if (!any.modified) any.modified = time_from_micros(4'000'000'000'000'000);
    time = read_time(rest, any);
    // With the day of the week before it, it is another program's.
    if (!time || rest[3] != ' ' || !is_digit(rest[4] == ' ' ? rest[5] : rest[4])) return false;
    length = time->length;
    if (time->year_inferred && !state.time.modified) time.reset();
  } else {
    time = read_time(rest, state.time);
    if (!time || !time->event.has_clock || time->length < 19 || rest[4] != '-') return false;
    length = time->length;
  }
  cursor.move_to(cursor.at() + length);
  if (cursor.peek() == ':') cursor.eat(":");
  if (!is_blank(cursor.peek())) return false;
  cursor.skip_blanks();

  std::string_view program;
  std::size_t size = 0;
  std::string_view host;
  Cursor second(cursor.rest());
  const std::string_view word = second.word();
  if (word.empty()) return false;
  if (is_level(word) || (is_tag(cursor.rest(), program, size) &&
                         !(looks_like_address(word) || is_tag(second.rest(), program, size)))) {
    if (is_level(word)) cursor.word();
    if (!is_tag(cursor.rest(), program, size)) {
      if (!words) return false;
      size = 0;
      program = {};
    }
    cursor.move_to(cursor.at() + size);
  } else {
    host = word;
    // "ISO time, word, any text" is what half of all programs write: there a tag must follow.
    const bool tagged = is_tag(second.rest(), program, size);
    const std::string_view after = second.rest();
    const std::size_t percent = std::min(after.find('%'), after.size());
    const bool cisco =
        after.substr(percent, 5) == "%ASA-" || after.substr(percent, 5) == "%FTD-";
    if (!words && !priority && !tagged && !(cisco && percent < 64)) return false;
    if (!priority && !tagged && is_long_number(host)) return false;
    // With a blank between date and clock the tag must have a process id as well.
    if (!words && rest[10] != 'T' && !priority &&
        second.rest().substr(0, size).find('[') == kNone)
      return false;
    if (host.find_first_of("=\"'{}()[]<>|,;!/") != kNone) return false;
    cursor.word();
    if (tagged && !(cisco && percent < 64)) {
      cursor.move_to(cursor.at() + size);
    } else {
      program = {};
      if (cisco && percent < 64) cursor.move_to(cursor.at() + percent);
    }
  }
  if (time) record.set_time(*time);
  if (!host.empty()) record.set(Slot::kHost, "host", host);
  if (!program.empty()) record.set(Slot::kProcess, "process", program);
  cursor.skip_blanks();
  const std::string_view message = cursor.rest();
  record.mark(FieldRole::kOther, "message", message);
  read_message(program, trim(message), state, record);
  return true;
}

/// 2026-11-24T10:54:14.673552828Z stderr F message (Kubernetes' containers)
bool parse_container(std::string_view line, const FormatState& state, Record& record) {
  Cursor cursor(line);
  const std::string_view when = cursor.word();
  const std::string_view stream = cursor.word();
  const std::string_view part = cursor.word();
  if ((stream != "stdout" && stream != "stderr") || part.empty() || part.size() > 16)
    return false;
  const auto time = read_time(when, state.time);
  if (!time || when.size() < 20) return false;
  record.set_time(*time);
  record.set(Slot::kNone, "stream", stream);
  record.mark(FieldRole::kOther, "message", cursor.rest());
  read_message({}, trim(cursor.rest()), state, record);
  return true;
}

}  // namespace

constexpr LogFormat kContainerFormat = {"cri", "Kubernetes' container log", parse_container};
constexpr LogFormat kSyslog5424Format = {"syslog-5424", "syslog, RFC 5424", parse_5424};
constexpr LogFormat kSyslogFormat = {"syslog", "syslog, RFC 3164 and its relatives",
                                     parse_3164};

}  // namespace spoor
