// Searching in API v0 (TheHive 3 and 4): _search with a range, alerts by their three names.

#include "base/json_writer.h"
#include "cases/thehive_api.h"
#include "net/transport.h"

namespace spoor {
namespace {

class V0Search final : public HiveSearch {
 public:
  explicit V0Search(const TheHiveDialect& dialect) : dialect_(dialect) {}

  ApiCall find_alert(const CaseDraft& draft) const override {
    if (dialect_.by_name) {
      return {"GET",
              "/api/alert/" + percent_encode(draft.type) + ";" + percent_encode(draft.source) +
                  ";" + percent_encode(draft.source_ref),
              ""};
    }
    JsonWriter json;
    json.begin_object().key("query").begin_object().key("_and").begin_array();
    const std::pair<const char*, const std::string*> fields[] = {
        {"type", &draft.type}, {"source", &draft.source}, {"sourceRef", &draft.source_ref}};
    for (const auto& [name, value] : fields) {
      json.begin_object().member("_field", name).member("_value", *value).end_object();
    }
    json.end_array().end_object().end_object();
    return {"POST", "/api/alert/_search?range=0-1", json.take()};
  }

  ApiCall list_observables(const HiveTarget& target, std::size_t from,
                           std::size_t to) const override {
    if (!target.is_case) return get(target);
    return child_search("/api/case/artifact/_search", target.id, from, to);
  }
  ApiCall list_tasks(std::string_view case_id) const override {
    return child_search("/api/case/task/_search", case_id, 0, 1000);
  }
  ApiCall data_types() const override {
    if (!dialect_.by_name) return {"GET", "/api/list/list_artifactDataType", ""};
    return {"GET", "/api/observable/type?range=all", ""};
  }
  ApiCall custom_fields() const override {
    if (!dialect_.by_name) return {"GET", "/api/list/custom_fields", ""};
    return {"GET", "/api/customField", ""};
  }
  ApiCall get(const HiveTarget& target) const override {
    return {"GET", "/api/" + std::string(target.word()) + "/" + percent_encode(target.id), ""};
  }

 private:
  static ApiCall child_search(const char* path, std::string_view case_id, std::size_t from,
                              std::size_t to) {
    JsonWriter json;
    json.begin_object().key("query").begin_object().key("_parent").begin_object();
    json.member("_type", "case").key("_query").begin_object().member("_id", case_id);
    json.end_object().end_object().end_object().end_object();
    return {"POST",
            std::string(path) + "?range=" + std::to_string(from) + "-" + std::to_string(to),
            json.take()};
  }

  const TheHiveDialect& dialect_;
};

}  // namespace

std::unique_ptr<HiveSearch> make_v0_search(const TheHiveDialect& dialect) {
  return std::make_unique<V0Search>(dialect);
}

}  // namespace spoor
