// The OTX reader. Two ways through an element: the fast one parses it whole and strictly; where
// that fails, the slow one cuts it into members and rows, repairs texts of the pulse, and
// parses each row alone. Both hand rows to read_row(), so that they agree on what a row is.
// Tested by otx_test.cpp and recorded_test.cpp; fuzz_otx.

#include "feeds/otx.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "feeds/formats.h"
#include "feeds/json_rows.h"
#include "feeds/text.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr std::size_t kLongestId = 128;
constexpr std::size_t kMostExtraBytes = 64 << 10;  // of unknown members, a pulse

/// The members that tell one kind of OTX object from another.
struct Names {
  bool results = false, indicators = false, indicator = false, type = false, name = false;
  bool pulse_fields = false;  // something only a pulse has
  bool lookup = false;        // a reply about one indicator
  bool event = false, detail = false;
  std::vector<std::string> seen;  // the first few, for messages

  void note(std::string_view member) {
    if (member == "results") results = true;
    if (member == "indicators") indicators = true;
    if (member == "indicator") indicator = true;
    if (member == "type") type = true;
    if (member == "name") name = true;
    if (member == "author_name" || member == "tlp" || member == "TLP" || member == "revision" ||
        member == "targeted_countries" || member == "adversary") {
      pulse_fields = true;
    }
    if (member == "pulse_info" || member == "base_indicator" || member == "sections")
      lookup = true;
    if (member == "object_type" || member == "object_id") event = true;
    if (member == "detail") detail = true;
    if (seen.size() < 6) seen.push_back(lower(member.substr(0, 32)));
  }
  bool is_pulse() const { return indicators || (name && pulse_fields && !lookup); }
  bool is_row() const { return indicator && !lookup && !is_pulse(); }
};

/// "2018-07-09T18:02:39.394000", or nothing; a text that is no date is noted and costs nothing
/// else.
std::optional<Time> read_time(JsonView value, DayEdge edge, std::string_view what,
                              std::string_view where, Tally& notes) {
  if (value.is_nothing()) return std::nullopt;
  const std::string text = value.text();
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) return std::nullopt;
  const auto time = parse_list_date(trimmed, edge);
  if (!time) notes.add("", std::string(what) + " is not a date: left out", where, trimmed);
  return time;
}

/// A string, or the telling member of an object ({"id", "display_name", "name"}).
std::string word_of(JsonView value, std::string_view first_choice) {
  if (!value.is_object()) return value.text();
  for (const std::string_view name : {first_choice, std::string_view("display_name"),
                                      std::string_view("name"), std::string_view("id")}) {
    std::string text = value[name].text();
    if (!text.empty()) return text;
  }
  return {};
}

/// A list of strings or of objects; a bare string is a list of one. True if some element was an
/// object.
bool read_words(JsonView value, std::string_view first_choice,
                std::vector<std::string>& words) {
  bool objects = false;
  const auto take = [&](JsonView element) {
    objects = objects || element.is_object();
    std::string word = word_of(element, first_choice);
    if (!trim(word).empty()) words.push_back(std::move(word));
  };
  if (value.is_array()) {
    value.each_element(take);
  } else {
    take(value);
  }
  return objects;
}

class OtxReader {
 public:
  OtxReader(std::string_view where, const OnPage& on_page) : where_(where), on_page_(on_page) {}

  Result<OtxSummary> read(std::string_view text) {
    const JsonCut documents = cut_json_sequence(text);
    for (const JsonCut::Piece& piece : documents.pieces) document(piece.value);
    if (!documents.closed) {
      summary_.incomplete = true;
      document(documents.tail);
    }
    if (!status_) return fail(status_.error());
    if (!understood_) return fail(not_a_feed());
    if (held_rows_ > 0 || !page_.pulses.empty() || !page_.damaged.empty() ||
        !page_.notes.empty() || summary_.incomplete) {
      page_.incomplete = summary_.incomplete;
      flush();
      if (!status_) return fail(status_.error());
    }
    return summary_;
  }

