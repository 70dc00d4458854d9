// MISP events: what `events/restSearch` replies, what a feed's files hold, one event or many.
// The long lists of an event (attributes, objects) are cut out first and read row by row, so
// that a damaged attribute costs itself and an event of any size no more than its text. An
// event becomes a pulse `misp:<uuid>`; deleted attributes are claims that have ended. Shapes:
// MISP core format (draft-dulaunoy-misp-core-format). Cost: some passes over the text. Tested
// by misp_test.cpp; fuzz_misp.

#include <algorithm>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "feeds/formats.h"
#include "feeds/json_rows.h"
#include "feeds/misp_types.h"
#include "feeds/tags.h"
#include "feeds/text.h"

namespace spoor {
namespace {

constexpr int kMostWrappers = 4;

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

/// `md5,uuid` a line: the digests of values that a feed offers for correlation.
bool is_hash_index(std::string_view head) {
  const std::string_view line = trim(head.substr(0, head.find('\n')));
  const std::size_t comma = line.find(',');
  return comma == 32 && std::all_of(line.begin(), line.begin() + 32, is_hex) &&
         is_uuid(line.substr(33));
}

/// What an attribute inherits from its event and its object.
struct Surroundings {
  TagFacts event;
  std::string place;    ///< "feed.json: event 5f.."
  std::string comment;  ///< of the object
  std::string object;   ///< its name
  bool deleted = false;
  std::optional<Time> first_seen, last_seen;
};

class MispReader {
 public:
  MispReader(std::string_view where, const OnPage& on_page)
      : where_(where), on_page_(on_page) {}

  Status read(std::string_view text) {
    const JsonCut documents = cut_json_sequence(text);
    for (const JsonCut::Piece& piece : documents.pieces) document(piece.value);
    if (!documents.closed) {
      page_.incomplete = true;
      document(documents.tail);
    }
    if (!status_) return fail(status_.error());
    if (!understood_) return fail(not_events());
    flush();
    return status_;
  }

 private:
  void document(std::string_view text) {
    if (text.empty() || !status_) return;
    if (text.front() != '[') return element(text);
    const JsonCut cut = cut_json(text);
    if (cut.closed && cut.pieces.empty()) understood_ = true;
    for (const JsonCut::Piece& piece : cut.pieces) {
      if (!status_) return;
      element(piece.value);
    }
    if (cut.closed) return;
    page_.incomplete = true;
    if (!cut.open.value.empty()) element(cut.open.value);
  }

  /// An event, what wraps one, or an attribute. Wrappers lie in each other twice at most.
  void element(std::string_view text) {
    if (depth_ >= kMostWrappers) {
      damaged("wrapped too often", where_, text.substr(0, 200));
      return;
    }
    ++depth_;
    unwrap(text);
    --depth_;
  }

  void unwrap(std::string_view text) {
    if (text.empty() || text.front() != '{') {
      damaged("not an object", where_, text);
      return;
    }
    const JsonCut cut = cut_json(text);
    if (!cut.closed) page_.incomplete = true;
    std::string_view event, attributes, response;
    bool info = false, value = false, type = false;
    const auto note = [&](std::string_view name, std::string_view what) {
      if (name == "Event") event = what;
      if (name == "Attribute") attributes = what;
      if (name == "response") response = what;
      info = info || name == "info";
      value = value || name == "value";
      type = type || name == "type";
      if (strangers_.size() < 6 && !name.empty()) strangers_.emplace_back(name.substr(0, 40));
      manifest_ = manifest_ || is_uuid(name);
    };
    for (const JsonCut::Piece& piece : cut.pieces) note(piece.name, piece.value);
    note(cut.open.name, cut.open.value);
    if (!response.empty()) return document(response);
    if (value && type) {
      understood_ = true;
      free_attribute(text);
    } else if (!event.empty() && event.front() == '{') {
      this->event(event);
    } else if (info) {
      this->event(text);
    } else if (!attributes.empty()) {
      understood_ = true;
      each(attributes, [&](std::string_view row) { free_attribute(row); });
    }
  }

  /// Calls `read` with each element of `list`, the one that the end cut too. True: none cut.
  template <class F>
  bool each(std::string_view list, F&& read) {
    if (list.empty() || list == "null") return true;
    if (list.front() != '[') {
      damaged("not a list", where_, list);
      return false;
    }
    const JsonCut cut = cut_json(list);
    for (const JsonCut::Piece& piece : cut.pieces) {
      if (!status_) return false;
      read(piece.value);
    }
    if (!cut.closed) {
      page_.incomplete = true;
      if (!cut.open.value.empty()) read(cut.open.value);
    }
    return cut.closed;
  }

