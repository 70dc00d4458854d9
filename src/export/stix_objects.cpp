#include "export/stix_objects.h"

#include <cstdio>

#include "base/ascii.h"

namespace spoor {

Uuid stix_uuid(std::string_view kind, std::string_view key) {
  std::string name = "stix|";
  name += kind;
  name += '|';
  name += key;
  return uuid5(spoor_namespace(), name);
}

std::string stix_id(std::string_view kind, std::string_view key) {
  return std::string(kind) + "--" + uuid_text(stix_uuid(kind, key));
}

std::string stix_time(Time time) {
  const std::string text = format_iso8601(time);
  const std::string seconds = text.substr(0, 19);
  char milliseconds[8];
  std::int64_t rest = to_micros(time) % 1'000'000;
  if (rest < 0) rest += 1'000'000;
  std::snprintf(milliseconds, sizeof milliseconds, ".%03dZ", static_cast<int>(rest / 1000));
  return seconds + milliseconds;
}

std::string_view tlp_marking(Tlp tlp) {
  switch (tlp) {
    case Tlp::kClear:
      return "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9";
    case Tlp::kGreen:
      return "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
    case Tlp::kAmber:
      return "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82";
    case Tlp::kAmberStrict:
      return "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
    case Tlp::kRed:
      break;
  }
  return "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
}

// STIX 2.1, section 7.2.1.4, and the extension definition for TLP 2.0 of OASIS.
std::string_view tlp_marking_object(Tlp tlp) {
  switch (tlp) {
    case Tlp::kClear:
      return R"({"type":"marking-definition","spec_version":"2.1","id":"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"TLP:WHITE","definition":{"tlp":"white"}})";
    case Tlp::kGreen:
      return R"({"type":"marking-definition","spec_version":"2.1","id":"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"TLP:GREEN","definition":{"tlp":"green"}})";
    case Tlp::kAmber:
      return R"({"type":"marking-definition","spec_version":"2.1","id":"marking-definition--f88d31f6-486f-44da-b317-01333bde0b82","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"TLP:AMBER","definition":{"tlp":"amber"}})";
    case Tlp::kAmberStrict:
      return R"({"type":"marking-definition","spec_version":"2.1","id":"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003","created":"2022-10-01T00:00:00.000Z","name":"TLP:AMBER+STRICT","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}})";
    case Tlp::kRed:
      break;
  }
  return R"({"type":"marking-definition","spec_version":"2.1","id":"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"TLP:RED","definition":{"tlp":"red"}})";
}

void begin_stix(JsonWriter& json, std::string_view type, std::string_view id,
                std::string_view made_by, Time created, Time modified) {
  json.begin_object().member("type", type).member("spec_version", "2.1").member("id", id);
  if (!made_by.empty()) json.member("created_by_ref", made_by);
  json.member("created", stix_time(created))
      .member("modified", stix_time(std::max(created, modified)));
}

void stix_marking(JsonWriter& json, Tlp tlp) {
  json.key("object_marking_refs").begin_array().string(tlp_marking(tlp)).end_array();
}

std::string StixMaker::identity(std::string_view name) const {
  JsonWriter json;
  begin_stix(json, "identity", id, "", kStixUndated, kStixUndated);
  json.member("name", name).member("identity_class", "organization").end_object();
  return json.take();
}

std::string StixMaker::malware(std::string_view name, Tlp tlp) const {
  JsonWriter json;
  begin_stix(json, "malware", stix_id("malware", lower(name)), id, kStixUndated, kStixUndated);
  json.member("name", name).member("is_family", true);
  stix_marking(json, tlp);
  json.end_object();
  return json.take();
}

std::string StixMaker::threat_actor(std::string_view name, Tlp tlp) const {
  JsonWriter json;
  begin_stix(json, "threat-actor", stix_id("threat-actor", lower(name)), id, kStixUndated,
             kStixUndated);
  json.member("name", name);
  json.key("threat_actor_types").begin_array().string("unknown").end_array();
  stix_marking(json, tlp);
  json.end_object();
  return json.take();
}

std::string StixMaker::attack_pattern(std::string_view attack, Tlp tlp) const {
  JsonWriter json;
  begin_stix(json, "attack-pattern", stix_id("attack-pattern", attack), id, kStixUndated,
             kStixUndated);
  json.member("name", attack).key("external_references").begin_array();
  json.begin_object()
      .member("source_name", "mitre-attack")
      .member("external_id", attack)
      .end_object();
  json.end_array();
  stix_marking(json, tlp);
  json.end_object();
  return json.take();
}

std::string StixMaker::vulnerability(std::string_view cve, Tlp tlp) const {
  JsonWriter json;
  begin_stix(json, "vulnerability", stix_id("vulnerability", cve), id, kStixUndated,
             kStixUndated);
  json.member("name", cve).key("external_references").begin_array();
  json.begin_object().member("source_name", "cve").member("external_id", cve).end_object();
  json.end_array();
  stix_marking(json, tlp);
  json.end_object();
  return json.take();
}

std::string StixMaker::relationship(std::string_view source, std::string_view kind,
                                    std::string_view target, Tlp tlp, Time created,
                                    Time modified) const {
  std::string key(source);
  key += '|';
  key += kind;
  key += '|';
  key += target;
  JsonWriter json;
  begin_stix(json, "relationship", stix_id("relationship", key), id, created, modified);
  json.member("relationship_type", kind)
      .member("source_ref", source)
      .member("target_ref", target);
  stix_marking(json, tlp);
  json.end_object();
  return json.take();
}

}  // namespace spoor
