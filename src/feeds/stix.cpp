// STIX 2.0 and 2.1: bundles, lists of objects, envelopes of TAXII. Two passes over the objects,
// each parsed alone: the first gathers names, relations, markings and reports (stix_graph.h),
// the second reads indicators and, behind them, observables that no indicator names, which are
// context and not searched for. An indicator that a report holds is a row of its pulse, else a
// row alone. Cost: each object is parsed twice. Tested by stix_test.cpp; fuzz_stix.

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/formats.h"
#include "feeds/json_rows.h"
#include "feeds/stix_graph.h"
#include "feeds/stix_pattern.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr int kMostWrappers = 4;
constexpr std::size_t kManyParts = 64, kShortText = 256, kLongText = 16 << 10;
constexpr std::size_t kMostEmbedded = 10'000;  // objects inside one observed-data

/// Type word and value of a claim as one key, case-blind.
std::string key_of(std::string_view type, std::string_view value) {
  std::string key(type);
  key += '\n';
  key += lower(value);
  return key;
}

class StixReader {
 public:
  StixReader(std::string_view where, const OnPage& on_page)
      : where_(where), on_page_(on_page) {}

  Status read(std::string_view text) {
    const JsonCut documents = cut_json_sequence(text);
    for (const JsonCut::Piece& piece : documents.pieces) unwrap(piece.value, 0);
    if (!documents.closed) {
      page_.incomplete = true;
      unwrap(documents.tail, 0);
    }
    if (!understood_) return fail(not_stix());
    for (const std::string_view object : objects_) first_pass(object);
    graph_.close();
    for (const std::string_view object : indicators_) {
      if (const auto parsed = parser_.parse_repaired(object)) indicator(*parsed);
      if (!status_) return status_;
    }
    for (const std::string_view object : observables_) {
      if (const auto parsed = parser_.parse_repaired(object)) observable(*parsed);
      if (!status_) return status_;
    }
    for (StixGraph::Report& report : graph_.reports()) keep(std::move(report.pulse));
    flush();
    return status_;
  }

 private:
  /// Finds the objects of a bundle, an envelope, a list, or an object alone.
  void unwrap(std::string_view text, int depth) {
    if (text.empty() || depth > kMostWrappers) return;
    const JsonCut cut = cut_json(text);
    if (!cut.closed) page_.incomplete = true;
    if (text.front() == '[') {
      if (cut.closed && cut.pieces.empty()) understood_ = true;
      for (const JsonCut::Piece& piece : cut.pieces) element(piece.value, depth);
      if (!cut.open.value.empty()) element(cut.open.value, depth);
      return;
    }
    if (text.front() != '{') return;
    std::string_view objects, type;
    bool id = false;
    const auto note = [&](std::string_view name, std::string_view value) {
      if (name == "objects") objects = value;
      if (name == "type") type = value;
      id = id || name == "id";
      if (strangers_.size() < 6 && !name.empty()) strangers_.emplace_back(name.substr(0, 40));
    };
    for (const JsonCut::Piece& piece : cut.pieces) note(piece.name, piece.value);
    note(cut.open.name, cut.open.value);
    if (!objects.empty() && objects.front() == '[') return unwrap(objects, depth + 1);
    if (type == "\"bundle\"") {
      understood_ = true;  // a bundle of nothing
    } else if (!type.empty() && id) {
      understood_ = true;
      objects_.push_back(text);
    } else if (cut.closed && cut.pieces.size() <= 1 && depth == 0 &&
               (cut.pieces.empty() || cut.pieces.front().name == "more")) {
      understood_ = true;  // the empty envelope of TAXII
    }
  }

  /// An object, or a bundle within a list.
  void element(std::string_view text, int depth) {
    if (text.empty()) return;
    if (text.front() != '{') return damaged("not an object", where_, text);
    if (depth == 0 && shows_member(text.substr(0, 4096), "objects"))
      return unwrap(text, depth + 1);
    understood_ = true;
    objects_.push_back(text);
  }

  void first_pass(std::string_view text) {
    const auto parsed = parser_.parse_repaired(text);
    if (!parsed || !parsed->is_object()) {
      damaged(
          parsed ? std::string_view("not an object") : std::string_view(parsed.error().message),
          where_, text);
      return;
    }
    const std::string_view type = (*parsed)["type"].string();
    if (type.empty()) {
      damaged("an object without a type", where_, text);
      return;
    }
    if (type == "indicator") {
      indicators_.push_back(text);
    } else if (type == "observed-data" || !observable_parts(*parsed).empty()) {
      observables_.push_back(text);
    }
    graph_.add(*parsed);
  }

