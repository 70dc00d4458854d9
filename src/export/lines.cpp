// Formats of one line an indicator that need no more: values as they are, and JSON. A value
// with a line end in it has no place in a list and is left out of it. Tested by
// formats_test.cpp.

#include "base/json_writer.h"
#include "export/format.h"
#include "export/names.h"

namespace spoor {
namespace {

class PlainExporter final : public Exporter {
 public:
  Status begin(const ExportHead&, ExportTarget& target) override {
    target_ = &target;
    return {};
  }
  Result<std::string> add(const ExportItem& item) override {
    const std::string& value = item.observable.value;
    for (const char c : value) {
      if (c == '\n' || c == '\r' || c == '\0')
        return std::string("a line cannot hold the value");
    }
    // What begins like a comment would be read as one.
    if (value.front() == '#' || value.front() == ';')
      return std::string("a line cannot hold the value");
    if (auto status = target_->write("", value + "\n"); !status) return fail(status.error());
    return std::string();
  }
  Status end() override { return {}; }

 private:
  ExportTarget* target_ = nullptr;
};

class JsonExporter final : public Exporter {
 public:
  Status begin(const ExportHead&, ExportTarget& target) override {
    target_ = &target;
    return {};
  }
  Result<std::string> add(const ExportItem& item) override {
    JsonWriter json;
    json.begin_object()
        .member("type", name_of(item.observable.type))
        .member("indicator", item.observable.value)
        .member("tlp", name_of(item.tlp));
    if (item.pap) json.member("pap", name_of(*item.pap));
    if (item.confidence) json.member("confidence", std::uint64_t{*item.confidence});
    json.strings_if("feeds", item.feeds);
    json.strings_if("pulses", item.pulses);
    json.strings_if("roles", item.roles);
    json.strings_if("tags", item.tags);
    json.strings_if("malware_families", item.malware);
    json.strings_if("attack_ids", item.attack_ids);
    json.strings_if("adversaries", item.adversaries);
    if (!item.description.empty()) json.member("description", item.description);
    if (!item.content.empty()) json.member("content", item.content);
    json.member_if("first", item.first);
    json.member_if("last", item.last);
    json.member_if("valid_until", item.valid_until);
    json.member("live", !item.ended);
    if (item.sightings) {
      json.key("sightings").begin_object().member("count", item.sightings->count);
      json.member_if("first", item.sightings->first);
      json.member_if("last", item.sightings->last);
      json.end_object();
    }
    json.end_object();
    if (auto status = target_->write("", json.take() + "\n"); !status)
      return fail(status.error());
    return std::string();
  }
  Status end() override { return {}; }

 private:
  ExportTarget* target_ = nullptr;
};

}  // namespace

std::unique_ptr<Exporter> make_plain_exporter() {
  return std::make_unique<PlainExporter>();
}
std::unique_ptr<Exporter> make_json_exporter() {
  return std::make_unique<JsonExporter>();
}

}  // namespace spoor
