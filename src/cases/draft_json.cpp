// A draft as the JSON that waits in the outbox, and back.

#include "base/json_writer.h"
#include "cases/case_draft.h"
#include "net/json.h"

namespace spoor {
namespace {

void time_member(JsonWriter& json, std::string_view name, const std::optional<Time>& time) {
  if (time) json.member(name, to_micros(*time));
}

std::optional<Time> time_of(JsonView value) {
  const auto micros = value.integer();
  return micros ? std::optional<Time>(time_from_micros(*micros)) : std::nullopt;
}

std::vector<std::string> strings_of(JsonView value) {
  std::vector<std::string> all;
  value.each_element([&](JsonView each) { all.emplace_back(each.string()); });
  return all;
}

void write_observable(JsonWriter& json, const DraftObservable& each) {
  json.begin_object()
      .member("type", name_of(each.observable.type))
      .member("value", each.observable.value)
      .member("tlp", name_of(each.tlp));
  if (each.sighted) json.member("sighted", true);
  time_member(json, "sighted_at", each.sighted_at);
  if (!each.tags.empty()) json.strings("tags", each.tags);
  if (!each.message.empty()) json.member("message", each.message);
  json.end_object();
}

}  // namespace

std::string draft_text(const CaseDraft& draft) {
  JsonWriter json;
  json.begin_object()
      .member("as", name_of(draft.as))
      .member("type", draft.type)
      .member("source", draft.source)
      .member("source_ref", draft.source_ref)
      .member("title", draft.title)
      .member("description", draft.description)
      .member("severity", std::int64_t{draft.severity});
  json.key("severity_steps").begin_array();
  for (const SeverityStep& step : draft.severity_steps) {
    json.begin_object()
        .member("rule", step.rule)
        .member("words", step.words)
        .member("after", std::int64_t{step.after})
        .end_object();
  }
  json.end_array().member("tlp", name_of(draft.tlp)).member("pap", std::int64_t{draft.pap});
  json.strings("tags", draft.tags).key("custom_fields").begin_array();
  for (const auto& [name, value] : draft.custom_fields) {
    json.begin_object().member("name", name).member("value", value).end_object();
  }
  json.end_array().member("case_template", draft.case_template);
  json.member("merge_into", draft.merge_into).key("tasks").begin_array();
  for (const DraftTask& task : draft.tasks) {
    json.begin_object()
        .member("title", task.title)
        .member("group", task.group)
        .member("description", task.description)
        .end_object();
  }
  json.end_array().strings("techniques", draft.techniques).member("link", draft.link);
  time_member(json, "date", draft.date);
  json.key("observables").begin_array();
  for (const DraftObservable& each : draft.observables) write_observable(json, each);
  json.end_array().member("left_out", draft.left_out);
  json.key("files").begin_array();
  for (const DraftFile& file : draft.files) {
    json.begin_object()
        .member("name", file.name)
        .member("media_type", file.media_type)
        .member("bytes", file.bytes)
        .end_object();
  }
  json.end_array()
      .member("asset", draft.asset)
      .member("pulse_id", draft.pulse_id)
      .member("pulse_name", draft.pulse_name)
      .member("sightings", draft.sightings);
  time_member(json, "first", draft.first);
  time_member(json, "last", draft.last);
  json.end_object();
  return json.take();
}

Result<CaseDraft> draft_of(std::string_view text) {
  JsonParser parser;
  const auto parsed = parser.parse(text);
  if (!parsed) return fail(parsed.error().at("draft"));
  const JsonView root = *parsed;
  CaseDraft draft;
  const std::string_view as = root["as"].string();
  draft.as = as == "case" ? FileAs::kCase : FileAs::kAlert;
  const struct {
    const char* name;
    std::string* into;
  } texts[] = {{"type", &draft.type},
               {"source", &draft.source},
               {"source_ref", &draft.source_ref},
               {"title", &draft.title},
               {"description", &draft.description},
               {"case_template", &draft.case_template},
               {"merge_into", &draft.merge_into},
               {"link", &draft.link},
               {"asset", &draft.asset},
               {"pulse_id", &draft.pulse_id},
               {"pulse_name", &draft.pulse_name}};
  for (const auto& each : texts) *each.into = std::string(root[each.name].string());
  if ((as != "case" && as != "alert") || draft.type.empty() || draft.source.empty() ||
      draft.source_ref.empty() || draft.title.empty()) {
    return fail("draft: as, type, source, source_ref or title is missing");
  }
  const auto severity = root["severity"].integer();
  const auto pap = root["pap"].integer();
  if (!severity || *severity < 1 || *severity > 4 || !pap || *pap < 0 || *pap > 3) {
    return fail("draft: severity or pap is out of its range");
  }
  draft.severity = static_cast<int>(*severity);
  draft.pap = static_cast<int>(*pap);
  root["severity_steps"].each_element([&](JsonView step) {
    draft.severity_steps.push_back({std::string(step["rule"].string()),
                                    std::string(step["words"].string()),
                                    static_cast<int>(step["after"].integer().value_or(0))});
  });
  draft.tlp = parse_tlp(root["tlp"].string());
  draft.tags = strings_of(root["tags"]);
  root["custom_fields"].each_element([&](JsonView field) {
    draft.custom_fields.emplace_back(field["name"].string(), field["value"].string());
  });
  root["tasks"].each_element([&](JsonView task) {
    draft.tasks.push_back({std::string(task["title"].string()),
                           std::string(task["group"].string()),
                           std::string(task["description"].string())});
  });
  draft.techniques = strings_of(root["techniques"]);
  draft.date = time_of(root["date"]);
  std::string unknown;
  root["observables"].each_element([&](JsonView each) {
    const auto type = type_from_name(each["type"].string());
    if (!type) {
      unknown = std::string(each["type"].string());
      return;
    }
    DraftObservable observable;
    observable.observable = {*type, std::string(each["value"].string())};
    observable.tlp = parse_tlp(each["tlp"].string());
    observable.sighted = each["sighted"].truth().value_or(false);
    observable.sighted_at = time_of(each["sighted_at"]);
    observable.tags = strings_of(each["tags"]);
    observable.message = std::string(each["message"].string());
    draft.observables.push_back(std::move(observable));
  });
  if (!unknown.empty()) return fail("draft: observable type '" + unknown + "' is unknown");
  draft.left_out = static_cast<std::uint64_t>(root["left_out"].integer().value_or(0));
  root["files"].each_element([&](JsonView file) {
    draft.files.push_back({std::string(file["name"].string()),
                           std::string(file["media_type"].string()),
                           std::string(file["bytes"].string())});
  });
  // Drafts that wait in the outbox may be of a version that knew one CSV file.
  if (const std::string_view old = root["attachment"].string(); !old.empty())
    draft.files.push_back(
        {std::string(root["attachment_name"].string()), "text/csv", std::string(old)});
  draft.sightings = static_cast<std::uint64_t>(root["sightings"].integer().value_or(0));
  draft.first = time_of(root["first"]);
  draft.last = time_of(root["last"]);
  return draft;
}

}  // namespace spoor
