// A TheHive in memory for the tests of this room: 4 by v0, 5 by v1, as far as filing goes, with
// faults by a seed. The full stand-in, which other clients can use too, is
// tests/thehive_standin.

#pragma once

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "net/fake_transport.h"
#include "net/json.h"
#include "net/transport.h"

namespace spoor {

class FakeHive {
 public:
  explicit FakeHive(int product) : product_(product) {}

  struct Item {
    std::string id, key;  // of an alert: type;source;ref
    std::string title, description, case_id, verdict;
    std::int64_t severity = 2, tlp = 2;
    std::set<std::string> tags;
    std::map<std::string, bool> observables;  // "type value" to sighted
    std::set<std::string> procedures, files;
    std::multiset<std::string> tasks;  // titles: nothing stops two of one
  };
  std::vector<Item> alerts, cases;
  std::set<std::string> types = {"ip",   "domain", "hostname", "fqdn",     "url",  "uri_path",
                                 "hash", "mail",   "filename", "registry", "other"};
  std::set<std::string> patterns = {"T1566"};
  std::set<std::string> poison;  // values that the server takes for bad
  double fault_rate = 0;
  std::mt19937 random{1};
  // Requests whose path ends so are done, and their answers are lost, this often.
  std::string loses;
  int loses_times = 0;
  int dies_after = -1;           // requests until every one fails: a kill of the client
  std::vector<std::string> log;  // "POST /api/..."

  Result<HttpResponse> handle(const HttpRequest& request) {
    if (dies_after == 0) return fail("killed");
    if (dies_after > 0) --dies_after;
    enum { kNone, kReset, kBusy, kError, kLost, kHalf };
    int fault = kNone;
    if (std::uniform_real_distribution<>(0, 1)(random) < fault_rate)
      fault = 1 + static_cast<int>(random() % 5);
    path_ = request.url.substr(request.url.find('/', 8));
    path_ = path_.substr(0, path_.find('?'));
    log.push_back(request.method + " " + path_);
    if (fault == kReset) return fail("connection reset");
    if (fault == kBusy) {
      HttpResponse busy = FakeTransport::json(R"({"type":"Busy","message":"slow down"})", 429);
      busy.headers.emplace_back("retry-after", "1");
      return busy;
    }
    if (fault == kError) return FakeTransport::json(R"({"type":"X","message":"y"})", 500);
    half_ = fault == kHalf;
    HttpResponse response = answer(request);
    if (loses_times > 0 && path_.size() >= loses.size() &&
        path_.compare(path_.size() - loses.size(), loses.size(), loses) == 0) {
      --loses_times;
      fault = kLost;
    }
    if (fault == kLost) return fail("timed out after 90 s");
    return response;
  }

 private:
  static HttpResponse refused(int status, const std::string& type, const std::string& message) {
    JsonWriter json;
    json.begin_object().member("type", type).member("message", message).end_object();
    return FakeTransport::json(json.take(), status);
  }
  Item* find(std::vector<Item>& all, const std::string& id) {
    for (Item& item : all) {
      if (item.id == id || item.key == id) return &item;
    }
    return nullptr;
  }
  std::string new_id() { return "~" + std::to_string(next_ += 8); }

  std::string show(const Item& item, bool with_observables) const {
    JsonWriter json;
    json.begin_object()
        .member("_id", item.id)
        .member("title", item.title)
        .member("description", item.description)
        .member("severity", item.severity)
        .member("tlp", item.tlp)
        .member("status", item.verdict.empty() ? "New" : item.verdict)
        .strings("tags", {item.tags.begin(), item.tags.end()});
    if (!item.case_id.empty()) json.member(product_ == 5 ? "caseId" : "case", item.case_id);
    if (with_observables && product_ != 5) json.key("artifacts").raw(list(item));
    json.end_object();
    return json.take();
  }
  static std::string list(const Item& item) {
    JsonWriter json;
    json.begin_array();
    for (const auto& [key, sighted] : item.observables) {
      const std::size_t blank = key.find(' ');
      json.begin_object()
          .member("_id", "o" + key)
          .member("dataType", key.substr(0, blank))
          .member("data", key.substr(blank + 1))
          .member("sighted", sighted)
          .end_object();
    }
    json.end_array();
    return json.take();
  }
  template <typename Names>
  static std::string names(const Names& all, const char* member) {
    JsonWriter json;
    json.begin_array();
    for (const std::string& each : all) json.begin_object().member(member, each).end_object();
    json.end_array();
    return json.take();
  }

