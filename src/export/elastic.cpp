// Bulk lines for Elasticsearch and OpenSearch: an action that names the document, and the
// document in ECS: event.*, threat.indicator.*, threat.feed.name, tags; what ECS has no field
// for stands below `spoor` (the canonical value and type, networks as a range, the expiry).
// The id is made of type and value: a second bulk replaces the first. The index is the
// request's (POST /INDEX/_bulk). Source: ECS 8.17. Tested by formats_test.cpp.

#include <map>
#include <optional>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/uuid.h"
#include "export/format.h"
#include "export/names.h"
#include "export/stix_objects.h"
#include "ioc/url.h"

namespace spoor {
namespace {

constexpr std::string_view kEcsVersion = "8.17.0";  // the first with threat.indicator.id

/// An object of objects by dotted names. A leaf is JSON already.
class Tree {
 public:
  void text(std::string_view name, std::string_view value) {
    std::string json;
    append_json_string(json, value);
    put(name, std::move(json));
  }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::string json = "[";
    for (const std::string& value : values) {
      if (json.size() > 1) json += ',';
      append_json_string(json, value);
    }
    put(name, json + "]");
  }
  void number(std::string_view name, std::uint64_t value) { put(name, std::to_string(value)); }
  void time(std::string_view name, const std::optional<Time>& value) {
    if (value) text(name, format_iso8601(*value));
  }
  void put(std::string_view name, std::string json) {
    const std::size_t dot = name.find('.');
    Tree& child = children_[std::string(name.substr(0, dot))];
    if (dot == std::string_view::npos) {
      child.leaf_ = std::move(json);
    } else {
      child.put(name.substr(dot + 1), std::move(json));
    }
  }
  void write(std::string& out) const {
    if (leaf_) {
      out += *leaf_;
      return;
    }
    out += '{';
    bool first = true;
    for (const auto& [name, child] : children_) {
      if (!first) out += ',';
      first = false;
      append_json_string(out, name);
      out += ':';
      child.write(out);
    }
    out += '}';
  }

 private:
  std::optional<std::string> leaf_;
  std::map<std::string, Tree, std::less<>> children_;
};

/// ECS's own words for a number of 0..100 (as STIX's None/Low/Med/High scale cuts it).
std::string_view confidence_word(std::uint8_t confidence) {
  if (confidence == 0) return "None";
  if (confidence < 30) return "Low";
  return confidence < 70 ? "Medium" : "High";
}

void put_value(Tree& tree, const Observable& observable) {
  const std::string field = ecs_field(observable);
  switch (observable.type) {
    case IndicatorType::kIpv4Port:
    case IndicatorType::kIpv6Port: {
      const AddressPort parts = split_port(observable.value);
      tree.text(field, parts.address);
      tree.put("threat.indicator.port", parts.port);
      return;
    }
    case IndicatorType::kAsn:
      tree.put(field, observable.value.substr(2));
      return;
    case IndicatorType::kUrl: {
      tree.text(field, observable.value);
      tree.text("threat.indicator.url.original", observable.value);
      if (const auto url = parse_url(observable.value, Scheme::kRequired)) {
        tree.text("threat.indicator.url.scheme", url->scheme);
        tree.text("threat.indicator.url.domain", url->host);
        tree.text("threat.indicator.url.path", url->path);
        if (url->query) tree.text("threat.indicator.url.query", *url->query);
        if (url->port) tree.number("threat.indicator.url.port", *url->port);
      }
      return;
    }
    case IndicatorType::kCidr:
      tree.text("spoor.network", observable.value);  // ECS has no field for a range
      return;
    default:
      if (!field.empty()) tree.text(field, observable.value);
      return;
  }
}

class ElasticExporter final : public Exporter {
 public:
  Status begin(const ExportHead& head, ExportTarget& target) override {
    head_ = &head;
    target_ = &target;
    return {};
  }
  Result<std::string> add(const ExportItem& item) override {
    const Observable& observable = item.observable;
    // The same as in a STIX bundle.
    const std::string id = uuid_text(
        stix_uuid("indicator", std::string(name_of(observable.type)) + "|" + observable.value));
    Tree tree;
    tree.text("ecs.version", kEcsVersion);
    tree.text("event.kind", "enrichment");
    tree.texts("event.category", {"threat"});
    tree.texts("event.type", {"indicator"});
    tree.text("event.module", "ti_spoor");  // prebuilt rules look for ti_*
    tree.text("event.dataset", "ti_spoor.indicator");
    tree.text("@timestamp", format_iso8601(item.last.value_or(Time{})));
    const std::string type = ecs_type(observable);
    if (!type.empty()) tree.text("threat.indicator.type", type);
    tree.text("threat.indicator.name", observable.value);
    tree.texts("threat.indicator.id", {"indicator--" + id});
    put_value(tree, observable);
    tree.text("threat.indicator.marking.tlp", upper(name_of(item.tlp)));
    tree.text("threat.indicator.marking.tlp_version", "2.0");
    tree.text("threat.indicator.confidence",
              item.confidence ? confidence_word(*item.confidence) : "Not Specified");
    tree.text("threat.indicator.provider", joined(item.feeds));
    if (!item.description.empty()) tree.text("threat.indicator.description", item.description);
    tree.time("threat.indicator.first_seen", item.first);
    tree.time("threat.indicator.last_seen", item.last);
    tree.time("threat.indicator.modified_at", item.last);
    if (item.sightings) tree.number("threat.indicator.sightings", item.sightings->count);
    tree.texts("threat.feed.name", item.feeds);
    tree.texts("threat.technique.id", item.attack_ids);
    tree.texts("threat.software.name", item.malware);
    tree.texts("threat.group.name", item.adversaries);
    tree.texts("tags", item.tags);
    tree.text("spoor.type", name_of(observable.type));
    tree.text("spoor.value", observable.value);
    tree.texts("spoor.pulses", item.pulses);
    tree.texts("spoor.roles", item.roles);
    if (item.pap) tree.text("spoor.pap", name_of(*item.pap));
    tree.time("spoor.expires", item.valid_until);
    tree.put("spoor.live", item.ended ? "false" : "true");
    std::string lines = "{\"index\":{\"_id\":\"" + id + "\"}}\n";
    tree.write(lines);
    if (auto status = target_->write("", lines + "\n"); !status) return fail(status.error());
    return std::string();
  }
  Status end() override { return {}; }

 private:
  const ExportHead* head_ = nullptr;
  ExportTarget* target_ = nullptr;
};

}  // namespace

std::unique_ptr<Exporter> make_elastic_exporter() {
  return std::make_unique<ElasticExporter>();
}

}  // namespace spoor