 private:
  /// One top-level value: an envelope, an array of elements, or an element.
  void document(std::string_view text) {
    if (text.empty()) return;
    if (text.front() == '[') {
      elements(text);
      return;
    }
    if (text.front() != '{') {
      element(text);
      return;
    }
    const JsonCut cut = cut_json(text);
    Names names;
    for (const auto& piece : cut.pieces) names.note(piece.name);
    if (!cut.open.name.empty()) names.note(cut.open.name);
    if (!names.results || names.indicators || names.lookup) {
      element(text);
      return;
    }
    if (!cut.closed) summary_.incomplete = true;
    std::string_view results;
    for (const auto& piece : cut.pieces) {
      if (piece.name == "results") results = piece.value;
      if (piece.name == "count") {
        if (const auto value = parser_.parse(piece.value)) summary_.count = value->integer();
      }
      if (piece.name == "next")
        summary_.has_next = piece.value.size() > 2 && piece.value[0] == '"';
    }
    if (cut.open.name == "results") results = cut.open.value;
    if (results == "null" || results.empty()) {
      understood_ = understood_ || results == "null";
      return;
    }
    if (results.front() != '[') {
      damaged("results is not a list", where_, results);
      return;
    }
    elements(results);
  }

  void elements(std::string_view list) {
    const JsonCut cut = cut_json(list);
    if (cut.closed && cut.pieces.empty()) understood_ = true;  // an empty list is an answer
    for (const auto& piece : cut.pieces) {
      if (!status_) return;
      element(piece.value);
    }
    if (cut.closed) return;
    summary_.incomplete = true;
    if (!cut.open.value.empty()) element(cut.open.value);
  }

  /// A pulse, a row, or something else.
  void element(std::string_view text) {
    if (!status_) return;
    ++summary_.elements;
    const auto value = parser_.parse(text);
    if (!value) {
      damaged_element(text, value.error().message);
      return;
    }
    if (!value->is_object()) {
      if (value->is_string()) ++strings_;
      damaged("not an object", place(), text);
      return;
    }
    Names names;
    value->each_member([&](std::string_view name, JsonView) { names.note(name); });
    if (names.is_pulse()) {
      understood_ = true;
      Pulse pulse;
      read_pulse(*value, pulse);
      const std::string place_of_pulse = place(pulse.id);
      std::uint64_t number = 0;
      bool all = true;
      const JsonView rows = (*value)["indicators"];
      if (rows.is_array()) {
        rows.each_element([&](JsonView row) {
          all = pulse_row(row, pulse, place_of_pulse, ++number) && all;
        });
      } else {
        all = false;  // what a search or an author's page says of a pulse, without its rows
        if (!rows.is_nothing())
          damaged("indicators is not a list", place_of_pulse, rows.text());
      }
      finish_pulse(std::move(pulse), all);
    } else if (names.is_row()) {
      understood_ = true;
      RawIndicator row;
      if (read_row(*value, row, place())) keep(std::move(row));
    } else {
      note_stranger(names);
      damaged("neither a pulse nor an indicator", place(), text);
    }
  }

