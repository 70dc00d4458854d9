#include "logs/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>
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

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                   "Fri", "Sat", "Sun"};

bool is_plausible(Time time) {
  const std::int64_t micros = to_micros(time);
  return micros >= kEarliest * 1'000'000 && micros < kLatest * 1'000'000;
}

char char_at(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

std::size_t count_digits(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && count < 24 && is_digit(text[at + count])) ++count;
  return count;
}

bool digits_at(std::string_view text, std::size_t at, std::size_t count) {
  return at <= text.size() && count_digits(text.substr(at, count), 0) == count;
}

/// Up to 9 digits as a number.
int number_at(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value * 10 + (text[at + i] - '0');
  return value;
}

/// The parts of a time as they were read; year 0: none.
struct Parts {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  std::int64_t micros = 0;
  bool has_clock = false;
  std::optional<int> zone_minutes;
  std::size_t end = 0;  // of what was read
};

bool is_date(int year, int month, int day) {
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  return date.ok();
}

/// A time as it was put together, and whether its clock meant one time and no other.
struct Assembled {
  Time time;
  bool certain = true;
};

Assembled assemble(const Parts& parts, int year, const TimeContext& context) {
  const std::chrono::sys_days days(std::chrono::year_month_day(
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(parts.month)),
      std::chrono::day(static_cast<unsigned>(parts.day))));
  Assembled made{Time{days}};
  if (!parts.has_clock) return made;
  made.time += std::chrono::hours(parts.hour) + std::chrono::minutes(parts.minute) +
               std::chrono::seconds(parts.second) + Micros(parts.micros);
  if (parts.zone_minutes || context.zone == nullptr) {
    const int minutes = parts.zone_minutes ? *parts.zone_minutes : context.zone_minutes;
    made.time -= std::chrono::minutes(minutes);
    return made;
  }
  const auto local = std::chrono::floor<std::chrono::seconds>(made.time.time_since_epoch());
  const TimeZone::Meaning meaning = context.zone->meaning_of(local.count());
  made.time -= std::chrono::seconds(meaning.offset);
  made.certain = !meaning.twice && !meaning.never;
  return made;
}

int year_of(Time time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return static_cast<int>(date.year());
}

/// The latest point in time that still counts as not in the future.
Time horizon(const TimeContext& context, bool zone_known) {
  const Time modified = *context.modified;
  return zone_known ? modified : modified + std::chrono::hours(14);
}

std::optional<TimeText> finish(const Parts& parts, const TimeContext& context) {
  TimeText read;
  read.length = parts.end;
  read.event.has_clock = parts.has_clock;
  const bool zone_known = parts.zone_minutes.has_value() || context.zone_given;
  int year = parts.year;
  if (year == 0) {
    if (!context.modified) return std::nullopt;
    read.year_inferred = true;
    const Time latest = horizon(context, zone_known);
    year = year_of(latest);
    // 29 February may be up to eight years back.
    for (int tries = 0;; ++tries, --year) {
      if (tries > 8) return std::nullopt;
      if (is_date(year, parts.month, parts.day) &&
          assemble(parts, year, context).time <= latest)
        break;
    }
  }
  if (!is_date(year, parts.month, parts.day)) return std::nullopt;
  const Assembled made = assemble(parts, year, context);
  read.event.time = made.time;
  read.zone_inferred = parts.has_clock && (!zone_known || !made.certain);
  if (!is_plausible(read.event.time)) return std::nullopt;
  return read;
}

struct ZoneWord {
  std::string_view word;
  int minutes;
};
// Words that mean one offset wherever they are used; others (CST, IST) do not.
constexpr ZoneWord kZones[] = {{"UTC", 0},    {"GMT", 0},    {"CET", 60},   {"CEST", 120},
                               {"EST", -300}, {"EDT", -240}, {"CDT", -300}, {"MST", -420},
                               {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"JST", 540},
                               {"AEST", 600}, {"AEDT", 660}};