  // -- indicators

  void indicator(JsonView value) {
    const std::string id = value["id"].text();
    const std::string place =
        std::string(where_) + ": " +
        (id.empty() ? std::string("indicator without an id") : id.substr(0, 100));
    const auto modified = json_time(value["modified"]);
    if (!graph_.is_newest(id, modified)) {
      page_.notes.add("", "an older version of an object: passed over", place, "");
      return;
    }
    const std::string pattern = value["pattern"].text();
    std::vector<ClaimPart> parts;
    if (!read_pattern(value["pattern_type"].text(), pattern, place, parts)) return;
    RawIndicator common = read_common(value, id, modified, place);
    // A pattern of thousands of values does not repeat a long text as often.
    const std::size_t most = parts.size() > kManyParts ? kShortText : kLongText;
    for (std::string* text : {&common.title, &common.description, &common.role,
                              &common.facts.malware, &common.facts.adversary}) {
      cut_utf8(*text, most);
    }
    for (ClaimPart& part : parts) {
      RawIndicator row = common;
      row.type = part.type;
      row.value = std::move(part.value);
      row.content = std::move(part.content);
      if (part.context) row.facts.detect = false;
      if (row.facts.detect) named_.insert(key_of(row.type, row.value));
      add_row(std::move(row), id);
    }
  }

  bool read_pattern(std::string_view type, const std::string& pattern, const std::string& place,
                    std::vector<ClaimPart>& parts) {
    if (equals_ignore_case(type, "yara") && !yara_rule_name(pattern).empty()) {
      parts.push_back({"YARA", std::string(yara_rule_name(pattern)), false, pattern});
      return true;
    }
    if (!type.empty() && !equals_ignore_case(type, "stix")) {
      page_.notes.add("", "patterns of type '" + std::string(words_(type)) + "': not read",
                      place, pattern);
      return false;
    }
    const auto comparisons = parse_stix_pattern(pattern);
    if (!comparisons) {
      damaged("a pattern that cannot be read: " +
                  comparisons.error().message.substr(comparisons.error().message.find(':') + 2),
              place, pattern);
      return false;
    }
    std::vector<std::string> passed;
    parts = claims_of(stix_facts(*comparisons, passed));
    for (const std::string& what : passed) {
      page_.notes.add("", "comparisons that are no value to hunt: " + std::string(words_(what)),
                      place, pattern);
    }
    if (parts.empty() && passed.empty())
      page_.notes.add("", "a pattern that names nothing to hunt", place, pattern);
    return !parts.empty();
  }

  RawIndicator read_common(JsonView value, const std::string& id, std::optional<Time> modified,
                           const std::string& place) const {
    RawIndicator row;
    row.where = place;
    row.title = value["name"].text();
    row.description = value["description"].text();
    row.created = json_time(value["valid_from"]);
    if (!row.created) row.created = json_time(value["created"]);
    row.expiration = json_time(value["valid_until"]);
    row.active = !value["revoked"].truth().value_or(false);
    const auto confidence = value["confidence"].integer();
    if (confidence && *confidence >= 0 && *confidence <= 100)
      row.facts.confidence = static_cast<std::uint8_t>(*confidence);
    row.facts.last_said = modified;
    const StixMark marks = graph_.marks_of(value);
    row.facts.tlp = marks.tlp;
    row.facts.pap = marks.pap;
    TagFacts tags;
    for (const std::string& label : json_words(value["labels"])) tags.add(label);
    for (const std::string& word : json_words(value["indicator_types"]))
      append_listed(row.role, word);
    std::string words;
    for (const std::string& tag : tags.plain)
      append_listed(row.role.empty() ? row.role : words, tag);
    value["kill_chain_phases"].each_element(
        [&](JsonView phase) { append_listed(row.role, phase["phase_name"].text()); });
    if (!words.empty()) append_listed(row.description, "labels: " + words, "; ");
    row.facts.attack_ids = stix_attack_ids(value);
    graph_.tell(id, row.facts);
    tell_claim(tags, row.facts);
    return row;
  }

  // -- observables

