// The values that `spoor lookup` is asked about: operands, standard input for "-", files; one a
// line, `type TAB value` where the first column names a type; blank lines and those that begin
// with '#' are passed over. Streams: one line is held at a time. Tested by
// tests/lookup.scenario.

#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "ioc/type.h"

namespace spoor {

struct AskedValue {
  std::string text;
  std::optional<IndicatorType> type;  ///< where the line says it
};

/// Calls `visit` for each line of `path` ("-": standard input); it may end the reading with an
/// error. A line over 64 KiB is handed over cut to that: no value is so long.
Status read_values(const std::string& path, const std::function<Status(AskedValue&&)>& visit);

}  // namespace spoor