/// A zone at `at`: Z, UTC, GMT, +0100, +01:00, +01, -330 (SCCM); a blank may stand before it,
/// but then "+01" is too little. Moves parts.end behind it.
void read_zone(std::string_view text, Parts& parts) {
  std::size_t at = parts.end;
  const bool blank = char_at(text, at) == ' ';
  if (blank) ++at;
  const std::string_view rest = text.substr(std::min(text.size(), at));
  const auto ends_at = [&](std::size_t size) { return !is_alnum(char_at(rest, size)); };
  if ((char_at(rest, 0) == 'Z' || char_at(rest, 0) == 'z') && ends_at(1)) {
    parts.zone_minutes = 0;
    parts.end = at + 1;
    return;
  }
  for (const ZoneWord& zone : kZones) {
    if (rest.substr(0, zone.word.size()) == zone.word && ends_at(zone.word.size())) {
      parts.zone_minutes = zone.minutes;
      parts.end = at + zone.word.size();
      return;
    }
  }
  const char sign = char_at(rest, 0);
  if ((sign != '+' && sign != '-') || !digits_at(rest, 1, 2)) return;
  const int hours = number_at(rest, 1, 2);
  int minutes = 0;
  std::size_t length = 0;
  if (digits_at(rest, 3, 2) && ends_at(5)) {
    minutes = number_at(rest, 3, 2);
    length = 5;
  } else if (char_at(rest, 3) == ':' && digits_at(rest, 4, 2) && ends_at(6)) {
    minutes = number_at(rest, 4, 2);
    length = 6;
  } else if (!blank && ends_at(3) && char_at(rest, 3) != '.') {
    length = 3;
  }
  if (length == 0 || hours > 15 || minutes > 59) return;
  const int offset = hours * 60 + minutes;
  parts.zone_minutes = sign == '-' ? -offset : offset;
  parts.end = at + length;
}

/// A clock at `at`: "10:54:14", "7:32:47 PM", "10:54:14.123", "10:54:14,123", "10:54". False,
/// and nothing changed, where none stands there.
bool read_clock_at(std::string_view text, std::size_t at, Parts& parts) {
  const std::size_t first = count_digits(text, at);
  if ((first != 1 && first != 2) || char_at(text, at + first) != ':' ||
      !digits_at(text, at + first + 1, 2)) {
    return false;
  }
  Parts read = parts;
  read.hour = number_at(text, at, first);
  read.minute = number_at(text, at + first + 1, 2);
  at += first + 3;
  read.second = 0;
  read.micros = 0;
  if (char_at(text, at) == ':' && digits_at(text, at + 1, 2)) {
    read.second = number_at(text, at + 1, 2);
    at += 3;
    const char point = char_at(text, at);
    const std::size_t digits = count_digits(text, at + 1);
    if ((point == '.' || point == ',') && digits > 0 && digits <= 9) {
      std::int64_t scale = 100'000;
      for (std::size_t i = 0; i < std::min<std::size_t>(digits, 6); ++i, scale /= 10)
        read.micros += (text[at + 1 + i] - '0') * scale;
      at += 1 + digits;
    }
  }
  if (is_digit(char_at(text, at))) return false;
  const std::string_view half = text.substr(std::min(at, text.size()), 3);
  if (half.size() == 3 && half[0] == ' ' && to_upper(half[2]) == 'M' &&
      (to_upper(half[1]) == 'A' || to_upper(half[1]) == 'P') &&
      !is_alnum(char_at(text, at + 3)) && read.hour >= 1 && read.hour <= 12) {
    read.hour = read.hour % 12 + (to_upper(half[1]) == 'P' ? 12 : 0);
    at += 3;
  }
  if (read.hour > 23 || read.minute > 59 || read.second > 60) return false;
  read.has_clock = true;
  read.end = at;
  read_zone(text, read);
  parts = read;
  return true;
}

/// The clock behind a date that ends at parts.end, after one of `separators` or ", ".
void read_clock_behind(std::string_view text, std::string_view separators, Parts& parts) {
  std::size_t at = parts.end;
  if (at >= text.size() || separators.find(text[at]) == kNone) return;
  ++at;
  if (text[at - 1] == ' ' && text.substr(at, 2) == "- ") at += 2;  // GIN: 2022/02/07 - 10:49:13
  if (char_at(text, at) == ' ') ++at;
  read_clock_at(text, at, parts);
}

int month_at(std::string_view text, std::size_t at) {
  const std::string_view word = text.substr(std::min(at, text.size()), 3);
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (equals_ignore_case(word, kMonths[i])) return static_cast<int>(i) + 1;
  }
  return 0;
}

