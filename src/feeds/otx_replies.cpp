#include "feeds/otx_replies.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/utf8.h"
#include "feeds/text.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr std::size_t kLongestCell = 512;
constexpr std::size_t kMostFlatRows = 400;  // of a section without a list
constexpr int kFlatDepth = 3;

/// The document as one object: as it is, or repaired where a text inside it is damaged.
class Document {
 public:
  Result<JsonView> open(std::string_view text, std::string_view where) {
    const std::string_view trimmed = trim(text);
    if (trimmed.empty() || trimmed.front() != '{')
      return fail(std::string(where) + ": no json object");
    auto root = parser_.parse_repaired(trimmed);
    if (!root) return fail(root.error().at(where));
    if (!root->is_object()) return fail(std::string(where) + ": no json object");
    return root;
  }

 private:
  JsonParser parser_;
};

std::string names_of(JsonView root) {
  std::string names;
  int shown = 0;
  root.each_member([&](std::string_view name, JsonView) {
    if (++shown <= 6) names += (names.empty() ? "" : ", ") + terminal_safe(name.substr(0, 32));
  });
  return names.empty() ? "no members" : "the members " + names;
}

std::optional<Time> time_of(JsonView value) {
  const std::string text = value.text();
  return parse_list_date(trim(text), DayEdge::kBegin);
}

std::string cut(std::string text) {
  if (text.size() <= kLongestCell) return text;
  text.resize(kLongestCell);
  return replace_invalid_utf8(text) + "...";
}

/// The envelope, and read(element) for each element of `list`; false: it is damaged.
template <class F>
Status each_of(JsonView root, std::string_view list, std::string_view where, OtxList& into,
               F&& read) {
  const JsonView elements = root[list];
  if (!elements.is_array() && !(elements.kind() == JsonView::Kind::kNull)) {
    return fail(std::string(where) + ": found " + names_of(root) + ", expected the list '" +
                std::string(list) + "'");
  }
  into.count = root["count"].integer();
  into.has_next = !root["next"].string().empty() || root["has_next"].truth().value_or(false);
  elements.each_element([&](JsonView element) {
    ++into.elements;
    if (!read(element)) {
      into.damaged.add("", "an element could not be read",
                       std::string(where) + ": element " + std::to_string(into.elements),
                       element.json().substr(0, Tally::kExampleBytes));
    }
  });
  return {};
}

bool read_user(JsonView value, OtxUser& user) {
  user.name = value["username"].text();
  user.id = value["user_id"].integer();
  if (!user.id) user.id = value["id"].integer();
  user.pulses = value["pulse_count"].integer();
  user.indicators = value["indicator_count"].integer();
  user.subscribers = value["subscriber_count"].integer();
  user.followers = value["follower_count"].integer();
  user.member_since = std::string(trim(value["member_since"].text()));
  return !user.name.empty();
}

bool read_ref(JsonView value, OtxPulseRef& pulse) {
  pulse.id = value["id"].text();
  pulse.name = value["name"].text();
  pulse.author = value["author_name"].text();
  if (pulse.author.empty()) pulse.author = value["author"]["username"].text();
  pulse.tlp = lower(value["tlp"].text());
  if (pulse.tlp.empty()) pulse.tlp = lower(value["TLP"].text());
  value["tags"].each_element([&](JsonView tag) { pulse.tags.push_back(tag.text()); });
  pulse.modified = time_of(value["modified"]);
  pulse.indicators = value["indicator_count"].integer();
  if (!pulse.indicators && value["indicators"].is_array())
    pulse.indicators = static_cast<std::int64_t>(value["indicators"].size());
  return !pulse.id.empty() || !pulse.name.empty();
}

std::string cell_of(JsonView value) {
  return cut(value.is_array() || value.is_object() ? value.json() : value.text());
}

/// Leaves of an object as "a.b.c" and value.
void flatten(JsonView value, const std::string& name, int depth, OtxSection& into) {
  if (into.rows.size() >= kMostFlatRows) return;
  if (value.is_object() && depth < kFlatDepth) {
    value.each_member([&](std::string_view member, JsonView inner) {
      flatten(inner, (name.empty() ? "" : name + ".") + std::string(member), depth + 1, into);
    });
    return;
  }
  if (value.is_nothing()) return;
  std::string text = cell_of(value);
  if (!text.empty()) into.rows.push_back({cut(name), std::move(text)});
}

}  // namespace

bool OtxEvent::takes() const {
  return action == "delete" || action == "private" || action == "unsubscribe" ||
         action == "leave" || action == "remove_pulse";
}
bool OtxEvent::brings() const {
  return action == "subscribe" || action == "join" || action == "add_pulse";
}

