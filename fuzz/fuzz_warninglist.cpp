// Warninglists on any bytes: parsing, compiling and asking end, and what is asked about is
// judged without a crash. Regular expressions come from the list, so that this is the proof
// that hostile ones stay bounded. Corpus: corpus/warninglist.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "noise/list_index.h"
#include "noise/misp_list.h"
#include "noise/noise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using spoor::IndicatorType;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::uint64_t left_out = 0;
  auto list = spoor::parse_misp_list(text, &left_out);
  if (!list) {
    SPOOR_CHECK(!list.error().message.empty());
    return 0;
  }
  for (const std::string& entry : list->entries) {
    SPOOR_CHECK(!entry.empty() && entry.size() <= spoor::kMostEntryBytes);
    SPOOR_CHECK(entry.find('\n') == std::string::npos);
  }
  spoor::Tally refused;
  const auto index = spoor::ListIndex::build({*list}, refused);
  SPOOR_CHECK(refused.total() <= list->entries.size());
  const spoor::Observable asked[] = {
      {IndicatorType::kDomain, "www.evil.example"},
      {IndicatorType::kIpv4, "198.51.100.7"},
      {IndicatorType::kIpv6, "2001:db8::7"},
      {IndicatorType::kCidr, "198.51.100.0/24"},
      {IndicatorType::kUrl, "http://www.evil.example/gate.php?id=1"},
      {IndicatorType::kMd5, "d41d8cd98f00b204e9800998ecf8427e"},
      {IndicatorType::kUserAgent, std::string(4096, 'a')},
  };
  for (const spoor::Observable& each : asked) {
    const auto match = index->find(each);
    if (match) SPOOR_CHECK(match->list == 0 && match->verdict <= list->verdict);
  }
  // What is on a list as itself is found.
  if (list->kind == spoor::ListKind::kString && list->attributes.empty()) {
    for (const std::string& entry : list->entries) {
      bool plain = entry[0] != '.';
      for (const char c : entry) plain = plain && c > 0x20 && c < 0x7F && c != ':';
      if (plain) SPOOR_CHECK(index->find({IndicatorType::kMutex, entry}).has_value());
    }
  }
  return 0;
}
