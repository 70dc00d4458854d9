// A STIX 2.1 bundle, written as it comes: the identity, then for each indicator what it needs
// that has not been written yet (marking, malware, actor, technique), itself, its
// relationships, its sighting; at the end a report for each pulse. The bundle's id is made of
// the ids in it and therefore stands last. Memory: the distinct names of malware, actors and
// techniques, a number a pulse; which indicator is in which pulse waits in a temporary file
// (spool.h). Source: OASIS STIX 2.1. Tested by formats_test.cpp, and by the validator of OASIS
// (tests/export_peers).

#include <algorithm>
#include <unordered_set>

#include "base/ascii.h"
#include "base/hash.h"
#include "export/format.h"
#include "export/names.h"
#include "export/spool.h"
#include "export/stix_objects.h"
#include "export/stix_pattern.h"

namespace spoor {
namespace {

constexpr std::size_t kMostText = 16 << 10;  // of a description

class StixExporter final : public Exporter {
 public:
  Status begin(const ExportHead& head, ExportTarget& target) override {
    head_ = &head;
    target_ = &target;
    maker_.id = stix_id("identity", head.producer);
    if (auto status = raw("{\"type\":\"bundle\",\"objects\":[\n"); !status) return status;
    return object(maker_.id, maker_.identity(head.producer));
  }

  Result<std::string> add(const ExportItem& item) override {
    const Observable& observable = item.observable;
    const std::string key = std::string(name_of(observable.type)) + "|" + observable.value;
    std::string kind = "indicator";
    StixPattern pattern;
    if (observable.type == IndicatorType::kCve) {
      kind = "vulnerability";
    } else {
      pattern = stix_pattern(item);
      if (pattern.type.empty())
        return "no STIX pattern for " + std::string(name_of(observable.type));
    }
    if (auto status = marking(item.tlp); !status) return fail(status.error());
    const Uuid uuid = stix_uuid(kind, kind == "vulnerability" ? observable.value : key);
    const std::string id = kind + "--" + uuid_text(uuid);
    auto status =
        object(id, kind == "vulnerability" ? maker_.vulnerability(observable.value, item.tlp)
                                           : indicator(id, pattern, item));
    if (status && kind == "indicator") status = relations(id, item);
    if (status && item.sightings) status = sighting(id, item);
    std::vector<std::string_view> in;  // two feeds may show one pulse
    for (const ClaimView& claim : item.claims) {
      if (claim.pulse_id.empty() || std::find(in.begin(), in.end(), claim.pulse_id) != in.end())
        continue;
      in.push_back(claim.pulse_id);
      if (status) status = pulses_.add(claim.pulse_id, uuid);
    }
    if (!status) return fail(status.error());
    is_vulnerability_ = is_vulnerability_ || kind == "vulnerability";
    if (kind == "vulnerability") vulnerabilities_.insert(uuid_text(uuid));
    return std::string();
  }

  Status end() override {
    for (std::size_t i = 0; i < pulses_.pulses().size(); ++i) {
      if (auto status = report(i); !status) return status;
    }
    const Digest128 digest = ids_.digest();
    const std::string id = stix_id("bundle", digest.view());
    return raw("\n],\"id\":\"" + id + "\"}\n");
  }

 private:
  Status raw(std::string_view text) { return target_->write("", text); }

  Status object(std::string_view id, std::string_view json) {
    ids_.update(id);
    if (auto status = raw(first_ ? "" : ",\n"); !status) return status;
    first_ = false;
    return raw(json);
  }

  Status marking(Tlp tlp) {
    bool& written = markings_[static_cast<std::size_t>(tlp)];
    if (written) return {};
    written = true;
    return object(tlp_marking(tlp), tlp_marking_object(tlp));
  }

  std::string indicator(const std::string& id, const StixPattern& pattern,
                        const ExportItem& item) const {
    JsonWriter json;
    const Time created = item.first.value_or(kStixUndated);
    begin_stix(json, "indicator", id, maker_.id, created, item.last.value_or(created));
    json.member("name", item.observable.value);
    const std::string_view says = cut_utf8(item.description, kMostText);
    json.member("description", says.empty() ? "claimed by " + joined(item.feeds) +
                                                  (item.pulses.empty() ? "" : ": ") +
                                                  joined(item.pulses, "; ")
                                            : std::string(says));
    json.key("indicator_types").begin_array().string("malicious-activity").end_array();
    json.member("pattern", pattern.text).member("pattern_type", pattern.type);
    if (pattern.type == "stix") json.member("pattern_version", "2.1");
    json.member("valid_from", stix_time(created));
    if (item.valid_until && *item.valid_until > created + std::chrono::milliseconds(1))
      json.member("valid_until", stix_time(*item.valid_until));
    if (item.confidence) json.member("confidence", std::uint64_t{*item.confidence});
    std::vector<std::string> labels;
    for (const auto* words : {&item.tags, &item.roles}) {
      for (const std::string& word : *words) {
        if (std::find(labels.begin(), labels.end(), word) == labels.end())
          labels.push_back(word);
      }
    }
    if (item.ended) labels.emplace_back("ended");
    if (!labels.empty()) json.strings("labels", labels);
    if (item.pap) {
      json.key("external_references")
          .begin_array()
          .begin_object()
          .member("source_name", "PAP")
          .member("description", "PAP:" + upper(name_of(*item.pap)))
          .end_object()
          .end_array();
    }
    stix_marking(json, item.tlp);
    json.end_object();
    return json.take();
  }

