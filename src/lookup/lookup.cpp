#include "lookup/lookup.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "logs/format.h"
#include "logs/record.h"
#include "match/exact.h"

namespace spoor {
namespace {

constexpr std::size_t kMostHosts = 5;

// Types whose values look like anything: asked for only where the value is known as nothing
// else.
constexpr IndicatorType kShapeless[] = {IndicatorType::kMutex,    IndicatorType::kNamedPipe,
                                        IndicatorType::kFileName, IndicatorType::kUserAgent,
                                        IndicatorType::kYara,     IndicatorType::kOsquery,
                                        IndicatorType::kUri};

/// The hosts that lines name, those of most lines first.
std::vector<std::string> hosts_of(const std::vector<std::string>& lines) {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const std::string& line : lines) {
    Record record;
    const FormatState state;
    read_record(line, text_format(), state, record);
    const std::string host(record.value(Slot::kHost).substr(0, 253));
    if (host.empty()) continue;
    const auto known = std::find_if(counts.begin(), counts.end(),
                                    [&](const auto& row) { return row.first == host; });
    if (known == counts.end()) {
      counts.emplace_back(host, 1);
    } else {
      ++known->second;
    }
  }
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  std::vector<std::string> hosts;
  for (auto& [host, count] : counts) {
    if (hosts.size() == kMostHosts) break;
    hosts.push_back(std::move(host));
  }
  return hosts;
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void judge(LookupAnswer& answer) {
  std::uint64_t live = 0, claims = 0;
  Grade strongest = Grade::kNone, strongest_live = Grade::kNone;
  const KnownIndicator* best = nullptr;
  bool hunted = false;
  for (const KnownIndicator& known : answer.known) {
    claims += known.claims.size();
    if (!known.quarantine.empty()) continue;
    hunted = true;
    live += known.live;
    strongest = std::max(strongest, known.grade);
    if (known.live > 0 && (best == nullptr || known.grade > strongest_live)) {
      best = &known;
      strongest_live = known.grade;
    }
  }
  if (answer.known.empty()) {
    answer.verdict = LookupVerdict::kUnknown;
    answer.reason = "not known, nothing in the store claims or covers it";
  } else if (!hunted) {
    answer.verdict = LookupVerdict::kQuarantined;
    answer.reason = "kept out of hunts: " + answer.known.front().quarantine;
  } else if (live == 0) {
    answer.verdict = LookupVerdict::kEnded;
    answer.reason = "all of " + counted(claims, "claim") + " have ended";
  } else if (strongest_live <= Grade::kWeak && !best->rule.empty()) {
    answer.verdict = LookupVerdict::kWeak;
    answer.reason = "a hunt would call it weak, by " + best->rule;
  } else {
    answer.verdict = LookupVerdict::kLive;
    answer.reason = counted(live, "claim") + " that " + (live == 1 ? "has" : "have") +
                    " not ended, strongest " + std::string(name_of(strongest_live)) +
                    (best->rule.empty() ? "" : " by " + best->rule);
  }
}

}  // namespace

std::string_view name_of(Relation relation) {
  return relation == Relation::kItself ? "itself" : "covers";
}

std::string_view name_of(LookupVerdict verdict) {
  switch (verdict) {
    case LookupVerdict::kRefused:
      return "refused";
    case LookupVerdict::kUnknown:
      return "unknown";
    case LookupVerdict::kQuarantined:
      return "quarantined";
    case LookupVerdict::kEnded:
      return "ended";
    case LookupVerdict::kWeak:
      return "weak";
    case LookupVerdict::kLive:
      return "live";
  }
  return "";
}

bool has_ended(const ClaimView& claim, Time now) {
  return !claim.active || (claim.ended && *claim.ended <= now) ||
         (claim.expiration && *claim.expiration <= now);
}

Result<std::unique_ptr<Lookup>> Lookup::open(Store& store, LookupOptions options) {
  auto reader = store.value_reader();
  if (!reader) return fail(reader.error());
  std::unique_ptr<Lookup> lookup(new Lookup(std::move(*reader), options));
  if (auto status = lookup->index_.prepare(); !status) return fail(status.error());
  return lookup;
}

Status Lookup::add_known(KnownIndicator known, LookupAnswer& answer) {
  auto claims = reader_->claims(known.id);
  if (!claims) return fail(claims.error());
  known.claims = std::move(*claims);
  // Kept for a sighting's sake, though no source has it: nothing claims it.
  if (known.claims.empty()) return {};
  known.quarantine = known.claims.front().quarantine;
  for (const ClaimView& claim : known.claims)
    known.live += has_ended(claim, options_.now) ? 0 : 1;
  auto sightings = reader_->sightings(known.id);
  if (!sightings) return fail(sightings.error());
  known.sightings = std::move(*sightings);
  known.hosts = hosts_of(known.sightings.samples);
  answer.known.push_back(std::move(known));
  return {};
}

Status Lookup::find_known(const LookupSubject& subject, LookupAnswer& answer) {
  index_.begin(subject);
  hits_.clear();
  if (row_of(subject.observable.type).matching == Matching::kText)
    scan_exact(index_, subject.text, subject.fields, hits_);
  if (!index_.status()) return index_.status();
  answer.capped = index_.capped();
  // The strongest hit of each indicator.
  std::unordered_map<std::uint32_t, const Hit*> best;
  std::vector<std::uint32_t> order;
  for (const Hit& hit : hits_) {
    const auto number = static_cast<std::uint32_t>(hit.indicator);
    const auto [place, is_new] = best.emplace(number, &hit);
    if (is_new) {
      order.push_back(number);
    } else if (hit.grade > place->second->grade) {
      place->second = &hit;
    }
  }
  std::vector<KnownIndicator> found;
  bool itself = false;
  for (const std::uint32_t number : order) {
    const ClaimRef claim = index_.at(number);
    KnownIndicator known;
    known.id = index_.id_of(number);
    known.observable = {claim.type, std::string(claim.value)};
    known.grade = best[number]->grade;
    known.rule = best[number]->rule;
    if (known.observable.value == subject.observable.value) known.relation = Relation::kItself;
    itself = itself || known.observable == subject.observable;
    found.push_back(std::move(known));
  }
  if (!itself) {
    // What is never matched as text, and values that stand in no text whole.
    const auto id = reader_->find(subject.observable.type, subject.observable.value);
    if (!id) return fail(id.error());
    if (*id) {
      KnownIndicator known;
      known.id = **id;
      known.observable = subject.observable;
      known.relation = Relation::kItself;
      known.grade = Grade::kExact;
      found.push_back(std::move(known));
    }
  }
  std::stable_sort(
      found.begin(), found.end(), [](const KnownIndicator& a, const KnownIndicator& b) {
        if (a.relation != b.relation) return a.relation < b.relation;
        if (a.grade != b.grade) return a.grade > b.grade;
        if (a.observable.type == b.observable.type && a.observable.type != IndicatorType::kCidr)
          return a.observable.value.size() > b.observable.value.size();
        return false;  // networks come longest first
      });
  for (KnownIndicator& known : found) {
    if (auto status = add_known(std::move(known), answer); !status) return status;
  }
  return {};
}

Status Lookup::add_pulses(LookupAnswer& answer) {
  const auto is_known = [&](const Observable& observable) {
    return std::any_of(
        answer.known.begin(), answer.known.end(),
        [&](const KnownIndicator& known) { return known.observable == observable; });
  };
  for (const KnownIndicator& known : answer.known) {
    for (const ClaimView& claim : known.claims) {
      if (claim.pulse_id.empty()) continue;
      if (std::any_of(answer.pulses.begin(), answer.pulses.end(),
                      [&](const KnownPulse& pulse) { return pulse.id == claim.pulse_id; }))
        continue;
      KnownPulse pulse{
          claim.pulse_id, claim.pulse_name, claim.pulse_author, claim.adversary, 0, {}};
      const auto neighbours = reader_->neighbours(claim.pulse_id);
      if (!neighbours) return fail(neighbours.error());
      for (const Observable& other : (*neighbours)->first) {
        if (pulse.related.size() == options_.related) break;
        if (!is_known(other)) pulse.related.push_back(other);
      }
      pulse.others = (*neighbours)->total;
      answer.pulses.push_back(std::move(pulse));
    }
  }
  for (KnownPulse& pulse : answer.pulses) {
    // Those that were looked up are no others.
    std::uint64_t own = 0;
    for (const KnownIndicator& known : answer.known) {
      own += std::any_of(known.claims.begin(), known.claims.end(),
                         [&](const ClaimView& claim) { return claim.pulse_id == pulse.id; })
                 ? 1
                 : 0;
    }
    pulse.others -= std::min(own, pulse.others);
  }
  return {};
}

Result<std::optional<Canonical>> Lookup::shapeless(std::string_view asked) {
  for (const IndicatorType type : kShapeless) {
    auto canonical = canonicalize(type, asked);
    if (!canonical) continue;
    const auto id = reader_->find(canonical->observable.type, canonical->observable.value);
    if (!id) return fail(id.error());
    if (*id) return std::move(*canonical);
  }
  return std::nullopt;
}

Result<LookupAnswer> Lookup::look_up(std::string_view asked,
                                     std::optional<IndicatorType> type) {
  auto answer = look_up_as(asked, type ? canonicalize(*type, asked) : infer(asked), type);
  if (!answer || type || answer->is_known()) return answer;
  // What nothing but a type word tells apart from any other text.
  auto other = shapeless(asked);
  if (!other) return fail(other.error().at("lookup"));
  if (!*other) return answer;
  return look_up_as(asked, std::move(**other), (*other)->observable.type);
}

Result<LookupAnswer> Lookup::look_up_as(std::string_view asked,
                                        const OrRefusal<Canonical>& canonical,
                                        std::optional<IndicatorType> type) {
  LookupAnswer answer;
  answer.asked = asked;
  if (!canonical) {
    answer.refused = canonical.error();
    answer.verdict = LookupVerdict::kRefused;
    answer.reason = answer.refused->rule + ": " + answer.refused->reason;
    return answer;
  }
  answer.value = canonical->observable;
  answer.notes = canonical->notes;
  const LookupSubject subject =
      make_subject(canonical->observable, type ? TypeSource::kGiven : TypeSource::kInferred);
  if (auto status = find_known(subject, answer); !status)
    return fail(status.error().at("lookup"));
  if (auto status = add_pulses(answer); !status) return fail(status.error().at("lookup"));
  judge(answer);
  return answer;
}

}  // namespace spoor
