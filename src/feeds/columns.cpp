// A table whose columns the user has named. One column or more hold values, the others say
// something of them; what a row says goes into a claim as it stands, but for dates, numbers and
// colours, which are understood or told as notes. Cells are not split: who names a column knows
// what is in it. Cost: one pass. Tested by columns_test.cpp; fuzz_columns.

#include "feeds/columns.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/csv_records.h"
#include "feeds/formats.h"
#include "feeds/json_rows.h"
#include "feeds/tags.h"
#include "feeds/text.h"
#include "feeds/type_word.h"

namespace spoor {
namespace {

enum class Field : std::uint8_t {
  kValue,
  kType,
  kRole,
  kTitle,
  kDescription,
  kTags,
  kCreated,
  kExpiration,
  kLastSaid,
  kConfidence,
  kMalware,
  kAdversary,
  kAttack,
  kTlp,
  kPap,
  kDetect,
  kActive,
  kTyped,  ///< a value of the type that the field names
};

struct FieldRow {
  std::string_view name;
  Field field;
};

constexpr FieldRow kFields[] = {
    {"value", Field::kValue},
    {"type", Field::kType},
    {"role", Field::kRole},
    {"title", Field::kTitle},
    {"description", Field::kDescription},
    {"tags", Field::kTags},
    {"created", Field::kCreated},
    {"expiration", Field::kExpiration},
    {"last-said", Field::kLastSaid},
    {"confidence", Field::kConfidence},
    {"malware", Field::kMalware},
    {"adversary", Field::kAdversary},
    {"attack", Field::kAttack},
    {"tlp", Field::kTlp},
    {"pap", Field::kPap},
    {"detect", Field::kDetect},
    {"active", Field::kActive},
};

constexpr std::size_t kHeadBytes = 1 << 20;  // that hold the header

/// A choice with its column found.
struct Chosen {
  Field field = Field::kValue;
  std::string type;  ///< of kTyped
  std::size_t place = 0;
  const std::string* constant = nullptr;
};

std::optional<Field> field_of(std::string_view word) {
  for (const FieldRow& row : kFields) {
    if (equals_ignore_case(row.name, word)) return row.field;
  }
  // The store's own names for the same.
  if (equals_ignore_case(word, "last_said") || equals_ignore_case(word, "last_seen"))
    return Field::kLastSaid;
  if (equals_ignore_case(word, "to_ids")) return Field::kDetect;
  if (understand_type(word).known()) return Field::kTyped;
  return std::nullopt;
}

std::optional<std::size_t> column_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0)
    return std::nullopt;
  return number;
}

std::string shown(const std::vector<std::string>& names) {
  if (names.empty()) return "none";
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 40; ++i) {
    if (i > 0) text += ", ";
    text += terminal_safe(std::string_view(names[i]).substr(0, 60));
  }
  return text;
}

class MappedReader {
 public:
  MappedReader(std::string_view text, std::string_view where, const OnPage& on_page,
               const ReadOptions& options)
      : text_(text), where_(where), options_(options), pages_(where, on_page) {}

  Status read() {
    if (auto status = settle(); !status) return status;
    CsvRecords reader(text_, separator_);
    std::vector<std::string_view> cells;
    bool header = options_.header && header_is_record_;
    while (reader.next(cells)) {
      if (header) {
        header = false;
        continue;
      }
      if (auto status = record(cells, pages_.at_line(reader.line())); !status) return status;
    }
    return pages_.finish();
  }

 private:
  /// Finds the separator with which every chosen column is there and the table is widest (a
  /// column that is told by its number is there with any), and the places of the columns.
  Status settle() {
    std::string candidates = ",;\t|";
    if (options_.separator != '\0') candidates = options_.separator;
    std::string missing;
    std::size_t widest_of_missing = 0, widest = 0;
    for (const char separator : candidates) {
      const Attempt attempt = try_separator(separator);
      if (attempt.width == 0) continue;
      if (attempt.absent.empty() && attempt.width > widest) {
        widest = attempt.width;
        separator_ = separator;
      } else if (!attempt.absent.empty() && attempt.width > widest_of_missing) {
        widest_of_missing = attempt.width;
        missing = attempt.absent;
      }
    }
    if (widest > 0) {
      try_separator(separator_);
      return {};
    }
    if (missing.empty()) return fail("an empty table, expected rows");
    return fail("no column " + missing);
  }

  struct Attempt {
    std::size_t width = 0;
    std::string absent;  ///< what is not there and what is; "" where all are
  };

