// What stands in the database for each value of an enum. The tables in codes.cpp are part of
// the file format: a row is never changed, only added, so that a reordered enum reads old
// stores right. Grades are spaced, and compare in SQL as they do here. Tested by
// codes_test.cpp.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ioc/noise.h"
#include "ioc/pulse.h"
#include "ioc/sighting.h"
#include "ioc/type.h"

namespace spoor {

std::int64_t code_of(IndicatorType type);
std::int64_t code_of(Grade grade);
std::int64_t code_of(Verdict verdict);
std::int64_t code_of(TextEncoding encoding);
std::int64_t code_of(Tlp tlp);
std::int64_t code_of(Pap pap);
std::int64_t code_of(ListKind kind);
std::int64_t code_of(Flow flow);

// Nothing for a code that no row has: the file is damaged or newer.
std::optional<IndicatorType> type_of_code(std::int64_t code);
std::optional<Grade> grade_of_code(std::int64_t code);
std::optional<Verdict> verdict_of_code(std::int64_t code);
std::optional<TextEncoding> encoding_of_code(std::int64_t code);
std::optional<Tlp> tlp_of_code(std::int64_t code);
std::optional<Pap> pap_of_code(std::int64_t code);
std::optional<ListKind> list_kind_of_code(std::int64_t code);
std::optional<Flow> flow_of_code(std::int64_t code);  ///< 0, as of NULL, is kUnknown

/// "json,percent", outermost first; "" none.
std::string views_text(const std::vector<ViewKind>& views);
std::optional<std::vector<ViewKind>> views_of_text(std::string_view text);

}  // namespace spoor
