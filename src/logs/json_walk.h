// The leaves of a JSON text, one after another, each with its dotted path: a walk without
// recursion over text that an attacker wrote. Not a validator: it goes on over small faults and
// stops at large ones. Depth and length of paths are bounded. O(text). Tested by
// formats_test.cpp; fuzz/fuzz_record.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spoor {

struct JsonLeaf {
  std::string_view path;  ///< "source.ip"; valid until next()
  std::string_view key;   ///< the last name as it stands in the text; "" in an array
  std::string_view raw;   ///< of a string without its quotes
  bool is_string = false;
  bool has_escapes = false;
  bool is_top = false;       ///< path is key
  std::uint32_t object = 0;  ///< 0, or the element of an array that holds the leaf
};

class JsonWalk {
 public:
  explicit JsonWalk(std::string_view text) : text_(text) {}
  /// False at the end, at a fault, or where it is nested too deep.
  bool next(JsonLeaf& leaf);
  /// Bytes that were passed over.
  std::size_t at() const { return at_; }
  /// Whether the outermost value was closed.
  bool closed() const { return closed_; }

 private:
  struct Level {
    bool is_object;
    std::size_t path_size;  // before this level's key
    std::uint32_t object;
  };
  void skip_space();
  bool string(std::string_view& raw, bool& escapes);

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Level> open_;
  std::string path_;
  std::string_view key_;
  std::uint32_t objects_ = 0;
  bool closed_ = false;
};

/// `raw` with its escapes decoded; unpaired surrogates become U+FFFD.
std::string json_unescaped(std::string_view raw);

/// The elements of a line that is one array of objects, or one object that wraps such an array
/// ("Records", "value", "events", ...).
class JsonElements {
 public:
  explicit JsonElements(std::string_view line);
  bool is_list() const { return is_list_; }
  /// The element that holds byte `at`, or the next one behind it; "" behind the last. `at` must
  /// not fall from call to call: the whole costs one walk over the line.
  std::string_view at_or_behind(std::size_t at);

 private:
  std::string_view line_;
  bool is_list_ = false;
  std::size_t at_ = 0;  // where the search for the next element goes on
  std::string_view element_;
};

}  // namespace spoor
