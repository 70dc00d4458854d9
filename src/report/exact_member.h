// A member of a JSON object that holds bytes of a log or a path. Tested by
// json_printer_test.cpp.

#pragma once

#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "io/encoding.h"

namespace spoor {

/// `name` with the text, and `name`_hex beside it where the text is not UTF-8.
inline void exact_member(JsonWriter& json, std::string_view name, std::string_view bytes) {
  json.member(name, bytes);
  if (!is_valid_utf8(bytes)) json.member(std::string(name) + "_hex", to_hex(bytes));
}

/// The same for text in `encoding`: UTF-16 as UTF-8, with `name`_hex always beside it.
inline void exact_member(JsonWriter& json, std::string_view name, std::string_view bytes,
                         TextEncoding encoding) {
  if (encoding == TextEncoding::kBytes) return exact_member(json, name, bytes);
  json.member(name, to_utf8(bytes, encoding));
  json.member(std::string(name) + "_hex", to_hex(bytes));
}

}  // namespace spoor
