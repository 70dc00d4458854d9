#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/json_writer.h"
#include "cases/thehive_api.h"

namespace spoor {
namespace {

constexpr std::size_t kMostTitle = 128;  // of a task

std::int64_t millis(Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

std::vector<std::string> cut_tags(std::vector<std::string> tags, std::size_t most) {
  for (std::string& tag : tags) tag = cut_text(tag, most);
  return clean_tags(std::move(tags));
}

void write_procedures(JsonWriter& json, std::span<const std::string> techniques, Time when) {
  json.begin_array();
  for (const std::string& technique : techniques) {
    json.begin_object()
        .member("patternId", technique)
        .member("occurDate", millis(when))
        .end_object();
  }
  json.end_array();
}

void write_task(JsonWriter& json, const DraftTask& task, std::size_t order,
                std::string_view case_id = "") {
  json.begin_object();
  if (!case_id.empty()) json.member("caseId", case_id);
  json.member("title", cut_text(task.title, kMostTitle));
  if (!task.group.empty()) json.member("group", cut_text(task.group, 64));
  if (!task.description.empty()) json.member("description", task.description);
  json.member("order", static_cast<std::int64_t>(order)).end_object();
}

/// One file as multipart/form-data (RFC 7578) beside text parts. The boundary is a digest of
/// the content, so that the same file is the same request; it does not occur in it.
ApiCall multipart(std::string path, std::string_view part, std::string_view name,
                  std::string_view type, std::string_view bytes,
                  std::span<const std::pair<std::string, std::string>> texts) {
  std::string boundary = "spoor-" + to_hex(xxh3_128(bytes).view());
  while (bytes.find(boundary) != std::string_view::npos) boundary += "-";
  std::string body;
  for (const auto& [field, value] : texts) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field + "\"";
    if (field == "_json") body += "\r\nContent-Type: application/json";
    body += "\r\n\r\n" + value + "\r\n";
  }
  body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + std::string(part) +
          "\"; filename=\"" + std::string(name) + "\"\r\nContent-Type: " + std::string(type) +
          "\r\n\r\n" + std::string(bytes) + "\r\n--" + boundary + "--\r\n";
  return {"POST", std::move(path), std::move(body),
          "multipart/form-data; boundary=" + boundary};
}

}  // namespace

bool HiveVocabulary::has_type(std::string_view name) const {
  return std::find(data_types.begin(), data_types.end(), name) != data_types.end();
}

std::string HiveRequests::path(const HiveTarget& target, std::string_view rest) const {
  return std::string(dialect_.base) + "/" + std::string(target.word()) + "/" +
         percent_encode(target.id) + std::string(rest);
}

void HiveRequests::write_group(JsonWriter& json, const ObservableGroup& group) const {
  json.begin_object().member("dataType", group.data_type);
  // A single value as text: the elements of a list may have 4096 characters only.
  if (group.data.size() == 1) {
    json.member("data", group.data[0]);
  } else {
    json.strings("data", group.data);
  }
  json.member("ioc", true).member("sighted", group.sighted);
  if (group.sighted && group.sighted_at && dialect_.hive5_types && dialect_.query)
    json.member("sightedAt", millis(*group.sighted_at));
  json.member("tlp", std::int64_t{tlp_number(dialect_, group.tlp)});
  if (!group.tags.empty()) json.strings("tags", group.tags);
  if (!group.message.empty()) json.member("message", group.message);
  json.end_object();
}

ApiCall HiveRequests::create_alert(const CaseDraft& draft,
                                   std::span<const std::pair<std::string, std::string>> fields,
                                   std::span<const ObservableGroup> groups,
                                   std::span<const std::string> techniques, Time when) const {
  JsonWriter json;
  json.begin_object()
      .member("type", draft.type)
      .member("source", draft.source)
      .member("sourceRef", draft.source_ref)
      .member("title", cut_text(draft.title, dialect_.title_limit))
      .member("description", draft.description)
      .member("severity", std::int64_t{draft.severity})
      .member("tlp", std::int64_t{tlp_number(dialect_, draft.tlp)})
      .member("pap", std::int64_t{draft.pap})
      .strings("tags", cut_tags(draft.tags, dialect_.tag_limit));
  if (draft.date) json.member("date", millis(*draft.date));
  if (!draft.link.empty() && dialect_.by_name) json.member("externalLink", draft.link);
  if (!draft.case_template.empty()) json.member("caseTemplate", draft.case_template);
  if (!fields.empty()) {
    json.key(dialect_.custom_fields).begin_object();
    for (const auto& [name, value] : fields) {
      json.key(name);
      if (dialect_.query) {
        json.string(value);
      } else {
        json.begin_object().member("string", value).end_object();
      }
    }
    json.end_object();
  }
  if (!groups.empty()) {
    json.key(dialect_.created_observables).begin_array();
    for (const ObservableGroup& group : groups) write_group(json, group);
    json.end_array();
  }
  if (!techniques.empty()) {
    json.key("procedures");
    write_procedures(json, techniques, when);
  }
  json.end_object();
  return {"POST", std::string(dialect_.base) + "/alert", json.take()};
}

ApiCall HiveRequests::change(const HiveTarget& target, const AlertChange& change,
                             std::span<const std::string> old_tags) const {
  JsonWriter json;
  json.begin_object();
  if (change.title) json.member("title", cut_text(*change.title, dialect_.title_limit));
  if (change.description) json.member("description", *change.description);
  if (change.severity) json.member("severity", std::int64_t{*change.severity});
  if (change.tlp) json.member("tlp", std::int64_t{tlp_number(dialect_, *change.tlp)});
  if (!change.new_tags.empty()) {
    std::vector<std::string> tags = change.new_tags;
    if (!dialect_.adds_tags) tags.insert(tags.end(), old_tags.begin(), old_tags.end());
    json.strings(dialect_.adds_tags ? "addTags" : "tags", cut_tags(tags, dialect_.tag_limit));
  }
  json.end_object();
  return {"PATCH", path(target), json.take()};
}

ApiCall HiveRequests::promote(std::string_view alert_id, const CaseDraft& draft) const {
  JsonWriter json;
  json.begin_object();
  if (!draft.case_template.empty()) json.member("caseTemplate", draft.case_template);
  // With the case, where that can be said: a task has no key, and two of them are two.
  if (dialect_.promote_takes_tasks && !draft.tasks.empty()) {
    json.key("tasks").begin_array();
    std::set<std::string> titles;
    for (std::size_t i = 0; i < draft.tasks.size(); ++i) {
      if (titles.insert(cut_text(draft.tasks[i].title, kMostTitle)).second)
        write_task(json, draft.tasks[i], i);
    }
    json.end_array();
  }
  json.end_object();
  return {"POST", path({false, std::string(alert_id)}, "/" + std::string(dialect_.promote)),
          json.take()};
}

ApiCall HiveRequests::merge(std::string_view alert_id, std::string_view case_id) const {
  return {"POST",
          std::string(dialect_.merge_base) + "/alert/" + percent_encode(alert_id) + "/merge/" +
              percent_encode(case_id),
          "{}"};
}

ApiCall HiveRequests::add_observables(const HiveTarget& target,
                                      const ObservableGroup& group) const {
  JsonWriter json;
  write_group(json, group);
  const std::string_view route =
      target.is_case ? dialect_.case_observable : dialect_.alert_observable;
  return {"POST", path(target, "/" + std::string(route)), json.take()};
}

ApiCall HiveRequests::mark_sighted(std::span<const std::string> ids,
                                   std::optional<Time> when) const {
  JsonWriter json;
  json.begin_object()
      .strings("ids", std::vector<std::string>(ids.begin(), ids.end()))
      .member("sighted", true);
  if (when && dialect_.hive5_types && dialect_.query) json.member("sightedAt", millis(*when));
  json.end_object();
  return {"PATCH", std::string(dialect_.base) + std::string(dialect_.sighted_path),
          json.take()};
}

ApiCall HiveRequests::add_task(std::string_view case_id, const DraftTask& task,
                               std::size_t order) const {
  JsonWriter json;
  write_task(json, task, order, dialect_.tasks_by_case ? "" : case_id);
  const std::string route = dialect_.tasks_by_case ? path({true, std::string(case_id)}, "/task")
                                                   : std::string(dialect_.base) + "/task";
  return {"POST", route, json.take()};
}

ApiCall HiveRequests::add_procedures(const HiveTarget& target,
                                     std::span<const std::string> techniques, Time when) const {
  JsonWriter json;
  json.begin_object().key("procedures");
  write_procedures(json, techniques, when);
  json.end_object();
  return {"POST", path(target, "/procedures"), json.take()};
}

ApiCall HiveRequests::attach(const HiveTarget& target, std::string_view name,
                             const DraftFile& file) const {
  if (dialect_.attachments) {
    const std::pair<std::string, std::string> texts[] = {{"canRename", "false"}};
    return multipart(path(target, "/attachments"), "attachments", name, file.media_type,
                     file.bytes, texts);
  }
  JsonWriter json;
  json.begin_object()
      .member("dataType", "file")
      .member("message", "observables over the limit of one case")
      .end_object();
  const std::pair<std::string, std::string> texts[] = {{"_json", json.take()}};
  return multipart(path(target, "/" + std::string(dialect_.case_observable)), "attachment",
                   name, file.media_type, file.bytes, texts);
}

}  // namespace spoor