  /// Sets chosen_ and header_is_record_ for `separator`.
  Attempt try_separator(char separator) {
    CsvRecords reader(text_.substr(0, kHeadBytes), separator);
    std::vector<std::string_view> cells;
    if (!reader.next(cells)) return {};
    const std::vector<std::string> first(cells.begin(), cells.end());
    const std::string comment(reader.comment());
    std::vector<std::string> commented;
    CsvRecords names_reader(comment, separator);
    if (names_reader.next(cells)) commented.assign(cells.begin(), cells.end());

    header_is_record_ = true;
    std::string absent = place(first);
    if (!absent.empty() && options_.header && commented.size() > 1 &&
        place(commented).empty()) {
      header_is_record_ = false;
      absent.clear();
    }
    if (absent.empty()) return {first.size(), {}};
    return {first.size(),
            absent + ": found the columns " + shown(first) +
                (options_.header ? "" : "; without a header columns have numbers")};
  }

  /// Places of all chosen columns among `names`; the first that is not there, or "".
  std::string place(const std::vector<std::string>& names) {
    chosen_.clear();
    for (const ColumnChoice& choice : options_.columns) {
      Chosen one;
      one.field = field_of(choice.field).value_or(Field::kValue);
      if (one.field == Field::kTyped) one.type = choice.field;
      if (choice.constant) {
        one.constant = &choice.column;
        chosen_.push_back(std::move(one));
        continue;
      }
      auto found = names.end();
      if (options_.header) {
        found = std::find(names.begin(), names.end(), choice.column);
        if (found == names.end()) {
          found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
            return equals_ignore_case(name, choice.column);
          });
        }
      }
      if (found != names.end()) {
        one.place = static_cast<std::size_t>(found - names.begin());
      } else if (const auto number = column_number(choice.column);
                 number && *number <= names.size()) {
        one.place = *number - 1;
      } else {
        return "'" + terminal_safe(choice.column) + "'";
      }
      chosen_.push_back(std::move(one));
    }
    return {};
  }

  Status record(const std::vector<std::string_view>& cells, const std::string& here) {
    RawIndicator common;
    common.where = here;
    std::string tags;
    const auto cell_of = [&](const Chosen& one) -> std::string_view {
      if (one.constant != nullptr) return *one.constant;
      return one.place < cells.size() ? cells[one.place] : std::string_view();
    };
    for (const Chosen& one : chosen_) {
      const std::string_view cell = cell_of(one);
      if (!cell.empty()) say(one.field, cell, common, tags);
    }
    if (!tags.empty()) append_listed(common.description, "tags: " + tags, "; ");
    bool any = false;
    for (const Chosen& one : chosen_) {
      if (one.field != Field::kValue && one.field != Field::kTyped) continue;
      const std::string_view cell = cell_of(one);
      if (cell.empty() || (one.field == Field::kTyped && cell == "-")) continue;
      any = true;
      RawIndicator row = common;
      row.value = cell;
      if (one.field == Field::kTyped) row.type = one.type;
      if (auto status = pages_.add(std::move(row)); !status) return status;
    }
    if (!any) {
      std::string text;
      for (const std::string_view cell : cells) {
        if (text.size() > 120) break;
        append_listed(text, cell, std::string_view(&separator_, 1));
      }
      pages_.page().damaged.add("", "a row without a value", here, text);
    }
    return {};
  }

  /// Puts what a cell says into `row`.
  void say(Field field, std::string_view cell, RawIndicator& row, std::string& tags) {
    const auto odd = [&](const char* reason) {
      if (cell == "-" || equals_ignore_case(cell, "null") || equals_ignore_case(cell, "none"))
        return;
      pages_.page().notes.add("", reason, row.where, cell);
    };
    switch (field) {
      case Field::kValue:
      case Field::kTyped:
        return;
      case Field::kType:
        row.type = cell;
        return;
      case Field::kRole:
        return append_listed(row.role, cell);
      case Field::kTitle:
        return append_listed(row.title, cell, "; ");
      case Field::kDescription:
        return append_listed(row.description, cell, "; ");
      case Field::kTags:
        return append_listed(tags, cell);
      case Field::kMalware:
        return append_listed(row.facts.malware, cell);
      case Field::kAdversary:
        return append_listed(row.facts.adversary, cell);
      case Field::kCreated:
        row.created = parse_list_date(cell, DayEdge::kBegin);
        if (!row.created) odd("created is not a date: left out");
        return;
      case Field::kExpiration:
        row.expiration = parse_list_date(cell, DayEdge::kEnd);
        if (!row.expiration) odd("expiration is not a date: left out");
        return;
      case Field::kLastSaid:
        row.facts.last_said = parse_list_date(cell, DayEdge::kBegin);
        if (!row.facts.last_said) odd("last-said is not a date: left out");
        return;
      case Field::kConfidence:
        row.facts.confidence = confidence_of(cell);
        if (!row.facts.confidence)
          odd("confidence is neither 0 to 100 nor low, medium, high: left out");
        return;
      case Field::kTlp:
        row.facts.tlp = parse_tlp(cell);
        return;
      case Field::kPap:
        row.facts.pap = parse_pap(cell);
        if (!row.facts.pap) odd("pap is no colour: left out");
        return;
      case Field::kDetect:
      case Field::kActive: {
        const auto truth = truth_of(cell);
        if (!truth) return odd("neither true nor false: left out");
        (field == Field::kDetect ? row.facts.detect : row.active) = *truth;
        return;
      }
      case Field::kAttack: {
        std::string_view rest = cell;
        while (!rest.empty()) {
          const std::size_t end = rest.find_first_of(",;| ");
          const std::string_view word = trim(rest.substr(0, end));
          if (is_attack_id(word)) add_word(row.facts.attack_ids, word);
          rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        }
        return;
      }
    }
  }

  static std::optional<std::uint8_t> confidence_of(std::string_view cell) {
    if (!cell.empty() && cell.back() == '%') cell = trim(cell.substr(0, cell.size() - 1));
    if (equals_ignore_case(cell, "high")) return std::uint8_t{85};
    if (equals_ignore_case(cell, "medium") || equals_ignore_case(cell, "moderate"))
      return std::uint8_t{50};
    if (equals_ignore_case(cell, "low")) return std::uint8_t{15};
    unsigned number = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    if (error != std::errc() || end != cell.data() + cell.size() || number > 100)
      return std::nullopt;
    return static_cast<std::uint8_t>(number);
  }

  static std::optional<bool> truth_of(std::string_view cell) {
    for (const std::string_view word : {"true", "1", "yes", "y", "active"}) {
      if (equals_ignore_case(cell, word)) return true;
    }
    for (const std::string_view word : {"false", "0", "no", "n", "inactive"}) {
      if (equals_ignore_case(cell, word)) return false;
    }
    return std::nullopt;
  }

  std::string_view text_, where_;
  const ReadOptions& options_;
  PageWriter pages_;
  std::vector<Chosen> chosen_;
  char separator_ = ',';
  bool header_is_record_ = true;
};

}  // namespace

