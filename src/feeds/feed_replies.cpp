#include "feeds/feed_replies.h"

#include "base/ascii.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr std::size_t kMostEvents = 2'000'000;
constexpr std::size_t kLongestToken = 8192;
constexpr std::int64_t kLatestSeconds = 100'000'000'000;  // the year 5138

std::string but(const Error& error) {
  return "http 200, but " + error.message;
}

}  // namespace

bool is_event_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

Result<std::map<std::string, std::string>> read_misp_manifest(std::string_view body,
                                                              Tally& damaged) {
  JsonParser parser;
  const auto root = parser.parse_repaired(body);
  if (!root) return fail(root.error().at("manifest.json"));
  if (!root->is_object()) return fail("manifest.json: expected a json object");
  std::map<std::string, std::string> events;
  root->each_member([&](std::string_view name, JsonView value) {
    if (!is_event_uuid(name) || !value.is_object()) {
      damaged.add("", "an entry of the manifest that is no event", "manifest.json", name);
    } else if (events.size() < kMostEvents) {
      events.emplace(lower(name), value["timestamp"].text());
    }
  });
  if (events.empty() && root->size() > 0)
    return fail("manifest.json: none of its " + std::to_string(root->size()) +
                " entries is an event, expected uuids");
  return events;
}

std::string read_misp_page(std::string_view body, MispPageFacts& facts) {
  facts = {};
  if (!cut_json(body).closed) return "http 200 with a body that is no whole json object";
  JsonParser parser;
  const auto root = parser.parse_repaired(body);
  if (!root) return but(root.error());
  const JsonView events = root->is_array() ? *root : (*root)["response"];
  if (!events.is_array()) {
    const std::string said = (*root)["message"].text();
    return "http 200 without a list of events" + (said.empty() ? "" : ": " + said);
  }
  events.each_element([&](JsonView element) {
    ++facts.events;
    const auto seconds = element["Event"]["timestamp"].integer();
    if (!seconds || *seconds < 0 || *seconds > kLatestSeconds) return;
    const Time time = time_from_micros(*seconds * 1'000'000);
    if (!facts.newest || time > *facts.newest) facts.newest = time;
  });
  return {};
}

std::string read_misp_index(std::string_view body, std::vector<MispIndexEvent>& events) {
  events.clear();
  if (!cut_json(body).closed) return "http 200 with a body that is no whole json list";
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root) return but(root.error());
  if (!root->is_array()) {
    const std::string said = (*root)["message"].text();
    return "http 200 without a list of events" + (said.empty() ? "" : ": " + said);
  }
  std::size_t strange = 0;
  root->each_element([&](JsonView element) {
    const JsonView view = element["Event"].is_object() ? element["Event"] : element;
    MispIndexEvent event;
    event.id = view["id"].text();
    event.uuid = lower(view["uuid"].text());
    const bool has_id = !event.id.empty() && event.id.size() <= 18 &&
                        event.id.find_first_not_of("0123456789") == std::string::npos;
    if (!has_id || !is_event_uuid(event.uuid) || events.size() >= kMostEvents) {
      ++strange;
      return;
    }
    const auto seconds = view["timestamp"].integer();
    if (seconds && *seconds >= 0 && *seconds <= kLatestSeconds)
      event.timestamp = time_from_micros(*seconds * 1'000'000);
    const std::string published = view["published"].text();
    event.published = published == "1" || published == "true";
    events.push_back(std::move(event));
  });
  if (strange > 0)
    return "http 200 with an index of which " + std::to_string(strange) +
           " entries are no events, expected an id and a uuid";
  return {};
}

std::string read_taxii_envelope(std::string_view body, TaxiiEnvelope& envelope) {
  envelope = {};
  const JsonCut cut = cut_json(body);
  if (!cut.closed || trim(body).substr(0, 1) != "{")
    return "http 200 with a body that is no whole json object";
  JsonParser parser;
  for (const JsonCut::Piece& piece : cut.pieces) {
    if (piece.name == "objects") {
      const JsonCut objects = cut_json(piece.value);
      if (!objects.closed || trim(piece.value).substr(0, 1) != "[")
        return "http 200 with objects that are no whole list";
      envelope.objects = piece.value;
      envelope.count = objects.pieces.size();
    } else if (piece.name == "more" || piece.name == "next") {
      const auto value = parser.parse(piece.value);
      if (!value) return but(value.error());
      if (piece.name == "more") {
        envelope.more = value->truth().value_or(false);
      } else {
        envelope.next = value->text();
      }
    }
  }
  if (envelope.next.size() > kLongestToken) return "http 200 with a `next` of endless length";
  return {};
}

std::string abuse_ch_refusal(std::string_view body) {
  // The status stands before the rows; a body of millions of rows is not parsed for it.
  const JsonCut cut = cut_json(body);
  for (const JsonCut::Piece& piece : cut.pieces) {
    if (piece.name != "query_status" || piece.value.size() < 2) continue;
    const std::string status(piece.value.substr(1, piece.value.size() - 2));
    if (status == "ok" || status == "no_result" || status == "no_results") return {};
    return status.empty() ? "an empty status" : status.substr(0, 80);
  }
  return {};
}

}  // namespace spoor