  void event(std::string_view text) {
    understood_ = true;
    const TakenObject taken =
        take_object(parser_, text, {"Attribute", "Object", "ShadowAttribute", "EventReport"},
                    where_, page_.damaged);
    const auto parsed = parser_.parse(taken.rest);
    Pulse pulse;
    Surroundings around;
    bool whole = taken.whole;
    if (parsed) read_meta(*parsed, pulse, around);
    around.place = std::string(where_) + ": event " +
                   (pulse.id.empty() ? std::string("without a uuid") : pulse.id.substr(5));
    const std::uint64_t damaged_before = page_.damaged.total();
    whole =
        each(taken.taken[0], [&](std::string_view row) { attribute(row, around, pulse); }) &&
        whole;
    whole = each(taken.taken[1], [&](std::string_view row) { object(row, around, pulse); }) &&
            whole;
    if (!whole || page_.damaged.total() != damaged_before) pulse.more_indicators = true;
    order_rows(pulse.indicators);
    keep(std::move(pulse), around);
  }

  void read_meta(JsonView value, Pulse& pulse, Surroundings& around) {
    const std::string uuid = lower(value["uuid"].text());
    if (is_uuid(uuid)) pulse.id = "misp:" + uuid;
    pulse.name = value["info"].text();
    pulse.author = value["Orgc"]["name"].text();
    if (pulse.author.empty()) pulse.author = value["Org"]["name"].text();
    pulse.created = json_time(value["date"]);
    pulse.modified = json_time(value["timestamp"]);
    if (!pulse.modified) pulse.modified = json_time(value["publish_timestamp"]);
    TagFacts& tags = around.event;
    add_tags(value["Tag"], tags);
    value["Galaxy"].each_element([&](JsonView galaxy) {
      galaxy["GalaxyCluster"].each_element(
          [&](JsonView cluster) { tags.add(cluster["tag_name"].text()); });
    });
    pulse.tlp = tags.tlp.value_or(Tlp::kAmber);
    pulse.tags = tags.plain;
    pulse.malware_families = tags.malware;
    pulse.attack_ids = tags.attack_ids;
    pulse.targeted_countries = tags.countries;
    pulse.industries = tags.industries;
    for (const std::string& name : tags.adversaries) append_listed(pulse.adversary, name);
    JsonWriter extra;
    extra.begin_object();
    bool any = false;
    for (const std::string_view name :
         {"threat_level_id", "analysis", "distribution", "published", "extends_uuid"}) {
      const std::string word = value[name].text();
      if (word.empty() || word.size() > 64) continue;
      extra.member(name, std::string_view(word));
      any = true;
    }
    extra.end_object();
    if (any) pulse.extra = extra.take();
    // The pulse keeps these for its rows; a claim repeats what only claims can say.
    tags.tlp.reset();
    tags.malware.clear();
    tags.adversaries.clear();
    tags.attack_ids.clear();
  }

  static void add_tags(JsonView list, TagFacts& tags) {
    list.each_element(
        [&](JsonView tag) { tags.add(tag.is_object() ? tag["name"].text() : tag.text()); });
  }

  void object(std::string_view text, const Surroundings& of_event, Pulse& pulse) {
    const TakenObject taken =
        take_object(parser_, text, {"Attribute"}, of_event.place, page_.damaged);
    const auto parsed = parser_.parse(taken.rest);
    if (!parsed) return;
    Surroundings around = of_event;
    around.comment = (*parsed)["comment"].text();
    around.object = (*parsed)["name"].text();
    around.deleted = (*parsed)["deleted"].truth().value_or(false);
    around.first_seen = json_time((*parsed)["first_seen"]);
    around.last_seen = json_time((*parsed)["last_seen"]);
    if (!each(taken.taken[0], [&](std::string_view row) { attribute(row, around, pulse); })) {
      damaged("an object that is cut short", of_event.place, text);
    }
  }

  void attribute(std::string_view text, const Surroundings& around, Pulse& pulse) {
    ++number_;
    auto parsed = parser_.parse_repaired(text);
    if (!parsed || !parsed->is_object()) {
      damaged(
          parsed ? std::string_view("not an object") : std::string_view(parsed.error().message),
          around.place, text);
      return;
    }
    const JsonView value = *parsed;
    const std::string type = value["type"].text();
    const std::string content = value["value"].text();
    if (type.empty() || value["value"].is_nothing()) {
      damaged("an attribute without a type or a value", around.place, text);
      return;
    }
    if (equals_ignore_case(type, "link")) {
      if (!value["deleted"].truth().value_or(false)) add_word(pulse.references, trim(content));
      return;
    }
    const MispValue held = misp_value(type, content);
    std::string place = around.place + " attribute ";
    const std::string uuid = value["uuid"].text();
    place += is_uuid(uuid) ? uuid : std::to_string(number_);
    if (!held.known) {
      page_.notes.add("",
                      "attributes of type '" + std::string(words_(type)) + "': nothing to hunt",
                      place, content);
      return;
    }
    RawIndicator common = read_common(value, around);
    common.where = std::move(place);
    for (const ClaimPart& part : held.parts) {
      RawIndicator row = common;
      row.type = part.type;
      row.value = part.value;
      row.content = part.content;
      if (part.context) row.facts.detect = false;
      pulse.indicators.push_back(std::move(row));
    }
  }

