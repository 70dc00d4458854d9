#include "cases/severity.h"

#include <algorithm>

namespace spoor {
namespace {

using How = SeverityRule::How;
using Facts = SeverityFacts;

constexpr SeverityRule kRules[] = {
    {"intelligence", "intelligence that nothing here was seen of",
     [](const Facts& f) { return !f.sighted; }, How::kSet, 1},
    {"sighted", "an indicator was seen here", [](const Facts& f) { return f.sighted; },
     How::kSet, 2},
    {"named", "an adversary, a malware family or a technique is named",
     [](const Facts& f) { return f.named; }, How::kAdd, 1},
    {"several", "three or more different indicators were seen together",
     [](const Facts& f) { return f.indicators >= 3; }, How::kAdd, 1},
    {"ended", "every claim had ended before the events",
     [](const Facts& f) { return f.sighted && f.all_ended; }, How::kAdd, -1},
    {"mention", "no more than a mention",
     [](const Facts& f) { return f.sighted && f.best_grade <= Grade::kMention; }, How::kAtMost,
     2},
    {"critical_asset", "the asset is on the list of critical ones",
     [](const Facts& f) { return f.sighted && f.critical; }, How::kAtLeast, 4},
};

}  // namespace

std::span<const SeverityRule> severity_rules() {
  return kRules;
}

int severity_of(const SeverityFacts& facts, std::span<const SeverityChoice> choices,
                std::vector<SeverityStep>& steps) {
  int severity = 2;
  for (const SeverityRule& rule : kRules) {
    if (!rule.applies(facts)) continue;
    int value = rule.value;
    for (const SeverityChoice& choice : choices) {
      if (choice.name == rule.name) value = choice.value;
    }
    switch (rule.how) {
      case How::kSet:
        severity = value;
        break;
      case How::kAdd:
        severity += value;
        break;
      case How::kAtLeast:
        severity = std::max(severity, value);
        break;
      case How::kAtMost:
        severity = std::min(severity, value);
        break;
    }
    severity = std::clamp(severity, 1, 4);
    steps.push_back({std::string(rule.name), std::string(rule.words), severity});
  }
  return severity;
}

}  // namespace spoor