/// "2026-11-24", "2026/11/24", "2026.11.24", "20261124T105414".
bool read_year_first(std::string_view text, Parts& parts) {
  if (!digits_at(text, 0, 4)) return false;
  const char separator = char_at(text, 4);
  if (separator == '-' || separator == '/' || separator == '.') {
    if (char_at(text, 7) != separator || !digits_at(text, 5, 2) || !digits_at(text, 8, 2) ||
        is_digit(char_at(text, 10))) {
      return false;
    }
    if (separator == '.' && char_at(text, 10) == '.') return false;
    parts.year = number_at(text, 0, 4);
    parts.month = number_at(text, 5, 2);
    parts.day = number_at(text, 8, 2);
    parts.end = 10;
    Parts timed = parts;
    read_clock_behind(text, "Tt _\t,+;", timed);
    if (timed.has_clock) {
      parts = timed;
      return true;
    }
    // Fortinet: date=2026-11-24 time=10:54:14, with or without quotes.
    std::size_t at = 10;
    if (char_at(text, at) == '"') ++at;
    if (text.substr(std::min(at, text.size()), 6) == " time=") {
      at += 6;
      if (char_at(text, at) == '"') ++at;
      read_clock_at(text, at, parts);
    }
    return true;
  }
  if (digits_at(text, 0, 8) && (char_at(text, 8) == 'T' || char_at(text, 8) == '-') &&
      digits_at(text, 9, 6) && !is_digit(char_at(text, 15))) {
    parts.year = number_at(text, 0, 4);
    parts.month = number_at(text, 4, 2);
    parts.day = number_at(text, 6, 2);
    parts.hour = number_at(text, 9, 2);
    parts.minute = number_at(text, 11, 2);
    parts.second = number_at(text, 13, 2);
    if (parts.hour > 23 || parts.minute > 59 || parts.second > 60) return false;
    parts.has_clock = true;
    parts.end = 15;
    read_zone(text, parts);
    return true;
  }
  return false;
}

/// "24/Nov/2026:10:54:14 +0000", "19-Oct-2022 05:34:03.425", "24 Nov 2026 10:54:14".
bool read_day_word(std::string_view text, Parts& parts) {
  const std::size_t day = count_digits(text, 0);
  if (day != 1 && day != 2) return false;
  const char separator = char_at(text, day);
  if (separator != '/' && separator != '-' && separator != ' ') return false;
  const int month = month_at(text, day + 1);
  if (month == 0 || char_at(text, day + 4) != separator || !digits_at(text, day + 5, 4) ||
      is_digit(char_at(text, day + 9))) {
    return false;
  }
  parts.day = number_at(text, 0, day);
  parts.month = month;
  parts.year = number_at(text, day + 5, 4);
  parts.end = day + 9;
  Parts timed = parts;
  read_clock_behind(text, ": \t,T", timed);
  if (timed.has_clock) parts = timed;
  return timed.has_clock || separator != ' ';
}

/// "11/24/2026 10:54:14", "02/22/16-15:56:48.612494", "12/28-12:55:38", month first unless that
/// cannot be (then the day; SIDs of Snort 3 write the year first: "21/12/28-12:55:38").
bool read_numbers(std::string_view text, Parts& parts) {
  const std::size_t a = count_digits(text, 0);
  const char separator = char_at(text, a);
  if ((a != 1 && a != 2) || (separator != '/' && separator != '-' && separator != '.'))
    return false;
  const std::size_t b_at = a + 1;
  const std::size_t b = count_digits(text, b_at);
  if (b != 1 && b != 2) return false;
  int first = number_at(text, 0, a);
  int second = number_at(text, b_at, b);
  std::size_t end = b_at + b;
  int year = 0;
  if (char_at(text, end) == separator) {
    const std::size_t c = count_digits(text, end + 1);
    if (c != 2 && c != 4) return false;
    const int third = number_at(text, end + 1, c);
    end += 1 + c;
    if (c == 2 && a == 2 && first > 12 && second <= 12 && separator == '/' && third <= 31 &&
        char_at(text, end) == '-') {
      year = 2000 + first;
      first = second;
      second = third;
    } else {
      year = c == 4 ? third : third < 70 ? 2000 + third : 1900 + third;
    }
  } else if (char_at(text, end) != '-' || separator != '/') {
    return false;  // without a year only as Snort writes it
  }
  if (separator == '.' || (first > 12 && second <= 12)) {  // with dots the day stands first
    std::swap(first, second);
  }
  if (first < 1 || first > 12 || second < 1 || second > 31) return false;
  parts.month = first;
  parts.day = second;
  parts.year = year;
  parts.end = end;
  Parts timed = parts;
  read_clock_behind(text, " -:,T\t", timed);
  if (!timed.has_clock) return false;  // 1/2/2026 alone is too little
  parts = timed;
  return true;
}

