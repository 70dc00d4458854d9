#include "base/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include "base/time.h"

namespace spoor {
namespace {

std::int64_t seconds(const char* text) {
  return to_micros(parse_iso8601(text)->time) / 1'000'000;
}

void put(std::string& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

struct Change {
  std::int64_t at;
  std::uint8_t type;
};

/// One block of a TZif file with its header.
std::string block(char version, std::size_t time_size, const std::vector<Change>& changes,
                  const std::vector<OffsetSeconds>& offsets, std::uint32_t leaps = 0) {
  std::string bytes = "TZif";
  bytes += version;
  bytes.append(15, '\0');
  put(bytes, 0, 4);
  put(bytes, 0, 4);
  put(bytes, leaps, 4);
  put(bytes, changes.size(), 4);
  put(bytes, offsets.size(), 4);
  put(bytes, 4, 4);
  for (const Change& change : changes)
    put(bytes, static_cast<std::uint64_t>(change.at), time_size);
  for (const Change& change : changes) bytes += static_cast<char>(change.type);
  for (const OffsetSeconds offset : offsets) {
    put(bytes, static_cast<std::uint32_t>(offset), 4);
    put(bytes, 0, 2);
  }
  bytes.append("ABC\0", 4);
  for (std::uint32_t i = 0; i < leaps; ++i) bytes.append(time_size + 4, '\0');
  return bytes;
}

/// Version 2 as today's compilers write it: an empty first block, then the real one.
std::string tzif(const std::vector<Change>& changes, const std::vector<OffsetSeconds>& offsets,
                 const std::string& footer) {
  return block('2', 4, {}, {0}) + block('2', 8, changes, offsets) + "\n" + footer + "\n";
}

constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";

TEST(PosixZone, knows_summer_from_winter) {
  struct Row {
    const char* rule;
    const char* utc;
    OffsetSeconds offset;
  };
  constexpr Row kRows[] = {
      {kBerlin, "2026-03-29T00:59:59Z", 3600},
      {kBerlin, "2026-03-29T01:00:00Z", 7200},
      {kBerlin, "2026-10-25T00:59:59Z", 7200},
      {kBerlin, "2026-10-25T01:00:00Z", 3600},
      {"UTC0", "2026-07-01T00:00:00Z", 0},
      {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18000},
      {"EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14400},
      // in the south summer spans the turn of the year
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39600},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 36000},
      {"<+0330>-3:30<+0430>,J79/24,J263/24", "2026-03-20T20:29:59Z", 12600},
      {"<+0330>-3:30<+0430>,J79/24,J263/24", "2026-03-20T20:30:00Z", 16200},
      // the 60th day of a leap year is 29 February by number and 1 March by J
      {"AAA0BBB,59/0,100/0", "2028-02-28T23:59:59Z", 0},
      {"AAA0BBB,59/0,100/0", "2028-02-29T00:00:00Z", 3600},
      {"AAA0BBB,J60/0,J100/0", "2028-02-29T12:00:00Z", 0},
      {"AAA0BBB,J60/0,J100/0", "2028-03-01T00:00:00Z", 3600},
      // hours may lie before and behind the day (Greenland, Palestine)
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600},
  };
  for (const Row& row : kRows) {
    const auto zone = parse_posix_zone(row.rule);
    ASSERT_TRUE(zone) << row.rule << ": " << zone.error().message;
    EXPECT_EQ(zone->offset_at(seconds(row.utc)), row.offset) << row.rule << " at " << row.utc;
  }
}

TEST(PosixZone, refuses_what_it_cannot_know) {
  for (const char* text :
       {"", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1",
        "CET-1CEST,M3.5.0,M10.5.0/3 ", "CET-25", "<CET-1", "<C\x1b[31m>-1", "<>-1,",
        "CET-1CEST,366,1", "CET-1:60"}) {
    const auto zone = parse_posix_zone(text);
    EXPECT_FALSE(zone) << text;
    if (zone) continue;
    EXPECT_NE(zone.error().message.find("expected"), std::string::npos) << text;
  }
}

TEST(TimeZone, says_which_clocks_are_shown_twice_or_never) {
  const TimeZone berlin = TimeZone::from_rule(*parse_posix_zone(kBerlin));
  struct Row {
    const char* local;
    OffsetSeconds offset;
    bool twice, never;
  };
  constexpr Row kRows[] = {
      {"2026-03-29T01:59:59Z", 3600, false, false},
      {"2026-03-29T02:00:00Z", 3600, false, true},
      {"2026-03-29T02:59:59Z", 3600, false, true},
      {"2026-03-29T03:00:00Z", 7200, false, false},
      {"2026-10-25T01:59:59Z", 7200, false, false},
      {"2026-10-25T02:00:00Z", 7200, true, false},
      {"2026-10-25T02:59:59Z", 7200, true, false},
      {"2026-10-25T03:00:00Z", 3600, false, false},
  };
  for (const Row& row : kRows) {
    const TimeZone::Meaning meaning = berlin.meaning_of(seconds(row.local));
    EXPECT_EQ(meaning.offset, row.offset) << row.local;
    EXPECT_EQ(meaning.twice, row.twice) << row.local;
    EXPECT_EQ(meaning.never, row.never) << row.local;
  }
}

TEST(TimeZone, skips_the_day_that_samoa_skipped) {
  // Pacific/Apia went from UTC-10 to UTC+14 at the end of 29 December 2011.
  const auto zone = TimeZone::from_tzif(
      tzif({{seconds("2011-12-30T10:00:00Z"), 1}}, {-36000, 50400}, "<+14>-14"));
  ASSERT_TRUE(zone) << zone.error().message;
  EXPECT_EQ(zone->meaning_of(seconds("2011-12-29T23:59:59Z")).offset, -36000);
  EXPECT_TRUE(zone->meaning_of(seconds("2011-12-30T12:00:00Z")).never);
  EXPECT_EQ(zone->meaning_of(seconds("2011-12-31T00:00:00Z")).offset, 50400);
}

TEST(TimeZone, reads_both_versions_of_the_file) {
  const std::vector<Change> changes = {{1'000'000'000, 1}, {1'100'000'000, 0}};
  for (const std::string& bytes :
       {tzif(changes, {3600, 7200}, "CET-1"), block('\0', 4, changes, {3600, 7200})}) {
    const auto zone = TimeZone::from_tzif(bytes);
    ASSERT_TRUE(zone) << zone.error().message;
    EXPECT_EQ(zone->offset_at(999'999'999), 3600);
    EXPECT_EQ(zone->offset_at(1'000'000'000), 7200);
    EXPECT_EQ(zone->offset_at(1'099'999'999), 7200);
    EXPECT_EQ(zone->offset_at(1'100'000'000), 3600);
  }
}

TEST(TimeZone, takes_the_footer_behind_the_last_transition) {
  const auto zone = TimeZone::from_tzif(tzif({{1'000'000'000, 0}}, {3600}, kBerlin));
  ASSERT_TRUE(zone) << zone.error().message;
  EXPECT_EQ(zone->offset_at(seconds("2001-08-01T00:00:00Z")), 3600);  // before it
  EXPECT_EQ(zone->offset_at(seconds("2060-08-01T00:00:00Z")), 7200);
}

TEST(TimeZone, refuses_damaged_files) {
  const std::string good = tzif({{1'000'000'000, 1}}, {3600, 7200}, "CET-1");
  ASSERT_TRUE(TimeZone::from_tzif(good));
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    EXPECT_FALSE(TimeZone::from_tzif(good.substr(0, cut))) << cut;
  std::string many = good;
  many.replace(32, 4, "\xff\xff\xff\xff");
  const std::pair<const char*, std::string> rows[] = {
      {"no magic", "XZif" + good.substr(4)},
      {"four thousand million transitions", many},
      {"a type that is not there", tzif({{1'000'000'000, 2}}, {3600, 7200}, "CET-1")},
      {"times out of order", tzif({{2, 0}, {1, 0}}, {3600}, "CET-1")},
      {"an offset of 27 hours", tzif({}, {27 * 3600}, "CET-1")},
      {"a footer that is no rule", tzif({}, {3600}, "nonsense")},
      {"leap seconds", block('\0', 4, {}, {0}, 1)},
  };
  for (const auto& [name, bytes] : rows) EXPECT_FALSE(TimeZone::from_tzif(bytes)) << name;
}

/// The C library reads the same files: what it says of a time must be what we say.
TEST(TimeZone, agrees_with_the_c_library) {
  const std::string folder = "/usr/share/zoneinfo/";
  int zones = 0;
  for (const char* name :
       {"Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
        "Africa/Casablanca", "Asia/Kathmandu", "Asia/Tehran", "Pacific/Apia", "America/Nuuk",
        "Europe/Dublin", "Etc/GMT-14", "UTC", "Asia/Gaza", "Antarctica/Troll"}) {
    std::ifstream file(folder + name, std::ios::binary);
    if (!file) continue;
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    const auto zone = TimeZone::from_tzif(bytes);
    ASSERT_TRUE(zone) << name << ": " << zone.error().message;
    ::setenv("TZ", name, 1);
    ::tzset();
    // Every 5 h 11 min from 1990 to 2045: no change of a zone is passed by.
    for (std::int64_t utc = 631'152'000; utc < 2'366'841'600; utc += 18'660) {
      const std::time_t time = utc;
      std::tm local{};
      ::localtime_r(&time, &local);
      ASSERT_EQ(zone->offset_at(utc), local.tm_gmtoff) << name << " at " << utc;
      // Back from the clock: the same time, or the first of the two that it means.
      const TimeZone::Meaning meaning = zone->meaning_of(utc + local.tm_gmtoff);
      ASSERT_FALSE(meaning.never) << name << " at " << utc;
      if (meaning.twice) continue;
      ASSERT_EQ(meaning.offset, local.tm_gmtoff) << name << " at " << utc;
    }
    ++zones;
  }
  ::unsetenv("TZ");
  ::tzset();
  if (zones == 0) GTEST_SKIP() << "no zone database at " << folder;
}

}  // namespace
}  // namespace spoor
