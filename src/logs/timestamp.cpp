#include "logs/timestamp.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"

namespace spoor {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHeadBytes = 256;
constexpr std::size_t kJsonBytes = 64 << 10;

/// 1990-01-01 and 2101-01-01 in seconds.
constexpr std::int64_t kEarliest = 631'152'000;
constexpr std::int64_t kLatest = 4'133'980'800;

bool is_plausible(Time time) {
  const std::int64_t micros = to_micros(time);
  return micros >= kEarliest * 1'000'000 && micros < kLatest * 1'000'000;
}

std::size_t count_digits(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) ++count;
  return count;
}

bool digits_at(std::string_view text, std::size_t at, std::size_t count) {
  return at <= text.size() && count_digits(text.substr(at, count), 0) == count;
}

char char_at(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

/// "10:54:14", "10:54:14.123", "10:54" at `at`, with a zone behind it where there is one, in
/// the form that parse_iso8601 takes; "" where no clock stands there.
std::string clock_at(std::string_view text, std::size_t at) {
  if (!digits_at(text, at, 2) || char_at(text, at + 2) != ':' || !digits_at(text, at + 3, 2)) {
    return {};
  }
  std::string clock(text.substr(at, 5));
  at += 5;
  if (char_at(text, at) == ':' && digits_at(text, at + 1, 2)) {
    clock += text.substr(at, 3);
    at += 3;
    const char point = char_at(text, at);
    const std::size_t digits = count_digits(text, at + 1);
    if ((point == '.' || point == ',') && digits > 0 && digits <= 9) {
      clock += '.';
      clock += text.substr(at + 1, digits);
      at += 1 + digits;
    }
  }
  if (is_digit(char_at(text, at))) return {};

  // The zone: Z, UTC, GMT, +0100, +01:00, +01; a blank may stand before it, but then "+01" is
  // too little.
  const bool blank = char_at(text, at) == ' ';
  const std::string_view rest = text.substr(std::min(text.size(), blank ? at + 1 : at));
  const auto ends_at = [&](std::size_t size) { return !is_alnum(char_at(rest, size)); };
  if ((char_at(rest, 0) == 'Z' || char_at(rest, 0) == 'z') && ends_at(1)) return clock + 'Z';
  if ((rest.substr(0, 3) == "UTC" || rest.substr(0, 3) == "GMT") && ends_at(3))
    return clock + 'Z';
  const char sign = char_at(rest, 0);
  if ((sign == '+' || sign == '-') && digits_at(rest, 1, 2)) {
    const std::string zone(rest.substr(0, 3));
    if (digits_at(rest, 3, 2) && ends_at(5))
      return clock + zone + std::string(rest.substr(3, 2));
    if (char_at(rest, 3) == ':' && digits_at(rest, 4, 2) && ends_at(6)) {
      return clock + zone + std::string(rest.substr(4, 2));
    }
    if (!blank && ends_at(3)) return clock + zone + "00";
  }
  return clock;
}

std::optional<EventTime> parsed(const std::string& iso, bool has_clock) {
  const auto time = parse_iso8601(iso);
  if (!time || !is_plausible(time->time)) return std::nullopt;
  return EventTime{time->time, has_clock};
}

/// "2026-11-24" or "2026/11/24" at `at`, and the clock behind it if there is one.
std::optional<EventTime> iso_at(std::string_view text, std::size_t at) {
  if (at > 0 && (is_alnum(text[at - 1]) || text[at - 1] == '-')) return std::nullopt;
  const char separator = char_at(text, at + 4);
  if ((separator != '-' && separator != '/') || char_at(text, at + 7) != separator ||
      !digits_at(text, at, 4) || !digits_at(text, at + 5, 2) || !digits_at(text, at + 8, 2) ||
      is_digit(char_at(text, at + 10))) {
    return std::nullopt;
  }
  std::string date(text.substr(at, 10));
  date[4] = date[7] = '-';
  at += 10;
  std::string clock;
  if (std::string_view("Tt _\t,").find(char_at(text, at)) != kNone && at < text.size()) {
    clock = clock_at(text, at + 1);
  }
  if (clock.empty()) {
    // Fortinet: date=2026-11-24 time=10:54:14, with or without quotes.
    std::string_view rest = text.substr(std::min(at, text.size()));
    if (!rest.empty() && rest.front() == '"') rest.remove_prefix(1);
    if (rest.substr(0, 6) == " time=") {
      rest.remove_prefix(6);
      if (!rest.empty() && rest.front() == '"') rest.remove_prefix(1);
      clock = clock_at(rest, 0);
    }
  }
  if (!clock.empty()) {
    if (auto time = parsed(date + "T" + clock, true)) return time;
  }
  return parsed(date, false);
}

/// "24/Nov/2026:10:54:14 +0000" at `at` (Common Log Format, between brackets).
std::optional<EventTime> common_log_at(std::string_view text, std::size_t at) {
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (!digits_at(text, at, 2) || char_at(text, at + 2) != '/' || char_at(text, at + 6) != '/' ||
      !digits_at(text, at + 7, 4) || char_at(text, at + 11) != ':') {
    return std::nullopt;
  }
  const auto* month = std::find(std::begin(kMonths), std::end(kMonths), text.substr(at + 3, 3));
  if (month == std::end(kMonths)) return std::nullopt;
  const std::string clock = clock_at(text, at + 12);
  if (clock.empty()) return std::nullopt;
  std::string number = std::to_string(month - std::begin(kMonths) + 1);
  if (number.size() == 1) number.insert(0, "0");
  return parsed(std::string(text.substr(at + 7, 4)) + "-" + number + "-" +
                    std::string(text.substr(at, 2)) + "T" + clock,
                true);
}

struct Epoch {
  EventTime time;
  std::size_t length = 0;
};

/// Seconds (10 digits, perhaps a fraction), milli-, micro- or nanoseconds (13, 16, 19 digits)
/// since 1970.
std::optional<Epoch> epoch_at(std::string_view text, std::size_t at) {
  const std::size_t digits = count_digits(text, at);
  if (digits != 10 && digits != 13 && digits != 16 && digits != 19) return std::nullopt;
  std::int64_t value = 0;
  // 19 digits may pass 2^63: the nanoseconds below a microsecond are not read.
  const std::size_t used = std::min<std::size_t>(digits, 16);
  for (std::size_t i = 0; i < used; ++i) value = value * 10 + (text[at + i] - '0');
  std::size_t length = digits;
  std::int64_t micros = value;
  if (digits == 10) micros = value * 1'000'000;
  if (digits == 13) micros = value * 1'000;
  if (digits == 10 && char_at(text, at + 10) == '.') {
    const std::size_t fraction = count_digits(text, at + 11);
    std::int64_t scale = 100'000;
    for (std::size_t i = 0; i < std::min<std::size_t>(fraction, 6); ++i, scale /= 10) {
      micros += (text[at + 11 + i] - '0') * scale;
    }
    if (fraction > 0) length += 1 + fraction;
  }
  const Time time = time_from_micros(micros);
  if (!is_plausible(time)) return std::nullopt;
  return Epoch{EventTime{time, true}, length};
}

/// The value of a JSON member that is to be a time: a number, or a string that begins with one.
std::optional<EventTime> json_time(std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (value.front() == '"') value.remove_prefix(1);
  if (const auto epoch = epoch_at(value, 0)) {
    const char next = char_at(value, epoch->length);
    if (!is_alnum(next) && next != '.' && next != '-') return epoch->time;
  }
  return iso_at(value, 0);
}

/// Members of the outermost object whose names say that they are the event's time, best first.
constexpr std::string_view kTimeKeys[] = {"@timestamp",  "timestamp",  "ts",       "time",
                                          "eventTime",   "event_time", "datetime", "UtcTime",
                                          "TimeCreated", "EventTime",  "date"};

std::optional<EventTime> find_in_json(std::string_view line) {
  line = line.substr(0, kJsonBytes);
  std::optional<EventTime> best;
  std::size_t best_rank = std::size(kTimeKeys);
  int depth = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != '"') continue;
    const std::size_t begin = at + 1;
    for (++at; at < line.size() && line[at] != '"'; ++at) {
      if (line[at] == '\\') ++at;
    }
    if (depth != 1 || at >= line.size()) continue;
    std::size_t value = at + 1;
    while (is_space(char_at(line, value))) ++value;
    if (char_at(line, value) != ':') continue;
    const auto* key =
        std::find(std::begin(kTimeKeys), std::end(kTimeKeys), line.substr(begin, at - begin));
    const auto rank = static_cast<std::size_t>(key - std::begin(kTimeKeys));
    if (rank >= best_rank) continue;
    ++value;
    while (is_space(char_at(line, value))) ++value;
    if (value >= line.size()) break;
    if (const auto time = json_time(line.substr(value))) {
      best = time;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace

std::optional<EventTime> find_event_time(std::string_view line) {
  if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  if (line.empty()) return std::nullopt;
  if (line.front() == '{') {
    if (auto time = find_in_json(line)) return time;
  }
  if (const auto epoch = epoch_at(line, 0)) {
    const char next = char_at(line, epoch->length);
    if (next == '\0' || is_space(next) || next == ',' || next == '|') return epoch->time;
  }
  std::optional<EventTime> day;
  const std::size_t end = std::min(line.size(), kHeadBytes);
  for (std::size_t at = 0; at < end; ++at) {
    std::optional<EventTime> time;
    if (line[at] == '[') time = common_log_at(line, at + 1);
    if (is_digit(line[at])) time = iso_at(line, at);
    if (line[at] == '(' && at >= 5 && line.substr(at - 5, 5) == "audit") {
      if (const auto epoch = epoch_at(line, at + 1)) time = epoch->time;
    }
    if (time && time->has_clock) return time;
    if (time && !day) day = time;
  }
  return day;
}

}  // namespace spoor
