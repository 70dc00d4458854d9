#include "cases/hunt_stream.h"

#include <algorithm>

#include "base/ascii.h"
#include "net/json.h"

namespace spoor {
namespace {

constexpr std::size_t kMostText = 64 << 10;

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    const int high = hex_value(hex[at]), low = hex_value(hex[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

/// The exact bytes of a member: of `name`_hex where that is there.
std::string bytes_of(JsonView object, const std::string& name) {
  if (const auto bytes = from_hex(object[name + "_hex"].string()); bytes && !bytes->empty())
    return bytes->substr(0, kMostText);
  return std::string(object[name].string().substr(0, kMostText));
}

std::vector<ClaimView> claims_of(JsonView root, const Observable& observable) {
  std::vector<ClaimView> claims;
  std::vector<std::string> feeds_of_pulses;
  root["pulses"].each_element([&](JsonView pulse) {
    ClaimView claim;
    claim.observable = observable;
    claim.feed = std::string(pulse["source"].string());
    claim.pulse_id = std::string(pulse["id"].string());
    claim.pulse_name = std::string(pulse["name"].string());
    claim.pulse_author = std::string(pulse["author"].string());
    pulse["tags"].each_element([&](JsonView tag) { claim.tags.emplace_back(tag.string()); });
    if (pulse["tlp"].is_string()) claim.tlp = parse_tlp(pulse["tlp"].string());
    feeds_of_pulses.push_back(claim.feed);
    claims.push_back(std::move(claim));
  });
  root["sources"].each_element([&](JsonView source) {
    const std::string feed(source.string());
    if (std::find(feeds_of_pulses.begin(), feeds_of_pulses.end(), feed) !=
        feeds_of_pulses.end())
      return;
    ClaimView claim;
    claim.observable = observable;
    claim.feed = feed;
    claims.push_back(std::move(claim));
  });
  return claims;
}

}  // namespace

Result<std::optional<StreamSighting>> read_hunt_line(std::string_view line) {
  JsonParser parser;
  const auto parsed = parser.parse(line);
  if (!parsed) return fail(parsed.error());
  const JsonView root = *parsed;
  if (!root.is_object()) return fail("expected an object of spoor hunt --json");
  if (root["kind"].string() != "sighting") return std::nullopt;
  StreamSighting read;
  Sighting& sighting = read.sighting;
  const auto type = type_from_name(root["type"].string());
  const auto grade = grade_from_name(root["grade"].string());
  if (!type) return fail("type '" + std::string(root["type"].string()) + "' is unknown");
  if (!grade) return fail("grade '" + std::string(root["grade"].string()) + "' is unknown");
  sighting.observable = {*type, bytes_of(root, "indicator")};
  if (sighting.observable.value.empty()) return fail("indicator is missing");
  sighting.grade = *grade;
  sighting.rule = std::string(root["rule"].string());
  sighting.file = bytes_of(root, "file");
  sighting.line = static_cast<std::uint64_t>(root["line"].integer().value_or(0));
  sighting.offset = static_cast<std::uint64_t>(root["offset"].integer().value_or(0));
  sighting.event_offset =
      static_cast<std::uint64_t>(root["event_offset"].integer().value_or(0));
  sighting.match = std::string(root["match"].string());
  // UTF-16 comes with the text decoded beside its bytes.
  const bool is_wide = !root["text_hex"].is_nothing() && root["match_hex"].is_string() &&
                       from_hex(root["match_hex"].string()) != sighting.match;
  sighting.event_text = is_wide ? std::string(root["text"].string()) : bytes_of(root, "text");
  const std::size_t at = sighting.event_text.find(sighting.match);
  sighting.match_begin = at == std::string::npos ? 0 : at;
  sighting.match_end =
      sighting.match_begin + (at == std::string::npos ? 0 : sighting.match.size());
  const auto digest = from_hex(root["event_digest"].string());
  if (!digest || digest->size() != sighting.event_digest.bytes.size())
    return fail("event_digest: expected 32 hex digits");
  std::copy(digest->begin(), digest->end(), sighting.event_digest.bytes.begin());
  const std::string_view verdict = root["verdict"].string();
  sighting.verdict = verdict == "suppressed" ? Verdict::kSuppressed
                     : verdict == "weak"     ? Verdict::kWeak
                                             : Verdict::kShown;
  sighting.reason = std::string(root["reason"].string());
  if (const auto time = parse_iso8601(root["time"].string())) {
    sighting.time = time->time;
    sighting.time_has_clock = time->precision != TimePrecision::kDay;
  }
  if (root["live"].kind() == JsonView::Kind::kBool) sighting.live = root["live"].truth();
  sighting.host = bytes_of(root, "host");
  sighting.is_new = root["new"].truth().value_or(false);
  read.claims = claims_of(root, sighting.observable);
  return read;
}

std::optional<bool> hunt_was_complete(std::string_view line) {
  if (line.find("\"kind\":\"summary\"") == std::string_view::npos) return std::nullopt;
  JsonParser parser;
  const auto root = parser.parse(line);
  if (!root || (*root)["kind"].string() != "summary") return std::nullopt;
  return (*root)["complete"].truth();
}

}  // namespace spoor
