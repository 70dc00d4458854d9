// Fuzzes the unfolding of archives: any bytes, with small limits. What must hold whatever the
// bytes: no crash, an end, no more members and bytes than allowed, and every byte of the file
// counted once at most. Seeds: fuzz/corpus/archive.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "io/source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  spoor::StreamOptions options;
  options.expansion_floor = 1 << 20;
  options.expansion_limit = 100;
  options.decoded_limit = 4 << 20;
  options.member_limit = 64;
  options.archive_memory = 1 << 16;
  options.chunk_bytes = 1 << 16;
  options.line_limit = 1 << 17;
  const auto members = spoor::open_memory_members(
      std::string(reinterpret_cast<const char*>(data), size), options);
  std::uint64_t read = 0, count = 0;
  spoor::Member member;
  while (members->next(member)) {
    for (const spoor::Skip& skip : members->take_skips()) SPOOR_CHECK(!skip.reason.empty());
    SPOOR_CHECK(++count <= 65);
    spoor::Chunk chunk;
    for (;;) {
      const auto more = member.stream->next(chunk);
      if (!more || !*more) break;
    }
    for (const spoor::Skip& skip : member.stream->skips()) SPOOR_CHECK(!skip.reason.empty());
    read += member.stream->counters().bytes_read;
  }
  SPOOR_CHECK(read + members->bytes_behind() <= size);
  return 0;
}
