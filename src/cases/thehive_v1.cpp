// Searching in API v1 (TheHive 5, and 4.1 where asked for): one route, POST query, that takes a
// chain of steps.

#include "base/json_writer.h"
#include "cases/thehive_api.h"

namespace spoor {
namespace {

/// A chain of steps, built from the front.
class Query {
 public:
  Query() { json_.begin_object().key("query").begin_array(); }
  Query& step(std::string_view name) {
    json_.begin_object().member("_name", name).end_object();
    return *this;
  }
  Query& get(std::string_view name, std::string_view id) {
    json_.begin_object().member("_name", name).member("idOrName", id).end_object();
    return *this;
  }
  Query& oldest_first() {
    json_.begin_object().member("_name", "sort").key("_fields").begin_array().begin_object();
    json_.member("_createdAt", "asc").end_object().end_array().end_object();
    return *this;
  }
  Query& page(std::size_t from, std::size_t to) {
    json_.begin_object()
        .member("_name", "page")
        .member("from", static_cast<std::int64_t>(from))
        .member("to", static_cast<std::int64_t>(to))
        .end_object();
    return *this;
  }
  ApiCall call() {
    json_.end_array().end_object();
    return {"POST", "/api/v1/query", json_.take()};
  }

 private:
  JsonWriter json_;
};

std::string_view getter(const HiveTarget& target) {
  return target.is_case ? "getCase" : "getAlert";
}

class V1Search final : public HiveSearch {
 public:
  ApiCall find_alert(const CaseDraft& draft) const override {
    return Query()
        .get("getAlert", draft.type + ";" + draft.source + ";" + draft.source_ref)
        .call();
  }

  ApiCall list_observables(const HiveTarget& target, std::size_t from,
                           std::size_t to) const override {
    return Query()
        .get(getter(target), target.id)
        .step("observables")
        .oldest_first()
        .page(from, to)
        .call();
  }
  ApiCall list_tasks(std::string_view case_id) const override {
    return Query().get("getCase", case_id).step("tasks").page(0, 1000).call();
  }
  ApiCall data_types() const override { return Query().step("listObservableType").call(); }
  ApiCall custom_fields() const override { return {"GET", "/api/v1/customField", ""}; }
  ApiCall get(const HiveTarget& target) const override {
    return Query().get(getter(target), target.id).call();
  }
};

}  // namespace

std::unique_ptr<HiveSearch> make_v1_search() {
  return std::make_unique<V1Search>();
}

ApiCall HiveRequests::list_procedures(const HiveTarget& target) const {
  return Query().get(getter(target), target.id).step("procedures").page(0, 1000).call();
}
ApiCall HiveRequests::find_pattern(std::string_view technique) const {
  return Query().get("getPattern", technique).call();
}
ApiCall HiveRequests::list_attachments(const HiveTarget& target) const {
  return Query().get(getter(target), target.id).step("attachments").page(0, 1000).call();
}

}  // namespace spoor
