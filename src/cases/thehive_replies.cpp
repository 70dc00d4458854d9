// What TheHive's answers mean. Every one of them may come from a machine that lies.

#include <algorithm>

#include "base/ascii.h"
#include "cases/thehive_api.h"
#include "net/json.h"

namespace spoor {
namespace {

std::string first_of(JsonView object, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::string text = object[name].text(); !text.empty()) return text;
  }
  return {};
}

}  // namespace

RemoteObservable observable_of(JsonView view) {
  RemoteObservable observable;
  observable.id = first_of(view, {"_id", "id"});
  observable.data_type = std::string(view["dataType"].string());
  observable.data = std::string(view["data"].string());
  if (observable.data.empty())
    observable.data = std::string(view["attachment"]["name"].string());
  observable.sighted = view["sighted"].truth().value_or(false);
  return observable;
}

RemoteAlert alert_of(JsonView view) {
  RemoteAlert alert;
  alert.id = first_of(view, {"_id", "id"});
  alert.case_id = first_of(view, {"caseId", "case"});
  alert.title = std::string(view["title"].string());
  alert.description = std::string(view["description"].string());
  alert.status = std::string(view["status"].string());
  alert.severity = view["severity"].integer().value_or(0);
  alert.tlp = view["tlp"].integer().value_or(0);
  view["tags"].each_element([&](JsonView tag) { alert.tags.emplace_back(tag.string()); });
  view["artifacts"].each_element(
      [&](JsonView each) { alert.observables.push_back(observable_of(each)); });
  return alert;
}

Result<std::optional<RemoteAlert>> read_alert(std::string_view body) {
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root) return fail(root.error().at("alert"));
  JsonView alert = *root;
  if (alert.is_array()) {
    JsonView first;
    alert.each_element([&](JsonView each) {
      if (!first.is_object()) first = each;
    });
    alert = first;
  }
  if (!alert.is_object()) return std::nullopt;
  RemoteAlert read = alert_of(alert);
  if (read.id.empty()) return fail("alert: found no id");
  return read;
}

Result<std::vector<RemoteObservable>> read_observables(std::string_view body) {
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root) return fail(root.error().at("observables"));
  std::vector<RemoteObservable> all;
  const JsonView list = root->is_object() ? (*root)["artifacts"] : *root;
  list.each_element([&](JsonView each) { all.push_back(observable_of(each)); });
  return all;
}

Result<std::vector<std::string>> read_members(std::string_view body, std::string_view name) {
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root) return fail(root.error());
  std::vector<std::string> all;
  const auto take = [&](JsonView each) {
    std::string text = each.is_object() ? each[name].text() : each.text();
    if (!text.empty()) all.push_back(std::move(text));
  };
  root->each_element(take);
  root->each_member([&](std::string_view, JsonView each) { take(each); });
  return all;
}

Result<std::map<std::string, std::string>> read_pairs(std::string_view body,
                                                      std::string_view name,
                                                      std::string_view value) {
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root) return fail(root.error());
  std::map<std::string, std::string> all;
  const auto take = [&](JsonView each) {
    const std::string key = each[name].text();
    if (!key.empty()) all.emplace(key, each[value].text());
  };
  root->each_element(take);
  root->each_member([&](std::string_view, JsonView each) { take(each); });
  return all;
}

bool says_already_there(std::string_view words) {
  // "Alert a:b:c already exist in organisation x" (4), "Observable already exists" (4, 5), and
  // ConflictError (3).
  const std::string text = lower(words);
  return text.find("already exist") != std::string::npos ||
         text.find("conflicterror") != std::string::npos;
}

AddedObservables read_added(std::string_view body, int status, std::size_t sent) {
  AddedObservables result;
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root) {
    // Taken, says the status; what exactly is found at the next look-up.
    if (status != 207) result.added = sent;
    return result;
  }
  std::uint64_t failed = 0;
  if (root->is_object()) {
    (*root)["failure"].each_element([&](JsonView each) {
      ++failed;
      std::string words = std::string(each["type"].string());
      words += (words.empty() ? "" : ": ") + std::string(each["message"].string());
      if (says_already_there(words)) return;
      std::string value = each["object"]["data"].text();
      if (value.empty()) value = each["data"].text();
      result.refused.emplace_back(std::move(value), std::move(words));
    });
  }
  if (root->is_array()) {
    result.added = root->size();
  } else if ((*root)["success"].is_array()) {
    result.added = (*root)["success"].size();
  } else {
    result.added = sent > failed ? sent - failed : 0;
  }
  return result;
}

std::string read_verdict(std::string_view body) {
  JsonParser parser;
  const auto root = parser.parse(body);
  if (!root) return {};
  JsonView view = *root;
  if (view.is_array()) {
    JsonView first;
    view.each_element([&](JsonView each) {
      if (!first.is_object()) first = each;
    });
    view = first;
  }
  const struct {
    std::string_view word;  // without blanks, lower case
    std::string_view verdict;
  } words[] = {{"truepositive", "true positive"},
               {"falsepositive", "false positive"},
               {"indeterminate", "indeterminate"},
               {"duplicated", "duplicate"},
               {"duplicate", "duplicate"},
               {"ignored", "ignored"},
               {"other", "other"}};
  for (const std::string_view member : {"resolutionStatus", "status"}) {
    std::string text = lower(view[member].string());
    text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return !is_alpha(c); }),
               text.end());
    for (const auto& each : words) {
      if (text == each.word) return std::string(each.verdict);
    }
  }
  return {};
}

}  // namespace spoor