/// "Nov 24 10:54:14", "Nov 24 2026 10:54:14", "Nov 24 10:54:14.123 2026", "Nov 24 10:54:14 UTC
/// 2026"; with the day of the week before it, and RFC 2822's "Tue, 24 Nov 2026 10:54:14 +0000".
bool read_words(std::string_view text, Parts& parts) {
  std::size_t at = 0;
  const std::string_view word = text.substr(0, 3);
  if (std::any_of(kDays.begin(), kDays.end(),
                  [&](std::string_view day) { return equals_ignore_case(word, day); })) {
    at = 3;
    if (char_at(text, at) == ',') ++at;
    if (char_at(text, at) != ' ') return false;
    ++at;
    Parts inner;
    if (read_day_word(text.substr(at), inner)) {
      inner.end += at;
      parts = inner;
      return true;
    }
  }
  const int month = month_at(text, at);
  if (month == 0 || char_at(text, at + 3) != ' ') return false;
  at += 4;
  if (char_at(text, at) == ' ') ++at;
  const std::size_t day = count_digits(text, at);
  if (day != 1 && day != 2) return false;
  parts.month = month;
  parts.day = number_at(text, at, day);
  at += day;
  if (char_at(text, at) == ',') ++at;
  if (char_at(text, at) != ' ') return false;
  ++at;
  if (digits_at(text, at, 4) && char_at(text, at + 4) == ' ') {
    parts.year = number_at(text, at, 4);
    at += 5;
  }
  if (!read_clock_at(text, at, parts)) return false;
  if (parts.year == 0 && char_at(text, parts.end) == ' ' && digits_at(text, parts.end + 1, 4) &&
      !is_alnum(char_at(text, parts.end + 5)) && char_at(text, parts.end + 5) != '.' &&
      char_at(text, parts.end + 5) != ':') {
    const int year = number_at(text, parts.end + 1, 4);
    if (year >= 1990 && year <= 2100) {
      parts.year = year;
      parts.end += 5;
    }
  }
  return true;
}

/// Seconds (10 digits, perhaps a fraction), milli-, micro- or nanoseconds (13, 16, 19 digits)
/// since 1970.
std::optional<TimeText> epoch_at(std::string_view text, std::size_t at) {
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
  if (char_at(text, at + digits) == '.') {
    const std::size_t fraction = count_digits(text, at + digits + 1);
    if (digits == 10) {
      std::int64_t scale = 100'000;
      for (std::size_t i = 0; i < std::min<std::size_t>(fraction, 6); ++i, scale /= 10) {
        micros += (text[at + 11 + i] - '0') * scale;
      }
    }
    if (fraction > 0) length += 1 + fraction;
  }
  const Time time = time_from_micros(micros);
  if (!is_plausible(time)) return std::nullopt;
  TimeText read;
  read.event = {time, true};
  read.length = length;
  return read;
}

/// The value of a JSON member that is to be a time: a number, or a string that begins with one.
std::optional<TimeText> json_time(std::string_view value, const TimeContext& context) {
  if (!value.empty() && value.front() == '"') value.remove_prefix(1);
  return read_time(value.substr(0, 64), context);
}

/// Members of the outermost object whose names say that they are the event's time, best first.
constexpr std::string_view kTimeKeys[] = {"@timestamp",  "timestamp",  "ts",       "time",
                                          "eventTime",   "event_time", "datetime", "UtcTime",
                                          "TimeCreated", "EventTime",  "date"};