  /// The strict parser refused `text`, or the end cut it: what can be read of it is.
  void damaged_element(std::string_view text, std::string_view why) {
    const JsonCut cut = cut_json(text);
    Names names;
    for (const auto& piece : cut.pieces) names.note(piece.name);
    if (!cut.open.name.empty()) names.note(cut.open.name);
    if (!names.is_pulse()) {
      damaged(why, place(), text);
      if (names.indicator) understood_ = true;
      salvage(text, [&](JsonView value) {
        RawIndicator row;
        if (read_row(value, row, place())) keep(std::move(row));
      });
      if (names.indicator == false) note_stranger(names);
      return;
    }
    understood_ = true;
    // The pulse without its rows, member by member: a damaged member is repaired or left out.
    std::string meta = "{";
    std::string_view rows;
    bool all = cut.closed;
    for (const auto& piece : cut.pieces) {
      if (piece.name == "indicators") {
        rows = piece.value;
        continue;
      }
      if (piece.name.empty()) {
        damaged("no member of a pulse", place(), piece.value);
        continue;
      }
      std::string member;
      member += '"';
      member += piece.name;
      member += "\":";
      member += piece.value;
      if (!parser_.parse("{" + member + "}")) {
        member = repair_json(member);
        if (!parser_.parse("{" + member + "}")) {
          damaged("a member of a pulse could not be read", place(), member);
          continue;
        }
        page_.notes.add("", "a text of a pulse was repaired", place(), member);
      }
      if (meta.size() > 1) meta += ',';
      meta += member;
    }
    meta += '}';
    if (cut.open.name == "indicators") rows = cut.open.value;
    Pulse pulse;
    const auto value = parser_.parse(meta);
    if (!value) {
      damaged(value.error().message, place(), text);
      return;
    }
    read_pulse(*value, pulse);
    if (!cut.closed) {
      damaged("the pulse is cut short: its last row or members are missing", place(pulse.id),
              cut.tail);
    }
    if (!rows.empty()) {
      const std::string place_of_pulse = place(pulse.id);
      const JsonCut list = cut_json(rows);
      std::uint64_t number = 0;
      for (const auto& piece : list.pieces) {
        ++number;
        const auto row = parser_.parse(piece.value);
        if (row) {
          all = pulse_row(*row, pulse, place_of_pulse, number) && all;
          continue;
        }
        all = false;
        damaged(row_reason(piece.value, row.error().message),
                place_of_pulse + " row " + std::to_string(number), piece.value);
        salvage(piece.value,
                [&](JsonView inner) { pulse_row(inner, pulse, place_of_pulse, number); });
      }
      all = all && list.closed;
    }
    finish_pulse(std::move(pulse), all);
  }

  static std::string row_reason(std::string_view text, std::string_view why) {
    return is_valid_utf8(text) ? std::string(why) : std::string("not valid UTF-8");
  }

  /// Rows that a row without its '}' took along.
  template <class F>
  void salvage(std::string_view text, F&& read) {
    for (const auto& piece : cut_json(text).pieces) {
      if (!piece.name.empty() || piece.value.empty() || piece.value.front() != '{') continue;
      const auto value = parser_.parse(piece.value);
      if (value && !(*value)["indicator"].is_nothing()) read(*value);
    }
  }

  void read_pulse(JsonView value, Pulse& pulse) {
    JsonView lower_tlp, upper_tlp, author;
    std::string extra;
    bool extra_cut = false;
    const auto keep_extra = [&](std::string_view name, JsonView member) {
      std::string text;
      append_json_string(text, name);
      text += ':';
      text += member.json();
      if (extra.size() + text.size() > kMostExtraBytes) {
        extra_cut = true;
        return;
      }
      extra += extra.empty() ? '{' : ',';
      extra += text;
    };
    // First the id, so that every message can name the pulse.
    for (const char* name : {"id", "_id"}) {
      JsonView id = value[name];
      if (id.is_object()) id = id["$oid"];
      if (pulse.id.empty()) pulse.id = std::string(trim(id.text()));
    }
    const std::string here = place(pulse.id);
    if (pulse.id.size() > kLongestId) {
      damaged("the id of a pulse is longer than 128 bytes", place(), pulse.id);
      pulse.id.clear();
    }
    value.each_member([&](std::string_view name, JsonView member) {
      if (name == "id" || name == "_id" || name == "indicators") return;
      if (name == "name")
        pulse.name = member.text();
      else if (name == "description")
        pulse.description = member.text();
      else if (name == "author_name")
        pulse.author = member.text();
      else if (name == "author") {
        author = member;
        keep_extra(name, member);
      } else if (name == "adversary")
        pulse.adversary = word_of(member, "display_name");
      else if (name == "created")
        pulse.created = read_time(member, DayEdge::kBegin, "created", here, page_.notes);
      else if (name == "modified")
        pulse.modified = read_time(member, DayEdge::kBegin, "modified", here, page_.notes);
      else if (name == "revision")
        pulse.revision = member.integer().value_or(0);
      else if (name == "tlp")
        lower_tlp = member;
      else if (name == "TLP")
        upper_tlp = member;
      else if (name == "public")
        pulse.is_public = member.truth().value_or(false);
      else if (name == "more_indicators")
        pulse.more_indicators = member.truth().value_or(false);
      else if (name == "tags")
        read_words(member, "name", pulse.tags);
      else if (name == "references")
        read_words(member, "url", pulse.references);
      else if (name == "targeted_countries")
        read_words(member, "name", pulse.targeted_countries);
      else if (name == "industries")
        read_words(member, "name", pulse.industries);
      else if (name == "extract_source")
        read_words(member, "name", pulse.extract_source);
      else if (name == "malware_families") {
        if (read_words(member, "display_name", pulse.malware_families))
          keep_extra(name, member);
      } else if (name == "attack_ids") {
        if (read_words(member, "id", pulse.attack_ids)) keep_extra(name, member);
      } else {
        keep_extra(name, member);
      }
    });
    if (pulse.author.empty()) pulse.author = word_of(author, "username");
    const std::string word = lower_tlp.text();
    pulse.tlp = parse_tlp(trim(word).empty() ? upper_tlp.text() : word);
    if (!extra.empty()) pulse.extra = extra + '}';
    if (extra_cut) {
      page_.notes.add("", "unknown members of a pulse over 64 KiB were left out", here,
                      pulse.name);
    }
  }

