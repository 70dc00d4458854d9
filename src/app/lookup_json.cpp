// An answer of `spoor lookup` as one JSON object; docs/lookup.md lists its members.

#include "app/lookup_views.h"
#include "app/score_views.h"
#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "net/json.h"

namespace spoor {
namespace {

void write_claim(JsonWriter& json, const ClaimView& claim, Time now) {
  json.begin_object().member("feed", claim.feed);
  json.member_if("pulse", claim.pulse_id);
  json.member_if("pulse_name", claim.pulse_name);
  json.member_if("author", claim.pulse_author);
  json.member_if("role", claim.role);
  json.member_if("title", claim.title);
  json.member_if("description", claim.description);
  if (claim.facts.tlp || claim.tlp)
    json.member("tlp", name_of(claim.facts.tlp ? *claim.facts.tlp : *claim.tlp));
  if (claim.facts.pap) json.member("pap", name_of(*claim.facts.pap));
  if (claim.facts.confidence) json.member("confidence", std::uint64_t{*claim.facts.confidence});
  json.strings_if("tags", claim.tags);
  json.strings_if("malware_families", claim.malware_families);
  json.strings_if("attack_ids", claim.attack_ids);
  json.member_if("adversary", claim.adversary);
  json.member_if("created", claim.created);
  json.member_if("expiration", claim.expiration);
  json.member_if("ended", claim.ended);
  json.member_if("last_said", claim.facts.last_said);
  json.member("raw", claim.raw).member("live", !has_ended(claim, now)).end_object();
}

void write_known(JsonWriter& json, const KnownIndicator& known, const LookupView& view) {
  const Time now = view.now;
  json.begin_object()
      .member("type", name_of(known.observable.type))
      .member("indicator", known.observable.value)
      .member("relation", name_of(known.relation))
      .member("grade", name_of(known.grade));
  json.member_if("rule", known.rule);
  json.member_if("quarantine", known.quarantine);
  if (view.scores != nullptr && !known.claims.empty())
    json.key("score").raw(score_text(score_of_claims(known.claims, now, *view.scores).score));
  json.member("live_claims", known.live).key("claims").begin_array();
  for (const ClaimView& claim : known.claims) write_claim(json, claim, now);
  json.end_array();
  const SightingSummary& seen = known.sightings;
  json.key("sightings").begin_object().member("count", seen.count);
  if (seen.count > 0) {
    json.member("suppressed", seen.suppressed).member("weak", seen.weak);
    json.member("files", seen.files);
    json.member_if("first", seen.first);
    json.member_if("last", seen.last);
    json.key("places").begin_array();
    for (const SightingSummary::Place& place : seen.places) {
      json.begin_object().member("file", place.file);
      if (!is_valid_utf8(place.file)) json.member("file_hex", to_hex(place.file));
      json.member("count", place.count).end_object();
    }
    json.end_array();
    json.strings_if("hosts", known.hosts);
  }
  json.end_object().end_object();
}

void write_live(JsonWriter& json, const LiveAnswer& live, Time now) {
  json.key("otx").begin_object();
  if (!live.refused.empty()) {
    json.member("refused", live.refused).end_object();
    return;
  }
  json.member("known", live.known).member("pulses", live.pulses).key("benign").begin_array();
  for (const BenignNote& note : live.benign) {
    json.begin_object()
        .member("source", note.source)
        .member("name", note.name)
        .member("message", note.message)
        .end_object();
  }
  json.end_array().key("sections").begin_object();
  for (const LiveSection& section : live.sections) {
    json.key(section.row->name).begin_object();
    if (!section.failed.empty()) {
      json.member("failed", section.failed).end_object();
      continue;
    }
    json.member("fetched", format_iso8601(section.fetched)).member("cached", section.cached);
    json.member(
        "age_s",
        std::int64_t{
            std::chrono::duration_cast<std::chrono::seconds>(now - section.fetched).count()});
    JsonParser parser;
    if (const auto root = parser.parse_repaired(section.body))
      json.key("data").raw(root->json());
    json.end_object();
  }
  json.end_object().end_object();
}

}  // namespace

std::string lookup_json(const LookupView& view) {
  const LookupAnswer& answer = *view.answer;
  JsonWriter json;
  json.begin_object().member("kind", "lookup").member("asked", answer.asked);
  if (answer.value) {
    json.member("type", name_of(answer.value->type)).member("value", answer.value->value);
  }
  json.member("known", answer.is_known())
      .member("verdict", name_of(answer.verdict))
      .member("reason", answer.reason);
  if (answer.refused) json.member("rule", answer.refused->rule);
  if (view.noise) {
    json.key("noise").begin_object().member("verdict", name_of(view.noise->verdict));
    if (!view.noise->rule.empty()) json.member("rule", view.noise->rule);
    json.member_if("reason", view.noise->reason);
    json.end_object();
  }
  if (!answer.notes.empty()) {
    json.key("notes").begin_array();
    for (const Refusal& note : answer.notes)
      json.begin_object().member("rule", note.rule).member("reason", note.reason).end_object();
    json.end_array();
  }
  if (answer.capped) json.member("capped", true);
  json.key("indicators").begin_array();
  for (const KnownIndicator& known : answer.known) write_known(json, known, view);
  json.end_array().key("pulses").begin_array();
  for (const KnownPulse& pulse : answer.pulses) {
    json.begin_object().member("id", pulse.id).member("name", pulse.name);
    json.member_if("author", pulse.author);
    json.member_if("adversary", pulse.adversary);
    json.member("others", pulse.others).key("related").begin_array();
    for (const Observable& other : pulse.related) {
      json.begin_object()
          .member("type", name_of(other.type))
          .member("indicator", other.value)
          .end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  if (view.live != nullptr) write_live(json, *view.live, view.now);
  json.end_object();
  return json.take() + "\n";
}

}  // namespace spoor
