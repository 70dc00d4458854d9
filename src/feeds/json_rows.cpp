// See json_rows.h. Tested by misp_test.cpp and stix_test.cpp.

#include "feeds/json_rows.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr std::size_t kMostReasonWords = 100;
constexpr std::size_t kLongestReasonWord = 80;

/// What stands behind `"name":` from `from` on, blanks skipped; npos: no such member.
std::size_t behind_member(std::string_view head, std::string_view name, std::size_t from) {
  for (std::size_t at = head.find(name, from); at != std::string_view::npos;
       at = head.find(name, at + 1)) {
    std::size_t end = at + name.size();
    if (at == 0 || head[at - 1] != '"' || end >= head.size() || head[end] != '"') continue;
    ++end;
    while (end < head.size() && is_space(head[end])) ++end;
    if (end >= head.size() || head[end] != ':') continue;
    ++end;
    while (end < head.size() && is_space(head[end])) ++end;
    return end;
  }
  return std::string_view::npos;
}

}  // namespace

bool begins_json(std::string_view head) {
  const std::string_view text = trim_wide(head);
  if (text.size() < 2 || (text.front() != '{' && text.front() != '[')) return false;
  const std::string_view inside = trim(text.substr(1));
  if (inside.empty()) return true;
  if (text.front() == '{') return inside.front() == '"' || inside.front() == '}';
  return inside.front() == '{' || inside.front() == ']' || inside.front() == '"';
}

bool shows_member(std::string_view head, std::string_view name) {
  return behind_member(head, name, 0) != std::string_view::npos;
}

bool shows_member(std::string_view head, std::string_view name, std::string_view value) {
  for (std::size_t at = behind_member(head, name, 0); at != std::string_view::npos;
       at = behind_member(head, name, at)) {
    const std::string_view rest = head.substr(at);
    if (rest.size() >= value.size() + 2 && rest.front() == '"' &&
        rest.substr(1, value.size()) == value && rest[value.size() + 1] == '"') {
      return true;
    }
  }
  return false;
}

TakenObject take_object(JsonParser& parser, std::string_view text,
                        std::initializer_list<std::string_view> longs, std::string_view where,
                        Tally& damaged) {
  TakenObject result;
  result.taken.resize(longs.size());
  const JsonCut cut = cut_json(text);
  result.whole = cut.closed;
  const auto long_place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(longs.begin(), longs.end(), name) -
                                    longs.begin());
  };
  std::vector<std::string> members;
  std::string joined;
  const auto join = [&] {
    joined = "{";
    for (const std::string& member : members) {
      if (joined.size() > 1) joined += ',';
      joined += member;
    }
    joined += '}';
  };
  for (const JsonCut::Piece& piece : cut.pieces) {
    const std::size_t place = long_place(piece.name);
    if (place < longs.size()) {
      result.taken[place] = piece.value;
    } else if (!piece.name.empty()) {
      members.push_back('"' + std::string(piece.name) + "\":" + std::string(piece.value));
    }
  }
  if (!cut.open.name.empty()) {
    const std::size_t place = long_place(cut.open.name);
    if (place < longs.size()) result.taken[place] = cut.open.value;
  }
  join();
  if (!parser.parse(joined)) {
    const auto bad = [&](std::string& member) {
      if (parser.parse("{" + member + "}")) return false;
      member = repair_json(member);
      if (parser.parse("{" + member + "}")) return false;
      damaged.add("", "a member that could not be read", where, member);
      result.whole = false;
      return true;
    };
    members.erase(std::remove_if(members.begin(), members.end(), bad), members.end());
    join();
    if (!parser.parse(joined)) joined = "{}";
  }
  result.rest = std::move(joined);
  return result;
}

std::optional<Time> json_time(JsonView value) {
  if (value.is_nothing()) return std::nullopt;
  const std::string text = value.text();
  const std::string_view trimmed = trim(text);
  if (trimmed.empty() || trimmed == "0") return std::nullopt;
  const std::string_view whole = trimmed.substr(0, trimmed.find('.'));
  if (whole.size() >= 6 && whole.size() <= 11 &&
      std::all_of(trimmed.begin(), trimmed.end(),
                  [](char c) { return is_digit(c) || c == '.'; })) {
    std::int64_t seconds = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
    return time_from_micros(seconds * 1'000'000);
  }
  return parse_list_date(trimmed, DayEdge::kBegin);
}

std::vector<std::string> json_words(JsonView value) {
  std::vector<std::string> words;
  const auto take = [&](JsonView element) {
    const std::string text = element.text();
    add_word(words, trim(text));
  };
  if (value.is_array()) {
    value.each_element(take);
  } else if (value.is_string()) {
    take(value);
  }
  return words;
}

void add_word(std::vector<std::string>& words, std::string_view word) {
  if (word.empty() || words.size() >= kMostWords) return;
  if (std::find(words.begin(), words.end(), word) != words.end()) return;
  words.emplace_back(word);
}

void append_listed(std::string& text, std::string_view more, std::string_view separator) {
  if (more.empty()) return;
  if (!text.empty()) text += separator;
  text += more;
}

std::string members_text(const std::vector<std::string>& names) {
  if (names.empty()) return "no json object";
  std::string text = "json with the members ";
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i > 0 ? ", " : "") + terminal_safe(names[i]);
  return text;
}

void cut_utf8(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
}

std::string_view ReasonWords::operator()(std::string_view word) {
  const auto known = words_.find(word);
  if (known != words_.end()) return *known;
  const bool plain = !word.empty() && word.size() <= kLongestReasonWord &&
                     std::all_of(word.begin(), word.end(),
                                 [](char c) { return c >= ' ' && c < 0x7F && c != '"'; });
  if (!plain || words_.size() >= kMostReasonWords) return "other";
  return *words_.emplace(word).first;
}

}  // namespace spoor