  HttpResponse put(Item& item, JsonView group, bool report) {
    const std::string type(group["dataType"].string());
    if (types.count(type) == 0)
      return refused(404, "NotFoundError", "ObservableType " + type + " not found");
    std::vector<std::string> values;
    if (group["data"].is_string()) values.emplace_back(group["data"].string());
    group["data"].each_element([&](JsonView each) { values.emplace_back(each.string()); });
    for (const std::string& value : values) {
      if (poison.count(value) > 0)
        return refused(400, "BadRequest", "Error while decoding input");
    }
    std::string failures;
    std::size_t done = 0;
    for (const std::string& value : values) {
      if (half_ && report && done++ >= values.size() / 2) break;
      const bool sighted = group["sighted"].truth().value_or(false);
      if (item.observables.emplace(type + " " + value, sighted).second) {
        ++stored;
      } else {
        JsonWriter json;
        json.begin_object().member("type", "CreateError");
        json.member("message", "Observable already exists").key("object").begin_object();
        json.member("data", value).end_object().end_object();
        failures += (failures.empty() ? "" : ",") + json.take();
      }
    }
    if (half_ && report) return refused(500, "InternalError", "in the middle");
    if (!failures.empty())
      return FakeTransport::json(R"({"success":[],"failure":[)" + failures + "]}", 207);
    return FakeTransport::json("[]", 201);
  }

  HttpResponse query(JsonView steps) {
    Item* item = nullptr;
    HttpResponse response = FakeTransport::json("[]");
    steps.each_element([&](JsonView step) {
      const std::string_view name = step["_name"].string();
      const std::string id(step["idOrName"].string());
      if (name == "getAlert" || name == "getCase") {
        item = find(name == "getAlert" ? alerts : cases, id);
        response = item != nullptr ? FakeTransport::json("[" + show(*item, false) + "]")
                                   : refused(404, "NotFoundError", "not found");
      } else if (name == "listObservableType") {
        response = FakeTransport::json(names(types, "name"));
      } else if (name == "getPattern") {
        if (patterns.count(id) > 0)
          response = FakeTransport::json(names(std::set{id}, "patternId"));
      } else if (item != nullptr && name == "observables") {
        response = FakeTransport::json(list(*item));
      } else if (item != nullptr && name == "procedures") {
        response = FakeTransport::json(names(item->procedures, "patternId"));
      } else if (item != nullptr && name == "tasks") {
        response = FakeTransport::json(names(item->tasks, "title"));
      } else if (item != nullptr && name == "attachments") {
        response = FakeTransport::json(names(item->files, "name"));
      } else if (name == "page" && step["from"].integer().value_or(0) > 0) {
        response = FakeTransport::json("[]");
      }
    });
    return response;
  }

  HttpResponse create_alert(JsonView body) {
    Item alert;
    alert.key = std::string(body["type"].string()) + ";" +
                std::string(body["source"].string()) + ";" +
                std::string(body["sourceRef"].string());
    if (find(alerts, alert.key) != nullptr)
      return refused(400, "CreateError", "Alert x already exist in organisation soc");
    alert.id = new_id();
    read(alert, body);
    HttpResponse bad = FakeTransport::json("{}");
    body[product_ == 5 ? "observables" : "artifacts"].each_element([&](JsonView group) {
      const HttpResponse put_in = put(alert, group, false);
      if (put_in.status >= 400) bad = put_in;
    });
    if (bad.status >= 400) return bad;
    body["procedures"].each_element(
        [&](JsonView each) { alert.procedures.emplace(each["patternId"].string()); });
    alerts.push_back(alert);
    return FakeTransport::json(show(alert, true), 201);
  }
  static void read(Item& item, JsonView body) {
    if (body["title"].is_string()) item.title = std::string(body["title"].string());
    if (body["description"].is_string())
      item.description = std::string(body["description"].string());
    item.severity = body["severity"].integer().value_or(item.severity);
    item.tlp = body["tlp"].integer().value_or(item.tlp);
    for (const char* name : {"tags", "addTags"})
      body[name].each_element([&](JsonView tag) { item.tags.emplace(tag.string()); });
  }

