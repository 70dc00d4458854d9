#include "base/time.h"

#include <cstdio>

namespace spoor {
namespace {

// Days from 1970-01-01 of a proleptic Gregorian date, and back.
// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

struct Civil {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

Civil civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// A cursor that takes fixed groups of digits and single characters off the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<unsigned> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    unsigned value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + static_cast<unsigned>(rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// A fraction of a second in microseconds; digits past the sixth are dropped.
  std::optional<unsigned> fraction() {
    unsigned micros = 0;
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      if (count < 6) micros = micros * 10 + static_cast<unsigned>(rest_[count] - '0');
      ++count;
    }
    if (count == 0) return std::nullopt;
    for (std::size_t i = count; i < 6; ++i) micros *= 10;
    rest_.remove_prefix(count);
    return micros;
  }

  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::optional<ParsedTime> parse_iso8601(std::string_view text) {
  Reader in(text);
  const auto year = in.digits(4);
  if (!year || !in.take('-')) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || *month < 1 || *month > 12 || !in.take('-')) return std::nullopt;
  const auto day = in.digits(2);
  if (!day || *day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
  const std::int64_t days = days_from_civil(*year, *month, *day);
  constexpr std::int64_t kDayMicros = 86'400'000'000;
  if (in.done()) return ParsedTime{time_from_micros(days * kDayMicros), TimePrecision::kDay};

  if (!in.take('T') && !in.take('t') && !in.take(' ')) return std::nullopt;
  const auto hour = in.digits(2);
  if (!hour || *hour > 24 || !in.take(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  unsigned second = 0;
  unsigned micros = 0;
  if (in.take(':')) {
    const auto value = in.digits(2);
    if (!value || *value > 60)
      return std::nullopt;  // 60: a leap second counts as the next second
    second = *value;
    if (in.take('.') || in.take(',')) {
      const auto fraction = in.fraction();
      if (!fraction) return std::nullopt;
      micros = *fraction;
    }
  }
  if (*hour == 24 && (*minute != 0 || second != 0 || micros != 0)) return std::nullopt;

  std::int64_t zone_minutes = 0;
  if (!in.take('Z') && !in.take('z') && !in.done()) {
    int sign = 0;
    if (in.take('+')) sign = 1;
    if (sign == 0 && in.take('-')) sign = -1;
    if (sign == 0) return std::nullopt;
    const auto zone_hour = in.digits(2);
    in.take(':');
    const auto zone_minute = in.done() ? std::optional<unsigned>(0) : in.digits(2);
    if (!zone_hour || *zone_hour > 23 || !zone_minute || *zone_minute > 59) return std::nullopt;
    zone_minutes = sign * static_cast<std::int64_t>(*zone_hour * 60 + *zone_minute);
  }
  if (!in.done()) return std::nullopt;

  const std::int64_t seconds =
      static_cast<std::int64_t>(*hour) * 3600 + *minute * 60 + second - zone_minutes * 60;
  return ParsedTime{time_from_micros(days * kDayMicros + seconds * 1'000'000 + micros),
                    TimePrecision::kSecond};
}

std::string format_iso8601(Time time) {
  constexpr std::int64_t kDayMicros = 86'400'000'000;
  const std::int64_t total = to_micros(time);
  std::int64_t days = total / kDayMicros;
  std::int64_t rest = total % kDayMicros;
  if (rest < 0) {
    rest += kDayMicros;
    --days;
  }
  const Civil date = civil_from_days(days);
  const auto seconds = static_cast<int>(rest / 1'000'000);
  const auto micros = static_cast<int>(rest % 1'000'000);
  char buffer[64];
  int size = std::snprintf(buffer, sizeof buffer, "%04lld-%02u-%02uT%02d:%02d:%02d",
                           static_cast<long long>(date.year), date.month, date.day,
                           seconds / 3600, seconds / 60 % 60, seconds % 60);
  std::string text(buffer, static_cast<std::size_t>(size));
  if (micros != 0) {
    size = std::snprintf(buffer, sizeof buffer, ".%06d", micros);
    text.append(buffer, static_cast<std::size_t>(size));
  }
  text += 'Z';
  return text;
}

}  // namespace spoor
