// POSIX TZ texts: std offset [dst [offset] , start [/time] , end [/time]]. The text's offsets
// count westwards. Tested by time_zone_test.cpp; fuzz/fuzz_time_zone.

#include <chrono>

#include "base/ascii.h"
#include "base/time_zone.h"

namespace spoor {
namespace {

using Change = PosixZone::Change;

constexpr std::int64_t kDaySeconds = 86'400;

/// Takes a POSIX TZ text apart from its front; every call is false, and says why in error(),
/// where the text is none.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool zone(PosixZone& zone) {
    if (!name() || !offset(zone.standard)) return false;
    zone.standard = -zone.standard;
    if (done()) return true;
    OffsetSeconds summer = -(zone.standard + 3600);  // one hour ahead unless it says otherwise
    if (!name()) return false;
    if (!done() && peek() != ',' && !offset(summer)) return false;
    zone.summer = -summer;
    return take(',') && change(zone.begins) && take(',') && change(zone.ends) && at_end();
  }

  std::string error() const {
    return "found " +
           (at_ < text_.size() ? "'" + std::string(text_.substr(at_, 16)) + "'"
                               : std::string("the end")) +
           " at byte " + std::to_string(at_) + ", expected " + expected_;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool expect(const char* what) {
    expected_ = what;
    return false;
  }
  bool at_end() { return done() || expect("the end"); }
  bool take(char c) {
    if (peek() != c) return expect(c == ',' ? "a comma and a rule" : "another character");
    ++at_;
    return true;
  }

  /// Three letters or more, or anything in <>: letters, digits and signs.
  bool name() {
    const std::size_t begin = at_;
    if (peek() == '<') {
      ++at_;
      while (is_alnum(peek()) || peek() == '+' || peek() == '-') ++at_;
      if (peek() != '>') return expect("'>' behind a name of letters, digits and signs");
      ++at_;
      return true;
    }
    while (is_alpha(peek())) ++at_;
    return at_ - begin >= 3 || expect("a name of three letters or more");
  }

  bool number(int most, int& value) {
    const std::size_t begin = at_;
    value = 0;
    while (is_digit(peek()) && at_ - begin < 3) value = value * 10 + (text_[at_++] - '0');
    return (at_ > begin && value <= most) || expect("a number in its range");
  }

  /// [+-]hh[:mm[:ss]]
  bool clock(int most_hours, std::int32_t& seconds) {
    const bool minus = peek() == '-';
    if (minus || peek() == '+') ++at_;
    int hours = 0, minutes = 0, rest = 0;
    if (!number(most_hours, hours)) return false;
    if (peek() == ':') {
      ++at_;
      if (!number(59, minutes)) return false;
      if (peek() == ':') {
        ++at_;
        if (!number(59, rest)) return false;
      }
    }
    seconds = (minus ? -1 : 1) * (hours * 3600 + minutes * 60 + rest);
    return true;
  }
  bool offset(OffsetSeconds& seconds) { return clock(24, seconds); }

  bool change(Change& change) {
    if (peek() == 'M') {
      ++at_;
      change.kind = Change::Kind::kMonthWeekDay;
      if (!number(12, change.month) || !take('.') || !number(5, change.week) || !take('.') ||
          !number(6, change.day))
        return false;
      if (change.month < 1 || change.week < 1) return expect("a month and a week from 1");
    } else if (peek() == 'J') {
      ++at_;
      change.kind = Change::Kind::kJulian;
      if (!number(365, change.day)) return false;
      if (change.day < 1) return expect("a day from 1");
    } else {
      change.kind = Change::Kind::kDayOfYear;
      if (!number(365, change.day)) return false;
    }
    if (peek() != '/') return true;
    ++at_;
    return clock(167, change.second);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  const char* expected_ = "a time zone";
};

std::int64_t first_of(int year, int month) {
  const std::chrono::sys_days day(std::chrono::year_month_day(
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(1)));
  return day.time_since_epoch().count();
}

/// Local seconds since 1970 of a change in `year`.
std::int64_t local_seconds(const Change& change, int year) {
  std::int64_t day = first_of(year, 1);
  const bool leap = std::chrono::year(year).is_leap();
  switch (change.kind) {
    case Change::Kind::kJulian:
      day += change.day - 1 + (leap && change.day >= 60 ? 1 : 0);
      break;
    case Change::Kind::kDayOfYear:
      day += change.day;
      break;
    case Change::Kind::kMonthWeekDay: {
      const std::int64_t first = first_of(year, change.month);
      const std::int64_t next =
          change.month == 12 ? first_of(year + 1, 1) : first_of(year, change.month + 1);
      const std::int64_t weekday = ((first + 4) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
      day = first + (change.day - weekday + 7) % 7 + (change.week - 1) * 7;
      if (day >= next) day -= 7;  // week 5: the last one
      break;
    }
  }
  return day * kDaySeconds + change.second;
}

int year_at(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return static_cast<int>(date.year());
}

}  // namespace

OffsetSeconds PosixZone::offset_at(std::int64_t utc_seconds) const {
  if (!summer) return standard;
  // A calendar of three thousand years: beyond it, the winter's offset is as good as any.
  constexpr std::int64_t kFar = 95'617'584'000;  // 5000-01-01
  if (utc_seconds < -kFar || utc_seconds > kFar) return standard;
  // The year of the local clock: at its turn UTC may be in another one.
  const int year = year_at(utc_seconds + standard);
  const std::int64_t from = local_seconds(begins, year) - standard;
  const std::int64_t to = local_seconds(ends, year) - *summer;
  const bool is_summer = from <= to ? utc_seconds >= from && utc_seconds < to
                                    : utc_seconds >= from || utc_seconds < to;  // south
  return is_summer ? *summer : standard;
}

Result<PosixZone> parse_posix_zone(std::string_view text) {
  PosixZone zone;
  Reader reader(text);
  if (!reader.zone(zone)) return fail(reader.error());
  return zone;
}

}  // namespace spoor
