// Plain lists: a value a line, or type<TAB>value[<TAB>description], the type in OTX's names or
// another vocabulary's (ioc/type.h), case-blind. Which words around a value belong to it:
//   - with an explicit type everything up to the next TAB does, since paths, registry keys,
//   mutexes and user agents hold
//     blanks; an inline comment is cut off only where the type's values cannot hold a blank;
//   - without one, a first column that plainly is an address, a hash, a name or a URL stands
//   alone and the rest of the
//     line describes it ("192.0.2.7<TAB>10", "<hash>  file.exe", "<hash>;comment",
//     "192.0.2.0/24 ; SBL1");
//   - else the whole line is the value.
// Comments: # ; // ! at the start, and " #" or " ;" behind a value. Cost: one pass; bench by
// the store's import. Tested by formats_test.cpp; fuzz_list.

#include <algorithm>
#include <optional>
#include <string>

#include "base/ascii.h"
#include "feeds/address_range.h"
#include "feeds/formats.h"
#include "feeds/text.h"
#include "feeds/type_word.h"
#include "ioc/type.h"

namespace spoor {
namespace {

bool is_comment(std::string_view line) {
  return line.front() == '#' || line.front() == ';' || line.front() == '!' ||
         line.substr(0, 2) == "//";
}

bool may_hold_blanks(IndicatorType type) {
  switch (type) {
    case IndicatorType::kFilePath:
    case IndicatorType::kFileName:
    case IndicatorType::kMutex:
    case IndicatorType::kRegistryKey:
    case IndicatorType::kNamedPipe:
    case IndicatorType::kUserAgent:
    case IndicatorType::kYara:
    case IndicatorType::kOsquery:
    case IndicatorType::kUri:
      return true;
    default:
      return false;
  }
}

/// Types of neighbouring lines are mostly the same word: the last answer is kept.
class TypeWords {
 public:
  const TypeWord& find(std::string_view word) {
    if (known_ && word == last_) return answer_;
    last_ = word.substr(0, 64);
    answer_ = understand_type(word);
    known_ = last_.size() == word.size();
    return answer_;
  }

 private:
  std::string last_;
  TypeWord answer_;
  bool known_ = false;
};

/// Letters, digits and what type words are joined by; no dot, so no name and no address.
bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 40 && is_alpha(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alnum(c) || c == '-' || c == '_' || c == ':' || c == '|' || c == ' ';
         });
}

/// `text` up to a comment behind a blank.
std::string_view without_comment(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    at = text.find_first_of("#;", at);
    if (at == std::string_view::npos) break;
    const bool ends_word = at + 1 == text.size() || is_blank(text[at + 1]) || text[at] == '#';
    if (is_blank(text[at - 1]) && ends_word) return trim_wide(text.substr(0, at));
  }
  return text;
}

struct Parts {
  std::string_view type, value, description;
};

class ListReader {
 public:
  Parts split(std::string_view line) {
    if (const auto parts = plain_then(line)) return *parts;
    const std::size_t tab = line.find('\t');
    if (tab != std::string_view::npos) return split_columns(line, tab);
    line = without_comment(line);
    const std::size_t blank = std::min(line.find(' '), line.find("\xC2\xA0"));
    if (blank == std::string_view::npos) return {{}, strip_comma(line), {}};
    const std::string_view first = line.substr(0, blank);
    const std::string_view rest = trim_wide(line.substr(blank));
    const Look look = look_of(first);
    if (look == Look::kName || look == Look::kHostPath || look == Look::kEmail ||
        look == Look::kCve || is_plain(look)) {
      return {{}, strip_comma(first), describe(rest)};
    }
    if (words_.find(first).known() && look_of(rest) != Look::kNone) return {first, rest, {}};
    return {{}, line, {}};
  }

 private:
  Parts split_columns(std::string_view line, std::size_t tab) {
    const std::string_view first = trim_wide(line.substr(0, tab));
    std::string_view rest = line.substr(tab + 1);
    const std::size_t next = rest.find('\t');
    const std::string_view second = trim_wide(rest.substr(0, next));
    const std::string_view third =
        next == std::string_view::npos ? std::string_view() : trim_wide(rest.substr(next + 1));
    if (const TypeWord& word = words_.find(first); word.known()) {
      typed_seen_ = true;
      const bool whole =
          (word.type && may_hold_blanks(*word.type)) || word.family == TypeFamily::kFile;
      return {first, whole ? second : without_comment(second), third};
    }
    if (words_.find(second).known() && look_of(first) != Look::kNone) {
      typed_seen_ = true;
      return {second, first, third};
    }
    const bool count = !second.empty() && std::all_of(second.begin(), second.end(), is_digit);
    if (is_word(first) && !second.empty() && (typed_seen_ || !count) &&
        look_of(first) == Look::kNone) {
      return {first, second, third};  // a type that we do not know; who judges it says so
    }
    return {{}, strip_comma(first), describe(trim_wide(rest))};
  }

