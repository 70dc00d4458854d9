#include "app/otx_pulse_body.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "ioc/canonical.h"
#include "ioc/sighting.h"

namespace spoor {
namespace {

constexpr std::size_t kShortestName = 5, kLongestName = 64;  // as OTX's reference page says

std::string label_of(const Observable& observable) {
  return std::string(name_of(observable.type)) + " " + observable.value;
}

/// Takes each observable once, and only what OTX can hold.
class Taker {
 public:
  explicit Taker(OtxPulseBody& body) : body_(body) {}
  void take(const Observable& observable) {
    if (!seen_.insert(label_of(observable)).second) return;
    if (observable.type > IndicatorType::kBitcoinAddress) {
      body_.left_out.push_back(label_of(observable) + ": OTX has no such type");
      return;
    }
    body_.indicators.push_back(observable);
  }
  void leave_out(const Observable& observable, const std::string& why) {
    if (seen_.insert(label_of(observable)).second)
      body_.left_out.push_back(label_of(observable) + ": " + why);
  }

 private:
  OtxPulseBody& body_;
  std::set<std::string> seen_;
};

Status add_typed(const Invocation& invocation, Taker& taker) {
  for (const std::string& word : invocation.options.all("add")) {
    const std::size_t equals = word.find('=');
    const auto type = type_from_name(word.substr(0, equals));
    if (equals == std::string::npos || !type)
      return fail("otx: --add: found '" + word + "', expected TYPE=VALUE with a type of OTX");
    const auto canonical = canonicalize(*type, word.substr(equals + 1));
    if (!canonical)
      return fail("otx: --add: '" + word + "': " + canonical.error().reason + " (" +
                  canonical.error().rule + ")");
    taker.take(canonical->observable);
  }
  return {};
}

Status add_sightings(const Invocation& invocation, Tlp tlp, Taker& taker) {
  if (!invocation.options.has("from-sightings")) return {};
  SightingFilter filter;
  filter.min_grade = Grade::kEquivalent;
  for (const std::string& word : invocation.options.all("type")) {
    const auto type = type_from_name(word);
    if (!type)
      return fail("otx: --type: found '" + word + "', expected a type such as domain, IPv4");
    filter.types.push_back(*type);
  }
  filter.value = invocation.options.value("value");
  if (invocation.options.has("min-grade")) {
    const auto grade = grade_from_name(invocation.options.value("min-grade"));
    if (!grade)
      return fail("otx: --min-grade: found '" + invocation.options.value("min-grade") +
                  "', expected weak, mention, derived, contains, equivalent or exact");
    filter.min_grade = *grade;
  }
  auto store = open_store(invocation, Store::Mode::kReadOnly);
  if (!store) return fail(store.error());
  struct Seen {
    ObservableId id;
    Observable observable;
    bool suppressed;
  };
  std::vector<Seen> all;
  SPOOR_TRY(
      (*store)->for_each_sighting(filter,
                                  [&](const StoredSighting& stored) {
                                    const Sighting& sighting = stored.sighting;
                                    all.push_back({sighting.observable_id, sighting.observable,
                                                   sighting.verdict == Verdict::kSuppressed});
                                  }),
      "otx: sightings");
  std::stable_sort(all.begin(), all.end(), [](const Seen& a, const Seen& b) {
    return std::tie(a.observable, a.suppressed) < std::tie(b.observable, b.suppressed);
  });
  const Observable* last = nullptr;
  for (const Seen& seen : all) {
    if (last != nullptr && *last == seen.observable) continue;
    last = &seen.observable;
    if (seen.suppressed) {
      taker.leave_out(seen.observable, "every sighting of it is suppressed");
      continue;
    }
    const auto claims = (*store)->claims_of(seen.id);
    if (!claims) return fail(claims.error().at("otx"));
    const auto stricter = std::find_if(claims->begin(), claims->end(), [&](const ClaimView& c) {
      return c.tlp && *c.tlp > tlp;
    });
    if (stricter != claims->end()) {
      taker.leave_out(seen.observable, "pulse " + stricter->pulse_id + ", tlp " +
                                           std::string(name_of(*stricter->tlp)) +
                                           ", claims it: stricter than this one");
      continue;
    }
    taker.take(seen.observable);
  }
  return {};
}

void write_row(JsonWriter& json, const Observable& observable) {
  json.begin_object()
      .member("indicator", observable.value)
      .member("type", name_of(observable.type))
      .member("description", "")
      .end_object();
}

}  // namespace

std::string_view otx_tlp_word(Tlp tlp) {
  switch (tlp) {
    case Tlp::kClear:
      return "white";
    case Tlp::kGreen:
      return "green";
    case Tlp::kAmber:
    case Tlp::kAmberStrict:
      return "amber";
    case Tlp::kRed:
      return "red";
  }
  return "red";
}

Result<OtxPulseBody> otx_pulse_body(const Invocation& invocation) {
  const Options& options = invocation.options;
  OtxPulseBody body;
  body.name = options.value("name");
  if (options.has("name") &&
      (body.name.size() < kShortestName || body.name.size() > kLongestName)) {
    return fail("otx: --name: found " + std::to_string(body.name.size()) +
                " bytes, expected 5 to 64");
  }
  body.description = options.value("description");
  if (options.has("tlp")) {
    const std::string word = lower(options.value("tlp"));
    if (word != "white" && word != "clear" && word != "green" && word != "amber" &&
        word != "red")
      return fail("otx: --tlp: found '" + word + "', expected white, green, amber or red");
    body.tlp = parse_tlp(word);
  }
  body.is_public = options.has("public");
  if (body.is_public && body.tlp > Tlp::kGreen)
    return fail("otx: a public pulse is white or green, found tlp " +
                std::string(otx_tlp_word(body.tlp)) + " (--tlp)");
  if (body.is_public && options.has("private"))
    return fail("otx: found both --public and --private");
  body.tags = options.all("tag");
  body.references = options.all("reference");
  Taker taker(body);
  if (auto status = add_typed(invocation, taker); !status) return fail(status.error());
  if (auto status = add_sightings(invocation, body.tlp, taker); !status)
    return fail(status.error());
  return body;
}

std::string create_json(const OtxPulseBody& body) {
  JsonWriter json;
  json.begin_object().member("name", body.name).member("description", body.description);
  json.member("public", body.is_public).member("TLP", otx_tlp_word(body.tlp));
  json.strings("tags", body.tags).strings("references", body.references);
  json.key("indicators").begin_array();
  for (const Observable& observable : body.indicators) write_row(json, observable);
  json.end_array().end_object();
  return json.take();
}

std::string edit_json(const Invocation& invocation, const OtxPulseBody& body,
                      const std::set<std::string>& known,
                      const std::vector<std::int64_t>& removed) {
  const Options& options = invocation.options;
  JsonWriter json;
  json.begin_object();
  if (options.has("name")) json.member("name", body.name);
  if (options.has("description")) json.member("description", body.description);
  if (options.has("tlp")) json.member("TLP", otx_tlp_word(body.tlp));
  if (options.has("public")) json.member("public", true);
  if (options.has("private")) json.member("public", false);
  if (options.has("reference")) json.strings("references", body.references);
  if (options.has("tag") || options.has("remove-tag")) {
    json.key("tags").begin_object();
    if (options.has("tag")) json.strings("add", body.tags);
    if (options.has("remove-tag")) json.strings("remove", options.all("remove-tag"));
    json.end_object();
  }
  std::vector<const Observable*> added;
  for (const Observable& observable : body.indicators) {
    if (known.count(observable.value) == 0) added.push_back(&observable);
  }
  if (!added.empty() || !removed.empty()) {
    json.key("indicators").begin_object();
    if (!added.empty()) {
      json.key("add").begin_array();
      for (const Observable* observable : added) write_row(json, *observable);
      json.end_array();
    }
    if (!removed.empty()) {
      json.key("remove").begin_array();
      for (const std::int64_t id : removed) json.begin_object().member("id", id).end_object();
      json.end_array();
    }
    json.end_object();
  }
  json.end_object();
  return json.take();
}

}  // namespace spoor
