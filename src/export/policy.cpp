#include "export/policy.h"

#include <algorithm>

#include "base/ascii.h"
#include "ioc/domain.h"

namespace spoor {
namespace {

std::string tlp_reason(Tlp tlp) {
  return "TLP:" + upper(name_of(tlp));
}

bool has_ended(const ClaimView& claim, Time now) {
  return !claim.active || (claim.ended && *claim.ended <= now) ||
         (claim.expiration && *claim.expiration <= now);
}

/// Why this claim stays; "" it may leave. In the order in which people want to know.
std::string stays(const ClaimView& claim, const ExportPolicy& policy) {
  if (!claim.quarantine.empty()) return "quarantined";
  if (const Tlp tlp = tlp_of(claim); tlp > policy.max_tlp) return tlp_reason(tlp);
  if (claim.facts.pap && *claim.facts.pap > policy.max_pap)
    return "PAP:" + upper(name_of(*claim.facts.pap));
  if (!policy.with_ended && has_ended(claim, policy.now)) return "ended";
  if (!policy.with_weak && !claim.facts.detect) return "weak: its source calls it context";
  return {};
}

void strip_pulse(ClaimView& claim) {
  claim.pulse_id.clear();
  claim.pulse_name.clear();
  claim.pulse_author.clear();
  claim.adversary.clear();
  claim.tags.clear();
  claim.malware_families.clear();
  claim.attack_ids.clear();
  claim.tlp.reset();
}

/// Which of the reasons of several claims is the indicator's: the one that is nearest to
/// leaving. What is confidential comes before what is merely old.
int weight(const std::string& reason) {
  if (reason == "quarantined") return 4;
  if (reason.rfind("TLP:", 0) == 0) return 3;
  if (reason.rfind("PAP:", 0) == 0) return 2;
  return reason == "ended" ? 1 : 0;
}

std::string list_text(const std::map<std::string, std::uint64_t>& counts) {
  // What a format cannot carry is one reason with the types it has them of: "no Intel type for
  // CVE" and "... for JA3" become "no Intel type 5 (CVE 3, JA3 2)".
  constexpr std::string_view kFor = " for ";
  struct Row {
    std::string reason, types;
    std::uint64_t count = 0;
  };
  std::vector<Row> rows;
  for (const auto& [reason, count] : counts) {
    const std::size_t cut = reason.find(kFor);
    const std::string head = reason.substr(0, cut);
    if (rows.empty() || rows.back().reason != head) rows.push_back({head, "", 0});
    rows.back().count += count;
    if (cut == std::string::npos) continue;
    rows.back().types += (rows.back().types.empty() ? "" : ", ") +
                         reason.substr(cut + kFor.size()) + " " + std::to_string(count);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return weight(a.reason) > weight(b.reason);
  });
  std::string text;
  for (const Row& row : rows) {
    text += (text.empty() ? "" : ", ") + row.reason + " " + std::to_string(row.count);
    if (!row.types.empty()) text += " (" + row.types + ")";
  }
  return text;
}

}  // namespace

std::uint64_t ExportSummary::left_out_total() const {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : left_out) total += count;
  return total;
}

std::string summary_text(const ExportSummary& summary) {
  std::string text;
  if (!summary.left_out.empty()) {
    text = std::to_string(summary.left_out_total()) + " of " +
           std::to_string(summary.considered) + " left out: " + list_text(summary.left_out);
  }
  if (!summary.claims_left_out.empty()) {
    text += (text.empty() ? "" : "; ") + std::string("what others said of those that left: ") +
            list_text(summary.claims_left_out);
  }
  return text;
}

std::string weak_reason(const Observable& observable) {
  const bool name =
      observable.type == IndicatorType::kDomain || observable.type == IndicatorType::kHostname;
  if (name && is_shared_host(observable.value)) return "weak: many share this host";
  if (name && is_public_suffix(observable.value)) return "weak: a public suffix";
  return {};
}

std::optional<ExportItem> admit(std::vector<ClaimView> claims, const ExportPolicy& policy,
                                ExportSummary& summary, std::string& reason) {
  reason.clear();
  std::vector<ClaimView> leave;
  std::vector<std::string> reasons;
  for (ClaimView& claim : claims) {
    std::string why = stays(claim, policy);
    if (!why.empty()) {
      reasons.push_back(std::move(why));
      continue;
    }
    if (claim.tlp && *claim.tlp > policy.max_tlp) strip_pulse(claim);
    leave.push_back(std::move(claim));
  }
  if (leave.empty()) {
    reason = *std::max_element(
        reasons.begin(), reasons.end(),
        [](const std::string& a, const std::string& b) { return weight(a) < weight(b); });
    return std::nullopt;
  }
  if (!policy.with_weak) {
    const Observable& observable = leave.front().observable;
    reason = weak_reason(observable);
    if (reason.empty() && policy.noise) reason = policy.noise(observable);
    if (!reason.empty()) return std::nullopt;
  }
  for (const std::string& why : reasons) ++summary.claims_left_out[why];
  return make_item(std::move(leave), policy.now);
}

}  // namespace spoor
