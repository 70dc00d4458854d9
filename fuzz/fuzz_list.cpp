// Every line and table format on any bytes: detection stays in its range, no reader crashes,
// and no page is larger than it may be. Corpus: corpus/list.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "feeds/feed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const spoor::ImportFormat& format : spoor::import_formats()) {
    if (format.name == "otx") continue;  // fuzz_otx
    for (const char* name : {"feed.csv", "feed"}) {
      const int confidence = format.confidence(text, name);
      SPOOR_CHECK(confidence >= 0 && confidence <= 100);
    }
    const auto status = format.read(text, "fuzz", [&](spoor::Page&& page) -> spoor::Status {
      SPOOR_CHECK(page.rows.size() <= 10'000);
      for (const spoor::RawIndicator& row : page.rows) SPOOR_CHECK(!row.where.empty());
      return {};
    });
    if (!status) SPOOR_CHECK(!status.error().message.empty());
  }
  return 0;
}
