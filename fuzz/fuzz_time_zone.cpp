// Time zones out of any bytes: no crash, and every answer within the bounds that the reader
// promises. Corpus: corpus/time_zone.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/time_zone.h"

namespace {

void ask(const spoor::TimeZone& zone) {
  constexpr std::int64_t kDay = 86'400;
  for (std::int64_t at = 631'152'000; at < 4'133'980'800; at += 97 * kDay + 12'345) {
    const spoor::OffsetSeconds offset = zone.offset_at(at);
    SPOOR_CHECK(offset > -26 * 3600 && offset < 26 * 3600);
    const spoor::TimeZone::Meaning meaning = zone.meaning_of(at);
    SPOOR_CHECK(!(meaning.twice && meaning.never));
    // A clock that means something means it both ways.
    if (!meaning.never) SPOOR_CHECK(zone.offset_at(at - meaning.offset) == meaning.offset);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto zone = spoor::TimeZone::from_tzif(bytes)) ask(*zone);
  if (const auto rule = spoor::parse_posix_zone(bytes)) ask(spoor::TimeZone::from_rule(*rule));
  return 0;
}