  bool pulse_row(JsonView value, Pulse& pulse, const std::string& place_of_pulse,
                 std::uint64_t number) {
    RawIndicator row;
    std::string here = place_of_pulse;
    here += " row ";
    here += std::to_string(number);
    if (!read_row(value, row, std::move(here))) return false;
    pulse.indicators.push_back(std::move(row));
    return true;
  }

  bool read_row(JsonView value, RawIndicator& row, std::string here) {
    if (!value.is_object()) {
      damaged("a row is not an object", here, value.json());
      return false;
    }
    const char* wrong = nullptr;
    bool has_value = false;
    value.each_member([&](std::string_view name, JsonView member) {
      switch (name.size()) {
        case 2:
          if (name == "id") {
            const auto id = member.integer();
            if (id) row.source_id = *id;
            if (!id && !member.is_nothing()) {
              page_.notes.add("", "the id of a row is not a 64-bit integer: left out", here,
                              member.text());
            }
          }
          break;
        case 4:
          if (name == "type") {
            if (!member.is_string() && !member.is_nothing())
              wrong = "the type of a row is not a word";
            row.type = std::string(trim(member.string()));
          } else if (name == "role") {
            row.role = word_of(member, "name");
          }
          break;
        case 5:
          if (name == "title") row.title = member.text();
          break;
        case 7:
          if (name == "created") {
            row.created = read_time(member, DayEdge::kBegin, "created", here, page_.notes);
          } else if (name == "content") {
            row.content = member.text();
          }
          break;
        case 9:
          if (name == "indicator") {
            has_value = true;
            if (member.is_object() || member.is_array())
              wrong = "the indicator of a row is not a text";
            row.value = member.text();
          } else if (name == "is_active") {
            row.active = member.truth().value_or(true);
          }
          break;
        case 10:
          if (name == "expiration") {
            row.expiration = read_time(member, DayEdge::kEnd, "expiration", here, page_.notes);
          }
          break;
        case 11:
          if (name == "description") row.description = member.text();
          break;
        default:
          break;
      }
    });
    if (wrong == nullptr && !has_value) wrong = "a row has no indicator";
    if (wrong != nullptr) {
      damaged(wrong, here, value.json());
      return false;
    }
    row.where = std::move(here);
    ++summary_.rows;
    return true;
  }

  void keep(RawIndicator&& row) {
    page_.rows.push_back(std::move(row));
    ++held_rows_;
    if (held_rows_ >= kRowsPerPage) flush();
  }