  /// What an observable object holds.
  static std::vector<ClaimPart> observable_parts(JsonView value) {
    std::vector<PatternFact> facts;
    const std::string type = value["type"].text();
    const auto add = [&](std::string_view path, const std::string& text) {
      if (text.empty()) return;
      const StixProperty known = stix_property(type, path);
      if (!known.known) return;
      PatternFact fact;
      fact.kind = known.kind;
      fact.type = known.type == "FileName" ? file_word(text) : known.type;
      fact.value = known.type == "ASN" ? "AS" + text : text;
      facts.push_back(std::move(fact));
    };
    for (const std::string_view name : {"value", "name", "number", "key"}) {
      // Names of other objects (malware, identities) are no file names.
      if (name == "name" && type != "file" && type != "mutex" && type != "vulnerability")
        continue;
      const std::string text = value[name].text();
      if (type == "vulnerability" && !starts_with_ignore_case(text, "CVE-")) continue;
      add(name, text);
    }
    value["hashes"].each_member([&](std::string_view name, JsonView digest) {
      if (facts.size() < 64) add("hashes." + std::string(name), digest.text());
    });
    value["values"].each_element([&](JsonView one) {
      if (facts.size() < 64) add("values.name", one["name"].text());
    });
    return claims_of(std::move(facts));
  }

  void observable(JsonView value) {
    const std::string id = value["id"].text();
    RawIndicator common;
    common.where = std::string(where_) + ": " + id.substr(0, 100);
    common.created = json_time(value["first_observed"]);
    if (!common.created) common.created = json_time(value["created"]);
    common.facts.last_said = json_time(value["last_observed"]);
    common.active = !value["revoked"].truth().value_or(false);
    const StixMark marks = graph_.marks_of(value);
    common.facts.tlp = marks.tlp;
    common.facts.pap = marks.pap;
    common.facts.detect = false;
    common.role = "observed";
    // Copies first: adding a row may hand a page over, and the view belongs to the parser.
    std::vector<ClaimPart> parts;
    if (value["type"].string() == "observed-data") {
      value["objects"].each_member([&](std::string_view, JsonView object) {
        if (parts.size() > kMostEmbedded) return;
        for (ClaimPart& part : observable_parts(object)) parts.push_back(std::move(part));
      });
    } else {
      parts = observable_parts(value);
    }
    for (ClaimPart& part : parts) {
      if (named_.count(key_of(part.type, part.value)) != 0) continue;
      RawIndicator row = common;
      row.type = part.type;
      row.value = std::move(part.value);
      add_row(std::move(row), id);
    }
  }

  // -- pages

  void add_row(RawIndicator&& row, const std::string& id) {
    const auto& places = graph_.reports_of(id);
    for (const std::size_t place : places)
      graph_.reports()[place].pulse.indicators.push_back(row);
    if (!places.empty()) return;
    page_.rows.push_back(std::move(row));
    if (page_.rows.size() >= kRowsPerPage) flush();
  }

  void keep(Pulse&& pulse) {
    order_rows(pulse.indicators);
    if (page_.incomplete || cut_) pulse.more_indicators = true;
    held_ += pulse.indicators.size();
    page_.pulses.push_back(std::move(pulse));
    if (held_ + page_.rows.size() >= kRowsPerPage || page_.pulses.size() >= kRowsPerPage / 10) {
      flush();
    }
  }

  void flush() {
    if (!status_) return;
    Page full = std::move(page_);
    page_ = Page{};
    page_.incomplete = full.incomplete;
    held_ = 0;
    status_ = on_page_(std::move(full));
  }

  void damaged(std::string_view reason, std::string_view where, std::string_view value) {
    cut_ = true;
    page_.damaged.add("", reason, where, value);
  }

  std::string not_stix() const {
    return members_text(strangers_) +
           ", expected a bundle of STIX 2.0 or 2.1, a list of its objects, or an "
           "envelope of TAXII";
  }

  std::string_view where_;
  const OnPage& on_page_;
  JsonParser parser_;
  StixGraph graph_;
  std::vector<std::string_view> objects_, indicators_, observables_;
  std::unordered_set<std::string> named_;  // what indicators name
  Page page_;
  Status status_;
  std::size_t held_ = 0;
  bool understood_ = false, cut_ = false;
  ReasonWords words_;
  std::vector<std::string> strangers_;
};

}  // namespace

int stix_confidence(std::string_view head, std::string_view) {
  if (!begins_json(head)) return 0;
  if (shows_member(head, "type", "bundle")) return 98;
  const bool ids = head.find("--") != std::string_view::npos && shows_member(head, "id") &&
                   shows_member(head, "type");
  if (!ids) return 0;
  if (shows_member(head, "spec_version") || shows_member(head, "objects") ||
      shows_member(head, "pattern")) {
    return 97;
  }
  return 0;
}

Status read_stix(std::string_view text, std::string_view where, const OnPage& on_page) {
  return StixReader(where, on_page).read(text);
}

}  // namespace spoor
