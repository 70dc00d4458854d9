// Writes JSON (RFC 8259), compact, into one string. Small on purpose: a parser's printing half
// would cost every file its compile time. Bytes that are not UTF-8 become U+FFFD; a caller that
// must be exact writes a *_hex member beside. Tested by base_test.cpp, read back with simdjson
// in tests of what uses it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace spoor {

class JsonWriter {
 public:
  /// Members and elements are separated as needed. Calls must nest: checked by SPOOR_CHECK.
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& string(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& unsigned_integer(std::uint64_t value);
  JsonWriter& number(double value);  ///< NaN and infinities become null
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// `json` is a complete JSON value already.
  JsonWriter& raw(std::string_view json);

  JsonWriter& member(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  JsonWriter& member(std::string_view name, const char* value) {
    return key(name).string(value);
  }
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& member(std::string_view name, std::int64_t value) {
    return key(name).integer(value);
  }
  JsonWriter& member(std::string_view name, std::uint64_t value) {
    return key(name).unsigned_integer(value);
  }
  JsonWriter& strings(std::string_view name, const std::vector<std::string>& values);
  /// Members that are there only where there is something to say. Times as ISO 8601.
  JsonWriter& member_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : member(name, value);
  }
  JsonWriter& member_if(std::string_view name, const std::optional<Time>& time) {
    return time ? member(name, format_iso8601(*time)) : *this;
  }
  JsonWriter& strings_if(std::string_view name, const std::vector<std::string>& values) {
    return values.empty() ? *this : strings(name, values);
  }

  const std::string& text() const { return out_; }
  std::string take();
  void clear();

 private:
  void separate();

  std::string out_;
  std::vector<char> open_;  // '{' or '[' of every open container
  bool first_ = true;       // nothing written yet in the innermost container
  bool after_key_ = false;
};

/// `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace spoor