  void finish_pulse(Pulse&& pulse, bool all_rows) {
    if (!all_rows) pulse.more_indicators = true;
    held_rows_ += pulse.indicators.size();
    if (pulse.id.empty()) {
      // Nothing to link them by: the rows stand alone, under the pulse's name.
      page_.notes.add("", "a pulse has no id: its rows are kept without it", place(),
                      pulse.name);
      for (RawIndicator& row : pulse.indicators) {
        if (row.title.empty()) row.title = pulse.name;
        page_.rows.push_back(std::move(row));
      }
    } else {
      ++summary_.pulses;
      page_.pulses.push_back(std::move(pulse));
    }
    // A page of thousands of empty pulses is a page too.
    if (held_rows_ >= kRowsPerPage || page_.pulses.size() >= kRowsPerPage / 10) flush();
  }

  void flush() {
    if (!status_) return;
    Page full = std::move(page_);
    page_ = Page{};
    held_rows_ = 0;
    status_ = on_page_(std::move(full));
  }

  void damaged(std::string_view reason, std::string_view where, std::string_view value) {
    page_.damaged.add("", reason, where, value);
  }

  std::string place() const {
    return std::string(where_) + ": element " + std::to_string(summary_.elements);
  }
  std::string place(std::string_view pulse_id) const {
    return pulse_id.empty()
               ? place()
               : std::string(where_) + ": pulse " + std::string(pulse_id.substr(0, kLongestId));
  }

  void note_stranger(const Names& names) {
    if (names.lookup) ++lookups_;
    if (names.event) ++events_;
    if (names.detail) ++details_;
    if (strangers_.empty()) strangers_ = names.seen;
  }

  /// Nothing of the document was a pulse or a row: what was it?
  std::string not_a_feed() const {
    constexpr const char* kExpected =
        ", expected pulses or indicators (pulses/subscribed, pulses/{id}, indicators/export)";
    if (lookups_ > 0) {
      return "a lookup reply (indicators/{type}/{value}/general) describes one indicator and "
             "lists no others" +
             std::string(kExpected);
    }
    if (events_ > 0) return "a page of events" + std::string(kExpected);
    if (strings_ > 0) return "a list of strings (pulse ids?)" + std::string(kExpected);
    if (details_ > 0)
      return "an error or status message of the service" + std::string(kExpected);
    return members_text(strangers_) + kExpected;
  }

  std::string_view where_;
  const OnPage& on_page_;
  JsonParser parser_;
  OtxSummary summary_;
  Page page_;
  std::size_t held_rows_ = 0;
  Status status_;
  bool understood_ = false;
  std::uint64_t lookups_ = 0, events_ = 0, details_ = 0, strings_ = 0;
  std::vector<std::string> strangers_;
};

}  // namespace

Result<OtxSummary> read_otx(std::string_view text, std::string_view where,
                            const OnPage& on_page) {
  return OtxReader(where, on_page).read(text);
}

int otx_confidence(std::string_view head, std::string_view) {
  const std::string_view text = trim_wide(head);
  if (text.size() < 2) return 0;
  const std::string_view inside = trim(text.substr(1));
  const bool object =
      text.front() == '{' && (inside.empty() || inside.front() == '"' || inside.front() == '}');
  const bool array = text.front() == '[' && (inside.empty() || inside.front() == '{' ||
                                             inside.front() == ']' || inside.front() == '"');
  if (!object && !array) return 0;
  for (const char* name : {"\"indicators\"", "\"indicator\"", "\"pulse_info\"", "\"pulse_key\"",
                           "\"author_name\""}) {
    if (text.find(name) != std::string_view::npos) return 95;
  }
  return 35;  // JSON of some kind: nobody else reads it, and the reader says what it found
}

Status read_otx_file(std::string_view text, std::string_view where, const OnPage& on_page) {
  const auto summary = read_otx(text, where, on_page);
  if (!summary) return fail(summary.error());
  return {};
}

}  // namespace spoor