  HttpResponse answer(const HttpRequest& request) {
    const std::string base = product_ == 5 ? "/api/v1/" : "/api/";
    if (path_ == "/api/status")
      return FakeTransport::json(product_ == 5 ? R"({"versions":{"TheHive":"5.7.3-1"}})"
                                               : R"({"versions":{"TheHive":"4.1.24-1"}})");
    JsonParser parser;
    const auto parsed = parser.parse(request.body.empty() ? "{}" : request.body);
    const bool is_file = !parsed;
    const JsonView body = parsed ? *parsed : JsonView();
    if (path_ == "/api/v1/query") return query(body["query"]);
    if (path_.compare(0, base.size(), base) != 0) return refused(404, "NotFound", path_);
    std::vector<std::string> parts(1);
    for (const char c : path_.substr(base.size())) {
      if (c == '/') {
        parts.emplace_back();
      } else {
        parts.back() += c;
      }
    }
    if (parts[0] == "customField")
      return FakeTransport::json(R"([{"name":"source","reference":"source","type":"string"}])");
    if (parts[0] == "observable" && parts.back() == "type")
      return FakeTransport::json(names(types, "name"));
    if (parts.back() == "_bulk") {
      body["ids"].each_element([&](JsonView id) {
        for (auto* all : {&alerts, &cases}) {
          for (Item& item : *all) {
            const auto found = item.observables.find(id.text().substr(1));
            if (found != item.observables.end()) found->second = true;
          }
        }
      });
      return FakeTransport::json("", 204);
    }
    if (parts.back() == "_search") {
      Item* item = find(cases, std::string(body["query"]["_parent"]["_query"]["_id"].string()));
      // One page has all; those behind it are asked for where it was full.
      if (item == nullptr || request.url.find("?range=0-") == std::string::npos)
        return FakeTransport::json("[]");
      return FakeTransport::json(parts[1] == "task" ? names(item->tasks, "title")
                                                    : list(*item));
    }
    if (parts[0] == "alert" && parts.size() == 1) return create_alert(body);
    std::vector<Item>& all = parts[0] == "case" ? cases : alerts;
    std::string id;
    for (std::size_t at = 0; parts.size() > 1 && at < parts[1].size(); ++at) {
      if (parts[1][at] == '%') {
        id += static_cast<char>(std::stoi(parts[1].substr(at + 1, 2), nullptr, 16));
        at += 2;
      } else {
        id += parts[1][at];
      }
    }
    Item* item = find(all, id);
    if (item == nullptr) return refused(404, "NotFoundError", id + " not found");
    if (request.method == "GET") return FakeTransport::json(show(*item, true));
    if (request.method == "PATCH") {
      read(*item, body);
      return FakeTransport::json(product_ == 5 ? "" : show(*item, true),
                                 product_ == 5 ? 204 : 200);
    }
    const std::string& last = parts.back();
    if (last == "case" || last == "createCase" || parts[2] == "merge") {
      if (!item->case_id.empty())
        return refused(400, "BadRequest", "Alert is already imported");
      if (parts[2] == "merge") {
        Item* into = find(cases, last);
        if (into == nullptr) return refused(404, "NotFoundError", "Case not found");
        into->observables.insert(item->observables.begin(), item->observables.end());
        item->case_id = into->id;
        return FakeTransport::json(show(*into, true));
      }
      Item made = *item;
      made.id = new_id();
      made.key.clear();
      item->case_id = made.id;
      body["tasks"].each_element(
          [&](JsonView task) { made.tasks.emplace(task["title"].string()); });
      cases.push_back(made);
      return FakeTransport::json(show(made, true), 201);
    }
    if ((last == "artifact" || last == "observable") && is_file) {
      const std::size_t at = request.body.find("filename=\"") + 10;
      item->observables["file " + request.body.substr(at, request.body.find('"', at) - at)];
      return FakeTransport::json("[]", 201);
    }
    if (last == "artifact" || last == "observable") return put(*item, body, true);
    if (last == "procedures") {
      body["procedures"].each_element(
          [&](JsonView each) { item->procedures.emplace(each["patternId"].string()); });
      return FakeTransport::json("[]", 201);
    }
    if (last == "task") {
      item->tasks.emplace(body["title"].string());
      return FakeTransport::json("{}", 201);
    }
    if (last == "attachments") {
      const std::size_t at = request.body.find("filename=\"") + 10;
      item->files.insert(request.body.substr(at, request.body.find('"', at) - at));
      return FakeTransport::json("{}", 201);
    }
    return refused(404, "NotFound", path_);
  }

 public:
  std::uint64_t stored = 0;  // observables that were made, alerts' and cases' together

 private:
  int product_;
  int next_ = 4000;
  bool half_ = false;
  std::string path_;
};

}  // namespace spoor