  /// "<hash>;comment" and "<address>,comment".
  static std::optional<Parts> plain_then(std::string_view line) {
    const std::size_t end = line.find_first_of(";, \t");
    if (end == std::string_view::npos || end == 0 || (line[end] != ';' && line[end] != ',')) {
      return std::nullopt;
    }
    const Look look = look_of(line.substr(0, end));
    if (!is_plain(look) || look == Look::kUrl) return std::nullopt;
    return Parts{{}, line.substr(0, end), trim_wide(line.substr(end + 1))};
  }

  static std::string_view strip_comma(std::string_view value) {
    while (value.size() > 1 && value.back() == ',') value.remove_suffix(1);
    return value;
  }

  /// "*file.exe" of sha256sum's binary mode, "| text", ", text", "- text".
  static std::string_view describe(std::string_view rest) {
    while (!rest.empty() &&
           (rest.front() == '*' || rest.front() == ',' || rest.front() == '|' ||
            (rest.front() == '-' && rest.size() > 1 && rest[1] == ' '))) {
      rest = trim_wide(rest.substr(1));
    }
    return rest;
  }

  TypeWords words_;
  bool typed_seen_ = false;
};

/// A first line that names the column instead of holding a value.
bool is_heading(std::string_view value) {
  if (value.size() > 24) return false;
  for (const char* word :
       {"indicator", "indicators", "ioc", "iocs", "value", "values", "domains", "ips", "urls",
        "hashes", "hash", "observable", "hosts", "host"}) {
    if (equals_ignore_case(value, word)) return true;
  }
  return understand_type(value).known();
}

}  // namespace

int list_confidence(std::string_view head, std::string_view) {
  if (!may_be_lines(head)) return 0;
  ListReader reader;
  int lines = 0, values = 0, typed = 0, patterns = 0;
  sample_lines(head, "#;!", [&](std::string_view line) {
    if (is_comment(line)) return;
    ++lines;
    // A backslash before a dot and a score behind a semicolon: a list of regular expressions
    // (LOKI's file names). Read as paths they would match nothing, or the wrong thing.
    const std::size_t semicolon = line.rfind(';');
    if (line.find('\\') != std::string_view::npos && semicolon != std::string_view::npos &&
        semicolon + 1 < line.size() && is_digit(line[semicolon + 1])) {
      ++patterns;
      return;
    }
    const Parts parts = reader.split(line);
    if (!parts.type.empty()) ++typed;
    if (!parts.type.empty() || look_of(parts.value) != Look::kNone) ++values;
  });
  if (lines == 0) return 10;
  if (patterns * 2 > lines) return 0;
  if (typed * 2 > lines && values * 10 > lines * 8) return 85;
  // Less is prose with values in it: reading every line of it would take words for file names.
  return values * 2 >= lines ? 50 : 0;
}

Status read_list(std::string_view text, std::string_view where, const OnPage& on_page) {
  PageWriter pages(where, on_page);
  ListReader reader;
  Lines lines(text);
  std::string_view line;
  bool first = true;
  while (lines.next(line)) {
    const std::string_view bare = trim_wide(line);
    if (bare.empty() || is_comment(bare)) continue;
    // A TAB at the end stays: it tells a type without a value from a value.
    const bool has_tab = line.find('\t', static_cast<std::size_t>(bare.data() - line.data())) !=
                         std::string_view::npos;
    line = has_tab ? line.substr(static_cast<std::size_t>(bare.data() - line.data())) : bare;
    const Parts parts = reader.split(line);
    if (first && parts.type.empty() && is_heading(parts.value)) {
      pages.page().notes.add("", "a heading, not a value", pages.at_line(lines.number()), line);
      first = false;
      continue;
    }
    first = false;
    RawIndicator row;
    row.where = pages.at_line(lines.number());
    if (parts.type.empty() && !line.empty() && is_digit(line.front())) {
      if (const auto range = range_of(line)) {
        row.description = range->rest;
        for (const std::string& value : range->values) {
          RawIndicator one = row;
          one.value = value;
          if (auto status = pages.add(std::move(one)); !status) return status;
        }
        continue;
      }
    }
    row.type = parts.type;
    row.value = parts.value;
    row.description = parts.description;
    // ".evil.example": the name and all below it, as resolvers and proxies write it.
    if (row.type.empty() && row.value.size() > 2 && row.value[0] == '.' &&
        look_of(parts.value.substr(1)) == Look::kName) {
      row.type = "domain";
      row.value.erase(0, 1);
    }
    if (auto status = pages.add(std::move(row)); !status) return status;
  }
  return pages.finish();
}

}  // namespace spoor
