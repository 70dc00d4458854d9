// TZif (RFC 8536), all numbers big-endian:
//
//   offset  size  header                         data block, in this order
//        0     4  "TZif"                         time_count * time_size  transition times
//        4     1  version: 0, '2', '3', '4'      time_count              type of each
//        5    15  unused                         type_count * 6          offset (4), dst, name
//       20     4  count of UT/local marks        char_count              names, not read
//       24     4  count of standard/wall marks   leap_count * (time_size + 4)
//       28     4  leap_count                     marks, not read
//       32     4  time_count
//       36     4  type_count
//       40     4  char_count
//
// Version 1 has one block with times of 4 bytes; later ones have a second header and a block
// with times of 8, then a line with a POSIX TZ text. Damage is noticed by counts that do not
// fit the bytes, times that do not ascend, and types that do not exist. Tested by
// time_zone_test.cpp; fuzz/fuzz_time_zone.

#include "base/time_zone.h"

#include <algorithm>
#include <array>

namespace spoor {
namespace {

constexpr std::size_t kHeaderBytes = 44;
constexpr std::uint32_t kMostTransitions = 4096;  // the largest of tzdata has some 240
constexpr std::uint32_t kMostTypes = 256;         // a type's number is one byte
constexpr OffsetSeconds kLeast = -25 * 3600 + 1, kMost = 26 * 3600 - 1;  // RFC 8536, 3.2

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

struct Header {
  char version = 0;
  std::uint32_t ut_marks = 0, wall_marks = 0, leaps = 0, times = 0, types = 0, chars = 0;

  std::size_t block_bytes(std::size_t time_size) const {
    return times * (time_size + 1) + std::size_t{types} * 6 + chars +
           std::size_t{leaps} * (time_size + 4) + wall_marks + ut_marks;
  }
};

Result<Header> read_header(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + kHeaderBytes)
    return fail("found " + std::to_string(bytes.size()) +
                " bytes, expected a header of 44 at " + std::to_string(at));
  if (bytes.substr(at, 4) != "TZif")
    return fail("found no 'TZif' at byte " + std::to_string(at));
  Header header;
  header.version = bytes[at + 4];
  std::size_t field = at + 20;
  for (std::uint32_t* each : {&header.ut_marks, &header.wall_marks, &header.leaps,
                              &header.times, &header.types, &header.chars}) {
    *each = static_cast<std::uint32_t>(number_at(bytes, field, 4));
    field += 4;
  }
  if (header.times > kMostTransitions || header.types > kMostTypes || header.types == 0)
    return fail("found " + std::to_string(header.times) + " transitions of " +
                std::to_string(header.types) + " types, expected at most 4096 of 1 to 256");
  return header;
}

}  // namespace

Result<TimeZone> TimeZone::from_tzif(std::string_view bytes) {
  auto header = read_header(bytes, 0);
  if (!header) return fail(header.error());
  std::size_t at = kHeaderBytes;
  std::size_t time_size = 4;
  const bool has_footer = header->version >= '2';
  if (has_footer) {
    at += header->block_bytes(4);
    header = read_header(bytes, std::min(at, bytes.size()));
    if (!header) return fail(header.error().at("second header"));
    at += kHeaderBytes;
    time_size = 8;
  }
  const std::size_t block = header->block_bytes(time_size);
  if (block > bytes.size() - at)
    return fail("found " + std::to_string(bytes.size() - at) + " bytes of data, expected " +
                std::to_string(block));
  if (header->leaps > 0) return fail("counts leap seconds, expected a zone that does not");

  const std::size_t kinds = at + header->times * time_size;
  const std::size_t types = kinds + header->times;
  std::array<OffsetSeconds, kMostTypes> offsets{};
  for (std::uint32_t i = 0; i < header->types; ++i) {
    const auto offset = static_cast<OffsetSeconds>(
        static_cast<std::uint32_t>(number_at(bytes, types + i * 6, 4)));
    if (offset < kLeast || offset > kMost)
      return fail("found an offset of " + std::to_string(offset) +
                  " s, expected -25 to 26 hours");
    offsets[i] = offset;
  }
  TimeZone zone;
  zone.first_ = offsets[0];
  zone.transitions_.reserve(header->times);
  for (std::uint32_t i = 0; i < header->times; ++i) {
    std::uint64_t raw = number_at(bytes, at + i * time_size, time_size);
    if (time_size == 4)
      raw = static_cast<std::uint64_t>(static_cast<std::int64_t>(
          static_cast<std::int32_t>(static_cast<std::uint32_t>(raw))));
    const auto time = static_cast<std::int64_t>(raw);
    const auto type = static_cast<unsigned char>(bytes[kinds + i]);
    if (type >= header->types)
      return fail("found type " + std::to_string(type) + " of " +
                  std::to_string(header->types));
    if (!zone.transitions_.empty() && time <= zone.transitions_.back().at)
      return fail("transition " + std::to_string(i) + " is not behind the one before");
    zone.transitions_.push_back({time, offsets[type]});
  }
  if (has_footer) {
    const std::string_view footer = bytes.substr(at + block);
    const std::size_t end = footer.find('\n', 1);
    if (footer.substr(0, 1) != "\n" || end == std::string_view::npos)
      return fail("found no footer line at byte " + std::to_string(at + block));
    // An empty one: nobody knows what holds behind the last transition.
    if (end > 1) {
      auto rule = parse_posix_zone(footer.substr(1, end - 1));
      if (!rule) return fail(rule.error().at("footer"));
      zone.rule_ = *rule;
    }
  }
  return zone;
}

TimeZone TimeZone::from_rule(const PosixZone& rule) {
  TimeZone zone;
  zone.rule_ = rule;
  return zone;
}

TimeZone TimeZone::fixed(OffsetSeconds offset) {
  TimeZone zone;
  zone.first_ = offset;
  return zone;
}

OffsetSeconds TimeZone::offset_at(std::int64_t utc_seconds) const {
  if (rule_ && (transitions_.empty() || utc_seconds >= transitions_.back().at))
    return rule_->offset_at(utc_seconds);
  const auto behind = std::upper_bound(
      transitions_.begin(), transitions_.end(), utc_seconds,
      [](std::int64_t time, const Transition& transition) { return time < transition.at; });
  return behind == transitions_.begin() ? first_ : std::prev(behind)->offset;
}

TimeZone::Meaning TimeZone::meaning_of(std::int64_t local_seconds) const {
  // Offsets lie within 26 hours: what held a day and two hours before and behind are the
  // offsets of a change in between, which no zone has two of so near to each other.
  constexpr std::int64_t kReach = 26 * 3600;
  const OffsetSeconds before = offset_at(local_seconds - kReach);
  const OffsetSeconds behind = offset_at(local_seconds + kReach);
  const bool fits_before = offset_at(local_seconds - before) == before;
  const bool fits_behind = offset_at(local_seconds - behind) == behind;
  Meaning meaning;
  meaning.offset = fits_behind && !fits_before ? behind : before;
  meaning.twice = before != behind && fits_before && fits_behind;
  meaning.never = !fits_before && !fits_behind;
  return meaning;
}

}  // namespace spoor
