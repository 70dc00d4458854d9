// Fuzzes zips in parts beside zips in order: any bytes. What must hold: no crash, the same
// members, bytes, gaps and counts from both. Where a limit ends the file, what came before is
// the same as far as both go. Seeds: fuzz/corpus/zip.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "io/bytes.h"
#include "io/helpers.h"
#include "io/zip_directory.h"

namespace {

/// Units are decoded ahead, and by nobody else.
class NobodyHelps final : public spoor::Helpers {
 public:
  unsigned threads() const override { return 3; }
  void offer(std::shared_ptr<spoor::SharedWork>) override {}
};

/// Names, contents, gaps and counts, in order; whether a limit has ended it.
std::vector<std::string> told_of(const std::string& bytes, spoor::Helpers* helpers,
                                 bool& limited) {
  spoor::StreamOptions options;
  options.expansion_floor = 1 << 20;
  options.expansion_limit = 2000;
  options.decoded_limit = 8 << 20;
  options.member_limit = 200;
  options.archive_memory = 1 << 16;
  options.helpers = helpers;
  std::vector<std::string> told;
  const auto tell = [&](const std::vector<spoor::Skip>& skips) {
    for (const spoor::Skip& skip : skips) {
      limited = limited || skip.reason.find("stopped after") != std::string::npos;
      told.push_back(skip.file + ": " + skip.reason + " " + std::to_string(skip.bytes));
    }
  };
  const auto members = spoor::open_memory_members(bytes, options);
  spoor::Member member;
  for (bool more = true; more;) {
    more = members->next(member);
    tell(members->take_skips());
    if (!more) break;
    std::string text;
    spoor::Chunk chunk;
    while (member.stream->next(chunk).value_or(false)) text += chunk.text.substr(chunk.overlap);
    told.push_back(member.inner);
    told.push_back(text);
    told.push_back(std::to_string(member.stream->counters().bytes_read));
    tell(member.stream->skips());
  }
  told.push_back(std::to_string(members->bytes_behind()));
  return told;
}

/// Contents of the list lie in a row.
void check_directory(const std::string& bytes) {
  const auto source = spoor::memory_source(bytes);
  const auto directory = spoor::read_zip_directory(*source);
  if (!directory) return;
  std::uint64_t end = 0;
  for (const spoor::ZipRecord& record : directory->members) {
    SPOOR_CHECK(record.begin >= end);
    end = record.begin + spoor::kZipLocalBytes + record.name_bytes + record.compressed;
    SPOOR_CHECK(end <= directory->begin);
  }
  SPOOR_CHECK(directory->begin < bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_directory(bytes);
  NobodyHelps helpers;
  bool limited = false;
  const auto in_order = told_of(bytes, nullptr, limited);
  const auto in_parts = told_of(bytes, &helpers, limited);
  if (!limited) {
    SPOOR_CHECK(in_order == in_parts);
    return 0;
  }
  for (std::size_t i = 0; i < std::min(in_order.size(), in_parts.size()); ++i) {
    const std::size_t both = std::min(in_order[i].size(), in_parts[i].size());
    if (in_order[i] == in_parts[i]) continue;
    // A text that ends earlier in one; from there on the two may differ.
    SPOOR_CHECK(in_order[i].find("stopped after") != std::string::npos ||
                in_order[i].compare(0, both, in_parts[i], 0, both) == 0);
    break;
  }
  return 0;
}