std::optional<TimeText> find_in_json(std::string_view line, const TimeContext& context) {
  line = line.substr(0, kJsonBytes);
  std::optional<TimeText> best;
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
    if (const auto time = json_time(line.substr(value), context)) {
      best = time;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace

std::optional<TimeText> read_time(std::string_view text, const TimeContext& context) {
  text = text.substr(0, 64);
  if (text.size() < 8) return std::nullopt;
  Parts parts;
  if (is_digit(text.front())) {
    if (const auto epoch = epoch_at(text, 0)) {
      const char next = char_at(text, epoch->length);
      if (!is_alnum(next) && next != '.' && next != '-') return epoch;
      return std::nullopt;
    }
    if (read_year_first(text, parts)) return finish(parts, context);
    if (read_day_word(text, parts) || read_numbers(text, parts)) return finish(parts, context);
    return std::nullopt;
  }
  if (is_alpha(text.front()) && read_words(text, parts)) return finish(parts, context);
  return std::nullopt;
}

std::optional<TimeText> read_clock(std::string_view text, const TimeContext& context) {
  Parts parts;
  if (!context.modified || !read_clock_at(text.substr(0, 64), 0, parts)) return std::nullopt;
  const bool zone_known = parts.zone_minutes.has_value() || context.zone_given;
  const Time latest = horizon(context, zone_known);
  std::chrono::seconds zone = std::chrono::minutes(context.zone_minutes);
  if (parts.zone_minutes) {
    zone = std::chrono::minutes(*parts.zone_minutes);
  } else if (context.zone != nullptr) {
    zone =
        std::chrono::seconds(context.zone->offset_at(to_micros(*context.modified) / 1'000'000));
  }
  // The clock's day where the clock is: the horizon's, or the one before.
  const Time local = *context.modified + zone;
  for (int back = -1; back <= 1; ++back) {
    const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(local) -
                                           std::chrono::days(back));
    parts.year = static_cast<int>(date.year());
    parts.month = static_cast<int>(static_cast<unsigned>(date.month()));
    parts.day = static_cast<int>(static_cast<unsigned>(date.day()));
    auto read = finish(parts, context);
    if (!read || read->event.time > (back < 0 ? *context.modified : latest)) continue;
    read->year_inferred = true;
    return read;
  }
  return std::nullopt;
}

std::optional<TimeText> join_date_and_clock(std::string_view date, std::string_view clock,
                                            const TimeContext& context) {
  if (date.empty() || date.size() > 32 || clock.empty() || clock.size() > 32) {
    return std::nullopt;
  }
  std::string text(date);
  text += ' ';
  text += clock;
  return read_time(text, context);
}

std::optional<TimeText> find_time(std::string_view line, const TimeContext& context) {
  if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  if (line.empty()) return std::nullopt;
  if (line.front() == '{') {
    if (auto time = find_in_json(line, context)) return time;
  }
  if (const auto epoch = epoch_at(line, 0)) {
    const char next = char_at(line, epoch->length);
    if (next == '\0' || is_space(next) || next == ',' || next == '|') return epoch;
  }
  std::optional<TimeText> day;
  const std::size_t end = std::min(line.size(), kHeadBytes);
  bool begins = true;  // nothing but brackets so far: a time without a year may stand here
  for (std::size_t at = 0; at < end; ++at) {
    const char c = line[at];
    const bool border = at == 0 || (!is_alnum(line[at - 1]) && line[at - 1] != '-');
    std::optional<TimeText> time;
    if (border && is_digit(c) && count_digits(line, at) < 10) {
      time = read_time(line.substr(at), context);
      // Elsewhere in a text two numbers and a clock mean little.
      if (time && time->year_inferred && !begins) time.reset();
    } else if (border && is_alpha(c)) {
      time = read_time(line.substr(at), context);
      if (time && time->year_inferred && !begins) time.reset();
    } else if (c == '(' && at >= 5 && line.substr(at - 5, 5) == "audit") {
      time = epoch_at(line, at + 1);
    }
    if (time && time->event.has_clock) return time;
    if (time && !day) day = time;
    if (is_alnum(c)) begins = false;
    if (c == '>' && at <= 4) begins = true;  // <PRI> of syslog
  }
  return day;
}

std::optional<EventTime> find_event_time(std::string_view line) {
  const auto time = find_time(line);
  if (!time) return std::nullopt;
  return time->event;
}

}  // namespace spoor
