// What holds for every reader of a feed's format, on any bytes: detection stays in its range,
// pages stay within bounds, every pulse has an id and every row a place, and an error has
// words. Each input is read whole and cut in the middle.

#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/check.h"
#include "feeds/feed.h"

namespace spoor {

inline void check_row(const RawIndicator& row) {
  SPOOR_CHECK(!row.where.empty());
  SPOOR_CHECK(!row.facts.confidence || *row.facts.confidence <= 100);
}

inline void check_formats(std::initializer_list<std::string_view> names,
                          const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string_view name : names) {
    const ImportFormat* format = import_format(name);
    SPOOR_CHECK(format != nullptr);
    for (const char* file : {"feed.csv", "report.md", "feed"}) {
      const int confidence = format->confidence(text, file);
      SPOOR_CHECK(confidence >= 0 && confidence <= 100);
    }
    for (const std::string_view piece : {text, text.substr(0, size / 2)}) {
      const auto status = format->read(piece, "fuzz", [](Page&& page) -> Status {
        SPOOR_CHECK(page.rows.size() <= 10'000);
        for (const RawIndicator& row : page.rows) check_row(row);
        for (const Pulse& pulse : page.pulses) {
          SPOOR_CHECK(!pulse.id.empty());
          for (const RawIndicator& row : pulse.indicators) check_row(row);
        }
        return {};
      });
      if (!status) SPOOR_CHECK(!status.error().message.empty());
    }
  }
}

}  // namespace spoor