std::string column_fields() {
  std::string text;
  for (const FieldRow& row : kFields) append_listed(text, row.name);
  return text;
}

Result<std::vector<ColumnChoice>> parse_column_choices(std::string_view text) {
  std::vector<ColumnChoice> choices;
  bool value = false;
  while (!text.empty()) {
    const std::size_t end = text.find(',');
    const std::string_view part = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (part.empty()) continue;
    const std::size_t sign = part.find_first_of("=:");
    ColumnChoice choice;
    if (sign != std::string_view::npos) {
      choice.field = std::string(trim(part.substr(0, sign)));
      choice.column = std::string(trim(part.substr(sign + 1)));
      choice.constant = part[sign] == ':';
    }
    if (choice.field.empty() || choice.column.empty()) {
      return fail("found '" + terminal_safe(part) + "', expected FIELD=COLUMN or FIELD:WORD");
    }
    const auto field = field_of(choice.field);
    if (!field) {
      return fail("found the field '" + terminal_safe(choice.field) + "', expected one of " +
                  column_fields() + ", or a type such as md5 or url");
    }
    value = value || ((*field == Field::kValue || *field == Field::kTyped) && !choice.constant);
    choices.push_back(std::move(choice));
  }
  if (!value) return fail("no column of values, expected value=COLUMN");
  return choices;
}

Result<char> parse_separator(std::string_view text) {
  const struct {
    std::string_view word;
    char separator;
  } kWords[] = {
      {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'}, {"pipe", '|'}};
  for (const auto& row : kWords) {
    if (equals_ignore_case(text, row.word)) return row.separator;
  }
  const bool usable = text.size() == 1 && text != "\"" && text != "#" && text != "\n" &&
                      text != "\r" && text != " " && !is_alnum(text.front());
  if (!usable) {
    return fail("found '" + terminal_safe(text) +
                "', expected comma, semicolon, tab, pipe or one character");
  }
  return text.front();
}

Status read_csv_as(std::string_view text, std::string_view where, const OnPage& on_page,
                   const ReadOptions& options) {
  if (options.columns.empty()) {
    return fail(
        "a separator or a missing header was given without columns, expected "
        "--columns value=COLUMN,... beside it");
  }
  return MappedReader(text, where, on_page, options).read();
}

}  // namespace spoor
