#include "cases/pulse_drafts.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"
#include "cases/markdown.h"

namespace spoor {
namespace {

constexpr std::size_t kMostPulseText = 20'000;
constexpr std::size_t kMostListed = 50;

/// Paragraphs stay paragraphs; nothing else of the text's structure is taken over.
std::string paragraphs(std::string_view text) {
  std::string out;
  text = text.substr(0, kMostPulseText);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
      line.remove_prefix(1);
    out += markdown_text(line) + "\n";
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

void list_line(std::string& text, std::string_view name, const std::vector<std::string>& all) {
  if (all.empty()) return;
  text += "- " + std::string(name) + ": ";
  for (std::size_t i = 0; i < all.size() && i < kMostListed; ++i)
    text += (i == 0 ? "" : ", ") + markdown_text(all[i]);
  text += "\n";
}

DraftObservable observable_of(const ClaimView& claim, const SightedTimes& sighted, Tlp tlp) {
  DraftObservable each;
  each.observable = claim.observable;
  if (!claim.role.empty()) each.tags.push_back("role:" + claim.role);
  if (!claim.active) each.tags.emplace_back("ended");
  each.tags = clean_tags(std::move(each.tags));
  each.tlp = tlp;
  if (const auto seen = sighted.find(claim.observable); seen != sighted.end()) {
    each.sighted = true;
    each.sighted_at = seen->second;
  }
  return each;
}

void finish(CaseDraft& draft, const DraftOptions& options) {
  draft.case_template = options.case_template;
  draft.merge_into = options.merge_into;
  draft.tasks = options.tasks;
  draft.custom_fields = options.custom_fields;
}

}  // namespace

CaseDraft pulse_draft(const Pulse& pulse, const std::vector<ClaimView>& claims,
                      const SightedTimes& sighted, const DraftOptions& options) {
  CaseDraft draft;
  draft.as = options.as;
  draft.type = "otx-pulse";
  draft.source = cut_text(options.pulse_source, 32);
  draft.source_ref = reference_part(pulse.id, 128);
  draft.title = cut_text(terminal_safe(pulse.name.empty() ? pulse.id : pulse.name), 512);
  draft.pulse_id = pulse.id;
  draft.pulse_name = pulse.name;
  draft.date = pulse.created;
  draft.link = pulse_link(options, pulse.id);
  Handling handling;
  handling.take(pulse.tlp, pulse.tags);
  draft.tlp = handling.tlp.value_or(options.default_tlp);
  draft.pap = handling.pap.value_or(options.default_pap);

  std::vector<std::string> tags = options.tags;
  tags.insert(tags.end(), pulse.tags.begin(), pulse.tags.end());
  for (const std::string& family : pulse.malware_families) tags.push_back("malware:" + family);
  for (const std::string& technique : pulse.attack_ids) tags.push_back("attack:" + technique);
  if (!pulse.adversary.empty()) tags.push_back("adversary:" + pulse.adversary);
  draft.tags = clean_tags(std::move(tags));
  draft.techniques = pulse.attack_ids;

  std::vector<const ClaimView*> order;
  for (const ClaimView& claim : claims) order.push_back(&claim);
  const auto is_sighted = [&](const ClaimView* claim) {
    return sighted.count(claim->observable) > 0;
  };
  std::stable_sort(order.begin(), order.end(), [&](const ClaimView* a, const ClaimView* b) {
    if (is_sighted(a) != is_sighted(b)) return is_sighted(a);
    return b->created < a->created;  // nothing is older than any time
  });
  std::uint64_t seen = 0;
  for (const ClaimView* claim : order) {
    draft.observables.push_back(observable_of(*claim, sighted, draft.tlp));
    if (is_sighted(claim)) ++seen;
  }
  draft.sightings = seen;
  SeverityFacts facts;
  facts.sighted = seen > 0;
  facts.best_grade = seen > 0 ? Grade::kExact : Grade::kNone;
  facts.named =
      !pulse.adversary.empty() || !pulse.malware_families.empty() || !pulse.attack_ids.empty();
  facts.indicators = seen;
  draft.severity = severity_of(facts, options.severity, draft.severity_steps);

  std::string text = paragraphs(pulse.description);
  text += "\n#### The pulse\n\n- By: " + markdown_text(pulse.author) +
          "\n- Indicators: " + std::to_string(claims.size()) + ", of which " +
          std::to_string(seen) + " were seen here\n- TLP: " + std::string(name_of(draft.tlp)) +
          "\n";
  if (pulse.modified) text += "- Modified: " + format_iso8601(*pulse.modified) + "\n";
  if (!pulse.adversary.empty()) text += "- Adversary: " + markdown_text(pulse.adversary) + "\n";
  list_line(text, "Malware", pulse.malware_families);
  list_line(text, "ATT&CK", pulse.attack_ids);
  list_line(text, "Industries", pulse.industries);
  list_line(text, "Countries", pulse.targeted_countries);
  if (!draft.link.empty()) text += "- Link: " + markdown_link(draft.link) + "\n";
  for (std::size_t i = 0; i < pulse.references.size() && i < kMostListed; ++i)
    text += "- Reference: " + markdown_link(pulse.references[i]) + "\n";
  std::map<Observable, const ClaimView*> by_observable;
  for (const ClaimView& claim : claims) by_observable.emplace(claim.observable, &claim);
  apply_cap(draft, options, [&](LeftOut& left) {
    left.claims = {*by_observable.at(left.observable->observable)};
  });
  if (draft.left_out > 0) {
    text += "- Left out here: " + std::to_string(draft.left_out) + " indicators, in ";
    for (const DraftFile& file : draft.files)
      text += (&file == &draft.files.front() ? "" : " and ") + markdown_code(file.name);
    text += "\n";
  }
  draft.description = text + "\n" + severity_text(draft);
  finish(draft, options);
  return draft;
}

CaseDraft lookup_draft(const Observable& observable, const std::vector<ClaimView>& claims,
                       const SightedTimes& sighted, const DraftOptions& options) {
  CaseDraft draft;
  draft.as = options.as;
  draft.type = "spoor-lookup";
  draft.source = cut_text(options.source, 32);
  draft.source_ref =
      reference_part(std::string(name_of(observable.type)) + "=" + observable.value, 128);
  draft.title = cut_text(terminal_safe("OTX: " + observable.value), 512);
  Handling handling;
  std::vector<std::string> tags = options.tags;
  tags.insert(tags.end(), {"OTX", "Security"});
  DraftObservable each;
  each.observable = observable;
  SeverityFacts facts;
  std::set<std::string> lines, techniques;
  for (const ClaimView& claim : claims) {
    handling.take(claim.tlp, claim.tags);
    tags.insert(tags.end(), claim.tags.begin(), claim.tags.end());
    techniques.insert(claim.attack_ids.begin(), claim.attack_ids.end());
    facts.named = facts.named || !claim.adversary.empty() || !claim.malware_families.empty() ||
                  !claim.attack_ids.empty();
    std::string line = "claimed by " + markdown_code(claim.feed);
    if (!claim.pulse_id.empty())
      line += ", pulse **" + markdown_text(claim.pulse_name) + "** by " +
              markdown_text(claim.pulse_author);
    if (const std::string link = pulse_link(options, claim.pulse_id); !link.empty())
      line += ", " + markdown_link(link);
    if (claim.created) line += ", since " + format_iso8601(*claim.created);
    if (!claim.active) line += ", ended";
    if (lines.size() < kMostListed) lines.insert(std::move(line));
  }
  draft.tlp = handling.tlp.value_or(options.default_tlp);
  draft.pap = handling.pap.value_or(options.default_pap);
  draft.tags = clean_tags(std::move(tags));
  draft.techniques.assign(techniques.begin(), techniques.end());
  each.tlp = draft.tlp;
  const auto seen = sighted.find(observable);
  if (seen != sighted.end()) {
    each.sighted = true;
    each.sighted_at = seen->second;
    draft.date = seen->second;
    facts.sighted = true;
    facts.best_grade = Grade::kExact;
    facts.indicators = 1;
  }
  draft.severity = severity_of(facts, options.severity, draft.severity_steps);
  std::string text = "What the store knows of " + markdown_code(observable.value) + " (" +
                     markdown_text(name_of(observable.type)) + "):\n\n";
  if (lines.empty()) text += "- nothing\n";
  for (const std::string& line : lines) text += "- " + line + "\n";
  text += seen != sighted.end() ? "- it was seen in logs here\n"
                                : "- it was not seen in logs here\n";
  draft.description = text + "\n" + severity_text(draft);
  draft.observables.push_back(std::move(each));
  finish(draft, options);
  if (std::none_of(draft.custom_fields.begin(), draft.custom_fields.end(),
                   [](const auto& field) { return field.first == "source"; }))
    draft.custom_fields.emplace_back("source", "OTX");
  return draft;
}

}  // namespace spoor
