#include "report/json_members.h"

#include "report/exact_member.h"

namespace spoor {

void write_match(JsonWriter& json, const Sighting& sighting) {
  json.member("offset", sighting.offset);
  json.member("length", sighting.length);
  json.member("type", name_of(sighting.observable.type));
  exact_member(json, "indicator", sighting.observable.value);
  exact_member(json, "match", sighting.match, sighting.encoding);
  json.member("grade", name_of(sighting.grade));
  json.member("rule", sighting.rule);
  json.key("views").begin_array();
  for (const ViewKind view : sighting.views) json.string(name_of(view));
  json.end_array();
}

void write_grades(JsonWriter& json, std::string_view name,
                  const std::array<std::uint64_t, kGradeCount>& counts) {
  json.key(name).begin_object();
  for (std::size_t grade = kGradeCount; grade-- > 1;) {
    if (counts[grade] > 0) json.member(name_of(static_cast<Grade>(grade)), counts[grade]);
  }
  json.end_object();
}

void write_canary(JsonWriter& json, const CanaryResult& canary) {
  json.key("canary").begin_object();
  json.member("planted", canary.planted);
  json.member("found", canary.found);
  json.member("unexpected", canary.unexpected);
  json.member("elsewhere", canary.elsewhere);
  json.end_object();
}

void write_freshness(JsonWriter& json, const Freshness& freshness) {
  const auto known = [&](std::string_view name, const std::optional<Time>& time) {
    if (time) json.member(name, format_iso8601(*time));
  };
  json.key("feeds").begin_array();
  for (const Freshness::Feed& feed : freshness.feeds) {
    json.begin_object();
    json.member("name", feed.name);
    known("last_run", feed.last_run);
    known("watermark", feed.watermark);
    if (feed.claims) json.member("claims", *feed.claims);
    known("oldest", feed.oldest);
    known("newest", feed.newest);
    json.end_object();
  }
  json.end_array();
  known("newest_pulse", freshness.newest_pulse);
}

}  // namespace spoor