Result<OtxEvents> read_otx_events(std::string_view text, std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  OtxEvents all;
  const Status status = each_of(*root, "results", where, all, [&](JsonView value) {
    OtxEvent event;
    event.action = lower(value["action"].text());
    event.object_type = lower(value["object_type"].text());
    event.object_id = value["object_id"].text();
    event.created = time_of(value["created"]);
    if (event.action.empty() || event.object_id.empty()) return false;
    all.events.push_back(std::move(event));
    return true;
  });
  if (!status) return fail(status.error());
  return all;
}

Result<OtxIds> read_otx_ids(std::string_view text, std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  OtxIds all;
  const Status status = each_of(*root, "results", where, all, [&](JsonView value) {
    // A string; should it ever become an object, its id.
    std::string id = lower(trim(value.is_object() ? value["id"].text() : value.text()));
    if (!is_otx_pulse_id(id)) return false;
    all.ids.push_back(std::move(id));
    return true;
  });
  if (!status) return fail(status.error());
  return all;
}

Result<OtxUser> read_otx_user(std::string_view text, std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  OtxUser user;
  if (!read_user(*root, user))
    return fail(std::string(where) + ": found " + names_of(*root) + ", expected a username");
  return user;
}

Result<OtxUsers> read_otx_users(std::string_view text, std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  OtxUsers all;
  const Status status = each_of(*root, "results", where, all, [&](JsonView value) {
    OtxUser user;
    if (!read_user(value, user)) return false;
    all.users.push_back(std::move(user));
    return true;
  });
  if (!status) return fail(status.error());
  return all;
}

Result<OtxPulseRefs> read_otx_pulse_refs(std::string_view text, std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  OtxPulseRefs all;
  const Status status = each_of(*root, "results", where, all, [&](JsonView value) {
    OtxPulseRef pulse;
    if (!read_ref(value, pulse)) return false;
    all.pulses.push_back(std::move(pulse));
    return true;
  });
  if (!status) return fail(status.error());
  return all;
}

Result<OtxTypes> read_otx_types(std::string_view text, std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  OtxTypes all;
  const Status status = each_of(*root, "detail", where, all, [&](JsonView value) {
    OtxTypes::Row row{value["name"].text(), value["description"].text()};
    if (row.name.empty()) return false;
    all.types.push_back(std::move(row));
    return true;
  });
  if (!status) return fail(status.error());
  return all;
}

Result<OtxGeneral> read_otx_general(std::string_view text, std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  const JsonView info = (*root)["pulse_info"];
  if (!info.is_object() && (*root)["base_indicator"].is_nothing() &&
      (*root)["indicator"].is_nothing()) {
    return fail(std::string(where) + ": found " + names_of(*root) +
                ", expected pulse_info, base_indicator or indicator");
  }
  OtxGeneral general;
  general.indicator = (*root)["indicator"].text();
  general.type = (*root)["type"].text();
  general.has_record = (*root)["base_indicator"].size() > 0;
  info["pulses"].each_element([&](JsonView value) {
    OtxPulseRef pulse;
    if (read_ref(value, pulse)) general.pulses.push_back(std::move(pulse));
  });
  general.pulse_count = std::max<std::int64_t>(
      info["count"].integer().value_or(0), static_cast<std::int64_t>(general.pulses.size()));
  (*root)["sections"].each_element(
      [&](JsonView name) { general.sections.push_back(name.text()); });
  (*root)["validation"].each_element([&](JsonView value) {
    std::string message = value["message"].text();
    if (message.empty()) message = value["name"].text();
    general.validation.push_back({value["source"].text(), std::move(message)});
  });
  (*root)["false_positive"].each_element([&](JsonView value) {
    general.false_positive =
        general.false_positive || equals_ignore_case(value["assessment"].text(), "accepted");
  });
  general.country = (*root)["country_name"].text();
  general.asn = std::string(trim((*root)["asn"].text()));
  return general;
}

Result<OtxSection> read_otx_section(const OtxSectionRow& section, std::string_view text,
                                    std::string_view where) {
  Document document;
  const auto root = document.open(text, where);
  if (!root) return fail(root.error());
  OtxSection all;
  if (section.list.empty()) {
    all.columns = {"name", "value"};
    flatten(*root, "", 0, all);
    return all;
  }
  for (std::string_view rest = section.columns; !rest.empty();) {
    const std::size_t blank = rest.find(' ');
    all.columns.emplace_back(rest.substr(0, blank));
    rest = blank == std::string_view::npos ? std::string_view{} : rest.substr(blank + 1);
  }
  const bool strings = all.columns.empty();
  if (strings) all.columns = {std::string(section.name)};
  if (!(*root)["Error"].is_nothing()) return all;  // http_scans of a host that has none
  const Status status = each_of(*root, section.list, where, all, [&](JsonView value) {
    std::vector<std::string> cells;
    if (strings) {
      cells.push_back(cell_of(value));
    } else if (!value.is_object()) {
      return false;
    } else {
      for (const std::string& column : all.columns) cells.push_back(cell_of(value[column]));
    }
    all.rows.push_back(std::move(cells));
    return true;
  });
  if (!status) return fail(status.error());
  return all;
}

}  // namespace spoor