  Status relations(const std::string& indicator, const ExportItem& item) {
    const Time created = item.first.value_or(kStixUndated);
    const Time modified = item.last.value_or(created);
    const auto relate = [&](std::string_view kind, const std::string& key,
                            const std::string& json) -> Status {
      const std::string id = stix_id(kind, key);
      if (named_.insert(id).second) {
        if (auto status = object(id, json); !status) return status;
      }
      const std::string link =
          maker_.relationship(indicator, "indicates", id, item.tlp, created, modified);
      return object(indicator + id, link);
    };
    // Names that differ by letter case alone are one object.
    std::unordered_set<std::string> done;
    for (const std::string& name : item.malware) {
      const std::string key = lower(name);
      if (!done.insert("m" + key).second) continue;
      if (auto status = relate("malware", key, maker_.malware(name, item.tlp)); !status)
        return status;
    }
    for (const std::string& name : item.adversaries) {
      const std::string key = lower(name);
      if (!done.insert("a" + key).second) continue;
      if (auto status = relate("threat-actor", key, maker_.threat_actor(name, item.tlp));
          !status)
        return status;
    }
    for (const std::string& id : item.attack_ids) {
      if (!is_attack_id(id) || !done.insert("t" + id).second) continue;
      if (auto status = relate("attack-pattern", id, maker_.attack_pattern(id, item.tlp));
          !status)
        return status;
    }
    return {};
  }

  Status sighting(const std::string& of, const ExportItem& item) {
    const SightingSummary& seen = *item.sightings;
    const std::string id = stix_id("sighting", of);
    JsonWriter json;
    const Time created = seen.first.value_or(item.first.value_or(kStixUndated));
    const Time modified = std::max(created, seen.last.value_or(created));
    begin_stix(json, "sighting", id, maker_.id, created, modified);
    if (seen.first) json.member("first_seen", stix_time(*seen.first));
    if (seen.last) json.member("last_seen", stix_time(*seen.last));
    json.member("count", std::min<std::uint64_t>(seen.count, 999'999'999))
        .member("sighting_of_ref", of);
    json.key("where_sighted_refs").begin_array().string(maker_.id).end_array();
    stix_marking(json, std::max(item.tlp, Tlp::kAmber));
    json.end_object();
    if (auto status = marking(std::max(item.tlp, Tlp::kAmber)); !status) return status;
    return object(id, json.take());
  }

  Status report(std::size_t number) {
    const std::string& key = pulses_.pulses()[number];
    const auto found = head_->pulse(key);
    if (!found) return fail(found.error());
    if (!*found) return {};
    const Pulse& pulse = **found;
    const Tlp tlp = pulse.tlp;
    if (auto status = marking(tlp); !status) return status;
    const std::string id = stix_id("report", key);
    JsonWriter json;
    const Time created = pulse.created.value_or(pulse.modified.value_or(kStixUndated));
    begin_stix(json, "report", id, maker_.id, created, pulse.modified.value_or(created));
    json.member("name", pulse.name.empty() ? key : pulse.name);
    if (!pulse.description.empty())
      json.member("description", cut_utf8(pulse.description, kMostText));
    json.key("report_types").begin_array().string("threat-report").end_array();
    json.member("published", stix_time(created));
    if (!pulse.tags.empty()) json.strings("labels", pulse.tags);
    json.key("external_references").begin_array();
    json.begin_object().member("source_name", "otx").member("external_id", key).end_object();
    for (const std::string& reference : pulse.references) {
      if (reference.rfind("http://", 0) != 0 && reference.rfind("https://", 0) != 0) continue;
      json.begin_object()
          .member("source_name", "reference")
          .member("description", reference)
          .end_object();
    }
    json.end_array();
    stix_marking(json, tlp);
    json.end_object();
    std::string text = json.take();
    text.pop_back();  // what it is about follows, piece by piece
    ids_.update(id);
    if (auto status = raw(",\n" + text + ",\"object_refs\":["); !status) return status;
    Status written;
    bool first = true;
    if (auto status = pulses_.for_each(
            number,
            [&](const Uuid& member) {
              if (!written) return;
              const std::string uuid = uuid_text(member);
              const bool cve = is_vulnerability_ && vulnerabilities_.count(uuid) > 0;
              written = raw((first ? "\"" : ",\"") +
                            std::string(cve ? "vulnerability--" : "indicator--") + uuid + "\"");
              first = false;
            });
        !status) {
      return status;
    }
    if (!written) return written;
    return raw("]}");
  }

  const ExportHead* head_ = nullptr;
  ExportTarget* target_ = nullptr;
  StixMaker maker_;
  PulseSpool pulses_;
  Hasher128 ids_;
  bool markings_[5] = {};
  std::unordered_set<std::string> named_;
  bool is_vulnerability_ = false;
  std::unordered_set<std::string> vulnerabilities_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<Exporter> make_stix_exporter() {
  return std::make_unique<StixExporter>();
}

}  // namespace spoor
