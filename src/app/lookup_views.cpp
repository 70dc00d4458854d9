#include "app/lookup_views.h"

#include <algorithm>

#include "app/otx_sections.h"
#include "app/score_views.h"
#include "app/table.h"
#include "base/utf8.h"

namespace spoor {
namespace {

constexpr std::size_t kMostClaims = 20;  // lines of one indicator's claims
constexpr std::size_t kMostPulses = 10;
constexpr std::uint64_t kMostRows = 10;  // of a section of OTX

std::string time_cell(const std::optional<Time>& time) {
  return time ? format_iso8601(*time) : std::string();
}
/// People read days; the clock stands in --json.
std::string day_cell(const std::optional<Time>& time) {
  return time ? format_iso8601(*time).substr(0, 10) : std::string();
}

std::string counted(std::uint64_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

void add_new(std::vector<std::string>& words, const std::vector<std::string>& more) {
  for (const std::string& word : more) {
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
      words.push_back(word);
  }
}

std::string joined(const std::vector<std::string>& words, std::string_view joint = ", ") {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += joint;
    text += word;
  }
  return text;
}

std::string state_cell(const ClaimView& claim, Time now) {
  if (!has_ended(claim, now))
    return claim.expiration ? "live until " + day_cell(claim.expiration) : "live";
  if (claim.ended) return "ended " + day_cell(claim.ended);
  if (claim.active && claim.expiration) return "expired " + day_cell(claim.expiration);
  return "ended";
}

std::string age_text(Time then, Time now) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
  if (seconds < 120) return std::to_string(std::max<std::int64_t>(seconds, 0)) + " s old";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min old";
  if (seconds < 172'800) return std::to_string(seconds / 3600) + " h old";
  return std::to_string(seconds / 86'400) + " days old";
}

std::string shown(const Observable& observable) {
  return std::string(name_of(observable.type)) + " " + observable.value;
}

/// What the claims of one indicator say together, beyond their rows.
struct Said {
  std::vector<std::string> tags, malware, attack, adversaries, titles;
};
Said said_of(const KnownIndicator& known) {
  Said said;
  for (const ClaimView& claim : known.claims) {
    add_new(said.tags, claim.tags);
    add_new(said.malware, claim.malware_families);
    add_new(said.malware, {claim.facts.malware});
    add_new(said.attack, claim.attack_ids);
    add_new(said.attack, claim.facts.attack_ids);
    add_new(said.adversaries, {claim.adversary, claim.facts.adversary});
    add_new(said.titles, {claim.title, claim.description});
  }
  return said;
}

std::string sightings_text(const KnownIndicator& known) {
  const SightingSummary& seen = known.sightings;
  if (seen.count == 0) return "in no hunt";
  std::string text = std::to_string(seen.count) + (seen.count == 1 ? " time" : " times") +
                     " in " + counted(seen.files, "file");
  if (seen.first) text += ", " + time_cell(seen.first);
  if (seen.last && seen.last != seen.first) text += " to " + time_cell(seen.last);
  if (seen.suppressed > 0) text += ", " + std::to_string(seen.suppressed) + " suppressed";
  return text;
}

std::string places_text(const SightingSummary& seen) {
  std::vector<std::string> words;
  for (const SightingSummary::Place& place : seen.places)
    words.push_back(place.file + " (" + std::to_string(place.count) + ")");
  if (seen.files > seen.places.size())
    words.push_back("and " + std::to_string(seen.files - seen.places.size()) + " more");
  return joined(words);
}

std::string known_text(const KnownIndicator& known, const LookupView& view) {
  std::string text = terminal_safe(shown(known.observable));
  if (known.relation == Relation::kCovers) text += " covers it";
  text += ": " + std::string(name_of(known.grade));
  if (!known.rule.empty()) text += " by " + known.rule;
  if (!known.quarantine.empty())
    text += ", kept out of hunts (" + terminal_safe(known.quarantine) + ")";
  if (view.scores != nullptr && !known.claims.empty())
    text +=
        ", score " + score_text(score_of_claims(known.claims, view.now, *view.scores).score);
  text += "\n";
  TextTable claims(56);
  claims.row({"SINCE", "STATE", "FEED", "TLP", "ROLE", "PULSE"});
  std::size_t rows = 0;
  for (const ClaimView& claim : known.claims) {
    if (rows++ == kMostClaims) break;
    const std::optional<Tlp> tlp = claim.facts.tlp ? claim.facts.tlp : claim.tlp;
    claims.row({claim.created ? day_cell(claim.created) : "-", state_cell(claim, view.now),
                claim.feed, tlp ? std::string(name_of(*tlp)) : "-",
                claim.role.empty() ? "-" : claim.role, claim.pulse_name});
  }
  text += claims.text("  ");
  if (known.claims.size() > kMostClaims)
    text += "  and " + counted(known.claims.size() - kMostClaims, "more claim") + "\n";
  const Said said = said_of(known);
  TextTable facts(100);
  const std::pair<const char*, std::string> lines[] = {
      {"says", joined(said.titles, "; ")},     {"tags", joined(said.tags)},
      {"malware", joined(said.malware)},       {"att&ck", joined(said.attack)},
      {"adversary", joined(said.adversaries)}, {"seen", sightings_text(known)},
      {"where", places_text(known.sightings)}, {"hosts", joined(known.hosts)},
  };
  for (const auto& [name, words] : lines) {
    if (!words.empty()) facts.row({name, words});
  }
  return text + facts.text("  ");
}

std::string pulses_text(const LookupAnswer& answer) {
  if (answer.pulses.empty()) return {};
  std::string text = "\npulses\n";
  std::size_t rows = 0;
  for (const KnownPulse& pulse : answer.pulses) {
    if (rows++ == kMostPulses) break;
    text += "  " + terminal_safe(pulse.id) + "  " + terminal_safe(pulse.name);
    if (!pulse.author.empty()) text += ", by " + terminal_safe(pulse.author);
    text += "\n";
    if (pulse.others == 0) {
      text += "    no other indicator\n";
      continue;
    }
    text += "    " + counted(pulse.others, "other indicator") + "\n";
    TextTable related(70);
    for (const Observable& other : pulse.related)
      related.row({std::string(name_of(other.type)), other.value});
    text += related.text("      ");
    if (pulse.others > pulse.related.size() && !pulse.related.empty())
      text += "      and " + std::to_string(pulse.others - pulse.related.size()) + " more\n";
  }
  if (answer.pulses.size() > kMostPulses)
    text += "  and " + counted(answer.pulses.size() - kMostPulses, "more pulse") + "\n";
  return text;
}

std::string live_text(const LiveAnswer& live, Time now) {
  if (!live.refused.empty()) return "\nOTX is not asked: " + terminal_safe(live.refused) + "\n";
  std::string text;
  for (const LiveSection& section : live.sections) {
    text += "\nOTX " + std::string(section.row->name);
    if (!section.failed.empty()) {
      text += ": not to be had: " + terminal_safe(section.failed) + "\n";
      continue;
    }
    text += section.cached ? " (kept, " + age_text(section.fetched, now) + ")\n" : "\n";
    const auto rows = otx_section_text(*section.row, section.body, kMostRows);
    std::string_view rest = rows ? std::string_view(*rows) : std::string_view();
    while (!rest.empty()) {
      const std::size_t lf = rest.find('\n');
      text += "  " + std::string(rest.substr(0, lf)) + "\n";
      rest.remove_prefix(lf == std::string_view::npos ? rest.size() : lf + 1);
    }
  }
  return text;
}

const char* colour_of(LookupVerdict verdict) {
  switch (verdict) {
    case LookupVerdict::kLive:
      return "\x1b[1;31m";
    case LookupVerdict::kWeak:
    case LookupVerdict::kEnded:
    case LookupVerdict::kQuarantined:
      return "\x1b[33m";
    default:
      return "\x1b[2m";
  }
}

}  // namespace

std::string lookup_text(const LookupView& view) {
  const LookupAnswer& answer = *view.answer;
  std::string text;
  if (!answer.value) {
    text = terminal_safe(answer.asked) + "\n";
  } else {
    text = terminal_safe(answer.value->value) + "  " +
           std::string(name_of(answer.value->type)) + "\n";
  }
  const std::string word(name_of(answer.verdict));
  text += view.colour ? colour_of(answer.verdict) + word + "\x1b[0m: " : word + ": ";
  text += terminal_safe(answer.reason) + "\n";
  if (view.noise && view.noise->verdict != Verdict::kShown)
    text += "in hunts " + std::string(name_of(view.noise->verdict)) + ": " +
            terminal_safe(view.noise->reason) + "\n";
  for (const Refusal& note : answer.notes)
    text += "read as such by " + note.rule + ": " + terminal_safe(note.reason) + "\n";
  if (answer.capped)
    text += "more URLs of this host are claimed than were compared (the first " +
            std::to_string(StoreIndex::kMostOnHost) + ")\n";
  if (view.live != nullptr) {
    for (const BenignNote& note : view.live->benign)
      text += "OTX objects: " + terminal_safe(note.message) + " (" + terminal_safe(note.name) +
              ")\n";
  }
  for (const KnownIndicator& indicator : answer.known)
    text += "\n" + known_text(indicator, view);
  text += pulses_text(answer);
  if (view.live != nullptr) text += live_text(*view.live, view.now);
  return text;
}

std::vector<std::string> lookup_head(bool with_otx) {
  std::vector<std::string> head = {"VALUE",   "TYPE", "VERDICT", "BY",
                                   "SOURCES", "TLP",  "SEEN",    "WHAT"};
  if (with_otx) head.insert(head.end() - 1, "OTX");
  return head;
}

std::vector<std::string> lookup_row(const LookupView& view) {
  const LookupAnswer& answer = *view.answer;
  std::vector<std::string> feeds, names;
  std::uint64_t seen = 0;
  std::optional<Tlp> strictest;
  for (const KnownIndicator& known : answer.known) {
    seen += known.sightings.count;
    for (const ClaimView& claim : known.claims) {
      add_new(feeds, {claim.feed});
      add_new(names, {!claim.pulse_name.empty() ? claim.pulse_name
                      : !claim.title.empty()    ? claim.title
                                                : claim.description});
      const std::optional<Tlp> tlp = claim.facts.tlp ? claim.facts.tlp : claim.tlp;
      if (tlp && (!strictest || *tlp > *strictest)) strictest = tlp;
    }
  }
  std::string by, what;
  if (!answer.known.empty()) {
    const KnownIndicator& best = answer.known.front();
    by = std::string(name_of(best.grade));
    if (best.relation == Relation::kCovers) {
      by += " " + best.observable.value;
    } else if (best.observable.type != answer.value->type) {
      by += " " + std::string(name_of(best.observable.type));
    }
    what = joined(names, "; ");
  } else if (answer.refused) {
    what = answer.reason;
  }
  std::vector<std::string> row = {answer.value ? answer.value->value : answer.asked,
                                  answer.value ? std::string(name_of(answer.value->type)) : "-",
                                  std::string(name_of(answer.verdict)),
                                  by.empty() ? "-" : by,
                                  feeds.empty() ? "-" : joined(feeds),
                                  strictest ? std::string(name_of(*strictest)) : "-",
                                  seen == 0 ? "-" : std::to_string(seen),
                                  what};
  if (view.live != nullptr) {
    const LiveAnswer& live = *view.live;
    const bool failed = std::any_of(live.sections.begin(), live.sections.end(),
                                    [](const auto& each) { return !each.failed.empty(); });
    row.insert(row.end() - 1,
               live.sections.empty()   ? "-"
               : failed && !live.known ? "failed"
               : live.known
                   ? counted(static_cast<std::uint64_t>(std::max<std::int64_t>(live.pulses, 0)),
                             "pulse")
                   : "unknown");
  }
  return row;
}

}  // namespace spoor