  static RawIndicator read_common(JsonView value, const Surroundings& around) {
    RawIndicator row;
    row.role = value["category"].text();
    row.title = around.object;
    row.description = value["comment"].text();
    append_listed(row.description, around.comment, "; ");
    const auto said = json_time(value["timestamp"]);
    row.created = json_time(value["first_seen"]);
    if (!row.created) row.created = around.first_seen;
    if (!row.created) row.created = said;
    row.facts.last_said = json_time(value["last_seen"]);
    if (!row.facts.last_said) row.facts.last_said = around.last_seen;
    if (!row.facts.last_said) row.facts.last_said = said;
    row.facts.detect = value["to_ids"].truth().value_or(true);
    row.active = !around.deleted && !value["deleted"].truth().value_or(false);
    TagFacts tags;
    add_tags(value["Tag"], tags);
    value["Galaxy"].each_element([&](JsonView galaxy) {
      galaxy["GalaxyCluster"].each_element(
          [&](JsonView cluster) { tags.add(cluster["tag_name"].text()); });
    });
    tell_claim(tags, row.facts);
    tell_claim(around.event, row.facts);
    std::string words;
    for (const std::string& tag : tags.plain) append_listed(words, tag);
    if (!words.empty()) append_listed(row.description, "tags: " + words, "; ");
    return row;
  }

  /// An attribute without its event (a search for attributes).
  void free_attribute(std::string_view text) {
    Pulse pulse;
    Surroundings around;
    around.place = std::string(where_) + ": event unknown";
    attribute(text, around, pulse);
    for (RawIndicator& row : pulse.indicators) page_.rows.push_back(std::move(row));
    if (page_.rows.size() + 4 > kRowsPerPage) flush();
  }

  void keep(Pulse&& pulse, const Surroundings& around) {
    if (pulse.id.empty()) {
      page_.notes.add("", "an event has no uuid: its attributes are kept without it",
                      around.place, pulse.name);
      for (RawIndicator& row : pulse.indicators) {
        if (row.title.empty()) row.title = pulse.name;
        page_.rows.push_back(std::move(row));
        if (page_.rows.size() >= kRowsPerPage) flush();
      }
      return;
    }
    held_ += pulse.indicators.size();
    page_.pulses.push_back(std::move(pulse));
    if (held_ >= kRowsPerPage || page_.pulses.size() >= kRowsPerPage / 10) flush();
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
    page_.damaged.add("", reason, where, value);
  }

  std::string not_events() const {
    constexpr const char* kExpected = ", expected MISP events";
    if (manifest_) {
      return "the manifest of a MISP feed: it names events and holds none" +
             std::string(kExpected) + " (the files <uuid>.json beside it)";
    }
    return members_text(strangers_) + kExpected;
  }

  std::string_view where_;
  const OnPage& on_page_;
  JsonParser parser_;
  Page page_;
  Status status_;
  std::size_t held_ = 0;
  std::uint64_t number_ = 0;
  int depth_ = 0;
  bool understood_ = false, manifest_ = false;
  ReasonWords words_;
  std::vector<std::string> strangers_;
};

}  // namespace

int misp_confidence(std::string_view head, std::string_view) {
  if (is_hash_index(head)) return 95;
  if (!begins_json(head)) return 0;
  if (shows_member(head, "Event") &&
      (shows_member(head, "info") || shows_member(head, "Attribute"))) {
    return 97;
  }
  if (shows_member(head, "to_ids") && shows_member(head, "category")) return 97;
  if (shows_member(head, "info") && shows_member(head, "threat_level_id")) return 97;
  if (shows_member(head, "info") && shows_member(head, "uuid") &&
      shows_member(head, "Attribute")) {
    return 97;
  }
  return 0;
}

Status read_misp(std::string_view text, std::string_view where, const OnPage& on_page) {
  if (is_hash_index(text.substr(0, 4096))) {
    return fail(
        "the file hashes.csv of a MISP feed: digests of values, not of files, expected "
        "events (the files <uuid>.json beside it)");
  }
  return MispReader(where, on_page).read(text);
}

}  // namespace spoor
