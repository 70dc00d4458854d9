// The OTX reader on any bytes: never crashes, hands over pages within bounds, and counts what
// it hands over. A whole document and the same cut in the middle take the same code. Corpus:
// corpus/otx.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "feeds/otx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string_view piece : {text, text.substr(0, size / 2)}) {
    std::uint64_t rows = 0, pulses = 0;
    const auto summary =
        spoor::read_otx(piece, "fuzz", [&](spoor::Page&& page) -> spoor::Status {
          pulses += page.pulses.size();
          rows += page.rows.size();
          for (const spoor::Pulse& pulse : page.pulses) {
            SPOOR_CHECK(!pulse.id.empty());
            SPOOR_CHECK(pulse.extra.size() < (128u << 10));
            rows += pulse.indicators.size();
          }
          return {};
        });
    if (summary) {
      SPOOR_CHECK(summary->rows == rows);
      SPOOR_CHECK(summary->pulses == pulses);
    } else {
      SPOOR_CHECK(!summary.error().message.empty());
    }
  }
  return 0;
}
