// `spoor import --format csv --columns`: what the columns of a table are, said by the user.
// Tested by columns_test.cpp.

#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "feeds/feed.h"

namespace spoor {

/// Reads "value=ioc,type=ioc_type,malware:Emotet": FIELD=COLUMN, by the name in the header or
/// the number from 1, and FIELD:WORD for a word that holds for all rows. FIELD is one of
/// column_fields() or a word for a type of indicator ("md5", "url"), which makes the column one
/// of values of that type. An error names what was found and what a field may be.
Result<std::vector<ColumnChoice>> parse_column_choices(std::string_view text);

/// "value, type, role, ...", for messages and help.
std::string column_fields();

/// Reads "comma", "tab", "semicolon", "pipe" or the character itself ("\t" too).
Result<char> parse_separator(std::string_view text);

}  // namespace spoor
