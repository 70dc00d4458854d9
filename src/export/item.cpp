#include "export/item.h"

#include <algorithm>

namespace spoor {
namespace {

void add(std::vector<std::string>& words, const std::string& word) {
  if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
    words.push_back(word);
}
void add(std::vector<std::string>& words, const std::vector<std::string>& more) {
  for (const std::string& word : more) add(words, word);
}

std::optional<Time> end_of(const ClaimView& claim) {
  if (claim.ended && claim.expiration) return std::min(*claim.ended, *claim.expiration);
  return claim.ended ? claim.ended : claim.expiration;
}

}  // namespace

Tlp tlp_of(const ClaimView& claim) {
  if (claim.facts.tlp) return *claim.facts.tlp;
  return claim.tlp.value_or(Tlp::kAmber);
}

ExportItem make_item(std::vector<ClaimView> claims, Time now) {
  ExportItem item;
  item.observable = claims.front().observable;
  item.tlp = Tlp::kClear;
  item.ended = true;
  bool all_end = true;
  for (const ClaimView& claim : claims) {
    // What the pulse says is in the item too: the stricter of both.
    item.tlp = std::max(item.tlp, tlp_of(claim));
    if (claim.tlp) item.tlp = std::max(item.tlp, *claim.tlp);
    if (claim.facts.pap) item.pap = std::max(item.pap.value_or(Pap::kClear), *claim.facts.pap);
    if (claim.facts.confidence) {
      item.confidence =
          std::max(item.confidence.value_or(std::uint8_t{0}), *claim.facts.confidence);
    }
    if (claim.created && (!item.first || *claim.created < *item.first))
      item.first = claim.created;
    for (const auto& said : {claim.facts.last_said, claim.created}) {
      if (said && (!item.last || *said > *item.last)) item.last = said;
    }
    const auto end = end_of(claim);
    all_end = all_end && end.has_value();
    if (end && (!item.valid_until || *end > *item.valid_until)) item.valid_until = end;
    item.ended = item.ended && (!claim.active || (end && *end <= now));
    if (item.description.empty())
      item.description = claim.description.empty() ? claim.title : claim.description;
    if (item.content.empty()) item.content = claim.content;
    add(item.feeds, claim.feed);
    add(item.roles, claim.role);
    add(item.tags, claim.tags);
    add(item.malware, claim.malware_families);
    add(item.malware, claim.facts.malware);
    add(item.attack_ids, claim.attack_ids);
    add(item.attack_ids, claim.facts.attack_ids);
    add(item.adversaries, claim.adversary);
    add(item.adversaries, claim.facts.adversary);
    add(item.pulses, claim.pulse_name);
  }
  if (!all_end) item.valid_until.reset();
  item.claims = std::move(claims);
  return item;
}

}  // namespace spoor
