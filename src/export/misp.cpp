// One MISP event with an attribute an indicator, as MISP and PyMISP load it: uuids are made of
// what they name, so that a second import updates the first. What the attributes cannot say of
// themselves stands in tags of the namespace `spoor`. The event's own TLP is the strictest of
// its attributes and therefore stands behind them. Source: MISP core format (draft-dulaunoy-
// misp-core-format). Tested by formats_test.cpp, and by PyMISP (tests/export_peers).

#include <algorithm>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/uuid.h"
#include "export/format.h"
#include "export/names.h"

namespace spoor {
namespace {

constexpr std::size_t kMostComment = 1000;
constexpr Time kUndated{};

std::string seconds_text(Time time) {
  return std::to_string(std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count()));
}

/// namespace:predicate="value"; a quote would end the value.
std::string machine_tag(std::string_view predicate, std::string_view value) {
  std::string text = "spoor:" + std::string(predicate) + "=\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    text += c == '"' ? '\'' : byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return text + "\"";
}

std::string tlp_tag(Tlp tlp) {
  return "tlp:" + std::string(name_of(tlp));
}

std::string uuid_of(std::string_view kind, std::string_view key) {
  return uuid_text(
      uuid5(spoor_namespace(), "misp|" + std::string(kind) + "|" + std::string(key)));
}

class MispExporter final : public Exporter {
 public:
  Status begin(const ExportHead& head, ExportTarget& target) override {
    target_ = &target;
    const Time newest = head.newest.value_or(kUndated);
    JsonWriter json;
    json.begin_object()
        .member("uuid", uuid_of("event", head.producer + "|" + head.title + "|" + head.filter))
        .member("info", head.title)
        .member("date", format_iso8601(newest).substr(0, 10))
        .member("timestamp", seconds_text(newest))
        .member("threat_level_id", "4")  // undefined: no source says one for all
        .member("analysis", "2")         // completed
        .member("distribution", "0")     // the receiver decides whom it goes to
        .member("published", false);
    json.key("Orgc")
        .begin_object()
        .member("name", head.producer)
        .member("uuid", uuid_of("org", head.producer))
        .end_object()
        .end_object();
    std::string text = json.take();
    text.pop_back();
    return target.write("", "{\"Event\":" + text + ",\"Attribute\":[\n");
  }

  Result<std::string> add(const ExportItem& item) override {
    const Observable& observable = item.observable;
    const std::string type = misp_type(observable);
    if (type.empty()) return "no MISP type for " + std::string(name_of(observable.type));
    std::string value = observable.value;
    if (observable.type == IndicatorType::kIpv4Port ||
        observable.type == IndicatorType::kIpv6Port) {
      const AddressPort parts = split_port(value);
      value = parts.address + "|" + parts.port;
    } else if (observable.type == IndicatorType::kYara && !item.content.empty()) {
      value = item.content;
    }
    JsonWriter json;
    json.begin_object()
        .member("uuid", uuid_of("attribute",
                                std::string(name_of(observable.type)) + "|" + observable.value))
        .member("type", type)
        .member("category", row_of(observable.type).misp_category)
        .member("value", value)
        .member("to_ids", !item.ended && observable.type != IndicatorType::kCve)
        .member("distribution", "5")  // as the event's
        .member("timestamp", seconds_text(item.last.value_or(kUndated)))
        .member("comment", comment_of(item));
    if (item.first) json.member("first_seen", misp_time(*item.first));
    // An end that has come is the last time it was seen as such; else what the source says.
    const auto last = item.ended && item.valid_until ? item.valid_until : item.last;
    if (last && (!item.first || *last >= *item.first))
      json.member("last_seen", misp_time(*last));
    write_tags(json, item);
    json.end_object();
    strictest_ = std::max(strictest_, item.tlp);
    const std::string joint = first_ ? "" : ",\n";
    first_ = false;
    if (auto status = target_->write("", joint + json.take()); !status)
      return fail(status.error());
    return std::string();
  }

  Status end() override {
    JsonWriter json;
    json.begin_array().begin_object().member("name", tlp_tag(strictest_)).end_object();
    json.end_array();
    return target_->write("", "\n],\"Tag\":" + json.take() + "}}\n");
  }

 private:
  static std::string misp_time(Time time) {
    std::string text = format_iso8601(time);
    text.pop_back();  // the Z
    return text + (text.find('.') == std::string::npos ? ".000000+00:00" : "+00:00");
  }

  static std::string comment_of(const ExportItem& item) {
    std::string text = joined(item.pulses, "; ");
    if (!item.description.empty()) text += (text.empty() ? "" : ": ") + item.description;
    return std::string(cut_utf8(text, kMostComment));
  }

  static void write_tags(JsonWriter& json, const ExportItem& item) {
    std::vector<std::string> tags = {tlp_tag(item.tlp)};
    if (item.pap) tags.push_back("PAP:" + upper(name_of(*item.pap)));
    if (item.confidence)
      tags.push_back(machine_tag("confidence", std::to_string(*item.confidence)));
    for (const std::string& tag : item.tags) {
      // A tag of the source's that says another TLP than ours would contradict it.
      if (!starts_with_ignore_case(tag, "tlp:") && !starts_with_ignore_case(tag, "pap:"))
        tags.push_back(tag);
    }
    for (const std::string& word : item.malware) tags.push_back(machine_tag("malware", word));
    for (const std::string& word : item.adversaries)
      tags.push_back(machine_tag("adversary", word));
    for (const std::string& word : item.attack_ids) tags.push_back(machine_tag("attack", word));
    for (const std::string& word : item.roles) tags.push_back(machine_tag("role", word));
    for (const std::string& word : item.feeds) tags.push_back(machine_tag("feed", word));
    json.key("Tag").begin_array();
    for (const std::string& tag : tags) json.begin_object().member("name", tag).end_object();
    json.end_array();
  }

  ExportTarget* target_ = nullptr;
  Tlp strictest_ = Tlp::kClear;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<Exporter> make_misp_exporter() {
  return std::make_unique<MispExporter>();
}

}  // namespace spoor
