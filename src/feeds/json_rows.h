// What readers of JSON feeds share beside net/json: telling a document by its head, taking an
// object apart so that its long lists are read row by row, dates and lists of words. Tested by
// misp_test.cpp and stix_test.cpp.

#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/tally.h"
#include "base/time.h"
#include "net/json.h"

namespace spoor {

/// Whether `head` begins as a JSON object or array does.
bool begins_json(std::string_view head);
/// Whether `"name"` and a colon stand somewhere in `head`; with `value`, that string behind it.
bool shows_member(std::string_view head, std::string_view name);
bool shows_member(std::string_view head, std::string_view name, std::string_view value);

/// An object that was taken apart.
struct TakenObject {
  std::string rest;  ///< the object without the long members: JSON that parses, or "{}"
  std::vector<std::string_view> taken;  ///< values of the long members, in the order asked for
  bool whole = true;                    ///< false: cut short, or a member could not be read
};
/// Takes the members `longs` out of the object that `text` begins with. What is left is parsed
/// member by member where it does not parse whole; a member that does not is repaired, or left
/// out and tallied under `damaged`. O(text.size()).
TakenObject take_object(JsonParser& parser, std::string_view text,
                        std::initializer_list<std::string_view> longs, std::string_view where,
                        Tally& damaged);

/// "1751371140" (seconds, also with a fraction) or an ISO 8601 date; nothing for 0 and for what
/// is none.
std::optional<Time> json_time(JsonView value);

/// The strings of a list; a bare string is a list of one. Blank ones are left out.
std::vector<std::string> json_words(JsonView value);

/// Adds `word` unless it is empty, there, or one too many. O(words.size()).
inline constexpr std::size_t kMostWords = 2000;
void add_word(std::vector<std::string>& words, std::string_view word);
/// "a, b" and "c" -> "a, b, c".
void append_listed(std::string& text, std::string_view more, std::string_view separator = ", ");

/// What a document is that no reader of its kind understands: "no json object", or "json with
/// the members a, b", safe to show.
std::string members_text(const std::vector<std::string>& names);

/// `text` cut to `most` bytes, not inside a character.
void cut_utf8(std::string& text, std::size_t most);

/// Words of a foreign document as parts of a reason: short plain ones as they are, others, and
/// more than a hundred different ones, as "other".
class ReasonWords {
 public:
  std::string_view operator()(std::string_view word);

 private:
  std::set<std::string, std::less<>> words_;
};

}  // namespace spoor
